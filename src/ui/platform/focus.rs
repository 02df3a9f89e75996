//! Taking the focus to a field. Addresses do not reach into a shadow root, so fields are found by their names.

use crate::domain::problem::Field;
use crate::ui::{
    dom::{self, Node, effect},
    state::view_model::Screen,
};
use wasm_bindgen::prelude::*;
use web_sys::Element;

#[wasm_bindgen]
extern "C" {
    /// A text field by its selection. A radio or a date has none.
    type Typed;
    #[wasm_bindgen(method, getter, js_name = selectionStart)]
    fn start(this: &Typed) -> Option<u32>;
    #[wasm_bindgen(method, getter, js_name = selectionEnd)]
    fn end(this: &Typed) -> Option<u32>;
    #[wasm_bindgen(method, js_name = setSelectionRange)]
    fn select(this: &Typed, start: u32, end: u32);
}

/// The field that has the focus.
const FOCUSED: &str = "[name]:focus";

/// Follows [`Screen::reach`] to every field but the shares: those the table finds, because their rows may not be in the document
/// yet.
pub fn follow(screen: Screen, form: Node) {
    effect(move || match screen.reach() {
        None | Some(Field::Share(_)) => {}
        // After the next drawing, when a summary that has just appeared can take the focus.
        Some(field) => {
            let form = form.clone();
            dom::soon(move || focus_field(form.element(), field));
        }
    });
}

/// When the fields are locked, a focus inside them would be lost: it goes to the button that pays.
pub fn keep_focus(screen: Screen, form: Node) {
    effect(move || {
        if screen.locked() && find(form.element(), ":is(fieldset, .row) :focus").is_some() {
            focus_pay(form.element());
        }
    });
}

/// Focuses the button that pays.
pub fn focus_pay(form: &Element) {
    if let Some(pay) = find(form, ".pay") {
        dom::focus(&pay);
    }
}

/// Focuses what stands for a field: its input, the chosen or else the first possible radio, or the error summary.
fn focus_field(form: &Element, field: Field) {
    let found = match field {
        Field::Form => find(form, "[data-testid=error-summary]"),
        field => find_named(form, field.name()),
    };
    if let Some(found) = found {
        dom::focus(&found);
    }
}

/// Before fields are drawn anew: what gives the focus, and the selection, back to the field of the same name, unless it is still there.
pub fn keep_focused(form: &Node) -> Option<Box<dyn FnOnce()>> {
    let focused = find(form.element(), FOCUSED)?;
    let name = focused.get_attribute("name")?;
    let typed = focused.unchecked_ref::<Typed>();
    let selection = typed.start().zip(typed.end());
    let form = form.clone();
    Some(Box::new(move || {
        let is_there = find(form.element(), FOCUSED).is_some();
        if let Some(field) = find_named(form.element(), &name).filter(|_| !is_there) {
            dom::focus(&field);
            if let Some((start, end)) = selection {
                field.unchecked_ref::<Typed>().select(start, end);
            }
        }
    }))
}

/// Before the focus leaves the document together with what it is on: what brings it to the nearest place that stays, unless something has
/// taken it by then.
///
/// That is the card around, or else the heading; the button that pays as long as it would ignore a press.
pub fn landing(node: &Node) -> Option<Box<dyn FnOnce()>> {
    let root = node.element().closest(".root").ok().flatten()?;
    find(&root, ":focus").filter(|focused| node.element().contains(Some(focused)))?;
    let node = node.clone();
    Some(Box::new(move || {
        // What is empty is not shown, and is about to lose it.
        let has_focus = || find(&root, ":focus:not(.standing-place:empty)").is_some();
        let card = node.element().closest(".card").ok().flatten();
        let go = |place: Option<Element>| {
            if let Some(place) = place.filter(|_| !has_focus()) {
                // A button has its place in the order of the keyboard.
                if !place.has_attribute("type") {
                    _ = place.set_attribute("tabindex", "-1");
                }
                dom::focus(&place);
            }
        };
        go(card);
        // The page may have put a heading of its own in the place of ours.
        for other in [".pay[aria-disabled]", ".title, .bare", ".pay"] {
            go(find(&root, other));
        }
    }))
}

/// The input of this name: of radios the chosen one, or else the first possible one.
fn find_named(form: &Element, name: &str) -> Option<Element> {
    let named = ["[name=", name, "]"].concat();
    find(form, &[&named, ":checked"].concat()).or_else(|| find(form, &[&named, ":enabled"].concat()))
}

fn find(form: &Element, selector: &str) -> Option<Element> {
    form.query_selector(selector).ok().flatten()
}
