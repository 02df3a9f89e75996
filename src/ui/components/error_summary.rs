//! Everything that is wrong, in one place, each with a way to its field.

use crate::ui::{
    components::status_notice::is_in_summary,
    components::text_field::leaving_button,
    dom::{Node, el},
    state::view_model::{Act, Screen},
};
use crate::{
    domain::problem::{Cause, Field, Problem},
    words::en,
};

/// The list of problems. Takes the focus when Pay finds any (the form asks for `Field::Form`); each entry leads to its field.
///
/// The links focus by a press, because an address such as `#amount` does not reach into a shadow root. A key of the server that
/// belongs to no field is shown as it came.
pub fn error_summary(screen: Screen) -> Node {
    let speech = screen.speech;
    let drawn = move || {
        let problems = screen.problems();
        if problems.is_empty() {
            return Vec::new();
        }
        let refusal = screen.standing().filter(|standing| is_in_summary(screen, standing));
        let (title, lines) = match refusal {
            Some(standing) => (standing.title, standing.lines),
            None => (speech.count(en::ERRORS, problems.len(), &[]), Vec::new()),
        };
        let mut drawn = vec![el("p.notice-title").text(&title)];
        for line in lines {
            drawn.push(el("p").text(&line));
        }
        let mut list = el("ul");
        for problem in problems.iter() {
            list = list.child(entry(screen, problem));
        }
        drawn.push(list);
        drawn
    };
    el("div.notice.bad part=error-summary data-testid=error-summary tabindex=-1 role=group")
        .set_phrase("aria-label", speech, en::ERRORS_LABEL)
        .when("hidden", move || screen.problems().is_empty())
        .draws(drawn)
}

fn entry(screen: Screen, problem: &Problem) -> Node {
    let speech = screen.speech;
    let field = problem.field;
    let mut text = speech.problem(problem);
    if let Field::Share(id) = field {
        let mut number = screen.number_of(id);
        // What was typed stands in no row any more.
        if has_no_row(problem)
            && let Some(typed) = screen.draft().shares.get(&id)
        {
            number = [&number, " (", typed, ")"].concat();
        }
        text = speech.say(en::ERROR_AT, &[("number", &number), ("message", &text)]);
    }
    let said = if field == Field::Form || has_no_row(problem) {
        el("span").text(&text)
    } else {
        el("a href=#").text(&text).on("click", move |event| {
            event.prevent_default();
            screen.act(Act::Reach(field));
        })
    };
    let entry = el("li").child(said);
    match &problem.cause {
        _ if has_no_row(problem) => {
            let Field::Share(id) = field else { return entry };
            entry.text(" ").child(leaving_button(
                screen,
                "button.link",
                &speech.text(en::CLEAR),
                Act::Release(id),
                Field::Allocation,
            ))
        }
        Cause::Server { key: Some(key), .. } if field == Field::Form => entry.text(" ").child(el("code").text(key)),
        _ => entry,
    }
}

/// Whether it is about an invoice that is not listed any more.
fn has_no_row(problem: &Problem) -> bool {
    matches!(problem.cause, Cause::UnknownInvoice | Cause::ClosedInvoice)
}
