//! Fills in the draft at the start of a form, and stores it.

use crate::ui::{
    platform::{browser, storage},
    state::form_state::FormState,
};
use crate::{
    domain::{
        draft::{Draft, PaymentDate},
        payment::Kind,
        statement::Statement,
    },
    submission::State,
};
use leptos::prelude::*;
use std::sync::Arc;

/// The delay in milliseconds between the last key and the write of the draft to the store.
const STORE_AFTER: u64 = 300;

impl FormState {
    /// The draft.
    pub fn draft(self) -> Arc<Draft> {
        self.draft.get_untracked()
    }

    /// Replaces the draft by these input names and texts, unless it is locked. A form that the host has disabled still begins with its `value`.
    pub fn set_fields(self, fields: Vec<(String, String)>) {
        if self.basis.with_untracked(Option::is_none) {
            // The fields are set again when the lists arrive, because lists of another customer reset the form.
            self.with_inner(|inner| inner.early_fields = Some(fields.clone()));
        }
        let begins = self.with_inner(|inner| !inner.is_announced) == Some(true);
        if self.is_sent_or_busy() || (self.disabled.get_untracked() && !begins) {
            browser::log_error("value: not taken, nothing can be changed now.");
        } else {
            self.replace_draft(self.initial_draft(), fields);
            self.restore_default_date();
            self.clear_notice();
            self.store_draft_soon();
        }
    }

    /// Begins with the host's settings, or with the draft that was stored before a reload.
    pub(in crate::ui) fn init_draft(self, restores: bool) {
        // The host's initial fields are applied again for other lists, but not after `reset()`.
        let early = self.with_inner(|inner| inner.early_fields.take()).flatten().filter(|_| restores);
        let stored = || {
            self.with_inner(|inner| inner.config.settings.persist.then(|| inner.commands.account.scope.draft()))
                .flatten()
                .flatten()
        };
        let fields = early.or_else(|| if restores { stored() } else { None });
        self.replace_draft(self.initial_draft(), fields.unwrap_or_default());
    }

    fn replace_draft(self, mut draft: Draft, fields: Vec<(String, String)>) {
        let names_amount = fields.iter().any(|(name, _)| matches!(name.as_str(), "amount" | "amountPaid"));
        for (name, text) in fields {
            if !storage::set_field(&mut draft, &name, text) {
                browser::log_error(&format!("value: there is no such {name}."));
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

    /// The host's initial amount in the notation of the locale; with the host's own decimals while the currency is unknown.
    fn initial_amount(self) -> Option<String> {
        let amount = self.config()?.settings.amount?;
        let words = self.words();
        let format = words.money_format();
        let decimals = if self.has_currency() { format.decimals } else { amount.scale() };
        Some(format.separators.write_typed(amount, decimals))
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
            let mut values = Vec::new();
            for (is_offered, value) in
                [(offered.cash, "Cash"), (offered.check, "Check"), (offered.direct_deposit, "DirectDeposit")]
            {
                values.extend(is_offered.then(|| value.to_owned()));
            }
            if offered.stored {
                let Some(methods) = statement.methods() else {
                    let is_assumed = config.payment_methods_src.is_none();
                    return (if is_assumed { "default".to_owned() } else { String::new() }, is_assumed);
                };
                for method in methods.iter().filter(|method| !method.is_expired(today)) {
                    let value = format!("stored-{}", method.id);
                    if method.is_default {
                        return (value, false);
                    }
                    values.push(value);
                }
            }
            (values.pop().filter(|_| values.is_empty()).unwrap_or_default(), false)
        };
        let (method, assumed) = self.statement.with_untracked(choice);
        self.with_inner(|inner| inner.is_default_assumed = assumed);
        if self.draft.with_untracked(|draft| draft.method != method) {
            self.draft.update(|draft| Arc::make_mut(draft).method = method);
        }
    }

    pub(super) fn store_draft_soon(self) {
        let edits = self.with_inner(|inner| {
            inner.edits = inner.edits.wrapping_add(1);
            inner.edits
        });
        browser::after(STORE_AFTER, move || {
            if self.with_inner(|inner| inner.edits) == edits {
                self.store_draft();
            }
        });
    }

    /// Stores the draft in `sessionStorage`, if the person typed anything.
    pub fn store_draft(self) {
        let is_over = self.machine.try_get_untracked().is_none_or(|machine| machine.state() == State::Recorded);
        let Some(draft) = self.draft.try_get_untracked().filter(|_| !is_over) else { return };
        self.with_inner(|inner| {
            if inner.config.settings.persist && inner.edits > 0 {
                inner.commands.account.scope.store_draft(&draft);
            }
        });
    }
}
