//! The form: the sole owner of its signals, and the one place that decides what follows from what a person does.
//!
//! Everything on the screen is drawn from one draft, the one answer to it ([`Checked`]) and the submission machine. No effect writes a signal:
//! what changes, changes in [`Form::act`], when lists arrive (`supply.rs`), and in the steps of the machine (`errands.rs`).

use super::{
    bare, browser,
    config::Config,
    errands::Errands,
    host::{Announcement, Change, Host},
    intl::Language,
    screen::{Act, Load, Recorded, Screen, Speech},
    sheet::PaymentSheet,
    store,
    supply::{Given, Lists},
};
use crate::{
    domain::{
        allocation::Allocation,
        amount::Reading,
        draft::{Checked, Draft, check},
        invoice::InvoiceId,
        payment::Kind,
        problem::{Field, Problem},
        statement::Statement,
        terms::Terms,
    },
    submission::{Event, Machine, State},
    words::{Words, standing::Standing},
};
use leptos::{prelude::*, reactive::owner::WeakOwner, task::spawn_local_scoped_with_cancellation};
use std::{future::Future, rc::Rc, sync::Arc};

/// What is stored this long after the person stopped typing, in milliseconds.
const STORE_AFTER: u64 = 300;

/// What one drawing of the form stands on: another language, currency or day draws it anew.
#[derive(Clone, Debug)]
pub(super) struct Ground {
    pub terms: Terms,
    pub words: Words,
}

/// A form that is mounted. Copies are handles of the same form, and all of them bear that it is gone.
#[derive(Clone, Copy)]
pub struct Form {
    pub(super) host: StoredValue<Rc<dyn Host>, LocalStorage>,
    owner: StoredValue<Option<WeakOwner>>,
    pub(super) config: StoredValue<Arc<Config>>,
    language: StoredValue<Language>,
    pub(super) lists: StoredValue<Lists>,
    pub(super) load: RwSignal<Load>,
    pub(super) statement: RwSignal<Arc<Statement>>,
    pub(super) ground: RwSignal<Option<Arc<Ground>>>,
    pub(super) draft: RwSignal<Arc<Draft>>,
    pub(super) checked: Memo<Arc<Checked>>,
    pub(super) machine: RwSignal<Machine>,
    pub(super) now: RwSignal<u64>,
    /// Whether Pay was pressed: from then on problems are shown.
    pub(super) asked: RwSignal<bool>,
    /// The fields that were edited since the server refused them.
    pub(super) edited: RwSignal<Vec<Field>>,
    pub(super) reach: RwSignal<Option<Field>>,
    pub(super) errands: StoredValue<Errands, LocalStorage>,
}

/// The payment form.
///
/// It shows what is owed, how the payment will be divided while the person types, and the record that came back. The arguments are those
/// at mounting; later changes go through the [`Form`] that `on_mount` receives. Accessibility: one `<form>` with labelled inputs, an
/// error summary that takes the focus, and a status line that is there from the first drawing.
#[component]
pub fn PaymentForm(
    /// What the host configured.
    config: Config,
    /// The page around.
    host: Rc<dyn Host>,
    /// The sentences, where they are not English.
    #[prop(optional)]
    language: Language,
    /// The lists, where they do not come from addresses.
    #[prop(optional)]
    given: Given,
    /// Receives the form, once it is usable.
    on_mount: Box<dyn FnOnce(Form)>,
) -> AnyView {
    let form = Form::new(config, host, language);
    form.open(given);
    on_mount(form);
    let drawn = move || match form.ground.get() {
        Some(ground) => form.draw(&ground),
        None => bare::bare(form, form.language.with_value(|language| language.plain_words(&form.config().locale))),
    };
    // What is drawn anew needs an element around it: Leptos does not find a shadow root as the parent of what it replaces.
    view! { class="pf", <div class="root">{drawn}</div> }.into_any()
}

impl Form {
    fn new(config: Config, host: Rc<dyn Host>, language: Language) -> Self {
        let machine = Machine::new(config.settings);
        let statement: RwSignal<Arc<Statement>> = RwSignal::new(Arc::default());
        let ground: RwSignal<Option<Arc<Ground>>> = RwSignal::new(None);
        let draft: RwSignal<Arc<Draft>> = RwSignal::new(Arc::default());
        let answer = move |_: Option<&Arc<Checked>>| {
            let nothing = || Checked { amount: Reading::Empty, amount_due: Reading::Empty, allocation: None, payment: Err(Vec::new()) };
            let checked = ground.with(|ground| {
                let terms = &ground.as_ref()?.terms;
                Some(statement.with(|statement| draft.with(|draft| check(draft, statement, terms))))
            });
            Arc::new(checked.unwrap_or_else(nothing))
        };
        let errands = Errands::new(&config, &*host);
        Self {
            host: StoredValue::new_local(host),
            owner: StoredValue::new(Owner::current().map(|owner| owner.downgrade())),
            config: StoredValue::new(Arc::new(config)),
            language: StoredValue::new(language),
            lists: StoredValue::new(Lists::default()),
            load: RwSignal::new(Load::Loading),
            statement,
            ground,
            draft,
            // An answer is never compared with the last one: comparing would cost more than drawing.
            checked: Memo::new_with_compare(answer, |_, _| true),
            machine: RwSignal::new(machine),
            now: RwSignal::new(browser::now()),
            asked: RwSignal::new(false),
            edited: RwSignal::new(Vec::new()),
            reach: RwSignal::new(None),
            errands: StoredValue::new_local(errands),
        }
    }

    fn open(self, given: Given) {
        self.announce_mistakes();
        self.supply(given);
        self.lay_ground();
        let draft = self.initial_draft(true);
        self.draft.set(Arc::new(draft));
        self.choose_method();
        self.resume();
        let on_hide = window_event_listener(leptos::ev::pagehide, move |_| self.keep_draft());
        on_cleanup(move || on_hide.remove());
    }

    /// Runs a task of this form; it ends with the form.
    pub(super) fn spawn(self, task: impl Future<Output = ()> + 'static) {
        let owner = self.owner.try_get_value().flatten().and_then(|owner| owner.upgrade());
        if let Some(owner) = owner {
            owner.with(|| spawn_local_scoped_with_cancellation(task));
        }
    }

    pub(super) fn host(self) -> Option<Rc<dyn Host>> {
        self.host.try_get_value()
    }

    /// What the host configured. A form that is gone has the defaults of one that never was.
    pub(super) fn config(self) -> Arc<Config> {
        self.config.try_get_value().unwrap_or_else(|| Arc::new(Config::read(|_| None, false)))
    }

    /// Takes another configuration: at once, but for what belongs to an attempt that is under way.
    pub fn configure(self, config: Config) {
        let before = self.config();
        if *before == config {
            return;
        }
        self.machine.update(|machine| machine.configure(config.settings));
        let is_other_customer = before.customer != config.customer || before.api != config.api;
        let is_other_source = before.invoices_src != config.invoices_src || before.payment_methods_src != config.payment_methods_src;
        self.config.set_value(Arc::new(config));
        self.announce_mistakes();
        if is_other_customer && !self.is_locked() {
            self.draft.set(Arc::new(self.initial_draft(true)));
        }
        if is_other_source || is_other_customer {
            self.refresh();
        }
        self.lay_ground();
        self.choose_method();
    }

    /// Takes other sentences.
    pub fn speak(self, language: Language) {
        self.language.set_value(language);
        self.lay_ground();
    }

    fn announce_mistakes(self) {
        for mistake in &self.config().mistakes {
            browser::tell_developer(mistake);
        }
    }

    /// Draws anew on what is known of the currency, the locale and the day.
    pub(super) fn lay_ground(self) {
        let config = self.config();
        let currency = self.statement.with_untracked(|statement| statement.currency()).or(config.currency);
        let ground = currency.zip(browser::today()).map(|(currency, today)| {
            let (words, separators) = self.language.with_value(|language| language.words(&config.locale, currency));
            Arc::new(Ground { terms: config.terms(currency, separators, today), words })
        });
        self.ground.set(ground);
    }

    /// An empty form, as the host wants it to begin, or what was typed before a reload.
    pub(super) fn initial_draft(self, restores: bool) -> Draft {
        let config = self.config();
        let mut draft = Draft { order: config.order, ..Draft::default() };
        let typed = |amount| match self.ground.get_untracked() {
            Some(ground) => ground.words.money_format().write_typed(amount),
            None => amount.to_string(),
        };
        draft.amount = config.amount.map(typed).unwrap_or_default();
        if config.kind() == Kind::DueItem {
            draft.date = browser::today().map(|today| today.to_string()).unwrap_or_default();
        }
        if restores && config.settings.persists {
            self.errands.with_value(|errands| errands.scope.restore_draft(&mut draft));
        }
        draft
    }

    /// Chooses the default method where the person chose none.
    pub(super) fn choose_method(self) {
        let config = self.config();
        if config.kind() != Kind::OnAccount || !config.offered.stored || !self.draft.with_untracked(|draft| draft.method.is_empty()) {
            return;
        }
        let Some(today) = browser::today() else { return };
        let method = self.statement.with_untracked(|statement| match statement.methods() {
            Some(methods) => {
                let default = methods.iter().find(|method| method.is_default && !method.is_expired(today));
                default.map(|method| ["stored-", &method.id.to_string()].concat())
            }
            None => Some("default".to_owned()).filter(|_| config.payment_methods_src.is_none()),
        });
        if let Some(method) = method {
            self.draft.update(|draft| Arc::make_mut(draft).method = method);
        }
    }

    /// Whether nothing may change now.
    pub(super) fn is_locked(self) -> bool {
        self.machine.with_untracked(|machine| machine.view(browser::now()).is_locked) || self.config().is_disabled
    }

    /// Takes what a person did.
    pub fn act(self, act: Act) {
        match act {
            Act::Pay => self.pay(false),
            Act::Press(press) => self.press(press),
            Act::Again => self.reset(),
            Act::Reload => self.refresh(),
            Act::Reach(field) => self.reach.set(Some(field)),
            edit => self.edit(edit),
        }
    }

    fn edit(self, act: Act) {
        if self.is_locked() {
            return;
        }
        let field = match &act {
            Act::AmountDue(_) | Act::PickInvoice(_) => Field::AmountDue,
            Act::DueDate(_) => Field::DueDate,
            Act::Date(_) => Field::Date,
            Act::Method(_) => Field::Method,
            Act::Reference(_) => Field::Reference,
            Act::Order(_) | Act::ReleaseAll => Field::Allocation,
            Act::Share(id, _) | Act::Release(id) => Field::Share(*id),
            _ => Field::Amount,
        };
        self.draft.update(|draft| self.apply(act, Arc::make_mut(draft)));
        self.edited.update(|edited| {
            if !edited.contains(&field) {
                edited.push(field);
            }
        });
        self.announce_change(field);
        self.keep_draft_soon();
    }

    fn apply(self, act: Act, draft: &mut Draft) {
        match act {
            Act::Amount(text) => draft.amount = text,
            Act::AmountDue(text) => draft.amount_due = text,
            Act::DueDate(text) => draft.due_date = text,
            Act::Date(text) => draft.date = text,
            Act::Method(choice) => draft.method = choice,
            Act::Reference(text) => draft.reference = text,
            Act::Order(order) => draft.order = order,
            Act::Share(id, text) => drop(draft.shares.insert(id, text)),
            Act::Release(id) => drop(draft.shares.remove(&id)),
            Act::ReleaseAll => draft.shares.clear(),
            Act::PickInvoice(id) => self.pick(id, draft),
            Act::Reload | Act::Reach(_) | Act::Pay | Act::Press(_) | Act::Again => {}
        }
    }

    /// MaiaScore: one invoice's balance and due date become what is due.
    fn pick(self, id: InvoiceId, draft: &mut Draft) {
        let statement = self.statement.get_untracked();
        let Some(invoice) = statement.row_of(id).and_then(|row| statement.invoice(row)) else { return };
        if let Some(ground) = self.ground.get_untracked() {
            draft.amount_due = ground.words.typed(invoice.balance);
        }
        if let Some(due) = invoice.due {
            draft.due_date = due.to_string();
        }
    }

    fn announce_change(self, field: Field) {
        let checked = self.checked.get_untracked();
        let allocation = checked.allocation.as_ref();
        let amount = allocation.map(|allocation| allocation.amount());
        let change = Change { field, amount, allocation, is_valid: checked.payment.is_ok() };
        self.announce(Announcement::Change(change));
    }

    pub(super) fn announce(self, event: Announcement<'_>) -> bool {
        self.host().is_some_and(|host| host.announce(event))
    }

    /// The problems that stand on the screen: the server's, until their field is edited, and from the first press on Pay the check's own.
    fn shown_problems(self) -> Arc<[Problem]> {
        let mut problems: Vec<Problem> = Vec::new();
        self.machine.with(|machine| {
            let edited = self.edited.get();
            let view = machine.view(self.now.get_untracked());
            problems.extend(view.problems.iter().filter(|problem| !edited.contains(&problem.field)).cloned());
        });
        if self.asked.get() {
            self.checked.with(|checked| problems.extend(checked.problems().iter().cloned()));
        }
        problems.into()
    }

    fn draw(self, ground: &Ground) -> AnyView {
        let words = ground.words.clone();
        let problems = Memo::new(move |_: Option<&Arc<[Problem]>>| self.shown_problems());
        let locked = Memo::new(move |_: Option<&bool>| self.machine.with(|machine| machine.view(self.now.get()).is_locked) || self.config().is_disabled);
        let busy = Memo::new(move |_: Option<&bool>| !self.machine.with(|machine| machine.view(self.now.get()).may_submit) || self.config().is_disabled);
        let standing = Memo::new(move |_: Option<&Option<Standing>>| {
            let amount = self.checked.with_untracked(|checked| checked.allocation.as_ref().map(|allocation| allocation.amount().value()));
            self.machine.with(|machine| words.standing(&machine.view(self.now.get()), amount))
        });
        let recorded = Memo::new(move |_: Option<&Option<Arc<Recorded>>>| {
            self.machine.with(|machine| {
                let view = machine.view(0);
                let receipt = view.receipt.filter(|_| view.state == State::Recorded)?;
                Some(Arc::new(Recorded { receipt: receipt.clone(), differences: view.differences.to_vec() }))
            })
        });
        let screen = Screen {
            speech: Speech::new(ground.words.clone()),
            terms: StoredValue::new(Arc::new(ground.terms.clone())),
            load: self.load,
            statement: self.statement,
            draft: self.draft,
            checked: self.checked,
            problems,
            locked,
            busy,
            standing,
            recorded,
            reach: self.reach,
            act: Callback::new(move |act| self.act(act)),
        };
        view! { class="pf", <PaymentSheet screen=screen /> }.into_any()
    }

    /// What was typed.
    pub fn fields(self) -> Arc<Draft> {
        self.draft.get_untracked()
    }

    /// Looks at the division, once there is one.
    pub fn with_allocation<T>(self, look: impl FnOnce(Option<&Allocation>) -> T) -> T {
        self.checked.with_untracked(|checked| look(checked.allocation.as_ref()))
    }

    /// Everything that is wrong now, shown or not, each with its sentence.
    pub fn problems(self) -> Vec<(Problem, String)> {
        let mut problems = self.machine.with_untracked(|machine| machine.view(browser::now()).problems.to_vec());
        self.checked.with_untracked(|checked| problems.extend_from_slice(checked.problems()));
        self.said(&problems)
    }

    /// Tells the page that the form is usable.
    pub fn announce_ready(self) {
        let last_words = self.last_words(self.machine.with_untracked(Machine::state));
        self.announce(Announcement::State { state: self.machine.with_untracked(Machine::state), last_words: &last_words });
        self.announce(Announcement::Ready);
    }

    /// Whether what was typed can be sent; `shows` puts the problems on the screen and takes the person there.
    pub fn check_validity(self, shows: bool) -> bool {
        let is_valid = self.checked.with_untracked(|checked| checked.payment.is_ok());
        if shows && !is_valid {
            self.asked.set(true);
            self.reach.set(Some(Field::Form));
        }
        is_valid
    }

    /// Begins anew, unless a payment is unsettled.
    pub fn reset(self) {
        let was_recorded = self.machine.with_untracked(Machine::state) == State::Recorded;
        self.dispatch(Event::Reset);
        if self.machine.with_untracked(Machine::state) != State::Ready {
            return;
        }
        self.asked.set(false);
        self.edited.set(Vec::new());
        self.errands.with_value(|errands| errands.scope.forget_draft());
        self.draft.set(Arc::new(self.initial_draft(false)));
        self.choose_method();
        if was_recorded {
            self.refresh();
        }
    }

    /// Replaces what was typed, unless it is locked.
    pub fn set_fields(self, fields: Vec<(String, String)>) {
        if self.is_locked() {
            return;
        }
        let mut draft = self.initial_draft(false);
        for (name, text) in fields {
            store::set_field(&mut draft, &name, text);
        }
        self.draft.set(Arc::new(draft));
        self.choose_method();
        self.keep_draft_soon();
    }

    fn keep_draft_soon(self) {
        let edits = self.errands.try_update_value(|errands| {
            errands.edits = errands.edits.wrapping_add(1);
            errands.edits
        });
        browser::after(STORE_AFTER, move || {
            if self.errands.try_with_value(|errands| errands.edits) == edits {
                self.keep_draft();
            }
        });
    }

    fn keep_draft(self) {
        let is_over = self.machine.try_with_untracked(|machine| machine.state() == State::Recorded).unwrap_or(true);
        if is_over || !self.config().settings.persists {
            return;
        }
        let draft = self.draft.get_untracked();
        self.errands.with_value(|errands| errands.scope.keep_draft(&draft));
    }
}
