//! The machine itself.

use super::{
    attempt::{Attempt, Rest},
    event::{Command, Event, Intent},
    pending::{Protection, Stored},
    settings::{Keys, Settings},
    view::{Notice, State, View},
};
use crate::{
    api::exchange::{Outcome, Sent},
    domain::{
        problem::Problem,
        receipt::{Difference, Receipt},
    },
};

/// The pauses before an attempt that the server says is in progress is sent again by itself.
const REPEATS: [u64; 3] = [500, 2000, 5000];

/// The longest pause that the server may ask for without the person being asked.
const REPEAT_AFTER_MAX: u64 = 5000;

/// The status of a key that was cancelled: the server will never record it.
const GONE: u16 = 410;

/// The status of a key that the server knows from another payload.
const OTHER_PAYLOAD: u16 = 422;

/// Where a payment stands, and what may happen next.
///
/// One of these lives as long as its form. It never does anything: [`Machine::apply`] takes an [`Event`] and returns the [`Command`]s to
/// execute, and [`Machine::view`] says what may be drawn.
#[derive(Clone, Debug, Default)]
pub struct Machine {
    settings: Settings,
    /// Whether a reply of this server ever carried our key back.
    has_echoed: bool,
    /// The last number given to a send, a call or a timer. Numbers are never used twice, so that what is late is known as late.
    last_number: u32,
    holds_lock: bool,
    /// Whether the lock was asked for and the answer is not in.
    awaits_lock: bool,
    notice: Option<Notice>,
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
    },
}

/// What is on its way for an unresolved attempt.
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

impl Machine {
    /// A machine in `ready`.
    pub fn new(settings: Settings) -> Self {
        Self { settings, ..Self::default() }
    }

    /// Takes changed settings.
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
            Event::Locked { granted, recent } => self.locked(granted, recent, now, commands),
            Event::Stored { kept } => {
                if let Stage::Open(attempt, _) = &mut self.stage {
                    attempt.is_stored = kept;
                }
            }
            Event::Answered { number, echoed, outcome } => self.answered(number, echoed, outcome, now, commands),
            Event::Failed { number } => {
                let nothing = Outcome::Unknown { status: None, receipt: None, words: None };
                self.answered(number, false, nothing, now, commands);
            }
            Event::NotSent { number } => self.not_sent(number, commands),
            Event::NotFound { number } => self.not_found(number, now),
            Event::Elapsed { number } => self.elapsed(number, now, commands),
            Event::Retry { online } => self.press(Step::Send, online, now, commands),
            Event::Cancel => {
                if matches!(self.stage, Stage::Reviewing(_)) {
                    self.stage = Stage::Ready;
                } else {
                    self.press(Step::Resolve, true, now, commands);
                }
            }
            Event::Check => self.press(Step::LookUp, true, now, commands),
            Event::Abandon => {
                if self.view(now).may_abandon {
                    self.resolve(Stage::Ready, commands);
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

    fn restore(&mut self, stored: Stored, sent: Option<Box<Sent>>, now: u64, commands: &mut Vec<Command>) {
        if !matches!(self.stage, Stage::Ready) {
            return;
        }
        let mut attempt = Attempt::restored(stored, sent);
        if attempt.protection == Protection::Unproven && self.honours_keys() {
            attempt.protection = Protection::Honoured;
        }
        self.stage = Stage::Open(Box::new(attempt), Doing::Nothing);
        self.begin(Step::Guard, now, commands);
    }

    fn submit(&mut self, intent: Box<Intent>, online: bool, now: u64, commands: &mut Vec<Command>) {
        if !matches!(self.stage, Stage::Ready | Stage::Rejected { .. }) {
            return;
        }
        self.notice = None;
        if !online {
            self.notice = Some(Notice::Offline);
            return;
        }
        // Who insists on a payment that was sent lately has reviewed it already.
        if self.settings.confirms && !intent.insists {
            self.stage = Stage::Reviewing(intent);
        } else {
            self.open(*intent, now, commands);
        }
    }

    fn confirm(&mut self, online: bool, now: u64, commands: &mut Vec<Command>) {
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

    /// From here on the intent has a key that counts, and no second press finds the form ready.
    fn open(&mut self, intent: Intent, now: u64, commands: &mut Vec<Command>) {
        let protection = match self.settings.keys {
            Keys::None => Protection::None,
            Keys::Auto | Keys::Required if self.honours_keys() => Protection::Honoured,
            Keys::Auto | Keys::Required => Protection::Unproven,
        };
        self.stage = Stage::Open(Box::new(Attempt::new(intent, protection)), Doing::Nothing);
        self.begin(Step::Send, now, commands);
    }

    fn honours_keys(&self) -> bool {
        match self.settings.keys {
            Keys::None => false,
            Keys::Auto => self.settings.resolves || self.has_echoed,
            Keys::Required => true,
        }
    }

    /// The person asked for one of the ways out of held or unknown.
    fn press(&mut self, what: Step, online: bool, now: u64, commands: &mut Vec<Command>) {
        let view = self.view(now);
        let allowed = match what {
            Step::Guard => false,
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
            attempt.repeats = 0;
        }
        self.begin(what, now, commands);
    }

    /// Starts a step: its deadline first, then the lock where this page does not have it yet.
    fn begin(&mut self, what: Step, now: u64, commands: &mut Vec<Command>) {
        let deadline = self.next_number();
        commands.push(Command::Timer { number: deadline, ms: self.settings.timeout });
        let Stage::Open(attempt, doing) = &mut self.stage else { return };
        *doing = Doing::Awaited { what, progress: Progress::Locking, deadline, since: now };
        if self.holds_lock {
            self.proceed(now, commands);
        } else if !self.awaits_lock {
            self.awaits_lock = true;
            let is_first = attempt.used.is_none() && !attempt.insists;
            commands.push(Command::Lock { fingerprint: attempt.fingerprint.clone().filter(|_| is_first) });
        }
    }

    fn locked(&mut self, granted: bool, recent: Option<u64>, now: u64, commands: &mut Vec<Command>) {
        if !std::mem::take(&mut self.awaits_lock) {
            return;
        }
        self.holds_lock = granted;
        let Stage::Open(attempt, doing) = &mut self.stage else {
            // The answer took longer than the person's patience: nothing needs the lock any more.
            self.unlock(commands);
            return;
        };
        let Doing::Awaited { progress: Progress::Locking, .. } = doing else { return };
        let is_new = attempt.used.is_none() && !attempt.is_restored;
        let refusal = match recent {
            _ if !granted => Some(Notice::Elsewhere),
            Some(ago) if is_new && !attempt.insists => Some(Notice::Duplicate { ago }),
            _ => None,
        };
        match refusal {
            None => self.proceed(now, commands),
            Some(notice) => {
                *doing = Doing::Nothing;
                if is_new {
                    self.stage = Stage::Ready;
                    self.unlock(commands);
                }
                self.notice = Some(notice);
            }
        }
    }

    /// Does what the person asked for, now that this page has the lock.
    fn proceed(&mut self, now: u64, commands: &mut Vec<Command>) {
        let number = self.next_number();
        let Stage::Open(attempt, doing) = &mut self.stage else { return };
        let Doing::Awaited { what, progress, .. } = doing else { return };
        match what {
            Step::Guard => *doing = Doing::Nothing,
            Step::Resolve => {
                *progress = Progress::Out(number);
                commands.push(Command::Resolve(attempt.resolve(number)));
            }
            Step::LookUp => {
                *progress = Progress::Out(number);
                commands.push(Command::LookUp(attempt.resolve(number)));
            }
            Step::Send => {
                let is_first = attempt.used.is_none();
                let Some((pending, send, before)) = attempt.send(number, now) else {
                    *doing = Doing::Nothing;
                    return;
                };
                *progress = Progress::Out(number);
                if is_first && let Some(fingerprint) = &attempt.fingerprint {
                    commands.push(Command::Note(fingerprint.clone()));
                }
                if self.settings.persists {
                    commands.push(Command::Store(pending));
                }
                if let Some(number) = before {
                    commands.push(Command::Abort { number });
                }
                commands.push(Command::Send(Box::new(send)));
            }
        }
    }

    fn answered(&mut self, number: u32, echoed: bool, outcome: Outcome, now: u64, commands: &mut Vec<Command>) {
        let Stage::Open(attempt, doing) = &mut self.stage else { return };
        let step = match doing {
            Doing::Awaited { what, progress: Progress::Out(out), .. } if *out == number => Some(*what),
            _ => None,
        };
        let is_send = attempt.unsettled.contains(&number);
        if step.is_none() && !is_send {
            return;
        }
        if echoed && attempt.protection != Protection::None {
            self.has_echoed = true;
            if attempt.protection == Protection::Unproven {
                // Worth knowing after a reload as well: only then may the same bytes be sent again.
                attempt.protection = Protection::Honoured;
                commands.extend(attempt.pending().filter(|_| self.settings.persists).map(Command::Store));
            }
        }
        if attempt.in_flight == Some(number) {
            attempt.in_flight = None;
        }
        // A refusal ends the attempt only where no other send of it can still pay: the server keeps refusals under a key that it honours,
        // and a resolve call is only believed about this very key.
        let is_kept = attempt.honours_keys() && echoed;
        let is_last = is_send && !attempt.honours_keys() && attempt.is_alone(number);
        let (rest, is_refused) = match outcome {
            Outcome::Recorded { receipt, differences } => {
                let is_ours = echoed || !differences.iter().any(Difference::is_identity);
                if is_ours {
                    // Where the sent bytes are lost there is nothing to compare with.
                    let differences = if attempt.request.is_some() { differences } else { Vec::new() };
                    let key = std::mem::take(&mut attempt.key);
                    self.resolve(Stage::Recorded { key, receipt, differences }, commands);
                    return;
                }
                (Rest { receipt: Some(receipt), ..Rest::default() }, false)
            }
            Outcome::Rejected { status, problems } => {
                if is_kept || (is_last && status != GONE) {
                    if let Some(fingerprint) = attempt.fingerprint.take() {
                        commands.push(Command::Unnote(fingerprint));
                    }
                    let key = std::mem::take(&mut attempt.key);
                    self.resolve(Stage::Rejected { key, status, problems }, commands);
                    return;
                }
                (Rest { status: Some(status), ..Rest::default() }, false)
            }
            Outcome::Held { status, retry_after, words } => {
                let retry_at = retry_after.map(|seconds| now.saturating_add(u64::from(seconds).saturating_mul(1000)));
                (Rest { status: Some(status), words, retry_at, ..Rest::default() }, true)
            }
            Outcome::InProgress { retry_after } => {
                if step == Some(Step::Send) && self.pause(retry_after, commands) {
                    return;
                }
                return self.answered(
                    number,
                    echoed,
                    Outcome::Unknown { status: Some(409), receipt: None, words: None },
                    now,
                    commands,
                );
            }
            Outcome::Unknown { status, receipt, words } => {
                let is_other_payload = is_kept && status == Some(OTHER_PAYLOAD);
                (Rest { status, words, receipt, is_other_payload, ..Rest::default() }, false)
            }
        };
        if !is_send {
            // A resolve call or look-up without a result leaves what was known; only the wait that the server asks for is new.
            attempt.rest.retry_at = attempt.rest.retry_at.max(rest.retry_at);
            *doing = Doing::Nothing;
            self.notice = Some(Notice::CheckFailed);
            return;
        }
        let is_held = is_refused && attempt.settle(number);
        if step.is_some() {
            attempt.rest = Rest { is_held, ..rest };
            *doing = Doing::Nothing;
        } else if is_held {
            attempt.rest = Rest { is_held, ..rest };
        }
    }

    /// Waits, to send again by itself what the server says is in progress: a few times, and only under a key that it honours.
    fn pause(&mut self, retry_after: Option<u32>, commands: &mut Vec<Command>) -> bool {
        let Stage::Open(attempt, Doing::Awaited { progress, .. }) = &mut self.stage else { return false };
        let Some(pause) = REPEATS.get(usize::from(attempt.repeats)).filter(|_| attempt.honours_keys()) else { return false };
        let asked = u64::from(retry_after.unwrap_or_default()).saturating_mul(1000);
        if asked > REPEAT_AFTER_MAX {
            return false;
        }
        attempt.repeats = attempt.repeats.saturating_add(1);
        self.last_number = self.last_number.saturating_add(1);
        *progress = Progress::Pausing(self.last_number);
        commands.push(Command::Timer { number: self.last_number, ms: asked.max(*pause) });
        true
    }

    fn not_sent(&mut self, number: u32, commands: &mut Vec<Command>) {
        let Stage::Open(attempt, doing) = &mut self.stage else { return };
        let is_awaited = matches!(doing, Doing::Awaited { progress: Progress::Out(out), .. } if *out == number);
        let is_send = attempt.unsettled.contains(&number);
        if !is_awaited && !is_send {
            return;
        }
        if attempt.in_flight == Some(number) {
            attempt.in_flight = None;
        }
        if is_awaited {
            *doing = Doing::Nothing;
            self.notice = Some(Notice::NotSent);
        }
        if is_send && attempt.settle(number) {
            if attempt.sends <= 1 {
                if let Some(fingerprint) = attempt.fingerprint.take() {
                    commands.push(Command::Unnote(fingerprint));
                }
                self.resolve(Stage::Ready, commands);
                self.notice = Some(Notice::NotSent);
            } else {
                attempt.rest.is_held = true;
            }
        }
    }

    fn not_found(&mut self, number: u32, now: u64) {
        let Stage::Open(attempt, doing) = &mut self.stage else { return };
        let Doing::Awaited { what: Step::LookUp, progress: Progress::Out(out), since, .. } = doing else { return };
        if *out != number {
            return;
        }
        // Both the look-up's begin and the present must lie after the quiet time: a clock that jumps proves nothing either.
        let began = (*since).min(now);
        attempt.is_missed = attempt.quiet_left(self.settings.quiet, began) == 0;
        *doing = Doing::Nothing;
        self.notice = Some(Notice::NotFound);
    }

    fn elapsed(&mut self, number: u32, now: u64, commands: &mut Vec<Command>) {
        let Stage::Open(attempt, doing) = &mut self.stage else { return };
        let Doing::Awaited { what, progress, deadline, .. } = doing else { return };
        match progress {
            Progress::Pausing(timer) if *timer == number => self.proceed(now, commands),
            _ if *deadline != number => {}
            Progress::Locking if attempt.used.is_none() && !attempt.is_restored => {
                self.stage = Stage::Ready;
                self.notice = Some(Notice::NotSent);
            }
            _ => {
                match what {
                    Step::Send if !matches!(progress, Progress::Locking) => attempt.rest = Rest::default(),
                    Step::Send | Step::Guard => {}
                    Step::Resolve | Step::LookUp => self.notice = Some(Notice::CheckFailed),
                }
                *doing = Doing::Nothing;
            }
        }
    }

    /// The key is resolved: nothing of it is kept, and the next intent may begin.
    fn resolve(&mut self, stage: Stage, commands: &mut Vec<Command>) {
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

    /// What may be drawn and said at this time.
    pub fn view(&self, now: u64) -> View<'_> {
        let state = self.state();
        let mut view = View {
            state,
            notice: self.notice,
            is_locked: state.is_unresolved() || matches!(state, State::Reviewing | State::Recorded),
            may_submit: matches!(state, State::Ready | State::Rejected),
            may_cancel: state == State::Reviewing,
            may_reset: !state.is_unresolved(),
            honours_keys: self.honours_keys(),
            is_reload_safe: true,
            ..View::default()
        };
        match &self.stage {
            Stage::Ready => {}
            Stage::Reviewing(intent) => {
                view.attempt = Some(&intent.key);
                view.request = Some(&intent.request);
            }
            Stage::Open(attempt, doing) => self.view_open(attempt, doing, now, &mut view),
            Stage::Recorded { key, receipt, differences } => {
                view.attempt = Some(key);
                view.receipt = Some(receipt);
                view.differences = differences;
            }
            Stage::Rejected { key, status, problems } => {
                view.attempt = Some(key);
                view.status = Some(*status);
                view.problems = problems;
                view.is_cancelled = *status == GONE;
            }
        }
        view
    }

    fn view_open<'a>(&self, attempt: &'a Attempt, doing: &Doing, now: u64, view: &mut View<'a>) {
        let is_idle = matches!(doing, Doing::Nothing);
        let has_key = attempt.protection != Protection::None;
        let seconds = |ms: u64| ms.div_ceil(1000);
        view.attempt = Some(&attempt.key);
        view.request = attempt.request.as_ref();
        view.status = attempt.rest.status;
        view.words = attempt.rest.words.as_deref();
        view.receipt = attempt.rest.receipt.as_deref();
        view.is_other_payload = attempt.rest.is_other_payload;
        view.honours_keys = attempt.honours_keys();
        view.is_key_stale = attempt.is_key_stale(now);
        view.is_reload_safe = self.settings.persists && attempt.is_stored;
        view.is_elsewhere = is_idle && !self.holds_lock;
        view.may_retry = is_idle && attempt.may_retry(now);
        view.may_cancel = is_idle && self.settings.resolves && has_key && !attempt.is_key_old(now);
        view.may_check = is_idle && self.settings.looks_up && !attempt.rest.is_held;
        let is_unprotected = !attempt.rest.is_held && (!attempt.honours_keys() || attempt.is_key_old(now));
        view.may_abandon = view.may_check && is_unprotected && attempt.is_missed && self.holds_lock;
        view.wait_seconds = seconds(attempt.rest.retry_at.map_or(0, |time| time.saturating_sub(now)));
        if view.may_check && is_unprotected {
            view.quiet_seconds = seconds(attempt.quiet_left(self.settings.quiet, now));
        }
        if let Doing::Awaited { since, .. } = doing {
            view.busy_seconds = now.saturating_sub(*since) / 1000;
        }
    }
}
