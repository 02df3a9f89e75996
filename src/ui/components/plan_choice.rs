//! Draws the choice of the plan by which a payment is divided.

use crate::ui::state::view_model::{Action, use_form};
use crate::{
    domain::{allocation::Order, problem::Field},
    words::{Phrase, en},
};
use leptos::prelude::*;

/// The labels of the plans, as [`Order::NAMES`] lists them.
const LABELS: [Phrase; 5] = [en::PLAN_OLDEST, en::PLAN_NEWEST, en::PLAN_EXACT, en::PLAN_MANUAL, en::PLAN_NONE];

/// Five radios drawn as one bar; arrow keys move between them as in every radio group.
#[component]
pub fn PlanChoice(
    /// The id of the line that tells the problem of the division.
    error: String,
) -> impl IntoView {
    let form = use_form();
    let plans = Order::NAMES.iter().zip(LABELS).map(|(&(value, order), label)| {
        view! { class="pf",
            <label class="plan">
                <input
                    type="radio"
                    name="allocation"
                    value=value
                    prop:checked=move || form.draft().order == order
                    on:change=move |_| form.act(Action::Order(order))
                />
                // The label in bold, unseen, holds the width, so that no plan moves when another is chosen.
                <span data-label=form.text(label)>{form.text(label)}</span>
            </label>
        }
    });
    view! { class="pf",
        <fieldset
            class="plans"
            role="radiogroup"
            aria-label=form.text(en::ALLOCATION_GROUP)
            aria-describedby=error
            aria-invalid=move || form.is_wrong(Field::Allocation).then_some("true")
            disabled=move || form.locked()
        >
            {plans.collect_view()}
        </fieldset>
    }
}

/// Tells whether the plan computes shares.
pub fn fills(order: Order) -> bool {
    !matches!(order, Order::Manual | Order::None)
}
