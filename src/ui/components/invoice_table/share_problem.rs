//! Tells the problem of a typed share whose row is out of sight.

use crate::domain::problem::{Field, Problem};
use crate::ui::{components::invoice_table::Table, state::view_model::use_form};
use leptos::prelude::*;

/// The first problem of a share without a row in sight, with the number of the invoice.
///
/// The style hides the sentence where the row is in sight. It shows it again where a narrow form has the short list in place of the table, because
/// the form's own width decides that.
#[component]
pub fn ShareProblem(
    /// The table with the rows.
    table: Table,
) -> impl IntoView {
    let form = use_form();
    let told_at_row = move |problem: &&Problem| matches!(problem.field, Field::Share(id) if table.is_visible(id));
    // The sentence, and whether a row in sight tells the same.
    let sentence = Memo::new(move |_| {
        let checked = form.checked();
        let mut problems = checked.problems().iter().filter(|problem| matches!(problem.field, Field::Share(_)));
        let first = problems.clone().next()?;
        let unseen = problems.find(|problem| !told_at_row(problem));
        Some((form.problem_at(unseen.unwrap_or(first)), unseen.is_none()))
    });
    view! { class="pf",
        <span
            class="problem"
            class:at-row=move || sentence.get().is_some_and(|(_, is_at_row)| is_at_row)
            class:behind-list=move || !table.is_shown()
        >
            {move || sentence.get().map(|(text, _)| text)}
        </span>
    }
}
