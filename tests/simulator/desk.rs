//! The payments that the person may mean, encoded once: schedules differ in what becomes of them.

use payment_form::{
    api::{
        Api,
        message::{Encoding, Request, Sent},
    },
    domain::{
        allocation::{Allocation, Order, Plan},
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
    pub request: Request,
    pub sent: Sent,
    pub fingerprint: Fingerprint,
    /// The record that an honest server answers with, around the id.
    record: (String, String),
}

impl Draft {
    fn new(amount: i64) -> Self {
        let usd = Currency::from_code("USD").unwrap();
        let money = |cents| Money::new(rust_decimal::Decimal::new(cents, 2), usd).unwrap();
        let invoice = |id, cents| Invoice {
            id: InvoiceId::new(id).unwrap(),
            number: format!("INV-{id}"),
            due: None,
            issued: None,
            total: None,
            balance: money(cents),
        };
        let statement = Arc::new(Statement::new(vec![invoice(7, 5_000), invoice(8, 10_000)], None).unwrap());
        let plan = Plan { order: Order::Oldest, ..Plan::default() };
        let allocation = Allocation::new(&statement, money(amount), &plan);
        let payment = Payment::OnAccount(OnAccount {
            customer: CustomerId::new(655_080).unwrap(),
            amount: money(amount),
            method: Method::Cash,
            reference: Reference::new("Rent").unwrap(),
            source: Source::Manual,
            allocation,
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
        Self { request, sent, fingerprint: Fingerprint::new(&payment, "salt"), record: (r#"{"id":"#.into(), rest) }
    }

    /// The record of this payment under this id.
    pub fn record(&self, id: u64) -> String {
        format!("{}{id}{}", self.record.0, self.record.1)
    }
}

/// All drafts there are.
pub fn drafts() -> Vec<Draft> {
    [6_000, 6_001, 250, 15_000].into_iter().map(Draft::new).collect()
}
