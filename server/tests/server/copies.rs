//! Tests backups: a copy of a ledger that servers write to, and new ledgers filled from it, on both kinds of database.

use super::{
    bench::{Ask, Bench, Folder, database, payment, schema, session},
    process::PROGRAM,
};
use payment_form_server::{
    config::Config,
    ledger::{
        Location, copy,
        postgres::DatabaseUrl,
        sql::{Row, Value},
    },
};
use std::{
    path::Path,
    process::{Command, Output},
};

const KEY: &str = "a-key-of-before-the-backup";

/// Every row of every table, as each database gives it in the order of its key.
fn rows(location: &Location) -> Vec<Vec<Value>> {
    let mut session = session(location);
    [
        "SELECT id, name, currency, invoice_count, activity_count FROM customers ORDER BY id",
        "SELECT id, customer_id, number, issued_on, due_on, total, balance, balance_minor FROM invoices ORDER BY id",
        "SELECT id, customer_id, kind, is_default, last_digits, card_type, expires, account_type FROM methods ORDER BY id",
        "SELECT id, customer_id, amount, unallocated, method, method_id, source, reference, effective_at FROM payments ORDER BY id",
        "SELECT payment_id, invoice_id, amount FROM allocations ORDER BY payment_id, invoice_id",
        "SELECT id, payment_id, customer_id, amount, status, method, reference, amount_minor FROM activities ORDER BY id",
        "SELECT id, amount_due, amount_paid, due_date, date, published_at, created_by, amount_due_key FROM due_items ORDER BY id",
        "SELECT scope, key, customer_id, fingerprint, status, body, settled_at FROM attempts ORDER BY scope, key",
    ]
    .into_iter()
    .flat_map(|statement| session.rows(statement, &[]).unwrap().into_iter().map(|row| row.0).collect::<Vec<_>>())
    .collect()
}

fn pay(bench: &Bench, key: &str) -> Vec<u8> {
    let body = payment(&[("autoAllocate", "true"), ("autoAllocateOrder", "\"OldestToNewest\""), ("reference", "\"Grüße, 桜\"")]);
    let reply = Ask::new("POST", "/v1/payments").with("Idempotency-Key", key).body("application/json", body).send(bench);
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.body
}

/// Backs a ledger up while clients pay, and serves the copy: the same rows, the same keys, and numbers that go on.
#[track_caller]
fn check(from: &Bench, into: impl FnOnce(&Path) -> Location) {
    let record = pay(from, KEY);
    let folder = Folder::new();
    let file = folder.path().join("backup.sqlite");
    std::thread::scope(|scope| {
        scope.spawn(|| (0..20).for_each(|count| drop(pay(from, &format!("while-it-is-copied-{count:04}")))));
        copy::backup(&from.location, &file).unwrap();
    });
    assert!(copy::backup(&from.location, &file).unwrap_err().contains("is there already"));
    let target = into(folder.path());
    let count = copy::restore(&file, &target).unwrap();
    assert!(count > 50, "{count}");
    assert_eq!(rows(&target), rows(&Location::File(file.clone())));
    copy::restore(&file, &target).unwrap_err();
    let again = Bench::over(None, |config: &mut Config, _: &Path| match &target {
        Location::File(path) => config.db = path.clone(),
        Location::Database(url) => config.database = Some(url.clone()),
    });
    assert_eq!(pay(&again, KEY), record, "the restored ledger knows the keys of before");
    let before: i64 = again.value("SELECT count(*) FROM payments");
    pay(&again, "a-key-of-behind-the-restore");
    assert_eq!(again.value::<i64>("SELECT count(*) FROM payments"), before + 1, "numbers go on behind the copied ones");
}

#[test]
fn backup_of_a_file_fills_a_file() {
    check(&Bench::over_file(), |folder| Location::File(folder.join("restored.sqlite")));
}

#[test]
fn backup_of_a_database_fills_a_file_and_a_database() {
    let Some(database) = database() else { return println!("skipped: no PostgreSQL database for tests") };
    check(&Bench::start(), |folder| Location::File(folder.join("restored.sqlite")));
    check(&Bench::start(), |_| Location::Database(DatabaseUrl::new(&schema(&database)).unwrap()));
}

/// PostgreSQL keeps each version of a row until the transaction ends. A customer whose row counts each invoice anew makes a restore
/// slow with the square of the history.
#[test]
fn restore_counts_the_rows_of_a_customer_once() {
    let Some(database) = database() else { return println!("skipped: no PostgreSQL database for tests") };
    let (from, folder) = (Bench::over_file(), Folder::new());
    from.execute(
        "INSERT INTO invoices (id, customer_id, number, issued_on, due_on, total, balance)
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
         SELECT 9000000 + i, 655080, 'N-' || i, '2026-01-01', '2026-02-01', '9.00', '9.00' FROM n",
    );
    let file = folder.path().join("backup.sqlite");
    copy::backup(&from.location, &file).unwrap();
    let target = Location::Database(DatabaseUrl::new(&schema(&database)).unwrap());
    copy::restore(&file, &target).unwrap();
    assert_eq!(rows(&target), rows(&from.location));
    let mut beside = session(&target);
    let value = |rows: Vec<Row>| rows[0].0[0].clone();
    assert_eq!(value(beside.rows("SELECT pg_relation_size('customers')", &[]).unwrap()), Value::Int(8192), "one page");
    let enabled = "SELECT count(*) FROM pg_trigger WHERE tgname IN ('invoice_counted', 'activity_counted') AND tgenabled = 'O'
       AND tgrelid IN ('invoices'::regclass, 'activities'::regclass)";
    assert_eq!(value(beside.rows(enabled, &[]).unwrap()), Value::Int(2), "later rows are counted");
}

fn run(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).args(arguments).output().unwrap()
}

/// The commands of `docs/operations.md`.
#[test]
fn commands_copy_and_say_what_they_did() {
    let bench = Bench::over_file();
    pay(&bench, KEY);
    let Location::File(db) = &bench.location else { panic!("a file") };
    let (folder, db) = (Folder::new(), db.to_str().unwrap());
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (backup, restored) = (path("backup.sqlite"), path("restored.sqlite"));
    for arguments in [["backup", &backup, "--db", db], ["restore", &backup, "--db", &restored]] {
        let output = run(&arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(String::from_utf8_lossy(&output.stdout).starts_with("copied "));
    }
    assert_eq!(rows(&Location::File(restored.into())), rows(&bench.location));
    let refused = run(&["restore", &backup, "--db", db]);
    assert!(!refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("is there already"));
    let missing = run(&["backup", &path("another.sqlite"), "--db", &path("missing.sqlite")]);
    assert!(!missing.status.success() && !folder.path().join("another.sqlite").exists());
}
