//! Decides how an attempt goes on when the vendor behind the server knows no idempotency keys. Pure: no clock, no network, no database.
//!
//! An attempt's row is `intended`, then `sent`, then its outcome is known. The rules rely on:
//!
//! - The row is `sent` **before** the first byte of the request leaves. A crash behind that point leaves an *unknown* attempt, never a new one.
//! - An attempt is sent again only from `intended`: the vendor then provably never received it.
//! - A lost, late or unclear reply is *unknown*. Only a record that the vendor's readers show, or a member of the staff, settles it. A look
//!   that finds nothing proves nothing, because the request may still be on its way.
//! - A key is burnt only while its attempt is unborn or `intended`, or by a member of the staff.
//! - A record that the vendor tells later replaces a burnt key: the staff may be mistaken, because the request was still on its way.

/// The stage of an attempt. Before the first stage an attempt has no row; after the last one its outcome stands under its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The attempt is stored and has not left this machine.
    Intended,
    /// The attempt may have left this machine.
    Sent,
    /// The payment may or may not exist at the vendor's, and nobody waits for the reply any more.
    Unknown,
}

impl Stage {
    /// The name of the stage in the ledger.
    pub fn name(self) -> &'static str {
        match self {
            Self::Intended => "intended",
            Self::Sent => "sent",
            Self::Unknown => "unknown",
        }
    }

    /// Reads the name; an outcome that is known has none.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Intended, Self::Sent, Self::Unknown].into_iter().find(|stage| stage.name() == name)
    }
}

/// The next step for a request with the attempt's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Store it as `intended`, then send it.
    Begin,
    /// Send it: mark it `sent`, and only where it is still `intended`.
    Send,
    /// Ask the vendor's readers.
    Look,
    /// Burn the key.
    Burn,
}

/// A payment with this key arrives, and no outcome stands under the key.
pub fn on_payment(stage: Option<Stage>) -> Step {
    match stage {
        None => Step::Begin,
        Some(Stage::Intended) => Step::Send,
        Some(Stage::Sent | Stage::Unknown) => Step::Look,
    }
}

/// A resolve call with this key arrives, and no outcome stands under the key.
pub fn on_resolve(stage: Option<Stage>) -> Step {
    match stage {
        None | Some(Stage::Intended) => Step::Burn,
        Some(Stage::Sent | Stage::Unknown) => Step::Look,
    }
}

/// The meaning of the vendor's answer to a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The payment exists: its record came back.
    Recorded,
    /// The payment was refused: there is none.
    Refused,
    /// The request was turned away before the payment was looked at: there is none, and it may be sent again.
    TurnedAway,
    /// Anything else.
    Unclear,
}

/// Reads the vendor's answer. The status decides; a body that contradicts it makes the answer unclear.
pub fn verdict(status: u16, has_record: bool, has_errors: bool) -> Verdict {
    match status {
        200 | 201 if has_record => Verdict::Recorded,
        400 | 402 | 409 | 422 if has_errors => Verdict::Refused,
        401 | 403 | 404 | 405 | 413 | 415 | 429 => Verdict::TurnedAway,
        _ => Verdict::Unclear,
    }
}

/// The next step of a sent attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The outcome of the attempt is known.
    Known,
    /// The attempt is at this stage.
    Stage(Stage),
}

/// The next step of a sent attempt after this answer; `None` is a reply that never came.
pub fn on_reply(verdict: Option<Verdict>) -> Next {
    match verdict {
        Some(Verdict::Recorded | Verdict::Refused) => Next::Known,
        Some(Verdict::TurnedAway) => Next::Stage(Stage::Intended),
        Some(Verdict::Unclear) | None => Next::Stage(Stage::Unknown),
    }
}

/// The effect of the vendor's word about an attempt that was settled before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LateReply {
    /// The outcome stands.
    Agrees,
    /// The outcome said that there is no payment, and there is one: the vendor's record replaces the outcome.
    Replaces,
    /// The outcome tells of a payment that the vendor refused, or the other way about. Only people can know why.
    Contradicts,
}

/// Weighs the vendor's word against the outcome of an attempt that was settled before. A burnt key counts as
/// [`Verdict::TurnedAway`]: there is no payment.
pub fn on_late_reply(settled: Verdict, reply: Verdict) -> LateReply {
    match (settled, reply) {
        (Verdict::TurnedAway, Verdict::Recorded) => LateReply::Replaces,
        (Verdict::Recorded, Verdict::Refused | Verdict::TurnedAway) | (Verdict::Refused, Verdict::Recorded) => {
            LateReply::Contradicts
        }
        _ => LateReply::Agrees,
    }
}

/// A payment that the vendor's readers show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedPayment {
    /// The number of the payment.
    pub payment: i64,
    /// The reference of the payment.
    pub reference: String,
    /// The amount of the payment, without idle zeros.
    pub amount: String,
}

/// The result of reading the vendor's lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match<T> {
    /// Exactly this payment is the attempt's.
    One(T),
    /// No payment is the attempt's. It may still come.
    None,
    /// Several payments could be the attempt's: somebody has to look.
    Several,
}

/// Finds an attempt's payment by its mark and its amount.
pub fn find(listed: &[ListedPayment], mark: &str, amount: &str) -> Match<i64> {
    let ending = format!("·{mark}");
    let is_ours = |listed: &&ListedPayment| listed.reference.ends_with(&ending) && listed.amount == amount;
    let mut ours = listed.iter().filter(is_ours).map(|listed| listed.payment);
    match ours.next() {
        None => Match::None,
        // A payment may have several activities.
        Some(first) if ours.all(|payment| payment == first) => Match::One(first),
        Some(_) => Match::Several,
    }
}

/// The seconds for which the reply to a sent attempt may still come and be stored. Afterwards the attempt is looked for, whatever became of
/// its server. The time is longer than the vendor's time-out, a wait for the ledger and a difference of two servers' clocks together. A
/// difference of at most a minute is assumed.
pub const REPLY_AWAITED: u64 = 180;

/// The mark at the end of a reference, where there is one.
pub fn mark(reference: &str) -> Option<&str> {
    let (_, mark) = reference.rsplit_once('·')?;
    let is_letter = |(at, byte): (usize, u8)| {
        if at == 4 { byte == b'-' } else { byte.is_ascii_uppercase() || byte.is_ascii_digit() }
    };
    (mark.len() == 9 && mark.bytes().enumerate().all(is_letter)).then_some(mark)
}

/// The seconds until the next look, after so many looks that settled nothing. Staff see the attempt from the beginning, and looks go on.
pub fn next_look(looks: u32) -> u64 {
    match looks {
        0 => 5,
        1 => 60,
        2 => 5 * 60,
        3 => 60 * 60,
        _ => 24 * 60 * 60,
    }
}

#[cfg(test)]
mod schedules;
