//! Amounts as people type them, in the notation of their locale.

use rust_decimal::Decimal;

/// How a locale writes numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Separators {
    /// Stands before the decimals: `.` or `,` or `٫`.
    pub decimal: char,
    /// Stands between groups of digits: `,` `.` `'` or a space.
    pub group: char,
    /// How many digits the groups have, from the right; the last number repeats: `[3]` for 1,234,567 and `[3, 2]` for 12,34,567.
    pub groups: &'static [u8],
    /// The locale's zero; its other digits follow it in Unicode.
    pub zero: char,
}

impl Separators {
    /// As in `1,234.50`.
    pub const ENGLISH: Self = Self { decimal: '.', group: ',', groups: &[3], zero: '0' };
}

/// What a typed amount was read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Nothing was typed.
    Empty,
    /// One number, beyond doubt. It may still be too small or too large for a payment.
    Number(Decimal),
    /// Not well-formed in the locale's own notation, but in the other one: the person chooses, we never guess. One or two numbers,
    /// the locale's own reading first.
    Choice(Vec<Decimal>),
    /// No amount.
    Unreadable(Unreadable),
}

/// Why a text is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// Something other than digits and separators.
    NotANumber,
    /// A minus sign before a number.
    Negative,
    /// More decimals than the currency has.
    TooFine,
    /// More digits than any amount has.
    TooLong,
}

/// Reads an amount typed in the notation of `separators`, for a currency with `decimals` decimals.
pub fn read(text: &str, separators: &Separators, decimals: u32) -> Reading {
    let text = text.trim();
    if text.is_empty() {
        return Reading::Empty;
    }
    if text.len() > 40 {
        return Reading::Unreadable(Unreadable::TooLong);
    }
    if text.starts_with('-') {
        return Reading::Unreadable(Unreadable::Negative);
    }
    let plain: String =
        text.chars().filter(|c| *c != separators.group).map(|c| if c == separators.decimal { '.' } else { c }).collect();
    if !plain.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return Reading::Unreadable(Unreadable::NotANumber);
    }
    match Decimal::from_str_exact(&plain) {
        Ok(value) if value.scale() > decimals => Reading::Unreadable(Unreadable::TooFine),
        Ok(value) => Reading::Number(value),
        Err(_) => Reading::Unreadable(Unreadable::NotANumber),
    }
}
