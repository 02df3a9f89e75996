//! Who asks: a bearer token, an account key, or the demo page's session.

use crate::{
    config::Config,
    hash,
    refusal::Refusal,
    session::{Session, Sessions},
};
use axum::http::{HeaderMap, Method, header};
use payment_form::domain::invoice::CustomerId;

/// Accepted in development mode.
const DEMO_TOKEN: &str = "demo-token";
/// Accepted in development mode.
const DEMO_KEY: &str = "demo-key";

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
}

/// What the server accepts.
#[derive(Clone, Debug)]
pub struct Credentials {
    tokens: Vec<String>,
    keys: Vec<String>,
    sessions: Option<Sessions>,
}

impl Credentials {
    /// As configured; in development mode the demo's own, and its sessions.
    pub fn new(config: &Config, sessions: Sessions) -> Self {
        if config.is_development() {
            Self { tokens: vec![DEMO_TOKEN.to_owned()], keys: vec![DEMO_KEY.to_owned()], sessions: Some(sessions) }
        } else {
            Self { tokens: config.tokens.clone(), keys: config.keys.clone(), sessions: None }
        }
    }

    /// The demo's sessions; `None` when credentials were configured.
    pub fn sessions(&self) -> Option<&Sessions> {
        self.sessions.as_ref()
    }

    /// Who sent these headers.
    ///
    /// # Errors
    /// [`Refusal::Unauthenticated`], or [`Refusal::Forbidden`] when a session's cookie came along with a request that another site may
    /// have made.
    pub fn principal(&self, method: &Method, headers: &HeaderMap, now: u64) -> Result<Principal, Refusal> {
        if let Some(authorization) = headers.get(header::AUTHORIZATION) {
            return self.authorized(authorization.as_bytes()).ok_or(Refusal::Unauthenticated);
        }
        let session = self.sessions.as_ref().and_then(|sessions| sessions.of(headers, now)).ok_or(Refusal::Unauthenticated)?;
        if !method.is_safe() && !is_same_origin(headers) {
            return Err(Refusal::Forbidden("A session can be used only from the page that it was given to."));
        }
        Ok(Principal::Session(session))
    }

    fn authorized(&self, value: &[u8]) -> Option<Principal> {
        let space = value.iter().position(|byte| *byte == b' ')?;
        let (scheme, secret) = value.split_at(space);
        let secret = secret.trim_ascii();
        let name = || hash::hex(hash::sha256(&[secret]).get(..8).unwrap_or_default());
        // Every known secret is compared, whatever the one before said.
        let known = |secrets: &[String]| {
            let mut found = false;
            for known in secrets {
                found |= hash::same_secret(known.as_bytes(), secret);
            }
            found
        };
        if scheme.eq_ignore_ascii_case(b"Bearer") && known(&self.tokens) {
            Some(Principal::Token(name()))
        } else if scheme.eq_ignore_ascii_case(b"Basic") && known(&self.keys) {
            Some(Principal::Key(name()))
        } else {
            None
        }
    }
}

/// Whether a browser says that the request comes from a page of this very server.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin";
    }
    let origin = text(header::ORIGIN).and_then(|origin| origin.split_once("://"));
    origin.is_some_and(|(_, host)| text(header::HOST) == Some(host))
}
