//! The program itself: its command line, its one line when it is ready, its signals.

use super::bench::{Ask, Folder, Reply, payment};
use payment_form_server::config::{Asked, Config};
use std::{
    io::{BufRead, BufReader, Read},
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_payment-form-server");

struct Running {
    child: Child,
    address: SocketAddr,
    greeting: String,
}

fn start(db: &Path, more: &[&str]) -> Running {
    greeted(Command::new(PROGRAM).args(["--port", "0", "--today", "2026-11-20", "--db"]).arg(db).args(more))
}

/// Starts a server and waits until it is ready.
fn greeted(command: &mut Command) -> Running {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut greeting = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut greeting).unwrap();
    let address = greeting.split("http://").nth(1).and_then(|rest| rest.split('/').next()).expect(&greeting).parse().unwrap();
    Running { child, address, greeting }
}

impl Running {
    fn pay(&self, key: &str, fault: &str) -> Reply {
        let ask = Ask::new("POST", "/v1/payments").with("Idempotency-Key", key).with("X-Fault", fault);
        ask.body("application/json", payment(&[("reference", "\"a secret note\"")])).send_to(self.address)
    }

    fn signal(&self, name: &str) {
        assert!(Command::new("kill").arg(name).arg(self.child.id().to_string()).status().unwrap().success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn run(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).args(arguments).env_remove("PAYMENT_FORM_TOKEN").output().unwrap()
}

/// S31: of a request the log holds who, which key, what came of it and how long it took, and none of them in clear.
#[test]
fn it_greets_serves_and_ends_on_a_signal() {
    for signal in ["-INT", "-TERM"] {
        let folder = Folder::new();
        let mut running = start(&folder.path().join("ledger.sqlite"), &[]);
        assert!(running.greeting.contains("development mode"), "{}", running.greeting);
        assert_eq!(running.pay("0123456789abcdef", "").status, 200);
        running.signal(signal);
        let status = running.child.wait().unwrap();
        assert!(status.success(), "{signal}: {status}");
        let (mut rest, mut log) = (String::new(), String::new());
        running.child.stdout.take().unwrap().read_to_string(&mut rest).unwrap();
        running.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        assert_eq!(rest, "", "one line is enough");
        assert_eq!(log.lines().count(), 1, "one line for the request: {log}");
        assert!(log.contains("method=POST path=/v1/payments principal=") && log.contains(" status=200 ms="), "{log}");
        for secret in ["demo-token", "0123456789abcdef", "secret note", "655080"] {
            assert!(!log.contains(secret), "{secret} stands in the log: {log}");
        }
    }
}

/// Whoever copies the file of a server that has ended copies all of the ledger.
#[test]
fn an_ended_server_leaves_one_whole_file() {
    let folder = Folder::new();
    let mut running = start(&folder.path().join("ledger.sqlite"), &["--quiet"]);
    assert_eq!(running.pay("0123456789abcdef", "").status, 200);
    let list = Ask::new("GET", "/v1/customers/655080/invoiceSummaries").send_to(running.address);
    assert_eq!(list.status, 200);
    running.signal("-INT");
    assert!(running.child.wait().unwrap().success());
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(files, ["ledger.sqlite"]);
}

/// H7: what was begun when the signal came is answered, and only what was answered, or never begun, is not there.
#[test]
fn a_signal_under_load_leaves_no_request_unanswered() {
    let folder = Folder::new();
    let db = folder.path().join("ledger.sqlite");
    let mut running = start(&db, &["--quiet", "--rate-limit", "0"]);
    let address = running.address;
    let clients: Vec<_> = (0..4)
        .map(|_| {
            std::thread::spawn(move || {
                let mut answered = 0;
                while let Some(reply) =
                    Ask::new("POST", "/v1/payments").body("application/json", payment(&[])).try_send_to(address)
                {
                    assert_eq!(reply.status, 200);
                    answered += 1;
                }
                answered
            })
        })
        .collect();
    std::thread::sleep(std::time::Duration::from_millis(300));
    running.signal("-TERM");
    assert!(running.child.wait().unwrap().success());
    let answered: i64 = clients.into_iter().map(|client| client.join().unwrap()).sum();
    let ledger = rusqlite::Connection::open(&db).unwrap();
    let made: i64 = ledger.query_row("SELECT count(*) FROM payments WHERE id > 7613585", [], |row| row.get(0)).unwrap();
    assert_eq!(made, answered, "a payment for each answer, an answer for each payment");
    assert!(answered > 0);
}

#[test]
fn what_is_wrong_is_told_in_one_sentence() {
    let folder = Folder::new();
    let db = folder.path().join("ledger.sqlite");
    let db = db.to_str().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for (arguments, words) in [
        (vec!["--port", &port, "--db", db], format!("Port {port} is taken")),
        (vec!["--port", "x"], "--port wants a number from 0 to 65535, not `x`.".to_owned()),
        (vec!["--port"], "--port needs a value after it".to_owned()),
        (vec!["--nothing"], "`--nothing` is not an option".to_owned()),
        (vec!["--today", "2026-02-30"], "--today wants a day such as 2026-11-20".to_owned()),
        (vec!["--token", "short"], "--token wants at least 8 visible ASCII characters".to_owned()),
        (vec!["--allow-origin", "https://a.test/path"], "--allow-origin wants an origin".to_owned()),
        (vec!["--host", "0.0.0.0"], "--host 0.0.0.0 opens the ledger to other machines".to_owned()),
        (vec!["--port", "0", "--dist", "/nowhere", "--db", db], "--dist /nowhere is not a directory".to_owned()),
        (vec!["--port", "0", "--db", "/nowhere/x.sqlite"], "does its directory exist".to_owned()),
    ] {
        let output = run(&arguments);
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success(), "{arguments:?}");
        assert!(text.contains(&words), "{arguments:?}: {text}");
        assert_eq!(text.lines().count(), 1, "one sentence: {text}");
        assert!(output.stdout.is_empty());
    }
    let help = run(&["--help"]);
    assert!(help.status.success() && String::from_utf8(help.stdout).unwrap().contains("--rate-limit"));
}

#[test]
fn credentials_come_from_the_environment_too() {
    let environment = |name: &str| (name == "PAYMENT_FORM_TOKEN").then(|| "from-the-environment".to_owned());
    let Asked::Serve(config) = Config::read(["--key".to_owned(), "a-real-key".to_owned()], environment).unwrap() else {
        panic!("asked to serve");
    };
    assert_eq!((config.tokens, config.keys), (vec!["from-the-environment".to_owned()], vec!["a-real-key".to_owned()]));
    let Asked::Serve(config) =
        Config::read(["--token".to_owned(), "a-real-token".to_owned(), "--host".to_owned(), "0.0.0.0".to_owned()], |_| None)
            .unwrap()
    else {
        panic!("asked to serve");
    };
    assert!(!config.is_development());
}

#[test]
fn what_was_acknowledged_survives_a_kill() {
    let folder = Folder::new();
    let db = folder.path().join("ledger.sqlite");
    let mut first = start(&db, &["--quiet"]);
    let records: Vec<Reply> = (0..5).map(|count| first.pay(&format!("acknowledged-key-{count}"), "")).collect();
    first.child.kill().unwrap();
    first.child.wait().unwrap();
    let second = start(&db, &["--quiet"]);
    for (count, record) in records.iter().enumerate() {
        let again = second.pay(&format!("acknowledged-key-{count}"), "");
        assert_eq!((again.header("idempotent-replayed"), &again.body), (Some("true"), &record.body));
    }
}

/// H4: files may grow to a limit, as on a disk that is full.
#[cfg(unix)]
#[test]
fn a_full_disk_is_told_and_nothing_is_lost() {
    let folder = Folder::new();
    let db = folder.path().join("ledger.sqlite");
    drop(start(&db, &["--quiet"]));
    // Blocks of 512 bytes; the program ignores the signal with which the system would end it, and writing fails instead.
    let script = format!("trap '' XFSZ; ulimit -f 400; exec {PROGRAM} --port 0 --quiet --today 2026-11-20 --db {}", db.display());
    let running = greeted(Command::new("sh").args(["-c", &script]));
    let note = format!("\"{}\"", "x".repeat(500));
    let mut records = Vec::new();
    let refused = (0..400).find_map(|count| {
        let ask = Ask::new("POST", "/v1/payments").with("Idempotency-Key", &format!("fills-the-disk-{count}"));
        let reply = ask.body("application/json", payment(&[("reference", &note)])).send_to(running.address);
        if reply.status == 200 {
            records.push(reply.json()["id"].as_i64().unwrap());
            return None;
        }
        Some(reply)
    });
    let refused = refused.expect("the disk is full at some time");
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("1")), "{}", refused.text());
    let ask = Ask::new("GET", &format!("/v1/payments/{}", records.last().unwrap()));
    assert_eq!(ask.send_to(running.address).status, 200, "what is there can still be read");
    drop(running);
    let ledger = rusqlite::Connection::open(&db).unwrap();
    let made: i64 = ledger.query_row("SELECT count(*) FROM payments WHERE id > 7613585", [], |row| row.get(0)).unwrap();
    assert_eq!(made, records.len() as i64, "a payment for each record, and no other");
    assert!(!records.is_empty());
}

/// S33: without the feature the header means nothing; with it each fault does what it says.
#[test]
fn faults_exist_only_behind_their_feature() {
    let folder = Folder::new();
    let running = start(&folder.path().join("ledger.sqlite"), &["--quiet"]);
    let statuses =
        ["status-502", "commit-then-500", "reject-after-late"].map(|fault| running.pay(&format!("key-of-{fault}"), fault).status);
    if cfg!(feature = "faults") {
        assert_eq!(statuses, [502, 500, 400]);
        let status = |fault: &str| running.pay(&format!("key-of-{fault}"), "").status;
        assert_eq!(["status-502", "commit-then-500", "reject-after-late"].map(status), [200, 200, 400], "what became of each");
        assert_eq!(running.pay("key-of-commit-then-500", "").header("idempotent-replayed"), Some("true"));
    } else {
        assert_eq!(statuses, [200, 200, 200]);
    }
}

#[cfg(feature = "faults")]
#[test]
fn a_process_that_dies_in_the_middle_leaves_all_or_nothing() {
    let folder = Folder::new();
    let db = folder.path().join("ledger.sqlite");
    for (point, is_there) in [("read", false), ("checked", false), ("inserted", false), ("settled", false), ("committed", true)] {
        let key = format!("dies-when-{point}-reached");
        let mut running = start(&db, &["--quiet"]);
        let (address, fault) = (running.address, format!("abort-{point}"));
        let asked = std::thread::spawn({
            let key = key.clone();
            move || {
                let ask = Ask::new("POST", "/v1/payments").with("Idempotency-Key", &key).with("X-Fault", &fault);
                ask.body("application/json", payment(&[])).send_to(address)
            }
        });
        assert!(asked.join().is_err(), "nobody answers");
        assert!(!running.child.wait().unwrap().success());
        let ledger = rusqlite::Connection::open(&db).unwrap();
        let known: i64 = ledger.query_row("SELECT count(*) FROM attempts WHERE key = ?1", [&key], |row| row.get(0)).unwrap();
        assert_eq!(known == 1, is_there, "{point}");
        let retry = start(&db, &["--quiet"]).pay_plainly(&key);
        assert_eq!((retry.status, retry.header("idempotent-replayed").is_some()), (200, is_there), "{point}");
    }
    let ledger = rusqlite::Connection::open(&db).unwrap();
    let made: i64 = ledger.query_row("SELECT count(*) FROM payments WHERE id > 7613585", [], |row| row.get(0)).unwrap();
    assert_eq!(made, 5, "one payment for each key");
}

#[cfg(feature = "faults")]
impl Running {
    fn pay_plainly(&self, key: &str) -> Reply {
        Ask::new("POST", "/v1/payments").with("Idempotency-Key", key).body("application/json", payment(&[])).send_to(self.address)
    }
}

#[cfg(feature = "faults")]
#[test]
fn a_payment_that_takes_long_is_in_progress() {
    let folder = Folder::new();
    let running = start(&folder.path().join("ledger.sqlite"), &["--quiet"]);
    let key = "a-key-that-is-held";
    let settle = Ask::new("POST", "/v1/payments/resolve").body("application/json", format!("{{\"key\":\"{key}\"}}"));
    let other = Ask::new("POST", "/v1/payments").with("Idempotency-Key", key).body("application/json", payment(&[]));
    std::thread::scope(|scope| {
        let first = scope.spawn(|| running.pay(key, "hold-3500"));
        std::thread::sleep(std::time::Duration::from_millis(300));
        let second = scope.spawn(|| running.pay(key, ""));
        let other = scope.spawn(|| other.send_to(running.address));
        let settled = scope.spawn(|| settle.send_to(running.address));
        let second = second.join().unwrap();
        assert_eq!((second.status, second.header("retry-after")), (409, Some("1")));
        assert!(second.text().contains("Idempotency-Key"));
        assert_eq!(other.join().unwrap().status, 422, "another payload is told so, whatever becomes of the first");
        assert_eq!(settled.join().unwrap().status, 409);
        assert_eq!(first.join().unwrap().status, 200);
    });
    assert_eq!(running.pay(key, "").header("idempotent-replayed"), Some("true"));
}
