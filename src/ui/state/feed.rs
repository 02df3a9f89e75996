//! Executes the commands of the statement feed, and reports their results to it.
//!
//! All decisions are the feed's. Commands run in their order, and events during a command wait in a queue. So no two steps of the feed
//! overlap, whatever the page does inside an event.

use crate::ui::{
    platform::{browser, list_reader},
    state::{
        basis::Basis,
        form_state::{FormState, Inner},
        lists,
    },
};
use crate::{
    domain::{
        invoice::Invoice,
        problem::Field,
        statement::{Statement, StoredMethod},
    },
    statement_feed::{BalanceNotice, Command, Event, List, StatementFeed},
    submission,
    words::en,
};
use js_sys::Promise;
use leptos::prelude::*;
use std::{rc::Rc, sync::Arc};
use wasm_bindgen::JsValue;

impl FormState {
    /// Takes other invoices from the host; without a list, the invoices of its address count.
    pub fn set_invoices(self, invoices: lists::List<Invoice>) {
        self.unreadable.set(invoices.error().cloned());
        self.feed(Event::HostInvoices(invoices.into()));
    }

    /// Takes other stored methods from the host; without a list, the methods of its address count.
    pub fn set_methods(self, methods: lists::List<StoredMethod>) {
        self.feed(Event::HostMethods(methods.into()));
    }

    /// Reads the lists again from their addresses.
    pub fn refresh(self) {
        self.feed(Event::Refresh);
    }

    /// Reads the lists again; the promise resolves when both have arrived or failed.
    pub fn refresh_promise(self) -> Promise {
        let promise = Promise::new(&mut |resolve, _| {
            self.with_inner(|Inner { feed, .. }| feed.resolvers.push(resolve));
        });
        self.refresh();
        promise
    }

    /// Tells whether invoices are being loaded and none is known yet.
    pub(in crate::ui) fn awaits_invoices(self) -> bool {
        let (load, statement) = (self.load.get(), self.statement.get());
        self.config().is_some_and(|config| StatementFeed::awaits_invoices(config.settings.api, load, &statement))
    }

    /// Hands an event to the feed, and executes the commands that follow.
    pub(in crate::ui) fn feed(self, event: Event) {
        if self.with_inner(|Inner { feed, .. }| feed.push(event)) != Some(true) {
            return;
        }
        while let Some(event) = self.with_inner(|Inner { feed, .. }| feed.pop()).flatten() {
            let apply = |Inner { feed, .. }: &mut Inner| {
                let commands = feed.feed.apply(event, browser::now());
                (commands, Arc::clone(feed.feed.mixed_currencies()), feed.feed.failures())
            };
            let Some((commands, mixed, failures)) = self.with_inner(apply) else { return };
            if self.mixed.with_untracked(|shown| *shown != mixed) {
                self.mixed.set(mixed);
            }
            if self.failures.with_untracked(|shown| *shown != failures) {
                self.failures.set(failures);
            }
            for command in commands {
                self.execute_feed_command(command);
            }
        }
    }

    fn execute_feed_command(self, command: Command) {
        match command {
            Command::Read { round, list, url } => self.read(round, list, url),
            Command::StartTimeout { round, ms } => browser::after(ms, move || self.feed(Event::RoundTimedOut { round })),
            Command::AwaitTaskEnd => browser::after(0, move || self.feed(Event::TaskEnded)),
            Command::SetLoad(load) => self.load.set(load),
            Command::Show(statement) => self.show(statement),
            Command::SetRereading(is_rereading) => self.is_busy_before_sending.set(is_rereading),
            Command::SetNotice(notice) => self.set_notice(notice),
            Command::Grant(button) => self.send_pressed(button),
            Command::EndReview => self.dispatch(submission::Event::Cancel),
            Command::ShowProblems => self.focus_request.set(Some(Field::Form)),
            Command::AnnounceReady => self.announce_ready_now(),
            Command::ResolveRefreshes => {
                for resolve in self.with_inner(|Inner { feed, .. }| std::mem::take(&mut feed.resolvers)).unwrap_or_default() {
                    // Resolving a promise cannot throw.
                    _ = resolve.call0(&JsValue::UNDEFINED);
                }
            }
            Command::Warn(sentence) => browser::log_error(&sentence),
        }
    }

    fn read(self, round: u32, list: List, url: String) {
        let Some((page, config)) = self.with_inner(|inner| (Rc::clone(&inner.page), Arc::clone(&inner.config))) else { return };
        let access = config.access();
        self.spawn(async move {
            let settings = &config.settings;
            self.feed(match list {
                List::Invoices => {
                    let (order, currency) = (settings.order_date, settings.currency);
                    let result = list_reader::invoices(&url, order, currency, &access, &page.authorization).await;
                    self.unreadable.set(result.as_ref().err().and_then(|error| error.list.clone()));
                    Event::InvoicesAnswered { round, result: result.map_err(|error| error.sentence) }
                }
                List::Methods => {
                    let result = list_reader::methods(&url, &access, &page.authorization).await;
                    Event::MethodsAnswered { round, result: result.map_err(|error| error.sentence) }
                }
            });
        });
    }

    fn show(self, statement: Arc<Statement>) {
        let before = self.checked.get_untracked();
        self.statement.set(statement);
        if !self.is_basis_current() {
            self.update_basis();
        }
        self.choose_method();
        self.feed(Event::Shown { before, after: self.checked.get_untracked(), has_currency: self.has_currency() });
    }

    /// Tells whether the form knows the currency, without which it draws no fields.
    pub(in crate::ui) fn has_currency(self) -> bool {
        self.basis.with_untracked(Option::is_some)
    }

    /// Tells whether the basis (currency and day) is still the same. Another basis draws all fields anew, and a person who types would lose
    /// the field. A list without invoices does not change the currency.
    fn is_basis_current(self) -> bool {
        let configured = self.config().and_then(|config| config.settings.currency);
        let currency = self.statement.with_untracked(|statement| statement.currency()).or(configured);
        let is_same = |basis: &Arc<Basis>| {
            currency.is_none_or(|currency| currency == basis.terms.currency) && browser::today() == Some(basis.terms.today)
        };
        self.basis.with_untracked(|basis| basis.as_ref().is_some_and(is_same))
    }

    fn set_notice(self, notice: BalanceNotice) {
        self.unchecked.set(notice == BalanceNotice::Unchecked);
        self.changed.set(match notice {
            BalanceNotice::Changed { balances, shares } => {
                let balances = balances.into_iter().map(|change| (en::BALANCE_CHANGED, change));
                balances.chain(shares.into_iter().map(|change| (en::SHARE_CHANGED, change))).collect()
            }
            BalanceNotice::None | BalanceNotice::Unchecked => Arc::default(),
        });
    }
}
