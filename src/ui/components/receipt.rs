//! The record that came back.

use crate::ui::{
    components::icon,
    components::method_picker::chosen_label,
    components::text_field::{button, plain_button},
    dom::{self, Node, el, picture, target},
    platform::browser,
    state::view_model::{Act, Recorded, Screen},
};
use crate::{
    domain::{
        date::Date,
        invoice::InvoiceId,
        receipt::{Difference, Receipt, Unsettled},
    },
    words::{Phrase, en},
};
use leptos::prelude::untrack;
use rust_decimal::Decimal;
use std::sync::Arc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = print)]
    fn print_page();
}

/// The record in full: its number, each invoice with its share, what stays on account, every way in which it is not what was
/// previewed, and all fields by the API's own names. Takes the focus when it comes up.
pub fn receipt_view(screen: Screen, recorded: Arc<Recorded>) -> Node {
    let speech = screen.speech;
    let Recorded { receipt, differences, .. } = &*recorded;
    let id = speech.id("receipt");
    let names = el("div")
        .child(el("h2.title").set("id", &id).phrase(speech, en::RECORDED))
        .child(el("p.muted").text(&speech.say(en::RECORD_NUMBER, &[("id", &receipt.id)])));
    let (classes, icon) = match receipt.unsettled {
        None if differences.is_empty() => ("header.receipt-head", icon::DONE),
        None => ("header.receipt-head.differs", icon::DONE),
        Some(Unsettled::Pending) => ("header.receipt-head.pending", icon::CLOCK),
        Some(Unsettled::Failed) => ("header.receipt-head.pending.failed", icon::CLOCK),
    };
    let head =
        el(classes).child(picture(icon)).child(names).child(el("p.receipt-amount").text(&written(&recorded, receipt.amount)));
    let mut view =
        el("div.card.receipt part=receipt data-testid=receipt tabindex=-1 role=group").set("aria-labelledby", &id).child(head);
    if let Some(words) = settlement(receipt) {
        // Read out together with the title when the record takes the focus.
        let id = speech.id("settlement");
        view = view.set("aria-describedby", &id).child(el("p").set("id", &id).phrase(speech, words));
    }
    if !differences.is_empty() {
        let mut list = el("ul");
        for difference in differences {
            list = list.child(el("li").text(&told(screen, &recorded, difference)));
        }
        let title = el("p.notice-title").phrase(speech, en::DIFFERENCES);
        view = view.child(el("div.notice.warning").child(title).child(list));
    }
    let mut list = el("dl");
    for Line { label, value, is_share } in lines(screen, &recorded) {
        let line = el(if is_share { "div.sum.share-line" } else { "div.sum" });
        list = list.child(line.child(el("dt").text(&label)).child(el("dd").text(&value)));
    }
    let mut fields = el("dl.fields");
    for (name, value) in &receipt.fields {
        fields = fields.child(el("div.sum").child(el("dt").child(el("code").text(name))).child(el("dd").text(value)));
    }
    let whole = el("details").child(el("summary").phrase(speech, en::RECORD_ALL_FIELDS)).child(fields);
    let mut buttons = el("div.buttons")
        .child(button(screen, "button.button.first", &speech.text(en::AGAIN), Act::Again))
        .child(plain_button("button.button", &speech.text(en::PRINT)).on("click", |_| print_page()));
    if browser::has_clipboard() {
        let copied = Arc::clone(&recorded);
        buttons = buttons.child(plain_button("button.button", &speech.text(en::COPY)).on("click", move |event| {
            if let Some(button) = target(&event) {
                let (done, failed) = (speech.text(en::COPIED), speech.text(en::COPY_FAILED));
                browser::copy(&as_text(screen, &copied), move |is_copied| {
                    Node::of(button).say(if is_copied { &done } else { &failed })
                });
            }
        }));
    }
    let view = view.child(list).child(whole).child(buttons);
    let shown = view.clone();
    dom::soon(move || shown.focus());
    view
}

/// What is said of money that is not there.
fn settlement(receipt: &Receipt) -> Option<Phrase> {
    Some(match receipt.unsettled? {
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

fn lines(screen: Screen, recorded: &Recorded) -> Vec<Line> {
    let receipt = &recorded.receipt;
    let speech = screen.speech;
    let line = |label: Phrase, value: String| Line { label: speech.text(label), value, is_share: false };
    let mut lines = Vec::new();
    if let Some(due) = receipt.amount_due {
        lines.push(line(en::AMOUNT_DUE, written(recorded, due)));
        lines.push(line(en::AMOUNT_PAID, written(recorded, receipt.amount)));
    }
    for (label, date) in [(en::DUE_DATE, &receipt.due_date), (en::DATE, &receipt.date)] {
        if let Some(date) = date {
            lines.push(line(
                label,
                Date::parse(date).or_else(|| browser::day_of(date)).map_or_else(|| date.clone(), |day| speech.date(day)),
            ));
        }
    }
    for share in receipt.shares.iter().flatten() {
        let label = share.number.clone().unwrap_or_else(|| number_of(screen, share.invoice));
        lines.push(Line { label, value: written(recorded, share.amount), is_share: true });
    }
    if let Some(rest) = receipt.unallocated {
        lines.push(line(en::ON_ACCOUNT, written(recorded, rest)));
    }
    // The record does not name it; the choice stays locked from the press on Pay until the next payment.
    let method = untrack(|| chosen_label(screen));
    if !method.is_empty() {
        lines.push(line(en::RECORD_METHOD, method));
    }
    if let Some(reference) = receipt.reference.as_ref().filter(|reference| !reference.is_empty()) {
        lines.push(line(en::REFERENCE, reference.clone()));
    }
    lines
}

/// An amount of the record: with the sign of the currency that was paid in, or with the record's own code where that is another.
fn written(recorded: &Recorded, amount: Decimal) -> String {
    let Recorded { receipt, currency, money, .. } = recorded;
    match receipt.currency.as_deref().filter(|code| !code.eq_ignore_ascii_case(currency.code())) {
        Some(other) => [&money.write_typed(amount), " ", other].concat(),
        None => money.write(amount),
    }
}

/// The number printed on an invoice, or its id where the number is not known.
fn number_of(screen: Screen, id: InvoiceId) -> String {
    untrack(|| screen.number_of(id))
}

/// A difference in words.
fn told(screen: Screen, recorded: &Recorded, difference: &Difference) -> String {
    let speech = screen.speech;
    // What was sent was shown in the currency that was paid in.
    let amounts = |sent: &Decimal, came: &Decimal| (recorded.money.write(*sent), written(recorded, *came));
    let or_nothing = |text: &String| if text.is_empty() { speech.text(en::EMPTY_VALUE) } else { text.clone() };
    let (what, (sent, recorded)) = match difference {
        Difference::Amount { sent, recorded } => (speech.text(en::RECORD_AMOUNT), amounts(sent, recorded)),
        Difference::Share { invoice, number, sent, recorded } => {
            (number.clone().unwrap_or_else(|| number_of(screen, *invoice)), amounts(sent, recorded))
        }
        Difference::Unallocated { sent, recorded } => (speech.text(en::ON_ACCOUNT), amounts(sent, recorded)),
        Difference::Field { name, sent, recorded } => (speech.text(label_of(name)), (or_nothing(sent), or_nothing(recorded))),
    };
    speech.say(en::DIFFERENCE, &[("what", &what), ("sent", &sent), ("recorded", &recorded)])
}

/// What a field of the record that differs is called.
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
fn as_text(screen: Screen, recorded: &Recorded) -> String {
    let speech = screen.speech;
    let Recorded { receipt, differences, .. } = recorded;
    let mut text = speech.text(en::RECORDED);
    let mut line = |parts: &[&str]| {
        text.push('\n');
        text.push_str(&parts.join(": "));
    };
    line(&[&speech.say(en::RECORD_NUMBER, &[("id", &receipt.id)])]);
    if let Some(words) = settlement(receipt) {
        line(&[&speech.text(words)]);
    }
    line(&[&speech.text(en::RECORD_AMOUNT), &written(recorded, receipt.amount)]);
    for Line { label, value, .. } in lines(screen, recorded) {
        line(&[&label, &value]);
    }
    for difference in differences {
        line(&[&told(screen, recorded, difference)]);
    }
    text
}
