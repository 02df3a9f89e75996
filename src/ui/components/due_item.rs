//! Draws the fields of one due item (MaiaScore): the amount and date that are due, and those that are paid.

use crate::ui::{
    components::{
        amount_field::{AmountField, limits},
        list_failure::ListFailure,
        text_field::{Card, DateField},
    },
    state::view_model::{Action, ViewModel, use_form},
};
use crate::{
    domain::{
        amount::Reading,
        date::Date,
        invoice::{Invoice, InvoiceId},
        money::Money,
        payment_order::{DateField as DateOrder, Direction},
        problem::Field,
    },
    statement_feed::List,
    words::{Phrase, en},
};
use leptos::prelude::*;

/// The number of invoices in the list to pick from: the oldest. Others can be typed.
const PICK_MAX: usize = 200;

/// The due amount, typed or taken from an open invoice, and the payment on it.
#[component]
pub fn DueItemFields() -> impl IntoView {
    let form = use_form();
    view! { class="pf",
        <Card title=en::DUE_SECTION name="due-section" part="due-card">
            <ListFailure list=List::Invoices />
            <InvoicePicker />
            <AmountField
                field=Field::AmountDue
                title=en::AMOUNT_DUE
                text=|draft| draft.amount_due.clone()
                reading=|checked| checked.amount_due.clone()
                action=Action::AmountDue
            />
            <DateField field=Field::DueDate title=en::DUE_DATE day=|draft, _| draft.due_date.clone() action=Action::DueDate />
        </Card>
        <Card title=en::PAID_SECTION name="paid-section" part="paid-card">
            <AmountField
                field=Field::AmountPaid
                title=en::AMOUNT_PAID
                is_large=true
                text=|draft| draft.amount.clone()
                reading=|checked| checked.amount.clone()
                shortcuts=all_that_is_due
                hint=limits
                action=Action::Amount
            />
            <DateField field=Field::Date title=en::DATE day=|draft, today| draft.date.text(today) action=Action::Date />
            <p class="hint timing" role="status">
                {move || timing(form)}
            </p>
        </Card>
    }
}

/// The shortcut that pays all that is due.
fn all_that_is_due(form: ViewModel) -> Vec<(Phrase, Money)> {
    match form.checked().amount_due {
        Reading::Number(due) => Money::new(due, form.terms().currency).map(|due| (en::QUICK_DUE, due)).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The open invoices to take amount and date from; nothing where none is known. The chosen invoice is shown only as long as its values stand in
/// the fields.
#[component]
fn InvoicePicker() -> impl IntoView {
    let form = use_form();
    let selected = RwSignal::new(None::<InvoiceId>);
    let id = form.id("pick");
    let shown = Signal::derive(move || {
        let (draft, statement) = (form.draft(), form.statement());
        let invoice = selected.get().and_then(|id| statement.invoice(statement.row_of(id)?));
        let is_unchanged = |invoice: &&Invoice| {
            draft.amount_due == form.typed(invoice.balance)
                && draft.due_date == invoice.due.map(|due| due.to_string()).unwrap_or_default()
        };
        invoice.filter(is_unchanged).map(|invoice| invoice.id.to_string()).unwrap_or_default()
    });
    let options = Memo::new(move |_| invoice_options(form));
    let pick = move |value: String| {
        let id = InvoiceId::parse(&value);
        selected.set(id);
        if let Some(id) = id {
            form.act(Action::PickInvoice(id));
        }
    };
    view! { class="pf",
        <div class="field">
            {move || {
                let options = options.get();
                (!options.is_empty())
                    .then(|| {
                        let options = options
                            .into_iter()
                            .map(|(value, text)| {
                                let own = value.clone();
                                view! { class="pf",
                                    <option value=value prop:selected=move || shown.get() == own>
                                        {text}
                                    </option>
                                }
                            });
                        view! { class="pf",
                            <label for=id.clone()>{form.text(en::PICK)}</label>
                            <select
                                class="input"
                                id=id.clone()
                                on:change:target=move |event| pick(event.target().value())
                            >
                                <option value="" prop:selected=move || shown.get().is_empty()>
                                    {form.text(en::PICK_NONE)}
                                </option>
                                {options.collect_view()}
                            </select>
                        }
                    })
            }}
        </div>
    }
}

/// The values and labels of the invoices to choose from, the oldest first.
fn invoice_options(form: ViewModel) -> Vec<(String, String)> {
    let statement = form.statement();
    let queue = statement.queue(DateOrder::Due, Direction::Oldest);
    let invoices = (0..queue.len().min(PICK_MAX)).filter_map(|rank| statement.invoice(queue.row(rank)?));
    let option = |invoice: &Invoice| {
        let values = [("number", invoice.number.as_str()), ("amount", &form.money(invoice.balance))];
        (invoice.id.to_string(), form.say(en::PICK_ONE, &values))
    };
    invoices.map(option).collect()
}

/// The distance between the day of the payment and the due date, in words.
fn timing(form: ViewModel) -> String {
    let draft = form.draft();
    let days = Date::parse(&draft.due_date)
        .zip(Date::parse(&draft.date.text(form.terms().today)))
        .map(|(due, paid)| due.days_since(paid));
    let count = |days: i32| usize::try_from(days.unsigned_abs()).unwrap_or_default();
    match days {
        None => String::new(),
        Some(0) => form.text(en::ON_THE_DAY),
        Some(early @ 1..) => form.count(en::DAYS_EARLY, count(early), &[]),
        Some(late) => form.count(en::DAYS_LATE, count(late), &[]),
    }
}
