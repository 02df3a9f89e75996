//! The division as a picture.

use super::{
    amount_field::button,
    dom::{self, Node, el, target},
    screen::{Act, Screen},
    sums::{PARTS_MAX, Sums},
    live::Live,
};
use crate::{
    domain::{money::Money, problem::Field},
    words::en,
};
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::Event;

/// The colours of the parts; each is also the colour of the invoice's row.
pub const TONES: [&str; PARTS_MAX] = ["t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t9", "t10", "t11"];

/// A bar whose parts are as long as the shares: at most twelve, then "others", then what stays on account; and a line beneath it.
///
/// Accessibility: the bar as a whole has a text alternative. Each part is a button, named by its invoice and share, that leads to its row; the bar is
/// one stop of the Tab key, and arrow keys move inside. Under the pointer and in focus a part's name stands beneath, so that nothing is told by colour
/// alone.
pub fn allocation_bar(screen: Screen, sums: Live<Arc<Sums>>) -> [Node; 2] {
    let caption = el("p").class("caption").set("aria-hidden", "true").says(move || whole(screen, &sums.get()));
    let name = caption.clone();
    let name_part = move |event: Event| {
        if let Some(text) = target(&event).and_then(|part| part.get_attribute("aria-label")) {
            name.say(&text);
        }
    };
    let plain = caption.clone();
    let unname_part = move |_: Event| plain.say(&whole(screen, &sums.get_untracked()));
    let bar = el("div")
        .set("part", "bar")
        .class("bar")
        .set("role", "group")
        .live("aria-label", move || Some(whole(screen, &sums.get())))
        .on("keydown", move_inside)
        .on("pointerover", name_part.clone())
        .on("pointerout", unname_part.clone())
        .on("focusin", name_part)
        .on("focusout", unname_part)
        .draws(move || parts(screen, &sums.get()));
    [bar, caption]
}

/// The text alternative of the whole picture.
fn whole(screen: Screen, sums: &Sums) -> String {
    let speech = screen.speech;
    if sums.amount.is_zero() {
        return speech.text(en::BAR_EMPTY);
    }
    let (allocated, unallocated) = (speech.money(sums.allocated), speech.money(sums.unallocated));
    let invoices = speech.count(en::INVOICES, sums.count, &[]);
    speech.say(en::BAR, &[("allocated", &allocated), ("invoices", &invoices), ("unallocated", &unallocated)])
}

fn parts(screen: Screen, sums: &Sums) -> Vec<Node> {
    let speech = screen.speech;
    let piece = |class: &str, name: &str, length: Money| {
        let part = button(class, "").set("aria-label", name).set("tabindex", "-1");
        // The style attribute is forbidden by the page's policy; the style property is not.
        if let Some(part) = part.element().dyn_ref::<web_sys::HtmlElement>() {
            _ = part.style().set_property("flex-grow", &length.plain());
        }
        part
    };
    let mut parts: Vec<Node> = Vec::new();
    for ((id, number, share), tone) in sums.parts.iter().zip(TONES) {
        let name = speech.say(en::BAR_PART, &[("number", number), ("amount", &speech.money(*share))]);
        let field = Field::Share(*id);
        parts.push(piece(tone, &name, *share).on_press(move || screen.act(Act::Reach(field))));
    }
    if let Some((count, share)) = sums.others() {
        parts.push(piece("others", &speech.count(en::BAR_OTHERS, count, &[("amount", &speech.money(share))]), share));
    }
    if !sums.unallocated.is_zero() {
        parts.push(piece("rest", &speech.say(en::BAR_REST, &[("amount", &speech.money(sums.unallocated))]), sums.unallocated));
    }
    if let Some(first) = parts.first() {
        first.put("tabindex", Some("0"));
    }
    parts
}

/// Arrow keys move along the bar: towards the end in reading direction, whichever it is.
fn move_inside(event: Event) {
    let Some(part) = target(&event) else { return };
    let is_rtl = part.closest("[dir=rtl]").ok().flatten().is_some();
    let next = match (dom::key(&event).as_str(), is_rtl) {
        ("ArrowRight", false) | ("ArrowLeft", true) => part.next_element_sibling(),
        ("ArrowLeft", false) | ("ArrowRight", true) => part.previous_element_sibling(),
        _ => return,
    };
    event.prevent_default();
    if let Some(next) = next {
        dom::focus(&next);
    }
}
