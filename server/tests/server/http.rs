//! Speaks HTTP as plainly as it can be spoken: one request a connection.

use super::bench::Bench;
use serde_json::Value;
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// A request. It carries the development token unless something else is said.
pub struct Ask {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Ask {
    pub fn new(method: &str, path: &str) -> Self {
        Self { method: method.into(), path: path.into(), headers: vec![], body: vec![] }
            .with("Authorization", "Bearer demo-token")
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self
    }

    /// Sets a header, in place of one of this name.
    pub fn with(self, name: &str, value: &str) -> Self {
        self.without(name).and(name, value)
    }

    /// Adds a header beside others of this name.
    pub fn and(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub fn body(mut self, content_type: &str, body: impl AsRef<[u8]>) -> Self {
        self.body = body.as_ref().to_vec();
        self.with("Content-Type", content_type)
    }

    pub fn send(&self, bench: &Bench) -> Reply {
        self.send_to(bench.address)
    }

    pub fn send_to(&self, address: SocketAddr) -> Reply {
        self.exchange(address).map(|bytes| Reply::read(&bytes)).unwrap()
    }

    /// As [`try_send_to`](Self::try_send_to), and `None` also where only a part of the answer came.
    pub fn attempt(&self, address: SocketAddr) -> Option<Reply> {
        let bytes = self.exchange(address).ok()?;
        bytes.windows(4).any(|part| part == b"\r\n\r\n").then(|| Reply::read(&bytes))
    }

    /// `None` when the connection breaks before a whole answer came.
    pub fn try_send_to(&self, address: SocketAddr) -> Option<Reply> {
        self.exchange(address).ok().filter(|bytes| !bytes.is_empty()).map(|bytes| Reply::read(&bytes))
    }

    fn exchange(&self, address: SocketAddr) -> std::io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        let mut head = format!("{} {} HTTP/1.1\r\nConnection: close\r\n", self.method, self.path);
        if !self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            head.push_str(&format!("Host: {address}\r\n"));
        }
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("Content-Length: {}\r\n\r\n", self.body.len()));
        stream.write_all(&[head.as_bytes(), &self.body].concat())?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// An answer.
#[derive(Debug, PartialEq)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    fn read(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|part| part == b"\r\n\r\n").expect("a head");
        let head = std::str::from_utf8(&bytes[..end]).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers =
            lines.map(|line| line.split_once(": ").unwrap()).map(|(name, value)| (name.to_lowercase(), value.into())).collect();
        Self { status, headers, body: bytes[end + 4..].to_vec() }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// Fusebill's errors, each as `Key: Value`.
    pub fn errors(&self) -> Vec<String> {
        let body = self.json();
        assert_eq!(body["ErrorId"], 0);
        assert_eq!(body["HttpStatusCode"], self.status, "the body repeats the status");
        let text = |error: &Value, name: &str| error[name].as_str().expect("a text").to_owned();
        body["Errors"].as_array().expect("errors").iter().map(|e| format!("{}: {}", text(e, "Key"), text(e, "Value"))).collect()
    }
}
