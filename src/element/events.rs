//! Writes the details of events, and the properties that are computed when they are read.
//!
//! Each detail has a mirror struct here, whose fields are the public names of `docs/events.md`. Amounts and ids are strings.

use crate::{
    domain::{
        allocation::Allocation,
        date::Date,
        draft::Draft,
        invoice::InvoiceId,
        payment::Kind,
        problem::{Cause, Field, Problem},
        receipt::{Difference, Receipt},
        statement::ListState,
    },
    ui::{FormEvent, LookUp},
};
use rust_decimal::Decimal;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use std::collections::BTreeMap;
use wasm_bindgen::JsValue;

/// Makes a plain object, with `null` for `None`. It cannot fail, because a mirror struct contains only strings, numbers, lists and maps.
fn to_js(value: &impl Serialize) -> JsValue {
    value.serialize(&Serializer::json_compatible()).unwrap_or_default()
}

/// The name and the detail of an event; `None` for the state, which is no event of the element.
pub fn of(event: &FormEvent) -> Option<(&'static str, JsValue)> {
    Some(match event {
        FormEvent::State(_) => return None,
        FormEvent::Ready => ("payment-ready", JsValue::NULL),
        FormEvent::Change(change) => {
            let detail = ChangeDetail {
                field: change.field.name(),
                invoice_id: invoice_of(change.field),
                amount: change.amount.map(|amount| amount.plain()),
                allocated: change.allocated.map(|amount| amount.plain()),
                unallocated: change.unallocated.map(|amount| amount.plain()),
                valid: change.is_valid,
            };
            ("payment-change", to_js(&detail))
        }
        FormEvent::Submit(submit) => {
            let kind = if submit.allocation().is_some() { Kind::OnAccount } else { Kind::DueItem };
            let detail = SubmitDetail {
                method: "POST",
                url: &submit.url,
                body: &submit.body,
                value: Value::new(&submit.draft, kind, submit.today),
                preview: submit.allocation().map(Preview::new),
            };
            ("payment-submit", to_js(&detail))
        }
        FormEvent::Recorded(recorded) => {
            let paid = if recorded.receipt.amount_due.is_some() { Field::AmountPaid } else { Field::Amount };
            let detail = RecordedDetail {
                receipt: ReceiptDetail::new(&recorded.receipt),
                differences: recorded.differences.iter().map(|found| DifferenceDetail::new(found, paid)).collect(),
            };
            ("payment-recorded", to_js(&detail))
        }
        FormEvent::Rejected(rejected) => {
            let problems = rejected.problems.iter().map(ProblemDetail::new).collect();
            ("payment-rejected", to_js(&RejectedDetail { status: rejected.status, problems }))
        }
        FormEvent::Held(held) => {
            let retry_after = u32::try_from(held.retry_after).unwrap_or(u32::MAX);
            ("payment-held", to_js(&HeldDetail { status: held.status, retry_after }))
        }
        FormEvent::Unknown(unknown) => ("payment-unknown", to_js(&UnknownDetail { attempt: &unknown.attempt })),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChangeDetail {
    field: &'static str,
    invoice_id: Option<String>,
    amount: Option<String>,
    allocated: Option<String>,
    unallocated: Option<String>,
    valid: bool,
}

#[derive(Serialize)]
struct SubmitDetail<'a> {
    method: &'static str,
    url: &'a str,
    body: &'a str,
    value: Value<'a>,
    preview: Option<Preview>,
}

#[derive(Serialize)]
struct RecordedDetail<'a> {
    receipt: ReceiptDetail<'a>,
    differences: Vec<DifferenceDetail>,
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
struct UnknownDetail<'a> {
    attempt: &'a str,
}

/// The `value` property: texts by input name, and the shares by invoice. It has only the inputs of this kind of payment.
#[derive(Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
enum Value<'a> {
    OnAccount {
        amount: &'a str,
        payment_method: &'a str,
        reference: &'a str,
        allocation: &'static str,
        shares: BTreeMap<String, &'a str>,
    },
    DueItem {
        amount_paid: &'a str,
        amount_due: &'a str,
        due_date: &'a str,
        date: String,
    },
}

impl<'a> Value<'a> {
    fn new(draft: &'a Draft, kind: Kind, today: Date) -> Self {
        match kind {
            Kind::OnAccount => Self::OnAccount {
                amount: &draft.amount,
                payment_method: &draft.method,
                reference: &draft.reference,
                allocation: draft.order.name(),
                shares: draft.shares.iter().map(|(id, text)| (id.to_string(), text.as_str())).collect(),
            },
            Kind::DueItem => Self::DueItem {
                amount_due: &draft.amount_due,
                amount_paid: &draft.amount,
                due_date: &draft.due_date,
                date: draft.date.text(today),
            },
        }
    }
}

/// The `value` property.
pub fn value(draft: &Draft, kind: Kind, today: Date) -> JsValue {
    to_js(&Value::new(draft, kind, today))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Preview {
    amount: String,
    allocations: Vec<Share>,
    allocated: String,
    unallocated: String,
    still_owed: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Share {
    invoice_id: String,
    amount: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

impl Preview {
    fn new(allocation: &Allocation) -> Self {
        let statement = allocation.statement();
        let allocations = allocation.shares().map(|(invoice, amount)| Share {
            invoice_id: invoice.id.to_string(),
            amount: amount.plain(),
            reason: statement.row_of(invoice.id).map(|row| allocation.reason(row).code()),
        });
        Self {
            amount: allocation.amount().plain(),
            allocations: allocations.collect(),
            allocated: allocation.allocated().plain(),
            unallocated: allocation.unallocated().plain(),
            still_owed: (statement.list_state() == ListState::Listed).then(|| allocation.still_owed().plain()),
        }
    }
}

/// The `preview` property; `null` without an allocation.
pub fn preview(allocation: Option<&Allocation>) -> JsValue {
    to_js(&allocation.map(Preview::new))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ProblemDetail<'a> {
    code: String,
    field: &'static str,
    invoice_id: Option<String>,
    message: &'a str,
    params: BTreeMap<&'static str, String>,
    key: Option<&'a str>,
}

impl<'a> ProblemDetail<'a> {
    fn new((problem, message): &'a (Problem, String)) -> Self {
        let params = match &problem.cause {
            Cause::BelowMin(limit) | Cause::AboveMax(limit) | Cause::AboveBalance(limit) | Cause::AboveAmount(limit) => {
                vec![("amount", limit.plain())]
            }
            Cause::TooFine(decimals) | Cause::TooFineForApi(decimals) => vec![("max", decimals.to_string())],
            Cause::TooLong(digits) => vec![("max", digits.to_string())],
            Cause::TooManyShares { count, max } => vec![("count", count.to_string()), ("max", max.to_string())],
            Cause::ReferenceTooLong(units) => vec![("count", units.to_string())],
            _ => Vec::new(),
        };
        let key = match &problem.cause {
            Cause::Server { key, .. } => key.as_deref(),
            _ => None,
        };
        Self {
            code: problem.code(),
            field: problem.field.name(),
            invoice_id: invoice_of(problem.field),
            message,
            params: params.into_iter().collect(),
            key,
        }
    }
}

/// The `problems` property.
pub fn problems(problems: &[(Problem, String)]) -> JsValue {
    to_js(&problems.iter().map(ProblemDetail::new).collect::<Vec<_>>())
}

fn invoice_of(field: Field) -> Option<String> {
    match field {
        Field::Share(id) => Some(id.to_string()),
        _ => None,
    }
}

#[derive(Serialize)]
struct ReceiptDetail<'a> {
    id: &'a str,
    amount: String,
    currency: Option<&'a str>,
    allocations: Vec<Share>,
    unallocated: Option<String>,
    raw: &'a str,
}

impl<'a> ReceiptDetail<'a> {
    fn new(receipt: &'a Receipt) -> Self {
        let share = |invoice: InvoiceId, amount: Decimal| Share {
            invoice_id: invoice.to_string(),
            amount: amount.to_string(),
            reason: None,
        };
        Self {
            id: &receipt.id,
            amount: receipt.amount.to_string(),
            currency: receipt.currency.as_deref(),
            allocations: receipt.shares.iter().flatten().map(|line| share(line.invoice, line.amount)).collect(),
            unallocated: receipt.unallocated.map(|rest| rest.to_string()),
            raw: &receipt.raw,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DifferenceDetail {
    field: &'static str,
    invoice_id: Option<String>,
    sent: String,
    recorded: String,
}

impl DifferenceDetail {
    fn new(difference: &Difference, paid: Field) -> Self {
        match difference {
            Difference::Amount { sent, recorded } => Self::amounts(paid.name(), None, *sent, *recorded),
            Difference::Share { invoice, sent, recorded, .. } => Self::amounts("share", Some(*invoice), *sent, *recorded),
            Difference::Unallocated { sent, recorded } => Self::amounts("unallocated", None, *sent, *recorded),
            Difference::Field { name, sent, recorded } => {
                Self { field: name, invoice_id: None, sent: sent.clone(), recorded: recorded.clone() }
            }
        }
    }

    /// Writes both amounts with the decimals of the finer one.
    fn amounts(field: &'static str, invoice: Option<InvoiceId>, sent: Decimal, recorded: Decimal) -> Self {
        let decimals = sent.scale().max(recorded.scale()) as usize;
        let invoice_id = invoice.map(|invoice| invoice.to_string());
        Self { field, invoice_id, sent: format!("{sent:.decimals$}"), recorded: format!("{recorded:.decimals$}") }
    }
}

#[derive(Serialize)]
struct CheckedDetail<'a> {
    valid: bool,
    problems: Vec<ProblemDetail<'a>>,
    preview: Option<Preview>,
}

/// The result of a check without a form.
pub fn checked(wrong: &[(Problem, String)], allocation: Option<&Allocation>) -> JsValue {
    let problems = wrong.iter().map(ProblemDetail::new).collect();
    to_js(&CheckedDetail { valid: wrong.is_empty(), problems, preview: allocation.map(Preview::new) })
}

#[derive(Serialize)]
struct LookUpDetail<'a> {
    attempt: &'a str,
    reference: Option<&'a str>,
    amount: String,
}

/// The argument of the page's look-up function.
pub fn look_up(wanted: &LookUp) -> JsValue {
    let amount = wanted.amount.to_string();
    to_js(&LookUpDetail { attempt: &wanted.attempt, reference: wanted.reference.as_deref(), amount })
}
