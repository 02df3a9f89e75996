//! The division as a picture.

use crate::ui::{
    components::text_field::plain_button,
    dom::{self, Node, effect, el, target},
    live::Live,
    state::totals::{PARTS_MAX, Sums},
    state::view_model::{Act, Screen},
};
use crate::{domain::problem::Field, words::en};
use std::sync::Arc;
use web_sys::Event;

/// The colours of the parts; each is also the colour of the invoice's row.
pub const TONES: [&str; PARTS_MAX] = ["t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t9", "t10", "t11"];

/// A bar whose parts are as long as the shares: at most twelve, then "others", then what stays on account; and a line beneath it.
///
/// Accessibility: the bar as a whole has a text alternative. Each part is a button, named by its invoice and share, that leads to
/// its row; the bar is one stop of the Tab key, and arrow keys move inside. Under the pointer and in focus a part's name stands
/// beneath, so that nothing is told by colour alone.
pub fn allocation_bar(screen: Screen, sums: Live<Arc<Sums>>) -> [Node; 2] {
    // That it is too much is said beside what mends it.
    let caption = move || if sums.get().excess.is_some() { String::new() } else { whole(screen, &sums.get()) };
    let caption = el("p.caption aria-hidden=true").says(caption);
    let mut bar = el("div.bar part=bar role=group")
        .live("aria-label", move || whole(screen, &sums.get()))
        .on("keydown", move_inside)
        .on("click", move |event| {
            let place = target(&event).and_then(|part| part.get_attribute("data-part")?.parse::<usize>().ok());
            if let Some((id, ..)) = place.and_then(|place| sums.get_untracked().parts.get(place).cloned()) {
                screen.act(Act::Reach(Field::Share(id)));
            }
        });
    keep_parts(screen, sums, bar.clone());
    for event in ["pointerover", "focusin"] {
        let caption = caption.clone();
        bar = bar.on(event, move |event| name_part(&caption, &event, false));
    }
    for event in ["pointerout", "focusout"] {
        let caption = caption.clone();
        bar = bar.on(event, move |event| name_part(&caption, &event, true));
    }
    [bar, caption]
}

/// Shows the name of the part at which something happened, or of the whole bar.
fn name_part(caption: &Node, event: &Event, is_left: bool) {
    let part = target(event);
    let named = if is_left { part.and_then(|part| part.closest(".bar").ok().flatten()) } else { part };
    if let Some(text) = named.and_then(|named| named.get_attribute("aria-label")) {
        caption.say(&text);
    }
}

/// The text alternative of the whole picture.
pub fn whole(screen: Screen, sums: &Sums) -> String {
    let speech = screen.speech;
    if let Some(too_much) = sums.too_much(speech) {
        return too_much;
    }
    if sums.amount.is_zero() {
        return speech.text(en::BAR_EMPTY);
    }
    let (allocated, unallocated) = (speech.money(sums.allocated), speech.money(sums.unallocated));
    let invoices = speech.count(en::INVOICES, sums.count, &[]);
    speech.say(en::BAR, &[("allocated", &allocated), ("invoices", &invoices), ("unallocated", &unallocated)])
}

/// What one part looks like and is called, and how long it is.
type Part = (&'static str, String, String);

fn parts(screen: Screen, sums: &Sums) -> Vec<Part> {
    let speech = screen.speech;
    let mut parts: Vec<Part> = Vec::new();
    for ((_, number, share), tone) in sums.parts.iter().zip(TONES) {
        parts.push((tone, speech.say(en::BAR_PART, &[("number", number), ("amount", &speech.money(*share))]), share.plain()));
    }
    if let Some((count, share)) = sums.others() {
        parts.push(("others", speech.count(en::BAR_OTHERS, count, &[("amount", &speech.money(share))]), share.plain()));
    }
    if !sums.unallocated.is_zero() {
        let name = speech.say_amount(en::BAR_REST, sums.unallocated);
        parts.push(("rest", name, sums.unallocated.plain()));
    }
    parts
}

/// Keeps the parts in the bar. They change with every key, and mostly in length only, so each stays the same element.
fn keep_parts(screen: Screen, sums: Live<Arc<Sums>>, bar: Node) {
    let mut drawn: Vec<(Node, Part)> = Vec::new();
    effect(move || {
        let parts = parts(screen, &sums.get());
        while drawn.len() > parts.len() {
            if let Some((node, _)) = drawn.pop() {
                node.element().remove();
            }
        }
        for (place, part) in parts.into_iter().enumerate() {
            if drawn.len() == place {
                let node = plain_button("button", "").set("data-part", &place.to_string());
                let node = node.set("tabindex", if place == 0 { "0" } else { "-1" });
                bar.clone().child(node.clone());
                drawn.push((node, Part::default()));
            }
            if let Some((node, last)) = drawn.get_mut(place).filter(|(_, last)| *last != part) {
                node.put("class", Some(part.0));
                node.put("aria-label", Some(&part.1));
                node.style("flex-grow", Some(&part.2));
                *last = part;
            }
        }
    });
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
