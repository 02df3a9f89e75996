//! Keeps the text of an input equal to a value, without rewriting the text that the person types.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

/// Keeps the text of an input or select equal to `text`: the directive `use:holds=text`.
///
/// The directive compares with the input's current text, and writes only a different one. `prop:value` compares with the value that was
/// written last, so it would write back every keystroke, move the caret and replace a lone surrogate.
pub fn holds(element: Element, text: Signal<String>) {
    // The cast serves `select` as well, which has the same `value` property.
    let input: HtmlInputElement = element.unchecked_into();
    let effect = RenderEffect::new(move |_| {
        let text = text.get();
        if input.value() != text {
            input.set_value(&text);
        }
    });
    on_cleanup(move || drop(effect));
}
