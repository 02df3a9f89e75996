//! Tests the server before a vendor that knows no idempotency keys. A second server plays the vendor, and a proxy between them
//! strips the keys and breaks connections.

use super::{
    bench::{Ask, Bench, Reply, payment},
    network::{Fault, Proxy},
};
use payment_form_server::{
    config::{Config, Upstream},
    response::Contract,
};
use std::{
    net::TcpListener,
    path::Path,
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

pub const KEY: &str = "7d0c4a52-2a0b-4c7e-9c06-0f3a5d3f8f11";
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
    pub fn new() -> Self {
        Self::of(Contract::Fusebill)
    }

    pub fn of(contract: Contract) -> Self {
        let vendor = Bench::with(|config, _| config.rate_limit = 0);
        let proxy = Proxy::before(vendor.address);
        let front = Bench::with(front_config(&proxy, contract));
        Self { vendor, proxy, front }
    }

    pub fn pay(&self, key: &str, body: &str) -> Reply {
        Ask::new("POST", "/v1/payments").with("Idempotency-Key", key).body("application/json", body).send(&self.front)
    }

    pub fn resolve(&self, key: &str) -> Reply {
        self.front.post("/v1/payments/resolve", &format!("{{\"key\":\"{key}\"}}"))
    }

    pub fn made(&self) -> i64 {
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
            "payment_form_attempts{state=\"sent\"} 0",
            "payment_form_oldest_attempt_seconds{state=\"intended\"} 0",
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

/// Waits until a statement over a server's ledger gives this value.
pub fn until(bench: &Bench, statement: &str, wanted: &str) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while bench.value::<String>(statement) != wanted {
        assert!(Instant::now() < deadline, "{statement} never gives {wanted}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn payment_that_is_turned_away_may_be_sent_again_or_cancelled() {
    for (status, expected, words) in [
        (429, 429, "This request did nothing"),
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
