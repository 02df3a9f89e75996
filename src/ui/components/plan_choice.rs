//! Draws the choice of the plan by which a payment is divided.

use crate::ui::{
    components::change_button::{ChangeButton, close_after_tap},
    state::view_model::{Action, use_form},
};
use crate::{
    domain::{allocation::Order, problem::Field},
    words::{Phrase, en},
};
use leptos::prelude::*;

/// The labels of the plans, as [`Order::NAMES`] lists them.
const LABELS: [Phrase; 5] = [en::PLAN_OLDEST, en::PLAN_NEWEST, en::PLAN_EXACT, en::PLAN_MANUAL, en::PLAN_NONE];

/// Five radios drawn as one bar; arrow keys move between them as in every radio group. A narrow form shows the chosen plan alone, with a button that
/// shows the others; a problem of the division shows them too.
#[component]
pub fn PlanChoice(
    /// The id of the line that tells the problem of the division.
    error: String,
) -> impl IntoView {
    let form = use_form();
    let is_open = RwSignal::new(false);
    let is_wrong = Memo::new(move |_| form.has_problem(Field::Allocation));
    let id = form.id("plans");
    let plans = Order::NAMES.iter().zip(LABELS).map(|(&(value, order), label)| {
        view! { class="pf",
            <label class="plan" on:click=move |event| close_after_tap(is_open, &event)>
                <input
                    type="radio"
                    name="allocation"
                    value=value
                    prop:checked=move || form.order() == order
                    on:change=move |_| {
                        is_open.set(true);
                        form.act(Action::Order(order));
                    }
                />
                // The label in bold, unseen, holds the width, so that no plan moves when another is chosen.
                <span data-label=form.text(label)>{form.text(label)}</span>
            </label>
        }
    });
    view! { class="pf",
        <div class="plan-choice" class:folded=move || !is_open.get() && !is_wrong.get()>
            <fieldset
                class="plans"
                id=id.clone()
                role="radiogroup"
                aria-label=form.text(en::ALLOCATION_GROUP)
                aria-describedby=error
                aria-invalid=move || is_wrong.get().then_some("true")
                disabled=move || form.is_locked()
            >
                {plans.collect_view()}
            </fieldset>
            <ChangeButton
                is_open=is_open
                field=Field::Allocation
                group=en::ALLOCATION_GROUP
                controls=id
                test_id="change-plan"
                hidden=is_wrong
            />
        </div>
    }
}

/// Tells whether the plan computes shares.
pub fn computes_shares(order: Order) -> bool {
    !matches!(order, Order::Manual | Order::None)
}
