//! Tests the log of the program: a line for each payment, whoever reads it, and no answer that waits for it.

use super::{
    bench::{Ask, Folder, payment},
    process::{PROGRAM, ServerProcess, greeted, start},
};
use serde_json::Value;
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
        let mut ours = lines.iter().filter(|line| line["message"] == "recorded" && line["payment"] == *number);
        let line = ours.next().unwrap_or_else(|| panic!("payment {number} has no line: {log}"));
        assert!(ours.next().is_none(), "payment {number} has two lines");
        assert!(line["timestamp"].is_string() && line["request"].is_string() && line["ms"].is_f64(), "{line}");
        assert_eq!(line["status"], 200);
    }
    assert!(!log.contains("demo-token") && !log.contains("gone-away-number"), "no secret and no key stands in clear");
    assert!(!made.is_empty());
}
