//! The border to JavaScript: attributes and properties in, events out, mount and unmount.
use leptos::prelude::*;
use wasm_bindgen::{JsCast, prelude::wasm_bindgen};

/// Draws the form into a shadow root.
#[wasm_bindgen]
pub fn mount(root: &web_sys::ShadowRoot) {
    let parent = root.clone().unchecked_into::<web_sys::HtmlElement>();
    leptos::mount::mount_to(parent, || view! { class="pf", <p>"payment-form"</p> }).forget();
}
