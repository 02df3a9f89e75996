//! The choice of how a payment is divided.

use super::screen::{Act, Screen};
use crate::{
    domain::allocation::Order,
    words::{Phrase, en},
};
use leptos::prelude::*;

/// The orders with the values of their radios, as the `allocation` attribute names them.
const ORDERS: [(Order, &str, Phrase); 5] = [
    (Order::Oldest, "oldest", en::PLAN_OLDEST),
    (Order::Newest, "newest", en::PLAN_NEWEST),
    (Order::Exact, "exact", en::PLAN_EXACT),
    (Order::Manual, "manual", en::PLAN_MANUAL),
    (Order::None, "none", en::PLAN_NONE),
];

/// Five radios drawn as one bar; arrow keys move between them as in every radio group.
#[component]
pub fn PlanChoice(
    /// Live: the draft's order.
    screen: Screen,
) -> AnyView {
    let radio = |(order, value, label): (Order, &'static str, Phrase)| {
        let is_chosen = Memo::new(move |_| screen.draft.with(|draft| draft.order == order));
        view! { class="pf",
            <label class="plan">
                <input type="radio" name="allocation" value=value prop:checked=move || is_chosen.get()
                    on:change=move |_| screen.act.run(Act::Order(order)) />
                <span>{screen.speech.text(label)}</span>
            </label>
        }
    };
    view! { class="pf",
        <div class="plans" role="radiogroup" aria-label=screen.speech.text(en::ALLOCATION_GROUP)>{ORDERS.map(radio).collect_view()}</div>
    }
    .into_any()
}

/// Whether the order gives anything by itself.
pub fn fills(order: Order) -> bool {
    !matches!(order, Order::Manual | Order::None)
}
