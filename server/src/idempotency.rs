//! Decides whether a request with an `Idempotency-Key` runs, or gets the answer that is stored under its key.
//!
//! Pure decisions over a small store, so that the server (over SQLite) and the simulator (in memory) run the same code. The decisions rely
//! on:
//!
//! - Asking, validating, inserting and settling happen in **one transaction**. A crash, or an unexpected error, leaves no trace of the key,
//!   and a retry then runs for real.
//! - The key is asked for **before** the payment is validated: otherwise a replay could turn a stored record into a refusal.
//! - **Refusals are stored** like records. A server that forgets its own "no" says yes to the copy of the request that comes late.
//! - A key belongs to a **tenant's books** and keeps its **customer**. The same key from another token, after a restart, or from staff who
//!   finish a customer's attempt is the same attempt. A caller who may not act for the customer learns nothing and burns nothing.
//!
//! Out of scope: speak HTTP, find the principal, or word a reply; those are the routes' affairs.

/// The time for which an outcome is kept, in seconds: 30 days. The form stops sending a key by one press a day earlier.
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

/// The record of a key in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyRecord {
    /// A request with this key is being worked on.
    InProgress {
        /// The fingerprint of the payload.
        fingerprint: Vec<u8>,
        /// For this customer, where the payload names one.
        customer: Option<i64>,
    },
    /// A request with this key was decided.
    Settled {
        /// The fingerprint of the payload.
        fingerprint: Vec<u8>,
        /// The answer that was given.
        answer: Answer,
        /// For this customer, where the payload names one.
        customer: Option<i64>,
        /// The time of the outcome, in seconds since 1970.
        at: u64,
    },
    /// The key was cancelled before any request with it was decided.
    Burnt {
        /// By a caller who acted for this customer.
        customer: Option<i64>,
        /// The time of the outcome, in seconds since 1970.
        at: u64,
    },
}

/// Where outcomes are kept. Every call of one request belongs to one transaction, which shuts other writers of the key out.
pub trait Store {
    /// The store's error. A caller who gets it rolls back.
    type Error;

    /// The record of a key within these books.
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn find(&mut self, scope: &str, key: &Key) -> Result<Option<KeyRecord>, Self::Error>;

    /// Replaces the record of the key.
    ///
    /// # Errors
    /// Where the store cannot be written.
    fn keep(&mut self, scope: &str, key: &Key, record: KeyRecord) -> Result<(), Self::Error>;
}

/// The sender of a request.
#[derive(Clone, Copy)]
pub struct Caller<'a> {
    /// The tenant and the API: equal keys of two scopes are two attempts.
    pub scope: &'a str,
    /// Tells whether the caller may act for a customer; without a number, for every customer.
    pub may_act_for: &'a dyn Fn(Option<i64>) -> bool,
}

/// The payload of a request under a key.
#[derive(Clone, Copy, Debug)]
pub struct Payload<'a> {
    /// The customer for whom the caller acts, where the payload or the session names one.
    pub customer: Option<i64>,
    /// The hash of the payload's meaning.
    pub fingerprint: &'a [u8],
}

/// The decision about a payment with a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The key is new: validate, insert, [`settle`].
    Run,
    /// The payment was decided: reply this again, with `Idempotent-Replayed: true`.
    Replay(Answer),
    /// The key was used with another payload, or for a customer for whom the caller may not act: 422.
    OtherPayload,
    /// The key was cancelled: 410.
    Burnt,
    /// The same request is being worked on: 409 with `Retry-After`.
    InProgress,
}

/// Decides on a payment that carries a key, before it is validated.
///
/// # Errors
/// The error of the store.
pub fn decide<S: Store>(
    store: &mut S,
    caller: Caller<'_>,
    key: &Key,
    payload: Payload<'_>,
    now: u64,
) -> Result<Decision, S::Error> {
    let fingerprint = payload.fingerprint;
    Ok(match find(store, caller.scope, key, now)? {
        None => Decision::Run,
        Some(known) if !known.is_open_to(caller) => Decision::OtherPayload,
        Some(KeyRecord::Burnt { .. }) => Decision::Burnt,
        Some(KeyRecord::InProgress { fingerprint: known, .. } | KeyRecord::Settled { fingerprint: known, .. })
            if known != fingerprint =>
        {
            Decision::OtherPayload
        }
        Some(KeyRecord::InProgress { .. }) => Decision::InProgress,
        Some(KeyRecord::Settled { answer, .. }) => Decision::Replay(answer),
    })
}

/// Keeps what was decided under the key, a refusal like a record, in the transaction that did it.
///
/// # Errors
/// The error of the store; the payment must then be rolled back.
pub fn settle<S: Store>(
    store: &mut S,
    scope: &str,
    key: &Key,
    payload: Payload<'_>,
    answer: Answer,
    now: u64,
) -> Result<(), S::Error> {
    let fingerprint = payload.fingerprint.to_vec();
    store.keep(scope, key, KeyRecord::Settled { fingerprint, answer, customer: payload.customer, at: now })
}

/// The result of a resolve call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// The payment was decided: reply this again, with `Idempotent-Replayed: true`.
    Replay(Answer),
    /// There is no payment, and from now on there will be none under this key: 410.
    Burnt,
    /// A request with this key is being worked on: 409 with `Retry-After`.
    InProgress,
    /// The caller may not act for the customer of the key, or for the one that was named: 404.
    NotFound,
}

/// Settles an attempt whose outcome its sender does not know. It tells the stored answer, or burns the key, so that a request on its way
/// comes too late. `customer` is the one for whom the caller acts.
///
/// # Errors
/// The error of the store.
pub fn resolve<S: Store>(
    store: &mut S,
    caller: Caller<'_>,
    key: &Key,
    customer: Option<i64>,
    now: u64,
) -> Result<Resolution, S::Error> {
    if customer.is_some() && !(caller.may_act_for)(customer) {
        return Ok(Resolution::NotFound);
    }
    Ok(match find(store, caller.scope, key, now)? {
        Some(known) if !known.is_open_to(caller) => Resolution::NotFound,
        Some(KeyRecord::Settled { answer, .. }) => Resolution::Replay(answer),
        Some(KeyRecord::InProgress { .. }) => Resolution::InProgress,
        Some(KeyRecord::Burnt { .. }) => Resolution::Burnt,
        None => {
            store.keep(caller.scope, key, KeyRecord::Burnt { customer, at: now })?;
            Resolution::Burnt
        }
    })
}

impl KeyRecord {
    /// Tells whether the caller may learn the record. A key that was burnt without a customer holds no secret.
    fn is_open_to(&self, caller: Caller<'_>) -> bool {
        match self {
            Self::Burnt { customer: None, .. } => true,
            Self::InProgress { customer, .. } | Self::Settled { customer, .. } | Self::Burnt { customer, .. } => {
                (caller.may_act_for)(*customer)
            }
        }
    }
}

/// The record of a key that has not expired.
fn find<S: Store>(store: &mut S, scope: &str, key: &Key, now: u64) -> Result<Option<KeyRecord>, S::Error> {
    let known = store.find(scope, key)?;
    Ok(known.filter(|known| match known {
        KeyRecord::InProgress { .. } => true,
        KeyRecord::Settled { at, .. } | KeyRecord::Burnt { at, .. } => now.saturating_sub(*at) < LIFETIME,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::BTreeMap, convert::Infallible};

    #[derive(Default)]
    struct Memory(BTreeMap<(String, Key), KeyRecord>);

    impl Store for Memory {
        type Error = Infallible;

        fn find(&mut self, scope: &str, key: &Key) -> Result<Option<KeyRecord>, Infallible> {
            Ok(self.0.get(&(scope.to_owned(), key.clone())).cloned())
        }

        fn keep(&mut self, scope: &str, key: &Key, known: KeyRecord) -> Result<(), Infallible> {
            self.0.insert((scope.to_owned(), key.clone()), known);
            Ok(())
        }
    }

    const NOW: u64 = 1_790_000_000;
    /// In seconds, written out: the form stops sending a key a day earlier.
    const THIRTY_DAYS: u64 = 2_592_000;

    fn key(text: &str) -> Key {
        Key::parse(text).unwrap()
    }

    fn attempt() -> Key {
        key("7d0c4a52-2a0b-4c7e-9c06-0f3a5d3f8f11")
    }

    fn record() -> Answer {
        Answer { status: 200, body: r#"{"id":1}"#.into() }
    }

    const SAME: Payload<'_> = Payload { customer: Some(7), fingerprint: b"same" };

    fn caller(may_act_for: &dyn Fn(Option<i64>) -> bool) -> Caller<'_> {
        Caller { scope: "books", may_act_for }
    }

    #[track_caller]
    fn check(known: Option<KeyRecord>, decision: &Decision, resolution: &Resolution) {
        let fill = || {
            let mut store = Memory::default();
            known.clone().into_iter().for_each(|known| store.keep("books", &attempt(), known).unwrap());
            store
        };
        let (own, everybody) = (|customer: Option<i64>| customer == Some(7), |_| true);
        for may_act in [&own as &dyn Fn(Option<i64>) -> bool, &everybody] {
            assert_eq!(&decide(&mut fill(), caller(may_act), &attempt(), SAME, NOW).unwrap(), decision);
            assert_eq!(&resolve(&mut fill(), caller(may_act), &attempt(), Some(7), NOW).unwrap(), resolution);
        }
        // The same key in other books is another key.
        let elsewhere = Caller { scope: "other books", may_act_for: &everybody };
        assert_eq!(decide(&mut fill(), elsewhere, &attempt(), SAME, NOW).unwrap(), Decision::Run);
        // A caller for another customer learns only that the key is taken, and changes nothing.
        let stranger = |customer: Option<i64>| customer == Some(8);
        let is_known = *decision != Decision::Run;
        let mut store = fill();
        let before = store.0.clone();
        let other = Payload { customer: Some(8), ..SAME };
        let expected = if is_known { Decision::OtherPayload } else { Decision::Run };
        assert_eq!(decide(&mut store, caller(&stranger), &attempt(), other, NOW).unwrap(), expected);
        assert_eq!(resolve(&mut store, caller(&stranger), &attempt(), Some(7), NOW).unwrap(), Resolution::NotFound);
        if is_known {
            assert_eq!(resolve(&mut store, caller(&stranger), &attempt(), Some(8), NOW).unwrap(), Resolution::NotFound);
            assert_eq!(resolve(&mut store, caller(&stranger), &attempt(), None, NOW).unwrap(), Resolution::NotFound);
        }
        assert_eq!(store.0, before);
    }

    #[test]
    fn decision_follows_from_what_is_known() {
        let settled = |fingerprint: &[u8], at| KeyRecord::Settled {
            fingerprint: fingerprint.to_vec(),
            answer: record(),
            customer: Some(7),
            at,
        };
        let burnt = |at| KeyRecord::Burnt { customer: Some(7), at };
        let in_progress = |fingerprint: &[u8]| KeyRecord::InProgress { fingerprint: fingerprint.to_vec(), customer: Some(7) };
        let replay = Resolution::Replay(record());
        check(None, &Decision::Run, &Resolution::Burnt);
        check(Some(settled(b"same", NOW)), &Decision::Replay(record()), &replay);
        check(Some(settled(b"other", NOW)), &Decision::OtherPayload, &replay);
        check(Some(settled(b"same", NOW - THIRTY_DAYS + 1)), &Decision::Replay(record()), &replay);
        check(Some(settled(b"same", NOW - THIRTY_DAYS)), &Decision::Run, &Resolution::Burnt);
        check(Some(settled(b"same", NOW + 90_000)), &Decision::Replay(record()), &replay);
        check(Some(burnt(NOW)), &Decision::Burnt, &Resolution::Burnt);
        check(Some(burnt(NOW - THIRTY_DAYS)), &Decision::Run, &Resolution::Burnt);
        check(Some(in_progress(b"same")), &Decision::InProgress, &Resolution::InProgress);
        check(Some(in_progress(b"other")), &Decision::OtherPayload, &Resolution::InProgress);
    }

    #[test]
    fn key_once_burnt_or_settled_stays_so() {
        let everybody = |_| true;
        let mut store = Memory::default();
        assert_eq!(resolve(&mut store, caller(&everybody), &attempt(), None, NOW).unwrap(), Resolution::Burnt);
        // A key that was burnt without naming a customer is burnt for each.
        let own = |customer: Option<i64>| customer == Some(7);
        assert_eq!(decide(&mut store, caller(&own), &attempt(), SAME, NOW + 1).unwrap(), Decision::Burnt);

        let refusal = Answer { status: 400, body: "{}".into() };
        let other = key("0123456789abcdef");
        settle(&mut store, "books", &other, SAME, refusal.clone(), NOW).unwrap();
        assert_eq!(resolve(&mut store, caller(&own), &other, Some(7), NOW).unwrap(), Resolution::Replay(refusal.clone()));
        assert_eq!(decide(&mut store, caller(&own), &other, SAME, NOW + 1).unwrap(), Decision::Replay(refusal));
    }

    #[test]
    fn key_with_and_without_quotes_is_the_same() {
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
