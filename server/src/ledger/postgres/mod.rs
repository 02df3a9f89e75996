//! Keeps the ledger in PostgreSQL, which several servers may share.
//!
//! - A transaction that writes runs at the isolation level *read committed* and takes two advisory locks before it reads. The
//!   first is that of its idempotency key, the second that of its customer. Statements behind a lock see everything that its last
//!   holder committed, so two servers never divide two
//!   payments over the same balance.
//! - Each transaction holds one write. Several writers commit at a time, and PostgreSQL writes their commits to the disk together.
//! - The servers keep no payments and keys of their own: a restart, or a request that reaches another server, finds the same ones.

mod address;
mod session;
mod values;

pub use address::DatabaseUrl;

use super::{
    backend::{Backend, Session},
    sql::{LedgerError, Result, Sql, values},
};
use address::Address;
use session::{Connection, TimeLimit};
use std::sync::Arc;
use tokio_postgres::error::SqlState;

/// The steps of the schema; the number of the last one stands in the database.
const STEPS: [&str; 4] = [
    include_str!("../schema/postgres-1.sql"),
    include_str!("../schema/postgres-2.sql"),
    include_str!("../schema/postgres-3.sql"),
    include_str!("../schema/postgres-4.sql"),
];
/// The advisory lock under which the schema is changed: `PFLG`.
const SCHEMA_LOCK: i64 = i64::from_be_bytes(*b"\0\0\0\0PFLG");
/// The longest wait for another server that makes or updates the schema.
const TURN_TIMEOUT: &str = "60s";
/// The number of writes that run at a time. Each may wait for a lock of its own customer.
const WRITERS: usize = 8;

/// The opened database.
#[derive(Debug)]
pub struct Postgres {
    address: Arc<Address>,
}

impl Postgres {
    /// Connects to the database, and makes or updates its schema. `fill` writes the rows of a new ledger.
    ///
    /// Must not be called from an asynchronous task.
    ///
    /// # Errors
    /// One sentence that says why this database cannot be a ledger.
    pub fn open(url: &DatabaseUrl, fill: impl FnOnce(&mut dyn Sql) -> Result<()>) -> std::result::Result<Self, String> {
        let fault = |words: String| format!("The database cannot be used: {words}.");
        let database = Self::connect(url)?;
        let opened = Connection::open(Arc::clone(&database.address), TimeLimit::Unlimited);
        opened.and_then(|mut connection| prepare(&mut connection, fill)).map_err(|error| fault(error.to_string()))?;
        Ok(database)
    }

    /// Names a database without looking at its schema.
    ///
    /// # Errors
    /// One sentence where its address cannot be used.
    pub fn connect(url: &DatabaseUrl) -> std::result::Result<Self, String> {
        let address = url.address().map_err(|words| format!("The database cannot be used: {words}."))?;
        Ok(Self { address: Arc::new(address) })
    }

    /// Connects to a database that holds a ledger of this version, and changes nothing. Must not be called from an asynchronous task.
    ///
    /// # Errors
    /// One sentence that says why there is no such ledger.
    pub fn existing(url: &DatabaseUrl) -> std::result::Result<Self, String> {
        let fault = |words: String| format!("The database cannot be used: {words}.");
        let database = Self::connect(url)?;
        let opened = Connection::open(Arc::clone(&database.address), TimeLimit::Payment);
        let found = opened.and_then(|mut connection| version(&mut connection));
        match found.map_err(|error| fault(error.to_string()))? {
            Some(version) if version == STEPS.len() => Ok(database),
            Some(_) => Err(fault("another version of this server made its schema; start this version on it once".to_owned())),
            None => Err(fault("it holds no ledger".to_owned())),
        }
    }
}

/// The number of the last step of the schema; `None` where there is no ledger.
fn version(sql: &mut dyn Sql) -> Result<Option<usize>> {
    let table = sql.row("SELECT to_regclass('payment_form_schema')::TEXT", &[])?;
    if table.map_or(Ok(None), |row| row.maybe_text(0))?.is_none() {
        return Ok(None);
    }
    let version = sql.row("SELECT version FROM payment_form_schema", &[])?.map_or(Ok(0), |row| row.int(0))?;
    Ok(Some(usize::try_from(version).unwrap_or(usize::MAX)))
}

/// Brings the schema up to date. The lock is held from the look at the version to the commit: servers that start together take turns.
fn prepare(connection: &mut Connection, fill: impl FnOnce(&mut dyn Sql) -> Result<()>) -> Result<()> {
    connection.begin_write()?;
    let sql: &mut dyn Sql = connection;
    wait_for_turn(sql)?;
    let found = version(sql)?;
    if found.is_none() {
        sql.run("CREATE TABLE payment_form_schema (version BIGINT NOT NULL)", &[])?;
        sql.run("INSERT INTO payment_form_schema (version) VALUES (0)", &[])?;
    }
    let version = found.unwrap_or(0);
    if version > STEPS.len() {
        return Err(LedgerError::Unexpected("a newer version of this server made its schema".to_owned()));
    }
    for step in STEPS.iter().skip(version) {
        connection.script(step).map_err(|error| while_held(error, "another program uses its tables"))?;
    }
    let sql: &mut dyn Sql = connection;
    if version < STEPS.len() {
        sql.run("UPDATE payment_form_schema SET version = $1", values![STEPS.len() as i64])?;
    }
    if version == 0 {
        fill(sql)?;
        renumber(sql)?;
    }
    warn_of_lost_commits(sql)?;
    connection.commit()
}

/// Takes the lock under which the schema is changed. Another server may hold it for as long as an update takes.
fn wait_for_turn(sql: &mut dyn Sql) -> Result<()> {
    let lock = sql.row("SELECT pg_try_advisory_xact_lock($1)::INT", values![SCHEMA_LOCK])?;
    if lock.map_or(Ok(0), |row| row.int(0))? == 1 {
        return Ok(());
    }
    tracing::info!("another server makes or updates the schema of the database: this server waits for it");
    sql.rows("SELECT set_config('lock_timeout', $1, true)", values![TURN_TIMEOUT])?;
    sql.rows("SELECT pg_advisory_xact_lock($1)", values![SCHEMA_LOCK])
        .map_err(|error| while_held(error, "another server makes or updates its schema"))?;
    sql.rows("SELECT set_config('lock_timeout', $1, true)", values![session::LOCK_TIMEOUT]).map(drop)
}

/// Adds who holds a lock to the words of the database, which name no holder.
fn while_held(error: LedgerError, holder: &str) -> LedgerError {
    match error {
        LedgerError::Unavailable(words) if words.contains(SqlState::LOCK_NOT_AVAILABLE.code()) => {
            LedgerError::Unavailable(format!("{words}; {holder}"))
        }
        other => other,
    }
}

/// Fills a new ledger from another one. The counters of the customers are set once, behind all rows: PostgreSQL keeps each version of a row
/// until the transaction ends, so counting row by row takes time with the square of a history's length.
pub(super) fn fill_uncounted(sql: &mut dyn Sql, fill: impl FnOnce(&mut dyn Sql) -> Result<()>) -> Result<()> {
    let counters = [("invoices", "invoice_counted"), ("activities", "activity_counted")];
    for (table, trigger) in counters {
        sql.run(&format!("ALTER TABLE {table} DISABLE TRIGGER {trigger}"), &[])?;
    }
    fill(sql)?;
    sql.run(
        "UPDATE customers SET invoice_count = (SELECT count(*) FROM invoices WHERE customer_id = customers.id),
           activity_count = (SELECT count(*) FROM activities WHERE customer_id = customers.id)",
        &[],
    )?;
    for (table, trigger) in counters {
        sql.run(&format!("ALTER TABLE {table} ENABLE TRIGGER {trigger}"), &[])?;
    }
    Ok(())
}

/// Lets new rows begin behind the highest number, after rows came with numbers of their own.
fn renumber(sql: &mut dyn Sql) -> Result<()> {
    for table in ["payments", "activities", "due_items"] {
        let statement = format!(
            "SELECT setval(pg_get_serial_sequence('{table}', 'id'), coalesce(max(id), 1), max(id) IS NOT NULL) FROM {table}"
        );
        sql.rows(&statement, &[])?;
    }
    Ok(())
}

/// A database that forgets commits in a power cut breaks the promise of the server; only its owner can change that.
fn warn_of_lost_commits(sql: &mut dyn Sql) -> Result<()> {
    let setting = sql.row("SELECT current_setting('fsync')", &[])?.map_or(Ok(String::new()), |row| row.text(0))?;
    if setting == "off" {
        tracing::warn!("the database runs with fsync = off: a power cut loses payments that were answered");
    }
    Ok(())
}

impl Backend for Postgres {
    fn writer(&self) -> Result<Box<dyn Session>> {
        Ok(Box::new(Connection::open(Arc::clone(&self.address), TimeLimit::Payment)?))
    }

    fn reader(&self) -> Result<Box<dyn Session>> {
        self.writer()
    }

    fn check_place(&self) -> Result<()> {
        Ok(())
    }

    fn writers(&self) -> usize {
        WRITERS
    }

    fn batch_max(&self) -> usize {
        // Two writes in one transaction would hold the locks of two customers, and two servers could wait for each other.
        1
    }

    fn free_bytes(&self) -> Option<u64> {
        None
    }
}
