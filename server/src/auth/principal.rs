//! Says who sent a request, and what this principal may do.

use super::session::Session;
use payment_form::domain::invoice::CustomerId;
use serde::Deserialize;

/// The role of a person or program of the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A customer: own data, own stored methods.
    Portal,
    /// A member of the staff, for all customers or for those that the token names.
    Staff,
    /// A program of the portal.
    Service,
}

/// A person with a token of the portal's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The start of the subject's hash.
    pub name: String,
    /// The subject, as the portal names the person.
    pub subject: String,
    /// The role.
    pub role: Role,
    /// The only customers for whom the user may act; `None` is all.
    pub customers: Option<Vec<CustomerId>>,
    /// When the token ends, in seconds since 1970.
    pub expires: u64,
}

/// A caller who may ask. A principal never holds the secret itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// A program with a bearer token; the start of the token's hash.
    Token(String),
    /// A program with the account's key; the start of the key's hash.
    Key(String),
    /// A person with a token of the portal's own.
    User(User),
    /// The demo page.
    Session(Session),
}

impl Principal {
    /// The name by which requests are counted and records are signed. Signing in again keeps it.
    pub fn name(&self) -> String {
        match self {
            Self::Token(hash) => format!("token:{hash}"),
            Self::Key(hash) => format!("key:{hash}"),
            Self::User(user) => format!("user:{}", user.name),
            Self::Session(Session::Portal(customer)) => format!("portal:{customer}"),
            Self::Session(Session::Staff) => "staff".to_owned(),
            Self::Session(Session::Records(customer)) => format!("records:{customer}"),
        }
    }

    /// The name with which a member of the staff signs a settlement, for people who read it later.
    pub fn signature(&self) -> String {
        match self {
            Self::User(user) => user.subject.clone(),
            other => other.name(),
        }
    }

    /// True where the principal may see what this customer owes and paid.
    pub fn may_read(&self, customer: CustomerId) -> bool {
        match self {
            Self::Session(Session::Portal(own) | Session::Records(own)) => *own == customer,
            Self::User(User { customers: Some(customers), .. }) => customers.contains(&customer),
            Self::Session(Session::Staff) | Self::User(User { customers: None, .. }) | Self::Token(_) | Self::Key(_) => true,
        }
    }

    /// True where the principal may pay on this customer's account.
    pub fn may_pay(&self, customer: CustomerId) -> bool {
        !matches!(self, Self::Session(Session::Records(_))) && self.may_read(customer)
    }

    /// True where only stored methods and the portal's own source may be used.
    pub fn is_portal(&self) -> bool {
        matches!(self, Self::Session(Session::Portal(_)) | Self::User(User { role: Role::Portal, .. }))
    }

    /// True where MaiaScore's records may be read and written. The records name no customer, so a principal limited to some customers may not.
    pub fn may_keep_records(&self) -> bool {
        match self {
            Self::Session(Session::Portal(_) | Session::Staff) => false,
            Self::Session(Session::Records(_)) | Self::Token(_) | Self::Key(_) => true,
            Self::User(user) => user.customers.is_none(),
        }
    }

    /// The customer for whom a request acts: a portal customer's own, else the one that the request names.
    pub fn acting_for(&self, named: Option<i64>) -> Option<i64> {
        match self {
            Self::Session(Session::Portal(own) | Session::Records(own)) => Some(own.number()),
            Self::User(User { role: Role::Portal, customers: Some(customers), .. }) => customers.first().map(|own| own.number()),
            Self::Session(Session::Staff) | Self::User(_) | Self::Token(_) | Self::Key(_) => named,
        }
    }

    /// True where the principal may learn of attempts of this customer; without a number, of every attempt.
    pub fn may_act_for(&self, customer: Option<i64>) -> bool {
        match customer {
            Some(number) => CustomerId::new(number).is_some_and(|customer| self.may_read(customer)),
            None => match self {
                Self::Session(session) => *session == Session::Staff,
                Self::User(user) => user.customers.is_none(),
                Self::Token(_) | Self::Key(_) => true,
            },
        }
    }
}
