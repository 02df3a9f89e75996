//! The demo page's session: a signed cookie, given in development mode only.
//!
//! The cookie says what it is good for and until when, and is signed with a key that lives in the ledger: nothing has to be kept for a
//! session, and it survives a restart.

use crate::hash;
use axum::http::{HeaderMap, HeaderValue, header};
use payment_form::domain::invoice::CustomerId;

/// How long a session lasts.
const LIFETIME_SECONDS: u64 = 12 * 60 * 60;

/// Who sits before the demo page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Session {
    /// A customer in the portal: their own data, their stored methods.
    Portal(CustomerId),
    /// Somebody of the staff, for any customer.
    Staff,
    /// MaiaScore's records; of Fusebill's data only what this customer owes may be read.
    Records(CustomerId),
}

/// Signs and reads cookies.
#[derive(Clone, Debug)]
pub struct Sessions {
    /// Cookies know no ports: without it in the name, two servers of one machine would overwrite each other's sessions.
    name: String,
    key: Vec<u8>,
}

impl Sessions {
    /// For a server that listens on this port and signs with this key.
    pub fn new(port: u16, key: &[u8]) -> Self {
        Self { name: format!("payment-form-session-{port}"), key: key.to_owned() }
    }

    /// The `Set-Cookie` that opens a session.
    pub fn cookie(&self, session: Session, now: u64) -> Option<HeaderValue> {
        let (kind, customer) = match session {
            Session::Portal(customer) => ("portal", customer.number()),
            Session::Staff => ("staff", 0),
            Session::Records(customer) => ("records", customer.number()),
        };
        let content = format!("{kind}.{customer}.{}", now.saturating_add(LIFETIME_SECONDS));
        let signature = hash::hex(&hash::hmac(&self.key, content.as_bytes()));
        let cookie =
            format!("{}={content}.{signature}; Path=/; Max-Age={LIFETIME_SECONDS}; HttpOnly; SameSite=Strict", self.name);
        HeaderValue::from_str(&cookie).ok()
    }

    /// The session of a request, if its cookie is ours, unchanged and not too old.
    pub fn of(&self, headers: &HeaderMap, now: u64) -> Option<Session> {
        let cookies =
            headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
        let mut ours = cookies.filter_map(|cookie| cookie.trim().strip_prefix(self.name.as_str())?.strip_prefix('='));
        ours.find_map(|cookie| self.read(cookie, now))
    }

    fn read(&self, cookie: &str, now: u64) -> Option<Session> {
        let (content, signature) = cookie.rsplit_once('.')?;
        let expected = hash::hex(&hash::hmac(&self.key, content.as_bytes()));
        if !hash::same_secret(expected.as_bytes(), signature.as_bytes()) {
            return None;
        }
        let mut parts = content.split('.');
        let (kind, customer, expires) = (parts.next()?, parts.next()?, parts.next()?.parse::<u64>().ok()?);
        if expires <= now {
            return None;
        }
        match kind {
            "portal" => CustomerId::parse(customer).map(Session::Portal),
            "staff" => Some(Session::Staff),
            "records" => CustomerId::parse(customer).map(Session::Records),
            _ => None,
        }
    }
}
