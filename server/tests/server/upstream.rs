//! Tests the server before a vendor that knows no idempotency keys. A second server plays the vendor, and a proxy between them
//! strips the keys and breaks connections.

use super::{
    bench::{Ask, Bench, Folder, Reply, payment},
    network::{FAULTS, Fault, Proxy, Random, number_from_env},
};
use payment_form_server::{
    config::{Config, Upstream},
    response::Contract,
};
use std::{
    io::{BufRead, BufReader},
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

const KEY: &str = "7d0c4a52-2a0b-4c7e-9c06-0f3a5d3f8f11";
/// No payment of the seed has a higher number.
const MADE: &str = "SELECT count(*) FROM payments WHERE id > 7613585";

pub struct Chain {
    pub vendor: Bench,
    pub proxy: Proxy,
    pub front: Bench,
}

pub fn front_config(proxy: &Proxy, contract: Contract) -> impl FnOnce(&mut Config, &Path) + use<> {
    let key = if contract == Contract::Fusebill { "demo-key" } else { "demo-token" };
    let url = format!("http://{}", proxy.address);
    move |config, _| {
        config.tokens = vec!["demo-token".into()];
        config.rate_limit = 0;
        config.upstream = Some(Upstream { contract, url, key: key.into() });
    }
}

impl Chain {
    fn new() -> Self {
        Self::of(Contract::Fusebill)
    }

    pub fn of(contract: Contract) -> Self {
        let vendor = Bench::with(|config, _| config.rate_limit = 0);
        let proxy = Proxy::before(vendor.address);
        let front = Bench::with(front_config(&proxy, contract));
        Self { vendor, proxy, front }
    }

    fn pay(&self, key: &str, body: &str) -> Reply {
        Ask::new("POST", "/v1/payments").with("Idempotency-Key", key).body("application/json", body).send(&self.front)
    }

    fn resolve(&self, key: &str) -> Reply {
        self.front.post("/v1/payments/resolve", &format!("{{\"key\":\"{key}\"}}"))
    }

    fn made(&self) -> i64 {
        self.vendor.value(MADE)
    }
}

#[test]
fn payment_is_handed_on_once_and_replayed() {
    let chain = Chain::new();
    let body = payment(&[("reference", "\"rent\"")]);
    let first = chain.pay(KEY, &body);
    assert_eq!((first.status, first.header("idempotency-key")), (200, Some(KEY)), "{}", first.text());
    assert!(first.json()["reference"].as_str().unwrap().starts_with("rent ·"), "the vendor's readers find it by its mark");
    let again = chain.pay(KEY, &body);
    assert_eq!((again.header("idempotent-replayed"), &again.body), (Some("true"), &first.body));
    assert_eq!(chain.resolve(KEY).body, first.body);
    assert_eq!(chain.pay(KEY, &payment(&[("amount", "51")])).status, 422);
    assert_eq!(chain.resolve("a-key-that-nobody-used").status, 410);
    assert_eq!(chain.pay("a-key-that-nobody-used", &body).status, 410);
    let refused = chain.pay("a-refusal-by-the-vendor", &payment(&[("paymentMethod", "\"Nothing\"")]));
    assert_eq!((refused.status, refused.errors().len()), (400, 1));
    assert_eq!(chain.pay("a-refusal-by-the-vendor", &payment(&[("paymentMethod", "\"Nothing\"")])).body, refused.body);
    assert_eq!((chain.made(), *chain.proxy.payments.lock().unwrap()), (1, 2), "one payment, and two requests of payments in all");
}

#[test]
fn lost_reply_is_settled_by_the_readers_and_never_sent_again() {
    for (fault, is_made) in [
        (Fault::DropAfter, true),
        (Fault::Truncate, true),
        (Fault::DoneThen(500), true),
        (Fault::DoneThen(408), true),
        (Fault::DropBefore, false),
        (Fault::Instead(503), false),
    ] {
        let chain = Chain::new();
        chain.proxy.next(fault);
        chain.proxy.reads_fail.store(true, Ordering::Relaxed);
        let body = payment(&[]);
        let lost = chain.pay(KEY, &body);
        assert_eq!((lost.status, lost.header("idempotency-key")), (502, Some(KEY)), "{fault:?}: {}", lost.text());
        // While the readers cannot be asked, nobody is told anything, and nothing is sent.
        assert_eq!(chain.pay(KEY, &body).status, 409, "{fault:?}");
        let settled = chain.resolve(KEY);
        assert_eq!((settled.status, settled.header("retry-after")), (409, Some("1")), "{fault:?}");
        let figures = chain.front.get("/metrics");
        for figure in [
            "payment_form_attempts{state=\"unknown\"} 1",
            "payment_form_oldest_attempt_seconds{state=\"unknown\"} ",
            "payment_form_writes_waiting 0",
            "payment_form_commit_seconds_count ",
            "payment_form_vendor_seconds_bucket{le=\"",
        ] {
            assert!(figures.text().contains(figure), "{figure} in {}", figures.text());
        }
        for state in ["?state=unknown", "?state=all", ""] {
            let listed = chain.front.get(&format!("/attempts{state}")).json();
            assert_eq!((listed[0]["key"].as_str(), listed[0]["amount"].as_str()), (Some(KEY), Some("50.78")), "{fault:?}");
            assert_eq!(listed[0]["state"].as_str(), Some("unknown"), "{state}");
        }
        chain.proxy.reads_fail.store(false, Ordering::Relaxed);
        let found = chain.resolve(KEY);
        assert_eq!(found.status, if is_made { 200 } else { 409 }, "{fault:?}: a look that finds nothing proves nothing");
        assert_eq!(chain.pay(KEY, &body).status, found.status, "{fault:?}");
        assert_eq!(chain.made(), i64::from(is_made), "{fault:?}");
        assert_eq!(*chain.proxy.payments.lock().unwrap(), 1, "{fault:?}: sent once");
        if is_made {
            assert_eq!(chain.front.get("/attempts?state=unknown").json().as_array().unwrap().len(), 0);
            continue;
        }
        // Staff have looked at the vendor's: there is none.
        let settle = |body: &str| chain.front.post(&format!("/attempts/{KEY}/settle"), body);
        assert_eq!(settle("{}").status, 400, "a note says why");
        assert_eq!(settle(r#"{"note":"called the vendor","paymentId":1}"#).status, 400, "no such payment");
        assert_eq!(settle(r#"{"note":"called the vendor"}"#).status, 410);
        assert_eq!(chain.pay(KEY, &body).status, 410);
        assert_eq!(chain.made(), 0);
    }
}

/// Staff settle an attempt by hand with its own payment alone: not with another customer's, another amount's, or one that is taken.
#[test]
fn payment_of_another_attempt_settles_nothing_by_hand() {
    let chain = Chain::new();
    let id = |reply: &Reply| reply.json()["id"].as_i64().expect("a record has a number");
    let others = [
        ("a-key-of-another-customer", payment(&[("customerId", "655081")])),
        ("a-key-of-another-amount", payment(&[("amount", "50.79")])),
        ("a-key-of-an-equal-payment", payment(&[])),
    ];
    let others: Vec<i64> = others.iter().map(|(key, body)| id(&chain.pay(key, body))).collect();
    chain.proxy.next(Fault::DropAfter);
    chain.proxy.reads_fail.store(true, Ordering::Relaxed);
    assert_eq!(chain.pay(KEY, &payment(&[])).status, 502);
    chain.proxy.reads_fail.store(false, Ordering::Relaxed);
    let settle = |payment: i64| {
        chain.front.post(&format!("/attempts/{KEY}/settle"), &format!(r#"{{"note":"by number","paymentId":{payment}}}"#))
    };
    for other in &others {
        assert_eq!(settle(*other).status, 400, "{other}");
    }
    // The payment of an equal attempt that is not settled either.
    let (marked, beside) = ("a-key-of-an-unsettled-one", lose(&chain, &["a-key-of-an-unsettled-one".to_owned()])[0]);
    let refused = settle(beside);
    assert_eq!(refused.status, 400, "{}", refused.text());
    assert_eq!(id(&chain.resolve(marked)), beside);
    assert_eq!(chain.front.get("/attempts?state=unknown").json().as_array().unwrap().len(), 1, "the attempt is still open");
    let own = beside - 1;
    assert_eq!(settle(own).status, 200);
    assert_eq!(id(&chain.resolve(KEY)), own);
}

/// Waits until a statement over a server's ledger gives this value.
pub fn until(bench: &Bench, statement: &str, wanted: &str) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while bench.value::<String>(statement) != wanted {
        assert!(Instant::now() < deadline, "{statement} never gives {wanted}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The vendor records the payment, and the ledger is locked when its reply comes.
#[test]
fn reply_that_cannot_be_stored_is_unknown_and_looked_for() {
    for (fault, is_made) in [(Fault::Held, true), (Fault::HeldInstead(503), false), (Fault::HeldInstead(429), false)] {
        let vendor = Bench::with(|config, _| config.rate_limit = 0);
        let proxy = Proxy::before(vendor.address);
        let chain = Chain { front: Bench::over(None, front_config(&proxy, Contract::Fusebill)), vendor, proxy };
        let (body, ledger) = (payment(&[]), chain.front.ledger());
        chain.proxy.reads_fail.store(true, Ordering::Relaxed);
        chain.proxy.next(fault);
        let reply = std::thread::scope(|scope| {
            let reply = scope.spawn(|| chain.pay(KEY, &body));
            until(&chain.front, "SELECT coalesce(max(stage), '') FROM upstream", "sent");
            ledger.execute_batch("BEGIN IMMEDIATE").unwrap();
            chain.proxy.holds.store(false, Ordering::Relaxed);
            let reply = reply.join().unwrap();
            ledger.execute_batch("ROLLBACK").unwrap();
            reply
        });
        assert_eq!((reply.status, reply.header("idempotency-key")), (502, Some(KEY)), "{fault:?}: {}", reply.text());
        assert!(!reply.text().contains("Nothing was done"), "{}", reply.text());
        // Until its server must have stored the reply, nobody takes the attempt for lost.
        let wait = chain.front.value::<i64>("SELECT look_at - (SELECT seconds FROM clock) FROM upstream");
        assert!((120..=300).contains(&wait), "{wait}");
        assert_eq!(chain.resolve(KEY).status, 409);
        assert_eq!(chain.front.value::<String>("SELECT stage FROM upstream"), "sent");
        let settle = |body: &str| chain.front.post(&format!("/attempts/{KEY}/settle"), body);
        assert_eq!(settle(r#"{"note":"too early"}"#).status, 404);
        assert_eq!(chain.front.get("/attempts?state=unknown").body, b"[]");
        chain.front.execute("UPDATE upstream SET look_at = 0");
        let lost = chain.front.get("/attempts?state=unknown").json();
        assert_eq!(lost[0]["key"].as_str(), Some(KEY), "{fault:?}");
        until(&chain.front, "SELECT stage FROM upstream", "unknown");
        chain.proxy.reads_fail.store(false, Ordering::Relaxed);
        chain.front.execute("UPDATE upstream SET look_at = 0");
        if is_made {
            until(&chain.front, "SELECT stage FROM upstream", "settled");
            assert_eq!(chain.pay(KEY, &body).status, 200);
        } else {
            assert_eq!(settle(r#"{"note":"asked Fusebill"}"#).status, 410);
        }
        assert_eq!((chain.made(), *chain.proxy.payments.lock().unwrap()), (i64::from(is_made), 1), "{fault:?}");
    }
}

/// A look finds a payment that settled another attempt: it is counted as a look that found nothing.
#[test]
fn taken_payment_is_looked_for_on_the_schedule() {
    let chain = Chain::new();
    let number = lose(&chain, &[KEY.to_owned()])[0];
    assert_eq!(chain.pay("a-key-of-another-attempt", &payment(&[])).status, 200);
    chain.front.execute(&format!("UPDATE upstream SET payment = '{number}' WHERE stage = 'settled'"));
    chain.front.execute("UPDATE upstream SET look_at = 0 WHERE stage = 'unknown'");
    until(&chain.front, "SELECT CAST(max(looks) AS TEXT) FROM upstream", "1");
    assert_eq!(chain.resolve(KEY).status, 409);
    assert_eq!(chain.front.value::<i64>("SELECT max(looks) FROM upstream"), 1, "the next look comes after a minute");
}

/// Staff who say that there is no payment are refused where the vendor has one.
#[test]
fn payment_that_the_vendor_has_is_not_settled_as_none_by_hand() {
    let chain = Chain::new();
    let number = lose(&chain, &[KEY.to_owned()])[0];
    let settle = || chain.front.post(&format!("/attempts/{KEY}/settle"), r#"{"note":"seen nothing"}"#);
    let refused = settle();
    assert_eq!(refused.status, 400, "{}", refused.text());
    assert!(refused.text().contains(&number.to_string()), "{}", refused.text());
    chain.proxy.reads_fail.store(true, Ordering::Relaxed);
    assert_eq!(settle().status, 503, "a vendor that cannot be asked proves nothing");
    chain.proxy.reads_fail.store(false, Ordering::Relaxed);
    assert_eq!(chain.resolve(KEY).status, 200);
}

/// The schedule settles an attempt that nobody asks for; whoever asks in between puts no look off.
#[test]
fn lost_reply_is_looked_for_on_its_schedule() {
    let chain = Chain::new();
    chain.proxy.next(Fault::DropAfter);
    chain.proxy.reads_fail.store(true, Ordering::Relaxed);
    let body = payment(&[]);
    assert_eq!(chain.pay(KEY, &body).status, 502);
    let number = |sql: &str| chain.front.value::<i64>(sql);
    let until = |sql: &str, wanted: i64| {
        let deadline = std::time::Instant::now() + Duration::from_secs(60);
        while number(sql) != wanted {
            assert!(std::time::Instant::now() < deadline, "{sql} never gives {wanted}");
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    let due = "SELECT look_at FROM upstream";
    for (looks, wait) in [(0, 5), (1, 60), (2, 5 * 60), (3, 60 * 60), (4, 24 * 60 * 60)] {
        until("SELECT looks FROM upstream", looks);
        let (next, now) = (number(due), number("SELECT seconds FROM clock"));
        // The ledger's clock stands in the database, at most a minute old.
        assert!((now + wait..=now + wait + 120).contains(&next), "look {looks}: {next} at {now}");
        assert_eq!(chain.resolve(KEY).status, 409);
        assert_eq!((number("SELECT looks FROM upstream"), number(due)), (looks, next), "a question changes no schedule");
        if looks < 4 {
            chain.front.execute("UPDATE upstream SET look_at = 0");
        }
    }
    chain.proxy.reads_fail.store(false, Ordering::Relaxed);
    chain.front.execute("UPDATE upstream SET look_at = 0");
    until("SELECT count(*) FROM upstream WHERE stage = 'settled'", 1);
    let known = chain.pay(KEY, &body);
    assert_eq!((known.status, known.header("idempotent-replayed")), (200, Some("true")));
    assert_eq!((chain.made(), *chain.proxy.payments.lock().unwrap()), (1, 1));
}

#[test]
fn payment_that_is_turned_away_may_be_sent_again_or_cancelled() {
    for (status, expected, words) in [
        (429, 429, "Nothing was done"),
        (401, 404, "does not accept this server's credentials. Nothing was paid."),
        (403, 404, "does not allow this server to do this. Nothing was paid."),
        (404, 404, "at the address that this server uses. Nothing was paid."),
        (405, 404, "at the address that this server uses. Nothing was paid."),
        (413, 413, "takes no request of this size. Nothing was paid."),
        (415, 404, "takes no request of this server. Nothing was paid."),
    ] {
        let chain = Chain::new();
        chain.proxy.next(Fault::Instead(status));
        let body = payment(&[]);
        let refused = chain.pay(KEY, &body);
        assert_eq!((refused.status, refused.header("idempotency-key")), (expected, Some(KEY)));
        assert_eq!(refused.header("retry-after").is_some(), status == 429);
        assert!(refused.text().contains(words), "{}", refused.text());
        let unsent = chain.front.get("/attempts?state=intended").json();
        assert_eq!((unsent[0]["key"].as_str(), unsent[0]["state"].as_str()), (Some(KEY), Some("intended")));
        assert_eq!(chain.front.get("/readyz").status, 200, "the vendor accepts the key when it is asked");
        assert_eq!(chain.pay(KEY, &body).status, 200, "it provably was not looked at: the retry runs for real");
        chain.proxy.next(Fault::Instead(status));
        assert_eq!(chain.pay("a-key-that-is-cancelled", &body).status, expected);
        assert_eq!(chain.resolve("a-key-that-is-cancelled").status, 410);
        assert_eq!(chain.pay("a-key-that-is-cancelled", &body).status, 410);
        assert_eq!(chain.made(), 1);
    }
}

#[test]
fn unreachable_vendor_keeps_the_key_free() {
    let chain = Chain::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let front = Bench::with(|config, _| {
        config.tokens = vec!["demo-token".into()];
        config.upstream =
            Some(Upstream { contract: Contract::Fusebill, url: format!("http://{address}"), key: "demo-key".into() });
    });
    let ask = Ask::new("POST", "/v1/payments").with("Idempotency-Key", KEY).body("application/json", payment(&[]));
    assert_eq!(ask.send(&front).status, 503);
    assert_eq!(front.value::<String>("SELECT stage FROM upstream"), "intended");
    assert_eq!(front.get("/v1/customers/655080/invoiceSummaries").status, 503);
    let back = front.beside(front_config(&chain.proxy, Contract::Fusebill));
    assert_eq!(ask.send(&back).status, 200, "it never left: another server over the same ledger sends it");
    assert_eq!(chain.made(), 1);
}

#[test]
fn lists_and_records_are_those_of_the_vendor() {
    let chain = Chain::new();
    let paid = chain.pay(KEY, &payment(&[])).json();
    for path in [
        "/v1/customers/655080/invoiceSummaries?query=invoiceStatus:Overdue&pageSize=2".to_owned(),
        "/v1/customers/655080/paymentMethods/all".to_owned(),
        "/v1/customers/655080/paymentactivities".to_owned(),
        "/v1/invoices/566934".to_owned(),
        format!("/v1/payments/{}", paid["id"]),
    ] {
        let (ours, theirs) = (chain.front.get(&path), chain.vendor.get(&path));
        assert_eq!((ours.status, ours.header("x-maxpageindex")), (200, theirs.header("x-maxpageindex")), "{path}");
        assert_eq!(
            ours.text().replace(&chain.proxy.address.to_string(), ""),
            theirs.text().replace(&chain.vendor.address.to_string(), "")
        );
    }
    assert_eq!(chain.front.get("/v1/customers/1/invoiceSummaries").status, 404);
    assert_eq!(chain.front.get("/v1/payments/1").status, 404);
    assert_eq!(chain.front.get("/payments").status, 404, "MaiaScore's routes are not served");
    let stranger = Ask::new("GET", "/v1/invoices/566934").with("Authorization", "Bearer nobody").send(&chain.front);
    assert_eq!(stranger.status, 401);
}

/// The payer, the staff and a monitor read that the vendor does not accept the account's key.
#[test]
fn refused_key_of_the_account_is_told_as_such() {
    for contract in [Contract::Fusebill, Contract::MaiaScore] {
        let vendor = Bench::with(|config, _| config.rate_limit = 0);
        let proxy = Proxy::before(vendor.address);
        let front = Bench::with(|config, folder| {
            front_config(&proxy, contract)(config, folder);
            config.upstream.as_mut().unwrap().key = "a-wrong-key".into();
        });
        let (path, body, list) = match contract {
            Contract::Fusebill => ("/v1/payments", payment(&[]), "/v1/customers/655080/invoiceSummaries"),
            Contract::MaiaScore => {
                let body = r#"{"amountDue": 2, "amountPaid": 1, "dueDate": "2026-12-01", "date": "2026-11-20"}"#;
                ("/payments", body.to_owned(), "/payments")
            }
        };
        let ask = Ask::new("POST", path).with("Idempotency-Key", KEY).body("application/json", body);
        for (reply, status) in [(ask.send(&front), 404), (front.get(list), 503), (front.get("/readyz"), 503)] {
            assert_eq!(reply.status, status, "{}", reply.text());
            assert!(reply.text().contains("The payment service does not"), "{}", reply.text());
            assert!(!reply.text().contains("ledger"), "{}", reply.text());
        }
        assert_eq!(front.get("/healthz").status, 200);
        assert_eq!(front.value::<String>("SELECT stage FROM upstream"), "intended", "it was certainly not paid");
        assert_eq!(vendor.made(), 0);
        // The account's key is mended: the same attempt goes through.
        let mended = front.beside(front_config(&proxy, contract));
        assert_eq!((mended.get("/readyz").status, ask.send(&mended).status), (200, 200));
        assert_eq!(vendor.made(), 1);
    }
}

/// Makes attempts whose replies are lost and whose payments nobody finds; their payments' numbers at the vendor's come back.
fn lose(chain: &Chain, keys: &[String]) -> Vec<i64> {
    chain.proxy.reads_fail.store(true, Ordering::Relaxed);
    let lost = keys.iter().map(|key| {
        chain.proxy.next(Fault::DropAfter);
        assert_eq!(chain.pay(key, &payment(&[])).status, 502);
        chain.vendor.value::<i64>("SELECT max(id) FROM payments")
    });
    let lost = lost.collect();
    // No look of the schedule comes in between.
    chain.front.execute("UPDATE upstream SET look_at = 1000000000000");
    chain.proxy.reads_fail.store(false, Ordering::Relaxed);
    lost
}

/// Members of the staff settle equal attempts with one payment, at one moment and in different spellings of its number: one of them does.
#[test]
fn payment_settles_one_attempt_however_its_number_is_typed() {
    let chain = Chain::new();
    for round in 0..4 {
        let keys: Vec<String> = (0..6).map(|turn| format!("an-equal-attempt-{round}-{turn}")).collect();
        lose(&chain, &keys);
        // Somebody recorded it at the vendor's, without a mark.
        let payment = chain.vendor.post("/v1/payments", &payment(&[])).json()["id"].as_i64().unwrap();
        let settle = |key: &str, typed: &str| {
            chain.front.post(&format!("/attempts/{key}/settle"), &format!(r#"{{"note":"by number","paymentId":"{typed}"}}"#))
        };
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let clerks: Vec<_> = keys
                .iter()
                .enumerate()
                .map(|(turn, key)| scope.spawn(move || settle(key, &format!("{}{payment}", "0".repeat(turn % 3))).status))
                .collect();
            clerks.into_iter().map(|clerk| clerk.join().unwrap()).collect()
        });
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 400).count(), 5, "{statuses:?}");
        let settled = format!("SELECT count(*) FROM upstream WHERE payment = '{payment}'");
        assert_eq!(chain.front.value::<i64>(&settled), 1, "under the number of the vendor's own record");
    }
}

#[test]
fn foreign_state_of_the_list_of_attempts_is_refused_with_the_allowed_ones() {
    let chain = Chain::new();
    for foreign in ["?state=settled", "?state=Unknown", "?state=", "?state=unknown&state=sent"] {
        let refused = chain.front.get(&format!("/attempts{foreign}"));
        assert_eq!(refused.status, 400, "{foreign}");
        assert_eq!(refused.errors(), ["state: This must be one of intended, sent, unknown and all."]);
    }
    for state in ["intended", "sent", "unknown", "all"] {
        assert_eq!(chain.front.get(&format!("/attempts?state={state}")).body, b"[]", "{state}");
    }
}

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
    let mut random = Random(number_from_env("PAYMENT_FORM_SEED", 1));
    let mut outcomes = std::collections::BTreeMap::<u16, u32>::new();
    for number in 0..number_from_env("PAYMENT_FORM_UPSTREAM", 40) {
        let key = format!("schedule-{number:08}");
        let body = payment(&[("reference", &format!("\"{key}\""))]);
        let made = || chain.vendor.value::<i64>(&format!("SELECT count(*) FROM payments WHERE reference LIKE '{key} %'"));
        for _ in 0..1 + random.below(4) {
            chain.proxy.next(FAULTS[random.below(FAULTS.len())]);
            chain.proxy.reads_fail.store(random.below(3) == 0, Ordering::Relaxed);
            let reply = if random.below(6) == 0 { chain.resolve(&key) } else { chain.pay(&key, &body) };
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
        std::fs::write(folder.path().join("key"), "demo-key\n").unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_payment-form-server"))
            .args([
                "--port",
                "0",
                "--quiet",
                "--rate-limit",
                "0",
                "--upstream",
                &format!("fusebill=http://{}", proxy.address),
                "--db",
            ])
            .arg(folder.path().join("front.sqlite"))
            .arg("--upstream-key-file")
            .arg(folder.path().join("key"))
            .env("PAYMENT_FORM_TOKEN", PORTAL_TOKEN)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next()).expect(&line).parse().unwrap();
        Self(child, address)
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
    let mut random = Random(number_from_env("PAYMENT_FORM_SEED", 1));
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
        proxy.next(FAULTS[random.below(FAULTS.len())]);
        let address = front.1;
        std::thread::scope(|scope| {
            scope.spawn(|| pay(address));
            std::thread::sleep(Duration::from_micros(random.below(25_000) as u64));
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
