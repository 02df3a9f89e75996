//! Keeps the outcomes of attempts that carried an idempotency key.

use super::sql::{LedgerError, Result, Sql, values};
use crate::idempotency::{Answer, Key, KeyRecord, LIFETIME, Store};

/// The number of writes between two times at which outdated outcomes are cleared away.
pub const CLEAR_EVERY: u64 = 64;

/// The number of outdated outcomes that are cleared away at a time: more than the writes from one time to the next can add.
const CLEARED_AT_ONCE: i64 = 8 * CLEAR_EVERY as i64;

/// Waits until no other transaction works on the key. Every decision by the rows of a key takes this lock before it reads them.
///
/// # Errors
/// The error of the database.
pub fn lock(ledger: &mut dyn Sql, scope: &str, key: &str) -> Result<()> {
    ledger.lock(&format!("{scope} {key}"))
}

/// The store of idempotency keys, within one transaction.
///
/// It never finds [`KeyRecord::InProgress`]: a transaction that is under way cannot be seen from outside, and shuts other writers of its key
/// out.
pub struct Attempts<'a>(pub &'a mut dyn Sql);

impl Store for Attempts<'_> {
    type Error = LedgerError;

    fn find(&mut self, scope: &str, key: &Key) -> Result<Option<KeyRecord>> {
        lock(self.0, scope, key.as_str())?;
        let found = self.0.row(
            "SELECT fingerprint, status, body, settled_at, customer_id FROM attempts WHERE scope = $1 AND key = $2",
            values![scope, key.as_str()],
        )?;
        let Some(row) = found else { return Ok(None) };
        let at = u64::try_from(row.int(3)?).unwrap_or_default();
        let customer = row.maybe_int(4)?;
        Ok(Some(match row.maybe_blob(0)? {
            Some(fingerprint) => {
                let status = u16::try_from(row.int(1)?).unwrap_or(500);
                KeyRecord::Settled { fingerprint, answer: Answer { status, body: row.text(2)? }, customer, at }
            }
            None => KeyRecord::Burnt { customer, at },
        }))
    }

    fn keep(&mut self, scope: &str, key: &Key, known: KeyRecord) -> Result<()> {
        let (fingerprint, answer, customer, at) = match known {
            KeyRecord::Settled { fingerprint, answer, customer, at } => (Some(fingerprint), Some(answer), customer, at),
            KeyRecord::Burnt { customer, at } => (None, None, customer, at),
            KeyRecord::InProgress { .. } => return Ok(()),
        };
        let seconds = |at: u64| i64::try_from(at).unwrap_or(i64::MAX);
        let (status, body) = answer.map_or((None, None), |answer| (Some(i64::from(answer.status)), Some(answer.body)));
        self.0.run_later(
            "INSERT INTO attempts (scope, key, customer_id, fingerprint, status, body, settled_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (scope, key) DO UPDATE SET customer_id = excluded.customer_id, fingerprint = excluded.fingerprint,
               status = excluded.status, body = excluded.body, settled_at = excluded.settled_at",
            values![scope, key.as_str(), customer, fingerprint, status, body, seconds(at)],
        )
    }
}

/// Clears outdated outcomes away.
///
/// # Errors
/// The error of the database.
pub(super) fn clear(ledger: &mut dyn Sql, now: u64) -> Result<()> {
    ledger.run_later(
        "DELETE FROM attempts WHERE (scope, key) IN
         (SELECT scope, key FROM attempts WHERE settled_at <= $1 ORDER BY settled_at LIMIT $2)",
        values![i64::try_from(now.saturating_sub(LIFETIME)).unwrap_or(i64::MAX), CLEARED_AT_ONCE],
    )
}
