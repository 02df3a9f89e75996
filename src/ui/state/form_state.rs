//! The form: the sole owner of its signals, and of the one answer to what was typed.
//!
//! Everything on the screen (`show.rs`) is drawn from one draft, the one answer to it ([`Checked`]) and the submission machine. No effect
//! writes a signal: what changes, changes when the person acts (`edit.rs`, `pay.rs`), when lists arrive (`supply.rs`), when the host
//! configures it anew (`ground.rs`), and in the steps of the machine (`errands.rs`).

use crate::ui::{
    components::layout::payment_sheet,
    components::no_currency,
    dom::{Node, el},
    live::{Held, Live, computed, recomputed},
    platform::browser,
    platform::focus,
    platform::intl::Language,
    state::commands::{Errands, Home},
    state::config::Config,
    state::host::{Announcement, Host},
    state::pay::no_room,
    state::reconfigure::Ground,
    state::supply::{Given, Lists},
    state::view_model::Load,
};
use crate::{
    domain::{
        amount::Reading,
        balance_change::Change,
        check::{Checked, check},
        draft::Draft,
        problem::Field,
        statement::Statement,
    },
    submission::{Machine, State},
    words::Phrase,
};
use leptos::{html::Div, prelude::*, reactive::owner::WeakOwner, task::spawn_local_scoped_with_cancellation};
use std::{cell::Cell, future::Future, pin::Pin, rc::Rc, sync::Arc};

/// What the form keeps and nothing on the screen follows.
pub(in crate::ui) struct Kept {
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
    kept: Held<Cell<Option<Box<Kept>>>>,
    pub(in crate::ui) load: Live<Load>,
    pub(in crate::ui) statement: Live<Arc<Statement>>,
    pub(in crate::ui) ground: Live<Option<Arc<Ground>>>,
    pub(in crate::ui) draft: Live<Arc<Draft>>,
    pub(in crate::ui) checked: Live<Arc<Checked>>,
    pub(in crate::ui) machine: Live<Arc<Machine>>,
    /// Whether a payment is unresolved that a page before this one sent.
    pub(in crate::ui) restored: Live<bool>,
    pub(in crate::ui) now: Live<u64>,
    pub(in crate::ui) disabled: Live<bool>,
    /// Whether Pay was pressed: from then on problems are shown.
    pub(in crate::ui) asked: Live<bool>,
    /// The fields that were edited since the server refused them.
    pub(in crate::ui) edited: Live<Arc<[Field]>>,
    pub(in crate::ui) reach: Live<Option<Field>>,
    /// Whether the balances are being read again before a payment is sent on them.
    pub(in crate::ui) rereading: Live<bool>,
    /// What that found to be different; to be seen before Pay is pressed again.
    pub(in crate::ui) changed: Live<Arc<[(Phrase, Change)]>>,
    /// Whether they could not be read, so that nothing was sent.
    pub(in crate::ui) unchecked: Live<bool>,
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
        let on_hide = move |_| {
            form.keep_draft();
            form.kept(|kept| kept.errands.leave());
        };
        Held::new(browser::on_window("pagehide", on_hide));
        // What is said of being offline is looked at again.
        Held::new(browser::on_window("online", move |_| form.now.set(browser::now())));
        let root = el("div.root");
        let drawn = root.clone().draws(move || {
            let ground = form.ground.get();
            if let Some(return_focus) = focus::keep_focused(&root) {
                // As soon as the new drawing stands there.
                browser::after(0, return_focus);
            }
            match ground {
                Some(ground) => vec![payment_sheet(form.screen(&ground))],
                None => vec![no_currency::bare(form)],
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
            errands: Errands::new(Home::new(&config, &*host)),
            host,
            config: Arc::new(config),
            language,
            lists: Lists::default(),
            early: None,
            edits: 0,
            owner: Owner::current().map(|owner| owner.downgrade()),
        };
        Self {
            kept: Held::new(Cell::new(Some(Box::new(kept)))),
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
            unchecked: Live::of(false),
        }
    }

    /// Looks at or changes what is kept; `None` once the form is gone. What is done in here must not call the page, which may call back.
    pub(in crate::ui) fn kept<T>(self, look: impl FnOnce(&mut Kept) -> T) -> Option<T> {
        let mut kept = take(self.kept)?;
        let seen = look(&mut kept);
        put_back(self.kept, kept);
        Some(seen)
    }

    /// Runs a task of this form; it ends with the form.
    pub(in crate::ui) fn spawn(self, task: impl Future<Output = ()> + 'static) {
        let owner = self.kept(|kept| kept.owner.clone()).flatten().and_then(|owner| owner.upgrade());
        spawn_under(owner, Box::pin(task));
    }

    /// The page around, as long as the form is there.
    pub(in crate::ui) fn host(self) -> Option<Rc<dyn Host>> {
        self.kept(|kept| Rc::clone(&kept.host))
    }

    /// What the host configured, as long as the form is there.
    pub(in crate::ui) fn config(self) -> Option<Arc<Config>> {
        self.kept(|kept| Arc::clone(&kept.config))
    }

    /// Tells the page.
    pub(in crate::ui) fn announce(self, event: Announcement<'_>) -> bool {
        self.host().is_some_and(|host| host.announce(event))
    }

    /// Where the payment stands now.
    pub(in crate::ui) fn state(self) -> State {
        self.machine.get_untracked().state()
    }

    /// Tells the page that the form is usable: at once, or when the lists tell the currency, without which there is nothing to fill in.
    pub(crate) fn announce_ready(self) {
        let state = self.state();
        let waits = state == State::Ready && self.load.get_untracked() == Load::Loading && self.ground.get_untracked().is_none();
        self.kept(|kept| kept.lists.greets = waits);
        if waits {
            return;
        }
        let last_words = self.last_words();
        self.announce(Announcement::State { state, last_words: &last_words });
        self.announce(Announcement::Ready);
    }
}

/// What is looked at is out of its place meanwhile: no two looks at once.
fn take(kept: Held<Cell<Option<Box<Kept>>>>) -> Option<Box<Kept>> {
    Some(kept.try_get()?.take().expect("nobody else looks"))
}

fn put_back(place: Held<Cell<Option<Box<Kept>>>>, kept: Box<Kept>) {
    if let Some(place) = place.try_get() {
        place.set(Some(kept));
    }
}

fn spawn_under(owner: Option<Owner>, task: Pin<Box<dyn Future<Output = ()>>>) {
    if let Some(owner) = owner {
        owner.with(|| spawn_local_scoped_with_cancellation(task));
    }
}
