//! Speaks Fusebill's *Create Payment*, `POST /v1/payments/`: writes the request, and reads its answers.
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
    error_body::{self, Path},
    json::{self, ExactNumber, Json, Object, fields},
    message::{Encoding, Request, SentPayment},
    outcome::Findings,
};
use crate::domain::{
    invoice::{CustomerId, InvoiceId},
    payment::{Method, OnAccount, Reference, Source},
    payment_order::Direction,
    problem::Field,
    receipt::{ExpectedRecord, Receipt, ReceiptShare, SettlementState},
    statement::StoredKind,
};
use rust_decimal::Decimal;
use serde::Serialize;

/// The body of *Create Payment*.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "customerId")]
    customer: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<&'a str>,
    amount: ExactNumber,
    #[serde(rename = "paymentMethod")]
    method: &'static str,
    #[serde(rename = "paymentMethodId", skip_serializing_if = "Option::is_none")]
    method_id: Option<i64>,
    #[serde(rename = "useDefaultPaymentMethod", skip_serializing_if = "Option::is_none")]
    uses_default_method: Option<bool>,
    source: &'static str,
    #[serde(rename = "autoAllocate", skip_serializing_if = "Option::is_none")]
    auto_allocates: Option<bool>,
    #[serde(rename = "autoAllocateOrder", skip_serializing_if = "Option::is_none")]
    auto_allocate_order: Option<&'static str>,
    #[serde(rename = "paymentAllocations", skip_serializing_if = "Vec::is_empty")]
    allocations: Vec<BodyShare>,
}

#[derive(Serialize)]
struct BodyShare {
    #[serde(rename = "invoiceID")]
    invoice: i64,
    amount: ExactNumber,
}

/// Writes a payment as the body of *Create Payment*, with these shares of it; none where the server divides.
pub(super) fn encode(payment: &OnAccount, shares: &[(InvoiceId, Decimal)]) -> Request {
    let (method_id, uses_default_method) = match payment.method {
        Method::Stored { id, .. } => (Some(id.number()), None),
        Method::Default { .. } => (None, Some(true)),
        Method::Cash | Method::Check | Method::DirectDeposit => (None, None),
    };
    let order = payment.server_divides().map(|direction| match direction {
        Direction::Oldest => "OldestToNewest",
        Direction::Newest => "NewestToOldest",
    });
    let body = Body {
        customer: payment.customer.number(),
        reference: payment.reference.as_ref().map(Reference::text),
        amount: ExactNumber(payment.amount.value()),
        method: method_name(payment.method),
        method_id,
        uses_default_method,
        source: source_name(payment.source),
        auto_allocates: order.map(|_| true),
        auto_allocate_order: order,
        allocations: shares
            .iter()
            .filter(|_| order.is_none())
            .map(|(invoice, share)| BodyShare { invoice: invoice.number(), amount: ExactNumber(*share) })
            .collect(),
    };
    Request { encoding: Encoding::Json, body: json::write(&body) }
}

/// The name of a card among the payment methods.
const CARD: &str = "CreditCard";

/// `paymentMethod`: the document's enumeration. `Paypal`, which its error message allows too, has no id to pay with.
fn method_name(method: Method) -> &'static str {
    match method {
        Method::Stored { kind: StoredKind::CreditCard, .. } | Method::Default { kind: StoredKind::CreditCard } => CARD,
        Method::Stored { kind: StoredKind::Ach, .. } | Method::Default { kind: StoredKind::Ach } => "ACH",
        Method::Cash => "Cash",
        Method::Check => "Check",
        Method::DirectDeposit => "DirectDeposit",
    }
}

/// Tells whether a card pays.
pub(super) fn pays_by_card(payment: &OnAccount) -> bool {
    method_name(payment.method) == CARD
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

/// Reads the sent payment back from the bytes of a request. The shares are unknown where the server was asked to divide.
pub(super) fn sent(request: &Request) -> Option<SentPayment> {
    let body = Json::parse(request.body.as_bytes())?.object()?;
    let (mut shares, mut rows) = (Vec::new(), Vec::new());
    if let Some(list) = body.get("paymentAllocations") {
        for item in list.list()? {
            let share = share(&item.object()?, "invoiceID")?;
            rows.push(share.0);
            shares.push(share);
        }
    }
    let is_divided_there = body.get("autoAllocate").and_then(Json::boolean) == Some(true);
    let expected = ExpectedRecord {
        amount: body.number("amount")?,
        currency: None,
        customer: Some(CustomerId::parse(&body.text("customerId")?)?),
        reference: body.text("reference"),
        shares: (!is_divided_there).then_some(shares),
        amount_due: None,
        due_date: None,
        date: None,
    };
    let pays_by_card = body.text("paymentMethod").as_deref() == Some(CARD);
    Some(SentPayment { expected, rows, pays_by_card, ..SentPayment::default() })
}

/// One entry of an allocation list: the invoice and its amount.
fn share(entry: &Object, invoice: &str) -> Option<(InvoiceId, Decimal)> {
    Some((InvoiceId::parse(&entry.text(invoice)?)?, entry.number("amount")?))
}

/// The members of an error of Fusebill's own. Other servers write a `message` as well, beside other members.
const OWN: [&str; 10] = [
    "ErrorId",
    "HttpStatusCode",
    "Errors",
    "Message",
    "MessageDetail",
    "ModelState",
    "ExceptionMessage",
    "ExceptionType",
    "StackTrace",
    "InnerException",
];

/// Reads the body of an answer to *Create Payment*.
pub(super) fn findings(body: Json, sent: &SentPayment) -> Findings {
    let record = record(body);
    let object = body.object();
    let field_of = |path: &Path| field(path, &sent.rows);
    let problems = match (&record, &object) {
        // Beside a record only the documented list holds errors, because the record may have members of the other names.
        (Some(_), Some(object)) => object.get("Errors").map(|errors| error_body::problems_of_list(errors, &field_of)),
        _ => Some(error_body::problems(body, &field_of)),
    };
    Findings {
        record,
        problems: problems.unwrap_or_default(),
        is_own: object.as_ref().is_some_and(is_own_error),
        claims_success: object.is_some_and(|body| error_body::claims_success(&body, "HttpStatusCode")),
    }
}

/// Tells whether an error has one of the three shapes of Fusebill: the documented `{ErrorId, HttpStatusCode, Errors: [{Key, Value}]}`, ASP.NET's
/// `{Message, ModelState: {Key: [Value]}}`, or `{Message}` alone.
fn is_own_error(body: &Object) -> bool {
    let has_pair = |error: Json| {
        let is_pair = |error: Object| ["Key", "Value"].iter().any(|name| error.get(name).is_some());
        error.object().is_some_and(is_pair)
    };
    let errors: Option<Vec<Json>> = body.get("Errors").map(|errors| errors.list().into_iter().flatten().collect());
    let has_message = body.get("Message").and_then(Json::text).is_some();
    let is_own_name = |name: &str| OWN.iter().any(|own| name.eq_ignore_ascii_case(own));
    match errors {
        Some(errors) if !errors.is_empty() => errors.into_iter().any(has_pair),
        // Other servers write an object there.
        _ if body.get("Errors").is_some_and(|errors| errors.list().is_none()) => false,
        _ => {
            body.get("ModelState").and_then(Json::object).is_some()
                || (has_message && body.members().all(|(name, _)| is_own_name(name)))
        }
    }
}

/// Reads the payment record: of *Create Payment*'s answer and of `GET /payments/{id}` alike.
///
/// A body is a record when it has an id and an amount. Everything else may be missing, `null` or unknown; every field is kept as a text.
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
        // `null` means no reference; a missing field tells nothing.
        reference: object.text("reference").or_else(|| {
            let is_present = object.members().any(|(name, _)| name.eq_ignore_ascii_case("reference"));
            is_present.then(String::new)
        }),
        shares: object.get("invoiceAllocations").and_then(receipt_shares),
        unallocated: object.number("unallocatedAmount"),
        unsettled: match settlement.as_deref().unwrap_or_default() {
            "Pending" => Some(SettlementState::Pending),
            "Failed" => Some(SettlementState::Failed),
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

/// The field that an error key names. The names are the server's own, which are not those of the request. Places in the list of allocations
/// count as the list was sent.
fn field(path: &Path, rows: &[InvoiceId]) -> Field {
    match path.name() {
        "amount" => Field::Amount,
        "reference" => Field::Reference,
        "paymentmethodtype" | "paymentmethod" | "paymentmethodtypeid" | "paymentmethodid" | "usedefaultpaymentmethod" => {
            Field::Method
        }
        "paymentallocations" | "autoallocate" | "autoallocateorder" => {
            path.index().and_then(|index| rows.get(index)).map_or(Field::Allocation, |invoice| Field::Share(*invoice))
        }
        // The customer, the source and the moment of the payment are not fields that the person could correct.
        _ => Field::Form,
    }
}
