//! Answers MaiaScore's routes, in their envelope.

use super::{body as due_item, list as lists, wire::Record};
use crate::{
    auth::{self, Principal},
    body::{self, BodyType},
    error::ApiError,
    ledger::{due_items, sql::Sql},
    payments::attempt::{self, Attempt, NewRecord},
    query,
    relaxed_json::{Json, ParseError},
    response::{Answer, Contract, FieldError},
    state::SharedState,
};
use axum::{
    extract::{Path, Request, State},
    response::Response,
};
use serde::Serialize;

const CONTRACT: Contract = Contract::MaiaScore;
const BODY_TYPES: [BodyType; 3] = [BodyType::Json, BodyType::Xml, BodyType::Form];
const BODY_TYPE_WORDS: &str = "The body must be application/json, application/xml or application/x-www-form-urlencoded.";

#[derive(Serialize)]
struct Envelope<T> {
    code: u16,
    message: &'static str,
    data: T,
}

fn ok<T: Serialize>(data: T) -> Answer {
    Answer::new(200, &Envelope { code: 200, message: "OK", data })
}

/// `POST /payments`
pub async fn create(State(state): State<SharedState>, request: Request) -> Response {
    let (attempt, read) = match begin(request).await {
        Ok(begun) => begun,
        Err(refusal) => return refusal.response(CONTRACT),
    };
    let author = attempt.principal.name();
    attempt::run(
        state,
        attempt,
        move |_, _| match &read {
            Ok(body) => Ok(due_item::check(body)),
            Err(error) => Ok(Err(vec![FieldError::new("Api Error", error.to_string())])),
        },
        move |state, ledger, item| {
            let stored = due_items::insert(ledger, item, &state.clock.timestamp(), &author)?;
            Ok(NewRecord { number: stored.id, answer: ok(Record::from(stored)) })
        },
    )
    .await
}

async fn begin(request: Request) -> Result<(Attempt, Result<Json, ParseError>), ApiError> {
    let principal = author(&request)?;
    let (headers, extensions) = (request.headers().clone(), request.extensions().clone());
    let (body_type, body) = body::read(request, &BODY_TYPES, BODY_TYPE_WORDS).await?;
    let read = due_item::read(body_type, &body);
    Ok((Attempt::new(CONTRACT, principal, (&headers, &extensions), &body, &read, None)?, read))
}

/// The principal, if it may keep records.
fn author(request: &Request) -> Result<Principal, ApiError> {
    let principal = auth::principal(request)?;
    if principal.may_keep_records() { Ok(principal) } else { Err(ApiError::Forbidden("This session keeps no records.")) }
}

/// `POST /payments/resolve`
pub async fn resolve(State(state): State<SharedState>, request: Request) -> Response {
    attempt::resolve_request(state, CONTRACT, request).await
}

/// `GET /payments`
pub async fn list(State(state): State<SharedState>, request: Request) -> Response {
    let parameters = query::pairs(&request);
    read(state, request, move |ledger| {
        let rows = lists::read(&parameters)?.lines(ledger, &format!("{} FROM due_items", due_items::DUE_ITEM), "1 = 1")?;
        let records = rows.iter().map(|row| due_items::read(row).map(Record::from)).collect::<Result<Vec<_>, _>>()?;
        Ok(ok(records))
    })
    .await
}

/// `GET /payments/{id}`
pub async fn record(State(state): State<SharedState>, Path(id): Path<String>, request: Request) -> Response {
    read(state, request, move |ledger| {
        let id = id.parse().map_err(|_| ApiError::NotFound)?;
        Ok(ok(Record::from(due_items::due_item(ledger, id)?.ok_or(ApiError::NotFound)?)))
    })
    .await
}

async fn read<F>(state: SharedState, request: Request, answer: F) -> Response
where
    F: FnOnce(&mut dyn Sql) -> Result<Answer, ApiError> + Send + 'static,
{
    if let Err(refusal) = author(&request) {
        return refusal.response(CONTRACT);
    }
    state.ledger.read(answer).await.map_or_else(|refusal: ApiError| refusal.response(CONTRACT), Answer::response)
}
