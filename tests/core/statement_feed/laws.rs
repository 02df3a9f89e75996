//! Tests laws of the feed under any events, in any order, at any time.

use crate::statement_feed::page::{ON_ACCOUNT, Page, brief, card, invoice, sources};
use payment_form::{
    domain::{
        allocation::{Allocation, Order},
        balance_change::{changes, share_changes},
        invoice::{CustomerId, Invoice, InvoiceId},
        statement::{ListState, Statement, StoredMethod},
    },
    statement_feed::{BalanceNotice, Command, Event, HostList, Load, PayButton, STALE_AFTER},
    submission::State,
};
use proptest::{prelude::*, test_runner::Config};
use std::sync::Arc;

/// An event, or time that passes.
#[derive(Clone, Debug)]
enum Step {
    Wait(u64),
    ClockBack(u64),
    /// An answer to an earlier round; the number counts rounds back.
    Invoices(u32, Answer),
    Methods(u32, Answer),
    Timeout(u32),
    GiveInvoices(Answer),
    GiveMethods(Answer),
    Customer(i64),
    InvoicesSrc(u8),
    MethodsSrc(u8),
    Press(PayButton, bool),
    Enter(State, bool),
    Edit(bool, bool),
    Simple(SimpleStep),
}

#[derive(Clone, Copy, Debug)]
enum SimpleStep {
    TaskEnded,
    Refresh,
    Refused,
    Withdrawn,
    Reset,
    Mounted,
}

/// A list, or none.
#[derive(Clone, Copy, Debug)]
enum Answer {
    Fails,
    Nothing,
    /// The same balances as ever.
    Same,
    /// Other balances, or another card.
    Other,
    Twice,
}

impl Answer {
    fn is_list(self) -> bool {
        !matches!(self, Self::Fails | Self::Nothing)
    }
}

fn answers() -> impl Strategy<Value = Answer> {
    prop_oneof![
        6 => Just(Answer::Same),
        2 => Just(Answer::Other),
        1 => Just(Answer::Fails),
        1 => Just(Answer::Nothing),
        1 => Just(Answer::Twice),
    ]
}

fn states() -> impl Strategy<Value = State> {
    prop_oneof![
        4 => Just(State::Ready),
        3 => Just(State::Reviewing),
        2 => Just(State::Submitting),
        1 => Just(State::Unknown),
        1 => Just(State::Held),
        1 => Just(State::Recorded),
        2 => Just(State::Rejected),
    ]
}

fn steps() -> impl Strategy<Value = Step> {
    let plain = prop_oneof![
        Just(SimpleStep::TaskEnded),
        Just(SimpleStep::Refresh),
        Just(SimpleStep::Refused),
        Just(SimpleStep::Withdrawn),
        Just(SimpleStep::Reset),
        Just(SimpleStep::Mounted),
    ];
    let button = prop_oneof![3 => Just(PayButton::Pay), 1 => Just(PayButton::Insist), 3 => Just(PayButton::Confirm)];
    let late = prop_oneof![6 => Just(0_u32), 1 => 1..4_u32];
    prop_oneof![
        4 => prop_oneof![Just(1_000_u64), Just(30_000), Just(61_000), 0..200_000_u64].prop_map(Step::Wait),
        1 => (0..100_000_u64).prop_map(Step::ClockBack),
        8 => (late.clone(), answers()).prop_map(|(late, answer)| Step::Invoices(late, answer)),
        8 => (late.clone(), answers()).prop_map(|(late, answer)| Step::Methods(late, answer)),
        2 => late.prop_map(Step::Timeout),
        2 => answers().prop_map(Step::GiveInvoices),
        1 => answers().prop_map(Step::GiveMethods),
        1 => (1..3_i64).prop_map(Step::Customer),
        1 => (0..3_u8).prop_map(Step::InvoicesSrc),
        1 => (0..3_u8).prop_map(Step::MethodsSrc),
        8 => (button, prop::bool::weighted(0.9)).prop_map(|(button, online)| Step::Press(button, online)),
        4 => (states(), any::<bool>()).prop_map(|(state, is_restored)| Step::Enter(state, is_restored)),
        2 => any::<(bool, bool)>().prop_map(|(is_on_account, is_by_card)| Step::Edit(is_on_account, is_by_card)),
        5 => plain.prop_map(Step::Simple),
    ]
}

/// The origin of a list. Each list has a marker, which its statement contains.
#[derive(Clone, Copy)]
struct Origin {
    is_given: bool,
    at: u64,
    step: usize,
}

/// A press that was granted or is waiting.
struct PayPress {
    at: u64,
    step: usize,
    online: bool,
    statement: Arc<Statement>,
}

struct Witness {
    page: Page,
    round: u32,
    step: usize,
    origins: Vec<Origin>,
    /// The marker of the invoices that the page gave, while they must be shown.
    shown_marker: Option<usize>,
    pressed: Option<PayPress>,
    notified_unchecked_at: Option<u64>,
    reviewed: Option<(Arc<Statement>, Option<Allocation>)>,
    mounted: u32,
    awaited: u32,
}

/// Closed invoices from this number on are markers, because they change no balance.
const MARKS: i64 = 1_000;

impl Witness {
    fn new() -> Self {
        Self {
            page: Page::new(sources()),
            round: 0,
            step: 0,
            origins: Vec::new(),
            shown_marker: None,
            pressed: None,
            notified_unchecked_at: None,
            reviewed: None,
            mounted: 0,
            awaited: 0,
        }
    }

    fn mark(&mut self, is_given: bool) -> usize {
        self.origins.push(Origin { is_given, at: self.page.now, step: self.step });
        self.origins.len() - 1
    }

    fn invoices(&mut self, answer: Answer, is_given: bool) -> Vec<Invoice> {
        let mark = self.mark(is_given);
        let first = if matches!(answer, Answer::Other) { 50_00 } else { 60_00 };
        let mut list = vec![invoice(1, first, "USD"), invoice(2, 40_50, "USD")];
        list.push(invoice(MARKS + mark as i64, 0, "USD"));
        if matches!(answer, Answer::Twice) {
            list.push(invoice(1, first, "USD"));
        }
        list
    }

    fn methods(&mut self, answer: Answer, is_given: bool) -> Vec<StoredMethod> {
        let mark = self.mark(is_given);
        vec![card(if matches!(answer, Answer::Other) { 9 } else { 7 }, &mark.to_string())]
    }

    /// The origins of the lists that are shown.
    fn shown(&self) -> Vec<Origin> {
        let statement = &self.page.statement;
        let is_shown = |mark: &usize| InvoiceId::new(MARKS + *mark as i64).is_some_and(|id| statement.is_closed(id));
        let method = statement.methods().and_then(|methods| methods.first()?.label.parse().ok());
        (0..self.origins.len()).filter(is_shown).chain(method).map(|mark| self.origins[mark]).collect()
    }

    fn is_locked(&self) -> bool {
        self.page.is_rereading || self.page.state == State::Reviewing || self.page.state.is_unresolved()
    }

    fn keeps_statement(&self) -> bool {
        self.page.state.is_unresolved() && !self.page.is_restored
    }

    fn play(&mut self, step: Step) -> Result<(), TestCaseError> {
        self.step += 1;
        let before = Arc::clone(&self.page.statement);
        let (was_held, grants) = (self.keeps_statement(), self.page.granted.len());
        let is_late = match step {
            Step::Invoices(late, _) | Step::Methods(late, _) | Step::Timeout(late) => late > 0,
            _ => false,
        };
        self.page.commands.clear();
        self.perform(step, &before);
        self.round = Page::round_of(&self.page.commands).unwrap_or(self.round);
        if self.page.commands.iter().any(|command| matches!(command, Command::SetNotice(BalanceNotice::Unchecked))) {
            self.notified_unchecked_at = Some(self.page.now);
        }
        self.check(&before, is_late, was_held, grants)
    }

    /// Applies a step to the page.
    fn perform(&mut self, step: Step, before: &Arc<Statement>) {
        let (round, was_rereading, grants) = (self.round, self.page.is_rereading, self.page.granted.len());
        match step {
            Step::Wait(ms) => self.page.now += ms,
            Step::ClockBack(ms) => self.page.now -= ms,
            Step::Invoices(late, answer) => {
                let result = if answer.is_list() { Ok(self.invoices(answer, false)) } else { Err("fails".into()) };
                self.page.apply(Event::InvoicesAnswered { round: round.wrapping_sub(late), result });
            }
            Step::Methods(late, answer) => {
                let result = if answer.is_list() { Ok(self.methods(answer, false)) } else { Err("fails".into()) };
                self.page.apply(Event::MethodsAnswered { round: round.wrapping_sub(late), result });
            }
            Step::Timeout(late) => self.page.apply(Event::RoundTimedOut { round: round.wrapping_sub(late) }),
            Step::GiveInvoices(answer) => {
                let list = match answer {
                    Answer::Fails => HostList::Unreadable,
                    Answer::Nothing => HostList::Absent,
                    answer => HostList::List(self.invoices(answer, true)),
                };
                let is_list = matches!(answer, Answer::Same | Answer::Other);
                self.shown_marker = is_list.then(|| self.origins.len() - 1);
                self.page.apply(Event::HostInvoices(list));
            }
            Step::GiveMethods(answer) => {
                let list = match answer {
                    Answer::Fails => HostList::Unreadable,
                    Answer::Nothing => HostList::Absent,
                    answer => HostList::List(self.methods(answer, true)),
                };
                self.page.apply(Event::HostMethods(list));
            }
            Step::Customer(id) => {
                self.shown_marker = None;
                self.page.configure(|sources| sources.customer = CustomerId::new(id));
            }
            Step::InvoicesSrc(address) => self.page.configure(|sources| sources.invoices_src = src(address)),
            Step::MethodsSrc(address) => self.page.configure(|sources| sources.methods_src = src(address)),
            Step::Press(button, online) => {
                let statement = Arc::clone(before);
                let pressed = PayPress { at: self.page.now, step: self.step, online, statement };
                self.page.press(button, online);
                if !was_rereading && (self.page.is_rereading || self.page.granted.len() > grants) {
                    self.pressed = Some(pressed);
                }
            }
            Step::Enter(state, is_restored) => {
                self.page.enter(state, is_restored && state.is_unresolved());
                let answer = self.page.checked.allocation.clone();
                self.reviewed = (state == State::Reviewing).then(|| (Arc::clone(&self.page.statement), answer));
            }
            Step::Edit(is_on_account, is_by_card) => {
                if !self.is_locked() {
                    self.page.edit(|draft| {
                        draft.order = if is_on_account { ON_ACCOUNT } else { Order::Oldest };
                        draft.method = if is_by_card { "stored-7".into() } else { "Cash".into() };
                    });
                }
            }
            Step::Simple(step) => self.apply_simple(step),
        }
    }

    fn apply_simple(&mut self, step: SimpleStep) {
        match step {
            SimpleStep::TaskEnded => self.page.apply(Event::TaskEnded),
            SimpleStep::Refresh => {
                self.shown_marker = None;
                self.awaited += 1;
                self.page.apply(Event::Refresh);
            }
            SimpleStep::Refused => self.page.apply(Event::Refused),
            SimpleStep::Withdrawn => self.page.apply(Event::Withdrawn),
            SimpleStep::Reset => self.page.apply(Event::Reset),
            SimpleStep::Mounted => {
                self.mounted += 1;
                self.page.apply(Event::Mounted { has_currency: true });
            }
        }
    }

    fn check(&self, before: &Statement, is_late: bool, was_held: bool, grants: usize) -> Result<(), TestCaseError> {
        let page = &self.page;
        let briefs = || page.commands.iter().map(brief).collect::<Vec<_>>();
        let shows = page.commands.iter().filter(|command| matches!(command, Command::Show(_))).count();
        prop_assert!(!is_late || page.commands.is_empty(), "F2: a late answer changes something: {:?}", briefs());
        prop_assert!(!(was_held && self.keeps_statement()) || shows == 0, "F6: the statement moves under an attempt");
        prop_assert!(shows <= 1, "the statement is shown once a step: {:?}", briefs());
        prop_assert!(page.awaiting == 0 || page.load == Load::Loading, "F11: a refresh is awaited though nothing is asked");
        prop_assert!(!page.is_rereading || page.load == Load::Loading, "a press waits though nothing is asked");
        prop_assert!(page.announced <= self.mounted, "the page hears once that the form is usable");
        if let Some(mark) = self.shown_marker.filter(|_| !self.keeps_statement()) {
            let is_shown = InvoiceId::new(MARKS + mark as i64).is_some_and(|id| page.statement.is_closed(id));
            prop_assert!(is_shown, "F1: the list of the page is not shown");
        }
        for command in &page.commands {
            if let Command::SetNotice(BalanceNotice::Changed { balances, shares }) = command {
                prop_assert!(!balances.is_empty() || !shares.is_empty(), "F8: a change without a change is told");
                prop_assert_eq!(balances, &changes(before, &page.statement));
            }
        }
        if page.state == State::Reviewing
            && let Some((statement, allocation)) = &self.reviewed
        {
            let is_same = changes(statement, &page.statement).is_empty()
                && (page.statement.list_state() == ListState::Missing) <= (statement.list_state() == ListState::Missing);
            prop_assert!(is_same, "F8: a review goes on though the balances changed");
            if let (Some(before), Some(after)) = (allocation, &page.checked.allocation) {
                prop_assert!(share_changes(before, after).is_empty(), "F8: a review goes on though the shares changed");
            }
        }
        prop_assert!(page.granted.len() <= grants + 1, "one press is granted once");
        if page.granted.len() > grants {
            self.check_grant(page.granted[grants])?;
        }
        Ok(())
    }

    fn check_grant(&self, button: PayButton) -> Result<(), TestCaseError> {
        let page = &self.page;
        let Some(pressed) = &self.pressed else { return Err(TestCaseError::fail("granted without a press")) };
        prop_assert!(button.fits(page.state), "F10: {button:?} is granted in {:?}", page.state);
        prop_assert!(page.checked.payment.is_ok(), "a sent payment can be paid");
        prop_assert!(!page.is_rereading, "a granted press does not wait");
        prop_assert!(changes(&pressed.statement, &page.statement).is_empty(), "F8: the balances are not those of the press");
        let is_told = self.notified_unchecked_at.is_some_and(|at| at.abs_diff(pressed.at) <= STALE_AFTER);
        for origin in self.shown() {
            let is_fresh = origin.is_given || origin.step >= pressed.step || origin.at.abs_diff(pressed.at) <= STALE_AFTER;
            prop_assert!(is_fresh || is_told || !pressed.online, "F7: the balances are too old");
        }
        Ok(())
    }
}

fn src(address: u8) -> Option<String> {
    (address > 0).then(|| format!("/address{address}"))
}

/// A history is many events, so a quarter of the usual cases.
fn histories() -> Config {
    let usual = crate::domain::campaign::cases();
    Config { cases: usual.cases.div_ceil(4), ..usual }
}

proptest! {
    #![proptest_config(histories())]

    #[test]
    fn any_history_keeps_the_rules(history in proptest::collection::vec(steps(), 0..40)) {
        let mut witness = Witness::new();
        witness.page.apply(Event::Started { invoices: HostList::Absent, methods: HostList::Absent });
        witness.round = Page::round_of(&witness.page.commands).unwrap_or_default();
        for step in history {
            witness.play(step)?;
        }
        // F3: the time limit of a round ends every request of it.
        let round = witness.round;
        witness.page.apply(Event::RoundTimedOut { round });
        prop_assert_ne!(witness.page.load, Load::Loading);
        prop_assert_eq!((witness.page.awaiting, witness.page.is_rereading), (0, false));
    }
}
