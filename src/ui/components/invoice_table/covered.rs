//! Draws the invoices that the payment covers as a short list: a narrow form shows it in place of the table.

use crate::ui::{
    components::{allocation_bar::TONES, invoice_table::row::Due},
    state::view_model::{ViewModel, use_form},
};
use crate::{
    domain::{invoice::InvoiceId, money::Money},
    words::en,
};
use leptos::prelude::*;
use std::sync::Arc;

/// The covered invoices: as many as the bar shows, then the others in one line.
///
/// The list is in the document of a wide form too, hidden by its style, because the form's own width decides and not the window.
#[component]
pub fn CoveredInvoices() -> impl IntoView {
    let form = use_form();
    let keys = move || {
        let statement = Arc::as_ptr(&form.statement()) as usize;
        form.totals().parts.iter().map(|(id, ..)| (*id, statement)).collect::<Vec<_>>()
    };
    let others = move || {
        let others = form.totals().others();
        others.map(|(count, share)| form.count(en::BAR_OTHERS, count, &[("amount", &form.money(share))]))
    };
    view! { class="pf",
        <ul class="covered">
            <For each=keys key=|key| *key let((id, _))>
                <Covered id=id />
            </For>
            {move || others().map(|text| view! { class="pf", <li class="hint">{text}</li> })}
        </ul>
    }
}

/// One invoice with its share and the balance that remains.
#[component]
fn Covered(id: InvoiceId) -> impl IntoView {
    let form = use_form();
    let statement = untrack(|| form.statement());
    let invoice = statement.row_of(id).and_then(|row| statement.invoice(row))?.clone();
    let balance = invoice.balance;
    let index = Memo::new(move |_| form.totals().index(id));
    let share = Memo::new(move |_| share_of(form, id));
    let left = move || share.get().map(|share| balance.saturating_sub(share));
    Some(view! { class="pf",
        <li>
            <b class="number">
                <span
                    class=move || {
                        format!("pf dot {}", index.get().and_then(|index| TONES.get(index)).copied().unwrap_or("none"))
                    }
                    aria-hidden="true"
                ></span>
                <bdi>{invoice.number.clone()}</bdi>
            </b>
            <b class="numeric">{move || share.get().map(|share| form.money(share))}</b>
            <span class="due">
                <Due invoice=invoice.clone() />
            </span>
            <span class="numeric" class:paid=move || left().is_some_and(|left| left.is_zero())>
                {move || left().map(|left| form.say_amount(en::LEFT, left))}
            </span>
        </li>
    })
}

fn share_of(form: ViewModel, id: InvoiceId) -> Option<Money> {
    form.totals().parts.iter().find(|(other, ..)| *other == id).map(|(.., share)| *share)
}
