//! MaiaScore's *Create Payment*, `POST /payments`: the record of one due item in its three encodings, and its answers.
//!
//! Four fields and no more: `amountDue`, `amountPaid` (bare numbers), `dueDate`, `date` (`YYYY-MM-DD`). There is no customer, currency, method,
//! reference or invoice in this contract.
//!
//! Its document shows JSON under the name of the form encoding, and its snippets send that; here the form encoding is the real one. Its error
//! bodies say code 500 under 403 and 404: the HTTP status decides. The names of its filters, routes and stamps are those of Strapi, whose own
//! error shape, `{statusCode, error, message, data}`, is therefore read as well.

use super::{
    decimal,
    json::{Json, Object, Writer, fields},
    message::{Encoding, Request, Sent},
    outcome::{Said, refusal},
};
use crate::domain::{
    date::Date,
    payment::DueItem,
    problem::{Cause, Field, Problem},
    receipt::{Expected, Receipt},
};

const AMOUNT_DUE: &str = "amountDue";
const AMOUNT_PAID: &str = "amountPaid";
const DUE_DATE: &str = "dueDate";
const DATE: &str = "date";

/// Writes a due item as the body of *Create Payment*.
pub(super) fn encode(item: &DueItem, encoding: Encoding) -> Request {
    let fields = [
        (AMOUNT_DUE, decimal::write(item.due.value()), true),
        (AMOUNT_PAID, decimal::write(item.paid.value()), true),
        (DUE_DATE, item.due_date.to_string(), false),
        (DATE, item.date.to_string(), false),
    ];
    // Digits, points and hyphens mean nothing to XML or to the form encoding: there is nothing to escape.
    let body = match encoding {
        Encoding::Json => {
            let mut body = Writer::new();
            for (name, value, is_number) in &fields {
                if *is_number { body.raw(name, value) } else { body.text(name, value) }
            }
            body.finish()
        }
        Encoding::Xml => {
            let mut body = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<item>\n");
            for (name, value, _) in &fields {
                body.extend(["  <", name, ">", value, "</", name, ">\n"]);
            }
            body.push_str("</item>");
            body
        }
        Encoding::Form => {
            let mut body = String::new();
            for (name, value, _) in &fields {
                body.extend([if body.is_empty() { "" } else { "&" }, name, "=", value]);
            }
            body
        }
    };
    Request { encoding, body }
}

/// What was sent, read back from the bytes of a request.
pub(super) fn sent(request: &Request) -> Option<Sent> {
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
    let expected = Expected {
        amount: decimal::read(&value(AMOUNT_PAID)?)?,
        currency: None,
        customer: None,
        reference: None,
        shares: None,
        amount_due: Some(decimal::read(&value(AMOUNT_DUE)?)?),
        due_date: Some(value(DUE_DATE)?),
        date: Some(value(DATE)?),
    };
    Some(Sent { expected, rows: Vec::new(), key: None, honours_keys: false })
}

/// What the body of an answer to *Create Payment* says.
pub(super) fn said(body: Json) -> Said {
    let record = record(body);
    let refusals = if record.is_none() { body.object().map(|body| refusals(&body)).unwrap_or_default() } else { Vec::new() };
    Said { record, refusals }
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

/// The codes that a body gives itself.
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

/// The problems of an error body: the documented `{code, message}`, or Strapi's `{statusCode, error, message, data: {errors: {field: [text]}}}`.
/// Empty for every other body, and for one whose own code speaks of success.
fn refusals(body: &Object) -> Vec<Problem> {
    let mut codes = codes(body).peekable();
    if codes.peek().is_none() || codes.any(|code| code.starts_with('2')) {
        return Vec::new();
    }
    let mut problems = Vec::new();
    let errors = body.get("data").and_then(Json::object).and_then(|data| data.get("errors")).and_then(Json::object);
    for (name, texts) in errors.iter().flat_map(Object::members) {
        let field = match name {
            AMOUNT_DUE => Field::AmountDue,
            AMOUNT_PAID => Field::AmountPaid,
            DUE_DATE => Field::DueDate,
            DATE => Field::Date,
            _ => Field::Form,
        };
        for text in texts.list().into_iter().flatten().filter_map(Json::text) {
            problems.push(Problem::new(field, Cause::Server { key: Some(name.to_owned()), message: text.into_owned() }));
        }
    }
    if let Some(message) = body.get("message").filter(|_| problems.is_empty()) {
        note(message, &mut problems);
    }
    problems
}

/// Notes the message, or the messages in the nested lists that Strapi makes of it: `[{messages: [{id, message}]}]`.
fn note(message: Json, problems: &mut Vec<Problem>) {
    if let Some(text) = message.text() {
        problems.push(refusal(None, text.into_owned()));
    }
    for group in message.list().into_iter().flatten() {
        let messages = group.object().and_then(|group| group.get("messages")?.list());
        for text in messages.into_iter().flatten().filter_map(|message| message.object()?.text("message")) {
            problems.push(refusal(None, text));
        }
    }
}
