//! Runs one attempt against the vendor, from its key to its outcome.
//!
//! The rules stand in [`stage`]: this file stores each step before the next one begins.

use super::{
    attribution,
    caller::{principal, vendor},
    checked::Checked,
    fusebill, maiascore,
    stage::{self, Found, Next, Stage, Step, Verdict},
    vendor::{Reply, Vendor},
};
use crate::{
    auth::Principal,
    body::{self, BodyType},
    error::ApiError,
    fusebill::body::whole_number,
    ledger::{
        attempts::{self, Attempts},
        sql::{LedgerError, Sql},
        upstream::{self, Handed},
    },
    maiascore::body as due_item,
    payments::{
        attempt::{self, Outcome},
        idempotency::{self, Answer, Caller, Decision, Key, Known, Payload, Store},
    },
    relaxed_json::{self, Json, Unreadable},
    response::{Contract, Wrong},
    state::SharedState,
};
use axum::{
    extract::{Request, State},
    response::Response,
};
use std::{sync::Arc, time::Duration};

/// How often the server looks for attempts whose look is due.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How many attempts are looked for in one round.
const LOOKS_AT_ONCE: i64 = 16;

/// `POST /v1/payments`, or `POST /payments`: the one whose vendor stands behind this server.
pub async fn create(State(state): State<SharedState>, request: Request) -> Response {
    let Ok(vendor) = vendor(&state) else { return ApiError::NotFound.response(Contract::of(request.uri().path())) };
    let contract = vendor.contract;
    let asked = attempt::key(request.headers()).and_then(|key| Ok((principal(contract, &request)?, key)));
    let (principal, key) = match asked {
        Ok(asked) => asked,
        Err(refusal) => return refusal.response(contract),
    };
    let (types, words) = match contract {
        Contract::Fusebill => (&[BodyType::Json][..], "The body must be application/json."),
        Contract::MaiaScore => (
            &[BodyType::Json, BodyType::Xml, BodyType::Form][..],
            "The body must be application/json, application/xml or application/x-www-form-urlencoded.",
        ),
    };
    let (body_type, body) = match body::read(request, types, words).await {
        Ok(read) => read,
        Err(refusal) => return refusal.response(contract),
    };
    let read = match contract {
        Contract::Fusebill => relaxed_json::read(&body),
        Contract::MaiaScore => due_item::read(body_type, &body),
    };
    // Without a key nothing is deduplicated, and still nothing may be sent twice or lost.
    let shown = key.clone();
    let Some(key) = key.or_else(own_key) else { return ApiError::Internal.response(contract) };
    // A task of its own: what was begun is brought to its end, whether or not the client waits.
    let work = tokio::spawn(async move { pay(&state, principal, &key, &body, read).await });
    let outcome = work.await.unwrap_or(Err(ApiError::Internal));
    attempt::respond(contract, shown.as_ref(), outcome)
}

fn own_key() -> Option<Key> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).ok()?;
    Key::parse(&crate::hash::hex(&bytes))
}

async fn pay(
    state: &SharedState,
    principal: Principal,
    key: &Key,
    body: &[u8],
    read: Result<Json, Unreadable>,
) -> Result<Outcome, ApiError> {
    let vendor = vendor(state)?;
    let scope = attempt::scope(state, vendor.contract);
    let fingerprint = attempt::fingerprint(body, &read);
    let (customer, checked) = match (&read, vendor.contract) {
        (Ok(body), Contract::Fusebill) => {
            (principal.acting_for(whole_number(body, "customerId")), fusebill::check(&principal, key, body))
        }
        (Ok(body), Contract::MaiaScore) => (None, maiascore::check(body)),
        (Err(error), Contract::Fusebill) => (principal.acting_for(None), Err(vec![Wrong::new("payment", error.to_string())])),
        (Err(error), Contract::MaiaScore) => (None, Err(vec![Wrong::new("Api Error", error.to_string())])),
    };
    let payload = Payload { customer, fingerprint: &fingerprint };
    let Ok(_claim) = state.in_flight.claim(&scope, key, payload).await else { return Ok(Outcome::InProgress) };
    let begun = {
        let asked = Asked { state: Arc::clone(state), contract: vendor.contract, principal, scope, key: key.clone() };
        let begun_at = state.clock.timestamp();
        let fingerprint = fingerprint.clone();
        let begin =
            move |ledger: &mut dyn Sql| asked.begin(ledger, Payload { customer, fingerprint: &fingerprint }, checked, begun_at);
        state.ledger.write(begin, |_| ()).await.map_err(|error: LedgerError| ApiError::from(error))?
    };
    match begun {
        Begun::Answer(outcome) => Ok(outcome),
        Begun::Send(handed) => send(state, vendor, handed).await,
        Begun::Look(handed) => look(state, vendor, handed).await,
    }
}

/// The next step for a request with a key, from the transaction that stored it.
enum Begun {
    Answer(Outcome),
    Send(Handed),
    Look(Handed),
}

/// One request: its caller and its attempt.
struct Asked {
    state: SharedState,
    contract: Contract,
    principal: Principal,
    scope: String,
    key: Key,
}

impl Asked {
    fn begin(
        &self,
        ledger: &mut dyn Sql,
        payload: Payload<'_>,
        checked: Result<Checked, Vec<Wrong>>,
        begun_at: String,
    ) -> Result<Begun, LedgerError> {
        let may_act_for = attempt::rights(self.contract, &self.principal);
        let caller = Caller { scope: &self.scope, may_act_for: &may_act_for };
        let now = self.state.ledger.seconds();
        match idempotency::decide(&mut Attempts(ledger), caller, &self.key, payload, now)? {
            Decision::Run => {}
            Decision::Replay(answer) => return Ok(Begun::Answer(Outcome::Replayed(answer))),
            Decision::OtherPayload => return Ok(Begun::Answer(Outcome::OtherPayload)),
            Decision::Burnt => return Ok(Begun::Answer(Outcome::Burnt)),
            Decision::InProgress => return Ok(Begun::Answer(Outcome::InProgress)),
        }
        let row = upstream::find(ledger, &self.scope, &self.key)?.filter(|row| row.stage.is_some());
        if let Some(row) = row {
            if row.fingerprint != payload.fingerprint || !may_act_for(row.customer) {
                return Ok(Begun::Answer(Outcome::OtherPayload));
            }
            return Ok(match stage::on_payment(row.stage) {
                Step::Send | Step::Begin => Begun::Send(row),
                Step::Look | Step::Burn => Begun::Look(row),
            });
        }
        match checked {
            Ok(checked) => {
                let handed = Handed {
                    scope: self.scope.clone(),
                    key: self.key.as_str().to_owned(),
                    customer: checked.customer,
                    fingerprint: payload.fingerprint.to_vec(),
                    request: checked.request,
                    mark: checked.mark,
                    amount: checked.amount,
                    stage: Some(Stage::Intended),
                    looks: 0,
                    begun_at,
                    seen_before: Vec::new(),
                };
                upstream::intend(ledger, &handed)?;
                Ok(Begun::Send(handed))
            }
            Err(wrongs) => {
                let answer = Answer::refused(self.contract, 400, &wrongs);
                idempotency::settle(&mut Attempts(ledger), &self.scope, &self.key, payload, answer.clone(), now)?;
                Ok(Begun::Answer(Outcome::Fresh { answer, payment: None }))
            }
        }
    }

    /// A resolve call: what it finds, or burns.
    fn resolve(&self, ledger: &mut dyn Sql, customer: Option<i64>, now: u64) -> Result<Begun, LedgerError> {
        let may_act_for = attempt::rights(self.contract, &self.principal);
        attempts::lock(ledger, &self.scope, self.key.as_str())?;
        let row = upstream::find(ledger, &self.scope, &self.key)?.filter(|row| row.stage.is_some());
        if let Some(row) = row {
            if !may_act_for(row.customer) || (customer.is_some() && !may_act_for(customer)) {
                return Ok(Begun::Answer(Outcome::NotFound));
            }
            if stage::on_resolve(row.stage) == Step::Look {
                return Ok(Begun::Look(row));
            }
            // It never left this machine: burnt, it never will.
            upstream::end(ledger, &self.scope, self.key.as_str(), None, Some("cancelled before it was sent"))?;
        }
        let caller = Caller { scope: &self.scope, may_act_for: &may_act_for };
        Ok(Begun::Answer(idempotency::resolve(&mut Attempts(ledger), caller, &self.key, customer, now)?.into()))
    }
}

/// Sends an attempt that has not left this machine.
async fn send(state: &SharedState, vendor: &Vendor, mut handed: Handed) -> Result<Outcome, ApiError> {
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
async fn look(state: &SharedState, vendor: &Vendor, handed: Handed) -> Result<Outcome, ApiError> {
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

/// `POST /v1/payments/resolve`, or `POST /payments/resolve`
pub async fn resolve(State(state): State<SharedState>, request: Request) -> Response {
    let Ok(vendor) = vendor(&state) else { return ApiError::NotFound.response(Contract::of(request.uri().path())) };
    match attempt::read_resolve(vendor.contract, request).await {
        Ok((principal, key, named)) => {
            let outcome = settle(&state, vendor, principal, &key, named).await;
            attempt::respond(vendor.contract, Some(&key), outcome)
        }
        Err(refusal) => refusal.response(vendor.contract),
    }
}

async fn settle(
    state: &SharedState,
    vendor: &Vendor,
    principal: Principal,
    key: &Key,
    named: Option<i64>,
) -> Result<Outcome, ApiError> {
    let scope = attempt::scope(state, vendor.contract);
    let customer = match vendor.contract {
        Contract::Fusebill => named.or_else(|| principal.acting_for(None)),
        Contract::MaiaScore => None,
    };
    let Ok(_claim) = state.in_flight.claim(&scope, key, Payload { customer, fingerprint: &[] }).await else {
        return Ok(Outcome::InProgress);
    };
    let now = state.ledger.seconds();
    let asked = Asked { state: Arc::clone(state), contract: vendor.contract, principal, scope, key: key.clone() };
    let change = move |ledger: &mut dyn Sql| asked.resolve(ledger, customer, now);
    match state.ledger.write(change, |_| ()).await.map_err(|error: LedgerError| ApiError::from(error))? {
        Begun::Answer(outcome) => Ok(outcome),
        Begun::Look(handed) | Begun::Send(handed) => look(state, vendor, handed).await,
    }
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
