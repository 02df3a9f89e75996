//! Draws the notice about a list that could not be loaded, in the card of that list.

use crate::ui::state::view_model::{Action, ViewModel, use_form};
use crate::{
    domain::{allocation::Order, payment::Kind, problem::Field, statement::ListState},
    statement_feed::{List, Load},
    words::en,
};
use leptos::prelude::*;

/// The notice about one list that failed: its name, the stand-in for it, and, where it may help, the button that reads it again.
///
/// Accessibility: the place of the notice is an alert that is there from the first rendering.
#[component]
pub fn ListFailure(
    /// The list.
    list: List,
) -> impl IntoView {
    let form = use_form();
    let failure = move || form.failures().of(list).then(|| form.load());
    view! { class="pf",
        <div class="failure" role="alert">
            {move || failure().map(|load| view! { class="pf", <Failure list=list load=load /> })}
        </div>
    }
}

#[component]
fn Failure(list: List, load: Load) -> impl IntoView {
    let form = use_form();
    let statement = untrack(|| form.statement());
    let has_older = match list {
        List::Invoices => statement.list_state() == ListState::Listed,
        List::Methods => statement.methods().is_some(),
    };
    let explanation = match list {
        _ if has_older => Some(view! { class="pf", <p>{form.text(en::LISTS_OLD)}</p> }.into_any()),
        List::Invoices if form.terms().kind == Kind::OnAccount && !untrack(|| form.is_paid_up()) => {
            Some(view! { class="pf", <KeepOnAccount /> }.into_any())
        }
        List::Invoices | List::Methods => None,
    };
    let unreadable = move || form.unreadable_invoice().filter(|_| list == List::Invoices);
    view! { class="pf",
        <fieldset class="notice danger" disabled=move || form.is_locked()>
            <p class="notice-title">{move || form.load_failure(list)}</p>
            {move || unreadable().map(|text| view! { class="pf", <p>{text}</p> })}
            {explanation}
            <div class="buttons">{(load == Load::Failed).then(|| view! { class="pf", <Reload form=form /> })}</div>
        </fieldset>
    }
}

#[component]
fn Reload(form: ViewModel) -> impl IntoView {
    view! { class="pf",
        <button type="button" class="button primary" on:click=move |_| form.act(Action::Reload)>
            {form.text(en::RELOAD)}
        </button>
    }
}

/// The choice to keep the whole payment on account while the invoices are not known.
#[component]
fn KeepOnAccount() -> impl IntoView {
    let form = use_form();
    let id = form.id("missing");
    let order = untrack(|| form.order());
    let order = if order == Order::None { Order::default() } else { order };
    view! { class="pf",
        <p id=id.clone()>{form.text(en::ALLOCATION_MISSING)}</p>
        <label class="toggle">
            <input
                type="checkbox"
                name="allocation"
                value="none"
                aria-describedby=id
                aria-invalid=move || form.has_problem(Field::Allocation).then_some("true")
                prop:checked=move || form.order() == Order::None
                on:change:target=move |event| {
                    form.act(Action::Order(if event.target().checked() { Order::None } else { order }));
                }
            />
            <span>{form.text(en::PLAN_NONE)}</span>
        </label>
    }
}
