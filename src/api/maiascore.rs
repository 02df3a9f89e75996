//! Speaks MaiaScore's *Create Payment*, `POST /payments`: writes the record of one due item in three encodings, and reads its answers.
//!
//! Four fields and no more: `amountDue`, `amountPaid` (bare numbers), `dueDate`, `date` (`YYYY-MM-DD`). There is no customer, currency, method,
//! reference or invoice in this contract.
//!
//! Its document shows JSON under the name of the form encoding, and its snippets send that; here the form encoding is the real one. Its error
//! bodies say code 500 under 403 and 404: the HTTP status decides. The names of its filters, routes and stamps are those of Strapi, whose own
//! error shape, `{statusCode, error, message, data}`, is therefore read as well.

use super::{
    decimal,
    error_body::{self, Path},
    json::{self, ExactNumber, Json, Object, fields},
    message::{Encoding, Request, SentPayment},
    outcome::Findings,
};
use crate::domain::{
    date::Date,
    payment::DueItem,
    problem::Field,
    receipt::{ExpectedRecord, Receipt},
};
use serde::Serialize;

const AMOUNT_DUE: &str = "amountDue";
const AMOUNT_PAID: &str = "amountPaid";
const DUE_DATE: &str = "dueDate";
const DATE: &str = "date";

/// The body of *Create Payment* in JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    amount_due: ExactNumber,
    amount_paid: ExactNumber,
    due_date: String,
    date: String,
}

/// Writes a due item as the body of *Create Payment*.
pub(super) fn encode(item: &DueItem, encoding: Encoding) -> Request {
    let (due, paid) = (item.due.value(), item.paid.value());
    let (due_date, date) = (item.due_date.to_string(), item.date.to_string());
    if encoding == Encoding::Json {
        let body = Body { amount_due: ExactNumber(due), amount_paid: ExactNumber(paid), due_date, date };
        return Request { encoding, body: json::write(&body) };
    }
    // Digits, points and hyphens need no escape in XML or in the form encoding.
    let fields = [(AMOUNT_DUE, decimal::write(due)), (AMOUNT_PAID, decimal::write(paid)), (DUE_DATE, due_date), (DATE, date)];
    let body = match encoding {
        Encoding::Xml => {
            let items: String = fields.iter().map(|(name, value)| format!("  <{name}>{value}</{name}>\n")).collect();
            format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<item>\n{items}</item>")
        }
        Encoding::Json | Encoding::Form => fields.map(|(name, value)| format!("{name}={value}")).join("&"),
    };
    Request { encoding, body }
}

/// Reads the sent payment back from the bytes of a request.
pub(super) fn sent(request: &Request) -> Option<SentPayment> {
    let body = request.body.as_str();
    let json = match request.encoding {
        Encoding::Json => Some(Json::parse(body.as_bytes())?.object()?),
        Encoding::Xml | Encoding::Form => None,
    };
    let value = |name: &str| match request.encoding {
        Encoding::Json => json.as_ref()?.text(name),
        Encoding::Xml => body.split('<').find_map(|tag| tag.strip_prefix(name)?.strip_prefix('>')).map(str::to_owned),
        Encoding::Form => body.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).map(str::to_owned),
    };
    let expected = ExpectedRecord {
        amount: decimal::read(&value(AMOUNT_PAID)?)?,
        currency: None,
        customer: None,
        reference: None,
        shares: None,
        amount_due: Some(decimal::read(&value(AMOUNT_DUE)?)?),
        due_date: Some(value(DUE_DATE)?),
        date: Some(value(DATE)?),
    };
    Some(SentPayment { expected, ..SentPayment::default() })
}

/// Reads the body of an answer to *Create Payment*. Two shapes of errors are MaiaScore's own: the documented `{code, message}`, and Strapi's
/// `{statusCode, error, message, data: {errors: {field: [text]}}}`.
pub(super) fn findings(body: Json) -> Findings {
    let record = record(body);
    let object = body.object();
    let problems = if record.is_none() { error_body::problems(body, &field) } else { Vec::new() };
    // Other servers write a text there, so a code must be a number.
    let is_own = object.iter().flat_map(codes).any(|code| code.parse::<u16>().is_ok());
    Findings { record, problems, is_own, claims_success: object.is_some_and(|body| error_body::claims_success(&body, "code")) }
}

/// Reads the record, in its `{code, message, data}` envelope or bare. It is one when it has an id and `amountPaid`; `published_at` and the
/// rest may be missing or `null`.
pub(super) fn record(body: Json) -> Option<Box<Receipt>> {
    let envelope = body.object()?;
    if codes(&envelope).any(|code| !code.starts_with('2')) {
        return None;
    }
    let data = envelope.get("data").filter(|data| data.object().is_some()).unwrap_or(body);
    let record = data.object()?;
    Some(Box::new(Receipt {
        id: record.get("id")?.id()?,
        amount: record.number(AMOUNT_PAID)?,
        currency: None,
        customer: None,
        reference: None,
        shares: None,
        unallocated: None,
        unsettled: None,
        amount_due: record.number(AMOUNT_DUE),
        due_date: record.text(DUE_DATE).map(day),
        date: record.text(DATE).map(day),
        fields: fields(data),
        raw: body.raw().to_owned(),
    }))
}

/// The error codes in a body.
fn codes(body: &Object) -> impl Iterator<Item = String> {
    ["code", "statusCode"].into_iter().filter_map(|name| body.text(name))
}

/// A calendar day that was written as its first moment (`2019-08-24T00:00:00.000Z`) is still that day.
fn day(text: String) -> String {
    match text.split_once('T') {
        Some((day, time)) if time.starts_with("00:00:00") && Date::parse(day).is_some() => day.to_owned(),
        _ => text,
    }
}

/// The field that an error key names.
fn field(path: &Path) -> Field {
    let is = |name: &str| path.name().eq_ignore_ascii_case(name);
    [(AMOUNT_DUE, Field::AmountDue), (AMOUNT_PAID, Field::AmountPaid), (DUE_DATE, Field::DueDate), (DATE, Field::Date)]
        .into_iter()
        .find(|(name, _)| is(name))
        .map_or(Field::Form, |(_, field)| field)
}
