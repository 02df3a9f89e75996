//! The seeded ledger is believable and adds up, and its schema refuses what no rule allows.

use super::bench::{Bench, Folder, TODAY};
use payment_form::domain::date::Date;
use payment_form_server::{clock::Clock, ledger::Ledger};
use rusqlite::Connection;
use rust_decimal::Decimal;
use std::path::Path;

fn open(path: &Path) -> Result<Ledger, String> {
    Ledger::open(path, Clock::new(Date::parse(TODAY)))
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
        ("INSERT INTO attempts (principal, key, status, settled_at) VALUES ('a', '0123456789abcdef', 200, 0)", "half an outcome"),
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

#[test]
fn a_write_is_on_the_disk_before_anyone_is_told() {
    let bench = Bench::start();
    assert_eq!(bench.value::<String>("PRAGMA journal_mode"), "wal");
    let folder = Folder::new();
    let ledger = open(&folder.path().join("ledger.sqlite")).unwrap();
    let (synchronous, foreign_keys): (i64, i64) = ledger
        .write(|ledger| {
            let pragma = |name| ledger.pragma_query_value(None, name, |row| row.get(0));
            Ok::<_, rusqlite::Error>((pragma("synchronous")?, pragma("foreign_keys")?))
        })
        .unwrap();
    assert_eq!((synchronous, foreign_keys), (2, 1), "full sync, and foreign keys are checked");
}

#[test]
fn a_file_is_opened_again_and_never_seeded_twice() {
    let folder = Folder::new();
    let path = folder.path().join("ledger.sqlite");
    let first = open(&path).unwrap();
    let before: i64 = first.read(|ledger| ledger.query_row("SELECT count(*) FROM invoices", [], |row| row.get(0))).unwrap();
    let again = open(&path).unwrap();
    let after: i64 = again.read(|ledger| ledger.query_row("SELECT count(*) FROM invoices", [], |row| row.get(0))).unwrap();
    assert_eq!(before, after);
    assert_eq!(first.session_key(), again.session_key(), "sessions survive a restart");
    let refused: Result<(), rusqlite::Error> = again.write(|ledger| {
        ledger.execute("UPDATE customers SET name = 'x'", [])?;
        Err(rusqlite::Error::QueryReturnedNoRows)
    });
    assert!(refused.is_err());
    let renamed = "SELECT count(*) FROM customers WHERE name = 'x'";
    assert_eq!(
        again.read(|ledger| ledger.query_row(renamed, [], |row| row.get::<_, i64>(0))).unwrap(),
        0,
        "an error undoes everything"
    );
}

#[test]
fn what_cannot_be_a_ledger_is_told_in_one_sentence() {
    let folder = Folder::new();
    let text = folder.path().join("text.txt");
    std::fs::write(&text, "This is certainly not a SQLite file, however long one looks at it.".repeat(20)).unwrap();
    assert!(open(&text).unwrap_err().ends_with("cannot be used: it is not a SQLite file."));
    let missing = folder.path().join("nowhere/ledger.sqlite");
    assert!(open(&missing).unwrap_err().contains("does its directory exist"));
    let other = folder.path().join("other.sqlite");
    Connection::open(&other).unwrap().execute_batch("CREATE TABLE something (a)").unwrap();
    assert!(open(&other).unwrap_err().contains("is not a ledger of this version"));
}
