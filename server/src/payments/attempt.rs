//! One POST that may move money, from its key to its reply.
//!
//! Everything happens in one transaction, in a task of its own: the key is looked up, the payment decided, stored and settled, or nothing
//! of it happened. A client that goes away cannot cut it.

use super::idempotency::{self, Decision, Key, Resolution};
use crate::{
    auth::{self, Principal},
    body::{self, BodyType},
    dev::faults::{Fault, Point},
    error::ApiError,
    hash,
    ledger::attempts::Attempts,
    relaxed_json::{self, Json, Unreadable},
    response::{Answer, Contract, Wrong},
    state::{AppState, SharedState},
};
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::Response,
};
use rusqlite::Transaction;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// Who tries what, under which key.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The contract that is spoken.
    pub contract: Contract,
    /// Who asks.
    pub principal: Principal,
    key: Option<Key>,
    fingerprint: Vec<u8>,
    fault: Fault,
}

impl Attempt {
    /// An attempt with the key of these headers. Without a key nothing is deduplicated.
    ///
    /// # Errors
    /// [`ApiError::Malformed`] when there is a key that is none.
    pub fn new(
        contract: Contract,
        principal: Principal,
        headers: &HeaderMap,
        body: &[u8],
        read: &Result<Json, Unreadable>,
    ) -> Result<Self, ApiError> {
        let fingerprint = fingerprint(body, read);
        Ok(Self { contract, principal, key: key(headers)?, fingerprint, fault: Fault::of(headers) })
    }
}

/// The key of a request. What holds no key, or stands there twice, is refused.
fn key(headers: &HeaderMap) -> Result<Option<Key>, ApiError> {
    let mut values = headers.get_all(&KEY).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().ok().and_then(Key::parse).map(Some).ok_or_else(not_a_key),
        (Some(_), Some(_)) => Err(not_a_key()),
    }
}

fn not_a_key() -> ApiError {
    ApiError::Malformed("Idempotency-Key".to_owned(), "An idempotency key has 16 to 64 letters, digits, - and _.".to_owned())
}

/// What a payload says: two spellings of one content are the same.
fn fingerprint(body: &[u8], read: &Result<Json, Unreadable>) -> Vec<u8> {
    match read {
        Ok(json) => hash::sha256(&[b"read ", json.canonical().as_bytes()]).to_vec(),
        Err(_) => hash::sha256(&[b"unread ", body]).to_vec(),
    }
}

/// Whose keys they are: one principal's on one contract. Settling an attempt must never answer with a record of the other API.
fn scope(contract: Contract, principal: &Principal) -> String {
    let contract = match contract {
        Contract::Fusebill => "fusebill",
        Contract::MaiaScore => "maiascore",
    };
    format!("{contract} {}", principal.name())
}

/// What became of it.
enum Reply {
    Fresh(Answer),
    Replayed(Answer),
    OtherPayload,
    Burnt,
    InProgress,
}

/// What the rules said, and how a payment that kept them is stored and answered.
pub type Checked<P> = Result<P, Vec<Wrong>>;

/// Runs an attempt once for its key, and answers. `check` says whether it is a payment; `insert` stores it and writes its record. What is
/// answered is kept under the key, a refusal like a record. An error of the database undoes everything, the key too.
pub async fn run<P, C, I>(app: SharedState, attempt: Attempt, check: C, insert: I) -> Response
where
    C: FnOnce(&AppState, &Transaction<'_>) -> rusqlite::Result<Checked<P>> + Send + 'static,
    I: FnOnce(&AppState, &Transaction<'_>, P) -> rusqlite::Result<Answer> + Send + 'static,
{
    let (contract, key, fault) = (attempt.contract, attempt.key.clone(), attempt.fault.clone());
    if let Some(response) = fault.instead() {
        return response;
    }
    fault.reach(Point::Read);
    let principal = scope(contract, &attempt.principal);
    let claim = match &key {
        Some(key) => match app.in_flight.claim(&principal, key, &attempt.fingerprint).await {
            Ok(claim) => Some(claim),
            Err(mut busy) => {
                let decision = idempotency::decide(&mut busy, &principal, key, &attempt.fingerprint, app.clock.seconds());
                let reply = if decision == Ok(Decision::OtherPayload) { Reply::OtherPayload } else { Reply::InProgress };
                return respond(contract, Some(key), Ok(reply));
            }
        },
        None => None,
    };
    // A task of its own: it goes on when the connection, and with it this function, is gone.
    let fault_of_work = fault.clone();
    let work = tokio::spawn(async move {
        fault_of_work.delay().await;
        let reply = in_own_thread(move || {
            app.ledger
                .write(|ledger| settle(&app, ledger, &principal, &attempt, check, insert))
                .inspect(|_| attempt.fault.reach(Point::Committed))
        })
        .await;
        drop(claim);
        reply
    });
    let reply = work.await.unwrap_or(Err(ApiError::Internal));
    fault.afterwards(respond(contract, key.as_ref(), reply)).await
}

/// One transaction: look up, check, insert, settle.
fn settle<P>(
    app: &AppState,
    ledger: &Transaction<'_>,
    principal: &str,
    attempt: &Attempt,
    check: impl FnOnce(&AppState, &Transaction<'_>) -> rusqlite::Result<Checked<P>>,
    insert: impl FnOnce(&AppState, &Transaction<'_>, P) -> rusqlite::Result<Answer>,
) -> rusqlite::Result<Reply> {
    let now = app.clock.seconds();
    let mut attempts = Attempts(ledger);
    if let Some(key) = &attempt.key {
        match idempotency::decide(&mut attempts, principal, key, &attempt.fingerprint, now)? {
            Decision::Run => {}
            Decision::Replay(answer) => return Ok(Reply::Replayed(answer)),
            Decision::OtherPayload => return Ok(Reply::OtherPayload),
            Decision::Burnt => return Ok(Reply::Burnt),
            Decision::InProgress => return Ok(Reply::InProgress),
        }
    }
    let answer = match check(app, ledger)? {
        Ok(_) if attempt.fault.refuses() => {
            Answer::refused(attempt.contract, 400, &[Wrong::new("Api Error", "Refused on demand.")])
        }
        Ok(payment) => {
            attempt.fault.reach(Point::Checked);
            let answer = insert(app, ledger, payment)?;
            attempt.fault.reach(Point::Inserted);
            answer
        }
        Err(wrongs) => Answer::refused(attempt.contract, 400, &wrongs),
    };
    if let Some(key) = &attempt.key {
        idempotency::settle(&mut attempts, principal, key, &attempt.fingerprint, answer.clone(), now)?;
        attempt.fault.reach(Point::Settled);
    }
    Ok(Reply::Fresh(answer))
}

/// Settles an attempt: `{"key": "..."}`, the same for both contracts.
pub async fn resolve_request(app: SharedState, contract: Contract, request: Request) -> Response {
    match read_resolve(request).await {
        Ok((principal, key)) => resolve(app, contract, principal, key).await,
        Err(refusal) => refusal.response(contract),
    }
}

async fn read_resolve(request: Request) -> Result<(Principal, Key), ApiError> {
    let principal = auth::principal(&request)?;
    let (_, body) = body::read(request, &[BodyType::Json], "The body must be application/json.").await?;
    let key = match relaxed_json::read(&body) {
        Ok(Json::Object(members)) => match members.get("key") {
            Some(Json::Text(text)) => Key::parse(text),
            _ => None,
        },
        _ => None,
    };
    let words = "The body must be {\"key\": \"...\"} with 16 to 64 letters, digits, - and _.";
    key.map(|key| (principal, key)).ok_or_else(|| ApiError::Malformed("key".to_owned(), words.to_owned()))
}

/// Settles an attempt whose outcome its sender does not know: the stored answer, or a burnt key.
async fn resolve(app: SharedState, contract: Contract, principal: Principal, key: Key) -> Response {
    let name = scope(contract, &principal);
    let Ok(claim) = app.in_flight.claim(&name, &key, &[]).await else {
        return respond(contract, Some(&key), Ok(Reply::InProgress));
    };
    let echoed = key.clone();
    let reply = in_own_thread(move || {
        let now = app.clock.seconds();
        let reply = app.ledger.write(|ledger| {
            Ok(match idempotency::resolve(&mut Attempts(ledger), &name, &key, now)? {
                Resolution::Replay(answer) => Reply::Replayed(answer),
                Resolution::Burnt => Reply::Burnt,
                Resolution::InProgress => Reply::InProgress,
            })
        });
        drop(claim);
        reply
    })
    .await;
    respond(contract, Some(&echoed), reply)
}

/// Runs to its end even when nobody waits for it any more.
async fn in_own_thread<T, F>(work: F) -> Result<T, ApiError>
where
    T: Send + 'static,
    F: FnOnce() -> rusqlite::Result<T> + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(ApiError::from),
        Err(_) => Err(ApiError::Internal),
    }
}

fn respond(contract: Contract, key: Option<&Key>, reply: Result<Reply, ApiError>) -> Response {
    let about_key = |status, words| Answer::refused(contract, status, &[Wrong::new("Idempotency-Key", words)]);
    let mut response = match reply {
        Ok(Reply::Fresh(answer)) => answer.response(),
        Ok(Reply::Replayed(answer)) => {
            let mut response = answer.response();
            response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
            response
        }
        Ok(Reply::OtherPayload) => about_key(422, "This key was used with another payment.").response(),
        Ok(Reply::Burnt) => about_key(410, "This attempt was cancelled. There is no payment under this key.").response(),
        Ok(Reply::InProgress) => {
            let mut response = about_key(409, "A payment with this key is being worked on.").response();
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            response
        }
        Err(refusal) => refusal.response(contract),
    };
    if let Some(value) = key.and_then(|key| HeaderValue::from_str(key.as_str()).ok()) {
        response.headers_mut().insert(KEY, value);
    }
    response
}
