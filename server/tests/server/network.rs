//! Loses, cuts, delays and falsifies the traffic between a server and its vendor.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// The fate of a payment on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    /// The connection ends before the vendor hears anything.
    DropBefore,
    /// The vendor does it, and the connection ends.
    DropAfter,
    /// The vendor does it, and half of its reply arrives.
    Truncate,
    /// The vendor does it, and something in between says this.
    DoneThen(u16),
    /// Something in between says this, and the vendor hears nothing.
    Instead(u16),
    /// The connection ends, and the request arrives later all the same.
    Late,
    /// The vendor does it, and the reply is on its way until it is released.
    Held,
    /// The request is on its way until it is released. Then the vendor does it, and the reply arrives.
    HeldRequest,
    /// Something in between says this once it is released, and the vendor hears nothing.
    HeldInstead(u16),
}

pub const FAULTS: [Fault; 12] = [
    Fault::None,
    Fault::None,
    Fault::DropBefore,
    Fault::DropAfter,
    Fault::Truncate,
    Fault::DoneThen(500),
    Fault::DoneThen(408),
    Fault::Instead(503),
    Fault::Instead(429),
    Fault::Instead(401),
    Fault::Late,
    Fault::DropAfter,
];

/// The network between a server and its vendor.
#[derive(Clone)]
pub struct Proxy {
    pub address: SocketAddr,
    vendor: SocketAddr,
    faults: Arc<Mutex<Vec<Fault>>>,
    pub reads_fail: Arc<AtomicBool>,
    pub payments: Arc<Mutex<usize>>,
    /// True while held requests and replies are on their way.
    pub holds: Arc<AtomicBool>,
    /// True where the vendor's records have names such as `r-7` in place of numbers.
    pub names_records: Arc<AtomicBool>,
}

impl Proxy {
    pub fn before(vendor: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Self {
            address: listener.local_addr().unwrap(),
            vendor,
            faults: Arc::default(),
            reads_fail: Arc::default(),
            payments: Arc::default(),
            holds: Arc::new(AtomicBool::new(true)),
            names_records: Arc::default(),
        };
        let carrier = proxy.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let carrier = carrier.clone();
                std::thread::spawn(move || carrier.carry(stream));
            }
        });
        proxy
    }

    pub fn next(&self, fault: Fault) {
        *self.faults.lock().unwrap() = vec![fault];
    }

    /// Carries one request to the vendor, and the reply back.
    fn carry(&self, stream: TcpStream) {
        let Some(request) = read_request(&stream) else { return };
        if !request.starts_with(b"POST ") {
            let reply = if self.reads_fail.load(Ordering::Relaxed) { plain(503) } else { self.exchange(&request) };
            answer(stream, &reply);
            return;
        }
        *self.payments.lock().unwrap() += 1;
        let fault = self.faults.lock().unwrap().pop().unwrap_or(Fault::None);
        match fault {
            Fault::None => answer(stream, &self.exchange(&request)),
            Fault::DropBefore => drop(stream),
            Fault::DropAfter => drop(self.exchange(&request)),
            Fault::Truncate => {
                let reply = self.exchange(&request);
                answer(stream, &reply[..reply.len() - 20]);
            }
            Fault::DoneThen(status) => {
                self.exchange(&request);
                answer(stream, &plain(status));
            }
            Fault::Held => {
                let reply = self.exchange(&request);
                wait(&self.holds);
                answer(stream, &reply);
            }
            Fault::HeldRequest => {
                wait(&self.holds);
                answer(stream, &self.exchange(&request));
            }
            Fault::HeldInstead(status) => {
                wait(&self.holds);
                answer(stream, &plain(status));
            }
            Fault::Instead(status) => answer(stream, &plain(status)),
            Fault::Late => {
                drop(stream);
                std::thread::sleep(Duration::from_millis(150));
                self.exchange(&request);
            }
        }
    }

    fn exchange(&self, request: &[u8]) -> Vec<u8> {
        if !self.names_records.load(Ordering::Relaxed) {
            return exchange(self.vendor, request);
        }
        let request = String::from_utf8_lossy(request).replacen("/payments/r-", "/payments/", 1);
        let reply = exchange(self.vendor, request.as_bytes());
        let reply = String::from_utf8_lossy(&reply).replace("\"id\":\"", "\"id\":\"r-");
        let (head, body) = reply.split_once("\r\n\r\n").unwrap_or((&reply, ""));
        let lines = head.lines().filter(|line| !line.to_ascii_lowercase().starts_with("content-length:"));
        let head = lines.collect::<Vec<_>>().join("\r\n");
        format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes()
    }
}

fn wait(holds: &AtomicBool) {
    while holds.load(Ordering::Relaxed) {
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn answer(mut stream: TcpStream, reply: &[u8]) {
    let _ = stream.write_all(reply);
    let _ = stream.shutdown(Shutdown::Write);
}

fn plain(status: u16) -> Vec<u8> {
    format!("HTTP/1.1 {status} Fault\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}").into_bytes()
}

/// Reads a request and takes its idempotency key away: the vendor knows none.
fn read_request(stream: &TcpStream) -> Option<Vec<u8>> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        if !lower.starts_with("idempotency-key:") {
            head.push_str(&line);
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some([head.as_bytes(), &body].concat())
}

fn exchange(vendor: SocketAddr, request: &[u8]) -> Vec<u8> {
    let mut reply = Vec::new();
    if let Ok(mut stream) = TcpStream::connect(vendor) {
        let _ = stream.write_all(request);
        let _ = stream.read_to_end(&mut reply);
    }
    reply
}

pub fn number_from_env(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |count| count.parse().unwrap_or_else(|_| panic!("{name} must be a number")))
}
