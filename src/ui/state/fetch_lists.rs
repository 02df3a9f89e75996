//! Asks the host's addresses for the lists, waits for them as long as it makes sense, and knows when they are too old to pay by.

use crate::ui::{
    platform::{
        browser,
        list_reader::{self, Listed},
    },
    state::{
        form_state::{FormState, Kept},
        lists::{Lists, Load, Wish},
    },
};
use js_sys::Promise;
use leptos::prelude::*;
use std::rc::Rc;

/// Balances that were read longer ago than this many milliseconds are read again before a payment is sent.
const STALE_AFTER: u64 = 60_000;

/// However short the `timeout` is, a list may take this many milliseconds: it may be long, and the line slow.
const PATIENCE_MIN: u64 = 10_000;

impl FormState {
    /// Reads the lists again from their addresses.
    pub fn refresh(self) {
        if let Some(config) = self.config() {
            self.read(config.invoices_src.clone(), config.payment_methods_src.clone());
        }
    }

    /// The same; the promise resolves when the lists are there, or are known not to come.
    pub fn refreshed(self) -> Promise {
        let promise = Promise::new(&mut |resolve, _| {
            self.kept(|kept| kept.lists.waiting.push(resolve));
        });
        self.refresh();
        promise
    }

    /// Whether the balances are too old to send a payment on.
    pub(in crate::ui) fn is_stale(self) -> bool {
        let now = browser::now();
        let is_old = |time: u64| now.saturating_sub(time) > STALE_AFTER;
        let is_stale = |lists: &Lists| {
            let is_any_old = lists.read_at.is_some_and(is_old) || lists.methods_read_at.is_some_and(is_old);
            is_any_old && lists.unchecked_at.is_none_or(is_old)
        };
        self.kept(|kept| is_stale(&kept.lists)) == Some(true)
    }

    /// Reads the balances again before this wish is sent.
    pub(in crate::ui) fn reread(self, wish: Wish) {
        self.rereading.set(true);
        self.kept(|kept| kept.lists.wish = Some(wish));
        self.read_again();
    }

    /// Reads again what came from an address or is still to come. What the page gave itself stays until the page gives another list or
    /// asks for a refresh.
    pub(in crate::ui) fn read_again(self) {
        let sources = self.kept(|Kept { config, lists, .. }| {
            let are_given = lists.read_at.is_none() && (lists.invoices.is_some() || lists.is_refused);
            let are_methods_given = lists.methods_read_at.is_none() && (lists.methods.is_some() || lists.are_methods_refused);
            let invoices_src = config.invoices_src.clone().filter(|_| !are_given);
            (invoices_src, config.payment_methods_src.clone().filter(|_| !are_methods_given))
        });
        let (invoices_src, methods_src) = sources.unwrap_or_default();
        self.read(invoices_src, methods_src);
    }

    /// Asks these addresses, each for its list.
    pub(in crate::ui) fn read(self, invoices_src: Option<String>, methods_src: Option<String>) {
        let open = u32::from(invoices_src.is_some()) + u32::from(methods_src.is_some());
        if open == 0 {
            self.take_stock();
            return;
        }
        let begun = self.kept(|kept| {
            kept.lists.open = open;
            kept.lists.round += 1;
            kept.lists.failed = false;
            kept.lists.is_given_up = false;
            kept.lists.unchecked_at = None;
            (
                kept.lists.round,
                Rc::clone(&kept.page),
                kept.config.access(),
                kept.config.settings.currency,
                kept.config.submission().timeout,
            )
        });
        let Some((round, page, access, currency, patience)) = begun else { return };
        self.load.set(Load::Loading);
        self.unchecked.set(false);
        browser::after(patience.max(PATIENCE_MIN), move || self.give_up(round));
        for (url, list) in [(invoices_src, Listed::Invoices(Vec::new())), (methods_src, Listed::Methods(Vec::new()))] {
            let Some(url) = url else { continue };
            let (page, access) = (Rc::clone(&page), access.clone());
            self.spawn(async move {
                let answer = list_reader::read(&url, list, currency, &access, &page.authorization).await;
                self.arrived(round, answer);
            });
        }
    }

    /// Waits no longer for an address that does not answer. Should it answer after all, that is taken.
    fn give_up(self, round: u32) {
        let is_open = self.kept(|kept| {
            let lists = &mut kept.lists;
            let is_open = lists.round == round && lists.open > 0;
            lists.is_given_up |= is_open;
            is_open
        });
        if is_open == Some(true) {
            self.take_stock();
        }
    }

    /// Takes the answer of one address; the last one of a round makes the statement.
    fn arrived(self, round: u32, answer: Result<Listed, String>) {
        let is_last = self.kept(|kept| {
            let lists = &mut kept.lists;
            if lists.round != round {
                return false;
            }
            lists.open = lists.open.saturating_sub(1);
            match answer {
                Ok(Listed::Invoices(invoices)) => {
                    lists.unchecked_at = None;
                    lists.read_at = Some(browser::now());
                    lists.invoices = Some(invoices);
                    lists.is_refused = false;
                }
                Ok(Listed::Methods(methods)) => {
                    lists.unchecked_at = None;
                    lists.methods_read_at = Some(browser::now());
                    lists.methods = Some(methods);
                    lists.are_methods_refused = false;
                }
                Err(reason) => {
                    browser::tell_developer(&reason);
                    lists.failed = true;
                }
            }
            lists.open == 0
        });
        if is_last == Some(true) {
            self.take_stock();
        }
    }
}
