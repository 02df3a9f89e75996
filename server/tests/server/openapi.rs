//! Tests that `openapi.json` describes the server: every route, and every answer to these requests.

use super::{
    bench::{Ask, Bench, Reply, payment},
    identity::{claims, files, token},
    network::Fault,
    schema::{differences, resolve},
    upstream::Chain,
};
use payment_form_server::{
    config::{Config, Upstream},
    response::Contract,
    routes,
};
use rust_decimal::Decimal;
use serde_json::Value;
use std::{collections::BTreeSet, path::Path, rc::Rc};

const DOCUMENT: &str = include_str!("../../openapi.json");
const KEY: &str = "7d0c4a52-2a0b-4c7e-9c06-0f3a5d3f8f11";
const DUE_ITEM: &str = r#"{"amountDue": 2, "amountPaid": 1, "dueDate": "2026-12-01", "date": "2026-11-20"}"#;

#[test]
fn document_describes_exactly_the_routes_that_there_are() {
    let document: Value = serde_json::from_str(DOCUMENT).unwrap();
    let described: BTreeSet<&str> = document["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(described, routes::paths().collect());
    let bench = Bench::start();
    assert_eq!(bench.get("/openapi.json").json(), document);
    let (_vendor, front) = before_a_vendor(|_, _| ());
    for (path, methods) in document["paths"].as_object().unwrap() {
        let bench = if is_of_the_front(path) { &front } else { &bench };
        let path = path.replace("{id}", "1").replace("{key}", KEY);
        for method in ["get", "post", "put", "patch", "delete"] {
            let status = Ask::new(&method.to_uppercase(), &path).send(bench).status;
            assert_eq!(status != 405, methods.get(method).is_some(), "{method} {path} is answered {status}");
        }
    }
}

/// True for routes that a server has only before a vendor, or with signed tokens.
fn is_of_the_front(path: &str) -> bool {
    path.starts_with("/attempts") || path == "/session"
}

/// A server before a vendor, with signed tokens, over a file; the vendor beside it.
fn before_a_vendor(change: impl FnOnce(&mut Config, &Path)) -> (Bench, Bench) {
    let vendor = Bench::start();
    let url = format!("http://{}", vendor.address);
    let front = Bench::over(None, |config, folder| {
        config.tokens = vec!["demo-token".into()];
        config.token_files = files(folder);
        config.upstream = Some(Upstream { contract: Contract::Fusebill, url, key: "demo-key".into() });
        change(config, folder);
    });
    (vendor, front)
}

/// Holds one answer against the document; which operation and status it was is noted.
fn check(document: &Value, seen: &mut BTreeSet<String>, method: &str, path: &str, reply: &Reply) {
    let operation = &document["paths"][path][method];
    assert!(operation.is_object(), "{method} {path} is not described");
    let status = reply.status.to_string();
    let mut described = &operation["responses"][&status];
    if let Some(reference) = described["$ref"].as_str() {
        described = resolve(document, reference);
    }
    assert!(described.is_object(), "{method} {path}: {status} is not described: {}", reply.text());
    match described["content"].as_object() {
        Some(types) if types.contains_key("application/json") => {
            let found = differences(document, &types["application/json"]["schema"], &reply.json(), "");
            assert!(found.is_empty(), "{method} {path} {status}: {found:?}");
        }
        Some(types) => assert!(types.keys().any(|name| reply.header("content-type").unwrap().starts_with(name.as_str()))),
        None => assert!(reply.body.is_empty(), "{method} {path} {status}: a body is not described"),
    }
    for name in ["Idempotency-Key", "Idempotent-Replayed", "X-MaxPageIndex", "Retry-After"] {
        if reply.header(&name.to_lowercase()).is_some() && status.starts_with('2') {
            assert!(described["headers"].get(name).is_some(), "{method} {path} {status}: {name} is not described");
        }
    }
    seen.insert(format!("{method} {path} {status}"));
}

#[test]
fn every_answer_is_as_described() {
    let document: Value = serde_json::from_str(DOCUMENT).unwrap();
    let mut seen = BTreeSet::new();
    let bench = Bench::start();
    let customer = "/v1/customers/655080";
    for (path, address) in [
        ("/healthz", "/healthz".to_owned()),
        ("/readyz", "/readyz".to_owned()),
        ("/openapi.json", "/openapi.json".to_owned()),
        ("/bench/invoices", "/bench/invoices?n=20".to_owned()),
        ("/bench/invoices", "/bench/invoices?n=x".to_owned()),
        ("/v1/customers/{id}/invoiceSummaries", format!("{customer}/invoiceSummaries")),
        ("/v1/customers/{id}/invoiceSummaries", format!("{customer}/invoiceSummaries?pageSize=0")),
        ("/v1/customers/{id}/invoiceSummaries", "/v1/customers/1/invoiceSummaries".to_owned()),
        ("/v1/customers/{id}/paymentMethods/all", format!("{customer}/paymentMethods/all")),
        ("/v1/customers/{id}/paymentMethods/all", "/v1/customers/1/paymentMethods/all".to_owned()),
        ("/v1/customers/{id}/paymentactivities", format!("{customer}/paymentactivities")),
        ("/v1/customers/{id}/paymentactivities", format!("{customer}/paymentactivities?query=x")),
        ("/v1/customers/{id}/paymentactivities", "/v1/customers/1/paymentactivities".to_owned()),
        ("/v1/invoices/{id}", "/v1/invoices/566934".to_owned()),
        ("/v1/invoices/{id}", "/v1/invoices/1".to_owned()),
        ("/v1/payments/{id}", "/v1/payments/7613580".to_owned()),
        ("/v1/payments/{id}", "/v1/payments/1".to_owned()),
        ("/payments", "/payments".to_owned()),
        ("/payments", "/payments?_limit=x".to_owned()),
        ("/payments/{id}", "/payments/1".to_owned()),
        ("/payments/{id}", "/payments/99".to_owned()),
    ] {
        check(&document, &mut seen, "get", path, &bench.get(&address));
        let stranger = Ask::new("GET", &address).without("Authorization").send(&bench);
        check(&document, &mut seen, "get", path, &stranger);
        let foreign = Ask::new("GET", &address).with("Host", "evil.test").send(&bench);
        check(&document, &mut seen, "get", path, &foreign);
    }
    for (path, right, wrong) in [("/v1/payments", payment(&[]), "{}"), ("/payments", DUE_ITEM.to_owned(), "{}")] {
        let resolve = format!("{path}/resolve");
        let json = |ask: Ask, body: &str| ask.body("application/json", body).send(&bench);
        let keyed = || Ask::new("POST", path).with("Idempotency-Key", KEY);
        for reply in [
            json(keyed(), &right),
            json(keyed(), &right),
            json(keyed(), wrong),
            json(Ask::new("POST", path), wrong),
            json(Ask::new("POST", path).without("Authorization"), &right),
            json(Ask::new("POST", path).with("Host", "evil.test"), &right),
            json(Ask::new("POST", path), &"x".repeat(2_200_000)),
            Ask::new("POST", path).body("text/plain", &right).send(&bench),
        ] {
            check(&document, &mut seen, "post", path, &reply);
        }
        let key = |key: &str| format!("{{\"key\":\"{key}\"}}");
        for reply in [
            json(Ask::new("POST", &resolve), &key(KEY)),
            json(Ask::new("POST", &resolve), &key("a-key-that-is-burnt")),
            json(Ask::new("POST", &resolve), "{}"),
            json(Ask::new("POST", &resolve).without("Authorization"), &key(KEY)),
            json(Ask::new("POST", &resolve).with("Host", "evil.test"), &key(KEY)),
            json(Ask::new("POST", &resolve), &"x".repeat(2_200_000)),
            Ask::new("POST", &resolve).body("text/plain", key(KEY)).send(&bench),
        ] {
            check(&document, &mut seen, "post", &resolve, &reply);
        }
        check(
            &document,
            &mut seen,
            "post",
            path,
            &json(Ask::new("POST", path).with("Idempotency-Key", "a-key-that-is-burnt"), &right),
        );
    }
    let with_page = Bench::with(|config, folder| {
        std::fs::write(folder.join("index.html"), "<!doctype html>").unwrap();
        config.dist = Some(folder.to_owned());
    });
    let portal =
        Ask::new("POST", "/v1/payments/resolve").without("Authorization").with("Cookie", &with_page.cookie("/?customer=655081"));
    let portal = portal
        .with("Sec-Fetch-Site", "same-origin")
        .body("application/json", format!(r#"{{"key":"{KEY}","customerId":655080}}"#));
    check(&document, &mut seen, "post", "/v1/payments/resolve", &portal.send(&with_page));
    let configured = Bench::with(|config, _| config.tokens = vec!["demo-token".into()]);
    check(&document, &mut seen, "get", "/bench/invoices", &configured.get("/bench/invoices"));
    check(&document, &mut seen, "get", "/metrics", &bench.get("/metrics"));
    check(&document, &mut seen, "get", "/metrics", &Ask::new("GET", "/metrics").without("Authorization").send(&bench));
    check(&document, &mut seen, "get", "/metrics", &Ask::new("GET", "/metrics").with("Host", "evil.test").send(&bench));
    answers_of_the_front(&document, &mut seen, &bench);
    rare_answers(&document, &mut seen);

    let mut described = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            described
                .extend(operation["responses"].as_object().unwrap().keys().map(|status| format!("{method} {path} {status}")));
        }
    }
    // A request that takes more than two seconds to be stored needs the fault switches, and a broken ledger stands for every 500.
    let rare = |answer: &&String| answer.ends_with(" 409") || answer.ends_with(" 500");
    let unseen: Vec<&String> = described.difference(&seen).filter(|answer| !rare(answer)).collect();
    assert!(unseen.is_empty(), "described, but never seen: {unseen:?}");
}

/// Sessions, and attempts whose outcome is not known. `demo` has no such routes.
fn answers_of_the_front(document: &Value, seen: &mut BTreeSet<String>, demo: &Bench) {
    let (vendor, front) = before_a_vendor(|_, _| ());
    let portal = format!("Bearer {}", token(&claims(serde_json::json!({}))));
    let settle = "/attempts/{key}/settle";
    for (method, path) in [("POST", "/session"), ("DELETE", "/session"), ("GET", "/attempts"), ("POST", settle)] {
        let ask = || {
            let ask = Ask::new(method, &path.replace("{key}", KEY)).body("application/json", r#"{"note":"asked"}"#);
            if method == "GET" { ask.without("Content-Type") } else { ask }
        };
        let name = method.to_lowercase();
        for reply in [
            ask().send(demo),
            ask().without("Authorization").send(&front),
            ask().with("Authorization", &portal).send(&front),
            ask().send(&front),
        ] {
            check(document, seen, &name, path, &reply);
        }
    }
    let close = Ask::new("DELETE", "/session").with("Sec-Fetch-Site", "same-origin");
    check(document, seen, "delete", "/session", &close.send(&front));
    check(document, seen, "get", "/attempts", &front.get("/attempts?state=foreign"));
    for (contract, path, body) in
        [(Contract::Fusebill, "/v1/payments", payment(&[])), (Contract::MaiaScore, "/payments", DUE_ITEM.to_owned())]
    {
        let chain = Chain::of(contract);
        for (fault, status) in [(Fault::Instead(401), 404), (Fault::DropAfter, 502)] {
            chain.proxy.next(fault);
            let reply = chain.front.post(path, &body);
            assert_eq!(reply.status, status, "{}", reply.text());
            check(document, seen, "post", path, &reply);
        }
    }
    let settle_with = |key: &str, body: &str| front.post(&format!("/attempts/{key}/settle"), body);
    check(document, seen, "post", settle, &settle_with(KEY, "{}"));
    check(document, seen, "post", settle, &settle_with(KEY, &"x".repeat(2_200_000)));
    let text = Ask::new("POST", &format!("/attempts/{KEY}/settle")).body("text/plain", "{}").send(&front);
    check(document, seen, "post", settle, &text);
    // A vendor that is gone leaves attempts that nobody knows the outcome of.
    let paid = vendor.post("/v1/payments", &payment(&[])).json();
    for (key, body, status) in [
        (KEY, format!(r#"{{"note":"asked","paymentId":{}}}"#, paid["id"]), 200),
        ("an-attempt-that-is-burnt", r#"{"note":"asked"}"#.to_owned(), 410),
    ] {
        let ask = Ask::new("POST", "/v1/payments").with("Idempotency-Key", key).body("application/json", payment(&[]));
        assert_eq!(ask.send(&front).status, 200);
        // Under this mark the vendor has no payment.
        let lost = "stage = 'unknown', look_at = 9000000000000, mark = 'AAAA-AAAA'";
        front.execute(&format!("UPDATE upstream SET {lost} WHERE key = '{key}'"));
        front.execute(&format!("DELETE FROM attempts WHERE key = '{key}'"));
        check(document, seen, "get", "/attempts", &front.get("/attempts?state=unknown"));
        let reply = settle_with(key, &body);
        assert_eq!(reply.status, status, "{}", reply.text());
        check(document, seen, "post", settle, &reply);
    }
}

/// A client that checks its requests by the document must be able to send every amount that the server takes.
#[test]
fn the_bounds_of_amounts_are_those_of_the_server() {
    let document: Value = serde_json::from_str(DOCUMENT).unwrap();
    let decimal = |value: &Value| Decimal::from_scientific(&value.to_string()).or_else(|_| value.to_string().parse()).unwrap();
    let is_within = |schema: &Value, amount: &str| {
        let amount: Decimal = amount.parse().unwrap();
        let least = schema.get("minimum").is_none_or(|least| amount >= decimal(least));
        let above = schema.get("exclusiveMinimum").is_none_or(|least| amount > decimal(least));
        least && above && amount <= decimal(&schema["maximum"]) && (amount % decimal(&schema["multipleOf"])).is_zero()
    };
    let bench = Bench::start();
    let schemas = &document["components"]["schemas"];
    for (amount, is_taken) in [
        ("0.01", true),
        ("9999999999999999.99", true),
        ("99999999999999999.9", true),
        ("999999999999999999", true),
        ("0", false),
        ("-0.01", false),
        ("0.001", false),
        ("1000000000000000001", false),
    ] {
        let sent = Ask::new("POST", "/v1/payments").body("application/json", payment(&[("amount", amount)])).send(&bench);
        assert_eq!(sent.status < 300, is_taken, "{amount}: {}", sent.text());
        assert_eq!(is_within(&schemas["NewPayment"]["properties"]["amount"], amount), is_taken, "{amount}");
    }
    // A share may be nothing; else it has the bounds of its payment.
    let share = &schemas["NewPayment"]["properties"]["paymentAllocations"]["items"]["properties"]["amount"];
    assert!(is_within(share, "0") && is_within(share, "999999999999999999") && !is_within(share, "0.001"));
    for (amount, is_taken) in [
        ("0", true),
        ("0.0001", true),
        ("99999999999999.9999", true),
        ("999999999999999999", true),
        ("-1", false),
        ("0.00001", false),
        ("1000000000000000001", false),
    ] {
        let item = format!(r#"{{"amountDue":{amount},"amountPaid":{amount},"dueDate":"2026-12-01","date":"2026-11-20"}}"#);
        let sent = Ask::new("POST", "/payments").body("application/json", item).send(&bench);
        assert_eq!(sent.status < 300, is_taken, "{amount}: {}", sent.text());
        for name in ["amountDue", "amountPaid"] {
            assert_eq!(is_within(&schemas["NewRecord"]["properties"][name], amount), is_taken, "{name} {amount}");
        }
    }
}

/// Too many requests, and a ledger that cannot be used.
fn rare_answers(document: &Value, seen: &mut BTreeSet<String>) {
    let mut every = |bench: &dyn Fn(&str) -> Rc<Bench>, status: u16, only: &[&str]| {
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                if !only.contains(&method.as_str()) || operation["responses"].get(status.to_string()).is_none() {
                    continue;
                }
                let body = match path.as_str() {
                    "/v1/payments" => payment(&[]),
                    "/payments" => DUE_ITEM.to_owned(),
                    _ => format!("{{\"key\":\"{KEY}\"}}"),
                };
                let body =
                    if path.starts_with("/attempts") { r#"{"note":"asked","paymentId":7613580}"#.to_owned() } else { body };
                let address = path.replace("{id}", "1").replace("{key}", KEY);
                let ask = Ask::new(&method.to_uppercase(), &address).body("application/json", body);
                let reply = (0..20)
                    .find_map(|_| ask.try_send_to(bench(path).address))
                    .unwrap_or_else(|| panic!("{method} {path} is not answered"));
                assert_eq!(reply.status, status, "{method} {path}");
                check(document, seen, method, path, &reply);
            }
        }
    };
    let limited = Rc::new(Bench::with(|config, _| config.rate_limit = 1));
    limited.get("/payments");
    let (_vendor, front) = before_a_vendor(|config, _| config.rate_limit = 1);
    front.get("/attempts");
    let front = Rc::new(front);
    let of = |path: &str, bench: &Rc<Bench>, front: &Rc<Bench>| Rc::clone(if is_of_the_front(path) { front } else { bench });
    every(&|path| of(path, &limited, &front), 429, &["get", "post", "delete"]);
    let locked = Rc::new(Bench::over_file());
    let ledger = locked.ledger();
    ledger.execute_batch("BEGIN IMMEDIATE").unwrap();
    let (_vendor, front) = before_a_vendor(|_, _| ());
    let front = Rc::new(front);
    // The lock comes behind the write with which the server begins.
    assert_eq!(front.get("/readyz").status, 200);
    let lost = Ask::new("POST", "/v1/payments").with("Idempotency-Key", KEY).body("application/json", payment(&[]));
    assert_eq!(lost.send(&front).status, 200);
    front.execute("UPDATE upstream SET stage = 'unknown', look_at = 9000000000000, payment = NULL");
    let ledger_of_the_front = front.ledger();
    ledger_of_the_front.execute_batch("BEGIN IMMEDIATE").unwrap();
    every(&|path| of(path, &locked, &front), 503, &["post"]);
    // The server refuses, and then ends.
    let without_ledger = |path: &str| {
        let bench = if is_of_the_front(path) { before_a_vendor(|_, _| ()).1 } else { Bench::over_file() };
        std::fs::remove_file(bench.folder.path().join("ledger.sqlite")).unwrap();
        Rc::new(bench)
    };
    every(&without_ledger, 503, &["get"]);
}
