//! Draws the parts around the table: the heads of its columns, search and filter, and the buttons for all typed shares.

use crate::ui::{
    components::{
        invoice_table::filter::{Column, Filter, Listing},
        plan_choice::computes_shares,
    },
    platform::input::sync_value,
    state::view_model::{Action, first_problem, use_form},
};
use crate::{domain::problem::Field, words::en};
use leptos::prelude::*;
use std::sync::Arc;

/// The tools to find an invoice appear above this number of invoices.
const TOOLS_FROM: usize = 8;

/// The head of a column; a button where the table can be sorted by it: upwards, downwards, and back to payment order.
#[component]
pub fn ColumnHead(
    /// The filter that a press changes.
    filter: RwSignal<Filter>,
    /// The column to sort by.
    column: Option<Column>,
    /// The label.
    label: String,
    /// The classes of the cell.
    class: &'static str,
) -> impl IntoView {
    let Some(column) = column else {
        return view! { class="pf", <th class=class role="columnheader" scope="col">{label}</th> }.into_any();
    };
    let descends = move |filter: &Filter| filter.sort.filter(|(other, _)| *other == column).map(|(_, descends)| descends);
    let sort = move || match descends(&filter.get()) {
        None => "none",
        Some(false) => "ascending",
        Some(true) => "descending",
    };
    let toggle_sort = move |_| {
        filter.update(|filter| {
            filter.sort = match descends(filter) {
                None => Some((column, false)),
                Some(false) => Some((column, true)),
                Some(true) => None,
            };
        });
    };
    view! { class="pf",
        <th class=class role="columnheader" scope="col" aria-sort=sort>
            <button type="button" class="sort" on:click=toggle_sort>
                {label}
            </button>
        </th>
    }
    .into_any()
}

/// Search and filter, where there are many invoices.
#[component]
pub fn Toolbar(
    /// The filter that the person sets.
    filter: RwSignal<Filter>,
    /// The invoices that the filter leaves.
    listing: Memo<Arc<Listing>>,
) -> impl IntoView {
    let form = use_form();
    let found = move || match (filter.with(Filter::leaves_out), listing.get().len()) {
        (false, _) => String::new(),
        (true, 0) => form.text(en::FOUND_NONE),
        (true, len) => form.count(en::FOUND, len, &[]),
    };
    view! { class="pf",
        <div class="toolbar" hidden=move || form.statement().invoices().len() <= TOOLS_FROM>
            <input
                class="input search"
                type="search"
                autocomplete="off"
                aria-label=form.text(en::SEARCH)
                placeholder=form.text(en::SEARCH)
                use:sync_value=Signal::derive(move || filter.with(|filter| filter.number.clone()))
                on:input:target=move |event| filter.update(|filter| filter.number = event.target().value())
                // Enter searches for an invoice here; it never pays.
                on:keydown=move |event| {
                    if event.key() == "Enter" {
                        event.prevent_default();
                    }
                }
            />
            <label class="toggle">
                <input
                    type="checkbox"
                    prop:checked=move || filter.with(|filter| filter.overdue)
                    on:change:target=move |event| filter.update(|filter| filter.overdue = event.target().checked())
                />
                <span>{form.text(en::ONLY_OVERDUE)}</span>
            </label>
            <p class="hint found" role="status">
                {found}
            </p>
        </div>
    }
}

/// The problem of the whole division, and the buttons that change all typed shares at once; nothing while no share is typed.
#[component]
pub fn PinTools() -> impl IntoView {
    let form = use_form();
    // From the first press on Pay the problem stands in the division's problem line instead.
    let refusal = Memo::new(move |_| {
        if form.has_problem(Field::Allocation) {
            return None;
        }
        let checked = form.checked();
        first_problem(checked.problems(), Field::Allocation).map(|problem| form.problem(problem))
    });
    let repair = Memo::new(move |_| {
        let checked = form.checked();
        let allocation = checked.allocation.as_ref().filter(|allocation| !allocation.excess().is_zero())?;
        Some(allocation.allocated())
    });
    let release = Memo::new(move |_| {
        let draft = form.draft();
        let is_any_typed = draft.shares.iter().any(|(_, text)| !text.trim().is_empty());
        is_any_typed.then(|| if computes_shares(draft.order) { en::RELEASE_ALL } else { en::CLEAR_ALL })
    });
    // A button disappears after its press, so the focus moves to the division.
    let leave = move |action: Action| {
        form.act(action);
        form.act(Action::Focus(Field::Allocation));
    };
    view! { class="pf",
        <fieldset class="pin-tools" role="none" disabled=move || form.is_locked()>
            {move || refusal.get().map(|text| view! { class="pf", <span class="refused">{text}</span> })}
            {move || {
                repair
                    .get()
                    .map(|sum| view! { class="pf",
                        <button
                            type="button"
                            class="link"
                            on:click=move |_| leave(Action::Amount(form.typed(sum)))
                        >
                            {form.say_amount(en::REPAIR_AMOUNT, sum)}
                        </button>
                    })
            }}
            {move || {
                release
                    .get()
                    .map(|label| view! { class="pf",
                        <button type="button" class="link" on:click=move |_| leave(Action::UnpinAll)>
                            {form.text(label)}
                        </button>
                    })
            }}
        </fieldset>
    }
}
