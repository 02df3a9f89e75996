//! Announces the result to screen readers when typing pauses.

use crate::ui::{
    components::{allocation_bar::allocation_text, amount_field::awaits_decimals, summary::is_of_shares},
    platform::browser,
    state::{
        totals::{Destination, Totals},
        view_model::{ViewModel, use_form},
    },
};
use crate::{
    domain::{
        payment::Kind,
        problem::{Cause, Field, Problem},
    },
    words::en,
};
use leptos::prelude::*;

/// The pause in milliseconds after the last change, before the result is said.
const PAUSE: u64 = 900;

/// A status line out of sight: the amount, its division over invoices and account credit, and the sum that is still owed. A sum of zero is left out.
#[component]
pub fn Announcer() -> impl IntoView {
    let form = use_form();
    // Only this component reads the line, and no effect follows it.
    let line = RwSignal::new(String::new());
    let changes = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let text = result(form);
        let change = changes.get_value().wrapping_add(1);
        changes.set_value(change);
        // The first result stands on the screen from the start.
        if change > 1 {
            browser::after(PAUSE, move || {
                // A later change has a timer of its own.
                if changes.try_get_value() == Some(change) {
                    line.set(text);
                }
            });
        }
    });
    view! { class="pf",
        <p class="visually-hidden" role="status">
            {line}
        </p>
    }
}

/// The result in words; empty while there is none.
fn result(form: ViewModel) -> String {
    if form.is_restored() {
        return String::new();
    }
    let totals = form.totals();
    let amount = if totals.amount.is_zero() { form.text(en::NO_AMOUNT) } else { form.money(totals.amount) };
    // An unreadable amount is divided over nothing, and a wrong share has no result.
    let checked = form.checked();
    let is_said = |problem: &&Problem| {
        let is_amount = matches!(problem.field, Field::Amount | Field::AmountDue | Field::AmountPaid);
        is_of_shares(problem) || (is_amount && problem.cause != Cause::Missing)
    };
    if let Some(problem) = checked.problems().iter().find(is_said) {
        // From the first press on Pay the problem line of the field says the problem.
        let has_line = !matches!(problem.field, Field::Share(_)) && form.has_problem(problem.field);
        if has_line || (problem.field == Field::Amount && awaits_decimals(&form.draft().amount)) {
            return String::new();
        }
        let message = form.problem_at(problem);
        return if problem.field == Field::Allocation { format!("{amount}. {message}") } else { message };
    }
    match totals.destination {
        _ if totals.amount.is_zero() => return amount,
        Destination::Listed => {}
        Destination::OnAccount => return format!("{amount}. {}", form.text(en::ALL_ON_ACCOUNT)),
        Destination::Loading | Destination::Unavailable | Destination::Unlisted => return amount,
    }
    let left = if form.terms().kind == Kind::DueItem { en::REMAINS } else { en::STILL_OWED };
    let owed = Some(totals.owed).filter(|owed| !owed.is_zero());
    let owed = owed.map(|owed| form.say(en::NAMED, &[("number", &form.text(left)), ("what", &form.money(owed))]));
    let division =
        if form.terms().kind == Kind::DueItem { overpaid(form, &totals) } else { Some(allocation_text(form, &totals)) };
    std::iter::once(amount).chain(division).chain(owed).collect::<Vec<_>>().join(". ")
}

/// The part of the payment that is more than the amount due, in words.
fn overpaid(form: ViewModel, totals: &Totals) -> Option<String> {
    let over = Some(totals.unallocated).filter(|over| !over.is_zero())?;
    Some(form.say(en::NAMED, &[("number", &form.text(en::OVERPAID)), ("what", &form.money(over))]))
}
