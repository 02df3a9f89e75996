//! Coming in: what the page gives as properties.

use crate::{
    domain::{
        date::Date,
        invoice::{Invoice, InvoiceId, MethodId},
        money::{Currency, Money},
        statement::{StoredKind, StoredMethod},
    },
    ui::{browser, config::plain_decimal},
};
use js_sys::{Array, Object, Reflect};
use rust_decimal::Decimal;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    // What JavaScript itself writes for a number: a float never enters here.
    #[wasm_bindgen(js_name = String)]
    fn written(value: &JsValue) -> String;

    /// One entry of a list that the page gave. Read field by field, because each may be a string or a number: for serde that would mean
    /// floats. Getters, because they cost no string for each name of each entry of a long list.
    type Entry;
    #[wasm_bindgen(method, getter)]
    fn id(this: &Entry) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn number(this: &Entry) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = dueDate)]
    fn due_date(this: &Entry) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = issuedOn)]
    fn issued_on(this: &Entry) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn total(this: &Entry) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn balance(this: &Entry) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn currency(this: &Entry) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn kind(this: &Entry) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn label(this: &Entry) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = isDefault)]
    fn is_default(this: &Entry) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn expires(this: &Entry) -> JsValue;
}

/// What a field is read as, or its name where it is missing or cannot be read.
fn read<T>(name: &'static str, value: &JsValue, read: impl FnOnce(&str) -> Option<T>) -> Result<T, &'static str> {
    text(value).and_then(|text| read(&text)).ok_or(name)
}

/// The same for a field that may be missing.
fn read_if_there<T>(
    name: &'static str,
    value: &JsValue,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, &'static str> {
    text(value).map(|text| read(&text).ok_or(name)).transpose()
}

impl Entry {
    fn invoice(&self, currency: Option<Currency>) -> Result<Invoice, &'static str> {
        let named = read_if_there("currency", &self.currency(), Currency::from_code)?;
        let currency = named.or(currency).ok_or("currency")?;
        let money = |text: &str| {
            // Below zero, as on a credit note, nothing is owed.
            let is_credit = text.strip_prefix('-').and_then(plain_decimal).is_some();
            Money::new(if is_credit { Decimal::ZERO } else { plain_decimal(text)? }, currency).ok()
        };
        let id = read("id", &self.id(), InvoiceId::parse)?;
        Ok(Invoice {
            id,
            number: text(&self.number()).unwrap_or_else(|| id.to_string()),
            due: read_if_there("dueDate", &self.due_date(), day)?,
            issued: read_if_there("issuedOn", &self.issued_on(), day)?,
            total: read_if_there("total", &self.total(), money)?,
            balance: read("balance", &self.balance(), money)?,
        })
    }

    fn method(&self) -> Result<StoredMethod, &'static str> {
        let month = |text: &str| day(&[text, "-01"].concat()).map(|date| (date.year(), date.month()));
        Ok(StoredMethod {
            id: read("id", &self.id(), MethodId::parse)?,
            kind: read("kind", &self.kind(), StoredKind::parse)?,
            label: read("label", &self.label(), |text| Some(text.to_owned()))?,
            ending: None,
            is_default: self.is_default().is_truthy(),
            expires: read_if_there("expires", &self.expires(), month)?,
        })
    }
}

/// A day; what stands behind it, such as the time, does not count.
fn day(text: &str) -> Option<Date> {
    Date::parse(text.get(..10).unwrap_or(text))
}

/// The page gave a list that cannot be read; the developer was told why.
pub struct Unreadable;

/// A list as the page gave it; `None` where it gave none.
pub type List<T> = Result<Option<Vec<T>>, Unreadable>;

/// The `invoices` property.
///
/// # Errors
/// [`Unreadable`] for anything but a list of invoices.
pub fn invoices(given: &JsValue, currency: Option<Currency>) -> List<Invoice> {
    list(given, "invoices", |entry| entry.invoice(currency))
}

/// The `paymentMethods` property, in the same way.
pub fn methods(given: &JsValue) -> List<StoredMethod> {
    list(given, "paymentMethods", Entry::method)
}

fn list<T>(given: &JsValue, name: &str, read: impl Fn(&Entry) -> Result<T, &'static str>) -> List<T> {
    if given.is_undefined() || given.is_null() {
        return Ok(None);
    }
    let told = |what: &[&str]| {
        browser::tell_developer(&[name, &what.concat()].concat());
        Err(Unreadable)
    };
    let Some(entries) = given.dyn_ref::<Array>() else { return told(&[" is no array."]) };
    let mut all = Vec::new();
    for entry in entries.iter() {
        let found = if entry.is_object() { read(entry.unchecked_ref()) } else { Err("id") };
        match found {
            Ok(found) => all.push(found),
            Err(field) => return told(&["[", &all.len().to_string(), "].", field, " is missing or cannot be read."]),
        }
    }
    Ok(Some(all))
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
        Some((pair.get(0).as_string()?, text(&pair.get(1))?))
    };
    Object::entries(object).iter().filter_map(pair).collect()
}

/// The `value` property as input names and texts.
pub fn fields(value: JsValue) -> Vec<(String, String)> {
    let shares = Reflect::get(&value, &"shares".into()).unwrap_or_default();
    let mut fields = texts(value);
    fields.retain(|(name, _)| name != "shares");
    fields.extend(texts(shares).into_iter().map(|(id, text)| (["share-", &id].concat(), text)));
    fields
}
