//! From the press on Pay to what the page is told of it.

use crate::ui::{
    platform::browser,
    platform::storage,
    platform::transport::absolute,
    state::form_state::Form,
    state::host::{Announcement, Submit},
    state::reconfigure::Moved,
};
use crate::{
    api::Api,
    domain::{
        check::Checked,
        payment::{OnAccount, Payment, Reference, ReferenceError},
        problem::{Cause, Field, Problem},
    },
    submission::{self, Event, Fingerprint, Intent, State},
    words::status::Press,
};
use std::sync::Arc;

/// What the person wants to send, while the balances are read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Wish {
    /// What they typed.
    Pay,
    /// The same, although it was sent lately.
    Insist,
    /// What they reviewed.
    Confirm,
}

impl Form {
    /// The person pressed Pay.
    pub fn pay(self) {
        self.wish(Wish::Pay);
    }

    /// The person pressed a button of the notice that says where the payment stands.
    pub(in crate::ui) fn press(self, press: Press) {
        match press {
            Press::Confirm => self.wish(Wish::Confirm),
            Press::Insist => self.wish(Wish::Insist),
            Press::Retry => self.dispatch(Event::Retry { online: browser::is_online() }),
            Press::Check => self.dispatch(Event::Check),
            Press::Cancel => {
                self.drop_notice();
                self.dispatch(Event::Cancel);
                // The notice leaves, and with it what has the focus.
                if self.state() == State::Ready {
                    self.reach.set(Some(self.amount_field()));
                }
            }
            Press::Abandon => self.dispatch(Event::Abandon),
        }
    }

    /// Sends, once the balances are known to be fresh. A second press finds the form busy: that is noted before anything is waited for.
    fn wish(self, wish: Wish) {
        let state = self.state();
        let is_ready = match wish {
            Wish::Confirm => state == State::Reviewing,
            Wish::Pay | Wish::Insist => matches!(state, State::Ready | State::Rejected),
        };
        let is_at_work = self.rereading.get_untracked() || self.awaits_invoices();
        if !is_ready || self.disabled.get_untracked() || is_at_work {
            return;
        }
        self.changed.set(Arc::default());
        self.unchecked.set(false);
        self.asked.set(true);
        if !self.check_validity(true) {
            return;
        }
        // Offline nothing can be read, and the machine says so.
        if self.is_stale() && browser::is_online() {
            self.reread(wish);
        } else {
            self.send_wish(wish);
        }
    }

    /// Sends what the person wants, on balances as they saw them.
    pub(in crate::ui) fn send_wish(self, wish: Wish) {
        let online = browser::is_online();
        if wish == Wish::Confirm {
            if self.announce_submit(None) {
                self.dispatch(Event::Confirm { online });
            }
            return;
        }
        let checked = self.checked.get_untracked();
        let Ok(payment) = &checked.payment else {
            self.reach.set(Some(Field::Form));
            return;
        };
        let Some(intent) = self.intent(payment, wish == Wish::Insist) else {
            self.dispatch(Event::NoIntent);
            return;
        };
        // With a review before it, this press sends nothing yet.
        let reviews = wish == Wish::Pay && self.config().is_some_and(|config| config.settings.confirms);
        if reviews || self.announce_submit(Some(&intent)) {
            self.dispatch(Event::Submit { intent: Box::new(intent), online });
        }
    }

    /// Whether the page lets this intent, or the one under review, be sent.
    fn announce_submit(self, intent: Option<&Intent>) -> bool {
        let (checked, draft) = (self.checked.get_untracked(), self.draft.get_untracked());
        let reviewed = self.machine.get_untracked();
        let body = intent.map(|intent| &intent.request).or_else(|| reviewed.view(0).request);
        let Some((config, body)) = self.config().zip(body) else { return false };
        // What the page changes now would not be what is sent.
        self.rereading.set(true);
        let goes_on = self.announce(Announcement::Submit(Submit {
            url: &config.endpoint,
            body: &body.body,
            draft: &draft,
            allocation: checked.allocation.as_ref(),
        }));
        self.rereading.set(false);
        // Nor is what was meant for another customer or server than the page has gone on to.
        goes_on && self.config().is_some_and(|now| Arc::ptr_eq(&now, &config))
    }

    /// A payment as an intent with a key of its own, written out once.
    fn intent(self, payment: &Payment, insists: bool) -> Option<Intent> {
        let config = self.config()?;
        let Some(key) = browser::random_uuid() else {
            browser::tell_developer("there is no crypto.getRandomValues here, and without it no payment can be sent safely.");
            return None;
        };
        let marked = if config.marks_reference { marked(payment, &key) } else { None };
        // A relative address may mean another place by the time that the payment is sent again, and means another by now where the page's
        // own address has changed: the attempt is kept where a reload of the page as it is will look for it.
        _ = self.follow();
        let endpoint = absolute(&config.endpoint, &self.host()?.access());
        let (request, sent) = Api::encode(marked.as_ref().unwrap_or(payment), config.encoding);
        let fingerprint = Fingerprint::new(payment, &endpoint, &storage::salt());
        Some(Intent { key, endpoint, request, sent, fingerprint, insists })
    }

    /// Tells the page that another state was entered, and what belongs to it.
    pub(in crate::ui) fn entered(self, state: State) {
        if state == State::Rejected {
            self.edited.set(Arc::default());
        }
        if state == State::Recorded {
            self.kept(|kept| kept.errands.home.scope.forget_draft());
        }
        let last_words = self.last_words();
        self.announce(Announcement::State { state, last_words: &last_words });
        // Asked for a copy: what the page does inside an event may move the machine on.
        let machine = self.machine.get_untracked();
        let view = machine.view(browser::now());
        match state {
            State::Recorded => {
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
        // The page has heard what became of it; where it went on to another customer meanwhile, the form goes there too.
        let moved = self.follow();
        self.arrive(moved);
        if state == State::Rejected && moved == Moved::No {
            // Because of a balance that has changed meanwhile, perhaps.
            self.read_again();
        }
    }

    /// Whether nothing is on its way, and an open attempt is in the store.
    pub(crate) fn may_go(self) -> bool {
        let machine = self.machine.get_untracked();
        match machine.state() {
            State::Submitting | State::Resolving => false,
            State::Held | State::Unknown => machine.view(0).is_reload_safe,
            State::Ready | State::Reviewing | State::Recorded | State::Rejected => true,
        }
    }

    /// What is true should the form stop now.
    pub(in crate::ui) fn last_words(self) -> String {
        let keeps = self.kept(|kept| kept.config.settings.persists && kept.errands.home.scope.keeps_drafts());
        let machine = self.machine.get_untracked();
        self.words().last_words(&machine.view(browser::now()), keeps.unwrap_or(false))
    }
}

/// What is wrong where an attempt's mark has no room behind the reference: it counts towards its length.
pub(in crate::ui) fn no_room(checked: &Checked) -> Option<Problem> {
    let Ok(Payment::OnAccount(payment)) = &checked.payment else { return None };
    let Err(ReferenceError::TooLong(units)) =
        Reference::new(&submission::with_reference_marker(payment.reference.as_ref()?.text(), ""))
    else {
        return None;
    };
    Some(Problem::new(Field::Reference, Cause::ReferenceTooLong(units)))
}

/// The payment with the attempt's mark behind its reference.
fn marked(payment: &Payment, key: &str) -> Option<Payment> {
    let Payment::OnAccount(payment) = payment else { return None };
    let typed = payment.reference.as_ref().map_or("", Reference::text);
    let reference = Reference::new(&submission::with_reference_marker(typed, key)).ok().flatten()?;
    Some(Payment::OnAccount(OnAccount { reference: Some(reference), ..payment.clone() }))
}
