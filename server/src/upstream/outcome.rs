//! Stores the outcome of an attempt under its key, once. A reply that contradicts a stored outcome is told to the staff.

use crate::{
    idempotency::{self, Answer, Key, KeyRecord, Payload, Store},
    ledger::{
        attempts::{self, Attempts},
        sql::{LedgerError, Sql},
        upstream::{self, Ending, UpstreamAttempt},
    },
    payments::attempt::Outcome,
    reconciliation::{
        attribution::{self, EqualAttempts},
        stage::{self, LateReply, Match, Stage, Verdict},
    },
    response::Contract,
    state::SharedState,
    telemetry::{self, Cause},
};

/// The way in which an outcome became known.
pub(super) enum Source {
    /// The vendor replied to this request.
    Reply(Cause),
    /// A look found the outcome of an earlier request.
    Look {
        /// The moment of the schedule's next look.
        next: Option<i64>,
        /// The vendor's records with the content of the attempt, where the attempt is told apart by them.
        records: Option<Vec<String>>,
    },
}

/// An outcome that the vendor told.
pub(super) struct VendorOutcome {
    pub contract: Contract,
    pub attempt: UpstreamAttempt,
    pub answer: Answer,
    /// The number of the payment; `None` for a refusal.
    pub payment: Option<String>,
    pub source: Source,
}

/// The result of storing an outcome.
enum Stored {
    /// The outcome stands under its key.
    Now,
    /// The staff had settled the attempt as one without a payment. The vendor's payment stands under its key now.
    Replaced,
    /// Another caller settled the attempt first: that outcome stands. The staff are told where the vendor contradicts it.
    Before { known: KeyRecord, is_contradicted: bool },
    /// The payment was given to another attempt: this one is looked for. `true` where its key was burnt until now.
    Taken { was_burnt: bool },
}

/// Stores an outcome under its key, once.
pub(super) async fn store(state: &SharedState, outcome: VendorOutcome) -> Result<Outcome, LedgerError> {
    let is_replay = matches!(outcome.source, Source::Look { .. });
    let (answer, payment, key) = (outcome.answer.clone(), outcome.payment.clone(), outcome.attempt.key.clone());
    let cause = match &outcome.source {
        Source::Reply(cause) => cause.clone(),
        Source::Look { .. } => Cause::begin(None),
    };
    let (now, status) = (state.ledger.seconds(), answer.status);
    let (recorded, change) = (payment.clone(), move |ledger: &mut dyn Sql| outcome.store(ledger, now));
    let committed = move |stored: &Stored| {
        if let (Stored::Now | Stored::Replaced, Some(payment)) = (stored, &recorded) {
            telemetry::recorded(&cause, Some(&key), payment, status);
        }
        tell_staff(stored, &key, recorded.as_deref());
    };
    Ok(match state.ledger.write(change, committed).await? {
        Stored::Now | Stored::Replaced if is_replay => Outcome::Replayed(answer),
        Stored::Now | Stored::Replaced => Outcome::Fresh { answer, payment },
        Stored::Before { known, .. } => outcome_of_record(known),
        Stored::Taken { .. } if is_replay => Outcome::InProgress,
        Stored::Taken { .. } => Outcome::Unknown,
    })
}

/// The outcome that stands under a key.
fn outcome_of_record(known: KeyRecord) -> Outcome {
    match known {
        KeyRecord::Settled { answer, .. } => Outcome::Replayed(answer),
        KeyRecord::Burnt { .. } => Outcome::Burnt,
        KeyRecord::InProgress { .. } => Outcome::InProgress,
    }
}

/// The outcome that stands under the key of an attempt whose request the vendor turned away; `None` where the attempt is not settled.
pub(super) async fn settled_before(state: &SharedState, attempt: &UpstreamAttempt) -> Result<Option<Outcome>, LedgerError> {
    let (scope, key) = (attempt.scope.clone(), attempt.key.clone());
    let known = move |ledger: &mut dyn Sql| match Key::parse(&key) {
        Some(key) => Attempts(ledger).find(&scope, &key),
        None => Ok(None),
    };
    let Some(known) = state.ledger.write(known, |_| ()).await? else { return Ok(None) };
    let is_contradicted = stage::on_late_reply(verdict(&known), Verdict::TurnedAway) == LateReply::Contradicts;
    let stored = Stored::Before { known: known.clone(), is_contradicted };
    tell_staff(&stored, &attempt.key, None);
    Ok(Some(outcome_of_record(known)))
}

/// Waits until no other transaction counts the attempts of this content.
pub(super) fn lock_content(ledger: &mut dyn Sql, attempt: &UpstreamAttempt) -> Result<(), LedgerError> {
    ledger.lock(&format!("{} content {}", attempt.scope, attempt.mark))
}

impl VendorOutcome {
    fn store(self, ledger: &mut dyn Sql, now: u64) -> Result<Stored, LedgerError> {
        let Self { attempt, answer, payment, .. } = &self;
        let Some(key) = Key::parse(&attempt.key) else { return Ok(Stored::Now) };
        attempts::lock(ledger, &attempt.scope, &attempt.key)?;
        lock_content(ledger, attempt)?;
        let seconds = i64::try_from(now).unwrap_or(i64::MAX);
        if let Some(payment) = payment
            && (upstream::is_taken(ledger, attempt, payment)? || !self.is_still_its_own(ledger, payment, seconds)?)
        {
            return self.look_again(ledger, &key, seconds);
        }
        let payload = Payload { customer: attempt.customer, fingerprint: &attempt.fingerprint };
        let ending = Ending { payment: payment.as_deref(), ..Ending::default() };
        if upstream::end(ledger, &attempt.scope, &attempt.key, ending)? {
            idempotency::settle(&mut Attempts(ledger), &attempt.scope, &key, payload, answer.clone(), now)?;
            return Ok(Stored::Now);
        }
        let known = Attempts(ledger).find(&attempt.scope, &key)?;
        let known = known.unwrap_or(KeyRecord::Burnt { customer: attempt.customer, at: now });
        let late = match stage::on_late_reply(verdict(&known), self.verdict()) {
            LateReply::Agrees if self.names_another(ledger)? => LateReply::Contradicts,
            late => late,
        };
        if late == LateReply::Replaces {
            upstream::replace_burnt(ledger, attempt, payment.as_deref())?;
            idempotency::settle(&mut Attempts(ledger), &attempt.scope, &key, payload, answer.clone(), now)?;
            return Ok(Stored::Replaced);
        }
        Ok(Stored::Before { known, is_contradicted: late == LateReply::Contradicts })
    }

    fn verdict(&self) -> Verdict {
        if self.payment.is_some() { Verdict::Recorded } else { Verdict::Refused }
    }

    /// False where another attempt was settled since a look attributed the payment to this one, so that the count no longer says so.
    fn is_still_its_own(&self, ledger: &mut dyn Sql, payment: &str, now: i64) -> Result<bool, LedgerError> {
        let Source::Look { records: Some(records), .. } = &self.source else { return Ok(true) };
        let equal: EqualAttempts<String> = upstream::equal_attempts(ledger, &self.attempt, now)?;
        let found = attribution::attribute(records, &self.attempt.seen_before, &equal);
        Ok(found == Match::One(payment.to_owned()))
    }

    /// True where the attempt was settled with another payment than the vendor names. Equal records of MaiaScore's may be exchanged.
    fn names_another(&self, ledger: &mut dyn Sql) -> Result<bool, LedgerError> {
        let settled_with = upstream::payment(ledger, &self.attempt)?;
        Ok(self.contract == Contract::Fusebill && self.payment.is_some() && settled_with != self.payment)
    }

    /// The payment was given to another attempt: the next look of this one counts anew, unless it was settled with another payment.
    fn look_again(&self, ledger: &mut dyn Sql, key: &Key, now: i64) -> Result<Stored, LedgerError> {
        let mut was_burnt = false;
        match &self.source {
            Source::Look { next, .. } => upstream::note_look(ledger, &self.attempt, now, *next)?,
            Source::Reply(_) => {
                let first_look = now.saturating_add(i64::try_from(stage::next_look(0)).unwrap_or(i64::MAX));
                upstream::advance(ledger, &self.attempt, Stage::Sent, Stage::Unknown, first_look)?;
                was_burnt = upstream::reopen_burnt(ledger, &self.attempt, first_look)?;
            }
        }
        if let Some(known) = Attempts(ledger).find(&self.attempt.scope, key)? {
            return Ok(Stored::Before { known, is_contradicted: false });
        }
        Ok(Stored::Taken { was_burnt })
    }
}

/// The verdict under a key; [`Verdict::TurnedAway`] for a burnt one, whose payment does not exist.
fn verdict(known: &KeyRecord) -> Verdict {
    match known {
        KeyRecord::Settled { answer, .. } if answer.status < 300 => Verdict::Recorded,
        KeyRecord::Settled { .. } => Verdict::Refused,
        KeyRecord::Burnt { .. } => Verdict::TurnedAway,
        KeyRecord::InProgress { .. } => Verdict::Unclear,
    }
}

/// Writes a line where the vendor contradicts the staff: the customer acted on what they were told.
fn tell_staff(stored: &Stored, key: &str, payment: Option<&str>) {
    let words = match stored {
        Stored::Replaced => {
            "the vendor recorded a payment that the staff had settled as none; its key tells the payment now. The customer may have \
             paid again with a new key: compare the payments, and give one back"
        }
        Stored::Taken { was_burnt: true } => {
            "the vendor recorded a payment that the staff had settled as none, and its record was given to an equal attempt; the attempt \
             is unknown again. The customer may have paid again with a new key: compare the records"
        }
        Stored::Before { is_contradicted: true, .. } => {
            "the vendor contradicts an attempt that was settled by hand: it turned the payment away, or names another one. The key goes on \
             to tell what the staff said: compare the payments"
        }
        Stored::Now | Stored::Taken { was_burnt: false } | Stored::Before { is_contradicted: false, .. } => return,
    };
    telemetry::contradicted(key, payment, words);
}
