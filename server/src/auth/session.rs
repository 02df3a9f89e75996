//! Makes and reads the demo page's session: a signed cookie, given in development mode only.
//!
//! The cookie says what it is good for and until when, and is signed. So the server stores nothing for a session, and a session survives a
//! restart. The key of the signature has a file of its own, so a copy of the ledger signs nobody in.

use super::cookies;
use crate::hash;
use axum::http::{HeaderMap, HeaderValue};
use payment_form::domain::invoice::CustomerId;
use std::{
    fs::OpenOptions,
    io::{ErrorKind, Write},
    path::Path,
};

/// The lifetime of a session.
const LIFETIME_SECONDS: u64 = 12 * 60 * 60;

/// The kind of visitor of the demo page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Session {
    /// A customer in the portal: their own data, their stored methods.
    Portal(CustomerId),
    /// A member of the staff, for any customer.
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

/// Makes a key that only its owner can read.
fn make(file: &Path) -> std::io::Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    let text = hash::hex(&bytes);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?.write_all(text.as_bytes())?;
    Ok(text)
}

impl Sessions {
    /// For a server that listens on this port and signs with the key of this file, which is made when it is not there.
    ///
    /// # Errors
    /// One sentence when the file cannot be read or made, or holds no key.
    pub fn open(port: u16, file: &Path) -> Result<Self, String> {
        let fault = |words: &dyn std::fmt::Display| format!("The session key {} cannot be used: {words}.", file.display());
        let text = match std::fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => make(file).map_err(|error| fault(&error))?,
            Err(error) => return Err(fault(&error)),
        };
        let key = text.trim().as_bytes().to_vec();
        if key.len() < 32 {
            return Err(fault(&"it holds fewer than 32 characters"));
        }
        Ok(Self { name: format!("payment-form-session-{port}"), key })
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
        cookies::named(headers, &self.name).find_map(|cookie| self.read(cookie, now))
    }

    /// True where a request holds a session's cookie, good or not.
    pub fn is_in(&self, headers: &HeaderMap) -> bool {
        cookies::named(headers, &self.name).next().is_some()
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
