//! Keeps the text of an input equal to a value without touching what the person is typing.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

/// Keeps the text of an input or select equal to `text`: the directive `use:holds=text`.
///
/// The directive compares with the text that the input holds, and writes only a different one. `prop:value` compares with the value that was
/// written last, so it would write back every key, move the caret and replace a lone surrogate.
pub fn holds(element: Element, text: Signal<String>) {
    // A select has the same property.
    let input: HtmlInputElement = element.unchecked_into();
    let effect = RenderEffect::new(move |_| {
        let text = text.get();
        if input.value() != text {
            input.set_value(&text);
        }
    });
    on_cleanup(move || drop(effect));
}
