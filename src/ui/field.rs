//! What every field has: a label, a hint, and a place for what is wrong that is there from the first drawing.

use super::{
    dom::{Node, el},
    screen::{Act, Screen},
};
use crate::{
    domain::{payment::REFERENCE_MAX, problem::Field},
    words::{Phrase, en},
};

/// Where a field's problem stands, under the id that the field names in `aria-describedby`.
///
/// A live region: it is in the document before there is anything to say, or some screen readers say nothing.
pub fn problem_line(screen: Screen, id: &str, field: Field) -> Node {
    el("p").set("id", id).set("part", "error").class("error").set("aria-live", "polite").says(move || screen.problem_of(field))
}

/// One group of the form under a heading of its own, which groups inside name in `aria-labelledby` by its id.
pub fn card(title: &str, id: &str, part: &str) -> Node {
    let heading = el("h3").set("id", id).class("heading").text(title);
    el("section").set("part", part).class("card").set("aria-labelledby", id).child(heading)
}

/// A label for the input with this id.
pub fn label(id: &str, text: &str) -> Node {
    el("label").set("for", id).text(text)
}

/// The payer's note, with a count of its UTF-16 units. Typing is never cut off: a text that is too long is told so.
pub fn reference_field(screen: Screen) -> Node {
    let speech = screen.speech;
    let (id, error, hint) = (speech.id("reference"), speech.id("reference-error"), speech.id("reference-hint"));
    let optional = el("span").class("muted").text(&speech.text(en::OPTIONAL));
    let input = el("input")
        .set("id", &id)
        .class("input")
        .set("type", "text")
        .set("name", Field::Reference.name())
        .set("autocomplete", "off")
        .set("aria-describedby", &[&error, " ", &hint].concat())
        .when("aria-invalid", "true", move || screen.is_wrong(Field::Reference))
        .holds(move || screen.draft.get().reference.clone())
        .on_input(move |text| screen.act(Act::Reference(text)));
    let count = move || {
        let units = screen.draft.get().reference.encode_utf16().count();
        speech.count(en::REFERENCE_COUNT, units, &[("max", &speech.number(REFERENCE_MAX))])
    };
    el("div")
        .set("part", "reference")
        .class("field")
        .child(label(&id, &speech.text(en::REFERENCE)).text(" ").child(optional))
        .child(input)
        .child(el("p").set("id", &hint).class("hint").says(count))
        .child(problem_line(screen, &error, Field::Reference))
}

/// A calendar day, chosen with the browser's own date input. `day` is `YYYY-MM-DD`.
pub fn date_field(screen: Screen, field: Field, title: Phrase, day: fn(Screen) -> String, report: fn(String) -> Act) -> Node {
    let speech = screen.speech;
    let (id, error) = (speech.id(field.name()), speech.id(&[field.name(), "-error"].concat()));
    let input = el("input")
        .set("id", &id)
        .class("input")
        .set("type", "date")
        .set("name", field.name())
        .set("aria-describedby", &error)
        .when("aria-invalid", "true", move || screen.is_wrong(field))
        .holds(move || day(screen))
        .on_input(move |text| screen.act(report(text)));
    el("div").class("field").child(label(&id, &speech.text(title))).child(input).child(problem_line(screen, &error, field))
}
