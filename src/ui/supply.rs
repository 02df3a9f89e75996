//! What is owed and with what it can be paid: given by the host, or read from its addresses.

use super::{
    browser,
    form::{Form, Ground},
    lists,
    screen::Load,
};
use crate::domain::{
    invoice::Invoice,
    statement::{Statement, StatementError, StoredMethod},
};
use js_sys::Promise;
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::JsValue;

/// Balances that were read longer ago than this many milliseconds are read again before a payment is sent.
pub(super) const STALE_AFTER: u64 = 60_000;

/// What the host gave in place of addresses.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The invoices, open or not.
    pub invoices: Option<Vec<Invoice>>,
    /// The stored methods.
    pub methods: Option<Vec<StoredMethod>>,
}

/// The lists as far as they are known. One statement is made of both, so the second to arrive makes it.
#[derive(Debug, Default)]
pub(super) struct Lists {
    invoices: Option<Vec<Invoice>>,
    methods: Option<Vec<StoredMethod>>,
    /// How many addresses are being read, and in which round: an answer of an earlier round is late.
    open: u32,
    round: u32,
    failed: Option<String>,
    /// When the invoices were last read from their address, in milliseconds since 1970.
    read_at: Option<u64>,
}

impl Form {
    /// Takes what the host gives, and asks its addresses for the rest.
    pub(super) fn supply(self, given: Given) {
        let config = self.config();
        let (needs_invoices, needs_methods) = (given.invoices.is_none(), given.methods.is_none());
        self.lists.update_value(|lists| {
            lists.invoices = given.invoices;
            lists.methods = given.methods;
        });
        let invoices_src = config.invoices_src.clone().filter(|_| needs_invoices);
        let methods_src = config.payment_methods_src.clone().filter(|_| needs_methods);
        self.read(invoices_src, methods_src);
    }

    /// Takes other invoices from the host.
    pub fn set_invoices(self, invoices: Vec<Invoice>) {
        self.lists.update_value(|lists| lists.invoices = Some(invoices));
        self.take_stock();
    }

    /// Takes other stored methods from the host.
    pub fn set_methods(self, methods: Vec<StoredMethod>) {
        self.lists.update_value(|lists| lists.methods = Some(methods));
        self.take_stock();
    }

    /// Reads the lists again from their addresses.
    pub fn refresh(self) {
        let config = self.config();
        self.read(config.invoices_src.clone(), config.payment_methods_src.clone());
    }

    /// The same; the promise resolves when the lists are there, or are known not to come.
    pub fn refreshed(self) -> Promise {
        let promise = Promise::new(&mut |resolve, _| {
            self.errands.try_update_value(|errands| errands.waiting.push(resolve));
        });
        self.refresh();
        promise
    }

    /// Whether the balances are too old to send a payment on.
    pub(super) fn is_stale(self) -> bool {
        let read_at = self.lists.with_value(|lists| lists.read_at);
        self.config().invoices_src.is_some() && read_at.is_some_and(|time| browser::now().saturating_sub(time) > STALE_AFTER)
    }

    fn read(self, invoices_src: Option<String>, methods_src: Option<String>) {
        let open = u32::from(invoices_src.is_some()) + u32::from(methods_src.is_some());
        if open == 0 {
            self.take_stock();
            return;
        }
        let round = self.lists.try_update_value(|lists| {
            lists.open = open;
            lists.round += 1;
            lists.failed = None;
            lists.round
        });
        let (Some(round), Some(host)) = (round, self.host()) else { return };
        self.load.set(Load::Loading);
        if let Some(url) = invoices_src {
            let host = host.clone();
            let currency = self.config().currency;
            self.spawn(async move {
                let invoices = lists::invoices(&url, currency, &*host).await;
                self.arrived(round, invoices, |lists, invoices| {
                    lists.invoices = Some(invoices);
                    lists.read_at = Some(browser::now());
                });
            });
        }
        if let Some(url) = methods_src {
            self.spawn(async move {
                let methods = lists::methods(&url, &*host).await;
                self.arrived(round, methods, |lists, methods| lists.methods = Some(methods));
            });
        }
    }

    /// Takes the answer of one address; the last one of a round makes the statement.
    fn arrived<T>(self, round: u32, list: Result<Vec<T>, lists::NoList>, keep: impl FnOnce(&mut Lists, Vec<T>)) {
        let is_last = self.lists.try_update_value(|lists| {
            if lists.round != round {
                return false;
            }
            lists.open = lists.open.saturating_sub(1);
            match list {
                Ok(list) => keep(lists, list),
                Err(error) => {
                    browser::tell_developer(&error.reason);
                    lists.failed = Some(error.reason);
                }
            }
            lists.open == 0
        });
        if is_last == Some(true) {
            self.take_stock();
        }
    }

    /// Whether the lists have changed neither the currency nor the day. Other ground draws the form anew, and whoever types meanwhile
    /// would lose the field from under their fingers. A list without any invoice names no other currency.
    fn stands_on_its_ground(self) -> bool {
        let currency = self.statement.with_untracked(|statement| statement.currency()).or(self.config().currency);
        let is_same = |ground: &Arc<Ground>| {
            currency.is_none_or(|currency| currency == ground.terms.currency) && browser::today() == Some(ground.terms.today)
        };
        self.ground.with_untracked(|ground| ground.as_ref().is_some_and(is_same))
    }

    /// Makes the statement of the lists as they are known.
    fn take_stock(self) {
        let (invoices, methods, failed) = self
            .lists
            .with_value(|lists| (lists.invoices.clone().unwrap_or_default(), lists.methods.clone(), lists.failed.clone()));
        let load = match Statement::new(invoices, methods) {
            Ok(statement) => {
                self.statement.set(Arc::new(statement));
                if !self.stands_on_its_ground() {
                    self.lay_ground();
                }
                self.choose_method();
                failed.map_or(Load::Ready, Load::Failed)
            }
            Err(error) => {
                let reason = match error {
                    StatementError::MixedCurrencies(one, other) => {
                        ["The invoices are in ", one.code(), " and ", other.code(), ": one payment can pay only one currency."]
                            .concat()
                    }
                    StatementError::Duplicate(id) => ["Invoice ", &id.to_string(), " is listed twice."].concat(),
                };
                browser::tell_developer(&reason);
                Load::Failed(reason)
            }
        };
        if load == Load::Ready && self.ground.with_untracked(Option::is_none) {
            browser::tell_developer("no invoice tells the currency: set the attribute `currency`.");
        }
        self.load.set(load);
        for resolve in self.errands.try_update_value(|errands| std::mem::take(&mut errands.waiting)).unwrap_or_default() {
            // Resolving a promise cannot throw.
            _ = resolve.call0(&JsValue::UNDEFINED);
        }
    }
}
