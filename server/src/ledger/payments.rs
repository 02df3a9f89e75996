//! Payments and how they were divided.

use super::customers::{currency, decimal, id};
use payment_form::domain::{
    invoice::{CustomerId, InvoiceId, MethodId},
    money::{Currency, Money},
    payment::Reference,
};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use rust_decimal::Decimal;

/// A payment that kept all rules and is to be stored.
#[derive(Clone, Debug)]
pub struct NewPayment {
    /// Who pays.
    pub customer: CustomerId,
    /// How much.
    pub amount: Money,
    /// What no invoice gets.
    pub unallocated: Money,
    /// The API's name of the method's kind.
    pub method: &'static str,
    /// The stored method, for cards and bank accounts.
    pub method_id: Option<MethodId>,
    /// The API's name of the source.
    pub source: &'static str,
    /// The payer's note.
    pub reference: Option<Reference>,
    /// What each invoice gets and what it owes afterwards; no share is zero.
    pub shares: Vec<NewShare>,
}

/// One invoice's part of a new payment.
#[derive(Clone, Copy, Debug)]
pub struct NewShare {
    /// Which invoice.
    pub invoice: InvoiceId,
    /// What it gets.
    pub amount: Money,
    /// What it owes afterwards.
    pub balance: Money,
}

/// A stored payment.
#[derive(Clone, Debug)]
pub struct StoredPayment {
    /// Its number.
    pub id: i64,
    /// The number of its activity.
    pub activity: i64,
    /// Who paid.
    pub customer: CustomerId,
    /// In which currency.
    pub currency: Currency,
    /// How much.
    pub amount: Decimal,
    /// What no invoice got.
    pub unallocated: Decimal,
    /// The API's name of the method's kind.
    pub method: String,
    /// The payer's note.
    pub reference: Option<String>,
    /// When, as Fusebill writes it.
    pub effective_at: String,
    /// The invoices that got something, oldest first.
    pub shares: Vec<StoredShare>,
}

/// One invoice's part of a stored payment, and how that invoice stands now.
#[derive(Clone, Debug)]
pub struct StoredShare {
    /// Which invoice.
    pub invoice: i64,
    /// The number printed on it.
    pub number: String,
    /// What it got.
    pub amount: Decimal,
    /// What it owes now.
    pub balance: Decimal,
    /// What it was made out for.
    pub total: Decimal,
}

/// Stores a payment, its activity and its division, and lowers the balances. The number of the payment comes back.
///
/// # Errors
/// What the database says; a payment that breaks a constraint of the schema is one of these errors.
pub fn insert(ledger: &Transaction<'_>, payment: &NewPayment, effective_at: &str) -> rusqlite::Result<i64> {
    let reference = payment.reference.as_ref().map(Reference::text);
    let (customer, amount) = (payment.customer.number(), payment.amount.plain());
    ledger
        .prepare_cached(
            "INSERT INTO payments (customer_id, amount, unallocated, method, method_id, source, reference, effective_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            customer,
            amount,
            payment.unallocated.plain(),
            payment.method,
            payment.method_id.map(MethodId::number),
            payment.source,
            reference,
            effective_at,
        ])?;
    let id = ledger.last_insert_rowid();
    ledger
        .prepare_cached(
            "INSERT INTO activities (payment_id, customer_id, amount, status, method, source, reference, effective_at)
             VALUES (?1, ?2, ?3, 'Successful', ?4, ?5, ?6, ?7)",
        )?
        .execute(params![id, customer, amount, payment.method, payment.source, reference, effective_at])?;
    let mut divide = ledger.prepare_cached("INSERT INTO allocations (payment_id, invoice_id, amount) VALUES (?1, ?2, ?3)")?;
    let mut lower = ledger.prepare_cached("UPDATE invoices SET balance = ?3 WHERE id = ?1 AND customer_id = ?2")?;
    for share in &payment.shares {
        let invoice = share.invoice.number();
        divide.execute(params![id, invoice, share.amount.plain()])?;
        if lower.execute(params![invoice, customer, share.balance.plain()])? != 1 {
            return Err(rusqlite::Error::StatementChangedRows(0));
        }
    }
    Ok(id)
}

/// The payment of this number, if there is one.
///
/// # Errors
/// What the database says.
pub fn payment(ledger: &Connection, number: i64) -> rusqlite::Result<Option<StoredPayment>> {
    let found = ledger
        .prepare_cached(
            "SELECT payments.id, activities.id, payments.customer_id, customers.currency, payments.amount, payments.unallocated,
                    payments.method, payments.reference, payments.effective_at
             FROM payments JOIN customers ON customers.id = payments.customer_id JOIN activities ON activities.payment_id = payments.id
             WHERE payments.id = ?1",
        )?
        .query_row([number], |row| {
            Ok(StoredPayment {
                id: row.get(0)?,
                activity: row.get(1)?,
                customer: id(row, 2, CustomerId::new)?,
                currency: currency(row, 3)?,
                amount: decimal(row, 4)?,
                unallocated: decimal(row, 5)?,
                method: row.get(6)?,
                reference: row.get(7)?,
                effective_at: row.get(8)?,
                shares: Vec::new(),
            })
        })
        .optional()?;
    let Some(mut payment) = found else { return Ok(None) };
    let mut divided = ledger.prepare_cached(
        "SELECT invoices.id, invoices.number, allocations.amount, invoices.balance, invoices.total
         FROM allocations JOIN invoices ON invoices.id = allocations.invoice_id
         WHERE allocations.payment_id = ?1 ORDER BY invoices.due_on, invoices.id",
    )?;
    let shares = divided.query_map([number], |row| {
        Ok(StoredShare {
            invoice: row.get(0)?,
            number: row.get(1)?,
            amount: decimal(row, 2)?,
            balance: decimal(row, 3)?,
            total: decimal(row, 4)?,
        })
    })?;
    payment.shares = shares.collect::<rusqlite::Result<_>>()?;
    Ok(Some(payment))
}
