//! The machine itself: its parts, and what each event is to it.

mod responses;
mod user_actions;
pub mod view;

use super::{
    attempt::Attempt,
    duplicate::Fingerprint,
    event::{Command, Event, Intent},
    settings::{Keys, Settings},
    state::{Notice, State},
};
use crate::{
    api::message::Outcome,
    domain::{
        problem::Problem,
        receipt::{Difference, Receipt},
    },
};

/// Where a payment stands, and what may happen next.
///
/// One of these lives as long as its form. It never does anything: [`Machine::apply`] takes an [`Event`] and returns the [`Command`]s to
/// execute, and [`Machine::view`] says what may be drawn.
#[derive(Clone, Debug, Default)]
pub struct Machine {
    settings: Settings,
    /// The endpoint that last carried a key of ours back. Any other endpoint may still ignore keys.
    echoed: Option<String>,
    /// The last number given to a send, a call or a timer. Numbers are never used twice, so that what is late is known as late.
    last_number: u32,
    holds_lock: bool,
    /// True when the lock was asked for and the answer is not in.
    awaits_lock: bool,
    notice: Option<Notice>,
    /// The payment that the person was last asked about, because it looks like one that was sent lately.
    asked_about: Option<Fingerprint>,
    stage: Stage,
}

#[derive(Clone, Debug, Default)]
enum Stage {
    #[default]
    Ready,
    Reviewing(Box<Intent>),
    Open(Box<Attempt>, Doing),
    Recorded {
        key: String,
        receipt: Box<Receipt>,
        differences: Vec<Difference>,
    },
    Rejected {
        key: String,
        status: u16,
        problems: Vec<Problem>,
        /// True when the refusal is kept under the key, so that no copy of the request can still pay.
        is_final: bool,
        pays_by_card: bool,
    },
}

/// The work on its way for an unresolved attempt.
#[derive(Clone, Copy, Debug)]
enum Doing {
    Nothing,
    /// Something the person asked for.
    Awaited {
        what: Step,
        progress: Progress,
        /// The timer after which it is given up.
        deadline: u32,
        /// When the person asked for it.
        since: u64,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Only take the lock, after a reload.
    Guard,
    Send,
    Resolve,
    LookUp,
}

#[derive(Clone, Copy, Debug)]
enum Progress {
    Locking,
    /// The request of this number is out.
    Out(u32),
    /// The server said "in progress"; this timer sends again.
    Pausing(u32),
}

impl Doing {
    /// The step that the request of this number is for, if its answer is awaited.
    fn awaited(self, number: u32) -> Option<Step> {
        match self {
            Self::Awaited { what, progress: Progress::Out(out), .. } if out == number => Some(what),
            _ => None,
        }
    }
}

impl Machine {
    /// A machine in `ready`.
    pub fn new(settings: Settings) -> Self {
        Self { settings, ..Self::default() }
    }

    /// Takes changed settings: for what comes next, and not for what belongs to an attempt that is open.
    pub fn configure(&mut self, settings: Settings) {
        self.settings = settings;
    }

    /// Where the payment stands.
    pub fn state(&self) -> State {
        match &self.stage {
            Stage::Ready => State::Ready,
            Stage::Reviewing(_) => State::Reviewing,
            Stage::Recorded { .. } => State::Recorded,
            Stage::Rejected { .. } => State::Rejected,
            Stage::Open(_, Doing::Awaited { what: Step::Send, .. }) => State::Submitting,
            Stage::Open(_, Doing::Awaited { what: Step::Resolve | Step::LookUp, .. }) => State::Resolving,
            Stage::Open(attempt, Doing::Nothing | Doing::Awaited { what: Step::Guard, .. }) => {
                if attempt.rest.is_held {
                    State::Held
                } else {
                    State::Unknown
                }
            }
        }
    }

    /// Takes in what happened at `now` (milliseconds since 1970, by the wall clock), and returns what has to be done, in this order.
    pub fn apply(&mut self, event: Event, now: u64) -> Vec<Command> {
        let before = self.state();
        let mut commands = Vec::new();
        self.take(event, now, &mut commands);
        let after = self.state();
        if after.is_unresolved() != before.is_unresolved() {
            commands.push(Command::GuardLeaving(after.is_unresolved()));
        }
        if after != before {
            commands.push(Command::Entered(after));
        }
        commands
    }

    fn take(&mut self, event: Event, now: u64, commands: &mut Vec<Command>) {
        match event {
            Event::Restored { stored, sent } => self.restore(stored, sent, now, commands),
            Event::Submit { intent, online } => self.submit(intent, online, now, commands),
            Event::Confirm { online } => self.confirm(online, now, commands),
            Event::Edited => {
                let is_reviewed = matches!(self.stage, Stage::Reviewing(_));
                if is_reviewed {
                    self.stage = Stage::Ready;
                }
                if matches!(self.stage, Stage::Ready | Stage::Rejected { .. }) {
                    self.notice = is_reviewed.then_some(Notice::Withdrawn);
                    self.asked_about = None;
                }
            }
            Event::NoIntent => {
                if matches!(self.stage, Stage::Ready | Stage::Rejected { .. }) {
                    self.notice = Some(Notice::NotSent);
                }
            }
            Event::Locked { granted, duplicate } => self.locked(granted, duplicate, now, commands),
            Event::Stored { kept } => {
                if let Stage::Open(attempt, _) = &mut self.stage {
                    attempt.is_stored = Some(kept);
                }
            }
            Event::Answered { number, echoed, outcome } => self.answered(number, echoed, outcome, now, commands),
            Event::Failed { number } => {
                let nothing = Outcome::Unknown { status: None, receipt: None, words: Vec::new(), is_other_payload: false };
                self.answered(number, false, nothing, now, commands);
            }
            Event::NotSent { number } => self.not_sent(number, commands),
            Event::NotFound { number } => self.not_found(number, now),
            Event::Elapsed { number } => self.elapsed(number, now, commands),
            Event::Retry { online } => self.press(Step::Send, online, now, commands),
            Event::Cancel => {
                if matches!(self.stage, Stage::Reviewing(_) | Stage::Ready) {
                    self.stage = Stage::Ready;
                    self.notice = None;
                } else {
                    self.press(Step::Resolve, true, now, commands);
                }
            }
            Event::Check => self.press(Step::LookUp, true, now, commands),
            Event::Abandon => {
                if self.view(now).may_abandon {
                    self.settle(Stage::Ready, commands);
                }
            }
            Event::Reset => {
                if !self.state().is_unresolved() {
                    self.notice = None;
                    self.stage = Stage::Ready;
                }
            }
        }
    }

    fn honours_keys(&self, endpoint: &str) -> bool {
        match self.settings.keys {
            Keys::None => false,
            Keys::Auto => self.settings.resolves || self.echoed.as_deref() == Some(endpoint),
            Keys::Required => true,
        }
    }

    /// The key is resolved: nothing of it is kept or still leaves, and the next intent may begin.
    fn settle(&mut self, stage: Stage, commands: &mut Vec<Command>) {
        // It may not even have left: the page's sign-in may still be asked for it.
        if let Stage::Open(attempt, _) = &mut self.stage {
            commands.extend(attempt.in_flight.take().map(|number| Command::Abort { number }));
        }
        // Also where nothing is stored now: the host may have switched it off since.
        commands.push(Command::Forget);
        self.stage = stage;
        self.notice = None;
        self.unlock(commands);
    }

    fn unlock(&mut self, commands: &mut Vec<Command>) {
        if std::mem::take(&mut self.holds_lock) {
            commands.push(Command::Unlock);
        }
    }

    fn next_number(&mut self) -> u32 {
        self.last_number = self.last_number.saturating_add(1);
        self.last_number
    }
}
