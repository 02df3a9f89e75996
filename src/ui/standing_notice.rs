//! The notice that says where a payment stands when it needs the person: held, unknown, to be reviewed, sent before.

use super::screen::{Act, Screen};
use crate::words::standing::{Press, Standing, Tone};
use leptos::{html::Div, prelude::*};

/// Says where the payment stands, with the buttons that lead on. Takes the focus when it comes up, because the next step is here.
///
/// What is under way is said at the button that pays, and a refusal in the error summary. Accessibility: a live region that is there from
/// the first drawing.
#[component]
pub fn StandingNotice(
    /// Live: where the payment stands.
    screen: Screen,
) -> AnyView {
    let node: NodeRef<Div> = NodeRef::new();
    let standing = Memo::new(move |_| {
        let is_elsewhere = |standing: &Standing| standing.tone == Tone::Busy || is_in_summary(screen, standing);
        screen.standing.get().filter(|standing| !is_elsewhere(standing))
    });
    let title = Memo::new(move |_| standing.with(|standing| standing.as_ref().map(|standing| standing.title.clone())));
    Effect::new(move |_| {
        if title.with(Option::is_some) {
            // The text is drawn first, so that it is what the focus reads out.
            request_animation_frame(move || {
                if let Some(node) = node.get_untracked() {
                    _ = node.focus();
                }
            });
        }
    });
    let drawn = move || standing.get().map(|standing| notice(screen, standing));
    view! { class="pf", <div node_ref=node class="standing-place" tabindex="-1" aria-live="polite">{drawn}</div> }.into_any()
}

/// Whether the error summary says it, above its list.
pub fn is_in_summary(screen: Screen, standing: &Standing) -> bool {
    standing.tone == Tone::Bad && screen.problems.with(|problems| !problems.is_empty())
}

fn notice(screen: Screen, standing: Standing) -> AnyView {
    let tone = match standing.tone {
        Tone::Busy | Tone::Info => "notice info",
        Tone::Warning => "notice warning",
        Tone::Bad => "notice bad",
    };
    let lines = standing.lines.into_iter().map(|line| view! { class="pf", <p>{line}</p> }).collect_view();
    let button = |(place, (press, label)): (usize, (Press, String))| {
        let pays = matches!(press, Press::Confirm | Press::Insist);
        view! { class="pf",
            <button type="button" class=if place == 0 { "button first" } else { "button" } part=pays.then_some("submit")
                on:click=move |_| screen.act.run(Act::Press(press))>{label}</button>
        }
    };
    let buttons = standing.presses.into_iter().enumerate().map(button).collect_view();
    view! { class="pf",
        <div class=tone>
            <p class="notice-title">{standing.title}</p>
            {lines}
            <div class="buttons">{buttons}</div>
        </div>
    }
    .into_any()
}
