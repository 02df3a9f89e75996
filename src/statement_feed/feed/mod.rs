//! Turns events into commands: an event changes the lists (`rounds.rs`), or lets a press send a payment (`presses.rs`).

mod presses;
mod rounds;

use super::{
    event::{BalanceNotice, Command, Event, HostList, List, Load, PayButton, Sources},
    feed_list::FeedList,
};
use crate::{
    api::Api,
    domain::{
        invoice::Invoice,
        money::Currency,
        payment::Kind,
        statement::{Statement, StoredMethod},
    },
    submission::State,
};
use std::sync::Arc;

/// The age in milliseconds from which lists are read again before a payment is sent.
pub const STALE_AFTER: u64 = 60_000;

/// The least duration of a round in milliseconds, whatever the `timeout`, because a list may be long and the line slow.
pub const ROUND_TIMEOUT_MIN: u64 = 10_000;

/// The lists that could not be loaded, or not loaded again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    /// True when the invoices failed, came too late, or cannot be read.
    pub invoices: bool,
    /// True when the stored methods failed, came too late, or cannot be read.
    pub methods: bool,
}

impl Failures {
    /// Tells whether this list could not be loaded.
    pub fn of(self, list: List) -> bool {
        match list {
            List::Invoices => self.invoices,
            List::Methods => self.methods,
        }
    }
}

/// The lists of one form, the round of requests for them, and the press that waits for it.
///
/// Each form has one feed. [`StatementFeed::apply`] takes an [`Event`] and returns the [`Command`]s to execute; the feed itself does no
/// I/O.
#[derive(Clone, Debug, Default)]
pub struct StatementFeed {
    sources: Sources,
    invoices: FeedList<Invoice>,
    methods: FeedList<StoredMethod>,
    /// The current round. Rounds are counted from 1, so that late answers are recognised.
    round: u32,
    /// True when the time of the current round is over.
    is_timed_out: bool,
    load: Load,
    statement: Arc<Statement>,
    mixed_currencies: Arc<[Currency]>,
    failures: Failures,
    /// The times at which the shown invoices and methods were read. A newer list may have arrived already, while the other list of its
    /// round has not.
    shown_read_at: [Option<u64>; 2],
    /// The statement before [`Command::Show`], until [`Event::Shown`] answers it.
    previous: Option<Arc<Statement>>,
    /// True when newer lists than the shown ones have arrived.
    is_held_back: bool,
    /// The press that waits for the lists.
    waiting_press: Option<PayButton>,
    /// The time of the notice that the lists could not be read again.
    unchecked_at: Option<u64>,
    notice: NoticeKind,
    /// True when a caller awaits a refresh.
    is_refresh_awaited: bool,
    /// True when the page awaits the announcement that the form is usable.
    is_ready_awaited: bool,
    state: State,
    is_restored: bool,
}

/// The kind of the shown notice, without its contents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum NoticeKind {
    #[default]
    None,
    Changed,
    Unchecked,
}

impl StatementFeed {
    /// A feed that waits for [`Event::Started`].
    pub fn new(sources: Sources) -> Self {
        Self { sources, ..Self::default() }
    }

    /// The progress of loading the lists.
    pub fn load(&self) -> Load {
        self.load
    }

    /// The statement that is shown.
    pub fn statement(&self) -> &Arc<Statement> {
        &self.statement
    }

    /// The currencies of the newest invoices, where several of them keep the invoices from being a statement; otherwise empty.
    pub fn mixed_currencies(&self) -> &Arc<[Currency]> {
        &self.mixed_currencies
    }

    /// The lists that could not be loaded; none while a round is under way.
    pub fn failures(&self) -> Failures {
        self.failures
    }

    /// Tells whether a press waits for the lists.
    pub fn is_rereading(&self) -> bool {
        self.waiting_press.is_some()
    }

    /// Tells whether presses on a button that pays are ignored.
    pub fn is_busy(&self) -> bool {
        self.is_rereading() || Self::awaits_invoices(self.sources.api, self.load, &self.statement)
    }

    /// Tells whether invoices are being loaded and none is known yet.
    pub fn awaits_invoices(api: Api, load: Load, statement: &Statement) -> bool {
        load == Load::Loading && statement.invoices().is_empty() && api.kind() == Kind::OnAccount
    }

    /// Tells whether the shown lists are too old to send a payment on. Lists that the page gives never count as old.
    pub fn is_stale(&self, now: u64) -> bool {
        // A time in the future counts as old, because a clock that was set back tells no age.
        let is_old = |time: u64| now.abs_diff(time) > STALE_AFTER;
        let is_any_old = self.shown_read_at.into_iter().flatten().any(is_old);
        is_any_old && self.unchecked_at.is_none_or(is_old)
    }

    /// Applies an event at `now` (milliseconds since 1970, by the wall clock), and returns the commands to execute, in this order.
    pub fn apply(&mut self, event: Event, now: u64) -> Vec<Command> {
        let mut commands = Vec::new();
        self.transition(event, now, &mut commands);
        commands
    }

    fn transition(&mut self, event: Event, now: u64, commands: &mut Vec<Command>) {
        match event {
            Event::Started { invoices, methods } => {
                self.invoices.set_host_list(invoices);
                self.methods.set_host_list(methods);
                self.await_task_end(commands);
                self.read_again(commands);
            }
            Event::Mounted { has_currency } => {
                self.is_ready_awaited = true;
                self.announce_ready(has_currency, commands);
            }
            Event::Configured(sources) => self.configure(sources, commands),
            Event::HostInvoices(list) => {
                let is_given = list != HostList::Absent;
                self.invoices.set_host_list(list);
                self.on_host_list(is_given, commands);
            }
            Event::HostMethods(list) => {
                let is_given = list != HostList::Absent;
                self.methods.set_host_list(list);
                self.on_host_list(is_given, commands);
            }
            Event::TaskEnded => {
                self.invoices.end_task();
                self.methods.end_task();
            }
            Event::Refresh => {
                self.is_refresh_awaited = true;
                self.read(true, true, commands);
            }
            Event::InvoicesAnswered { round, result } => {
                if round == self.round && self.invoices.is_awaited() {
                    self.invoices.answer(list_or_warning(result, commands), now);
                    self.on_list_answer(commands);
                }
            }
            Event::MethodsAnswered { round, result } => {
                if round == self.round && self.methods.is_awaited() {
                    self.methods.answer(list_or_warning(result, commands), now);
                    self.on_list_answer(commands);
                }
            }
            Event::RoundTimedOut { round } => {
                if round == self.round && self.is_open() && !self.is_timed_out {
                    self.is_timed_out = true;
                    self.update_statement(commands);
                }
            }
            Event::Shown { before, after, has_currency } => self.on_shown(&before, &after, has_currency, now, commands),
            Event::Pressed { button, is_payable, online } => self.press(button, is_payable, online, now, commands),
            Event::Entered { state, is_restored } => self.enter(state, is_restored, commands),
            Event::Refused => drop(self.read_again(commands)),
            Event::Withdrawn => self.end_press(commands),
            Event::Reset => {
                self.end_press(commands);
                self.set_notice(BalanceNotice::None, commands);
            }
        }
    }

    /// Tells whether a list of this round is awaited, even after its time is over.
    fn is_open(&self) -> bool {
        self.invoices.is_awaited() || self.methods.is_awaited()
    }

    /// Tells whether the shown statement must stay. A newer statement may already include the attempt's payment, so the form would show
    /// another division than the sent one. The division of a restored attempt is unknown, so its statement may change.
    fn keeps_statement(&self) -> bool {
        self.state.is_unresolved() && !self.is_restored
    }
}

fn list_or_warning<T>(result: Result<Vec<T>, String>, commands: &mut Vec<Command>) -> Option<Vec<T>> {
    result.map_err(|reason| commands.push(Command::Warn(reason))).ok()
}
