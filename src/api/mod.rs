//! Speaks the two payment APIs: encodes payments as requests, and decodes answers to outcomes. It opens no connection.
//!
//! [`Api`] is a closed enum on purpose: with a third API the compiler names every `match` that needs a change. It names neither the list in
//! [`Api::parse`] nor comparisons with a kind of payment.
#![deny(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unreachable,
    clippy::unwrap_used
)]

pub mod decimal;
mod error_body;
mod json;
pub mod message;
mod outcome;

pub mod fusebill;
pub mod lists;
pub mod maiascore;

use crate::domain::{
    payment::{Kind, Payment},
    receipt::{ExpectedRecord, Receipt},
};
use json::Json;
use message::{Encoding, Outcome, Request, Response, SentPayment};

/// The payment API that is spoken, which also decides the kind of payment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Api {
    /// Fusebill (now Stax Bill): payments on a customer's account.
    #[default]
    Fusebill,
    /// MaiaScore: records of due items.
    MaiaScore,
}

impl Api {
    /// The API of this name, as in the element's `api` attribute.
    ///
    /// ```
    /// use payment_form::api::Api;
    /// assert_eq!(Api::parse("maiascore"), Some(Api::MaiaScore));
    /// assert_eq!(Api::parse("Fusebill"), None);
    /// ```
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Fusebill, Self::MaiaScore].into_iter().find(|api| api.name() == name)
    }

    /// The name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fusebill => "fusebill",
            Self::MaiaScore => "maiascore",
        }
    }

    /// The API that takes payments of this kind.
    pub fn of(kind: Kind) -> Self {
        match kind {
            Kind::OnAccount => Self::Fusebill,
            Kind::DueItem => Self::MaiaScore,
        }
    }

    /// The kind of payment that it takes.
    pub fn kind(self) -> Kind {
        match self {
            Self::Fusebill => Kind::OnAccount,
            Self::MaiaScore => Kind::DueItem,
        }
    }

    /// The most decimals that its amounts may have, whatever the currency. MaiaScore names no limit.
    pub fn decimals_max(self) -> u32 {
        match self {
            Self::Fusebill => 2,
            Self::MaiaScore => u32::MAX,
        }
    }

    /// The path to which payments are POSTed where the host says nothing.
    pub fn endpoint(self) -> &'static str {
        match self {
            Self::Fusebill => "/v1/payments/",
            Self::MaiaScore => "/payments",
        }
    }

    /// Writes a payment as a request, with the values that its answer is compared with. The payment's kind decides the API. The encoding
    /// counts for MaiaScore only, because Fusebill takes JSON only.
    pub fn encode(payment: &Payment, encoding: Encoding) -> (Request, SentPayment) {
        let expected = ExpectedRecord::from(payment);
        let mut rows = Vec::new();
        let request = match payment {
            Payment::DueItem(item) => maiascore::encode(item, encoding),
            Payment::OnAccount(payment) if payment.server_divides().is_some() => fusebill::encode(payment, &[]),
            Payment::OnAccount(payment) => {
                let shares = expected.shares.as_deref().unwrap_or_default();
                rows.extend(shares.iter().map(|(invoice, _)| *invoice));
                fusebill::encode(payment, shares)
            }
        };
        let pays_by_card = matches!(payment, Payment::OnAccount(payment) if fusebill::pays_by_card(payment));
        (request, SentPayment { expected, rows, pays_by_card, ..SentPayment::default() })
    }

    /// Reads the sent payment back from the stored bytes of a request. `None` when they are no request of this API.
    ///
    /// The caller fills in the key and the server's support for it, because the body contains neither.
    pub fn sent(self, request: &Request) -> Option<SentPayment> {
        match self {
            Self::Fusebill => fusebill::sent(request),
            Self::MaiaScore => maiascore::sent(request),
        }
    }

    /// Decides the outcome of an answer to a payment or to a resolve call.
    pub fn decode(self, response: &Response, sent: &SentPayment) -> Outcome {
        let findings = Json::parse(&response.body).map(|body| match self {
            Self::Fusebill => fusebill::findings(body, sent),
            Self::MaiaScore => maiascore::findings(body),
        });
        outcome::classify(response, sent, findings.unwrap_or_default())
    }

    /// Reads a bare record, as a host's `lookup` returns it. `None` when it has no id or no amount.
    pub fn record(self, body: &[u8]) -> Option<Receipt> {
        let body = Json::parse(body)?;
        match self {
            Self::Fusebill => fusebill::record(body).map(|record| *record),
            Self::MaiaScore => maiascore::record(body).map(|record| *record),
        }
    }
}
