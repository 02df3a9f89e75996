//! One POST that may move money, from its key to its reply (SUBMISSION.md §1.5).
//!
//! Everything happens in one transaction, in a task of its own: the key is looked up, the payment decided, stored and settled, or nothing
//! of it happened. A client that goes away cannot cut it.

use crate::{
    answer::{Answer, Contract, Wrong},
    app::{App, Shared},
    credentials::Principal,
    hash,
    idempotency::{self, Decision, Key, Resolution},
    ledger::attempts::Attempts,
    refusal::Refusal,
    relaxed_json::{Json, Unreadable},
};
use axum::{
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
    /// The key, if the request carries one; without it nothing is deduplicated.
    pub key: Option<Key>,
    /// What the payload says, whatever its spelling.
    pub fingerprint: Vec<u8>,
}

/// The key of a request.
///
/// # Errors
/// [`Refusal::Malformed`] when the header is there and holds no key, or stands there twice.
pub fn key(headers: &HeaderMap) -> Result<Option<Key>, Refusal> {
    let mut values = headers.get_all(&KEY).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().ok().and_then(Key::parse).map(Some).ok_or_else(not_a_key),
        (Some(_), Some(_)) => Err(not_a_key()),
    }
}

fn not_a_key() -> Refusal {
    Refusal::Malformed("Idempotency-Key".to_owned(), "An idempotency key has 16 to 64 letters, digits, - and _.".to_owned())
}

/// What a payload says: two spellings of one content are the same, the same content sent to another API is not.
pub fn fingerprint(contract: Contract, body: &[u8], read: &Result<Json, Unreadable>) -> Vec<u8> {
    let contract: &[u8] = match contract {
        Contract::Fusebill => b"fusebill payment ",
        Contract::MaiaScore => b"maiascore payment ",
    };
    match read {
        Ok(json) => hash::sha256(&[contract, b"read ", json.canonical().as_bytes()]).to_vec(),
        Err(_) => hash::sha256(&[contract, b"unread ", body]).to_vec(),
    }
}

/// What became of it.
enum Reply {
    Fresh(Answer),
    Replayed(Answer),
    OtherPayload,
    Burnt,
    InProgress,
}

/// Runs `decide` once for this key, and answers. `decide` inserts the payment, or answers why there is none; its answer is kept under the
/// key either way. An error of the database undoes everything, the key too.
pub async fn run<F>(app: Shared, attempt: Attempt, decide: F) -> Response
where
    F: FnOnce(&App, &Transaction<'_>) -> rusqlite::Result<Answer> + Send + 'static,
{
    let (contract, key) = (attempt.contract, attempt.key.clone());
    let reply = in_own_task(move || {
        let Some(key) = &attempt.key else {
            return app.ledger.write(|ledger| decide(&app, ledger)).map(Reply::Fresh);
        };
        let (principal, fingerprint, now) = (attempt.principal.name(), attempt.fingerprint.as_slice(), app.clock.seconds());
        app.ledger.write(|ledger| {
            let mut attempts = Attempts(ledger);
            Ok(match idempotency::decide(&mut attempts, &principal, key, fingerprint, now)? {
                Decision::Run => {
                    let answer = decide(&app, ledger)?;
                    idempotency::settle(&mut attempts, &principal, key, fingerprint, answer.clone(), now)?;
                    Reply::Fresh(answer)
                }
                Decision::Replay(answer) => Reply::Replayed(answer),
                Decision::OtherPayload => Reply::OtherPayload,
                Decision::Burnt => Reply::Burnt,
                Decision::InProgress => Reply::InProgress,
            })
        })
    })
    .await;
    respond(contract, key.as_ref(), reply)
}

/// Settles an attempt whose outcome its sender does not know: the stored answer, or a burnt key.
pub async fn resolve(app: Shared, contract: Contract, principal: Principal, key: Key) -> Response {
    let echoed = key.clone();
    let reply = in_own_task(move || {
        let now = app.clock.seconds();
        app.ledger.write(|ledger| {
            Ok(match idempotency::resolve(&mut Attempts(ledger), &principal.name(), &key, now)? {
                Resolution::Replay(answer) => Reply::Replayed(answer),
                Resolution::Burnt => Reply::Burnt,
                Resolution::InProgress => Reply::InProgress,
            })
        })
    })
    .await;
    respond(contract, Some(&echoed), reply)
}

/// Runs to its end even when the request's connection does not.
async fn in_own_task<T, F>(work: F) -> Result<T, Refusal>
where
    T: Send + 'static,
    F: FnOnce() -> rusqlite::Result<T> + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(Refusal::from),
        Err(_) => Err(Refusal::Internal),
    }
}

fn respond(contract: Contract, key: Option<&Key>, reply: Result<Reply, Refusal>) -> Response {
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
