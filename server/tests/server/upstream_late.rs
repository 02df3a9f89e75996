//! Tests replies of the vendor that come after the staff settled their attempts: the vendor's payment is told, and the staff are warned.

use super::{
    bench::{Ask, Bench, Folder, Reply, payment},
    network::{Fault, Proxy},
    process::{PROGRAM, ServerProcess, greeted},
    upstream::KEY,
};
use payment_form_server::response::Contract;
use rusqlite::Connection;
use serde_json::Value;
use std::{
    io::Read,
    process::Command,
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

const OTHER: &str = "0b5e9a52-7d0c-4c7e-9c06-0f3a5d3f8f22";
const BURNT_BUT_PAID: &str = "the vendor recorded a payment that the staff had settled as none; its key tells the payment now. The customer \
                              may have paid again with a new key: compare the payments, and give one back";

/// A server of its own process before a vendor, for its log. It keeps a SQLite file on either database.
struct LoggedChain {
    contract: Contract,
    vendor: Bench,
    proxy: Proxy,
    front: ServerProcess,
    folder: Folder,
}

impl LoggedChain {
    fn of(contract: Contract) -> Self {
        let vendor = Bench::with(|config, _| config.rate_limit = 0);
        let (proxy, folder) = (Proxy::before(vendor.address), Folder::new());
        let (name, vendor_key) = match contract {
            Contract::Fusebill => ("fusebill", "demo-key"),
            Contract::MaiaScore => ("maiascore", "demo-token"),
        };
        let key = folder.path().join("key");
        std::fs::write(&key, vendor_key).unwrap();
        let mut command = Command::new(PROGRAM);
        command.args(["--port", "0", "--log", "json", "--upstream", &format!("{name}=http://{}", proxy.address)]);
        command.arg("--upstream-key-file").arg(&key).arg("--db").arg(folder.path().join("attempts.sqlite"));
        command.env("PAYMENT_FORM_TOKEN", "a-token-of-the-portal").env_remove("DATABASE_URL");
        Self { contract, front: greeted(&mut command), vendor, proxy, folder }
    }

    fn ledger(&self) -> Connection {
        let ledger = Connection::open(self.folder.path().join("attempts.sqlite")).unwrap();
        ledger.busy_timeout(Duration::from_secs(5)).unwrap();
        ledger
    }

    fn text(&self, statement: &str) -> String {
        self.ledger().query_row(statement, [], |row| row.get::<_, Option<String>>(0)).unwrap().unwrap_or_default()
    }

    fn post(&self, path: &str, key: &str, body: &str) -> Reply {
        let ask = Ask::new("POST", path).with("Authorization", "Bearer a-token-of-the-portal").with("Idempotency-Key", key);
        ask.body("application/json", body).send_to(self.front.address)
    }

    fn pay(&self, key: &str) -> Reply {
        match self.contract {
            Contract::Fusebill => self.post("/v1/payments", key, &payment(&[])),
            Contract::MaiaScore => {
                let record = r#"{"amountDue": 75.50, "amountPaid": 50.25, "dueDate": "2026-12-01", "date": "2026-11-20"}"#;
                self.post("/payments", key, record)
            }
        }
    }

    fn resolve(&self, key: &str) -> Reply {
        let root = if self.contract == Contract::Fusebill { "/v1/payments" } else { "/payments" };
        self.post(&format!("{root}/resolve"), key, &format!("{{\"key\":\"{key}\"}}"))
    }

    fn settle(&self, key: &str, body: &str) -> Reply {
        self.post(&format!("/attempts/{key}/settle"), key, body)
    }

    /// Waits until the attempt is sent, and lets the time for its reply pass.
    fn lose_patience(&self, key: &str) {
        let stage = format!("SELECT max(stage) FROM upstream WHERE key = '{key}'");
        let deadline = Instant::now() + Duration::from_secs(60);
        while self.text(&stage) != "sent" {
            assert!(Instant::now() < deadline, "the attempt is never sent");
            std::thread::sleep(Duration::from_millis(10));
        }
        let unknown = format!("UPDATE upstream SET stage = 'unknown', look_at = 1000000000000 WHERE key = '{key}'");
        self.ledger().execute_batch(&unknown).unwrap();
    }

    /// Ends the server; its lines with this message come back.
    fn lines(mut self, message: &str) -> Vec<Value> {
        self.front.signal("-TERM");
        assert!(self.front.child.wait().unwrap().success());
        let mut log = String::new();
        self.front.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.filter(|line| line["message"].as_str().is_some_and(|words| words.starts_with(message))).collect()
    }
}

/// The request is under way for longer than anybody waits, and the staff see no payment at the vendor's.
#[test]
fn reply_after_a_settlement_as_none_is_told_and_the_staff_are_warned() {
    for contract in [Contract::Fusebill, Contract::MaiaScore] {
        let chain = LoggedChain::of(contract);
        chain.proxy.names_records.store(contract == Contract::MaiaScore, Ordering::Relaxed);
        chain.proxy.next(Fault::HeldRequest);
        let paid = std::thread::scope(|scope| {
            let paid = scope.spawn(|| chain.pay(KEY));
            chain.lose_patience(KEY);
            assert_eq!(chain.settle(KEY, r#"{"note":"none at the vendor's"}"#).status, 410);
            chain.proxy.holds.store(false, Ordering::Relaxed);
            paid.join().unwrap()
        });
        assert_eq!(paid.status, 200, "{}", paid.text());
        for told in [chain.pay(KEY), chain.resolve(KEY)] {
            assert_eq!((told.status, &told.body), (200, &paid.body));
        }
        let number = match contract {
            Contract::Fusebill => paid.json()["id"].to_string(),
            Contract::MaiaScore => paid.json()["data"]["id"].as_str().unwrap().to_owned(),
        };
        assert_eq!(number.starts_with("r-"), contract == Contract::MaiaScore, "{number}");
        assert_eq!(chain.text("SELECT payment FROM upstream"), number);
        assert_eq!(chain.text("SELECT note FROM upstream"), "none at the vendor's");
        assert_eq!(chain.vendor.made(), 1);
        let of_payment = |lines: Vec<Value>| lines.iter().map(|line| line["payment"].clone()).collect::<Vec<_>>();
        let chain_lines = chain.lines("");
        let of = |message: &str| chain_lines.iter().filter(|line| line["message"] == message).cloned().collect::<Vec<_>>();
        let warned = of(BURNT_BUT_PAID);
        assert_eq!(warned.len(), 1, "{chain_lines:?}");
        assert_eq!((&warned[0]["level"], warned[0]["payment"].as_str()), (&Value::from("ERROR"), Some(number.as_str())));
        assert_eq!(warned[0]["key"], of("settled by hand")[0]["key"]);
        assert_eq!(of_payment(of("recorded")), [Value::from(number)], "a name that is no number stands in the log, too");
    }
}

/// The staff say that the wrong one of two equal attempts has no payment, and its reply comes after the other one took the record.
#[test]
fn reply_whose_record_is_told_to_another_makes_a_burnt_attempt_unknown_again() {
    let chain = LoggedChain::of(Contract::MaiaScore);
    chain.proxy.next(Fault::Held);
    let late = std::thread::scope(|scope| {
        let late = scope.spawn(|| chain.pay(KEY));
        chain.lose_patience(KEY);
        while chain.vendor.made() == 0 {
            std::thread::sleep(Duration::from_millis(5));
        }
        chain.proxy.next(Fault::DropBefore);
        assert_eq!(chain.pay(OTHER).status, 502);
        chain.ledger().execute_batch("UPDATE upstream SET seen_before = NULL, look_at = 1000000000000").unwrap();
        assert_eq!(chain.settle(KEY, r#"{"note":"a guess"}"#).status, 410);
        assert_eq!(chain.resolve(OTHER).status, 200);
        chain.proxy.holds.store(false, Ordering::Relaxed);
        late.join().unwrap()
    });
    assert_eq!(late.status, 502, "{}", late.text());
    assert_eq!([chain.resolve(KEY).status, chain.pay(KEY).status], [409, 409], "no longer 410: its record came");
    assert_eq!(chain.text(&format!("SELECT stage FROM upstream WHERE key = '{KEY}'")), "unknown");
    let warned =
        chain.lines("the vendor recorded a payment that the staff had settled as none, and its record was given to an equal");
    assert_eq!(warned.len(), 1);
    assert_eq!(warned[0]["level"], "ERROR");
}

/// The staff exchange the records of two equal attempts, and the reply to one comes afterwards.
#[test]
fn reply_whose_record_is_told_to_another_is_answered_with_the_record_of_a_settlement() {
    let chain = LoggedChain::of(Contract::MaiaScore);
    chain.proxy.next(Fault::Held);
    let late = std::thread::scope(|scope| {
        let late = scope.spawn(|| chain.pay(KEY));
        chain.lose_patience(KEY);
        while chain.vendor.made() == 0 {
            std::thread::sleep(Duration::from_millis(5));
        }
        chain.proxy.next(Fault::DropAfter);
        assert_eq!(chain.pay(OTHER).status, 502);
        chain.ledger().execute_batch("UPDATE upstream SET seen_before = NULL, look_at = 1000000000000").unwrap();
        let others: i64 = chain.vendor.value("SELECT max(id) FROM due_items");
        let settled = chain.settle(KEY, &format!(r#"{{"note":"by time","paymentId":{others}}}"#));
        assert_eq!(settled.status, 200, "{}", settled.text());
        assert_eq!(chain.resolve(OTHER).status, 200);
        chain.proxy.holds.store(false, Ordering::Relaxed);
        (late.join().unwrap(), settled)
    });
    assert_eq!((late.0.status, &late.0.body), (200, &late.1.body), "{}", late.0.text());
    assert_ne!(chain.resolve(OTHER).body, late.0.body);
    assert!(chain.lines("").iter().all(|line| line["level"] != "ERROR"), "equal records may be exchanged");
}

/// The staff settle an attempt with a payment that somebody recorded without a mark, and the vendor then records or refuses the attempt's own.
#[test]
fn reply_that_contradicts_a_settlement_is_told_to_the_staff() {
    for is_refused in [false, true] {
        let chain = LoggedChain::of(Contract::Fusebill);
        let unmarked = chain.vendor.post("/v1/payments", &payment(&[])).json()["id"].as_i64().unwrap();
        chain.proxy.next(if is_refused { Fault::HeldInstead(429) } else { Fault::HeldRequest });
        let late = std::thread::scope(|scope| {
            let late = scope.spawn(|| chain.pay(KEY));
            chain.lose_patience(KEY);
            let settled = chain.settle(KEY, &format!(r#"{{"note":"by phone","paymentId":{unmarked}}}"#));
            assert_eq!(settled.status, 200, "{}", settled.text());
            chain.proxy.holds.store(false, Ordering::Relaxed);
            late.join().unwrap()
        });
        assert_eq!((late.status, late.json()["id"].as_i64()), (200, Some(unmarked)), "{}", late.text());
        assert_eq!(chain.pay(KEY).json()["id"].as_i64(), Some(unmarked));
        let warned = chain.lines("the vendor contradicts an attempt that was settled by hand");
        assert_eq!((warned.len(), &warned[0]["level"]), (1, &Value::from("ERROR")));
    }
}
