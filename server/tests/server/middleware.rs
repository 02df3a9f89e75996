//! Tests the rules for every request: routes and methods, sizes and types, headers, CORS, the Host check, the rate limit.

use super::bench::{Ask, Bench, payment};
use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

const JSON: &str = "application/json";

/// S32: a body has a limit and a documented type.
#[test]
fn bodies_have_a_size_and_a_type() {
    let bench = Bench::start();
    let large = format!("{{\"reference\":\"{}\"}}", "x".repeat(2 * 1024 * 1024));
    for path in ["/v1/payments", "/payments", "/v1/payments/resolve"] {
        assert_eq!(bench.post(path, &large).status, 413, "{path}");
    }
    // A body that is refused for its head is read all the same, or the client would see a broken connection instead of the answer.
    let stranger = Ask::new("POST", "/v1/payments").with("Authorization", "Bearer nobody").body(JSON, &large);
    assert_eq!(stranger.send(&bench).status, 401);
    let send = |path: &str, content_type: &str, body: &str| Ask::new("POST", path).body(content_type, body).send(&bench).status;
    for content_type in
        ["text/plain", "application/xml", "application/x-www-form-urlencoded", "application/json; charset=latin1", ""]
    {
        assert_eq!(send("/v1/payments", content_type, &payment(&[])), 415, "{content_type}");
    }
    for content_type in ["application/json", "Application/JSON; charset=UTF-8", "application/json; charset=\"utf-8\""] {
        assert_eq!(send("/v1/payments", content_type, &payment(&[])), 200, "{content_type}");
    }
    let unnamed = Ask::new("POST", "/payments").send(&bench);
    assert_eq!((unnamed.status, unnamed.json()["code"].as_u64()), (415, Some(415)));
}

#[test]
fn unknown_paths_and_methods_are_told_in_json() {
    let bench = Bench::start();
    for path in ["/nowhere", "/v1", "/v1/", "/v1/nowhere", "/v1/customers/655080", "/pkg/nowhere.js"] {
        let reply = bench.get(path);
        assert_eq!((reply.status, reply.errors().len()), (404, 1), "{path}");
    }
    assert_eq!((bench.get("/payments/1/2").status, bench.get("/payments/1/2").json()["code"].as_u64()), (404, Some(500)));
    for (method, path, allowed) in [
        ("DELETE", "/v1/payments", "POST"),
        ("GET", "/v1/payments/", "POST"),
        ("PUT", "/v1/payments/7613580", "GET,HEAD"),
        ("PATCH", "/payments", "GET,HEAD,POST"),
        ("GET", "/payments/resolve", "POST"),
        ("POST", "/healthz", "GET,HEAD"),
    ] {
        let reply = Ask::new(method, path).send(&bench);
        assert_eq!(reply.status, 405, "{method} {path}");
        let mut listed: Vec<&str> = reply.header("allow").expect("Allow").split(',').collect();
        listed.sort_unstable();
        assert_eq!(listed.join(","), allowed, "{method} {path}");
        assert_eq!(reply.header("content-type"), Some("application/json; charset=utf-8"));
    }
    assert_eq!(Ask::new("HEAD", "/healthz").send(&bench).status, 200);
}

#[test]
fn options_names_the_methods_of_a_route() {
    let bench = Bench::start();
    let reply = Ask::new("OPTIONS", "/v1/payments/").send(&bench);
    assert_eq!((reply.status, reply.header("allow")), (204, Some("POST")));
}

#[test]
fn slash_at_the_end_changes_nothing() {
    let bench = Bench::start();
    for path in [
        "/v1/customers/655080/invoiceSummaries",
        "/v1/customers/655080/paymentMethods/all",
        "/payments",
        "/payments/1",
        "/healthz",
    ] {
        assert_eq!(bench.get(path).body, bench.get(&format!("{path}/")).body, "{path}");
    }
}

/// S29 S34: no answer is kept, framed or read by another origin.
#[test]
fn safety_headers_stand_on_every_answer() {
    let bench = Bench::start();
    for path in ["/v1/customers/655080/invoiceSummaries", "/payments", "/nowhere", "/healthz", "/v1/payments"] {
        let reply = bench.get(path);
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(reply.header(name), Some(value), "{name} on {path}");
        }
        assert_eq!(reply.header("access-control-allow-origin"), None);
        assert_eq!(reply.header("strict-transport-security"), None);
        assert_eq!(reply.header("connection"), Some("close"), "as asked");
    }
}

#[test]
fn request_with_two_hosts_is_refused() {
    for tokens in [vec![], vec!["demo-token".to_owned()]] {
        let bench = Bench::with(|config, _| config.tokens = tokens);
        let twice = Ask::new("GET", "/v1/payments/7613580").with("Host", "localhost").and("Host", "localhost").send(&bench);
        assert_eq!((twice.status, twice.errors()), (400, vec!["Host: A request has one Host header.".to_owned()]));
    }
}

#[test]
fn request_of_http_1_1_without_a_host_is_refused() {
    for tokens in [vec![], vec!["demo-token".to_owned()]] {
        let bench = Bench::with(|config, _| config.tokens = tokens.clone());
        let line = |version: &str| {
            let mut stream = TcpStream::connect(bench.address).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            stream.write_all(format!("GET /healthz {version}\r\nConnection: close\r\n\r\n").as_bytes()).unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer.lines().next().unwrap().to_owned()
        };
        assert_eq!(line("HTTP/1.1"), "HTTP/1.1 400 Bad Request");
        let old = if tokens.is_empty() { "HTTP/1.0 403 Forbidden" } else { "HTTP/1.0 200 OK" };
        assert_eq!(line("HTTP/1.0"), old, "HTTP/1.0 knows no Host; the demo answers to local names only");
    }
}

/// Many mistakes make a small answer, and many values are refused before they are kept.
#[test]
fn answers_and_bodies_are_bounded() {
    let bench = Bench::start();
    let share = r#"{"invoiceID": 1, "amount": -1}"#;
    let many = |count: usize| payment(&[("paymentAllocations", &format!("[{}]", vec![share; count].join(",")))]);
    let errors = bench.post("/v1/payments", &many(5_000)).errors();
    assert_eq!(errors.len(), 21);
    assert!(errors[20].ends_with("more are wrong."), "{}", errors[20]);
    let unreadable = bench.post("/v1/payments", &format!("[{}]", vec!["{}"; 50_000].join(","))).errors();
    assert!(unreadable[0].contains("too many values"), "{}", unreadable[0]);
    let long = "x".repeat(20_000);
    let named = bench.get(&format!("/v1/customers/655080/invoiceSummaries?query={long}:1"));
    assert_eq!((named.status, named.body.len() < 2_000), (400, true));
    let filters = vec!["id:1"; 21].join(";");
    assert_eq!(bench.get(&format!("/v1/customers/655080/invoiceSummaries?query={filters}")).status, 400);
    let filters = vec!["amountDue_gt=1"; 21].join("&");
    assert_eq!(bench.get(&format!("/payments?{filters}")).status, 400);
    assert_eq!(bench.get(&format!("/payments?id_in={}", vec!["1"; 101].join(","))).status, 400);
    assert_eq!(bench.get(&format!("/payments?_sort={}", vec!["id"; 21].join(","))).status, 400);
    let fields: Vec<String> = (0..101).map(|count| format!("field{count}=1")).collect();
    let form = Ask::new("POST", "/payments").body("application/x-www-form-urlencoded", fields.join("&")).send(&bench);
    assert!(form.text().contains("too many fields"), "{}", form.text());
}

#[test]
fn in_development_mode_only_local_names_are_answered() {
    let bench = Bench::start();
    let port = bench.address.port();
    for host in ["localhost", "127.0.0.1", "[::1]", &format!("localhost:{port}"), &format!("[::1]:{port}"), "127.0.0.1:1"] {
        assert_eq!(Ask::new("GET", "/healthz").with("Host", host).send(&bench).status, 200, "{host}");
    }
    for host in ["evil.test", "localhost.evil.test", "127.0.0.1.evil.test", "evil.test:80", "localhost:x", ""] {
        for path in ["/healthz", "/v1/payments/7613580", "/payments"] {
            assert_eq!(Ask::new("GET", path).with("Host", host).send(&bench).status, 403, "{host}");
        }
    }
}

/// S30: the name of an allowed origin as the beginning of another name lets nobody in.
#[test]
fn other_origins_are_let_in_by_their_whole_name_only() {
    let bench = Bench::with(|config, _| config.allowed_origins = vec!["https://good.test".into()]);
    let preflight = |origin: &str| {
        let ask = Ask::new("OPTIONS", "/v1/payments/").without("Authorization").with("Origin", origin);
        ask.with("Access-Control-Request-Method", "POST").with("Access-Control-Request-Headers", "idempotency-key").send(&bench)
    };
    let good = preflight("https://good.test");
    assert_eq!(good.status, 204);
    assert_eq!(good.header("access-control-allow-origin"), Some("https://good.test"));
    assert_eq!(good.header("access-control-allow-headers"), Some("authorization, content-type, idempotency-key"));
    assert_eq!(good.header("vary"), Some("Origin"));
    for origin in ["https://good.test.evil.test", "http://good.test", "https://evil.test", "https://good.test:444", "null"] {
        let refused = preflight(origin);
        assert_eq!((refused.status, refused.header("access-control-allow-origin")), (405, None), "{origin}");
    }
    let read = Ask::new("GET", "/v1/payments/7613580").with("Origin", "https://good.test").send(&bench);
    assert_eq!(read.header("access-control-allow-origin"), Some("https://good.test"));
    let exposed = read.header("access-control-expose-headers").unwrap();
    assert!(
        ["date", "idempotency-key", "idempotent-replayed", "retry-after", "x-maxpageindex"]
            .iter()
            .all(|name| exposed.contains(name))
    );
    assert_eq!(read.header("access-control-allow-credentials"), None, "cookies never go along");
}

/// S35: the wait is told, and no key is looked at before it.
#[test]
fn too_many_requests_wait() {
    let bench = Bench::with(|config, _| config.rate_limit = 3);
    let send = |authorization: &str| {
        let ask = Ask::new("POST", "/payments").with("Authorization", authorization).with("Idempotency-Key", "0123456789abcdef");
        ask.body(JSON, r#"{"amountDue":1,"amountPaid":1,"dueDate":"2026-11-20","date":"2026-11-20"}"#).send(&bench)
    };
    for _ in 0..3 {
        assert_eq!(send("Bearer demo-token").status, 200);
    }
    let refused = send("Bearer demo-token");
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("20")));
    assert_eq!(refused.header("idempotency-key"), None, "the limit stands before the keys: nothing is known of them here");
    assert_eq!(refused.json()["code"], 429);
    assert_eq!(
        bench.get("/v1/payments/7613580").errors()[0],
        "Api Error: Too many requests. This request did nothing; please wait."
    );
    assert_eq!(send("Basic demo-key").status, 200, "another principal has a bucket of its own");
    assert_eq!(bench.get("/healthz").status, 200);
}
