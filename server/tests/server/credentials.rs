//! Tests the rights of callers: credentials, sessions, origins and hosts (S24 to S26).

use super::bench::{Ask, Bench, Reply, payment};

const OWN: &[(&str, &str)] =
    &[("paymentMethod", "\"CreditCard\""), ("paymentMethodId", "41877"), ("source", "\"SelfServicePortal\"")];
const DUE_ITEM: &str = r#"{"amountDue": 2, "amountPaid": 1, "dueDate": "2026-12-01", "date": "2026-11-20"}"#;

/// Sends as the demo page does: with its cookie, from its own origin.
fn as_page(bench: &Bench, cookie: &str, path: &str, body: &str) -> Reply {
    let ask = Ask::new("POST", path).without("Authorization").with("Cookie", cookie).with("Sec-Fetch-Site", "same-origin");
    ask.body("application/json", body).send(bench)
}

fn read_as_page(bench: &Bench, cookie: &str, path: &str) -> u16 {
    Ask::new("GET", path).without("Authorization").with("Cookie", cookie).send(bench).status
}

/// A bench that serves one page.
fn bench_with_page() -> Bench {
    Bench::with(|config, folder| {
        let dist = folder.join("dist");
        std::fs::create_dir_all(&dist).unwrap();
        std::fs::write(dist.join("index.html"), "<!doctype html>").unwrap();
        std::fs::write(dist.join("other.html"), "<!doctype html>").unwrap();
        config.dist = Some(dist);
    })
}

/// S24: a caller without a known credential reads and pays nothing.
#[test]
fn without_known_credentials_each_contract_refuses_in_its_documented_words() {
    let bench = Bench::start();
    for value in [
        None,
        Some("Bearer wrong-token"),
        Some("Basic ZGVtbzprZXk="),
        Some("Bearer"),
        Some("Bearer "),
        Some(""),
        Some("demo-token"),
    ] {
        let ask = |method: &str, path: &str, body: &str| {
            let ask = Ask::new(method, path).without("Authorization").body("application/json", body);
            value.map_or_else(
                || ask.send(&bench),
                |value| Ask::new(method, path).with("Authorization", value).body("application/json", body).send(&bench),
            )
        };
        let reply = ask("POST", "/v1/payments", &payment(&[]));
        assert_eq!((reply.status, reply.errors().len()), (401, 1));
        assert!(reply.header("www-authenticate").is_some());
        assert_eq!(ask("GET", "/v1/payments/7613580", "").status, 401);
        for (method, path) in [("POST", "/payments"), ("GET", "/payments"), ("GET", "/payments/1"), ("POST", "/payments/resolve")]
        {
            let reply = ask(method, path, DUE_ITEM);
            assert_eq!(reply.status, 403, "{method} {path}");
            let document = include_str!("../../../tests/fixtures/contracts/maiascore-response-error.json");
            assert_eq!(reply.text().trim(), document.trim(), "the documented body, word for word");
        }
    }
    assert_eq!(bench.made(), 0);
}

#[test]
fn bearer_and_basic_are_accepted_on_both_contracts() {
    let bench = Bench::start();
    for value in ["Bearer demo-token", "bearer demo-token", "Basic demo-key", "basic  demo-key"] {
        for (path, body) in [("/v1/payments", payment(&[])), ("/payments", DUE_ITEM.to_owned())] {
            let reply = Ask::new("POST", path).with("Authorization", value).body("application/json", body).send(&bench);
            assert_eq!(reply.status, 200, "{value}");
        }
    }
    for value in ["Basic demo-token", "Bearer demo-key"] {
        assert_eq!(Ask::new("GET", "/payments").with("Authorization", value).send(&bench).status, 403);
    }
}

#[test]
fn configured_credentials_take_the_place_of_the_demos() {
    let bench = Bench::with(|config, folder| {
        std::fs::write(folder.join("index.html"), "<!doctype html>").unwrap();
        config.dist = Some(folder.to_owned());
        config.tokens = vec!["a-real-token".into()];
        config.keys = vec!["a-real-key".into()];
    });
    let status = |value: &str| Ask::new("GET", "/v1/payments/7613580").with("Authorization", value).send(&bench).status;
    assert_eq!(["Bearer a-real-token", "Basic a-real-key"].map(status), [200, 200]);
    assert_eq!(["Bearer demo-token", "Basic demo-key"].map(status), [401, 401]);
    assert_eq!(bench.get("/").header("set-cookie"), None, "looking at a page signs nobody in");
    let foreign = Ask::new("GET", "/healthz").with("Host", "pay.example.com").send(&bench);
    assert_eq!(foreign.status, 200, "with credentials the server may stand behind any name");
}

/// S26: a portal session reads and pays for one customer, by stored methods.
#[test]
fn a_portal_session_is_good_for_its_own_customer_only() {
    let bench = bench_with_page();
    let cookie = bench.cookie("/?customer=655080");
    assert_eq!(as_page(&bench, &cookie, "/v1/payments", &payment(OWN)).status, 200);
    let with = |changes: &[(&'static str, &'static str)]| payment(&[OWN, changes].concat());
    for (body, error) in [
        (with(&[("customerId", "655081")]), "payment.CustomerId: A session can pay only for its own customer."),
        (with(&[("source", "\"Manual\"")]), "payment.Source: A portal session can pay only with the source SelfServicePortal."),
        (
            with(&[("paymentMethod", "\"Cash\""), ("paymentMethodId", "")]),
            "payment.PaymentMethodType: A portal session can pay only with stored methods.",
        ),
        (with(&[("paymentMethodId", "41902")]), "payment.PaymentMethodId: The customer has no stored method 41902."),
    ] {
        let reply = as_page(&bench, &cookie, "/v1/payments", &body);
        assert_eq!((reply.status, reply.errors()), (400, vec![error.to_owned()]));
    }
    for path in ["/v1/customers/655080/invoiceSummaries", "/v1/customers/655080/paymentMethods/all", "/v1/payments/7613580"] {
        assert_eq!(read_as_page(&bench, &cookie, path), 200, "{path}");
    }
    let another: i64 = bench.value("SELECT id FROM payments WHERE customer_id = 655081");
    for path in [
        "/v1/customers/655081/invoiceSummaries",
        "/v1/customers/655081/paymentMethods/all",
        "/v1/customers/655081/paymentactivities",
        "/v1/invoices/571010",
        &format!("/v1/payments/{another}"),
    ] {
        assert_eq!(read_as_page(&bench, &cookie, path), 404, "{path}");
    }
    assert_eq!(as_page(&bench, &cookie, "/payments", DUE_ITEM).status, 403, "and no good for the other contract");
    assert_eq!(bench.made(), 1);
}

#[test]
fn staff_and_record_sessions() {
    let bench = bench_with_page();
    let staff = bench.cookie("/?customer=655081&staff");
    for customer in ["655080", "655081"] {
        assert_eq!(as_page(&bench, &staff, "/v1/payments", &payment(&[("customerId", customer)])).status, 200);
    }
    assert_eq!(read_as_page(&bench, &staff, "/payments"), 403);

    let records = bench.cookie("/?api=maiascore");
    assert_eq!(as_page(&bench, &records, "/payments", DUE_ITEM).status, 200);
    assert_eq!(read_as_page(&bench, &records, "/payments"), 200);
    assert_eq!(read_as_page(&bench, &records, "/v1/customers/655080/invoiceSummaries"), 200, "due items are picked from it");
    assert_eq!(read_as_page(&bench, &records, "/v1/customers/655081/invoiceSummaries"), 404);
    let refused = as_page(&bench, &records, "/v1/payments", &payment(OWN));
    assert_eq!(refused.errors(), ["payment.CustomerId: A session can pay only for its own customer."]);
}

#[test]
fn the_session_follows_the_address_of_the_page() {
    let bench = bench_with_page();
    let reply = Ask::new("GET", "/").without("Authorization").send(&bench);
    let cookie = reply.header("set-cookie").unwrap();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/", "=portal.655080."] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    let staff = bench.cookie("/?staff");
    let other = |path: &str, cookie: &str| {
        Ask::new("GET", path).with("Cookie", cookie).send(&bench).header("set-cookie").map(str::to_owned)
    };
    assert_eq!(other("/other.html", &staff), None, "a page that asks for nobody keeps who is there");
    assert!(other("/other.html?customer=655082", &staff).unwrap().contains("portal.655082."));
    assert!(other("/", &staff).unwrap().contains("portal.655080."), "the demo page itself begins anew");
    assert!(other("/?customer=nobody", "").unwrap().contains("portal.655080."));
}

#[test]
fn a_cookie_that_was_changed_or_is_too_old_is_none() {
    let bench = bench_with_page();
    let cookie = bench.cookie("/?customer=655080");
    let path = "/v1/customers/655081/invoiceSummaries";
    let status = |cookie: &str| read_as_page(&bench, cookie, path);
    assert_eq!(status(&cookie), 404);
    assert_eq!(status(&cookie.replace("655080", "655081")), 401);
    assert_eq!(status(&cookie.replace("portal", "staff")), 401);
    let (name, _) = cookie.split_once('=').unwrap();
    for value in ["", ".", "staff.0.9999999999.", "staff.0.9999999999.00", "a.b.c.d.e"] {
        assert_eq!(status(&format!("{name}={value}")), 401, "{value}");
    }
    assert_eq!(status(&format!("other=1; {cookie}; more=2")), 404, "it is found among others");
    let other_server = bench_with_page();
    assert_eq!(read_as_page(&other_server, &cookie, path), 401, "each ledger signs with a key of its own");
}

#[test]
fn a_session_needs_the_pages_own_origin_to_change_anything() {
    let bench = bench_with_page();
    let cookie = bench.cookie("/");
    let own = format!("http://{}", bench.address);
    for (headers, status) in [
        (vec![("Sec-Fetch-Site", "same-origin")], 200),
        (vec![("Origin", own.as_str())], 200),
        (vec![], 403),
        (vec![("Origin", "https://evil.test")], 403),
        (vec![("Origin", "null")], 403),
        (vec![("Sec-Fetch-Site", "cross-site"), ("Origin", own.as_str())], 403),
        (vec![("Sec-Fetch-Site", "same-site")], 403),
        (vec![("Sec-Fetch-Site", "none")], 403),
    ] {
        let ask = Ask::new("POST", "/v1/payments").without("Authorization").with("Cookie", &cookie);
        let ask = headers.iter().fold(ask, |ask, (name, value)| ask.with(name, value));
        assert_eq!(ask.body("application/json", payment(OWN)).send(&bench).status, status, "{headers:?}");
    }
    let with_token = Ask::new("POST", "/v1/payments").with("Cookie", &cookie).body("application/json", payment(&[]));
    assert_eq!(with_token.send(&bench).status, 200, "a token is no cookie: no other site can send it");
    let wrong_token = Ask::new("GET", "/v1/payments/7613580").with("Cookie", &cookie).with("Authorization", "Bearer wrong-one");
    assert_eq!(wrong_token.send(&bench).status, 401, "a wrong token is not made good by a cookie");
}

/// A browser keeps a Basic key that it was once given and adds it to the requests of every page.
#[test]
fn basic_key_that_a_browser_kept_is_no_good_for_other_pages() {
    let bench = Bench::with(|config, _| {
        config.keys = vec!["a-real-key".into()];
        config.allowed_origins = vec!["https://good.test".into()];
    });
    let own = format!("http://{}", bench.address);
    for (headers, status) in [
        (vec![], 200),
        (vec![("Sec-Fetch-Site", "same-origin"), ("Origin", own.as_str())], 200),
        (vec![("Sec-Fetch-Site", "cross-site"), ("Origin", "https://good.test")], 200),
        (vec![("Origin", "https://evil.test")], 403),
        (vec![("Sec-Fetch-Site", "cross-site"), ("Origin", "null")], 403),
        (vec![("Sec-Fetch-Site", "same-site"), ("Origin", "https://other.good.test")], 403),
    ] {
        let ask = Ask::new("POST", "/payments").with("Authorization", "Basic a-real-key");
        let ask = headers.iter().fold(ask, |ask, (name, value)| ask.with(name, value));
        assert_eq!(
            ask.body("application/x-www-form-urlencoded", "amountDue=1&amountPaid=1&dueDate=2026-11-20&date=2026-11-20")
                .send(&bench)
                .status,
            status,
            "{headers:?}"
        );
    }
    let stranger = Ask::new("GET", "/v1/payments/7613580").without("Authorization").send(&bench);
    assert_eq!(stranger.header("www-authenticate"), Some("Bearer realm=\"payments\""), "no browser asks the person for a key");
}
