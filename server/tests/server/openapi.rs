//! `openapi.json` says what the server does: every route, and every answer that these requests can bring about.

use super::{
    bench::{Ask, Bench, Reply, payment},
    schema::{differences, resolve},
};
use payment_form_server::routes;
use rust_decimal::Decimal;
use serde_json::Value;
use std::{collections::BTreeSet, rc::Rc};

const DOCUMENT: &str = include_str!("../../openapi.json");
const KEY: &str = "7d0c4a52-2a0b-4c7e-9c06-0f3a5d3f8f11";
const DUE_ITEM: &str = r#"{"amountDue": 2, "amountPaid": 1, "dueDate": "2026-12-01", "date": "2026-11-20"}"#;

#[test]
fn it_describes_exactly_the_routes_that_there_are() {
    let document: Value = serde_json::from_str(DOCUMENT).unwrap();
    let described: BTreeSet<&str> = document["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(described, routes::paths().collect());
    let bench = Bench::start();
    assert_eq!(bench.get("/openapi.json").json(), document);
    for (path, methods) in document["paths"].as_object().unwrap() {
        let path = path.replace("{id}", "1");
        for method in ["get", "post", "put", "patch", "delete"] {
            let status = Ask::new(&method.to_uppercase(), &path).send(&bench).status;
            assert_eq!(status != 405, methods.get(method).is_some(), "{method} {path} is answered {status}");
        }
    }
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
    let schema = &described["content"]["application/json"]["schema"];
    let found = differences(document, schema, &reply.json(), "");
    assert!(found.is_empty(), "{method} {path} {status}: {found:?}");
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
    for (path, asked) in [
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
        check(&document, &mut seen, "get", path, &bench.get(&asked));
        let stranger = Ask::new("GET", &asked).without("Authorization").send(&bench);
        check(&document, &mut seen, "get", path, &stranger);
        let foreign = Ask::new("GET", &asked).with("Host", "evil.test").send(&bench);
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
    let mut every = |bench: &dyn Fn() -> Rc<Bench>, status: u16, only: &[&str]| {
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
                let ask = Ask::new(&method.to_uppercase(), &path.replace("{id}", "1")).body("application/json", body);
                let reply = (0..20).find_map(|_| ask.try_send_to(bench().address)).expect("an answer");
                assert_eq!(reply.status, status, "{method} {path}");
                check(document, seen, method, path, &reply);
            }
        }
    };
    let limited = Rc::new(Bench::with(|config, _| config.rate_limit = 1));
    limited.get("/payments");
    every(&|| Rc::clone(&limited), 429, &["get", "post"]);
    let locked = Rc::new(Bench::over_file());
    let ledger = locked.ledger();
    ledger.execute_batch("BEGIN IMMEDIATE").unwrap();
    every(&|| Rc::clone(&locked), 503, &["post"]);
    // The server refuses, and then ends.
    let gone = || {
        let bench = Bench::over_file();
        std::fs::remove_file(bench.folder.path().join("ledger.sqlite")).unwrap();
        Rc::new(bench)
    };
    every(&gone, 503, &["get"]);
}
