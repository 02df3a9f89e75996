//! Query strings, and what lists are filtered and sorted by.

use axum::extract::Request;
use payment_form::domain::date::Date;
use rust_decimal::Decimal;
use std::{borrow::Cow, cmp::Ordering};

/// The decoded names and values of a request's query, in their order.
pub fn pairs(request: &Request) -> Vec<(String, String)> {
    let query = request.uri().query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

/// A value of one line of a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// Nothing.
    Null,
    /// A number: an id, an amount.
    Number(Decimal),
    /// A text, a day or a moment: days and moments are written so that their order is that of their texts.
    Text(String),
}

impl Value {
    /// As a filter writes it.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Null => Cow::Borrowed(""),
            Self::Number(number) => Cow::Owned(number.normalize().to_string()),
            Self::Text(text) => Cow::Borrowed(text),
        }
    }
}

/// How a kind of list names a property of its lines.
pub type Property<T> = (&'static str, fn(&T) -> Value);

/// How a line's value stands to the text of a filter; `None` when they cannot be compared. Texts are compared whatever their case.
pub fn compare(value: &Value, wanted: &str) -> Option<Ordering> {
    match value {
        Value::Null => None,
        Value::Number(number) => Decimal::from_str_exact(wanted).ok().map(|wanted| number.cmp(&wanted)),
        Value::Text(text) => {
            // A day in a filter means the whole day: moments are compared as far as the filter says.
            let start = if Date::parse(wanted).is_some() { text.get(..wanted.len()).unwrap_or(text) } else { text };
            Some(start.to_lowercase().cmp(&wanted.to_lowercase()))
        }
    }
}
