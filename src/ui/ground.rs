//! What the form stands on: how the host configured it, the language, the currency and the day; and what follows when one of them changes.

use super::{browser, config::Config, form::Form, host::Host, intl::Language, store::Scope};
use crate::{domain::terms::Terms, words::Words};
use std::sync::Arc;

/// What one drawing of the form stands on: another language, currency or day draws it anew.
#[derive(Clone, Debug)]
pub(super) struct Ground {
    pub terms: Terms,
    pub words: Words,
    pub marks_reference: bool,
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
        let is_unresolved = self.machine.with_untracked(|machine| machine.state().is_unresolved());
        self.machine.update(|machine| Arc::make_mut(machine).configure(config.settings));
        self.disabled.set(config.is_disabled);
        // A form that only waits longer, say, is not drawn anew.
        let is_same_ground = *before == Config { settings: before.settings, is_disabled: before.is_disabled, ..config.clone() };
        self.kept(|kept| kept.config = Arc::new(config));
        if !is_unresolved {
            self.follow_scope();
        }
        self.tell_mistakes();
        if !is_same_ground {
            self.lay_ground();
        }
        if is_other_customer && !is_unresolved {
            self.begin(true);
        }
        if is_other_source || is_other_customer {
            self.refresh();
        }
    }

    /// Keeps text and attempt from now on where the configuration says. Not under an unresolved attempt: a reload would not find it there.
    pub(super) fn follow_scope(self) {
        let Some((config, host)) = self.config().zip(self.host()) else { return };
        let scope = scope(&config, &*host);
        self.kept(|kept| kept.errands.scope = scope);
    }

    /// Takes other sentences.
    pub fn speak(self, language: Language) {
        self.kept(|kept| kept.language = language);
        self.lay_ground();
    }

    /// Tells the page's developer what of the configuration cannot be read.
    pub(super) fn tell_mistakes(self) {
        for mistake in self.config().iter().flat_map(|config| &config.mistakes) {
            browser::tell_developer(mistake);
        }
    }

    /// Lays the ground anew on what is known of the currency, the locale and the day. On the first ground the draft begins.
    pub(super) fn lay_ground(self) {
        let Some((config, language)) = self.kept(|kept| (Arc::clone(&kept.config), kept.language.clone())) else { return };
        let currency = self.statement.with_untracked(|statement| statement.currency()).or(config.currency);
        let ground = currency.zip(browser::today()).map(|(currency, today)| {
            let (words, separators) = language.words(&config.locale, currency);
            let terms = config.terms(currency, separators, today);
            Arc::new(Ground { terms, words, marks_reference: config.marks_reference })
        });
        let is_first = ground.is_some() && self.ground.with_untracked(Option::is_none);
        self.ground.set(ground);
        if is_first {
            self.begin(true);
        }
    }

    /// The words of the present ground, or those that need no currency.
    pub(super) fn words(self) -> Words {
        let ground = self.ground.get_untracked();
        let plain = || self.kept(|kept| kept.language.plain_words(&kept.config.locale)).unwrap_or_default();
        ground.map_or_else(plain, |ground| ground.words.clone())
    }
}

/// Where this form's text and attempt are kept.
pub(super) fn scope(config: &Config, host: &dyn Host) -> Scope {
    Scope::new(config.api, &config.endpoint, config.customer, &host.name())
}
