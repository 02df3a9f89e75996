//! Copies a whole ledger from one database into another: `backup` into a SQLite file, `restore` into a new ledger of either kind.
//!
//! One transaction reads, so a backup is one consistent state while servers write. One transaction writes, so a copy that is cut leaves
//! no ledger behind that looks whole.

use super::{
    Location,
    backend::{Backend, Session},
    postgres,
    sql::{LedgerError, Result, Sql, Value, values},
    sqlite::Sqlite,
};
use std::path::Path;

/// Rows that are read at a time.
const ROWS: i64 = 2_000;

/// A table: its key, which comes first among its columns, and its other columns. Counters and generated columns follow from them.
struct Table {
    name: &'static str,
    key: &'static [&'static str],
    others: &'static [&'static str],
}

/// The tables, each behind those that it refers to.
const TABLES: [Table; 9] = [
    Table { name: "customers", key: &["id"], others: &["name", "currency"] },
    Table { name: "invoices", key: &["id"], others: &["customer_id", "number", "issued_on", "due_on", "total", "balance"] },
    Table {
        name: "methods",
        key: &["id"],
        others: &["customer_id", "kind", "is_default", "last_digits", "card_type", "expires", "account_type"],
    },
    Table {
        name: "payments",
        key: &["id"],
        others: &["customer_id", "amount", "unallocated", "method", "method_id", "source", "reference", "effective_at"],
    },
    Table { name: "allocations", key: &["payment_id", "invoice_id"], others: &["amount"] },
    Table {
        name: "activities",
        key: &["id"],
        others: &["payment_id", "customer_id", "amount", "status", "method", "source", "reference", "effective_at"],
    },
    Table {
        name: "due_items",
        key: &["id"],
        others: &["amount_due", "amount_paid", "due_date", "date", "published_at", "created_by"],
    },
    Table { name: "attempts", key: &["scope", "key"], others: &["customer_id", "fingerprint", "status", "body", "settled_at"] },
    Table {
        name: "upstream",
        key: &["scope", "key"],
        others: &[
            "customer_id",
            "fingerprint",
            "request",
            "mark",
            "amount",
            "stage",
            "looks",
            "look_at",
            "begun_at",
            "note",
            "seen_before",
            "payment",
            "settled_by",
        ],
    },
];

/// Copies the ledger into a new SQLite file. Servers may go on meanwhile. The number of copied rows comes back.
///
/// # Errors
/// One sentence for a person.
pub fn backup(from: &Location, to: &Path) -> std::result::Result<u64, String> {
    if let Location::File(path) = from
        && !path.exists()
    {
        return Err(format!("There is no ledger {}.", path.display()));
    }
    fill(from, &Location::File(to.to_owned()))
}

/// Fills a new ledger from the file of a backup. A place that holds a ledger is left as it is.
///
/// # Errors
/// One sentence for a person.
pub fn restore(from: &Path, to: &Location) -> std::result::Result<u64, String> {
    if !from.exists() {
        return Err(format!("There is no backup {}.", from.display()));
    }
    fill(&Location::File(from.to_owned()), to)
}

fn fill(from: &Location, to: &Location) -> std::result::Result<u64, String> {
    let mut source = open(from)?;
    let mut copied = None;
    let mut copy_into = |ledger: &mut dyn Sql| {
        source.begin_read()?;
        let count = copy(source.as_mut(), ledger);
        source.rollback();
        copied = Some(count?);
        Ok(())
    };
    let made = match to {
        Location::File(path) if path.exists() => return Err(format!("{} is there already; name a new file.", path.display())),
        Location::File(path) => Sqlite::open(path, &mut copy_into).map(drop).inspect_err(|_| {
            // A half-made copy must not be taken for a backup.
            let _ = std::fs::remove_file(path);
        }),
        Location::Database(url) => postgres::Postgres::open(url, |ledger| postgres::fill_uncounted(ledger, copy_into)).map(drop),
    };
    made?;
    copied.ok_or_else(|| "The database holds a ledger already; name a new one.".to_owned())
}

/// Opens a ledger that is there, without changing it.
fn open(location: &Location) -> std::result::Result<Box<dyn Session>, String> {
    let fault = |error: LedgerError| format!("The ledger cannot be copied: {error}.");
    match location {
        Location::File(path) => Sqlite::existing(path)?.reader().map_err(fault),
        Location::Database(url) => postgres::Postgres::existing(url)?.reader().map_err(fault),
    }
}

fn copy(source: &mut dyn Sql, target: &mut dyn Sql) -> Result<u64> {
    let mut count = 0;
    for table in &TABLES {
        count += copy_table(source, target, table)?;
    }
    let seconds = source.row("SELECT seconds FROM clock", &[])?.map_or(Ok(0), |row| row.int(0))?;
    target.run("UPDATE clock SET seconds = $1", values![seconds])?;
    Ok(count)
}

fn copy_table(source: &mut dyn Sql, target: &mut dyn Sql, table: &Table) -> Result<u64> {
    let columns = [table.key, table.others].concat();
    let (names, key) = (columns.join(", "), table.key.join(", "));
    let places = |from: usize, count: usize| (from..from + count).map(|place| format!("${place}")).collect::<Vec<_>>().join(", ");
    let first = format!("SELECT {names} FROM {} ORDER BY {key} LIMIT $1", table.name);
    let next =
        format!("SELECT {names} FROM {} WHERE ({key}) > ({}) ORDER BY {key} LIMIT $1", table.name, places(2, table.key.len()));
    let insert = format!("INSERT INTO {} ({names}) VALUES ({})", table.name, places(1, columns.len()));
    let mut last: Option<Vec<Value>> = None;
    let mut count = 0;
    loop {
        let rows = match &last {
            None => source.rows(&first, values![ROWS])?,
            Some(last) => source.rows(&next, &[&[Value::Int(ROWS)], last.as_slice()].concat())?,
        };
        let Some(end) = rows.last() else { return Ok(count) };
        last = Some(end.0.iter().take(table.key.len()).cloned().collect());
        for row in &rows {
            target.run_later(&insert, &row.0)?;
            count += 1;
        }
    }
}
