//! Numbers as JSON writes them, to and from [`Decimal`], exactly. No float stands between: `50.10` is not `50.1` and never `50.099999`.

use rust_decimal::Decimal;
use std::iter;

/// No number with an exponent beyond this fits.
const EXPONENT_MAX: u32 = 60;

/// So many digits cannot overflow 128 bits; whether they fit into a [`Decimal`] is then its own decision.
const DIGITS_MAX: usize = 38;

/// As many digits as every [`Decimal`] has room for, and as many decimals.
const DIGITS_ROOM: usize = 28;

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
    let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (number, exponent) = match rest.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, read_exponent(exponent)?),
        None => (rest, 0),
    };
    let (whole, decimals) = match number.split_once('.') {
        Some((_, "")) => return None,
        Some((whole, decimals)) => (whole, decimals),
        None => (number, ""),
    };
    if whole.is_empty() || (whole.len() > 1 && whole.starts_with('0')) {
        return None;
    }
    // Zeros behind the last digit that counts are kept as far as there is room for them.
    let room = DIGITS_ROOM.saturating_sub(whole.trim_start_matches('0').len());
    let kept = decimals.get(..decimals.trim_end_matches('0').len().max(room)).unwrap_or(decimals);
    let scale = i32::try_from(kept.len()).ok()?.saturating_sub(exponent);
    let zeros = usize::try_from(scale.saturating_neg()).unwrap_or(0);
    let digits = whole.len().saturating_add(kept.len()).saturating_add(zeros);
    if digits > DIGITS_MAX {
        return None;
    }
    let mut mantissa = 0_i128;
    for digit in whole.bytes().chain(kept.bytes()).chain(iter::repeat_n(b'0', zeros)) {
        let digit = digit.checked_sub(b'0').filter(|digit| *digit <= 9)?;
        mantissa = mantissa.wrapping_mul(10).wrapping_add(i128::from(digit));
    }
    let signed = if negative { mantissa.wrapping_neg() } else { mantissa };
    Decimal::try_from_i128_with_scale(signed, u32::try_from(scale).unwrap_or(0)).ok()
}

/// The exponent behind the `e`, cut where it no longer matters.
fn read_exponent(text: &str) -> Option<i32> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let size = digits.parse().unwrap_or(EXPONENT_MAX).min(EXPONENT_MAX);
    let size = i32::try_from(size).ok()?;
    if text.starts_with('-') { size.checked_neg() } else { Some(size) }
}
