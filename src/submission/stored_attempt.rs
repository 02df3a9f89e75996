//! An unresolved attempt as it is stored, so that it survives a reload.

use crate::api::message::{Encoding, Request};

/// The first line of a stored attempt. Another version may mean other things by the same words.
const FIRST_LINE: &str = "payment-form 1";

/// How far an attempt's key protects it from being paid twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Protection {
    /// No key is sent.
    None,
    /// A key is sent, but the server has not shown that it honours keys.
    #[default]
    Unproven,
    /// The server honours keys: it echoed one, or the host vouches for it.
    Honoured,
}

/// All that is needed to send an attempt again after a reload: stored before the first request leaves, gone when the attempt is resolved.
///
/// It holds the body, and so ids, amounts and the reference: a documented decision, which `persist="none"` switches off. It never holds a
/// token. The state is not in it: whatever it was, after a reload (or in the copy that a duplicated tab gets) the outcome is unknown.
///
/// The text is a few `name: value` lines, an empty line and the body as it is: nothing in the body can be mistaken for a line, and reading it
/// needs no parser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAttempt {
    /// The attempt's id, sent as the idempotency key.
    pub key: String,
    /// Where it is sent. Untrusted when it comes from the store: it must pass the same origin rule as the attribute.
    pub endpoint: String,
    /// The request.
    pub request: Request,
    /// How many sends there were, the one about to leave included.
    pub sends: u32,
    /// When the key was first used, in milliseconds since 1970.
    pub started: u64,
    /// When it was last sent.
    pub sent: u64,
    /// How far the key protects.
    pub protection: Protection,
}

impl StoredAttempt {
    /// The text to store.
    pub fn text(&self) -> String {
        let encoding = match self.request.encoding {
            Encoding::Json => "json",
            Encoding::Xml => "xml",
            Encoding::Form => "form",
        };
        let protection = match self.protection {
            Protection::None => "none",
            Protection::Unproven => "unproven",
            Protection::Honoured => "honoured",
        };
        // The URL parser drops line breaks as well, so this is still the same address.
        let endpoint: String = self.endpoint.chars().filter(|c| !c.is_control()).collect();
        let body = &self.request.body;
        // First stands what has to survive a cut: without its start an attempt cannot be settled.
        format!(
            "{FIRST_LINE}\nstarted: {}\nkey: {}\nendpoint: {endpoint}\nencoding: {encoding}\nsends: {}\nsent: {}\n\
             protection: {protection}\nlength: {}\n\n{body}",
            self.started,
            self.key,
            self.sends,
            self.sent,
            body.len(),
        )
    }
}

/// A stored text, as far as it can be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    /// An attempt that can be sent again.
    Whole(StoredAttempt),
    /// Only the key can be trusted. There may be a payment, so the form must not start another as if there were none.
    Key {
        /// The attempt's id.
        key: String,
        /// When it was first used, where that is still there: the server's word about a key counts only as long as it keeps keys.
        started: Option<u64>,
    },
}

impl Stored {
    /// Reads what was stored: untrusted text, which another version or another script may have written. `None` where it names no attempt.
    ///
    /// ```
    /// use payment_form::submission::Stored;
    /// assert_eq!(Stored::read("[object Object]"), None);
    /// let cut = "payment-form 1\nstarted: 1790000000000\nkey: 7d0c4a52-2a0b-4c7e-9c06-0f3a5d3f8f11\nendpo";
    /// let key = "7d0c4a52-2a0b-4c7e-9c06-0f3a5d3f8f11".to_owned();
    /// assert_eq!(Stored::read(cut), Some(Stored::Key { key, started: Some(1_790_000_000_000) }));
    /// ```
    pub fn read(text: &str) -> Option<Self> {
        let empty_line = text.as_bytes().windows(2).position(|pair| pair == b"\n\n");
        let (head, rest) = empty_line.and_then(|place| text.split_at_checked(place)).unwrap_or((text, ""));
        let body = rest.get(2..).unwrap_or_default();
        let field = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        let key = field("key").filter(|key| is_key(key))?.to_owned();
        let whole = || {
            let encoding = match field("encoding")? {
                "json" => Encoding::Json,
                "xml" => Encoding::Xml,
                "form" => Encoding::Form,
                _ => return None,
            };
            let protection = match field("protection")? {
                "none" => Protection::None,
                "unproven" => Protection::Unproven,
                "honoured" => Protection::Honoured,
                _ => return None,
            };
            let is_complete = head.lines().next() == Some(FIRST_LINE) && field("length")?.parse() == Ok(body.len());
            is_complete.then_some(StoredAttempt {
                key: key.clone(),
                endpoint: field("endpoint")?.to_owned(),
                request: Request { encoding, body: body.to_owned() },
                sends: field("sends")?.parse().ok()?,
                started: field("started")?.parse().ok()?,
                sent: field("sent")?.parse().ok()?,
                protection,
            })
        };
        let started = field("started").and_then(|text| text.parse().ok());
        Some(whole().map_or(Self::Key { key: key.clone(), started }, Self::Whole))
    }

    /// The attempt's id.
    pub fn key(&self) -> &str {
        match self {
            Self::Whole(pending) => &pending.key,
            Self::Key { key, .. } => key,
        }
    }

    /// When the attempt was first used, where that is known.
    pub fn started(&self) -> Option<u64> {
        match self {
            Self::Whole(pending) => Some(pending.started),
            Self::Key { started, .. } => *started,
        }
    }

    /// Only its key: for a record whose endpoint is not allowed any more.
    pub fn without_body(self) -> Self {
        Self::Key { started: self.started(), key: self.key().to_owned() }
    }
}

/// Tells whether a text can be a key: it will stand in a header, so no other text may pass.
fn is_key(text: &str) -> bool {
    (16..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
