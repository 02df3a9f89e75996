//! The division as a picture.

use super::{
    division::Division,
    reach::focus,
    screen::{Act, Screen},
    sums::Sums,
};
use crate::{domain::problem::Field, words::en};
use leptos::{ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::Element;

/// A bar whose parts are as long as the shares: at most twelve, then "others", then what stays on account.
///
/// Accessibility: the bar as a whole has a text alternative. Each part is a button, named by its invoice and share, that leads to its row; the bar is
/// one stop of the Tab key, and arrow keys move inside. Under the pointer and in focus a part's name stands beneath, so that nothing is told by colour
/// alone.
#[component]
pub fn AllocationBar(
    /// The words, and where presses go.
    screen: Screen,
    /// What is drawn; live.
    division: Memo<Division>,
    /// The totals, for the text alternative; live.
    sums: Memo<Sums>,
) -> AnyView {
    let speech = screen.speech;
    // The part whose name stands beneath, by its place; the last ones are the others and the rest.
    let named: RwSignal<Option<usize>> = RwSignal::new(None);
    let whole = Memo::new(move |_| {
        let sums = sums.get();
        if sums.amount.is_zero() {
            return speech.text(en::BAR_EMPTY);
        }
        let invoices = speech.count(en::INVOICES, sums.count, &[]);
        let values = [("allocated", speech.money(sums.allocated)), ("unallocated", speech.money(sums.unallocated))];
        speech.say(en::BAR, &[("invoices", &invoices), (values[0].0, &values[0].1), (values[1].0, &values[1].1)])
    });
    let parts = move || {
        division.with(|division| {
            let pieces = pieces(screen, division);
            pieces.into_iter().enumerate().map(|(place, piece)| part(screen, named, place, piece)).collect_view()
        })
    };
    let caption = move || match named.get() {
        Some(place) => {
            division.with(|division| pieces(screen, division).into_iter().nth(place).map(|piece| piece.name).unwrap_or_default())
        }
        None => whole.get(),
    };
    view! { class="pf",
        <div part="bar" class="bar" role="group" aria-label=move || whole.get() on:keydown=move_inside>{parts}</div>
        <p class="caption" aria-hidden="true">{caption}</p>
    }
    .into_any()
}

/// One part of the bar as it is drawn.
struct Piece {
    name: String,
    class: &'static str,
    /// Its length against the others': the plain amount.
    length: String,
    field: Option<Field>,
}

/// The colours of the parts; each is also the colour of the invoice's row.
pub const TONES: [&str; super::division::PARTS_MAX] = ["t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t9", "t10", "t11"];

fn pieces(screen: Screen, division: &Division) -> Vec<Piece> {
    let speech = screen.speech;
    let mut pieces: Vec<Piece> = Vec::new();
    for (part, class) in division.parts.iter().zip(TONES) {
        let name = speech.say(en::BAR_PART, &[("number", &part.number), ("amount", &speech.money(part.share))]);
        pieces.push(Piece { name, class, length: part.share.plain(), field: Some(Field::Share(part.id)) });
    }
    if let Some((count, share)) = division.others {
        let name = speech.count(en::BAR_OTHERS, count, &[("amount", &speech.money(share))]);
        pieces.push(Piece { name, class: "others", length: share.plain(), field: None });
    }
    if let Some(rest) = division.rest {
        let name = speech.say(en::BAR_REST, &[("amount", &speech.money(rest))]);
        pieces.push(Piece { name, class: "rest", length: rest.plain(), field: None });
    }
    pieces
}

fn part(screen: Screen, named: RwSignal<Option<usize>>, place: usize, piece: Piece) -> AnyView {
    let Piece { name, class, length, field } = piece;
    view! { class="pf",
        <button type="button" class=class style:flex-grow=length aria-label=name tabindex=if place == 0 { "0" } else { "-1" }
            on:click=move |_| if let Some(field) = field { screen.act.run(Act::Reach(field)) }
            on:pointerenter=move |_| named.set(Some(place)) on:pointerleave=move |_| named.set(None)
            on:focus=move |_| named.set(Some(place)) on:blur=move |_| named.set(None)></button>
    }
    .into_any()
}

/// Arrow keys move along the bar: towards the end in reading direction, whichever it is.
fn move_inside(event: KeyboardEvent) {
    let Some(part) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let is_rtl = part.closest("[dir=rtl]").ok().flatten().is_some();
    let next = match (event.key().as_str(), is_rtl) {
        ("ArrowRight", false) | ("ArrowLeft", true) => part.next_element_sibling(),
        ("ArrowLeft", false) | ("ArrowRight", true) => part.previous_element_sibling(),
        _ => return,
    };
    event.prevent_default();
    if let Some(next) = next {
        focus(&next);
    }
}
