//! Tests the program itself: its command line, its one line when it is ready, its signals.

use super::bench::{Ask, Folder, Reply, payment};
use payment_form_server::config::{Action, Config};
use std::{
    io::{BufRead, BufReader, Read},
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_payment-form-server");

pub struct ServerProcess {
    pub child: Child,
    pub address: SocketAddr,
    greeting: String,
}

pub fn start(db: &Path, more: &[&str]) -> ServerProcess {
    greeted(Command::new(PROGRAM).args(["--demo", "--port", "0", "--today", "2026-11-20", "--db"]).arg(db).args(more))
}

/// Starts a server and waits until it is ready.
pub fn greeted(command: &mut Command) -> ServerProcess {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut greeting = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut greeting).unwrap();
    let address = greeting.split("http://").nth(1).and_then(|rest| rest.split('/').next());
    let Some(address) = address.and_then(|address| address.parse().ok()) else {
        let mut words = String::new();
        child.stderr.take().unwrap().read_to_string(&mut words).unwrap();
        panic!("the server did not start ({}): {greeting}{words}", child.wait().unwrap());
    };
    ServerProcess { child, address, greeting }
}

impl ServerProcess {
    pub fn pay(&self, key: &str, fault: &str) -> Reply {
        let ask = Ask::new("POST", "/v1/payments").with("Idempotency-Key", key).with("X-Fault", fault);
        ask.body("application/json", payment(&[("reference", "\"a secret note\"")])).send_to(self.address)
    }

    pub fn signal(&self, name: &str) {
        assert!(Command::new("kill").arg(name).arg(self.child.id().to_string()).status().unwrap().success());
    }
}

impl Drop for ServerProcess {
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
fn server_greets_serves_and_ends_on_a_signal() {
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
        assert_eq!(log.lines().count(), 2, "one line for the payment and one for the request: {log}");
        assert!(log.contains("recorded request=") && log.contains(" payment=7613586 key="), "{log}");
        assert!(log.contains("method=\"POST\"") || log.contains("method=POST"), "{log}");
        assert!(log.contains("path=\"/v1/payments\" principal=") && log.contains(" status=200 ms="), "{log}");
        for secret in ["demo-token", "0123456789abcdef", "secret note", "655080"] {
            assert!(!log.contains(secret), "{secret} stands in the log: {log}");
        }
    }
}

#[test]
fn invalid_option_is_told_in_one_sentence() {
    let folder = Folder::new();
    let db = folder.path().join("ledger.sqlite");
    let db = db.to_str().unwrap();
    let key = folder.path().join("key");
    std::fs::write(&key, "a-key-of-the-vendor").unwrap();
    let key = key.to_str().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for (arguments, words) in [
        (vec!["--demo", "--port", &port, "--db", db], format!("Port {port} is taken")),
        (vec!["--port", "x"], "invalid value 'x' for '--port <N>'".to_owned()),
        (vec!["--port"], "a value is required for '--port <N>'".to_owned()),
        (vec!["--nothing"], "unexpected argument '--nothing' found".to_owned()),
        (vec!["--today", "2026-02-30"], "a day is written like 2026-11-20".to_owned()),
        (vec!["--token", "a-secret-on-the-command-line"], "unexpected argument '--token' found".to_owned()),
        (vec!["--token-file", "/nowhere"], "/nowhere cannot be read".to_owned()),
        (
            vec![
                "--upstream",
                "fusebill=https://ann:secret@vendor.test",
                "--port",
                "0",
                "--upstream-key-file",
                key,
                "--token-file",
                key,
                "--db",
                db,
            ],
            "must hold no password".to_owned(),
        ),
        (vec!["--token-file", key, "--session-key-file", key], "were not provided: --demo".to_owned()),
        (vec!["--allow-origin", "https://a.test/path"], "an origin is written like".to_owned()),
        (vec!["--db", db], "Without credentials this server does not start".to_owned()),
        (vec!["--demo", "--host", "0.0.0.0"], "--host 0.0.0.0 opens the demo to other machines".to_owned()),
        (vec!["--demo", "--port", "0", "--dist", "/nowhere", "--db", db], "--dist /nowhere is not a directory".to_owned()),
        (vec!["--demo", "--port", "0", "--db", "/nowhere/x.sqlite"], "does its directory exist".to_owned()),
    ] {
        let output = run(&arguments);
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success(), "{arguments:?}");
        assert!(text.contains(&words), "{arguments:?}: {text}");
        assert_eq!(text.lines().count(), 1, "one sentence: {text}");
        assert!(output.stdout.is_empty());
    }
    assert!(!Path::new(db).exists(), "the ledger is made only after everything is right");
    let version = run(&["--version"]);
    assert_eq!(String::from_utf8(version.stdout).unwrap(), concat!("payment-form-server ", env!("CARGO_PKG_VERSION"), "\n"));
    let help = run(&["--help"]);
    assert!(help.status.success() && String::from_utf8(help.stdout).unwrap().contains("--rate-limit"));
}

/// Secrets come from files and the environment, and an empty one is a mistake and never "no credentials".
#[test]
fn secrets_from_files_and_environment_are_read_and_empty_ones_refused() {
    let folder = Folder::new();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let read = |option: &str, path: &str, token: Option<&str>| {
        let token = token.map(str::to_owned);
        Config::read([option.to_owned(), path.to_owned()], move |name| token.clone().filter(|_| name == "PAYMENT_FORM_TOKEN"))
    };
    let keys = file("keys", "a-key-of-16-bytes\n\n another-key-of-16 \n");
    let Action::Serve(config) = read("--key-file", &keys, Some("from-the-environment")).unwrap() else {
        panic!("asked to serve")
    };
    assert_eq!(config.tokens, ["from-the-environment"]);
    assert_eq!(config.keys, ["a-key-of-16-bytes", "another-key-of-16"]);
    assert!(!config.demo);
    // Guesses are hopeless at 16 characters, and right credentials wait for no failed login.
    let short = "a-token-of-15-b";
    for (path, token) in
        [(file("empty", "\n\n"), None), (keys.clone(), Some("")), (keys, Some(short)), (file("short", short), None)]
    {
        assert!(read("--token-file", &path, token).is_err(), "{path} {token:?}");
    }
}

/// Only their owner reads the ledger and the key that signs sessions, and that key stands in no row of the ledger.
#[cfg(unix)]
#[test]
fn files_of_the_ledger_are_private() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let db = folder.path().join("ledger.sqlite");
    let running = start(&db, &["--quiet"]);
    assert_eq!(running.pay("0123456789abcdef", "").status, 200);
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap).collect();
    assert_eq!(files.len(), 4, "the ledger, its two side files, and the session key: {files:?}");
    for file in files {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
    }
    let key = std::fs::read_to_string(folder.path().join("ledger.sqlite.session-key")).unwrap();
    drop(running);
    let ledger = std::fs::read(&db).unwrap();
    assert!(!ledger.windows(key.len()).any(|part| part == key.as_bytes()));
    // A ledger that others could read is closed to them.
    std::fs::set_permissions(&db, std::fs::Permissions::from_mode(0o644)).unwrap();
    drop(start(&db, &["--quiet"]));
    assert_eq!(std::fs::metadata(&db).unwrap().permissions().mode() & 0o777, 0o600);
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
        assert_eq!(["status-502", "commit-then-500", "reject-after-late"].map(status), [200, 200, 400], "the outcome of each");
        assert_eq!(running.pay("key-of-commit-then-500", "").header("idempotent-replayed"), Some("true"));
    } else {
        assert_eq!(statuses, [200, 200, 200]);
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
