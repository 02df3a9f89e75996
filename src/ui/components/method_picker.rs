//! Draws the ways of paying.

use crate::ui::{
    components::{
        change_button::{ChangeButton, close_after_tap},
        icon::{self, Mark, MethodMark},
        list_failure::ListFailure,
        placeholder::Bones,
        text_field::ProblemLine,
    },
    state::view_model::{Action, ViewModel, use_form},
};
use crate::{
    domain::{
        problem::Field,
        statement::{StoredKind, StoredMethod},
    },
    statement_feed::{List, Load},
    words::en,
};
use leptos::prelude::*;

/// A narrow form shows the chosen way alone from this number of ways on.
const FOLDS_FROM: usize = 3;

/// The value of the radio that leaves the method to the server.
const DEFAULT: &str = "default";

/// One offered way of paying.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct MethodOption {
    value: String,
    mark: &'static Mark,
    label: String,
    note: String,
    is_default: bool,
    is_expired: bool,
}

/// Radios: one for each stored method, then the ways that only record money received elsewhere.
///
/// "The default, whatever it is" is offered only where no list shows which method that is, or where it is chosen already.
///
/// A narrow form shows only the chosen one of several, with a button that shows the others; a problem of the method shows them too.
///
/// An expired card stays in sight, disabled, with the reason. The server masks the labels; no card number is ever asked for.
#[component]
pub fn MethodPicker() -> impl IntoView {
    let form = use_form();
    let error = form.id("method-error");
    let is_default_chosen = Memo::new(move |_| form.chosen_method() == DEFAULT);
    let ways = Memo::new(move |_| offered(form, is_default_chosen.get()));
    let is_open = RwSignal::new(false);
    let must_be_open = Memo::new(move |_| {
        let (method, is_wrong) = (form.chosen_method(), form.is_wrong(Field::Method));
        ways.with(|ways| is_wrong || ways.len() < FOLDS_FROM || !ways.iter().any(|way| way.value == method && !way.is_expired))
    });
    let id = form.id("methods");
    view! { class="pf",
        <ListFailure list=List::Methods />
        <ChangeButton
            is_open=is_open
            field=Field::Method
            group=en::METHOD_GROUP
            controls=id.clone()
            test_id="change-method"
            hidden=must_be_open
        />
        <div
            class="methods"
            class:folded=move || !is_open.get() && !must_be_open.get()
            id=id
            part="methods"
            role="radiogroup"
            aria-label=form.text(en::METHOD_GROUP)
            aria-describedby=error.clone()
            aria-invalid=move || form.is_wrong(Field::Method).then_some("true")
        >
            <For each=move || ways.get() key=|way| way.clone() let(way)>
                <Radio way=way is_open=is_open />
            </For>
            <Show when=move || ways.with(Vec::is_empty)>
                <NoWay />
            </Show>
        </div>
        <ProblemLine id=error field=Field::Method />
    }
}

#[component]
fn Radio(way: MethodOption, is_open: RwSignal<bool>) -> impl IntoView {
    let form = use_form();
    let (chosen, choice) = (way.value.clone(), way.value.clone());
    view! { class="pf",
        <label class="method" on:click=move |event| close_after_tap(is_open, &event)>
            <input
                type="radio"
                name="paymentMethod"
                value=way.value
                disabled=way.is_expired
                prop:checked=move || form.chosen_method() == chosen
                on:change=move |_| {
                    is_open.set(true);
                    form.act(Action::Method(choice.clone()));
                }
            />
            <MethodMark mark=way.mark />
            <span>
                <b>{way.label}</b>
                " "
                <small>{way.note}</small>
            </span>
            {way.is_default.then(|| view! { class="pf", <span class="badge">{form.text(en::METHOD_IS_DEFAULT)}</span> })}
        </label>
    }
}

/// The line in place of the radios: the list is on its way, or holds no way to pay.
#[component]
fn NoWay() -> impl IntoView {
    let form = use_form();
    let is_loading = move || form.load() == Load::Loading;
    let none = match form.payee().filter(|_| !form.is_for_staff()) {
        Some(payee) => form.say(en::METHOD_NONE_PAYEE, &[("payee", &payee)]),
        None => form.text(en::METHOD_NONE),
    };
    view! { class="pf",
        <p class:empty=move || !is_loading() class:unseen=is_loading role="status">
            {move || if is_loading() { form.text(en::METHOD_LOADING) } else { none.clone() }}
        </p>
        {move || is_loading().then(|| view! { class="pf", <Bones shape="bone bone-method" count=3 /> })}
    }
}

/// The ways that the host offers and the statement knows; those that cannot be chosen are last.
fn offered(form: ViewModel, is_default_chosen: bool) -> Vec<MethodOption> {
    let (terms, statement) = (form.terms(), form.statement());
    let plain = |value: &str, mark, label, note| MethodOption {
        value: value.into(),
        mark,
        label,
        note,
        is_default: false,
        is_expired: false,
    };
    let mut ways = Vec::new();
    let mut expired = Vec::new();
    if terms.offered.stored {
        let mut default = None;
        for method in statement.methods().unwrap_or_default() {
            let mut way = stored(form, method, method.is_expired(terms.today));
            // Two methods that look the same are told apart by their ids.
            let before = if way.is_expired { &expired } else { &ways };
            if before.iter().any(|other: &MethodOption| other.label == way.label && other.note == way.note) {
                way.label = format!("{} ({})", way.label, method.id);
            }
            if way.is_expired {
                expired.push(way);
            } else {
                if way.is_default && is_default_chosen {
                    default = Some(form.say(en::METHOD_DEFAULT_NOW, &[("label", &way.label)]));
                }
                ways.push(way);
            }
        }
        if statement.methods().is_none() && form.load() != Load::Loading {
            default = Some(form.text(en::METHOD_DEFAULT_UNSEEN));
        }
        if let Some(note) = default {
            ways.push(plain(DEFAULT, &icon::CARD, form.text(en::METHOD_DEFAULT), note));
        }
    }
    let offline = [
        (terms.offered.cash, "Cash", &icon::CASH, en::METHOD_CASH),
        (terms.offered.check, "Check", &icon::SLIP, en::METHOD_CHECK),
        (terms.offered.direct_deposit, "DirectDeposit", &icon::DEPOSIT, en::METHOD_DEPOSIT),
    ];
    for (is_offered, value, mark, label) in offline {
        if is_offered {
            ways.push(plain(value, mark, form.text(label), form.text(en::METHOD_OFFLINE)));
        }
    }
    ways.append(&mut expired);
    ways
}

fn stored(form: ViewModel, method: &StoredMethod, is_expired: bool) -> MethodOption {
    let (mark, kind) = match method.kind {
        StoredKind::CreditCard => (icon::card_mark(&method.label), en::METHOD_CARD),
        StoredKind::Ach => (&icon::BANK, en::METHOD_BANK),
    };
    let note = match method.expires {
        Some((year, month)) => {
            let phrase = if is_expired { en::METHOD_EXPIRED_ON } else { en::METHOD_EXPIRES };
            // As it is printed on the card, whatever the language.
            form.say(phrase, &[("month", &format!("{month:02}/{:02}", year.rem_euclid(100)))])
        }
        None => form.text(kind),
    };
    MethodOption {
        value: format!("stored-{}", method.id),
        mark,
        label: form.method(method),
        note,
        is_default: method.is_default,
        is_expired,
    }
}

/// The label of the chosen way; empty when none is chosen.
pub fn chosen_label(form: ViewModel) -> String {
    let chosen = form.chosen_method();
    offered(form, chosen == DEFAULT).into_iter().find(|way| way.value == chosen).map(|way| way.label).unwrap_or_default()
}
