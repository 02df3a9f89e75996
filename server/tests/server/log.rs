//! Tests the log of the program: a line for each payment, whoever reads it, and no answer that waits for it.

use super::{
    bench::{Ask, Bench, Folder, payment},
    identity::{SECRET, claims, token},
    process::{PROGRAM, ServerProcess, greeted, start},
};
use serde_json::{Value, json};
use std::{
    io::Read,
    process::Command,
    time::{Duration, Instant},
};

/// A log that cannot be written costs lines of the log, and no answer.
#[cfg(target_os = "linux")]
#[test]
fn broken_log_loses_no_payment() {
    for redirection in ["2>/dev/full", "2>&-", "2>/dev/null"] {
        let folder = Folder::new();
        let db = folder.path().join("ledger.sqlite");
        let script = format!("exec {PROGRAM} --demo --port 0 --today 2026-11-20 --db {} {redirection}", db.display());
        let running = greeted(Command::new("sh").args(["-c", &script]));
        for count in 0..10 {
            assert_eq!(running.pay(&format!("a-key-with-number-{count}"), "").status, 200, "{redirection}");
        }
    }
}

/// Asks so often that the log fills its pipe.
fn fill_log(running: &ServerProcess) {
    for count in 0..1200 {
        let reply = Ask::new("GET", "/v1/payments/7613580").send_to(running.address);
        assert_eq!(reply.status, 200, "{count}");
    }
}

/// A log that nobody reads blocks nobody: the pipe is full after some hundred lines.
#[test]
fn unread_log_blocks_no_request() {
    let folder = Folder::new();
    let db = folder.path().join("ledger.sqlite");
    let mut running = start(&db, &["--rate-limit", "0"]);
    fill_log(&running);
    assert_eq!(running.pay("0123456789abcdef", "").status, 200);
    running.signal("-TERM");
    assert!(running.child.wait().unwrap().success(), "and it ends as it should");
}

/// The last words of the program go the same way as its log: where nobody reads them, it ends without them.
#[test]
fn unread_log_keeps_no_broken_server_from_ending() {
    let folder = Folder::new();
    let db = folder.path().join("ledger.sqlite");
    let mut running = start(&db, &["--rate-limit", "0"]);
    fill_log(&running);
    std::fs::remove_file(&db).unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    let ended = loop {
        if let Some(ended) = running.child.try_wait().unwrap() {
            break ended;
        }
        assert!(Instant::now() < deadline, "the server waits for a reader of its last words");
        std::thread::sleep(Duration::from_millis(50));
    };
    assert!(!ended.success());
}

/// A committed payment has its line, though its client is gone before the answer.
#[test]
fn payment_without_a_waiting_client_has_its_line() {
    let folder = Folder::new();
    let mut running = start(&folder.path().join("ledger.sqlite"), &["--log", "json"]);
    let body = payment(&[]);
    for count in 0..20 {
        let mut stream = std::net::TcpStream::connect(running.address).unwrap();
        let head = format!(
            "POST /v1/payments HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer demo-token\r\nContent-Type: application/json\r\nIdempotency-Key: gone-away-number-{count:04}\r\nContent-Length: {}\r\n\r\n",
            running.address,
            body.len()
        );
        std::io::Write::write_all(&mut stream, format!("{head}{body}").as_bytes()).unwrap();
    }
    assert_eq!(running.pay("0123456789abcdef", "").status, 200);
    running.signal("-TERM");
    assert!(running.child.wait().unwrap().success());
    let mut log = String::new();
    running.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    let ledger = rusqlite::Connection::open(folder.path().join("ledger.sqlite")).unwrap();
    let mut statement = ledger.prepare("SELECT id FROM payments WHERE id > 7613585").unwrap();
    let made: Vec<i64> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for number in &made {
        let mut ours = lines.iter().filter(|line| line["message"] == "recorded" && line["payment"] == json!(number.to_string()));
        let line = ours.next().unwrap_or_else(|| panic!("payment {number} has no line: {log}"));
        assert!(ours.next().is_none(), "payment {number} has two lines");
        assert!(line["timestamp"].is_string() && line["request"].is_string() && line["ms"].is_f64(), "{line}");
        assert_eq!(line["status"], 200);
    }
    assert!(!log.contains("demo-token") && !log.contains("gone-away-number"), "no secret and no key stands in clear");
    assert!(!made.is_empty());
}

/// An attempt that a member of the staff settles leaves its request, its key's hash, its payment and who it was.
#[test]
fn settlement_by_hand_and_sessions_have_their_lines() {
    let vendor = Bench::start();
    let folder = Folder::new();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let db = folder.path().join("attempts.sqlite");
    let mut command = Command::new(PROGRAM);
    command.args(["--port", "0", "--log", "json", "--upstream", &format!("fusebill=http://{}", vendor.address)]);
    command.args(["--upstream-key-file", &file("vendor.key", "demo-key"), "--jwt-secret-file", &file("secret", SECRET)]);
    let mut running = greeted(command.arg("--db").arg(&db).env_remove("DATABASE_URL"));
    let staff = |name: &str| token(&claims(json!({"role": "staff", "customerId": null, "sub": name})));
    let send = |name: &str, method: &str, path: &str, key: &str, body: &str| {
        let ask = Ask::new(method, path).with("Authorization", &format!("Bearer {}", staff(name))).with("Idempotency-Key", key);
        ask.body("application/json", body).send_to(running.address)
    };
    let made: Vec<i64> = ["\"the-first-key-of-two\"", "the-other-key-of-two"]
        .map(|key| send("ann", "POST", "/v1/payments", key, &payment(&[])).json()["id"].as_i64().unwrap())
        .to_vec();
    let ledger = rusqlite::Connection::open(&db).unwrap();
    ledger.busy_timeout(Duration::from_secs(5)).unwrap();
    let lost = "stage = 'unknown', payment = NULL, look_at = 9000000000000";
    // Under this mark the vendor has no payment.
    let unmarked = "UPDATE upstream SET mark = 'AAAA-AAAA' WHERE key = 'the-other-key-of-two'";
    ledger.execute_batch(&format!("UPDATE upstream SET {lost}; {unmarked}; DELETE FROM attempts")).unwrap();
    let settle = |name: &str, key: &str, end: &str, body: &str| {
        let path = format!("/attempts/{key}/settle{end}");
        Ask::new("POST", &path)
            .with("Authorization", &format!("Bearer {}", staff(name)))
            .body("application/json", body)
            .send_to(running.address)
            .status
    };
    let found = format!(r#"{{"note":"a secret note","paymentId":{}}}"#, made[0]);
    assert_eq!(settle("ann", "the-first-key-of-two", "", &found), 200);
    assert_eq!(settle("bob", "the-other-key-of-two", "/", r#"{"note":"a secret note"}"#), 410);
    assert_eq!(settle("bob", "the-other-key-of-two", "", r#"{"note":"a secret note"}"#), 404);
    let by = |key: &str| {
        let statement = "SELECT settled_by || ': ' || note FROM upstream WHERE key = ?1";
        ledger.query_row(statement, [key], |row| row.get::<_, String>(0)).unwrap()
    };
    assert_eq!(by("the-first-key-of-two"), "ann: a secret note");
    assert_eq!(by("the-other-key-of-two"), "bob: a secret note");
    assert_eq!(send("ann", "POST", "/session", "", "").status, 204);
    running.signal("-TERM");
    assert!(running.child.wait().unwrap().success());
    let mut log = String::new();
    running.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |message: &str| lines.iter().filter(|line| line["message"] == message).collect::<Vec<_>>();
    let by_hand = of("settled by hand");
    let at = |path: &str| of("answered").into_iter().filter(|line| line["path"] == path).collect::<Vec<_>>();
    let (settles, sessions) = (at("/attempts/{key}/settle"), at("/session"));
    assert_eq!((by_hand.len(), settles.len(), sessions.len()), (2, 3, 1), "{log}");
    assert_eq!(settles.iter().map(|line| line["status"].as_u64().unwrap()).collect::<Vec<_>>(), [200, 410, 404]);
    assert_eq!([&by_hand[0]["payment"], &by_hand[1]["payment"]], [&json!(made[0].to_string()), &Value::Null]);
    let payments = at("/v1/payments");
    for (line, (answered, paid)) in by_hand.iter().zip(settles.iter().zip(&payments)) {
        for name in ["request", "principal", "key"] {
            assert_eq!(line[name], answered[name], "{name}: {log}");
        }
        assert_eq!(line["key"], paid["key"], "the settlement is found by the key of its payment");
    }
    assert_ne!(by_hand[0]["principal"], by_hand[1]["principal"]);
    let recorded = of("recorded").into_iter().filter(|line| line["payment"] == json!(made[0].to_string())).collect::<Vec<_>>();
    assert_eq!(recorded.last().unwrap()["request"], by_hand[0]["request"]);
    for secret in ["key-of-two", "secret note", "Bearer", staff("ann").as_str()] {
        assert!(!log.contains(secret), "{secret} stands in the log: {log}");
    }
}
