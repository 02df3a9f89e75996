//! Chooses the sentences and buttons for each state of a payment. No sentence claims more than is known. The claims depend on two facts: the
//! server honours keys or not, and the attempt is stored or not.

use super::{Phrase, Words, en};
use crate::{
    domain::{
        money::{difference, total},
        problem::Field,
        receipt::ExpectedRecord,
    },
    submission::{Duplicate, Notice, ReferenceMatch, State, View},
};
use rust_decimal::Decimal;

/// The weight of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something is under way.
    Busy,
    /// Good to know.
    Info,
    /// Needs the person's care.
    Warning,
    /// Something did not work.
    Danger,
}

/// A button of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeButton {
    /// Send what was reviewed.
    Confirm,
    /// Send although the same payment was sent lately.
    Insist,
    /// Send the same bytes again, under the same key.
    Retry,
    /// Ask the host's look-up.
    Check,
    /// Back to editing; with an unresolved key by the resolve call.
    Cancel,
    /// Send a new payment after checking elsewhere.
    Abandon,
}

/// The notice about where the payment stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The weight of the notice.
    pub tone: Tone,
    /// The main sentence.
    pub title: String,
    /// The other sentences.
    pub lines: Vec<String>,
    /// The buttons, the safest first, each with its label.
    pub buttons: Vec<(NoticeButton, String)>,
}

/// The seconds after which the notice says that the payment is still under way.
const STILL_WORKING: u64 = 8;

impl Words {
    /// The notice about a submission of this amount; `None` where nothing needs to be said, and where the receipt says it all.
    pub fn status(&self, view: &View<'_>, amount: Option<Decimal>) -> Option<Status> {
        let amount = amount.map(|amount| self.amount(amount)).unwrap_or_default();
        let mut text = NoticeText { words: self, amount: &amount, lines: Vec::new(), buttons: Vec::new() };
        let (tone, title) = match view.state {
            State::Recorded => return None,
            State::Ready => text.ready(view)?,
            State::Reviewing => text.reviewing(view),
            State::Submitting => text.submitting(view),
            State::Resolving => (text.submitting(view).0, en::RESOLVING),
            State::Rejected => text.rejected(view),
            State::Held => text.held(view),
            State::Unknown => text.unknown(view),
        };
        let NoticeText { lines, buttons, .. } = text;
        Some(Status { tone, title: self.say(title, &[("amount", &amount)]), lines, buttons })
    }

    /// The sent payment, as the summary said it then; no lines where that is not known any more.
    pub fn sent(&self, sent: &ExpectedRecord) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = |what: &str, amount: Decimal| {
            if !amount.is_zero() {
                lines.push(self.say(en::NAMED, &[("number", what), ("what", &self.amount(amount))]));
            }
        };
        line(self.text(en::PAYMENT), sent.amount);
        if let Some(shares) = &sent.shares {
            // A number that is read from the store may be of any size.
            let allocated = total(shares.iter().map(|(_, share)| *share));
            line(&self.count(en::TO_INVOICES, shares.len(), &[]), allocated);
            line(self.text(en::ON_ACCOUNT), difference(sent.amount, allocated));
        }
        lines
    }

    /// The sentence for a form that stops now. It says whether a payment may exist, whether a retry after a reload is safe, and
    /// whether a reload keeps the typed text.
    pub fn last_words(&self, view: &View<'_>, keeps_entries: bool) -> String {
        let is_open = view.state.is_unresolved();
        let is_safe = is_open && view.is_reload_safe && is_protected(view);
        let keeps_entries = keeps_entries && view.state != State::Recorded;
        let all = [(is_open, en::UNKNOWN_MAY_EXIST), (is_safe, en::RETRY_SAFE), (keeps_entries, en::ENTRIES_KEPT)];
        let sentences: Vec<&str> = all.iter().filter(|(is_true, _)| *is_true).map(|(_, phrase)| self.text(*phrase)).collect();
        sentences.join(" ")
    }

    /// A span of time in its largest fitting unit.
    fn span(&self, seconds: u64) -> String {
        let (count, unit) = match seconds {
            0..120 => (seconds, en::SECONDS),
            120..7200 => (seconds.div_ceil(60), en::MINUTES),
            _ => (seconds.div_ceil(3600), en::HOURS),
        };
        self.count(unit, usize::try_from(count).unwrap_or(usize::MAX), &[])
    }
}

/// The advice about the last refusal, where its status gives one. A redirect, which is not followed, comes without a status.
fn refusal_advice(status: Option<u16>) -> Option<Phrase> {
    match status? {
        401 => Some(en::HELD_SIGN_IN),
        403 => Some(en::HELD_FORBIDDEN),
        413 => Some(en::HELD_TOO_LARGE),
        429 => Some(en::HELD_BUSY),
        0 | 404..=406 | 415 => Some(en::HELD_SETUP),
        _ => None,
    }
}

/// Tells whether the same bytes can be sent again under this key, now or after the wait that the server asks for.
fn is_protected(view: &View<'_>) -> bool {
    view.request.is_some() && view.honours_keys && !view.is_key_stale && !view.is_other_payload
}

/// The lines and buttons of a notice while it is written.
struct NoticeText<'a> {
    words: &'a Words,
    amount: &'a str,
    lines: Vec<String>,
    buttons: Vec<(NoticeButton, String)>,
}

impl NoticeText<'_> {
    fn line(&mut self, phrase: Phrase) {
        self.line_with(phrase, &[]);
    }

    fn line_with(&mut self, phrase: Phrase, values: &[(&str, &str)]) {
        self.lines.push(self.words.say(phrase, values));
    }

    fn line_if(&mut self, is_true: bool, phrase: Phrase) {
        if is_true {
            self.line(phrase);
        }
    }

    fn button_if(&mut self, is_offered: bool, button: NoticeButton, label: Phrase) {
        if is_offered {
            self.buttons.push((button, self.words.say(label, &[("amount", self.amount)])));
        }
    }

    fn ready(&mut self, view: &View<'_>) -> Option<(Tone, Phrase)> {
        let tone_and_title = match view.notice? {
            Notice::Offline => (Tone::Warning, en::OFFLINE),
            Notice::Elsewhere => (Tone::Warning, en::ELSEWHERE),
            Notice::Duplicate(Duplicate { ago, reference }) => {
                let ago = self.words.span(ago / 1000);
                self.line_with(en::DUPLICATE_WHEN, &[("amount", self.amount), ("time", &ago)]);
                match reference {
                    ReferenceMatch::None => {}
                    ReferenceMatch::Same => self.line(en::DUPLICATE_SAME_REFERENCE),
                    ReferenceMatch::Other => self.line(en::DUPLICATE_OTHER_REFERENCE),
                }
                self.line(en::DUPLICATE_NOT_SENT);
                self.button_if(true, NoticeButton::Insist, en::DUPLICATE_INSIST);
                self.button_if(true, NoticeButton::Cancel, en::EDIT);
                (Tone::Warning, en::DUPLICATE)
            }
            Notice::NotSent => (Tone::Danger, en::NOT_SENT),
            Notice::Withdrawn => (Tone::Warning, en::WITHDRAWN),
            Notice::NotFound => (Tone::Info, en::NOT_FOUND),
            Notice::CheckFailed => (Tone::Warning, en::CHECK_FAILED),
        };
        Some(tone_and_title)
    }

    fn reviewing(&mut self, view: &View<'_>) -> (Tone, Phrase) {
        self.notice(view);
        let pay = if self.words.is_for_staff() { en::PAY_STAFF } else { en::PAY };
        self.button_if(view.may_submit || view.notice.is_none(), NoticeButton::Confirm, pay);
        self.button_if(view.may_cancel, NoticeButton::Cancel, en::EDIT);
        (Tone::Info, en::REVIEWING)
    }

    fn submitting(&mut self, view: &View<'_>) -> (Tone, Phrase) {
        self.line_if(view.busy_seconds >= STILL_WORKING, en::STILL_WORKING);
        self.line_if(view.is_reload_unsafe, en::RELOAD_UNSAFE);
        (Tone::Busy, if self.amount.is_empty() { en::SUBMITTING_SOME } else { en::SUBMITTING })
    }

    fn rejected(&mut self, view: &View<'_>) -> (Tone, Phrase) {
        // A press after the refusal that sent nothing has the newer notice.
        if let Some(notice) = self.ready(view) {
            return notice;
        }
        if view.is_cancelled {
            return (Tone::Info, en::CANCELLED);
        }
        // Where the server names the method, the payer reads the advice at that field.
        let is_told = !self.words.is_for_staff() && view.problems.iter().any(|problem| problem.field == Field::Method);
        self.line_if(view.is_declined && !is_told, en::DECLINED_ADVICE);
        // Without an honoured key the browser may have sent a copy whose answer was lost, so only the refusal is certain.
        self.line(if view.honours_keys { en::NOTHING_CHARGED } else { en::ENTRIES_KEPT });
        let title = match (view.is_declined, view.pays_by_card, view.honours_keys) {
            (true, true, _) => en::DECLINED_CARD,
            (true, false, _) => en::DECLINED,
            (false, _, true) => en::REJECTED,
            (false, _, false) => en::REFUSED,
        };
        (Tone::Danger, title)
    }

    fn held(&mut self, view: &View<'_>) -> (Tone, Phrase) {
        self.line(refusal_advice(view.status).unwrap_or(en::HELD_SETUP));
        self.server_words(view);
        self.notice(view);
        self.wait(view);
        self.line(en::ENTRIES_KEPT);
        self.line_if(view.honours_keys && view.may_retry, en::RETRY_SAFE);
        self.common(view, en::TRY_AGAIN);
        (Tone::Warning, en::HELD)
    }

    fn unknown(&mut self, view: &View<'_>) -> (Tone, Phrase) {
        self.line(en::UNKNOWN_MAY_EXIST);
        if let Some(receipt) = view.receipt {
            let amount = self.words.amount(receipt.amount);
            self.line_with(en::UNKNOWN_RECORD, &[("id", &receipt.id), ("amount", &amount)]);
        }
        if let Some(why) = refusal_advice(view.status) {
            self.line(why);
        }
        self.server_words(view);
        self.line_if(view.is_other_payload, en::OTHER_PAYLOAD);
        self.notice(view);
        if is_protected(view) {
            self.wait(view);
        }
        self.line_if(view.honours_keys && view.may_retry, en::RETRY_SAFE);
        if view.quiet_seconds > 0 {
            let quiet = self.words.span(view.quiet_seconds);
            self.line_with(en::UNKNOWN_QUIET, &[("time", &quiet)]);
        }
        self.common(view, en::FINISH_SAFELY);
        self.line_if(self.buttons.is_empty() && !view.is_elsewhere, en::UNKNOWN_SUPPORT);
        (Tone::Warning, en::UNKNOWN)
    }

    /// The lines that held and unknown have in common: the lock, the age of the key, the store, the attempt's number, and the buttons.
    fn common(&mut self, view: &View<'_>, retry: Phrase) {
        self.line_if(view.is_elsewhere && view.notice != Some(Notice::Elsewhere), en::SETTLED_ELSEWHERE);
        self.line_if(view.is_key_stale, en::KEY_STALE);
        self.line_if(view.is_reload_unsafe, en::RELOAD_UNSAFE);
        if let Some(attempt) = view.attempt {
            self.line_with(en::ATTEMPT, &[("attempt", attempt)]);
        }
        self.button_if(view.may_retry && view.wait_seconds == 0, NoticeButton::Retry, retry);
        self.button_if(view.may_check, NoticeButton::Check, en::LOOK_UP);
        self.button_if(view.may_cancel, NoticeButton::Cancel, en::CANCEL_AND_EDIT);
        self.button_if(view.may_abandon, NoticeButton::Abandon, en::ABANDON);
    }

    fn wait(&mut self, view: &View<'_>) {
        if view.wait_seconds > 0 {
            let wait = self.words.span(view.wait_seconds);
            self.line_with(en::HELD_WAIT, &[("time", &wait)]);
        }
    }

    fn server_words(&mut self, view: &View<'_>) {
        self.lines.extend(self.words.server_words(view.words));
    }

    /// The reason why the last press did nothing more.
    fn notice(&mut self, view: &View<'_>) {
        match view.notice {
            Some(Notice::Offline) => self.line(en::OFFLINE_STILL),
            Some(Notice::Elsewhere) => self.line(en::SETTLED_ELSEWHERE),
            Some(Notice::NotSent) => self.line(en::NOT_SENT_STILL),
            Some(Notice::NotFound) => self.line(en::NOT_FOUND),
            Some(Notice::CheckFailed) => self.line(en::CHECK_FAILED),
            Some(Notice::Duplicate(_) | Notice::Withdrawn) | None => {}
        }
    }
}
