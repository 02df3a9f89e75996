//! The form: the sole owner of its signals, and the one place that decides what follows from what a person does.
//!
//! Everything on the screen is drawn from one draft, the one answer to it ([`Checked`]) and the submission machine. No effect writes a signal:
//! what changes, changes when the person acts (`edit.rs`, `pay.rs`), when lists arrive (`supply.rs`), and in the steps of the machine
//! (`errands.rs`).

use super::{
    bare, browser,
    config::Config,
    dom::{Node, el},
    errands::Errands,
    host::{Announcement, Host},
    intl::Language,
    live::{Live, computed, recomputed},
    pay::no_room,
    reach,
    screen::{Load, Parts, Recorded, Screen, Speech},
    sheet::payment_sheet,
    store::Scope,
    supply::{Given, Lists},
};
use crate::{
    domain::{
        allocation::Allocation,
        amount::Reading,
        change::Change,
        draft::{Checked, Draft, check},
        problem::{Field, Problem},
        statement::Statement,
        terms::Terms,
    },
    submission::{Machine, State},
    words::{
        Phrase, Words, en,
        standing::{Standing, Tone},
    },
};
use leptos::{html::Div, prelude::*, reactive::owner::WeakOwner, task::spawn_local_scoped_with_cancellation};
use std::{cell::RefCell, future::Future, pin::Pin, rc::Rc, sync::Arc};

/// How many changed balances and shares are listed by themselves.
const CHANGES_MAX: usize = 12;

/// What one drawing of the form stands on: another language, currency or day draws it anew.
#[derive(Clone, Debug)]
pub(super) struct Ground {
    pub terms: Terms,
    pub words: Words,
    pub marks_reference: bool,
}

/// What the form keeps and nothing on the screen follows.
pub(super) struct Kept {
    pub host: Rc<dyn Host>,
    pub config: Arc<Config>,
    pub language: Language,
    pub lists: Lists,
    pub errands: Errands,
    /// What the host set as `value` before anything could be typed.
    pub early: Option<Vec<(String, String)>>,
    /// How often something was typed: what is stored later must be the last of it.
    pub edits: u32,
    owner: Option<WeakOwner>,
}

/// A form that is mounted. Copies are handles of the same form, and all of them bear that it is gone.
#[derive(Clone, Copy)]
pub struct Form {
    kept: StoredValue<Rc<RefCell<Kept>>, LocalStorage>,
    pub(super) load: Live<Load>,
    pub(super) statement: Live<Arc<Statement>>,
    pub(super) ground: Live<Option<Arc<Ground>>>,
    pub(super) draft: Live<Arc<Draft>>,
    pub(super) checked: Live<Arc<Checked>>,
    pub(super) machine: Live<Arc<Machine>>,
    /// Whether a payment is unresolved that a page before this one sent.
    pub(super) restored: Live<bool>,
    pub(super) now: Live<u64>,
    pub(super) disabled: Live<bool>,
    /// Whether Pay was pressed: from then on problems are shown.
    pub(super) asked: Live<bool>,
    /// The fields that were edited since the server refused them.
    pub(super) edited: Live<Arc<[Field]>>,
    pub(super) reach: Live<Option<Field>>,
    /// Whether the balances are being read again before a payment is sent on them.
    pub(super) rereading: Live<bool>,
    /// What that found to be different; to be seen before Pay is pressed again.
    pub(super) changed: Live<Arc<[(Phrase, Change)]>>,
}

/// The payment form, for pages that are written in Leptos.
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
    /// Receives the form.
    on_mount: Box<dyn FnOnce(Form)>,
) -> impl IntoView {
    let (form, drawn) = Form::open(config, host, language, given);
    on_mount(form);
    form.announce_ready();
    let place: NodeRef<Div> = NodeRef::new();
    place.on_load(move |place| drop(place.append_child(drawn.element())));
    view! { class="pf", <div node_ref=place></div> }
}

impl Form {
    /// A form under the present owner, and the element in which it is drawn.
    pub(crate) fn open(config: Config, host: Rc<dyn Host>, language: Language, given: Given) -> (Self, Node) {
        let form = Self::new(config, host, language);
        form.tell_mistakes();
        form.supply(given);
        form.lay_ground();
        form.resume();
        let on_hide = window_event_listener(leptos::ev::pagehide, move |_| {
            form.keep_draft();
            form.kept(|kept| kept.errands.leave());
        });
        on_cleanup(move || on_hide.remove());
        let root = el("div.root");
        let drawn = root.clone().draws(move || {
            let ground = form.ground.get();
            if let Some(return_focus) = reach::keep_focused(&root) {
                // As soon as the new drawing stands there.
                browser::after(0, return_focus);
            }
            match ground {
                Some(ground) => vec![payment_sheet(form.screen(&ground))],
                None => vec![bare::bare(form)],
            }
        });
        (form, drawn)
    }

    fn new(config: Config, host: Rc<dyn Host>, language: Language) -> Self {
        let machine = Machine::new(config.settings);
        let (statement, draft): (Live<Arc<Statement>>, Live<Arc<Draft>>) = (Live::of(Arc::default()), Live::of(Arc::default()));
        let ground: Live<Option<Arc<Ground>>> = Live::of(None);
        let machine = Live::of(Arc::new(machine));
        let restored = computed(move |_| machine.with(|machine| machine.view(0).restored.is_some()));
        let answer = move |is_answered| {
            let nothing =
                || Checked { amount: Reading::Empty, amount_due: Reading::Empty, allocation: None, payment: Err(Vec::new()) };
            // Until it is settled what stands there is what was sent, and no other answer to what was typed. After a reload nobody knows
            // what balances that was an answer to, so there is none.
            if restored.get() {
                return Some(Arc::new(nothing()));
            }
            if is_answered && machine.get_untracked().state().is_unresolved() {
                machine.get();
                return None;
            }
            let (statement, draft) = (statement.get(), draft.get());
            Some(Arc::new(ground.get().map_or_else(nothing, |ground| {
                let mut checked = check(&draft, &statement, &ground.terms);
                if ground.marks_reference
                    && let Some(problem) = no_room(&checked)
                {
                    checked.payment = Err(vec![problem]);
                }
                checked
            })))
        };
        let disabled = Live::of(config.is_disabled);
        let kept = Kept {
            errands: Errands::new(scope(&config, &*host)),
            host,
            config: Arc::new(config),
            language,
            lists: Lists::default(),
            early: None,
            edits: 0,
            owner: Owner::current().map(|owner| owner.downgrade()),
        };
        Self {
            kept: StoredValue::new_local(Rc::new(RefCell::new(kept))),
            load: Live::of(Load::Loading),
            statement,
            ground,
            draft,
            checked: recomputed(answer),
            machine,
            restored,
            now: Live::of(browser::now()),
            disabled,
            asked: Live::of(false),
            edited: Live::of(Arc::default()),
            reach: Live::of(None),
            rereading: Live::of(false),
            changed: Live::of(Arc::default()),
        }
    }

    /// Looks at or changes what is kept; `None` once the form is gone. What is done in here must not call the page, which may call back.
    pub(super) fn kept<T>(self, look: impl FnOnce(&mut Kept) -> T) -> Option<T> {
        let kept = cell(self.kept)?;
        Some(look(&mut kept.borrow_mut()))
    }

    /// Runs a task of this form; it ends with the form.
    pub(super) fn spawn(self, task: impl Future<Output = ()> + 'static) {
        let owner = self.kept(|kept| kept.owner.clone()).flatten().and_then(|owner| owner.upgrade());
        spawn_under(owner, Box::pin(task));
    }

    /// The page around, as long as the form is there.
    pub(super) fn host(self) -> Option<Rc<dyn Host>> {
        self.kept(|kept| Rc::clone(&kept.host))
    }

    /// What the host configured, as long as the form is there.
    pub(super) fn config(self) -> Option<Arc<Config>> {
        self.kept(|kept| Arc::clone(&kept.config))
    }

    /// Tells the page.
    pub(super) fn announce(self, event: Announcement<'_>) -> bool {
        self.host().is_some_and(|host| host.announce(event))
    }

    /// Tells the page that the form is usable: at once, or when the lists tell the currency, without which there is nothing to fill in.
    pub(crate) fn announce_ready(self) {
        let state = self.machine.get_untracked().state();
        let waits = state == State::Ready && self.load.get_untracked() == Load::Loading && self.ground.get_untracked().is_none();
        self.kept(|kept| kept.lists.greets = waits);
        if waits {
            return;
        }
        let last_words = self.last_words();
        self.announce(Announcement::State { state, last_words: &last_words });
        self.announce(Announcement::Ready);
    }

    /// Takes another configuration: at once, but for what belongs to an attempt that is under way.
    pub fn configure(self, config: Config) {
        let Some(before) = self.config() else { return };
        if *before == config {
            return;
        }
        let is_other_customer = before.customer != config.customer || before.api != config.api;
        let is_other_source =
            before.invoices_src != config.invoices_src || before.payment_methods_src != config.payment_methods_src;
        let is_unresolved = self.machine.with_untracked(|machine| machine.state().is_unresolved());
        self.machine.update(|machine| Arc::make_mut(machine).configure(config.settings));
        self.disabled.set(config.is_disabled);
        // A form that only waits longer, say, is not drawn anew.
        let is_same_ground = *before == Config { settings: before.settings, is_disabled: before.is_disabled, ..config.clone() };
        self.kept(|kept| kept.config = Arc::new(config));
        if !is_unresolved {
            self.follow_scope();
        }
        self.tell_mistakes();
        if !is_same_ground {
            self.lay_ground();
        }
        if is_other_customer && !is_unresolved {
            self.begin(true);
        }
        if is_other_source || is_other_customer {
            self.refresh();
        }
    }

    /// Keeps text and attempt from now on where the configuration says. Not under an unresolved attempt: a reload would not find it there.
    pub(super) fn follow_scope(self) {
        let Some((config, host)) = self.config().zip(self.host()) else { return };
        let scope = scope(&config, &*host);
        self.kept(|kept| kept.errands.scope = scope);
    }

    /// Takes other sentences.
    pub fn speak(self, language: Language) {
        self.kept(|kept| kept.language = language);
        self.lay_ground();
    }

    fn tell_mistakes(self) {
        for mistake in self.config().iter().flat_map(|config| &config.mistakes) {
            browser::tell_developer(mistake);
        }
    }

    /// Lays the ground anew on what is known of the currency, the locale and the day. On the first ground the draft begins.
    pub(super) fn lay_ground(self) {
        let Some((config, language)) = self.kept(|kept| (Arc::clone(&kept.config), kept.language.clone())) else { return };
        let currency = self.statement.with_untracked(|statement| statement.currency()).or(config.currency);
        let ground = currency.zip(browser::today()).map(|(currency, today)| {
            let (words, separators) = language.words(&config.locale, currency);
            let terms = config.terms(currency, separators, today);
            Arc::new(Ground { terms, words, marks_reference: config.marks_reference })
        });
        let is_first = ground.is_some() && self.ground.with_untracked(Option::is_none);
        self.ground.set(ground);
        if is_first {
            self.begin(true);
        }
    }

    /// The words of the present ground, or those that need no currency.
    pub(super) fn words(self) -> Words {
        let ground = self.ground.get_untracked();
        let plain = || self.kept(|kept| kept.language.plain_words(&kept.config.locale)).unwrap_or_default();
        ground.map_or_else(plain, |ground| ground.words.clone())
    }

    /// Whether nothing may change now.
    pub(super) fn is_locked(self) -> bool {
        let is_sent = self.machine.try_get_untracked().is_none_or(|machine| machine.view(0).is_locked);
        is_sent || self.disabled.get_untracked() || self.rereading.get_untracked()
    }

    /// The problems that stand on the screen: the server's, until their field is edited, and from the first press on Pay the check's own.
    fn shown_problems(self) -> Arc<[Problem]> {
        let edited = self.edited.get();
        let mut problems = self.machine.with(|machine| refusals(machine));
        problems.retain(|problem| !edited.contains(&problem.field));
        if self.asked.get() {
            problems.extend_from_slice(self.checked.get().problems());
        }
        problems.into()
    }

    /// Where the payment stands, in words.
    pub(super) fn standing(self, words: &Words) -> Option<Standing> {
        let plain =
            |tone, phrase, lines| Some(Standing { tone, title: words.text(phrase).to_owned(), lines, presses: Vec::new() });
        if self.rereading.get() {
            return plain(Tone::Busy, en::REREADING, Vec::new());
        }
        let machine = self.machine.get();
        let view = machine.view(self.now.get());
        if let Some(sent) = view.restored {
            let amount = Some(sent.amount).filter(|amount| !amount.is_zero());
            let mut standing = words.standing(&view, amount);
            // While something is under way its title says it.
            if let Some(standing) = standing.as_mut().filter(|standing| standing.tone != Tone::Busy) {
                let mut lines = words.sent(sent);
                lines.append(&mut standing.lines);
                standing.lines = lines;
            }
            return standing;
        }
        let amount = self.checked.with_untracked(|checked| match &checked.amount {
            Reading::Number(value) => Some(*value),
            _ => None,
        });
        let standing = words.standing(&view, amount);
        let changed = self.changed.get();
        if standing.is_some() || changed.is_empty() {
            return standing;
        }
        let mut lines: Vec<String> =
            changed.iter().take(CHANGES_MAX).map(|(phrase, change)| words.change(*phrase, change)).collect();
        if let Some(more) = changed.len().checked_sub(CHANGES_MAX).filter(|more| *more > 0) {
            lines.push(["+ ", &words.number(more)].concat());
        }
        plain(Tone::Warning, en::BALANCES_CHANGED, lines)
    }

    fn screen(self, ground: &Arc<Ground>) -> Screen {
        let words = ground.words.clone();
        Screen::new(Parts {
            speech: Speech::new(ground.words.clone()),
            terms: Arc::new(ground.terms.clone()),
            load: self.load,
            statement: self.statement,
            draft: self.draft,
            checked: self.checked,
            problems: computed(move |_| self.shown_problems()),
            locked: computed(move |_| {
                self.machine.with(|machine| machine.view(0).is_locked) | self.disabled.get() | self.rereading.get()
            }),
            busy: computed(move |_| {
                let is_at_work = self.rereading.get() | self.awaits_invoices();
                !self.machine.with(|machine| machine.view(0).may_submit) | self.disabled.get() | is_at_work
            }),
            standing: computed(move |_| self.standing(&words)),
            recorded: computed(move |_| self.recorded()),
            restored: self.restored,
            reach: self.reach,
            act: Callback::new(move |act| self.act(act)),
        })
    }

    fn recorded(self) -> Option<Arc<Recorded>> {
        self.machine.with(|machine| {
            let view = machine.view(0);
            let receipt = view.receipt.filter(|_| view.state == State::Recorded)?;
            Some(Arc::new(Recorded { receipt: receipt.clone(), differences: view.differences.to_vec() }))
        })
    }

    /// Looks at the division, once there is one.
    pub(crate) fn with_allocation<T>(self, look: impl FnOnce(Option<&Allocation>) -> T) -> T {
        self.checked.with_untracked(|checked| look(checked.allocation.as_ref()))
    }

    /// Everything that is wrong now, shown or not, each with its sentence.
    pub fn problems(self) -> Vec<(Problem, String)> {
        let mut problems = self.machine.with_untracked(|machine| refusals(machine));
        self.checked.with_untracked(|checked| problems.extend_from_slice(checked.problems()));
        self.said(&problems)
    }

    /// Each problem with its sentence.
    pub(super) fn said(self, problems: &[Problem]) -> Vec<(Problem, String)> {
        let words = self.words();
        problems.iter().map(|problem| (problem.clone(), words.problem(problem))).collect()
    }
}

fn cell(kept: StoredValue<Rc<RefCell<Kept>>, LocalStorage>) -> Option<Rc<RefCell<Kept>>> {
    kept.try_get_value()
}

/// What the server found wrong. An attempt that was cancelled has nothing to be corrected.
fn refusals(machine: &Machine) -> Vec<Problem> {
    let view = machine.view(0);
    if view.is_cancelled { Vec::new() } else { view.problems.to_vec() }
}

/// Where this form's text and attempt are kept.
fn scope(config: &Config, host: &dyn Host) -> Scope {
    Scope::new(config.api, &config.endpoint, config.customer, &host.name())
}

fn spawn_under(owner: Option<Owner>, task: Pin<Box<dyn Future<Output = ()>>>) {
    if let Some(owner) = owner {
        owner.with(|| spawn_local_scoped_with_cancellation(task));
    }
}
