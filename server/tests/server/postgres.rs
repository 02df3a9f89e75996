//! Tests several servers that share one PostgreSQL database. `cargo xtask test` starts a private one; without it these tests say
//! that they are skipped.

use super::{
    bench::{Ask, Bench, Folder, Reply, database, payment, schema, session},
    network::number_from_env,
    process::{PROGRAM, ServerProcess, greeted},
};
use payment_form_server::{
    clock::Clock,
    ledger::{
        Ledger, Location, QueueLimits,
        backend::Session,
        postgres::{DatabaseUrl, Postgres},
        sql::{Sql, Value},
    },
};
use std::{
    process::Command,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::{Duration, Instant},
};

/// A database without tables, with its address as the environment tells it to a server; `None` where the tests have no PostgreSQL.
fn empty() -> Option<(DatabaseUrl, String)> {
    let Some(database) = database() else {
        println!("skipped: PAYMENT_FORM_TEST_DATABASE_URL names no PostgreSQL database");
        return None;
    };
    let address = schema(&database);
    Some((DatabaseUrl::new(&address).unwrap(), address))
}

fn start(address: &str, folder: &Folder) -> ServerProcess {
    greeted(
        Command::new(PROGRAM)
            .args(["--demo", "--port", "0", "--today", "2026-11-20", "--quiet", "--rate-limit", "0", "--session-key-file"])
            .arg(folder.path().join("session-key"))
            .env("DATABASE_URL", address),
    )
}

fn pay(server: &ServerProcess, key: &str, body: &str) -> Option<Reply> {
    Ask::new("POST", "/v1/payments").with("Idempotency-Key", key).body("application/json", body).try_send_to(server.address)
}

fn number(url: &DatabaseUrl, statement: &str) -> i64 {
    let rows = session(&Location::Database(url.clone())).rows(statement, &[]).unwrap();
    match rows[0].0[0] {
        Value::Int(number) => number,
        _ => panic!("{statement} gives no number"),
    }
}

const MADE: &str = "SELECT count(*) FROM payments WHERE id > 7613585";

/// `PAYMENT_FORM_STORMS=1000` makes a campaign of it.
#[test]
fn key_storm_over_three_servers_makes_one_payment_a_key() {
    let Some((url, address)) = empty() else { return };
    let folder = Folder::new();
    let servers = [0; 3].map(|_| start(&address, &folder));
    let storms = number_from_env("PAYMENT_FORM_STORMS", 25);
    for storm in 0..storms {
        let key = format!("storm-number-{storm:06}");
        let body = payment(&[("reference", &format!("\"{key}\"")), ("amount", "0.07")]);
        let mut records = Vec::new();
        std::thread::scope(|scope| {
            let sends: Vec<_> = (0..12)
                .map(|turn| {
                    scope.spawn({
                        let (key, body, servers) = (&key, &body, &servers);
                        move || pay(&servers[turn % 3], key, body)
                    })
                })
                .collect();
            for send in sends {
                let reply = send.join().unwrap().expect("an answer");
                assert!(matches!(reply.status, 200 | 409), "{} {}", reply.status, reply.text());
                records.extend((reply.status == 200).then_some(reply.body));
            }
        });
        assert!(!records.is_empty(), "{key}: one request of a storm is answered with the record");
        assert!(records.iter().all(|record| *record == records[0]), "{key}: every answer is the same record");
    }
    assert_eq!(number(&url, MADE), storms as i64);
    assert_eq!(number(&url, "SELECT count(DISTINCT reference) FROM payments WHERE id > 7613585"), storms as i64);
}

#[test]
fn balance_that_three_servers_divide_at_once_is_spent_once() {
    let Some((url, address)) = empty() else { return };
    let folder = Folder::new();
    let servers = [0; 3].map(|_| start(&address, &folder));
    let minor = |name: &str| number(&url, &format!("SELECT sum({name})::BIGINT FROM invoices WHERE customer_id = 655080"));
    let open = minor("balance_minor");
    let body = payment(&[("amount", "433.33"), ("autoAllocate", "true"), ("autoAllocateOrder", "\"OldestToNewest\"")]);
    std::thread::scope(|scope| {
        for client in 0..9 {
            let (servers, body) = (&servers, &body);
            scope.spawn(move || {
                for turn in 0..5 {
                    let reply = pay(&servers[client % 3], &format!("divided-{client:04}-{turn:04}"), body).expect("an answer");
                    assert_eq!(reply.status, 200, "{}", reply.text());
                }
            });
        }
    });
    assert_eq!(number(&url, MADE), 45);
    let divided = "SELECT sum(replace(amount, '.', '')::BIGINT)::BIGINT FROM allocations WHERE payment_id > 7613585";
    let unallocated = "SELECT coalesce(sum(replace(unallocated, '.', '')::BIGINT), 0)::BIGINT FROM payments WHERE id > 7613585";
    let (divided, unallocated) = (number(&url, divided), number(&url, unallocated));
    assert_eq!(divided, open - minor("balance_minor"), "balances fell by as much as was divided");
    assert_eq!(divided + unallocated, 45 * 43_333, "and nothing of the payments is lost");
}

/// Each server is ended and started again while clients pay; a client that hears nothing asks the next server with the same key.
#[test]
fn rolling_restart_under_load_loses_and_doubles_nothing() {
    let Some((url, address)) = empty() else { return };
    let folder = Folder::new();
    let mut servers = [0; 3].map(|_| start(&address, &folder));
    // An address is of no use to a client once its server is started again elsewhere, so clients look it up for each request.
    let addresses = std::sync::Mutex::new(servers.iter().map(|server| server.address).collect::<Vec<_>>());
    let (is_over, count) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for client in 0..6 {
            let (addresses, is_over, count) = (&addresses, &is_over, &count);
            scope.spawn(move || {
                let body = payment(&[("amount", "0.03")]);
                for turn in 0.. {
                    if is_over.load(Ordering::Relaxed) {
                        break;
                    }
                    let ask = Ask::new("POST", "/v1/payments").with("Idempotency-Key", &format!("rolling-{client:04}-{turn:06}"));
                    let ask = ask.body("application/json", &body);
                    let begun = Instant::now();
                    let recorded = (0..).find_map(|send| {
                        assert!(begun.elapsed() < Duration::from_secs(30), "no server answers");
                        let address = addresses.lock().unwrap()[(client + send) % 3];
                        ask.attempt(address).filter(|reply| reply.status == 200)
                    });
                    assert!(recorded.is_some());
                    count.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for _ in 0..number_from_env("PAYMENT_FORM_RESTARTS", 1) {
            for (turn, server) in servers.iter_mut().enumerate() {
                std::thread::sleep(Duration::from_millis(150));
                server.signal("-TERM");
                assert!(server.child.wait().unwrap().success(), "the server ends as it should");
                *server = start(&address, &folder);
                addresses.lock().unwrap()[turn] = server.address;
            }
        }
        is_over.store(true, Ordering::Relaxed);
    });
    assert_eq!(number(&url, MADE), count.load(Ordering::Relaxed) as i64, "one payment for each that was answered");
    assert!(count.load(Ordering::Relaxed) > 20, "{count:?}");
}

#[test]
fn servers_that_start_together_make_one_schema() {
    let Some((url, _)) = empty() else { return };
    let location = Location::Database(url.clone());
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| Ledger::open(&location, Clock::default(), QueueLimits::default()).unwrap());
        }
    });
    assert_eq!(number(&url, "SELECT count(*) FROM customers"), 3);
    assert_eq!(number(&url, "SELECT count(*) FROM payment_form_schema"), 1);
}

#[test]
fn schema_of_a_newer_server_or_of_another_program_is_left_alone() {
    let Some((url, _)) = empty() else { return };
    let open = |url: &DatabaseUrl| Ledger::open_empty(&Location::Database(url.clone()), QueueLimits::default()).map(drop);
    open(&url).unwrap();
    let beside = |url: &DatabaseUrl, statement: &str| session(&Location::Database(url.clone())).run(statement, &[]).unwrap();
    beside(&url, "UPDATE payment_form_schema SET version = 1000");
    assert!(open(&url).unwrap_err().contains("a newer version of this server"));
    let Some((other, _)) = empty() else { return };
    beside(&other, "CREATE TABLE invoices (theirs BIGINT)");
    assert!(open(&other).unwrap_err().contains("already exists"));
    assert_eq!(number(&other, "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()"), 1);
}

#[test]
fn locks_of_a_ledger_hold_its_servers_and_no_other_ledger() {
    let Some((url, _)) = empty() else { return };
    let Some((other, _)) = empty() else { return };
    let [first, second, other] = [&url, &url, &other].map(|url| {
        let location = Location::Database(url.clone());
        Ledger::open_empty(&location, QueueLimits::default()).unwrap();
        let mut session = session(&location);
        session.begin_write().unwrap();
        session.lock("one name").unwrap();
        session
    });
    let take = |mut session: Box<dyn Session>| session.rows("SELECT 1", &[]).map(|_| session);
    let held = take(first).unwrap();
    take(other).unwrap();
    assert!(take(second).is_err(), "the lock is held");
    drop(held);
}

fn setting(sql: &mut dyn Sql, name: &str) -> String {
    match &sql.rows(&format!("SELECT current_setting('{name}')"), &[]).unwrap()[0].0[0] {
        Value::Text(text) => text.clone(),
        other => panic!("{name} is {other:?}"),
    }
}

/// An update of a large ledger takes minutes, and so does a restore.
#[test]
fn making_of_a_ledger_has_no_time_limit_and_every_later_statement_has_one() {
    let Some((url, _)) = empty() else { return };
    let mut limits = Vec::new();
    Postgres::open(&url, |sql| {
        limits = ["statement_timeout", "lock_timeout"].map(|name| setting(sql, name)).to_vec();
        Ok(())
    })
    .unwrap();
    assert_eq!(limits, ["0", "4s"]);
    let mut later = session(&Location::Database(url));
    assert_eq!(["statement_timeout", "lock_timeout"].map(|name| setting(later.as_mut(), name)), ["15s", "4s"]);
}

/// Takes a lock in a transaction of its own.
fn hold(url: &DatabaseUrl, lock: &str) -> Box<dyn Session> {
    let mut holder = session(&Location::Database(url.clone()));
    holder.begin_write().unwrap();
    holder.rows(lock, &[]).unwrap();
    holder
}

#[test]
fn server_waits_for_one_that_updates_the_schema_for_longer_than_a_payment_waits() {
    let Some((url, _)) = empty() else { return };
    let mut holder = hold(&url, "SELECT pg_advisory_xact_lock(x'50464c47'::BIGINT)");
    std::thread::scope(|scope| {
        let started = scope.spawn(|| Ledger::open_empty(&Location::Database(url.clone()), QueueLimits::default()).map(drop));
        std::thread::sleep(Duration::from_secs(5));
        assert!(!started.is_finished(), "{:?}", started.join());
        holder.rollback();
        assert_eq!(started.join().unwrap(), Ok(()));
    });
}

#[test]
fn update_that_another_program_holds_up_tells_what_it_waits_for() {
    let Some((url, _)) = empty() else { return };
    let open = || Ledger::open_empty(&Location::Database(url.clone()), QueueLimits::default()).map(drop);
    open().unwrap();
    let mut beside = session(&Location::Database(url.clone()));
    beside.run("ALTER TABLE upstream DROP COLUMN settled_by", &[]).unwrap();
    beside.run("UPDATE payment_form_schema SET version = version - 1", &[]).unwrap();
    let mut holder = hold(&url, "SELECT 1");
    holder.run("LOCK TABLE upstream", &[]).unwrap();
    assert!(open().unwrap_err().contains("another program uses its tables"));
    holder.rollback();
    open().unwrap();
}

/// The database was started anew: connections of before are gone, and the next requests find new ones.
#[test]
fn broken_connections_are_replaced() {
    let Some((url, address)) = empty() else { return };
    let name = format!("broken-{}", std::process::id());
    let named = DatabaseUrl::new(&format!("{address}&application_name={name}")).unwrap();
    let bench = Bench::over(Some(named), |_, _| ());
    let body = payment(&[]);
    let send =
        |key: &str| Ask::new("POST", "/v1/payments").with("Idempotency-Key", key).body("application/json", &body).send(&bench);
    for count in 0..10 {
        assert_eq!(send(&format!("before-the-break-{count}")).status, 200);
        assert_eq!(bench.get("/v1/payments/7613580").status, 200);
    }
    let ended = format!("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '{name}'");
    assert!(number(&url, &ended) > 1, "a reader and a writer at least");
    assert_eq!(bench.get("/v1/payments/7613580").status, 200);
    let ours: Vec<u16> = (0..10).map(|count| send(&format!("behind-the-break-{count}")).status).collect();
    assert_eq!(ours, [200; 10]);
}
