//! Query strings, and what lists are filtered and sorted by.

use crate::relaxed_json::{self, Json, decimal};
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

/// Where the lines of a list have a property.
#[derive(Debug)]
pub enum Property<T> {
    /// A number.
    Number(fn(&T) -> Option<Decimal>),
    /// A text, a day or a moment.
    Text(fn(&T) -> Option<&str>),
}

impl<T> Clone for Property<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Property<T> {}

impl<T> Property<T> {
    /// What a line has there.
    pub fn of(self, line: &T) -> Value {
        match self {
            Self::Number(number) => number(line).map_or(Value::Null, Value::Number),
            Self::Text(text) => text(line).map_or(Value::Null, |text| Value::Text(text.to_owned())),
        }
    }

    /// What a filter wants there, if it can be understood. Texts are compared whatever their case.
    pub fn wanted(self, text: &str) -> Option<Wanted> {
        match self {
            Self::Number(_) => match relaxed_json::read(text.as_bytes()) {
                Ok(Json::Number(number)) => decimal(&number).map(Wanted::Number),
                _ => None,
            },
            // A day in a filter means the whole day: moments are compared as far as the filter says.
            Self::Text(_) if Date::parse(text).is_some() => Some(Wanted::Day(text.to_owned())),
            Self::Text(_) => Some(Wanted::Text(text.to_lowercase())),
        }
    }
}

/// What a filter compares with.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// A number.
    Number(Decimal),
    /// A calendar day.
    Day(String),
    /// A text, in small letters.
    Text(String),
}

impl Wanted {
    /// How a line's value stands to it; `None` when they cannot be compared.
    pub fn compare(&self, value: &Value) -> Option<Ordering> {
        match (value, self) {
            (Value::Number(number), Self::Number(wanted)) => Some(number.cmp(wanted)),
            (Value::Text(text), Self::Day(day)) => Some(text.get(..day.len()).unwrap_or(text).cmp(day)),
            (Value::Text(text), Self::Text(wanted)) => Some(text.to_lowercase().as_str().cmp(wanted)),
            _ => None,
        }
    }
}
