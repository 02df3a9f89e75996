//! What was tried: the list from which an unknown outcome can be settled.

use super::customers::decimal;
use payment_form::domain::invoice::CustomerId;
use rusqlite::Connection;
use rust_decimal::Decimal;

/// One attempt to pay.
#[derive(Clone, Debug)]
pub struct Activity {
    /// Its number.
    pub id: i64,
    /// The payment that it made; a declined attempt made none.
    pub payment: Option<i64>,
    /// How much.
    pub amount: Decimal,
    /// `Successful` or `Failed`.
    pub status: String,
    /// The API's name of the method's kind.
    pub method: String,
    /// The API's name of the source.
    pub source: String,
    /// The payer's note.
    pub reference: Option<String>,
    /// When, as Fusebill writes it.
    pub effective_at: String,
}

/// Everything that a customer tried, the latest last.
///
/// # Errors
/// What the database says.
pub fn activities(ledger: &Connection, customer: CustomerId) -> rusqlite::Result<Vec<Activity>> {
    let mut statement = ledger.prepare_cached(
        "SELECT id, payment_id, amount, status, method, source, reference, effective_at FROM activities
         WHERE customer_id = ?1 ORDER BY id",
    )?;
    let rows = statement.query_map([customer.number()], |row| {
        Ok(Activity {
            id: row.get(0)?,
            payment: row.get(1)?,
            amount: decimal(row, 2)?,
            status: row.get(3)?,
            method: row.get(4)?,
            source: row.get(5)?,
            reference: row.get(6)?,
            effective_at: row.get(7)?,
        })
    })?;
    rows.collect()
}
