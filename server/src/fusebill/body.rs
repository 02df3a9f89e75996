//! Reads the members of a request body, and notes everything that is wrong with their types.

use crate::{
    relaxed_json::{Json, decimal},
    response::FieldError,
};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// The members of an object by their names in small letters. The vendor's framework binds names in any case, and its document
/// writes both `invoiceID` and `invoiceId`.
pub struct Members<'a> {
    /// The prefix of names in the keys of errors: `payment`, or `payment.PaymentAllocations[0]`.
    path: String,
    members: BTreeMap<String, &'a Json>,
}

/// A number that may be too long to be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// A number.
    Exact(Decimal),
    /// More digits than any decimal here has.
    TooLong,
}

impl<'a> Members<'a> {
    /// The members of `object`.
    pub fn new(path: impl Into<String>, object: &'a Json, errors: &mut Vec<FieldError>) -> Option<Self> {
        let path = path.into();
        let Json::Object(named) = object else {
            errors.push(FieldError::new(path, "This must be an object."));
            return None;
        };
        let mut members = BTreeMap::new();
        for (name, value) in named {
            if members.insert(name.to_ascii_lowercase(), value).is_some() {
                errors
                    .push(FieldError::new(format!("{path}.{}", pascal(name)), "This stands here twice, in different spellings."));
            }
        }
        Some(Self { path, members })
    }

    /// The key of an error at this member.
    pub fn key(&self, name: &str) -> String {
        format!("{}.{name}", self.path)
    }

    /// The member's value; `null` is no value.
    fn find(&self, name: &str) -> Option<&'a Json> {
        self.members.get(&name.to_ascii_lowercase()).copied().filter(|value| **value != Json::Null)
    }

    /// A positive whole number. `Err` when something else stands there.
    pub fn id<T>(&self, name: &str, new: impl Fn(i64) -> Option<T>, errors: &mut Vec<FieldError>) -> Result<Option<T>, ()> {
        let number = self.find(name).map(|value| match value {
            Json::Number(text) => text.parse().ok().and_then(&new),
            _ => None,
        });
        self.noted(name, number, "This must be a whole number above zero.", errors)
    }

    /// A text.
    pub fn text(&self, name: &str, errors: &mut Vec<FieldError>) -> Result<Option<&'a str>, ()> {
        let text = self.find(name).map(|value| match value {
            Json::Text(text) => Some(text.as_str()),
            _ => None,
        });
        self.noted(name, text, "This must be a text.", errors)
    }

    /// `true` or `false`; nothing is `false`.
    pub fn flag(&self, name: &str, errors: &mut Vec<FieldError>) -> bool {
        let flag = self.find(name).map(|value| match value {
            Json::Bool(flag) => Some(*flag),
            _ => None,
        });
        self.noted(name, flag, "This must be true or false.", errors).ok().flatten().unwrap_or_default()
    }

    /// One of several words.
    pub fn word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Option<Option<T>> {
        self.find(name).map(|value| match value {
            Json::Text(text) => words.iter().find(|(word, _)| word == text).map(|(_, meaning)| *meaning),
            _ => None,
        })
    }

    /// A number; `Some(None)` when something else stands there.
    pub fn amount(&self, name: &str) -> Option<Option<Amount>> {
        self.find(name).map(|value| match value {
            Json::Number(text) => Some(decimal(text).map_or(Amount::TooLong, Amount::Exact)),
            _ => None,
        })
    }

    /// A list; nothing is an empty one.
    pub fn list(&self, name: &str, errors: &mut Vec<FieldError>) -> &'a [Json] {
        match self.find(name) {
            None => &[],
            Some(Json::List(items)) => items,
            Some(_) => {
                errors.push(FieldError::new(self.key(&pascal(name)), "This must be a list."));
                &[]
            }
        }
    }

    fn noted<T>(&self, name: &str, read: Option<Option<T>>, words: &str, errors: &mut Vec<FieldError>) -> Result<Option<T>, ()> {
        match read {
            None => Ok(None),
            Some(Some(value)) => Ok(Some(value)),
            Some(None) => {
                errors.push(FieldError::new(self.key(&pascal(name)), words));
                Err(())
            }
        }
    }
}

/// A whole number in an object's member, whatever else is wrong with the object.
pub fn whole_number(object: &Json, name: &str) -> Option<i64> {
    let Json::Object(members) = object else { return None };
    match members.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
        Some((_, Json::Number(text))) => text.parse().ok(),
        _ => None,
    }
}

/// Errors name properties as .NET does, with a capital.
fn pascal(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}
