//! Keeps the attempts that are handed on to a vendor.

use super::sql::{Result, Row, Sql, values};
use crate::{
    idempotency::Key,
    reconciliation::{attribution::EqualAttempts, stage::Stage},
};

/// The end of an attempt, beside the outcome under its key.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ending<'a> {
    /// The vendor's payment, where there is one.
    pub payment: Option<&'a str>,
    /// The reason.
    pub note: Option<&'a str>,
    /// The member of the staff who settled the attempt by hand.
    pub settled_by: Option<&'a str>,
}

/// An attempt that is handed on.
#[derive(Clone, Debug)]
pub struct UpstreamAttempt {
    /// The books of its key.
    pub scope: String,
    /// The idempotency key.
    pub key: String,
    /// The customer, where the vendor's payments name one.
    pub customer: Option<i64>,
    /// The hash of the payload's meaning.
    pub fingerprint: Vec<u8>,
    /// The body that the vendor gets.
    pub request: String,
    /// The mark by which the vendor's readers find it: a part of its reference, or its whole content.
    pub mark: String,
    /// The amount, without idle zeros.
    pub amount: String,
    /// The stage; `None` once the outcome stands under its key.
    pub stage: Option<Stage>,
    /// The number of looks that settled nothing.
    pub looks: u32,
    /// The moment of the next look, on the ledger's clock.
    pub look_at: i64,
    /// The moment at which the attempt began, as Fusebill writes it.
    pub begun_at: String,
    /// The vendor's records of the same content before it was sent, where the mark is the content.
    pub seen_before: Vec<String>,
}

impl UpstreamAttempt {
    /// True where the outcome is not known and nobody can still wait for the vendor's reply.
    pub fn is_lost(&self, now: i64) -> bool {
        match self.stage {
            Some(Stage::Unknown) => true,
            Some(Stage::Sent) => self.look_at <= now,
            Some(Stage::Intended) | None => false,
        }
    }
}

/// In the column of the customer, where there is none.
const NO_CUSTOMER: i64 = 0;
/// The second value is the scope. The concatenation makes a database use the index of unsettled attempts, because an index of the scope
/// holds every settled attempt too.
const OWN_SCOPE: &str = "scope || '' = $2";
const COLUMNS: &str = "scope, key, customer_id, fingerprint, request, mark, amount, stage, looks, begun_at, seen_before, look_at";

fn read(row: &Row) -> Result<UpstreamAttempt> {
    Ok(UpstreamAttempt {
        scope: row.text(0)?,
        key: row.text(1)?,
        customer: row.maybe_int(2)?.filter(|customer| *customer != NO_CUSTOMER),
        fingerprint: row.maybe_blob(3)?.unwrap_or_default(),
        request: row.text(4)?,
        mark: row.text(5)?,
        amount: row.text(6)?,
        stage: Stage::from_name(&row.text(7)?),
        looks: u32::try_from(row.int(8)?).unwrap_or(u32::MAX),
        begun_at: row.text(9)?,
        seen_before: ids(row.maybe_text(10)?),
        look_at: row.int(11)?,
    })
}

/// The attempt of a key.
///
/// # Errors
/// The error of the database.
pub fn find(ledger: &mut dyn Sql, scope: &str, key: &Key) -> Result<Option<UpstreamAttempt>> {
    let statement = format!("SELECT {COLUMNS} FROM upstream WHERE scope = $1 AND key = $2");
    ledger.row(&statement, values![scope, key.as_str()])?.as_ref().map(read).transpose()
}

/// Stores a new attempt as `intended`. A key whose attempt was burnt or turned away long ago begins anew.
///
/// # Errors
/// The error of the database.
pub fn intend(ledger: &mut dyn Sql, attempt: &UpstreamAttempt) -> Result<()> {
    ledger.run(
        "INSERT INTO upstream (scope, key, customer_id, fingerprint, request, mark, amount, stage, begun_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'intended', $8)
         ON CONFLICT (scope, key) DO UPDATE SET customer_id = excluded.customer_id, fingerprint = excluded.fingerprint,
           request = excluded.request, mark = excluded.mark, amount = excluded.amount, stage = excluded.stage,
           looks = 0, look_at = 0, begun_at = excluded.begun_at, note = NULL, seen_before = NULL, payment = NULL,
           settled_by = NULL
         WHERE upstream.stage = 'settled'",
        values![
            attempt.scope.as_str(),
            attempt.key.as_str(),
            attempt.customer.unwrap_or(NO_CUSTOMER),
            attempt.fingerprint.clone(),
            attempt.request.as_str(),
            attempt.mark.as_str(),
            attempt.amount.as_str(),
            attempt.begun_at.as_str(),
        ],
    )?;
    Ok(())
}

/// Moves an attempt from one stage to another. `false` where it is at that stage no more: somebody else moved it.
///
/// # Errors
/// The error of the database.
pub fn advance(ledger: &mut dyn Sql, attempt: &UpstreamAttempt, from: Stage, to: Stage, look_at: i64) -> Result<bool> {
    let moved = ledger.run(
        "UPDATE upstream SET stage = $4, look_at = $5 WHERE scope = $1 AND key = $2 AND stage = $3",
        values![attempt.scope.as_str(), attempt.key.as_str(), from.name(), to.name(), look_at],
    )?;
    Ok(moved == 1)
}

/// Notes the vendor's records of an attempt's content, before the attempt is sent.
///
/// # Errors
/// The error of the database.
pub fn remember(ledger: &mut dyn Sql, attempt: &UpstreamAttempt) -> Result<()> {
    ledger.run(
        "UPDATE upstream SET seen_before = $3 WHERE scope = $1 AND key = $2 AND stage = 'intended'",
        values![attempt.scope.as_str(), attempt.key.as_str(), attempt.seen_before.join(" ")],
    )?;
    Ok(())
}

/// The attempts with the content of this one that were sent.
///
/// # Errors
/// The error of the database.
pub fn equal_attempts(ledger: &mut dyn Sql, attempt: &UpstreamAttempt, now: i64) -> Result<EqualAttempts<String>> {
    let rows = ledger.rows(
        "SELECT payment, stage, look_at, key, CASE WHEN stage <> 'settled' THEN seen_before END
         FROM upstream WHERE scope = $1 AND mark = $2 AND stage <> 'intended'",
        values![attempt.scope.as_str(), attempt.mark.as_str()],
    )?;
    let mut equal = EqualAttempts { taken: Vec::new(), others: Vec::new(), awaited: 0 };
    for row in rows {
        let stage = row.text(1)?;
        equal.awaited += usize::from(stage == Stage::Sent.name() && row.int(2)? > now);
        if stage != "settled" && row.text(3)? != attempt.key {
            equal.others.push(ids(row.maybe_text(4)?));
        }
        if row.text(3)? != attempt.key {
            equal.taken.extend(row.maybe_text(0)?);
        }
    }
    Ok(equal)
}

/// The vendor's numbers in a column that holds several.
fn ids(column: Option<String>) -> Vec<String> {
    column.unwrap_or_default().split_whitespace().map(str::to_owned).collect()
}

/// Tells whether another attempt was settled with this payment of the vendor. The lock keeps other transactions from this payment, so a
/// payment that is free settles one attempt only.
///
/// # Errors
/// The error of the database.
pub fn is_taken(ledger: &mut dyn Sql, attempt: &UpstreamAttempt, payment: &str) -> Result<bool> {
    let scope = attempt.scope.as_str();
    ledger.lock(&format!("{scope} payment {payment}"))?;
    let row = ledger.row(
        "SELECT 1 FROM upstream WHERE scope = $1 AND payment = $2 AND key <> $3 LIMIT 1",
        values![scope, payment, attempt.key.as_str()],
    )?;
    Ok(row.is_some())
}

/// Notes a look that settled nothing. `next` is the moment of the next one, after a look of the schedule. An attempt stays `sent` while
/// somebody may wait for its reply. Two servers that look at the same moment count one look.
///
/// # Errors
/// The error of the database.
pub fn note_look(ledger: &mut dyn Sql, attempt: &UpstreamAttempt, now: i64, next: Option<i64>) -> Result<()> {
    ledger.run(
        "UPDATE upstream SET stage = 'unknown' WHERE scope = $1 AND key = $2 AND stage = 'sent' AND look_at <= $3",
        values![attempt.scope.as_str(), attempt.key.as_str(), now],
    )?;
    if let Some(look_at) = next {
        ledger.run(
            "UPDATE upstream SET looks = looks + 1, look_at = $3 WHERE scope = $1 AND key = $2 AND stage = 'unknown' AND looks = $4",
            values![attempt.scope.as_str(), attempt.key.as_str(), look_at, i64::from(attempt.looks)],
        )?;
    }
    Ok(())
}

/// Ends an attempt whose outcome is stored under its key in the same transaction. `false` where it was ended before.
///
/// # Errors
/// The error of the database.
pub fn end(ledger: &mut dyn Sql, scope: &str, key: &str, ending: Ending<'_>) -> Result<bool> {
    let ended = ledger.run(
        "UPDATE upstream SET stage = 'settled', note = $3, payment = $4, settled_by = $5
         WHERE scope = $1 AND key = $2 AND stage <> 'settled'",
        values![scope, key, ending.note, ending.payment, ending.settled_by],
    )?;
    Ok(ended == 1)
}

/// The vendor's payment with which an attempt was settled.
///
/// # Errors
/// The error of the database.
pub fn payment(ledger: &mut dyn Sql, attempt: &UpstreamAttempt) -> Result<Option<String>> {
    let row = ledger.row(
        "SELECT payment FROM upstream WHERE scope = $1 AND key = $2",
        values![attempt.scope.as_str(), attempt.key.as_str()],
    )?;
    row.map_or(Ok(None), |row| row.maybe_text(0))
}

/// Notes the vendor's payment of an attempt that was settled as one without a payment. The note and the member of the staff stay.
///
/// # Errors
/// The error of the database.
pub fn replace_burnt(ledger: &mut dyn Sql, attempt: &UpstreamAttempt, payment: Option<&str>) -> Result<()> {
    ledger.run(
        "UPDATE upstream SET payment = $3 WHERE scope = $1 AND key = $2 AND stage = 'settled' AND payment IS NULL",
        values![attempt.scope.as_str(), attempt.key.as_str(), payment],
    )?;
    Ok(())
}

/// Makes an attempt whose key is burnt unknown again, and frees the key. `false` where the key is not burnt.
///
/// # Errors
/// The error of the database.
pub fn reopen_burnt(ledger: &mut dyn Sql, attempt: &UpstreamAttempt, look_at: i64) -> Result<bool> {
    let (scope, key) = (attempt.scope.as_str(), attempt.key.as_str());
    let freed =
        ledger.run("DELETE FROM attempts WHERE scope = $1 AND key = $2 AND fingerprint IS NULL", values![scope, key])? == 1;
    if freed {
        ledger.run(
            "UPDATE upstream SET stage = 'unknown', looks = 0, look_at = $3 WHERE scope = $1 AND key = $2 AND stage = 'settled'",
            values![scope, key, look_at],
        )?;
    }
    Ok(freed)
}

/// Attempts of one scope whose look is due. A sent one is among them once its server must have stored the reply, and has not. Servers of
/// several tenants or APIs may share a database, and only the scope's own server knows the vendor that has the payment.
///
/// # Errors
/// The error of the database.
pub fn due(ledger: &mut dyn Sql, scope: &str, due_at: i64, count: i64) -> Result<Vec<UpstreamAttempt>> {
    let statement = format!(
        "SELECT {COLUMNS} FROM upstream WHERE stage <> 'settled' AND stage IN ('sent', 'unknown') AND look_at <= $1
           AND {OWN_SCOPE} ORDER BY look_at LIMIT $3"
    );
    ledger.rows(&statement, values![due_at, scope, count])?.iter().map(read).collect()
}

/// Attempts of one scope that are not settled, those whose look is due first; of one stage, or of all. The unknown ones include the
/// [lost](UpstreamAttempt::is_lost) ones that no look has reached.
///
/// # Errors
/// The error of the database.
pub fn unsettled(ledger: &mut dyn Sql, scope: &str, stage: Option<Stage>, now: i64, count: i64) -> Result<Vec<UpstreamAttempt>> {
    let statement = format!(
        "SELECT {COLUMNS} FROM upstream WHERE stage <> 'settled' AND {OWN_SCOPE}
           AND ($1 = '' OR stage = $1 OR ($1 = 'unknown' AND stage = 'sent' AND look_at <= $3))
         ORDER BY look_at, begun_at LIMIT $4"
    );
    ledger.rows(&statement, values![stage.map_or("", Stage::name), scope, now, count])?.iter().map(read).collect()
}

/// The number of one scope's attempts at each stage that is not settled, with the moment at which the oldest of them began. The
/// [lost](UpstreamAttempt::is_lost) ones count as unknown.
///
/// # Errors
/// The error of the database.
pub fn stages(ledger: &mut dyn Sql, scope: &str, now: i64) -> Result<Vec<(String, i64, String)>> {
    let statement = format!(
        "SELECT CASE WHEN stage = 'sent' AND look_at <= $1 THEN 'unknown' ELSE stage END, count(*), min(begun_at)
         FROM upstream WHERE stage <> 'settled' AND {OWN_SCOPE} GROUP BY 1 ORDER BY 1"
    );
    let rows = ledger.rows(&statement, values![now, scope])?;
    rows.iter().map(|row| Ok((row.text(0)?, row.int(1)?, row.text(2)?))).collect()
}
