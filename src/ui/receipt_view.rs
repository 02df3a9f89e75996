//! The record that came back.

use super::{
    amount_field::button,
    dom::{self, Node, el, picture, target},
    icon,
    screen::{Act, Recorded, Screen},
};
use crate::{
    domain::{
        date::Date,
        invoice::InvoiceId,
        receipt::{Difference, Receipt},
    },
    words::{Phrase, en},
};
use rust_decimal::Decimal;
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
pub fn receipt_view(screen: Screen, recorded: Arc<Recorded>) -> Node {
    let speech = screen.speech;
    let Recorded { receipt, differences } = &*recorded;
    let id = speech.id("receipt");
    let names = el("div")
        .child(el("h2").set("id", &id).class("title").text(&speech.text(en::RECORDED)))
        .child(el("p").class("muted").text(&speech.say(en::RECORD_NUMBER, &[("id", &receipt.id)])));
    let head = el("header")
        .class("receipt-head")
        .child(picture(icon::DONE))
        .child(names)
        .child(el("p").class("receipt-amount").text(&written(screen, receipt, receipt.amount)));
    let differing = (!differences.is_empty()).then(|| {
        let told = differences.iter().map(|difference| el("li").text(&told(screen, receipt, difference)));
        let title = el("p").class("notice-title").text(&speech.text(en::DIFFERENCES));
        el("div").class("notice warning").child(title).child(el("ul").children(told))
    });
    let line =
        |class: &str, label: Node, value: &str| el("div").class(class).child(el("dt").child(label)).child(el("dd").text(value));
    let lines = lines(screen, receipt).into_iter().map(|Line { label, value, is_share }| {
        line(if is_share { "sum share-line" } else { "sum" }, el("span").text(&label), &value)
    });
    let fields = receipt.fields.iter().map(|(name, value)| line("sum", el("code").text(name), value));
    let whole = el("details")
        .child(el("summary").text(&speech.text(en::RECORD_ALL_FIELDS)))
        .child(el("dl").class("fields").children(fields));
    let copied = Arc::clone(&recorded);
    let copy = button("button", &speech.text(en::COPY)).on("click", move |event| {
        let is_copied = write_text(&as_text(screen, &copied)).is_ok();
        if let Some(button) = target(&event).filter(|_| is_copied) {
            Node::of(button).say(&speech.text(en::COPIED));
        }
    });
    let buttons = el("div")
        .class("buttons")
        .child(button("button first", &speech.text(en::AGAIN)).on_press(move || screen.act(Act::Again)))
        .child(button("button", &speech.text(en::PRINT)).on_press(print_page))
        .child(copy);
    let view = el("div")
        .set("part", "receipt")
        .class("card receipt")
        .set("data-testid", "receipt")
        .set("tabindex", "-1")
        .set("role", "group")
        .set("aria-labelledby", &id)
        .child(head)
        .children(differing)
        .child(el("dl").children(lines))
        .child(whole)
        .child(buttons);
    let shown = view.clone();
    dom::soon(move || shown.focus());
    view
}

/// One line of the receipt.
struct Line {
    label: String,
    value: String,
    is_share: bool,
}

fn lines(screen: Screen, receipt: &Receipt) -> Vec<Line> {
    let speech = screen.speech;
    let line = |label: Phrase, value: String| Line { label: speech.text(label), value, is_share: false };
    let mut lines = Vec::new();
    if let Some(due) = receipt.amount_due {
        lines.push(line(en::AMOUNT_DUE, written(screen, receipt, due)));
        lines.push(line(en::AMOUNT_PAID, written(screen, receipt, receipt.amount)));
    }
    for (label, date) in [(en::DUE_DATE, &receipt.due_date), (en::DATE, &receipt.date)] {
        if let Some(date) = date {
            lines.push(line(label, Date::parse(date).map_or_else(|| date.clone(), |day| speech.date(day))));
        }
    }
    for share in receipt.shares.iter().flatten() {
        let label = share.number.clone().unwrap_or_else(|| number_of(screen, share.invoice));
        lines.push(Line { label, value: written(screen, receipt, share.amount), is_share: true });
    }
    if let Some(rest) = receipt.unallocated {
        lines.push(line(en::ON_ACCOUNT, written(screen, receipt, rest)));
    }
    if let Some(reference) = receipt.reference.as_ref().filter(|reference| !reference.is_empty()) {
        lines.push(line(en::REFERENCE, reference.clone()));
    }
    lines
}

/// An amount of the record: with the form's currency sign, or with the record's own code where that is another.
fn written(screen: Screen, receipt: &Receipt, amount: Decimal) -> String {
    let speech = screen.speech;
    let own = screen.terms().currency.code();
    match receipt.currency.as_deref().filter(|code| *code != own) {
        Some(other) => [&speech.typed_amount(amount), " ", other].concat(),
        None => speech.amount(amount),
    }
}

/// The number printed on an invoice, or its id where the number is not known.
fn number_of(screen: Screen, id: InvoiceId) -> String {
    let statement = screen.statement.get_untracked();
    let invoice = statement.row_of(id).and_then(|row| statement.invoice(row));
    invoice.map_or_else(|| screen.speech.say(en::RECORD_INVOICE, &[("id", &id.to_string())]), |invoice| invoice.number.clone())
}

/// A difference in words.
fn told(screen: Screen, receipt: &Receipt, difference: &Difference) -> String {
    let speech = screen.speech;
    let amounts = |sent: &Decimal, recorded: &Decimal| (written(screen, receipt, *sent), written(screen, receipt, *recorded));
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
