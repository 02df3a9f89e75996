//! Draws every problem in one place, each with a way to its field.

use crate::ui::{
    components::status_notice::is_in_summary,
    state::view_model::{Action, ViewModel, use_form},
};
use crate::{
    domain::problem::{Cause, Field, Problem},
    words::en,
};
use leptos::prelude::*;

/// The list of problems. The form moves the focus here (`Field::Form`) when Pay finds any; each entry leads to its field.
///
/// The links focus by a press, because an address such as `#amount` does not reach into a shadow root. Staff are shown a key of
/// the server that belongs to no field, as it came.
#[component]
pub fn ErrorSummary() -> impl IntoView {
    let form = use_form();
    let title = move || {
        let refusal = form.status().filter(|status| is_in_summary(form, status));
        refusal.map_or_else(|| form.count(en::ERRORS, form.problems().len(), &[]), |status| status.title)
    };
    let lines = move || {
        let refusal = form.status().filter(|status| is_in_summary(form, status));
        let lines = refusal.map(|status| status.lines).unwrap_or_default();
        lines.into_iter().map(|line| view! { class="pf", <p>{line}</p> }).collect_view()
    };
    let is_empty = move || form.problems().is_empty();
    view! { class="pf",
        <div
            class="notice danger"
            part="error-summary"
            data-testid="error-summary"
            tabindex="-1"
            role="group"
            aria-label=form.text(en::ERRORS_LABEL)
            hidden=is_empty
        >
            <Show when=move || !is_empty()>
                <p class="notice-title">{title}</p>
                {lines}
                <ul>
                    {move || {
                        let entry = |problem: &Problem| view! { class="pf", <Entry problem=problem.clone() /> };
                        form.problems().iter().map(entry).collect_view()
                    }}
                </ul>
            </Show>
        </div>
    }
}

#[component]
fn Entry(problem: Problem) -> impl IntoView {
    let form = use_form();
    let field = problem.field;
    let mut sentences = form.sentences_of(&problem).into_iter();
    let text = with_invoice_number(form, &problem, sentences.next().unwrap_or_default());
    // The link is the form's own sentence; a server's words are told after it.
    let quoted = sentences.map(|sentence| view! { class="pf", " " <span>{sentence}</span> }).collect_view();
    let lead = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        form.act(Action::Focus(field));
    };
    let message = if field == Field::Form || has_no_row(&problem) {
        view! { class="pf", <span>{text}</span> }.into_any()
    } else {
        view! { class="pf",
            <a href="#" on:click=lead>
                {text}
            </a>
        }
        .into_any()
    };
    // A share without a row can only be dropped. The focus moves to the division, because the button disappears.
    let release = match field {
        Field::Share(id) if has_no_row(&problem) => Some(view! { class="pf",
            " "
            <button
                type="button"
                class="link"
                on:click=move |_| {
                    form.act(Action::Unpin(id));
                    form.act(Action::Focus(Field::Allocation));
                }
            >
                {form.text(en::CLEAR)}
            </button>
        }),
        _ => None,
    };
    let key = match problem.cause {
        Cause::Server { key: Some(key), .. } if field == Field::Form && form.is_for_staff() => {
            Some(view! { class="pf", " " <code>{key}</code> })
        }
        _ => None,
    };
    view! { class="pf", <li>{message} {quoted} {release} {key}</li> }
}

/// The sentence of a problem; a share's begins with the number of its invoice.
fn with_invoice_number(form: ViewModel, problem: &Problem, message: String) -> String {
    let Field::Share(id) = problem.field else { return message };
    let mut number = form.number_of(id);
    // The typed text stands in no row any more, so it is quoted.
    if has_no_row(problem)
        && let Some(typed) = form.draft().shares.get(&id)
    {
        number = format!("{number} ({typed})");
    }
    form.say(en::ERROR_AT, &[("number", &number), ("message", &message)])
}

/// Tells whether the problem is about an invoice that is not listed any more.
fn has_no_row(problem: &Problem) -> bool {
    matches!(problem.cause, Cause::UnknownInvoice | Cause::ClosedInvoice)
}
