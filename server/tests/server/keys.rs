//! Idempotency keys over HTTP: one key is one payment and one answer, whatever is lost in between.

use super::bench::{Ask, Bench, Reply, payment};
use std::{
    io::Write,
    net::{Shutdown, TcpStream},
    time::{Duration, Instant},
};

const KEY: &str = "7d0c4a52-2a0b-4c7e-9c06-0f3a5d3f8f11";
const DUE_ITEM: &str = r#"{"amountDue": 2.0, "amountPaid": 1, "dueDate": "2026-12-01", "date": "2026-11-20"}"#;

fn send(bench: &Bench, path: &str, key: &str, body: &str) -> Reply {
    Ask::new("POST", path).with("Idempotency-Key", key).body("application/json", body).send(bench)
}

fn resolve(bench: &Bench, path: &str, key: &str) -> Reply {
    bench.post(&format!("{path}/resolve"), &format!("{{\"key\":\"{key}\"}}"))
}

/// Both contracts: a path, a body that is right, one that is wrong, and another that is right.
fn contracts() -> [(&'static str, String, String, String); 2] {
    [
        ("/v1/payments", payment(&[]), payment(&[("amount", "-1")]), payment(&[("amount", "50.79")])),
        ("/payments", DUE_ITEM.to_owned(), DUE_ITEM.replace("2026-12-01", "2026-02-29"), DUE_ITEM.replace("2.0", "2.1")),
    ]
}

#[test]
fn the_same_key_is_answered_with_the_same_bytes() {
    let bench = Bench::start();
    for (made, (path, body, _, other)) in (1..).zip(contracts()) {
        let first = send(&bench, path, KEY, &body);
        assert_eq!((first.status, first.header("idempotency-key"), first.header("idempotent-replayed")), (200, Some(KEY), None));
        for _ in 0..3 {
            let again = send(&bench, path, KEY, &body);
            assert_eq!((again.status, again.header("idempotent-replayed"), &again.body), (200, Some("true"), &first.body));
            assert_eq!(again.header("idempotency-key"), Some(KEY));
        }
        let quoted = send(&bench, path, &format!("\"{KEY}\""), &body);
        assert_eq!((quoted.header("idempotency-key"), &quoted.body), (Some(KEY), &first.body));
        let spelled_otherwise = body.replace("50.78", "5078e-2").replace(':', " : ").replace("2.0", "2.00");
        assert_eq!(send(&bench, path, KEY, &spelled_otherwise).body, first.body, "the same content, spelled otherwise");
        let changed = send(&bench, path, KEY, &other);
        assert_eq!((changed.status, changed.header("idempotency-key")), (422, Some(KEY)));
        assert!(changed.text().contains("Idempotency-Key"), "{}", changed.text());
        assert_eq!(resolve(&bench, path, KEY).body, first.body);
        assert_eq!(bench.made(), made);
    }
}

#[test]
fn refusals_are_kept_like_records() {
    let bench = Bench::start();
    for (path, body, wrong, _) in contracts() {
        let first = send(&bench, path, KEY, &wrong);
        assert_eq!((first.status, first.header("idempotency-key")), (400, Some(KEY)));
        let again = send(&bench, path, KEY, &wrong);
        assert_eq!((again.status, &again.body, again.header("idempotent-replayed")), (400, &first.body, Some("true")));
        assert_eq!(resolve(&bench, path, KEY).body, first.body);
        assert_eq!(send(&bench, path, KEY, &body).status, 422, "corrected, it is another intent and needs another key");
        let unreadable = send(&bench, path, "another-key-of-ours", "{");
        assert_eq!((unreadable.status, unreadable.header("idempotency-key")), (400, Some("another-key-of-ours")));
        assert_eq!(send(&bench, path, "another-key-of-ours", &body).status, 422, "what cannot be read is kept, too");
    }
    assert_eq!(bench.made(), 0);
    // A record that was right when it was sent stays right, even if it would be refused now.
    let body = payment(&[("amount", "75.30"), ("paymentAllocations", r#"[{"invoiceID": 566951, "amount": 75.30}]"#)]);
    let first = send(&bench, "/v1/payments", "before-it-was-paid", &body);
    assert_eq!(first.status, 200);
    assert_eq!(send(&bench, "/v1/payments", "before-it-was-paid", &body).body, first.body);
    assert_eq!(send(&bench, "/v1/payments", "after-it-was-paid", &body).status, 400);
}

#[test]
fn a_burnt_key_comes_too_late() {
    let bench = Bench::start();
    for (path, body, ..) in contracts() {
        for _ in 0..2 {
            let burnt = resolve(&bench, path, KEY);
            assert_eq!((burnt.status, burnt.header("idempotency-key")), (410, Some(KEY)));
            assert!(burnt.text().contains("Idempotency-Key"));
        }
        let late = send(&bench, path, KEY, &body);
        assert_eq!((late.status, late.header("idempotency-key")), (410, Some(KEY)));
    }
    assert_eq!(bench.made(), 0);
    for body in ["", "{}", "[]", "{\"key\": 5}", "{\"key\": \"short\"}"] {
        assert_eq!(bench.post("/v1/payments/resolve", body).errors().len(), 1, "{body}");
        assert_eq!(bench.post("/payments/resolve", body).json()["code"], 400, "{body}");
    }
}

#[test]
fn a_key_belongs_to_its_principal() {
    let bench = Bench::with(|config, _| config.tokens = vec!["first-token".into(), "second-token".into()]);
    for (path, body, _, other) in contracts() {
        let as_principal = |token: &str, body: &str| {
            let ask = Ask::new("POST", path).with("Authorization", &format!("Bearer {token}")).with("Idempotency-Key", KEY);
            ask.body("application/json", body).send(&bench)
        };
        let first = as_principal("first-token", &body);
        let second = as_principal("second-token", &other);
        assert_eq!((first.status, second.status), (200, 200));
        assert_ne!(first.body, second.body);
        assert_eq!(as_principal("first-token", &body).body, first.body);
        assert_eq!(as_principal("nobodys-token", &body).header("idempotency-key"), None);
    }
}

#[test]
fn what_is_no_key_is_refused_before_anything_is_done() {
    let bench = Bench::start();
    for key in ["short", "0123456789abcde f", "ключ-ключ-ключ-ключ", &"k".repeat(65), "\"0123456789abcdef"] {
        for (path, body, ..) in contracts() {
            let reply = send(&bench, path, key, &body);
            assert_eq!((reply.status, reply.header("idempotency-key")), (400, None), "{key}");
            assert!(reply.text().contains("Idempotency-Key"));
        }
    }
    let twice = Ask::new("POST", "/payments").and("Idempotency-Key", KEY).and("Idempotency-Key", "0123456789abcdef");
    assert_eq!(twice.body("application/json", DUE_ITEM).send(&bench).status, 400);
    assert_eq!(bench.made(), 0);
    for _ in 0..2 {
        assert_eq!(bench.post("/payments", DUE_ITEM).status, 200, "without a key nothing is deduplicated");
    }
    assert_eq!(bench.made(), 2);
}

#[test]
fn a_hundred_requests_with_one_key_make_one_payment() {
    let bench = Bench::start();
    let body = payment(&[]);
    for round in 0..3 {
        let key = format!("{KEY}-{round}");
        let replies: Vec<Reply> = std::thread::scope(|scope| {
            let sends: Vec<_> = (0..100).map(|_| scope.spawn(|| send(&bench, "/v1/payments", &key, &body))).collect();
            sends.into_iter().map(|send| send.join().unwrap()).collect()
        });
        let fresh = replies.iter().filter(|reply| reply.status == 200 && reply.header("idempotent-replayed").is_none());
        assert_eq!(fresh.count(), 1);
        assert!(replies.iter().all(|reply| matches!(reply.status, 200 | 409)), "all others are replayed, or told to wait");
        assert_eq!(bench.made(), round + 1);
    }
}

#[test]
fn keys_survive_a_restart_and_outlive_thirty_days_no_longer() {
    let bench = Bench::start();
    let first = send(&bench, "/v1/payments", KEY, &payment(&[]));
    let again = Bench::with(|config, _| config.db = bench.folder.path().join("ledger.sqlite"));
    assert_eq!(send(&again, "/v1/payments", KEY, &payment(&[])).body, first.body, "another process over the same file");
    bench.ledger().execute("UPDATE attempts SET settled_at = settled_at - 30 * 24 * 60 * 60", []).unwrap();
    let later = send(&again, "/v1/payments", KEY, &payment(&[]));
    assert_eq!((later.status, later.header("idempotent-replayed")), (200, None));
    assert_ne!(later.body, first.body);
    bench.ledger().execute("UPDATE attempts SET settled_at = settled_at - 30 * 24 * 60 * 60", []).unwrap();
    send(&again, "/v1/payments", "a-key-that-cleans-up", &payment(&[]));
    assert_eq!(bench.value::<i64>("SELECT count(*) FROM attempts"), 1, "what is outdated is cleared away");
}

/// H4: another program holds the file.
#[test]
fn a_locked_ledger_answers_503_and_keeps_nothing() {
    let bench = Bench::start();
    let ledger = bench.ledger();
    ledger.execute_batch("BEGIN IMMEDIATE").unwrap();
    let started = Instant::now();
    let reply = send(&bench, "/v1/payments", KEY, &payment(&[]));
    assert_eq!((reply.status, reply.header("retry-after")), (503, Some("1")), "after {:?}", started.elapsed());
    assert!(!reply.text().to_lowercase().contains("sql"), "{}", reply.text());
    ledger.execute_batch("ROLLBACK").unwrap();
    assert_eq!(bench.made(), 0);
    assert_eq!(send(&bench, "/v1/payments", KEY, &payment(&[])).header("idempotent-replayed"), None, "the retry runs for real");
    assert_eq!(bench.made(), 1);
}

/// S31: what the database says stays inside.
#[test]
fn an_unexpected_error_undoes_everything_and_tells_nothing() {
    let bench = Bench::start();
    let trigger = "CREATE TRIGGER broken BEFORE INSERT ON allocations BEGIN SELECT RAISE(ABORT, 'secret words'); END";
    bench.ledger().execute_batch(trigger).unwrap();
    let body = payment(&[("paymentAllocations", r#"[{"invoiceID": 566934, "amount": 2.0}]"#)]);
    let reply = send(&bench, "/v1/payments", KEY, &body);
    assert_eq!((reply.status, reply.errors()), (500, vec!["Api Error: Something unexpected happened.".to_owned()]));
    assert_eq!((bench.made(), bench.value::<i64>("SELECT count(*) FROM attempts")), (0, 0));
    bench.ledger().execute_batch("DROP TRIGGER broken").unwrap();
    assert_eq!(send(&bench, "/v1/payments", KEY, &body).status, 200);
    assert_eq!(bench.made(), 1);
}

#[test]
fn a_client_that_goes_away_cuts_nothing() {
    let bench = Bench::start();
    let body = payment(&[]);
    for count in 0..20 {
        let key = format!("gone-away-number-{count:04}");
        let mut stream = TcpStream::connect(bench.address).unwrap();
        let head = format!(
            "POST /v1/payments HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer demo-token\r\nContent-Type: application/json\r\nIdempotency-Key: {key}\r\nContent-Length: {}\r\n\r\n",
            bench.address,
            body.len()
        );
        stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
        stream.shutdown(Shutdown::Both).unwrap();
        drop(stream);
        let retry = send(&bench, "/v1/payments", &key, &body);
        assert_eq!(retry.status, 200, "{}", retry.text());
        assert_eq!(bench.made(), count + 1, "whether the first request got through or not, there is one payment");
    }
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(bench.made(), 20);
}
