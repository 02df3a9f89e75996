//! What is owed and with what it can be paid: given by the host, or read from its addresses (`fetch_lists.rs`).

use crate::ui::{
    platform::browser,
    state::config::Config,
    state::form_state::{Form, Kept},
    state::pay::Wish,
    state::reconfigure::Ground,
    state::view_model::Load,
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
use js_sys::Function;
use std::sync::Arc;
use wasm_bindgen::JsValue;

/// What the host gave in place of addresses.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The invoices, open or not.
    pub invoices: Option<Vec<Invoice>>,
    /// Whether it gave invoices that cannot be read.
    pub is_refused: bool,
    /// The stored methods.
    pub methods: Option<Vec<StoredMethod>>,
    /// Whether it gave stored methods that cannot be read.
    pub are_methods_refused: bool,
}

/// The lists as far as they are known. One statement is made of both, so the second to arrive makes it.
#[derive(Debug, Default)]
pub(in crate::ui) struct Lists {
    pub invoices: Option<Vec<Invoice>>,
    /// Whether the host gave invoices that cannot be read. Older ones are not to be trusted then.
    pub is_refused: bool,
    /// The same of stored methods.
    pub are_methods_refused: bool,
    pub methods: Option<Vec<StoredMethod>>,
    /// How many addresses are being read, and in which round: an answer of an earlier round is late.
    pub open: u32,
    pub round: u32,
    pub failed: bool,
    /// Whether this round is not waited for any more.
    pub is_given_up: bool,
    /// When the invoices and the methods were last read from their addresses, in milliseconds since 1970.
    pub read_at: Option<u64>,
    pub methods_read_at: Option<u64>,
    /// Whether the page gave invoices and methods in this very task.
    pub just_given: [bool; 2],
    /// When the person was told that the balances could not be read again before sending.
    pub unchecked_at: Option<u64>,
    /// What is to be sent once the balances are read again.
    pub wish: Option<Wish>,
    /// Whether newer lists are here than those that are shown.
    pub is_held_back: bool,
    /// Who waits for the lists.
    pub waiting: Vec<Function>,
    /// Whether the page is to be told that the form is usable, once the lists are there.
    pub greets: bool,
    /// Whether `default` was chosen because no stored methods were known, and not by the person.
    pub is_default_assumed: bool,
}

impl Form {
    /// Takes what the host gives, and asks its addresses for the rest.
    pub(in crate::ui) fn supply(self, given: Given) {
        let sources = self.kept(|kept| {
            let is_given = given.invoices.is_some() || given.is_refused;
            kept.lists.invoices = given.invoices;
            kept.lists.is_refused = given.is_refused;
            kept.lists.are_methods_refused = given.are_methods_refused;
            kept.lists.methods = given.methods;
            let invoices_src = kept.config.invoices_src.clone().filter(|_| !is_given);
            let methods_src = kept.config.payment_methods_src.clone().filter(|_| kept.lists.methods.is_none());
            (invoices_src, methods_src)
        });
        if let Some((invoices_src, methods_src)) = sources {
            self.read(invoices_src, methods_src);
        }
    }

    /// Takes other invoices from the host; where it gives none any more, those of its address count.
    pub fn set_invoices(self, invoices: Option<Vec<Invoice>>) {
        let is_given = invoices.is_some();
        self.put_invoices(invoices, false);
        if is_given { self.take_stock() } else { self.read_again() }
    }

    /// Takes note that the host gave invoices that cannot be read: what is owed is not known then.
    pub fn refuse_invoices(self) {
        self.put_invoices(None, true);
        self.take_stock();
    }

    fn put_invoices(self, invoices: Option<Vec<Invoice>>, is_refused: bool) {
        self.kept(|kept| {
            kept.lists.invoices = invoices;
            kept.lists.is_refused = is_refused;
            kept.lists.read_at = None;
            // Its address may have failed before: that is not what is shown now.
            let awaits_methods = kept.config.payment_methods_src.is_some() && kept.lists.methods.is_none();
            kept.lists.failed &= kept.lists.open > 0 || awaits_methods;
        });
        self.note_given(0);
    }

    /// What comes together with another customer is meant for that one, whichever is set first.
    fn note_given(self, list: usize) {
        self.kept(|kept| kept.lists.just_given[list] = true);
        browser::after(0, move || _ = self.kept(|kept| kept.lists.just_given[list] = false));
    }

    /// Takes note that the host gave stored methods that cannot be read: older ones are not offered any more.
    pub fn refuse_methods(self) {
        self.kept(|kept| {
            kept.lists.methods = None;
            kept.lists.are_methods_refused = true;
        });
        self.take_stock();
    }

    /// Takes other stored methods from the host; where it gives none any more, those of its address count.
    pub fn set_methods(self, methods: Option<Vec<StoredMethod>>) {
        let is_given = methods.is_some();
        self.kept(|kept| {
            kept.lists.methods = methods;
            kept.lists.methods_read_at = None;
            kept.lists.are_methods_refused = false;
        });
        self.note_given(1);
        if is_given { self.take_stock() } else { self.read_again() }
    }

    /// The lists of another customer or address are not those that were shown: they go at once, and what is there now is asked for.
    pub(in crate::ui) fn restock(self, before: &Config) {
        self.kept(|Kept { config, lists, .. }| {
            let is_other_customer = before.customer.is_some() && before.customer != config.customer;
            let is_read_anew = is_other_customer || before.api != config.api;
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
            self.reach.set(Some(Field::Form));
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
    fn stands_on_its_ground(self) -> bool {
        let named = self.config().and_then(|config| config.currency);
        let currency = self.statement.with_untracked(|statement| statement.currency()).or(named);
        let is_same = |ground: &Arc<Ground>| {
            currency.is_none_or(|currency| currency == ground.terms.currency) && browser::today() == Some(ground.terms.today)
        };
        self.ground.with_untracked(|ground| ground.as_ref().is_some_and(is_same))
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
        let wanted = self.config().and_then(|config| config.currency);
        let statement = match invoices.map(|invoices| Statement::in_currency(wanted, invoices, methods.clone())) {
            Some(Ok(statement)) => statement,
            Some(Err(error)) => {
                let reason = match error {
                    StatementError::MixedCurrencies(currencies) => {
                        let codes: Vec<&str> = currencies.iter().map(|currency| currency.code()).collect();
                        format!("The invoices are in {}: one payment can pay only one currency.", codes.join(" and "))
                    }
                    StatementError::Duplicate(id) => ["Invoice ", &id.to_string(), " is listed twice."].concat(),
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
            let named = self.config().and_then(|config| config.currency);
            if let Some((theirs, _)) = statement.currency().zip(named).filter(|(theirs, named)| theirs != named) {
                browser::tell_developer(&["the invoices are in ", theirs.code(), ", whatever `currency` says."].concat());
            }
            self.statement.set(Arc::new(statement));
            if !self.stands_on_its_ground() {
                self.lay_ground();
            }
            self.choose_method();
        }
        if load == Load::Ready && self.ground.with_untracked(Option::is_none) {
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
