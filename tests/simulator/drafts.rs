//! Holds the payments that the person may make, encoded once for all schedules.

use crate::bugs::Bug;
use payment_form::{
    api::{
        Api,
        message::{Encoding, Request, SentPayment},
    },
    domain::{
        allocation::{Allocation, Order, Plan},
        amount::Reading,
        check::Checked,
        invoice::{CustomerId, Invoice, InvoiceId},
        money::{Currency, Money},
        payment::{AllocationWire, Method, OnAccount, Payment, Reference, Source},
        statement::Statement,
    },
    submission::Fingerprint,
};
use std::sync::Arc;

/// One way to fill in the form.
pub struct Draft {
    /// The invoices that it is divided over.
    pub invoices: Vec<Invoice>,
    /// The checked draft, with and without a known list.
    pub checked: Arc<Checked>,
    pub unpayable: Arc<Checked>,
    pub request: Request,
    pub sent: SentPayment,
    payment: Payment,
    /// The record that an honest server answers with, around the id.
    record: (String, String),
}

impl Draft {
    /// A payment of this amount over invoices with these balances.
    fn new(amount: i64, balances: [i64; 2]) -> Self {
        let usd = Currency::from_code("USD").unwrap();
        let money = |cents| Money::new(rust_decimal::Decimal::new(cents, 2), usd).unwrap();
        let invoice = |id, cents| Invoice {
            id: InvoiceId::new(id).unwrap(),
            number: format!("INV-{id}"),
            due: None,
            issued: None,
            total: None,
            balance: money(cents),
            credit: None,
        };
        let invoices = vec![invoice(7, balances[0]), invoice(8, balances[1])];
        let statement = Arc::new(Statement::new(invoices.clone(), None).unwrap());
        let plan = Plan { order: Order::Oldest, ..Plan::default() };
        let allocation = Allocation::new(&statement, money(amount), &plan);
        let payment = Payment::OnAccount(OnAccount {
            customer: CustomerId::new(655_080).unwrap(),
            amount: money(amount),
            method: Method::Cash,
            reference: Reference::new("Rent").unwrap(),
            source: Source::Manual,
            allocation: allocation.clone(),
            wire: AllocationWire::Explicit,
        });
        let (request, sent) = Api::encode(&payment, Encoding::Json);
        let shares: Vec<String> = sent
            .expected
            .shares
            .iter()
            .flatten()
            .map(|(id, share)| format!(r#"{{"invoiceId":{id},"amount":{share}}}"#))
            .collect();
        let rest = format!(
            r#","amount":{},"customerId":655080,"reference":"Rent","invoiceAllocations":[{}]}}"#,
            sent.expected.amount,
            shares.join(",")
        );
        let answer =
            |allocation, payment| Arc::new(Checked { amount: Reading::Empty, amount_due: Reading::Empty, allocation, payment });
        let checked = answer(Some(allocation), Ok(payment.clone()));
        let unpayable = answer(None, Err(Vec::new()));
        Self { invoices, checked, unpayable, request, sent, payment, record: (r#"{"id":"#.into(), rest) }
    }

    /// The fingerprint of the payment. With the bug it contains the invoices.
    pub fn fingerprint(&self, endpoint: &str, bug: Option<Bug>) -> Fingerprint {
        let mut salt = "salt".to_owned();
        if bug == Some(Bug::FingerprintHoldsInvoices) {
            let invoices = self.sent.expected.shares.iter().flatten().map(|(invoice, _)| invoice.to_string());
            salt.extend(invoices);
        }
        Fingerprint::new(&self.payment, endpoint, &salt)
    }

    /// The record of this payment under this id.
    pub fn record(&self, id: u64) -> String {
        format!("{}{id}{}", self.record.0, self.record.1)
    }
}

/// The number of amounts that the person may pay.
pub const AMOUNTS: usize = 4;

/// All drafts: each amount on four sets of balances. These are the first balances, and those after a payment (which closed the
/// first invoice), after a payment of somebody else, and after both.
pub fn drafts() -> Vec<Draft> {
    let on = |balances| [6_000, 6_001, 250, 15_000].into_iter().map(move |amount| Draft::new(amount, balances));
    [[5_000, 100_000], [0, 99_000], [2_000, 98_000], [0, 97_000]].into_iter().flat_map(on).collect()
}
