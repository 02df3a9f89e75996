//! Sends an attempt to the vendor, looks for lost ones, and stores each outcome once.
//!
//! The rules stand in [`stage`] and [`attribution`]: this file stores each step before the next one begins.

use super::{
    attribution,
    caller::vendor,
    fusebill, maiascore,
    stage::{self, Found, Next, Stage, Verdict},
    vendor::{Reply, Vendor},
};
use crate::{
    error::ApiError,
    ledger::{
        attempts::{self, Attempts},
        sql::{LedgerError, Sql},
        upstream::{self, Handed},
    },
    payments::{
        attempt::Outcome,
        idempotency::{self, Answer, Key, Known, Payload, Store},
    },
    response::Contract,
    state::SharedState,
};
use std::time::Duration;

/// How often the server looks for attempts whose look is due.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How many attempts are looked for in one round.
const LOOKS_AT_ONCE: i64 = 16;

/// Sends an attempt that has not left this machine.
pub(super) async fn send(state: &SharedState, vendor: &Vendor, mut handed: Handed) -> Result<Outcome, ApiError> {
    // Without a connection no request is sent: the attempt stays `intended`, and a retry runs for real.
    let unreachable = |words: String| {
        tracing::warn!(words, "the vendor cannot be reached");
        ApiError::Unavailable
    };
    if vendor.contract == Contract::MaiaScore {
        handed.seen_before = maiascore::equal_records(vendor, &handed).await.map_err(unreachable)?;
    }
    let connected = vendor.connect().await.map_err(unreachable)?;
    if !advance(state, &handed, Stage::Intended, Stage::Sent).await? {
        return Ok(Outcome::InProgress);
    }
    let reply = vendor.exchange(connected, "POST", vendor.payments(), handed.request.clone(), Some(&handed.key)).await;
    let reply = reply.inspect_err(|words| tracing::warn!(words, "the vendor's reply is lost")).ok();
    state.lists.forget();
    let verdict = reply.as_ref().map(|reply| judge(vendor.contract, reply));
    match (stage::on_reply(verdict), reply) {
        (Next::Known, Some(reply)) => {
            let payment = if verdict == Some(Verdict::Recorded) { record_id(vendor.contract, &reply) } else { None };
            let status = if verdict == Some(Verdict::Recorded) { 200 } else { 400 };
            let answer = Answer { status, body: text(&reply) };
            know(state, handed, answer, payment, false).await
        }
        (Next::Stage(Stage::Intended), reply) => {
            // Another server that shares the database may have taken the attempt for lost; this reply knows better.
            if !advance(state, &handed, Stage::Sent, Stage::Intended).await? {
                advance(state, &handed, Stage::Unknown, Stage::Intended).await?;
            }
            let (status, wait) = reply.map_or((0, None), |reply| (reply.status, reply.retry_after));
            tracing::warn!(status, "the vendor turned a payment away");
            Err(if status == 429 { ApiError::TooMany(wait.unwrap_or(1)) } else { ApiError::Unavailable })
        }
        _ => {
            advance(state, &handed, Stage::Sent, Stage::Unknown).await?;
            Ok(Outcome::Unknown)
        }
    }
}

async fn advance(state: &SharedState, handed: &Handed, from: Stage, to: Stage) -> Result<bool, ApiError> {
    let handed = handed.clone();
    let look_at = seconds(state).saturating_add(i64::try_from(stage::next_look(0)).unwrap_or(5));
    let change = move |ledger: &mut dyn Sql| {
        attempts::lock(ledger, &handed.scope, &handed.key)?;
        if from == Stage::Intended {
            upstream::remember(ledger, &handed)?;
        }
        upstream::advance(ledger, &handed, from, to, look_at)
    };
    let moved = state.ledger.write(change, |_| ()).await;
    moved.map_err(|error: LedgerError| error.into())
}

/// The seconds by which looks are scheduled.
fn seconds(state: &SharedState) -> i64 {
    i64::try_from(state.ledger.seconds()).unwrap_or(i64::MAX)
}

/// Stores an outcome under its key, once.
async fn know(
    state: &SharedState,
    handed: Handed,
    answer: Answer,
    payment: Option<String>,
    is_replay: bool,
) -> Result<Outcome, ApiError> {
    let now = state.ledger.seconds();
    let number = payment.as_deref().and_then(|payment| payment.parse().ok());
    let (key, kept) = (handed.key.clone(), answer.clone());
    let change = move |ledger: &mut dyn Sql| {
        let Some(parsed) = Key::parse(&handed.key) else { return Ok(None) };
        attempts::lock(ledger, &handed.scope, &handed.key)?;
        lock_content(ledger, &handed)?;
        if let Some(payment) = payment.as_ref().filter(|_| is_replay)
            && upstream::of_content(ledger, &handed)?.0.contains(payment)
        {
            // An equal attempt took the record since this one found it: the next look counts anew.
            return Ok(Some(Known::InProgress { fingerprint: handed.fingerprint, customer: handed.customer }));
        }
        if !upstream::end(ledger, &handed.scope, &handed.key, payment.as_deref(), None)? {
            // Somebody else settled it first: that outcome stands.
            return Attempts(ledger).find(&handed.scope, &parsed);
        }
        let payload = Payload { customer: handed.customer, fingerprint: &handed.fingerprint };
        idempotency::settle(&mut Attempts(ledger), &handed.scope, &parsed, payload, kept, now)?;
        Ok::<_, LedgerError>(None)
    };
    let committed = move |known: &Option<Known>| {
        if let (None, Some(number)) = (known, number) {
            crate::telemetry::recorded(None, Some(&key), number, Duration::ZERO);
        }
    };
    Ok(match state.ledger.write(change, committed).await.map_err(|error: LedgerError| ApiError::from(error))? {
        None if is_replay => Outcome::Replayed(answer),
        None => Outcome::Fresh { answer, payment: number },
        Some(Known::Settled { answer, .. }) => Outcome::Replayed(answer),
        Some(Known::InProgress { .. }) => Outcome::InProgress,
        Some(Known::Burnt { .. }) => Outcome::Burnt,
    })
}

/// Waits until no other transaction counts the attempts of this content.
fn lock_content(ledger: &mut dyn Sql, handed: &Handed) -> Result<(), LedgerError> {
    ledger.lock(&format!("{} content {}", handed.scope, handed.mark))
}

/// Asks the vendor's readers for an attempt. A look that finds nothing proves nothing.
pub(super) async fn look(state: &SharedState, vendor: &Vendor, handed: Handed) -> Result<Outcome, ApiError> {
    let found = match vendor.contract {
        Contract::Fusebill => fusebill::seen(vendor, &handed).await.map(|found| match found {
            Found::One(payment) => Found::One(payment.to_string()),
            Found::None => Found::None,
            Found::Several => Found::Several,
        }),
        Contract::MaiaScore => match maiascore::equal_records(vendor, &handed).await {
            Ok(records) => Ok(attributed(state, handed.clone(), records).await?),
            Err(words) => Err(words),
        },
    };
    if let Ok(Found::One(payment)) = &found
        && let Ok(reply) = vendor.get(&format!("{}{payment}", vendor.payments())).await
        && judge(vendor.contract, &reply) == Verdict::Recorded
    {
        let answer = Answer { status: 200, body: text(&reply) };
        state.lists.forget();
        return know(state, handed, answer, Some(payment.clone()), true).await;
    }
    match found {
        Ok(Found::Several) => tracing::error!(mark = handed.mark, "several payments could be one attempt's: staff must look"),
        Err(words) => tracing::warn!(words, "the vendor's readers cannot be asked"),
        Ok(_) => {}
    }
    let wait = i64::try_from(stage::next_look(handed.looks)).unwrap_or(i64::MAX);
    let look_at = seconds(state).saturating_add(wait);
    let noted = state.ledger.write(move |ledger| upstream::looked(ledger, &handed, look_at), |()| ()).await;
    noted.map_err(|error: LedgerError| ApiError::from(error))?;
    Ok(Outcome::InProgress)
}

/// The record of an attempt among equal ones.
async fn attributed(state: &SharedState, handed: Handed, records: Vec<String>) -> Result<Found<String>, ApiError> {
    let count = move |ledger: &mut dyn Sql| {
        lock_content(ledger, &handed)?;
        let (taken, unsettled) = upstream::of_content(ledger, &handed)?;
        Ok(attribution::attribute(&records, &handed.seen_before, &taken, unsettled))
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

fn record_id(contract: Contract, reply: &Reply) -> Option<String> {
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
        let due: Result<Vec<Handed>, LedgerError> =
            state.ledger.read(move |ledger| upstream::unknown(ledger, Some(now), LOOKS_AT_ONCE)).await;
        for handed in due.unwrap_or_default() {
            // The failure is logged, and the next round tries again.
            let _ = look(&state, vendor, handed).await;
        }
    }
}
