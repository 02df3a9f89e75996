//! Reads the properties that the page sets.

use crate::{
    api::lists::{self, ListError},
    domain::{invoice::Invoice, statement::StoredMethod},
    ui::{List, Sentences, Settings, platform::browser},
};
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    // JavaScript's own `String` writes numbers as text, so that no float enters Rust.
    #[wasm_bindgen(js_name = String)]
    fn js_string(value: &JsValue) -> String;
}

/// The `invoices` property, as JSON text from `listed.js`.
pub fn invoices(listed: Option<String>, settings: &Settings) -> List<Invoice> {
    let read = |list: String| lists::invoices_by(settings.order_date, list.as_bytes(), settings.currency);
    list(listed.map(read), "invoices")
}

/// The `paymentMethods` property, in the same way.
pub fn methods(listed: Option<String>) -> List<StoredMethod> {
    list(listed.map(|list| lists::methods(list.as_bytes())), "paymentMethods")
}

/// Reads a list; the reason for an unreadable one goes to the console.
fn list<T>(read: Option<Result<Vec<T>, ListError>>, name: &str) -> List<T> {
    match read {
        None => List::NotGiven,
        Some(Ok(entries)) => List::Known(entries),
        Some(Err(error)) => {
            browser::log_error(&format!("{name}: {error}"));
            List::Unreadable(Some(error))
        }
    }
}

/// A string, or a number as JavaScript writes it.
pub fn text(value: &JsValue) -> Option<String> {
    if value.is_undefined() || value.is_null() { None } else { Some(js_string(value)) }
}

/// The texts of a list.
pub fn list_of_texts(list: &JsValue) -> Vec<String> {
    Array::from(list).iter().filter_map(|text| text.as_string()).collect()
}

/// The texts of a plain object by their names.
pub fn texts(object: JsValue) -> Sentences {
    let Some(object) = object.dyn_ref::<Object>() else { return Sentences::default() };
    let pair = |pair: JsValue| {
        let pair = Array::from(&pair);
        Some((pair.get(0).as_string()?, text(&pair.get(1)).filter(|_| !pair.get(1).is_object())?))
    };
    Object::entries(object).iter().filter_map(pair).collect()
}

/// The `value` property as input names and texts.
pub fn fields(value: JsValue) -> Vec<(String, String)> {
    if !value.is_object() {
        browser::log_error("value is no object.");
    }
    let shares = Reflect::get(&value, &"shares".into()).unwrap_or_default();
    let fields = texts(value).into_iter().filter(|(name, _)| name != "shares");
    fields.chain(texts(shares).into_iter().map(|(id, text)| (format!("share-{id}"), text))).collect()
}
