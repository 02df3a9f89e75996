//! Draws the record that came back, as a receipt to be kept.

use crate::ui::{
    components::{
        facts::{Fact, Facts, ShareLine, ShareTable},
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
        money::difference,
        receipt::{Difference, Receipt as Record, ReceiptShare, SettlementState},
    },
    words::{Phrase, en},
};
use leptos::{html::Div, prelude::*};
use rust_decimal::Decimal;
use std::sync::Arc;

/// The receipt: number, amount, payee and payer, date, method, every difference from the preview, and each invoice with its share and the balance
/// that remains. Staff also get all fields by the API's own names, and the record as a file. Takes the focus when it comes up.
///
/// The receipt prints on one page for up to 20 invoices.
#[component]
pub fn Receipt(
    /// The record.
    view: Arc<ReceiptView>,
) -> impl IntoView {
    let form = use_form();
    let (id, settlement_id) = (form.id("receipt"), form.id("settlement"));
    let root = NodeRef::<Div>::new();
    request_animation_frame(move || {
        if let Some(root) = root.try_get_untracked().flatten() {
            _ = root.focus();
        }
    });
    let record = &view.receipt;
    let is_pending = record.unsettled.is_some();
    let settlement = settlement(record);
    let differences: Vec<_> = view.differences.iter().map(|difference| difference_text(form, &view, difference)).collect();
    view! { class="pf",
        <div
            class="card sheet receipt"
            part="receipt"
            data-testid="receipt"
            tabindex="-1"
            role="group"
            aria-labelledby=id
            aria-describedby=settlement.map(|_| settlement_id)
            node_ref=root
        >
            <header
                class="receipt-head"
                class:differs=!differences.is_empty() && !is_pending
                class:pending=is_pending
                class:failed=record.unsettled == Some(SettlementState::Failed)
            >
                <Icon path=if is_pending { icon::CLOCK } else { icon::DONE } />
                <div>
                    <h2 class="title" id=id.clone()>
                        {form.text(en::RECORDED)}
                    </h2>
                    <p class="muted">
                        {form.say(en::RECORD_NUMBER, &[("id", &record.id)])}
                        {browser::has_clipboard().then(|| view! { class="pf",
                            // Paper has nothing to press, so the separator goes with the button.
                            <span class="screen-only">
                                " · " <CopyNumber number=record.id.clone() />
                            </span>
                        })}
                    </p>
                </div>
            </header>
            <p class="sheet-amount">{amount_text(&view, record.amount)}</p>
            // Read out together with the title when the record takes the focus.
            {settlement
                .map(|phrase| view! { class="pf",
                    <p class="note" id=settlement_id.clone()>
                        {form.text(phrase)}
                    </p>
                })}
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
            <Facts facts=facts(form, &view) />
            {shares(form, &view)}
            {form.is_for_staff().then(|| view! { class="pf", <WholeRecord view=Arc::clone(&view) /> })}
            <div class="actions">
                <button type="button" class="button" on:click=move |_| browser::print()>
                    {form.text(en::PRINT_PDF)}
                </button>
                <button type="button" class="button primary" on:click=move |_| form.act(Action::NewPayment)>
                    {form.text(en::AGAIN)}
                </button>
            </div>
        </div>
    }
}

/// Copies the number of the record, and says whether the browser did it.
#[component]
fn CopyNumber(number: String) -> impl IntoView {
    let form = use_form();
    let answer = RwSignal::new(None::<Phrase>);
    let name = form.say(en::COPY_NUMBER, &[("id", &number)]);
    let copy = move |_| {
        browser::copy(&number, move |is_copied| answer.set(Some(if is_copied { en::COPIED } else { en::COPY_FAILED })));
    };
    view! { class="pf",
        <button
            type="button"
            class="link"
            aria-label=move || answer.get().is_none().then(|| name.clone())
            on:click=copy
        >
            {move || form.text(answer.get().unwrap_or(en::COPY))}
        </button>
    }
}

/// All fields of the record by the API's own names, and the record as a file: for staff, who look things up by them.
#[component]
fn WholeRecord(view: Arc<ReceiptView>) -> impl IntoView {
    let form = use_form();
    let record = &view.receipt;
    let fields = record.fields.iter().map(|(name, value)| {
        view! { class="pf",
            <div class="fact">
                <dt>
                    <code>{name.clone()}</code>
                </dt>
                <dd>{value.clone()}</dd>
            </div>
        }
    });
    // A file out of the text needs no request, so the page's policy allows it.
    let file = format!("data:application/json;charset=utf-8,{}", js_sys::encode_uri_component(&record.raw));
    view! { class="pf",
        <details>
            <summary>{form.text(en::RECORD_ALL_FIELDS)}</summary>
            <dl class="facts fields">{fields.collect_view()}</dl>
            <a class="link" href=file download=format!("payment-{}.json", record.id)>
                {form.text(en::DOWNLOAD_JSON)}
            </a>
        </details>
    }
}

/// The sentence about money that has not arrived.
fn settlement(record: &Record) -> Option<Phrase> {
    Some(match record.unsettled? {
        SettlementState::Pending => en::RECORD_PENDING,
        SettlementState::Failed => en::RECORD_UNSETTLED,
    })
}

/// The facts of the payment: who is paid, who pays, when, and how.
fn facts(form: ViewModel, view: &ReceiptView) -> Vec<Fact> {
    let record = &view.receipt;
    let fact = |label: Phrase, value: Option<String>| Fact::new(form.text(label), value);
    let account = record.customer.map(|customer| customer.to_string());
    let payer = match (form.payer(), account) {
        (Some(payer), Some(id)) => {
            fact(en::RECORD_PAYER, Some(form.say(en::RECORD_PAYER_ACCOUNT, &[("payer", &payer), ("id", &id)])))
        }
        (None, Some(id)) => fact(en::RECORD_PAYER, Some(form.say(en::RECORD_ACCOUNT, &[("id", &id)]))),
        (payer, None) => Fact::foreign(form.text(en::RECORD_PAYER), payer),
    };
    let day = |text: &String| {
        let day = Date::parse(text).or_else(|| browser::day_of(text));
        day.map_or_else(|| text.clone(), |day| form.date(day))
    };
    let date = view.moment.clone().or_else(|| record.date.as_ref().map(day));
    let is_due_item = record.amount_due.is_some();
    let facts = [
        Fact::foreign(form.text(en::RECORD_PAYEE), form.payee()),
        payer,
        fact(en::AMOUNT_DUE, record.amount_due.map(|due| amount_text(view, due))),
        fact(en::AMOUNT_PAID, record.amount_due.map(|_| amount_text(view, record.amount))),
        fact(en::DUE_DATE, record.due_date.as_ref().map(day)),
        fact(if is_due_item { en::DATE } else { en::RECORD_DATE }, date),
        // The record does not name the method; the choice stays locked from the press on Pay until the next payment.
        fact(en::RECORD_METHOD, Some(untrack(|| chosen_label(form)))),
        Fact::foreign(form.text(en::REFERENCE), record.reference.clone()),
    ];
    facts.into_iter().flatten().collect()
}

/// The invoices that the payment pays, with the rest that no invoice gets and the sum.
fn shares(form: ViewModel, view: &ReceiptView) -> Option<impl IntoView + use<>> {
    let record = &view.receipt;
    let shares = record.shares.as_deref().unwrap_or_default();
    let rest = record.unallocated.filter(|rest| !rest.is_zero());
    if shares.is_empty() && rest.is_none() {
        return None;
    }
    let line = |share: &ReceiptShare| {
        let left = view.balances.get(&share.invoice).map(|balance| difference(*balance, share.amount));
        ShareLine {
            number: share.number.clone().unwrap_or_else(|| number_of(form, share.invoice)),
            share: amount_text(view, share.amount),
            left: left.map(|left| amount_text(view, left)),
            is_covered: left.is_some_and(|left| left.is_zero()),
        }
    };
    let sums = [
        Fact::new(form.text(en::ON_ACCOUNT), rest.map(|rest| amount_text(view, rest))),
        Fact::new(form.text(en::RECORD_TOTAL), amount_text(view, record.amount)),
    ];
    let columns = [en::COLUMN_INVOICE, en::RECORD_APPLIED, en::RECORD_LEFT].map(|phrase| form.text(phrase));
    Some(view! { class="pf",
        <ShareTable
            caption=form.text(en::RECORD_SHARES)
            columns=columns
            lines=shares.iter().map(line).collect()
            sums=sums.into_iter().flatten().collect()
        />
    })
}

/// An amount of the record: with the sign of the currency that was paid in, or with the record's own code where that is another.
fn amount_text(view: &ReceiptView, amount: Decimal) -> String {
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
fn difference_text(form: ViewModel, view: &ReceiptView, difference: &Difference) -> String {
    // The request was shown in the currency that was paid in.
    let amounts = |sent: &Decimal, came: &Decimal| (view.money.write(*sent), amount_text(view, *came));
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
