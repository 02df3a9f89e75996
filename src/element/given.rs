//! Coming in: what the page gives as properties.

use super::Element;
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
use serde::Deserialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    // What JavaScript itself writes for a number: a float never enters here.
    #[wasm_bindgen(js_name = String)]
    fn written(value: &JsValue) -> String;
}

/// What `configure()` set, and where the page lies.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Configured {
    pub origin: String,
    pub base: String,
    pub allowed_origins: Vec<String>,
    pub allow_basic: bool,
}

/// One entry of the `invoices` property. Its values are taken as they are, because each may be a string or a number.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct GivenInvoice {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    id: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    number: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    due_date: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    issued_on: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    total: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    balance: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    currency: JsValue,
}

impl Default for GivenInvoice {
    fn default() -> Self {
        let none = JsValue::UNDEFINED;
        let [id, number, due_date, issued_on, total, balance, currency] = std::array::from_fn(|_| none.clone());
        Self { id, number, due_date, issued_on, total, balance, currency }
    }
}

impl GivenInvoice {
    /// The invoice, or the name of the field that cannot be read.
    fn invoice(&self, currency: Option<Currency>) -> Result<Invoice, &'static str> {
        let currency = match text(&self.currency) {
            Some(code) => Currency::from_code(&code),
            None => currency,
        };
        let currency = currency.ok_or("currency")?;
        let id = text(&self.id).and_then(|id| InvoiceId::parse(&id)).ok_or("id")?;
        let money = |value: &JsValue| {
            let text = text(value)?;
            // Below zero, as on a credit note, nothing is owed.
            let is_credit = text.strip_prefix('-').and_then(plain_decimal).is_some();
            Money::new(if is_credit { Decimal::ZERO } else { plain_decimal(&text)? }, currency).ok()
        };
        let date = |value: &JsValue, name| match text(value) {
            Some(text) => Date::parse(text.get(..10).unwrap_or(&text)).map(Some).ok_or(name),
            None => Ok(None),
        };
        Ok(Invoice {
            id,
            number: text(&self.number).unwrap_or_else(|| id.to_string()),
            due: date(&self.due_date, "dueDate")?,
            issued: date(&self.issued_on, "issuedOn")?,
            total: if text(&self.total).is_some() { Some(money(&self.total).ok_or("total")?) } else { None },
            balance: money(&self.balance).ok_or("balance")?,
        })
    }
}

/// One entry of the `paymentMethods` property.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GivenMethod {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    id: JsValue,
    kind: String,
    label: String,
    #[serde(default)]
    is_default: bool,
    #[serde(default)]
    expires: Option<String>,
}

impl GivenMethod {
    fn method(&self) -> Result<StoredMethod, &'static str> {
        let kind = match self.kind.as_str() {
            "CreditCard" => StoredKind::CreditCard,
            "ACH" => StoredKind::Ach,
            _ => return Err("kind"),
        };
        let month = |text: &str| Date::parse(&[text, "-01"].concat()).map(|date| (date.year(), date.month()));
        Ok(StoredMethod {
            id: text(&self.id).and_then(|id| MethodId::parse(&id)).ok_or("id")?,
            kind,
            label: self.label.clone(),
            ending: None,
            is_default: self.is_default,
            expires: self.expires.as_deref().map(|text| month(text).ok_or("expires")).transpose()?,
        })
    }
}

/// The `invoices` property; `None` where the page gave none. A list that cannot be read is none, and the developer is told why.
pub fn invoices(element: &Element, currency: Option<Currency>) -> Option<Vec<Invoice>> {
    list(element, "invoices", |entry: GivenInvoice| entry.invoice(currency))
}

/// The `paymentMethods` property, in the same way.
pub fn methods(element: &Element) -> Option<Vec<StoredMethod>> {
    list(element, "paymentMethods", |entry: GivenMethod| entry.method())
}

fn list<E, T>(element: &Element, name: &'static str, read: impl Fn(E) -> Result<T, &'static str>) -> Option<Vec<T>>
where
    E: serde::de::DeserializeOwned,
{
    let given = element.given(name);
    if given.is_undefined() || given.is_null() {
        return None;
    }
    let mut all = Vec::new();
    for (place, entry) in Array::from(&given).iter().enumerate() {
        let wrong = |what: &str| browser::tell_developer(&[name, "[", &place.to_string(), "]: ", what].concat());
        match serde_wasm_bindgen::from_value(entry).map(&read) {
            Ok(Ok(entry)) => all.push(entry),
            Ok(Err(field)) => {
                wrong(&["`", field, "` is missing or cannot be read."].concat());
                return None;
            }
            Err(error) => {
                wrong(&error.to_string());
                return None;
            }
        }
    }
    Some(all)
}

/// A string, or a number as JavaScript writes it.
fn text(value: &JsValue) -> Option<String> {
    if value.is_undefined() || value.is_null() { None } else { Some(written(value)) }
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
