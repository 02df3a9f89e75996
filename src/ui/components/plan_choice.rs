//! The choice of how a payment is divided.

use crate::ui::{
    components::text_field::lockable,
    dom::{Node, el},
    state::view_model::{Act, Screen},
};
use crate::{
    domain::{allocation::Order, problem::Field},
    words::{Phrase, en},
};

/// The labels of the orders, as [`Order::NAMES`] lists them.
const LABELS: [Phrase; 5] = [en::PLAN_OLDEST, en::PLAN_NEWEST, en::PLAN_EXACT, en::PLAN_MANUAL, en::PLAN_NONE];

/// Five radios drawn as one bar; arrow keys move between them as in every radio group. What is wrong stands under the id `error`.
pub fn plan_choice(screen: Screen, error: &str) -> Node {
    let mut plans = lockable(screen, "fieldset.plans role=radiogroup")
        .set_phrase("aria-label", screen.speech, en::ALLOCATION_GROUP)
        .set("aria-describedby", error)
        .when("aria-invalid", move || screen.is_wrong(Field::Allocation));
    for (&(value, order), label) in Order::NAMES.iter().zip(LABELS) {
        let input = el("input type=radio name=allocation")
            .set("value", value)
            .ticked(move || screen.draft().order == order)
            .on("change", move |_| screen.act(Act::Order(order)));
        plans = plans.child(el("label.plan").child(input).child(el("span").phrase(screen.speech, label)));
    }
    plans
}

/// Whether the order gives anything by itself.
pub fn fills(order: Order) -> bool {
    !matches!(order, Order::Manual | Order::None)
}
