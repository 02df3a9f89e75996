//! Sends an attempt to the vendor, and looks for lost ones.
//!
//! The rules stand in [`stage`] and [`attribution`]: this file stores each step before the next one begins.

use super::{
    caller::vendor,
    fusebill, maiascore,
    outcome::{self, Source, VendorOutcome, lock_content},
};
use crate::{
    error::ApiError,
    idempotency::Answer,
    ledger::{
        attempts, clock,
        sql::{LedgerError, Sql},
        upstream::{self, UpstreamAttempt},
    },
    payments::attempt::{self, Outcome},
    reconciliation::{
        attribution,
        stage::{self, Match, Next, Stage, Verdict},
    },
    relaxed_json,
    response::Contract,
    state::SharedState,
    telemetry::Cause,
    vendor::{EXCHANGE_MAX, Reply, Vendor, VendorFault},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// The pause between two rounds of looks that are due.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The longest time for which a reply waits for the ledger.
const STORE_MAX: Duration = Duration::from_secs(10);
/// A reply must come and be stored before its attempt counts as lost, also for a server whose clock is ahead.
const _: () = assert!(stage::REPLY_AWAITED > EXCHANGE_MAX.as_secs() + STORE_MAX.as_secs() + clock::LAG_MAX);
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
    // The row `sent` says until when other servers leave the attempt alone, so it must count from their clock.
    state.ledger.read_clock().await?;
    let began = Instant::now();
    if !advance(state, &attempt, Stage::Intended, Stage::Sent).await? {
        return Ok(Outcome::InProgress);
    }
    if began.elapsed() > STORE_MAX {
        // Too little time is left before others take the attempt for lost, and the request has not left.
        advance(state, &attempt, Stage::Sent, Stage::Intended).await?;
        return Err(ApiError::Unavailable);
    }
    let reply = vendor.exchange(connected, "POST", vendor.payments(), attempt.request.clone(), Some(&attempt.key)).await;
    let reply = reply.inspect_err(|fault| tracing::warn!(%fault, "the vendor's reply is lost")).ok();
    state.lists.forget();
    stored_in_time(STORE_MAX, conclude(state, vendor, attempt, reply, cause)).await
}

/// The outcome of a sent attempt, where the ledger stores it in time. A write that has begun is not cut, and a look finds the others.
async fn stored_in_time(
    limit: Duration,
    store: impl Future<Output = Result<Result<Outcome, ApiError>, LedgerError>>,
) -> Result<Outcome, ApiError> {
    // The vendor may have recorded the payment, so no error of the ledger means that nothing was done. The row is looked for.
    match tokio::time::timeout(limit, store).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(error)) => {
            tracing::error!(%error, "the reply of the vendor cannot be stored");
            Ok(Outcome::Unknown)
        }
        Err(_) => {
            tracing::error!("the reply of the vendor is not stored in time");
            Ok(Outcome::Unknown)
        }
    }
}

/// Stores the result of a reply. The outer error is the ledger's, and the reply is lost with it.
async fn conclude(
    state: &SharedState,
    vendor: &Vendor,
    attempt: UpstreamAttempt,
    reply: Option<Reply>,
    cause: Cause,
) -> Result<Result<Outcome, ApiError>, LedgerError> {
    let verdict = reply.as_ref().map(|reply| judge(vendor.contract, reply));
    match (stage::on_reply(verdict), reply) {
        (Next::Known, Some(reply)) => {
            let payment = if verdict == Some(Verdict::Recorded) { record_id(vendor.contract, &reply) } else { None };
            let status = if verdict == Some(Verdict::Recorded) { 200 } else { 400 };
            let answer = Answer { status, body: text(&reply) };
            let outcome = VendorOutcome { contract: vendor.contract, attempt, answer, payment, source: Source::Reply(cause) };
            outcome::store(state, outcome).await.map(Ok)
        }
        (Next::Stage(Stage::Intended), reply) => {
            // Another server that shares the database may have taken the attempt for lost; this reply knows better.
            if !advance(state, &attempt, Stage::Sent, Stage::Intended).await?
                && !advance(state, &attempt, Stage::Unknown, Stage::Intended).await?
                && let Some(settled) = outcome::settled_before(state, &attempt).await?
            {
                return Ok(Ok(settled));
            }
            let fault = reply.map_or_else(|| VendorFault::Away("it did not reply".to_owned()), |reply| VendorFault::of(&reply));
            Ok(Err(fault.before_payment()))
        }
        _ => {
            advance(state, &attempt, Stage::Sent, Stage::Unknown).await?;
            Ok(Ok(Outcome::Unknown))
        }
    }
}

async fn advance(state: &SharedState, attempt: &UpstreamAttempt, from: Stage, to: Stage) -> Result<bool, LedgerError> {
    let (attempt, shared) = (attempt.clone(), Arc::clone(state));
    let wait = if to == Stage::Sent { stage::REPLY_AWAITED } else { stage::next_look(0) };
    let change = move |ledger: &mut dyn Sql| {
        // A write may wait for its turn, and the time for the reply begins afterwards.
        let look_at = after(&shared, wait);
        attempts::lock(ledger, &attempt.scope, &attempt.key)?;
        if from == Stage::Intended {
            upstream::remember(ledger, &attempt)?;
        }
        upstream::advance(ledger, &attempt, from, to, look_at)
    };
    state.ledger.write(change, |_| ()).await
}

/// The seconds by which looks are scheduled.
pub(super) fn seconds(state: &SharedState) -> i64 {
    i64::try_from(state.ledger.seconds()).unwrap_or(i64::MAX)
}

/// The moment after so many seconds.
fn after(state: &SharedState, wait: u64) -> i64 {
    seconds(state).saturating_add(i64::try_from(wait).unwrap_or(i64::MAX))
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
pub(super) async fn look(state: &SharedState, vendor: &Vendor, attempt: UpstreamAttempt, reason: LookReason) -> Outcome {
    settle_by_look(state, vendor, attempt, reason).await.unwrap_or_else(|error: LedgerError| {
        // The payment may be recorded, so no error of the ledger means that nothing was done.
        tracing::warn!(%error, "a look cannot be stored");
        Outcome::InProgress
    })
}

async fn settle_by_look(
    state: &SharedState,
    vendor: &Vendor,
    attempt: UpstreamAttempt,
    reason: LookReason,
) -> Result<Outcome, LedgerError> {
    let found = find_payment(state, vendor, &attempt).await?;
    let (found, records) = match found {
        Ok(Found { payment, records }) => (Ok(payment), records),
        Err(fault) => (Err(fault), None),
    };
    let wait = stage::next_look(attempt.looks.saturating_add(1));
    let next = (reason == LookReason::Schedule).then(|| after(state, wait));
    if let Ok(Match::One(payment)) = &found
        && let Ok(reply) = vendor.get(&format!("{}{payment}", vendor.payments())).await
        && judge(vendor.contract, &reply) == Verdict::Recorded
    {
        let answer = Answer { status: 200, body: text(&reply) };
        state.lists.forget();
        let (payment, source) = (Some(payment.clone()), Source::Look { next, records });
        return outcome::store(state, VendorOutcome { contract: vendor.contract, attempt, answer, payment, source }).await;
    }
    match found {
        Ok(Match::Several) => tracing::error!(mark = attempt.mark, "several payments could be one attempt's: staff must look"),
        Err(fault) => tracing::warn!(%fault, "the vendor's readers cannot be asked"),
        Ok(_) => {}
    }
    let now = seconds(state);
    state.ledger.write(move |ledger| upstream::note_look(ledger, &attempt, now, next), |()| ()).await?;
    Ok(Outcome::InProgress)
}

/// The result of a look.
struct Found {
    payment: Match<String>,
    /// The vendor's records with the content of the attempt, where the attempt is told apart by them.
    records: Option<Vec<String>>,
}

/// The vendor's payment of an attempt. The outer error is the ledger's.
async fn find_payment(
    state: &SharedState,
    vendor: &Vendor,
    attempt: &UpstreamAttempt,
) -> Result<Result<Found, VendorFault>, LedgerError> {
    Ok(match vendor.contract {
        Contract::Fusebill => fusebill::find_payment(vendor, attempt).await.map(|payment| Found { payment, records: None }),
        Contract::MaiaScore => match maiascore::equal_records(vendor, attempt).await {
            Ok(records) => {
                let payment = attributed(state, attempt.clone(), records.clone()).await?;
                Ok(Found { payment, records: Some(records) })
            }
            Err(fault) => Err(fault),
        },
    })
}

/// The record of an attempt among equal ones.
async fn attributed(state: &SharedState, attempt: UpstreamAttempt, records: Vec<String>) -> Result<Match<String>, LedgerError> {
    let now = seconds(state);
    let count = move |ledger: &mut dyn Sql| {
        lock_content(ledger, &attempt)?;
        let equal = upstream::equal_attempts(ledger, &attempt, now)?;
        Ok(attribution::attribute(&records, &attempt.seen_before, &equal))
    };
    state.ledger.write(count, |_| ()).await
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

/// Looks for lost attempts on their schedule, until the server ends.
pub async fn keep_looking(state: SharedState) {
    let Ok(vendor) = vendor(&state) else { return };
    let mut tick = tokio::time::interval(LOOK_EVERY);
    let own = attempt::scope(&state, vendor.contract);
    loop {
        tick.tick().await;
        let (now, scope) = (seconds(&state), own.clone());
        let due: Result<Vec<UpstreamAttempt>, LedgerError> =
            state.ledger.read(move |ledger| upstream::due(ledger, &scope, now, LOOKS_AT_ONCE)).await;
        // A failure is logged, and the next round tries again.
        let due = due.inspect_err(|error| tracing::warn!(%error, "the attempts to look for cannot be read"));
        for attempt in due.unwrap_or_default() {
            look(&state, vendor, attempt, LookReason::Schedule).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reply_that_the_ledger_takes_too_long_to_store_is_unknown() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let outcome = runtime.block_on(stored_in_time(Duration::from_millis(1), std::future::pending()));
        assert!(matches!(outcome, Ok(Outcome::Unknown)), "{outcome:?}");
        let stored = async { Ok(Ok(Outcome::Burnt)) };
        let outcome = runtime.block_on(stored_in_time(STORE_MAX, stored));
        assert!(matches!(outcome, Ok(Outcome::Burnt)), "{outcome:?}");
    }
}
