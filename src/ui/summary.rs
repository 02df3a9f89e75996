//! What the payment comes to, and the button that pays.

use super::{
    dom::{Node, el},
    method_picker::chosen_label,
    screen::Screen,
    sums::Sums,
    live::Live,
};
use crate::{
    domain::{money::Money, payment::Kind},
    words::{
        en,
        standing::{Standing, Tone},
    },
};
use std::sync::Arc;

/// The totals. Each stands as text and, for programs and tests, as the plain decimal in `data-value`.
pub fn summary(screen: Screen, sums: Live<Arc<Sums>>) -> Node {
    let speech = screen.speech;
    let is_due_item = screen.terms().kind == Kind::DueItem;
    let (rest, owed) = if is_due_item { (en::OVERPAID, en::REMAINS) } else { (en::ON_ACCOUNT, en::STILL_OWED) };
    let label = |text: String| el("dt").text(&text);
    let to = if is_due_item {
        label(speech.text(en::TO_DUE))
    } else {
        el("dt").says(move || speech.count(en::TO_INVOICES, sums.get().count, &[]))
    };
    let line = |class: &str, label: Node, test_id: &str, amount: fn(&Sums) -> Money| {
        let value = el("dd")
            .set("data-testid", test_id)
            .live("data-value", move || Some(amount(&sums.get()).plain()))
            .says(move || speech.money(amount(&sums.get())));
        el("div").class(class).child(label).child(value)
    };
    let lines = el("dl")
        .child(line("sum", label(speech.text(en::PAYMENT)), "payment", |sums| sums.amount))
        .child(line("sum", to, "allocated", |sums| sums.allocated))
        .child(line("sum total", label(speech.text(rest)), "unallocated", |sums| sums.unallocated))
        .child(line("sum", label(speech.text(owed)), "still-owed", |sums| sums.owed));
    let warning = el("p")
        .class("hint rest")
        .text(&speech.text(en::ON_ACCOUNT_WARNING))
        .when("hidden", "", move || is_due_item || sums.get().unallocated.is_zero());
    let id = speech.id("summary");
    el("section")
        .set("part", "summary")
        .class("sums")
        .set("aria-labelledby", &id)
        .child(el("h3").set("id", &id).class("heading").text(&speech.text(en::SUMMARY)))
        .child(lines)
        .child(warning)
}

/// The button that pays, with what happens then. On a phone it stays at the bottom of the window.
///
/// Accessibility: while a press would be ignored it is `aria-disabled`, so that it keeps the focus.
pub fn pay_bar(screen: Screen, sums: Live<Arc<Sums>>) -> Node {
    let speech = screen.speech;
    let label = move || {
        let amount = sums.get().amount;
        let phrase = if is_under_way(screen) { en::PAY_BUSY } else { en::PAY };
        if amount.is_zero() { speech.text(en::PAY_NOTHING) } else { speech.say(phrase, &[("amount", &speech.money(amount))]) }
    };
    let has_methods = screen.terms().kind == Kind::OnAccount;
    let promise = move || {
        if let Some(standing) = screen.standing.get().filter(|standing| standing.tone == Tone::Busy) {
            return said(&standing);
        }
        let method = if has_methods { chosen_label(screen) } else { String::new() };
        match method.is_empty() {
            true => speech.text(en::PAY_PROMISE),
            false => speech.say(en::PAY_PROMISE_METHOD, &[("label", &method)]),
        }
    };
    let button = el("button")
        .set("part", "submit")
        .set("type", "submit")
        .live("class", move || Some(if is_under_way(screen) { "pay busy" } else { "pay" }.to_owned()))
        .when("aria-disabled", "true", move || screen.busy.get())
        .says(label);
    el("div").class("pay-bar").child(button).child(el("p").class("hint promise").set("role", "status").says(promise))
}

/// Whether something was sent and is awaited.
fn is_under_way(screen: Screen) -> bool {
    screen.standing.get().is_some_and(|standing| standing.tone == Tone::Busy)
}

/// A standing in one run of sentences.
fn said(standing: &Standing) -> String {
    let mut text = standing.title.clone();
    for line in &standing.lines {
        text.push(' ');
        text.push_str(line);
    }
    text
}
