//! What every field has: a label, a hint, and a place for what is wrong that is there from the first drawing.

use super::screen::{Act, Screen};
use crate::{
    domain::{payment::REFERENCE_MAX, problem::Field},
    words::{Phrase, en},
};
use leptos::prelude::*;

/// What is shown to be wrong with a field, as text; empty while nothing is.
pub fn shown_problem(screen: Screen, field: Field) -> Memo<String> {
    Memo::new(move |_| {
        screen.problems.with(|problems| {
            let of_field = problems.iter().filter(|problem| problem.field == field);
            of_field.map(|problem| screen.speech.problem(problem)).collect::<Vec<_>>().join(" ")
        })
    })
}

/// Where a field's problem stands. A live region: it is in the document before there is anything to say, or some screen readers say nothing.
#[component]
pub fn ProblemLine(
    /// What the field names in `aria-describedby`.
    id: String,
    /// The text; live.
    problem: Memo<String>,
) -> AnyView {
    view! { class="pf", <p id=id part="error" class="error" aria-live="polite">{move || problem.get()}</p> }.into_any()
}

/// One group of the form under a heading of its own.
#[component]
pub fn Card(
    /// The heading.
    title: String,
    /// The heading's id, which groups inside name in `aria-labelledby`.
    id: String,
    /// The name under which a host's stylesheet reaches it.
    part: &'static str,
    /// What stands in it.
    children: AnyView,
) -> AnyView {
    let heading = id.clone();
    view! { class="pf",
        <section part=part class="card" aria-labelledby=id>
            <h3 id=heading class="heading">{title}</h3>
            {children}
        </section>
    }
    .into_any()
}

/// The payer's note, with a count of its UTF-16 units. Typing is never cut off: a text that is too long is told so.
#[component]
pub fn ReferenceField(
    /// Live: the draft and the problems.
    screen: Screen,
) -> AnyView {
    let speech = screen.speech;
    let problem = shown_problem(screen, Field::Reference);
    let (id, error, hint) = (speech.id("reference"), speech.id("reference-error"), speech.id("reference-hint"));
    let described = [error.as_str(), " ", &hint].concat();
    let units = Memo::new(move |_| screen.draft.with(|draft| draft.reference.encode_utf16().count()));
    let count = move || speech.count(en::REFERENCE_COUNT, units.get(), &[("max", &speech.number(REFERENCE_MAX))]);
    view! { class="pf",
        <div part="reference" class="field">
            <label for=id.clone()>{speech.text(en::REFERENCE)} " " <span class="muted">{speech.text(en::OPTIONAL)}</span></label>
            <input id=id class="input" type="text" name="reference" autocomplete="off" aria-describedby=described
                aria-invalid=move || is_wrong(problem)
                prop:value=move || screen.draft.with(|draft| draft.reference.clone())
                on:input=move |event| screen.act.run(Act::Reference(event_target_value(&event))) />
            <p id=hint class="hint">{count}</p>
            <ProblemLine id=error problem />
        </div>
    }
    .into_any()
}

/// A calendar day, chosen with the browser's own date input.
#[component]
pub fn DateField(
    /// Live: the draft and the problems.
    screen: Screen,
    /// The input's name.
    name: &'static str,
    /// Its label.
    label: Phrase,
    /// Which field's problems it shows.
    field: Field,
    /// The day as `YYYY-MM-DD`; live.
    value: Signal<String>,
    /// What a choice is reported as.
    report: fn(String) -> Act,
) -> AnyView {
    let speech = screen.speech;
    let problem = shown_problem(screen, field);
    let (id, error) = (speech.id(name), speech.id(&[name, "-error"].concat()));
    view! { class="pf",
        <div class="field">
            <label for=id.clone()>{speech.text(label)}</label>
            <input id=id class="input" type="date" name=name aria-describedby=error.clone() aria-invalid=move || is_wrong(problem)
                prop:value=move || value.get()
                on:input=move |event| screen.act.run(report(event_target_value(&event))) />
            <ProblemLine id=error problem />
        </div>
    }
    .into_any()
}

/// The value of `aria-invalid`: absent while nothing is wrong.
pub fn is_wrong(problem: Memo<String>) -> Option<&'static str> {
    (!problem.with(String::is_empty)).then_some("true")
}
