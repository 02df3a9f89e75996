//! Runs statements on one connection, for threads that may wait.

use super::{
    super::{
        backend::Session,
        sql::{LedgerError, Result, Row, Sql, Value},
    },
    address::Address,
};
use std::{cell::Cell, collections::HashMap, sync::Arc, time::Duration};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{
    Client, NoTls, Statement,
    error::SqlState,
    types::{FromSql, IsNull, ToSql, Type, private::BytesMut, to_sql_checked},
};

/// The longest wait for an answer of the database. The database's own limits, in [`SETTINGS`], end statements earlier.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(20);
/// How many statements stay prepared on one connection.
const PREPARED_MAX: usize = 256;
/// A lock that is held for too long ends the statement, an abandoned transaction ends by itself, and `off` promises no durability.
const SETTINGS: &str = "SET lock_timeout = '4s'; SET statement_timeout = '15s'; SET idle_in_transaction_session_timeout = '30s'; \
     SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

/// A connection that is opened again where it broke between two transactions.
pub struct Connection {
    address: Arc<Address>,
    link: Link,
    transaction: Transaction,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Transaction {
    None,
    Open,
    /// A statement failed: PostgreSQL undoes the transaction whatever follows.
    Failed,
}

/// An open connection, driven by the thread that waits for it.
struct Link {
    /// `None` only while it is dropped.
    runtime: Option<Runtime>,
    client: Client,
    /// The database left a statement without an answer: what it does with the next one is not known.
    is_late: Cell<bool>,
    prepared: HashMap<(String, Vec<Type>), Statement>,
}

impl Drop for Link {
    fn drop(&mut self) {
        // The last holder may be an asynchronous task, which must not wait for a runtime's end.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Link {
    fn open(address: &Address) -> Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| LedgerError::Unavailable(format!("a connection cannot be made: {error}")))?;
        let client = runtime.block_on(async {
            // A connection that breaks is told by its next statement.
            let client = match &address.tls {
                Some(tls) => {
                    let (client, connection) = address.config.connect(tls.clone()).await?;
                    tokio::spawn(async move { drop(connection.await) });
                    client
                }
                None => {
                    let (client, connection) = address.config.connect(NoTls).await?;
                    tokio::spawn(async move { drop(connection.await) });
                    client
                }
            };
            client.batch_execute(SETTINGS).await?;
            Ok(client)
        });
        Ok(Self {
            runtime: Some(runtime),
            client: client.map_err(|error| ledger_error(&error))?,
            is_late: Cell::new(false),
            prepared: HashMap::new(),
        })
    }

    /// Waits for the database's answer.
    fn wait<T>(&self, answer: impl Future<Output = std::result::Result<T, tokio_postgres::Error>>) -> Result<T> {
        let late = || LedgerError::Unavailable("the database does not answer".to_owned());
        let Some(runtime) = self.runtime.as_ref().filter(|_| !self.is_late.get()) else { return Err(late()) };
        let answer = runtime.block_on(async { tokio::time::timeout(STATEMENT_TIMEOUT, answer).await });
        self.is_late.set(answer.is_err());
        answer.map_err(|_| late())?.map_err(|error| ledger_error(&error))
    }

    fn prepare(&mut self, statement: &str, values: &[Value]) -> Result<Statement> {
        let types: Vec<Type> = values.iter().map(Value::type_of).collect();
        let name = (statement.to_owned(), types);
        if let Some(prepared) = self.prepared.get(&name) {
            return Ok(prepared.clone());
        }
        let prepared = self.wait(self.client.prepare_typed(statement, &name.1))?;
        if self.prepared.len() >= PREPARED_MAX {
            // Lists have as many statements as there are filters: the cache starts anew instead of growing.
            self.prepared.clear();
        }
        self.prepared.insert(name, prepared.clone());
        Ok(prepared)
    }

    fn rows(&mut self, statement: &str, values: &[Value]) -> Result<Vec<Row>> {
        let prepared = self.prepare(statement, values)?;
        let parameters = values.iter().map(|value| value as &(dyn ToSql + Sync)).collect::<Vec<_>>();
        let rows = self.wait(self.client.query(&prepared, &parameters))?;
        rows.iter().map(read).collect()
    }

    fn run(&mut self, statement: &str, values: &[Value]) -> Result<u64> {
        let prepared = self.prepare(statement, values)?;
        let parameters = values.iter().map(|value| value as &(dyn ToSql + Sync)).collect::<Vec<_>>();
        self.wait(self.client.execute(&prepared, &parameters))
    }
}

impl Connection {
    /// Opens a connection.
    ///
    /// # Errors
    /// The error of the database or the network.
    pub fn open(address: Arc<Address>) -> Result<Self> {
        let link = Link::open(&address)?;
        Ok(Self { address, link, transaction: Transaction::None })
    }

    /// Runs several statements at once, within the transaction.
    ///
    /// # Errors
    /// The error of the database.
    pub fn script(&mut self, statements: &str) -> Result<()> {
        let done = self.link.wait(self.link.client.batch_execute(statements));
        self.noted(done)
    }

    fn begin(&mut self, statement: &str) -> Result<()> {
        let begun = self.link.wait(self.link.client.batch_execute(statement));
        let begun = match begun {
            Err(LedgerError::Unavailable(_)) => {
                // The database was started anew since the last transaction, or its connection broke: nothing of this one is lost.
                self.link = Link::open(&self.address)?;
                self.link.wait(self.link.client.batch_execute(statement))
            }
            other => other,
        };
        begun?;
        self.transaction = Transaction::Open;
        Ok(())
    }

    fn noted<T>(&mut self, done: Result<T>) -> Result<T> {
        if done.is_err() && self.transaction == Transaction::Open {
            self.transaction = Transaction::Failed;
        }
        done
    }
}

impl Sql for Connection {
    fn rows(&mut self, statement: &str, values: &[Value]) -> Result<Vec<Row>> {
        let done = self.link.rows(statement, values);
        self.noted(done)
    }

    fn run(&mut self, statement: &str, values: &[Value]) -> Result<u64> {
        let done = self.link.run(statement, values);
        self.noted(done)
    }

    fn lock(&mut self, name: &str) -> Result<()> {
        let hash = crate::hash::sha256(&[name.as_bytes()]);
        let number = hash.first_chunk().copied().map_or(0, i64::from_be_bytes);
        self.rows("SELECT pg_advisory_xact_lock($1)", &[Value::Int(number)]).map(drop)
    }
}

impl Session for Connection {
    fn begin_write(&mut self) -> Result<()> {
        self.begin("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
    }

    fn begin_read(&mut self) -> Result<()> {
        self.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    }

    fn commit(&mut self) -> Result<()> {
        match std::mem::replace(&mut self.transaction, Transaction::None) {
            // `undo` ended it: the transaction held nothing else.
            Transaction::None => Ok(()),
            Transaction::Failed => {
                self.rollback();
                Err(LedgerError::Unavailable("the transaction was undone by the database".to_owned()))
            }
            Transaction::Open => self.link.wait(self.link.client.batch_execute("COMMIT")).map_err(|error| {
                // The commit may have reached the disk before its answer was lost.
                LedgerError::Unclear(error.to_string())
            }),
        }
    }

    fn rollback(&mut self) {
        self.transaction = Transaction::None;
        // A connection that cannot even do this is closed, and the database undoes the transaction by itself.
        let _ = self.link.wait(self.link.client.batch_execute("ROLLBACK"));
    }

    fn is_in_transaction(&self) -> bool {
        self.transaction == Transaction::Open
    }

    fn is_usable(&self) -> bool {
        !self.link.is_late.get() && !self.link.client.is_closed() && self.transaction == Transaction::None
    }

    fn savepoint(&mut self) -> Result<()> {
        // One write is the whole transaction.
        Ok(())
    }

    fn release(&mut self) -> Result<()> {
        Ok(())
    }

    fn rollback_to_savepoint(&mut self) -> Result<()> {
        self.rollback();
        Ok(())
    }
}

impl Value {
    /// The type that a statement's parameter has, whatever the database would guess.
    fn type_of(&self) -> Type {
        match self {
            Self::Null => Type::UNKNOWN,
            Self::Int(_) => Type::INT8,
            Self::Text(_) => Type::TEXT,
            Self::Blob(_) => Type::BYTEA,
        }
    }
}

impl ToSql for Value {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(number) => number.to_sql(kind, out),
            Self::Text(text) => text.to_sql(kind, out),
            Self::Blob(bytes) => bytes.to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(kind: &Type, bytes: &'a [u8]) -> std::result::Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(match *kind {
            Type::INT8 => Self::Int(i64::from_sql(kind, bytes)?),
            Type::INT4 => Self::Int(i32::from_sql(kind, bytes)?.into()),
            Type::BYTEA => Self::Blob(bytes.to_vec()),
            _ => Self::Text(String::from_sql(kind, bytes)?),
        })
    }

    fn from_sql_null(_: &Type) -> std::result::Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(kind: &Type) -> bool {
        matches!(*kind, Type::INT8 | Type::INT4 | Type::BYTEA | Type::VOID) || <String as FromSql>::accepts(kind)
    }
}

fn read(row: &tokio_postgres::Row) -> Result<Row> {
    let values = (0..row.len()).map(|column| row.try_get(column)).collect::<std::result::Result<_, _>>();
    values.map(Row).map_err(|error| ledger_error(&error))
}

/// The error of PostgreSQL, with a mark where a retry may succeed.
fn ledger_error(error: &tokio_postgres::Error) -> LedgerError {
    let Some(db_error) = error.as_db_error() else {
        let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
        let words = format!("{error}{cause}");
        // Without words of the database the connection is what failed, or the program's own types.
        return if error.is_closed() || std::error::Error::source(error).is_some_and(|cause| cause.is::<std::io::Error>()) {
            LedgerError::Unavailable(words)
        } else {
            LedgerError::Unexpected(words)
        };
    };
    let code = db_error.code();
    // Connections (08), resources (53), the operator (57) and other transactions (40, 55) pass; a read-only database may be written again.
    let may_pass = ["08", "53", "57", "40", "55"].iter().any(|class| code.code().starts_with(class));
    let words = format!("{} ({})", db_error.message(), code.code());
    if may_pass || *code == SqlState::READ_ONLY_SQL_TRANSACTION || *code == SqlState::INVALID_CATALOG_NAME {
        LedgerError::Unavailable(words)
    } else {
        LedgerError::Unexpected(words)
    }
}
