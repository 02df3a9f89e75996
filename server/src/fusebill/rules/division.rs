//! Checks the division of a payment: the listed shares, or the division that `autoAllocate` leaves to the server.

use super::PaymentCheck;
use crate::{
    fusebill::body::{Members, whole_number},
    ledger::{
        customers::{self, Customer},
        sql,
    },
    relaxed_json::Json,
};
use payment_form::{
    api::Api,
    domain::{
        allocation::{Allocation, Order, Plan},
        invoice::InvoiceId,
        money::{Currency, Money},
        payment_order::DateField,
        statement::Statement,
        terms::SHARES_MAX,
    },
};
use rust_decimal::Decimal;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

const SHARE: &str = "Amount must be a positive number and cannot exceed two decimal places";
const ORDERS: &str = "Allowable values are: OldestToNewest, NewestToOldest";

impl PaymentCheck<'_> {
    /// Reads only the invoices that the division needs, so that a long history slows no payment.
    fn statement(
        &mut self,
        customer: &Customer,
        listed: &[Json],
        auto: Option<Order>,
        amount: Option<Money>,
    ) -> sql::Result<Arc<Statement>> {
        let invoices = match (auto, amount) {
            (Some(order), Some(amount)) => {
                customers::open_invoices(self.ledger, customer, amount, order == Order::Newest, SHARES_MAX)?
            }
            (Some(_), None) => Vec::new(),
            (None, _) => {
                let named = listed.iter().filter_map(|item| whole_number(item, "invoiceId").and_then(InvoiceId::new));
                let distinct: BTreeSet<InvoiceId> = named.collect();
                customers::invoices(self.ledger, customer, &distinct.into_iter().collect::<Vec<_>>())?
            }
        };
        // One customer's invoices have distinct ids and one currency by the schema, so this is always a statement.
        Ok(Arc::new(Statement::new(invoices, None).unwrap_or_default()))
    }

    /// The division that the request lists, or that the server computes. `None` where the request names no valid customer, amount or order,
    /// where it lists a division beside `autoAllocate`, and where it lists too many shares.
    pub(super) fn division(
        &mut self,
        members: &Members<'_>,
        customer: Option<&Customer>,
        amount: Option<Money>,
    ) -> sql::Result<Option<Allocation>> {
        let listed = members.list("paymentAllocations", &mut self.errors);
        let is_auto = members.flag("autoAllocate", &mut self.errors);
        let orders = [("OldestToNewest", Order::Oldest), ("NewestToOldest", Order::Newest)];
        let order = members.word("autoAllocateOrder", &orders).unwrap_or(Some(Order::Oldest));
        if order.is_none() {
            self.add_error("payment.AutoAllocateOrder", ORDERS);
        }
        if is_auto && !listed.is_empty() {
            self.add_error("payment.PaymentAllocations", "Allocations cannot be listed when AutoAllocate is true.");
            return Ok(None);
        }
        if listed.len() > SHARES_MAX {
            self.too_many_shares(listed.len());
            return Ok(None);
        }
        let auto = if is_auto { order } else { None };
        let statement = match customer {
            Some(customer) => Some(self.statement(customer, listed, auto, amount)?),
            None => None,
        };
        let pins = self.pins(listed, statement.as_deref(), customer.map(|customer| customer.currency));
        let (Some(statement), Some(amount)) = (statement, amount) else { return Ok(None) };
        if is_auto && order.is_none() {
            return Ok(None);
        }
        // The form previews a division of the server in amounts that the document's JSON carries, and both must agree.
        let decimals_max = is_auto.then(|| Api::Fusebill.decimals_max());
        let plan = Plan { order: auto.unwrap_or(Order::Manual), by: DateField::Due, pins, decimals_max };
        let allocation = Allocation::new(&statement, amount, &plan);
        let excess = allocation.excess();
        if !excess.is_zero() {
            self.add_error("payment.PaymentAllocations", format!("The allocations exceed the payment by {}.", excess.plain()));
        }
        Ok(Some(allocation))
    }

    pub(super) fn too_many_shares(&mut self, count: usize) {
        let words = format!("A payment can be divided over at most {SHARES_MAX} invoices, not {count}.");
        self.add_error("payment.PaymentAllocations", words);
    }

    /// The listed shares, by invoice; each wrong one is an error.
    fn pins(&mut self, listed: &[Json], statement: Option<&Statement>, currency: Option<Currency>) -> BTreeMap<InvoiceId, Money> {
        let mut pins = BTreeMap::new();
        for (index, item) in listed.iter().enumerate() {
            let path = format!("payment.PaymentAllocations[{index}]");
            let Some(members) = Members::new(path, item, &mut self.errors) else { continue };
            let id = members.id("invoiceId", InvoiceId::new, &mut self.errors);
            let amount_key = members.key("Amount");
            let amount = match members.amount("amount") {
                Some(Some(amount)) => self.money(&amount_key, amount, currency, SHARE),
                _ => {
                    self.add_error(amount_key.as_str(), SHARE);
                    None
                }
            };
            let Ok(id) = id else { continue };
            let key = members.key("InvoiceId");
            let Some(id) = id else {
                self.add_error(key, "The invoice is required.");
                continue;
            };
            let Some(statement) = statement else { continue };
            let Some(invoice) = statement.row_of(id).and_then(|row| statement.invoice(row)) else {
                let words = if statement.is_closed(id) {
                    format!("Invoice {id} is paid: nothing is owed on it.")
                } else {
                    format!("The customer has no invoice {id}.")
                };
                self.add_error(key, words);
                continue;
            };
            let Some(Some(share)) = amount else { continue };
            if share > invoice.balance {
                self.add_error(amount_key, format!("Amount exceeds the outstanding balance of {}.", exact(invoice.balance)));
            }
            if pins.contains_key(&id) {
                self.add_error(key, format!("Invoice {id} is listed twice."));
            }
            pins.insert(id, share);
        }
        pins
    }
}

/// The amount with all decimals of its currency, as an error's words show it.
fn exact(money: Money) -> Decimal {
    let mut value = money.value();
    value.rescale(money.currency().minor_units());
    value
}
