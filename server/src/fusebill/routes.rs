//! Fusebill's routes.

use super::{
    list, rules,
    wire::{InvoiceSummary, PaymentActivity, Record, StoredMethod},
};
use crate::{
    auth::{self, Principal},
    body::{self, BodyType},
    error::ApiError,
    ledger::{activities, customers, payments},
    payments::attempt::{self, Attempt},
    query::{self, Property},
    relaxed_json::{self, Json, Unreadable},
    response::{Answer, Contract, Wrong},
    state::SharedState,
};
use axum::{
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use payment_form::domain::invoice::{CustomerId, InvoiceId};
use rusqlite::Connection;
use rust_decimal::Decimal;
use serde::Serialize;

const CONTRACT: Contract = Contract::Fusebill;
const JSON_ONLY: &str = "The body must be application/json.";

/// `POST /v1/payments`
pub async fn create(State(app): State<SharedState>, request: Request) -> Response {
    let base = base(request.headers());
    let (attempt, read) = match begin(request).await {
        Ok(begun) => begun,
        Err(refusal) => return refusal.response(CONTRACT),
    };
    let principal = attempt.principal.clone();
    attempt::run(
        app,
        attempt,
        move |app, ledger| match &read {
            Ok(body) => rules::check(ledger, &principal, app.clock.today(), body),
            Err(error) => Ok(Err(vec![Wrong::new("payment", error.to_string())])),
        },
        move |app, ledger, payment| {
            let id = payments::insert(ledger, &payment, &app.clock.timestamp())?;
            let stored = payments::payment(ledger, id)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
            Ok(Answer::new(200, &Record::new(stored, &base)))
        },
    )
    .await
}

async fn begin(request: Request) -> Result<(Attempt, Result<Json, Unreadable>), ApiError> {
    let principal = auth::principal(&request)?;
    let headers = request.headers().clone();
    let (_, body) = body::read(request, &[BodyType::Json], JSON_ONLY).await?;
    let read = relaxed_json::read(&body);
    Ok((Attempt::new(CONTRACT, principal, &headers, &body, &read)?, read))
}

/// `POST /v1/payments/resolve`
pub async fn resolve(State(app): State<SharedState>, request: Request) -> Response {
    attempt::resolve_request(app, CONTRACT, request).await
}

/// `GET /v1/payments/{id}`
pub async fn payment(State(app): State<SharedState>, Path(id): Path<String>, request: Request) -> Response {
    let base = base(request.headers());
    read(app, request, move |ledger, principal| {
        let number = id.parse().map_err(|_| ApiError::NotFound)?;
        let payment = payments::payment(ledger, number)?.filter(|payment| principal.may_read(payment.customer));
        Ok(Answer::new(200, &Record::new(payment.ok_or(ApiError::NotFound)?, &base)).response())
    })
    .await
}

/// `GET /v1/invoices/{id}`: where the links of a payment's record lead.
pub async fn invoice(State(app): State<SharedState>, Path(id): Path<String>, request: Request) -> Response {
    let today = app.clock.today();
    read(app, request, move |ledger, principal| {
        let id = InvoiceId::parse(&id).ok_or(ApiError::NotFound)?;
        let owner = customers::owner(ledger, id)?.filter(|customer| principal.may_read(customer.id)).ok_or(ApiError::NotFound)?;
        let invoices = customers::invoices(ledger, &owner)?;
        let invoice = invoices.into_iter().find(|invoice| invoice.id == id).ok_or(ApiError::NotFound)?;
        Ok(Answer::new(200, &InvoiceSummary::new(invoice, &owner, today)).response())
    })
    .await
}

/// `GET /v1/customers/{id}/invoiceSummaries`
pub async fn invoice_summaries(State(app): State<SharedState>, Path(id): Path<String>, request: Request) -> Response {
    let asked = query::pairs(&request);
    let today = app.clock.today();
    read(app, request, move |ledger, principal| {
        let customer = customer(ledger, principal, &id)?;
        let invoices = customers::invoices(ledger, &customer)?;
        let lines = invoices.into_iter().map(|invoice| InvoiceSummary::new(invoice, &customer, today)).collect();
        paged(lines, INVOICE_PROPERTIES, &asked)
    })
    .await
}

/// `GET /v1/customers/{id}/paymentMethods/all`
pub async fn payment_methods(State(app): State<SharedState>, Path(id): Path<String>, request: Request) -> Response {
    read(app, request, move |ledger, principal| {
        let customer = customer(ledger, principal, &id)?.id;
        let methods = customers::methods(ledger, customer)?;
        let lines: Vec<StoredMethod> = methods.into_iter().map(|method| StoredMethod::new(method, customer)).collect();
        Ok(Answer::new(200, &lines).response())
    })
    .await
}

/// `GET /v1/customers/{id}/paymentactivities`
pub async fn payment_activities(State(app): State<SharedState>, Path(id): Path<String>, request: Request) -> Response {
    let asked = query::pairs(&request);
    read(app, request, move |ledger, principal| {
        let customer = customer(ledger, principal, &id)?.id;
        let activities = activities::activities(ledger, customer)?;
        let lines = activities.into_iter().map(|activity| PaymentActivity::new(activity, customer)).collect();
        paged(lines, ACTIVITY_PROPERTIES, &asked)
    })
    .await
}

/// Answers from one consistent state of the ledger, off the threads that serve connections.
async fn read<F>(app: SharedState, request: Request, answer: F) -> Response
where
    F: FnOnce(&Connection, &Principal) -> Result<Response, ApiError> + Send + 'static,
{
    let principal = match auth::principal(&request) {
        Ok(principal) => principal,
        Err(refusal) => return refusal.response(CONTRACT),
    };
    let work = move || app.ledger.read(|ledger| Ok(answer(ledger, &principal)));
    let answered = match tokio::task::spawn_blocking(work).await {
        Ok(Ok(answered)) => answered,
        Ok(Err(error)) => Err(error.into()),
        Err(_) => Err(ApiError::Internal),
    };
    answered.unwrap_or_else(|refusal| refusal.response(CONTRACT))
}

/// The customer of a path. Another's is not found, as if there were none.
fn customer(ledger: &Connection, principal: &Principal, id: &str) -> Result<customers::Customer, ApiError> {
    let id = CustomerId::parse(id).filter(|id| principal.may_read(*id)).ok_or(ApiError::NotFound)?;
    customers::customer(ledger, id)?.ok_or(ApiError::NotFound)
}

fn paged<T: Serialize>(lines: Vec<T>, properties: &[list::Named<T>], asked: &[(String, String)]) -> Result<Response, ApiError> {
    let page = list::page(lines, properties, asked)?;
    let mut response = Answer::new(200, &page.lines).response();
    response.headers_mut().insert("x-maxpageindex", HeaderValue::from(page.last));
    Ok(response)
}

/// The address under which the caller knows this server.
fn base(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let scheme = if headers.get("x-forwarded-proto").is_some_and(|scheme| scheme == "https") { "https" } else { "http" };
    format!("{scheme}://{host}")
}

const INVOICE_PROPERTIES: &[list::Named<InvoiceSummary>] = &[
    ("id", Property::Number(|invoice| Some(invoice.id.into()))),
    ("invoiceNumber", Property::Text(|invoice| Some(&invoice.invoice_number))),
    ("dueDate", Property::Text(|invoice| Some(&invoice.due_date))),
    ("postedTimestamp", Property::Text(|invoice| Some(&invoice.posted_timestamp))),
    ("invoiceAmount", Property::Number(|invoice| Some(invoice.invoice_amount.0))),
    ("outstandingBalance", Property::Number(|invoice| Some(invoice.outstanding_balance.0))),
    ("currency", Property::Text(|invoice| Some(invoice.currency))),
    ("invoiceStatus", Property::Text(|invoice| Some(invoice.invoice_status))),
    // What this ledger has none of is filtered as what it comes to.
    ("unsettled", Property::Number(|_| Some(Decimal::ZERO))),
    ("totalCreditNotes", Property::Number(|_| Some(Decimal::ZERO))),
    ("writeoffs", Property::Number(|_| Some(Decimal::ZERO))),
];

const ACTIVITY_PROPERTIES: &[list::Named<PaymentActivity>] = &[
    ("id", Property::Number(|activity| Some(activity.id.into()))),
    ("paymentId", Property::Number(|activity| activity.payment_id.map(Into::into))),
    ("amount", Property::Number(|activity| Some(activity.amount.0))),
    ("reference", Property::Text(|activity| activity.reference.as_deref())),
    ("effectiveTimestamp", Property::Text(|activity| Some(&activity.effective_timestamp))),
    // Nothing is back-dated here, so an activity takes effect when it is made.
    ("createdTimestamp", Property::Text(|activity| Some(&activity.effective_timestamp))),
    ("paymentActivityStatus", Property::Text(|activity| Some(&activity.payment_activity_status))),
    ("paymentMethodType", Property::Text(|activity| Some(&activity.payment_method_type))),
    ("paymentSource", Property::Text(|activity| Some(&activity.payment_source))),
];
