//! Holds the machine, and hands each event to its part.

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

/// The state of a payment, and the actions that are possible.
///
/// Each form has one machine. [`Machine::apply`] takes an [`Event`] and returns the [`Command`]s to execute; the machine itself does no
/// I/O. [`Machine::view`] gives the values that may be drawn.
#[derive(Clone, Debug, Default)]
pub struct Machine {
    settings: Settings,
    /// The endpoint that last echoed a key of ours. Any other endpoint may still ignore keys.
    echoed: Option<String>,
    /// The last number given to a send, a call or a timer. Numbers are never used twice, so that late answers are recognised.
    last_number: u32,
    holds_lock: bool,
    /// True when the lock was requested and the answer is missing.
    awaits_lock: bool,
    notice: Option<Notice>,
    /// The payment of the last duplicate notice.
    last_duplicate: Option<Fingerprint>,
    stage: Stage,
}

#[derive(Clone, Debug, Default)]
enum Stage {
    #[default]
    Ready,
    Reviewing(Box<Intent>),
    Open(Box<Attempt>, Work),
    Recorded {
        key: String,
        receipt: Box<Receipt>,
        differences: Vec<Difference>,
    },
    Rejected {
        key: String,
        status: u16,
        problems: Vec<Problem>,
        /// True when the server keeps the refusal under the key, so that no copy of the request can still pay.
        is_final: bool,
        pays_by_card: bool,
    },
}

/// The work on its way for an unresolved attempt.
#[derive(Clone, Copy, Debug)]
enum Work {
    Idle,
    /// A step that the person asked for.
    Awaited {
        step: Step,
        progress: Progress,
        /// The timer that ends the wait for it.
        deadline: u32,
        /// The time at which the person asked for it.
        since: u64,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Takes the lock alone, after a reload.
    Lock,
    Send,
    Resolve,
    LookUp,
}

#[derive(Clone, Copy, Debug)]
enum Progress {
    Locking,
    /// The request of this number is under way.
    Sent(u32),
    /// The server said "in progress"; this timer sends again.
    Pausing(u32),
}

impl Work {
    /// The step that the request of this number is for, if its answer is awaited.
    fn awaited(self, number: u32) -> Option<Step> {
        match self {
            Self::Awaited { step, progress: Progress::Sent(out), .. } if out == number => Some(step),
            _ => None,
        }
    }
}

impl Machine {
    /// A machine in `ready`.
    pub fn new(settings: Settings) -> Self {
        Self { settings, ..Self::default() }
    }

    /// Takes changed settings. They do not change an open attempt's endpoint, key or knowledge.
    pub fn configure(&mut self, settings: Settings) {
        self.settings = settings;
    }

    /// The state of the payment.
    pub fn state(&self) -> State {
        match &self.stage {
            Stage::Ready => State::Ready,
            Stage::Reviewing(_) => State::Reviewing,
            Stage::Recorded { .. } => State::Recorded,
            Stage::Rejected { .. } => State::Rejected,
            Stage::Open(_, Work::Awaited { step: Step::Send, .. }) => State::Submitting,
            Stage::Open(_, Work::Awaited { step: Step::Resolve | Step::LookUp, .. }) => State::Resolving,
            Stage::Open(attempt, Work::Idle | Work::Awaited { step: Step::Lock, .. }) => {
                if attempt.knowledge.is_held {
                    State::Held
                } else {
                    State::Unknown
                }
            }
        }
    }

    /// Applies an event at `now` (milliseconds since 1970, by the wall clock), and returns the commands to execute, in this order.
    pub fn apply(&mut self, event: Event, now: u64) -> Vec<Command> {
        let before = self.state();
        let mut commands = Vec::new();
        self.transition(event, now, &mut commands);
        let after = self.state();
        if after.is_unresolved() != before.is_unresolved() {
            commands.push(Command::WarnBeforeUnload(after.is_unresolved()));
        }
        if after != before {
            commands.push(Command::Entered(after));
        }
        commands
    }

    fn transition(&mut self, event: Event, now: u64, commands: &mut Vec<Command>) {
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
                    self.last_duplicate = None;
                }
            }
            Event::NoRandomSource => {
                if matches!(self.stage, Stage::Ready | Stage::Rejected { .. }) {
                    self.notice = Some(Notice::NotSent);
                }
            }
            Event::Locked { granted, duplicate } => self.on_lock(granted, duplicate, now, commands),
            Event::Stored { is_stored } => {
                if let Stage::Open(attempt, _) = &mut self.stage {
                    attempt.is_stored = Some(is_stored);
                }
            }
            Event::Answered { number, echoed, outcome } => self.on_answer(number, echoed, outcome, now, commands),
            Event::Failed { number } => {
                let nothing = Outcome::Unknown { status: None, receipt: None, words: Vec::new(), is_other_payload: false };
                self.on_answer(number, false, nothing, now, commands);
            }
            Event::NotSent { number } => self.on_not_sent(number, commands),
            Event::NotFound { number } => self.on_not_found(number, now),
            Event::Elapsed { number } => self.on_timer(number, now, commands),
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

    /// Ends a resolved attempt: drops its stored data, cancels its request, and lets the next intent begin.
    fn settle(&mut self, stage: Stage, commands: &mut Vec<Command>) {
        // The send may still wait for the page's sign-in, and must not leave any more.
        if let Stage::Open(attempt, _) = &mut self.stage {
            commands.extend(attempt.in_flight.take().map(|number| Command::Abort { number }));
        }
        // The command is given in any case, because the host may have switched the store off since the attempt was stored.
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
