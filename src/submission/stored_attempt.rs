//! Writes and reads an unresolved attempt, so that it survives a reload.

use crate::api::message::{Encoding, Request};

/// The first line of a stored attempt. A text of another version is not read, because its fields may have other meanings.
const FIRST_LINE: &str = "payment-form 1";

/// The protection that an attempt's key gives against paying twice.
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

/// The data to send an attempt again after a reload. It is stored before the first request leaves, and dropped when the attempt is
/// resolved.
///
/// It holds the body, and so ids, amounts and the reference; `docs/storage.md` tells hosts so, and `persist="none"` switches it off. It
/// never holds a token. It has no state, because after a reload, or in a duplicated tab, the outcome is always unknown.
///
/// The text is a few `name: value` lines, an empty line and the unchanged body. So no text in the body can look like a line, and reading
/// needs no parser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAttempt {
    /// The attempt's id, sent as the idempotency key.
    pub key: String,
    /// The address of its requests. An address from the store is untrusted: it must pass the same origin rule as the attribute.
    pub endpoint: String,
    /// The request.
    pub request: Request,
    /// The number of sends, including the one that is about to leave.
    pub sends: u32,
    /// The time of the key's first use, in milliseconds since 1970.
    pub started: u64,
    /// The time of the last send.
    pub sent: u64,
    /// The protection by the key.
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
        // A line break in the address would end its line. Without control characters the address stays the same, because the URL
        // parser drops them, too.
        let endpoint: String = self.endpoint.chars().filter(|c| !c.is_control()).collect();
        let body = &self.request.body;
        // The start time is among the first lines, so that it survives a cut text: without it an attempt cannot be settled.
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

/// The trusted part of a stored text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RestoredAttempt {
    /// An attempt that can be sent again.
    Whole(StoredAttempt),
    /// Only the key can be trusted. The payment may exist, so the form must not start another without a warning.
    Key {
        /// The attempt's id.
        key: String,
        /// The time of its first use, if known. The server's answer about a key counts only while the server keeps it.
        started: Option<u64>,
    },
}

impl RestoredAttempt {
    /// Reads a stored text. It is untrusted, because another version or another script may have written it. `None` where it names no
    /// attempt.
    ///
    /// ```
    /// use payment_form::submission::RestoredAttempt;
    /// assert_eq!(RestoredAttempt::read("[object Object]"), None);
    /// let cut = "payment-form 1\nstarted: 1790000000000\nkey: 7d0c4a52-2a0b-4c7e-9c06-0f3a5d3f8f11\nendpo";
    /// let key = "7d0c4a52-2a0b-4c7e-9c06-0f3a5d3f8f11".to_owned();
    /// assert_eq!(RestoredAttempt::read(cut), Some(RestoredAttempt::Key { key, started: Some(1_790_000_000_000) }));
    /// ```
    pub fn read(text: &str) -> Option<Self> {
        let empty_line = text.as_bytes().windows(2).position(|pair| pair == b"\n\n");
        let (head, rest) = empty_line.and_then(|index| text.split_at_checked(index)).unwrap_or((text, ""));
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
            Self::Whole(attempt) => &attempt.key,
            Self::Key { key, .. } => key,
        }
    }

    /// The time of the attempt's first use, if known.
    pub fn started(&self) -> Option<u64> {
        match self {
            Self::Whole(attempt) => Some(attempt.started),
            Self::Key { started, .. } => *started,
        }
    }

    /// Keeps only the key and the time of its first use, for an attempt whose endpoint is not allowed any more.
    pub fn without_body(self) -> Self {
        Self::Key { started: self.started(), key: self.key().to_owned() }
    }
}

/// Tells whether a text can be a key. Other texts are refused, because the key is written into a header.
fn is_key(text: &str) -> bool {
    (16..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
