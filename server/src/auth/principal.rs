//! Says who sent a request, and what this principal may do.

use super::session::Session;
use payment_form::domain::invoice::CustomerId;

/// Somebody who may ask. Never holds the secret itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// A program with a bearer token; the start of the token's hash.
    Token(String),
    /// A program with the account's key; the start of the key's hash.
    Key(String),
    /// The demo page.
    Session(Session),
}

impl Principal {
    /// The name under which idempotency keys and the rate limit are kept. Signing in again keeps it.
    pub fn name(&self) -> String {
        match self {
            Self::Token(hash) => format!("token:{hash}"),
            Self::Key(hash) => format!("key:{hash}"),
            Self::Session(Session::Portal(customer)) => format!("portal:{customer}"),
            Self::Session(Session::Staff) => "staff".to_owned(),
            Self::Session(Session::Records(customer)) => format!("records:{customer}"),
        }
    }

    /// Whether the principal may see what this customer owes and paid.
    pub fn may_read(&self, customer: CustomerId) -> bool {
        match self {
            Self::Session(Session::Portal(own) | Session::Records(own)) => *own == customer,
            Self::Session(Session::Staff) | Self::Token(_) | Self::Key(_) => true,
        }
    }

    /// Whether the principal may pay on this customer's account.
    pub fn may_pay(&self, customer: CustomerId) -> bool {
        !matches!(self, Self::Session(Session::Records(_))) && self.may_read(customer)
    }

    /// Whether only stored methods and the portal's own source may be used.
    pub fn is_portal(&self) -> bool {
        matches!(self, Self::Session(Session::Portal(_)))
    }

    /// Whether MaiaScore's records may be read and written.
    pub fn may_keep_records(&self) -> bool {
        !matches!(self, Self::Session(Session::Portal(_) | Session::Staff))
    }

    /// The customer for whom a request acts: a session's own, else the one that the request names.
    pub fn acting_for(&self, named: Option<i64>) -> Option<i64> {
        match self {
            Self::Session(Session::Portal(own) | Session::Records(own)) => Some(own.number()),
            Self::Session(Session::Staff) | Self::Token(_) | Self::Key(_) => named,
        }
    }

    /// Whether the principal may learn of attempts of this customer; without a number, of every attempt.
    pub fn may_act_for(&self, customer: Option<i64>) -> bool {
        match customer {
            Some(number) => CustomerId::new(number).is_some_and(|customer| self.may_read(customer)),
            None => matches!(self, Self::Session(Session::Staff) | Self::Token(_) | Self::Key(_)),
        }
    }
}
