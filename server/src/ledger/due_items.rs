//! Reads and writes MaiaScore's payment records.

use super::sql::{Result, Row, Sql, values};
use payment_form::domain::date::Date;
use rust_decimal::Decimal;

/// The contents of a new record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewDueItem {
    /// The amount that was due.
    pub amount_due: Decimal,
    /// The amount that was paid.
    pub amount_paid: Decimal,
    /// The due date.
    pub due_date: Date,
    /// The date of the payment.
    pub date: Date,
}

/// A stored record.
#[derive(Clone, Debug)]
pub struct DueItem {
    /// Its number, a text on the wire.
    pub id: i64,
    /// The contents of the record.
    pub item: NewDueItem,
    /// The moment at which it was stored.
    pub published_at: String,
    /// By whom.
    pub created_by: String,
}

/// The columns of [`read`].
pub const DUE_ITEM: &str = "id, amount_due, amount_paid, due_date, date, published_at, created_by";

/// Stores a record; it comes back with its number.
///
/// # Errors
/// The error of the database.
pub fn insert(ledger: &mut dyn Sql, item: NewDueItem, published_at: &str, created_by: &str) -> Result<DueItem> {
    let id = ledger.insert(
        "INSERT INTO due_items (amount_due, amount_paid, due_date, date, published_at, created_by)
         VALUES ($1, $2, $3, $4, $5, $6)",
        values![
            item.amount_due.to_string(),
            item.amount_paid.to_string(),
            item.due_date.to_string(),
            item.date.to_string(),
            published_at,
            created_by,
        ],
    )?;
    Ok(DueItem { id, item, published_at: published_at.to_owned(), created_by: created_by.to_owned() })
}

/// The record of this number, if there is one.
///
/// # Errors
/// The error of the database.
pub fn due_item(ledger: &mut dyn Sql, id: i64) -> Result<Option<DueItem>> {
    let found = ledger.row(&format!("SELECT {DUE_ITEM} FROM due_items WHERE id = $1"), values![id])?;
    found.as_ref().map(read).transpose()
}

/// Reads a row of the columns [`DUE_ITEM`].
///
/// # Errors
/// As [`Row::int`].
pub fn read(row: &Row) -> Result<DueItem> {
    Ok(DueItem {
        id: row.int(0)?,
        item: NewDueItem {
            amount_due: row.decimal(1)?,
            amount_paid: row.decimal(2)?,
            due_date: row.date(3)?,
            date: row.date(4)?,
        },
        published_at: row.text(5)?,
        created_by: row.text(6)?,
    })
}
