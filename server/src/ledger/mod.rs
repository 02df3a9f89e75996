//! Keeps the ledger: what is owed and what was paid.
//!
//! Every write is one transaction that is on the disk before anyone is told of it. Only parameterised SQL stands in these files,
//! and the schema repeats the rules as constraints. So even a wrong program cannot store a wrong payment.

pub mod activities;
pub mod attempts;
pub mod backend;
pub mod clock;
pub mod copy;
pub mod customers;
pub mod due_items;
pub mod list;
pub mod payments;
pub mod postgres;
mod seed;
pub mod sql;
pub mod sqlite;
pub mod upstream;
mod write_queue;

use crate::clock::Clock;
use backend::{Backend, Session};
use clock::LedgerClock;
use payment_form::domain::date::Date;
use postgres::DatabaseUrl;
use sql::{LedgerError, Result, Sql};
use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::Semaphore;
use write_queue::WriteQueue;

/// The number of reads that run at a time.
const READERS_MAX: usize = 16;
/// Reads no row, and fails where a table that a payment needs is missing.
const SCHEMA: &str =
    "SELECT 1 FROM customers, invoices, methods, payments, allocations, activities, due_items, attempts, upstream LIMIT 0";
/// Below this the disk counts as full, before writes begin to fail.
const FREE_BYTES_MIN: u64 = 16 * 1024 * 1024;

/// The place of a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// A SQLite file.
    File(PathBuf),
    /// A PostgreSQL database, which several servers may share.
    Database(DatabaseUrl),
}

impl Location {
    /// Opens the database, and makes or updates its schema. `fill` writes the rows of a new ledger.
    pub(crate) fn backend(&self, fill: impl FnOnce(&mut dyn Sql) -> Result<()>) -> std::result::Result<Arc<dyn Backend>, String> {
        Ok(match self {
            Self::File(path) => Arc::new(sqlite::Sqlite::open(path, fill)?),
            Self::Database(url) => Arc::new(postgres::Postgres::open(url, fill)?),
        })
    }
}

/// Limits of the queue of writes.
#[derive(Clone, Copy, Debug)]
pub struct QueueLimits {
    /// The most writes that wait; further ones are refused at once.
    pub length: usize,
    /// The longest wait.
    pub deadline: Duration,
}

impl Default for QueueLimits {
    fn default() -> Self {
        Self { length: 1024, deadline: Duration::from_secs(5) }
    }
}

/// The open ledger.
#[derive(Debug)]
pub struct Ledger {
    reads: Arc<ReadPool>,
    /// Closed after the readers: the last connection writes the log back into the file, and a reader may not.
    queue: WriteQueue,
    clock: Arc<LedgerClock>,
    writes: AtomicU64,
}

/// Connections that read.
struct ReadPool {
    backend: Arc<dyn Backend>,
    idle: Mutex<Vec<Box<dyn Session>>>,
    places: Semaphore,
}

impl std::fmt::Debug for ReadPool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reads").field("backend", &self.backend).finish_non_exhaustive()
    }
}

impl Ledger {
    /// Opens the ledger; makes and seeds it when it is not there.
    ///
    /// Must not be called from an asynchronous task.
    ///
    /// # Errors
    /// One sentence that says why this place cannot hold a ledger.
    pub fn open(location: &Location, clock: Clock, limits: QueueLimits) -> std::result::Result<Self, String> {
        Self::over(location.backend(|sql| seed::fill(sql, clock.today()))?, limits)
    }

    /// Opens the ledger of a server before a vendor: it holds attempts, and nothing is seeded.
    ///
    /// # Errors
    /// As [`Ledger::open`].
    pub fn open_empty(location: &Location, limits: QueueLimits) -> std::result::Result<Self, String> {
        Self::over(location.backend(|_| Ok(()))?, limits)
    }

    /// Deletes everything, and seeds the ledger again as [`Ledger::open`] did.
    ///
    /// # Errors
    /// The error of the database; nothing is deleted then.
    pub async fn reset(&self, today: Date) -> Result<()> {
        self.write(move |sql| seed::refill(sql, today), |()| ()).await
    }

    fn over(backend: Arc<dyn Backend>, limits: QueueLimits) -> std::result::Result<Self, String> {
        let mut reader = backend.reader().map_err(|error| format!("The ledger cannot be read: {error}."))?;
        let sql: &mut dyn Sql = reader.as_mut();
        let seconds = clock::read(sql).map_err(|error| format!("The ledger cannot be read: {error}."))?;
        let queue = WriteQueue::start(&backend, limits.length, limits.deadline);
        let reads = ReadPool { backend, idle: Mutex::new(vec![reader]), places: Semaphore::new(READERS_MAX) };
        let clock = Arc::new(LedgerClock::new(seconds));
        Ok(Self { reads: Arc::new(reads), queue, clock, writes: AtomicU64::new(0) })
    }

    /// The seconds of the ledger's own clock. It never goes back, and never faster than time.
    pub fn seconds(&self) -> u64 {
        self.clock.now()
    }

    /// Reads the seconds that other servers of this ledger have counted, and goes on from theirs where they are ahead: a machine that was
    /// suspended has counted nothing meanwhile.
    ///
    /// # Errors
    /// The error of the database.
    pub async fn read_clock(&self) -> Result<()> {
        let row = self.read(clock::read).await?;
        self.clock.learn(row);
        Ok(())
    }

    /// Keeps the clock of this server and the row in step, for ever: a server without requests writes nothing else.
    pub async fn keep_clock(&self) {
        let mut tick = tokio::time::interval(clock::KEPT_EVERY);
        loop {
            tick.tick().await;
            // A later tick, or the next payment, makes up for a failure.
            if self.read_clock().await.is_ok() && self.clock.is_old(self.clock.now()) {
                let _ = self.write(|_| Ok::<_, LedgerError>(()), |()| ()).await;
            }
        }
    }

    /// The number of waiting writes.
    pub fn queue_length(&self) -> usize {
        self.queue.length()
    }

    /// Checks that the database is still at the place where it was opened.
    ///
    /// # Errors
    /// [`LedgerError::Moved`].
    pub fn check_place(&self) -> Result<()> {
        self.reads.backend.check_place()
    }

    /// Checks that a payment could be stored now: the schema answers, a write reaches the disk, and the disk has room.
    ///
    /// # Errors
    /// The reason why it is not usable.
    pub async fn check(&self) -> Result<()> {
        let now = self.clock.now();
        let probe = move |sql: &mut dyn Sql| {
            sql.rows(SCHEMA, &[])?;
            clock::renew(sql, now)
        };
        self.queue.write(probe, |()| ()).await?;
        self.clock.renewed(now);
        match self.reads.backend.free_bytes() {
            Some(free) if free < FREE_BYTES_MIN => Err(LedgerError::Unavailable("the disk is almost full".to_owned())),
            _ => Ok(()),
        }
    }

    /// Reads one consistent state of the ledger.
    ///
    /// # Errors
    /// The error of `ask` or of the database.
    pub async fn read<T, E>(
        &self,
        ask: impl FnOnce(&mut dyn Sql) -> std::result::Result<T, E> + Send + 'static,
    ) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: From<LedgerError> + Send + 'static,
    {
        let reads = Arc::clone(&self.reads);
        let Ok(_place) = self.reads.places.acquire().await else {
            return Err(LedgerError::Unavailable("the ledger is closed".to_owned()).into());
        };
        let read = tokio::task::spawn_blocking(move || reads.read(ask));
        read.await.unwrap_or_else(|_| Err(LedgerError::Unexpected("the read panicked".to_owned()).into()))
    }

    /// Reads one consistent state of the ledger, for a caller that may wait.
    ///
    /// # Errors
    /// The error of `ask` or of the database.
    pub fn read_blocking<T, E: From<LedgerError>>(
        &self,
        ask: impl FnOnce(&mut dyn Sql) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        self.reads.read(ask)
    }

    /// Runs `change` in one transaction: it is on the disk when this returns `Ok`, and nothing of it is when this returns an error. A
    /// caller that goes away before the write has begun leaves no write. `committed` runs once the write is on the disk, whether or not
    /// somebody still waits.
    ///
    /// # Errors
    /// The error of `change` or of the database; [`LedgerError::Unavailable`] where too many writes wait.
    pub async fn write<T, E>(
        &self,
        change: impl FnOnce(&mut dyn Sql) -> std::result::Result<T, E> + Send + 'static,
        committed: impl FnOnce(&T) + Send + 'static,
    ) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: From<LedgerError> + Send + 'static,
    {
        let now = self.clock.now();
        let renewed = self.clock.is_old(now).then(|| Arc::clone(&self.clock));
        let is_renewing = renewed.is_some();
        let is_clearing = self.writes.fetch_add(1, Ordering::Relaxed).is_multiple_of(attempts::CLEAR_EVERY);
        let change = move |sql: &mut dyn Sql| {
            let done = change(sql)?;
            if is_clearing {
                attempts::clear(sql, now)?;
            }
            // The last statement, because writers of all customers would wait behind it.
            if is_renewing {
                clock::renew(sql, now)?;
            }
            Ok(done)
        };
        let committed = move |done: &T| {
            if let Some(clock) = renewed {
                clock.renewed(now);
            }
            committed(done);
        };
        self.queue.write(change, committed).await
    }
}

impl ReadPool {
    fn read<T, E: From<LedgerError>>(
        &self,
        ask: impl FnOnce(&mut dyn Sql) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let mut session = self.session()?;
        session.begin_read()?;
        let answer = ask(session.as_mut());
        session.rollback();
        // An answer out of a file that is gone, or was put in its place, is none.
        self.backend.check_place()?;
        if session.is_usable() {
            lock(&self.idle).push(session);
        }
        answer
    }

    fn session(&self) -> Result<Box<dyn Session>> {
        self.backend.check_place()?;
        let idle = lock(&self.idle).pop();
        idle.map_or_else(|| self.backend.reader(), Ok)
    }
}

/// A panic in another request left the list of connections whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
