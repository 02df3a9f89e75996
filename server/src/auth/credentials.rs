//! Reads who sends a request: a bearer token, an account key, or the demo page's session.

use super::{principal::Principal, session::Sessions};
use crate::{config::Config, error::ApiError, hash};
use axum::http::{HeaderMap, Method, header};

/// Accepted in development mode.
const DEMO_TOKEN: &str = "demo-token";
/// Accepted in development mode.
const DEMO_KEY: &str = "demo-key";

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
    /// [`ApiError::Unauthenticated`], or [`ApiError::Forbidden`] when a session's cookie came along with a request that another site may
    /// have made.
    pub fn principal(&self, method: &Method, headers: &HeaderMap, now: u64) -> Result<Principal, ApiError> {
        if let Some(authorization) = headers.get(header::AUTHORIZATION) {
            return self.authorized(authorization.as_bytes()).ok_or(ApiError::Unauthenticated);
        }
        let session = self.sessions.as_ref().and_then(|sessions| sessions.of(headers, now)).ok_or(ApiError::Unauthenticated)?;
        if !method.is_safe() && !is_same_origin(headers) {
            return Err(ApiError::Forbidden("A session can be used only from the page that it was given to."));
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
