//! Keeps the ledger in one SQLite file: one connection writes, readers never wait for it, and a commit is on the disk (WAL, full sync).

use super::{
    backend::{Backend, Session},
    sql::{LedgerError, Result, Row, Sql, Value},
};
use rusqlite::{
    Connection, ErrorCode, OpenFlags, TransactionBehavior,
    config::DbConfig,
    functions::FunctionFlags,
    types::{ToSqlOutput, ValueRef},
};
use std::{
    fs::{File, OpenOptions},
    io::Read,
    path::{Path, PathBuf},
    time::Duration,
};

/// The steps of the schema; the number of the last one stands in the file.
pub const STEPS: [&str; 6] = [
    include_str!("schema/sqlite-1.sql"),
    include_str!("schema/sqlite-2.sql"),
    include_str!("schema/sqlite-3.sql"),
    include_str!("schema/sqlite-4.sql"),
    include_str!("schema/sqlite-5.sql"),
    include_str!("schema/sqlite-6.sql"),
];
/// Says that a file is a ledger: `PFLG`.
const APPLICATION_ID: i32 = i32::from_be_bytes(*b"PFLG");
/// The longest wait for another program that writes to the same file.
const LOCK_TIMEOUT: Duration = Duration::from_secs(2);
/// The most payments that share one commit.
const BATCH_MAX: usize = 128;

/// The opened file.
#[derive(Debug)]
pub struct Sqlite {
    path: PathBuf,
    file_id: FileId,
    /// Holds the file open, so that its number is given to no other file while the server runs.
    _file: File,
}

/// The identity of the file at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FileId {
    device: u64,
    number: u64,
}

#[cfg(unix)]
fn file_id(metadata: &std::fs::Metadata) -> FileId {
    use std::os::unix::fs::MetadataExt;
    FileId { device: metadata.dev(), number: metadata.ino() }
}

#[cfg(not(unix))]
fn file_id(_: &std::fs::Metadata) -> FileId {
    FileId { device: 0, number: 0 }
}

/// The schema that the file holds when the server opens it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FileContent {
    Nothing,
    Ledger,
}

impl Sqlite {
    /// Opens the file, makes it when it is not there, and brings its schema up to date. `fill` writes what a new ledger holds.
    ///
    /// A file that is no ledger is left as it is: its header is read before SQLite may touch it.
    ///
    /// # Errors
    /// One sentence that says why this file cannot be a ledger.
    pub fn open(path: &Path, fill: impl FnOnce(&mut dyn Sql) -> Result<()>) -> std::result::Result<Self, String> {
        let fault = |words: String| format!("The ledger {} cannot be used: {words}.", path.display());
        let found = inspect(path)?;
        let file = open_private(path).map_err(|error| {
            fault(match error.kind() {
                std::io::ErrorKind::PermissionDenied => "it may not be written".to_owned(),
                std::io::ErrorKind::NotFound => {
                    "it cannot be opened (does its directory exist, and may it be written?)".to_owned()
                }
                _ => error.to_string(),
            })
        })?;
        let metadata = file.metadata().map_err(|error| fault(error.to_string()))?;
        let sqlite = Self { path: path.to_owned(), file_id: file_id(&metadata), _file: file };
        sqlite.prepare(found, fill).map_err(|error| fault(error.to_string()))?;
        Ok(sqlite)
    }

    /// Opens a ledger of this version that is there, and changes nothing.
    ///
    /// # Errors
    /// One sentence that says why this file is no such ledger.
    pub fn existing(path: &Path) -> std::result::Result<Self, String> {
        let fault = |words: String| format!("The ledger {} cannot be used: {words}.", path.display());
        if inspect(path)? == FileContent::Nothing {
            return Err(fault("it is empty".to_owned()));
        }
        let file = File::open(path).map_err(|error| fault(error.to_string()))?;
        let metadata = file.metadata().map_err(|error| fault(error.to_string()))?;
        let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(|error| fault(error.to_string()))?;
        let version: rusqlite::Result<usize> = connection.pragma_query_value(None, "user_version", |row| row.get(0));
        match version {
            Ok(version) if version == STEPS.len() => Ok(Self { path: path.to_owned(), file_id: file_id(&metadata), _file: file }),
            Ok(_) => Err(fault("another version of this server made it; start this version on it once".to_owned())),
            Err(error) => Err(fault(ledger_error(error).to_string())),
        }
    }

    fn prepare(&self, found: FileContent, fill: impl FnOnce(&mut dyn Sql) -> Result<()>) -> Result<()> {
        let mut connection = connect(&self.path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        if found == FileContent::Nothing {
            // Written before anything else, so that a ledger whose making was cut is known again.
            connection.pragma_update(None, "application_id", APPLICATION_ID).map_err(ledger_error)?;
        }
        connection.pragma_update(None, "journal_mode", "WAL").map_err(ledger_error)?;
        connection.pragma_update(None, "synchronous", "FULL").map_err(ledger_error)?;
        // The write lock is held from the look at the version to the last step: two servers that start together take turns.
        let start = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(ledger_error)?;
        let version: usize = start.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(ledger_error)?;
        if version > STEPS.len() {
            return Err(LedgerError::Unexpected("a newer version of this server made it".to_owned()));
        }
        for step in STEPS.iter().skip(version) {
            start.execute_batch(step).map_err(ledger_error)?;
        }
        start.pragma_update(None, "application_id", APPLICATION_ID).map_err(ledger_error)?;
        start.pragma_update(None, "user_version", STEPS.len()).map_err(ledger_error)?;
        if version == 0 {
            fill(&mut BorrowedConnection(&start))?;
        }
        start.commit().map_err(ledger_error)
    }
}

/// Reads the header of the file, and nothing else.
fn inspect(path: &Path) -> std::result::Result<FileContent, String> {
    let mut header = Vec::new();
    match File::open(path) {
        Ok(file) => {
            file.take(100).read_to_end(&mut header).map_err(|error| format!("{} cannot be read: {error}.", path.display()))?
        }
        Err(_) => return Ok(FileContent::Nothing),
    };
    let number = |at: usize| header.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map_or(0, i32::from_be_bytes);
    match (number(60), number(68)) {
        _ if header.is_empty() => Ok(FileContent::Nothing),
        _ if !header.starts_with(b"SQLite format 3\0") => {
            Err(format!("The ledger {} cannot be used: it is not a SQLite file.", path.display()))
        }
        (_, APPLICATION_ID) => Ok(FileContent::Ledger),
        // The first version of the ledger had no application id.
        (1, 0) if is_first_version(path) => Ok(FileContent::Ledger),
        _ => Err(format!("{} is not a ledger of this version; choose another file with --db.", path.display())),
    }
}

fn is_first_version(path: &Path) -> bool {
    let tables = "SELECT count(*) FROM sqlite_schema WHERE name IN ('attempts', 'payments', 'due_items', 'settings')";
    let open = || Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?.query_row(tables, [], |row| row.get(0));
    open().is_ok_and(|count: i64| count == 4)
}

/// Opens or makes the file so that only its owner reads it. SQLite gives its side files the same rights.
fn open_private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        let file = options.mode(0o600).open(path)?;
        if file.metadata()?.permissions().mode() & 0o077 != 0 {
            file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
        }
        Ok(file)
    }
    #[cfg(not(unix))]
    options.open(path)
}

impl Backend for Sqlite {
    fn writer(&self) -> Result<Box<dyn Session>> {
        let connection = connect(&self.path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection.pragma_update(None, "synchronous", "FULL").map_err(ledger_error)?;
        Ok(Box::new(OwnedConnection(connection)))
    }

    fn reader(&self) -> Result<Box<dyn Session>> {
        Ok(Box::new(OwnedConnection(connect(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY)?)))
    }

    fn check_place(&self) -> Result<()> {
        let now = std::fs::metadata(&self.path).map(|metadata| file_id(&metadata));
        if now.is_ok_and(|now| now == self.file_id) { Ok(()) } else { Err(LedgerError::Moved) }
    }

    fn writers(&self) -> usize {
        1
    }

    fn batch_max(&self) -> usize {
        BATCH_MAX
    }

    fn free_bytes(&self) -> Option<u64> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        rustix::fs::statvfs(folder).ok().map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize))
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(ledger_error)?;
    connection.busy_timeout(LOCK_TIMEOUT).map_err(ledger_error)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(ledger_error)?;
    connection.set_prepared_statement_cache_capacity(128);
    // A plan that may depend on bound values is made anew for each of them; otherwise a third of a payment's time went into planning.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(ledger_error)?;
    // SQLite's own `lower` knows only ASCII; the schema of PostgreSQL has a function of this name, too.
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    let lower = connection.create_scalar_function("fold_case", 1, flags, |context| {
        Ok(context.get_raw(0).as_str_or_null().ok().flatten().map(str::to_lowercase))
    });
    lower.map_err(ledger_error)?;
    Ok(connection)
}

/// A connection of its own.
struct OwnedConnection(Connection);

/// A connection within a transaction of the caller.
pub struct BorrowedConnection<'a>(pub &'a Connection);

fn rows(connection: &Connection, statement: &str, values: &[Value]) -> Result<Vec<Row>> {
    let mut prepared = connection.prepare_cached(&statement.replace('$', "?")).map_err(ledger_error)?;
    let columns = prepared.column_count();
    let mut rows = prepared.query(rusqlite::params_from_iter(values)).map_err(ledger_error)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(ledger_error)? {
        let values = (0..columns).map(|column| row.get_ref(column).map(value)).collect::<rusqlite::Result<_>>();
        found.push(Row(values.map_err(ledger_error)?));
    }
    Ok(found)
}

fn run(connection: &Connection, statement: &str, values: &[Value]) -> Result<u64> {
    let mut prepared = connection.prepare_cached(&statement.replace('$', "?")).map_err(ledger_error)?;
    prepared.execute(rusqlite::params_from_iter(values)).map(|count| count as u64).map_err(ledger_error)
}

/// SQLite knows the last id by itself; `RETURNING` would make a table in memory for it.
fn insert(connection: &Connection, statement: &str, values: &[Value]) -> Result<i64> {
    match run(connection, statement, values)? {
        1 => Ok(connection.last_insert_rowid()),
        _ => Err(LedgerError::Unexpected("a row was not inserted".to_owned())),
    }
}

fn value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        // No table has a REAL; a text keeps the defect in sight.
        ValueRef::Real(number) => Value::Text(number.to_string()),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl Sql for BorrowedConnection<'_> {
    fn rows(&mut self, statement: &str, values: &[Value]) -> Result<Vec<Row>> {
        rows(self.0, statement, values)
    }

    fn run(&mut self, statement: &str, values: &[Value]) -> Result<u64> {
        run(self.0, statement, values)
    }

    fn insert(&mut self, statement: &str, values: &[Value]) -> Result<i64> {
        insert(self.0, statement, values)
    }

    fn lock(&mut self, _: &str) -> Result<()> {
        Ok(())
    }
}

impl Sql for OwnedConnection {
    fn rows(&mut self, statement: &str, values: &[Value]) -> Result<Vec<Row>> {
        rows(&self.0, statement, values)
    }

    fn run(&mut self, statement: &str, values: &[Value]) -> Result<u64> {
        run(&self.0, statement, values)
    }

    fn insert(&mut self, statement: &str, values: &[Value]) -> Result<i64> {
        insert(&self.0, statement, values)
    }

    fn lock(&mut self, _: &str) -> Result<()> {
        // One connection writes at a time.
        Ok(())
    }
}

impl Session for OwnedConnection {
    fn begin_write(&mut self) -> Result<()> {
        // Taken at once for writing: a transaction that first reads and then writes could fail in between.
        run(&self.0, "BEGIN IMMEDIATE", &[]).map(drop)
    }

    fn begin_read(&mut self) -> Result<()> {
        run(&self.0, "BEGIN", &[]).map(drop)
    }

    fn commit(&mut self) -> Result<()> {
        let ended = run(&self.0, "COMMIT", &[]).map(drop);
        if ended.is_err() {
            self.rollback();
        }
        ended
    }

    fn rollback(&mut self) {
        // Some errors have undone the transaction already; then there is nothing left to undo.
        let _ = run(&self.0, "ROLLBACK", &[]);
    }

    fn is_in_transaction(&self) -> bool {
        !self.0.is_autocommit()
    }

    fn is_usable(&self) -> bool {
        true
    }
}

/// The error of SQLite, with a mark where a retry may succeed.
fn ledger_error(error: rusqlite::Error) -> LedgerError {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => LedgerError::Unexpected("it is not a SQLite file".to_owned()),
        Some(ErrorCode::CannotOpen) => {
            LedgerError::Unavailable("it cannot be opened (does its directory exist, and may it be written?)".to_owned())
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            LedgerError::Unavailable("another program holds it".to_owned())
        }
        Some(ErrorCode::ReadOnly) => LedgerError::Unavailable("it cannot be written".to_owned()),
        Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure) => LedgerError::Unavailable(error.to_string()),
        _ => LedgerError::Unexpected(error.to_string()),
    }
}
