//! What the payment comes to, and the button that pays.

use crate::ui::{
    components::allocation_bar::whole,
    components::method_picker::chosen_label,
    dom::{Node, el},
    live::Live,
    state::totals::{Goes, Sums},
    state::view_model::{Act, Screen},
};
use crate::{
    domain::{money::Money, payment::Kind},
    words::{
        Phrase, en,
        status::{Press, Status, Tone},
    },
};
use std::sync::Arc;

/// One of the totals; nothing where it is not known.
type Amount = fn(&Sums) -> Option<Money>;

/// The totals, as far as they are known. Each stands as text and, for programs and tests, as the plain decimal in `data-value`.
pub fn summary(screen: Screen, sums: Live<Arc<Sums>>) -> Node {
    let speech = screen.speech;
    let is_due_item = screen.terms().kind == Kind::DueItem;
    let owed = if is_due_item { en::REMAINS } else { en::STILL_OWED };
    // More than all that is owed is an overpayment, and called so.
    let rest = move || {
        let sums = sums.get();
        let is_over = is_due_item || (sums.owed.is_zero() && !sums.allocated.is_zero() && !sums.unallocated.is_zero());
        speech.text(if is_over { en::OVERPAID } else { en::ON_ACCOUNT })
    };
    let to = move || if is_due_item { speech.text(en::TO_DUE) } else { speech.count(en::TO_INVOICES, sums.get().count, &[]) };
    let mut lines = el("dl");
    let amounts: [(&str, Amount, &str, Option<Phrase>); 5] = [
        ("payment", |sums| Some(sums.amount), "div.sum", Some(en::PAYMENT)),
        ("allocated", |sums| Some(sums.allocated).filter(|_| sums.goes == Goes::Listed), "div.sum", None),
        (
            "unallocated",
            |sums| Some(sums.unallocated).filter(|_| is_result(sums) || sums.goes == Goes::OnAccount),
            "div.sum.total",
            None,
        ),
        ("excess", |sums| sums.excess, "div.sum.total.over", Some(en::TOO_MUCH)),
        ("still-owed", |sums| Some(sums.owed).filter(|_| is_result(sums)), "div.sum", Some(owed)),
    ];
    for (test_id, amount, written, label) in amounts {
        let label = match label {
            Some(label) => el("dt").phrase(speech, label),
            None if test_id == "allocated" => el("dt").says(to),
            None => el("dt").says(rest),
        };
        let value = el("dd")
            .set("data-testid", test_id)
            .live("data-value", move || amount(&sums.get()).map(|amount| amount.plain()).unwrap_or_default())
            .says(move || amount(&sums.get()).map(|amount| speech.money(amount)).unwrap_or_default());
        lines = lines.child(el(written).when("hidden", move || amount(&sums.get()).is_none()).child(label).child(value));
    }
    let warning = el("p.hint.rest")
        .phrase(speech, if is_due_item { en::OVERPAID_WARNING } else { en::ON_ACCOUNT_WARNING })
        .when("hidden", move || !is_result(&sums.get()) || sums.get().unallocated.is_zero());
    let id = speech.id("summary");
    el("section.sums part=summary")
        .when("hidden", move || screen.restored())
        .set("aria-labelledby", &id)
        .child(el("h3.heading").set("id", &id).phrase(speech, en::SUMMARY))
        .child(lines)
        .child(warning)
}

/// Whether something follows from the division: it is known, and no more than the payment.
fn is_result(sums: &Sums) -> bool {
    sums.goes == Goes::Listed && sums.excess.is_none()
}

/// The button that pays, with what happens then. On a phone it stays at the bottom of the window.
///
/// Accessibility: while a press would be ignored it is `aria-disabled`, so that it keeps the focus.
pub fn pay_bar(screen: Screen, sums: Live<Arc<Sums>>) -> Node {
    let speech = screen.speech;
    let label = move || {
        let amount = sums.get().amount;
        let phrase = if is_under_way(screen) { en::PAY_BUSY } else { en::PAY };
        if amount.is_zero() { speech.text(en::PAY_NOTHING) } else { speech.say_amount(phrase, amount) }
    };
    // While something else is said of the payment, it alone says what pressing can and cannot do.
    let hint = move || match screen.standing() {
        Some(standing) if standing.tone == Tone::Busy => said(&standing),
        Some(_) => String::new(),
        None => promise(screen),
    };
    let button = el("button part=submit type=submit")
        .live("class", move || if is_under_way(screen) { "pay busy" } else { "pay" }.to_owned())
        .when("aria-disabled", move || screen.busy())
        // A sandboxed frame may be forbidden to submit forms, and then no `submit` follows the press.
        .on("click", move |event| {
            event.prevent_default();
            screen.act(Act::Pay);
        })
        .says(label);
    // While the payment is reviewed, the button that pays is the notice's.
    let is_reviewed =
        move || screen.standing().is_some_and(|standing| standing.presses.iter().any(|(press, _)| *press == Press::Confirm));
    let goes = el("p")
        .live("class", move || {
            if is_result(&sums.get()) && sums.get().unallocated.is_zero() { "goes" } else { "goes care" }.to_owned()
        })
        .says(move || goes(screen, &sums.get()));
    el("div.pay-bar").when("hidden", is_reviewed).child(goes).child(button).child(el("p.hint.promise role=status").says(hint))
}

/// Where the payment goes, in one line: where the form is narrow, the totals may be far from the button that pays.
pub fn goes(screen: Screen, sums: &Sums) -> String {
    let speech = screen.speech;
    match sums.goes {
        _ if sums.amount.is_zero() || screen.restored() => String::new(),
        Goes::Listed if screen.terms().kind != Kind::DueItem => whole(screen, sums),
        Goes::Listed if !sums.unallocated.is_zero() => {
            [&speech.text(en::OVERPAID), ": ", &speech.money(sums.unallocated)].concat()
        }
        Goes::OnAccount => speech.say_amount(en::BAR_REST, sums.unallocated),
        _ => String::new(),
    }
}

/// With what it will be paid, and what pressing the button does.
pub fn promise(screen: Screen) -> String {
    let (speech, label) = (screen.speech, chosen_label(screen));
    if label.is_empty() { speech.text(en::PAY_PROMISE) } else { speech.say(en::PAY_PROMISE_METHOD, &[("label", &label)]) }
}

/// Whether something was sent and is awaited.
fn is_under_way(screen: Screen) -> bool {
    screen.standing().is_some_and(|standing| standing.tone == Tone::Busy)
}

/// A standing in one run of sentences.
fn said(standing: &Status) -> String {
    let mut text = standing.title.clone();
    for line in &standing.lines {
        text.push(' ');
        text.push_str(line);
    }
    text
}
