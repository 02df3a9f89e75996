//! The record that came back.

use super::{
    icon::{self, icon},
    reach::focus,
    screen::{Act, Recorded, Screen},
};
use crate::{
    domain::{
        invoice::InvoiceId,
        receipt::{Difference, Receipt},
    },
    words::en,
};
use leptos::{html::Div, prelude::*};
use std::sync::Arc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = print)]
    fn print_page();

    #[wasm_bindgen(js_namespace = ["navigator", "clipboard"], js_name = writeText, catch)]
    fn write_text(text: &str) -> Result<js_sys::Promise, JsValue>;
}

/// The record in full: its number, each invoice with its share, what stays on account, every way in which it is not what was previewed, and all fields by
/// the API's own names. Takes the focus when it comes up.
#[component]
pub fn ReceiptView(
    /// The words, and where presses go.
    screen: Screen,
    /// The record.
    recorded: Arc<Recorded>,
) -> AnyView {
    let speech = screen.speech;
    let node: NodeRef<Div> = NodeRef::new();
    node.on_load(move |node| request_animation_frame(move || focus(&node)));
    let Recorded { receipt, differences } = &*recorded;
    let is_copied = RwSignal::new(false);
    let copied = Arc::clone(&recorded);
    let copy = move |_| is_copied.set(write_text(&as_text(screen, &copied)).is_ok());
    let differences = (!differences.is_empty()).then(|| {
        let lines = differences
            .iter()
            .map(|difference| view! { class="pf", <li>{told(screen, receipt, difference)}</li> })
            .collect_view();
        view! { class="pf",
            <div class="notice warning">
                <p class="notice-title">{speech.text(en::DIFFERENCES)}</p>
                <ul>{lines}</ul>
            </div>
        }
    });
    let lines = lines(screen, receipt).into_iter().map(|Line { label, value, is_share }| {
        view! { class="pf", <div class=if is_share { "sum share-line" } else { "sum" }><dt>{label}</dt><dd>{value}</dd></div> }
    });
    let fields = receipt.fields.iter().map(|(name, value)| {
        view! { class="pf", <div class="sum"><dt><code>{name.clone()}</code></dt><dd>{value.clone()}</dd></div> }
    });
    view! { class="pf",
        <div part="receipt" class="card receipt" data-testid="receipt" tabindex="-1" role="group" aria-labelledby=speech.id("receipt") node_ref=node>
            <header class="receipt-head">
                {icon(icon::DONE)}
                <div>
                    <h2 id=speech.id("receipt") class="title">{speech.text(en::RECORDED)}</h2>
                    <p class="muted">{speech.say(en::RECORD_NUMBER, &[("id", &receipt.id)])}</p>
                </div>
                <p class="receipt-amount">{written(screen, receipt, receipt.amount)}</p>
            </header>
            {differences}
            <dl>{lines.collect_view()}</dl>
            <details>
                <summary>{speech.text(en::RECORD_ALL_FIELDS)}</summary>
                <dl class="fields">{fields.collect_view()}</dl>
            </details>
            <div class="buttons">
                <button type="button" class="button first" on:click=move |_| screen.act.run(Act::Again)>{speech.text(en::AGAIN)}</button>
                <button type="button" class="button" on:click=|_| print_page()>{speech.text(en::PRINT)}</button>
                <button type="button" class="button" on:click=copy>
                    {move || speech.text(if is_copied.get() { en::COPIED } else { en::COPY })}
                </button>
            </div>
        </div>
    }
    .into_any()
}

/// One line of the receipt.
struct Line {
    label: String,
    value: String,
    is_share: bool,
}

fn lines(screen: Screen, receipt: &Receipt) -> Vec<Line> {
    let speech = screen.speech;
    let line = |label: String, value: String| Line { label, value, is_share: false };
    let mut lines = Vec::new();
    if let Some(due) = receipt.amount_due {
        lines.push(line(speech.text(en::AMOUNT_DUE), written(screen, receipt, due)));
        lines.push(line(speech.text(en::AMOUNT_PAID), written(screen, receipt, receipt.amount)));
    }
    for (label, date) in [(en::DUE_DATE, &receipt.due_date), (en::DATE, &receipt.date)] {
        if let Some(date) = date {
            let day = crate::domain::date::Date::parse(date).map_or_else(|| date.clone(), |day| speech.date(day));
            lines.push(line(speech.text(label), day));
        }
    }
    for share in receipt.shares.iter().flatten() {
        let label = share.number.clone().unwrap_or_else(|| number_of(screen, share.invoice));
        lines.push(Line { label, value: written(screen, receipt, share.amount), is_share: true });
    }
    if let Some(rest) = receipt.unallocated {
        lines.push(line(speech.text(en::ON_ACCOUNT), written(screen, receipt, rest)));
    }
    if let Some(reference) = receipt.reference.as_ref().filter(|reference| !reference.is_empty()) {
        lines.push(line(speech.text(en::REFERENCE), reference.clone()));
    }
    lines
}

/// An amount of the record: with the form's currency sign, or with the record's own code where that is another.
fn written(screen: Screen, receipt: &Receipt, amount: rust_decimal::Decimal) -> String {
    let speech = screen.speech;
    let own = screen.terms.with_value(|terms| terms.currency.code());
    match receipt.currency.as_deref().filter(|code| *code != own) {
        Some(other) => [&speech.typed_amount(amount), " ", other].concat(),
        None => speech.amount(amount),
    }
}

/// The number printed on an invoice, or its id where the number is not known.
fn number_of(screen: Screen, id: InvoiceId) -> String {
    let number = screen.statement.with_untracked(|statement| Some(statement.invoice(statement.row_of(id)?)?.number.clone()));
    number.unwrap_or_else(|| screen.speech.say(en::RECORD_INVOICE, &[("id", &id.to_string())]))
}

/// A difference in words.
fn told(screen: Screen, receipt: &Receipt, difference: &Difference) -> String {
    let speech = screen.speech;
    let amounts = |sent: &rust_decimal::Decimal, recorded: &rust_decimal::Decimal| {
        (written(screen, receipt, *sent), written(screen, receipt, *recorded))
    };
    let or_nothing = |text: &String| if text.is_empty() { speech.text(en::EMPTY_VALUE) } else { text.clone() };
    let (what, (sent, recorded)) = match difference {
        Difference::Amount { sent, recorded } => (speech.text(en::RECORD_AMOUNT), amounts(sent, recorded)),
        Difference::Share { invoice, number, sent, recorded } => {
            (number.clone().unwrap_or_else(|| number_of(screen, *invoice)), amounts(sent, recorded))
        }
        Difference::Unallocated { sent, recorded } => (speech.text(en::ON_ACCOUNT), amounts(sent, recorded)),
        Difference::Field { name, sent, recorded } => ((*name).to_owned(), (or_nothing(sent), or_nothing(recorded))),
    };
    speech.say(en::DIFFERENCE, &[("what", &what), ("sent", &sent), ("recorded", &recorded)])
}

/// The receipt as plain text.
fn as_text(screen: Screen, recorded: &Recorded) -> String {
    let speech = screen.speech;
    let Recorded { receipt, differences } = recorded;
    let mut text = vec![speech.text(en::RECORDED), speech.say(en::RECORD_NUMBER, &[("id", &receipt.id)])];
    text.push([speech.text(en::RECORD_AMOUNT), written(screen, receipt, receipt.amount)].join(": "));
    text.extend(lines(screen, receipt).into_iter().map(|line| [line.label, line.value].join(": ")));
    text.extend(differences.iter().map(|difference| told(screen, receipt, difference)));
    text.join("\n")
}
