//! Sends an attempt to the vendor, looks for lost ones, and stores each outcome once.
//!
//! The rules stand in [`stage`] and [`attribution`]: this file stores each step before the next one begins.

use super::{
    attribution,
    caller::vendor,
    fusebill, maiascore,
    stage::{self, Match, Next, Stage, Verdict},
    vendor::{Reply, Vendor, VendorFault},
};
use crate::{
    error::ApiError,
    ledger::{
        attempts::{self, Attempts},
        sql::{LedgerError, Sql},
        upstream::{self, UpstreamAttempt},
    },
    payments::{
        attempt::Outcome,
        idempotency::{self, Answer, Key, KeyRecord, Payload, Store},
    },
    relaxed_json,
    response::Contract,
    state::SharedState,
    telemetry::{self, Cause},
};
use std::time::Duration;

/// The pause between two rounds of looks that are due.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The number of attempts that are looked for in one round.
const LOOKS_AT_ONCE: i64 = 16;

/// Sends an attempt that has not left this machine.
pub(super) async fn send(
    state: &SharedState,
    vendor: &Vendor,
    mut attempt: UpstreamAttempt,
    cause: Cause,
) -> Result<Outcome, ApiError> {
    // Without a connection no request is sent: the attempt stays `intended`, and a retry runs for real.
    if vendor.contract == Contract::MaiaScore {
        let before = maiascore::equal_records(vendor, &attempt).await;
        attempt.seen_before = before.map_err(VendorFault::before_payment)?;
    }
    let connected = vendor.connect().await.map_err(VendorFault::before_payment)?;
    if !advance(state, &attempt, Stage::Intended, Stage::Sent).await? {
        return Ok(Outcome::InProgress);
    }
    let reply = vendor.exchange(connected, "POST", vendor.payments(), attempt.request.clone(), Some(&attempt.key)).await;
    let reply = reply.inspect_err(|fault| tracing::warn!(%fault, "the vendor's reply is lost")).ok();
    state.lists.forget();
    let verdict = reply.as_ref().map(|reply| judge(vendor.contract, reply));
    match (stage::on_reply(verdict), reply) {
        (Next::Known, Some(reply)) => {
            let payment = if verdict == Some(Verdict::Recorded) { record_id(vendor.contract, &reply) } else { None };
            let status = if verdict == Some(Verdict::Recorded) { 200 } else { 400 };
            let answer = Answer { status, body: text(&reply) };
            store_outcome(state, attempt, answer, payment, Some(cause)).await
        }
        (Next::Stage(Stage::Intended), reply) => {
            // Another server that shares the database may have taken the attempt for lost; this reply knows better.
            if !advance(state, &attempt, Stage::Sent, Stage::Intended).await? {
                advance(state, &attempt, Stage::Unknown, Stage::Intended).await?;
            }
            let fault = reply.map_or_else(|| VendorFault::Away("it did not reply".to_owned()), |reply| VendorFault::of(&reply));
            Err(fault.before_payment())
        }
        _ => {
            advance(state, &attempt, Stage::Sent, Stage::Unknown).await?;
            Ok(Outcome::Unknown)
        }
    }
}

async fn advance(state: &SharedState, attempt: &UpstreamAttempt, from: Stage, to: Stage) -> Result<bool, ApiError> {
    let attempt = attempt.clone();
    let look_at = seconds(state).saturating_add(i64::try_from(stage::next_look(0)).unwrap_or(5));
    let change = move |ledger: &mut dyn Sql| {
        attempts::lock(ledger, &attempt.scope, &attempt.key)?;
        if from == Stage::Intended {
            upstream::remember(ledger, &attempt)?;
        }
        upstream::advance(ledger, &attempt, from, to, look_at)
    };
    let moved = state.ledger.write(change, |_| ()).await;
    moved.map_err(|error: LedgerError| error.into())
}

/// The seconds by which looks are scheduled.
fn seconds(state: &SharedState) -> i64 {
    i64::try_from(state.ledger.seconds()).unwrap_or(i64::MAX)
}

/// Stores an outcome under its key, once. Without a cause the outcome is that of an earlier request, and a look found it.
async fn store_outcome(
    state: &SharedState,
    attempt: UpstreamAttempt,
    answer: Answer,
    payment: Option<String>,
    cause: Option<Cause>,
) -> Result<Outcome, ApiError> {
    let is_replay = cause.is_none();
    let now = state.ledger.seconds();
    let number = payment.as_deref().and_then(|payment| payment.parse().ok());
    let (key, stored_answer, status) = (attempt.key.clone(), answer.clone(), answer.status);
    let change = move |ledger: &mut dyn Sql| {
        let Some(parsed) = Key::parse(&attempt.key) else { return Ok(None) };
        attempts::lock(ledger, &attempt.scope, &attempt.key)?;
        lock_content(ledger, &attempt)?;
        let is_taken = payment.as_ref().map_or(Ok(false), |payment| upstream::is_taken(ledger, &attempt.scope, payment))?;
        if is_taken && is_replay {
            // Another attempt took the payment since this one found it: the next look counts anew.
            return Ok(Some(KeyRecord::InProgress { fingerprint: attempt.fingerprint, customer: attempt.customer }));
        }
        if !upstream::end(ledger, &attempt.scope, &attempt.key, payment.as_deref(), None)? {
            // Another caller settled the attempt first: that outcome stands.
            return Attempts(ledger).find(&attempt.scope, &parsed);
        }
        let payload = Payload { customer: attempt.customer, fingerprint: &attempt.fingerprint };
        idempotency::settle(&mut Attempts(ledger), &attempt.scope, &parsed, payload, stored_answer, now)?;
        Ok::<_, LedgerError>(None)
    };
    let committed = move |known: &Option<KeyRecord>| {
        if let (None, Some(number)) = (known, number) {
            telemetry::recorded(&cause.unwrap_or_else(|| Cause::begin(None)), Some(&key), number, status);
        }
    };
    Ok(match state.ledger.write(change, committed).await.map_err(|error: LedgerError| ApiError::from(error))? {
        None if is_replay => Outcome::Replayed(answer),
        None => Outcome::Fresh { answer, payment: number },
        Some(KeyRecord::Settled { answer, .. }) => Outcome::Replayed(answer),
        Some(KeyRecord::InProgress { .. }) => Outcome::InProgress,
        Some(KeyRecord::Burnt { .. }) => Outcome::Burnt,
    })
}

/// Waits until no other transaction counts the attempts of this content.
fn lock_content(ledger: &mut dyn Sql, attempt: &UpstreamAttempt) -> Result<(), LedgerError> {
    ledger.lock(&format!("{} content {}", attempt.scope, attempt.mark))
}

/// The reason for a look.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum LookReason {
    /// Somebody asks for the outcome. The schedule goes on as it was, or a person who asks often would put its looks off.
    Request,
    /// The look is due.
    Schedule,
}

/// Asks the vendor's readers for an attempt. A look that finds nothing proves nothing.
pub(super) async fn look(
    state: &SharedState,
    vendor: &Vendor,
    attempt: UpstreamAttempt,
    reason: LookReason,
) -> Result<Outcome, ApiError> {
    let found = match vendor.contract {
        Contract::Fusebill => fusebill::find_payment(vendor, &attempt).await.map(|found| match found {
            Match::One(payment) => Match::One(payment.to_string()),
            Match::None => Match::None,
            Match::Several => Match::Several,
        }),
        Contract::MaiaScore => match maiascore::equal_records(vendor, &attempt).await {
            Ok(records) => Ok(attributed(state, attempt.clone(), records).await?),
            Err(fault) => Err(fault),
        },
    };
    if let Ok(Match::One(payment)) = &found
        && let Ok(reply) = vendor.get(&format!("{}{payment}", vendor.payments())).await
        && judge(vendor.contract, &reply) == Verdict::Recorded
    {
        let answer = Answer { status: 200, body: text(&reply) };
        state.lists.forget();
        return store_outcome(state, attempt, answer, Some(payment.clone()), None).await;
    }
    match found {
        Ok(Match::Several) => tracing::error!(mark = attempt.mark, "several payments could be one attempt's: staff must look"),
        Err(fault) => tracing::warn!(%fault, "the vendor's readers cannot be asked"),
        Ok(_) => {}
    }
    let wait = i64::try_from(stage::next_look(attempt.looks.saturating_add(1))).unwrap_or(i64::MAX);
    let next = (reason == LookReason::Schedule).then(|| seconds(state).saturating_add(wait));
    let noted = state.ledger.write(move |ledger| upstream::note_look(ledger, &attempt, next), |()| ()).await;
    noted.map_err(|error: LedgerError| ApiError::from(error))?;
    Ok(Outcome::InProgress)
}

/// The record of an attempt among equal ones.
async fn attributed(state: &SharedState, attempt: UpstreamAttempt, records: Vec<String>) -> Result<Match<String>, ApiError> {
    let count = move |ledger: &mut dyn Sql| {
        lock_content(ledger, &attempt)?;
        let (taken, unsettled) = upstream::attempts_of_content(ledger, &attempt)?;
        Ok(attribution::attribute(&records, &attempt.seen_before, &taken, unsettled))
    };
    state.ledger.write(count, |_| ()).await.map_err(|error: LedgerError| error.into())
}

pub(super) fn judge(contract: Contract, reply: &Reply) -> Verdict {
    let has_errors = match contract {
        Contract::Fusebill => fusebill::has_errors(reply),
        Contract::MaiaScore => maiascore::has_errors(reply),
    };
    stage::verdict(reply.status, record_id(contract, reply).is_some(), has_errors)
}

/// True where a reply's record may be the payment of an attempt: its customer and content are those of the attempt.
pub(super) fn is_record_of(contract: Contract, reply: &Reply, attempt: &UpstreamAttempt) -> bool {
    let record = relaxed_json::read(&reply.body);
    record.is_ok_and(|record| match contract {
        Contract::Fusebill => fusebill::is_record_of(&record, attempt),
        Contract::MaiaScore => maiascore::is_record_of(&record, attempt),
    })
}

/// The number that a reply's record has at the vendor's.
pub(super) fn record_id(contract: Contract, reply: &Reply) -> Option<String> {
    match contract {
        Contract::Fusebill => fusebill::record_id(reply),
        Contract::MaiaScore => maiascore::record_id(reply),
    }
}

fn text(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

/// Looks for unknown attempts on their schedule, until the server ends.
pub async fn keep_looking(state: SharedState) {
    let Ok(vendor) = vendor(&state) else { return };
    let mut tick = tokio::time::interval(LOOK_EVERY);
    loop {
        tick.tick().await;
        let now = seconds(&state);
        let due: Result<Vec<UpstreamAttempt>, LedgerError> =
            state.ledger.read(move |ledger| upstream::due(ledger, now, LOOKS_AT_ONCE)).await;
        for attempt in due.unwrap_or_default() {
            // The failure is logged, and the next round tries again.
            let _ = look(&state, vendor, attempt, LookReason::Schedule).await;
        }
    }
}
