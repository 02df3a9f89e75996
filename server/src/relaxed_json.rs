//! Reads JSON, and the relaxed JSON of Fusebill's own examples: keys without quotes, texts in single quotes.
//!
//! Numbers stay texts, because a float would change amounts. Out of scope on purpose: comments, trailing commas, `NaN`, hexadecimal; no
//! document uses them. Never recurses deeper than [`DEPTH_MAX`], and refuses text that two readers could read differently: the
//! same key twice, half a surrogate pair, invalid UTF-8.

use payment_form::api::decimal as wire_decimal;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// The deepest nesting of objects and lists. The documents need three levels.
pub const DEPTH_MAX: u32 = 32;

/// The most values that a body may hold: 10,000 shares with two members each, and some more.
pub const VALUES_MAX: u32 = 40_000;

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as written.
    Number(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// An object, its members by key.
    Object(BTreeMap<String, Json>),
}

/// The reason why a body cannot be read, and the byte at which it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// In words.
    pub reason: &'static str,
    /// The place in the body.
    pub at: usize,
}

impl std::fmt::Display for ParseError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "The body cannot be read: {}, at byte {}.", self.reason, self.at)
    }
}

/// Reads a whole body.
///
/// # Errors
/// [`ParseError`] for anything that is not exactly one value.
pub fn read(body: &[u8]) -> Result<Json, ParseError> {
    let text = std::str::from_utf8(body).map_err(|error| ParseError { reason: "not UTF-8", at: error.valid_up_to() })?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut reader = Reader { text, at: 0, left: VALUES_MAX };
    let value = reader.value(DEPTH_MAX)?;
    reader.skip_space();
    if reader.at < text.len() { Err(reader.error("something follows the value")) } else { Ok(value) }
}

impl Json {
    /// The same content in one fixed spelling: members sorted, numbers by their value. Two bodies that say the same are equal in it.
    pub fn canonical(&self) -> String {
        let mut out = String::new();
        self.write_canonical(&mut out);
        out
    }

    fn write_canonical(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(text) => match decimal(text) {
                Some(value) => out.push_str(&value.normalize().to_string()),
                None => out.push_str(text),
            },
            Self::Text(text) => write_text(text, out),
            Self::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    item.write_canonical(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (index, (key, value)) in members.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    write_text(key, out);
                    out.push(':');
                    value.write_canonical(out);
                }
                out.push('}');
            }
        }
    }
}

/// JSON's own notation for a text.
fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\0'..='\x1F' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => out.push(c),
        }
    }
    out.push('"');
}

/// The exact value of a JSON number, if a decimal can hold it. The value is never rounded, with an exponent or without.
pub fn decimal(text: &str) -> Option<Decimal> {
    // The form's own reader: what it would refuse to send is refused here, and a number has one value on both sides.
    wire_decimal::read(text)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// The number of further values that may come.
    left: u32,
}

impl Reader<'_> {
    fn error(&self, reason: &'static str) -> ParseError {
        ParseError { reason, at: self.at }
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
    }

    fn expect(&mut self, wanted: char, reason: &'static str) -> Result<(), ParseError> {
        self.skip_space();
        if self.peek() != Some(wanted) {
            return Err(self.error(reason));
        }
        self.next();
        Ok(())
    }

    fn value(&mut self, depth: u32) -> Result<Json, ParseError> {
        // Counted before anything is kept: a small body of many empty values would take many times its size.
        self.left = self.left.checked_sub(1).ok_or_else(|| self.error("too many values"))?;
        self.skip_space();
        match self.peek() {
            Some('{') => self.object(depth),
            Some('[') => self.list(depth),
            Some(quote @ ('"' | '\'')) => self.quoted(quote).map(Json::Text),
            Some('-' | '0'..='9') => self.number(),
            Some('t') => self.word("true", Json::Bool(true)),
            Some('f') => self.word("false", Json::Bool(false)),
            Some('n') => self.word("null", Json::Null),
            Some(_) => Err(self.error("no value begins like this")),
            None => Err(self.error("the body ends where a value should stand")),
        }
    }

    fn word(&mut self, word: &str, value: Json) -> Result<Json, ParseError> {
        let behind = self.rest().strip_prefix(word).map(|rest| rest.chars().next());
        match behind {
            Some(next) if !next.is_some_and(is_name) => {
                self.at += word.len();
                Ok(value)
            }
            _ => Err(self.error("no value begins like this")),
        }
    }

    fn object(&mut self, depth: u32) -> Result<Json, ParseError> {
        let depth = depth.checked_sub(1).ok_or_else(|| self.error("nested too deeply"))?;
        self.next();
        let mut members = BTreeMap::new();
        self.skip_space();
        if self.peek() == Some('}') {
            self.next();
            return Ok(Json::Object(members));
        }
        loop {
            let key = self.key()?;
            self.expect(':', "a colon should follow the key")?;
            let value = self.value(depth)?;
            if members.insert(key, value).is_some() {
                return Err(self.error("the same key stands here twice"));
            }
            self.skip_space();
            match self.next() {
                Some(',') => {}
                Some('}') => return Ok(Json::Object(members)),
                _ => return Err(self.error("a comma or a closing brace should stand here")),
            }
        }
    }

    fn key(&mut self) -> Result<String, ParseError> {
        self.skip_space();
        if let Some(quote @ ('"' | '\'')) = self.peek() {
            return self.quoted(quote);
        }
        let rest = self.rest();
        let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        let name = rest.get(..end).unwrap_or_default().to_owned();
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(self.error("a key should stand here"));
        }
        self.at += end;
        Ok(name)
    }

    fn list(&mut self, depth: u32) -> Result<Json, ParseError> {
        let depth = depth.checked_sub(1).ok_or_else(|| self.error("nested too deeply"))?;
        self.next();
        let mut items = Vec::new();
        self.skip_space();
        if self.peek() == Some(']') {
            self.next();
            return Ok(Json::List(items));
        }
        loop {
            items.push(self.value(depth)?);
            self.skip_space();
            match self.next() {
                Some(',') => {}
                Some(']') => return Ok(Json::List(items)),
                _ => return Err(self.error("a comma or a closing bracket should stand here")),
            }
        }
    }

    fn number(&mut self) -> Result<Json, ParseError> {
        let start = self.at;
        if self.peek() == Some('-') {
            self.next();
        }
        let whole = self.digits()?;
        if whole > 1 && self.text.get(self.at - whole..).is_some_and(|text| text.starts_with('0')) {
            return Err(self.error("a number does not begin with 0"));
        }
        if self.peek() == Some('.') {
            self.next();
            self.digits()?;
        }
        if let Some('e' | 'E') = self.peek() {
            self.next();
            if let Some('+' | '-') = self.peek() {
                self.next();
            }
            self.digits()?;
        }
        if self.peek().is_some_and(|c| is_name(c) || c == '.') {
            return Err(self.error("no number is written like this"));
        }
        Ok(Json::Number(self.text.get(start..self.at).unwrap_or_default().to_owned()))
    }

    fn digits(&mut self) -> Result<usize, ParseError> {
        let rest = self.rest();
        let count = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if count == 0 {
            return Err(self.error("a digit should stand here"));
        }
        self.at += count;
        Ok(count)
    }

    fn quoted(&mut self, quote: char) -> Result<String, ParseError> {
        self.next();
        let mut text = String::new();
        loop {
            match self.next() {
                Some(c) if c == quote => return Ok(text),
                Some('\\') => text.push(self.escaped()?),
                Some(c) if c < ' ' => return Err(self.error("a control character stands in a text")),
                Some(c) => text.push(c),
                None => return Err(self.error("a text does not end")),
            }
        }
    }

    fn escaped(&mut self) -> Result<char, ParseError> {
        Ok(match self.next() {
            Some('b') => '\u{8}',
            Some('f') => '\u{C}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => return self.unicode(),
            Some(c @ ('"' | '\'' | '\\' | '/')) => c,
            _ => return Err(self.error("no such escape")),
        })
    }

    fn unicode(&mut self) -> Result<char, ParseError> {
        let first = self.hex()?;
        if (0xD800..0xDC00).contains(&first) && self.rest().starts_with("\\u") {
            self.at += 2;
            let second = self.hex()?;
            if (0xDC00..0xE000).contains(&second) {
                let c = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                return char::from_u32(c).ok_or_else(|| self.error("no such character"));
            }
        }
        char::from_u32(first).ok_or_else(|| self.error("half of a character"))
    }

    fn hex(&mut self) -> Result<u32, ParseError> {
        let digits = self.rest().get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let number =
            digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).ok_or_else(|| self.error("no such escape"))?;
        self.at += 4;
        Ok(number)
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}
