//! Draws the choice of a payment method.

use crate::ui::{
    components::{
        change_button::{ChangeButton, close_after_tap},
        icon::{self, Mark, MethodMark},
        list_failure::ListFailure,
        skeleton::Skeleton,
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

/// The number of options from which a narrow form shows the chosen one alone.
const FOLDS_FROM: usize = 3;

/// The value of the radio that leaves the method to the server.
const DEFAULT: &str = "default";

/// One offered method of payment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct MethodOption {
    value: String,
    mark: &'static Mark,
    label: String,
    note: String,
    is_default: bool,
    is_expired: bool,
}

/// Radios: one for each stored method, then the offline methods, which only record money received elsewhere.
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
    let options = Memo::new(move |_| method_options(form, is_default_chosen.get()));
    let is_open = RwSignal::new(false);
    let must_be_open = Memo::new(move |_| {
        let (method, is_wrong) = (form.chosen_method(), form.has_problem(Field::Method));
        options.with(|options| {
            is_wrong || options.len() < FOLDS_FROM || !options.iter().any(|option| option.value == method && !option.is_expired)
        })
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
            aria-invalid=move || form.has_problem(Field::Method).then_some("true")
        >
            <For each=move || options.get() key=|option| option.clone() let(option)>
                <Radio option=option is_open=is_open />
            </For>
            <Show when=move || options.with(Vec::is_empty)>
                <NoMethods />
            </Show>
        </div>
        <ProblemLine id=error field=Field::Method />
    }
}

#[component]
fn Radio(option: MethodOption, is_open: RwSignal<bool>) -> impl IntoView {
    let form = use_form();
    let (chosen, choice) = (option.value.clone(), option.value.clone());
    view! { class="pf",
        <label class="method" on:click=move |event| close_after_tap(is_open, &event)>
            <input
                type="radio"
                name="paymentMethod"
                value=option.value
                disabled=option.is_expired
                prop:checked=move || form.chosen_method() == chosen
                on:change=move |_| {
                    is_open.set(true);
                    form.act(Action::Method(choice.clone()));
                }
            />
            <MethodMark mark=option.mark />
            <span>
                <b>{option.label}</b>
                " "
                <small>{option.note}</small>
            </span>
            {option.is_default.then(|| view! { class="pf", <span class="badge">{form.text(en::METHOD_IS_DEFAULT)}</span> })}
        </label>
    }
}

/// The line in place of the radios: the list is being loaded, or no method is offered.
#[component]
fn NoMethods() -> impl IntoView {
    let form = use_form();
    let is_loading = move || form.load() == Load::Loading;
    let sentence = match form.payee().filter(|_| !form.is_for_staff()) {
        Some(payee) => form.say(en::METHOD_NONE_PAYEE, &[("payee", &payee)]),
        None => form.text(en::METHOD_NONE),
    };
    view! { class="pf",
        <p class:empty=move || !is_loading() class:visually-hidden=is_loading role="status">
            {move || if is_loading() { form.text(en::METHOD_LOADING) } else { sentence.clone() }}
        </p>
        {move || is_loading().then(|| view! { class="pf", <Skeleton shape="skeleton skeleton-method" count=3 /> })}
    }
}

/// The methods that the host offers and the statement knows; expired cards are last.
fn method_options(form: ViewModel, is_default_chosen: bool) -> Vec<MethodOption> {
    let (terms, statement) = (form.terms(), form.statement());
    let plain = |value: &str, mark, label, note| MethodOption {
        value: value.into(),
        mark,
        label,
        note,
        is_default: false,
        is_expired: false,
    };
    let mut options = Vec::new();
    let mut expired = Vec::new();
    if terms.offered.stored {
        let mut default = None;
        for method in statement.methods().unwrap_or_default() {
            let mut option = stored_option(form, method, method.is_expired(terms.today));
            // Two methods that look the same are told apart by their ids.
            let before = if option.is_expired { &expired } else { &options };
            if before.iter().any(|other: &MethodOption| other.label == option.label && other.note == option.note) {
                option.label = format!("{} ({})", option.label, method.id);
            }
            if option.is_expired {
                expired.push(option);
            } else {
                if option.is_default && is_default_chosen {
                    default = Some(form.say(en::METHOD_DEFAULT_NOW, &[("label", &option.label)]));
                }
                options.push(option);
            }
        }
        if statement.methods().is_none() && form.load() != Load::Loading {
            default = Some(form.text(en::METHOD_DEFAULT_UNSEEN));
        }
        if let Some(note) = default {
            options.push(plain(DEFAULT, &icon::CARD, form.text(en::METHOD_DEFAULT), note));
        }
    }
    let offline = [
        (terms.offered.cash, "Cash", &icon::CASH, en::METHOD_CASH),
        (terms.offered.check, "Check", &icon::SLIP, en::METHOD_CHECK),
        (terms.offered.direct_deposit, "DirectDeposit", &icon::DEPOSIT, en::METHOD_DEPOSIT),
    ];
    for (is_offered, value, mark, label) in offline {
        if is_offered {
            options.push(plain(value, mark, form.text(label), form.text(en::METHOD_OFFLINE)));
        }
    }
    options.append(&mut expired);
    options
}

fn stored_option(form: ViewModel, method: &StoredMethod, is_expired: bool) -> MethodOption {
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

/// The label of the chosen option; empty when none is chosen.
pub fn chosen_label(form: ViewModel) -> String {
    let chosen = form.chosen_method();
    method_options(form, chosen == DEFAULT)
        .into_iter()
        .find(|option| option.value == chosen)
        .map(|option| option.label)
        .unwrap_or_default()
}
