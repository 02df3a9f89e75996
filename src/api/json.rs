//! JSON, read in two steps: serde_json checks the syntax of the whole body, then this walks over a text that is known to be well-formed.
//!
//! Why not derived structs: they weigh several kilobytes each in the browser and read numbers through floats, and they would drop the
//! fields that nobody foresaw, which a receipt has to show. Checking through [`IgnoredAny`] does not recurse, so a body of a million
//! brackets costs time but no stack; it needs none of serde's error texts; and only what is asked for is ever taken apart.

use super::decimal;
use rust_decimal::Decimal;
use serde::de::IgnoredAny;
use std::borrow::Cow;

/// What may stand between the parts of a JSON text.
const SPACES: [char; 4] = [' ', '\t', '\r', '\n'];

/// One value of a checked body, as it was written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Json<'a>(&'a str);

impl<'a> Json<'a> {
    /// Checks a body. `None` when it is not one JSON value and nothing else. A byte order mark before it is tolerated.
    pub(super) fn parse(body: &'a [u8]) -> Option<Self> {
        let text = std::str::from_utf8(body).ok()?;
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        serde_json::from_str::<IgnoredAny>(text).ok().map(|_| Self(text.trim_matches(SPACES)))
    }

    /// The record's own id, which servers write as a number or as a text. Nothing is recorded under no name or number zero.
    pub(super) fn id(self) -> Option<String> {
        self.plain().filter(|id| !matches!(id.trim(), "" | "0")).map(Cow::into_owned)
    }

    /// As it was written.
    pub(super) fn raw(self) -> &'a str {
        self.0
    }

    /// Whether it is `null`.
    pub(super) fn is_null(self) -> bool {
        self.0 == "null"
    }

    /// Whether it is `true` or `false`, and which.
    pub(super) fn truth(self) -> Option<bool> {
        match self.0 {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// The items of a list.
    pub(super) fn list(self) -> Option<impl Iterator<Item = Json<'a>>> {
        self.0.strip_prefix('[').map(Parts)
    }

    /// The members of an object, in their order.
    pub(super) fn object(self) -> Option<Object<'a>> {
        let mut parts = Parts(self.0.strip_prefix('{')?);
        let mut members = Vec::new();
        while let (Some(name), Some(value)) = (parts.next(), parts.next()) {
            members.push((name.text().unwrap_or(Cow::Borrowed(name.0)), value));
        }
        Some(Object(members))
    }

    /// The text of a string. `None` for other values, and where an escaped surrogate stands alone: that is no text.
    pub(super) fn text(self) -> Option<Cow<'a, str>> {
        let inner = self.0.strip_prefix('"')?.strip_suffix('"')?;
        if !inner.contains('\\') {
            return Some(Cow::Borrowed(inner));
        }
        // Through UTF-16, because that is what `\u` escapes are written in.
        let mut units = Vec::with_capacity(inner.len());
        let mut rest = inner.chars();
        while let Some(c) = rest.next() {
            let c = match c {
                '\\' => match rest.next()? {
                    'b' => '\u{8}',
                    'f' => '\u{C}',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'u' => {
                        let (unit, behind) = rest.as_str().split_at_checked(4)?;
                        units.push(u16::from_str_radix(unit, 16).ok()?);
                        rest = behind.chars();
                        continue;
                    }
                    itself => itself,
                },
                c => c,
            };
            units.extend_from_slice(c.encode_utf16(&mut [0; 2]));
        }
        String::from_utf16(&units).ok().map(Cow::Owned)
    }

    /// A number, bare or in quotes.
    pub(super) fn number(self) -> Option<Decimal> {
        decimal::read(&self.plain()?)
    }

    /// What a string holds or a number is written as: for ids and texts, which servers write either way.
    pub(super) fn plain(self) -> Option<Cow<'a, str>> {
        if self.0.starts_with(|c: char| c == '-' || c.is_ascii_digit()) { Some(Cow::Borrowed(self.0)) } else { self.text() }
    }
}

/// No record has more fields than this; what is beyond stands in the raw body only.
const FIELDS_MAX: usize = 2_000;

/// No record nests deeper.
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
            let path = if path.is_empty() { name.to_owned() } else { [path, ".", name].concat() };
            flatten(value, &path, deeper, all);
        }
    } else if let Some(items) = value.list().filter(|_| depth < DEPTH_MAX) {
        for (index, item) in items.enumerate() {
            flatten(item, &[path, "[", &index.to_string(), "]"].concat(), deeper, all);
        }
    } else {
        let text = value.plain().unwrap_or(Cow::Borrowed(value.0));
        all.push((path.to_owned(), if value.is_null() { String::new() } else { text.into_owned() }));
        return;
    }
    if all.len() == before && !path.is_empty() {
        all.push((path.to_owned(), String::new()));
    }
}

/// The values that stand in a list or an object, names included, up to its end.
struct Parts<'a>(&'a str);

impl<'a> Iterator for Parts<'a> {
    type Item = Json<'a>;

    fn next(&mut self) -> Option<Json<'a>> {
        let start = self.0.bytes().position(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b':'))?;
        let rest = self.0.get(start..)?;
        let (value, rest) = rest.split_at_checked(end_of_value(rest))?;
        self.0 = rest;
        (!value.is_empty()).then_some(Json(value))
    }
}

/// Where the value ends that the text begins with: 0 at the end of the list or object around it.
fn end_of_value(text: &str) -> usize {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        let behind = at.saturating_add(1);
        if quoted {
            quoted = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            if !quoted && depth == 0 {
                return behind;
            }
            continue;
        }
        match byte {
            b'"' => quoted = true,
            b'{' | b'[' => depth = depth.saturating_add(1),
            b'}' | b']' if depth > 1 => depth = depth.saturating_sub(1),
            b'}' | b']' if depth == 1 => return behind,
            b'}' | b']' | b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' if depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

/// The members of an object.
#[derive(Debug)]
pub(super) struct Object<'a>(Vec<(Cow<'a, str>, Json<'a>)>);

impl<'a> Object<'a> {
    /// The value of this name, in capitals or not, as .NET binds names. `None` when it is missing or `null`, and when it stands there
    /// twice: which of the two would be meant?
    pub(super) fn get(&self, name: &str) -> Option<Json<'a>> {
        let mut named = self.0.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name));
        let (_, value) = named.next()?;
        (named.next().is_none() && !value.is_null()).then_some(*value)
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

/// An object being written, member by member.
pub(super) struct Writer(String);

impl Writer {
    /// An object without members.
    pub(super) fn new() -> Self {
        Self(String::from("{"))
    }

    /// Adds a member whose value is JSON already: a number, `true`, a list.
    pub(super) fn raw(&mut self, name: &str, value: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        push_text(&mut self.0, name);
        self.0.push(':');
        self.0.push_str(value);
    }

    /// Adds a member whose value is a text.
    pub(super) fn text(&mut self, name: &str, value: &str) {
        self.raw(name, "");
        push_text(&mut self.0, value);
    }

    /// The whole object.
    pub(super) fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

/// Writes a text as a JSON string at the end of `body`.
fn push_text(body: &mut String, text: &str) {
    body.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                body.push('\\');
                body.push(c);
            }
            '\0'..='\u{1F}' => {
                body.push_str("\\u00");
                for half in [u32::from(c).wrapping_shr(4), u32::from(c) & 15] {
                    body.extend(char::from_digit(half, 16));
                }
            }
            c => body.push(c),
        }
    }
    body.push('"');
}
