//! Runs one POST that may move money, from its key to its reply.
//!
//! One transaction in the ledger's own thread looks up the key, decides the payment, stores it and settles the invoices. If one
//! step fails, no step has happened. A client that goes away leaves the queue of writes; a write that has begun is never cut.

use crate::{
    auth::{self, Principal},
    body::{self, BodyType},
    error::ApiError,
    faults::{Fault, Point},
    hash,
    idempotency::{self, Caller, Decision, Key, Payload, Resolution},
    ledger::{
        attempts::Attempts,
        sql::{self, LedgerError, Sql},
    },
    relaxed_json::{self, Json, ParseError},
    response::{Answer, Contract, FieldError},
    state::{AppState, SharedState},
    telemetry::{self, Cause, RequestId},
};
use axum::{
    extract::Request,
    http::{Extensions, HeaderMap, HeaderName, HeaderValue, header},
    response::Response,
};
use std::sync::Arc;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// One attempt: its caller, its payload and its key.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The contract that is spoken.
    pub contract: Contract,
    /// The caller.
    pub principal: Principal,
    key: Option<Key>,
    customer: Option<i64>,
    fingerprint: Vec<u8>,
    request: Option<RequestId>,
    fault: Fault,
}

impl Attempt {
    /// Makes an attempt with the key of these headers; without a key, a repeated request pays again. `customer` is the payload's customer.
    ///
    /// # Errors
    /// [`ApiError::Malformed`] when the header is there and its text is no valid key.
    pub fn new(
        contract: Contract,
        principal: Principal,
        (headers, extensions): (&HeaderMap, &Extensions),
        body: &[u8],
        read: &Result<Json, ParseError>,
        customer: Option<i64>,
    ) -> Result<Self, ApiError> {
        Ok(Self {
            contract,
            key: key(headers)?,
            customer: principal.acting_for(customer),
            principal,
            fingerprint: fingerprint(body, read),
            request: extensions.get().cloned(),
            fault: Fault::of(headers),
        })
    }

    fn payload(&self) -> Payload<'_> {
        Payload { customer: self.customer, fingerprint: &self.fingerprint }
    }
}

/// The key of a request; `None` without the header.
///
/// # Errors
/// [`ApiError::Malformed`] when the header's text is no valid key, or the header occurs twice.
pub fn key(headers: &HeaderMap) -> Result<Option<Key>, ApiError> {
    let mut values = headers.get_all(&KEY).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().ok().and_then(Key::parse).map(Some).ok_or_else(invalid_key),
        (Some(_), Some(_)) => Err(invalid_key()),
    }
}

fn invalid_key() -> ApiError {
    ApiError::malformed("Idempotency-Key", "An idempotency key has 16 to 64 letters, digits, - and _.")
}

/// The fingerprint of a payload's contents: two spellings of one content have the same.
pub fn fingerprint(body: &[u8], read: &Result<Json, ParseError>) -> Vec<u8> {
    match read {
        Ok(json) => hash::sha256(&[b"read ", json.canonical().as_bytes()]).to_vec(),
        Err(_) => hash::sha256(&[b"unread ", body]).to_vec(),
    }
}

/// The namespace of keys: one for each tenant and API. A key of one API never finds a record of the other.
pub fn scope(state: &AppState, contract: Contract) -> String {
    let contract = match contract {
        Contract::Fusebill => "fusebill",
        Contract::MaiaScore => "maiascore",
    };
    format!("{} {contract}", state.config.tenant)
}

/// Returns the test of the customers for whom a principal may act. MaiaScore's records have no customer, so a principal with access to
/// one has access to all.
pub fn rights(contract: Contract, principal: &Principal) -> impl Fn(Option<i64>) -> bool {
    move |customer| contract == Contract::MaiaScore || principal.may_act_for(customer)
}

/// The state of an attempt that a request learns.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The payment was decided now.
    Fresh {
        /// The answer.
        answer: Answer,
        /// The number of the payment, if there is one.
        payment: Option<String>,
    },
    /// The payment was decided before.
    Replayed(Answer),
    /// The key was used with another payload.
    OtherPayload,
    /// The key was cancelled.
    Burnt,
    /// The payment is being worked on, or not settled yet.
    InProgress,
    /// A vendor's reply is lost: there may be a payment.
    Unknown,
    /// The key is another customer's.
    NotFound,
}

impl From<Resolution> for Outcome {
    fn from(resolution: Resolution) -> Self {
        match resolution {
            Resolution::Replay(answer) => Self::Replayed(answer),
            Resolution::Burnt => Self::Burnt,
            Resolution::InProgress => Self::InProgress,
            Resolution::NotFound => Self::NotFound,
        }
    }
}

/// The result of the rules: a payment, or every problem.
pub type CheckResult<P> = Result<P, Vec<FieldError>>;

/// A payment that was stored.
pub struct NewRecord {
    /// Its number.
    pub number: i64,
    /// Its record.
    pub answer: Answer,
}

/// Runs an attempt once for its key, and answers. `check` says whether it is a payment; `insert` stores it and writes its record. The
/// answer is kept under the key, a refusal like a record. An error of the database undoes everything, the key too.
pub async fn run<P, C, I>(state: SharedState, attempt: Attempt, check: C, insert: I) -> Response
where
    P: 'static,
    C: FnOnce(&AppState, &mut dyn Sql) -> sql::Result<CheckResult<P>> + Send + 'static,
    I: FnOnce(&AppState, &mut dyn Sql, P) -> sql::Result<NewRecord> + Send + 'static,
{
    let (contract, key, fault) = (attempt.contract, attempt.key.clone(), attempt.fault.clone());
    if let Some(response) = fault.early_response() {
        return response;
    }
    fault.reach(Point::Read);
    let work = work(state, attempt, check, insert);
    let reply = if fault.is_asked() {
        // A fault outlives its client: the tests look at what became of it.
        tokio::spawn(work).await.unwrap_or(Err(ApiError::Internal))
    } else {
        work.await
    };
    fault.late_response(respond(contract, key.as_ref(), reply)).await
}

async fn work<P, C, I>(state: SharedState, attempt: Attempt, check: C, insert: I) -> Result<Outcome, ApiError>
where
    P: 'static,
    C: FnOnce(&AppState, &mut dyn Sql) -> sql::Result<CheckResult<P>> + Send + 'static,
    I: FnOnce(&AppState, &mut dyn Sql, P) -> sql::Result<NewRecord> + Send + 'static,
{
    let scope = scope(&state, attempt.contract);
    let claim = match &attempt.key {
        Some(key) => match state.in_flight.claim(&scope, key, attempt.payload()).await {
            Ok(claim) => Some(claim),
            Err(mut in_use) => {
                let may_act_for = rights(attempt.contract, &attempt.principal);
                let caller = Caller { scope: &scope, may_act_for: &may_act_for };
                let Ok(decision) = idempotency::decide(&mut in_use, caller, key, attempt.payload(), 0);
                return Ok(if decision == Decision::OtherPayload { Outcome::OtherPayload } else { Outcome::InProgress });
            }
        },
        None => None,
    };
    attempt.fault.delay().await;
    let (cause, shared) = (Cause::begin(attempt.request.clone()), Arc::clone(&state));
    let (key, fault) = (attempt.key.clone(), attempt.fault.clone());
    let committed = move |reply: &Outcome| {
        // Logged here, because the client may be gone: a committed payment has its line whatever becomes of the connection.
        if let Outcome::Fresh { payment: Some(number), answer } = reply {
            telemetry::recorded(&cause, key.as_ref().map(Key::as_str), number, answer.status);
        }
        fault.reach(Point::Committed);
    };
    let reply = state
        .ledger
        .write(move |ledger| settle(&shared, ledger, &scope, &attempt, check, insert), committed)
        .await
        .map_err(|error: LedgerError| error.into());
    drop(claim);
    reply
}

/// One transaction: look up, check, insert, settle.
fn settle<P>(
    state: &AppState,
    ledger: &mut dyn Sql,
    scope: &str,
    attempt: &Attempt,
    check: impl FnOnce(&AppState, &mut dyn Sql) -> sql::Result<CheckResult<P>>,
    insert: impl FnOnce(&AppState, &mut dyn Sql, P) -> sql::Result<NewRecord>,
) -> sql::Result<Outcome> {
    let now = state.ledger.seconds();
    if let Some(key) = &attempt.key {
        let may_act_for = rights(attempt.contract, &attempt.principal);
        let caller = Caller { scope, may_act_for: &may_act_for };
        match idempotency::decide(&mut Attempts(ledger), caller, key, attempt.payload(), now)? {
            Decision::Run => {}
            Decision::Replay(answer) => return Ok(Outcome::Replayed(answer)),
            Decision::OtherPayload => return Ok(Outcome::OtherPayload),
            Decision::Burnt => return Ok(Outcome::Burnt),
            Decision::InProgress => return Ok(Outcome::InProgress),
        }
    }
    let (answer, payment) = match check(state, ledger)? {
        Ok(_) if attempt.fault.refuses() => {
            (Answer::refused(attempt.contract, 400, &[FieldError::new("Api Error", "Refused on demand.")]), None)
        }
        Ok(payment) => {
            attempt.fault.reach(Point::Checked);
            let made = insert(state, ledger, payment)?;
            attempt.fault.reach(Point::Inserted);
            (made.answer, Some(made.number.to_string()))
        }
        Err(errors) => (Answer::refused(attempt.contract, 400, &errors), None),
    };
    if let Some(key) = &attempt.key {
        idempotency::settle(&mut Attempts(ledger), scope, key, attempt.payload(), answer.clone(), now)?;
        attempt.fault.reach(Point::Settled);
    }
    Ok(Outcome::Fresh { answer, payment })
}

/// Settles an attempt: `{"key": "...", "customerId": 655080}`, the same for both contracts; the customer may be left out.
pub async fn resolve_request(state: SharedState, contract: Contract, request: Request) -> Response {
    match read_resolve(contract, request).await {
        Ok((principal, key, customer)) => resolve(state, contract, principal, key, customer).await,
        Err(refusal) => refusal.response(contract),
    }
}

/// Reads a resolve call.
///
/// # Errors
/// The problem of the body.
pub async fn read_resolve(contract: Contract, request: Request) -> Result<(Principal, Key, Option<i64>), ApiError> {
    let principal = auth::principal(&request)?;
    if contract == Contract::MaiaScore && !principal.may_keep_records() {
        return Err(ApiError::Forbidden("This session keeps no records."));
    }
    let (_, body) = body::read(request, &[BodyType::Json], "The body must be application/json.").await?;
    let members = match relaxed_json::read(&body) {
        Ok(Json::Object(members)) => members,
        _ => Default::default(),
    };
    let key = match members.get("key") {
        Some(Json::Text(text)) => Key::parse(text),
        _ => None,
    };
    let words = "The body must be {\"key\": \"...\"} with 16 to 64 letters, digits, - and _.";
    let key = key.ok_or_else(|| ApiError::malformed("key", words))?;
    // Customer ids stand in the form's bodies as numbers or as texts.
    let customer = match members.get("customerId") {
        None | Some(Json::Null) => None,
        Some(Json::Number(text) | Json::Text(text)) => {
            Some(text.parse().map_err(|_| ApiError::malformed("customerId", "This must be a whole number above zero."))?)
        }
        Some(_) => return Err(ApiError::malformed("customerId", "This must be a whole number above zero.")),
    };
    let customer = if contract == Contract::MaiaScore { None } else { customer };
    Ok((principal, key, customer))
}

/// Settles an attempt whose outcome its sender does not know: the stored answer, or a burnt key.
async fn resolve(state: SharedState, contract: Contract, principal: Principal, key: Key, named: Option<i64>) -> Response {
    let scope = scope(&state, contract);
    // A request without a customer is about the session's own customer.
    let customer = named.or_else(|| principal.acting_for(None));
    let payload = Payload { customer, fingerprint: &[] };
    let Ok(claim) = state.in_flight.claim(&scope, &key, payload).await else {
        return respond(contract, Some(&key), Ok(Outcome::InProgress));
    };
    let (now, echoed) = (state.ledger.seconds(), key.clone());
    let write = state.ledger.write(
        move |ledger| {
            let may_act_for = rights(contract, &principal);
            let caller = Caller { scope: &scope, may_act_for: &may_act_for };
            Ok::<_, LedgerError>(idempotency::resolve(&mut Attempts(ledger), caller, &key, customer, now)?.into())
        },
        |_| (),
    );
    let reply = write.await.map_err(ApiError::from);
    drop(claim);
    respond(contract, Some(&echoed), reply)
}

/// Answers, and echoes the key.
pub fn respond(contract: Contract, key: Option<&Key>, reply: Result<Outcome, ApiError>) -> Response {
    let about_key = |status, words| Answer::refused(contract, status, &[FieldError::new("Idempotency-Key", words)]);
    let mut response = match reply {
        Ok(Outcome::Fresh { answer, payment }) => {
            let mut response = answer.response();
            response.extensions_mut().insert(telemetry::RecordedPayment(payment));
            response
        }
        Ok(Outcome::Replayed(answer)) => {
            let mut response = answer.response();
            response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
            response
        }
        Ok(Outcome::OtherPayload) => about_key(422, "This key was used with another payment.").response(),
        Ok(Outcome::Burnt) => about_key(410, "This attempt was cancelled. There is no payment under this key.").response(),
        Ok(Outcome::InProgress) => {
            let mut response = about_key(409, "A payment with this key is being worked on.").response();
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            response
        }
        Ok(Outcome::Unknown) => {
            let words =
                "The payment service did not answer clearly: the payment may be recorded. It is being looked for under this key.";
            about_key(502, words).response()
        }
        Ok(Outcome::NotFound) => return ApiError::NotFound.response(contract),
        // The ledger could not say what became of earlier requests with the key.
        Err(ApiError::Unavailable) if key.is_some() => ApiError::KeyUnavailable.response(contract),
        Err(refusal) => refusal.response(contract),
    };
    if let Some(value) = key.and_then(|key| HeaderValue::from_str(key.as_str()).ok()) {
        response.headers_mut().insert(KEY, value);
    }
    response
}
