//! Simulates the network, in which requests and replies are lost, late, doubled or replaced, and the server's way from arrival to reply.

use crate::{
    server::{End, NextStep, Reply},
    world::{Situation, World, WorldEvent},
};
use payment_form::api::message::SentPayment;
use std::rc::Rc;

/// A request under way, and the receiver of its reply.
#[derive(Clone)]
pub struct InFlight {
    pub tab: usize,
    /// The page of the tab that sent it: a reply to a page that is gone is dropped.
    pub life: u32,
    pub number: u32,
    pub is_resolve: bool,
    /// True when it goes to the other server, which honours no keys.
    pub is_elsewhere: bool,
    /// The header.
    pub key: Option<String>,
    pub attempt: String,
    pub draft: usize,
    pub sent: Rc<SentPayment>,
    /// True when the browser may repeat it after a connection that ended without a reply byte.
    pub may_repeat: bool,
}

impl InFlight {
    fn honoured_key(&self) -> Option<&str> {
        self.key.as_deref().filter(|_| !self.is_elsewhere)
    }
}

/// The number of a request whose reply nobody waits for; machines count from 1.
const NOBODY: u32 = 0;

/// Replies of a proxy before the request reaches the server.
const BEFORE: [(u16, &str); 21] = [
    (401, ""),
    (403, "<html>Please sign in</html>"),
    (403, r#"{"code":500,"status":"Invalid token"}"#),
    (404, "Not found"),
    (405, ""),
    (413, ""),
    (415, ""),
    (429, ""),
    (400, "<html>Bad request</html>"),
    (409, "conflict"),
    (422, ""),
    (408, ""),
    (421, ""),
    (500, r#"{"Message":"An error has occurred."}"#),
    (502, "<html>Bad gateway</html>"),
    (503, "no healthy upstream"),
    (0, ""),
    (202, ""),
    (204, ""),
    (200, "<html>Welcome to the hotel</html>"),
    (200, ""),
];

/// Replies of a proxy in place of the server's, after the server acted.
const AFTER: [(u16, &str); 12] = [
    (500, r#"{"Message":"An error has occurred."}"#),
    (502, "<html>Bad gateway</html>"),
    (503, ""),
    (504, "stream timeout"),
    (408, ""),
    (0, ""),
    (206, ""),
    (299, "odd"),
    (200, ""),
    (200, r#"{"id":7613586,"amo"#),
    (200, r#"{"HttpStatusCode":400,"Errors":[{"Key":"payment.Amount","Value":"no"}]}"#),
    (400, "<html>Bad request</html>"),
];

impl World<'_> {
    fn is_faulty(&mut self) -> bool {
        self.random.chance(self.conditions.faults)
    }

    /// The form makes a request. It may wait minutes for the page's sign-in.
    pub fn ask(&mut self, in_flight: InFlight) {
        if self.conditions.faults > 0 && !in_flight.is_resolve && self.random.chance(8) {
            let ms = self.random.between(100, 1_200_000);
            return self.later(ms, WorldEvent::Leave(in_flight));
        }
        self.dispatch(in_flight);
    }

    /// The person has signed in. The request of a settled or abandoned attempt must not leave any more.
    pub fn leave(&mut self, in_flight: InFlight) {
        let page = &self.tabs[in_flight.tab];
        if !page.is_open || page.life != in_flight.life {
            return;
        }
        if page.aborted.contains(&in_flight.number) {
            return self.lose(&in_flight);
        }
        if page.machine.view(self.now).attempt != Some(&in_flight.attempt) || !page.state.is_unresolved() {
            self.fail("a request left for an attempt that was settled");
        }
        self.situation(Situation::LeftLate);
        self.dispatch(in_flight);
    }

    /// A request leaves the page.
    pub fn dispatch(&mut self, in_flight: InFlight) {
        if !self.is_faulty() {
            let ms = self.random.between(10, 200);
            return self.later(ms, WorldEvent::Arrive(in_flight));
        }
        match self.random.below(8) {
            0 => self.later(3, WorldEvent::NotSent(in_flight)),
            1 => self.lose_later(in_flight),
            2 => {
                // A proxy that tries twice: the reply to its second try reaches nobody.
                self.note_copy(&in_flight);
                let copy = InFlight { number: NOBODY, may_repeat: false, ..in_flight.clone() };
                self.later(50, WorldEvent::Arrive(in_flight));
                let ms = self.random.between(100, 200_000);
                self.later(ms, WorldEvent::Arrive(copy));
            }
            3 => {
                let (status, body) = self.random.pick(&BEFORE);
                let retry_after = self.retry_after(status);
                let ms = self.random.between(10, 2_000);
                self.later(ms, WorldEvent::Reply { in_flight, status, body: body.into(), echoes: false, retry_after });
            }
            4 | 5 => {
                // The page hears that the connection failed; a proxy holds the request and delivers it late.
                self.lose_later(in_flight.clone());
                let ms = self.random.between(100, 200_000);
                self.later(ms, WorldEvent::Arrive(InFlight { may_repeat: false, ..in_flight }));
            }
            _ => {
                let ms = self.random.between(500, 150_000);
                self.later(ms, WorldEvent::Arrive(in_flight));
            }
        }
    }

    fn note_copy(&mut self, in_flight: &InFlight) {
        self.situation(Situation::Copy);
        if let Some(seen) = self.sends.iter_mut().find(|seen| seen.attempt == in_flight.attempt && !in_flight.is_resolve) {
            seen.copies += 1;
        }
    }

    /// The page learns of the lost connection soon, or never.
    fn lose_later(&mut self, in_flight: InFlight) {
        if self.random.chance(70) {
            let ms = self.random.between(5, 30_000);
            self.later(ms, WorldEvent::Lost(in_flight));
        }
    }

    fn retry_after(&mut self, status: u16) -> Option<u32> {
        (matches!(status, 409 | 429 | 503) && self.random.chance(70)).then(|| self.random.pick(&[0, 1, 5, 40]))
    }

    /// A request reaches the server: signed in, not too often, then the payment.
    pub fn arrive(&mut self, in_flight: InFlight) {
        self.note(|_| format!("tab {} request {} arrives with key {:?}", in_flight.tab, in_flight.number, in_flight.key));
        if self.signed_out {
            return self.reply(in_flight, Reply { status: 401, body: r#"{"Message":"Sign in."}"#.into(), echoes: false });
        }
        if self.is_faulty() && self.random.chance(40) {
            let status = self.random.pick(&[429, 429, 500, 503]);
            return self.reply(in_flight, Reply { status, body: String::new(), echoes: false });
        }
        if in_flight.is_resolve {
            let reply =
                if in_flight.is_elsewhere { self.server.burn() } else { self.server.resolve(&in_flight.attempt, self.now) };
            return self.reply(in_flight, reply);
        }
        match self.server.begin(in_flight.honoured_key(), in_flight.draft, self.now) {
            NextStep::Reply(reply) => self.reply(in_flight, reply),
            NextStep::Work => {
                let end = match () {
                    () if self.random.chance(self.conditions.refusals) => End::Refusal,
                    () if self.conditions.faults > 0 && self.random.chance(8) => End::Error,
                    () => End::Record,
                };
                let ms = if self.is_faulty() { self.random.between(100, 20_000) } else { self.random.between(2, 40) };
                self.later(ms, WorldEvent::Finish { in_flight, server_life: self.server.life, end });
            }
        }
    }

    /// The server commits or rolls back; or it died meanwhile, or dies now.
    pub fn end_work(&mut self, in_flight: InFlight, server_life: u32, end: End) {
        if self.conditions.faults > 0 && self.random.chance(2) {
            self.note(|_| "the server dies and comes back".into());
            self.server.crash();
        }
        if server_life != self.server.life {
            return self.lose_later(in_flight);
        }
        let draft = &self.drafts[in_flight.draft];
        let reply = self.server.finish(
            in_flight.honoured_key(),
            &in_flight.attempt,
            in_flight.draft,
            |id| draft.record(id),
            end,
            self.now,
        );
        self.note(|world| {
            format!("the server answers {} to {}; {} rows", reply.status, in_flight.attempt, world.server.rows.len())
        });
        self.reply(in_flight, reply);
    }

    /// The server's reply leaves.
    fn reply(&mut self, in_flight: InFlight, reply: Reply) {
        let Reply { status, body, echoes } = reply;
        let retry_after = self.retry_after(status);
        let whole = |in_flight| WorldEvent::Reply { in_flight, status, body, echoes, retry_after };
        if !self.is_faulty() {
            let ms = self.random.between(5, 200);
            return self.later(ms, whole(in_flight));
        }
        match self.random.below(6) {
            0 | 1 if in_flight.may_repeat => {
                // The connection was used before and died without a reply byte: the browser sends the request again, and tells nobody.
                self.note(|_| format!("the browser sends request {} of tab {} again", in_flight.number, in_flight.tab));
                self.note_copy(&in_flight);
                let ms = self.random.between(1, 300);
                self.later(ms, WorldEvent::Arrive(InFlight { may_repeat: false, ..in_flight }));
            }
            0..=2 => self.lose_later(in_flight),
            3 | 4 => {
                let (status, body) = self.random.pick(&AFTER);
                let ms = self.random.between(5, 2_000);
                self.later(ms, WorldEvent::Reply { in_flight, status, body: body.into(), echoes: false, retry_after: None });
            }
            _ => {
                let ms = self.random.between(500, 150_000);
                self.later(ms, whole(in_flight));
            }
        }
    }

    /// A look-up reaches the host's records, which hold what the ledger holds now.
    pub fn look_up(&mut self, in_flight: &InFlight) {
        let row = self.server.rows.iter().find(|row| row.attempt == in_flight.attempt);
        let found = row.map(|row| self.drafts[row.draft].record(row.id));
        if self.is_faulty() {
            self.lose(in_flight);
        } else if let Some(record) = found {
            self.deliver(in_flight, 200, record, false, None);
        } else {
            self.miss(in_flight);
        }
    }
}
