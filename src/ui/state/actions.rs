//! Takes the person's actions: edits of the draft, and the way from the press on Pay to the events for the page.

use crate::ui::{
    platform::{browser, storage, transport::absolute},
    state::{
        events::{self, FormEvent},
        form_state::{FormState, OwnerChange},
        view_model::Action,
    },
};
use crate::{
    api::Api,
    domain::{
        amount::Reading,
        draft::{Draft, PaymentDate},
        invoice::InvoiceId,
        money::Money,
        payment::{Kind, OnAccount, Payment, Reference},
        problem::Field,
        statement::Statement,
    },
    statement_feed::{self, PayButton},
    submission::{self, Event, Fingerprint, Intent, State},
    words::status::Press,
};
use leptos::prelude::*;
use std::sync::Arc;

/// The delay in milliseconds between the last key and the write of the draft to the store.
const STORE_AFTER: u64 = 300;

impl FormState {
    /// Takes an action of the person.
    pub fn act(self, action: Action) {
        match action {
            Action::Pay => self.pay(),
            Action::Press(press) => self.press(press),
            Action::Again => {
                self.reset();
                self.focus_request.set(Some(self.amount_field()));
            }
            Action::Reload => self.refresh(),
            Action::Focus(field) => self.focus_request.set(Some(field)),
            edit => self.edit(edit),
        }
    }

    /// The field in which the amount of the payment is typed.
    pub(in crate::ui) fn amount_field(self) -> Field {
        let is_due_item = self.config().is_some_and(|config| config.kind() == Kind::DueItem);
        if is_due_item { Field::AmountPaid } else { Field::Amount }
    }

    fn edit(self, action: Action) {
        if self.is_locked() {
            return;
        }
        let field = match &action {
            Action::AmountDue(_) | Action::PickInvoice(_) => Field::AmountDue,
            Action::DueDate(_) => Field::DueDate,
            Action::Date(_) => Field::Date,
            Action::Method(_) => Field::Method,
            Action::Reference(_) => Field::Reference,
            Action::Order(_) | Action::ReleaseAll => Field::Allocation,
            Action::Share(id, _) | Action::Release(id) => Field::Share(*id),
            _ => self.amount_field(),
        };
        // A pending focus request is dropped, because a person who types wants the focus to stay.
        if self.focus_request.get_untracked().is_some() {
            self.focus_request.set(None);
        }
        if field == Field::Method {
            self.with_inner(|inner| inner.is_default_assumed = false);
        }
        if field == self.amount_field() {
            self.with_inner(|inner| inner.is_amount_initial = false);
        }
        let picked = match action {
            Action::PickInvoice(id) => self.picked(id),
            _ => None,
        };
        let before = self.draft.get_untracked();
        let mut draft = (*before).clone();
        match action {
            Action::Amount(text) => draft.amount = text,
            Action::AmountDue(text) => draft.amount_due = text,
            Action::DueDate(text) => draft.due_date = text,
            Action::Date(text) => draft.date = text.into(),
            Action::Method(choice) => draft.method = choice,
            Action::Reference(text) => draft.reference = text,
            Action::Order(order) => draft.order = order,
            Action::Share(id, text) => _ = draft.shares.insert(id, text),
            Action::Release(id) => _ = draft.shares.remove(&id),
            Action::ReleaseAll => draft.shares.clear(),
            Action::PickInvoice(_) => (draft.amount_due, draft.due_date) = picked.unwrap_or_default(),
            Action::Reload | Action::Focus(_) | Action::Pay | Action::Press(_) | Action::Again => {}
        }
        // A `change` event after typing brings the same text again.
        if draft == *before {
            return;
        }
        self.draft.set(Arc::new(draft));
        let edited = self.edited.get_untracked();
        if !edited.contains(&field) {
            self.edited.set([&*edited, &[field]].concat().into());
        }
        self.drop_notice();
        // Edits before `payment-ready` are announced once, together with it.
        if self.with_inner(|inner| inner.is_announced) == Some(true) {
            self.announce_change(field);
        }
        self.keep_draft_soon();
    }

    /// Drops the notice about the last press, because the draft is another payment now.
    pub(in crate::ui) fn drop_notice(self) {
        if self.machine.with_untracked(|machine| machine.view(0).notice.is_some()) {
            self.dispatch(Event::Edited);
        }
    }

    /// MaiaScore: the amount and the due date of one invoice, as a person would type them.
    fn picked(self, id: InvoiceId) -> Option<(String, String)> {
        let (statement, words) = (self.statement.get_untracked(), self.words());
        let invoice = statement.invoice(statement.row_of(id)?)?;
        Some((words.typed(invoice.balance), invoice.due.map(|due| due.to_string()).unwrap_or_default()))
    }

    pub(in crate::ui) fn announce_change(self, field: Field) {
        let checked = self.checked.get_untracked();
        let allocation = checked.allocation.as_ref();
        let amount = allocation.map(|allocation| allocation.amount()).or_else(|| {
            let Reading::Number(paid) = checked.amount else { return None };
            let currency = self.basis.with_untracked(|basis| basis.as_ref().map(|basis| basis.terms.currency))?;
            Money::new(paid, currency).ok()
        });
        self.notify(FormEvent::Change(events::Change {
            field,
            amount,
            allocated: allocation.map(|allocation| allocation.allocated()),
            unallocated: allocation.map(|allocation| allocation.unallocated()),
            is_valid: checked.payment.is_ok(),
        }));
    }

    /// Takes a text that the person typed as the amount before the form was mounted.
    pub fn type_amount(self, text: String) {
        self.act(Action::Amount(text));
        // The field counts as edited even if the stored draft has the same text.
        let (field, edited) = (self.amount_field(), self.edited.get_untracked());
        if !edited.contains(&field) {
            self.edited.set([&*edited, &[field]].concat().into());
            if self.with_inner(|inner| inner.is_announced) == Some(true) {
                self.announce_change(field);
            }
            self.keep_draft_soon();
        }
    }

    /// The draft.
    pub fn draft(self) -> Arc<Draft> {
        self.draft.get_untracked()
    }

    /// Replaces the draft by these input names and texts, unless it is locked.
    pub fn set_fields(self, fields: Vec<(String, String)>) {
        if self.basis.with_untracked(Option::is_none) {
            // The fields are set again when the lists arrive, because lists of another customer reset the form.
            self.with_inner(|inner| inner.early_fields = Some(fields.clone()));
        }
        if self.is_locked() {
            browser::tell_developer("value: not taken, nothing can be changed now.");
        } else {
            self.begin_with(self.initial_draft(), fields);
            self.restore_default_date();
            self.drop_notice();
            self.keep_draft_soon();
        }
    }

    /// Begins with the host's settings, or with the draft that was stored before a reload.
    pub(in crate::ui) fn begin(self, restores: bool) {
        let early = self.with_inner(|inner| inner.early_fields.take()).flatten();
        let stored = || {
            self.with_inner(|inner| inner.config.settings.persist.then(|| inner.commands.account.scope.draft()))
                .flatten()
                .flatten()
        };
        let fields = early.or_else(|| if restores { stored() } else { None });
        self.begin_with(self.initial_draft(), fields.unwrap_or_default());
    }

    fn begin_with(self, mut draft: Draft, fields: Vec<(String, String)>) {
        let names_amount = fields.iter().any(|(name, _)| matches!(name.as_str(), "amount" | "amountPaid"));
        for (name, text) in fields {
            if !storage::set_field(&mut draft, &name, text) {
                browser::tell_developer(&format!("value: there is no such {name}."));
            }
        }
        self.draft.set(Arc::new(draft));
        self.with_inner(|inner| {
            inner.is_amount_initial = !names_amount && inner.config.settings.amount.is_some();
            inner.is_default_assumed = false;
        });
        self.choose_method();
    }

    /// Makes a date equal to today untouched again, because `value` gives an untouched date as today's text.
    fn restore_default_date(self) {
        let today = browser::today().map(|today| today.to_string());
        if self.draft.with_untracked(|draft| draft.date.typed() == today.as_deref()) {
            self.draft.update(|draft| Arc::make_mut(draft).date = PaymentDate::default());
        }
    }

    /// An empty draft with the host's settings.
    fn initial_draft(self) -> Draft {
        let Some(config) = self.config() else { return Draft::default() };
        Draft { amount: self.initial_amount().unwrap_or_default(), order: config.settings.allocation, ..Draft::default() }
    }

    /// The host's initial amount in the notation of the locale.
    fn initial_amount(self) -> Option<String> {
        let amount = self.config()?.settings.amount?;
        Some(self.words().money_format().write_typed(amount))
    }

    /// Writes the host's initial amount anew when the currency has become known, unless the person has changed it.
    pub(in crate::ui) fn write_initial_amount(self) {
        if self.with_inner(|inner| inner.is_amount_initial) == Some(true)
            && let Some(amount) = self.initial_amount().filter(|amount| *amount != self.draft.get_untracked().amount)
        {
            self.draft.update(|draft| Arc::make_mut(draft).amount = amount);
        }
    }

    /// Chooses the default method if the person chose none: the customer's default at the server, or the only offered method.
    pub(in crate::ui) fn choose_method(self) {
        let (Some(config), Some(today)) = (self.config(), browser::today()) else { return };
        let is_assumed = self.with_inner(|inner| inner.is_default_assumed) == Some(true) && !self.is_locked();
        let is_open = self.draft.with_untracked(|draft| is_assumed || draft.method.is_empty());
        if config.kind() != Kind::OnAccount || !is_open {
            return;
        }
        let choice = |statement: &Arc<Statement>| {
            let offered = config.offered();
            let mut ways = Vec::new();
            for (is_offered, way) in [(offered.cash, "Cash"), (offered.check, "Check"), (offered.direct_deposit, "DirectDeposit")]
            {
                ways.extend(is_offered.then(|| way.to_owned()));
            }
            if offered.stored {
                let Some(methods) = statement.methods() else {
                    let is_assumed = config.payment_methods_src.is_none();
                    return (if is_assumed { "default".to_owned() } else { String::new() }, is_assumed);
                };
                for method in methods.iter().filter(|method| !method.is_expired(today)) {
                    let way = format!("stored-{}", method.id);
                    if method.is_default {
                        return (way, false);
                    }
                    ways.push(way);
                }
            }
            (ways.pop().filter(|_| ways.is_empty()).unwrap_or_default(), false)
        };
        let (method, assumed) = self.statement.with_untracked(choice);
        self.with_inner(|inner| inner.is_default_assumed = assumed);
        if self.draft.with_untracked(|draft| draft.method != method) {
            self.draft.update(|draft| Arc::make_mut(draft).method = method);
        }
    }

    /// Tells whether the draft could be sent; `shows` puts the problems on the screen and moves the focus to them.
    pub fn check_validity(self, shows: bool) -> bool {
        let is_valid = self.checked.with_untracked(|checked| checked.payment.is_ok());
        if shows && !is_valid {
            self.has_pressed_pay.set(true);
            self.focus_request.set(Some(Field::Form));
        }
        is_valid
    }

    /// Resets the form, unless a payment is about to be sent or unsettled.
    pub fn reset(self) {
        let state = self.state();
        if state.is_unresolved() || self.rereading.get_untracked() {
            return;
        }
        self.with_inner(|inner| inner.commands.account.scope.forget_draft());
        self.clear(false);
        if state == State::Recorded {
            self.refresh();
        }
    }

    /// Resets the form: presses, refusals, receipts and typed texts are dropped.
    pub(in crate::ui) fn clear(self, restores: bool) {
        self.withdraw();
        self.dispatch(Event::Reset);
        self.has_pressed_pay.set(false);
        self.feed(statement_feed::Event::Reset);
        self.begin(restores);
        self.resume();
    }

    fn keep_draft_soon(self) {
        let edits = self.with_inner(|inner| {
            inner.edits = inner.edits.wrapping_add(1);
            inner.edits
        });
        browser::after(STORE_AFTER, move || {
            if self.with_inner(|inner| inner.edits) == edits {
                self.keep_draft();
            }
        });
    }

    /// Stores the draft in `sessionStorage`, if the person typed anything.
    pub fn keep_draft(self) {
        let is_over = self.machine.try_get_untracked().is_none_or(|machine| machine.state() == State::Recorded);
        let Some(draft) = self.draft.try_get_untracked().filter(|_| !is_over) else { return };
        self.with_inner(|inner| {
            if inner.config.settings.persist && inner.edits > 0 {
                inner.commands.account.scope.keep_draft(&draft);
            }
        });
    }

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
    fn press(self, press: Press) {
        match press {
            Press::Confirm => self.press_pay(PayButton::Confirm),
            Press::Insist => self.press_pay(PayButton::Insist),
            Press::Retry => self.dispatch(Event::Retry { online: browser::is_online() }),
            Press::Check => self.dispatch(Event::Check),
            Press::Cancel => {
                self.drop_notice();
                self.dispatch(Event::Cancel);
                // The focus moves on, because the notice that has it goes away.
                if self.state() == State::Ready {
                    self.focus_request.set(Some(self.amount_field()));
                }
            }
            Press::Abandon => self.dispatch(Event::Abandon),
        }
    }

    /// Hands a press to the feed, which grants it when the balances are fresh. The form is busy from the first moment, so that a second
    /// press is ignored.
    fn press_pay(self, button: PayButton) {
        // The timer for midnight may have slept with the computer.
        self.follow_day();
        let is_at_work = self.rereading.get_untracked() || untrack(|| self.awaits_invoices());
        if !button.fits(self.state()) || self.disabled.get_untracked() || is_at_work {
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
            self.dispatch(Event::NoIntent);
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
        self.rereading.set(true);
        let goes_on = self.notify(FormEvent::Submit(submit));
        self.rereading.set(false);
        // The payment is not sent either if the page changed the configuration during the event.
        goes_on && self.config().is_some_and(|now| Arc::ptr_eq(&now, &config))
    }

    /// Makes an intent of the payment, with a new key. The body is written once.
    fn intent(self, payment: &Payment, insists: bool) -> Option<Intent> {
        let config = self.config()?;
        let Some(key) = browser::random_uuid() else {
            browser::tell_developer("there is no crypto.getRandomValues here, and without it no payment can be sent safely.");
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
    pub(in crate::ui) fn entered(self, state: State) {
        if state == State::Rejected {
            self.edited.set(Arc::default());
        }
        if state == State::Recorded {
            self.with_inner(|inner| inner.commands.account.scope.forget_draft());
        }
        self.notify(FormEvent::State(events::StateChange { state, last_words: self.last_words() }));
        // The machine is copied, because the page may change it inside an event.
        let machine = self.machine.get_untracked();
        let view = machine.view(browser::now());
        match state {
            State::Recorded => {
                if let Some(receipt) = view.receipt {
                    let differences = view.differences.to_vec();
                    self.notify(FormEvent::Recorded(events::Recorded { receipt: receipt.clone(), differences }));
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

    /// Tells whether the form may be unmounted: no request is under way, and any open attempt is in the store.
    pub fn may_go(self) -> bool {
        let machine = self.machine.get_untracked();
        match machine.state() {
            State::Submitting | State::Resolving => false,
            State::Held | State::Unknown => machine.view(0).is_reload_safe,
            State::Ready | State::Reviewing | State::Recorded | State::Rejected => true,
        }
    }

    /// The sentence that stays true if the form stops now.
    pub(in crate::ui) fn last_words(self) -> String {
        let keeps = self.with_inner(|inner| inner.config.settings.persist && inner.commands.account.scope.keeps_drafts());
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
