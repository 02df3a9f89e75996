//! Going out: the details of events, and the properties that are computed when they are read.

use crate::{
    domain::{
        allocation::Allocation,
        draft::Draft,
        invoice::{Invoice, InvoiceId},
        money::Money,
        problem::{Cause, Field, Problem},
        receipt::{Difference, Receipt},
        statement::Known,
    },
    ui::{
        platform::storage,
        state::host::{Announcement, Change, LookUp, Submit},
    },
};
use js_sys::{Object, Reflect};
use rust_decimal::Decimal;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use std::borrow::Cow;
use wasm_bindgen::JsValue;

/// Plain objects, with `null` where there is nothing.
const SERIALIZER: Serializer = Serializer::json_compatible();

/// What goes out, in a shape that JavaScript knows. One type of all details, because a serializer for each weighed 6 kB of code.
enum Out<'a> {
    Nothing,
    Is(bool),
    Number(u32),
    Text(Cow<'a, str>),
    List(Vec<Out<'a>>),
    Fields(Vec<(&'static str, Out<'a>)>),
}

impl Serialize for Out<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nothing => serializer.serialize_unit(),
            Self::Is(is) => serializer.serialize_bool(*is),
            Self::Number(number) => serializer.serialize_u32(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(all) => serializer.collect_seq(all),
            Self::Fields(all) => serializer.collect_map(all.iter().map(|(name, value)| (name, value))),
        }
    }
}

impl Out<'_> {
    /// Cannot fail: strings, numbers, and lists and objects of them.
    fn js(&self) -> JsValue {
        self.serialize(&SERIALIZER).unwrap_or_default()
    }
}

impl<'a> From<&'a str> for Out<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Out<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'a, T: Into<Out<'a>>> From<Option<T>> for Out<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Nothing, T::into)
    }
}

/// The name and the detail of an event.
pub fn of(event: Announcement<'_>) -> (&'static str, JsValue) {
    if let Announcement::Ready = event { ("payment-ready", JsValue::NULL) } else { of_act(event) }
}

/// The same of what somebody has done, and of what came of it.
#[inline(never)]
fn of_act(event: Announcement<'_>) -> (&'static str, JsValue) {
    match event {
        Announcement::Ready | Announcement::State { .. } => ("payment-ready", JsValue::NULL),
        Announcement::Change(change) => ("payment-change", change_detail(change)),
        Announcement::Submit(submit) => ("payment-submit", submit_detail(submit)),
        Announcement::Recorded { receipt, differences } => {
            let paid = if receipt.amount_due.is_some() { Field::AmountPaid } else { Field::Amount };
            let differences = Out::List(differences.iter().map(|found| difference(found, paid)).collect());
            ("payment-recorded", Out::Fields(vec![("receipt", receipt_detail(receipt)), ("differences", differences)]).js())
        }
        Announcement::Rejected { status, problems } => {
            let problems = Out::List(problems.iter().map(problem).collect());
            ("payment-rejected", Out::Fields(vec![("status", Out::Number(status.into())), ("problems", problems)]).js())
        }
        Announcement::Held { status, retry_after } => {
            let wait = Out::Number(u32::try_from(retry_after).unwrap_or(u32::MAX));
            let status = status.map_or(Out::Nothing, |status| Out::Number(status.into()));
            ("payment-held", Out::Fields(vec![("status", status), ("retryAfter", wait)]).js())
        }
        Announcement::Unknown { attempt } => {
            let detail = Object::new();
            set(&detail, "attempt", &attempt.into());
            ("payment-unknown", detail.into())
        }
    }
}

fn change_detail(change: Change<'_>) -> JsValue {
    Out::Fields(vec![
        ("field", change.field.name().into()),
        ("invoiceId", invoice_of(change.field)),
        ("amount", change.amount.map(|amount| amount.plain()).into()),
        ("allocated", change.allocation.map(|allocation| allocation.allocated().plain()).into()),
        ("unallocated", change.allocation.map(|allocation| allocation.unallocated().plain()).into()),
        ("valid", Out::Is(change.is_valid)),
    ])
    .js()
}

fn submit_detail(submit: Submit<'_>) -> JsValue {
    let detail = Object::new();
    set(&detail, "method", &"POST".into());
    set(&detail, "url", &submit.url.into());
    set(&detail, "body", &submit.body.into());
    // Only a payment on account is divided.
    set(&detail, "value", &value(submit.draft, submit.allocation.is_none()));
    set(&detail, "preview", &submit.allocation.map_or(JsValue::NULL, preview));
    detail.into()
}

/// The `value` property: input names and texts, the shares by invoice. Of a due item the amount is called `amountPaid`.
pub fn value(draft: &Draft, is_due_item: bool) -> JsValue {
    let (value, shares) = (Object::new(), Object::new());
    for (name, text) in storage::fields_of(draft) {
        match name.strip_prefix("share-") {
            Some(id) => set(&shares, id, &text.into()),
            None if is_due_item && name == "amount" => set(&value, "amountPaid", &text.into()),
            // What is no input of this kind of payment is not in its value.
            None if is_due_item != matches!(&*name, "amountDue" | "dueDate" | "date") => {}
            None => set(&value, &name, &text.into()),
        }
    }
    if !is_due_item {
        set(&value, "shares", &shares);
    }
    value.into()
}

/// The `preview` property.
pub fn preview(allocation: &Allocation) -> JsValue {
    let share = |(invoice, amount): (&Invoice, Money)| {
        let row = allocation.statement().row_of(invoice.id);
        let reason = row.map(|row| allocation.reason(row).code());
        share(invoice.id, amount.plain(), reason)
    };
    let owed = Some(allocation.still_owed()).filter(|_| allocation.statement().known() == Known::Listed);
    Out::Fields(vec![
        ("amount", allocation.amount().plain().into()),
        ("allocations", Out::List(allocation.shares().map(share).collect())),
        ("allocated", allocation.allocated().plain().into()),
        ("unallocated", allocation.unallocated().plain().into()),
        ("stillOwed", owed.map(|owed| owed.plain()).into()),
    ])
    .js()
}

fn share(invoice: InvoiceId, amount: String, reason: Option<&'static str>) -> Out<'static> {
    let mut fields = vec![("invoiceId", invoice.to_string().into()), ("amount", amount.into())];
    fields.extend(reason.map(|reason| ("reason", reason.into())));
    Out::Fields(fields)
}

/// The `problems` property.
pub fn problems(problems: &[(Problem, String)]) -> JsValue {
    Out::List(problems.iter().map(problem).collect()).js()
}

fn problem((problem, message): &(Problem, String)) -> Out<'_> {
    let mut params = Vec::new();
    let mut wire_key = None;
    match &problem.cause {
        Cause::BelowMin(limit) | Cause::AboveMax(limit) | Cause::AboveBalance(limit) | Cause::AboveAmount(limit) => {
            params.push(("amount", limit.plain().into()));
        }
        Cause::TooFine(decimals) | Cause::TooFineForApi(decimals) => params.push(("max", decimals.to_string().into())),
        Cause::TooLong(digits) => params.push(("max", digits.to_string().into())),
        Cause::TooManyShares { count, max } => {
            params.push(("count", count.to_string().into()));
            params.push(("max", max.to_string().into()));
        }
        Cause::ReferenceTooLong(units) => params.push(("count", units.to_string().into())),
        Cause::Server { key, .. } => wire_key = key.as_deref(),
        _ => {}
    }
    Out::Fields(vec![
        ("code", problem.code().into()),
        ("field", problem.field.name().into()),
        ("invoiceId", invoice_of(problem.field)),
        ("message", message.as_str().into()),
        ("params", Out::Fields(params)),
        ("key", wire_key.into()),
    ])
}

fn invoice_of(field: Field) -> Out<'static> {
    match field {
        Field::Share(id) => id.to_string().into(),
        _ => Out::Nothing,
    }
}

fn receipt_detail(receipt: &Receipt) -> Out<'_> {
    let shares = receipt.shares.iter().flatten().map(|line| share(line.invoice, line.amount.to_string(), None));
    Out::Fields(vec![
        ("id", receipt.id.as_str().into()),
        ("amount", receipt.amount.to_string().into()),
        ("currency", receipt.currency.as_deref().into()),
        ("allocations", Out::List(shares.collect())),
        ("unallocated", receipt.unallocated.map(|rest| rest.to_string()).into()),
        ("raw", receipt.raw.as_str().into()),
    ])
}

fn difference(difference: &Difference, paid: Field) -> Out<'_> {
    let (field, invoice, sent, recorded) = match difference {
        Difference::Amount { sent, recorded } => amounts(paid.name(), None, *sent, *recorded),
        Difference::Share { invoice, sent, recorded, .. } => amounts("share", Some(*invoice), *sent, *recorded),
        Difference::Unallocated { sent, recorded } => amounts("unallocated", None, *sent, *recorded),
        Difference::Field { name, sent, recorded } => (*name, None, sent.clone(), recorded.clone()),
    };
    Out::Fields(vec![
        ("field", field.into()),
        ("invoiceId", invoice.into()),
        ("sent", sent.into()),
        ("recorded", recorded.into()),
    ])
}

/// Both amounts with as many decimals as either has.
fn amounts(
    field: &'static str,
    invoice: Option<InvoiceId>,
    sent: Decimal,
    recorded: Decimal,
) -> (&'static str, Option<String>, String, String) {
    let decimals = sent.scale().max(recorded.scale()) as usize;
    (field, invoice.map(|invoice| invoice.to_string()), format!("{sent:.decimals$}"), format!("{recorded:.decimals$}"))
}

/// What a check without a form comes to.
pub fn checked(wrong: &[(Problem, String)], allocation: Option<&Allocation>) -> JsValue {
    let detail = Object::new();
    set(&detail, "valid", &wrong.is_empty().into());
    set(&detail, "problems", &problems(wrong));
    set(&detail, "preview", &allocation.map_or(JsValue::NULL, preview));
    detail.into()
}

/// What a look-up is asked for.
pub fn wanted(wanted: &LookUp) -> JsValue {
    Out::Fields(vec![
        ("attempt", wanted.attempt.as_str().into()),
        ("reference", wanted.reference.as_deref().into()),
        ("amount", wanted.amount.to_string().into()),
    ])
    .js()
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // Setting a property of a fresh plain object cannot fail.
    _ = Reflect::set(object, &name.into(), value);
}
