//! Reads and writes JSON without floats, through serde_json's raw values.
//!
//! A body is checked once as a whole, and each value stays a raw text until a caller reads it. So numbers keep their digits, and a receipt
//! can show unknown fields. The parser of serde_json skips a raw value without recursion, so a body of a million brackets cannot
//! overflow the stack.

use super::decimal;
use rust_decimal::Decimal;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor},
    ser::Error,
};
use serde_json::value::RawValue;
use std::{borrow::Cow, fmt};

/// One value of a checked body, as it was written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Json<'a>(&'a RawValue);

impl<'a> Json<'a> {
    /// Checks a body. `None` when it is not one JSON value and nothing else. A byte order mark before it is tolerated.
    pub(super) fn parse(body: &'a [u8]) -> Option<Self> {
        let text = std::str::from_utf8(body).ok()?;
        Self::parse_text(text.strip_prefix('\u{FEFF}').unwrap_or(text))
    }

    fn parse_text(text: &'a str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }

    /// The record's own id, as a number or a text. An empty id and the number zero are no id.
    pub(super) fn id(self) -> Option<String> {
        self.plain().filter(|id| !matches!(id.trim(), "" | "0")).map(Cow::into_owned)
    }

    /// The raw JSON text.
    pub(super) fn raw(self) -> &'a str {
        self.0.get()
    }

    /// Tells whether it is `null`.
    pub(super) fn is_null(self) -> bool {
        self.raw() == "null"
    }

    /// The value of `true` or `false`; `None` for every other value.
    pub(super) fn boolean(self) -> Option<bool> {
        serde_json::from_str(self.raw()).ok()
    }

    /// The items of a list.
    pub(super) fn list(self) -> Option<impl Iterator<Item = Json<'a>>> {
        let items: Vec<&'a RawValue> = serde_json::from_str(self.raw()).ok()?;
        Some(items.into_iter().map(Json))
    }

    /// The members of an object, in their order.
    pub(super) fn object(self) -> Option<Object<'a>> {
        serde_json::from_str(self.raw()).ok()
    }

    /// The text of a string. `None` for other values, and where an escaped surrogate stands alone: that is no text.
    pub(super) fn text(self) -> Option<Cow<'a, str>> {
        /// A text that is copied only if it contains escapes.
        #[derive(Deserialize)]
        struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

        serde_json::from_str(self.raw()).ok().map(|Text(text)| text)
    }

    /// A number, bare or in quotes.
    pub(super) fn number(self) -> Option<Decimal> {
        decimal::read(&self.plain()?)
    }

    /// The text of a string, or a number as it was written: for ids and texts, which servers write either way.
    pub(super) fn plain(self) -> Option<Cow<'a, str>> {
        if self.is_number() { Some(Cow::Borrowed(self.raw())) } else { self.text() }
    }

    fn is_number(self) -> bool {
        self.raw().starts_with(|first: char| first == '-' || first.is_ascii_digit())
    }
}

/// The most fields of a record that are listed; the raw body has all of them.
const FIELDS_MAX: usize = 2_000;

/// The deepest nesting of a record that is listed.
const DEPTH_MAX: usize = 4;

/// Every field of a record with its value as a text, in its order. Fields inside of others have paths: `settlement.status`,
/// `invoiceAllocations[0].amount`. Numbers stand as they were written; `null` and empty lists are empty texts.
pub(super) fn fields(record: Json) -> Vec<(String, String)> {
    let mut all = Vec::new();
    flatten(record, "", 0, &mut all);
    all
}

fn flatten(value: Json, path: &str, depth: usize, all: &mut Vec<(String, String)>) {
    let before = all.len();
    if before >= FIELDS_MAX {
        return;
    }
    let deeper = depth.saturating_add(1);
    if let Some(object) = value.object().filter(|_| depth < DEPTH_MAX) {
        for (name, value) in object.members() {
            let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
            flatten(value, &path, deeper, all);
        }
    } else if let Some(items) = value.list().filter(|_| depth < DEPTH_MAX) {
        for (index, item) in items.enumerate() {
            flatten(item, &format!("{path}[{index}]"), deeper, all);
        }
    } else {
        let text = value.plain().unwrap_or(Cow::Borrowed(value.raw()));
        all.push((path.to_owned(), if value.is_null() { String::new() } else { text.into_owned() }));
        return;
    }
    if all.len() == before && !path.is_empty() {
        all.push((path.to_owned(), String::new()));
    }
}

/// The members of an object, in their order. A repeated name is kept twice.
#[derive(Debug)]
pub(super) struct Object<'a>(Vec<(Cow<'a, str>, Json<'a>)>);

impl<'a> Object<'a> {
    /// The value of this name, compared without case, as .NET does. `None` when it is missing or `null`, and when the name is repeated,
    /// because neither value is certain.
    pub(super) fn get(&self, name: &str) -> Option<Json<'a>> {
        let mut members = self.0.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name));
        let (_, value) = members.next()?;
        (members.next().is_none() && !value.is_null()).then_some(*value)
    }

    /// The text of this name.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.get(name)?.plain().map(Cow::into_owned)
    }

    /// The number of this name.
    pub(super) fn number(&self, name: &str) -> Option<Decimal> {
        self.get(name)?.number()
    }

    /// Every name with its value.
    pub(super) fn members(&self) -> impl Iterator<Item = (&str, Json<'a>)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), *value))
    }
}

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<&RawValue, &RawValue>()? {
                    // A name with a lone surrogate is no text, so it stays as written.
                    members.push((Json(name).text().unwrap_or(Cow::Borrowed(name.get())), Json(value)));
                }
                Ok(Object(members))
            }
        }

        deserializer.deserialize_map(Members)
    }
}

/// A number that is written with its own digits and scale.
pub(super) struct ExactNumber(pub(super) Decimal);

impl Serialize for ExactNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(decimal::write(self.0)).map_err(S::Error::custom)?.serialize(serializer)
    }
}

/// Writes a body. Texts and numbers always can be written; a body that cannot would be empty, which every server refuses.
pub(super) fn write(body: &impl Serialize) -> String {
    serde_json::to_string(body).unwrap_or_default()
}
