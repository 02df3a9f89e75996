//! Reads query strings.

use crate::{
    ledger::list::{Field, FilterValue},
    relaxed_json::{self, Json, decimal},
};
use axum::extract::Request;

/// The most filters of one list.
pub const FILTERS_MAX: usize = 20;
/// The most values of one filter, and the most keys of one sort order.
pub const VALUES_MAX: usize = 100;

/// The decoded names and values of a request's query, in their order.
pub fn pairs(request: &Request) -> Vec<(String, String)> {
    let query = request.uri().query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

/// The value that a filter compares this property with, if the text is one.
pub fn filter_value(field: Field, text: &str) -> Option<FilterValue> {
    if !field.is_number() {
        return Some(FilterValue::Text(text.to_owned()));
    }
    match relaxed_json::read(text.as_bytes()) {
        Ok(Json::Number(number)) => decimal(&number).map(FilterValue::Number),
        _ => None,
    }
}
