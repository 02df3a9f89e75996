//! Counts the seconds for which the ledger was served.
//!
//! Ages of keys and moments of looks are counted in them, because the machine's clock may jump, and no jump may expire a key early. The row
//! `clock` of the database holds the mark that all servers of the ledger share. A server counts on from the mark by itself, and a
//! suspended machine counts no time: so each server reads the row again and again, and goes on from the higher of the two.

use super::sql::{Result, Sql, values};
use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// The age of the row at which the next write renews it.
const RENEWED_AFTER: u64 = 60;
/// The pause between two times at which a server reads the row, and renews an old one.
pub(super) const KEPT_EVERY: Duration = Duration::from_secs(10);
/// The most seconds by which a server that has just read the row can be behind another one: so old may the row be.
pub const LAG_MAX: u64 = RENEWED_AFTER + KEPT_EVERY.as_secs();

/// The clock of the ledger, as this server knows it.
#[derive(Debug)]
pub(super) struct LedgerClock {
    /// The seconds that stood in the row at a moment of this process.
    mark: Mutex<(u64, Instant)>,
    /// The seconds that the row is known to hold.
    stored: AtomicU64,
}

impl LedgerClock {
    pub(super) fn new(seconds: u64) -> Self {
        Self { mark: Mutex::new((seconds, Instant::now())), stored: AtomicU64::new(seconds) }
    }

    pub(super) fn now(&self) -> u64 {
        let (seconds, at) = *self.mark.lock().unwrap_or_else(PoisonError::into_inner);
        seconds.saturating_add(at.elapsed().as_secs())
    }

    /// Takes the row's seconds over where another server is ahead.
    pub(super) fn learn(&self, row: u64) {
        let mut mark = self.mark.lock().unwrap_or_else(PoisonError::into_inner);
        if row > mark.0.saturating_add(mark.1.elapsed().as_secs()) {
            *mark = (row, Instant::now());
        }
        self.stored.store(row, Ordering::Relaxed);
    }

    /// True where the row is so old at this moment that a write must renew it.
    pub(super) fn is_old(&self, now: u64) -> bool {
        now >= self.stored.load(Ordering::Relaxed).saturating_add(RENEWED_AFTER)
    }

    /// The row holds these seconds. To be called once they are on the disk: a failed write leaves the row as old as it was.
    pub(super) fn renewed(&self, seconds: u64) {
        self.stored.fetch_max(seconds, Ordering::Relaxed);
    }
}

/// Reads the row.
///
/// # Errors
/// The error of the database.
pub(super) fn read(sql: &mut dyn Sql) -> Result<u64> {
    let seconds = sql.row("SELECT seconds FROM clock", &[])?.map_or(Ok(0), |row| row.int(0))?;
    Ok(u64::try_from(seconds).unwrap_or_default())
}

/// Renews the row. It only rises, whichever of several servers writes it.
///
/// # Errors
/// The error of the database.
pub(super) fn renew(sql: &mut dyn Sql, now: u64) -> Result<()> {
    let now = i64::try_from(now).unwrap_or(i64::MAX);
    sql.run_later("UPDATE clock SET seconds = $1 WHERE id = 1 AND seconds < $1 + 1", values![now])
}
