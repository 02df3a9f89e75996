//! Takes the person's actions, and edits the draft.

use crate::ui::state::{
    events::{self, FormEvent},
    form_state::FormState,
    view_model::Action,
};
use crate::{
    domain::{amount::Reading, invoice::InvoiceId, money::Money, payment::Kind, problem::Field},
    statement_feed,
    submission::{Event, State},
};
use leptos::prelude::*;
use std::sync::Arc;

impl FormState {
    /// Takes an action of the person.
    pub fn act(self, action: Action) {
        match action {
            Action::Pay => self.pay(),
            Action::Press(press) => self.press(press),
            Action::NewPayment => {
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
        if !self.is_locked() {
            self.apply_edit(action);
        }
    }

    fn apply_edit(self, action: Action) {
        let field = match &action {
            Action::AmountDue(_) | Action::PickInvoice(_) => Field::AmountDue,
            Action::DueDate(_) => Field::DueDate,
            Action::Date(_) => Field::Date,
            Action::Method(_) => Field::Method,
            Action::Reference(_) => Field::Reference,
            Action::Order(_) | Action::UnpinAll => Field::Allocation,
            Action::Share(id, _) | Action::Unpin(id) => Field::Share(*id),
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
        let invoice_texts = match action {
            Action::PickInvoice(id) => self.invoice_texts(id),
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
            Action::Unpin(id) => _ = draft.shares.remove(&id),
            Action::UnpinAll => draft.shares.clear(),
            Action::PickInvoice(_) => (draft.amount_due, draft.due_date) = invoice_texts.unwrap_or_default(),
            Action::Reload | Action::Focus(_) | Action::Pay | Action::Press(_) | Action::NewPayment => {}
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
        self.clear_notice();
        // Edits before `payment-ready` are announced once, together with it.
        if self.with_inner(|inner| inner.is_announced) == Some(true) {
            self.announce_change(field);
        }
        self.store_draft_soon();
    }

    /// Clears the notice about the last press, because the draft is another payment now.
    pub(in crate::ui) fn clear_notice(self) {
        if self.machine.with_untracked(|machine| machine.view(0).notice.is_some()) {
            self.dispatch(Event::Edited);
        }
    }

    /// MaiaScore: the amount and the due date of one invoice, as a person would type them.
    fn invoice_texts(self, id: InvoiceId) -> Option<(String, String)> {
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

    /// Takes a text that the person typed as the amount before the form was mounted, also where the host has disabled the form since.
    pub fn type_amount(self, text: String) {
        self.apply_edit(Action::Amount(text));
        // The field counts as edited even if the stored draft has the same text.
        let (field, edited) = (self.amount_field(), self.edited.get_untracked());
        if !edited.contains(&field) {
            self.edited.set([&*edited, &[field]].concat().into());
            if self.with_inner(|inner| inner.is_announced) == Some(true) {
                self.announce_change(field);
            }
            self.store_draft_soon();
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
        if state.is_unresolved() || self.is_busy_before_sending.get_untracked() {
            return;
        }
        self.with_inner(|inner| {
            inner.commands.account.scope.remove_draft();
            // Otherwise the emptied draft would be stored, and would later count before the host's amount.
            inner.edits = 0;
        });
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
        self.init_draft(restores);
        self.resume();
    }
}
