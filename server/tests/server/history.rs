//! Tests that a long history does not slow a payment or a page: the number of read rows stays the same.

use super::bench::{Bench, Folder, TODAY, payment, session};
use payment_form::domain::date::Date;
use payment_form_server::{
    auth::Principal,
    clock::Clock,
    fusebill::rules,
    idempotency::Key,
    ledger::{
        Ledger, Location, QueueLimits,
        list::{Comparison, Field, FilterValue, Listing},
        payments,
        sql::{LedgerError, Result, Row, Sql, Value},
        upstream::{self, Ending, UpstreamAttempt},
    },
    reconciliation::stage::Stage,
    relaxed_json,
};
use rusqlite::Connection;

/// Counts the rows that statements give back, and the answers that a caller waits for.
struct RowCounter<'a> {
    inner: &'a mut dyn Sql,
    rows: usize,
    waits: usize,
}

impl Sql for RowCounter<'_> {
    fn rows(&mut self, statement: &str, values: &[Value]) -> Result<Vec<Row>> {
        let rows = self.inner.rows(statement, values)?;
        self.rows += rows.len();
        self.waits += 1;
        Ok(rows)
    }

    fn rows_for_each(&mut self, statement: &str, values: &[Vec<Value>]) -> Result<Vec<Row>> {
        let rows = self.inner.rows_for_each(statement, values)?;
        self.rows += rows.len();
        self.waits += 1;
        Ok(rows)
    }

    fn run(&mut self, statement: &str, values: &[Value]) -> Result<u64> {
        self.waits += 1;
        self.inner.run(statement, values)
    }

    fn run_later(&mut self, statement: &str, values: &[Value]) -> Result<()> {
        self.inner.run_later(statement, values)
    }

    fn insert(&mut self, statement: &str, values: &[Value]) -> Result<i64> {
        self.inner.insert(statement, values)
    }

    fn lock(&mut self, name: &str) -> Result<()> {
        self.inner.lock(name)
    }
}

/// Adds so many invoices to the customer of the tests: every second one is paid, the others are open for 1.00.
fn lengthen(ledger: &Connection, count: u32) {
    ledger
        .execute_batch(&format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
             INSERT INTO invoices (id, customer_id, number, issued_on, due_on, total, balance)
             SELECT 1000000 + i, 655080, 'H-' || i, '2025-01-01', date('2025-01-01', (i % 3000) || ' days'), '1.00',
               CASE WHEN i % 2 = 0 THEN '0.00' ELSE '1.00' END FROM n;
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
             INSERT INTO activities (payment_id, customer_id, amount, status, method, source, reference, effective_at)
             SELECT NULL, 655080, '1.00', 'Failed', 'Cash', 'Manual', 'history ' || i, '2026-01-01T00:00:00.0000000Z' FROM n;"
        ))
        .unwrap();
}

#[test]
fn rows_read_for_a_payment_do_not_grow_with_the_history() {
    let folder = Folder::new();
    let path = folder.path().join("ledger.sqlite");
    let today = Date::parse(TODAY).unwrap();
    let ledger = Ledger::open(&Location::File(path.clone()), Clock::new(Some(today)), QueueLimits::default()).unwrap();
    let principal = Principal::Key("history".into());
    let rows = |body: &str| {
        let body = relaxed_json::read(body.as_bytes()).unwrap();
        let count = |inner: &mut dyn Sql| {
            let mut counting = RowCounter { inner, rows: 0, waits: 0 };
            rules::check(&mut counting, &principal, today, &body)?.expect("a payment");
            Ok::<_, LedgerError>(counting.rows)
        };
        ledger.read_blocking(count).unwrap()
    };
    let listed = payment(&[("paymentAllocations", r#"[{"invoiceID": 566934, "amount": 2.0}]"#)]);
    let oldest = payment(&[("autoAllocate", "true"), ("amount", "20.00")]);
    let newest = payment(&[("autoAllocate", "true"), ("autoAllocateOrder", "\"NewestToOldest\""), ("amount", "20.00")]);
    let beside = Connection::open(&path).unwrap();
    lengthen(&beside, 6_000);
    let short = [&listed, &oldest, &newest].map(|body| rows(body));
    beside.execute("UPDATE invoices SET id = id + 1000000 WHERE id > 1000000", []).unwrap();
    lengthen(&beside, 20_000);
    let long = [&listed, &oldest, &newest].map(|body| rows(body));
    assert!(long.iter().zip(short).all(|(long, short)| *long <= short.max(70)), "{short:?} before, {long:?} after");
}

/// Each wait is a round trip to a PostgreSQL server, within the lock of the customer.
#[test]
fn payment_of_many_invoices_waits_for_as_many_answers_as_one_of_few() {
    let folder = Folder::new();
    let path = folder.path().join("ledger.sqlite");
    let today = Date::parse(TODAY).unwrap();
    drop(Ledger::open(&Location::File(path.clone()), Clock::new(Some(today)), QueueLimits::default()).unwrap());
    lengthen(&Connection::open(&path).unwrap(), 200);
    let waits = |count: i64| {
        let shares = (0..count).map(|number| format!(r#"{{"invoiceID": {}, "amount": 0.01}}"#, 1_000_001 + 2 * number));
        let listed = format!("[{}]", shares.collect::<Vec<_>>().join(","));
        let body = relaxed_json::read(payment(&[("paymentAllocations", &listed)]).as_bytes()).unwrap();
        let pay = |inner: &mut dyn Sql| {
            let mut counting = RowCounter { inner, rows: 0, waits: 0 };
            let checked = rules::check(&mut counting, &Principal::Key("history".into()), today, &body)?;
            let number = payments::insert(&mut counting, &checked.expect("a payment"), "2026-11-20T00:00:00.0000000Z")?;
            let stored = payments::payment(&mut counting, number)?.expect("the payment");
            assert_eq!(stored.shares.len(), count as usize);
            assert!(stored.shares.iter().all(|share| share.balance == "0.99".parse().unwrap()));
            Ok::<_, LedgerError>(counting.waits)
        };
        let mut session = session(&Location::File(path.clone()));
        session.begin_write().unwrap();
        let waits = pay(session.as_mut()).unwrap();
        session.rollback();
        waits
    };
    assert_eq!(waits(50), waits(2));
}

#[test]
fn pages_of_a_long_history_are_those_of_the_whole_list() {
    let bench = Bench::over_file();
    lengthen(&bench.ledger(), 5_000);
    for (list, count) in [("invoiceSummaries", 5_019), ("paymentactivities", 5_005)] {
        let path = format!("/v1/customers/655080/{list}");
        let page = |query: &str| {
            let reply = bench.get(&format!("{path}?{query}"));
            assert_eq!(reply.status, 200, "{}", reply.text());
            let last = reply.header("x-maxpageindex").unwrap().to_owned();
            (reply.json().as_array().unwrap().iter().map(|line| line["id"].as_i64().unwrap()).collect::<Vec<_>>(), last)
        };
        let (whole, last) = page("pageSize=10000");
        assert_eq!((whole.len(), last.as_str()), (count, "0"), "{list}");
        let (mut ids, mut number) = (Vec::new(), 0);
        loop {
            let (some, last) = page(&format!("pageSize=997&pageNumber={number}"));
            assert_eq!(last, "5");
            if some.is_empty() {
                break;
            }
            ids.extend(some);
            number += 1;
        }
        assert_eq!(ids, whole, "{list}");
    }
    let filtered = bench.get("/v1/customers/655080/paymentactivities?query=reference:HISTORY%20777");
    assert_eq!(filtered.json().as_array().unwrap().len(), 1, "texts are compared whatever their case");
    let paid = bench.get("/v1/customers/655080/invoiceSummaries?query=invoiceStatus:Paid&pageSize=1");
    assert_eq!(paid.header("x-maxpageindex"), Some("2502"));
}

/// Asks SQLite how it runs each statement, beside running it.
struct PlanReader<'a> {
    inner: &'a mut dyn Sql,
    plans: Vec<String>,
}

impl PlanReader<'_> {
    fn read(&mut self, statement: &str, values: &[Value]) -> Result<()> {
        for row in self.inner.rows(&format!("EXPLAIN QUERY PLAN {statement}"), values)? {
            self.plans.push(row.text(3)?);
        }
        Ok(())
    }
}

impl Sql for PlanReader<'_> {
    fn rows(&mut self, statement: &str, values: &[Value]) -> Result<Vec<Row>> {
        self.read(statement, values)?;
        self.inner.rows(statement, values)
    }

    fn run(&mut self, statement: &str, values: &[Value]) -> Result<u64> {
        self.read(statement, values)?;
        self.inner.run(statement, values)
    }

    fn insert(&mut self, statement: &str, values: &[Value]) -> Result<i64> {
        self.inner.insert(statement, values)
    }

    fn lock(&mut self, name: &str) -> Result<()> {
        self.inner.lock(name)
    }
}

/// The list of a customer's open invoices, as the form asks for it, reads none that are paid.
#[test]
fn open_invoices_are_listed_and_counted_by_their_own_index() {
    const OWN: &str = "customer_id = $1";
    let (folder, minor) = (Folder::new(), Field::minor("outstandingBalance", "balance_minor"));
    let path = folder.path().join("ledger.sqlite");
    drop(Ledger::open(&Location::File(path.clone()), Clock::new(Date::parse(TODAY)), QueueLimits::default()).unwrap());
    lengthen(&Connection::open(&path).unwrap(), 1_000);
    let mut session = session(&Location::File(path));
    for (test, bound, count) in [
        (Comparison::GreaterOrEqual, "0.01", 516),
        (Comparison::GreaterOrEqual, "0.005", 516),
        (Comparison::Greater, "0", 516),
        (Comparison::Greater, "0.01", 516),
        (Comparison::GreaterOrEqual, "0", 1_019),
        (Comparison::GreaterOrEqual, "-1", 1_019),
        (Comparison::Greater, "1", 16),
    ] {
        let mut listing = Listing::new(&[655_080.into()], 2);
        listing.keep(minor, test, &[FilterValue::Number(bound.parse().unwrap())], false);
        listing.sort("due_on", false);
        listing.limit = 10;
        let mut reader = PlanReader { inner: session.as_mut(), plans: Vec::new() };
        assert_eq!(listing.lines(&mut reader, "id FROM invoices", OWN).unwrap().len(), 10);
        assert_eq!(listing.count(&mut reader, "invoices", OWN).unwrap(), count, "{test:?} {bound}");
        let is_open = reader.plans.iter().all(|plan| plan.contains("invoices_open"));
        assert_eq!(is_open, bound != "-1" && (test, bound) != (Comparison::GreaterOrEqual, "0"), "{:?}", reader.plans);
    }
}

/// Each step of a payment before a vendor finds its rows by an index, however many payments there were.
#[test]
fn steps_of_an_attempt_scan_no_earlier_ones() {
    let folder = Folder::new();
    let location = Location::File(folder.path().join("ledger.sqlite"));
    drop(Ledger::open_empty(&location, QueueLimits::default()).unwrap());
    let mut session = session(&location);
    let mut reader = PlanReader { inner: session.as_mut(), plans: Vec::new() };
    let key = Key::parse("7d0c4a52-2a0b-4c7e-9c06-0f3a5d3f8f11").unwrap();
    let attempt = UpstreamAttempt {
        scope: "main fusebill".to_owned(),
        key: key.as_str().to_owned(),
        customer: Some(655_080),
        fingerprint: vec![1],
        request: "{}".to_owned(),
        mark: "K7Q2-9F3M".to_owned(),
        amount: "50".to_owned(),
        stage: Some(Stage::Intended),
        looks: 0,
        look_at: 0,
        begun_at: "2026-11-20T00:00:00.0000000Z".to_owned(),
        seen_before: Vec::new(),
    };
    upstream::intend(&mut reader, &attempt).unwrap();
    assert!(upstream::advance(&mut reader, &attempt, Stage::Intended, Stage::Sent, 100).unwrap());
    assert_eq!(upstream::due(&mut reader, &attempt.scope, 99, 10).unwrap().len(), 0, "the reply may still come");
    assert_eq!(upstream::equal_attempts(&mut reader, &attempt, 99).unwrap().awaited, 1);
    upstream::note_look(&mut reader, &attempt, 99, None).unwrap();
    assert_eq!(upstream::find(&mut reader, &attempt.scope, &key).unwrap().unwrap().stage, Some(Stage::Sent));
    assert_eq!(upstream::due(&mut reader, &attempt.scope, 100, 10).unwrap().len(), 1, "the reply is waited for no longer");
    for other in ["main maiascore", "tenant fusebill"] {
        assert!(
            upstream::due(&mut reader, other, 100, 10).unwrap().is_empty(),
            "{other}: another server's vendor has the payment"
        );
        assert!(upstream::unsettled(&mut reader, other, None, 100, 10).unwrap().is_empty(), "{other}: another tenant's attempt");
        assert!(upstream::stages(&mut reader, other, 100).unwrap().is_empty(), "{other}: another tenant's figure");
    }
    for (now, state) in [(99, "sent"), (100, "unknown")] {
        let figures = upstream::stages(&mut reader, &attempt.scope, now).unwrap();
        assert_eq!(figures, [(state.to_owned(), 1, attempt.begun_at.clone())], "{now}");
    }
    assert_eq!(upstream::unsettled(&mut reader, &attempt.scope, Some(Stage::Unknown), 99, 10).unwrap().len(), 0);
    assert_eq!(upstream::unsettled(&mut reader, &attempt.scope, Some(Stage::Unknown), 100, 10).unwrap().len(), 1);
    assert_eq!(upstream::equal_attempts(&mut reader, &attempt, 100).unwrap().awaited, 0);
    assert!(!upstream::is_taken(&mut reader, &attempt, "7613586").unwrap());
    assert!(
        upstream::end(&mut reader, &attempt.scope, key.as_str(), Ending { payment: Some("7613586"), ..Ending::default() })
            .unwrap()
    );
    assert!(!upstream::is_taken(&mut reader, &attempt, "7613586").unwrap(), "it is the attempt's own");
    assert!(upstream::stages(&mut reader, &attempt.scope, 100).unwrap().is_empty(), "a settled attempt needs nobody");
    let other = UpstreamAttempt { key: "another-attempt-of-this".to_owned(), ..attempt };
    assert!(upstream::is_taken(&mut reader, &other, "7613586").unwrap());
    let by_index = ["SEARCH", "USE TEMP B-TREE"];
    let others: Vec<&String> = reader.plans.iter().filter(|plan| !by_index.iter().any(|word| plan.starts_with(word))).collect();
    // The list for the staff is read by the index that holds unsettled attempts only.
    assert!(others.iter().all(|plan| plan.contains("upstream_unsettled")), "{others:?}");
    assert!(reader.plans.iter().any(|plan| plan.contains("upstream_of_payment")), "{:?}", reader.plans);
}
