//! Takes in the person's actions, and takes the lock for them.

use super::{Machine, Progress, Stage, Step, Work};
use crate::{
    api::message::SentPayment,
    submission::{
        attempt::{Attempt, Knowledge},
        duplicate::Duplicate,
        event::{Command, Intent},
        settings::Keys,
        state::Notice,
        stored_attempt::{Protection, RestoredAttempt},
    },
};

impl Machine {
    pub(super) fn restore(
        &mut self,
        stored: RestoredAttempt,
        sent: Option<Box<SentPayment>>,
        now: u64,
        commands: &mut Vec<Command>,
    ) {
        if !matches!(self.stage, Stage::Ready | Stage::Rejected { .. }) {
            return;
        }
        let mut attempt = Attempt::restored(stored, sent);
        attempt.resolves = self.settings.resolves;
        if attempt.protection == Protection::Unproven && self.honours_keys(&attempt.endpoint) {
            attempt.protection = Protection::Honoured;
        }
        self.stage = Stage::Open(Box::new(attempt), Work::Idle);
        self.begin(Step::Lock, now, commands);
    }

    pub(super) fn submit(&mut self, mut intent: Box<Intent>, online: bool, now: u64, commands: &mut Vec<Command>) {
        if !matches!(self.stage, Stage::Ready | Stage::Rejected { .. }) {
            return;
        }
        self.notice = None;
        // A person can insist only on the payment of the duplicate notice.
        intent.insists &= self.last_duplicate.take().is_some_and(|fingerprint| fingerprint == intent.fingerprint);
        if !online {
            self.notice = Some(Notice::Offline);
            return;
        }
        // A person who insists on a payment that was sent lately has reviewed it already.
        if self.settings.confirms && !intent.insists {
            self.stage = Stage::Reviewing(intent);
        } else {
            self.open(*intent, now, commands);
        }
    }

    pub(super) fn confirm(&mut self, online: bool, now: u64, commands: &mut Vec<Command>) {
        if !matches!(self.stage, Stage::Reviewing(_)) {
            return;
        }
        self.notice = None;
        if !online {
            self.notice = Some(Notice::Offline);
            return;
        }
        if let Stage::Reviewing(intent) = std::mem::take(&mut self.stage) {
            self.open(*intent, now, commands);
        }
    }

    /// Opens an attempt: its key counts from now on, and a second press finds the form busy.
    fn open(&mut self, intent: Intent, now: u64, commands: &mut Vec<Command>) {
        let protection = match self.settings.keys {
            Keys::None => Protection::None,
            Keys::Auto | Keys::Required if self.honours_keys(&intent.endpoint) => Protection::Honoured,
            Keys::Auto | Keys::Required => Protection::Unproven,
        };
        self.stage = Stage::Open(Box::new(Attempt::new(intent, protection, self.settings.resolves)), Work::Idle);
        self.begin(Step::Send, now, commands);
    }

    /// Takes a press on a button of the held or unknown state.
    pub(super) fn press(&mut self, step: Step, online: bool, now: u64, commands: &mut Vec<Command>) {
        let view = self.view(now);
        let allowed = match step {
            Step::Lock => false,
            Step::Send => view.may_retry,
            Step::Resolve => view.may_cancel,
            Step::LookUp => view.may_check,
        };
        if !allowed {
            return;
        }
        self.notice = None;
        if !online {
            self.notice = Some(Notice::Offline);
            return;
        }
        if let Stage::Open(attempt, _) = &mut self.stage {
            attempt.automatic_sends = 0;
        }
        self.begin(step, now, commands);
    }

    /// Starts a step: its deadline first, then the lock where this page does not have it yet.
    fn begin(&mut self, step: Step, now: u64, commands: &mut Vec<Command>) {
        let deadline = self.next_number();
        commands.push(Command::Timer { number: deadline, ms: self.settings.timeout });
        let Stage::Open(attempt, work) = &mut self.stage else { return };
        *work = Work::Awaited { step, progress: Progress::Locking, deadline, since: now };
        if self.holds_lock {
            self.proceed(now, commands);
        } else if !self.awaits_lock {
            self.awaits_lock = true;
            let is_first = attempt.used.is_none() && !attempt.insists;
            commands.push(Command::Lock { fingerprint: attempt.fingerprint.clone().filter(|_| is_first) });
        }
    }

    pub(super) fn on_lock(&mut self, granted: bool, duplicate: Option<Duplicate>, now: u64, commands: &mut Vec<Command>) {
        if !std::mem::take(&mut self.awaits_lock) {
            return;
        }
        self.holds_lock = granted;
        let Stage::Open(attempt, work) = &mut self.stage else {
            // The answer came after the deadline, so no step needs the lock any more.
            self.unlock(commands);
            return;
        };
        let Work::Awaited { progress: Progress::Locking, .. } = work else { return };
        let is_new = attempt.used.is_none() && !attempt.is_restored;
        let refusal = match duplicate {
            _ if !granted => Some(Notice::Elsewhere),
            Some(duplicate) if is_new && !attempt.insists => Some(Notice::Duplicate(duplicate)),
            _ => None,
        };
        match refusal {
            None => self.proceed(now, commands),
            Some(notice) => {
                *work = Work::Idle;
                if matches!(notice, Notice::Duplicate(_)) {
                    self.last_duplicate = attempt.fingerprint.take();
                }
                if is_new {
                    self.stage = Stage::Ready;
                    self.unlock(commands);
                }
                self.notice = Some(notice);
            }
        }
    }

    /// Does the awaited step, now that this page has the lock.
    pub(super) fn proceed(&mut self, now: u64, commands: &mut Vec<Command>) {
        let number = self.next_number();
        let Stage::Open(attempt, work) = &mut self.stage else { return };
        let Work::Awaited { step, progress, .. } = work else { return };
        // A computer may sleep for a month after the press, until the server has forgotten the key.
        if matches!(step, Step::Send | Step::Resolve) && attempt.is_key_old(now) {
            if matches!(progress, Progress::Pausing(_)) {
                attempt.knowledge = Knowledge::default();
            }
            *work = Work::Idle;
            return;
        }
        match step {
            Step::Lock => *work = Work::Idle,
            Step::Resolve => {
                *progress = Progress::Sent(number);
                commands.push(Command::Resolve(attempt.resolve(number)));
            }
            Step::LookUp => {
                *progress = Progress::Sent(number);
                commands.push(Command::LookUp(attempt.resolve(number)));
            }
            Step::Send => {
                let is_first = attempt.used.is_none();
                let Some((stored, send, previous)) = attempt.send(number, now) else {
                    *work = Work::Idle;
                    return;
                };
                *progress = Progress::Sent(number);
                if is_first && let Some(fingerprint) = &attempt.fingerprint {
                    commands.push(Command::RememberPayment(fingerprint.clone()));
                }
                if self.settings.persists {
                    commands.push(Command::Store(stored));
                }
                if let Some(number) = previous {
                    commands.push(Command::Abort { number });
                }
                commands.push(Command::Send(send));
            }
        }
    }
}
