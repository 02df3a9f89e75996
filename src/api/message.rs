//! Defines requests and replies as plain values. No I/O happens here: `ui/platform/transport.rs` executes requests.

use crate::domain::{
    invoice::InvoiceId,
    problem::Problem,
    receipt::{Difference, ExpectedRecord, Receipt},
};

/// The encoding of a request body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// `application/json`.
    #[default]
    Json,
    /// `application/xml` (MaiaScore only).
    Xml,
    /// `application/x-www-form-urlencoded` (MaiaScore only).
    Form,
}

impl Encoding {
    /// The media type that names it in a header.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Xml => "application/xml",
            Self::Form => "application/x-www-form-urlencoded",
        }
    }
}

/// A payment as it is POSTed. It is written once per attempt, so that every send has the same bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The encoding of the body.
    pub encoding: Encoding,
    /// The body.
    pub body: String,
}

/// An answer of the server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status; 0 for an opaque redirect, which is never followed.
    pub status: u16,
    /// The `Idempotency-Key` that the server echoed.
    pub key: Option<String>,
    /// `Retry-After`, as sent: seconds or a timestamp.
    pub retry_after: Option<String>,
    /// `Date`, as sent. A timestamp in `Retry-After` is compared with it, never with the clock of this computer.
    pub date: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// The parts of a sent payment that its answer is read against. They can be read from the stored bytes again after a reload.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SentPayment {
    /// The record that should come back.
    pub expected: ExpectedRecord,
    /// The invoices of the allocation list in the order of the body: the server's error keys count in it.
    pub rows: Vec<InvoiceId>,
    /// The key that was sent, if any.
    pub key: Option<String>,
    /// True when the server is known to honour keys.
    pub honours_keys: bool,
    /// True when the payment is by card.
    pub pays_by_card: bool,
}

/// The meaning of an answer: the HTTP status decides, the body adds words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The payment exists.
    Recorded {
        /// The record.
        receipt: Box<Receipt>,
        /// Every difference from the sent payment.
        differences: Vec<Difference>,
    },
    /// The server decided that there is no payment.
    Rejected {
        /// The HTTP status.
        status: u16,
        /// The problems, each at its field or row where the server's key tells it.
        problems: Vec<Problem>,
    },
    /// Refused before the payment logic; the same bytes may be sent again.
    Held {
        /// The HTTP status.
        status: u16,
        /// Seconds to wait, where the server says so.
        retry_after: Option<u32>,
        /// The server's own words.
        words: Vec<Problem>,
    },
    /// The server is still busy with an earlier send of the same key. The same bytes may be sent again in a moment, with the same key.
    InProgress {
        /// Seconds to wait, where the server says so.
        retry_after: Option<u32>,
        /// The server's own words.
        words: Vec<Problem>,
    },
    /// The payment may or may not exist.
    Unknown {
        /// The HTTP status, if there was an answer at all.
        status: Option<u16>,
        /// A record that came back, but may belong to another payment.
        receipt: Option<Box<Receipt>>,
        /// The server's own words.
        words: Vec<Problem>,
        /// True when the server says that it knows the key from another payload. Where it honours keys, sending again cannot help.
        is_other_payload: bool,
    },
}
