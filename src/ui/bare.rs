//! What is drawn as long as no currency is known: no amount can be written or read then, but the lists may be on their way, and a payment
//! from before a reload may be unsettled.

use super::{
    amount_field::button,
    dom::{Node, el},
    form::Form,
    screen::{Act, Load},
};
use crate::words::{Phrase, Words, en, standing::Standing};

/// Draws what can be said without a currency.
pub(super) fn bare(form: Form) -> Node {
    let words = form.words();
    let frame = el("div").class("frame").set("dir", words.direction());
    let drawn = move || {
        let unsettled = form.standing(&words).map(|standing| notice(form, standing));
        unsettled.into_iter().chain(lists(form, &words)).collect()
    };
    frame.child(el("div").set("part", "base").class("base bare").draws(drawn))
}

fn notice(form: Form, standing: Standing) -> Node {
    let lines = standing.lines.iter().map(|line| el("p").text(line));
    let buttons = standing.presses.iter().map(|(press, label)| {
        let press = *press;
        button("button", label).on_press(move || form.act(Act::Press(press)))
    });
    el("div")
        .class("notice warning")
        .set("role", "status")
        .child(el("p").class("notice-title").text(&standing.title))
        .children(lines)
        .child(el("div").class("buttons").children(buttons))
}

fn lists(form: Form, words: &Words) -> Vec<Node> {
    let says = |role, phrase: Phrase| el("p").set("role", role).text(words.text(phrase));
    match form.load.get() {
        Load::Loading => vec![says("status", en::LOADING)],
        // The lists are there, and none of them says in which currency: the console has the sentence for the developer.
        Load::Ready => vec![says("alert", en::NO_CURRENCY)],
        Load::Failed(_) => {
            vec![says("alert", en::LOAD_FAILED), button("button", words.text(en::RELOAD)).on_press(move || form.act(Act::Reload))]
        }
    }
}
