//! The rules without a form: what `payment-form/rules` calls.

use super::{events, properties};
use crate::{
    domain::{
        check as rules,
        date::Date,
        draft::Draft,
        statement::{Known, Statement},
    },
    ui::{platform::browser, platform::intl::Language, platform::storage, state::config::Config},
};
use js_sys::Reflect;
use std::sync::Arc;
use wasm_bindgen::prelude::*;

/// Checks a draft as the form would before sending it. Everything that is known stands in one object, under the names of the element's
/// properties; `value` is the draft, and `today` may be given. Where the payment is only divided, no API limits its decimals.
///
/// # Errors
/// A sentence for the developer where what is known is wrong: there is nothing to check a draft against then.
#[wasm_bindgen]
pub fn check(payment: &JsValue, only_divides: bool) -> Result<JsValue, JsValue> {
    let property = |name: &str| Reflect::get(payment, &name.into()).unwrap_or_default();
    let config = Config::read(|attribute| properties::text(&property(&camel(attribute))), false);
    if let Some(mistake) = config.mistakes.first() {
        return Err(wrong(mistake));
    }
    let unreadable = |_| wrong("A list cannot be read; the console says why.");
    let invoices = properties::invoices(property("invoices").as_string(), config.currency).map_err(unreadable)?;
    let methods = properties::methods(property("paymentMethods").as_string()).map_err(unreadable)?;
    let statement = match invoices {
        Some(invoices) => Statement::in_currency(config.currency, invoices, methods)
            .map_err(|_| wrong("An invoice is listed twice, or the invoices are in several currencies."))?,
        None => Statement::without_list(Known::NotGiven, methods),
    };
    let currency = config.currency.or(statement.currency()).ok_or_else(|| wrong("No invoice tells the currency: give it."))?;
    let today = match properties::text(&property("today")) {
        Some(day) => Date::parse(&day),
        None => browser::today(),
    };
    let today = today.ok_or_else(|| wrong("today is no day."))?;
    let (words, separators) = Language::default().words(&config.locale, currency);
    let mut terms = config.terms(currency, &words.money_format().sign, separators, today);
    if only_divides {
        terms.decimals_max = u32::MAX;
    }
    let mut draft = Draft { order: config.order, ..Draft::default() };
    for (name, text) in properties::fields(property("value")) {
        storage::set_field(&mut draft, &name, text);
    }
    let checked = rules::check(&draft, &Arc::new(statement), &terms);
    let problems: Vec<_> = checked.problems().iter().map(|problem| (problem.clone(), words.problem(problem))).collect();
    Ok(events::checked(&problems, checked.allocation.as_ref()))
}

fn wrong(sentence: &str) -> JsValue {
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
