//! From the press on Pay to what the page is told of it.

use super::{
    browser,
    form::Form,
    host::{Announcement, Submit},
    store,
};
use crate::{
    api::Api,
    domain::{
        payment::{Payment, Reference},
        problem::{Field, Problem},
    },
    submission::{self, Event, Fingerprint, Intent, State},
    words::{en, standing::Press},
};
use leptos::prelude::*;

impl Form {
    /// The person pressed Pay. `insists`: they saw that the same payment was sent lately, and want another.
    pub fn pay(self, insists: bool) {
        let may_submit = self.machine.with_untracked(|machine| machine.view(browser::now()).may_submit);
        if !may_submit || self.config().is_disabled {
            return;
        }
        self.asked.set(true);
        self.edited.set(Vec::new());
        let checked = self.checked.get_untracked();
        let Ok(payment) = &checked.payment else {
            self.reach.set(Some(Field::Form));
            return;
        };
        let Some(intent) = self.intent(payment, insists) else { return };
        let url = intent.endpoint.clone();
        let body = intent.request.body.clone();
        let draft = self.draft.get_untracked();
        let submit = Submit { url: &url, body: &body, draft: &draft, allocation: checked.allocation.as_ref() };
        if self.announce(Announcement::Submit(submit)) {
            self.dispatch(Event::Submit { intent: Box::new(intent), online: browser::is_online() });
        }
    }

    /// The person pressed a button of the notice that says where the payment stands.
    pub(super) fn press(self, press: Press) {
        let online = browser::is_online();
        match press {
            Press::Confirm => self.dispatch(Event::Confirm { online }),
            Press::Insist => self.pay(true),
            Press::Retry => self.dispatch(Event::Retry { online }),
            Press::Check => self.dispatch(Event::Check),
            Press::Cancel => self.dispatch(Event::Cancel),
            Press::Abandon => self.dispatch(Event::Abandon),
        }
    }

    /// A payment as an intent with a key of its own, written out once.
    fn intent(self, payment: &Payment, insists: bool) -> Option<Intent> {
        let config = self.config();
        let Some(key) = browser::random_uuid() else {
            browser::tell_developer("there is no crypto.getRandomValues here, and without it no payment can be sent safely.");
            return None;
        };
        let marked = if config.marks_reference { marked(payment, &key) } else { None };
        let (request, sent) = Api::encode(marked.as_ref().unwrap_or(payment), config.encoding);
        let fingerprint = Fingerprint::new(payment, &store::salt());
        Some(Intent { key, endpoint: config.endpoint.clone(), request, sent, fingerprint, insists })
    }

    /// Tells the page that another state was entered, and what belongs to it.
    pub(super) fn entered(self, state: State) {
        let last_words = self.last_words(state);
        self.announce(Announcement::State { state, last_words: &last_words });
        // The machine is asked for a copy: what the page does inside an event may move it on.
        let machine = self.machine.get_untracked();
        let view = machine.view(browser::now());
        match state {
            State::Recorded => {
                self.errands.with_value(|errands| errands.scope.forget_draft());
                if let Some(receipt) = view.receipt {
                    self.announce(Announcement::Recorded { receipt, differences: view.differences });
                }
            }
            State::Rejected => {
                let problems = self.said(view.problems);
                self.announce(Announcement::Rejected { status: view.status.unwrap_or_default(), problems: &problems });
                self.reach.set(Some(Field::Form));
            }
            State::Held => drop(self.announce(Announcement::Held { status: view.status, retry_after: view.wait_seconds })),
            State::Unknown => drop(self.announce(Announcement::Unknown { attempt: view.attempt.unwrap_or_default() })),
            State::Ready | State::Reviewing | State::Submitting | State::Resolving => {}
        }
    }

    /// What is true should the form stop in this state: what is kept, and what a retry after reloading can do.
    pub(super) fn last_words(self, state: State) -> String {
        let Some(ground) = self.ground.get_untracked() else { return String::new() };
        let mut phrases = Vec::new();
        self.machine.with_untracked(|machine| {
            let view = machine.view(browser::now());
            if state.is_unresolved() {
                phrases.push(en::UNKNOWN_MAY_EXIST);
                if view.is_reload_safe && view.honours_keys {
                    phrases.push(en::RETRY_SAFE);
                }
            }
        });
        if state != State::Recorded && self.config().settings.persists {
            phrases.push(en::ENTRIES_KEPT);
        }
        phrases.iter().map(|phrase| ground.words.text(*phrase)).collect::<Vec<_>>().join(" ")
    }

    /// Each problem with its sentence.
    pub(super) fn said(self, problems: &[Problem]) -> Vec<(Problem, String)> {
        self.ground.with_untracked(|ground| {
            let sentence = |problem: &Problem| match ground {
                Some(ground) => ground.words.problem(problem),
                None => problem.code(),
            };
            problems.iter().map(|problem| (problem.clone(), sentence(problem))).collect()
        })
    }
}

/// The payment with the attempt's mark behind its reference, where the reference has room for it.
fn marked(payment: &Payment, key: &str) -> Option<Payment> {
    let Payment::OnAccount(payment) = payment else { return None };
    let typed = payment.reference.as_ref().map_or("", Reference::text);
    let reference = [typed, " ·", &submission::mark(key)].concat();
    let reference = Reference::new(reference.trim_start()).ok().flatten()?;
    Some(Payment::OnAccount(crate::domain::payment::OnAccount { reference: Some(reference), ..payment.clone() }))
}
