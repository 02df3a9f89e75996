//! Runs one schedule: a person at a few tabs, a faulty network and a server, driven by one queue of events.

use crate::{
    bugs::Bug,
    drafts::Draft,
    network::InFlight,
    random::Random,
    server::{End, Server},
    tab::Tab,
};
use payment_form::submission::{Keys, Settings};
use std::{cmp::Reverse, collections::BinaryHeap};

/// The conditions of one schedule.
pub struct Conditions {
    /// The probability of a fault for a request or a reply, in percent.
    pub faults: u64,
    /// The probability that the server refuses a payment, in percent.
    pub refusals: u64,
    /// True when connections are kept alive, so that the browser may repeat a request by itself.
    pub reuses_connections: bool,
    /// True when `sessionStorage` works.
    pub stores: bool,
    /// True when `localStorage` works, which has the recent payments.
    pub notes: bool,
    /// True when the invoices come from an address; otherwise the page gives them.
    pub reads_lists: bool,
    /// The number of the person's actions before the faults end.
    pub presses: u64,
    /// True when the person finishes after the faults have ended.
    pub stays: bool,
}

/// An event that is due at some time.
pub enum WorldEvent {
    /// The browser answers a request for the lock; read together with the recent payments.
    Lock { tab: usize, life: u32, fingerprint: Option<payment_form::submission::Fingerprint> },
    /// A timer of a page runs out.
    Timer { tab: usize, life: u32, number: u32 },
    /// A request that waited for the page's sign-in may leave.
    Leave(InFlight),
    /// A request reaches the server.
    Arrive(InFlight),
    /// The server ends the work on a payment.
    Finish { in_flight: InFlight, server_life: u32, end: End },
    /// A reply reaches the page.
    Reply { in_flight: InFlight, status: u16, body: String, echoes: bool, retry_after: Option<u32> },
    /// The connection fails.
    Lost(InFlight),
    /// The host could not even make the request.
    NotSent(InFlight),
    /// A look-up reaches the host's records.
    LookUp(InFlight),
    /// A request for a list reaches the server.
    ReadList { tab: usize, life: u32, round: u32 },
    /// A list reaches the page, with the balances of its time; `None` where there is no list in the answer.
    ListCame { tab: usize, life: u32, round: u32, balances: Option<usize> },
    /// A round of lists times out.
    RoundTimedOut { tab: usize, life: u32, round: u32 },
    /// The person does something.
    Person,
}

struct ScheduledEvent {
    at: u64,
    order: u64,
    what: WorldEvent,
}

impl PartialEq for ScheduledEvent {
    fn eq(&self, other: &Self) -> bool {
        self.order == other.order
    }
}
impl Eq for ScheduledEvent {}
impl PartialOrd for ScheduledEvent {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for ScheduledEvent {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.order).cmp(&(other.at, other.order))
    }
}

/// The violated invariant, in a sentence.
pub type Violation = String;

/// A situation that a schedule reached. A campaign that never reaches one of them proves less than it claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Situation {
    Recorded,
    Rejected,
    Cancelled,
    Held,
    Unknown,
    Reviewing,
    SentAgain,
    LateAnswer,
    InProgress,
    Copy,
    OtherTab,
    Duplicate,
    Restored,
    FoundByLookUp,
    Abandoned,
    OldKey,
    LeftLate,
    Elsewhere,
    BalancesMoved,
    Reread,
    ChangeTold,
    Unchecked,
}

impl Situation {
    pub const ALL: [Self; 22] = [
        Self::Recorded,
        Self::Rejected,
        Self::Cancelled,
        Self::Held,
        Self::Unknown,
        Self::Reviewing,
        Self::SentAgain,
        Self::LateAnswer,
        Self::InProgress,
        Self::Copy,
        Self::OtherTab,
        Self::Duplicate,
        Self::Restored,
        Self::FoundByLookUp,
        Self::Abandoned,
        Self::OldKey,
        Self::LeftLate,
        Self::Elsewhere,
        Self::BalancesMoved,
        Self::Reread,
        Self::ChangeTold,
        Self::Unchecked,
    ];
}

pub struct World<'a> {
    pub drafts: &'a [Draft],
    pub bug: Option<Bug>,
    pub random: Random,
    pub conditions: Conditions,
    pub settings: Settings,
    pub now: u64,
    pub server: Server,
    pub tabs: Vec<Tab>,
    /// True when the host has ever switched to another server. Then there is one tab only, because each server has its own lock.
    pub has_moved: bool,
    /// The page that has the lock.
    pub lock: Option<(usize, u32)>,
    /// `localStorage`: the recent payments.
    pub recent: String,
    /// True when the person's session is over, so that the server answers 401.
    pub signed_out: bool,
    /// True when somebody else has paid some of the same invoices.
    pub has_somebody_else_paid: bool,
    /// The number of payments that the person wants: one, and one more for each that they deliberately made again.
    pub wanted: usize,
    /// The time at which an attempt was recorded whose note is expired, or expires soon.
    pub forgotten_record_at: Option<u64>,
    /// True when the person has seen a receipt.
    pub is_content: bool,
    pub sends: Vec<SentAttempt>,
    /// The unresolved attempts of closed tabs, as long as a note of them is left.
    pub left: Vec<String>,
    pub violation: Option<Violation>,
    /// The situations of the schedule, a bit for each [`Situation`].
    pub situations: u32,
    queue: BinaryHeap<Reverse<ScheduledEvent>>,
    order: u64,
    trace: Option<Vec<String>>,
}

/// An attempt as it was sent.
pub struct SentAttempt {
    /// The tab that sent it first.
    pub tab: usize,
    pub attempt: String,
    /// The time of its first send.
    pub at: u64,
    pub body: String,
    pub draft: usize,
    /// The number of copies that the browser or a proxy sent by itself.
    pub copies: usize,
    /// True when it went to the other server.
    pub is_elsewhere: bool,
}

impl<'a> World<'a> {
    pub fn new(drafts: &'a [Draft], bug: Option<Bug>, mut random: Random, is_traced: bool) -> Self {
        let conditions = Conditions {
            faults: random.pick(&[0, 10, 30, 60]),
            refusals: random.pick(&[0, 10, 40, 60]),
            reuses_connections: random.chance(50),
            stores: random.chance(90),
            notes: random.chance(80),
            reads_lists: random.chance(40),
            presses: random.between(4, 20),
            stays: random.chance(60),
        };
        let honours_keys = random.chance(75);
        let resolves = honours_keys && random.chance(60);
        let keys = match (honours_keys, resolves) {
            (true, true) => random.pick(&[Keys::Auto, Keys::Required]),
            (true, false) => random.pick(&[Keys::Auto, Keys::Required, Keys::Required, Keys::None]),
            (false, _) => random.pick(&[Keys::Auto, Keys::None]),
        };
        let mut settings = Settings {
            keys,
            resolves,
            looks_up: random.chance(40),
            persists: random.chance(90),
            confirms: random.chance(15),
            timeout: random.pick(&[4_000, 60_000]),
            ..Settings::default()
        };
        let ignores_keys = bug == Some(Bug::ServerIgnoresKeys);
        if ignores_keys {
            settings.keys = Keys::Required;
        }
        let mut server = Server::default();
        server.honours_keys = honours_keys && !ignores_keys;
        server.forgets_refusals = bug == Some(Bug::ServerForgetsRefusals);
        server.pays_twice = bug == Some(Bug::ServerPaysTwice);
        let mut world = Self {
            drafts,
            bug,
            random,
            conditions,
            settings,
            now: 1_790_000_000_000,
            server,
            tabs: Vec::new(),
            has_moved: false,
            lock: None,
            recent: String::new(),
            signed_out: false,
            has_somebody_else_paid: false,
            wanted: 1,
            forgotten_record_at: None,
            is_content: false,
            sends: Vec::new(),
            left: Vec::new(),
            violation: None,
            situations: 0,
            queue: BinaryHeap::new(),
            order: 0,
            trace: is_traced.then(Vec::new),
        };
        world.note(|world| format!("{:?}, server honours keys: {}", world.settings, world.server.honours_keys));
        world.tabs.push(Tab::new(world.settings, None, 0));
        world.start_lists(0);
        world
    }

    /// Tells whether an honest server with keys protects this attempt.
    pub fn protects(&self, attempt: &str) -> bool {
        !self.sends.iter().any(|seen| seen.attempt == attempt && seen.is_elsewhere) && self.is_protected()
    }

    /// Tells whether the first endpoint is an honest server with keys.
    fn is_protected(&self) -> bool {
        self.settings.keys != Keys::None && (self.server.honours_keys || self.bug == Some(Bug::ServerIgnoresKeys))
    }

    /// Runs the schedule to its end.
    pub fn run(&mut self) {
        self.later(10, WorldEvent::Person);
        self.drain();
        self.conditions.faults = 0;
        self.conditions.refusals = 0;
        self.conditions.reuses_connections = false;
        self.signed_out = false;
        if self.conditions.stays && self.violation.is_none() {
            self.finish();
            self.drain();
        }
        self.check_end();
    }

    /// Processes all events that are due.
    pub fn drain(&mut self) {
        while self.violation.is_none() {
            let Some(Reverse(due)) = self.queue.pop() else { return };
            self.now = self.now.max(due.at);
            self.process(due.what);
            self.check();
        }
    }

    /// Tells whether only timers and the person are due, and no message is under way.
    pub fn is_quiet(&self) -> bool {
        self.queue.iter().all(|Reverse(due)| {
            matches!(due.what, WorldEvent::Timer { .. } | WorldEvent::RoundTimedOut { .. } | WorldEvent::Person)
        })
    }

    pub fn later(&mut self, ms: u64, what: WorldEvent) {
        self.order += 1;
        self.queue.push(Reverse(ScheduledEvent { at: self.now + ms, order: self.order, what }));
    }

    fn process(&mut self, what: WorldEvent) {
        match what {
            WorldEvent::Lock { tab, life, fingerprint } => self.answer_lock(tab, life, fingerprint),
            WorldEvent::Timer { tab, life, number } => self.run_out(tab, life, number),
            WorldEvent::Leave(in_flight) => self.leave(in_flight),
            WorldEvent::Arrive(in_flight) => self.arrive(in_flight),
            WorldEvent::Finish { in_flight, server_life, end } => self.end_work(in_flight, server_life, end),
            WorldEvent::Reply { in_flight, status, body, echoes, retry_after } => {
                self.deliver(&in_flight, status, body, echoes, retry_after);
            }
            WorldEvent::Lost(in_flight) => self.lose(&in_flight),
            WorldEvent::NotSent(in_flight) => self.refuse_to_send(&in_flight),
            WorldEvent::LookUp(in_flight) => self.look_up(&in_flight),
            WorldEvent::ReadList { tab, life, round } => self.read_list(tab, life, round),
            WorldEvent::ListCame { tab, life, round, balances } => self.take_list(tab, life, round, balances),
            WorldEvent::RoundTimedOut { tab, life, round } => self.time_out_round(tab, life, round),
            WorldEvent::Person => self.act(),
        }
    }

    pub fn situation(&mut self, situation: Situation) {
        self.situations |= 1 << situation as u32;
    }

    pub fn note(&mut self, line: impl FnOnce(&Self) -> String) {
        if self.trace.is_some() {
            let line = format!("{:>9} ms  {}", self.now - 1_790_000_000_000, line(self));
            self.trace.iter_mut().for_each(|trace| trace.push(line.clone()));
        }
    }

    pub fn fail(&mut self, what: impl Into<Violation>) {
        if self.violation.is_none() {
            let what = what.into();
            self.note(|_| format!("VIOLATION: {what}"));
            self.violation = Some(what);
        }
    }

    /// The trace of all events, one line each; empty unless traced.
    pub fn trace(&self) -> String {
        self.trace.iter().flatten().map(|line| format!("{line}\n")).collect()
    }
}
