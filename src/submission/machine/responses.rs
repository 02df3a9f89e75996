//! Takes in answers, failures, and timers that run out.

use super::{Machine, Progress, Stage, Step, Work, view::GONE};
use crate::{
    api::message::Outcome,
    domain::{
        problem::Problem,
        receipt::{Difference, Receipt},
    },
    submission::{
        attempt::{Attempt, Knowledge, Wait},
        event::Command,
        state::Notice,
        stored_attempt::Protection,
    },
};

/// The pauses in milliseconds before an attempt in progress is sent again automatically.
const RESEND_PAUSES: [u64; 3] = [500, 2000, 5000];

/// The longest pause in milliseconds that is waited automatically; after a longer one the person decides.
const RESEND_PAUSE_MAX: u64 = 5000;

/// The status of an attempt that is in progress.
const IN_PROGRESS: u16 = 409;

/// The meaning of an answer for the whole attempt, whose other sends may have paid as well.
enum Verdict {
    Recorded {
        receipt: Box<Receipt>,
        differences: Vec<Difference>,
    },
    Rejected {
        status: u16,
        problems: Vec<Problem>,
        is_final: bool,
    },
    /// This send was refused before the payment logic.
    Refused(Knowledge),
    Open(Knowledge),
}

/// Judges an answer to the send, resolve call or look-up of this number (R5, R6 and R8).
fn judge(attempt: &Attempt, number: u32, echoed: bool, outcome: Outcome, now: u64) -> Verdict {
    let is_kept = attempt.honours_keys() && echoed;
    match outcome {
        Outcome::Recorded { receipt, differences } => {
            if echoed || !differences.iter().any(Difference::is_identity) {
                // Without the sent bytes the record cannot be compared.
                let differences = if attempt.request.is_some() { differences } else { Vec::new() };
                Verdict::Recorded { receipt, differences }
            } else {
                Verdict::Open(Knowledge { receipt: Some(receipt), ..Knowledge::default() })
            }
        }
        Outcome::Rejected { status, problems } => {
            // A refusal ends the attempt only if no other send of it can still pay. A server that honours the key keeps the refusal under
            // it; a resolve call's answer counts only if it is about this key. Without keys, the refused send must be the only one, because
            // such a server knows of no cancelled send.
            let is_last = !attempt.honours_keys() && attempt.unsettled.contains(&number) && attempt.is_only_unsettled(number);
            if is_kept || (is_last && status != GONE) {
                Verdict::Rejected { status, problems, is_final: is_kept }
            } else {
                Verdict::Open(Knowledge { status: Some(status), words: problems, ..Knowledge::default() })
            }
        }
        Outcome::Held { status, retry_after, words } => {
            let wait = retry_after.map(|seconds| {
                let duration = u64::from(seconds).saturating_mul(1000);
                Wait { duration, until: now.saturating_add(duration), timer: 0 }
            });
            Verdict::Refused(Knowledge { status: Some(status), words, wait, ..Knowledge::default() })
        }
        Outcome::InProgress { words, .. } => {
            Verdict::Open(Knowledge { status: Some(IN_PROGRESS), words, ..Knowledge::default() })
        }
        Outcome::Unknown { status, receipt, words, is_other_payload } => {
            let is_other_payload = is_kept && is_other_payload;
            Verdict::Open(Knowledge { status, words, receipt, is_other_payload, ..Knowledge::default() })
        }
    }
}

impl Machine {
    pub(super) fn on_answer(&mut self, number: u32, echoed: bool, outcome: Outcome, now: u64, commands: &mut Vec<Command>) {
        let Stage::Open(attempt, work) = &mut self.stage else { return };
        let step = work.awaited(number);
        let is_send = attempt.mark_answered(number);
        if step.is_none() && !is_send {
            return;
        }
        if echoed && attempt.protection != Protection::None {
            self.echoed = Some(attempt.endpoint.clone());
            if attempt.protection == Protection::Unproven {
                // The store keeps this for a reload, because only then may the same bytes be sent again.
                attempt.protection = Protection::Honoured;
                commands.extend(attempt.to_stored().filter(|_| self.settings.persists).map(Command::Store));
            }
        }
        if let (Outcome::InProgress { retry_after, .. }, Some(Step::Send)) = (&outcome, step)
            && self.pause(*retry_after, commands)
        {
            return;
        }
        let Stage::Open(attempt, work) = &mut self.stage else { return };
        let (mut knowledge, is_refused) = match judge(attempt, number, echoed, outcome, now) {
            Verdict::Recorded { receipt, differences } => {
                let key = std::mem::take(&mut attempt.key);
                return self.settle(Stage::Recorded { key, receipt, differences }, commands);
            }
            Verdict::Rejected { status, problems, is_final } => {
                commands.extend(attempt.fingerprint.take().map(Command::ForgetPayment));
                let key = std::mem::take(&mut attempt.key);
                let pays_by_card = attempt.sent.pays_by_card;
                return self.settle(Stage::Rejected { key, status, problems, is_final, pays_by_card }, commands);
            }
            Verdict::Refused(knowledge) => (knowledge, true),
            Verdict::Open(knowledge) => (knowledge, false),
        };
        if let Some(wait) = &mut knowledge.wait {
            self.last_number = self.last_number.saturating_add(1);
            wait.timer = self.last_number;
            commands.push(Command::Timer { number: wait.timer, ms: wait.duration });
        }
        let is_held = is_refused && is_send && attempt.remove_refused(number);
        if step.is_some() {
            *work = Work::Idle;
        }
        if !is_send {
            // A resolve call or look-up without a result changes only three facts: its status, the server's words, and the wait.
            // The status may ask for a new sign-in.
            if is_refused {
                attempt.knowledge.status = knowledge.status;
            }
            if !knowledge.words.is_empty() {
                attempt.knowledge.words = knowledge.words;
            }
            let left = |wait: Option<Wait>| wait.map_or(0, |wait| wait.left(now));
            if left(knowledge.wait) > left(attempt.knowledge.wait) {
                attempt.knowledge.wait = knowledge.wait;
            }
            self.notice = Some(Notice::CheckFailed);
        } else if step.is_some() || is_held {
            attempt.knowledge = Knowledge { is_held, ..knowledge };
        }
    }

    /// Waits before it sends an attempt in progress again: a few times, and only under a key that the server honours.
    fn pause(&mut self, retry_after: Option<u32>, commands: &mut Vec<Command>) -> bool {
        let Stage::Open(attempt, Work::Awaited { progress, .. }) = &mut self.stage else { return false };
        let Some(pause) = RESEND_PAUSES.get(usize::from(attempt.automatic_sends)).filter(|_| attempt.honours_keys()) else {
            return false;
        };
        let duration = u64::from(retry_after.unwrap_or_default()).saturating_mul(1000);
        if duration > RESEND_PAUSE_MAX {
            return false;
        }
        attempt.automatic_sends = attempt.automatic_sends.saturating_add(1);
        self.last_number = self.last_number.saturating_add(1);
        *progress = Progress::Pausing(self.last_number);
        commands.push(Command::Timer { number: self.last_number, ms: duration.max(*pause) });
        true
    }

    pub(super) fn on_not_sent(&mut self, number: u32, commands: &mut Vec<Command>) {
        let Stage::Open(attempt, work) = &mut self.stage else { return };
        let is_awaited = work.awaited(number).is_some();
        let is_send = attempt.mark_answered(number);
        if !is_awaited && !is_send {
            return;
        }
        if is_awaited {
            *work = Work::Idle;
            self.notice = Some(Notice::NotSent);
        }
        if is_send && attempt.remove_refused(number) {
            if attempt.sends <= 1 {
                commands.extend(attempt.fingerprint.take().map(Command::ForgetPayment));
                self.settle(Stage::Ready, commands);
                self.notice = Some(Notice::NotSent);
            } else {
                attempt.knowledge.is_held = true;
            }
        }
    }

    pub(super) fn on_not_found(&mut self, number: u32, now: u64) {
        let Stage::Open(attempt, work) = &mut self.stage else { return };
        let Work::Awaited { step: Step::LookUp, progress: Progress::Sent(out), since, .. } = work else { return };
        if *out != number {
            return;
        }
        // The look-up must begin and end after the quiet time, so that a jumping clock is no proof.
        let began = (*since).min(now);
        attempt.is_lookup_empty = attempt.quiet_left(self.settings.quiet, began) == 0;
        *work = Work::Idle;
        self.notice = Some(Notice::NotFound);
    }

    pub(super) fn on_timer(&mut self, number: u32, now: u64, commands: &mut Vec<Command>) {
        let Stage::Open(attempt, work) = &mut self.stage else { return };
        attempt.knowledge.wait = attempt.knowledge.wait.filter(|wait| wait.timer != number);
        let Work::Awaited { step, progress, deadline, .. } = work else { return };
        match progress {
            Progress::Pausing(timer) if *timer == number => self.proceed(now, commands),
            _ if *deadline != number => {}
            Progress::Locking if attempt.used.is_none() && !attempt.is_restored => {
                self.stage = Stage::Ready;
                self.notice = Some(Notice::NotSent);
            }
            _ => {
                match step {
                    Step::Send if !matches!(progress, Progress::Locking) => attempt.knowledge = Knowledge::default(),
                    Step::Send | Step::Lock => {}
                    Step::Resolve | Step::LookUp => self.notice = Some(Notice::CheckFailed),
                }
                *work = Work::Idle;
            }
        }
    }
}
