//! Runs statements on one connection, for threads that may wait.
//!
//! Statements without a result that a caller needs leave together with the next statement, in one round trip: `BEGIN`, advisory locks, and the
//! last inserts before `COMMIT`. PostgreSQL runs them one after another, each on what the statement before it left, and none after a failure.

use super::{
    super::{
        backend::Session,
        sql::{LedgerError, Result, Row, Sql, Value},
    },
    address::Address,
    values::{ledger_error, read},
};
use futures_util::future::join_all;
use std::{cell::Cell, collections::HashMap, sync::Arc, time::Duration};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{
    Client, NoTls, Statement,
    types::{ToSql, Type},
};

/// The longest wait for an answer of the database while people wait. The database's own limits, in [`SETTINGS`], end statements earlier.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(20);
/// The number of statements that stay prepared on one connection.
const PREPARED_MAX: usize = 256;
/// The number of statements that wait for the next one.
const DEFERRED_MAX: usize = 64;
/// The longest wait for a lock, as [`SETTINGS`] says.
pub(super) const LOCK_TIMEOUT: &str = "4s";
/// A lock that is held for too long ends the statement, an abandoned transaction ends by itself, and `off` promises no durability.
const SETTINGS: &str = "SET lock_timeout = '4s'; SET statement_timeout = '15s'; SET idle_in_transaction_session_timeout = '30s'; \
     SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

/// The time that a statement may take.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum TimeLimit {
    /// A payment waits for the statement.
    Payment,
    /// None, because a ledger is made, updated or filled: the larger it is, the longer that takes. Waits for locks stay limited.
    Unlimited,
}

/// Advisory locks are those of the whole database. The number of the table parts them, so that two ledgers in two schemas do not wait for
/// each other.
const LOCK: &str = "SELECT pg_advisory_xact_lock($1 # 'customers'::regclass::oid::int8)";

/// A connection that is opened again where it broke between two transactions.
pub struct Connection {
    address: Arc<Address>,
    limit: TimeLimit,
    link: Link,
    transaction: Transaction,
    deferred: Deferred,
}

/// Statements that leave with the next one.
#[derive(Default)]
struct Deferred {
    /// The `BEGIN` of the transaction. Only locks wait behind it, never a statement that changes rows: without a transaction nothing could
    /// undo a change.
    begin: Option<&'static str>,
    statements: Vec<(String, Vec<Value>)>,
}

impl Deferred {
    fn is_empty(&self) -> bool {
        self.begin.is_none() && self.statements.is_empty()
    }
}

/// A failure among the statements of one round trip.
struct Failure {
    error: LedgerError,
    place: FailurePlace,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum FailurePlace {
    /// The transaction did not begin.
    Begin,
    /// A statement before the last one failed, so the last one did nothing.
    Deferred,
    /// The last statement failed, or answers are missing.
    Last,
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
    limit: TimeLimit,
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
    fn open(address: &Address, limit: TimeLimit) -> Result<Self> {
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
            if limit == TimeLimit::Unlimited {
                client.batch_execute("SET statement_timeout = 0").await?;
            }
            Ok(client)
        });
        Ok(Self {
            runtime: Some(runtime),
            client: client.map_err(|error| ledger_error(&error))?,
            limit,
            is_late: Cell::new(false),
            prepared: HashMap::new(),
        })
    }

    /// Waits for the database's answer.
    fn wait<T>(&self, answer: impl Future<Output = std::result::Result<T, tokio_postgres::Error>>) -> Result<T> {
        let late = || LedgerError::Unavailable("the database does not answer".to_owned());
        let Some(runtime) = self.runtime.as_ref().filter(|_| !self.is_late.get()) else { return Err(late()) };
        let answer = runtime.block_on(async {
            match self.limit {
                TimeLimit::Payment => tokio::time::timeout(STATEMENT_TIMEOUT, answer).await,
                TimeLimit::Unlimited => Ok(answer.await),
            }
        });
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

    /// Sends the deferred statements and then `last`, and waits for all answers.
    fn exchange<T>(
        &mut self,
        deferred: &Deferred,
        last: impl AsyncFnOnce(&Client) -> std::result::Result<T, tokio_postgres::Error>,
    ) -> std::result::Result<T, Failure> {
        let unsent = if deferred.begin.is_some() { FailurePlace::Begin } else { FailurePlace::Deferred };
        let prepared: Result<Vec<_>> = deferred
            .statements
            .iter()
            .map(|(statement, values)| Ok((self.prepare(statement, values)?, parameters(values))))
            .collect();
        let prepared = prepared.map_err(|error| Failure { error, place: unsent })?;
        let client = &self.client;
        let begin = async {
            match deferred.begin {
                Some(begin) => client.batch_execute(begin).await,
                None => Ok(()),
            }
        };
        let before = join_all(prepared.iter().map(|(statement, values)| client.execute(statement, values)));
        // Statements leave in the order in which their futures are polled for the first time.
        let answers = self.wait(async { Ok(tokio::join!(biased; begin, before, last(client))) });
        let (begin, before, last) = answers.map_err(|error| Failure { error, place: FailurePlace::Last })?;
        let failure = |error: tokio_postgres::Error, place| {
            // Without the database's own word a later statement may have run.
            let place = if error.as_db_error().is_some() || place == FailurePlace::Begin { place } else { FailurePlace::Last };
            Failure { error: ledger_error(&error), place }
        };
        begin.map_err(|error| failure(error, FailurePlace::Begin))?;
        for answer in before {
            answer.map_err(|error| failure(error, FailurePlace::Deferred))?;
        }
        last.map_err(|error| failure(error, FailurePlace::Last))
    }
}

fn parameters(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

impl Connection {
    /// Opens a connection.
    ///
    /// # Errors
    /// The error of the database or the network.
    pub fn open(address: Arc<Address>, limit: TimeLimit) -> Result<Self> {
        let link = Link::open(&address, limit)?;
        Ok(Self { address, limit, link, transaction: Transaction::None, deferred: Deferred::default() })
    }

    /// Runs several statements at once, within the transaction.
    ///
    /// # Errors
    /// The error of the database.
    pub fn script(&mut self, statements: &str) -> Result<()> {
        self.send_deferred()?;
        let done = self.link.wait(self.link.client.batch_execute(statements));
        self.noted(done)
    }

    fn begin(&mut self, statement: &'static str) {
        self.deferred = Deferred { begin: Some(statement), statements: Vec::new() };
        self.transaction = Transaction::Open;
    }

    /// Sends the deferred statements by themselves.
    fn send_deferred(&mut self) -> Result<()> {
        if self.deferred.is_empty() { Ok(()) } else { self.query("SELECT 1", &[]).map(drop) }
    }

    /// Waits for the answer to a `BEGIN` that has not left, so that a change can follow.
    fn ensure_begun(&mut self) -> Result<()> {
        if self.deferred.begin.is_some() { self.send_deferred() } else { Ok(()) }
    }

    fn query(&mut self, statement: &str, values: &[Value]) -> Result<Vec<Row>> {
        let deferred = std::mem::take(&mut self.deferred);
        let mut rows = self.rows_behind(&deferred, statement, values);
        if matches!(&rows, Err(Failure { error: LedgerError::Unavailable(_), place: FailurePlace::Begin })) {
            // The database was started anew since the last transaction, or its connection broke: nothing of this one is lost.
            self.link = Link::open(&self.address, self.limit)?;
            rows = self.rows_behind(&deferred, statement, values);
        }
        if rows.as_ref().is_err_and(|failure| failure.place == FailurePlace::Begin) {
            self.transaction = Transaction::None;
        }
        let rows = rows.map_err(|failure| failure.error).and_then(|rows| rows.iter().map(read).collect());
        self.noted(rows)
    }

    fn rows_behind(
        &mut self,
        deferred: &Deferred,
        statement: &str,
        values: &[Value],
    ) -> std::result::Result<Vec<tokio_postgres::Row>, Failure> {
        let place = if deferred.begin.is_some() { FailurePlace::Begin } else { FailurePlace::Last };
        let prepared = self.link.prepare(statement, values).map_err(|error| Failure { error, place })?;
        let parameters = parameters(values);
        self.link.exchange(deferred, async |client| client.query(&prepared, &parameters).await)
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
        if !statement.starts_with("SELECT") {
            self.ensure_begun()?;
        }
        self.query(statement, values)
    }

    fn rows_for_each(&mut self, statement: &str, values: &[Vec<Value>]) -> Result<Vec<Row>> {
        self.ensure_begun()?;
        let deferred = std::mem::take(&mut self.deferred);
        let prepared: Result<Vec<_>> =
            values.iter().map(|values| Ok((self.link.prepare(statement, values)?, parameters(values)))).collect();
        let rows = prepared.and_then(|prepared| {
            let all = self.link.exchange(&deferred, async |client| {
                let answers = join_all(prepared.iter().map(|(statement, values)| client.query(statement, values))).await;
                answers.into_iter().collect::<std::result::Result<Vec<_>, _>>()
            });
            all.map_err(|failure| failure.error)?.iter().flatten().map(read).collect()
        });
        self.noted(rows)
    }

    fn run(&mut self, statement: &str, values: &[Value]) -> Result<u64> {
        self.ensure_begun()?;
        let deferred = std::mem::take(&mut self.deferred);
        let prepared = self.link.prepare(statement, values);
        let done = prepared.and_then(|prepared| {
            let parameters = parameters(values);
            let done = self.link.exchange(&deferred, async |client| client.execute(&prepared, &parameters).await);
            done.map_err(|failure| failure.error)
        });
        self.noted(done)
    }

    fn insert(&mut self, statement: &str, values: &[Value]) -> Result<i64> {
        let made = self.rows(&format!("{statement} RETURNING id"), values)?;
        made.first().map_or_else(|| Err(LedgerError::Unexpected("a row was not inserted".to_owned())), |row| row.int(0))
    }

    fn run_later(&mut self, statement: &str, values: &[Value]) -> Result<()> {
        self.ensure_begun()?;
        if self.deferred.statements.len() >= DEFERRED_MAX {
            self.send_deferred()?;
        }
        self.deferred.statements.push((statement.to_owned(), values.to_vec()));
        Ok(())
    }

    fn lock(&mut self, name: &str) -> Result<()> {
        let hash = crate::hash::sha256(&[name.as_bytes()]);
        let number = hash.first_chunk().copied().map_or(0, i64::from_be_bytes);
        self.deferred.statements.push((LOCK.to_owned(), vec![Value::Int(number)]));
        Ok(())
    }
}

impl Session for Connection {
    fn begin_write(&mut self) -> Result<()> {
        self.begin("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
        Ok(())
    }

    fn begin_read(&mut self) -> Result<()> {
        self.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        Ok(())
    }

    fn commit(&mut self) -> Result<()> {
        let deferred = std::mem::take(&mut self.deferred);
        match std::mem::replace(&mut self.transaction, Transaction::None) {
            // The transaction was undone before.
            Transaction::None => Ok(()),
            Transaction::Failed => {
                self.rollback();
                Err(LedgerError::Unavailable("the transaction was undone by the database".to_owned()))
            }
            // No statement has left.
            Transaction::Open if deferred.begin.is_some() => Ok(()),
            Transaction::Open => {
                let ended = self.link.exchange(&deferred, async |client| client.batch_execute("COMMIT").await);
                ended.map_err(|Failure { error, place }| match place {
                    // The commit may have reached the disk before its answer was lost.
                    FailurePlace::Last => LedgerError::Unclear(error.to_string()),
                    // The commit of a failed transaction undoes it; one that was not sent leaves the transaction open.
                    FailurePlace::Begin | FailurePlace::Deferred => {
                        self.rollback();
                        error
                    }
                })
            }
        }
    }

    fn rollback(&mut self) {
        self.transaction = Transaction::None;
        if std::mem::take(&mut self.deferred).begin.is_some() {
            // No statement has left.
            return;
        }
        // A connection that cannot even do this is closed, and the database undoes the transaction by itself.
        let _ = self.link.wait(self.link.client.batch_execute("ROLLBACK"));
    }

    fn is_in_transaction(&self) -> bool {
        self.transaction == Transaction::Open
    }

    fn is_usable(&self) -> bool {
        !self.link.is_late.get() && !self.link.client.is_closed() && self.transaction == Transaction::None
    }
}
