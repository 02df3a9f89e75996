//! Plays random schedules, kills and two servers before a vendor. The vendor's own ledger is the witness.

use super::{
    bench::{Ask, Bench, Folder, Reply, database, payment, schema, session},
    network::{FAULTS, Fault, Proxy, number_from_env},
    process::PROGRAM,
    upstream::{Chain, KEY},
};
use payment_form_server::{
    ledger::{Location, postgres::DatabaseUrl, sql::Value},
    response::Contract,
};
use rand::{RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};
use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

/// The outcome of a key, asked until it is settled or cannot be known.
fn poll_until_settled(resolve: impl Fn() -> Reply, made: impl Fn() -> i64) -> Reply {
    // The latest request arrives within a moment; then one look is enough.
    for _ in 0..10 {
        let reply = resolve();
        if reply.status != 409 || made() == 0 {
            std::thread::sleep(Duration::from_millis(200));
            return resolve();
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    resolve()
}

/// `PAYMENT_FORM_UPSTREAM=1000` makes a long run of it.
#[test]
fn random_schedules_double_lose_and_mistell_nothing() {
    let chain = Chain::new();
    let mut random = Xoshiro256PlusPlus::seed_from_u64(number_from_env("PAYMENT_FORM_SEED", 1));
    let mut outcomes = std::collections::BTreeMap::<u16, u32>::new();
    for number in 0..number_from_env("PAYMENT_FORM_UPSTREAM", 40) {
        let key = format!("schedule-{number:08}");
        let body = payment(&[("reference", &format!("\"{key}\""))]);
        let made = || chain.vendor.value::<i64>(&format!("SELECT count(*) FROM payments WHERE reference LIKE '{key} %'"));
        for _ in 0..1 + random.random_range(0..4) {
            chain.proxy.next(FAULTS[random.random_range(0..FAULTS.len())]);
            chain.proxy.reads_fail.store(random.random_range(0..3) == 0, Ordering::Relaxed);
            let reply = if random.random_range(0..6) == 0 { chain.resolve(&key) } else { chain.pay(&key, &body) };
            assert!(matches!(reply.status, 200 | 404 | 409 | 410 | 429 | 502 | 503), "{key}: {} {}", reply.status, reply.text());
        }
        chain.proxy.next(Fault::None);
        chain.proxy.reads_fail.store(false, Ordering::Relaxed);
        let end = poll_until_settled(|| chain.resolve(&key), made);
        *outcomes.entry(end.status).or_default() += 1;
        match end.status {
            200 => assert_eq!(made(), 1, "{key}: recorded"),
            410 | 409 => assert_eq!(made(), 0, "{key}: {}", end.text()),
            status => panic!("{key}: {status} {}", end.text()),
        }
    }
    println!("{outcomes:?}");
    assert!(outcomes.contains_key(&200) && outcomes.len() > 1, "{outcomes:?}");
}

struct FrontProcess(Child, SocketAddr);

const PORTAL_TOKEN: &str = "a-token-of-the-portal";

impl FrontProcess {
    fn start(folder: &Folder, proxy: &Proxy) -> Self {
        let mut command = Self::command(folder, proxy, Contract::Fusebill);
        Self::greeted(command.arg("--db").arg(folder.path().join("front.sqlite")))
    }

    /// A server over a database that others share.
    fn over(database: &str, folder: &Folder, proxy: &Proxy, contract: Contract) -> Self {
        Self::greeted(Self::command(folder, proxy, contract).env("DATABASE_URL", database))
    }

    fn command(folder: &Folder, proxy: &Proxy, contract: Contract) -> Command {
        let (name, vendor_key) = match contract {
            Contract::Fusebill => ("fusebill", "demo-key"),
            Contract::MaiaScore => ("maiascore", "demo-token"),
        };
        std::fs::write(folder.path().join("key"), vendor_key).unwrap();
        let mut command = Command::new(PROGRAM);
        command.args(["--port", "0", "--quiet", "--rate-limit", "0", "--upstream", &format!("{name}=http://{}", proxy.address)]);
        command.arg("--upstream-key-file").arg(folder.path().join("key")).env("PAYMENT_FORM_TOKEN", PORTAL_TOKEN);
        command.env_remove("DATABASE_URL").stdout(Stdio::piped()).stderr(Stdio::null());
        command
    }

    fn greeted(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next()).expect(&line).parse().unwrap();
        Self(child, address)
    }

    fn post(&self, path: &str, key: &str, body: &str) -> Option<Reply> {
        let ask = Ask::new("POST", path).with("Authorization", &format!("Bearer {PORTAL_TOKEN}")).with("Idempotency-Key", key);
        ask.body("application/json", body).try_send_to(self.1)
    }
}

impl Drop for FrontProcess {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The front server is killed at any moment. `PAYMENT_FORM_KILLS=500` makes a long run of it.
#[test]
fn killed_server_doubles_loses_and_mistells_nothing() {
    let vendor = Bench::with(|config, _| config.rate_limit = 0);
    let proxy = Proxy::before(vendor.address);
    let folder = Folder::new();
    let mut random = Xoshiro256PlusPlus::seed_from_u64(number_from_env("PAYMENT_FORM_SEED", 1));
    let mut outcomes = std::collections::BTreeMap::<u16, u32>::new();
    for number in 0..number_from_env("PAYMENT_FORM_KILLS", 12) {
        let key = format!("killed-{number:010}");
        let body = payment(&[("reference", &format!("\"{key}\""))]);
        let made = || vendor.value::<i64>(&format!("SELECT count(*) FROM payments WHERE reference LIKE '{key} %'"));
        let ask = |path: &str| Ask::new("POST", path).with("Authorization", &format!("Bearer {PORTAL_TOKEN}"));
        let pay = |address: SocketAddr| {
            ask("/v1/payments").with("Idempotency-Key", &key).body("application/json", &body).try_send_to(address)
        };
        let mut front = FrontProcess::start(&folder, &proxy);
        proxy.next(FAULTS[random.random_range(0..FAULTS.len())]);
        let address = front.1;
        std::thread::scope(|scope| {
            scope.spawn(|| pay(address));
            std::thread::sleep(Duration::from_micros(random.random_range(0..25_000) as u64));
            front.0.kill().unwrap();
        });
        drop(front);
        proxy.next(Fault::None);
        let front = FrontProcess::start(&folder, &proxy);
        let retried = pay(front.1).expect("an answer");
        assert!(matches!(retried.status, 200 | 409), "{key}: {} {}", retried.status, retried.text());
        let resolve = || ask("/v1/payments/resolve").body("application/json", format!("{{\"key\":\"{key}\"}}")).send_to(front.1);
        let end = poll_until_settled(resolve, made);
        *outcomes.entry(end.status).or_default() += 1;
        assert_eq!(made(), i64::from(end.status == 200), "{key}: {} {}", end.status, end.text());
    }
    println!("{outcomes:?}");
}

/// Two servers share one database. The one that sent a payment is killed while the reply is on its way, and the other one finds the payment.
#[test]
fn payment_of_a_killed_server_is_settled_by_the_other_server() {
    let Some(database) = database() else {
        println!("skipped: PAYMENT_FORM_TEST_DATABASE_URL names no PostgreSQL database");
        return;
    };
    for contract in [Contract::Fusebill, Contract::MaiaScore] {
        let address = schema(&database);
        let shared = Location::Database(DatabaseUrl::new(&address).unwrap());
        let vendor = Bench::with(|config, _| config.rate_limit = 0);
        let proxy = Proxy::before(vendor.address);
        let folders = [Folder::new(), Folder::new()];
        let mut sender = FrontProcess::over(&address, &folders[0], &proxy, contract);
        let other = FrontProcess::over(&address, &folders[1], &proxy, contract);
        let (path, body) = match contract {
            Contract::Fusebill => ("/v1/payments", payment(&[])),
            Contract::MaiaScore => {
                let record = r#"{"amountDue": 2, "amountPaid": 1, "dueDate": "2026-12-01", "date": "2026-11-20"}"#;
                ("/payments", record.to_owned())
            }
        };
        proxy.next(Fault::Held);
        std::thread::scope(|scope| {
            let (sender_address, body) = (sender.1, &body);
            scope.spawn(move || {
                let ask = Ask::new("POST", path).with("Authorization", &format!("Bearer {PORTAL_TOKEN}"));
                let reply = ask.with("Idempotency-Key", KEY).body("application/json", body).try_send_to(sender_address);
                assert!(reply.is_none(), "the server is killed before it answers");
            });
            until_in(&shared, "SELECT coalesce(max(stage), '') FROM upstream", "sent");
            while vendor.made() == 0 {
                std::thread::sleep(Duration::from_millis(5));
            }
            sender.0.kill().unwrap();
        });
        if contract == Contract::MaiaScore {
            // A mark would tell the payment at once; equal records are not told apart while a reply may come.
            assert_eq!(other.post(path, KEY, &body).expect("an answer").status, 409);
        }
        // The time passes in which a living server would have stored the reply.
        session(&shared).run("UPDATE upstream SET look_at = 0", &[]).unwrap();
        until_in(&shared, "SELECT stage FROM upstream", "settled");
        let told = other.post(path, KEY, &body).expect("an answer");
        assert_eq!((told.status, told.header("idempotent-replayed")), (200, Some("true")), "{}", told.text());
        assert_eq!((vendor.made(), *proxy.payments.lock().unwrap()), (1, 1), "made once, sent once");
        proxy.holds.store(false, Ordering::Relaxed);
    }
}

/// Waits until a statement over a database gives this text.
fn until_in(database: &Location, statement: &str, wanted: &str) {
    let deadline = Instant::now() + Duration::from_secs(60);
    let mut session = session(database);
    while session.rows(statement, &[]).unwrap()[0].0[0] != Value::Text(wanted.to_owned()) {
        assert!(Instant::now() < deadline, "{statement} never gives {wanted}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
