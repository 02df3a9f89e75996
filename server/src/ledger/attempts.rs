//! The outcomes of attempts that carried an idempotency key.

use crate::payments::idempotency::{Answer, Key, Known, LIFETIME, Store};
use rusqlite::{OptionalExtension, Transaction, params};

/// How many outdated outcomes each new one clears away. More than one, so that they become fewer.
const CLEARED_AT_ONCE: i64 = 8;

/// The store of idempotency keys, within one transaction.
///
/// It never finds [`Known::InProgress`]: a transaction that is under way cannot be seen from outside, and shuts other writers out.
pub struct Attempts<'a>(pub &'a Transaction<'a>);

impl Store for Attempts<'_> {
    type Error = rusqlite::Error;

    fn find(&mut self, principal: &str, key: &Key) -> rusqlite::Result<Option<Known>> {
        self.0
            .prepare_cached("SELECT fingerprint, status, body, settled_at FROM attempts WHERE principal = ?1 AND key = ?2")?
            .query_row(params![principal, key.as_str()], |row| {
                let fingerprint: Option<Vec<u8>> = row.get(0)?;
                let at: u64 = row.get(3)?;
                Ok(match fingerprint {
                    Some(fingerprint) => {
                        Known::Settled { fingerprint, answer: Answer { status: row.get(1)?, body: row.get(2)? }, at }
                    }
                    None => Known::Burnt { at },
                })
            })
            .optional()
    }

    fn keep(&mut self, principal: &str, key: &Key, known: Known) -> rusqlite::Result<()> {
        let (fingerprint, answer, at) = match known {
            Known::Settled { fingerprint, answer, at } => (Some(fingerprint), Some(answer), at),
            Known::Burnt { at } => (None, None, at),
            Known::InProgress { .. } => return Ok(()),
        };
        self.0
            .prepare_cached(
                "INSERT OR REPLACE INTO attempts (principal, key, fingerprint, status, body, settled_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                principal,
                key.as_str(),
                fingerprint,
                answer.as_ref().map(|answer| answer.status),
                answer.as_ref().map(|answer| &answer.body),
                at
            ])?;
        self.0
            .prepare_cached(
                "DELETE FROM attempts WHERE (principal, key) IN
                 (SELECT principal, key FROM attempts WHERE settled_at <= ?1 ORDER BY settled_at LIMIT ?2)",
            )?
            .execute(params![at.saturating_sub(LIFETIME), CLEARED_AT_ONCE])?;
        Ok(())
    }
}
