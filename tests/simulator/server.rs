//! Simulates the server: the product's own decision over a store in memory, and a ledger of rows.

use crate::idempotency::{self, Answer, Caller, Decision, Key, KeyRecord, Payload, Resolution, Store};
use std::convert::Infallible;

/// The books and the one who pays. One is enough: rights of others are a test of the decision itself.
const SCOPE: &str = "books";

fn caller() -> Caller<'static> {
    Caller { scope: SCOPE, may_act_for: &|_| true }
}

fn payload(fingerprint: &[u8]) -> Payload<'_> {
    Payload { customer: None, fingerprint }
}

/// A payment that exists.
pub struct Row {
    pub id: u64,
    /// The attempt. The checks need it; the ledger of a server without keys does not know it.
    pub attempt: String,
    pub draft: usize,
}

/// The decision about a request.
pub enum NextStep {
    /// Work on it; [`Server::finish`] ends it.
    Work,
    /// Answer at once.
    Reply(Reply),
}

/// The server's reply.
pub struct Reply {
    pub status: u16,
    pub body: String,
    pub echoes: bool,
}

/// The end of the work on a request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The payment is inserted and committed.
    Record,
    /// The refusal is committed.
    Refusal,
    /// An unexpected error rolls the transaction back.
    Error,
}

#[derive(Default)]
struct Memory(Vec<(Key, KeyRecord)>);

impl Store for Memory {
    type Error = Infallible;

    fn find(&mut self, _: &str, key: &Key) -> Result<Option<KeyRecord>, Infallible> {
        Ok(self.0.iter().find(|(known, _)| known == key).map(|(_, known)| known.clone()))
    }

    fn keep(&mut self, _: &str, key: &Key, known: KeyRecord) -> Result<(), Infallible> {
        self.0.retain(|(other, _)| other != key);
        self.0.push((key.clone(), known));
        Ok(())
    }
}

#[derive(Default)]
pub struct Server {
    store: Memory,
    pub rows: Vec<Row>,
    /// The number of crashes: work from before a crash is never finished.
    pub life: u32,
    pub honours_keys: bool,
    pub forgets_refusals: bool,
    pub pays_twice: bool,
}

impl Server {
    /// A payment arrives, authenticated and well-formed.
    pub fn begin(&mut self, header: Option<&str>, draft: usize, now: u64) -> NextStep {
        let Some(key) = self.key(header) else { return NextStep::Work };
        let Ok(decision) = idempotency::decide(&mut self.store, caller(), &key, payload(&[draft as u8]), now / 1000);
        match decision {
            Decision::Run => {
                let Ok(()) =
                    self.store.keep(SCOPE, &key, KeyRecord::InProgress { fingerprint: vec![draft as u8], customer: None });
                NextStep::Work
            }
            Decision::Replay(answer) => NextStep::Reply(Reply { status: answer.status, body: answer.body, echoes: true }),
            Decision::OtherPayload => NextStep::Reply(about_key(422, "was used with another payload")),
            Decision::Burnt => NextStep::Reply(about_key(410, "was cancelled")),
            Decision::InProgress => NextStep::Reply(about_key(409, "is in progress")),
        }
    }

    /// The work on a payment ends.
    pub fn finish(
        &mut self,
        header: Option<&str>,
        attempt: &str,
        draft: usize,
        record: impl Fn(u64) -> String,
        end: End,
        now: u64,
    ) -> Reply {
        let key = self.key(header);
        let (status, body) = match end {
            End::Record => {
                let id = self.rows.len() as u64 + 7_613_586;
                for _ in 0..if self.pays_twice { 2 } else { 1 } {
                    self.rows.push(Row { id, attempt: attempt.to_owned(), draft });
                }
                (200, record(id))
            }
            End::Refusal => {
                (400, r#"{"ErrorId":1,"HttpStatusCode":400,"Errors":[{"Key":"payment.Amount","Value":"Declined."}]}"#.into())
            }
            End::Error => (500, r#"{"Message":"An error has occurred."}"#.into()),
        };
        if let Some(key) = &key {
            if end == End::Error || (end == End::Refusal && self.forgets_refusals) {
                self.store.0.retain(|(other, _)| other != key);
            } else {
                let answer = Answer { status, body: body.clone() };
                let Ok(()) = idempotency::settle(&mut self.store, SCOPE, key, payload(&[draft as u8]), answer, now / 1000);
            }
        }
        Reply { status, body, echoes: key.is_some() }
    }

    /// A resolve call arrives.
    pub fn resolve(&mut self, key: &str, now: u64) -> Reply {
        let Some(key) = self.key(Some(key)) else { return Reply { status: 404, body: String::new(), echoes: false } };
        let Ok(resolution) = idempotency::resolve(&mut self.store, caller(), &key, None, now / 1000);
        match resolution {
            Resolution::Replay(answer) => Reply { status: answer.status, body: answer.body, echoes: true },
            Resolution::Burnt | Resolution::NotFound => about_key(410, "was cancelled"),
            Resolution::InProgress => about_key(409, "is in progress"),
        }
    }

    /// A resolve call arrives at a server that never saw the key.
    pub fn burn(&self) -> Reply {
        about_key(410, "was cancelled")
    }

    /// The process dies and comes back: transactions that were open never were.
    pub fn crash(&mut self) {
        self.life += 1;
        self.store.0.retain(|(_, known)| !matches!(known, KeyRecord::InProgress { .. }));
    }

    fn key(&self, header: Option<&str>) -> Option<Key> {
        header.filter(|_| self.honours_keys).and_then(Key::parse)
    }
}

fn about_key(status: u16, what: &str) -> Reply {
    Reply { status, body: format!(r#"{{"Message":"This Idempotency-Key {what}."}}"#), echoes: true }
}
