//! Tests the staff among equal attempts before MaiaScore: each settlement leaves the other attempts their records.

use super::{
    bench::{Ask, Reply},
    network::Fault,
    upstream::{Chain, KEY, until},
};
use payment_form_server::response::Contract;
use std::time::Duration;

const OTHER: &str = "0b5e9a52-7d0c-4c7e-9c06-0f3a5d3f8f22";
const RECORD: &str = r#"{"amountDue": 75.50, "amountPaid": 50.25, "dueDate": "2026-12-01", "date": "2026-11-20"}"#;

fn chain() -> Chain {
    Chain::of(Contract::MaiaScore)
}

fn pay(chain: &Chain, key: &str) -> Reply {
    Ask::new("POST", "/payments").with("Idempotency-Key", key).body("application/json", RECORD).send(&chain.front)
}

fn resolve(chain: &Chain, key: &str) -> Reply {
    chain.front.post("/payments/resolve", &format!("{{\"key\":\"{key}\"}}"))
}

fn settle(chain: &Chain, key: &str, payment: Option<i64>) -> Reply {
    let payment = payment.map_or("null".to_owned(), |payment| payment.to_string());
    chain.front.post(&format!("/attempts/{key}/settle"), &format!(r#"{{"note":"by hand","paymentId":{payment}}}"#))
}

/// Sends an attempt whose reply is lost, and that no look of the schedule reaches.
fn lose(chain: &Chain, key: &str, fault: Fault) -> i64 {
    chain.proxy.next(fault);
    assert_eq!(pay(chain, key).status, 502);
    chain.front.execute("UPDATE upstream SET look_at = 1000000000000");
    latest(chain)
}

fn latest(chain: &Chain) -> i64 {
    chain.vendor.value("SELECT max(id) FROM due_items")
}

fn id(reply: &Reply) -> i64 {
    reply.json()["data"]["id"].as_str().and_then(|id| id.parse().ok()).expect("a record has a number")
}

#[test]
fn settlement_waits_while_an_equal_reply_may_come() {
    let chain = chain();
    std::thread::scope(|scope| {
        let before = latest(&chain);
        chain.proxy.next(Fault::Held);
        let reply = scope.spawn(|| pay(&chain, KEY));
        until(&chain.front, &format!("SELECT coalesce(max(stage), '') FROM upstream WHERE key = '{KEY}'"), "sent");
        while latest(&chain) == before {
            std::thread::sleep(Duration::from_millis(5));
        }
        chain.proxy.next(Fault::DropAfter);
        assert_eq!(pay(&chain, OTHER).status, 502);
        // Both were sent before either record was there.
        chain.front.execute("UPDATE upstream SET seen_before = NULL");
        let held = before + 1;
        for payment in [Some(held), Some(held + 1), None] {
            let refused = settle(&chain, OTHER, payment);
            assert_eq!((refused.status, refused.header("retry-after")), (409, Some("180")), "{}", refused.text());
            assert!(refused.text().contains("try again in a few minutes"), "{}", refused.text());
        }
        chain.proxy.holds.store(false, std::sync::atomic::Ordering::Relaxed);
        assert_eq!(id(&reply.join().unwrap()), held);
        assert_eq!(settle(&chain, OTHER, Some(held)).status, 400, "the reply told it");
        assert_eq!(id(&settle(&chain, OTHER, Some(held + 1))), held + 1);
    });
}

#[test]
fn settlement_leaves_every_other_attempt_a_record() {
    let chain = chain();
    let older = lose(&chain, KEY, Fault::DropAfter);
    let younger = lose(&chain, OTHER, Fault::DropAfter);
    let refused = settle(&chain, KEY, Some(younger));
    assert_eq!(refused.status, 400, "the other one can have made no other record: {}", refused.text());
    assert!(refused.text().contains("may need this record"), "{}", refused.text());
    assert_eq!(settle(&chain, OTHER, Some(older)).status, 400, "it was there before");
    assert_eq!(id(&settle(&chain, KEY, Some(older))), older);
    assert_eq!(id(&resolve(&chain, OTHER)), younger);
}

#[test]
fn only_record_of_two_attempts_settles_one_once_the_other_has_none() {
    let chain = chain();
    let record = lose(&chain, KEY, Fault::DropAfter);
    lose(&chain, OTHER, Fault::DropBefore);
    chain.front.execute("UPDATE upstream SET seen_before = NULL");
    assert_eq!(settle(&chain, KEY, Some(record)).status, 400);
    assert_eq!(settle(&chain, OTHER, None).status, 410);
    let refused = settle(&chain, KEY, None);
    assert_eq!(refused.status, 400, "the record can be no other attempt's: {}", refused.text());
    assert_eq!(id(&settle(&chain, KEY, Some(record))), record);
}

/// Two members of the staff say of two attempts at one moment that there is no payment, and there is one.
#[test]
fn record_of_two_attempts_is_told_though_both_are_settled_as_none_at_once() {
    let chain = chain();
    for round in 0..8 {
        let keys = [0, 1].map(|turn| format!("an-equal-attempt-{round}-{turn}"));
        chain.vendor.execute("DELETE FROM due_items");
        let record = lose(&chain, &keys[0], Fault::DropAfter);
        lose(&chain, &keys[1], Fault::DropBefore);
        chain.front.execute("UPDATE upstream SET seen_before = NULL WHERE stage = 'unknown'");
        let mut statuses = std::thread::scope(|scope| {
            let clerks = [0, 1].map(|turn| {
                let (chain, key) = (&chain, &keys[turn]);
                scope.spawn(move || settle(chain, key, None).status)
            });
            clerks.map(|clerk| clerk.join().unwrap())
        });
        statuses.sort_unstable();
        assert_eq!(statuses, [400, 410], "round {round}");
        let left = keys.iter().find(|key| resolve(&chain, key).status == 200).expect("one attempt is recorded");
        assert_eq!(id(&resolve(&chain, left)), record);
    }
}

#[test]
fn attempt_that_began_last_is_settled_as_none_first() {
    let chain = chain();
    lose(&chain, "the-first-equal-attempt", Fault::DropAfter);
    lose(&chain, KEY, Fault::DropAfter);
    lose(&chain, OTHER, Fault::DropBefore);
    // The records of the first two came after all three were sent, but for the first record, which was there before the last one.
    chain.front.execute(&format!("UPDATE upstream SET seen_before = NULL WHERE key <> '{OTHER}'"));
    chain.front.execute(&format!("UPDATE upstream SET seen_before = '{}' WHERE key = '{OTHER}'", latest(&chain) - 1));
    let refused = settle(&chain, KEY, None);
    assert!(refused.text().contains("settle the one that began last first"), "{} {}", refused.status, refused.text());
    assert_eq!(settle(&chain, OTHER, None).status, 410);
    assert_eq!([resolve(&chain, KEY).status, resolve(&chain, "the-first-equal-attempt").status], [200, 200]);
}
