//! Holds a page for the tests of the statement feed: a feed, a clock, a draft, and the effects of every command.

use payment_form::{
    api::Api,
    domain::{
        allocation::Order,
        amount::Separators,
        balance_change::Change,
        check::{Checked, check},
        date::Date,
        draft::Draft,
        invoice::{CustomerId, Invoice, InvoiceId, MethodId},
        money::{Currency, Money},
        payment::{AllocationWire, Kind, Source},
        payment_order::DateField,
        statement::{Statement, StoredKind, StoredMethod},
        terms::{OfferedMethods, Terms},
    },
    statement_feed::{BalanceNotice, Command, Event, List, Load, PayButton, Sources, StatementFeed},
    submission::State,
};
use rust_decimal::Decimal;
use std::{collections::VecDeque, sync::Arc};

/// The moment at which the tests begin.
pub const START: u64 = 1_790_000_000_000;

/// Both addresses, and the customer who owes.
pub fn sources() -> Sources {
    Sources {
        api: Api::Fusebill,
        customer: CustomerId::new(1),
        currency: Currency::from_code("USD"),
        invoices_src: Some("/invoices".into()),
        methods_src: Some("/methods".into()),
        timeout: 60_000,
    }
}

pub fn invoice(id: i64, cents: i64, currency: &str) -> Invoice {
    let currency = Currency::from_code(currency).unwrap();
    Invoice {
        id: InvoiceId::new(id).unwrap(),
        number: format!("INV-{id}"),
        due: Date::parse("2026-10-01"),
        issued: None,
        total: None,
        balance: Money::new(Decimal::new(cents, 2), currency).unwrap(),
        credit: None,
    }
}

pub fn card(id: i64, label: &str) -> StoredMethod {
    StoredMethod {
        id: MethodId::new(id).unwrap(),
        kind: StoredKind::CreditCard,
        label: label.into(),
        ending: None,
        is_default: true,
        expires: None,
    }
}

/// A form that pays 70.00 in cash to the oldest invoices, and executes the feed's commands.
pub struct Page {
    pub feed: StatementFeed,
    pub now: u64,
    pub draft: Draft,
    pub sources: Sources,
    pub state: State,
    pub is_restored: bool,
    /// True when the form knows the currency.
    pub has_currency: bool,
    pub statement: Arc<Statement>,
    pub checked: Arc<Checked>,
    pub load: Load,
    pub is_rereading: bool,
    pub notice: BalanceNotice,
    pub granted: Vec<PayButton>,
    pub announced: u32,
    /// The number of callers who await a refresh.
    pub awaiting: u32,
    /// The commands since the last [`Page::apply`], including those of the answers.
    pub commands: Vec<Command>,
}

impl Page {
    pub fn new(sources: Sources) -> Self {
        let draft = Draft { amount: "70".into(), method: "Cash".into(), ..Draft::default() };
        let feed = StatementFeed::new(sources.clone());
        let statement = Arc::clone(feed.statement());
        let checked = Arc::new(answer(&draft, &statement));
        Self {
            load: feed.load(),
            feed,
            now: START,
            draft,
            sources,
            state: State::Ready,
            is_restored: false,
            has_currency: true,
            statement,
            checked,
            is_rereading: false,
            notice: BalanceNotice::None,
            granted: Vec::new(),
            announced: 0,
            awaiting: 0,
            commands: Vec::new(),
        }
    }

    /// Hands an event to the feed, and executes its commands. Events of the commands follow in their order.
    pub fn apply(&mut self, event: Event) {
        self.commands.clear();
        self.awaiting += u32::from(matches!(event, Event::Refresh));
        let mut line = VecDeque::from([event]);
        while let Some(event) = line.pop_front() {
            for command in self.feed.apply(event, self.now) {
                self.execute(&command, &mut line);
                self.commands.push(command);
            }
        }
        assert_eq!((self.feed.load(), self.feed.is_rereading()), (self.load, self.is_rereading), "commands tell all");
        assert!(Arc::ptr_eq(self.feed.statement(), &self.statement), "the statement is the one that was last shown");
    }

    fn execute(&mut self, command: &Command, line: &mut VecDeque<Event>) {
        match command {
            Command::Show(statement) => {
                let before = std::mem::replace(&mut self.checked, Arc::new(answer(&self.draft, statement)));
                self.statement = Arc::clone(statement);
                let (after, has_currency) = (Arc::clone(&self.checked), self.has_currency);
                line.push_back(Event::Shown { before, after, has_currency });
            }
            Command::SetLoad(load) => {
                assert_ne!(*load, self.load, "a load is set once");
                self.load = *load;
            }
            Command::SetRereading(is_rereading) => {
                assert_ne!(*is_rereading, self.is_rereading, "a press begins and ends once");
                self.is_rereading = *is_rereading;
            }
            Command::SetNotice(notice) => self.notice = notice.clone(),
            Command::Grant(button) => self.granted.push(*button),
            Command::EndReview => {
                assert_eq!(self.state, State::Reviewing, "only a review ends");
                self.state = State::Ready;
                line.push_back(Event::Entered { state: self.state, is_restored: false });
            }
            Command::AnnounceReady => self.announced += 1,
            Command::ResolveRefreshes => {
                assert!(self.awaiting > 0, "somebody awaits a refresh");
                self.awaiting = 0;
            }
            Command::Read { .. }
            | Command::StartTimeout { .. }
            | Command::AwaitTaskEnd
            | Command::ShowProblems
            | Command::Warn(_) => {}
        }
    }

    /// Takes another draft, and checks it at once.
    pub fn edit(&mut self, change: impl FnOnce(&mut Draft)) {
        change(&mut self.draft);
        self.checked = Arc::new(answer(&self.draft, &self.statement));
    }

    pub fn enter(&mut self, state: State, is_restored: bool) {
        (self.state, self.is_restored) = (state, is_restored);
        self.apply(Event::Entered { state, is_restored });
    }

    pub fn press(&mut self, button: PayButton, online: bool) {
        let is_payable = self.checked.payment.is_ok();
        self.apply(Event::Pressed { button, is_payable, online });
    }

    pub fn configure(&mut self, change: impl FnOnce(&mut Sources)) {
        change(&mut self.sources);
        self.apply(Event::Configured(self.sources.clone()));
    }

    /// The round of the last request, or 0 before the first.
    pub fn round_of(commands: &[Command]) -> Option<u32> {
        commands
            .iter()
            .rev()
            .find_map(|command| if let Command::StartTimeout { round, .. } = command { Some(*round) } else { None })
    }
}

/// The answer to a draft, as the form makes it.
fn answer(draft: &Draft, statement: &Arc<Statement>) -> Checked {
    let terms = Terms {
        kind: Kind::OnAccount,
        currency: statement.currency().or(Currency::from_code("USD")).unwrap(),
        separators: Separators::ENGLISH,
        sign: String::new(),
        decimals_max: 2,
        min: None,
        max: None,
        today: Date::parse("2026-11-20").unwrap(),
        customer: CustomerId::new(1),
        source: Source::Manual,
        offered: OfferedMethods::for_source(Source::Manual),
        order_by: DateField::Due,
        wire: AllocationWire::Explicit,
    };
    check(draft, statement, &terms)
}

/// An order that leaves the whole payment on account.
pub const ON_ACCOUNT: Order = Order::None;

/// A command in a few words.
pub fn brief(command: &Command) -> String {
    let numbers = |changes: &[Change]| changes.iter().map(|change| change.invoice.to_string()).collect::<Vec<_>>().join(" ");
    match command {
        Command::Read { round, list: List::Invoices, url } => format!("read {url} in round {round}"),
        Command::Read { round, list: List::Methods, url } => format!("read {url} in round {round}"),
        Command::StartTimeout { ms, .. } => format!("wait {ms}"),
        Command::AwaitTaskEnd => "await the task's end".into(),
        Command::SetLoad(load) => format!("{load:?}").to_lowercase(),
        Command::Show(statement) => show(statement),
        Command::SetRereading(true) => "reread".into(),
        Command::SetRereading(false) => "done".into(),
        Command::SetNotice(BalanceNotice::None) => "tell nothing".into(),
        Command::SetNotice(BalanceNotice::Unchecked) => "tell unchecked".into(),
        Command::SetNotice(BalanceNotice::Changed { balances, shares }) => {
            format!("tell balances {}; shares {}", numbers(balances), numbers(shares))
        }
        Command::Grant(button) => format!("grant {button:?}").to_lowercase(),
        Command::EndReview => "end review".into(),
        Command::ShowProblems => "problems".into(),
        Command::AnnounceReady => "ready to use".into(),
        Command::ResolveRefreshes => "resolve".into(),
        Command::Warn(reason) => format!("warn: {reason}"),
    }
}

/// A statement in a few words.
fn show(statement: &Statement) -> String {
    let invoices: Vec<_> =
        statement.invoices().iter().map(|invoice| format!("{}={}", invoice.id, invoice.balance.plain())).collect();
    let methods = statement.methods().map(|methods| methods.iter().map(|method| method.id.to_string()).collect::<Vec<_>>());
    let known = format!("{:?}", statement.list_state()).to_lowercase();
    let invoices = if invoices.is_empty() { String::new() } else { format!(" {}", invoices.join(" ")) };
    let methods = methods.map_or_else(String::new, |methods| format!(" by [{}]", methods.join(" ")));
    format!("show {known}{invoices}{methods}")
}
