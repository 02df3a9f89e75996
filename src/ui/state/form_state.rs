//! Keeps the form's signals, and the checked draft.
//!
//! Everything on the screen is drawn from one draft, its check ([`Checked`]) and the submission machine. No effect writes a signal. Signals
//! change when the person acts (`actions.rs`, `payment.rs`) and when lists arrive (`feed.rs`). They also change when the host configures
//! the form anew (`reconfigure.rs`), and in the steps of the submission machine (`commands.rs`).

use crate::ui::{
    platform::{browser, intl::Language},
    state::{
        basis::Basis,
        command_state::{Account, CommandState},
        draft_check::{checked_draft, refusals},
        events::{FormEvent, StateChange},
        feed_state::FeedState,
        lists::List,
        page::Page,
        settings::Config,
    },
};
use crate::{
    api::lists::ListError,
    domain::{
        allocation::Allocation,
        balance_change::Change,
        check::Checked,
        draft::Draft,
        invoice::{Invoice, InvoiceId},
        money::Currency,
        payment::Kind,
        problem::{Field, Problem},
        statement::{ListState, Statement, StoredMethod},
    },
    statement_feed::{self, Failures, Load},
    submission::{Machine, State},
    words::{Phrase, Words, en},
};
use leptos::{prelude::*, reactive::owner::WeakOwner, task::spawn_local_scoped_with_cancellation};
use rust_decimal::Decimal;
use std::{collections::BTreeMap, future::Future, rc::Rc, sync::Arc};

/// The change of the owner of draft, attempt and outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum OwnerChange {
    None,
    /// Payments of the same customer go to another address, or the customer is named for the first time.
    Address,
    /// Another customer, or another API.
    Owner,
}

/// The values of a form that are not signals, because no part of the screen follows them.
pub(in crate::ui) struct Inner {
    pub page: Rc<Page>,
    pub config: Arc<Config>,
    pub language: Language,
    pub feed: FeedState,
    pub commands: CommandState,
    /// The fields that the host set as `value` before the currency was known.
    pub early_fields: Option<Vec<(String, String)>>,
    /// The balances that the sent payment was divided over, because the receipt tells the rest of each.
    pub paid_balances: BTreeMap<InvoiceId, Decimal>,
    /// The number of edits. A write to the store that was scheduled before the last edit is dropped.
    pub edits: u32,
    /// True while the amount is the host's initial one, which is rewritten in the notation of the currency.
    pub is_amount_initial: bool,
    /// True when the form chose `default`, because no stored methods were known.
    pub is_default_assumed: bool,
    /// True when the page was told that the form is usable.
    pub is_announced: bool,
    owner: Option<WeakOwner>,
}

/// The state of a mounted form. A copy is a handle of the same form. Every method is safe to call after the form was unmounted.
///
/// The signals are private to this folder, so that no component can write them.
#[derive(Clone, Copy)]
pub struct FormState {
    inner: StoredValue<Inner, LocalStorage>,
    /// The number of language changes, which sentences without a basis follow.
    pub(super) languages: RwSignal<u32>,
    pub(super) load: RwSignal<Load>,
    /// The currencies of the invoices, where several of them keep the invoices from being a statement.
    pub(super) mixed: RwSignal<Arc<[Currency]>>,
    /// The lists that could not be loaded.
    pub(super) failures: RwSignal<Failures>,
    /// True when a payment is offered without an open invoice.
    pub(super) prepayment: RwSignal<bool>,
    /// The reason why the invoices cannot be read. Staff see the number of the faulty invoice.
    pub(super) unreadable: RwSignal<Option<ListError>>,
    pub(super) statement: RwSignal<Arc<Statement>>,
    pub(super) basis: RwSignal<Option<Arc<Basis>>>,
    pub(super) draft: RwSignal<Arc<Draft>>,
    pub(super) checked: Memo<Arc<Checked>>,
    pub(super) machine: RwSignal<Arc<Machine>>,
    /// True when an earlier page sent a payment that is unresolved.
    pub(super) is_restored: Memo<bool>,
    pub(super) now: RwSignal<u64>,
    pub(super) disabled: RwSignal<bool>,
    /// True after the first press on Pay: from then on problems are shown.
    pub(super) has_pressed_pay: RwSignal<bool>,
    /// The fields that were edited since the server refused them.
    pub(super) edited: RwSignal<Arc<[Field]>>,
    /// The field that shall get the focus. Setting the same field again moves the focus there again.
    pub(super) focus_request: RwSignal<Option<Field>>,
    /// True while the balances are read again before a payment is sent, and while the page decides about `payment-submit`.
    pub(super) is_busy_before_sending: RwSignal<bool>,
    /// The balances and shares that changed; the person sees them before the next press on Pay.
    pub(super) changed: RwSignal<Arc<[(Phrase, Change)]>>,
    /// True when the balances could not be read again, so that no payment was sent.
    pub(super) unchecked: RwSignal<bool>,
}

impl FormState {
    /// Opens a form under the current owner: reads the lists, restores draft and attempt, and listens to the window.
    pub fn open(config: Config, page: Page, language: Language, invoices: List<Invoice>, methods: List<StoredMethod>) -> Self {
        let form = Self::new(config, page, language);
        form.unreadable.set(invoices.error().cloned());
        form.feed(statement_feed::Event::Started { invoices: invoices.into(), methods: methods.into() });
        form.update_basis();
        form.init_draft(true);
        form.resume();
        browser::listen_to_window("pagehide", move |_| {
            form.store_draft();
            form.with_inner(|inner| inner.commands.leave());
        });
        // Timers stop while a computer sleeps, so the day is checked when the page is focused or shown.
        for event in ["focus", "visibilitychange"] {
            browser::listen_to_window(event, move |_| form.follow_day());
        }
        form.follow_day_at_midnight();
        // The offline notice is updated.
        browser::listen_to_window("online", move |_| form.now.set(browser::now()));
        form
    }

    fn new(config: Config, page: Page, language: Language) -> Self {
        let machine = RwSignal::new(Arc::new(Machine::new(config.submission())));
        let statement = RwSignal::new(Arc::<Statement>::default());
        let draft = RwSignal::new(Arc::<Draft>::default());
        let basis: RwSignal<Option<Arc<Basis>>> = RwSignal::new(None);
        let is_restored = Memo::new(move |_| machine.with(|machine| machine.view(0).restored.is_some()));
        let disabled = RwSignal::new(config.is_disabled);
        let prepayment = RwSignal::new(config.settings.prepayment);
        let inner = Inner {
            commands: CommandState::new(Account::new(&config, &page.name)),
            feed: FeedState::new(config.sources()),
            page: Rc::new(page),
            config: Arc::new(config),
            language,
            early_fields: None,
            paid_balances: BTreeMap::new(),
            edits: 0,
            is_amount_initial: false,
            is_default_assumed: false,
            is_announced: false,
            owner: Owner::current().map(|owner| owner.downgrade()),
        };
        Self {
            inner: StoredValue::new_local(inner),
            languages: RwSignal::new(0),
            load: RwSignal::new(Load::default()),
            mixed: RwSignal::new(Arc::default()),
            failures: RwSignal::new(Failures::default()),
            prepayment,
            unreadable: RwSignal::new(None),
            statement,
            basis,
            draft,
            checked: Memo::new_with_compare(
                move |last| checked_draft(last, is_restored, machine, statement, draft, basis),
                // Results are compared by pointer, because comparing their contents costs more than drawing them.
                |last, next| last.zip(next).is_none_or(|(last, next)| !Arc::ptr_eq(last, next)),
            ),
            machine,
            is_restored,
            now: RwSignal::new(browser::now()),
            disabled,
            has_pressed_pay: RwSignal::new(false),
            edited: RwSignal::new(Arc::default()),
            focus_request: RwSignal::new(None),
            is_busy_before_sending: RwSignal::new(false),
            changed: RwSignal::new(Arc::default()),
            unchecked: RwSignal::new(false),
        }
    }

    /// The notation and words, once the currency is known.
    pub(in crate::ui) fn basis(self) -> Option<Arc<Basis>> {
        self.basis.get()
    }

    /// The number of languages so far.
    pub fn languages(self) -> u32 {
        self.languages.get()
    }

    /// The progress of loading the lists.
    pub fn load(self) -> Load {
        self.load.get()
    }

    /// The lists that could not be loaded.
    pub fn failures(self) -> Failures {
        self.failures.get()
    }

    /// The sentence about a list that could not be loaded.
    pub fn load_failure(self, list: statement_feed::List, words: &Words) -> String {
        let mixed = self.mixed.get();
        match list {
            statement_feed::List::Invoices if !mixed.is_empty() => words.mixed_currencies(&mixed),
            statement_feed::List::Invoices => words.text(en::LOAD_FAILED_INVOICES).to_owned(),
            statement_feed::List::Methods => words.text(en::LOAD_FAILED_METHODS).to_owned(),
        }
    }

    /// The sentence about an unreadable invoice, for staff only, because they can correct it.
    pub fn unreadable_invoice(self, words: &Words) -> Option<String> {
        let error = self.unreadable.get()?;
        words.unreadable_invoice(&error).filter(|_| words.is_for_staff())
    }

    /// Tells whether nothing is owed, and the host offers no payment without an open invoice. A payment under way or refused stays in sight.
    pub fn is_paid_up(self) -> bool {
        let owes_nothing = |statement: &Arc<Statement>| {
            statement.list_state() == ListState::Listed && statement.invoices().is_empty() && statement.not_shown().is_empty()
        };
        let is_at_rest = self.machine.with(|machine| machine.state() == State::Ready && machine.view(0).notice.is_none());
        let is_at_rest = is_at_rest && !self.is_busy_before_sending.get();
        is_at_rest && !self.prepayment.get() && self.statement.with(owes_nothing) && self.kind() == Kind::OnAccount
    }

    /// The amount as it was typed.
    pub fn amount(self) -> String {
        self.draft.with(|draft| draft.amount.clone())
    }

    /// Tells whether the host has locked the form.
    pub fn is_disabled(self) -> bool {
        self.disabled.get()
    }

    /// True when an earlier page sent a payment that is unresolved.
    pub fn is_restored(self) -> bool {
        self.is_restored.get()
    }

    /// Reads or changes the values that are not signals; `None` after the form was unmounted. `look` must not call the page, which may call
    /// back.
    pub(in crate::ui) fn with_inner<T>(self, look: impl FnOnce(&mut Inner) -> T) -> Option<T> {
        self.inner.try_update_value(look)
    }

    /// Runs a task of this form; the task ends with the form.
    pub(in crate::ui) fn spawn(self, task: impl Future<Output = ()> + 'static) {
        let owner = self.with_inner(|inner| inner.owner.clone()).flatten().and_then(|owner| owner.upgrade());
        if let Some(owner) = owner {
            owner.with(|| spawn_local_scoped_with_cancellation(task));
        }
    }

    /// The page around the form; `None` after the form was unmounted.
    pub(in crate::ui) fn page(self) -> Option<Rc<Page>> {
        self.with_inner(|inner| Rc::clone(&inner.page))
    }

    /// The configuration; `None` after the form was unmounted.
    pub(in crate::ui) fn config(self) -> Option<Arc<Config>> {
        self.with_inner(|inner| Arc::clone(&inner.config))
    }

    /// Sends an event to the page. Returns `false` when the page cancels a submit, or the form was unmounted.
    pub(in crate::ui) fn notify(self, event: FormEvent) -> bool {
        self.page().is_some_and(|page| (page.notify)(event))
    }

    /// The name of the company that is paid.
    pub fn payee(self) -> Option<String> {
        self.config().and_then(|config| config.settings.payee.clone())
    }

    /// The name of the customer who pays.
    pub fn payer(self) -> Option<String> {
        self.config().and_then(|config| config.settings.payer.clone())
    }

    /// The state of the submission.
    pub fn state(self) -> State {
        self.machine.try_get_untracked().map(|machine| machine.state()).unwrap_or_default()
    }

    /// The kind of payment that the form takes.
    pub fn kind(self) -> Kind {
        self.config().map(|config| config.kind()).unwrap_or(Kind::OnAccount)
    }

    /// Tells the page once that the form is usable: at once, or when the lists tell the currency.
    pub fn announce_ready(self) {
        if self.with_inner(|inner| inner.is_announced) == Some(false) {
            self.feed(statement_feed::Event::Mounted { has_currency: self.has_currency() });
        }
    }

    pub(in crate::ui) fn announce_ready_now(self) {
        if self.with_inner(|inner| std::mem::replace(&mut inner.is_announced, true)) != Some(false) {
            return;
        }
        let state = self.state();
        self.notify(FormEvent::State(StateChange { state, last_words: self.last_words() }));
        self.notify(FormEvent::Ready);
        if let Some(field) = self.edited.get_untracked().first() {
            self.announce_change(*field);
        }
        self.check_endpoints();
    }

    /// Tells whether the draft must not change now.
    pub(in crate::ui) fn is_locked(self) -> bool {
        self.is_sent_or_busy() || self.disabled.get_untracked()
    }

    /// Tells whether a payment locks the draft: one that was sent, or one that is about to be sent.
    pub(super) fn is_sent_or_busy(self) -> bool {
        let is_sent = self.machine.try_get_untracked().is_none_or(|machine| machine.view(0).is_locked);
        is_sent || self.is_busy_before_sending.get_untracked()
    }

    /// Calls `look` with the allocation, if there is one.
    pub fn with_allocation<T>(self, look: impl FnOnce(Option<&Allocation>) -> T) -> T {
        self.checked.with_untracked(|checked| look(checked.allocation.as_ref()))
    }

    /// Every problem of the draft and the server, shown or not, with its sentence.
    pub fn problems(self) -> Vec<(Problem, String)> {
        let edited = self.edited.get_untracked();
        let mut problems = self.machine.with_untracked(|machine| {
            let mut problems = refusals(machine, &edited);
            // The server's words about a payment that is still open.
            problems.extend_from_slice(machine.view(0).words);
            problems
        });
        self.checked.with_untracked(|checked| problems.extend_from_slice(checked.problems()));
        self.with_sentences(&problems)
    }

    /// Each problem with its sentence.
    pub(in crate::ui) fn with_sentences(self, problems: &[Problem]) -> Vec<(Problem, String)> {
        let words = self.words();
        problems.iter().map(|problem| (problem.clone(), words.problem(problem))).collect()
    }

    /// The words of the present basis, or those that need no currency.
    pub(in crate::ui) fn words(self) -> Words {
        let plain = || self.with_inner(|inner| inner.config.plain_words(&inner.language)).unwrap_or_default();
        self.basis.get_untracked().map_or_else(plain, |basis| basis.words.clone())
    }
}
