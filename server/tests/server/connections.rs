//! Tests that slow, silent and broken connections cost the other clients nothing.

use super::bench::{Ask, Bench, payment};
use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::Duration,
};

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
fn client_that_takes_no_answer_loses_its_connection() {
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
