//! What stands around the table: the heads of its columns, search and filter, and the ways back for typed shares.

use crate::ui::{
    components::invoice_table::filter::{Column, Listing, Wanted},
    components::plan_choice::fills,
    components::text_field::{leaving_button, lockable, plain_button},
    dom::{self, Node, el, is_ticked, text_of},
    live::Live,
    state::totals::Sums,
    state::view_model::{Act, Screen, wrong_with},
};
use crate::{
    domain::problem::Field,
    words::{Phrase, en},
};
use std::sync::Arc;

/// The tools to find an invoice appear when there are more than so many.
const TOOLS_FROM: usize = 8;

/// What is wanted of the table.
pub type Search = Live<Arc<Wanted>>;

/// The head of a column; a button where the table can be sorted by it: upwards, downwards, and back to the order of paying.
pub fn heading(screen: Screen, search: Search, column: Option<Column>, label: Phrase, written: &str) -> Node {
    let label = screen.speech.text(label);
    let head = el(written).set("role", "columnheader").set("scope", "col");
    let Some(column) = column else { return head.text(&label) };
    let sorted = move |wanted: &Wanted| wanted.sort.filter(|(other, _)| *other == column).map(|(_, descends)| descends);
    let turn = plain_button("button.sort", &label).on("click", move |_| {
        let wanted = search.get_untracked();
        let sort = match sorted(&wanted) {
            None => Some((column, false)),
            Some(false) => Some((column, true)),
            Some(true) => None,
        };
        search.set(Arc::new(Wanted { sort, ..(*wanted).clone() }));
    });
    let name = move || match sorted(&search.get()) {
        None => "none",
        Some(false) => "ascending",
        Some(true) => "descending",
    };
    head.live("aria-sort", move || name().to_owned()).child(turn)
}

/// Search and filter, where there are many invoices.
pub fn tools(screen: Screen, search: Search, listing: Live<Arc<Listing>>) -> Node {
    let speech = screen.speech;
    let found = move || match (search.get().leaves_out(), listing.get().len()) {
        (false, _) => String::new(),
        (true, 0) => speech.text(en::FOUND_NONE),
        (true, len) => speech.count(en::FOUND, len, &[]),
    };
    let number = el("input.input.search type=search autocomplete=off")
        .set_phrase("aria-label", speech, en::SEARCH)
        .set_phrase("placeholder", speech, en::SEARCH)
        .holds(move || search.get().number.clone())
        .on("input", move |event| search.set(Arc::new(Wanted { number: text_of(&event), ..(*search.get_untracked()).clone() })))
        .on("keydown", |event| {
            // Enter looks for an invoice here; it must not pay.
            if dom::key(&event) == "Enter" {
                event.prevent_default();
            }
        });
    let overdue = el("input type=checkbox").ticked(move || search.get().overdue).on("change", move |event| {
        search.set(Arc::new(Wanted { overdue: is_ticked(&event), ..(*search.get_untracked()).clone() }))
    });
    el("div.tools")
        .when("hidden", move || screen.statement().invoices().len() <= TOOLS_FROM)
        .child(number)
        .child(el("label.toggle").child(overdue).child(el("span").phrase(speech, en::ONLY_OVERDUE)))
        .child(el("p.hint.found role=status").says(found))
}

/// What is wrong with the division as a whole, and the buttons that change all typed shares at once; nothing while none is typed.
pub fn pin_tools(screen: Screen, sums: Live<Arc<Sums>>) -> Node {
    let speech = screen.speech;
    let drawn = move || {
        let (draft, checked) = (screen.draft(), screen.checked());
        let mut buttons = Vec::new();
        // Said here at once; from the first press on Pay it stands in the division's problem line instead.
        if !screen.is_wrong(Field::Allocation) {
            let wrong = wrong_with(checked.problems(), Field::Allocation);
            let too_much = sums.get().too_much(speech);
            if let Some(words) = too_much.or_else(|| wrong.map(|problem| speech.problem(problem))) {
                buttons.push(el("span.refused").text(&words));
            }
        }
        if let Some(allocation) = checked.allocation.as_ref().filter(|allocation| !allocation.excess().is_zero()) {
            let sum = allocation.allocated();
            let label = speech.say_amount(en::REPAIR_AMOUNT, sum);
            let act = Act::Amount(speech.typed(sum));
            buttons.push(leaving_button(screen, "button.link", &label, act, Field::Allocation));
        }
        if draft.shares.iter().any(|(_, text)| !text.trim().is_empty()) {
            let label = if fills(draft.order) { en::RELEASE_ALL } else { en::CLEAR_ALL };
            buttons.push(leaving_button(screen, "button.link", &speech.text(label), Act::ReleaseAll, Field::Allocation));
        }
        buttons
    };
    lockable(screen, "fieldset.pin-tools").draws(drawn)
}
