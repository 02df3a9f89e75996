//! Computes the values that may be drawn, and the facts that sentences may state.

use super::{Machine, Stage, Work};
use crate::{
    api::message::Request,
    domain::{
        problem::Problem,
        receipt::{Difference, ExpectedRecord, Receipt},
    },
    submission::{
        attempt::Attempt,
        state::{Notice, State},
        stored_attempt::Protection,
    },
};

/// The status of a key that was cancelled: the server will never record it.
pub(super) const GONE: u16 = 410;

/// The status of a method of payment that was declined.
const PAYMENT_REQUIRED: u16 = 402;

/// The values that the screen may show and the facts that sentences may state, at one time.
#[derive(Clone, Debug, Default)]
pub struct View<'a> {
    /// The state of the payment.
    pub state: State,
    /// The reason why the last press did not send.
    pub notice: Option<Notice>,
    /// True when what was typed must not change now.
    pub is_locked: bool,
    /// True when Pay may be pressed.
    pub may_submit: bool,
    /// True when the same bytes may be sent again ("Try again", "Check and finish safely").
    pub may_retry: bool,
    /// True when "Cancel and edit" is offered.
    pub may_cancel: bool,
    /// True when the host's look-up is offered.
    pub may_check: bool,
    /// True when "I have checked; send a new payment" is offered.
    pub may_abandon: bool,
    /// True when `reset()` is allowed.
    pub may_reset: bool,
    /// Seconds until the same bytes may be sent again, as the server asked; 0 without a wait.
    pub wait_seconds: u64,
    /// Seconds of the quiet time that are left: only a look-up after them counts. 0 where no look-up is offered.
    pub quiet_seconds: u64,
    /// Seconds since the person pressed the button whose answer is awaited.
    pub busy_seconds: u64,
    /// True when the server honours keys, so that sending again cannot pay twice. Rejected: true when the refusal is kept under the key, so that
    /// no copy of the request can still pay.
    pub honours_keys: bool,
    /// True when the key is too old (or the clock too doubtful) to be sent again with one press.
    pub is_key_stale: bool,
    /// True when the server knows the key from another payload: the request was changed on its way, and only support can help.
    pub is_other_payload: bool,
    /// True when the attempt is in the store, so that a reload loses nothing.
    pub is_reload_safe: bool,
    /// True when the attempt is known not to be in the store: the write failed, or the host switched the store off. Until the store has answered,
    /// this and [`View::is_reload_safe`] are both false.
    pub is_reload_unsafe: bool,
    /// True when another tab or form holds the lock of this unresolved attempt.
    pub is_elsewhere: bool,
    /// The id of the attempt, while there is one.
    pub attempt: Option<&'a str>,
    /// The request that will be sent, or was.
    pub request: Option<&'a Request>,
    /// The unresolved payment of an earlier page, which may differ from the current draft and statement. All fields are empty where the
    /// store did not keep it whole.
    pub restored: Option<&'a ExpectedRecord>,
    /// The HTTP status of the last answer: held, unknown, rejected.
    pub status: Option<u16>,
    /// The server's own words, at their fields: held and unknown.
    pub words: &'a [Problem],
    /// The record: recorded, and unknown where the record may belong to another payment.
    pub receipt: Option<&'a Receipt>,
    /// The differences between the record and the sent payment.
    pub differences: &'a [Difference],
    /// The problems that the server found: rejected.
    pub problems: &'a [Problem],
    /// True when the attempt was cancelled, and the server will never record it: rejected.
    pub is_cancelled: bool,
    /// True when the method of payment was declined, and another one may be taken: rejected.
    pub is_declined: bool,
    /// True when the refused payment was by card: rejected.
    pub pays_by_card: bool,
}
impl Machine {
    /// The view at this time.
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
            Stage::Open(attempt, work) => self.view_open(attempt, work, now, &mut view),
            Stage::Recorded { key, receipt, differences } => {
                view.attempt = Some(key);
                view.receipt = Some(receipt);
                view.differences = differences;
            }
            Stage::Rejected { key, status, problems, is_final, pays_by_card } => {
                view.honours_keys = *is_final;
                view.attempt = Some(key);
                view.status = Some(*status);
                view.problems = problems;
                view.is_cancelled = *status == GONE;
                view.is_declined = *status == PAYMENT_REQUIRED;
                view.pays_by_card = *pays_by_card;
            }
        }
        view
    }

    fn view_open<'a>(&self, attempt: &'a Attempt, work: &Work, now: u64, view: &mut View<'a>) {
        let is_idle = matches!(work, Work::Idle);
        let has_key = attempt.protection != Protection::None;
        let seconds = |ms: u64| ms.div_ceil(1000);
        view.attempt = Some(&attempt.key);
        view.request = attempt.request.as_ref();
        view.restored = attempt.is_restored.then_some(&attempt.sent.expected);
        view.status = attempt.knowledge.status;
        view.words = &attempt.knowledge.words;
        view.receipt = attempt.knowledge.receipt.as_deref();
        view.is_other_payload = attempt.knowledge.is_other_payload;
        view.honours_keys = attempt.honours_keys();
        view.is_key_stale = attempt.is_key_stale(now);
        view.is_reload_safe = self.settings.persists && attempt.is_stored == Some(true);
        view.is_reload_unsafe = !self.settings.persists || attempt.is_stored == Some(false);
        view.is_elsewhere = is_idle && !self.holds_lock;
        view.may_retry = is_idle && attempt.may_retry(now);
        view.may_cancel = is_idle && attempt.resolves && has_key && !attempt.is_key_old(now);
        view.may_check = is_idle && self.settings.looks_up && !attempt.knowledge.is_held;
        let is_unprotected = !attempt.knowledge.is_held && (!attempt.honours_keys() || attempt.is_key_old(now));
        // The quiet time is computed again, because a clock that went back moves its end into the future.
        let is_quiet_over = attempt.is_lookup_empty && attempt.quiet_left(self.settings.quiet, now) == 0;
        view.may_abandon = view.may_check && is_unprotected && is_quiet_over && self.holds_lock;
        view.wait_seconds = seconds(attempt.knowledge.wait.map_or(0, |wait| wait.left(now)));
        if view.may_check && is_unprotected {
            view.quiet_seconds = seconds(attempt.quiet_left(self.settings.quiet, now));
        }
        if let Work::Awaited { since, .. } = work {
            view.busy_seconds = now.saturating_sub(*since) / 1000;
        }
    }
}
