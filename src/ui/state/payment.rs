//! Leads a payment from the press on a button to the events for the page.

use crate::ui::{
    platform::{browser, storage, transport::absolute},
    state::{
        events::{self, FormEvent},
        form_state::{FormState, OwnerChange},
    },
};
use crate::{
    api::Api,
    domain::{
        payment::{OnAccount, Payment, Reference},
        problem::Field,
    },
    statement_feed::{self, PayButton},
    submission::{self, Event, Fingerprint, Intent, State},
    words::status::NoticeButton,
};
use leptos::prelude::*;
use std::sync::Arc;

impl FormState {
    /// Takes the press on Pay.
    pub fn pay(self) {
        self.press_pay(PayButton::Pay);
    }

    /// Takes Enter in a field. Enter never pays: it shows problems, or opens the review if one is configured. Otherwise it returns `true`,
    /// and the focus goes to the button that pays.
    pub(in crate::ui) fn enter(self) -> bool {
        let is_valid = self.check_validity(true);
        let reviews = self.config().is_some_and(|config| config.settings.confirm);
        if is_valid && reviews {
            self.pay();
        }
        is_valid && !reviews
    }

    /// Takes a press in the notice about the submission.
    pub(super) fn press(self, press: NoticeButton) {
        match press {
            NoticeButton::Confirm => self.press_pay(PayButton::Confirm),
            NoticeButton::Insist => self.press_pay(PayButton::Insist),
            NoticeButton::Retry => self.dispatch(Event::Retry { online: browser::is_online() }),
            NoticeButton::Check => self.dispatch(Event::Check),
            NoticeButton::Cancel => {
                let was_reviewed = self.state() == State::Reviewing;
                self.clear_notice();
                self.dispatch(Event::Cancel);
                // The focus moves on, because the notice that has it goes away. The sheet of a review returns the focus itself.
                if self.state() == State::Ready && !was_reviewed {
                    self.focus_request.set(Some(self.amount_field()));
                }
            }
            NoticeButton::Abandon => self.dispatch(Event::Abandon),
        }
    }

    /// Hands a press to the feed, which grants it when the balances are fresh. The form is busy from the first moment, so that a second
    /// press is ignored.
    fn press_pay(self, button: PayButton) {
        // The timer for midnight may have slept with the computer.
        self.follow_day();
        let is_at_work = self.is_busy_before_sending.get_untracked() || untrack(|| self.awaits_invoices());
        if !button.fits(self.state()) || self.disabled.get_untracked() || is_at_work {
            return;
        }
        if untrack(|| self.is_paid_up()) {
            browser::log_error("nothing is owed, and without the attribute `prepayment` no payment is offered.");
            return;
        }
        self.has_pressed_pay.set(true);
        let is_payable = self.check_validity(false);
        self.feed(statement_feed::Event::Pressed { button, is_payable, online: browser::is_online() });
    }

    /// Sends the payment of a granted press, on the balances that the person saw.
    pub(in crate::ui) fn send_pressed(self, button: PayButton) {
        let online = browser::is_online();
        if button == PayButton::Confirm {
            if self.announce_submit(None) {
                self.dispatch(Event::Confirm { online });
            }
            return;
        }
        let checked = self.checked.get_untracked();
        let Ok(payment) = &checked.payment else {
            self.focus_request.set(Some(Field::Form));
            return;
        };
        let Some(intent) = self.intent(payment, button == PayButton::Insist) else {
            self.dispatch(Event::NoRandomSource);
            return;
        };
        // With a review configured, this press only opens the review.
        let reviews = button == PayButton::Pay && self.config().is_some_and(|config| config.settings.confirm);
        if reviews || self.announce_submit(Some(&intent)) {
            self.dispatch(Event::Submit { intent: Box::new(intent), online });
        }
    }

    /// Asks the page whether this intent, or the one under review, may be sent.
    fn announce_submit(self, intent: Option<&Intent>) -> bool {
        let (checked, draft) = (self.checked.get_untracked(), self.draft.get_untracked());
        let reviewed = self.machine.get_untracked();
        let request = intent.map(|intent| &intent.request).or_else(|| reviewed.view(0).request);
        let Some((config, request)) = self.config().zip(request) else { return false };
        let Some(today) = browser::today() else { return false };
        let submit = events::Submit { url: config.endpoint().to_owned(), body: request.body.clone(), draft, checked, today };
        // The form is locked during the event, because a change by the page would not be in the request.
        self.is_busy_before_sending.set(true);
        let goes_on = self.notify(FormEvent::Submit(submit));
        self.is_busy_before_sending.set(false);
        // The payment is not sent either if the page changed the configuration during the event.
        goes_on && self.config().is_some_and(|now| Arc::ptr_eq(&now, &config))
    }

    /// Makes an intent of the payment, with a new key. The body is written once.
    fn intent(self, payment: &Payment, insists: bool) -> Option<Intent> {
        let config = self.config()?;
        let Some(key) = browser::random_uuid() else {
            browser::log_error("there is no crypto.getRandomValues here, and without it no payment can be sent safely.");
            return None;
        };
        let marked = if config.settings.reference_marker { with_marker(payment, &key) } else { None };
        // The attempt is stored under the page's current address, because a relative endpoint depends on it, and a reload looks there.
        _ = self.update_owner();
        let endpoint = absolute(config.endpoint(), &config.access());
        let (request, sent) = Api::encode(marked.as_ref().unwrap_or(payment), config.settings.encoding);
        let fingerprint = Fingerprint::new(payment, &endpoint, &storage::salt());
        Some(Intent { key, endpoint, request, sent, fingerprint, insists })
    }

    /// Tells the page that the submission entered another state, and sends the event of that state.
    pub(in crate::ui) fn announce_state(self, state: State) {
        if state == State::Rejected {
            self.edited.set(Arc::default());
        }
        if state == State::Recorded {
            self.with_inner(|inner| inner.commands.account.scope.remove_draft());
        }
        if matches!(state, State::Submitting | State::Ready) {
            self.keep_balances(state);
        }
        self.notify(FormEvent::State(events::StateChange { state, last_words: self.last_words() }));
        // The machine is copied, because the page may change it inside an event.
        let machine = self.machine.get_untracked();
        let view = machine.view(browser::now());
        match state {
            State::Recorded => {
                if let Some(receipt) = view.receipt {
                    let differences = view.differences.to_vec();
                    let recorded = events::Recorded { receipt: receipt.clone(), differences };
                    self.notify(FormEvent::Recorded(Box::new(recorded)));
                }
            }
            State::Rejected => {
                let problems = self.with_sentences(view.problems);
                self.notify(FormEvent::Rejected(events::Rejected { status: view.status.unwrap_or_default(), problems }));
                self.focus_request.set(Some(Field::Form));
            }
            State::Held => {
                self.notify(FormEvent::Held(events::Held { status: view.status, retry_after: view.wait_seconds }));
            }
            State::Unknown => {
                let attempt = view.attempt.unwrap_or_default().to_owned();
                self.notify(FormEvent::Unknown(events::Unknown { attempt }));
            }
            State::Ready | State::Reviewing | State::Submitting | State::Resolving => {}
        }
        // The form follows the page to another customer only now, after the outcome was told.
        let change = self.update_owner();
        self.follow_owner(change);
        if state == State::Rejected && change == OwnerChange::None {
            // The lists are read again, because a changed balance may be the reason.
            self.feed(statement_feed::Event::Refused);
        }
    }

    /// Keeps the balances that a payment is divided over, from its first send until the next payment.
    fn keep_balances(self, state: State) {
        let balances = self.checked.with_untracked(|checked| {
            let allocation = checked.allocation.as_ref().filter(|_| state == State::Submitting);
            let shares = allocation.into_iter().flat_map(|allocation| allocation.shares());
            shares.map(|(invoice, _)| (invoice.id, invoice.balance.value())).collect()
        });
        self.with_inner(|inner| inner.paid_balances = balances);
    }

    /// Tells whether the form may be unmounted: no request is under way, and any open attempt is in the store.
    pub fn may_unmount(self) -> bool {
        let machine = self.machine.get_untracked();
        match machine.state() {
            State::Submitting | State::Resolving => false,
            State::Held | State::Unknown => machine.view(0).is_reload_safe,
            State::Ready | State::Reviewing | State::Recorded | State::Rejected => true,
        }
    }

    /// The sentence that stays true if the form stops now.
    pub(in crate::ui) fn last_words(self) -> String {
        let keeps = self.with_inner(|inner| inner.config.settings.persist && inner.commands.account.scope.can_store_drafts());
        let machine = self.machine.get_untracked();
        self.words().last_words(&machine.view(browser::now()), keeps.unwrap_or(false))
    }
}

/// The payment with the attempt's marker behind its reference.
fn with_marker(payment: &Payment, key: &str) -> Option<Payment> {
    let Payment::OnAccount(payment) = payment else { return None };
    let typed = payment.reference.as_ref().map_or("", Reference::text);
    let reference = Reference::new(&submission::with_reference_marker(typed, key)).ok().flatten()?;
    Some(Payment::OnAccount(OnAccount { reference: Some(reference), ..payment.clone() }))
}
