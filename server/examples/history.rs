//! Measures answers about a customer with a short and one with a long history: 100 invoices and 1,000 payments, 100,000 and 1,000,000.
//!
//! `cargo run --release -p payment-form-server --example history`; with DATABASE_URL once more over that PostgreSQL database.

mod bench;

use payment_form_server::ledger::Location;
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

/// A customer with a history.
struct Customer {
    id: i64,
    invoices: i64,
    payments: i64,
}

const SHORT: Customer = Customer { id: 1, invoices: 100, payments: 1_000 };
const LONG: Customer = Customer { id: 2, invoices: 100_000, payments: 1_000_000 };
/// The first number of each customer's invoices: this, times the customer's own number.
const FIRST_INVOICE: i64 = 10_000_000;
/// The most rows that one statement writes. PostgreSQL slows down while one transaction counts many rows at their customer.
const PART: i64 = 2_000;
/// The number of times that each question is asked.
const QUESTIONS: usize = 300;
/// The number of clients that ask at once.
const CLIENTS: usize = 8;

fn main() {
    let folder = std::env::temp_dir().join(format!("payment-form-history-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the ledger");
    let stores = bench::stores(folder.join("ledger.sqlite"));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("threads");
    println!("| store | question | short history: p50, p99 | long history: p50, p99 |\n| --- | --- | --- | --- |");
    for (name, location) in stores {
        let server = runtime.block_on(bench::serve(&folder, &location));
        fill(&location);
        let before = memory("VmRSS");
        for question in Question::ALL {
            let [short, long] = [SHORT, LONG].map(|customer| {
                let mut times = ask(server, question, &customer, QUESTIONS);
                format!("{:.1} ms, {:.1} ms", below(&mut times, 0.5), below(&mut times, 0.99))
            });
            println!("| {name} | {} | {short} | {long} |", question.words());
        }
        let mut times: Vec<Duration> = std::thread::scope(|scope| {
            let clients: Vec<_> =
                (0..CLIENTS).map(|_| scope.spawn(|| ask(server, Question::LatestActivity, &LONG, QUESTIONS))).collect();
            clients.into_iter().flat_map(|client| client.join().expect("a client")).collect()
        });
        let (half, most) = (below(&mut times, 0.5), below(&mut times, 0.99));
        println!("| {name} | the latest activity, {CLIENTS} clients at once | | {half:.1} ms, {most:.1} ms |");
        println!("| {name} | memory before the questions, and at most | | {before} MB, {} MB |", memory("VmHWM"));
    }
    runtime.shutdown_timeout(Duration::from_secs(1));
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
}

/// Writes both histories beside the server, half of the invoices open.
fn fill(location: &Location) {
    let mut session = bench::backend(location).writer().expect("a connection");
    let mut write = |statement: String| {
        session.begin_write().expect("a transaction");
        session.run(&statement, &[]).expect("a part of the history");
        session.commit().expect("a commit");
    };
    for Customer { id, invoices, payments } in [SHORT, LONG] {
        write(format!("INSERT INTO customers (id, name, currency) VALUES ({id}, 'A customer', 'USD')"));
        let first = FIRST_INVOICE * id;
        for numbers in parts(invoices) {
            write(format!(
                "INSERT INTO invoices (id, customer_id, number, issued_on, due_on, total, balance)
                 {numbers} SELECT {first} + i, {id}, 'H-' || i, '2015-01-01', '20' || (10 + i % 16) || '-0' || (1 + i / 16 % 9) || '-' || (10 + i / 144 % 18),
                   '9.00', CASE WHEN i % 2 = 0 THEN '0.00' ELSE '9.00' END FROM n"
            ));
        }
        for numbers in parts(payments) {
            write(format!(
                "INSERT INTO payments (customer_id, amount, unallocated, method, source, effective_at)
                 {numbers} SELECT {id}, '1.00', '1.00', 'Cash', 'Manual', '2026-01-01T00:00:00.0000000Z' FROM n"
            ));
            write(format!(
                "INSERT INTO activities (payment_id, customer_id, amount, status, method, source, effective_at)
                 SELECT id, customer_id, amount, 'Successful', method, source, effective_at FROM payments
                 WHERE id > (SELECT max(payment_id) FROM activities) AND customer_id = {id}"
            ));
        }
    }
}

/// The numbers from 1 to the count, in parts that a database writes within its time limit.
fn parts(count: i64) -> impl Iterator<Item = String> {
    (0..count).step_by(PART as usize).map(move |begin| {
        let (first, end) = (begin + 1, count.min(begin + PART));
        format!("WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {end})")
    })
}

/// A question of the portal.
#[derive(Clone, Copy)]
enum Question {
    ListedPayment,
    DividedPayment,
    Invoice,
    Invoices,
    OpenInvoices,
    LatestActivity,
}

impl Question {
    const ALL: [Self; 6] =
        [Self::ListedPayment, Self::DividedPayment, Self::Invoice, Self::Invoices, Self::OpenInvoices, Self::LatestActivity];

    fn words(self) -> &'static str {
        match self {
            Self::ListedPayment => "POST of a payment for one listed invoice",
            Self::DividedPayment => "POST of a payment that the server divides, oldest first",
            Self::Invoice => "one invoice",
            Self::Invoices => "a page of ten invoices",
            Self::OpenInvoices => "a page of ten open invoices",
            Self::LatestActivity => "the latest activity (`pageSize=1`)",
        }
    }

    /// The method, the path and the body.
    fn request(self, customer: &Customer) -> (&'static str, String, String) {
        let (id, first) = (customer.id, FIRST_INVOICE * customer.id);
        let payment =
            |more: String| format!(r#"{{"customerId":{id},"amount":0.01,"paymentMethod":"Cash","source":"Manual",{more}}}"#);
        let read = |path: String| ("GET", path, String::new());
        match self {
            Self::ListedPayment => {
                let listed = format!(r#""paymentAllocations":[{{"invoiceID":{},"amount":0.01}}]"#, first + 51);
                ("POST", "/v1/payments".to_owned(), payment(listed))
            }
            Self::DividedPayment => {
                let oldest = r#""autoAllocate":true,"autoAllocateOrder":"OldestToNewest""#.to_owned();
                ("POST", "/v1/payments".to_owned(), payment(oldest))
            }
            Self::Invoice => read(format!("/v1/invoices/{}", first + 51)),
            Self::Invoices => read(format!("/v1/customers/{id}/invoiceSummaries?pageSize=10")),
            Self::OpenInvoices => {
                read(format!("/v1/customers/{id}/invoiceSummaries?query=outstandingBalance:0.01%7C&pageSize=10"))
            }
            Self::LatestActivity => {
                read(format!("/v1/customers/{id}/paymentactivities?pageSize=1&sortExpression=id&sortOrder=Descending"))
            }
        }
    }
}

fn ask(server: SocketAddr, question: Question, customer: &Customer, count: usize) -> Vec<Duration> {
    let (method, path, body) = question.request(customer);
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\nAuthorization: Bearer demo-token\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let once = || {
        let began = Instant::now();
        let mut stream = TcpStream::connect(server).expect("a connection");
        stream.write_all(request.as_bytes()).expect("a request");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
        began.elapsed()
    };
    (0..count).map(|_| once()).collect()
}

/// The time that a part of the questions stays below, in milliseconds.
fn below(times: &mut [Duration], part: f64) -> f64 {
    times.sort_unstable();
    times.get((times.len() as f64 * part) as usize).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}

/// A figure of this process, which is server and client in one, in megabytes.
fn memory(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or_default() / 1024
}
