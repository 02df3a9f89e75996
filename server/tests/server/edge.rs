//! Tests the rules for every request: limits, types, headers, CORS, the Host check.

use super::{
    bench::{Ask, Bench, payment},
    identity::{claims, files, token},
};
use serde_json::json;
use std::{
    io::{ErrorKind, Read, Write},
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
fn a_slash_at_the_end_changes_nothing() {
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
fn the_headers_of_safety_stand_on_every_answer() {
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
fn only_a_trusted_proxy_says_that_a_client_speaks_tls() {
    for is_trusted in [true, false] {
        let bench = Bench::with(|config, _| {
            config.tokens = vec!["demo-token".into()];
            config.trusted_proxies = if is_trusted { vec!["127.0.0.1".parse().unwrap()] } else { vec![] };
        });
        let reply = Ask::new("GET", "/v1/payments/7613580").with("X-Forwarded-Proto", "https").send(&bench);
        assert_eq!(reply.header("strict-transport-security").is_some(), is_trusted);
        assert_eq!(reply.json()["uri"].as_str().unwrap().starts_with("https://"), is_trusted);
    }
}

#[test]
fn development_mode_refuses_what_a_proxy_forwards() {
    let bench = Bench::start();
    for name in ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Anything", "Forwarded"] {
        let reply = Ask::new("GET", "/v1/payments/7613580").with(name, "for=192.0.2.1").send(&bench);
        assert_eq!((reply.status, reply.errors().len()), (403, 1), "{name}");
        assert!(reply.text().contains("a proxy forwards"), "{}", reply.text());
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

/// Clients that open connections and say nothing, or half of something, shut nobody out.
#[test]
fn idle_connections_give_way() {
    let bench = Bench::with(|config, _| config.connections_max = 8);
    let mut idle: Vec<TcpStream> = (0..20)
        .map(|count| {
            let mut stream = TcpStream::connect(bench.address).unwrap();
            if count % 2 == 0 {
                stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half").unwrap();
            }
            stream
        })
        .collect();
    for _ in 0..3 {
        assert_eq!(bench.post("/v1/payments", &payment(&[])).status, 200);
    }
    let mut stream = idle.remove(0);
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    assert_eq!(stream.read(&mut [0; 8]).unwrap_or(0), 0, "the one that was idle the longest is closed");
}

/// Clients whose bodies never come shut nobody out either, whether or not their credentials are good.
#[test]
fn requests_without_their_bodies_give_way() {
    for token in ["demo-token", "a-wrong-token"] {
        let bench = Bench::with(|config, _| config.connections_max = 8);
        let slow: Vec<TcpStream> = (0..20)
            .map(|_| {
                let mut stream = TcpStream::connect(bench.address).unwrap();
                let head = format!(
                    "POST /v1/payments HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"
                );
                stream.write_all(head.as_bytes()).unwrap();
                stream
            })
            .collect();
        for _ in 0..3 {
            assert_eq!(bench.post("/v1/payments", &payment(&[])).status, 200, "{token}");
        }
        drop(slow);
        assert_eq!(bench.made(), 3, "{token}");
    }
}

/// Opens connections of a stranger, each with a request whose body never ends.
fn slow_strangers(bench: &Bench, count: usize) -> Vec<TcpStream> {
    let head = "POST /v1/payments HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
    (0..count)
        .map(|_| {
            let mut stream = TcpStream::connect(bench.address).unwrap();
            stream.write_all(head.as_bytes()).unwrap();
            stream
        })
        .collect()
}

/// A client of these tests waits for 20 s: a place that takes a second to free would be 500 s away.
#[test]
fn slow_bodies_of_strangers_keep_no_payment_waiting() {
    let bench = Bench::with(|config, _| config.connections_max = 8);
    let strangers = slow_strangers(&bench, 500);
    assert_eq!(bench.post("/v1/payments", &payment(&[])).status, 200);
    drop(strangers);
}

#[test]
fn strangers_cut_no_body_that_comes_with_credentials() {
    let bench = Bench::with(|config, _| config.connections_max = 8);
    let body = payment(&[]);
    let mut slow = TcpStream::connect(bench.address).unwrap();
    slow.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let (first, rest) = body.split_at(10);
    let head = format!(
        "POST /v1/payments HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: Bearer demo-token\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    slow.write_all(head.as_bytes()).unwrap();
    let mut invitation = [0; "HTTP/1.1 100 Continue\r\n\r\n".len()];
    slow.read_exact(&mut invitation).expect("the server asks for the body");
    slow.write_all(first.as_bytes()).unwrap();
    let strangers = slow_strangers(&bench, 50);
    assert_eq!(bench.get("/healthz").status, 200, "all of them had their turn");
    slow.write_all(rest.as_bytes()).unwrap();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).expect("the connection was kept");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    drop(strangers);
}

#[test]
fn refusal_does_not_wait_for_the_body_of_a_stranger() {
    let bench = Bench::start();
    let mut stranger = slow_strangers(&bench, 1).remove(0);
    // A body with credentials may take 30 s.
    stranger.set_read_timeout(Some(Duration::from_secs(15))).unwrap();
    let mut answer = [0; 12];
    stranger.read_exact(&mut answer).expect("the refusal comes before the body ends");
    assert_eq!(&answer, b"HTTP/1.1 401");
}

/// Anybody may ask whether the server is ready, and each check writes.
#[test]
fn questions_of_strangers_fill_no_queue_of_writes() {
    let bench = Bench::over_file();
    let ledger = bench.ledger();
    ledger.execute_batch("BEGIN IMMEDIATE").unwrap();
    std::thread::scope(|scope| {
        for _ in 0..30 {
            scope.spawn(|| Ask::new("GET", "/readyz").without("Authorization").send(&bench));
        }
        std::thread::sleep(Duration::from_millis(500));
        let figures = bench.get("/metrics");
        let waiting = figures.text().lines().find_map(|line| line.strip_prefix("payment_form_writes_waiting "));
        let waiting: u32 = waiting.expect("the figure").parse().unwrap();
        assert!(waiting <= 2, "{waiting} checks wait at a time");
        ledger.execute_batch("ROLLBACK").unwrap();
    });
    assert_eq!(bench.get("/readyz").status, 200);
}

/// Guessing credentials is slowed down by address.
#[test]
fn failed_logins_of_an_address_are_limited() {
    let bench = Bench::with(|config, _| {
        config.tokens = vec!["demo-token".into()];
        config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
        config.failed_logins = 3;
    });
    let status = |token: &str, address: &str| {
        let ask = Ask::new("GET", "/v1/payments/7613580").with("Authorization", &format!("Bearer {token}"));
        ask.with("X-Forwarded-For", &format!("203.0.113.9, {address}")).send(&bench)
    };
    let anonymous = || {
        let ask = Ask::new("GET", "/v1/payments/7613580").without("Authorization");
        ask.with("X-Forwarded-For", "203.0.113.9, 192.0.2.1").send(&bench)
    };
    assert_eq!([(); 5].map(|()| anonymous().status), [401; 5], "a request without credentials guesses nothing");
    assert_eq!([(); 3].map(|()| status("a-wrong-token", "192.0.2.1").status), [401; 3]);
    let refused = status("a-wrong-token", "192.0.2.1");
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("20")));
    assert_eq!(status("demo-token", "192.0.2.1").status, 429, "a guess that is right at last is not told so");
    assert_eq!(status("demo-token", "192.0.2.2").status, 200, "other addresses are not concerned");
    assert_eq!(anonymous().status, 401, "a page without a session is asked to sign in");
}

/// A bench that takes signed tokens and allows one failed login a minute.
fn bench_with_one_failed_login() -> Bench {
    Bench::with(|config, folder| {
        config.tokens = vec!["demo-token".into()];
        config.token_files = files(folder);
        config.failed_logins = 1;
    })
}

#[test]
fn cookie_of_another_program_is_no_failed_login() {
    let bench = bench_with_one_failed_login();
    let status = |cookie: &str| {
        let ask = Ask::new("GET", "/v1/payments/7613580").without("Authorization").with("Cookie", cookie);
        ask.send(&bench).status
    };
    assert_eq!(["_ga=GA1.1; theme=dark", "x__Host-payment-session=1", "_ga=GA1.1"].map(status), [401; 3]);
    assert_eq!(bench.get("/v1/payments/7613580").status, 200);
    assert_eq!([(); 2].map(|()| status("_ga=GA1.1; __Host-payment-session=guessed")), [401, 429]);
}

#[test]
fn failed_logins_of_others_keep_no_signed_token_out() {
    let bench = bench_with_one_failed_login();
    let status = |token: &str| {
        Ask::new("GET", "/v1/payments/7613580").with("Authorization", &format!("Bearer {token}")).send(&bench).status
    };
    assert_eq!([(); 2].map(|()| status("a-wrong-token")), [401, 429]);
    assert_eq!(status("demo-token"), 429, "a secret of a few characters may be guessed");
    let signed = token(&claims(json!({})));
    assert_eq!(status(&signed), 200);
    let cookie = format!("__Host-payment-session={signed}");
    let by_cookie = Ask::new("GET", "/v1/payments/7613580").without("Authorization").with("Cookie", &cookie).send(&bench);
    assert_eq!(by_cookie.status, 200);
}

/// Each proxy appends what it sees, on the same line or on a new one; what a client wrote stands before.
#[test]
fn address_is_the_last_one_that_no_trusted_proxy_has() {
    let bench = |failed_logins| {
        Bench::with(move |config, _| {
            config.tokens = vec!["demo-token".into()];
            config.trusted_proxies = ["127.0.0.1", "10.0.0.7"].map(|proxy| proxy.parse().unwrap()).to_vec();
            config.failed_logins = failed_logins;
        })
    };
    let guess = |bench: &Bench, lines: &[&str]| {
        let ask = Ask::new("GET", "/v1/payments/7613580").with("Authorization", "Bearer a-wrong-token");
        lines.iter().fold(ask, |ask, line| ask.and("X-Forwarded-For", line)).send(bench).status
    };
    for lines in [
        &["203.0.113.9", "192.0.2.1"][..],
        &["203.0.113.9, 192.0.2.1"],
        &["203.0.113.9", "192.0.2.1, 10.0.0.7"],
        &["203.0.113.9, 192.0.2.1", "10.0.0.7"],
        &["nonsense", "192.0.2.1 ,10.0.0.7"],
    ] {
        let bench = bench(1);
        assert_eq!(guess(&bench, &["192.0.2.1"]), 401);
        assert_eq!(guess(&bench, lines), 429, "{lines:?} is 192.0.2.1");
        assert_eq!(guess(&bench, &["203.0.113.9"]), 401, "{lines:?} is not counted for the address that it names first");
    }
    let bench = bench(1);
    assert_eq!(guess(&bench, &["192.0.2.1", "nonsense"]), 401);
    assert_eq!(guess(&bench, &["192.0.2.2", "nonsense"]), 429, "behind what is no address stands nobody");
    assert_eq!(guess(&bench, &[]), 429, "it is counted for the proxy");
}

#[test]
fn scheme_of_the_nearest_proxy_counts() {
    let bench = Bench::with(|config, _| {
        config.tokens = vec!["demo-token".into()];
        config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    });
    for (lines, is_https) in [(["https", "http"], false), (["http", "https"], true), (["https, http", "http, https"], true)] {
        let ask = Ask::new("GET", "/v1/payments/7613580");
        let reply = lines.iter().fold(ask, |ask, line| ask.and("X-Forwarded-Proto", line)).send(&bench);
        assert_eq!(reply.header("strict-transport-security").is_some(), is_https, "{lines:?}");
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
    assert_eq!(bench.get("/v1/payments/7613580").errors()[0], "Api Error: Too many requests. Nothing was done; please wait.");
    assert_eq!(send("Basic demo-key").status, 200, "another principal has a bucket of its own");
    assert_eq!(bench.get("/healthz").status, 200);
}

/// H8: a request that is slow, endless or broken costs the others nothing.
#[test]
fn slow_endless_and_broken_requests_leave_the_server_well() {
    let bench = Bench::start();
    let many_headers: String = (0..10_000).map(|count| format!("X-{count}: y\r\n")).collect();
    for bytes in [
        "POST /v1/payments HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer demo-token\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{".to_owned(),
        format!("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n{many_headers}\r\n"),
        format!("GET /{} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "x".repeat(100_000)),
        "POST /v1/payments HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n".to_owned(),
        "\u{0}\u{1}\u{2}\r\n\r\n".to_owned(),
        "GET / HTTP/9.9\r\n\r\n".to_owned(),
        "GET /healthz HTTP/1.1\r\n".to_owned(),
    ] {
        let mut stream = TcpStream::connect(bench.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
        // The server may close while this is still being written, which is its right.
        let _ = stream.write_all(bytes.as_bytes());
        let mut answer = [0; 64];
        let count = stream.read(&mut answer).unwrap_or(0);
        let line = String::from_utf8_lossy(&answer[..count]).into_owned();
        assert!(!line.starts_with("HTTP/1.1 2"), "{line}");
        assert!(!line.contains(" 408 "), "a 408 makes browsers send again: {line}");
    }
    assert_eq!(bench.get("/healthz").status, 200);
    assert_eq!(bench.made(), 0);
}

#[test]
fn a_client_that_takes_no_answer_loses_its_connection() {
    let bench = Bench::with(|config, _| config.write_timeout = Duration::from_millis(200));
    let mut stream = TcpStream::connect(bench.address).unwrap();
    stream.set_write_timeout(Some(Duration::from_secs(60))).unwrap();
    let request = format!("GET /v1/customers/655080/invoiceSummaries HTTP/1.1\r\nHost: {}\r\n\r\n", bench.address);
    // It asks and asks and reads nothing, until there is no room for an answer and then none for another question.
    let ended = loop {
        if let Err(ended) = stream.write_all(request.as_bytes()) {
            break ended.kind();
        }
    };
    assert!(matches!(ended, ErrorKind::ConnectionReset | ErrorKind::BrokenPipe), "the server let the client wait: {ended}");
    assert_eq!(bench.get("/healthz").status, 200);
}

#[test]
fn every_answer_can_close_its_connection() {
    let bench = Bench::with(|config, _| config.close_connections = true);
    let mut stream = TcpStream::connect(bench.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    stream.write_all(format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n\r\n", bench.address).as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the server closes, though the client did not ask for it");
    assert!(answer.contains("connection: close"));
}
