//! Follows changes of the configuration, the language, the currency and the day.

use crate::ui::{
    platform::{browser, intl::Language},
    state::{
        basis::Basis,
        command_state::Account,
        form_state::{FormState, OwnerChange},
        settings::{Config, Settings},
    },
};
use crate::{
    statement_feed,
    submission::{Event, State},
};
use leptos::prelude::*;
use std::sync::Arc;

impl FormState {
    /// Takes another configuration: at once, except for the parts that belong to an attempt under way.
    pub fn configure(self, config: Config) {
        let Some(before) = self.config() else { return };
        if *before == config {
            return;
        }
        let keeps_basis = config.differs_only_in_submission(&before);
        let (is_disabled, prepayment, sources) = (config.is_disabled, config.settings.prepayment, config.sources());
        self.machine.update(|machine| Arc::make_mut(machine).configure(config.submission()));
        self.disabled.set(is_disabled);
        self.prepayment.set(prepayment);
        self.with_inner(|inner| inner.config = Arc::new(config));
        if !keeps_basis || is_disabled {
            self.withdraw();
        }
        let change = self.update_owner();
        self.feed(statement_feed::Event::Configured(sources));
        if !keeps_basis {
            self.update_basis();
        }
        self.follow_owner(change);
    }

    /// Sets whether the page gives a look-up function.
    pub fn set_looks_up(self, looks_up: bool) {
        if let Some(config) = self.config() {
            self.configure(Config { looks_up, ..(*config).clone() });
        }
    }

    /// Withdraws a waiting press and a review, because the person meant them for the configuration before. An open attempt stays as it is.
    pub(in crate::ui) fn withdraw(self) {
        self.feed(statement_feed::Event::Withdrawn);
        self.dispatch(Event::Edited);
    }

    /// Makes the configured customer and addresses the owner of draft, attempt and outcome. An unresolved attempt keeps its owner.
    pub(in crate::ui) fn update_owner(self) -> OwnerChange {
        let element = self.with_inner(|inner| inner.commands.account.element.clone());
        let (Some(config), Some(element)) = (self.config(), element) else { return OwnerChange::None };
        if self.state().is_unresolved() {
            return OwnerChange::None;
        }
        let account = Account::new(&config, &element);
        let change = self.with_inner(|inner| {
            let before = &inner.commands.account;
            if before.scope.lock_name() == account.scope.lock_name() {
                OwnerChange::None
            } else if before.api == account.api
                && (before.customer == account.customer || (before.customer.is_none() && inner.edits > 0))
            {
                // The draft stays, because a person may have begun to type before the page named the customer.
                OwnerChange::Address
            } else {
                OwnerChange::Owner
            }
        });
        if change == Some(OwnerChange::Owner) {
            self.store_draft();
        }
        self.with_inner(|inner| inner.commands.account = account);
        change.unwrap_or(OwnerChange::None)
    }

    /// Resets the form for another customer, and restores an attempt that an earlier page left unresolved for that customer.
    pub(in crate::ui) fn follow_owner(self, change: OwnerChange) {
        match change {
            OwnerChange::None => {}
            OwnerChange::Address => self.resume(),
            OwnerChange::Owner => {
                self.with_inner(|inner| inner.edits = 0);
                self.clear(true);
            }
        }
    }

    /// Adopts the stored entries of a form that left the page: its name in the store, its draft and its open attempt. The form's own attempt and
    /// typed text move under that name. Returns `false`, and changes nothing, where each of the two forms has an open attempt.
    pub fn adopt_entries(self, name: &str) -> bool {
        let state = self.state();
        let is_taken = self.with_inner(|inner| {
            let account = &mut inner.commands.account;
            let scope = account.scope.for_element(name);
            if state.is_unresolved() && !account.scope.move_attempt(&scope) {
                return None;
            }
            let before = std::mem::replace(&mut account.scope, scope);
            name.clone_into(&mut account.element);
            Some((before, account.scope.clone(), inner.edits > 0 && inner.config.settings.persist))
        });
        let Some((before, scope, is_typed)) = is_taken.flatten() else { return false };
        let has_moved = before.move_draft(&scope);
        if is_typed {
            self.store_draft();
        } else if !has_moved && matches!(state, State::Ready | State::Rejected) && scope.draft().is_some() {
            self.init_draft(true);
        }
        if matches!(state, State::Ready | State::Reviewing | State::Rejected) && scope.attempt().is_some() {
            // The payment that is about to be sent could be the one that is open.
            self.withdraw();
            self.resume();
        }
        true
    }

    /// Takes other sentences.
    pub fn set_language(self, language: Language) {
        if self.with_inner(|inner| std::mem::replace(&mut inner.language, language.clone()) != language) == Some(true) {
            self.languages.update(|number| *number += 1);
            self.update_basis();
        }
    }

    /// Renews the basis when the local day changes, because due dates, "days late" and an untouched date depend on it. A review ends,
    /// because it showed the day before.
    pub(in crate::ui) fn follow_day(self) {
        let day = self.basis.try_get_untracked().flatten().map(|basis| basis.terms.today);
        if day.is_some() && day != browser::today() {
            if self.state() == State::Reviewing {
                self.withdraw();
            }
            self.update_basis();
        }
    }

    /// Follows the day at every local midnight, as long as the form is mounted.
    pub(in crate::ui) fn follow_day_at_midnight(self) {
        browser::after(browser::until_midnight(), move || {
            if self.basis.try_get_untracked().is_some() {
                self.follow_day();
                self.follow_day_at_midnight();
            }
        });
    }

    /// Renews the basis from the currency, the locale and the day. With the first basis it fills in the host's initial amount and the
    /// default method.
    pub(in crate::ui) fn update_basis(self) {
        let Some((config, language)) = self.with_inner(|inner| (Arc::clone(&inner.config), inner.language.clone())) else {
            return;
        };
        let currency = self.statement.with_untracked(|statement| statement.currency()).or(config.settings.currency);
        let basis = currency.zip(browser::today()).map(|(currency, today)| {
            let (words, separators) = language.words(&config.locale(), currency);
            let words = words.for_staff(config.is_for_staff());
            let terms = config.terms(currency, &words.money_format().sign, separators, today);
            let Settings { reference_marker: marks_reference, payee, payer, .. } = config.settings.clone();
            Arc::new(Basis { terms, words, marks_reference, payee, payer })
        });
        self.basis.set(basis);
        self.write_initial_amount();
        self.choose_method();
    }
}
