//! What the person types, and what is kept of it.

use crate::ui::{
    platform::browser,
    platform::storage,
    state::form_state::Form,
    state::host::{Announcement, Change},
    state::view_model::Act,
};
use crate::{
    domain::{
        amount::Reading, draft::Draft, invoice::InvoiceId, money::Money, payment::Kind, problem::Field, statement::Statement,
    },
    submission::{Event, State},
};
use std::sync::Arc;

/// What is typed is stored this long after the person stopped, in milliseconds.
const STORE_AFTER: u64 = 300;

impl Form {
    /// Takes what a person did.
    pub fn act(self, act: Act) {
        match act {
            Act::Pay => self.pay(),
            Act::Press(press) => self.press(press),
            Act::Again => {
                self.reset();
                self.reach.set(Some(self.amount_field()));
            }
            Act::Reload => self.refresh(),
            Act::Reach(field) => self.reach.set(Some(field)),
            edit => self.edit(edit),
        }
    }

    /// What is typed as the amount of the payment.
    pub(in crate::ui) fn amount_field(self) -> Field {
        let is_due_item = self.config().is_some_and(|config| config.kind() == Kind::DueItem);
        if is_due_item { Field::AmountPaid } else { Field::Amount }
    }

    fn edit(self, act: Act) {
        if self.is_locked() {
            return;
        }
        let field = match &act {
            Act::AmountDue(_) | Act::PickInvoice(_) => Field::AmountDue,
            Act::DueDate(_) => Field::DueDate,
            Act::Date(_) => Field::Date,
            Act::Method(_) => Field::Method,
            Act::Reference(_) => Field::Reference,
            Act::Order(_) | Act::ReleaseAll => Field::Allocation,
            Act::Share(id, _) | Act::Release(id) => Field::Share(*id),
            _ => self.amount_field(),
        };
        // Who types is where they want to be.
        if self.reach.get_untracked().is_some() {
            self.reach.set(None);
        }
        if field == Field::Method {
            self.kept(|kept| kept.lists.is_default_assumed = false);
        }
        let picked = match act {
            Act::PickInvoice(id) => self.picked(id),
            _ => None,
        };
        self.draft.update(|draft| {
            let draft = Arc::make_mut(draft);
            match act {
                Act::Amount(text) => draft.amount = text,
                Act::AmountDue(text) => draft.amount_due = text,
                Act::DueDate(text) => draft.due_date = text,
                Act::Date(text) => draft.date = text.into(),
                Act::Method(choice) => draft.method = choice,
                Act::Reference(text) => draft.reference = text,
                Act::Order(order) => draft.order = order,
                Act::Share(id, text) => _ = draft.shares.insert(id, text),
                Act::Release(id) => _ = draft.shares.remove(&id),
                Act::ReleaseAll => draft.shares.clear(),
                Act::PickInvoice(_) => (draft.amount_due, draft.due_date) = picked.unwrap_or_default(),
                Act::Reload | Act::Reach(_) | Act::Pay | Act::Press(_) | Act::Again => {}
            }
        });
        let edited = self.edited.get_untracked();
        if !edited.contains(&field) {
            self.edited.set([&*edited, &[field]].concat().into());
        }
        self.drop_notice();
        self.announce_change(field);
        self.keep_draft_soon();
    }

    /// What was said of the last press is not about what would be paid now.
    pub(in crate::ui) fn drop_notice(self) {
        if self.machine.with_untracked(|machine| machine.view(0).notice.is_some()) {
            self.dispatch(Event::Edited);
        }
    }

    /// MaiaScore: what one invoice says is due, and when.
    fn picked(self, id: InvoiceId) -> Option<(String, String)> {
        let (statement, words) = (self.statement.get_untracked(), self.words());
        let invoice = statement.invoice(statement.row_of(id)?)?;
        Some((words.typed(invoice.balance), invoice.due.map(|due| due.to_string()).unwrap_or_default()))
    }

    fn announce_change(self, field: Field) {
        let checked = self.checked.get_untracked();
        let allocation = checked.allocation.as_ref();
        let amount = allocation.map(|allocation| allocation.amount()).or_else(|| {
            let Reading::Number(paid) = checked.amount else { return None };
            let currency = self.ground.with_untracked(|ground| ground.as_ref().map(|ground| ground.terms.currency))?;
            Money::new(paid, currency).ok()
        });
        self.announce(Announcement::Change(Change { field, amount, allocation, is_valid: checked.payment.is_ok() }));
    }

    /// What was typed.
    pub fn fields(self) -> Arc<Draft> {
        self.draft.get_untracked()
    }

    /// Replaces what was typed, unless it is locked.
    pub fn set_fields(self, fields: Vec<(String, String)>) {
        if self.ground.with_untracked(Option::is_none) {
            self.kept(|kept| kept.early = Some(fields));
        } else if self.is_locked() {
            browser::tell_developer("value: not taken, nothing can be changed now.");
        } else {
            self.begin_with(self.initial_draft(), fields);
            self.drop_notice();
            self.keep_draft_soon();
        }
    }

    /// Begins as the host wants it, or with what was typed before a reload.
    pub(in crate::ui) fn begin(self, restores: bool) {
        let early = self.kept(|kept| kept.early.take()).flatten();
        let stored =
            || self.kept(|kept| kept.config.settings.persists.then(|| kept.errands.home.scope.draft())).flatten().flatten();
        let fields = early.or_else(|| if restores { stored() } else { None });
        self.begin_with(self.initial_draft(), fields.unwrap_or_default());
    }

    fn begin_with(self, mut draft: Draft, fields: Vec<(String, String)>) {
        for (name, text) in fields {
            if !storage::set_field(&mut draft, &name, text) {
                browser::tell_developer(&["value: there is no such ", &name, "."].concat());
            }
        }
        self.draft.set(Arc::new(draft));
        self.kept(|kept| kept.lists.is_default_assumed = false);
        self.choose_method();
    }

    /// An empty form, as the host wants it.
    fn initial_draft(self) -> Draft {
        let Some(config) = self.config() else { return Draft::default() };
        let words = self.words();
        let amount = config.amount.map(|amount| words.money_format().write_typed(amount));
        Draft { amount: amount.unwrap_or_default(), order: config.order, ..Draft::default() }
    }

    /// Chooses the default method where the person chose none: whatever the server keeps as such, until a list names it; or else the only way
    /// there is.
    pub(in crate::ui) fn choose_method(self) {
        let (Some(config), Some(today)) = (self.config(), browser::today()) else { return };
        let is_assumed = self.kept(|kept| kept.lists.is_default_assumed) == Some(true) && !self.is_locked();
        let is_open = self.draft.with_untracked(|draft| is_assumed || draft.method.is_empty());
        if config.kind() != Kind::OnAccount || !is_open {
            return;
        }
        let choice = |statement: &Arc<Statement>| {
            let offered = &config.offered;
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
                    let way = ["stored-", &method.id.to_string()].concat();
                    if method.is_default {
                        return (way, false);
                    }
                    ways.push(way);
                }
            }
            (ways.pop().filter(|_| ways.is_empty()).unwrap_or_default(), false)
        };
        let (method, assumed) = self.statement.with_untracked(choice);
        self.kept(|kept| kept.lists.is_default_assumed = assumed);
        if self.draft.with_untracked(|draft| draft.method != method) {
            self.draft.update(|draft| Arc::make_mut(draft).method = method);
        }
    }

    /// Whether what was typed can be sent; `shows` puts the problems on the screen and takes the person there.
    pub fn check_validity(self, shows: bool) -> bool {
        let is_valid = self.checked.with_untracked(|checked| checked.payment.is_ok());
        if shows && !is_valid {
            self.asked.set(true);
            self.reach.set(Some(Field::Form));
        }
        is_valid
    }

    /// Begins anew, unless a payment is about to be sent or unsettled.
    pub fn reset(self) {
        let state = self.state();
        if state.is_unresolved() || self.rereading.get_untracked() {
            return;
        }
        self.kept(|kept| kept.errands.home.scope.forget_draft());
        self.renew(false);
        if state == State::Recorded {
            self.refresh();
        }
    }

    /// Begins anew: nothing stays of what was pressed, refused, recorded or typed.
    pub(in crate::ui) fn renew(self, restores: bool) {
        self.withdraw();
        self.dispatch(Event::Reset);
        self.asked.set(false);
        self.changed.set(Arc::default());
        self.unchecked.set(false);
        self.begin(restores);
        self.resume();
    }

    fn keep_draft_soon(self) {
        let edits = self.kept(|kept| {
            kept.edits = kept.edits.wrapping_add(1);
            kept.edits
        });
        browser::after(STORE_AFTER, move || {
            if self.kept(|kept| kept.edits) == edits {
                self.keep_draft();
            }
        });
    }

    /// Keeps what was typed for the case of a reload.
    pub(in crate::ui) fn keep_draft(self) {
        let is_over = self.machine.try_get_untracked().is_none_or(|machine| machine.state() == State::Recorded);
        let Some(draft) = self.draft.try_get_untracked().filter(|_| !is_over) else { return };
        self.kept(|kept| {
            // What was never typed in needs no keeping.
            if kept.config.settings.persists && kept.edits > 0 {
                kept.errands.home.scope.keep_draft(&draft);
            }
        });
    }
}
