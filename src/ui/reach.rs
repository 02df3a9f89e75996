//! Taking the focus to a field. Addresses do not reach into a shadow root, so fields are found by their names.

use super::{
    dom::{self, Node, effect},
    screen::Screen,
};
use crate::domain::problem::Field;
use web_sys::Element;

/// Follows [`Screen::reach`] to every field but the shares: those the table finds, because their rows may not be in the document
/// yet.
pub fn follow(screen: Screen, form: Node) {
    effect(Box::new(move || match screen.reach() {
        None | Some(Field::Share(_)) => {}
        // After the next drawing, when a summary that has just appeared can take the focus.
        Some(field) => {
            let form = form.clone();
            dom::soon(move || focus_field(form.element(), field));
        }
    }));
}

/// When the fields are locked, a focus inside them would be lost: it goes to the button that pays.
pub fn keep_focus(screen: Screen, form: Node) {
    effect(Box::new(move || {
        if screen.locked() && find(form.element(), "fieldset :focus").is_some() {
            focus_pay(form.element());
        }
    }));
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
        field => {
            let named = ["[name=", field.name(), "]"].concat();
            find(form, &[&named, ":checked"].concat()).or_else(|| find(form, &[&named, ":enabled"].concat()))
        }
    };
    if let Some(found) = found {
        dom::focus(&found);
    }
}

fn find(form: &Element, selector: &str) -> Option<Element> {
    form.query_selector(selector).ok().flatten()
}
