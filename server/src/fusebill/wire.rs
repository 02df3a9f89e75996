//! Defines the answers of Fusebill's routes, field by field.

use crate::{
    ledger::{
        activities::Activity,
        customers::{Customer, Method, kind_name},
        payments::{StoredPayment, StoredShare},
    },
    response::Number,
};
use payment_form::domain::{
    date::Date,
    invoice::{CustomerId, Invoice},
    money::Money,
};
use rust_decimal::Decimal;
use serde::Serialize;

/// A payment's record, as the document shows it; `gatewayFee` and `settlement` stand on the vendor's other pages.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    payment_activity_id: i64,
    reference: Option<String>,
    effective_timestamp: String,
    description: Option<String>,
    customer_id: i64,
    original_payment_activity_id: Option<i64>,
    amount: Number,
    currency: &'static str,
    invoice_allocations: Vec<Allocation>,
    refunds: [(); 0],
    unallocated_amount: Number,
    refundable_amount: Number,
    gateway_fee: Option<Number>,
    settlement: Option<Settlement>,
    id: i64,
    uri: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Allocation {
    invoice_id: i64,
    invoice_number: String,
    amount: Number,
    outstanding_balance: Number,
    invoice_total: Number,
    uri: String,
}

/// The gateway's state of a payment by card or bank account; offline methods have none.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Settlement {
    status: &'static str,
    modified_timestamp: String,
}

impl Record {
    /// The record; `base` is the address under which this server is known to the caller.
    pub fn new(payment: StoredPayment, base: &str) -> Self {
        let is_stored = matches!(payment.method.as_str(), "CreditCard" | "ACH");
        let allocation = |share: StoredShare| Allocation {
            uri: format!("{base}/v1/invoices/{}", share.invoice),
            invoice_id: share.invoice,
            invoice_number: share.number,
            amount: Number(share.amount),
            outstanding_balance: Number(share.balance),
            invoice_total: Number(share.total),
        };
        Self {
            payment_activity_id: payment.activity,
            reference: payment.reference,
            description: None,
            customer_id: payment.customer.number(),
            original_payment_activity_id: None,
            amount: Number(payment.amount),
            currency: payment.currency.code(),
            invoice_allocations: payment.shares.into_iter().map(allocation).collect(),
            refunds: [],
            unallocated_amount: Number(payment.unallocated),
            refundable_amount: Number(payment.amount),
            gateway_fee: None,
            settlement: is_stored.then(|| Settlement { status: "Pending", modified_timestamp: payment.effective_at.clone() }),
            effective_timestamp: payment.effective_at,
            id: payment.id,
            uri: format!("{base}/v1/payments/{}", payment.id),
        }
    }
}

/// One line of the list of invoices.
///
/// `DIFFERS`: Fusebill keeps `dueDate` in the invoice's payment schedules and terms; here every invoice has one.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InvoiceSummary {
    pub(super) id: i64,
    pub(super) invoice_number: String,
    pub(super) customer_id: i64,
    pub(super) due_date: String,
    pub(super) posted_timestamp: String,
    pub(super) invoice_amount: Number,
    pub(super) outstanding_balance: Number,
    pub(super) currency: &'static str,
    pub(super) invoice_status: &'static str,
}

impl InvoiceSummary {
    /// An invoice of the ledger.
    pub fn new(invoice: Invoice, customer: &Customer, today: Date) -> Self {
        let total = invoice.total.unwrap_or(invoice.balance);
        Self {
            id: invoice.id.number(),
            customer_id: customer.id.number(),
            due_date: invoice.due.map(|date| date.to_string()).unwrap_or_default(),
            posted_timestamp: invoice.issued.map(midnight).unwrap_or_default(),
            invoice_amount: exact(total),
            outstanding_balance: exact(invoice.balance),
            currency: customer.currency.code(),
            invoice_status: match invoice.days_late(today) {
                _ if !invoice.is_open() => "Paid",
                Some(_) => "Overdue",
                None => "Due",
            },
            invoice_number: invoice.number,
        }
    }

    /// An invoice that no ledger holds, for the benchmark page.
    pub fn generated(id: i64, customer: i64, due_date: &str, balance: Decimal) -> Self {
        Self {
            id,
            invoice_number: format!("INV-{id}"),
            customer_id: customer,
            due_date: due_date.to_owned(),
            posted_timestamp: format!("{due_date}T00:00:00.0000000Z"),
            invoice_amount: Number(balance),
            outstanding_balance: Number(balance),
            currency: "USD",
            invoice_status: "Due",
        }
    }
}

fn midnight(day: Date) -> String {
    format!("{day}T00:00:00.0000000Z")
}

/// The amount as a JSON number with all digits of the minor unit.
fn exact(money: Money) -> Number {
    let mut value = money.value();
    value.rescale(money.currency().minor_units());
    Number(value)
}

/// One stored method; only its last four digits are known.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredMethod {
    id: i64,
    customer_id: i64,
    payment_method_type: &'static str,
    is_default: bool,
    #[serde(flatten)]
    details: Details,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Details {
    #[serde(rename_all = "camelCase")]
    Card { card_type: String, masked_card_number: String, expiration_month: Option<u8>, expiration_year: Option<i32> },
    #[serde(rename_all = "camelCase")]
    Account { masked_account_number: String, bank_account_type: String },
}

impl StoredMethod {
    /// A method of the ledger.
    pub fn new(method: Method, customer: CustomerId) -> Self {
        let masked = format!("************{}", method.last_digits);
        let details = match method.card_type {
            Some(card_type) => Details::Card {
                card_type,
                masked_card_number: masked,
                expiration_month: method.expires.map(|(_, month)| month),
                expiration_year: method.expires.map(|(year, _)| year),
            },
            None => Details::Account {
                masked_account_number: format!("*****{}", method.last_digits),
                bank_account_type: method.account_type.unwrap_or_default(),
            },
        };
        Self {
            id: method.id.number(),
            customer_id: customer.number(),
            payment_method_type: kind_name(method.kind),
            is_default: method.is_default,
            details,
        }
    }
}

/// One line of the list of attempts.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentActivity {
    pub(super) id: i64,
    pub(super) payment_id: Option<i64>,
    pub(super) customer_id: i64,
    pub(super) amount: Number,
    pub(super) reference: Option<String>,
    pub(super) effective_timestamp: String,
    pub(super) payment_activity_status: String,
    pub(super) payment_method_type: String,
    pub(super) payment_source: String,
}

impl PaymentActivity {
    /// An activity of the ledger.
    pub fn new(activity: Activity, customer: CustomerId) -> Self {
        Self {
            id: activity.id,
            payment_id: activity.payment,
            customer_id: customer.number(),
            amount: Number(activity.amount),
            reference: activity.reference,
            effective_timestamp: activity.effective_at,
            payment_activity_status: activity.status,
            payment_method_type: activity.method,
            payment_source: activity.source,
        }
    }
}
