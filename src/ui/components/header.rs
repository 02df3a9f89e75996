//! Draws the heading, the day of the balances, and the sums that are due.

use crate::ui::{components::skeleton::Skeleton, state::view_model::use_form};
use crate::{
    domain::{money::Money, statement::ListState},
    statement_feed::Load,
    words::{Phrase, en},
};
use leptos::prelude::*;

/// The header. Placeholders stand for the sums while the lists are on their way.
#[component]
pub fn Header() -> impl IntoView {
    let form = use_form();
    let today = form.terms().today;
    let amount = move |label: Phrase, amount: Option<Money>, is_late: bool| {
        amount.map(|amount| {
            view! { class="pf",
                <div class:overdue=is_late>
                    <dt>{form.text(label)}</dt>
                    <dd>{form.money(amount)}</dd>
                </div>
            }
        })
    };
    let overdue = move || form.statement().overdue(today).filter(|amount| !amount.is_zero());
    // Skeletons reserve the space of the sums, so that nothing below them moves.
    let is_awaited = move || form.load() == Load::Loading && form.statement().list_state() != ListState::Listed;
    view! { class="pf",
        <header class="header" part="header" hidden=move || form.is_reviewed()>
            <div>
                <h2 class="title">{form.title()}</h2>
                <p class="muted as-of" hidden=move || form.statement().list_state() != ListState::Listed>
                    <span class="parts">{in_parts(&form.as_of())}</span>
                </p>
                {move || is_awaited().then(|| view! { class="pf", <Skeleton shape="skeleton skeleton-line" count=1 + usize::from(form.payer().is_some()) /> })}
            </div>
            <div class="owed" hidden=move || !is_awaited()>
                <Skeleton shape="skeleton skeleton-owed" count=2 />
            </div>
            <dl class="owed" hidden=is_awaited>
                {move || amount(en::TOTAL_DUE, form.statement().total().filter(|amount| !amount.is_zero()), false)}
                {move || amount(en::OVERDUE, overdue(), true)}
            </dl>
        </header>
    }
}

/// The parts between the middle dots of a line. The stylesheet draws the dots, so that none of them begins or ends a line.
fn in_parts(text: &str) -> impl IntoView + use<> {
    let parts = text.split(" · ").enumerate().map(|(index, part)| {
        view! { class="pf", {(index > 0).then_some(" ")} <span>{part.to_owned()}</span> }
    });
    parts.collect_view()
}
