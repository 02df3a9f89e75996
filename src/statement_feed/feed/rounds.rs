//! Begins and ends rounds of list requests, and makes the statement of their lists.

use super::{Failures, NoticeKind, ROUND_TIMEOUT_MIN, StatementFeed};
use crate::{
    domain::statement::{ListState, Statement, StatementError},
    statement_feed::event::{BalanceNotice, Command, List, Load, Sources},
};
use std::sync::Arc;

impl StatementFeed {
    pub(super) fn configure(&mut self, sources: Sources, commands: &mut Vec<Command>) {
        let before = std::mem::replace(&mut self.sources, sources);
        let now = &self.sources;
        let has_moved = (before.api, before.customer, &before.invoices_src, &before.methods_src)
            != (now.api, now.customer, &now.invoices_src, &now.methods_src);
        if !has_moved {
            // The statement shows the invoices in the named currency only.
            if before.currency != now.currency {
                self.update_statement(commands);
            }
            return;
        }
        // A customer who is named for the first time is not another customer.
        let is_other_customer = before.customer.is_some() && before.customer != now.customer;
        let is_read_anew = is_other_customer || before.api != now.api;
        self.invoices.drop_outdated(is_other_customer, is_read_anew || before.invoices_src != now.invoices_src);
        self.methods.drop_outdated(is_other_customer, is_read_anew || before.methods_src != now.methods_src);
        self.round = self.round.wrapping_add(1);
        self.end_press(commands);
        self.replace_lists(commands);
    }

    /// Reads the lists that the page did not give. The statement without the dropped lists is shown at once, before the new lists arrive.
    fn replace_lists(&mut self, commands: &mut Vec<Command>) {
        if self.read_again(commands) {
            self.update_statement(commands);
        }
    }

    pub(super) fn await_task_end(&mut self, commands: &mut Vec<Command>) {
        if self.invoices.is_just_given() || self.methods.is_just_given() {
            commands.push(Command::AwaitTaskEnd);
        }
    }

    pub(super) fn on_host_list(&mut self, is_given: bool, commands: &mut Vec<Command>) {
        self.await_task_end(commands);
        if is_given {
            self.update_statement(commands);
        } else {
            self.replace_lists(commands);
        }
    }

    pub(super) fn on_list_answer(&mut self, commands: &mut Vec<Command>) {
        if self.is_timed_out || !self.is_open() {
            self.update_statement(commands);
        }
    }

    /// Reads the lists that the page did not give once more. Returns `true` when a request leaves.
    pub(super) fn read_again(&mut self, commands: &mut Vec<Command>) -> bool {
        self.read(!self.invoices.is_given(), !self.methods.is_given(), commands)
    }

    /// Begins a round for the lists that have an address. Returns `true` when a request leaves; otherwise the known lists are used.
    pub(super) fn read(&mut self, reads_invoices: bool, reads_methods: bool, commands: &mut Vec<Command>) -> bool {
        let invoices_src = self.sources.invoices_src.clone().filter(|_| reads_invoices);
        let methods_src = self.sources.methods_src.clone().filter(|_| reads_methods);
        if invoices_src.is_none() && methods_src.is_none() {
            self.update_statement(commands);
            return false;
        }
        self.round = self.round.wrapping_add(1);
        let round = self.round;
        self.is_timed_out = false;
        self.unchecked_at = None;
        self.invoices.begin(invoices_src.is_some());
        self.methods.begin(methods_src.is_some());
        self.failures = Failures::default();
        self.set_load(Load::Loading, commands);
        if self.notice == NoticeKind::Unchecked {
            self.set_notice(BalanceNotice::None, commands);
        }
        commands.push(Command::StartTimeout { round, ms: self.sources.timeout.max(ROUND_TIMEOUT_MIN) });
        commands.extend(invoices_src.map(|url| Command::Read { round, list: List::Invoices, url }));
        commands.extend(methods_src.map(|url| Command::Read { round, list: List::Methods, url }));
        true
    }

    /// Makes a statement of the known lists, and shows it unless it is held back.
    pub(super) fn update_statement(&mut self, commands: &mut Vec<Command>) {
        let statement = self.statement_of_lists(commands);
        let load = self.load_of(&statement);
        self.failures = match load {
            Load::Loading | Load::Ready => Failures::default(),
            Load::Failed | Load::Refused => Failures {
                invoices: self.invoices.is_missing() || statement.list_state() == ListState::Missing,
                methods: self.methods.is_missing(),
            },
        };
        self.set_load(load, commands);
        self.is_held_back = self.keeps_statement();
        if self.is_held_back {
            self.announce_ready(true, commands);
        } else {
            if let Some((actual, configured)) = statement.currency().zip(self.sources.currency)
                && actual != configured
            {
                commands.push(Command::Warn(format!("the invoices are in {}, whatever `currency` says.", actual.code())));
            }
            let before = std::mem::replace(&mut self.statement, Arc::new(statement));
            self.previous.get_or_insert(before);
            self.shown_read_at = [self.invoices.read_at(), self.methods.read_at()];
            commands.push(Command::Show(Arc::clone(&self.statement)));
        }
        if load != Load::Loading && std::mem::take(&mut self.is_refresh_awaited) {
            commands.push(Command::ResolveRefreshes);
        }
    }

    fn statement_of_lists(&mut self, commands: &mut Vec<Command>) -> Statement {
        self.mixed_currencies = Arc::default();
        let methods = self.methods.list().cloned();
        let Some(invoices) = self.invoices.list() else {
            let is_missing = self.invoices.is_unreadable() || self.sources.invoices_src.is_some();
            return Statement::without_list(if is_missing { ListState::Missing } else { ListState::NotGiven }, methods);
        };
        Statement::in_currency(self.sources.currency, invoices.clone(), methods.clone()).unwrap_or_else(|error| {
            commands.push(Command::Warn(match error {
                StatementError::MixedCurrencies(currencies) => {
                    let codes: Vec<&str> = currencies.iter().map(|currency| currency.code()).collect();
                    self.mixed_currencies = currencies.as_slice().into();
                    format!("The invoices are in {}: one payment can pay only one currency.", codes.join(" and "))
                }
                StatementError::Duplicate(id) => format!("Invoice {id} is listed twice."),
            }));
            Statement::without_list(ListState::Missing, methods)
        })
    }

    fn load_of(&self, statement: &Statement) -> Load {
        match () {
            () if self.is_open() && !self.is_timed_out => Load::Loading,
            () if self.is_open() || self.invoices.has_failed() || self.methods.has_failed() => Load::Failed,
            () if self.methods.is_unreadable() => Load::Refused,
            () if statement.list_state() != ListState::Missing => Load::Ready,
            () if self.sources.invoices_src.is_some() => Load::Failed,
            () => Load::Refused,
        }
    }

    fn set_load(&mut self, load: Load, commands: &mut Vec<Command>) {
        if std::mem::replace(&mut self.load, load) != load {
            commands.push(Command::SetLoad(load));
        }
    }
}
