//! What the form stands on: how the host configured it, the language, the currency and the day; and what follows when one of them changes.

use crate::ui::{
    platform::browser, platform::intl::Language, state::commands::Home, state::config::Config, state::form_state::Form,
};
use crate::{
    domain::{payment::Source, terms::Terms},
    submission::Event,
    words::Words,
};
use std::sync::Arc;

/// What one drawing of the form stands on: another language, currency or day draws it anew.
#[derive(Clone, Debug)]
pub(in crate::ui) struct Ground {
    pub terms: Terms,
    pub words: Words,
    pub marks_reference: bool,
}

/// Where the owner of text, attempt and outcome has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Moved {
    No,
    /// The same customer's payments go to another address, or the customer is named at last.
    ToAddress,
    /// It is another customer, or another API.
    ToOther,
}

impl Form {
    /// Takes another configuration: at once, but for what belongs to an attempt that is under way.
    pub fn configure(self, config: Config) {
        let Some(before) = self.config() else { return };
        if *before == config {
            return;
        }
        let is_other_customer = before.customer != config.customer || before.api != config.api;
        let is_other_source =
            before.invoices_src != config.invoices_src || before.payment_methods_src != config.payment_methods_src;
        self.machine.update(|machine| Arc::make_mut(machine).configure(config.settings));
        self.disabled.set(config.is_disabled);
        // A form that only waits longer, say, is not drawn anew.
        let Config { settings, is_disabled, .. } = config;
        let alike = Config { settings: before.settings, is_disabled: before.is_disabled, ..config };
        let is_same_ground = *before == alike;
        let config = Config { settings, is_disabled, ..alike };
        self.kept(|kept| kept.config = Arc::new(config));
        if !is_same_ground || is_disabled {
            self.withdraw();
        }
        let moved = self.follow();
        self.tell_mistakes();
        if is_other_source || is_other_customer {
            self.restock(&before);
        }
        if !is_same_ground {
            self.lay_ground();
        }
        self.arrive(moved);
    }

    /// What the person pressed for was meant on the ground before: it is not sent on this one. An attempt that is open stays as it is.
    pub(in crate::ui) fn withdraw(self) {
        self.kept(|kept| kept.lists.wish = None);
        self.rereading.set(false);
        self.dispatch(Event::Edited);
    }

    /// Takes from now on as the owner of text, attempt and outcome whom the configuration names. Never under an unresolved attempt, which
    /// stays with its own.
    pub(in crate::ui) fn follow(self) -> Moved {
        let (Some(config), Some(host)) = (self.config(), self.host()) else { return Moved::No };
        if self.state().is_unresolved() {
            return Moved::No;
        }
        let home = Home::new(&config, &*host);
        let moved = self.kept(|kept| {
            let before = &kept.errands.home;
            if before.scope.lock == home.scope.lock {
                Moved::No
            } else if before.api == home.api
                && (before.customer == home.customer || (before.customer.is_none() && kept.edits > 0))
            {
                // Who began to type before the page named the customer goes on typing.
                Moved::ToAddress
            } else {
                Moved::ToOther
            }
        });
        if moved == Some(Moved::ToOther) {
            // What was typed last.
            self.keep_draft();
        }
        self.kept(|kept| kept.errands.home = home);
        moved.unwrap_or(Moved::No)
    }

    /// Begins anew for another customer, and takes up an attempt that a page before this one left unresolved there.
    pub(in crate::ui) fn arrive(self, moved: Moved) {
        match moved {
            Moved::No => {}
            Moved::ToAddress => self.resume(),
            Moved::ToOther => {
                self.kept(|kept| kept.edits = 0);
                self.renew(true);
            }
        }
    }

    /// Takes other sentences.
    pub fn speak(self, language: Language) {
        self.kept(|kept| kept.language = language);
        self.lay_ground();
    }

    /// Tells the page's developer what of the configuration cannot be read.
    pub(in crate::ui) fn tell_mistakes(self) {
        let Some(config) = self.config() else { return };
        for mistake in &config.mistakes {
            browser::tell_developer(mistake);
        }
    }

    /// Lays the ground anew on what is known of the currency, the locale and the day. On the first ground the draft begins.
    pub(in crate::ui) fn lay_ground(self) {
        let Some((config, language)) = self.kept(|kept| (Arc::clone(&kept.config), kept.language.clone())) else { return };
        let currency = self.statement.with_untracked(|statement| statement.currency()).or(config.currency);
        let ground = currency.zip(browser::today()).map(|(currency, today)| {
            let (words, separators) = language.words(&config.locale, currency);
            let words = words.for_staff(config.source != Source::SelfServicePortal);
            let terms = config.terms(currency, &words.money_format().sign, separators, today);
            Arc::new(Ground { terms, words, marks_reference: config.marks_reference })
        });
        let is_first = ground.is_some() && self.ground.with_untracked(Option::is_none);
        self.ground.set(ground);
        // Where the currency was not known for a while, because another list was on its way, what was typed before stands as it did.
        let is_typed = self.kept(|kept| kept.edits > 0 && kept.early.is_none()) == Some(true);
        if is_first && !is_typed {
            self.begin(true);
        }
    }

    /// The words of the present ground, or those that need no currency.
    pub(in crate::ui) fn words(self) -> Words {
        let ground = self.ground.get_untracked();
        let plain = || self.kept(|kept| kept.language.plain_words(&kept.config.locale)).unwrap_or_default();
        ground.map_or_else(plain, |ground| ground.words.clone())
    }
}
