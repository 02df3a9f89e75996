//! Draws the division of the payment over the invoices.

use crate::ui::{
    components::{
        allocation_bar::AllocationBar,
        invoice_table::{InvoiceTable, Table, share_problem::ShareProblem, toolbar::PinTools},
        list_failure::ListFailure,
        plan_choice::PlanChoice,
        skeleton::Skeleton,
        text_field::ProblemLine,
    },
    platform::{composition::Composition, focus},
    state::{
        totals::Destination,
        view_model::{ViewModel, use_form},
    },
};
use crate::{
    domain::{
        allocation::{Order, Reason},
        problem::Field,
    },
    statement_feed::{List, Load},
    words::{Phrase, en},
};
use leptos::prelude::*;

/// The content of the division.
#[derive(Clone, Copy, PartialEq, Eq)]
enum DivisionContent {
    Nothing,
    Loading,
    Words(Phrase),
    Table,
}

/// The division: loading, a sentence where there is nothing to divide over, or the plan with its picture and table. The notice that the list
/// could not be loaded stands above it.
///
/// A known list stays in sight while it is read anew, with the person's search and place. A composition keeps its share until it ends.
#[component]
pub fn Division() -> impl IntoView {
    let form = use_form();
    let shown = Composition::of_form().defer(move || {
        match (form.totals().destination, form.statement().invoices().is_empty(), form.load()) {
            (_, false, _) => DivisionContent::Table,
            (Destination::Unavailable, ..) | (Destination::Listed, _, Load::Failed | Load::Refused) => DivisionContent::Nothing,
            (Destination::Loading, ..) | (_, _, Load::Loading) => DivisionContent::Loading,
            (Destination::Listed, ..) => DivisionContent::Words(en::NO_INVOICES),
            (Destination::OnAccount, ..) => DivisionContent::Words(en::ALL_ON_ACCOUNT),
            (Destination::Unlisted, ..) => DivisionContent::Words(en::BILLER_DIVIDES),
        }
    });
    view! { class="pf",
        <ListFailure list=List::Invoices />
        {move || form.credits().map(|text| view! { class="pf", <p class="hint">{text}</p> })}
        {move || form.not_shown().map(|text| view! { class="pf", <p class="hint">{text}</p> })}
        <div class="division">
            {move || match shown.get() {
                DivisionContent::Nothing => ().into_any(),
                DivisionContent::Loading => view! { class="pf",
                    <p class="visually-hidden" role="status">
                        {form.text(en::LOADING)}
                    </p>
                    <Skeleton shape="skeleton skeleton-row" count=6 />
                }
                .into_any(),
                DivisionContent::Words(words) => view! { class="pf", <p class="empty">{form.text(words)}</p> }.into_any(),
                DivisionContent::Table => view! { class="pf", <PlanAndTable /> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn PlanAndTable() -> impl IntoView {
    let form = use_form();
    let error = form.id("allocation-error");
    let table = Table::of_form();
    let skip = move |event: leptos::ev::MouseEvent| {
        let element = focus::target(&event).and_then(|here| here.closest("form").ok().flatten());
        if let Some(element) = element {
            focus::focus_pay(&element);
        }
    };
    view! { class="pf",
        <PlanChoice error=error.clone() />
        <p class="hint" hidden=move || !is_exact_missed(form)>
            {form.text(en::EXACT_NOT_FOUND)}
        </p>
        <ProblemLine id=error field=Field::Allocation />
        <AllocationBar problem=move || view! { class="pf", <ShareProblem table=table /> }>
            <PinTools />
        </AllocationBar>
        <button type="button" class="skip" on:click=skip>
            {form.text(en::SKIP_TABLE)}
        </button>
        <InvoiceTable table=table />
    }
}

/// Tells whether the plan asks for an exact match and there is none.
fn is_exact_missed(form: ViewModel) -> bool {
    let checked = form.checked();
    let Some(allocation) = checked.allocation.as_ref().filter(|allocation| allocation.order() == Order::Exact) else {
        return false;
    };
    let rows = allocation.shares().filter_map(|(invoice, _)| allocation.statement().row_of(invoice.id));
    let first = rows.map(|row| allocation.reason(row)).find(|reason| *reason != Reason::Pinned);
    first.is_some_and(|reason| reason != Reason::Exact)
}
