//! Simulates a tab with the form: its stores, its page, and the answers that reach it.

use crate::{
    bugs::Bug,
    lists::Lists,
    network::InFlight,
    world::{SentAttempt, Situation, World},
};
use payment_form::{
    api::{
        Api,
        message::{Outcome, Response},
    },
    domain::problem::{Cause, Field, Problem},
    statement_feed::ROUND_TIMEOUT_MIN,
    submission::{Event, Fingerprint, Keys, Machine, Notice, RECENT_FOR, RecentPayments, RestoredAttempt, Settings, State},
};

/// One tab.
pub struct Tab {
    pub machine: Machine,
    pub lists: Lists,
    /// The draft in the fields.
    pub draft: usize,
    /// `sessionStorage`.
    pub stored: Option<String>,
    /// The number of the page in this tab: a reload begins another.
    pub life: u32,
    pub is_open: bool,
    pub asks_before_leaving: bool,
    /// The time since which it is busy, to check its deadline.
    pub busy_since: Option<u64>,
    /// The attempt that this very page sent and has not resolved.
    pub sent: Option<String>,
    /// The attempt on screen, resolved or not.
    pub attempt: Option<String>,
    pub state: State,
    /// True when the host names the other server, which honours no keys and has no resolve call.
    pub is_elsewhere: bool,
    /// True when the stored attempt is under the other server's name.
    pub is_stored_elsewhere: bool,
    /// The sends that were cancelled.
    pub aborted: Vec<u32>,
}

/// The host's settings for either server.
pub fn settings_at(settings: Settings, is_elsewhere: bool) -> Settings {
    if !is_elsewhere {
        return settings;
    }
    let keys = if settings.keys == Keys::Required { Keys::Auto } else { settings.keys };
    Settings { keys, resolves: false, ..settings }
}

/// The endpoint of the other server.
pub const ELSEWHERE: &str = "/elsewhere";

impl Tab {
    /// The endpoint that the machine is told.
    pub fn endpoint(&self, bug: Option<Bug>) -> &'static str {
        if self.is_elsewhere && bug != Some(Bug::EchoBelievedElsewhere) { ELSEWHERE } else { "/v1/payments/" }
    }

    pub fn new(settings: Settings, stored: Option<String>, draft: usize) -> Self {
        Self {
            machine: Machine::new(settings),
            lists: Lists::new(0, settings.timeout, false),
            draft,
            stored,
            life: 0,
            is_open: true,
            asks_before_leaving: false,
            busy_since: None,
            sent: None,
            attempt: None,
            state: State::Ready,
            is_elsewhere: false,
            is_stored_elsewhere: false,
            aborted: Vec::new(),
        }
    }
}

impl World<'_> {
    /// Hands an event to the machine of a tab, and executes its commands.
    pub fn apply(&mut self, tab: usize, event: Event) {
        let now = self.now;
        self.note(|_| format!("tab {tab} <- {}", brief(&event)));
        let is_look_up = matches!(event, Event::Answered { echoed: false, .. }) && self.tabs[tab].state == State::Resolving;
        let is_late = matches!(event, Event::Answered { .. }) && self.tabs[tab].state == State::Unknown;
        if matches!(event, Event::Answered { outcome: Outcome::InProgress { .. }, .. }) {
            self.situation(Situation::InProgress);
        }
        let commands = self.tabs[tab].machine.apply(event, now);
        for command in commands {
            self.execute(tab, command);
        }
        let page = &mut self.tabs[tab];
        page.state = page.machine.state();
        let view = page.machine.view(now);
        let situation = match (view.state, view.notice) {
            (State::Recorded, _) if is_look_up => Some(Situation::FoundByLookUp),
            (State::Recorded, _) if is_late => Some(Situation::LateAnswer),
            (State::Recorded, _) => Some(Situation::Recorded),
            (State::Rejected, _) if view.is_cancelled => Some(Situation::Cancelled),
            (State::Rejected, _) => Some(Situation::Rejected),
            (State::Held, _) => Some(Situation::Held),
            (State::Unknown, _) if view.is_key_stale => Some(Situation::OldKey),
            (_, Some(Notice::Elsewhere)) => Some(Situation::OtherTab),
            (State::Unknown, _) => Some(Situation::Unknown),
            (State::Reviewing, _) => Some(Situation::Reviewing),
            (State::Ready, Some(Notice::Duplicate(_))) => Some(Situation::Duplicate),
            _ => None,
        };
        self.situations |= situation.map_or(0, |situation| 1 << situation as u32);
        if page.attempt.as_deref() != view.attempt {
            page.attempt = view.attempt.map(Into::into);
        }
        let is_busy = matches!(page.state, State::Submitting | State::Resolving);
        page.busy_since = if is_busy { page.busy_since.or(Some(now)) } else { None };
        self.is_content |= page.state == State::Recorded;
        let longest_wait = self.settings.timeout.max(ROUND_TIMEOUT_MIN);
        let is_old =
            |seen: &SentAttempt| Some(&seen.attempt) == page.attempt.as_ref() && now + longest_wait >= seen.at + RECENT_FOR;
        if page.state == State::Recorded && self.sends.iter().any(is_old) {
            self.forgotten_record_at = Some(now);
        }
        self.note(|world| format!("tab {tab} is {}", world.tabs[tab].state.name()));
    }

    pub fn unlock(&mut self, tab: usize) {
        if self.lock == Some((tab, self.tabs[tab].life)) {
            self.lock = None;
        }
    }

    pub fn is_alive(&self, tab: usize, life: u32) -> bool {
        self.tabs[tab].is_open && self.tabs[tab].life == life
    }

    pub fn answer_lock(&mut self, tab: usize, life: u32, fingerprint: Option<Fingerprint>) {
        if !self.is_alive(tab, life) {
            return;
        }
        let granted = self.lock.is_none_or(|owner| owner == (tab, life)) || self.bug == Some(Bug::NoLock);
        if granted {
            self.lock = Some((tab, life));
        }
        let recent = RecentPayments::read(&self.recent, self.now);
        let duplicate = fingerprint.and_then(|fingerprint| recent.duplicate(&fingerprint, self.now));
        self.apply(tab, Event::Locked { granted, duplicate });
    }

    pub fn run_out(&mut self, tab: usize, life: u32, number: u32) {
        if self.is_alive(tab, life) {
            self.apply(tab, Event::Elapsed { number });
        }
    }

    pub fn deliver(&mut self, in_flight: &InFlight, status: u16, body: String, echoes: bool, retry_after: Option<u32>) {
        if !self.is_alive(in_flight.tab, in_flight.life) {
            return;
        }
        let key = in_flight.key.clone().filter(|_| echoes);
        let response = Response {
            status,
            key,
            retry_after: retry_after.map(|seconds| seconds.to_string()),
            date: None,
            body: body.into_bytes(),
        };
        let outcome = Api::Fusebill.decode(&response, &in_flight.sent);
        let is_taken_for_refusal = match self.bug {
            Some(Bug::ServerErrorIsRefusal) => status >= 500,
            Some(Bug::UnreadableSuccessIsRefusal) => (200..300).contains(&status) && matches!(outcome, Outcome::Unknown { .. }),
            Some(Bug::HeldIsRefusal) => matches!(outcome, Outcome::Held { .. }),
            _ => false,
        };
        self.note(|_| format!("reply {status} to request {} of tab {}", in_flight.number, in_flight.tab));
        if is_taken_for_refusal {
            return self.treat_as_refusal(in_flight);
        }
        let echoed = response.key.is_some();
        self.apply(in_flight.tab, Event::Answered { number: in_flight.number, echoed, outcome });
    }

    pub fn lose(&mut self, in_flight: &InFlight) {
        if self.is_alive(in_flight.tab, in_flight.life) {
            if self.bug == Some(Bug::NetworkErrorIsRefusal) {
                return self.treat_as_refusal(in_flight);
            }
            self.apply(in_flight.tab, Event::Failed { number: in_flight.number });
        }
    }

    pub fn refuse_to_send(&mut self, in_flight: &InFlight) {
        if self.is_alive(in_flight.tab, in_flight.life) {
            self.apply(in_flight.tab, Event::NotSent { number: in_flight.number });
            // A window that was duplicated during the sign-in has a copy of the attempt. It cannot know that this one was
            // dropped: a limit of the promise.
            let is_copied = |page: &Tab| {
                page.is_open
                    && page
                        .stored
                        .as_deref()
                        .and_then(RestoredAttempt::read)
                        .is_some_and(|stored| stored.key() == in_flight.attempt)
            };
            if self.tabs[in_flight.tab].state == State::Ready && self.tabs.iter().any(is_copied) {
                self.wanted += 1;
            }
        }
    }

    pub fn miss(&mut self, in_flight: &InFlight) {
        if self.is_alive(in_flight.tab, in_flight.life) {
            if self.bug == Some(Bug::MissIsProof) {
                return self.treat_as_refusal(in_flight);
            }
            self.apply(in_flight.tab, Event::NotFound { number: in_flight.number });
        }
    }

    /// The outcome that a form with a bug sees.
    fn treat_as_refusal(&mut self, in_flight: &InFlight) {
        let problem = Problem::new(Field::Form, Cause::Server { key: None, message: "not paid".into() });
        let outcome = Outcome::Rejected { status: 400, problems: vec![problem] };
        self.apply(in_flight.tab, Event::Answered { number: in_flight.number, echoed: true, outcome });
    }

    /// Loads a page in a tab, after a reload or because the tab was duplicated.
    pub fn load(&mut self, tab: usize) {
        self.unlock(tab);
        let page = &mut self.tabs[tab];
        page.life += 1;
        page.aborted.clear();
        let stored = page.stored.as_deref().and_then(RestoredAttempt::read);
        // The page has the server of the stored attempt; with another server it would not find the attempt.
        if stored.is_some() {
            page.is_elsewhere = page.is_stored_elsewhere;
        }
        page.machine = Machine::new(settings_at(self.settings, page.is_elsewhere));
        page.asks_before_leaving = false;
        page.busy_since = None;
        page.sent = None;
        page.attempt = None;
        page.state = State::Ready;
        self.note(|_| format!("tab {tab} loads"));
        self.start_lists(tab);
        let Some(stored) = stored else { return };
        self.situation(Situation::Restored);
        let sent = match &stored {
            RestoredAttempt::Whole(pending) => Api::Fusebill.sent(&pending.request).map(Box::new),
            RestoredAttempt::Key { .. } => None,
        };
        self.apply(tab, Event::Restored { stored, sent });
    }
}

fn brief(event: &Event) -> String {
    match event {
        Event::Submit { intent, online } => format!("Submit key {}, insists: {}, online: {online}", intent.key, intent.insists),
        Event::Restored { stored, .. } => format!("Restored {}", stored.key()),
        Event::Answered { number, echoed, outcome } => {
            let outcome = format!("{outcome:?}");
            let class = outcome.split(['{', '(']).next().unwrap_or_default().trim().to_owned();
            format!("Answered number {number}, echoed: {echoed}, {class}")
        }
        other => format!("{other:?}"),
    }
}
