//! Fusebill's *Create Payment*, `POST /v1/payments/`: the payment as a request, and its answers.
//!
//! | wire name | from | |
//! | --- | --- | --- |
//! | `customerId` | [`OnAccount::customer`] | |
//! | `reference` | [`OnAccount::reference`] | left out when empty |
//! | `amount` | [`OnAccount::amount`] | a bare number with the digits that were typed |
//! | `paymentMethod` | [`OnAccount::method`] | |
//! | `paymentMethodId` | [`Method::Stored`] | with a stored card or bank account, never otherwise (the document's `CrediCard` is a misprint) |
//! | `useDefaultPaymentMethod` | [`Method::Default`] | `true`, and then no id |
//! | `source` | [`OnAccount::source`] | |
//! | `paymentAllocations` | [`OnAccount::allocation`] | `[{invoiceID, amount}]`; no zero shares, no empty list |
//! | `autoAllocate`, `autoAllocateOrder` | [`OnAccount::server_divides`] | never beside a list: what both together mean is not documented |
//!
//! The fields stand in the order of the document's sample bodies. The document says `invoiceID` in requests and every answer says `invoiceId`:
//! written as documented, read in either spelling, as all names are.

use super::{
    decimal,
    json::{Json, Object, Writer, fields},
    message::{Encoding, Request, Sent},
    outcome::{Said, refusal},
};
use crate::domain::{
    invoice::{CustomerId, InvoiceId},
    payment::{Method, OnAccount, Source},
    payment_order::Direction,
    problem::{Cause, Field, Problem},
    receipt::{Expected, Receipt, ReceiptShare, Unsettled},
    statement::StoredKind,
};
use rust_decimal::Decimal;

/// Writes a payment as the body of *Create Payment*, with these shares of it; none where the server divides.
pub(super) fn encode(payment: &OnAccount, shares: &[(InvoiceId, Decimal)]) -> Request {
    let mut body = Writer::new();
    body.raw("customerId", &payment.customer.to_string());
    if let Some(reference) = &payment.reference {
        body.text("reference", reference.text());
    }
    body.raw("amount", &decimal::write(payment.amount.value()));
    body.text("paymentMethod", method_name(payment.method));
    match payment.method {
        Method::Stored { id, .. } => body.raw("paymentMethodId", &id.to_string()),
        Method::Default { .. } => body.raw("useDefaultPaymentMethod", "true"),
        Method::Cash | Method::Check | Method::DirectDeposit => {}
    }
    body.text("source", source_name(payment.source));
    if let Some(direction) = payment.server_divides() {
        body.raw("autoAllocate", "true");
        let order = match direction {
            Direction::Oldest => "OldestToNewest",
            Direction::Newest => "NewestToOldest",
        };
        body.text("autoAllocateOrder", order);
    } else if !shares.is_empty() {
        let mut list = String::new();
        for (invoice, share) in shares {
            let mut item = Writer::new();
            item.raw("invoiceID", &invoice.to_string());
            item.raw("amount", &decimal::write(*share));
            list.push(if list.is_empty() { '[' } else { ',' });
            list.push_str(&item.finish());
        }
        list.push(']');
        body.raw("paymentAllocations", &list);
    }
    Request { encoding: Encoding::Json, body: body.finish() }
}

/// `paymentMethod`: the document's enumeration. `Paypal`, which its error message allows too, has no id to pay with.
fn method_name(method: Method) -> &'static str {
    match method {
        Method::Stored { kind: StoredKind::CreditCard, .. } | Method::Default { kind: StoredKind::CreditCard } => "CreditCard",
        Method::Stored { kind: StoredKind::Ach, .. } | Method::Default { kind: StoredKind::Ach } => "ACH",
        Method::Cash => "Cash",
        Method::Check => "Check",
        Method::DirectDeposit => "DirectDeposit",
    }
}

/// `source`: the document's enumeration.
fn source_name(source: Source) -> &'static str {
    match source {
        Source::SelfServicePortal => "SelfServicePortal",
        Source::Manual => "Manual",
        Source::Automatic => "Automatic",
        Source::Import => "Import",
    }
}

/// What was sent, read back from the bytes of a request. The shares are unknown where the server was asked to divide.
pub(super) fn sent(request: &Request) -> Option<Sent> {
    let body = Json::parse(request.body.as_bytes())?.object()?;
    let (mut shares, mut rows) = (Vec::new(), Vec::new());
    if let Some(list) = body.get("paymentAllocations") {
        for item in list.list()? {
            let share = share(&item.object()?, "invoiceID")?;
            rows.push(share.0);
            shares.push(share);
        }
    }
    let is_divided_there = body.get("autoAllocate").and_then(Json::truth) == Some(true);
    let expected = Expected {
        amount: body.number("amount")?,
        currency: None,
        customer: Some(CustomerId::parse(&body.text("customerId")?)?),
        reference: body.text("reference"),
        shares: (!is_divided_there).then_some(shares),
        amount_due: None,
        due_date: None,
        date: None,
    };
    Some(Sent { expected, rows, key: None, honours_keys: false })
}

/// One entry of an allocation list: which invoice, and how much.
fn share(entry: &Object, invoice: &str) -> Option<(InvoiceId, Decimal)> {
    Some((InvoiceId::parse(&entry.text(invoice)?)?, entry.number("amount")?))
}

/// What the body of an answer to *Create Payment* says.
pub(super) fn said(body: Json, sent: &Sent) -> Said {
    let record = record(body);
    let refusals = body.object().map(|body| refusals(&body, record.is_some(), &sent.rows)).unwrap_or_default();
    Said { record, refusals }
}

/// Reads the payment record: of *Create Payment*'s answer and of `GET /payments/{id}` alike.
///
/// It is one when it has an id and an amount. Everything else may be missing, `null` or unknown; every field is kept as a text.
pub(super) fn record(body: Json) -> Option<Box<Receipt>> {
    let object = body.object()?;
    // A body that carries an error's status is no record, whatever else it carries.
    if object.get("HttpStatusCode").is_some() {
        return None;
    }
    let settlement = object.get("settlement").and_then(Json::object).and_then(|settlement| settlement.text("status"));
    Some(Box::new(Receipt {
        id: object.get("id")?.id()?,
        amount: object.number("amount")?,
        currency: object.text("currency"),
        customer: object.text("customerId").and_then(|id| CustomerId::parse(&id)),
        // `null` says that there is none; left out, nothing is said.
        reference: object.text("reference").or_else(|| {
            let is_said = object.members().any(|(name, _)| name.eq_ignore_ascii_case("reference"));
            is_said.then(String::new)
        }),
        shares: object.get("invoiceAllocations").and_then(receipt_shares),
        unallocated: object.number("unallocatedAmount"),
        unsettled: match settlement.as_deref().unwrap_or_default() {
            "Pending" => Some(Unsettled::Pending),
            "Failed" => Some(Unsettled::Failed),
            _ => None,
        },
        amount_due: None,
        due_date: None,
        date: object.text("effectiveTimestamp"),
        fields: fields(body),
        raw: body.raw().to_owned(),
    }))
}

/// The division of a record; none where any entry cannot be read.
fn receipt_shares(list: Json) -> Option<Vec<ReceiptShare>> {
    let mut shares = Vec::new();
    for entry in list.list()? {
        let entry = entry.object()?;
        let (invoice, amount) = share(&entry, "invoiceId")?;
        shares.push(ReceiptShare { invoice, number: entry.text("invoiceNumber"), amount, uri: entry.text("uri") });
    }
    Some(shares)
}

/// The problems of an error body: the documented `{ErrorId, HttpStatusCode, Errors: [{Key, Value}]}`, ASP.NET's own
/// `{Message, ModelState: {Key: [Value]}}`, or `{Message}` alone. Empty for every other body, and for one whose own status speaks of success.
fn refusals(body: &Object, is_record: bool, rows: &[InvoiceId]) -> Vec<Problem> {
    if body.text("HttpStatusCode").is_some_and(|code| code.starts_with('2')) {
        return Vec::new();
    }
    let mut problems = Vec::new();
    for error in body.get("Errors").and_then(Json::list).into_iter().flatten().filter_map(Json::object) {
        let key = error.text("Key");
        let field = key.as_deref().map_or(Field::Form, |key| field(key, rows));
        let value = error.get("Value").map(|value| value.text().map_or_else(|| value.raw().to_owned(), Into::into));
        // A key without words is still said.
        if let Some(message) = value.or_else(|| key.clone()) {
            problems.push(Problem::new(field, Cause::Server { key, message }));
        }
    }
    // The same, as ASP.NET itself writes it: a list of words under each key.
    let state = body.get("ModelState").and_then(Json::object);
    for (key, words) in state.iter().flat_map(Object::members) {
        for message in words.list().into_iter().flatten().filter_map(Json::text) {
            problems.push(Problem::new(field(key, rows), Cause::Server { key: Some(key.to_owned()), message: message.into() }));
        }
    }
    if problems.is_empty() && !is_record {
        problems.extend(body.text("Message").map(|message| refusal(None, message)));
    }
    problems
}

/// The field that an error key names: `payment.PaymentAllocations[1].Amount`, a path of the server's own property names. They are not the
/// names of the request, come in any case, and with or without the first step. Places in the list count as it was sent.
fn field(key: &str, rows: &[InvoiceId]) -> Field {
    let key = key.trim().to_ascii_lowercase();
    let path = key.strip_prefix("payment.").unwrap_or(&key);
    match path {
        "amount" => Field::Amount,
        "reference" => Field::Reference,
        "paymentmethodtype" | "paymentmethod" | "paymentmethodtypeid" | "paymentmethodid" | "usedefaultpaymentmethod" => {
            Field::Method
        }
        "paymentallocations" | "autoallocate" | "autoallocateorder" => Field::Allocation,
        // The customer, the source and the moment of the payment are nothing that the person could correct here.
        _ => match path.strip_prefix("paymentallocations[").and_then(|rest| rest.split_once(']')) {
            Some((index, _)) => {
                let row = index.parse::<usize>().ok().and_then(|index| rows.get(index));
                row.map_or(Field::Allocation, |invoice| Field::Share(*invoice))
            }
            None => Field::Form,
        },
    }
}
