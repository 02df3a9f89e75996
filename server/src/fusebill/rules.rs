//! Decides whether a request body is a payment that this principal may make; if not, says everything that is wrong with it, with
//! Fusebill's own keys and, where they are known, its own words.

use super::body::{Amount, Members, whole_number};
use crate::{
    auth::Principal,
    ledger::{
        customers::{self, Customer, Method, kind_name},
        payments::{NewPayment, NewShare},
        sql::{self, Sql},
    },
    relaxed_json::Json,
    response::Wrong,
};
use payment_form::api::Api;
use payment_form::domain::{
    allocation::{Allocation, Order, Plan},
    date::Date,
    invoice::{CustomerId, Invoice, InvoiceId, MethodId},
    money::{Currency, DIGITS_MAX, Money, MoneyError},
    payment::{Reference, ReferenceError},
    payment_order::DateField,
    statement::{Statement, StoredKind},
    terms::SHARES_MAX,
};
use rust_decimal::Decimal;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

const AMOUNT: &str = "Amount must be greater than 0 and cannot exceed two decimal places";
const SHARE: &str = "Amount must be a positive number and cannot exceed two decimal places";
const REFERENCE: &str = "Reference must not exceed 500 characters";
const METHODS: &str = "Allowable values are: Check, DirectDeposit, CreditCard, Cash, ACH, Paypal";
/// The document's sentence above allows it, its list of what may be sent does not: whoever sends it needs another sentence.
const PAYPAL: &str = "A payment cannot be created with Paypal, only with Check, DirectDeposit, CreditCard, Cash or ACH.";
const SOURCES: &str = "Allowable values are: Manual, Automatic, SelfServicePortal, Import";
const ORDERS: &str = "Allowable values are: OldestToNewest, NewestToOldest";

/// How the money comes, by the document's words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Stored(StoredKind),
    Offline(&'static str),
}

impl Way {
    const ALL: [(&'static str, Self); 5] = [
        ("CreditCard", Self::Stored(StoredKind::CreditCard)),
        ("ACH", Self::Stored(StoredKind::Ach)),
        ("Cash", Self::Offline("Cash")),
        ("Check", Self::Offline("Check")),
        ("DirectDeposit", Self::Offline("DirectDeposit")),
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Stored(kind) => kind_name(kind),
            Self::Offline(name) => name,
        }
    }
}

/// Two decimals whatever the currency: the API can carry no more.
const DECIMALS_MAX: u32 = 2;

/// A body with who sent it and what it is checked against.
struct Case<'a> {
    ledger: &'a mut dyn Sql,
    principal: &'a Principal,
    today: Date,
    wrongs: Vec<Wrong>,
}

/// The payment that the body asks for, or everything that is wrong with it.
///
/// # Errors
/// The outer error is the database's.
pub fn check(
    ledger: &mut dyn Sql,
    principal: &Principal,
    today: Date,
    body: &Json,
) -> sql::Result<Result<NewPayment, Vec<Wrong>>> {
    let mut case = Case { ledger, principal, today, wrongs: Vec::new() };
    let payment = case.payment(body)?;
    Ok(payment.filter(|_| case.wrongs.is_empty()).ok_or(case.wrongs))
}

impl Case<'_> {
    fn wrong(&mut self, key: impl Into<String>, words: impl Into<String>) {
        self.wrongs.push(Wrong::new(key, words));
    }

    fn payment(&mut self, body: &Json) -> sql::Result<Option<NewPayment>> {
        let Some(members) = Members::new("payment", body, &mut self.wrongs) else { return Ok(None) };
        let customer = self.customer(&members)?;
        let reference = self.reference(&members);
        let amount = self.amount(&members, customer.as_ref().map(|customer| customer.currency));
        let method = self.method(&members, customer.as_ref())?;
        let source = self.source(&members);
        let division = self.division(&members, customer.as_ref(), amount)?;
        let (Some(customer), Some(reference), Some(amount)) = (customer, reference, amount) else { return Ok(None) };
        let (Some((way, method_id)), Some(source), Some(division)) = (method, source, division) else { return Ok(None) };
        let share = |(invoice, amount): (&Invoice, Money)| NewShare {
            invoice: invoice.id,
            amount,
            balance: invoice.balance.less(amount),
        };
        let shares: Vec<NewShare> = division.shares().map(share).collect();
        if shares.len() > SHARES_MAX {
            self.too_many_shares(shares.len());
        }
        Ok(Some(NewPayment {
            customer: customer.id,
            amount,
            unallocated: division.unallocated(),
            method: way.name(),
            method_id,
            source,
            reference,
            shares,
        }))
    }

    /// The customer, if the principal may pay for them. Whoever may not learns nothing else about them.
    fn customer(&mut self, members: &Members<'_>) -> sql::Result<Option<Customer>> {
        let Ok(id) = members.id("customerId", CustomerId::new, &mut self.wrongs) else { return Ok(None) };
        let Some(id) = id else {
            self.wrong("payment.CustomerId", "The customer is required.");
            return Ok(None);
        };
        if !self.principal.may_pay(id) {
            self.wrong("payment.CustomerId", "A session can pay only for its own customer.");
            return Ok(None);
        }
        // Two payments of one customer are divided one after the other: each sees the balances that the other left.
        self.ledger.lock(&format!("customer {id}"))?;
        let customer = customers::customer(self.ledger, id)?;
        if customer.is_none() {
            self.wrong("payment.CustomerId", format!("There is no customer {id}."));
        }
        Ok(customer)
    }

    fn reference(&mut self, members: &Members<'_>) -> Option<Option<Reference>> {
        let text = members.text("reference", &mut self.wrongs).ok()?.unwrap_or_default();
        match Reference::new(text) {
            Ok(reference) => Some(reference),
            Err(error) => {
                let words = match error {
                    ReferenceError::TooLong(_) => REFERENCE,
                    ReferenceError::Control(_) => "Reference must not contain control or invisible characters",
                    ReferenceError::CardNumber => "Reference must not contain a card number",
                };
                self.wrong("payment.Reference", words);
                None
            }
        }
    }

    fn amount(&mut self, members: &Members<'_>, currency: Option<Currency>) -> Option<Money> {
        let key = "payment.Amount";
        let amount = match members.amount("amount") {
            Some(Some(amount)) => amount,
            _ => {
                self.wrong(key, AMOUNT);
                return None;
            }
        };
        let money = self.money(key, amount, currency, AMOUNT)?;
        if money.is_some_and(Money::is_zero) {
            self.wrong(key, AMOUNT);
            return None;
        }
        money
    }

    /// A number as money: two decimals at most, and no finer than the currency. `Some(None)` where the currency is not known but nothing
    /// else is wrong.
    fn money(&mut self, key: &str, amount: Amount, currency: Option<Currency>, words: &str) -> Option<Option<Money>> {
        let too_long = format!("Amount must not exceed {DIGITS_MAX} significant digits");
        let value = match amount {
            Amount::Exact(value) => value,
            Amount::TooLong => {
                self.wrong(key, too_long);
                return None;
            }
        };
        if value.is_sign_negative() || value.normalize().scale() > DECIMALS_MAX {
            self.wrong(key, words);
            return None;
        }
        let money = currency.map(|currency| Money::new(value, currency)).transpose();
        money
            .map_err(|error| match (error, currency) {
                (MoneyError::TooLong, _) => self.wrong(key, too_long),
                (MoneyError::TooFine { .. }, Some(currency)) => {
                    self.wrong(key, format!("Amount must not be finer than the smallest unit of {currency}"));
                }
                _ => self.wrong(key, words),
            })
            .ok()
    }

    fn source(&mut self, members: &Members<'_>) -> Option<&'static str> {
        let words = ["Manual", "Automatic", "SelfServicePortal", "Import"].map(|word| (word, word));
        let source = members.word("source", &words).flatten();
        match source {
            None => self.wrong("payment.Source", SOURCES),
            Some(word) if self.principal.is_portal() && word != "SelfServicePortal" => {
                self.wrong("payment.Source", "A portal session can pay only with the source SelfServicePortal.");
            }
            Some(_) => {}
        }
        source
    }

    /// The way to pay, and the stored method where it needs one.
    fn method(&mut self, members: &Members<'_>, customer: Option<&Customer>) -> sql::Result<Option<(Way, Option<MethodId>)>> {
        let way = members.word("paymentMethod", &Way::ALL).flatten();
        let id = members.id("paymentMethodId", MethodId::new, &mut self.wrongs);
        let use_default = members.flag("useDefaultPaymentMethod", &mut self.wrongs);
        let Some(way) = way else {
            let is_paypal = members.word("paymentMethod", &[("Paypal", ())]).flatten().is_some();
            self.wrong("payment.PaymentMethodType", if is_paypal { PAYPAL } else { METHODS });
            return Ok(None);
        };
        let Ok(id) = id else { return Ok(None) };
        let kind = match way {
            Way::Offline(_) if self.principal.is_portal() => {
                self.wrong("payment.PaymentMethodType", "A portal session can pay only with stored methods.");
                return Ok(None);
            }
            Way::Offline(_) => {
                if id.is_some() {
                    self.wrong("payment.PaymentMethodId", "A stored method pays only for CreditCard and ACH.");
                }
                if use_default {
                    self.wrong("payment.UseDefaultPaymentMethod", "The default method pays only for CreditCard and ACH.");
                }
                return Ok(Some((way, None)));
            }
            Way::Stored(kind) => kind,
        };
        let Some(customer) = customer else { return Ok(None) };
        let methods = customers::methods(self.ledger, customer.id)?;
        Ok(self.stored_method(&methods, kind, id, use_default).map(|method| (Way::Stored(method.kind), Some(method.id))))
    }

    fn stored_method<'m>(
        &mut self,
        methods: &'m [Method],
        kind: StoredKind,
        id: Option<MethodId>,
        use_default: bool,
    ) -> Option<&'m Method> {
        let key = "payment.PaymentMethodId";
        let default = methods.iter().find(|method| method.is_default);
        let method = match (id, use_default) {
            (None, false) => {
                self.wrong(key, "A stored method is required for CreditCard and ACH.");
                return None;
            }
            (Some(id), false) => methods.iter().find(|method| method.id == id),
            (None, true) => default,
            (Some(id), true) => default.filter(|method| method.id == id),
        };
        let Some(method) = method else {
            let words = match (id, use_default) {
                (None, _) => "The customer has no default method.".to_owned(),
                (Some(id), true) => format!("{id} is not the customer's default method."),
                (Some(id), false) => format!("The customer has no stored method {id}."),
            };
            self.wrong(key, words);
            return None;
        };
        // A request for the default method need not name the right kind, because the document says that the default will be used.
        if method.kind != kind && (id.is_some() || !use_default) {
            let (is, named) = (kind_name(method.kind), kind_name(kind));
            self.wrong("payment.PaymentMethodType", format!("The stored method {} is {is}, not {named}.", method.id));
            return None;
        }
        if method.is_expired(self.today) {
            self.wrong(key, "The card has expired.");
            return None;
        }
        Some(method)
    }

    /// The invoices that the division needs, and no others: a long history costs a payment nothing.
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

    /// The division: as listed, as the server is asked to divide, or nowhere.
    fn division(
        &mut self,
        members: &Members<'_>,
        customer: Option<&Customer>,
        amount: Option<Money>,
    ) -> sql::Result<Option<Allocation>> {
        let listed = members.list("paymentAllocations", &mut self.wrongs);
        let is_auto = members.flag("autoAllocate", &mut self.wrongs);
        let orders = [("OldestToNewest", Order::Oldest), ("NewestToOldest", Order::Newest)];
        let order = members.word("autoAllocateOrder", &orders).unwrap_or(Some(Order::Oldest));
        if order.is_none() {
            self.wrong("payment.AutoAllocateOrder", ORDERS);
        }
        if is_auto && !listed.is_empty() {
            self.wrong("payment.PaymentAllocations", "Allocations cannot be listed when AutoAllocate is true.");
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
        // The form previews what it asks the server to divide, in amounts that the document's JSON carries.
        let decimals_max = is_auto.then(|| Api::Fusebill.decimals_max());
        let plan = Plan { order: auto.unwrap_or(Order::Manual), by: DateField::Due, pins, decimals_max };
        let allocation = Allocation::new(&statement, amount, &plan);
        let excess = allocation.excess();
        if !excess.is_zero() {
            self.wrong("payment.PaymentAllocations", format!("The allocations exceed the payment by {}.", excess.plain()));
        }
        Ok(Some(allocation))
    }

    fn too_many_shares(&mut self, count: usize) {
        let words = format!("A payment can be divided over at most {SHARES_MAX} invoices, not {count}.");
        self.wrong("payment.PaymentAllocations", words);
    }

    /// The listed shares by invoice.
    fn pins(&mut self, listed: &[Json], statement: Option<&Statement>, currency: Option<Currency>) -> BTreeMap<InvoiceId, Money> {
        let mut pins = BTreeMap::new();
        for (place, item) in listed.iter().enumerate() {
            let path = format!("payment.PaymentAllocations[{place}]");
            let Some(members) = Members::new(path, item, &mut self.wrongs) else { continue };
            let id = members.id("invoiceId", InvoiceId::new, &mut self.wrongs);
            let amount_key = members.key("Amount");
            let amount = match members.amount("amount") {
                Some(Some(amount)) => self.money(&amount_key, amount, currency, SHARE),
                _ => {
                    self.wrong(amount_key.as_str(), SHARE);
                    None
                }
            };
            let Ok(id) = id else { continue };
            let key = members.key("InvoiceId");
            let Some(id) = id else {
                self.wrong(key, "The invoice is required.");
                continue;
            };
            let Some(statement) = statement else { continue };
            let Some(invoice) = statement.row_of(id).and_then(|row| statement.invoice(row)) else {
                let words = if statement.is_closed(id) {
                    format!("Invoice {id} is paid: nothing is owed on it.")
                } else {
                    format!("The customer has no invoice {id}.")
                };
                self.wrong(key, words);
                continue;
            };
            let Some(Some(share)) = amount else { continue };
            if share > invoice.balance {
                self.wrong(amount_key, format!("Amount exceeds the outstanding balance of {}.", exact(invoice.balance)));
            }
            if pins.contains_key(&id) {
                self.wrong(key, format!("Invoice {id} is listed twice."));
            }
            pins.insert(id, share);
        }
        pins
    }
}

fn exact(money: Money) -> Decimal {
    let mut value = money.value();
    value.rescale(money.currency().minor_units());
    value
}
