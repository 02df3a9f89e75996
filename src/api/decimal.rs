//! Reads and writes JSON numbers as [`Decimal`]s, exactly and without floats: `50.10` is neither `50.1` nor `50.099999`.

use rust_decimal::Decimal;
use serde_json::value::RawValue;

/// The number of digits that fit into every [`Decimal`].
const DIGITS_MAX: usize = 28;

/// The bare JSON number, with the digits that the value was made with: `50.78`, `2.0`.
///
/// ```
/// use payment_form::api::decimal;
/// assert_eq!(decimal::read("2.0").map(decimal::write).as_deref(), Some("2.0"));
/// ```
pub fn write(value: Decimal) -> String {
    value.to_string()
}

/// Reads a number by the grammar of JSON and nothing else: no `+`, no leading zero, no `1_000`, no `.5`, no spaces.
///
/// `None` for everything that is no such number, and for numbers that a [`Decimal`] cannot hold exactly (`1e400`, 40 digits). The scale is kept
/// where there is room for it: `40.0000` stays `40.0000`.
///
/// ```
/// use payment_form::api::decimal;
/// assert_eq!(decimal::read("1234567890123456.78").map(|n| n.to_string()).as_deref(), Some("1234567890123456.78"));
/// assert_eq!(decimal::read("1e400"), None);
/// ```
pub fn read(text: &str) -> Option<Decimal> {
    if !is_number(text) {
        return None;
    }
    let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let mut value = Decimal::from_str_exact(without_excess_zeros(number)).ok()?;
    let scale = i64::from(value.scale()).checked_sub(exponent.parse().ok()?)?;
    value.set_scale(u32::try_from(scale.max(0)).ok()?).ok()?;
    if scale >= 0 {
        return Some(value);
    }
    value.checked_mul(Decimal::from_scientific(&format!("1e{}", scale.unsigned_abs())).ok()?)
}

/// Tells whether a text is a number by the grammar of JSON and nothing else: no spaces around it either.
fn is_number(text: &str) -> bool {
    let is_bare = text.starts_with(|first: char| first == '-' || first.is_ascii_digit()) && !text.ends_with(char::is_whitespace);
    is_bare && serde_json::from_str::<&RawValue>(text).is_ok()
}

/// The number without trailing zeros that do not fit into a [`Decimal`].
fn without_excess_zeros(number: &str) -> &str {
    let Some((whole, decimals)) = number.split_once('.') else { return number };
    let decimals_max = DIGITS_MAX.saturating_sub(whole.trim_start_matches(['-', '0']).len());
    match decimals.trim_end_matches('0').len().max(decimals_max) {
        0 => whole,
        length => number.get(..whole.len().saturating_add(1).saturating_add(length)).unwrap_or(number),
    }
}
