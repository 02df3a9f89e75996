//! Tests the attempts that the staff see and settle by hand.

use super::{
    bench::{Reply, payment},
    network::Fault,
    upstream::{Chain, KEY},
};
use std::sync::atomic::Ordering;

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

/// Makes attempts whose replies are lost and whose payments nobody finds; their payments' numbers at the vendor's come back.
pub fn lose(chain: &Chain, keys: &[String]) -> Vec<i64> {
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
