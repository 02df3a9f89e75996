//! Reads a due item from JSON, XML and form bodies, and checks it.

use crate::{
    body::BodyType,
    ledger::due_items::NewDueItem,
    relaxed_json::{self, Json, ParseError, decimal},
    response::FieldError,
};
use payment_form::domain::{date::Date, money::DIGITS_MAX};
use quick_xml::{Reader, events::Event};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

const AMOUNTS: [&str; 2] = ["amountDue", "amountPaid"];
/// The most fields that a form or an XML body may have; the document knows four.
const FIELDS_MAX: usize = 100;
/// The finest minor unit of ISO 4217 has four decimals; a record names no currency that could say less.
const DECIMALS_MAX: u32 = 4;

/// Reads a body as one object, whatever its encoding. The document's own snippets send JSON under the form's name, so a form that begins
/// with a brace is JSON.
///
/// # Errors
/// [`ParseError`] for anything that is not exactly one object of the encoding.
pub fn read(body_type: BodyType, body: &[u8]) -> Result<Json, ParseError> {
    match body_type {
        BodyType::Json => relaxed_json::read(body),
        BodyType::Form if body.trim_ascii_start().starts_with(b"{") => relaxed_json::read(body),
        BodyType::Form => read_form(body),
        BodyType::Xml => read_xml(body),
    }
}

fn read_form(body: &[u8]) -> Result<Json, ParseError> {
    let mut members = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(body) {
        insert(&mut members, name.into_owned(), value.into_owned(), 0)?;
    }
    Ok(Json::Object(members))
}

/// XML and forms know only texts; amounts among them are numbers.
fn insert(members: &mut BTreeMap<String, Json>, name: String, text: String, at: usize) -> Result<(), ParseError> {
    let number = match relaxed_json::read(text.as_bytes()) {
        Ok(Json::Number(number)) if AMOUNTS.contains(&name.as_str()) && number == text.trim() => Some(number),
        _ => None,
    };
    let value = number.map_or(Json::Text(text), Json::Number);
    if members.len() >= FIELDS_MAX {
        return Err(ParseError { reason: "too many fields", at });
    }
    match members.insert(name, value) {
        None => Ok(()),
        Some(_) => Err(ParseError { reason: "the same field stands here twice", at }),
    }
}

/// Reads `<item>` with one element for each field. A document type is refused: with it come entities, and nothing here needs any.
fn read_xml(body: &[u8]) -> Result<Json, ParseError> {
    let text = std::str::from_utf8(body).map_err(|error| ParseError { reason: "not UTF-8", at: error.valid_up_to() })?;
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut members = BTreeMap::new();
    let mut field: Option<(String, String)> = None;
    let (mut is_open, mut is_closed) = (false, false);
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let wrong = |reason| Err(ParseError { reason, at });
        match reader.read_event() {
            Err(_) => return wrong("not well-formed XML"),
            Ok(Event::Start(start)) => match (is_open, is_closed, &field) {
                (false, false, _) if start.name().as_ref() == "item" => is_open = true,
                (true, false, None) => field = Some((start.name().as_ref().to_owned(), String::new())),
                (true, false, Some(_)) => return wrong("a field holds no elements"),
                _ => return wrong("the one element on the outside must be <item>"),
            },
            Ok(Event::End(_)) => match field.take() {
                Some((name, text)) => insert(&mut members, name, text, at)?,
                None => is_closed = true,
            },
            Ok(Event::Text(text)) => match &mut field {
                Some((_, value)) => value.push_str(&text.xml10_content()),
                None if text.trim().is_empty() => {}
                None => return wrong("text stands where a field should"),
            },
            Ok(Event::CData(text)) => match &mut field {
                Some((_, value)) => value.push_str(&text.xml10_content()),
                None => return wrong("text stands where a field should"),
            },
            Ok(Event::GeneralRef(reference)) => match (&mut field, character(&reference)) {
                (Some((_, value)), Some(character)) => value.push(character),
                _ => return wrong("no such entity"),
            },
            Ok(Event::DocType(_)) => return wrong("a document type is not accepted"),
            Ok(Event::Eof) if is_closed => return Ok(Json::Object(members)),
            Ok(Event::Eof) => return wrong("the XML ends too early"),
            Ok(Event::Decl(declared)) => match declared.encoding() {
                Some(Ok(name)) if !name.eq_ignore_ascii_case("utf-8") => {
                    return wrong("an encoding other than UTF-8 is declared");
                }
                Some(Err(_)) => return wrong("not well-formed XML"),
                _ => {}
            },
            Ok(Event::PI(_) | Event::Comment(_) | Event::Empty(_)) => {}
        }
    }
}

/// The character of `&lt;`, `&#65;` and the like; of no entity that a document defines.
fn character(reference: &quick_xml::events::BytesRef<'_>) -> Option<char> {
    if reference.is_char_ref() {
        return reference.resolve_char_ref().ok().flatten();
    }
    quick_xml::escape::resolve_predefined_entity(reference)?.chars().next()
}

/// The record that the body asks for, or everything that is wrong with it.
///
/// # Errors
/// The problems, at the names of the fields.
pub fn check(body: &Json) -> Result<NewDueItem, Vec<FieldError>> {
    let Json::Object(members) = body else {
        return Err(vec![FieldError::new("Api Error", "The body must be one object.")]);
    };
    let mut errors = Vec::new();
    let [amount_due, amount_paid] = AMOUNTS.map(|name| amount(members.get(name), name, &mut errors));
    let [due_date, date] = ["dueDate", "date"].map(|name| day(members.get(name), name, &mut errors));
    match (amount_due, amount_paid, due_date, date) {
        (Some(amount_due), Some(amount_paid), Some(due_date), Some(date)) => {
            Ok(NewDueItem { amount_due, amount_paid, due_date, date })
        }
        _ => Err(errors),
    }
}

/// Zero is an amount here, as in the document's examples.
fn amount(value: Option<&Json>, name: &str, errors: &mut Vec<FieldError>) -> Option<Decimal> {
    let number = match value {
        Some(Json::Number(text)) => decimal(text),
        _ => None,
    };
    let fits = |number: &Decimal| {
        let plain = number.normalize();
        let digits = plain.mantissa().unsigned_abs().checked_ilog10().map_or(0, |log| log as usize + 1);
        !plain.is_sign_negative() && plain.scale() <= DECIMALS_MAX && digits <= DIGITS_MAX
    };
    // Zeros beyond the finest unit say nothing; all other digits are kept as they were written.
    let number = number.filter(fits).map(|n| if n.scale() > DECIMALS_MAX { n.trunc_with_scale(DECIMALS_MAX) } else { n }.abs());
    if number.is_none() {
        let words = format!("This must be a number, 0 or more, with at most {DECIMALS_MAX} decimals and {DIGITS_MAX} digits.");
        errors.push(FieldError::new(name, words));
    }
    number
}

fn day(value: Option<&Json>, name: &str, errors: &mut Vec<FieldError>) -> Option<Date> {
    let day = match value {
        Some(Json::Text(text)) => Date::parse(text),
        _ => None,
    };
    if day.is_none() {
        errors.push(FieldError::new(name, "This must be a day between 1900 and 2200, written YYYY-MM-DD."));
    }
    day
}
