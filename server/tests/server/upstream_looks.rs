//! Tests how attempts whose replies are lost are looked for: by whom, when, and with which result.

use super::{
    bench::{Bench, database, payment, schema},
    network::{Fault, Proxy},
    upstream::{Chain, KEY, front_config, until},
    upstream_staff::lose,
};
use payment_form_server::{ledger::postgres::DatabaseUrl, response::Contract};
use std::{sync::atomic::Ordering, time::Duration};

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
            if fault == Fault::Held {
                let retry = chain.pay(KEY, &body);
                assert_eq!(retry.status, 503, "{}", retry.text());
                assert!(retry.text().contains("an earlier one with the same key may have paid"), "{}", retry.text());
            }
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

/// A ledger that takes longer than anybody waits: a request whose row is stored too late does not leave, and a reply that is stored too late
/// is unknown until somebody asks.
#[test]
fn slow_ledger_sends_nothing_late_and_tells_nothing_false() {
    let Some(database) = database() else {
        println!("skipped: PAYMENT_FORM_TEST_DATABASE_URL names no PostgreSQL database");
        return;
    };
    let url = DatabaseUrl::new(&schema(&database)).unwrap();
    let vendor = Bench::with(|config, _| config.rate_limit = 0);
    let proxy = Proxy::before(vendor.address);
    let chain = Chain { front: Bench::over(Some(url), front_config(&proxy, Contract::Fusebill)), vendor, proxy };
    chain
        .front
        .execute("CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(11); RETURN NEW; END $$");
    chain.front.execute(
        "CREATE TRIGGER slow BEFORE UPDATE ON upstream FOR EACH ROW WHEN (OLD.stage <> NEW.stage AND
         (NEW.key LIKE '%sent' AND NEW.stage = 'sent' OR NEW.key LIKE '%settled' AND NEW.stage = 'settled')) EXECUTE FUNCTION slow()",
    );
    let body = payment(&[]);
    let [unsent, unsettled] = std::thread::scope(|scope| {
        let pay = |key: &'static str| scope.spawn(|| chain.pay(key, &payment(&[])));
        [pay("a-key-that-is-slowly-sent"), pay("a-key-that-is-slowly-settled")].map(|reply| reply.join().unwrap())
    });
    assert_eq!((unsent.status, unsettled.status), (503, 502), "{} {}", unsent.text(), unsettled.text());
    assert_eq!((chain.made(), *chain.proxy.payments.lock().unwrap()), (1, 1));
    until(&chain.front, "SELECT stage FROM upstream WHERE key LIKE '%settled'", "settled");
    assert_eq!(chain.pay("a-key-that-is-slowly-settled", &body).status, 200, "the write that had begun was not cut");
    chain.front.execute("DROP TRIGGER slow ON upstream");
    assert_eq!(chain.pay("a-key-that-is-slowly-sent", &body).status, 200, "it never left: the retry runs for real");
    assert_eq!((chain.made(), *chain.proxy.payments.lock().unwrap()), (2, 2));
}
