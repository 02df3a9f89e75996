//! Tests idempotency keys over HTTP: one key is one payment and one answer, whatever is lost in between.

use super::bench::{Ask, Bench, Reply, payment};
use payment_form::submission::KEY_AGE_MAX;
use payment_form_server::{config::Config, idempotency::LIFETIME, ledger::QueueLimits};
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
        assert_eq!(send(&bench, path, "another-key-of-ours", &body).status, 422, "an unreadable request is kept, too");
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

/// S25: whoever sends it, a key is one payment of the tenant.
#[test]
fn key_from_another_token_is_the_same_attempt() {
    let tokens = |names: &'static [&'static str]| {
        move |config: &mut Config| config.tokens = names.iter().map(|&name| name.into()).collect()
    };
    let bench = Bench::with(|config, _| tokens(&["first-token", "second-token"])(config));
    let as_token = |bench: &Bench, token: &str, path: &str, body: &str| {
        let ask = Ask::new("POST", path).with("Authorization", &format!("Bearer {token}")).with("Idempotency-Key", KEY);
        ask.body("application/json", body).send(bench)
    };
    let mut firsts = Vec::new();
    for (path, body, _, other) in contracts() {
        let first = as_token(&bench, "first-token", path, &body);
        assert_eq!(first.status, 200);
        let second = as_token(&bench, "second-token", path, &body);
        assert_eq!(
            (second.body, second.headers.iter().any(|(name, _)| name == "idempotent-replayed")),
            (first.body.clone(), true)
        );
        assert_eq!(as_token(&bench, "second-token", path, &other).status, 422);
        let settled = as_token(&bench, "second-token", &format!("{path}/resolve"), &format!("{{\"key\":\"{KEY}\"}}"));
        assert_eq!((settled.status, settled.body), (200, first.body.clone()), "resolve never says that a paid key was cancelled");
        assert_eq!(as_token(&bench, "nobodys-token", path, &body).header("idempotency-key"), None);
        firsts.push((path, body, first));
    }
    // A restart with a rotated token finds the same attempts.
    let again = bench.beside(|config, _| tokens(&["rotated-token"])(config));
    for (path, body, first) in firsts {
        assert_eq!(as_token(&again, "rotated-token", path, &body).body, first.body);
        let settled = as_token(&again, "rotated-token", &format!("{path}/resolve"), &format!("{{\"key\":\"{KEY}\"}}"));
        assert_eq!(settled.body, first.body);
    }
    assert_eq!(bench.made(), 2);
}

/// S25 and H3: a key keeps its customer. Staff finish what a customer began; another customer learns nothing and burns nothing.
#[test]
fn key_of_a_customer_is_open_to_staff_and_closed_to_others() {
    let bench = Bench::with(|config, folder| {
        std::fs::write(folder.join("index.html"), "<!doctype html>").unwrap();
        config.dist = Some(folder.to_owned());
    });
    let (own, other, staff) =
        (bench.cookie("/?customer=655080"), bench.cookie("/?customer=655081"), bench.cookie("/?customer=655080&staff"));
    let send = |cookie: &str, path: &str, key: Option<&str>, body: &str| {
        let ask = Ask::new("POST", path).without("Authorization").with("Cookie", cookie).with("Sec-Fetch-Site", "same-origin");
        let ask = key.into_iter().fold(ask, |ask, key| ask.with("Idempotency-Key", key));
        ask.body("application/json", body).send(&bench)
    };
    let resolve = |cookie: &str, key: &str, customer: &str| {
        let body = if customer.is_empty() {
            format!("{{\"key\":\"{key}\"}}")
        } else {
            format!("{{\"key\":\"{key}\",\"customerId\":{customer}}}")
        };
        send(cookie, "/v1/payments/resolve", None, &body)
    };
    let body = payment(&[("paymentMethod", "\"CreditCard\""), ("paymentMethodId", "41877"), ("source", "\"SelfServicePortal\"")]);
    let paid = send(&own, "/v1/payments", Some(KEY), &body);
    assert_eq!(paid.status, 200, "{}", paid.text());
    // Staff send the same payment again, or ask what became of it.
    assert_eq!(send(&staff, "/v1/payments", Some(KEY), &body).body, paid.body);
    assert_eq!(resolve(&staff, KEY, "655080").body, paid.body);
    assert_eq!(resolve(&own, KEY, "\"655080\"").body, paid.body, "the form may write the id as a text");
    assert_eq!(resolve(&own, KEY, "").body, paid.body);
    // Another customer.
    for customer in ["", "655081", "655080"] {
        let refused = resolve(&other, KEY, customer);
        assert_eq!((refused.status, refused.header("idempotency-key")), (404, None), "{customer}");
    }
    assert_eq!(send(&other, "/v1/payments", Some(KEY), &body).status, 422);
    // A key that nobody used cannot be burnt for somebody else.
    let unused = "a-key-that-nobody-used";
    assert_eq!(resolve(&other, unused, "655080").status, 404);
    assert_eq!(resolve(&other, unused, "").status, 410, "for oneself it can");
    assert_eq!(resolve(&own, unused, "").status, 404, "and it stays the other's");
    assert_eq!(send(&own, "/v1/payments", Some("a-key-of-the-customer"), &body).status, 200);
    // A key that staff burnt without naming a customer comes too late for each.
    assert_eq!(resolve(&staff, "burnt-by-the-staff", "").status, 410);
    assert_eq!(send(&own, "/v1/payments", Some("burnt-by-the-staff"), &body).status, 410);
    assert_eq!(resolve(&own, "burnt-by-the-staff", "655080").status, 410);
    assert_eq!(bench.made(), 2);
}

#[test]
fn malformed_key_is_refused_before_anything_is_done() {
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
    let again = bench.beside(|_, _| ());
    assert_eq!(send(&again, "/v1/payments", KEY, &payment(&[])).body, first.body, "another process over the same file");
    bench.execute("UPDATE attempts SET settled_at = settled_at - 30 * 24 * 60 * 60");
    let later = send(&again, "/v1/payments", KEY, &payment(&[]));
    assert_eq!((later.status, later.header("idempotent-replayed")), (200, None));
    assert_ne!(later.body, first.body);
    bench.execute("UPDATE attempts SET settled_at = settled_at - 30 * 24 * 60 * 60");
    // One write in sixty-four clears away.
    for count in 0..64 {
        send(&again, "/v1/payments", &format!("a-key-that-cleans-up-{count}"), &payment(&[]));
    }
    assert_eq!(bench.value::<i64>("SELECT count(*) FROM attempts"), 64, "outdated keys are cleared away");
}

/// H5: within its last day a key is not sent again, so the server never meets a key that it has forgotten.
#[test]
fn form_stops_sending_a_key_a_day_before_the_server_forgets_it() {
    let day = 24 * 60 * 60;
    assert_eq!(KEY_AGE_MAX / 1000 + day, LIFETIME);
}

/// H4: another program holds the file.
#[test]
fn locked_ledger_answers_503_and_keeps_nothing() {
    let bench = Bench::over_file();
    let ledger = bench.ledger();
    ledger.execute_batch("BEGIN IMMEDIATE").unwrap();
    let reply = send(&bench, "/v1/payments", KEY, &payment(&[]));
    assert_eq!((reply.status, reply.header("retry-after")), (503, Some("1")));
    assert!(!reply.text().to_lowercase().contains("sql"), "{}", reply.text());
    assert_eq!(bench.get("/v1/payments/7613580").status, 200, "reads go on");
    assert_eq!(bench.get("/healthz").status, 200, "the process is alive");
    assert_eq!(bench.get("/readyz").status, 503, "and cannot pay");
    ledger.execute_batch("ROLLBACK").unwrap();
    assert_eq!(bench.get("/readyz").status, 200);
    assert_eq!(bench.made(), 0);
    assert_eq!(send(&bench, "/v1/payments", KEY, &payment(&[])).header("idempotent-replayed"), None, "the retry runs for real");
    assert_eq!(bench.made(), 1);
}

/// Readiness is about payments: a missing table is told, too.
#[test]
fn ledger_without_a_table_is_not_ready() {
    let bench = Bench::over_file();
    assert_eq!(bench.get("/readyz").status, 200);
    bench.ledger().execute_batch("ALTER TABLE methods RENAME TO hidden").unwrap();
    let reply = bench.get("/readyz");
    assert!(reply.status >= 500 && !reply.text().contains("methods"), "{}", reply.text());
    assert_eq!(bench.get("/healthz").status, 200);
    bench.ledger().execute_batch("ALTER TABLE hidden RENAME TO methods").unwrap();
    assert_eq!(bench.get("/readyz").status, 200);
}

/// The queue of writes is bounded, a wait in it too, and a client that goes away leaves it.
#[test]
fn full_queue_refuses_at_once_and_gone_clients_leave_it() {
    let bench = Bench::over(None, |config, _| config.queue = QueueLimits { length: 3, deadline: Duration::from_secs(60) });
    let ledger = bench.ledger();
    ledger.execute_batch("BEGIN IMMEDIATE").unwrap();
    // Three requests wait, and their clients go away.
    let mut streams = Vec::new();
    for count in 0..3 {
        let body = payment(&[]);
        let mut stream = TcpStream::connect(bench.address).unwrap();
        let head = format!(
            "POST /v1/payments HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer demo-token\r\nContent-Type: application/json\r\nIdempotency-Key: gone-from-the-queue-{count}\r\nContent-Length: {}\r\n\r\n",
            bench.address,
            body.len()
        );
        stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
        streams.push(stream);
    }
    let until = |wanted: u16| {
        let deadline = Instant::now() + Duration::from_secs(20);
        let mut count = 0;
        while Instant::now() < deadline {
            count += 1;
            let reply = send(&bench, "/v1/payments", &format!("one-more-of-{wanted}-{count:04}"), &payment(&[]));
            if reply.status == wanted {
                return reply;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("never answered {wanted}");
    };
    let full = until(503);
    assert_eq!(full.header("retry-after"), Some("1"));
    assert_eq!(bench.get("/v1/payments/7613580").status, 200, "reads go on");
    drop(streams);
    std::thread::sleep(Duration::from_millis(100));
    ledger.execute_batch("ROLLBACK").unwrap();
    assert_eq!(until(200).status, 200, "there is room again");
    let known: i64 = bench.value("SELECT count(*) FROM attempts WHERE key LIKE 'gone-from-the-queue%'");
    assert_eq!(known, 0, "whose client went away before the turn, left no payment");
}

/// S31: what the database says stays inside.
#[test]
fn an_unexpected_error_undoes_everything_and_tells_nothing() {
    let bench = Bench::over_file();
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
        assert_eq!(bench.made(), count + 1, "there is one payment, even if the first request got through");
    }
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(bench.made(), 20);
}
