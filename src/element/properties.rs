//! Coming in: what the page gives as properties.

use crate::{
    api::lists::{self, ListError},
    domain::{invoice::Invoice, money::Currency, statement::StoredMethod},
    ui::platform::browser,
};
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    // What JavaScript itself writes for a number: a float never enters here.
    #[wasm_bindgen(js_name = String)]
    fn written(value: &JsValue) -> String;
}

/// The page gave a list that cannot be read; the developer was told why.
pub struct Unreadable;

/// A list as the page gave it; `None` where it gave none.
pub type List<T> = Result<Option<Vec<T>>, Unreadable>;

/// The `invoices` property, as the text that `listed.js` makes of it.
///
/// # Errors
/// [`Unreadable`] for anything but a list of invoices.
pub fn invoices(listed: Option<String>, currency: Option<Currency>) -> List<Invoice> {
    listed.map(|list| lists::invoices(list.as_bytes(), currency)).transpose().map_err(|error| told("invoices", error))
}

/// The `paymentMethods` property, in the same way.
pub fn methods(listed: Option<String>) -> List<StoredMethod> {
    listed.map(|list| lists::methods(list.as_bytes())).transpose().map_err(|error| told("paymentMethods", error))
}

fn told(name: &str, error: ListError) -> Unreadable {
    browser::tell_developer(&[name, ": ", &error.to_string()].concat());
    Unreadable
}

/// A string, or a number as JavaScript writes it.
pub fn text(value: &JsValue) -> Option<String> {
    if value.is_undefined() || value.is_null() { None } else { Some(written(value)) }
}

/// The texts of a list.
pub fn list_of_texts(list: &JsValue) -> Vec<String> {
    Array::from(list).iter().filter_map(|text| text.as_string()).collect()
}

/// The texts of a plain object by their names.
pub fn texts(object: JsValue) -> Vec<(String, String)> {
    let Some(object) = object.dyn_ref::<Object>() else { return Vec::new() };
    let pair = |pair: JsValue| {
        let pair = Array::from(&pair);
        Some((pair.get(0).as_string()?, text(&pair.get(1)).filter(|_| !pair.get(1).is_object())?))
    };
    Object::entries(object).iter().filter_map(pair).collect()
}

/// The `value` property as input names and texts.
pub fn fields(value: JsValue) -> Vec<(String, String)> {
    if !value.is_object() {
        browser::tell_developer("value is no object.");
    }
    let shares = Reflect::get(&value, &"shares".into()).unwrap_or_default();
    let mut fields = texts(value);
    fields.retain(|(name, _)| name != "shares");
    fields.extend(texts(shares).into_iter().map(|(id, text)| (["share-", &id].concat(), text)));
    fields
}
