//! Going out: the details of events, and the properties that are computed when they are read.

use crate::{
    domain::{
        allocation::Allocation,
        draft::Draft,
        problem::{Cause, Field, Problem},
        receipt::{Difference, Receipt},
    },
    ui::{
        host::{Announcement, Change, LookUp, Submit},
        store,
    },
};
use js_sys::{Object, Reflect};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

/// Plain objects, with `null` where there is nothing.
const SERIALIZER: Serializer = Serializer::json_compatible();

/// What is written here cannot fail: strings, numbers, and lists and structs of them.
fn js(value: &impl Serialize) -> JsValue {
    value.serialize(&SERIALIZER).unwrap_or_default()
}

#[derive(Serialize)]
struct ChangeDetail<'a> {
    field: &'a str,
    #[serde(rename = "invoiceId")]
    invoice_id: Option<String>,
    amount: Option<String>,
    allocated: Option<String>,
    unallocated: Option<String>,
    valid: bool,
}

#[derive(Serialize)]
struct ShareDetail {
    #[serde(rename = "invoiceId")]
    invoice_id: String,
    amount: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PreviewDetail {
    amount: String,
    allocations: Vec<ShareDetail>,
    allocated: String,
    unallocated: String,
    still_owed: String,
}

#[derive(Serialize)]
struct ReceiptDetail<'a> {
    id: &'a str,
    amount: String,
    currency: Option<&'a str>,
    allocations: Vec<ShareDetail>,
    unallocated: Option<String>,
    raw: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DifferenceDetail<'a> {
    field: &'a str,
    invoice_id: Option<String>,
    sent: String,
    recorded: String,
}

#[derive(Serialize)]
struct RecordedDetail<'a> {
    receipt: ReceiptDetail<'a>,
    differences: Vec<DifferenceDetail<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ProblemDetail<'a> {
    code: String,
    field: &'a str,
    invoice_id: Option<String>,
    message: &'a str,
    params: Params,
    key: Option<&'a str>,
}

#[derive(Default, Serialize)]
struct Params {
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<String>,
}

#[derive(Serialize)]
struct RejectedDetail<'a> {
    status: u16,
    problems: Vec<ProblemDetail<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct HeldDetail {
    status: Option<u16>,
    retry_after: u32,
}

#[derive(Serialize)]
struct LookUpDetail<'a> {
    attempt: &'a str,
    reference: Option<&'a str>,
    amount: String,
}

/// The name and the detail of an event.
pub fn of(event: Announcement<'_>) -> (&'static str, JsValue) {
    match event {
        Announcement::Ready | Announcement::State { .. } => ("payment-ready", JsValue::NULL),
        Announcement::Change(change) => ("payment-change", change_detail(change)),
        Announcement::Submit(submit) => ("payment-submit", submit_detail(submit)),
        Announcement::Recorded { receipt, differences } => {
            let differences = differences.iter().map(difference).collect();
            ("payment-recorded", js(&RecordedDetail { receipt: receipt_detail(receipt), differences }))
        }
        Announcement::Rejected { status, problems } => {
            ("payment-rejected", js(&RejectedDetail { status, problems: problems.iter().map(problem).collect() }))
        }
        Announcement::Held { status, retry_after } => {
            ("payment-held", js(&HeldDetail { status, retry_after: u32::try_from(retry_after).unwrap_or(u32::MAX) }))
        }
        Announcement::Unknown { attempt } => {
            let detail = Object::new();
            set(&detail, "attempt", &attempt.into());
            ("payment-unknown", detail.into())
        }
    }
}

fn change_detail(change: Change<'_>) -> JsValue {
    js(&ChangeDetail {
        field: change.field.name(),
        invoice_id: invoice_of(change.field),
        amount: change.amount.map(|amount| amount.plain()),
        allocated: change.allocation.map(|allocation| allocation.allocated().plain()),
        unallocated: change.allocation.map(|allocation| allocation.unallocated().plain()),
        valid: change.is_valid,
    })
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
    for (name, text) in store::fields_of(draft) {
        match name.strip_prefix("share-") {
            Some(id) => set(&shares, id, &text.into()),
            None if is_due_item && name == "amount" => set(&value, "amountPaid", &text.into()),
            None => set(&value, &name, &text.into()),
        }
    }
    set(&value, "shares", &shares);
    value.into()
}

/// The `preview` property.
pub fn preview(allocation: &Allocation) -> JsValue {
    let share = |(invoice, amount): (&crate::domain::invoice::Invoice, crate::domain::money::Money)| {
        let row = allocation.statement().row_of(invoice.id);
        let reason = row.map(|row| allocation.reason(row).code());
        ShareDetail { invoice_id: invoice.id.to_string(), amount: amount.plain(), reason }
    };
    js(&PreviewDetail {
        amount: allocation.amount().plain(),
        allocations: allocation.shares().map(share).collect(),
        allocated: allocation.allocated().plain(),
        unallocated: allocation.unallocated().plain(),
        still_owed: allocation.still_owed().plain(),
    })
}

/// The `problems` property.
pub fn problems(problems: &[(Problem, String)]) -> JsValue {
    js(&problems.iter().map(problem).collect::<Vec<_>>())
}

fn problem((problem, message): &(Problem, String)) -> ProblemDetail<'_> {
    let mut params = Params::default();
    let mut wire_key = None;
    match &problem.cause {
        Cause::BelowMin(limit) | Cause::AboveMax(limit) | Cause::AboveBalance(limit) | Cause::AboveAmount(limit) => {
            params.amount = Some(limit.plain());
        }
        Cause::TooFine(decimals) => params.max = Some(decimals.to_string()),
        Cause::TooLong(digits) => params.max = Some(digits.to_string()),
        Cause::TooManyShares { count, max } => {
            params.count = Some(count.to_string());
            params.max = Some(max.to_string());
        }
        Cause::ReferenceTooLong(units) => params.count = Some(units.to_string()),
        Cause::Server { key, .. } => wire_key = key.as_deref(),
        _ => {}
    }
    ProblemDetail {
        code: problem.code(),
        field: problem.field.name(),
        invoice_id: invoice_of(problem.field),
        message,
        params,
        key: wire_key,
    }
}

fn invoice_of(field: Field) -> Option<String> {
    match field {
        Field::Share(id) => Some(id.to_string()),
        _ => None,
    }
}

fn receipt_detail(receipt: &Receipt) -> ReceiptDetail<'_> {
    let share = |share: &crate::domain::receipt::ReceiptShare| ShareDetail {
        invoice_id: share.invoice.to_string(),
        amount: share.amount.to_string(),
        reason: None,
    };
    ReceiptDetail {
        id: &receipt.id,
        amount: receipt.amount.to_string(),
        currency: receipt.currency.as_deref(),
        allocations: receipt.shares.iter().flatten().map(share).collect(),
        unallocated: receipt.unallocated.map(|rest| rest.to_string()),
        raw: &receipt.raw,
    }
}

fn difference(difference: &Difference) -> DifferenceDetail<'_> {
    let detail = |field, invoice_id, sent: String, recorded: String| DifferenceDetail { field, invoice_id, sent, recorded };
    match difference {
        Difference::Amount { sent, recorded } => detail("amount", None, sent.to_string(), recorded.to_string()),
        Difference::Share { invoice, sent, recorded, .. } => {
            detail("share", Some(invoice.to_string()), sent.to_string(), recorded.to_string())
        }
        Difference::Unallocated { sent, recorded } => detail("unallocated", None, sent.to_string(), recorded.to_string()),
        Difference::Field { name, sent, recorded } => detail(name, None, sent.clone(), recorded.clone()),
    }
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
    js(&LookUpDetail { attempt: &wanted.attempt, reference: wanted.reference.as_deref(), amount: wanted.amount.to_string() })
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // Setting a property of a fresh plain object cannot fail.
    _ = Reflect::set(object, &name.into(), value);
}
