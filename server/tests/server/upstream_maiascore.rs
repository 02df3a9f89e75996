//! Tests the server before MaiaScore, whose records carry no mark of their attempt: equal payments are told apart by counting.

use super::{
    bench::{Ask, Reply},
    network::{FAULTS, Fault, number_from_env},
    upstream::{Chain, front_config, until},
};
use payment_form_server::response::Contract;
use rand::{RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::Ordering,
    time::Duration,
};

const KEY: &str = "7d0c4a52-2a0b-4c7e-9c06-0f3a5d3f8f11";
const OTHER: &str = "0b5e9a52-7d0c-4c7e-9c06-0f3a5d3f8f22";

fn record(paid: &str) -> String {
    format!(r#"{{"amountDue": 75.50, "amountPaid": {paid}, "dueDate": "2026-12-01", "date": "2026-11-20"}}"#)
}

fn pay(chain: &Chain, key: &str, body: &str) -> Reply {
    Ask::new("POST", "/payments").with("Idempotency-Key", key).body("application/json", body).send(&chain.front)
}

fn resolve(chain: &Chain, key: &str) -> Reply {
    chain.front.post("/payments/resolve", &format!("{{\"key\":\"{key}\"}}"))
}

fn made(chain: &Chain) -> i64 {
    chain.vendor.value("SELECT count(*) FROM due_items WHERE created_by <> 'seed'")
}

fn maiascore_chain() -> Chain {
    Chain::of(Contract::MaiaScore)
}

#[test]
fn payment_is_handed_on_once_in_every_encoding() {
    let chain = maiascore_chain();
    let first = pay(&chain, KEY, &record("50.25"));
    assert_eq!((first.status, first.header("idempotency-key")), (200, Some(KEY)), "{}", first.text());
    assert_eq!(first.json()["data"]["amountPaid"].to_string(), "50.25");
    let again = pay(&chain, KEY, &record("50.250"));
    assert_eq!((again.header("idempotent-replayed"), &again.body), (Some("true"), &first.body));
    assert_eq!(resolve(&chain, KEY).body, first.body);
    assert_eq!(pay(&chain, KEY, &record("50.26")).status, 422);
    let xml =
        "<item><amountDue>9</amountDue><amountPaid>9</amountPaid><dueDate>2026-12-01</dueDate><date>2026-11-20</date></item>";
    let sent = Ask::new("POST", "/payments").body("application/xml", xml).send(&chain.front);
    assert_eq!(sent.status, 200, "{}", sent.text());
    let refused = pay(&chain, OTHER, r#"{"amountDue": 1}"#);
    assert_eq!((refused.status, refused.json()["code"].as_i64()), (400, Some(400)));
    assert_eq!(resolve(&chain, "a-key-that-nobody-used").status, 410);
    assert_eq!((made(&chain), *chain.proxy.payments.lock().unwrap()), (2, 2));
}

#[test]
fn lost_record_is_found_among_older_equal_ones() {
    for fault in [Fault::DropAfter, Fault::Truncate, Fault::DoneThen(500)] {
        let chain = maiascore_chain();
        let older = chain.vendor.post("/payments", &record("50.25")).json();
        chain.proxy.next(fault);
        assert_eq!(pay(&chain, KEY, &record("50.25")).status, 502, "{fault:?}");
        let found = resolve(&chain, KEY);
        assert_eq!(found.status, 200, "{fault:?}: {}", found.text());
        assert_ne!(found.json()["data"]["id"], older["data"]["id"], "{fault:?}");
        assert_eq!(pay(&chain, KEY, &record("50.25")).body, found.body);
        assert_eq!((made(&chain), *chain.proxy.payments.lock().unwrap()), (2, 1), "{fault:?}");
    }
}

#[test]
fn equal_attempts_are_settled_only_where_each_has_a_record() {
    let chain = maiascore_chain();
    for (key, fault) in [(KEY, Fault::DropBefore), (OTHER, Fault::DropAfter)] {
        chain.proxy.next(fault);
        assert_eq!(pay(&chain, key, &record("50.25")).status, 502);
    }
    // One record and two attempts: nobody knows whose it is.
    assert_eq!([resolve(&chain, KEY).status, resolve(&chain, OTHER).status], [409, 409]);
    // A third attempt of the same content, whose reply arrives, changes nothing.
    assert_eq!(pay(&chain, "another-equal-payment", &record("50.25")).status, 200);
    assert_eq!([resolve(&chain, KEY).status, resolve(&chain, OTHER).status], [409, 409]);
    // Staff know that the first was never made; then the other's record is certain.
    let listed = chain.front.get("/attempts?state=unknown").json();
    assert_eq!((listed.as_array().unwrap().len(), listed[0]["customerId"].is_null()), (2, true));
    assert_eq!(chain.front.post(&format!("/attempts/{KEY}/settle"), r#"{"note":"asked MaiaScore"}"#).status, 410);
    assert_eq!(resolve(&chain, OTHER).status, 200);
    assert_eq!(made(&chain), 2);
}

/// The reply to one attempt is on its way while the outcome of an equal one is asked for.
#[test]
fn look_takes_no_record_while_an_equal_reply_may_come() {
    let chain = maiascore_chain();
    let id = |reply: &Reply| reply.json()["data"]["id"].as_str().expect("a record has a number").to_owned();
    let stage = format!("SELECT coalesce(max(stage), '') FROM upstream WHERE key = '{KEY}'");
    std::thread::scope(|scope| {
        chain.proxy.next(Fault::Held);
        let reply = scope.spawn(|| pay(&chain, KEY, &record("50.25")));
        until(&chain.front, &stage, "sent");
        while made(&chain) == 0 {
            std::thread::sleep(Duration::from_millis(5));
        }
        chain.proxy.next(Fault::DropAfter);
        assert_eq!(pay(&chain, OTHER, &record("50.25")).status, 502);
        // Both were sent before either record was there.
        chain.front.execute("UPDATE upstream SET seen_before = NULL");
        assert_eq!(resolve(&chain, OTHER).status, 409, "the reply to the first may still come");
        // A server that starts beside leaves the attempt to the one that waits for its reply.
        let beside = chain.front.beside(front_config(&chain.proxy, Contract::MaiaScore));
        assert_eq!(beside.get("/readyz").status, 200);
        assert_eq!(beside.post("/payments/resolve", &format!("{{\"key\":\"{KEY}\"}}")).status, 409);
        assert_eq!(chain.front.value::<String>(&stage), "sent");
        chain.proxy.holds.store(false, Ordering::Relaxed);
        let replied = reply.join().unwrap();
        assert_eq!((replied.status, resolve(&chain, OTHER).status), (200, 200));
        assert_ne!(id(&replied), id(&resolve(&chain, OTHER)));
    });
    assert_eq!((made(&chain), *chain.proxy.payments.lock().unwrap()), (2, 2));
}

/// A server sleeps for longer than anybody waits for its reply, and a look takes the record of the reply.
#[test]
fn reply_whose_record_is_taken_is_unknown_and_takes_the_other() {
    let chain = maiascore_chain();
    let id = |reply: &Reply| reply.json()["data"]["id"].as_str().expect("a record has a number").to_owned();
    std::thread::scope(|scope| {
        chain.proxy.next(Fault::Held);
        let reply = scope.spawn(|| pay(&chain, KEY, &record("50.25")));
        while made(&chain) == 0 {
            std::thread::sleep(Duration::from_millis(5));
        }
        chain.proxy.next(Fault::DropAfter);
        assert_eq!(pay(&chain, OTHER, &record("50.25")).status, 502);
        chain.front.execute(&format!("UPDATE upstream SET stage = 'unknown', look_at = 1000000000000 WHERE key = '{KEY}'"));
        chain.front.execute("UPDATE upstream SET seen_before = NULL");
        let other = resolve(&chain, OTHER);
        assert_eq!(other.status, 200, "{}", other.text());
        chain.proxy.holds.store(false, Ordering::Relaxed);
        let late = reply.join().unwrap();
        assert_eq!(late.status, 502, "its record was given to the other attempt: {}", late.text());
        let settled = resolve(&chain, KEY);
        assert_eq!(settled.status, 200, "{}", settled.text());
        assert_ne!(id(&settled), id(&other));
    });
    assert_eq!((made(&chain), *chain.proxy.payments.lock().unwrap()), (2, 2));
}

#[test]
fn record_that_was_there_before_settles_nothing_by_hand() {
    let chain = maiascore_chain();
    let older = chain.vendor.post("/payments", &record("50.25")).json()["data"]["id"].as_str().unwrap().to_owned();
    chain.proxy.next(Fault::DropAfter);
    assert_eq!(pay(&chain, KEY, &record("50.25")).status, 502);
    let settle = |body: &str| chain.front.post(&format!("/attempts/{KEY}/settle"), body);
    let by_number = |id: &str| settle(&format!(r#"{{"note":"by number","paymentId":"{id}"}}"#));
    assert_eq!(by_number(&older).status, 400);
    let refused = settle(r#"{"note":"seen nothing"}"#);
    assert_eq!(refused.status, 400, "the record is there: {}", refused.text());
    let own: i64 = chain.vendor.value("SELECT max(id) FROM due_items");
    assert_eq!(by_number(&own.to_string()).status, 200);
}

#[test]
fn unreadable_list_keeps_a_payment_from_being_sent() {
    let chain = maiascore_chain();
    chain.proxy.reads_fail.store(true, Ordering::Relaxed);
    assert_eq!(pay(&chain, KEY, &record("1")).status, 503);
    assert_eq!(*chain.proxy.payments.lock().unwrap(), 0, "without the list a lost reply could never be settled");
    chain.proxy.reads_fail.store(false, Ordering::Relaxed);
    assert_eq!(pay(&chain, KEY, &record("1")).status, 200);
}

#[test]
fn records_and_lists_are_those_of_the_vendor() {
    let chain = maiascore_chain();
    let id = pay(&chain, KEY, &record("50.25")).json()["data"]["id"].as_str().unwrap().to_owned();
    for path in ["/payments?_limit=2&_sort=amountPaid:DESC".to_owned(), format!("/payments/{id}")] {
        assert_eq!(chain.front.get(&path).body, chain.vendor.get(&path).body, "{path}");
    }
    assert_eq!(chain.front.get("/payments/1000000").status, 404);
    assert_eq!(chain.front.get("/payments?_limit=x").status, 400);
    assert_eq!(chain.front.get("/v1/customers/655080/invoiceSummaries").status, 404, "Fusebill's routes are not served");
}

/// A member of the staff who knows nothing says of every attempt that there is no payment. The server lets them where every record stays told.
fn burn_what_may_be_burnt(chain: &Chain, keys: &[String]) {
    for _ in keys {
        for key in keys.iter().rev() {
            let settled = chain.front.post(&format!("/attempts/{key}/settle"), r#"{"note":"a guess"}"#);
            assert!(matches!(settled.status, 400 | 404 | 410), "{key}: {} {}", settled.status, settled.text());
            keys.iter().for_each(|key| drop(resolve(chain, key)));
        }
    }
}

/// Contents repeat, so that equal attempts are common. `PAYMENT_FORM_UPSTREAM=1000` makes a long run of it.
#[test]
fn random_schedules_of_equal_payments_double_and_mistell_nothing() {
    let chain = maiascore_chain();
    let mut random = Xoshiro256PlusPlus::seed_from_u64(number_from_env("PAYMENT_FORM_SEED", 1));
    let mut answered = BTreeMap::<String, BTreeSet<String>>::new();
    let mut open = BTreeMap::<String, u32>::new();
    let mut outcomes = BTreeMap::<u16, u32>::new();
    for round in 0..number_from_env("PAYMENT_FORM_UPSTREAM", 40) / 4 {
        let paid = format!("{round}.5");
        let keys: Vec<String> =
            (0..1 + random.random_range(0..4)).map(|number| format!("equal-{round:06}-{number:04}")).collect();
        for _ in 0..2 + random.random_range(0..8) {
            let key = &keys[random.random_range(0..keys.len())];
            chain.proxy.next(FAULTS[random.random_range(0..FAULTS.len())]);
            chain.proxy.reads_fail.store(random.random_range(0..5) == 0, Ordering::Relaxed);
            let reply = if random.random_range(0..8) == 0 { resolve(&chain, key) } else { pay(&chain, key, &record(&paid)) };
            assert!(matches!(reply.status, 200 | 404 | 409 | 410 | 429 | 502 | 503), "{key}: {} {}", reply.status, reply.text());
        }
        chain.proxy.next(Fault::None);
        chain.proxy.reads_fail.store(false, Ordering::Relaxed);
        // The latest request arrives within a moment, and equal attempts settle one after the other.
        std::thread::sleep(Duration::from_millis(200));
        (0..keys.len()).for_each(|_| keys.iter().for_each(|key| drop(resolve(&chain, key))));
        let is_closed = round % 2 == 1;
        if is_closed {
            burn_what_may_be_burnt(&chain, &keys);
        }
        for key in &keys {
            let end = resolve(&chain, key);
            *outcomes.entry(end.status).or_default() += 1;
            match end.status {
                200 => {
                    let id = end.json()["data"]["id"].as_str().unwrap().to_owned();
                    assert!(answered.entry(paid.clone()).or_default().insert(id), "{key}: another key was told of this record");
                }
                409 => *open.entry(paid.clone()).or_default() += 1,
                410 => {}
                status => panic!("{key}: {status} {}", end.text()),
            }
        }
        let made: i64 = chain.vendor.value(&format!("SELECT count(*) FROM due_items WHERE amount_paid = '{paid}'"));
        let answered = answered.get(&paid).map_or(0, |ids| ids.len() as i64);
        let open = open.get(&paid).copied().unwrap_or(0);
        assert!(answered <= made && (open > 0 || answered == made), "{paid}: {answered} told, {open} open, {made} made");
        assert!(open == 0 || !is_closed, "{paid}: {open} open");
    }
    println!("{outcomes:?}");
    assert!(outcomes.contains_key(&200) && outcomes.len() > 1, "{outcomes:?}");
}
