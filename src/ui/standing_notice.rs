//! The notice that says where a payment stands when it needs the person: held, unknown, to be reviewed, sent before.

use super::{
    amount_field::button,
    dom::{self, Node, effect, el},
    screen::{Act, Screen},
};
use crate::words::standing::{Press, Standing, Tone};

/// Says where the payment stands, with the buttons that lead on. Takes the focus when it comes up, because the next step is here.
///
/// What is under way is said at the button that pays, and a refusal in the error summary. Accessibility: a live region that is there from
/// the first drawing.
pub fn standing_notice(screen: Screen) -> Node {
    let standing = move || {
        let is_elsewhere = |standing: &Standing| standing.tone == Tone::Busy || is_in_summary(screen, standing);
        screen.standing.get().filter(|standing| !is_elsewhere(standing))
    };
    let place = el("div")
        .class("standing-place")
        .set("tabindex", "-1")
        .set("aria-live", "polite")
        .draws(move || standing().map(|standing| notice(screen, standing)).into_iter().collect());
    let (node, mut last) = (place.clone(), None);
    effect(Box::new(move || {
        let title = standing().map(|standing| standing.title);
        if title.is_some() && title != last {
            // The text is drawn first, so that it is what the focus reads out.
            let node = node.clone();
            dom::soon(move || node.focus());
        }
        last = title;
    }));
    place
}

/// Whether the error summary says it, above its list.
pub fn is_in_summary(screen: Screen, standing: &Standing) -> bool {
    standing.tone == Tone::Bad && !screen.problems.get().is_empty()
}

fn notice(screen: Screen, standing: Standing) -> Node {
    let tone = match standing.tone {
        Tone::Busy | Tone::Info => "notice info",
        Tone::Warning => "notice warning",
        Tone::Bad => "notice bad",
    };
    let mut buttons = el("div").class("buttons");
    for (place, (press, label)) in standing.presses.into_iter().enumerate() {
        let mut press_button = button(if place == 0 { "button first" } else { "button" }, &label);
        if matches!(press, Press::Confirm | Press::Insist) {
            press_button = press_button.set("part", "submit");
        }
        buttons = buttons.child(press_button.on_press(move || screen.act(Act::Press(press))));
    }
    let lines = standing.lines.iter().map(|line| el("p").text(line));
    el("div").class(tone).child(el("p").class("notice-title").text(&standing.title)).children(lines).child(buttons)
}
