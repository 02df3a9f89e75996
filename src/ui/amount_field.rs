//! The field in which an amount is typed.

use super::{
    dom::{Node, el},
    field::{label, problem_line},
    screen::{Act, Screen},
};
use crate::{
    domain::{amount::Reading, money::Money, problem::Field},
    words::{Phrase, en},
};

/// What makes one amount field another than the next. The functions are live.
#[derive(Clone, Copy)]
pub struct Amount {
    /// Which field's problems it shows, and the name of the input.
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
    /// What stands beneath while nothing is typed, such as the limits.
    pub hint: fn(Screen) -> String,
    /// What typing is reported as.
    pub report: fn(String) -> Act,
}

/// An amount as text, with what it is read as beneath it at once. What was typed is never rewritten; a text that can be read in two ways is
/// asked about with a button for each.
///
/// Accessibility: the reading and the problem describe the input. The reading is no live region, because speaking at every key is noise; the
/// form's own status says the result when typing pauses.
pub fn amount_field(screen: Screen, amount: Amount) -> Node {
    let speech = screen.speech;
    let Amount { field, name, text, report, .. } = amount;
    let (id, error, reads) = (speech.id(name), speech.id(&[name, "-error"].concat()), speech.id(&[name, "-reads"].concat()));
    let (sign, code) = (speech.sign(), screen.terms().currency.code());
    let input = el("input")
        .set("id", &id)
        .set("type", "text")
        .set("name", name)
        .set("inputmode", "decimal")
        .set("autocomplete", "transaction-amount")
        .set("spellcheck", "false")
        .set("aria-describedby", &[&error, " ", &reads].concat())
        .when("aria-invalid", "true", move || screen.is_wrong(field))
        .holds(move || text(screen))
        .on_input(move |text| screen.act(report(text)));
    let mut money = el("div").class("money").child(el("span").class("sign").set("aria-hidden", "true").text(&sign)).child(input);
    if code != sign {
        money = money.child(el("span").class("code").text(code));
    }
    let chips = move || {
        let chip = |(label, quick): (Phrase, Money)| {
            let typed = speech.typed(quick);
            let text = speech.say(label, &[("amount", &speech.money(quick))]);
            button("chip", &text).on_press(move || screen.act(report(typed.clone())))
        };
        (amount.quick)(screen).into_iter().map(chip).collect()
    };
    el("div")
        .set("part", "amount")
        .class(if amount.is_large { "field large" } else { "field" })
        .child(label(&id, &speech.text(amount.title)))
        .child(money)
        .child(el("div").set("id", &reads).class("hint reads").draws(move || read_as(screen, amount)))
        .child(problem_line(screen, &error, field))
        .child(el("div").class("chips").draws(chips))
}

/// The line beneath the field: what the text is read as, or the question, or at once why it is no amount.
fn read_as(screen: Screen, amount: Amount) -> Vec<Node> {
    let speech = screen.speech;
    let Amount { field, report, .. } = amount;
    match (amount.reading)(screen) {
        Reading::Empty => vec![el("span").text(&(amount.hint)(screen))],
        Reading::Number(value) => {
            vec![el("span").text(&speech.text(en::READS_AS)).text(" ").child(el("strong").text(&speech.amount(value)))]
        }
        Reading::Choice(values) => {
            let question = el("span").class("question").text(&speech.text(en::WHICH_AMOUNT));
            let choice = |value| {
                let typed = speech.typed_amount(value);
                button("chip choice", &speech.amount(value)).on_press(move || screen.act(report(typed.clone())))
            };
            [question].into_iter().chain(values.into_iter().map(choice)).collect()
        }
        // Said here at once; from the first press on Pay it stands in the field's problem line instead.
        Reading::Unreadable(_) if screen.is_wrong(field) => Vec::new(),
        Reading::Unreadable(_) => {
            let checked = screen.checked.get();
            let problem = checked.problems().iter().find(|problem| problem.field == field);
            vec![el("span").class("refused").text(&problem.map(|problem| speech.problem(problem)).unwrap_or_default())]
        }
    }
}

/// A button that sends nothing by itself.
pub fn button(class: &str, text: &str) -> Node {
    el("button").set("type", "button").class(class).text(text)
}
