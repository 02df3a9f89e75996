//! The field in which an amount is typed.

use crate::ui::{
    components::text_field::{button, label, leaving_button, problem_line, wire},
    dom::{Node, el},
    live::computed,
    state::view_model::{Act, Screen, wrong_with},
};
use crate::{
    domain::{
        amount::Reading,
        money::Money,
        problem::{Cause, Field, Problem},
    },
    words::{Phrase, en},
};

/// What makes one amount field another than the next. The functions are live.
#[derive(Clone, Copy)]
pub struct Amount {
    /// Which field's problems it shows.
    pub field: Field,
    /// The name of the input.
    pub name: &'static str,
    /// The label.
    pub title: Phrase,
    /// Whether it is the main field of the form.
    pub is_large: bool,
    /// The text as typed.
    pub text: fn(Screen) -> String,
    /// What it is read as.
    pub reading: fn(Screen) -> Reading,
    /// Shortcuts: the label, in which `{amount}` is filled in, and what it fills in.
    pub quick: fn(Screen) -> Vec<(Phrase, Money)>,
    /// What stands beneath, such as the limits.
    pub hint: fn(Screen) -> String,
    /// What typing is reported as.
    pub report: fn(String) -> Act,
}

/// An amount as text, with what it is read as beneath it at once. What was typed is never rewritten; a text that is not beyond
/// doubt is asked about with a button for each amount that it can be.
///
/// Accessibility: the reading and the problem describe the input. The reading is no live region, because speaking at every key is
/// noise; the form's own status says the result when typing pauses.
pub fn amount_field(screen: Screen, amount: Amount) -> Node {
    let speech = screen.speech;
    let Amount { field, name, text, report, .. } = amount;
    let (id, error, reads) = (speech.id(name), speech.id(&[name, "-error"].concat()), speech.id(&[name, "-reads"].concat()));
    let (sign, code) = (speech.sign(), screen.terms().currency.code());
    let input = el("input type=text inputmode=decimal autocomplete=transaction-amount spellcheck=false")
        .set("id", &id)
        .set("name", name)
        .holds(move || text(screen));
    let code = if code == sign { "" } else { code };
    let money = el("div.money")
        .child(el("span.sign aria-hidden=true").text(&sign))
        .child(wire(screen, input, field, &[&error, &reads], report))
        .child(el("span.code").text(code));
    // Drawn anew only when another shortcut is offered: not with every key.
    let quick = computed(move |_| (amount.quick)(screen));
    let chips = move || {
        let mut chips = Vec::new();
        for (label, quick) in quick.get() {
            let text = speech.say_amount(label, quick);
            chips.push(button(screen, "button.chip", &text, report(speech.typed(quick))));
        }
        chips
    };
    el(if amount.is_large { "div.field.large part=amount" } else { "div.field part=amount" })
        .child(label(screen, &id, amount.title))
        .child(money)
        .child(el("div.hint.reads").set("id", &reads).draws(move || read_as(screen, amount)))
        .child(problem_line(screen, &error, field))
        .child(el("div.chips").draws(chips))
}

/// The line beneath the field: what the text is read as, or the question, or at once why it is no amount.
fn read_as(screen: Screen, amount: Amount) -> Vec<Node> {
    let speech = screen.speech;
    let line = match (amount.reading)(screen) {
        // The sign beside the input is only seen, so the currency of an empty amount is also said.
        Reading::Empty => {
            let currency = speech.say(en::AMOUNT_CURRENCY, &[("currency", screen.terms().currency.code())]);
            return vec![el("span.unseen").text(&currency), el("span").text(&(amount.hint)(screen))];
        }
        // On the way to decimals: to be told that it is wrong would be wrong a key later.
        Reading::Unreadable(_) if !screen.is_wrong(amount.field) && awaits_decimals(&(amount.text)(screen)) => {
            el("span").text(&(amount.hint)(screen))
        }
        Reading::Number(value) => {
            // The limits stay in sight.
            let is_outside = |problem: &Problem| matches!(problem.cause, Cause::BelowMin(_) | Cause::AboveMax(_));
            let is_refused = screen.checked().problems().iter().any(is_outside);
            let limits = el(if is_refused { "span.refused" } else { "span" }).text(&(amount.hint)(screen));
            let reads = el("span").phrase(speech, en::READS_AS).text(" ").child(el("strong").text(&speech.amount(value)));
            return vec![reads.text(" "), limits];
        }
        Reading::Choice(values) => {
            let question = if values.len() == 1 { en::THIS_AMOUNT } else { en::WHICH_AMOUNT };
            let mut line = vec![el("span.question").phrase(speech, question)];
            for value in values {
                let act = (amount.report)(speech.typed_amount(value));
                line.push(leaving_button(screen, "button.chip.choice", &speech.amount(value), act, amount.field));
            }
            return line;
        }
        // Said here at once; from the first press on Pay it stands in the field's problem line instead.
        Reading::Unreadable(_) if screen.is_wrong(amount.field) => return Vec::new(),
        Reading::Unreadable(_) => {
            let checked = screen.checked();
            let problem = wrong_with(checked.problems(), amount.field);
            el("span.refused").text(&problem.map(|problem| speech.problem(problem)).unwrap_or_default())
        }
    };
    vec![line]
}

/// Whether a decimal separator was typed last, behind a digit.
pub fn awaits_decimals(text: &str) -> bool {
    text.strip_suffix(['.', ',', '\u{66B}']).is_some_and(|number| number.ends_with(|last: char| last.is_ascii_digit()))
}

/// What the host takes at least and at most, in words; empty without limits.
pub fn limits(screen: Screen) -> String {
    let speech = screen.speech;
    let terms = screen.terms();
    let phrase = match (terms.min, terms.max) {
        (Some(_), Some(_)) => en::LIMITS_BOTH,
        (Some(_), None) => en::LIMITS_MIN,
        (None, Some(_)) => en::LIMITS_MAX,
        (None, None) => return String::new(),
    };
    let written = |limit: Option<Money>| limit.map(|limit| speech.money(limit)).unwrap_or_default();
    speech.say(phrase, &[("min", &written(terms.min)), ("max", &written(terms.max))])
}
