//! MaiaScore's routes and their envelope.

use super::{body, list as lists};
use crate::{
    answer::{Answer, Contract, Number, Wrong},
    app::Shared,
    attempt::{self, Attempt},
    credentials::Principal,
    gate::{self, BodyType},
    ledger::due_items::{self, DueItem},
    query,
    refusal::Refusal,
    relaxed_json::{Json, Unreadable},
};
use axum::{
    extract::{Path, Request, State},
    response::Response,
};
use rusqlite::Connection;
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

/// A record, as the document shows it; its id is a text.
#[derive(Debug, Serialize)]
pub(super) struct Record {
    pub(super) id: String,
    #[serde(rename = "amountDue")]
    pub(super) amount_due: Number,
    #[serde(rename = "amountPaid")]
    pub(super) amount_paid: Number,
    #[serde(rename = "dueDate")]
    pub(super) due_date: String,
    pub(super) date: String,
    pub(super) published_at: String,
    pub(super) created_by: String,
    pub(super) updated_by: String,
}

impl From<DueItem> for Record {
    fn from(record: DueItem) -> Self {
        Self {
            id: record.id.to_string(),
            amount_due: Number(record.item.amount_due),
            amount_paid: Number(record.item.amount_paid),
            due_date: record.item.due_date.to_string(),
            date: record.item.date.to_string(),
            published_at: record.published_at,
            updated_by: record.created_by.clone(),
            created_by: record.created_by,
        }
    }
}

fn ok<T: Serialize>(data: T) -> Answer {
    Answer::new(200, &Envelope { code: 200, message: "OK", data })
}

/// `POST /payments`
pub async fn create(State(app): State<Shared>, request: Request) -> Response {
    let (attempt, read) = match begin(request).await {
        Ok(begun) => begun,
        Err(refusal) => return refusal.response(CONTRACT),
    };
    let author = attempt.principal.name();
    attempt::run(
        app,
        attempt,
        move |_, _| match &read {
            Ok(body) => Ok(body::check(body)),
            Err(error) => Ok(Err(vec![Wrong::new("Api Error", error.to_string())])),
        },
        move |app, ledger, item| Ok(ok(Record::from(due_items::insert(ledger, item, &app.clock.timestamp(), &author)?))),
    )
    .await
}

async fn begin(request: Request) -> Result<(Attempt, Result<Json, Unreadable>), Refusal> {
    let principal = author(&request)?;
    let headers = request.headers().clone();
    let (body_type, body) = gate::body(request, &BODY_TYPES, BODY_TYPE_WORDS).await?;
    let read = body::read(body_type, &body);
    Ok((Attempt::new(CONTRACT, principal, &headers, &body, &read)?, read))
}

/// The principal, if it may keep records.
fn author(request: &Request) -> Result<Principal, Refusal> {
    let principal = gate::principal(request)?;
    if principal.may_keep_records() { Ok(principal) } else { Err(Refusal::Forbidden("This session keeps no records.")) }
}

/// `POST /payments/resolve`
pub async fn resolve(State(app): State<Shared>, request: Request) -> Response {
    gate::resolve(app, CONTRACT, request).await
}

/// `GET /payments`
pub async fn list(State(app): State<Shared>, request: Request) -> Response {
    let asked = query::pairs(&request);
    read(app, request, move |ledger| {
        let records = due_items::due_items(ledger)?.into_iter().map(Record::from).collect();
        Ok(ok(lists::select(records, &asked)?))
    })
    .await
}

/// `GET /payments/{id}`
pub async fn record(State(app): State<Shared>, Path(id): Path<String>, request: Request) -> Response {
    read(app, request, move |ledger| {
        let id = id.parse().map_err(|_| Refusal::NotFound)?;
        Ok(ok(Record::from(due_items::due_item(ledger, id)?.ok_or(Refusal::NotFound)?)))
    })
    .await
}

async fn read<F>(app: Shared, request: Request, answer: F) -> Response
where
    F: FnOnce(&Connection) -> Result<Answer, Refusal> + Send + 'static,
{
    if let Err(refusal) = author(&request) {
        return refusal.response(CONTRACT);
    }
    let answered = match tokio::task::spawn_blocking(move || app.ledger.read(|ledger| Ok(answer(ledger)))).await {
        Ok(Ok(answered)) => answered,
        Ok(Err(error)) => Err(error.into()),
        Err(_) => Err(Refusal::Internal),
    };
    answered.map_or_else(|refusal| refusal.response(CONTRACT), Answer::response)
}
