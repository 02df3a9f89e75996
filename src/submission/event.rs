//! Lists the events that the machine takes in, and the commands that it gives.

use super::{
    duplicate::{Duplicate, Fingerprint},
    state::State,
    stored_attempt::{RestoredAttempt, StoredAttempt},
};
use crate::api::message::{Outcome, Request, SentPayment};

/// One payment that the person means, checked, encoded and ready to leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// A fresh random id, minted after the check passed: 128 bits from the browser's `crypto`, as a UUID.
    pub key: String,
    /// The address to which it is sent.
    pub endpoint: String,
    /// The request.
    pub request: Request,
    /// The values that an answer is read against. Its `key` and `honours_keys` are filled in by the machine.
    pub sent: SentPayment,
    /// The hashes that recognise the same payment.
    pub fingerprint: Fingerprint,
    /// True when the person saw the duplicate notice and pressed the button that pays all the same. It has no effect on a payment without
    /// that notice.
    pub insists: bool,
}

/// An event of the person, the network or a timer. The machine ignores presses that the [`View`](super::View) does not allow.
#[derive(Clone, Debug)]
pub enum Event {
    /// The page was loaded and found an attempt in the store.
    ///
    /// The caller checks the stored endpoint first, and takes [`RestoredAttempt::without_body`] where it is not allowed. `sent` is read from the
    /// stored bytes; `None` where they cannot be read.
    Restored {
        /// The stored text.
        stored: RestoredAttempt,
        /// The values that an answer is read against.
        sent: Option<Box<SentPayment>>,
    },
    /// The person pressed Pay, and the check passed.
    Submit {
        /// The payment that they mean.
        intent: Box<Intent>,
        /// True when the browser believes to be online.
        online: bool,
    },
    /// The person pressed Pay and the check passed, but the browser has no random source for a key.
    NoRandomSource,
    /// The person or the page edited the payment.
    Edited,
    /// The person confirmed what they reviewed.
    Confirm {
        /// True when the browser believes to be online.
        online: bool,
    },
    /// The answer to [`Command::Lock`].
    Locked {
        /// True when this page has the lock now.
        granted: bool,
        /// The same payment, where it was sent lately: read while the lock is held.
        duplicate: Option<Duplicate>,
    },
    /// The answer to [`Command::Store`].
    Stored {
        /// True when the text is in the store.
        is_stored: bool,
    },
    /// A reply came to a send, a resolve call or a look-up (whose record is decoded as if it had come with status 200).
    Answered {
        /// The number of the request.
        number: u32,
        /// True when the reply carried the key of this attempt.
        echoed: bool,
        /// The meaning of the reply.
        outcome: Outcome,
    },
    /// No reply came: the connection failed, or the outcome is unclear.
    Failed {
        /// The number of the send, resolve call or look-up.
        number: u32,
    },
    /// The request provably never left: the host gave no credentials, for example.
    NotSent {
        /// The number of the send or resolve call.
        number: u32,
    },
    /// A look-up found no record, which is no proof that there is no payment.
    NotFound {
        /// The number of the look-up.
        number: u32,
    },
    /// A timer ran out.
    Elapsed {
        /// The number of the timer.
        number: u32,
    },
    /// The person wants the same bytes sent again, under the same key.
    Retry {
        /// True when the browser believes to be online.
        online: bool,
    },
    /// The person wants to cancel and edit: in review at once, with an unresolved key by the resolve call.
    Cancel,
    /// The person wants the host's look-up.
    Check,
    /// The person checked elsewhere, after the quiet time, and wants to be able to pay anew.
    Abandon,
    /// The page or the person resets the form.
    Reset,
}

/// One send: a request to be made now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Send {
    /// The number that matches the answer to the request.
    pub number: u32,
    /// The address.
    pub endpoint: String,
    /// The `Idempotency-Key` header, if one is sent.
    pub key: Option<String>,
    /// The request, with the same bytes as every send of the attempt.
    pub request: Request,
    /// The values that the answer is read against.
    pub sent: SentPayment,
}

/// A resolve call or a look-up to be made now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolve {
    /// The number that matches the answer to the request.
    pub number: u32,
    /// The attempt.
    pub key: String,
    /// The sent payment: the amount and reference to look for, and the values that the answer is read against.
    pub sent: SentPayment,
}

/// A command for the caller, to be executed in the order given, before anything else happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Take the lock of this scope if it is free, look for the fingerprint among the recent payments, answer with [`Event::Locked`].
    Lock {
        /// The fingerprint to look for; `None` where the person need not be asked.
        fingerprint: Option<Fingerprint>,
    },
    /// Release the lock.
    Unlock,
    /// Store this in place of what was stored, and answer with [`Event::Stored`]. The commands behind it do not wait for that answer.
    Store(Box<StoredAttempt>),
    /// Drop what is stored.
    Forget,
    /// Remember that this payment was sent now.
    RememberPayment(Fingerprint),
    /// Forget this payment again, because it does not exist.
    ForgetPayment(Fingerprint),
    /// Answer with [`Event::Elapsed`] after this time, independent of any request.
    Timer {
        /// The timer.
        number: u32,
        /// Milliseconds from now.
        ms: u64,
    },
    /// Send, and answer with [`Event::Answered`], [`Event::Failed`] or [`Event::NotSent`].
    Send(Box<Send>),
    /// Cancel this send, without a text reason. Its answer is no longer of interest.
    Abort {
        /// The number of the send.
        number: u32,
    },
    /// Make the resolve call, and answer as for a send.
    Resolve(Box<Resolve>),
    /// Ask the host's look-up, and answer with [`Event::Answered`], [`Event::NotFound`] or [`Event::Failed`].
    LookUp(Box<Resolve>),
    /// Add (`true`) or remove (`false`) the browser's question before the page is left.
    WarnBeforeUnload(bool),
    /// Tell the host that the machine entered another state.
    Entered(State),
}
