//! What the form shows: everything on the [`Screen`] that follows from the answer to what was typed and from where the payment stands.

use crate::ui::{
    live::computed,
    platform::browser,
    state::form_state::Form,
    state::reconfigure::Ground,
    state::view_model::{Parts, Recorded, Screen},
};
use crate::{
    domain::{
        allocation::Allocation,
        amount::Reading,
        balance_change::Change,
        money::Currency,
        problem::{Field, Problem},
        receipt::Difference,
    },
    submission::{Machine, Notice, State},
    words::{
        Phrase, Words, en,
        status::{Status, Tone},
    },
};
use std::{rc::Rc, sync::Arc};

/// How many changed balances and shares are listed by themselves.
const CHANGES_MAX: usize = 12;

impl Form {
    /// What one drawing on this ground takes its values from, and to which it reports.
    pub(in crate::ui) fn screen(self, ground: &Arc<Ground>) -> Screen {
        let (words, laid) = (ground.words.clone(), Arc::clone(ground));
        Screen::new(Parts {
            words: ground.words.clone(),
            terms: Arc::new(ground.terms.clone()),
            marks_reference: ground.marks_reference,
            load: self.load,
            statement: self.statement,
            draft: self.draft,
            checked: self.checked,
            problems: computed({
                let words = words.clone();
                move |_| self.shown_problems(&words)
            }),
            locked: computed(move |_| {
                self.machine.with(|machine| machine.view(0).is_locked) | self.disabled.get() | self.rereading.get()
            }),
            busy: computed(move |_| {
                let is_at_work = self.rereading.get() | self.awaits_invoices();
                !self.machine.with(|machine| machine.view(0).may_submit) | self.disabled.get() | is_at_work
            }),
            standing: computed(move |_| self.standing(&words)),
            recorded: computed(move |_| self.recorded(&laid)),
            restored: self.restored,
            reach: self.reach,
            act: Rc::new(move |act| self.act(act)),
        })
    }

    /// The server's record, once there is one. It stays in the currency that it was paid in, whatever is owed since.
    fn recorded(self, ground: &Ground) -> Option<Arc<Recorded>> {
        let machine = self.machine.get();
        if machine.state() == State::Recorded { self.record(&machine, ground) } else { None }
    }

    #[inline(never)]
    fn record(self, machine: &Machine, ground: &Ground) -> Option<Arc<Recorded>> {
        let view = machine.view(0);
        let receipt = view.receipt?;
        let sent = view.differences.iter().find_map(|difference| match difference {
            Difference::Field { name: "currency", sent, .. } => Some(sent.as_str()),
            _ => None,
        });
        let own = ground.terms.currency;
        let currency = sent.or(receipt.currency.as_deref()).and_then(Currency::from_code).unwrap_or(own);
        let other = self.kept(|kept| (currency != own).then(|| kept.language.words(&kept.config.locale, currency).0)).flatten();
        let money = other.as_ref().unwrap_or(&ground.words).money_format().clone();
        let differences = view.differences.to_vec();
        Some(Arc::new(Recorded { receipt: receipt.clone(), differences, currency, money }))
    }

    /// The problems that stand on the screen: the server's, until their field is edited, and from the first press on Pay the check's own.
    fn shown_problems(self, words: &Words) -> Arc<[Problem]> {
        let edited = self.edited.get();
        let mut problems = self.machine.with(|machine| refusals(machine, &edited));
        problems.retain(|problem| words.shown_problem(problem).is_some());
        if self.asked.get() {
            problems.extend_from_slice(self.checked.get().problems());
        }
        problems.into()
    }

    /// Where the payment stands, in words. Before the first press there is nothing to be said, nor needed to say it.
    pub(in crate::ui) fn standing(self, words: &Words) -> Option<Status> {
        let is_rereading = self.rereading.get();
        let machine = self.machine.get();
        let view = machine.view(self.now.get());
        let has_changed = !self.changed.get().is_empty() | self.unchecked.get();
        if view.state == State::Ready && view.notice.is_none() && !is_rereading && !has_changed {
            return None;
        }
        self.said_standing(words)
    }

    #[inline(never)]
    fn said_standing(self, words: &Words) -> Option<Status> {
        let plain = |tone, phrase, lines| Some(Status { tone, title: words.text(phrase).to_owned(), lines, presses: Vec::new() });
        if self.rereading.get() {
            return plain(Tone::Busy, en::REREADING, Vec::new());
        }
        let machine = self.machine.get();
        let mut view = machine.view(self.now.get());
        // What is not so any more is not said any more.
        view.notice = view.notice.filter(|notice| *notice != Notice::Offline || !browser::is_online());
        if view.is_cancelled && view.notice.is_none() && !self.edited.get().is_empty() {
            return None;
        }
        if let Some(sent) = view.restored {
            let amount = Some(sent.amount).filter(|amount| !amount.is_zero());
            let mut standing = words.status(&view, amount);
            // While something is under way its title says it.
            if let Some(standing) = standing.as_mut().filter(|standing| standing.tone != Tone::Busy) {
                let mut lines = words.sent(sent);
                lines.append(&mut standing.lines);
                standing.lines = lines;
            }
            return standing;
        }
        let amount = self.checked.with_untracked(|checked| match &checked.amount {
            Reading::Number(value) => Some(*value),
            _ => None,
        });
        let standing = words.status(&view, amount);
        let (changed, is_unchecked) = (self.changed.get(), self.unchecked.get());
        if standing.is_none() && is_unchecked {
            return plain(Tone::Warning, en::BALANCES_UNCHECKED, Vec::new());
        }
        if standing.is_some() || changed.is_empty() {
            return standing;
        }
        // One line for each invoice: its balance comes first. Of one that is not listed any more nothing else is to be said.
        let mut lines: Vec<String> = Vec::new();
        for (phrase, change) in changed.iter() {
            let line = words.change(*phrase, change);
            let is_same = |(first, other): &(Phrase, Change)| *first == en::BALANCE_CHANGED && other.invoice == change.invoice;
            let first = if *phrase == en::SHARE_CHANGED { changed.iter().position(is_same) } else { None };
            match first {
                Some(place) if changed[place].1.after.is_some() => {
                    lines[place].push(' ');
                    lines[place].push_str(&line);
                }
                Some(_) => {}
                None => lines.push(line),
            }
        }
        let count = lines.len();
        lines.truncate(CHANGES_MAX);
        if let Some(more) = count.checked_sub(CHANGES_MAX).filter(|more| *more > 0) {
            lines.push(["+ ", &words.number(more)].concat());
        }
        plain(Tone::Warning, en::BALANCES_CHANGED, lines)
    }

    /// Whether nothing may change now.
    pub(in crate::ui) fn is_locked(self) -> bool {
        let is_sent = self.machine.try_get_untracked().is_none_or(|machine| machine.view(0).is_locked);
        is_sent || self.disabled.get_untracked() || self.rereading.get_untracked()
    }

    /// Looks at the division, once there is one.
    pub(crate) fn with_allocation<T>(self, look: impl FnOnce(Option<&Allocation>) -> T) -> T {
        self.checked.with_untracked(|checked| look(checked.allocation.as_ref()))
    }

    /// Everything that is wrong now, shown or not, each with its sentence.
    pub fn problems(self) -> Vec<(Problem, String)> {
        let edited = self.edited.get_untracked();
        let mut problems = self.machine.with_untracked(|machine| refusals(machine, &edited));
        // What the server said of a payment that is still open.
        self.machine.with_untracked(|machine| problems.extend_from_slice(machine.view(0).words));
        self.checked.with_untracked(|checked| problems.extend_from_slice(checked.problems()));
        self.said(&problems)
    }

    /// Each problem with its sentence.
    pub(in crate::ui) fn said(self, problems: &[Problem]) -> Vec<(Problem, String)> {
        let words = self.words();
        let mut said = Vec::new();
        for problem in problems {
            said.push((problem.clone(), words.problem(problem)));
        }
        said
    }
}

/// What the server found wrong, but for the fields that were edited since. An attempt that was cancelled has nothing to be corrected.
fn refusals(machine: &Machine, edited: &[Field]) -> Vec<Problem> {
    let view = machine.view(0);
    let stands = |problem: &&Problem| !view.is_cancelled && !edited.contains(&problem.field);
    view.problems.iter().filter(stands).cloned().collect()
}
