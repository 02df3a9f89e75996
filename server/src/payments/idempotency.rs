//! Whether a request with an `Idempotency-Key` runs, or is answered from what is known of its key.
//!
//! Pure decisions over a small store, so that the server (over SQLite) and the simulator (in memory) run the same code. What they rest on:
//!
//! - Asking, validating, inserting and settling happen in **one transaction**. A crash, or an unexpected error, leaves no trace of the key,
//!   and a retry then runs for real.
//! - The key is asked for **before** the payment is validated: otherwise a replay could turn a stored record into a refusal.
//! - **Refusals are stored** like records. A server that forgets its own "no" says yes to the copy of the request that comes late.
//! - A key belongs to a principal, who was authenticated before: nobody can learn of another's attempts by trying keys.
//!
//! What it does not do: speak HTTP, find the principal, or word a reply; those are the routes' affairs.

/// How long an outcome is kept, in seconds: 30 days. The form stops sending a key by one press a day earlier.
pub const LIFETIME: u64 = 30 * 24 * 60 * 60;

/// An `Idempotency-Key`: 16 to 64 letters, digits, hyphens and underscores.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

impl Key {
    /// Reads the value of the header, with or without the quotes that the draft standard asks for.
    pub fn parse(header: &str) -> Option<Self> {
        let text = header.trim();
        let bare = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
        let is_key =
            (16..=64).contains(&bare.len()) && bare.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        is_key.then(|| Self(bare.to_owned()))
    }

    /// The key, without quotes: what the reply echoes.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A reply that is kept under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body, byte for byte.
    pub body: String,
}

/// What the store knows of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// A request with this key is being worked on.
    InProgress {
        /// Of this payload.
        fingerprint: Vec<u8>,
    },
    /// A request with this key was decided.
    Settled {
        /// Of this payload.
        fingerprint: Vec<u8>,
        /// What was answered.
        answer: Answer,
        /// When, in seconds since 1970.
        at: u64,
    },
    /// The key was cancelled before any request with it was decided.
    Burnt {
        /// When, in seconds since 1970.
        at: u64,
    },
}

/// Where outcomes are kept. Every call of one request belongs to one transaction, which shuts other writers out.
pub trait Store {
    /// What the store says when it fails. Whoever sees it rolls back.
    type Error;

    /// What is known of this principal's key.
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn find(&mut self, principal: &str, key: &Key) -> Result<Option<Known>, Self::Error>;

    /// Keeps this in place of what was known.
    ///
    /// # Errors
    /// Where the store cannot be written.
    fn keep(&mut self, principal: &str, key: &Key, known: Known) -> Result<(), Self::Error>;
}

/// What to do with a payment that carries a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is new: validate, insert, [`settle`].
    Run,
    /// It was decided: reply this again, with `Idempotent-Replayed: true`.
    Replay(Answer),
    /// The key was used with another payload: 422.
    OtherPayload,
    /// The key was cancelled: 410.
    Burnt,
    /// The same request is being worked on: 409 with `Retry-After`.
    InProgress,
}

/// Decides on a payment that carries a key, before it is validated.
///
/// # Errors
/// What the store says.
pub fn decide<S: Store>(store: &mut S, principal: &str, key: &Key, fingerprint: &[u8], now: u64) -> Result<Decision, S::Error> {
    Ok(match find(store, principal, key, now)? {
        None => Decision::Run,
        Some(Known::Burnt { .. }) => Decision::Burnt,
        Some(Known::InProgress { fingerprint: known } | Known::Settled { fingerprint: known, .. }) if known != fingerprint => {
            Decision::OtherPayload
        }
        Some(Known::InProgress { .. }) => Decision::InProgress,
        Some(Known::Settled { answer, .. }) => Decision::Replay(answer),
    })
}

/// Keeps what was decided under the key, a refusal like a record, in the transaction that did it.
///
/// # Errors
/// What the store says; the payment must then be rolled back.
pub fn settle<S: Store>(
    store: &mut S,
    principal: &str,
    key: &Key,
    fingerprint: &[u8],
    answer: Answer,
    now: u64,
) -> Result<(), S::Error> {
    store.keep(principal, key, Known::Settled { fingerprint: fingerprint.to_vec(), answer, at: now })
}

/// What a resolve call finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// It was decided: reply this again, with `Idempotent-Replayed: true`.
    Replay(Answer),
    /// There is no payment, and from now on there will be none under this key: 410.
    Burnt,
    /// A request with this key is being worked on: 409 with `Retry-After`.
    InProgress,
}

/// Settles an attempt whose outcome its sender does not know: tells what was decided, or burns the key, so that a request which is still on
/// its way comes too late.
///
/// # Errors
/// What the store says.
pub fn resolve<S: Store>(store: &mut S, principal: &str, key: &Key, now: u64) -> Result<Resolution, S::Error> {
    Ok(match find(store, principal, key, now)? {
        Some(Known::Settled { answer, .. }) => Resolution::Replay(answer),
        Some(Known::InProgress { .. }) => Resolution::InProgress,
        Some(Known::Burnt { .. }) => Resolution::Burnt,
        None => {
            store.keep(principal, key, Known::Burnt { at: now })?;
            Resolution::Burnt
        }
    })
}

/// What is known and has not outlived its time.
fn find<S: Store>(store: &mut S, principal: &str, key: &Key, now: u64) -> Result<Option<Known>, S::Error> {
    let known = store.find(principal, key)?;
    Ok(known.filter(|known| match known {
        Known::InProgress { .. } => true,
        Known::Settled { at, .. } | Known::Burnt { at } => now.saturating_sub(*at) < LIFETIME,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::BTreeMap, convert::Infallible};

    #[derive(Default)]
    struct Memory(BTreeMap<(String, Key), Known>);

    impl Store for Memory {
        type Error = Infallible;

        fn find(&mut self, principal: &str, key: &Key) -> Result<Option<Known>, Infallible> {
            Ok(self.0.get(&(principal.to_owned(), key.clone())).cloned())
        }

        fn keep(&mut self, principal: &str, key: &Key, known: Known) -> Result<(), Infallible> {
            self.0.insert((principal.to_owned(), key.clone()), known);
            Ok(())
        }
    }

    const NOW: u64 = 1_790_000_000;

    fn key(text: &str) -> Key {
        Key::parse(text).unwrap()
    }

    fn attempt() -> Key {
        key("7d0c4a52-2a0b-4c7e-9c06-0f3a5d3f8f11")
    }

    fn record() -> Answer {
        Answer { status: 200, body: r#"{"id":1}"#.into() }
    }

    #[track_caller]
    fn check(known: Option<Known>, decision: &Decision, resolution: &Resolution) {
        let fill = || {
            let mut store = Memory::default();
            known.clone().into_iter().for_each(|known| store.keep("ann", &attempt(), known).unwrap());
            store
        };
        assert_eq!(&decide(&mut fill(), "ann", &attempt(), b"same", NOW).unwrap(), decision);
        assert_eq!(&resolve(&mut fill(), "ann", &attempt(), NOW).unwrap(), resolution);
        // Whatever Ann's key is, Bob's is his own.
        assert_eq!(decide(&mut fill(), "bob", &attempt(), b"same", NOW).unwrap(), Decision::Run);
    }

    #[test]
    fn what_is_known_decides() {
        let settled = |fingerprint: &[u8], at| Known::Settled { fingerprint: fingerprint.to_vec(), answer: record(), at };
        let replay = Resolution::Replay(record());
        check(None, &Decision::Run, &Resolution::Burnt);
        check(Some(settled(b"same", NOW)), &Decision::Replay(record()), &replay);
        check(Some(settled(b"other", NOW)), &Decision::OtherPayload, &replay);
        check(Some(settled(b"same", NOW - LIFETIME + 1)), &Decision::Replay(record()), &replay);
        check(Some(settled(b"same", NOW - LIFETIME)), &Decision::Run, &Resolution::Burnt);
        check(Some(settled(b"same", NOW + 90_000)), &Decision::Replay(record()), &replay);
        check(Some(Known::Burnt { at: NOW }), &Decision::Burnt, &Resolution::Burnt);
        check(Some(Known::Burnt { at: NOW - LIFETIME }), &Decision::Run, &Resolution::Burnt);
        check(Some(Known::InProgress { fingerprint: b"same".to_vec() }), &Decision::InProgress, &Resolution::InProgress);
        check(Some(Known::InProgress { fingerprint: b"other".to_vec() }), &Decision::OtherPayload, &Resolution::InProgress);
    }

    #[test]
    fn a_burnt_key_stays_burnt_and_a_settled_one_settled() {
        let mut store = Memory::default();
        assert_eq!(resolve(&mut store, "ann", &attempt(), NOW).unwrap(), Resolution::Burnt);
        assert_eq!(decide(&mut store, "ann", &attempt(), b"same", NOW + 1).unwrap(), Decision::Burnt);

        let refusal = Answer { status: 400, body: "{}".into() };
        let other = key("0123456789abcdef");
        settle(&mut store, "ann", &other, b"same", refusal.clone(), NOW).unwrap();
        assert_eq!(resolve(&mut store, "ann", &other, NOW).unwrap(), Resolution::Replay(refusal.clone()));
        assert_eq!(decide(&mut store, "ann", &other, b"same", NOW + 1).unwrap(), Decision::Replay(refusal));
    }

    #[test]
    fn a_key_is_read_with_and_without_quotes() {
        let long = "k".repeat(64);
        for (header, read) in [
            ("0123456789abcdef", Some("0123456789abcdef")),
            ("\"0123456789abcdef\"", Some("0123456789abcdef")),
            (" 0123456789ABC_-f ", Some("0123456789ABC_-f")),
            (long.as_str(), Some(long.as_str())),
            ("0123456789abcde", None),
            (&"k".repeat(65), None),
            ("\"0123456789abcdef", None),
            ("0123456789abcde f", None),
            ("0123456789abcdé", None),
            ("", None),
        ] {
            assert_eq!(Key::parse(header).as_ref().map(Key::as_str), read, "{header}");
        }
    }
}
