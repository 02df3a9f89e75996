//! Turns events into commands: an event changes the lists, begins or ends a round, or lets a press send a payment.

use super::{
    event::{BalanceNotice, Command, Event, HostList, List, Load, PayButton, Sources},
    source::Source,
};
use crate::{
    api::Api,
    domain::{
        balance_change::{changes, share_changes},
        check::Checked,
        invoice::Invoice,
        money::Currency,
        payment::Kind,
        statement::{Known, Statement, StatementError, StoredMethod},
    },
    submission::State,
};
use std::sync::Arc;

/// The age in milliseconds from which lists are read again before a payment is sent.
pub const STALE_AFTER: u64 = 60_000;

/// The least duration of a round in milliseconds, whatever the `timeout`, because a list may be long and the line slow.
pub const ROUND_TIMEOUT_MIN: u64 = 10_000;

/// The lists of one form, the round of requests for them, and the press that waits for it.
///
/// Each form has one feed. [`StatementFeed::apply`] takes an [`Event`] and returns the [`Command`]s to execute; the feed itself does no
/// I/O.
#[derive(Clone, Debug, Default)]
pub struct StatementFeed {
    sources: Sources,
    invoices: Source<Invoice>,
    methods: Source<StoredMethod>,
    /// The current round. Rounds are counted from 1, so that late answers are recognised.
    round: u32,
    /// True when the time of the current round is over.
    is_timed_out: bool,
    load: Load,
    statement: Arc<Statement>,
    mixed: Arc<[Currency]>,
    /// The times at which the shown invoices and methods were read. A newer list may have arrived already, while the other list of its
    /// round has not.
    shown_read_at: [Option<u64>; 2],
    /// The statement before [`Command::Show`], until [`Event::Shown`] answers it.
    compared: Option<Arc<Statement>>,
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
        &self.mixed
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
        self.take(event, now, &mut commands);
        commands
    }

    fn take(&mut self, event: Event, now: u64, commands: &mut Vec<Command>) {
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
            Event::HostInvoices(given) => {
                let is_given = given != HostList::Absent;
                self.invoices.set_host_list(given);
                self.settle_host_list(is_given, commands);
            }
            Event::HostMethods(given) => {
                let is_given = given != HostList::Absent;
                self.methods.set_host_list(given);
                self.settle_host_list(is_given, commands);
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
                    self.settle_answer(commands);
                }
            }
            Event::MethodsAnswered { round, result } => {
                if round == self.round && self.methods.is_awaited() {
                    self.methods.answer(list_or_warning(result, commands), now);
                    self.settle_answer(commands);
                }
            }
            Event::RoundTimedOut { round } => {
                if round == self.round && self.is_open() && !self.is_timed_out {
                    self.is_timed_out = true;
                    self.update_statement(commands);
                }
            }
            Event::Shown { before, after, has_currency } => self.shown(&before, &after, has_currency, now, commands),
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
    fn holds_back(&self) -> bool {
        self.state.is_unresolved() && !self.is_restored
    }

    fn configure(&mut self, sources: Sources, commands: &mut Vec<Command>) {
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
        self.invoices.drop_foreign(is_other_customer, is_read_anew || before.invoices_src != now.invoices_src);
        self.methods.drop_foreign(is_other_customer, is_read_anew || before.methods_src != now.methods_src);
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

    fn await_task_end(&mut self, commands: &mut Vec<Command>) {
        if self.invoices.is_just_given() || self.methods.is_just_given() {
            commands.push(Command::AwaitTaskEnd);
        }
    }

    fn settle_host_list(&mut self, is_given: bool, commands: &mut Vec<Command>) {
        self.await_task_end(commands);
        if is_given {
            self.update_statement(commands);
        } else {
            self.replace_lists(commands);
        }
    }

    fn settle_answer(&mut self, commands: &mut Vec<Command>) {
        if self.is_timed_out || !self.is_open() {
            self.update_statement(commands);
        }
    }

    /// Reads the lists that the page did not give once more. Returns `true` when a request leaves.
    fn read_again(&mut self, commands: &mut Vec<Command>) -> bool {
        self.read(!self.invoices.is_given(), !self.methods.is_given(), commands)
    }

    /// Begins a round for the lists that have an address. Returns `true` when a request leaves; otherwise the known lists are used.
    fn read(&mut self, reads_invoices: bool, reads_methods: bool, commands: &mut Vec<Command>) -> bool {
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
    fn update_statement(&mut self, commands: &mut Vec<Command>) {
        let statement = self.statement_of_lists(commands);
        let load = self.load_of(&statement);
        self.set_load(load, commands);
        self.is_held_back = self.holds_back();
        if self.is_held_back {
            self.announce_ready(true, commands);
        } else {
            if let Some((theirs, named)) = statement.currency().zip(self.sources.currency)
                && theirs != named
            {
                commands.push(Command::Warn(format!("the invoices are in {}, whatever `currency` says.", theirs.code())));
            }
            let before = std::mem::replace(&mut self.statement, Arc::new(statement));
            self.compared.get_or_insert(before);
            self.shown_read_at = [self.invoices.read_at(), self.methods.read_at()];
            commands.push(Command::Show(Arc::clone(&self.statement)));
        }
        if load != Load::Loading && std::mem::take(&mut self.is_refresh_awaited) {
            commands.push(Command::ResolveRefreshes);
        }
    }

    fn statement_of_lists(&mut self, commands: &mut Vec<Command>) -> Statement {
        self.mixed = Arc::default();
        let methods = self.methods.list().cloned();
        let Some(invoices) = self.invoices.list() else {
            let is_missing = self.invoices.is_unreadable() || self.sources.invoices_src.is_some();
            return Statement::without_list(if is_missing { Known::Missing } else { Known::NotGiven }, methods);
        };
        Statement::in_currency(self.sources.currency, invoices.clone(), methods.clone()).unwrap_or_else(|error| {
            commands.push(Command::Warn(match error {
                StatementError::MixedCurrencies(currencies) => {
                    let codes: Vec<&str> = currencies.iter().map(|currency| currency.code()).collect();
                    self.mixed = currencies.as_slice().into();
                    format!("The invoices are in {}: one payment can pay only one currency.", codes.join(" and "))
                }
                StatementError::Duplicate(id) => format!("Invoice {id} is listed twice."),
            }));
            Statement::without_list(Known::Missing, methods)
        })
    }

    fn load_of(&self, statement: &Statement) -> Load {
        match () {
            () if self.is_open() && !self.is_timed_out => Load::Loading,
            () if self.is_open() || self.invoices.has_failed() || self.methods.has_failed() => Load::Failed,
            () if self.methods.is_unreadable() => Load::Refused,
            () if statement.known() != Known::Missing => Load::Ready,
            () if self.sources.invoices_src.is_some() => Load::Failed,
            () => Load::Refused,
        }
    }

    fn set_load(&mut self, load: Load, commands: &mut Vec<Command>) {
        if std::mem::replace(&mut self.load, load) != load {
            commands.push(Command::SetLoad(load));
        }
    }

    fn shown(&mut self, before: &Checked, after: &Checked, has_currency: bool, now: u64, commands: &mut Vec<Command>) {
        let Some(compared) = self.compared.take() else { return };
        if self.load == Load::Ready && !has_currency {
            commands.push(Command::Warn("no invoice tells the currency: set the attribute `currency`.".into()));
        }
        self.decide(&compared, before, after, now, commands);
        self.announce_ready(has_currency, commands);
    }

    /// Grants the waiting press, or tells the person why the payment is not sent. A review ends for the same reasons.
    fn decide(&mut self, compared: &Statement, before: &Checked, after: &Checked, now: u64, commands: &mut Vec<Command>) {
        let is_reviewed = self.state == State::Reviewing;
        let button = self.waiting_press;
        if button.is_none() && !is_reviewed {
            return;
        }
        // A lost list counts as unchecked, because balances cannot be compared with it.
        let is_lost = self.statement.known() == Known::Missing && compared.known() != Known::Missing;
        let (mut balances, mut shares) = (Vec::new(), Vec::new());
        if !is_lost {
            balances = changes(compared, &self.statement);
            if let (Some(before), Some(after)) = (&before.allocation, &after.allocation) {
                shares = share_changes(before, after);
            }
        }
        let has_changed = !balances.is_empty() || !shares.is_empty();
        let is_unpayable = after.payment.is_err();
        if is_lost || has_changed || is_unpayable {
            self.end_press(commands);
            if is_reviewed {
                commands.push(Command::EndReview);
            }
            if has_changed {
                self.set_notice(BalanceNotice::Changed { balances, shares }, commands);
            }
            if is_lost && button.is_some() {
                self.notify_unchecked(now, commands);
            } else if is_unpayable && !is_lost {
                commands.push(Command::ShowProblems);
            }
            return;
        }
        let Some(button) = button else { return };
        match self.load {
            // The page gave one list, and the requested one has not arrived.
            Load::Loading => {}
            Load::Failed => {
                self.end_press(commands);
                self.notify_unchecked(now, commands);
            }
            Load::Ready | Load::Refused => {
                self.end_press(commands);
                commands.push(Command::Grant(button));
            }
        }
    }

    fn notify_unchecked(&mut self, now: u64, commands: &mut Vec<Command>) {
        self.unchecked_at = Some(now);
        self.set_notice(BalanceNotice::Unchecked, commands);
    }

    fn press(&mut self, button: PayButton, is_payable: bool, online: bool, now: u64, commands: &mut Vec<Command>) {
        if self.is_busy() || !button.fits(self.state) {
            return;
        }
        self.set_notice(BalanceNotice::None, commands);
        if !is_payable {
            commands.push(Command::ShowProblems);
            return;
        }
        // Offline no list can be read, and the submission machine shows the notice about it.
        if online && self.is_stale(now) {
            self.waiting_press = Some(button);
            commands.push(Command::SetRereading(true));
            self.read_again(commands);
        } else {
            commands.push(Command::Grant(button));
        }
    }

    fn enter(&mut self, state: State, is_restored: bool, commands: &mut Vec<Command>) {
        (self.state, self.is_restored) = (state, is_restored);
        if self.waiting_press.is_some_and(|button| !button.fits(state)) {
            self.end_press(commands);
        }
        if self.is_held_back && !self.holds_back() {
            self.update_statement(commands);
        }
    }

    fn end_press(&mut self, commands: &mut Vec<Command>) {
        if self.waiting_press.take().is_some() {
            commands.push(Command::SetRereading(false));
        }
    }

    fn set_notice(&mut self, notice: BalanceNotice, commands: &mut Vec<Command>) {
        let kind = match &notice {
            BalanceNotice::None => NoticeKind::None,
            BalanceNotice::Changed { .. } => NoticeKind::Changed,
            BalanceNotice::Unchecked => NoticeKind::Unchecked,
        };
        let before = std::mem::replace(&mut self.notice, kind);
        if (before, kind) != (NoticeKind::None, NoticeKind::None) {
            commands.push(Command::SetNotice(notice));
        }
    }

    /// Tells the page that the form is usable, as soon as the currency is known: without it the form has no fields.
    fn announce_ready(&mut self, has_currency: bool, commands: &mut Vec<Command>) {
        let waits = self.state == State::Ready && self.load == Load::Loading && !has_currency;
        if self.is_ready_awaited && !waits {
            self.is_ready_awaited = false;
            commands.push(Command::AnnounceReady);
        }
    }
}

fn list_or_warning<T>(result: Result<Vec<T>, String>, commands: &mut Vec<Command>) -> Option<Vec<T>> {
    result.map_err(|reason| commands.push(Command::Warn(reason))).ok()
}
