//! What may be drawn.

use super::{Doing, Machine, Stage};
use crate::submission::{
    attempt::Attempt,
    stored_attempt::Protection,
    view::{GONE, State, View},
};

impl Machine {
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
            Stage::Rejected { key, status, problems, is_final } => {
                view.honours_keys = *is_final;
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
        view.restored = attempt.is_restored.then_some(&attempt.sent.expected);
        view.status = attempt.rest.status;
        view.words = attempt.rest.words.as_deref();
        view.receipt = attempt.rest.receipt.as_deref();
        view.is_other_payload = attempt.rest.is_other_payload;
        view.honours_keys = attempt.honours_keys();
        view.is_key_stale = attempt.is_key_stale(now);
        view.is_reload_safe = self.settings.persists && attempt.is_stored;
        view.is_elsewhere = is_idle && !self.holds_lock;
        view.may_retry = is_idle && attempt.may_retry(now);
        view.may_cancel = is_idle && attempt.resolves && has_key && !attempt.is_key_old(now);
        view.may_check = is_idle && self.settings.looks_up && !attempt.rest.is_held;
        let is_unprotected = !attempt.rest.is_held && (!attempt.honours_keys() || attempt.is_key_old(now));
        // The quiet time is asked for again: a clock that went back may have put its end ahead once more.
        let is_quiet_over = attempt.is_missed && attempt.quiet_left(self.settings.quiet, now) == 0;
        view.may_abandon = view.may_check && is_unprotected && is_quiet_over && self.holds_lock;
        view.wait_seconds = seconds(attempt.rest.wait.map_or(0, |wait| wait.left(now)));
        if view.may_check && is_unprotected {
            view.quiet_seconds = seconds(attempt.quiet_left(self.settings.quiet, now));
        }
        if let Doing::Awaited { since, .. } = doing {
            view.busy_seconds = now.saturating_sub(*since) / 1000;
        }
    }
}
