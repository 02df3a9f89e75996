//! Checks drafts without a form, for `payment-form/rules`.

use super::{attributes::Attributes, events, properties};
use crate::{
    domain::{
        check as rules,
        date::Date,
        draft::Draft,
        statement::{ListState, Statement},
    },
    ui::{
        List,
        platform::{browser, intl::Language, storage},
    },
};
use js_sys::Reflect;
use std::sync::Arc;
use wasm_bindgen::prelude::*;

/// Checks a draft as the form does before it sends a payment. `payment` has the element's properties under their names; `value`
/// is the draft, and `today` is optional. With `only_divides` the caller asks for the division alone, so no API limits the
/// decimals of a share; the property `decimals` may.
///
/// # Errors
/// A sentence for the developer where the statement or the terms cannot be read.
#[wasm_bindgen]
pub fn check(payment: &JsValue, only_divides: bool) -> Result<JsValue, JsValue> {
    let property = |name: &str| Reflect::get(payment, &name.into()).unwrap_or_default();
    let Attributes { config, mistakes } = Attributes::read(|attribute| properties::text(&property(&camel(attribute))));
    let settings = &config.settings;
    if let Some(mistake) = mistakes.first() {
        // The element goes on with a default. The rules do not, so the error names the mistake alone.
        return Err(js_error(&format!("{}.", mistake.fact)));
    }
    let invoices = properties::invoices(property("invoices").as_string(), settings);
    let methods = properties::methods(property("paymentMethods").as_string());
    if matches!(invoices, List::Unreadable(_)) || matches!(methods, List::Unreadable(_)) {
        return Err(js_error("A list cannot be read; the console says why."));
    }
    let methods = methods.entries();
    let statement = match invoices.entries() {
        Some(invoices) => Statement::in_currency(settings.currency, invoices, methods)
            .map_err(|_| js_error("An invoice is listed twice, or the invoices are in several currencies."))?,
        None => Statement::without_list(ListState::NotGiven, methods),
    };
    let currency =
        settings.currency.or(statement.currency()).ok_or_else(|| js_error("No invoice tells the currency: give it."))?;
    let today = match properties::text(&property("today")) {
        Some(day) => Date::parse(&day),
        None => browser::today(),
    };
    let today = today.ok_or_else(|| js_error("today is no day."))?;
    let (words, separators) = Language::default().words(settings.locale.as_deref().unwrap_or("en"), currency);
    let mut terms = config.terms(currency, &words.money_format().sign, separators, today);
    if only_divides {
        let decimals = properties::text(&property("decimals")).and_then(|decimals| decimals.parse().ok());
        terms.decimals_max = decimals.unwrap_or(u32::MAX);
    }
    let mut draft = Draft { order: settings.allocation, ..Draft::default() };
    for (name, text) in properties::fields(property("value")) {
        storage::set_field(&mut draft, &name, text);
    }
    let checked = rules::check(&draft, &Arc::new(statement), &terms);
    let problems: Vec<_> = checked.problems().iter().map(|problem| (problem.clone(), words.problem(problem))).collect();
    Ok(events::checked(&problems, checked.allocation.as_ref()))
}

fn js_error(sentence: &str) -> JsValue {
    js_sys::Error::new(sentence).into()
}

/// The property of an attribute: `customer-id` is `customerId`.
fn camel(attribute: &str) -> String {
    let mut parts = attribute.split('-');
    let mut name = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (first, rest) = part.split_at(1);
        name.push_str(&first.to_ascii_uppercase());
        name.push_str(rest);
    }
    name
}
