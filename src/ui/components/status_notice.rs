//! The notice that says where a payment stands when it needs the person: held, unknown, to be reviewed, sent before.

use crate::ui::{
    components::summary::{goes, promise},
    components::text_field::plain_button,
    dom::{self, Node, effect, el},
    live::Live,
    state::totals::Sums,
    state::view_model::{Act, Report, Screen},
};
use crate::words::status::{Press, Status, Tone};
use leptos::prelude::untrack;
use std::{rc::Rc, sync::Arc};

/// Says where the payment stands, with the buttons that lead on. Takes the focus when it comes up, because the next step is here.
///
/// What is under way is said at the button that pays, and a refusal in the error summary. Accessibility: a live region that is
/// there from the first drawing.
pub fn standing_notice(screen: Screen, sums: Live<Arc<Sums>>) -> Node {
    let standing = move || {
        let is_elsewhere = |standing: &Status| standing.tone == Tone::Busy || is_in_summary(screen, standing);
        screen.standing().filter(|standing| !is_elsewhere(standing))
    };
    let place = el("div.standing-place tabindex=-1 aria-live=polite").draws(move || match standing() {
        Some(mut standing) => {
            if standing.presses.iter().any(|(press, _)| *press == Press::Confirm) {
                standing.lines.insert(0, untrack(|| goes(screen, &sums.get())));
                standing.lines.push(untrack(|| promise(screen)));
            }
            vec![notice(&standing, screen.reporter())]
        }
        None => Vec::new(),
    });
    let (node, mut last) = (place.clone(), None);
    effect(move || {
        let title = screen.standing().map(|standing| standing.title);
        // What only moves here, from the summary that an edit has emptied, must not take the focus away from the typing.
        if title != last && standing().is_some() {
            // The text is drawn first, so that it is what the focus reads out.
            let node = node.clone();
            dom::soon(move || node.focus());
        }
        last = title;
    });
    place
}

/// Whether the error summary says it, above its list.
pub fn is_in_summary(screen: Screen, standing: &Status) -> bool {
    standing.tone == Tone::Bad && !screen.problems().is_empty()
}

/// A notice with its buttons, the safest first.
pub fn notice(standing: &Status, act: Report) -> Node {
    let mut notice = el(match standing.tone {
        Tone::Busy | Tone::Info => "div.notice.info",
        Tone::Warning => "div.notice.warning",
        Tone::Bad => "div.notice.bad",
    });
    notice = notice.child(el("p.notice-title").text(&standing.title));
    for line in standing.lines.iter().filter(|line| !line.is_empty()) {
        notice = notice.child(el("p").text(line));
    }
    let mut buttons = el("div.buttons");
    for (place, (press, label)) in standing.presses.iter().enumerate() {
        let written = match press {
            Press::Confirm | Press::Insist => "button.button.first part=submit",
            _ if place == 0 => "button.button.first",
            _ => "button.button",
        };
        let (press, act) = (*press, Rc::clone(&act));
        buttons = buttons.child(plain_button(written, label).on("click", move |_| act(Act::Press(press))));
    }
    notice.child(buttons)
}
