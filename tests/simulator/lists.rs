//! Executes the commands of a tab's statement feed in the simulated world, and compares each granted press with the balances that the
//! person saw.

use crate::{
    bugs::Bug,
    drafts::AMOUNTS,
    world::{Situation, World, WorldEvent},
};
use payment_form::{
    domain::{check::Checked, invoice::CustomerId, statement::Statement},
    statement_feed::{
        BalanceNotice, Command, Event, HostList, List, Load, PayButton, ROUND_TIMEOUT_MIN, STALE_AFTER, Sources, StatementFeed,
    },
    submission::{self, State},
};
use std::{collections::VecDeque, sync::Arc};

/// A press on Pay.
#[derive(Clone, Copy)]
struct PayPress {
    at: u64,
    online: bool,
    /// The balances that the person saw.
    balances: Option<usize>,
}

/// The lists of one page.
pub struct Lists {
    pub feed: StatementFeed,
    line: VecDeque<Event>,
    is_stepping: bool,
    /// The balances that are shown; `None` while no list is.
    pub shown: Option<usize>,
    /// The times at which the last and the shown list came from the address.
    read_at: Option<u64>,
    shown_read_at: Option<u64>,
    pressed: Option<PayPress>,
    notified_unchecked_at: Option<u64>,
    /// The time since which a press waits for the lists, to check the feed's time limit.
    pub rereading_since: Option<u64>,
    loaded_at: u64,
}

impl Lists {
    pub fn new(now: u64, timeout: u64, has_address: bool) -> Self {
        let sources = Sources {
            customer: CustomerId::new(655_080),
            invoices_src: has_address.then(|| "/invoices".into()),
            timeout,
            ..Sources::default()
        };
        Self {
            feed: StatementFeed::new(sources),
            line: VecDeque::new(),
            is_stepping: false,
            shown: None,
            read_at: None,
            shown_read_at: None,
            pressed: None,
            notified_unchecked_at: None,
            rereading_since: None,
            loaded_at: now,
        }
    }
}

impl World<'_> {
    /// The current balances. They change with each payment, and when somebody else pays.
    pub fn present_balances(&self) -> usize {
        usize::from(!self.server.rows.is_empty()) + 2 * usize::from(self.has_somebody_else_paid)
    }

    /// The list of the host, where the page gives it in place of an address.
    fn host_list(&self) -> HostList<payment_form::domain::invoice::Invoice> {
        if self.conditions.reads_lists {
            return HostList::Absent;
        }
        HostList::List(self.drafts[self.present_balances() * AMOUNTS].invoices.clone())
    }

    /// Starts a page with its lists.
    pub fn start_lists(&mut self, tab: usize) {
        self.tabs[tab].lists = Lists::new(self.now, self.settings.timeout, self.conditions.reads_lists);
        let invoices = self.host_list();
        self.feed(tab, Event::Started { invoices, methods: HostList::Absent });
    }

    /// The host gives a list with the current balances.
    pub fn renew_lists(&mut self, tab: usize) {
        self.note(|_| format!("tab {tab} gets its lists anew"));
        match self.host_list() {
            HostList::Absent => self.feed(tab, Event::Refresh),
            host_list => self.feed(tab, Event::HostInvoices(host_list)),
        }
    }

    /// Hands an event to the feed of a tab, and executes its commands; further events wait in a queue.
    pub fn feed(&mut self, tab: usize, event: Event) {
        self.tabs[tab].lists.line.push_back(event);
        if std::mem::replace(&mut self.tabs[tab].lists.is_stepping, true) {
            return;
        }
        while let Some(event) = self.tabs[tab].lists.line.pop_front() {
            let lists = &mut self.tabs[tab].lists;
            let now = if self.bug == Some(Bug::BalancesOfAnyAge) { lists.loaded_at } else { self.now };
            let is_answer = matches!(event, Event::InvoicesAnswered { result: Ok(_), .. });
            let commands = lists.feed.apply(event, now);
            // An answer that is late moves nothing.
            if is_answer && !commands.is_empty() {
                lists.read_at = Some(self.now);
            }
            for command in commands {
                self.execute_for_lists(tab, command);
            }
        }
        self.tabs[tab].lists.is_stepping = false;
    }

    /// The person presses a button that pays.
    pub fn press_with(&mut self, tab: usize, button: PayButton, online: bool) {
        let lists = &mut self.tabs[tab].lists;
        let is_payable = lists.shown.is_some();
        if !lists.feed.is_busy() {
            lists.pressed = Some(PayPress { at: self.now, online, balances: lists.shown });
        }
        self.note(|_| format!("tab {tab} <- press {button:?}"));
        self.feed(tab, Event::Pressed { button, is_payable, online });
    }

    fn execute_for_lists(&mut self, tab: usize, command: Command) {
        let (now, life) = (self.now, self.tabs[tab].life);
        match command {
            Command::Read { round, list: List::Invoices, .. } => {
                let ms = if self.is_list_slow() { self.random.between(500, 90_000) } else { self.random.between(5, 150) };
                self.later(ms, WorldEvent::ReadList { tab, life, round });
            }
            Command::StartTimeout { round, ms } => {
                // A refresh begins another round, and the press waits for that one.
                let since = &mut self.tabs[tab].lists.rereading_since;
                *since = since.map(|_| now);
                self.later(ms, WorldEvent::RoundTimedOut { tab, life, round });
            }
            Command::Show(statement) => self.show(tab, &statement),
            Command::SetRereading(is_rereading) => {
                self.tabs[tab].lists.rereading_since = is_rereading.then_some(now);
                if is_rereading {
                    self.situation(Situation::Reread);
                }
            }
            Command::SetNotice(BalanceNotice::Changed { .. }) => {
                self.situation(Situation::ChangeTold);
                if self.bug == Some(Bug::ChangeNotTold) && self.tabs[tab].state == State::Ready {
                    self.grant(tab, PayButton::Pay);
                }
            }
            Command::SetNotice(BalanceNotice::Unchecked) => {
                self.situation(Situation::Unchecked);
                self.tabs[tab].lists.notified_unchecked_at = Some(now);
            }
            Command::Grant(button) => self.grant(tab, button),
            Command::EndReview => self.apply(tab, submission::Event::Cancel),
            Command::Read { list: List::Methods, .. } => self.fail("a list without an address is asked for"),
            Command::SetNotice(BalanceNotice::None)
            | Command::SetLoad(_)
            | Command::AwaitTaskEnd
            | Command::ShowProblems
            | Command::AnnounceReady
            | Command::ResolveRefreshes
            | Command::Warn(_) => {}
        }
    }

    fn is_list_slow(&mut self) -> bool {
        self.random.chance(self.conditions.faults / 2)
    }

    /// A request for the list reaches the server.
    pub fn read_list(&mut self, tab: usize, life: u32, round: u32) {
        let balances = self.present_balances();
        if self.is_list_slow() && self.random.chance(20) {
            return;
        }
        let is_refused = self.signed_out || (self.is_list_slow() && self.random.chance(50));
        let ms = if self.is_list_slow() { self.random.between(500, 90_000) } else { self.random.between(5, 150) };
        let balances = (!is_refused).then_some(balances);
        self.later(ms, WorldEvent::ListCame { tab, life, round, balances });
    }

    /// The list, or the lack of it, reaches the page.
    pub fn take_list(&mut self, tab: usize, life: u32, round: u32, balances: Option<usize>) {
        if self.is_alive(tab, life) {
            self.note(|_| format!("tab {tab} <- list of round {round}: balances {balances:?}"));
            let list = balances.map(|balances| self.drafts[balances * AMOUNTS].invoices.clone());
            self.feed(tab, Event::InvoicesAnswered { round, result: list.ok_or_else(String::new) });
        }
    }

    pub fn time_out_round(&mut self, tab: usize, life: u32, round: u32) {
        if self.is_alive(tab, life) {
            self.feed(tab, Event::RoundTimedOut { round });
        }
    }

    fn checked(&self, tab: usize) -> Arc<Checked> {
        let page = &self.tabs[tab];
        let draft = &self.drafts[page.draft];
        Arc::clone(if page.lists.shown.is_some() { &draft.checked } else { &draft.unpayable })
    }

    fn show(&mut self, tab: usize, statement: &Statement) {
        let last = |draft: &crate::drafts::Draft| draft.invoices.last().map(|invoice| invoice.balance);
        let balance = statement.invoices().last().map(|invoice| invoice.balance);
        let shown = balance.and_then(|balance| self.drafts.iter().position(|draft| last(draft) == Some(balance)));
        let before = self.checked(tab);
        let page = &mut self.tabs[tab];
        page.lists.shown = shown.map(|draft| draft / AMOUNTS);
        page.lists.shown_read_at = page.lists.read_at;
        if let Some(balances) = page.lists.shown {
            page.draft = page.draft % AMOUNTS + balances * AMOUNTS;
        }
        self.note(|world| format!("tab {tab} shows balances {:?}", world.tabs[tab].lists.shown));
        let after = self.checked(tab);
        self.feed(tab, Event::Shown { before, after, has_currency: true });
    }

    /// The feed grants a press, which must rest on balances that the person saw and that are no older than promised.
    fn grant(&mut self, tab: usize, button: PayButton) {
        let lists = &self.tabs[tab].lists;
        let Some(pressed) = lists.pressed else { return self.fail("a payment left that nobody pressed for") };
        let is_young = |at: u64| at >= pressed.at || pressed.at - at <= STALE_AFTER;
        let is_told = lists.notified_unchecked_at.is_some_and(is_young);
        if lists.shown != pressed.balances {
            self.fail("a payment left on balances that nobody saw");
        } else if pressed.online && !is_told && !lists.shown_read_at.is_none_or(is_young) {
            self.fail("a payment left on balances that are too old");
        } else if lists.feed.load() == Load::Loading && lists.shown.is_none() {
            self.fail("a payment left before the balances were known");
        }
        // An attempt is noted for a quarter of an hour from its first send. An older attempt may be recorded while a press in another
        // window waits for its list. The person pressed for both, and no note of the first is left: the limit of the promise.
        if self.forgotten_record_at.is_some_and(|at| at >= pressed.at) {
            self.wanted += 1;
        }
        self.send_pressed(tab, button, pressed.online);
    }

    /// Tells whether a press has waited for the lists longer than the feed's time limit.
    pub fn waits_too_long(&self, tab: usize) -> bool {
        let timeout = self.settings.timeout.max(ROUND_TIMEOUT_MIN);
        self.tabs[tab].lists.rereading_since.is_some_and(|since| self.now > since + timeout + 1_000)
    }
}
