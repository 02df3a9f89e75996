//! Answers Fusebill's routes by the vendor's own: payments exactly once, lists with the portal's rights.

use super::{
    stage::{self, Found, Next, Seen, Stage, Step, Verdict},
    vendor::{Reply, Vendor},
};
use crate::{
    auth::{self, Principal},
    body::{self, BodyType},
    error::ApiError,
    fusebill::body::{Amount, Members, whole_number},
    ledger::{
        attempts::{self, Attempts},
        sql::{LedgerError, Sql},
        upstream::{self, Handed},
    },
    payments::{
        attempt::{self, Outcome},
        idempotency::{self, Answer, Caller, Decision, Key, Known, Payload, Store},
    },
    relaxed_json::{self, Json, decimal},
    response::{Contract, Wrong},
    state::SharedState,
};
use axum::{
    body::Body,
    extract::{Path, Request, State},
    http::{HeaderValue, header},
    response::Response,
};
use payment_form::{
    domain::{invoice::CustomerId, payment::Reference},
    submission::{reference_marker, with_reference_marker},
};
use std::{sync::Arc, time::Duration};

const CONTRACT: Contract = Contract::Fusebill;
/// How often the server looks for attempts whose look is due.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How many attempts are looked for in one round.
const LOOKS_AT_ONCE: i64 = 16;
/// How many activities of a customer one look reads, the latest first.
const ACTIVITIES_MAX: u32 = 1000;

/// `POST /v1/payments`
pub async fn create(State(state): State<SharedState>, request: Request) -> Response {
    let asked = attempt::key(request.headers()).and_then(|key| Ok((auth::principal(&request)?, key)));
    let (principal, key) = match asked {
        Ok(asked) => asked,
        Err(refusal) => return refusal.response(CONTRACT),
    };
    let read = match body::read(request, &[BodyType::Json], "The body must be application/json.").await {
        Ok((_, body)) => body,
        Err(refusal) => return refusal.response(CONTRACT),
    };
    // Without a key nothing is deduplicated, and still nothing may be sent twice or lost.
    let shown = key.clone();
    let key = key.or_else(own_key);
    let Some(key) = key else { return ApiError::Internal.response(CONTRACT) };
    // A task of its own: what was begun is brought to its end, whether or not the client waits.
    let work = tokio::spawn(async move { pay(&state, principal, &key, &read).await });
    let outcome = work.await.unwrap_or(Err(ApiError::Internal));
    attempt::respond(CONTRACT, shown.as_ref(), outcome)
}

fn own_key() -> Option<Key> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).ok()?;
    Key::parse(&crate::hash::hex(&bytes))
}

async fn pay(state: &SharedState, principal: Principal, key: &Key, body: &[u8]) -> Result<Outcome, ApiError> {
    let vendor = vendor(state)?;
    let scope = attempt::scope(state, CONTRACT);
    let read = relaxed_json::read(body);
    let fingerprint = attempt::fingerprint(body, &read);
    let customer = principal.acting_for(read.as_ref().ok().and_then(|body| whole_number(body, "customerId")));
    let payload = Payload { customer, fingerprint: &fingerprint };
    let Ok(_claim) = state.in_flight.claim(&scope, key, payload).await else { return Ok(Outcome::InProgress) };
    let checked = match &read {
        Ok(body) => check(&principal, key, body),
        Err(error) => Err(vec![Wrong::new("payment", error.to_string())]),
    };
    let begun = {
        let (state, key, scope, fingerprint) = (Arc::clone(state), key.clone(), scope.clone(), fingerprint.clone());
        let begun_at = state.clock.timestamp();
        let shared = Arc::clone(&state);
        let begin = move |ledger: &mut dyn Sql| {
            let payload = Payload { customer, fingerprint: &fingerprint };
            begin(ledger, &shared, &principal, &scope, &key, payload, checked, begun_at)
        };
        state.ledger.write(begin, |_| ()).await.map_err(|error: LedgerError| ApiError::from(error))?
    };
    match begun {
        Begun::Answer(outcome) => Ok(outcome),
        Begun::Send(handed) => send(state, vendor, handed).await,
        Begun::Look(handed) => look(state, vendor, handed).await,
    }
}

/// What a request with a key comes to, in the transaction that stored it.
enum Begun {
    Answer(Outcome),
    Send(Handed),
    Look(Handed),
}

#[allow(clippy::too_many_arguments, reason = "one transaction, from the key to the row")]
fn begin(
    ledger: &mut dyn Sql,
    state: &SharedState,
    principal: &Principal,
    scope: &str,
    key: &Key,
    payload: Payload<'_>,
    checked: Result<Checked, Vec<Wrong>>,
    begun_at: String,
) -> Result<Begun, LedgerError> {
    let may_act_for = |customer| principal.may_act_for(customer);
    let caller = Caller { scope, may_act_for: &may_act_for };
    let now = state.ledger.seconds();
    match idempotency::decide(&mut Attempts(ledger), caller, key, payload, now)? {
        Decision::Run => {}
        Decision::Replay(answer) => return Ok(Begun::Answer(Outcome::Replayed(answer))),
        Decision::OtherPayload => return Ok(Begun::Answer(Outcome::OtherPayload)),
        Decision::Burnt => return Ok(Begun::Answer(Outcome::Burnt)),
        Decision::InProgress => return Ok(Begun::Answer(Outcome::InProgress)),
    }
    let row = upstream::find(ledger, scope, key)?.filter(|row| row.stage.is_some());
    if let Some(row) = row {
        if row.fingerprint != payload.fingerprint || !may_act_for(Some(row.customer)) {
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
                scope: scope.to_owned(),
                key: key.as_str().to_owned(),
                customer: checked.customer,
                fingerprint: payload.fingerprint.to_vec(),
                request: checked.request,
                mark: reference_marker(key.as_str()),
                amount: checked.amount,
                stage: Some(Stage::Intended),
                looks: 0,
                begun_at,
            };
            upstream::intend(ledger, &handed)?;
            Ok(Begun::Send(handed))
        }
        Err(wrongs) => {
            let answer = Answer::refused(CONTRACT, 400, &wrongs);
            idempotency::settle(&mut Attempts(ledger), scope, key, payload, answer.clone(), now)?;
            Ok(Begun::Answer(Outcome::Fresh { answer, payment: None }))
        }
    }
}

/// Sends an attempt that has not left this machine.
async fn send(state: &SharedState, vendor: &Vendor, handed: Handed) -> Result<Outcome, ApiError> {
    // Nothing is sent where nothing can be connected: the attempt stays `intended`, and a retry runs for real.
    let connected = vendor.connect().await.map_err(|words| {
        tracing::warn!(words, "the vendor cannot be reached");
        ApiError::Unavailable
    })?;
    if !advance(state, &handed, Stage::Intended, Stage::Sent).await? {
        return Ok(Outcome::InProgress);
    }
    let reply = vendor.exchange(connected, "POST", "/v1/payments/", handed.request.clone(), Some(&handed.key)).await;
    let reply = reply.inspect_err(|words| tracing::warn!(words, "the vendor's reply is lost")).ok();
    let verdict = reply.as_ref().map(judge);
    match (stage::on_reply(verdict), reply) {
        (Next::Known, Some(reply)) => {
            let payment = if verdict == Some(Verdict::Recorded) { record_id(&reply.body) } else { None };
            let status = if verdict == Some(Verdict::Recorded) { 200 } else { 400 };
            let body = String::from_utf8_lossy(&reply.body).into_owned();
            know(state, handed, Answer { status, body }, payment, false).await
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
    payment: Option<i64>,
    is_replay: bool,
) -> Result<Outcome, ApiError> {
    let now = state.ledger.seconds();
    let (key, kept) = (handed.key.clone(), answer.clone());
    let change = move |ledger: &mut dyn Sql| {
        let Some(parsed) = Key::parse(&handed.key) else { return Ok(None) };
        attempts::lock(ledger, &handed.scope, &handed.key)?;
        if !upstream::end(ledger, &handed.scope, &handed.key, None)? {
            // Somebody else settled it first: that outcome stands.
            return Attempts(ledger).find(&handed.scope, &parsed);
        }
        let payload = Payload { customer: Some(handed.customer), fingerprint: &handed.fingerprint };
        idempotency::settle(&mut Attempts(ledger), &handed.scope, &parsed, payload, kept, now)?;
        Ok::<_, LedgerError>(None)
    };
    let committed = move |_: &Option<Known>| {
        if let Some(payment) = payment {
            crate::telemetry::recorded(None, Some(&key), payment, Duration::ZERO);
        }
    };
    Ok(match state.ledger.write(change, committed).await.map_err(|error: LedgerError| ApiError::from(error))? {
        None if is_replay => Outcome::Replayed(answer),
        None => Outcome::Fresh { answer, payment },
        Some(Known::Settled { answer, .. }) => Outcome::Replayed(answer),
        Some(_) => Outcome::Burnt,
    })
}

/// Asks the vendor's readers for an attempt. A look that finds nothing proves nothing.
async fn look(state: &SharedState, vendor: &Vendor, handed: Handed) -> Result<Outcome, ApiError> {
    let found = seen(vendor, &handed).await;
    if let Ok(Found::One(payment)) = found
        && let Ok(reply) = vendor.get(&format!("/v1/payments/{payment}")).await
        && judge(&reply) == Verdict::Recorded
    {
        let answer = Answer { status: 200, body: String::from_utf8_lossy(&reply.body).into_owned() };
        return know(state, handed, answer, Some(payment), true).await;
    }
    match found {
        Ok(Found::Several) => {
            tracing::error!(mark = handed.mark, "several payments bear the mark of one attempt: staff must look")
        }
        Err(words) => tracing::warn!(words, "the vendor's readers cannot be asked"),
        Ok(_) => {}
    }
    let wait = i64::try_from(stage::next_look(handed.looks)).unwrap_or(i64::MAX);
    let look_at = seconds(state).saturating_add(wait);
    let noted = state.ledger.write(move |ledger| upstream::looked(ledger, &handed, look_at), |()| ()).await;
    noted.map_err(|error: LedgerError| ApiError::from(error))?;
    Ok(Outcome::InProgress)
}

async fn seen(vendor: &Vendor, handed: &Handed) -> Result<Found, String> {
    let path = format!(
        "/v1/customers/{}/paymentactivities?sortExpression=id&sortOrder=Descending&pageSize={ACTIVITIES_MAX}",
        handed.customer
    );
    let reply = vendor.get(&path).await?;
    let list = match (reply.status, relaxed_json::read(&reply.body)) {
        (200, Ok(Json::List(list))) => list,
        (status, _) => return Err(format!("the list of activities was answered with {status}")),
    };
    let line = |item: &Json| {
        let Json::Object(members) = item else { return None };
        let (Some(Json::Text(reference)), Some(Json::Number(amount))) = (members.get("reference"), members.get("amount")) else {
            return None;
        };
        let amount = decimal(amount)?.normalize().to_string();
        Some(Seen { payment: whole_number(item, "paymentId")?, reference: reference.clone(), amount })
    };
    Ok(stage::find(&list.iter().filter_map(line).collect::<Vec<_>>(), &handed.mark, &handed.amount))
}

fn judge(reply: &Reply) -> Verdict {
    let errors = match relaxed_json::read(&reply.body) {
        Ok(Json::Object(members)) => matches!(members.get("Errors"), Some(Json::List(errors)) if !errors.is_empty()),
        _ => false,
    };
    stage::verdict(reply.status, record_id(&reply.body).is_some(), errors)
}

fn record_id(body: &[u8]) -> Option<i64> {
    let read = relaxed_json::read(body).ok()?;
    let Json::Object(members) = &read else { return None };
    match members.get("id") {
        Some(Json::Number(text)) => text.parse().ok(),
        _ => None,
    }
}

/// A payment that may be handed on.
struct Checked {
    customer: i64,
    amount: String,
    request: String,
}

/// What must be right before a payment is handed on: who pays, a portal's limits, the reference. All else the vendor decides.
fn check(principal: &Principal, key: &Key, body: &Json) -> Result<Checked, Vec<Wrong>> {
    let mut wrongs = Vec::new();
    let Some(members) = Members::new("payment", body, &mut wrongs) else { return Err(wrongs) };
    let customer = members.id("customerId", CustomerId::new, &mut wrongs).ok().flatten();
    match customer {
        None => wrongs.push(Wrong::new("payment.CustomerId", "The customer is required.")),
        Some(id) if !principal.may_pay(id) => {
            wrongs.push(Wrong::new("payment.CustomerId", "A session can pay only for its own customer."));
        }
        Some(_) => {}
    }
    if principal.is_portal() {
        if members.word("source", &[("SelfServicePortal", ())]).flatten().is_none() {
            wrongs.push(Wrong::new("payment.Source", "A portal session can pay only with the source SelfServicePortal."));
        }
        if members.word("paymentMethod", &[("CreditCard", ()), ("ACH", ())]).flatten().is_none() {
            wrongs.push(Wrong::new("payment.PaymentMethodType", "A portal session can pay only with stored methods."));
        }
    }
    let amount = match members.amount("amount") {
        Some(Some(Amount::Exact(amount))) if !amount.is_sign_negative() && !amount.is_zero() => {
            Some(amount.normalize().to_string())
        }
        _ => {
            wrongs.push(Wrong::new("payment.Amount", "Amount must be greater than 0 and cannot exceed two decimal places"));
            None
        }
    };
    // The mark by which the vendor's readers find the payment again counts towards the reference.
    let given = members.text("reference", &mut wrongs).ok().flatten().unwrap_or_default();
    let mark = reference_marker(key.as_str());
    let marked =
        if given.ends_with(&format!("·{mark}")) { given.to_owned() } else { with_reference_marker(given, key.as_str()) };
    if Reference::new(&marked).is_err() {
        let words = "Reference must not exceed 489 characters, nor contain control or invisible characters or a card number";
        wrongs.push(Wrong::new("payment.Reference", words));
    }
    match (customer, amount, body) {
        (Some(customer), Some(amount), Json::Object(named)) if wrongs.is_empty() => {
            let mut named = named.clone();
            named.retain(|name, _| !name.eq_ignore_ascii_case("reference"));
            named.insert("reference".to_owned(), Json::Text(marked));
            Ok(Checked { customer: customer.number(), amount, request: Json::Object(named).canonical() })
        }
        _ => Err(wrongs),
    }
}

/// `POST /v1/payments/resolve`
pub async fn resolve(State(state): State<SharedState>, request: Request) -> Response {
    match attempt::read_resolve(CONTRACT, request).await {
        Ok((principal, key, named)) => {
            let outcome = settle(&state, principal, &key, named).await;
            attempt::respond(CONTRACT, Some(&key), outcome)
        }
        Err(refusal) => refusal.response(CONTRACT),
    }
}

async fn settle(state: &SharedState, principal: Principal, key: &Key, named: Option<i64>) -> Result<Outcome, ApiError> {
    let vendor = vendor(state)?;
    let scope = attempt::scope(state, CONTRACT);
    let customer = named.or_else(|| principal.acting_for(None));
    let Ok(_claim) = state.in_flight.claim(&scope, key, Payload { customer, fingerprint: &[] }).await else {
        return Ok(Outcome::InProgress);
    };
    let (now, own) = (state.ledger.seconds(), key.clone());
    let change = move |ledger: &mut dyn Sql| {
        let may_act_for = |customer| principal.may_act_for(customer);
        attempts::lock(ledger, &scope, own.as_str())?;
        let row = upstream::find(ledger, &scope, &own)?.filter(|row| row.stage.is_some());
        if let Some(row) = row {
            if !may_act_for(Some(row.customer)) || (customer.is_some() && !may_act_for(customer)) {
                return Ok(Begun::Answer(Outcome::NotFound));
            }
            if stage::on_resolve(row.stage) == Step::Look {
                return Ok(Begun::Look(row));
            }
            // It never left this machine: burnt, it never will.
            upstream::end(ledger, &scope, own.as_str(), Some("cancelled before it was sent"))?;
        }
        let caller = Caller { scope: &scope, may_act_for: &may_act_for };
        let found = idempotency::resolve(&mut Attempts(ledger), caller, &own, customer, now)?;
        Ok::<_, LedgerError>(Begun::Answer(found.into()))
    };
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
            // What went wrong stands in the log, and the next round tries again.
            let _ = look(&state, vendor, handed).await;
        }
    }
}

/// `GET /attempts?state=unknown`: what the staff must know of.
pub async fn unknown_attempts(State(state): State<SharedState>, request: Request) -> Response {
    let may = auth::principal(&request).and_then(|principal| {
        if principal.may_act_for(None) {
            Ok(())
        } else {
            Err(ApiError::Forbidden("Only staff see the attempts of all customers."))
        }
    });
    if let Err(refusal) = may {
        return refusal.response(CONTRACT);
    }
    let found: Result<Vec<Handed>, ApiError> = state.ledger.read(|ledger| Ok(upstream::unknown(ledger, None, 1000)?)).await;
    match found {
        Ok(found) => {
            let line = |handed: &Handed| {
                serde_json::json!({ "key": handed.key, "state": "unknown", "customerId": handed.customer, "amount": handed.amount,
                    "reference": handed.mark, "begunAt": handed.begun_at, "looks": handed.looks })
            };
            Answer::new(200, &found.iter().map(line).collect::<Vec<_>>()).response()
        }
        Err(refusal) => refusal.response(CONTRACT),
    }
}

/// `POST /attempts/{key}/settle`: `{"paymentId": 7613586, "note": "…"}`, or without a payment: there is none.
pub async fn settle_by_hand(State(state): State<SharedState>, Path(key): Path<String>, request: Request) -> Response {
    let outcome = by_hand(&state, &key, request).await;
    attempt::respond(CONTRACT, Key::parse(&key).as_ref(), outcome)
}

async fn by_hand(state: &SharedState, key: &str, request: Request) -> Result<Outcome, ApiError> {
    let principal = auth::principal(&request)?;
    if !principal.may_act_for(None) {
        return Err(ApiError::Forbidden("Only staff settle attempts."));
    }
    let key = Key::parse(key).ok_or(ApiError::NotFound)?;
    let (_, body) = body::read(request, &[BodyType::Json], "The body must be application/json.").await?;
    let malformed = |words: &str| ApiError::Malformed("note".to_owned(), words.to_owned());
    let read = relaxed_json::read(&body).map_err(|error| malformed(&error.to_string()))?;
    let note = match &read {
        Json::Object(members) => match members.get("note") {
            Some(Json::Text(note)) if (1..=500).contains(&note.len()) && !note.contains('\0') => note.clone(),
            _ => return Err(malformed("A note of 1 to 500 characters says why.")),
        },
        _ => return Err(malformed("The body must be an object.")),
    };
    let answer = match whole_number(&read, "paymentId") {
        Some(payment) => {
            let reply = vendor(state)?.get(&format!("/v1/payments/{payment}")).await.map_err(|_| ApiError::Unavailable)?;
            if judge(&reply) != Verdict::Recorded {
                return Err(ApiError::Malformed("paymentId".to_owned(), "The vendor has no such payment.".to_owned()));
            }
            Some(Answer { status: 200, body: String::from_utf8_lossy(&reply.body).into_owned() })
        }
        None => None,
    };
    let (scope, now) = (attempt::scope(state, CONTRACT), state.ledger.seconds());
    let change = move |ledger: &mut dyn Sql| {
        attempts::lock(ledger, &scope, key.as_str())?;
        let row = upstream::find(ledger, &scope, &key)?.filter(|row| row.stage == Some(Stage::Unknown));
        let Some(row) = row else { return Ok(Outcome::NotFound) };
        upstream::end(ledger, &scope, key.as_str(), Some(&note))?;
        let payload = Payload { customer: Some(row.customer), fingerprint: &row.fingerprint };
        match answer {
            Some(answer) => {
                idempotency::settle(&mut Attempts(ledger), &scope, &key, payload, answer.clone(), now)?;
                Ok(Outcome::Replayed(answer))
            }
            None => {
                Attempts(ledger).keep(&scope, &key, Known::Burnt { customer: Some(row.customer), at: now })?;
                Ok::<_, LedgerError>(Outcome::Burnt)
            }
        }
    };
    state.ledger.write(change, |_| ()).await.map_err(|error: LedgerError| error.into())
}

/// `GET /v1/customers/{id}/…`: the vendor's list, for who may see the customer.
pub async fn list(State(state): State<SharedState>, Path(id): Path<String>, request: Request) -> Response {
    let may_read = |principal: Principal| CustomerId::parse(&id).is_some_and(|customer| principal.may_read(customer));
    let path = path(&request);
    let may_read = auth::principal(&request).map(may_read);
    drop(request);
    match may_read {
        Ok(true) => pass_on(&state, &path, |_| true).await,
        Ok(false) => ApiError::NotFound.response(CONTRACT),
        Err(refusal) => refusal.response(CONTRACT),
    }
}

/// `GET /v1/payments/{id}` and `GET /v1/invoices/{id}`: the vendor's record, for who may see its customer.
pub async fn record(State(state): State<SharedState>, Path(id): Path<String>, request: Request) -> Response {
    let principal = match auth::principal(&request) {
        Ok(principal) => principal,
        Err(refusal) => return refusal.response(CONTRACT),
    };
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return ApiError::NotFound.response(CONTRACT);
    }
    let path = path(&request);
    drop(request);
    pass_on(&state, &path, move |body| {
        let customer = relaxed_json::read(body).ok().and_then(|read| whole_number(&read, "customerId"));
        principal.may_act_for(customer)
    })
    .await
}

/// The vendor's paths are this server's.
fn path(request: &Request) -> String {
    request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string)
}

async fn pass_on(state: &SharedState, path: &str, may_see: impl FnOnce(&[u8]) -> bool) -> Response {
    let reply = match vendor(state) {
        Ok(vendor) => vendor.get(path).await,
        Err(refusal) => return refusal.response(CONTRACT),
    };
    let reply = match reply {
        Ok(reply) => reply,
        Err(words) => {
            tracing::warn!(words, "the vendor cannot be read");
            return ApiError::Unavailable.response(CONTRACT);
        }
    };
    match reply.status {
        200 if may_see(&reply.body) => {
            let mut response = Response::new(Body::from(reply.body));
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
            if let Some(last) = reply.page_max {
                headers.insert("x-maxpageindex", last);
            }
            response
        }
        200 | 404 => ApiError::NotFound.response(CONTRACT),
        400 => Answer { status: 400, body: String::from_utf8_lossy(&reply.body).into_owned() }.response(),
        429 => ApiError::TooMany(reply.retry_after.unwrap_or(1)).response(CONTRACT),
        status => {
            tracing::warn!(status, "the vendor refused a read");
            ApiError::Unavailable.response(CONTRACT)
        }
    }
}

fn vendor(state: &SharedState) -> Result<&Vendor, ApiError> {
    state.vendor.as_ref().ok_or(ApiError::NotFound)
}
