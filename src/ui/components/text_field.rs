//! Draws the parts that every field shares, the reference and the date fields.

use crate::ui::{
    platform::input::sync_value,
    state::view_model::{Action, use_form},
};
use crate::{
    domain::{date::Date, draft::Draft, payment::REFERENCE_MAX, problem::Field},
    submission::with_reference_marker,
    words::{Phrase, en},
};
use leptos::prelude::*;

/// The problem of a field, under the id that the input names in `aria-describedby`.
///
/// Accessibility: a live region that is in the document before there is anything to say, or some screen readers say nothing.
#[component]
pub fn ProblemLine(
    /// The id of the line.
    id: String,
    /// The field.
    field: Field,
) -> impl IntoView {
    let form = use_form();
    view! { class="pf",
        <p class="error" part="error" aria-live="polite" id=id>
            {move || form.problem_of(field)}
        </p>
    }
}

/// A section of the form under a heading of its own.
#[component]
pub fn Card(
    /// The heading.
    title: Phrase,
    /// The name of the heading's id, by which groups inside can be labelled.
    name: &'static str,
    /// The part that hosts style.
    part: &'static str,
    /// True when the section is hidden.
    #[prop(optional, into)]
    hidden: Signal<bool>,
    /// The content below the heading.
    children: Children,
) -> impl IntoView {
    let form = use_form();
    let id = form.id(name);
    let heading = id.clone();
    view! { class="pf",
        <section class="card" part=part aria-labelledby=id hidden=move || hidden.get()>
            <h3 class="heading" id=heading>
                {form.text(title)}
            </h3>
            {children()}
        </section>
    }
}

/// The length from which the count of the reference is shown; a shorter reference needs none.
const COUNT_FROM: usize = 400;

/// The payer's note, with a count of its UTF-16 units where it gets long. Typing is never cut off: a text that is too long is told so.
#[component]
pub fn ReferenceField() -> impl IntoView {
    let form = use_form();
    let (id, error, hint) = (form.id("reference"), form.id("reference-error"), form.id("reference-hint"));
    let described_by = format!("{error} {hint}");
    let text = Memo::new(move |_| form.draft().reference.clone());
    let units = Memo::new(move |_| {
        let mut reference = text.get();
        // A person who writes no reference need not know of the mark.
        if form.marks_reference() && !reference.is_empty() {
            reference = with_reference_marker(&reference, "");
        }
        reference.encode_utf16().count()
    });
    let count = move || form.count(en::REFERENCE_COUNT, units.get(), &[("max", &form.number(REFERENCE_MAX))]);
    view! { class="pf",
        <div class="field" part="reference">
            <label for=id.clone()>
                {form.text(en::REFERENCE)} " " <span class="muted">{form.text(en::OPTIONAL)}</span>
            </label>
            <input
                class="input"
                type="text"
                name="reference"
                autocomplete="off"
                placeholder=form.text(en::REFERENCE_PLACEHOLDER)
                id=id
                aria-describedby=described_by
                aria-invalid=move || form.has_problem(Field::Reference).then_some("true")
                use:sync_value=text.into()
                on:input:target=move |event| form.act(Action::Reference(event.target().value()))
                on:change:target=move |event| form.act(Action::Reference(event.target().value()))
            />
            <p class="hint" id=hint hidden=move || units.get() < COUNT_FROM>
                {count}
            </p>
            <ProblemLine id=error field=Field::Reference />
        </div>
    }
}

/// A calendar day, chosen with the browser's own date input.
#[component]
pub fn DateField(
    /// The field.
    field: Field,
    /// The label.
    title: Phrase,
    /// The day in the draft, as `YYYY-MM-DD`; the second argument is today.
    day: fn(&Draft, Date) -> String,
    /// The action of a choice.
    action: fn(String) -> Action,
) -> impl IntoView {
    let form = use_form();
    let (id, error) = (form.id(field.name()), form.id(&format!("{}-error", field.name())));
    view! { class="pf",
        <div class="field">
            <label for=id.clone()>{form.text(title)}</label>
            <input
                class="input"
                type="date"
                name=field.name()
                id=id
                aria-describedby=error.clone()
                aria-invalid=move || form.has_problem(field).then_some("true")
                use:sync_value=Signal::derive(move || day(&form.draft(), form.terms().today))
                on:input:target=move |event| form.act(action(event.target().value()))
                on:change:target=move |event| form.act(action(event.target().value()))
            />
            <ProblemLine id=error field=field />
        </div>
    }
}
