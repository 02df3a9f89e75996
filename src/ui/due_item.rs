//! The fields of one due item (MaiaScore): what is due and when, what is paid and when.

use super::{
    amount_field::{AmountField, QuickAmount},
    field::{Card, DateField},
    screen::{Act, Screen},
};
use crate::{
    domain::{
        amount::Reading,
        date::Date,
        money::Money,
        problem::Field,
        queue::{DateField as By, Direction},
    },
    words::en,
};
use leptos::prelude::*;

/// How many invoices the list to pick from holds; the oldest. What is not among them can be typed.
const PICK_MAX: usize = 200;

/// What is due, typed or taken from an open invoice, and what is paid on it.
#[component]
pub fn DueItemFields(
    /// Live: the draft, the answer to it, the problems, the statement.
    screen: Screen,
) -> AnyView {
    let speech = screen.speech;
    let terms = screen.terms;
    let text = move |of: fn(&crate::domain::draft::Draft) -> &String| {
        Signal::derive(move || screen.draft.with(|draft| of(draft).clone()))
    };
    let due = Signal::derive(move || screen.checked.with(|checked| checked.amount_due.clone()));
    let paid = Signal::derive(move || screen.checked.with(|checked| checked.amount.clone()));
    let in_full = Signal::derive(move || match due.get() {
        Reading::Number(value) => {
            let due = terms.with_value(|terms| Money::new(value, terms.currency)).ok();
            due.map(|amount| QuickAmount { label: en::QUICK_DUE, amount }).into_iter().collect()
        }
        _ => Vec::new(),
    });
    let due_fields = view! { class="pf",
        {move || picker(screen)}
        <AmountField screen name="amountDue" label=en::AMOUNT_DUE field=Field::AmountDue is_large=false text=text(|draft| &draft.amount_due)
            reading=due quick=Signal::derive(Vec::new) hint=String::new() report=Act::AmountDue />
        <DateField screen name="dueDate" label=en::DUE_DATE field=Field::DueDate value=text(|draft| &draft.due_date) report=Act::DueDate />
    };
    let paid_fields = view! { class="pf",
        <AmountField screen name="amountPaid" label=en::AMOUNT_PAID field=Field::Amount is_large=true text=text(|draft| &draft.amount)
            reading=paid quick=in_full hint=String::new() report=Act::Amount />
        <DateField screen name="date" label=en::DATE field=Field::Date value=text(|draft| &draft.date) report=Act::Date />
        <p class="hint timing" role="status">{move || timing(screen)}</p>
    };
    view! { class="pf",
        <Card title=speech.text(en::DUE_SECTION) id=speech.id("due-section") part="amount" children=due_fields.into_any() />
        <Card title=speech.text(en::PAID_SECTION) id=speech.id("paid-section") part="amount" children=paid_fields.into_any() />
    }
    .into_any()
}

/// The open invoices to take the amount and the date from; nothing where none is known.
fn picker(screen: Screen) -> AnyView {
    let speech = screen.speech;
    let id = speech.id("pick");
    let options = screen.statement.with(|statement| {
        let queue = statement.queue(By::Due, Direction::Oldest);
        let invoices = (0..queue.len().min(PICK_MAX)).filter_map(|rank| statement.invoice(queue.row(rank)?));
        let option = |invoice: &crate::domain::invoice::Invoice| {
            let values = [("number", invoice.number.as_str()), ("amount", &speech.money(invoice.balance))];
            view! { class="pf", <option value=invoice.id.to_string()>{speech.say(en::PICK_ONE, &values)}</option> }
        };
        invoices.map(option).collect::<Vec<_>>()
    });
    if options.is_empty() {
        return ().into_any();
    }
    let pick = move |event| {
        if let Some(id) = crate::domain::invoice::InvoiceId::parse(&event_target_value(&event)) {
            screen.act.run(Act::PickInvoice(id));
        }
    };
    view! { class="pf",
        <div class="field">
            <label for=id.clone()>{speech.text(en::PICK)}</label>
            <select id=id class="input" on:change=pick>
                <option value="">{speech.text(en::PICK_NONE)}</option>
                {options}
            </select>
        </div>
    }
    .into_any()
}

/// How the day of the payment lies to the due date.
fn timing(screen: Screen) -> String {
    let speech = screen.speech;
    let days = screen.draft.with(|draft| Some(Date::parse(&draft.due_date)?.days_since(Date::parse(&draft.date)?)));
    let count = |days: i32| usize::try_from(days.unsigned_abs()).unwrap_or_default();
    match days {
        None => String::new(),
        Some(0) => speech.text(en::ON_THE_DAY),
        Some(early @ 1..) => speech.count(en::DAYS_EARLY, count(early), &[]),
        Some(late) => speech.count(en::DAYS_LATE, count(late), &[]),
    }
}
