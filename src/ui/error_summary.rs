//! Everything that is wrong, in one place, each with a way to its field.

use super::{
    screen::{Act, Screen},
    standing_notice::is_in_summary,
};
use crate::{
    domain::problem::{Cause, Field, Problem},
    words::en,
};
use leptos::prelude::*;

/// The list of problems. Takes the focus when Pay finds any (the form asks for `Field::Form`); each entry leads to its field.
///
/// The links focus by a press, because an address such as `#amount` does not reach into a shadow root. A key of the server that belongs to no
/// field is shown as it came.
#[component]
pub fn ErrorSummary(
    /// Live: the problems, and where the payment stands.
    screen: Screen,
) -> AnyView {
    let speech = screen.speech;
    let is_empty = Memo::new(move |_| screen.problems.with(|problems| problems.is_empty()));
    let head = move || {
        let refusal = screen.standing.get().filter(|standing| is_in_summary(screen, standing));
        match refusal {
            Some(standing) => {
                let lines = standing.lines.join(" ");
                view! { class="pf", <p class="notice-title">{standing.title}</p> <p>{lines}</p> }.into_any()
            }
            None => {
                let count = screen.problems.with(|problems| problems.len());
                view! { class="pf", <p class="notice-title">{speech.count(en::ERRORS, count, &[])}</p> }.into_any()
            }
        }
    };
    let list = move || screen.problems.with(|problems| problems.iter().map(|problem| entry(screen, problem)).collect_view());
    view! { class="pf",
        <div part="error-summary" class="notice bad" data-testid="error-summary" tabindex="-1" role="group"
            aria-label=speech.text(en::ERRORS_LABEL) hidden=move || is_empty.get()>
            {head}
            <ul class="problems">{list}</ul>
        </div>
    }
    .into_any()
}

fn entry(screen: Screen, problem: &Problem) -> AnyView {
    let speech = screen.speech;
    let mut text = speech.problem(problem);
    let field = problem.field;
    if let Field::Share(id) = field {
        let number = screen
            .statement
            .with(|statement| statement.row_of(id).and_then(|row| statement.invoice(row)).map(|i| i.number.clone()));
        text = speech.say(en::ERROR_AT, &[("number", &number.unwrap_or_else(|| id.to_string())), ("message", &text)]);
    }
    let key = match &problem.cause {
        Cause::Server { key: Some(key), .. } if field == Field::Form => Some(key.clone()),
        _ => None,
    };
    let key = key.map(|key| view! { class="pf", " " <code>{key}</code> });
    let said = match field {
        Field::Form => view! { class="pf", <span>{text}</span> }.into_any(),
        field => view! { class="pf",
            <a href="#" on:click=move |event| {
                event.prevent_default();
                screen.act.run(Act::Reach(field));
            }>{text}</a>
        }
        .into_any(),
    };
    view! { class="pf", <li>{said} {key}</li> }.into_any()
}
