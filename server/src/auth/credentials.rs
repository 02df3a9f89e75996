//! Reads who sends a request: a bearer token, an account key, or the demo page's session.

use super::{principal::Principal, session::Sessions, token::Tokens};
use crate::{error::ApiError, hash};
use axum::http::{HeaderMap, Method, header};

/// Accepted in development mode.
const DEMO_TOKEN: &str = "demo-token";
/// Accepted in development mode.
const DEMO_KEY: &str = "demo-key";

/// The credentials that the server accepts.
#[derive(Debug)]
pub struct Credentials {
    secrets: Secrets,
    sessions: Option<Sessions>,
    allowed_origins: Vec<String>,
    signed: Option<Tokens>,
}

/// The secrets that programs send.
#[derive(Clone, Debug)]
pub struct Secrets {
    /// Bearer tokens.
    pub tokens: Vec<String>,
    /// Basic keys.
    pub keys: Vec<String>,
}

impl Secrets {
    /// Those of development mode, which everybody knows.
    pub fn of_demo() -> Self {
        Self { tokens: vec![DEMO_TOKEN.to_owned()], keys: vec![DEMO_KEY.to_owned()] }
    }
}

impl Credentials {
    /// Accepts these. `allowed_origins` are those of pages that may send a Basic key.
    pub fn new(secrets: Secrets, sessions: Option<Sessions>, allowed_origins: Vec<String>, signed: Option<Tokens>) -> Self {
        Self { secrets, sessions, allowed_origins, signed }
    }

    /// The demo's sessions; `None` when credentials were configured.
    pub fn sessions(&self) -> Option<&Sessions> {
        self.sessions.as_ref()
    }

    /// True where a request holds something that is meant as a credential of this server. A page's other cookies are none.
    pub fn are_in(&self, headers: &HeaderMap) -> bool {
        headers.contains_key(header::AUTHORIZATION)
            || (self.signed.is_some() && Tokens::is_in(headers))
            || self.sessions.as_ref().is_some_and(|sessions| sessions.is_in(headers))
    }

    /// The sender of these headers.
    ///
    /// # Errors
    /// [`ApiError::Unauthenticated`], or [`ApiError::Forbidden`] when a session's cookie came along with a request that another site may
    /// have made.
    pub fn principal(&self, method: &Method, headers: &HeaderMap, now: u64) -> Result<Principal, ApiError> {
        if let Some(authorization) = headers.get(header::AUTHORIZATION) {
            let principal = self.authorized(authorization.as_bytes()).ok_or(ApiError::Unauthenticated)?;
            // A browser adds a Basic key that it once asked for to the requests of every page.
            if matches!(principal, Principal::Key(_)) && !method.is_safe() && self.is_foreign(headers) {
                return Err(ApiError::Forbidden("A browser may send a Basic key only from this server's own pages."));
            }
            return Ok(principal);
        }
        let user = self.signed.as_ref().and_then(|signed| signed.user_of_cookie(headers)).map(Principal::User);
        let session = || self.sessions.as_ref()?.of(headers, now).map(Principal::Session);
        let principal = user.or_else(session).ok_or(ApiError::Unauthenticated)?;
        if !method.is_safe() && !is_same_origin(headers) {
            return Err(ApiError::Forbidden("A session can be used only from the page that it was given to."));
        }
        Ok(principal)
    }

    /// True where a browser sends the request for a page of a foreign origin.
    fn is_foreign(&self, headers: &HeaderMap) -> bool {
        let is_from_browser = headers.contains_key("sec-fetch-site") || headers.contains_key(header::ORIGIN);
        let is_allowed = headers
            .get(header::ORIGIN)
            .is_some_and(|origin| self.allowed_origins.iter().any(|allowed| origin == allowed.as_str()));
        is_from_browser && !is_allowed && !is_same_origin(headers)
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
        let is_bearer = scheme.eq_ignore_ascii_case(b"Bearer");
        let user = || self.signed.as_ref()?.user(std::str::from_utf8(secret).ok()?).map(Principal::User);
        if is_bearer && let Some(user) = user() {
            Some(user)
        } else if is_bearer && known(&self.secrets.tokens) {
            Some(Principal::Token(name()))
        } else if scheme.eq_ignore_ascii_case(b"Basic") && known(&self.secrets.keys) {
            Some(Principal::Key(name()))
        } else {
            None
        }
    }
}

/// True where a browser says that the request comes from a page of this very server.
pub fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin";
    }
    let origin = text(header::ORIGIN).and_then(|origin| origin.split_once("://"));
    origin.is_some_and(|(_, host)| text(header::HOST) == Some(host))
}
