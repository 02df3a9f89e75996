//! Holds a form for the tests of submission: a machine, a clock, and the machine's commands.

use payment_form::{
    api::message::{Outcome, Request, SentPayment},
    domain::{
        problem::{Cause, Field, Problem},
        receipt::{Difference, Receipt},
    },
    submission::{
        Command, Duplicate, Event, Fingerprint, Intent, Keys, Machine, Protection, ReferenceMatch, RestoredAttempt, Send,
        Settings, State, StoredAttempt, View,
    },
};
use rust_decimal::Decimal;

/// The key of the first intent.
pub const KEY: &str = "7d0c4a52-2a0b-4c7e-9c06-0f3a5d3f8f11";
/// The key of the next.
pub const OTHER_KEY: &str = "0b7c1de4-55a1-4f6f-8a7e-6f1f7f2f9c22";
/// The moment at which the tests begin.
pub const START: u64 = 1_790_000_000_000;

/// A form that tests drive step by step.
pub struct Form {
    pub machine: Machine,
    pub now: u64,
    /// The commands since [`Form::take`].
    pub commands: Vec<Command>,
}

impl Form {
    pub fn new(settings: Settings) -> Self {
        Self { machine: Machine::new(settings), now: START, commands: Vec::new() }
    }

    pub fn apply(&mut self, event: Event) -> &mut Self {
        self.commands.extend(self.machine.apply(event, self.now));
        self
    }

    pub fn wait(&mut self, ms: u64) -> &mut Self {
        self.now += ms;
        self
    }

    /// Presses Pay, as far as the lock being asked for.
    pub fn press(&mut self) -> &mut Self {
        self.apply(Event::Submit { intent: Box::new(intent(KEY)), online: true })
    }

    /// Presses Pay and gets the lock: a request is out.
    pub fn pay(&mut self) -> &mut Self {
        self.press().granted()
    }

    pub fn granted(&mut self) -> &mut Self {
        self.apply(Event::Locked { granted: true, duplicate: None })
    }

    pub fn answered(&mut self, number: u32, echoed: bool, outcome: Outcome) -> &mut Self {
        self.apply(Event::Answered { number, echoed, outcome })
    }

    /// The last request gets this answer, with its key echoed.
    pub fn echoes(&mut self, outcome: Outcome) -> &mut Self {
        let number = self.last_request();
        self.answered(number, true, outcome)
    }

    /// The last request gets this answer from a server or proxy without keys.
    pub fn says(&mut self, outcome: Outcome) -> &mut Self {
        let number = self.last_request();
        self.answered(number, false, outcome)
    }

    /// The connection of the last request fails.
    pub fn fails(&mut self) -> &mut Self {
        let number = self.last_request();
        self.apply(Event::Failed { number })
    }

    pub fn retry(&mut self) -> &mut Self {
        self.apply(Event::Retry { online: true })
    }

    /// Restores an attempt that an earlier page stored, and grants the lock.
    pub fn restore(&mut self, pending: StoredAttempt) -> &mut Self {
        let sent = Some(Box::new(sent()));
        self.apply(Event::Restored { stored: RestoredAttempt::Whole(pending), sent }).granted()
    }

    pub fn state(&self) -> State {
        self.machine.state()
    }

    pub fn view(&self) -> View<'_> {
        self.machine.view(self.now)
    }

    /// The commands so far, which are then dropped.
    pub fn take(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.commands)
    }

    /// The number of the last request that left, of whatever kind.
    #[track_caller]
    pub fn last_request(&self) -> u32 {
        let number = |command: &Command| match command {
            Command::Send(send) => Some(send.number),
            Command::Resolve(call) | Command::LookUp(call) => Some(call.number),
            _ => None,
        };
        self.commands.iter().rev().find_map(number).expect("no request left")
    }

    /// The number of the last timer.
    #[track_caller]
    pub fn timer(&self) -> u32 {
        let number = |command: &Command| if let Command::Timer { number, .. } = command { Some(*number) } else { None };
        self.commands.iter().rev().find_map(number).expect("no timer runs")
    }

    /// All sends that left.
    pub fn sends(&self) -> Vec<&Send> {
        self.commands.iter().filter_map(|command| if let Command::Send(send) = command { Some(&**send) } else { None }).collect()
    }

    /// The position of a command among the commands so far.
    pub fn position_of(&self, wanted: impl Fn(&Command) -> bool) -> Option<usize> {
        self.commands.iter().position(wanted)
    }

    pub fn has_command(&self, wanted: impl Fn(&Command) -> bool) -> bool {
        self.position_of(wanted).is_some()
    }
}

/// A host that says that its server honours keys.
pub fn vouched() -> Settings {
    Settings { keys: Keys::Required, ..Settings::default() }
}

/// A host whose server ignores keys, and where a payment can be looked up.
pub fn key_less() -> Settings {
    Settings { looks_up: true, ..Settings::default() }
}

/// A host that says where a key is settled.
pub fn resolving() -> Settings {
    Settings { resolves: true, ..Settings::default() }
}

pub fn intent(key: &str) -> Intent {
    Intent {
        key: key.into(),
        endpoint: "/v1/payments/".into(),
        request: Request { body: r#"{"amount":50.78}"#.into(), ..request() },
        sent: sent(),
        fingerprint: fingerprint(),
        insists: false,
    }
}

fn request() -> Request {
    Request { encoding: payment_form::api::message::Encoding::Json, body: String::new() }
}

pub fn sent() -> SentPayment {
    let mut sent = SentPayment::default();
    sent.expected.amount = Decimal::new(5078, 2);
    sent
}

/// A fingerprint; other tests cover its computation.
pub fn fingerprint() -> Fingerprint {
    fingerprint_of(5078)
}

/// The fingerprint of another payment.
pub fn other_fingerprint() -> Fingerprint {
    fingerprint_of(77_700)
}

fn fingerprint_of(cents: i64) -> Fingerprint {
    use payment_form::domain::{
        date::Date,
        money::{Currency, Money},
        payment::{DueItem, Payment},
    };
    let usd = Money::new(Decimal::new(cents, 2), Currency::from_code("USD").unwrap()).unwrap();
    let day = Date::parse("2026-11-20").unwrap();
    Fingerprint::new(&Payment::DueItem(DueItem { due: usd, paid: usd, due_date: day, date: day }), "/payments", "salt")
}

/// The same payment, sent this many milliseconds ago.
pub fn duplicate(ago: u64) -> Duplicate {
    Duplicate { ago, reference: ReferenceMatch::Same }
}

/// A server's message about the whole payment.
pub fn server_words(text: &str) -> Vec<Problem> {
    vec![Problem::new(Field::Form, Cause::Server { key: None, message: text.into() })]
}

/// An answer that says that the key was used with another payload.
pub fn other_payload() -> Outcome {
    Outcome::Unknown { status: Some(422), receipt: None, words: server_words("Another payload."), is_other_payload: true }
}

pub fn pending(protection: Protection) -> StoredAttempt {
    StoredAttempt {
        key: KEY.into(),
        endpoint: "/v1/payments/".into(),
        request: intent(KEY).request,
        sends: 1,
        started: START,
        sent: START,
        protection,
    }
}

pub fn recorded() -> Outcome {
    Outcome::Recorded { receipt: Box::new(receipt()), differences: Vec::new() }
}

/// A record of another amount than was sent.
pub fn recorded_differently() -> Outcome {
    let difference = Difference::Amount { sent: Decimal::new(5078, 2), recorded: Decimal::new(5, 0) };
    Outcome::Recorded { receipt: Box::new(receipt()), differences: vec![difference] }
}

pub fn receipt() -> Receipt {
    Receipt { id: "7613586".into(), amount: Decimal::new(5078, 2), ..Receipt::default() }
}

pub fn rejected(status: u16) -> Outcome {
    let problem = Problem::new(Field::Amount, Cause::Server { key: None, message: "Declined.".into() });
    Outcome::Rejected { status, problems: vec![problem] }
}

pub fn held(status: u16) -> Outcome {
    Outcome::Held { status, retry_after: None, words: Vec::new() }
}

pub fn unknown(status: u16) -> Outcome {
    Outcome::Unknown { status: Some(status), receipt: None, words: Vec::new(), is_other_payload: false }
}
