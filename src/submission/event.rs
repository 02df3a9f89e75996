//! Lists the events that the machine takes in, and the commands that it gives.

use super::{
    duplicate::{Duplicate, Fingerprint},
    state::State,
    stored_attempt::{Stored, StoredAttempt},
};
use crate::api::message::{Outcome, Request, Sent};

/// One payment that the person means, checked, encoded and ready to leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// A fresh random id, minted after the check passed: 128 bits from the browser's `crypto`, as a UUID.
    pub key: String,
    /// Where it is sent.
    pub endpoint: String,
    /// The request.
    pub request: Request,
    /// The values that an answer is read against. Its `key` and `honours_keys` are filled in by the machine.
    pub sent: Sent,
    /// By which the same payment is known again.
    pub fingerprint: Fingerprint,
    /// True when the person saw that the same payment was sent lately, and pressed the button that pays all the same. For a payment that they
    /// were not asked about, it has no effect.
    pub insists: bool,
}

/// An event. Presses that the [`View`](super::View) does not allow are ignored, so that a caller cannot get this wrong.
#[derive(Clone, Debug)]
pub enum Event {
    /// A page came up and found an attempt in the store.
    ///
    /// The caller checks the stored endpoint first, and takes [`Stored::without_body`] where it is not allowed. `sent` is what the stored
    /// bytes say; `None` where they cannot be read.
    Restored {
        /// The stored text.
        stored: Stored,
        /// The values that an answer is read against.
        sent: Option<Box<Sent>>,
    },
    /// The person pressed Pay, and the check passed.
    Submit {
        /// The payment that they mean.
        intent: Box<Intent>,
        /// True when the browser believes to be online.
        online: bool,
    },
    /// The person pressed Pay, the check passed, and no intent could be made of it: the browser has no source of chance for a key.
    NoIntent,
    /// The payment is another one by now: the person edited it, or the page did.
    Edited,
    /// The person confirmed what they reviewed.
    Confirm {
        /// True when the browser believes to be online.
        online: bool,
    },
    /// The answer to [`Command::Lock`].
    Locked {
        /// True when this page has the lock now.
        granted: bool,
        /// The same payment, where it was sent lately: read while the lock is held.
        duplicate: Option<Duplicate>,
    },
    /// The answer to [`Command::Store`].
    Stored {
        /// True when the text is in the store.
        kept: bool,
    },
    /// A reply came to a send, a resolve call or a look-up (whose record is decoded as if it had come with status 200).
    Answered {
        /// The number of the request.
        number: u32,
        /// True when the reply carried the key of this attempt.
        echoed: bool,
        /// The meaning of the reply.
        outcome: Outcome,
    },
    /// No reply came: the connection failed, or it cannot be told what happened.
    Failed {
        /// To which send, resolve call or look-up.
        number: u32,
    },
    /// The request provably never left: the host gave no credentials, for example.
    NotSent {
        /// Which send or resolve call.
        number: u32,
    },
    /// A look-up found no record, which is no proof.
    NotFound {
        /// Which look-up.
        number: u32,
    },
    /// A timer ran out.
    Elapsed {
        /// Which.
        number: u32,
    },
    /// The person wants the same bytes sent again, under the same key.
    Retry {
        /// True when the browser believes to be online.
        online: bool,
    },
    /// The person wants to cancel and edit: in review at once, with an unresolved key by the resolve call.
    Cancel,
    /// The person wants the host's look-up.
    Check,
    /// The person checked elsewhere, after the quiet time, and wants to be able to pay anew.
    Abandon,
    /// A fresh form is wanted.
    Reset,
}

/// One send: a request to be made now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Send {
    /// By which its answer is matched.
    pub number: u32,
    /// Where to.
    pub endpoint: String,
    /// The `Idempotency-Key` header, if one is sent.
    pub key: Option<String>,
    /// The same bytes as ever.
    pub request: Request,
    /// The values that the answer is read against.
    pub sent: Sent,
}

/// A resolve call or a look-up to be made now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolve {
    /// By which its answer is matched.
    pub number: u32,
    /// The attempt.
    pub key: String,
    /// The sent payment: the amount and reference to look for, and the values that the answer is read against.
    pub sent: Sent,
}

/// A command for the caller, to be executed in the order given, before anything else happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Take the lock of this scope if it is free, look for the fingerprint among the recent payments, answer with [`Event::Locked`].
    Lock {
        /// The fingerprint to look for; `None` where the person need not be asked.
        fingerprint: Option<Fingerprint>,
    },
    /// Let the lock go.
    Unlock,
    /// Store this in place of what was stored, and answer with [`Event::Stored`]. The commands behind it do not wait for that answer.
    Store(Box<StoredAttempt>),
    /// Drop what is stored.
    Forget,
    /// Remember that this payment was sent now.
    Note(Fingerprint),
    /// Forget it again: there is no such payment.
    Unnote(Fingerprint),
    /// Answer with [`Event::Elapsed`] after this time, whatever becomes of any request.
    Timer {
        /// The timer.
        number: u32,
        /// Milliseconds from now.
        ms: u64,
    },
    /// Send, and answer with [`Event::Answered`], [`Event::Failed`] or [`Event::NotSent`].
    Send(Box<Send>),
    /// Cancel this send, without a text reason. Its answer is no longer of interest.
    Abort {
        /// Which send.
        number: u32,
    },
    /// Make the resolve call, and answer as for a send.
    Resolve(Box<Resolve>),
    /// Ask the host's look-up, and answer with [`Event::Answered`], [`Event::NotFound`] or [`Event::Failed`].
    LookUp(Box<Resolve>),
    /// True when leaving the page should ask from now on.
    GuardLeaving(bool),
    /// Another state was entered: time to tell the host.
    Entered(State),
}
