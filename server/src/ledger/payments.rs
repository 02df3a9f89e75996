//! Stores payments and their division.

use super::sql::{LedgerError, Result, Sql, values};
use payment_form::domain::{
    invoice::{CustomerId, InvoiceId, MethodId},
    money::{Currency, Money},
    payment::Reference,
};
use rust_decimal::Decimal;

/// A payment that kept all rules and is to be stored.
#[derive(Clone, Debug)]
pub struct NewPayment {
    /// The customer who pays.
    pub customer: CustomerId,
    /// The amount.
    pub amount: Money,
    /// The part that no invoice gets.
    pub unallocated: Money,
    /// The API's name of the method's kind.
    pub method: &'static str,
    /// The stored method, for cards and bank accounts.
    pub method_id: Option<MethodId>,
    /// The API's name of the source.
    pub source: &'static str,
    /// The payer's note.
    pub reference: Option<Reference>,
    /// Each invoice's share, and its balance afterwards; no share is zero.
    pub shares: Vec<NewShare>,
}

/// One invoice's part of a new payment.
#[derive(Clone, Copy, Debug)]
pub struct NewShare {
    /// The number of the invoice.
    pub invoice: InvoiceId,
    /// The invoice's share.
    pub amount: Money,
    /// The invoice's balance afterwards.
    pub balance: Money,
}

/// A stored payment.
#[derive(Clone, Debug)]
pub struct StoredPayment {
    /// The number of the payment.
    pub id: i64,
    /// The number of its activity.
    pub activity: i64,
    /// The customer who paid.
    pub customer: CustomerId,
    /// The currency of the payment.
    pub currency: Currency,
    /// The amount.
    pub amount: Decimal,
    /// The part that no invoice got.
    pub unallocated: Decimal,
    /// The API's name of the method's kind.
    pub method: String,
    /// The payer's note.
    pub reference: Option<String>,
    /// The time, in Fusebill's format.
    pub effective_at: String,
    /// The invoices that got something, oldest first.
    pub shares: Vec<StoredShare>,
}

/// One invoice's part of a stored payment, and how that invoice stands now.
#[derive(Clone, Debug)]
pub struct StoredShare {
    /// The number of the invoice.
    pub invoice: i64,
    /// The number printed on it.
    pub number: String,
    /// The invoice's share.
    pub amount: Decimal,
    /// The invoice's present balance.
    pub balance: Decimal,
    /// The full amount of the invoice.
    pub total: Decimal,
}

/// Stores a payment, its activity and its division, and lowers the balances. The number of the payment comes back.
///
/// # Errors
/// The error of the database; a payment that breaks a constraint of the schema is one of these errors.
pub fn insert(ledger: &mut dyn Sql, payment: &NewPayment, effective_at: &str) -> Result<i64> {
    let reference = payment.reference.as_ref().map(Reference::text);
    let (customer, amount) = (payment.customer.number(), payment.amount.plain());
    let id = ledger.insert(
        "INSERT INTO payments (customer_id, amount, unallocated, method, method_id, source, reference, effective_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            customer,
            amount.as_str(),
            payment.unallocated.plain(),
            payment.method,
            payment.method_id.map(MethodId::number),
            payment.source,
            reference,
            effective_at,
        ],
    )?;
    ledger.run_later(
        "INSERT INTO activities (payment_id, customer_id, amount, status, method, source, reference, effective_at)
         VALUES ($1, $2, $3, 'Successful', $4, $5, $6, $7)",
        values![id, customer, amount, payment.method, payment.source, reference, effective_at],
    )?;
    for share in &payment.shares {
        ledger.run_later(
            "INSERT INTO allocations (payment_id, invoice_id, amount) VALUES ($1, $2, $3)",
            values![id, share.invoice.number(), share.amount.plain()],
        )?;
    }
    let balances: Vec<_> =
        payment.shares.iter().map(|share| values![share.invoice.number(), customer, share.balance.plain()].to_vec()).collect();
    let lower = "UPDATE invoices SET balance = $3 WHERE id = $1 AND customer_id = $2 RETURNING id";
    if ledger.rows_for_each(lower, &balances)?.len() != balances.len() {
        return Err(unchanged());
    }
    Ok(id)
}

fn unchanged() -> LedgerError {
    LedgerError::Unexpected("a statement changed another number of rows than it must".to_owned())
}

/// The payment of this number, if there is one.
///
/// # Errors
/// The error of the database.
pub fn payment(ledger: &mut dyn Sql, number: i64) -> Result<Option<StoredPayment>> {
    let rows = ledger.rows(
        "SELECT payments.id, activities.id, payments.customer_id, customers.currency, payments.amount, payments.unallocated,
                payments.method, payments.reference, payments.effective_at,
                invoices.id, invoices.number, allocations.amount, invoices.balance, invoices.total
         FROM payments JOIN customers ON customers.id = payments.customer_id JOIN activities ON activities.payment_id = payments.id
         LEFT JOIN allocations ON allocations.payment_id = payments.id LEFT JOIN invoices ON invoices.id = allocations.invoice_id
         WHERE payments.id = $1 ORDER BY invoices.due_on, invoices.id",
        values![number],
    )?;
    let Some(row) = rows.first() else { return Ok(None) };
    let mut shares = Vec::new();
    for row in &rows {
        // A payment without a share is one row without an invoice.
        let Some(invoice) = row.maybe_int(9)? else { continue };
        shares.push(StoredShare {
            invoice,
            number: row.text(10)?,
            amount: row.decimal(11)?,
            balance: row.decimal(12)?,
            total: row.decimal(13)?,
        });
    }
    Ok(Some(StoredPayment {
        id: row.int(0)?,
        activity: row.int(1)?,
        customer: row.id(2, CustomerId::new)?,
        currency: row.currency(3)?,
        amount: row.decimal(4)?,
        unallocated: row.decimal(5)?,
        method: row.text(6)?,
        reference: row.maybe_text(7)?,
        effective_at: row.text(8)?,
        shares,
    }))
}
