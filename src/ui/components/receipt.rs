//! Draws the record that came back.

use crate::ui::{
    components::{
        icon::{self, Icon},
        method_picker::chosen_label,
    },
    platform::browser,
    state::view_model::{Action, ReceiptView, ViewModel, use_form},
};
use crate::{
    domain::{
        date::Date,
        invoice::InvoiceId,
        receipt::{Difference, Receipt as Record, Unsettled},
    },
    words::{Phrase, en},
};
use leptos::{html::Div, prelude::*};
use rust_decimal::Decimal;
use std::sync::Arc;

/// The record in full: its number, each invoice with its share, the unallocated rest, every way in which it differs from the preview, and all
/// fields by the API's own names. Takes the focus when it comes up.
#[component]
pub fn Receipt(
    /// The record.
    view: Arc<ReceiptView>,
) -> impl IntoView {
    let form = use_form();
    let (id, settlement_id) = (form.id("receipt"), form.id("settlement"));
    let place = NodeRef::<Div>::new();
    browser::before_next_frame(move || {
        if let Some(place) = place.try_get_untracked().flatten() {
            _ = place.focus();
        }
    });
    let record = &view.receipt;
    let is_pending = record.unsettled.is_some();
    let settlement = settlement(record);
    let differences: Vec<_> = view.differences.iter().map(|difference| told(form, &view, difference)).collect();
    let lines = lines(form, &view).into_iter().map(|Line { label, value, is_share }| {
        view! { class="pf",
            <div class="sum" class:share-line=is_share>
                <dt>{label}</dt>
                <dd>{value}</dd>
            </div>
        }
    });
    let fields = record.fields.iter().map(|(name, value)| {
        view! { class="pf",
            <div class="sum">
                <dt>
                    <code>{name.clone()}</code>
                </dt>
                <dd>{value.clone()}</dd>
            </div>
        }
    });
    view! { class="pf",
        <div
            class="card receipt"
            part="receipt"
            data-testid="receipt"
            tabindex="-1"
            role="group"
            aria-labelledby=id
            aria-describedby=settlement.map(|_| settlement_id)
            node_ref=place
        >
            <header
                class="receipt-head"
                class:differs=!differences.is_empty() && !is_pending
                class:pending=is_pending
                class:failed=record.unsettled == Some(Unsettled::Failed)
            >
                <Icon path=if is_pending { icon::CLOCK } else { icon::DONE } />
                <div>
                    <h2 class="title" id=id.clone()>
                        {form.text(en::RECORDED)}
                    </h2>
                    <p class="muted">{form.say(en::RECORD_NUMBER, &[("id", &record.id)])}</p>
                </div>
                <p class="receipt-amount">{written(&view, record.amount)}</p>
            </header>
            // Read out together with the title when the record takes the focus.
            {settlement.map(|phrase| view! { class="pf", <p id=settlement_id.clone()>{form.text(phrase)}</p> })}
            {(!differences.is_empty())
                .then(|| {
                    let items = differences.into_iter().map(|difference| view! { class="pf", <li>{difference}</li> });
                    view! { class="pf",
                        <div class="notice warning">
                            <p class="notice-title">{form.text(en::DIFFERENCES)}</p>
                            <ul>{items.collect_view()}</ul>
                        </div>
                    }
                })}
            <dl>{lines.collect_view()}</dl>
            <details>
                <summary>{form.text(en::RECORD_ALL_FIELDS)}</summary>
                <dl class="fields">{fields.collect_view()}</dl>
            </details>
            <div class="buttons">
                <button type="button" class="button first" on:click=move |_| form.act(Action::Again)>
                    {form.text(en::AGAIN)}
                </button>
                <button type="button" class="button" on:click=move |_| browser::print()>
                    {form.text(en::PRINT)}
                </button>
                {browser::has_clipboard().then(|| view! { class="pf", <CopyButton view=Arc::clone(&view) /> })}
            </div>
        </div>
    }
}

/// Copies the receipt as text, and says whether the browser did it.
#[component]
fn CopyButton(view: Arc<ReceiptView>) -> impl IntoView {
    let form = use_form();
    let label = RwSignal::new(form.text(en::COPY));
    let copy = move |_| {
        let (done, failed) = (form.text(en::COPIED), form.text(en::COPY_FAILED));
        browser::copy(&as_text(form, &view), move |is_copied| label.set(if is_copied { done } else { failed }));
    };
    view! { class="pf",
        <button type="button" class="button" on:click=copy>
            {label}
        </button>
    }
}

/// The sentence about money that has not arrived.
fn settlement(record: &Record) -> Option<Phrase> {
    Some(match record.unsettled? {
        Unsettled::Pending => en::RECORD_PENDING,
        Unsettled::Failed => en::RECORD_UNSETTLED,
    })
}

/// One line of the receipt.
struct Line {
    label: String,
    value: String,
    is_share: bool,
}

fn lines(form: ViewModel, view: &ReceiptView) -> Vec<Line> {
    let record = &view.receipt;
    let line = |label: Phrase, value: String| Line { label: form.text(label), value, is_share: false };
    let mut lines = Vec::new();
    if let Some(due) = record.amount_due {
        lines.push(line(en::AMOUNT_DUE, written(view, due)));
        lines.push(line(en::AMOUNT_PAID, written(view, record.amount)));
    }
    for (label, date) in [(en::DUE_DATE, &record.due_date), (en::DATE, &record.date)] {
        if let Some(date) = date {
            let day = Date::parse(date).or_else(|| browser::day_of(date));
            lines.push(line(label, day.map_or_else(|| date.clone(), |day| form.date(day))));
        }
    }
    for share in record.shares.iter().flatten() {
        let label = share.number.clone().unwrap_or_else(|| number_of(form, share.invoice));
        lines.push(Line { label, value: written(view, share.amount), is_share: true });
    }
    if let Some(rest) = record.unallocated {
        lines.push(line(en::ON_ACCOUNT, written(view, rest)));
    }
    // The record does not name the method; the choice stays locked from the press on Pay until the next payment.
    let method = untrack(|| chosen_label(form));
    if !method.is_empty() {
        lines.push(line(en::RECORD_METHOD, method));
    }
    if let Some(reference) = record.reference.as_ref().filter(|reference| !reference.is_empty()) {
        lines.push(line(en::REFERENCE, reference.clone()));
    }
    lines
}

/// An amount of the record: with the sign of the currency that was paid in, or with the record's own code where that is another.
fn written(view: &ReceiptView, amount: Decimal) -> String {
    let ReceiptView { receipt, currency, money, .. } = view;
    match receipt.currency.as_deref().filter(|code| !code.eq_ignore_ascii_case(currency.code())) {
        Some(other) => format!("{} {other}", money.write_typed(amount)),
        None => money.write(amount),
    }
}

/// The number printed on an invoice, or its id where the number is not known.
fn number_of(form: ViewModel, id: InvoiceId) -> String {
    untrack(|| form.number_of(id))
}

/// A difference in words.
fn told(form: ViewModel, view: &ReceiptView, difference: &Difference) -> String {
    // The request was shown in the currency that was paid in.
    let amounts = |sent: &Decimal, came: &Decimal| (view.money.write(*sent), written(view, *came));
    let or_nothing = |text: &String| if text.is_empty() { form.text(en::EMPTY_VALUE) } else { text.clone() };
    let (what, (sent, recorded)) = match difference {
        Difference::Amount { sent, recorded } => (form.text(en::RECORD_AMOUNT), amounts(sent, recorded)),
        Difference::Share { invoice, number, sent, recorded } => {
            (number.clone().unwrap_or_else(|| number_of(form, *invoice)), amounts(sent, recorded))
        }
        Difference::Unallocated { sent, recorded } => (form.text(en::ON_ACCOUNT), amounts(sent, recorded)),
        Difference::Field { name, sent, recorded } => (form.text(label_of(name)), (or_nothing(sent), or_nothing(recorded))),
    };
    form.say(en::DIFFERENCE, &[("what", &what), ("sent", &sent), ("recorded", &recorded)])
}

/// The label of a field of the record that differs.
fn label_of(name: &str) -> Phrase {
    match name {
        "currency" => en::RECORD_CURRENCY,
        "customer" => en::RECORD_CUSTOMER,
        "reference" => en::REFERENCE,
        "amountDue" => en::AMOUNT_DUE,
        "dueDate" => en::DUE_DATE,
        _ => en::DATE,
    }
}

/// The receipt as plain text.
fn as_text(form: ViewModel, view: &ReceiptView) -> String {
    let record = &view.receipt;
    let mut text = vec![form.text(en::RECORDED), form.say(en::RECORD_NUMBER, &[("id", &record.id)])];
    text.extend(settlement(record).map(|phrase| form.text(phrase)));
    text.push(format!("{}: {}", form.text(en::RECORD_AMOUNT), written(view, record.amount)));
    text.extend(lines(form, view).into_iter().map(|Line { label, value, .. }| format!("{label}: {value}")));
    text.extend(view.differences.iter().map(|difference| told(form, view, difference)));
    text.join("\n")
}
