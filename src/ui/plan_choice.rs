//! The choice of how a payment is divided.

use super::{
    dom::{Node, el},
    screen::{Act, Screen},
};
use crate::{
    domain::allocation::Order,
    words::{Phrase, en},
};

/// The orders with the values of their radios, as the `allocation` attribute names them.
const ORDERS: [(Order, &str, Phrase); 5] = [
    (Order::Oldest, "oldest", en::PLAN_OLDEST),
    (Order::Newest, "newest", en::PLAN_NEWEST),
    (Order::Exact, "exact", en::PLAN_EXACT),
    (Order::Manual, "manual", en::PLAN_MANUAL),
    (Order::None, "none", en::PLAN_NONE),
];

/// Five radios drawn as one bar; arrow keys move between them as in every radio group.
pub fn plan_choice(screen: Screen) -> Node {
    let mut plans = el("div.plans role=radiogroup").set("aria-label", &screen.speech.text(en::ALLOCATION_GROUP));
    for (order, value, label) in ORDERS {
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
