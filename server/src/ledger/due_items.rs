//! MaiaScore's payment records.

use super::customers::{date, decimal};
use payment_form::domain::date::Date;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use rust_decimal::Decimal;

/// What a new record holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewDueItem {
    /// What was due.
    pub amount_due: Decimal,
    /// What was paid.
    pub amount_paid: Decimal,
    /// When it was due.
    pub due_date: Date,
    /// When it was paid.
    pub date: Date,
}

/// A stored record.
#[derive(Clone, Debug)]
pub struct DueItem {
    /// Its number, a text on the wire.
    pub id: i64,
    /// What it holds.
    pub item: NewDueItem,
    /// When it was stored.
    pub published_at: String,
    /// By whom.
    pub created_by: String,
}

const COLUMNS: &str = "SELECT id, amount_due, amount_paid, due_date, date, published_at, created_by FROM due_items";

/// Stores a record; it comes back with its number.
///
/// # Errors
/// What the database says.
pub fn insert(ledger: &Transaction<'_>, item: NewDueItem, published_at: &str, created_by: &str) -> rusqlite::Result<DueItem> {
    ledger
        .prepare_cached(
            "INSERT INTO due_items (amount_due, amount_paid, due_date, date, published_at, created_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            item.amount_due.to_string(),
            item.amount_paid.to_string(),
            item.due_date.to_string(),
            item.date.to_string(),
            published_at,
            created_by,
        ])?;
    let id = ledger.last_insert_rowid();
    Ok(DueItem { id, item, published_at: published_at.to_owned(), created_by: created_by.to_owned() })
}

/// The record of this number, if there is one.
///
/// # Errors
/// What the database says.
pub fn due_item(ledger: &Connection, id: i64) -> rusqlite::Result<Option<DueItem>> {
    ledger.prepare_cached(&format!("{COLUMNS} WHERE id = ?1"))?.query_row([id], read).optional()
}

/// All records, the oldest first.
///
/// # Errors
/// What the database says.
pub fn due_items(ledger: &Connection) -> rusqlite::Result<Vec<DueItem>> {
    ledger.prepare_cached(&format!("{COLUMNS} ORDER BY id"))?.query_map([], read)?.collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<DueItem> {
    Ok(DueItem {
        id: row.get(0)?,
        item: NewDueItem {
            amount_due: decimal(row, 1)?,
            amount_paid: decimal(row, 2)?,
            due_date: date(row, 3)?,
            date: date(row, 4)?,
        },
        published_at: row.get(5)?,
        created_by: row.get(6)?,
    })
}
