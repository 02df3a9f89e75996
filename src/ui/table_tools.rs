//! What stands around the table: the heads of its columns, search and filter, and the ways back for typed shares.

use super::{
    allocation_table::Browsing,
    amount_field::button,
    dom::{self, Node, el, is_ticked, text_of},
    plan_choice::fills,
    screen::{Act, Screen},
    table_listing::{Column, Listing},
    live::Live,
};
use crate::words::{Phrase, en};
use std::sync::Arc;

/// The tools to find an invoice appear when there are more than so many.
const TOOLS_FROM: usize = 8;

/// The head of a column; a button where the table can be sorted by it: upwards, downwards, and back to the order of paying.
pub fn heading(screen: Screen, browsing: Live<Browsing>, column: Option<Column>, label: Phrase, class: &str) -> Node {
    let label = screen.speech.text(label);
    let head = el("th").set("role", "columnheader").set("scope", "col").class(class);
    let Some(column) = column else { return head.text(&label) };
    let sorted =
        move |browsing: &Browsing| browsing.wanted.sort.filter(|(other, _)| *other == column).map(|(_, descends)| descends);
    let turn = move || {
        browsing.update(|browsing| {
            browsing.wanted.sort = match sorted(browsing) {
                None => Some((column, false)),
                Some(false) => Some((column, true)),
                Some(true) => None,
            };
        });
    };
    let sort = move || {
        let name = match browsing.with(sorted) {
            None => "none",
            Some(false) => "ascending",
            Some(true) => "descending",
        };
        Some(name.to_owned())
    };
    head.live("aria-sort", sort).child(button("sort", &label).on_press(turn))
}

/// Search and filter, where there are many invoices.
pub fn tools(screen: Screen, browsing: Live<Browsing>, listing: Live<Arc<Listing>>) -> Node {
    let speech = screen.speech;
    let found = move || {
        let len = listing.get().len();
        match browsing.with(|browsing| browsing.wanted.leaves_out()) {
            false => String::new(),
            true if len == 0 => speech.text(en::FOUND_NONE),
            true => speech.count(en::FOUND, len, &[]),
        }
    };
    let search = el("input")
        .class("input search")
        .set("type", "search")
        .set("autocomplete", "off")
        .set("aria-label", &speech.text(en::SEARCH))
        .set("placeholder", &speech.text(en::SEARCH))
        .holds(move || browsing.with(|browsing| browsing.wanted.number.clone()))
        .on("input", move |event| browsing.update(|browsing| browsing.wanted.number = text_of(&event)))
        .on("keydown", |event| {
            // Enter looks for an invoice here; it must not pay.
            if dom::key(&event) == "Enter" {
                event.prevent_default();
            }
        });
    let overdue = el("input")
        .set("type", "checkbox")
        .ticked(move || browsing.with(|browsing| browsing.wanted.overdue))
        .on("change", move |event| browsing.update(|browsing| browsing.wanted.overdue = is_ticked(&event)));
    el("div")
        .class("tools")
        .when("hidden", "", move || screen.statement.get().invoices().len() <= TOOLS_FROM)
        .child(search)
        .child(el("label").class("toggle").child(overdue).child(el("span").text(&speech.text(en::ONLY_OVERDUE))))
        .child(el("p").class("hint found").set("role", "status").says(found))
}

/// The buttons that change all typed shares at once; nothing while none is typed.
pub fn pin_tools(screen: Screen) -> Node {
    let speech = screen.speech;
    let drawn = move || {
        let (draft, checked) = (screen.draft.get(), screen.checked.get());
        let mut buttons = Vec::new();
        if let Some(allocation) = checked.allocation.as_ref().filter(|allocation| !allocation.excess().is_zero()) {
            let sum = allocation.allocated();
            let label = speech.say(en::REPAIR_AMOUNT, &[("amount", &speech.money(sum))]);
            buttons.push(button("link", &label).on_press(move || screen.act(Act::Amount(speech.typed(sum)))));
        }
        if draft.shares.values().any(|text| !text.trim().is_empty()) {
            let label = speech.text(if fills(draft.order) { en::RELEASE_ALL } else { en::CLEAR_ALL });
            buttons.push(button("link", &label).on_press(move || screen.act(Act::ReleaseAll)));
        }
        buttons
    };
    el("div").class("pin-tools").draws(drawn)
}
