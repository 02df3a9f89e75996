//! What is owed and with what it can be paid: given by the host, or read from its addresses (`fetch_lists.rs`).

use crate::ui::{
    platform::browser,
    state::{
        basis::Basis,
        form_state::{FormState, Kept},
        lists::{Given, List, Load},
        settings::Config,
    },
};
use crate::{
    domain::{
        balance_change::{changes, share_changes},
        check::Checked,
        invoice::Invoice,
        payment::Kind,
        problem::Field,
        statement::{Known, Statement, StatementError, StoredMethod},
    },
    submission::{Event, State},
    words::en,
};
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::JsValue;

impl FormState {
    /// Takes the host's lists, and reads the others from their addresses.
    pub(in crate::ui) fn supply(self, given: Given) {
        let sources = self.kept(|kept| {
            let invoices_src = kept.config.invoices_src.clone().filter(|_| given.invoices == List::NotGiven);
            let methods_src = kept.config.payment_methods_src.clone().filter(|_| !matches!(given.methods, List::Known(_)));
            kept.lists.is_refused = given.invoices == List::Unreadable;
            kept.lists.are_methods_refused = given.methods == List::Unreadable;
            kept.lists.invoices = given.invoices.entries();
            kept.lists.methods = given.methods.entries();
            (invoices_src, methods_src)
        });
        if let Some((invoices_src, methods_src)) = sources {
            self.read(invoices_src, methods_src);
        }
    }

    /// Takes other invoices from the host; where it gives none any more, those of its address count. Of an unreadable list nothing is known.
    pub fn set_invoices(self, invoices: List<Invoice>) {
        let is_given = invoices != List::NotGiven;
        self.kept(|kept| {
            kept.lists.is_refused = invoices == List::Unreadable;
            kept.lists.invoices = invoices.entries();
            kept.lists.read_at = None;
            // The address may have failed before; its failure is not shown now.
            let awaits_methods = kept.config.payment_methods_src.is_some() && kept.lists.methods.is_none();
            kept.lists.failed &= kept.lists.open > 0 || awaits_methods;
        });
        self.note_given(0);
        if is_given { self.take_stock() } else { self.read_again() }
    }

    /// Remembers until the end of this task that a list was given: together with another customer it is meant for that one, whichever is set first.
    fn note_given(self, list: usize) {
        self.kept(|kept| kept.lists.just_given[list] = true);
        browser::after(0, move || _ = self.kept(|kept| kept.lists.just_given[list] = false));
    }

    /// Takes other stored methods from the host; where it gives none any more, those of its address count. Unreadable ones replace older ones.
    pub fn set_methods(self, methods: List<StoredMethod>) {
        let (is_given, is_refused) = (methods != List::NotGiven, methods == List::Unreadable);
        self.kept(|kept| {
            kept.lists.are_methods_refused = is_refused;
            kept.lists.methods = methods.entries();
            if !is_refused {
                kept.lists.methods_read_at = None;
            }
        });
        if !is_refused {
            self.note_given(1);
        }
        if is_given { self.take_stock() } else { self.read_again() }
    }

    /// The lists of another customer or address are not those that were shown: they go at once, and what is there now is asked for.
    pub(in crate::ui) fn restock(self, before: &Config) {
        self.kept(|Kept { config, lists, .. }| {
            let is_other_customer = before.customer.is_some() && before.customer != config.customer;
            let is_read_anew = is_other_customer || before.settings.api != config.settings.api;
            let is_gone = |has_moved, read_at: Option<u64>, list: usize| match read_at {
                Some(_) => has_moved || is_read_anew,
                None => is_other_customer && !lists.just_given[list],
            };
            if is_gone(before.invoices_src != config.invoices_src, lists.read_at, 0) {
                (lists.invoices, lists.is_refused, lists.read_at) = (None, false, None);
            }
            if is_gone(before.payment_methods_src != config.payment_methods_src, lists.methods_read_at, 1) {
                (lists.methods, lists.are_methods_refused, lists.methods_read_at) = (None, false, None);
            }
            (lists.open, lists.failed) = (0, false);
            lists.round += 1;
        });
        self.refresh();
        self.take_stock();
    }

    /// Whether the invoices are still to come, and nothing is known that a payment could be meant for.
    pub(in crate::ui) fn awaits_invoices(self) -> bool {
        self.load.get() == Load::Loading
            && self.statement.get().invoices().is_empty()
            && self.config().is_some_and(|config| config.kind() == Kind::OnAccount)
    }

    /// Sends what was to be sent, or shows what has changed from what the person saw when they pressed Pay, or saw under review. A list that
    /// does not come is told of, and stops nobody who presses again: the server has the last word.
    fn grant(self, before: &Statement, answer: &Checked) {
        let wish = self.kept(|kept| kept.lists.wish.take()).flatten();
        let is_reviewed = self.state() == State::Reviewing;
        if wish.is_none() && !is_reviewed {
            return;
        }
        self.rereading.set(false);
        let statement = self.statement.get_untracked();
        if statement.known() == Known::Missing {
            // Nothing has changed that could be told: nothing is known any more.
            if is_reviewed {
                self.dispatch(Event::Cancel);
            }
            return;
        }
        let load = self.load.get_untracked();
        if wish.is_some() && load == Load::Failed {
            self.kept(|kept| kept.lists.unchecked_at = Some(browser::now()));
            self.unchecked.set(true);
            return;
        }
        let balances = changes(before, &statement);
        let mut changed: Vec<_> = balances.into_iter().map(|change| (en::BALANCE_CHANGED, change)).collect();
        if let (Some(before), Some(after)) = (&answer.allocation, &self.checked.get_untracked().allocation) {
            changed.extend(share_changes(before, after).into_iter().map(|change| (en::SHARE_CHANGED, change)));
        }
        if is_reviewed && self.checked.with_untracked(|checked| checked.payment.is_err()) {
            // What is under review cannot be paid any more, with a method that is gone, say: the problems say why.
            self.dispatch(Event::Cancel);
            self.focus_request.set(Some(Field::Form));
        }
        if changed.is_empty() {
            match wish {
                // The page gave a list meanwhile. Those that are asked for are still to come.
                Some(wish) if load == Load::Loading => {
                    self.rereading.set(true);
                    self.kept(|kept| kept.lists.wish = Some(wish));
                }
                Some(wish) => self.send_wish(wish),
                None => {}
            }
            return;
        }
        self.changed.set(changed.into());
        if is_reviewed {
            self.dispatch(Event::Cancel);
        }
    }

    /// Whether the lists have changed neither the currency nor the day. Other ground draws the form anew, and whoever types meanwhile
    /// would lose the field from under their fingers. A list without any invoice names no other currency.
    fn stands_on_its_basis(self) -> bool {
        let named = self.config().and_then(|config| config.settings.currency);
        let currency = self.statement.with_untracked(|statement| statement.currency()).or(named);
        let is_same = |basis: &Arc<Basis>| {
            currency.is_none_or(|currency| currency == basis.terms.currency) && browser::today() == Some(basis.terms.today)
        };
        self.basis.with_untracked(|basis| basis.as_ref().is_some_and(is_same))
    }

    /// An attempt is settled: what came meanwhile may be shown.
    pub(in crate::ui) fn take_held_back(self, state: State) {
        if !state.is_unresolved() && self.kept(|kept| kept.lists.is_held_back) == Some(true) {
            self.take_stock();
        }
    }

    /// Makes the statement of the lists as they are known. Until an attempt of this page is settled, the one stays that it was sent on: a
    /// newer one may already hold the payment, and another division would stand there than the one that was sent.
    pub(in crate::ui) fn take_stock(self) {
        let (before, answer) = (self.statement.get_untracked(), self.checked.get_untracked());
        let holds_back = self.state().is_unresolved() && !self.restored.get_untracked();
        let known = self.kept(|kept| {
            let lists = &mut kept.lists;
            lists.is_held_back = holds_back;
            let has_address = kept.config.invoices_src.is_some();
            let load = match (lists.open, lists.failed) {
                (1.., _) if !lists.is_given_up => Load::Loading,
                (0, false) => Load::Ready,
                _ => Load::Failed,
            };
            let waiting = if load == Load::Loading { Vec::new() } else { std::mem::take(&mut lists.waiting) };
            let load = if load == Load::Ready && lists.are_methods_refused { Load::Refused } else { load };
            (lists.invoices.clone(), lists.is_refused, has_address, lists.methods.clone(), load, waiting)
        });
        let Some((invoices, is_refused, has_address, methods, mut load, waiting)) = known else { return };
        let wanted = self.config().and_then(|config| config.settings.currency);
        let statement = match invoices.map(|invoices| Statement::in_currency(wanted, invoices, methods.clone())) {
            Some(Ok(statement)) => statement,
            Some(Err(error)) => {
                let reason = match error {
                    StatementError::MixedCurrencies(currencies) => {
                        let codes: Vec<&str> = currencies.iter().map(|currency| currency.code()).collect();
                        format!("The invoices are in {}: one payment can pay only one currency.", codes.join(" and "))
                    }
                    StatementError::Duplicate(id) => format!("Invoice {id} is listed twice."),
                };
                browser::tell_developer(&reason);
                Statement::without_list(Known::Missing, methods)
            }
            None if is_refused || has_address => Statement::without_list(Known::Missing, methods),
            None => Statement::without_list(Known::NotGiven, methods),
        };
        if statement.known() == Known::Missing && load == Load::Ready {
            load = if has_address { Load::Failed } else { Load::Refused };
        }
        if !holds_back {
            let named = self.config().and_then(|config| config.settings.currency);
            if let Some((theirs, _)) = statement.currency().zip(named).filter(|(theirs, named)| theirs != named) {
                browser::tell_developer(&format!("the invoices are in {}, whatever `currency` says.", theirs.code()));
            }
            self.statement.set(Arc::new(statement));
            if !self.stands_on_its_basis() {
                self.lay_basis();
            }
            self.choose_method();
        }
        if load == Load::Ready && self.basis.with_untracked(Option::is_none) {
            browser::tell_developer("no invoice tells the currency: set the attribute `currency`.");
        }
        self.load.set(load);
        self.grant(&before, &answer);
        if self.kept(|kept| kept.lists.greets) == Some(true) {
            self.announce_ready();
        }
        for resolve in waiting {
            // Resolving a promise cannot throw.
            _ = resolve.call0(&JsValue::UNDEFINED);
        }
    }
}
