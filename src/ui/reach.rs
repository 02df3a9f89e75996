//! Taking the focus to a field. Addresses do not reach into a shadow root, so fields are found by their names.

use super::screen::Screen;
use crate::domain::problem::Field;
use leptos::{html::Form, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Follows [`Screen::reach`] to every field but the shares: those the table finds, because their rows may not be in the document yet.
pub fn follow(screen: Screen, form: NodeRef<Form>) {
    Effect::new(move |_| match screen.reach.get() {
        None | Some(Field::Share(_)) => {}
        // After the next drawing, when a summary that has just appeared can take the focus.
        Some(field) => request_animation_frame(move || {
            if let Some(form) = form.get_untracked() {
                focus_field(&form, field);
            }
        }),
    });
}

/// Focuses what stands for a field: its input, the chosen or else the first possible radio, or the error summary.
fn focus_field(form: &Element, field: Field) {
    let selectors = match field {
        Field::Form => ["[data-testid=error-summary]".to_owned(), String::new()],
        field => {
            let named = ["[name=", field.name(), "]"].concat();
            [[&named, ":checked"].concat(), [&named, ":enabled"].concat()]
        }
    };
    let found = selectors
        .iter()
        .filter(|selector| !selector.is_empty())
        .find_map(|selector| form.query_selector(selector).ok().flatten());
    if let Some(found) = found {
        focus(&found);
    }
}

/// Focuses an element, which scrolls it into sight.
pub fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        _ = element.focus();
    }
}
