//! Refuses requests before any payment logic, and answers after unexpected errors.

use crate::{
    ledger::sql::LedgerError,
    response::{Answer, Contract, FieldError, MAIASCORE_SERVER_ERROR, json},
};
use axum::{
    http::{HeaderValue, header},
    response::Response,
};

/// The reason for a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApiError {
    /// No credentials, or none that are known.
    Unauthenticated,
    /// Known, but not allowed to do this; in words.
    Forbidden(&'static str),
    /// No such path or record.
    NotFound,
    /// No such method here.
    MethodNotAllowed,
    /// More than [`BODY_MAX`](crate::body::BODY_MAX) bytes.
    TooLarge,
    /// A body type that the route does not document.
    UnsupportedType(&'static str),
    /// Too many requests; seconds to wait.
    TooMany(u64),
    /// The request itself is wrong: a name from the request, and why.
    Malformed(String, String),
    /// Too early for this; in words, with the seconds to wait.
    Early(&'static str, u64),
    /// The ledger is locked, full or read-only, or the body did not come in time: nothing was done.
    Unavailable,
    /// The same, for a request with a key: an earlier request with the key may have paid.
    KeyUnavailable,
    /// The vendor behind this server cannot be reached, or gives no answer that can be read: nothing was done.
    VendorAway,
    /// The vendor turned this server away with this status before it looked at the payment: nothing was paid.
    PaymentTurnedAway(u16),
    /// The vendor turned this server away with this status when it was asked for something.
    ReadTurnedAway(u16),
    /// Anything unexpected: nothing is told.
    Internal,
}

impl ApiError {
    /// The error of a request that is itself wrong: a name from the request, and why.
    pub fn malformed(name: &str, words: impl Into<String>) -> Self {
        Self::Malformed(name.to_owned(), words.into())
    }

    fn status(&self) -> u16 {
        match self {
            Self::Unauthenticated => 401,
            Self::Forbidden(_) => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::TooLarge => 413,
            Self::UnsupportedType(_) => 415,
            Self::TooMany(_) => 429,
            Self::Malformed(..) => 400,
            Self::Early(..) => 409,
            Self::PaymentTurnedAway(413) => 413,
            // The vendor's own 401 or 403 would ask the payer to sign in, and a 5xx would leave the outcome open.
            Self::PaymentTurnedAway(_) => 404,
            Self::Unavailable | Self::KeyUnavailable | Self::VendorAway | Self::ReadTurnedAway(_) => 503,
            Self::Internal => 500,
        }
    }

    fn words(&self) -> FieldError {
        let words = match self {
            Self::Unauthenticated => "Please sign in: the credentials are missing or not known.",
            Self::Forbidden(words) | Self::Early(words, _) => words,
            Self::NotFound => "There is nothing at this address.",
            Self::MethodNotAllowed => "This method is not available at this address.",
            Self::TooLarge => "The request is larger than 2 MiB.",
            Self::UnsupportedType(wanted) => wanted,
            Self::TooMany(_) => "Too many requests. This request did nothing; please wait.",
            Self::Malformed(key, value) => return FieldError::new(key, value),
            Self::Unavailable => "The ledger cannot be used just now. This request did nothing.",
            Self::KeyUnavailable => {
                "The ledger cannot be used just now. This request did nothing; an earlier one with the same key may have paid."
            }
            Self::VendorAway => "The payment service cannot be reached just now. This request did nothing.",
            Self::PaymentTurnedAway(status) => {
                return FieldError::new("Api Error", format!("{} Nothing was paid.", vendor_refusal_text(*status)));
            }
            Self::ReadTurnedAway(status) => vendor_refusal_text(*status),
            Self::Internal => "Something unexpected happened.",
        };
        FieldError::new("Api Error", words)
    }

    /// The refusal in the shape of the contract.
    pub fn response(&self, contract: Contract) -> Response {
        let mut response = match (contract, self) {
            // The document knows no 401: missing credentials are its 403, and its bodies say 500 whatever the status.
            (Contract::MaiaScore, Self::Unauthenticated | Self::Forbidden(_)) => json(403, MAIASCORE_SERVER_ERROR),
            (Contract::MaiaScore, Self::NotFound) => json(404, MAIASCORE_SERVER_ERROR),
            (Contract::MaiaScore, Self::Internal) => json(500, MAIASCORE_SERVER_ERROR),
            _ => Answer::refused(contract, self.status(), &[self.words()]).response(),
        };
        let headers = response.headers_mut();
        match self {
            // No Basic: a browser would ask the person for the account's key, keep it, and add it to the requests of other pages.
            Self::Unauthenticated if contract == Contract::Fusebill => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"payments\""));
            }
            Self::TooMany(seconds) | Self::Early(_, seconds) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
            }
            Self::Unavailable | Self::KeyUnavailable | Self::VendorAway => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            _ => {}
        }
        response
    }
}

/// The reason for which the vendor turns this server away, as its status tells it.
fn vendor_refusal_text(status: u16) -> &'static str {
    match status {
        401 => "The payment service does not accept this server's credentials.",
        403 => "The payment service does not allow this server to do this.",
        404 | 405 => "The payment service knows nothing at the address that this server uses.",
        413 => "The payment service takes no request of this size.",
        _ => "The payment service takes no request of this server.",
    }
}

impl From<LedgerError> for ApiError {
    fn from(error: LedgerError) -> Self {
        // The log gets the reason; the caller does not.
        match error {
            LedgerError::Unavailable(words) => {
                tracing::warn!(words, "the ledger is unavailable");
                Self::Unavailable
            }
            LedgerError::Moved => Self::Unavailable,
            LedgerError::Unclear(words) => {
                // The answer is not `Unavailable`, because that says that nothing was done.
                tracing::error!(words, "the answer to a commit is lost");
                Self::Internal
            }
            LedgerError::Unexpected(words) => {
                tracing::error!(words, "unexpected");
                Self::Internal
            }
        }
    }
}
