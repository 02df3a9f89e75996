//! Tests the rights on the routes of a server before a vendor, and the lifetime of its cached lists.

use super::{
    bench::{Ask, Bench, payment, stored_payment},
    identity::{claims, files, token},
    network::Proxy,
    upstream::{Chain, front_config},
};
use payment_form_server::response::Contract;
use serde_json::{Value, json};
use std::time::Duration;

const DUE_ITEM: &str = r#"{"amountDue": 2, "amountPaid": 1, "dueDate": "2026-12-01", "date": "2026-11-20"}"#;

fn callers() -> Vec<(&'static str, Option<String>)> {
    let portal = |customer: i64| token(&claims(json!({"customerId": customer, "sub": customer.to_string()})));
    let staff =
        |customers: Value| token(&claims(json!({"role": "staff", "customerId": null, "customers": customers, "sub": "staff"})));
    vec![
        ("nobody", None),
        ("a wrong signature", Some(portal(655080) + "x")),
        ("a portal customer", Some(portal(655080))),
        ("another portal customer", Some(portal(655081))),
        ("staff for one customer", Some(staff(json!([655080])))),
        ("staff for nobody", Some(staff(json!([])))),
        ("staff whose token names a customer", Some(token(&claims(json!({"role": "staff", "sub": "staff"}))))),
        (
            "a service for one customer",
            Some(token(&claims(json!({"role": "service", "customerId": null, "customers": [655080], "sub": "program"})))),
        ),
        ("staff for all", Some(staff(Value::Null))),
        ("a service", Some(token(&claims(json!({"role": "service", "customerId": null, "sub": "program"}))))),
        ("a program", Some("demo-token".into())),
    ]
}

fn front(contract: Contract) -> (Bench, Bench) {
    let vendor = Bench::with(|config, _| config.rate_limit = 0);
    let proxy = Proxy::before(vendor.address);
    let front = Bench::with(|config, folder| {
        front_config(&proxy, contract)(config, folder);
        config.token_files = files(folder);
    });
    (vendor, front)
}

/// Sends every request as every caller. A row of `expected` holds the statuses of one caller.
#[track_caller]
fn check(front: &Bench, routes: &[(&str, &str, String)], expected: &[&[u16]]) {
    for ((caller, authorization), expected) in callers().iter().zip(expected) {
        let statuses: Vec<u16> = routes
            .iter()
            .map(|(method, path, body)| {
                let ask = Ask::new(method, path).without("Authorization").body("application/json", body);
                let ask = authorization.iter().fold(ask, |ask, token| ask.with("Authorization", &format!("Bearer {token}")));
                ask.send(front).status
            })
            .collect();
        assert_eq!(statuses, *expected, "{caller}");
    }
}

#[test]
fn each_caller_may_do_before_fusebill_what_the_table_says() {
    let (vendor, front) = front(Contract::Fusebill);
    let other: i64 = vendor.value("SELECT id FROM payments WHERE customer_id = 655081");
    let other = format!("/v1/payments/{other}");
    let routes = [
        ("GET", "/v1/customers/655080/invoiceSummaries", String::new()),
        ("GET", "/v1/customers/655080/paymentMethods/all", String::new()),
        ("GET", "/v1/customers/655080/paymentactivities", String::new()),
        ("GET", "/v1/payments/7613580", String::new()),
        ("GET", "/v1/invoices/566934", String::new()),
        ("GET", "/v1/customers/655081/invoiceSummaries", String::new()),
        ("GET", other.as_str(), String::new()),
        ("POST", "/v1/payments", stored_payment("655080", "41877")),
        ("POST", "/v1/payments", stored_payment("655081", "41902")),
        ("POST", "/v1/payments", payment(&[("amount", "0.01")])),
        ("POST", "/v1/payments/resolve", r#"{"key":"a-key-of-655081-000","customerId":655081}"#.into()),
        ("GET", "/attempts?state=unknown", String::new()),
        ("POST", "/attempts/a-key-that-nobody-used/settle", r#"{"note":"looked"}"#.into()),
        ("POST", "/session", String::new()),
        ("GET", "/metrics", String::new()),
        ("GET", "/payments", String::new()),
        ("GET", "/healthz", String::new()),
    ];
    let stranger: &[u16] = &[401, 401, 401, 401, 401, 401, 401, 401, 401, 401, 401, 401, 401, 401, 401, 404, 200];
    let everything: &[u16] = &[200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 410, 200, 404, 204, 200, 404, 200];
    let mut no_session = everything.to_vec();
    no_session[13] = 403;
    check(
        &front,
        &routes,
        &[
            stranger,
            stranger,
            &[200, 200, 200, 200, 200, 404, 404, 200, 400, 400, 404, 403, 403, 204, 403, 404, 200],
            &[404, 404, 404, 404, 404, 200, 200, 400, 200, 400, 410, 403, 403, 204, 403, 404, 200],
            &[200, 200, 200, 200, 200, 404, 404, 200, 400, 200, 404, 403, 403, 204, 403, 404, 200],
            &[404, 404, 404, 404, 404, 404, 404, 400, 400, 400, 404, 403, 403, 204, 403, 404, 200],
            &[200, 200, 200, 200, 200, 404, 404, 200, 400, 200, 404, 403, 403, 204, 403, 404, 200],
            &[200, 200, 200, 200, 200, 404, 404, 200, 400, 200, 404, 403, 403, 204, 403, 404, 200],
            everything,
            everything,
            &no_session,
        ],
    );
}

#[test]
fn each_caller_may_do_before_maiascore_what_the_table_says() {
    let (_vendor, front) = front(Contract::MaiaScore);
    let routes = [
        ("GET", "/payments", String::new()),
        ("GET", "/payments/1", String::new()),
        ("POST", "/payments", DUE_ITEM.into()),
        ("POST", "/payments/resolve", r#"{"key":"a-key-of-a-due-item-0"}"#.into()),
        ("GET", "/attempts?state=unknown", String::new()),
        ("POST", "/attempts/a-key-that-nobody-used/settle", r#"{"note":"looked"}"#.into()),
        ("GET", "/metrics", String::new()),
        ("POST", "/v1/payments", payment(&[])),
    ];
    let stranger: &[u16] = &[403, 403, 403, 403, 401, 401, 401, 404];
    // A record names no customer, so whoever is limited to some customers keeps none.
    let limited: &[u16] = &[403, 403, 403, 403, 403, 403, 403, 404];
    let everything: &[u16] = &[200, 200, 200, 410, 200, 404, 200, 404];
    let limited = [limited; 6];
    check(&front, &routes, &[&[stranger; 2][..], &limited, &[everything; 3]].concat());
}

#[test]
fn list_is_kept_for_a_moment_and_never_past_a_payment() {
    let chain = Chain::of(Contract::Fusebill);
    let path = "/v1/customers/655080/paymentactivities?pageSize=1&sortOrder=Descending&sortExpression=id";
    let before = chain.front.get(path);
    chain.vendor.post("/v1/payments", &payment(&[]));
    assert_eq!(chain.front.get(path).body, before.body, "somebody else's change is seen a moment later");
    let paid = chain.front.post("/v1/payments", &payment(&[("reference", "\"ours\"")]));
    assert_eq!(paid.status, 200);
    let fresh = chain.front.get(path).json();
    assert_eq!(fresh[0]["paymentId"], paid.json()["id"], "a payment through this server is seen at once");
    let unkept = Bench::with(|config, folder| {
        before_unkept(&chain.proxy)(config, folder);
    });
    let first = unkept.get(path);
    chain.vendor.post("/v1/payments", &payment(&[]));
    assert_ne!(unkept.get(path).body, first.body);
}

fn before_unkept(proxy: &Proxy) -> impl FnOnce(&mut payment_form_server::config::Config, &std::path::Path) + use<> {
    let configure = front_config(proxy, Contract::Fusebill);
    move |config, folder| {
        configure(config, folder);
        config.lists_kept = Duration::ZERO;
    }
}
