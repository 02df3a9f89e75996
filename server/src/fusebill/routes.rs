//! Answers Fusebill's routes.

use super::{
    body::whole_number,
    list, rules,
    wire::{InvoiceSummary, PaymentActivity, Record, StoredMethod},
};
use crate::{
    auth::{self, Principal},
    body::{self, BodyType},
    error::ApiError,
    ledger::{
        activities, customers,
        list::{Field, Listing},
        payments,
        sql::{LedgerError, Sql, Value},
    },
    middleware::Client,
    payments::attempt::{self, Attempt, NewRecord},
    query,
    relaxed_json::{self, Json, ParseError},
    response::{Answer, Contract, FieldError},
    state::SharedState,
};
use axum::{
    extract::{Path, Request, State},
    http::{HeaderValue, header},
    response::Response,
};
use payment_form::domain::invoice::{CustomerId, InvoiceId};
use serde::Serialize;

const CONTRACT: Contract = Contract::Fusebill;
const JSON_ONLY: &str = "The body must be application/json.";

/// `POST /v1/payments`
pub async fn create(State(state): State<SharedState>, request: Request) -> Response {
    let base = base(&request);
    let (attempt, read) = match begin(request).await {
        Ok(begun) => begun,
        Err(refusal) => return refusal.response(CONTRACT),
    };
    let principal = attempt.principal.clone();
    attempt::run(
        state,
        attempt,
        move |state, ledger| match &read {
            Ok(body) => rules::check(ledger, &principal, state.clock.today(), body),
            Err(error) => Ok(Err(vec![FieldError::new("payment", error.to_string())])),
        },
        move |state, ledger, payment| {
            let number = payments::insert(ledger, &payment, &state.clock.timestamp())?;
            let missing = || LedgerError::Unexpected("the payment that was stored is not there".to_owned());
            let stored = payments::payment(ledger, number)?.ok_or_else(missing)?;
            Ok(NewRecord { number, answer: Answer::new(200, &Record::new(stored, &base)) })
        },
    )
    .await
}

async fn begin(request: Request) -> Result<(Attempt, Result<Json, ParseError>), ApiError> {
    let principal = auth::principal(&request)?;
    let (headers, extensions) = (request.headers().clone(), request.extensions().clone());
    let (_, body) = body::read(request, &[BodyType::Json], JSON_ONLY).await?;
    let read = relaxed_json::read(&body);
    let customer = read.as_ref().ok().and_then(|body| whole_number(body, "customerId"));
    Ok((Attempt::new(CONTRACT, principal, (&headers, &extensions), &body, &read, customer)?, read))
}

/// `POST /v1/payments/resolve`
pub async fn resolve(State(state): State<SharedState>, request: Request) -> Response {
    attempt::resolve_request(state, CONTRACT, request).await
}

/// `GET /v1/payments/{id}`
pub async fn payment(State(state): State<SharedState>, Path(id): Path<String>, request: Request) -> Response {
    let base = base(&request);
    read(state, request, move |ledger, principal| {
        let number = id.parse().map_err(|_| ApiError::NotFound)?;
        let payment = payments::payment(ledger, number)?.filter(|payment| principal.may_read(payment.customer));
        Ok(Answer::new(200, &Record::new(payment.ok_or(ApiError::NotFound)?, &base)).response())
    })
    .await
}

/// `GET /v1/invoices/{id}`: where the links of a payment's record lead.
pub async fn invoice(State(state): State<SharedState>, Path(id): Path<String>, request: Request) -> Response {
    let today = state.clock.today();
    read(state, request, move |ledger, principal| {
        let id = InvoiceId::parse(&id).ok_or(ApiError::NotFound)?;
        let found = customers::invoice(ledger, id)?.filter(|(_, owner)| principal.may_read(owner.id));
        let (invoice, owner) = found.ok_or(ApiError::NotFound)?;
        Ok(Answer::new(200, &InvoiceSummary::new(invoice, &owner, today)).response())
    })
    .await
}

/// `GET /v1/customers/{id}/invoiceSummaries`
pub async fn invoice_summaries(State(state): State<SharedState>, Path(id): Path<String>, request: Request) -> Response {
    const OWN: &str = "customer_id = $1 AND CAST($2 AS TEXT) <> ''";
    let parameters = query::pairs(&request);
    let today = state.clock.today();
    read(state, request, move |ledger, principal| {
        let customer = customer(ledger, principal, &id)?;
        let own = [Value::from(customer.id.number()), Value::from(today.to_string())];
        let mut listing = Listing::new(&own, customer.currency.minor_units());
        list::read(&mut listing, INVOICE_FIELDS, &["due_on", "id"], &parameters)?;
        let rows = listing.lines(ledger, &format!("{} FROM invoices", customers::INVOICE), OWN)?;
        let count = if listing.is_complete() {
            customers::invoice_count(ledger, customer.id)?
        } else {
            listing.count(ledger, "invoices", OWN)?
        };
        let line = |row| Ok(InvoiceSummary::new(customers::read_invoice(row, customer.currency)?, &customer, today));
        let lines = rows.iter().map(line).collect::<Result<Vec<_>, LedgerError>>()?;
        Ok(paged(&lines, list::last_page(&listing, count)))
    })
    .await
}

/// `GET /v1/customers/{id}/paymentMethods/all`
pub async fn payment_methods(State(state): State<SharedState>, Path(id): Path<String>, request: Request) -> Response {
    read(state, request, move |ledger, principal| {
        let customer = customer(ledger, principal, &id)?.id;
        let methods = customers::methods(ledger, customer)?;
        let lines: Vec<StoredMethod> = methods.into_iter().map(|method| StoredMethod::new(method, customer)).collect();
        Ok(Answer::new(200, &lines).response())
    })
    .await
}

/// `GET /v1/customers/{id}/paymentactivities`
pub async fn payment_activities(State(state): State<SharedState>, Path(id): Path<String>, request: Request) -> Response {
    const OWN: &str = "customer_id = $1";
    let parameters = query::pairs(&request);
    read(state, request, move |ledger, principal| {
        let customer = customer(ledger, principal, &id)?;
        let mut listing = Listing::new(&[customer.id.number().into()], customer.currency.minor_units());
        list::read(&mut listing, ACTIVITY_FIELDS, &["id"], &parameters)?;
        let rows = listing.lines(ledger, &format!("{} FROM activities", activities::ACTIVITY), OWN)?;
        let count = if listing.is_complete() {
            activities::count(ledger, customer.id)?
        } else {
            listing.count(ledger, "activities", OWN)?
        };
        let line = |row| Ok(PaymentActivity::new(activities::read(row)?, customer.id));
        let lines = rows.iter().map(line).collect::<Result<Vec<_>, LedgerError>>()?;
        Ok(paged(&lines, list::last_page(&listing, count)))
    })
    .await
}

/// Answers from one consistent state of the ledger, off the threads that serve connections.
async fn read<F>(state: SharedState, request: Request, answer: F) -> Response
where
    F: FnOnce(&mut dyn Sql, &Principal) -> Result<Response, ApiError> + Send + 'static,
{
    let principal = match auth::principal(&request) {
        Ok(principal) => principal,
        Err(refusal) => return refusal.response(CONTRACT),
    };
    let answered = state.ledger.read(move |ledger| answer(ledger, &principal)).await;
    answered.unwrap_or_else(|refusal: ApiError| refusal.response(CONTRACT))
}

/// The customer of a path. Another's is not found, as if there were none.
fn customer(ledger: &mut dyn Sql, principal: &Principal, id: &str) -> Result<customers::Customer, ApiError> {
    let id = CustomerId::parse(id).filter(|id| principal.may_read(*id)).ok_or(ApiError::NotFound)?;
    customers::customer(ledger, id)?.ok_or(ApiError::NotFound)
}

fn paged<T: Serialize>(lines: &[T], last: i64) -> Response {
    let mut response = Answer::new(200, &lines).response();
    response.headers_mut().insert("x-maxpageindex", HeaderValue::from(last));
    response
}

/// The address under which the caller knows this server.
fn base(request: &Request) -> String {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let is_https = request.extensions().get().is_some_and(|client: &Client| client.is_https);
    format!("{}://{host}", if is_https { "https" } else { "http" })
}

const INVOICE_FIELDS: &[Field] = &[
    Field::whole("id", "id"),
    Field::text("invoiceNumber", "number"),
    Field::text("dueDate", "due_on"),
    Field::text("postedTimestamp", "(issued_on || 'T00:00:00.0000000Z')"),
    Field::minor("invoiceAmount", "total_minor"),
    Field::minor("outstandingBalance", "balance_minor"),
    Field::text("currency", "(SELECT currency FROM customers WHERE customers.id = customer_id)"),
    Field::text(
        "invoiceStatus",
        "CASE WHEN balance_minor = 0 THEN 'Paid' WHEN due_on < CAST($2 AS TEXT) THEN 'Overdue' ELSE 'Due' END",
    ),
    // This ledger has none of these: they are filtered as 0.
    Field::whole("unsettled", "0"),
    Field::whole("totalCreditNotes", "0"),
    Field::whole("writeoffs", "0"),
];

const ACTIVITY_FIELDS: &[Field] = &[
    Field::whole("id", "id"),
    Field::whole("paymentId", "payment_id"),
    Field::minor("amount", "amount_minor"),
    Field::text("reference", "reference"),
    Field::text("effectiveTimestamp", "effective_at"),
    // An activity takes effect when it is made, because this server back-dates no payment.
    Field::text("createdTimestamp", "effective_at"),
    Field::text("paymentActivityStatus", "status"),
    Field::text("paymentMethodType", "method"),
    Field::text("paymentSource", "source"),
];
