//! Measures payments a second beside the floor: the same rows and the same commit by bare rusqlite, one thread, in the same run.
//!
//! The two sides take turns of a quarter of a second, because other programs can slow the machine down for seconds.
//!
//! `cargo run --release -p payment-form-server --example load -- [seconds]`; with DATABASE_URL once more over that PostgreSQL database.

mod bench;

use payment_form_server::ledger::{Location, sql::Value};
use rusqlite::{Connection, TransactionBehavior, params};
use std::{
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The customers who pay, in turn. One customer's payments wait for each other, because each is divided over what the last one left.
const CUSTOMERS: u64 = 1000;
/// The time for which one side measures before the other one has its turn.
const TURN: Duration = Duration::from_millis(250);
/// The length of a payment's record, as the server answers it.
const RECORD_LENGTH: usize = 400;
/// A load that is answered more slowly than this is too much.
const TOO_SLOW_MS: f64 = 100.0;
/// The connections of a load that comes whether or not the server keeps up.
const CONNECTIONS: usize = 128;

static NEXT: AtomicU64 = AtomicU64::new(0);

fn main() {
    let seconds = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(4);
    let within = Duration::from_secs(seconds);
    let folder = std::env::temp_dir().join(format!("payment-form-load-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the ledger");
    let db = folder.join("ledger.sqlite");
    let stores = bench::stores(db.clone());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("threads");
    println!("| store | connections | payments/s | of the floor | p50 | p99 |\n| --- | --- | --- | --- | --- | --- |");
    let mut servers = Vec::new();
    for (name, location) in stores {
        let server = runtime.block_on(bench::serve(&folder, &location));
        add_customers(&location);
        for connections in [1, 16, 64] {
            let mut floor = Floor::open(&db);
            let mut clients = runtime.block_on(connect(server, connections));
            let (mut bare, mut served) = (Measured::default(), Measured::default());
            while served.within < within {
                bare.add(floor.pay(TURN));
                let (back, turn) = runtime.block_on(load(clients, TURN));
                clients = back;
                served.add(turn);
            }
            println!(
                "| {name} | {connections} | {:.0} | {:.2} (floor {:.0}/s, p50 {:.2} ms) | {:.2} ms | {:.1} ms |",
                served.rate(),
                served.rate() / bare.rate(),
                bare.rate(),
                bare.below(0.5),
                served.below(0.5),
                served.below(0.99)
            );
        }
        servers.push((name, server));
    }
    println!("\n| store | a load that comes whether or not the server keeps up |\n| --- | --- |");
    for (name, server) in servers {
        println!("| {name} | {} |", runtime.block_on(rising(server, within / 2)));
    }
    runtime.shutdown_timeout(Duration::from_secs(1));
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
}

fn add_customers(location: &Location) {
    let mut session = bench::backend(location).writer().expect("a connection");
    session.begin_write().expect("a transaction");
    for id in 1..=CUSTOMERS {
        let statement = "INSERT INTO customers (id, name, currency) VALUES ($1, 'A customer', 'USD') ON CONFLICT DO NOTHING";
        session.run(statement, &[Value::Int(id as i64)]).expect("a customer");
    }
    session.commit().expect("a commit");
}

/// Payments, and how long they took.
#[derive(Default)]
struct Measured {
    times: Vec<Duration>,
    within: Duration,
}

impl Measured {
    fn add(&mut self, turn: Self) {
        self.times.extend(turn.times);
        self.within += turn.within;
    }

    fn rate(&self) -> f64 {
        self.times.len() as f64 / self.within.as_secs_f64()
    }

    /// The time that a part of the payments stays below, in milliseconds.
    fn below(&mut self, part: f64) -> f64 {
        self.times.sort_unstable();
        let index = (self.times.len() as f64 * part) as usize;
        self.times.get(index).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
    }
}

/// The rows of one payment with its key and their commit, and nothing around them.
struct Floor(Connection);

impl Floor {
    fn open(db: &Path) -> Self {
        let ledger = Connection::open(db).expect("the ledger");
        ledger.pragma_update(None, "synchronous", "FULL").expect("a pragma");
        ledger.pragma_update(None, "foreign_keys", true).expect("a pragma");
        ledger.busy_timeout(Duration::from_secs(5)).expect("a pragma");
        Self(ledger)
    }

    fn pay(&mut self, within: Duration) -> Measured {
        let started = Instant::now();
        let mut times = Vec::new();
        while started.elapsed() < within {
            let began = Instant::now();
            self.pay_once().expect("a payment");
            times.push(began.elapsed());
        }
        Measured { times, within: started.elapsed() }
    }

    fn pay_once(&mut self) -> rusqlite::Result<()> {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let key = format!("floor-{number:030}");
        let customer = 1 + (number % CUSTOMERS) as i64;
        let at = "2026-11-20T09:00:00.0000000Z";
        let one = self.0.transaction_with_behavior(TransactionBehavior::Immediate)?;
        one.prepare_cached("SELECT status FROM attempts WHERE scope = 'main fusebill' AND key = ?1")?.exists([&key])?;
        one.prepare_cached("SELECT currency FROM customers WHERE id = ?1")?.exists([customer])?;
        one.prepare_cached("INSERT INTO payments (customer_id, amount, unallocated, method, source, effective_at) VALUES (?1, '0.01', '0.01', 'Cash', 'Manual', ?2)")?
            .execute(params![customer, at])?;
        let id = one.last_insert_rowid();
        one.prepare_cached("INSERT INTO activities (payment_id, customer_id, amount, status, method, source, effective_at) VALUES (?1, ?2, '0.01', 'Successful', 'Cash', 'Manual', ?3)")?
            .execute(params![id, customer, at])?;
        one.prepare_cached("INSERT INTO attempts (scope, key, customer_id, fingerprint, status, body, settled_at) VALUES ('main fusebill', ?1, ?2, zeroblob(32), 200, ?3, 1790000000)")?
            .execute(params![key, customer, "x".repeat(RECORD_LENGTH)])?;
        one.commit()
    }
}

/// A connection that pays.
struct Client {
    stream: TcpStream,
    server: SocketAddr,
    buffer: Vec<u8>,
}

impl Client {
    async fn connect(server: SocketAddr) -> Self {
        let stream = TcpStream::connect(server).await.expect("a connection");
        stream.set_nodelay(true).expect("an option");
        Self { stream, server, buffer: vec![0; 16 * 1024] }
    }

    async fn pay(&mut self) {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let customer = 1 + number % CUSTOMERS;
        let body = format!(r#"{{"customerId":{customer},"amount":0.01,"paymentMethod":"Cash","source":"Manual"}}"#);
        let request = format!(
            "POST /v1/payments HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer demo-token\r\nContent-Type: application/json\r\nIdempotency-Key: load-{}-{number:020}\r\nContent-Length: {}\r\n\r\n{body}",
            self.server,
            std::process::id(),
            body.len()
        );
        self.stream.write_all(request.as_bytes()).await.expect("a request");
        let count = self.stream.read(&mut self.buffer).await.expect("an answer");
        let answer = &self.buffer[..count];
        assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(answer));
    }
}

async fn connect(server: SocketAddr, count: usize) -> Vec<Client> {
    let mut clients = Vec::new();
    for _ in 0..count {
        clients.push(Client::connect(server).await);
    }
    clients
}

/// Pays over all connections; each waits for its answer.
async fn load(clients: Vec<Client>, within: Duration) -> (Vec<Client>, Measured) {
    let started = Instant::now();
    let paying: Vec<_> = clients
        .into_iter()
        .map(|mut client| {
            tokio::spawn(async move {
                let mut times = Vec::new();
                while started.elapsed() < within {
                    let sent = Instant::now();
                    client.pay().await;
                    times.push(sent.elapsed());
                }
                (client, times)
            })
        })
        .collect();
    let (mut clients, mut times) = (Vec::new(), Vec::new());
    for client in paying {
        let (client, taken) = client.await.expect("a client");
        clients.push(client);
        times.extend(taken);
    }
    (clients, Measured { times, within: started.elapsed() })
}

/// Raises the load until one payment in a hundred takes too long, counted from the moment at which it was due.
async fn rising(server: SocketAddr, within: Duration) -> String {
    let mut result = "less than 100/s".to_owned();
    let mut rate = 100.0;
    loop {
        let p99 = open_loop(server, rate, within).await;
        if p99 > TOO_SLOW_MS {
            return format!("{result}; p99 is {p99:.0} ms at {rate:.0}/s");
        }
        result = format!("{rate:.0}/s with a p99 of {p99:.1} ms");
        rate *= 1.3;
    }
}

async fn open_loop(server: SocketAddr, rate: f64, within: Duration) -> f64 {
    let count = (rate * within.as_secs_f64()) as u64;
    let next = Arc::new(AtomicU64::new(0));
    let started = Instant::now();
    let clients: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let next = Arc::clone(&next);
            tokio::spawn(async move {
                let mut client = Client::connect(server).await;
                let mut times = Vec::new();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        return times;
                    }
                    let due = started + Duration::from_secs_f64(number as f64 / rate);
                    tokio::time::sleep_until(due.into()).await;
                    client.pay().await;
                    times.push(due.elapsed());
                }
            })
        })
        .collect();
    let mut measured = Measured::default();
    for client in clients {
        measured.times.extend(client.await.expect("a client"));
    }
    measured.below(0.99)
}
