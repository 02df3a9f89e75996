//! Keeps the text of an input equal to a value, without rewriting the text that the person types.

use crate::ui::platform::composition::Composition;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

/// Keeps the text of an input or select equal to `text`: the directive `use:sync_value=text`.
///
/// The directive compares with the input's current text, and writes only a different one. `prop:value` compares with the value that was
/// written last, so it would write back every keystroke, move the caret and replace a lone surrogate.
pub fn sync_value(element: Element, text: Signal<String>) {
    // The cast serves `select` as well, which has the same `value` property.
    let input: HtmlInputElement = element.unchecked_into();
    let composition = Composition::of_form();
    let effect = RenderEffect::new(move |_| {
        let text = text.get();
        if input.value() != text {
            input.set_value(&text);
            // A written text breaks off the composition in the focused input, and Chromium sends no `compositionend` then.
            if input.matches(":focus").unwrap_or(false) {
                queue_microtask(move || composition.end());
            }
        }
    });
    on_cleanup(move || drop(effect));
}
