//! Measures payments a second beside the floor: the same transaction by bare rusqlite, one thread, in the same run.
//!
//! `cargo run --release -p payment-form-server --example load -- [seconds]`

use payment_form_server::{config::Config, serve::Server};
use rusqlite::{Connection, TransactionBehavior, params};
use std::{
    net::SocketAddr,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const BODY: &str = r#"{"customerId":655080,"amount":0.01,"paymentMethod":"Cash","source":"Manual"}"#;

fn main() {
    let seconds = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(5);
    let within = Duration::from_secs(seconds);
    let folder = std::env::temp_dir().join(format!("payment-form-load-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the ledger");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("threads");
    let db = folder.join("ledger.sqlite");
    let server = runtime.block_on(serve(&db));
    println!("| connections | payments/s | of the floor | p50 | p99 |\n| --- | --- | --- | --- | --- |");
    for connections in [1, 16, 64] {
        let floor = floor(&db, within / 2);
        let (rate, [p50, p99]) = runtime.block_on(load(server, connections, within));
        println!("| {connections} | {rate:.0} | {:.2} (floor {floor:.0}/s) | {p50:.1} ms | {p99:.1} ms |", rate / floor);
    }
    runtime.shutdown_timeout(Duration::from_secs(1));
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
}

async fn serve(db: &Path) -> SocketAddr {
    let config = Config { demo: true, port: 0, db: db.to_owned(), rate_limit: 0, quiet: true, ..Config::default() };
    let server = Server::bind(config).await.expect("the server starts");
    let address = server.address();
    tokio::spawn(server.run(std::future::pending()));
    address
}

/// The statements of one payment with its key, and nothing around them.
fn floor(db: &Path, within: Duration) -> f64 {
    let mut ledger = Connection::open(db).expect("the ledger");
    ledger.pragma_update(None, "synchronous", "FULL").expect("a pragma");
    ledger.pragma_update(None, "foreign_keys", true).expect("a pragma");
    ledger.busy_timeout(Duration::from_secs(5)).expect("a pragma");
    let started = Instant::now();
    let mut count = 0;
    let at = "2026-11-20T09:00:00.0000000Z";
    while started.elapsed() < within {
        let key = format!("floor-{:020}-{count:010}", started.elapsed().as_nanos());
        let one = ledger.transaction_with_behavior(TransactionBehavior::Immediate).and_then(|one| {
            one.prepare_cached("SELECT status FROM attempts WHERE scope = 'main fusebill' AND key = ?1")?.exists([&key])?;
            one.prepare_cached("SELECT currency FROM customers WHERE id = 655080")?.exists([])?;
            one.prepare_cached("INSERT INTO payments (customer_id, amount, unallocated, method, source, effective_at) VALUES (655080, '0.01', '0.01', 'Cash', 'Manual', ?1)")?.execute([at])?;
            let id = one.last_insert_rowid();
            one.prepare_cached("INSERT INTO activities (payment_id, customer_id, amount, status, method, source, effective_at) VALUES (?1, 655080, '0.01', 'Successful', 'Cash', 'Manual', ?2)")?.execute(params![id, at])?;
            one.prepare_cached("INSERT INTO attempts (scope, key, customer_id, fingerprint, status, body, settled_at) VALUES ('main fusebill', ?1, 655080, x'00', 200, ?2, 1790000000)")?.execute(params![key, "x".repeat(600)])?;
            one.commit()
        });
        one.expect("a payment");
        count += 1;
    }
    f64::from(count) / started.elapsed().as_secs_f64()
}

/// Payments a second, and the times that half and 99 % of them stay below, in milliseconds.
async fn load(server: SocketAddr, connections: usize, within: Duration) -> (f64, [f64; 2]) {
    static KEY: AtomicU64 = AtomicU64::new(0);
    let started = Instant::now();
    let clients: Vec<_> = (0..connections)
        .map(|_| {
            tokio::spawn(async move {
                let mut stream = TcpStream::connect(server).await.expect("a connection");
                stream.set_nodelay(true).expect("an option");
                let (mut times, mut buffer) = (Vec::new(), vec![0; 16 * 1024]);
                while started.elapsed() < within {
                    let key = KEY.fetch_add(1, Ordering::Relaxed);
                    let request = format!(
                        "POST /v1/payments HTTP/1.1\r\nHost: {server}\r\nAuthorization: Bearer demo-token\r\nContent-Type: application/json\r\nIdempotency-Key: load-{key:020}\r\nContent-Length: {}\r\n\r\n{BODY}",
                        BODY.len()
                    );
                    let sent = Instant::now();
                    stream.write_all(request.as_bytes()).await.expect("a request");
                    let count = stream.read(&mut buffer).await.expect("an answer");
                    assert!(buffer[..count].starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&buffer[..count]));
                    times.push(sent.elapsed());
                }
                times
            })
        })
        .collect();
    let mut times = Vec::new();
    for client in clients {
        times.extend(client.await.expect("a client"));
    }
    let rate = times.len() as f64 / started.elapsed().as_secs_f64();
    times.sort_unstable();
    let below = |part: f64| times.get((times.len() as f64 * part) as usize).map_or(0.0, |time| time.as_secs_f64() * 1000.0);
    (rate, [below(0.5), below(0.99)])
}
