//! Decides whether a request body is a payment that this principal may make. A refusal names every problem with Fusebill's own keys and,
//! where they are known, its own words.

mod division;
mod method;

use super::body::{Amount, Members};
use crate::{
    auth::Principal,
    ledger::{
        customers::{self, Customer},
        payments::{NewPayment, NewShare},
        sql::{self, Sql},
    },
    relaxed_json::Json,
    response::FieldError,
};
use payment_form::domain::{
    date::Date,
    invoice::{CustomerId, Invoice},
    money::{Currency, DIGITS_MAX, Money, MoneyError},
    payment::{Reference, ReferenceError},
    terms::SHARES_MAX,
};

const AMOUNT: &str = "Amount must be greater than 0 and cannot exceed two decimal places";
const REFERENCE: &str = "Reference must not exceed 500 characters";
const SOURCES: &str = "Allowable values are: Manual, Automatic, SelfServicePortal, Import";

/// Two decimals whatever the currency: the API can carry no more.
const DECIMALS_MAX: u32 = 2;

/// A body with who sent it and what it is checked against.
struct PaymentCheck<'a> {
    ledger: &'a mut dyn Sql,
    principal: &'a Principal,
    today: Date,
    errors: Vec<FieldError>,
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
) -> sql::Result<Result<NewPayment, Vec<FieldError>>> {
    let mut check = PaymentCheck { ledger, principal, today, errors: Vec::new() };
    let payment = check.payment(body)?;
    Ok(payment.filter(|_| check.errors.is_empty()).ok_or(check.errors))
}

impl PaymentCheck<'_> {
    fn add_error(&mut self, key: impl Into<String>, words: impl Into<String>) {
        self.errors.push(FieldError::new(key, words));
    }

    fn payment(&mut self, body: &Json) -> sql::Result<Option<NewPayment>> {
        let Some(members) = Members::new("payment", body, &mut self.errors) else { return Ok(None) };
        let customer = self.customer(&members)?;
        let reference = self.reference(&members);
        let amount = self.amount(&members, customer.as_ref().map(|customer| customer.currency));
        let method = self.method(&members, customer.as_ref())?;
        let source = self.source(&members);
        let division = self.division(&members, customer.as_ref(), amount)?;
        let (Some(customer), Some(reference), Some(amount)) = (customer, reference, amount) else { return Ok(None) };
        let (Some((kind, method_id)), Some(source), Some(division)) = (method, source, division) else { return Ok(None) };
        let share = |(invoice, amount): (&Invoice, Money)| NewShare {
            invoice: invoice.id,
            amount,
            balance: invoice.balance.saturating_sub(amount),
        };
        let shares: Vec<NewShare> = division.shares().map(share).collect();
        if shares.len() > SHARES_MAX {
            self.too_many_shares(shares.len());
        }
        Ok(Some(NewPayment {
            customer: customer.id,
            amount,
            unallocated: division.unallocated(),
            method: kind.name(),
            method_id,
            source,
            reference,
            shares,
        }))
    }

    /// The customer, if the principal may pay for them. A principal that may not pay for the customer learns nothing about the customer.
    fn customer(&mut self, members: &Members<'_>) -> sql::Result<Option<Customer>> {
        let Ok(id) = members.id("customerId", CustomerId::new, &mut self.errors) else { return Ok(None) };
        let Some(id) = id else {
            self.add_error("payment.CustomerId", "The customer is required.");
            return Ok(None);
        };
        if !self.principal.may_pay(id) {
            self.add_error("payment.CustomerId", "A session can pay only for its own customer.");
            return Ok(None);
        }
        // Two payments of one customer are divided one after the other: each sees the balances that the other left.
        self.ledger.lock(&format!("customer {id}"))?;
        let customer = customers::customer(self.ledger, id)?;
        if customer.is_none() {
            self.add_error("payment.CustomerId", format!("There is no customer {id}."));
        }
        Ok(customer)
    }

    fn reference(&mut self, members: &Members<'_>) -> Option<Option<Reference>> {
        let text = members.text("reference", &mut self.errors).ok()?.unwrap_or_default();
        match Reference::new(text) {
            Ok(reference) => Some(reference),
            Err(error) => {
                let words = match error {
                    ReferenceError::TooLong(_) => REFERENCE,
                    ReferenceError::Control(_) => "Reference must not contain control or invisible characters",
                    ReferenceError::CardNumber => "Reference must not contain a card number",
                };
                self.add_error("payment.Reference", words);
                None
            }
        }
    }

    fn amount(&mut self, members: &Members<'_>, currency: Option<Currency>) -> Option<Money> {
        let key = "payment.Amount";
        let amount = match members.amount("amount") {
            Some(Some(amount)) => amount,
            _ => {
                self.add_error(key, AMOUNT);
                return None;
            }
        };
        let money = self.money(key, amount, currency, AMOUNT)?;
        if money.is_some_and(Money::is_zero) {
            self.add_error(key, AMOUNT);
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
                self.add_error(key, too_long);
                return None;
            }
        };
        if value.is_sign_negative() || value.normalize().scale() > DECIMALS_MAX {
            self.add_error(key, words);
            return None;
        }
        let money = currency.map(|currency| Money::new(value, currency)).transpose();
        money
            .map_err(|error| match (error, currency) {
                (MoneyError::TooLong, _) => self.add_error(key, too_long),
                (MoneyError::TooFine { .. }, Some(currency)) => {
                    self.add_error(key, format!("Amount must not be finer than the smallest unit of {currency}"));
                }
                _ => self.add_error(key, words),
            })
            .ok()
    }

    fn source(&mut self, members: &Members<'_>) -> Option<&'static str> {
        let words = ["Manual", "Automatic", "SelfServicePortal", "Import"].map(|word| (word, word));
        let source = members.word("source", &words).flatten();
        match source {
            None => self.add_error("payment.Source", SOURCES),
            Some(word) if self.principal.is_portal() && word != "SelfServicePortal" => {
                self.add_error("payment.Source", "A portal session can pay only with the source SelfServicePortal.");
            }
            Some(_) => {}
        }
        source
    }
}
