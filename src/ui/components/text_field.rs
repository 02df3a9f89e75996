//! What every field has: a label, a hint, and a place for what is wrong that is there from the first drawing.

use crate::ui::{
    dom::{Node, el, text_of},
    state::view_model::{Act, Screen},
};
use crate::{
    domain::{payment::REFERENCE_MAX, problem::Field},
    submission::with_reference_marker,
    words::{Phrase, en},
};

/// Where a field's problem stands, under the id that the field names in `aria-describedby`.
///
/// A live region: it is in the document before there is anything to say, or some screen readers say nothing.
pub fn problem_line(screen: Screen, id: &str, field: Field) -> Node {
    el("p.error part=error aria-live=polite").set("id", id).says(move || screen.problem_of(field))
}

/// One group of the form under a heading of its own, which groups inside name in `aria-labelledby` by its id.
pub fn card(screen: Screen, title: Phrase, id: &str, part: &str) -> Node {
    let heading = el("h3.heading").set("id", id).phrase(screen.speech, title);
    el("section.card").set("part", part).set("aria-labelledby", id).child(heading)
}

/// A group of fields that is disabled while nothing can be changed.
pub fn lockable(screen: Screen, written: &str) -> Node {
    el(written).when("disabled", move || screen.locked())
}

/// A label for the input with this id.
pub fn label(screen: Screen, id: &str, title: Phrase) -> Node {
    el("label").set("for", id).phrase(screen.speech, title)
}

/// A button that does this and sends nothing by itself.
pub fn button(screen: Screen, written: &str, text: &str, act: Act) -> Node {
    plain_button(written, text).on("click", move |_| screen.act(act.clone()))
}

/// The same for a button that leaves with what it does: the focus goes on to this field.
pub fn leaving_button(screen: Screen, written: &str, text: &str, act: Act, field: Field) -> Node {
    plain_button(written, text).on("click", move |_| {
        screen.act(act.clone());
        screen.act(Act::Reach(field));
    })
}

/// A button that does nothing yet.
pub fn plain_button(written: &str, text: &str) -> Node {
    el(written).set("type", "button").text(text)
}

/// Lets an input report what is typed, show that it is wrong, and be described by these ids.
pub fn wire(screen: Screen, input: Node, field: Field, described: &[&str], report: fn(String) -> Act) -> Node {
    input
        .set("aria-describedby", &described.join(" "))
        .when("aria-invalid", move || screen.is_wrong(field))
        .on("input", move |event| screen.act(report(text_of(&event))))
}

/// The payer's note, with a count of its UTF-16 units. Typing is never cut off: a text that is too long is told so.
pub fn reference_field(screen: Screen) -> Node {
    let speech = screen.speech;
    let (id, error, hint) = (speech.id("reference"), speech.id("reference-error"), speech.id("reference-hint"));
    let optional = el("span.muted").phrase(speech, en::OPTIONAL);
    let input = el("input.input type=text name=reference autocomplete=off")
        .set("id", &id)
        .holds(move || screen.draft().reference.clone());
    let count = move || {
        let mut reference = screen.draft().reference.clone();
        // Nobody needs to know of the mark who writes nothing.
        if screen.marks_reference() && !reference.is_empty() {
            reference = with_reference_marker(&reference, "");
        }
        let units = reference.encode_utf16().count();
        speech.count(en::REFERENCE_COUNT, units, &[("max", &speech.number(REFERENCE_MAX))])
    };
    el("div.field part=reference")
        .child(label(screen, &id, en::REFERENCE).text(" ").child(optional))
        .child(wire(screen, input, Field::Reference, &[&error, &hint], Act::Reference))
        .child(el("p.hint").set("id", &hint).says(count))
        .child(problem_line(screen, &error, Field::Reference))
}

/// A calendar day, chosen with the browser's own date input. `day` is `YYYY-MM-DD`.
pub fn date_field(screen: Screen, field: Field, title: Phrase, day: fn(Screen) -> String, report: fn(String) -> Act) -> Node {
    let speech = screen.speech;
    let (id, error) = (speech.id(field.name()), speech.id(&[field.name(), "-error"].concat()));
    let input = el("input.input type=date").set("id", &id).set("name", field.name()).holds(move || day(screen));
    el("div.field")
        .child(label(screen, &id, title))
        .child(wire(screen, input, field, &[&error], report))
        .child(problem_line(screen, &error, field))
}
