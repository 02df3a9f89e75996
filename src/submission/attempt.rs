//! Holds one intent to pay, from the press on Pay until its key is resolved.

use super::{
    duplicate::Fingerprint,
    event::{Intent, Resolve, Send},
    settings::KEY_AGE_MAX,
    stored_attempt::{Protection, RestoredAttempt, StoredAttempt},
};
use crate::{
    api::message::{Request, SentPayment},
    domain::{problem::Problem, receipt::Receipt},
};

/// The largest step of a clock backwards that leaves no doubt about the age of a key: an hour in milliseconds.
const CLOCK_SKEW_MAX: u64 = 60 * 60 * 1000;

/// The knowledge about an attempt while no request is on its way for it.
#[derive(Clone, Debug, Default)]
pub(super) struct Knowledge {
    /// True when every send of the attempt was refused before the payment logic.
    pub is_held: bool,
    /// The HTTP status of the last answer.
    pub status: Option<u16>,
    /// The server's own words.
    pub words: Vec<Problem>,
    /// A record that may not be ours.
    pub receipt: Option<Box<Receipt>>,
    /// The wait before the same bytes may be sent again.
    pub wait: Option<Wait>,
    /// True when the server knows the key from another payload. Sending again cannot help, and another key could pay twice.
    pub is_other_payload: bool,
}

/// A wait that the server asked for. The wait ends by the clock or by a timer, whichever is first. A computer may sleep through its timers,
/// and a clock that goes back would make the wait last for hours.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wait {
    /// The length of the wait, in milliseconds.
    pub duration: u64,
    /// The end of the wait, in milliseconds since 1970.
    pub until: u64,
    /// The timer that ends it.
    pub timer: u32,
}

impl Wait {
    pub fn left(self, now: u64) -> u64 {
        self.until.saturating_sub(now).min(self.duration)
    }
}

/// An unresolved key and the data of its attempt.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    pub key: String,
    pub endpoint: String,
    /// The request; `None` where the store did not keep the attempt whole.
    pub request: Option<Request>,
    pub sent: SentPayment,
    pub fingerprint: Option<Fingerprint>,
    pub insists: bool,
    pub protection: Protection,
    /// True when the server of the attempt has a resolve call.
    pub resolves: bool,
    /// The times of the key's first and last use, in milliseconds since 1970; `None` before the first, and where the store did
    /// not keep them.
    pub used: Option<(u64, u64)>,
    pub sends: u32,
    /// The sends that may have paid or may still pay: all but those that were refused before the payment logic.
    pub unsettled: Vec<u32>,
    /// The sends without an answer. A send has one answer, so a second is ignored; otherwise it could deny what the first has proven.
    pub unanswered: Vec<u32>,
    /// The last send, while it has no answer.
    pub in_flight: Option<u32>,
    /// True when an earlier page sent the attempt; this page cannot learn the outcome of those sends.
    pub is_restored: bool,
    /// True when the attempt is in the store; `None` until the store has answered.
    pub is_stored: Option<bool>,
    /// The number of automatic sends since the last press.
    pub automatic_sends: u8,
    /// True when a look-up after the quiet time found nothing.
    pub is_lookup_empty: bool,
    pub knowledge: Knowledge,
}

impl Attempt {
    pub fn new(intent: Intent, protection: Protection, resolves: bool) -> Self {
        Self {
            key: intent.key,
            endpoint: intent.endpoint,
            request: Some(intent.request),
            sent: intent.sent,
            fingerprint: Some(intent.fingerprint),
            insists: intent.insists,
            protection,
            resolves,
            used: None,
            sends: 0,
            unsettled: Vec::new(),
            unanswered: Vec::new(),
            in_flight: None,
            is_restored: false,
            is_stored: None,
            automatic_sends: 0,
            is_lookup_empty: false,
            knowledge: Knowledge::default(),
        }
    }

    pub fn restored(stored: RestoredAttempt, sent: Option<Box<SentPayment>>) -> Self {
        let mut attempt = Self {
            key: stored.key().to_owned(),
            endpoint: String::new(),
            request: None,
            sent: SentPayment::default(),
            fingerprint: None,
            insists: false,
            protection: Protection::Unproven,
            resolves: false,
            used: stored.started().map(|started| (started, started)),
            sends: 0,
            unsettled: Vec::new(),
            unanswered: Vec::new(),
            in_flight: None,
            is_restored: true,
            is_stored: Some(true),
            automatic_sends: 0,
            is_lookup_empty: false,
            knowledge: Knowledge::default(),
        };
        if let (RestoredAttempt::Whole(stored), Some(sent)) = (stored, sent) {
            attempt.endpoint = stored.endpoint;
            attempt.request = Some(stored.request);
            attempt.sent = *sent;
            attempt.protection = stored.protection;
            attempt.used = Some((stored.started, stored.sent));
            attempt.sends = stored.sends;
        }
        attempt
    }

    pub fn honours_keys(&self) -> bool {
        self.protection == Protection::Honoured
    }

    /// Tells whether the server may have forgotten the key. Then the server's answer about the key proves nothing, because it would treat
    /// the key as new.
    pub fn is_key_old(&self, now: u64) -> bool {
        self.used.map_or(self.is_restored, |(first, _)| now.saturating_sub(first) > KEY_AGE_MAX)
    }

    /// Tells whether the key is old, or a clock that went back leaves its age in doubt.
    pub fn is_key_stale(&self, now: u64) -> bool {
        self.is_key_old(now) || self.used.is_some_and(|(first, _)| now.saturating_add(CLOCK_SKEW_MAX) < first)
    }

    /// Tells whether the same bytes may be sent again. They must be there, the server's wait must be over, and it must still know
    /// the key. Unless every send so far was refused before the payment logic, it must also honour the key, and no clock may
    /// leave that in doubt.
    ///
    /// An old key is not sent again even after refusals, because the browser may have repeated the request unseen.
    pub fn may_retry(&self, now: u64) -> bool {
        let is_safe =
            self.knowledge.is_held || (self.honours_keys() && !self.is_key_stale(now) && !self.knowledge.is_other_payload);
        self.request.is_some() && is_safe && !self.is_key_old(now) && self.knowledge.wait.is_none_or(|wait| wait.left(now) == 0)
    }

    /// Milliseconds until a look-up that finds nothing counts.
    pub fn quiet_left(&self, quiet: u64, now: u64) -> u64 {
        self.used.map_or(0, |(_, last)| last.saturating_add(quiet).saturating_sub(now))
    }

    /// Records that a send leaves now. Returns the attempt to store, the send, and the number of the send before it, while that has no answer.
    pub fn send(&mut self, number: u32, now: u64) -> Option<(Box<StoredAttempt>, Box<Send>, Option<u32>)> {
        let request = self.request.clone()?;
        let started = self.used.map_or(now, |(first, _)| first);
        self.used = Some((started, now));
        self.sends = self.sends.saturating_add(1);
        self.unsettled.push(number);
        self.unanswered.push(number);
        self.is_lookup_empty = false;
        let previous = self.in_flight.replace(number);
        let key = (self.protection != Protection::None).then(|| self.key.clone());
        let send = Send { number, endpoint: self.endpoint.clone(), key: key.clone(), request, sent: self.sent_with(key) };
        Some((self.to_stored()?, Box::new(send), previous))
    }

    /// The part of the attempt that is stored; `None` before the first send.
    pub fn to_stored(&self) -> Option<Box<StoredAttempt>> {
        let (started, sent) = self.used?;
        Some(Box::new(StoredAttempt {
            key: self.key.clone(),
            endpoint: self.endpoint.clone(),
            request: self.request.clone()?,
            sends: self.sends,
            started,
            sent,
            protection: self.protection,
        }))
    }

    /// The resolve call or look-up of this attempt.
    pub fn resolve(&self, number: u32) -> Box<Resolve> {
        Box::new(Resolve { number, key: self.key.clone(), sent: self.sent_with(Some(self.key.clone())) })
    }

    /// Records that a send has its answer. Returns `false` for a second answer, and for a number that is no send of this attempt.
    pub fn mark_answered(&mut self, number: u32) -> bool {
        self.in_flight = self.in_flight.filter(|send| *send != number);
        let index = self.unanswered.iter().position(|send| *send == number);
        index.map(|index| self.unanswered.remove(index)).is_some()
    }

    /// Removes a send from those that may have paid. Returns `true` when none is left.
    pub fn remove_refused(&mut self, number: u32) -> bool {
        self.unsettled.retain(|open| *open != number);
        self.unsettled.is_empty() && !self.is_restored
    }

    /// Tells whether this send is the only one that may have paid.
    pub fn is_only_unsettled(&self, number: u32) -> bool {
        self.unsettled.iter().all(|open| *open == number) && !self.is_restored
    }

    fn sent_with(&self, key: Option<String>) -> SentPayment {
        SentPayment { key, honours_keys: self.honours_keys(), ..self.sent.clone() }
    }
}
