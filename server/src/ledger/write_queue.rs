//! Writes one transaction after another in threads of their own. Payments that wait together share one commit.
//!
//! - Each write has an outcome and an answer of its own; nobody is told before the commit is on the disk. A write that fails is undone
//!   alone: the first one with its transaction, which holds nothing else yet, and each further one by a savepoint.
//! - The queue is bounded: a write past the bound is refused at once. A write whose client went away, or that waited too long, leaves it.
//! - A write that has begun is never cut: it commits or is undone.

use super::{
    backend::{Backend, Session},
    sql::{LedgerError, Result, Sql},
};
use crate::metrics;
use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
    time::{Duration, Instant},
};
use tokio::sync::oneshot;

/// Tells the outcome of one write: `Ok` once the commit is on the disk.
type Completion = Box<dyn FnOnce(Result<()>) + Send>;
/// One write. It says whether its changes are to be kept and how its outcome is told; a write that cannot begin tells so by itself.
type Work = Box<dyn FnOnce(Result<&mut dyn Sql>) -> Option<(bool, Completion)> + Send>;

struct Job {
    number: u64,
    work: Work,
}

#[derive(Default)]
struct QueueState {
    jobs: VecDeque<Job>,
    next: u64,
    is_closed: bool,
}

/// The state that the threads and their callers share.
struct Shared {
    waiting: Mutex<QueueState>,
    arrived: Condvar,
    limit: usize,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, QueueState> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The queue and its threads.
pub struct WriteQueue {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
    deadline: Duration,
}

impl std::fmt::Debug for WriteQueue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WriteQueue").field("limit", &self.shared.limit).field("threads", &self.threads.len()).finish()
    }
}

/// A place in the queue; it is given up when this is dropped, unless the write has begun.
struct Ticket {
    shared: Arc<Shared>,
    number: u64,
}

impl Ticket {
    /// Leaves the queue. `false` when the write has begun.
    fn leave(&self) -> bool {
        let mut waiting = self.shared.lock();
        let found = waiting.jobs.iter().position(|job| job.number == self.number);
        found.and_then(|at| waiting.jobs.remove(at)).is_some()
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.leave();
    }
}

impl WriteQueue {
    /// Starts the threads. At most `limit` writes wait, none longer than `deadline`.
    pub fn start(backend: &Arc<dyn Backend>, limit: usize, deadline: Duration) -> Self {
        let shared = Arc::new(Shared { waiting: Mutex::default(), arrived: Condvar::new(), limit });
        let threads = (0..backend.writers())
            .map(|_| {
                let (backend, shared) = (Arc::clone(backend), Arc::clone(&shared));
                std::thread::spawn(move || Writer { backend, shared, session: None }.run())
            })
            .collect();
        Self { shared, threads, deadline }
    }

    /// The number of waiting writes.
    pub fn length(&self) -> usize {
        self.shared.lock().jobs.len()
    }

    /// Runs `change` in a transaction. It is on the disk when this returns `Ok`, and nothing of it is when this returns an error. Where
    /// the asker drops this future before the write has begun, there is no write. `committed` runs once it is on the disk, whether or not
    /// somebody still waits for the answer.
    ///
    /// # Errors
    /// The error of `change` or of the database; [`LedgerError::Unavailable`] where the queue is full or the wait is too long.
    pub async fn write<T, E>(
        &self,
        change: impl FnOnce(&mut dyn Sql) -> std::result::Result<T, E> + Send + 'static,
        committed: impl FnOnce(&T) + Send + 'static,
    ) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: From<LedgerError> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let work: Work = Box::new(move |turn| match turn {
            Ok(sql) => {
                let changed = change(sql);
                let is_kept = changed.is_ok();
                let tell = move |ended: Result<()>| {
                    if let (Ok(()), Ok(done)) = (&ended, &changed) {
                        committed(done);
                    }
                    drop(sender.send(ended.map_err(E::from).and(changed)));
                };
                Some((is_kept, Box::new(tell)))
            }
            Err(error) => {
                drop(sender.send(Err(error.into())));
                None
            }
        });
        let ticket = self.enqueue(work)?;
        let mut receiver = std::pin::pin!(receiver);
        let answer = tokio::select! {
            answer = &mut receiver => answer,
            () = tokio::time::sleep(self.deadline) => {
                if ticket.leave() {
                    return Err(LedgerError::Unavailable("the write waited too long for its turn".to_owned()).into());
                }
                receiver.await
            }
        };
        answer.unwrap_or_else(|_| Err(LedgerError::Unexpected("the write panicked".to_owned()).into()))
    }

    fn enqueue(&self, work: Work) -> Result<Ticket> {
        let mut waiting = self.shared.lock();
        if waiting.is_closed || waiting.jobs.len() >= self.shared.limit {
            return Err(LedgerError::Unavailable("too many writes wait".to_owned()));
        }
        let number = waiting.next;
        waiting.next += 1;
        waiting.jobs.push_back(Job { number, work });
        drop(waiting);
        self.shared.arrived.notify_one();
        Ok(Ticket { shared: Arc::clone(&self.shared), number })
    }
}

impl Drop for WriteQueue {
    fn drop(&mut self) {
        let mut waiting = self.shared.lock();
        waiting.is_closed = true;
        waiting.jobs.clear();
        drop(waiting);
        self.shared.arrived.notify_all();
        for thread in self.threads.drain(..) {
            // A thread that panicked has told so.
            let _ = thread.join();
        }
    }
}

/// One thread that writes.
struct Writer {
    backend: Arc<dyn Backend>,
    shared: Arc<Shared>,
    session: Option<Box<dyn Session>>,
}

impl Writer {
    fn run(mut self) {
        while self.wait() {
            if let Err(error) = self.batch() {
                // The transaction could not even begin: everybody who waited is told, rather than made to wait once more.
                for job in self.take(usize::MAX) {
                    (job.work)(Err(error.clone()));
                }
            }
        }
    }

    /// Waits for a write; `false` once the queue is closed.
    fn wait(&self) -> bool {
        let mut waiting = self.shared.lock();
        while waiting.jobs.is_empty() && !waiting.is_closed {
            waiting = self.shared.arrived.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        !waiting.is_closed
    }

    fn take(&self, count: usize) -> Vec<Job> {
        let mut waiting = self.shared.lock();
        let count = count.min(waiting.jobs.len());
        waiting.jobs.drain(..count).collect()
    }

    /// One transaction for everybody who waits, up to the limit. An error means that it could not begin.
    fn batch(&mut self) -> Result<()> {
        self.backend.check_place()?;
        let session = match &mut self.session {
            Some(session) if session.is_usable() => session,
            session => session.insert(self.backend.writer()?),
        };
        session.begin_write()?;
        let mut completions: Vec<Completion> = Vec::new();
        let mut count = 0;
        let began = Instant::now();
        let mut broken = None;
        // Jobs that arrive meanwhile join the batch, because the commit takes most of the time.
        while broken.is_none() && count < self.backend.batch_max() && began.elapsed() < Duration::from_millis(20) {
            let next = self.shared.lock().jobs.pop_front();
            let Some(job) = next else { break };
            count += 1;
            let ran = if count == 1 {
                run(session.as_mut(), job, &mut completions, Undo::Transaction)
            } else {
                run_in_savepoint(session.as_mut(), job, &mut completions)
            };
            broken = ran.err();
            if !session.is_in_transaction() {
                break;
            }
        }
        let ended = match broken {
            Some(error) => {
                session.rollback();
                Err(error)
            }
            // The first write was undone; those who still wait have the next transaction.
            None if !session.is_in_transaction() => Ok(()),
            None => {
                let began = Instant::now();
                let committed = session.commit();
                metrics::committed(began.elapsed());
                committed.and_then(|()| self.backend.check_place())
            }
        };
        for tell in completions {
            tell(ended.clone());
        }
        Ok(())
    }
}

/// The way in which a write that fails is undone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Undo {
    /// With the whole transaction, which holds no other write.
    Transaction,
    /// Back to its savepoint.
    Savepoint,
}

fn run_in_savepoint(session: &mut dyn Session, job: Job, completions: &mut Vec<Completion>) -> Result<()> {
    if let Err(error) = session.run("SAVEPOINT one", &[]) {
        (job.work)(Err(error.clone()));
        return Err(error);
    }
    run(session, job, completions, Undo::Savepoint)
}

/// Runs one write. An error means that the whole transaction is lost.
fn run(session: &mut dyn Session, job: Job, completions: &mut Vec<Completion>, undo: Undo) -> Result<()> {
    let work = job.work;
    let mut sql = TransactionSql(session);
    // A write that panics must not take the others with it. Its teller is dropped, which its asker sees.
    let done = catch_unwind(AssertUnwindSafe(|| work(Ok(&mut sql))));
    let lost = || LedgerError::Unavailable("the transaction was undone by the database".to_owned());
    let tell = match done {
        Ok(Some((true, tell))) => {
            completions.push(tell);
            return match undo {
                _ if !session.is_in_transaction() => Err(lost()),
                Undo::Transaction => Ok(()),
                Undo::Savepoint => session.run("RELEASE one", &[]).map(drop),
            };
        }
        Ok(Some((false, tell))) => Some(tell),
        Ok(None) | Err(_) => None,
    };
    if let Some(tell) = tell {
        // Its own error is the answer, whatever becomes of the others.
        tell(Ok(()));
    }
    match undo {
        Undo::Transaction => {
            session.rollback();
            Ok(())
        }
        Undo::Savepoint if session.is_in_transaction() => {
            session.run("ROLLBACK TO one", &[])?;
            session.run("RELEASE one", &[]).map(drop)
        }
        Undo::Savepoint => Err(lost()),
    }
}

/// Passes statements on, so that a write sees a connection and not the transaction's ends.
struct TransactionSql<'a>(&'a mut dyn Session);

impl Sql for TransactionSql<'_> {
    fn rows(&mut self, statement: &str, values: &[super::sql::Value]) -> Result<Vec<super::sql::Row>> {
        self.0.rows(statement, values)
    }

    fn run(&mut self, statement: &str, values: &[super::sql::Value]) -> Result<u64> {
        self.0.run(statement, values)
    }

    fn insert(&mut self, statement: &str, values: &[super::sql::Value]) -> Result<i64> {
        self.0.insert(statement, values)
    }

    fn rows_for_each(&mut self, statement: &str, values: &[Vec<super::sql::Value>]) -> Result<Vec<super::sql::Row>> {
        self.0.rows_for_each(statement, values)
    }

    fn run_later(&mut self, statement: &str, values: &[super::sql::Value]) -> Result<()> {
        self.0.run_later(statement, values)
    }

    fn lock(&mut self, name: &str) -> Result<()> {
        self.0.lock(name)
    }
}
