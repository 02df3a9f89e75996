//! Tests that the seeded ledger is consistent, and that its schema refuses impossible rows.

use super::bench::{Bench, Folder, TODAY};
use payment_form::domain::date::Date;
use payment_form_server::{
    clock::Clock,
    ledger::{
        Ledger, Location, QueueLimits,
        sql::{LedgerError, Sql},
    },
};
use rusqlite::Connection;
use rust_decimal::Decimal;
use std::path::Path;

fn open(path: &Path) -> Result<Ledger, String> {
    Ledger::open(&Location::File(path.to_owned()), Clock::new(Date::parse(TODAY)), QueueLimits::default())
}

fn seeded() -> (Folder, Connection) {
    let folder = Folder::new();
    let path = folder.path().join("ledger.sqlite");
    open(&path).unwrap();
    let ledger = Connection::open(path).unwrap();
    ledger.pragma_update(None, "foreign_keys", true).unwrap();
    (folder, ledger)
}

fn count(ledger: &Connection, sql: &str) -> i64 {
    ledger.query_row(&format!("SELECT count(*) FROM {sql}"), [], |row| row.get(0)).unwrap()
}

fn decimals(ledger: &Connection, sql: &str) -> Vec<Decimal> {
    let mut statement = ledger.prepare(sql).unwrap();
    let texts = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    texts.map(|text| Decimal::from_str_exact(&text.unwrap()).unwrap()).collect()
}

#[test]
fn the_seed_is_what_the_demo_needs() {
    let (_folder, ledger) = seeded();
    let open = "invoices WHERE customer_id = 655080 AND balance <> '0.00'";
    assert_eq!(count(&ledger, open), 16);
    assert!(count(&ledger, &format!("{open} AND due_on < '{TODAY}'")) >= 3, "several are overdue");
    assert_eq!(count(&ledger, &format!("{open} AND due_on = '{TODAY}'")), 1, "one is due today");
    assert_eq!(count(&ledger, &format!("{open} AND balance <> total")), 1, "one is paid in part");
    assert_eq!(count(&ledger, &format!("{open} AND id = 566934")), 1, "the document's own invoice");
    assert!(count(&ledger, &format!("{open} AND length(number) > 40")) > 0, "one has a long number");
    let same_day = format!("SELECT group_concat(balance) FROM {open} GROUP BY due_on HAVING count(*) > 1");
    assert_eq!(ledger.query_row(&same_day, [], |row| row.get::<_, String>(0)).unwrap(), "120.00,380.00", "500.00 matches a day");
    assert!(count(&ledger, "invoices WHERE customer_id = 655080 AND balance = '0.00'") > 0, "some are paid");

    assert_eq!(count(&ledger, "methods WHERE customer_id = 655080"), 3);
    assert_eq!(count(&ledger, "methods WHERE id = 41877 AND is_default = 1 AND card_type = 'Visa' AND last_digits = '4242'"), 1);
    assert_eq!(count(&ledger, "methods WHERE customer_id = 655080 AND account_type = 'CHQ'"), 1);
    assert_eq!(count(&ledger, "methods WHERE customer_id = 655080 AND card_type = 'Mastercard' AND expires < '2026-11'"), 1);
    for currency in ["USD", "EUR", "JPY"] {
        assert_eq!(count(&ledger, &format!("customers WHERE currency = '{currency}'")), 1);
    }
    assert!(count(&ledger, "due_items") > 0);
    assert!(count(&ledger, "activities WHERE status = 'Failed'") > 0);
}

#[test]
fn every_balance_is_what_its_payments_left() {
    let (_folder, ledger) = seeded();
    let sum = |sql: &str| decimals(&ledger, sql).into_iter().sum::<Decimal>();
    let mut invoices = ledger.prepare("SELECT id, total, balance FROM invoices").unwrap();
    let rows =
        invoices.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))).unwrap();
    for (id, total, balance) in rows.map(Result::unwrap) {
        let paid = sum(&format!("SELECT amount FROM allocations WHERE invoice_id = {id}"));
        let number = |text: &str| Decimal::from_str_exact(text).unwrap();
        assert_eq!(number(&total) - paid, number(&balance), "invoice {id}");
        assert_eq!(number(&total).scale(), number(&balance).scale(), "one scale, so that texts compare as numbers");
    }
    let mut payments = ledger.prepare("SELECT id, amount, unallocated FROM payments").unwrap();
    let rows =
        payments.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))).unwrap();
    for (id, amount, unallocated) in rows.map(Result::unwrap) {
        let shares = sum(&format!("SELECT amount FROM allocations WHERE payment_id = {id}"));
        assert_eq!(
            Decimal::from_str_exact(&amount).unwrap(),
            shares + Decimal::from_str_exact(&unallocated).unwrap(),
            "payment {id}"
        );
    }
}

#[test]
fn the_schema_refuses_what_no_rule_allows() {
    let (_folder, ledger) = seeded();
    for (sql, why) in [
        ("UPDATE invoices SET balance = '312.76' WHERE id = 566934", "a balance above the total"),
        ("UPDATE invoices SET balance = '1000.00' WHERE id = 566951", "a balance with more digits than the total"),
        ("UPDATE invoices SET balance = '-1.00' WHERE id = 566934", "a negative balance"),
        ("UPDATE invoices SET balance = 12.5 WHERE id = 566934 AND typeof(12.5) = 'real'", ""),
        ("UPDATE invoices SET balance = 'NaN' WHERE id = 566934", "no number"),
        ("UPDATE invoices SET due_on = '2026-02-30' WHERE id = 566934", "no day"),
        ("UPDATE invoices SET customer_id = 1 WHERE id = 566934", "no customer"),
        ("UPDATE payments SET amount = '0.00'", "a payment of nothing"),
        ("UPDATE payments SET unallocated = '99999.00'", "more left than paid"),
        ("UPDATE payments SET method_id = NULL WHERE method = 'CreditCard'", "a card without its number"),
        ("UPDATE payments SET method_id = 41877 WHERE method = 'Check'", "a check with a card"),
        ("UPDATE payments SET source = 'Nobody'", "an unknown source"),
        ("UPDATE payments SET reference = ''", "an empty reference"),
        ("UPDATE payments SET amount = x'31'", "bytes for text"),
        ("UPDATE allocations SET amount = '0.00'", "a share of nothing"),
        ("UPDATE methods SET is_default = 1 WHERE customer_id = 655080", "two defaults"),
        ("UPDATE due_items SET date = '2023-02-29'", "no day"),
        ("INSERT INTO attempts (scope, key, status, settled_at) VALUES ('a', '0123456789abcdef', 200, 0)", "half an outcome"),
        ("DELETE FROM payments", "a payment with shares"),
    ] {
        let refused = ledger.execute(sql, []).is_err();
        assert_eq!(refused, !why.is_empty(), "{why}: {sql}");
    }
    let kinds = "SELECT count(*) FROM pragma_table_list AS t JOIN pragma_table_info(t.name) AS c WHERE t.schema = 'main' AND c.type = 'REAL'";
    assert_eq!(ledger.query_row(kinds, [], |row| row.get::<_, i64>(0)).unwrap(), 0, "no REAL anywhere");
    let loose = "SELECT group_concat(name) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite%'";
    assert_eq!(ledger.query_row(loose, [], |row| row.get::<_, Option<String>>(0)).unwrap(), None, "all tables are strict");
}

fn number(ledger: &mut dyn Sql, sql: &str) -> Result<i64, LedgerError> {
    ledger.row(sql, &[])?.expect("one row").int(0)
}

#[tokio::test]
async fn write_is_on_the_disk_before_anyone_is_told() {
    let bench = Bench::over_file();
    assert_eq!(bench.value::<String>("PRAGMA journal_mode"), "wal");
    let folder = Folder::new();
    let ledger = open(&folder.path().join("ledger.sqlite")).unwrap();
    let pragmas = |ledger: &mut dyn Sql| {
        Ok::<_, LedgerError>((number(ledger, "PRAGMA synchronous")?, number(ledger, "PRAGMA foreign_keys")?))
    };
    assert_eq!(ledger.write(pragmas, |_| ()).await, Ok((2, 1)), "full sync, and foreign keys are checked");
}

#[tokio::test]
async fn file_is_opened_again_and_never_seeded_twice() {
    let folder = Folder::new();
    let path = folder.path().join("ledger.sqlite");
    let first = open(&path).unwrap();
    let before = first.read(|ledger| number(ledger, "SELECT count(*) FROM invoices")).await;
    let again = open(&path).unwrap();
    assert_eq!(again.read(|ledger| number(ledger, "SELECT count(*) FROM invoices")).await, before);
    let refused = again.write(
        |ledger| {
            ledger.run("UPDATE customers SET name = 'x'", &[])?;
            Err::<(), _>(LedgerError::Unexpected("no".to_owned()))
        },
        |()| (),
    );
    assert!(refused.await.is_err());
    let renamed = again.read(|ledger| number(ledger, "SELECT count(*) FROM customers WHERE name = 'x'")).await;
    assert_eq!(renamed, Ok(0), "an error undoes everything");
}

/// One commit for many: each keeps its own outcome, and one that panics or fails takes no other with it.
#[tokio::test]
async fn writes_that_share_a_commit_keep_their_own_outcomes() {
    let folder = Folder::new();
    let path = folder.path().join("ledger.sqlite");
    let ledger = open(&path).unwrap();
    // The lock lets all of them wait for the same turn.
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let write = |number: i64| {
        ledger.write(
            move |ledger| {
                let name = format!("customer {number}");
                ledger.run("INSERT INTO customers (id, name, currency) VALUES ($1, $2, 'EUR')", &[number.into(), name.into()])?;
                match number % 3 {
                    0 => Err(LedgerError::Unexpected("asked to fail".to_owned())),
                    1 => panic!("asked to panic"),
                    _ => Ok(number),
                }
            },
            |_| (),
        )
    };
    let (done, ()) =
        tokio::join!(async { tokio::join!(write(900), write(901), write(902), write(903), write(904), write(905)) }, async {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            other.execute_batch("ROLLBACK").unwrap();
        });
    let failed = Err(LedgerError::Unexpected("asked to fail".to_owned()));
    let panicked = Err(LedgerError::Unexpected("the write panicked".to_owned()));
    assert_eq!(done, (failed.clone(), panicked.clone(), Ok(902), failed, panicked, Ok(905)));
    let made: Vec<i64> = {
        let mut statement = other.prepare("SELECT id FROM customers WHERE id BETWEEN 900 AND 999 ORDER BY id").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    assert_eq!(made, [902, 905]);
}

/// A write that waits longer than the deadline leaves the queue, and is never run.
#[tokio::test]
async fn write_that_waits_past_the_deadline_leaves_the_queue() {
    let folder = Folder::new();
    let path = folder.path().join("ledger.sqlite");
    let limits = QueueLimits { deadline: std::time::Duration::from_millis(50), ..QueueLimits::default() };
    let ledger = Ledger::open(&Location::File(path.clone()), Clock::new(Date::parse(TODAY)), limits).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let rename = |ledger: &mut dyn Sql| ledger.run("UPDATE customers SET name = 'x'", &[]).map(drop);
    let late = ledger.write(rename, |()| ()).await;
    assert_eq!(late, Err(LedgerError::Unavailable("the write waited too long for its turn".to_owned())));
    other.execute_batch("ROLLBACK").unwrap();
    let renamed = loop {
        // The thread that writes may still wait for the lock that is gone.
        let count = ledger.write(|ledger| number(ledger, "SELECT count(*) FROM customers WHERE name = 'x'"), |_| ()).await;
        if count != Err(LedgerError::Unavailable("the write waited too long for its turn".to_owned())) {
            break count;
        }
    };
    assert_eq!(renamed, Ok(0));
}

/// The first version of the ledger is brought up to date, with its payments and its keys.
#[tokio::test]
async fn ledger_of_the_first_version_is_taken_over() {
    let folder = Folder::new();
    let path = folder.path().join("ledger.sqlite");
    let old = Connection::open(&path).unwrap();
    old.execute_batch(include_str!("../../src/ledger/schema/sqlite-1.sql")).unwrap();
    old.execute_batch(
        "INSERT INTO settings VALUES ('session key', x'00');
         INSERT INTO customers VALUES (655080, 'Northwind', 'USD');
         INSERT INTO invoices VALUES (1, 655080, 'A', '2026-01-01', '2026-02-01', '12.50', '2.50');
         INSERT INTO attempts VALUES ('fusebill token:ab', '0123456789abcdef', x'01', 200, '{\"customerId\":655080}', 1790000000),
           ('fusebill staff', '0123456789abcdef', NULL, NULL, NULL, 1790000001),
           ('fusebill portal:655081', 'fedcba9876543210', x'02', 400, '{}', 1790000000);
         PRAGMA user_version = 1;",
    )
    .unwrap();
    drop(old);
    let ledger = open(&path).unwrap();
    let balance = ledger.read(|ledger| number(ledger, "SELECT balance_minor FROM invoices")).await;
    let count = ledger.read(|ledger| number(ledger, "SELECT invoice_count FROM customers")).await;
    assert_eq!((balance, count), (Ok(250), Ok(1)));
    let beside = Connection::open(&path).unwrap();
    let mut statement =
        beside.prepare("SELECT scope || ' ' || key || ' ' || customer_id || ' ' || status FROM attempts ORDER BY key").unwrap();
    let keys: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(keys, ["main fusebill 0123456789abcdef 655080 200", "main fusebill fedcba9876543210 655081 400"]);
    assert!(ledger.seconds() >= 1_790_000_001, "ages go on from where they were");
}

/// Ages of keys are counted in seconds of service: whatever the machine's clock says, the ledger's goes on from its own mark.
#[tokio::test]
async fn ledger_clock_goes_on_from_its_mark() {
    let folder = Folder::new();
    let path = folder.path().join("ledger.sqlite");
    drop(open(&path).unwrap());
    let year = 365 * 24 * 60 * 60;
    let beside = Connection::open(&path).unwrap();
    let mark = |sql: &str| beside.query_row(sql, [], |row| row.get::<_, u64>(0)).unwrap();
    let before = mark("SELECT seconds FROM clock");
    // As if the machine's clock had stood a year later, or earlier, when the ledger was last served.
    for moved in [before + year, before - year] {
        beside.execute("UPDATE clock SET seconds = ?1", [moved]).unwrap();
        let ledger = open(&path).unwrap();
        assert!((moved..moved + 60).contains(&ledger.seconds()), "{} after {moved}", ledger.seconds());
        ledger.check().await.unwrap();
        assert!((moved..moved + 60).contains(&mark("SELECT seconds FROM clock")));
    }
}

/// A machine that was suspended has counted nothing: the row, which another server renewed meanwhile, tells how late it is.
#[tokio::test]
async fn ledger_clock_of_a_suspended_server_follows_the_other_servers() {
    let folder = Folder::new();
    let path = folder.path().join("ledger.sqlite");
    let ledger = open(&path).unwrap();
    let late = ledger.seconds();
    let hour = 60 * 60;
    Connection::open(&path).unwrap().execute("UPDATE clock SET seconds = seconds + ?1", [hour]).unwrap();
    ledger.read_clock().await.unwrap();
    assert!((late + hour..late + hour + 60).contains(&ledger.seconds()));
    Connection::open(&path).unwrap().execute("UPDATE clock SET seconds = seconds - ?1", [hour]).unwrap();
    ledger.read_clock().await.unwrap();
    assert!(ledger.seconds() >= late + hour, "the clock never goes back");
}

#[tokio::test]
async fn ledger_clock_whose_write_failed_is_written_by_the_next_write() {
    let folder = Folder::new();
    let path = folder.path().join("ledger.sqlite");
    let ledger = open(&path).unwrap();
    let beside = Connection::open(&path).unwrap();
    let old = ledger.seconds() - 1_000;
    beside.execute("UPDATE clock SET seconds = ?1", [old]).unwrap();
    ledger.read_clock().await.unwrap();
    let fails = |_: &mut dyn Sql| Err::<(), _>(LedgerError::Unexpected("a mistake".to_owned()));
    assert!(ledger.write(fails, |()| ()).await.is_err());
    let row = || beside.query_row("SELECT seconds FROM clock", [], |row| row.get::<_, u64>(0)).unwrap();
    assert_eq!(row(), old);
    ledger.write(|_| Ok::<_, LedgerError>(()), |()| ()).await.unwrap();
    assert!(row() >= old + 1_000, "{} after {old}", row());
}

#[test]
fn file_that_is_no_ledger_is_told_in_one_sentence() {
    let folder = Folder::new();
    let text = folder.path().join("text.txt");
    std::fs::write(&text, "This is certainly not a SQLite file, however long one looks at it.".repeat(20)).unwrap();
    assert!(open(&text).unwrap_err().ends_with("cannot be used: it is not a SQLite file."));
    let missing = folder.path().join("nowhere/ledger.sqlite");
    assert!(open(&missing).unwrap_err().contains("does its directory exist"));
    let other = folder.path().join("other.sqlite");
    Connection::open(&other).unwrap().execute_batch("CREATE TABLE something (a)").unwrap();
    let before = std::fs::read(&other).unwrap();
    assert!(open(&other).unwrap_err().contains("is not a ledger of this version"));
    assert_eq!(std::fs::read(&other).unwrap(), before, "a foreign file is left as it is");
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert!(!names.iter().any(|name| name.to_string_lossy().starts_with("other.sqlite-")), "{names:?}");
}
