//! The ledger: one SQLite file that holds what is owed and what was paid.
//!
//! Every write is one transaction that is on the disk before anyone is told of it (WAL, full sync). Only parameterised SQL stands in these
//! files, and the schema repeats the rules as constraints, so that even a wrong program cannot store a wrong payment.

pub mod activities;
pub mod attempts;
pub mod customers;
pub mod due_items;
pub mod payments;
mod seed;

use crate::clock::Clock;
use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};
use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

const SCHEMA: &str = include_str!("schema.sql");
/// The number of the schema, kept in the file.
const VERSION: i64 = 1;
/// How long to wait for another program that writes to the same file.
const WAIT_FOR_LOCK: Duration = Duration::from_secs(2);

/// The open ledger. One connection writes; readers have their own and never wait for it.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    readers: Mutex<Vec<Connection>>,
    /// Closed after the readers: the last connection writes the log back into the file, and a reader may not.
    writer: Mutex<Connection>,
    session_key: Vec<u8>,
}

impl Ledger {
    /// Opens the file; makes and seeds it when it is not there.
    ///
    /// # Errors
    /// One sentence that says why this file cannot be a ledger.
    pub fn open(path: &Path, clock: Clock) -> Result<Self, String> {
        let fault = |error: rusqlite::Error| format!("The ledger {} cannot be used: {}.", path.display(), in_words(&error));
        let mut writer = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE).map_err(fault)?;
        writer.pragma_update(None, "journal_mode", "WAL").map_err(fault)?;
        writer.pragma_update(None, "synchronous", "FULL").map_err(fault)?;
        let start = writer.transaction_with_behavior(TransactionBehavior::Immediate).map_err(fault)?;
        let version: i64 = start.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(fault)?;
        let tables: i64 = start.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(fault)?;
        match (version, tables) {
            (VERSION, _) => {}
            (0, 0) => {
                start.execute_batch(SCHEMA).map_err(fault)?;
                let mut key = [0_u8; 32];
                getrandom::fill(&mut key).map_err(|error| format!("The machine gives no random numbers: {error}."))?;
                start.execute("INSERT INTO settings (name, value) VALUES ('session key', ?1)", [key]).map_err(fault)?;
                seed::fill(&start, clock.today()).map_err(fault)?;
                start.pragma_update(None, "user_version", VERSION).map_err(fault)?;
            }
            _ => return Err(format!("{} is not a ledger of this version; choose another file with --db.", path.display())),
        }
        let session_key =
            start.query_row("SELECT value FROM settings WHERE name = 'session key'", [], |row| row.get(0)).map_err(fault)?;
        start.commit().map_err(fault)?;
        Ok(Self { path: path.to_owned(), writer: Mutex::new(writer), readers: Mutex::default(), session_key })
    }

    /// The secret that signs session cookies. It lives with the ledger, so that sessions survive a restart.
    pub fn session_key(&self) -> &[u8] {
        &self.session_key
    }

    /// Reads one consistent state of the ledger.
    ///
    /// # Errors
    /// What the database says.
    pub fn read<T>(&self, ask: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        let idle = lock(&self.readers).pop();
        let mut reader = match idle {
            Some(reader) => reader,
            None => connect(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY)?,
        };
        let snapshot = reader.transaction()?;
        let answer = ask(&snapshot)?;
        drop(snapshot);
        lock(&self.readers).push(reader);
        Ok(answer)
    }

    /// Runs `change` in one transaction: it is on the disk when this returns `Ok`, and nothing of it is when it returns an error.
    ///
    /// # Errors
    /// What `change` or the database says.
    pub fn write<T, E: From<rusqlite::Error>>(&self, change: impl FnOnce(&Transaction<'_>) -> Result<T, E>) -> Result<T, E> {
        let mut writer = lock(&self.writer);
        // Taken at once for writing: a transaction that first reads and then writes could fail in between.
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let answer = change(&transaction)?;
        transaction.commit()?;
        Ok(answer)
    }
}

/// A panic in another request rolled its transaction back, so the connection behind the lock is sound.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn connect(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(WAIT_FOR_LOCK)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Whether the ledger cannot be used just now for a reason outside of this program: locked, full, read-only, gone.
pub fn is_unavailable(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(
            ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::DiskFull
                | ErrorCode::ReadOnly
                | ErrorCode::CannotOpen
                | ErrorCode::SystemIoFailure
        )
    )
}

fn in_words(error: &rusqlite::Error) -> String {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => "it is not a SQLite file".to_owned(),
        Some(ErrorCode::CannotOpen) => "it cannot be opened (does its directory exist, and may it be written?)".to_owned(),
        Some(ErrorCode::DatabaseBusy) => "another program holds it".to_owned(),
        Some(ErrorCode::ReadOnly) => "it cannot be written".to_owned(),
        _ => error.to_string(),
    }
}
