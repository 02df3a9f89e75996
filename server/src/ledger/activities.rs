//! Lists the tried payments, by which an unknown outcome can be settled.

use super::sql::{Result, Row, Sql, values};
use payment_form::domain::invoice::CustomerId;
use rust_decimal::Decimal;

/// One attempt to pay.
#[derive(Clone, Debug)]
pub struct Activity {
    /// Its number.
    pub id: i64,
    /// The payment that it made; a declined attempt made none.
    pub payment: Option<i64>,
    /// The amount.
    pub amount: Decimal,
    /// `Successful` or `Failed`.
    pub status: String,
    /// The API's name of the method's kind.
    pub method: String,
    /// The API's name of the source.
    pub source: String,
    /// The payer's note.
    pub reference: Option<String>,
    /// The time, in Fusebill's format.
    pub effective_at: String,
}

/// The columns of [`read`].
pub const ACTIVITY: &str = "id, payment_id, amount, status, method, source, reference, effective_at";

/// Reads a row of the columns [`ACTIVITY`].
///
/// # Errors
/// As [`Row::int`].
pub fn read(row: &Row) -> Result<Activity> {
    Ok(Activity {
        id: row.int(0)?,
        payment: row.maybe_int(1)?,
        amount: row.decimal(2)?,
        status: row.text(3)?,
        method: row.text(4)?,
        source: row.text(5)?,
        reference: row.maybe_text(6)?,
        effective_at: row.text(7)?,
    })
}

/// The number of attempts of a customer.
///
/// # Errors
/// The error of the database.
pub fn count(ledger: &mut dyn Sql, customer: CustomerId) -> Result<i64> {
    let found = ledger.row("SELECT activity_count FROM customers WHERE id = $1", values![customer.number()])?;
    found.map_or(Ok(0), |row| row.int(0))
}
