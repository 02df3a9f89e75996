//! Reads amounts as people type them, in the notation of their locale.
//!
//! In scope: the number that a text certainly is, or the numbers that it could be. The grammar is our own and strict, because a wrong
//! reading can pay a hundred times too much: `1,50` typed in dollars becomes a question to the person, never 150. Out of scope, on purpose:
//! rounding, exponents, signs and anything else that a person paying an invoice does not type.

use super::{
    currency_marks::{CurrencyMarks, NumberText, visible},
    money::{Currency, DIGITS_MAX},
    notation::{DigitRuns, Notation, Number},
};
use rust_decimal::Decimal;

pub use super::number_format::Separators;

/// The reading of a typed amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The field is empty.
    Empty,
    /// One certain number. It may still be too small or too large for a payment.
    Number(Decimal),
    /// One or two possible numbers, the locale's own reading first: the person chooses, the form never guesses. The text is well-formed
    /// only in another notation, or it is a different number in each.
    Choice(Vec<Decimal>),
    /// No amount.
    Unreadable(AmountError),
}

/// The reason why a text is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountError {
    /// Something other than digits and separators, or separators where no notation has them.
    NotANumber,
    /// A number with the sign or the code of another currency.
    OtherCurrency,
    /// A minus sign before a number.
    Negative,
    /// More decimals than the currency has.
    TooFine,
    /// More digits than any amount has.
    TooLong,
}

/// The most bytes of a text that is read: eighteen full-width digits with separators, a currency and spaces fit. A longer text is refused
/// unread, so that a pasted megabyte costs no time.
const TEXT_MAX: usize = 160;

/// Reads an amount typed in the notation of `separators`, for a currency with `decimals` decimals.
///
/// Accepted: plain digits, digits in well-formed groups, and decimals. The digits are Latin, Arabic-Indic, Persian, full-width or the
/// locale's own, all of one kind. Any space or apostrophe counts where the locale groups with one of them. Zeros behind the last decimal
/// and a dash in place of decimals (`50,-`, `500/-`) are accepted. Ignored: spaces around, and invisible characters. Refused: everything
/// else, such as `5.`, `+5`, `5-`, `1e3`, `1_000`, `½`.
///
/// A text that is well-formed only in another notation is a [`Reading::Choice`], as is a text that is a different number in each:
///
/// ```
/// use payment_form::domain::amount::{Reading, Separators, AmountError, read};
/// use rust_decimal::Decimal;
/// let read = |text| read(text, &Separators::ENGLISH, 2);
/// assert_eq!(read("1,234.5"), Reading::Number(Decimal::new(12345, 1)));
/// assert_eq!(read("1,5"), Reading::Choice(vec![Decimal::new(15, 0), Decimal::new(15, 1)]));
/// assert_eq!(read("1e3"), Reading::Unreadable(AmountError::NotANumber));
/// ```
pub fn read(text: &str, separators: &Separators, decimals: u32) -> Reading {
    if text.len() > TEXT_MAX {
        return Reading::Unreadable(AmountError::TooLong);
    }
    read_visible(&visible(text), None, separators, decimals)
}

/// Reads as [`read`], and accepts the currency before or behind the number, as in pasted amounts. The currency is written by its code, by
/// one of its signs, or by both (`$1,234.50`, `1.234,50 EUR`, `$1,234.50 USD`). `sign` is the one that the form prints in the person's
/// locale.
///
/// A number with another currency is [`AmountError::OtherCurrency`].
///
/// ```
/// use payment_form::domain::{amount::{Reading, Separators, AmountError, read_in}, money::Currency};
/// use rust_decimal::Decimal;
/// let euro = Currency::from_code("EUR").expect("a currency");
/// let read = |text| read_in(euro, "€", text, &Separators::ENGLISH);
/// assert_eq!(read("€1,234.50 EUR"), Reading::Number(Decimal::new(123450, 2)));
/// assert_eq!(read("$1,234.50"), Reading::Unreadable(AmountError::OtherCurrency));
/// ```
pub fn read_in(currency: Currency, sign: &str, text: &str, separators: &Separators) -> Reading {
    if text.len() > TEXT_MAX {
        return Reading::Unreadable(AmountError::TooLong);
    }
    let text = visible(text);
    let decimals = currency.minor_units();
    let own = CurrencyMarks::printed(currency, sign);
    let reading = read_visible(&text, Some(&own), separators, decimals);
    if reading != Reading::Unreadable(AmountError::NotANumber) {
        return reading;
    }
    let is_number = |other: Currency| {
        // The other currency's code may stand beside a sign that both currencies have: `$5 CAD`.
        let rest = own.foreign(other).strip(without_minus(&text).0);
        rest.is_some_and(|rest| read_visible(rest.text, Some(&own), separators, decimals) != reading && !rest.text.is_empty())
    };
    if Currency::all().filter(|other| *other != currency).any(is_number) {
        Reading::Unreadable(AmountError::OtherCurrency)
    } else {
        reading
    }
}

/// The text without a leading minus sign, and `true` where it had one.
fn without_minus(text: &str) -> (&str, bool) {
    text.strip_prefix('-').map_or((text, false), |rest| (rest.trim_start(), true))
}

fn read_visible(text: &str, marks: Option<&CurrencyMarks>, separators: &Separators, decimals: u32) -> Reading {
    if text.is_empty() {
        return Reading::Empty;
    }
    let (text, is_negative) = without_minus(text);
    let stripped = marks.and_then(|marks| marks.strip(text)).unwrap_or(NumberText { text, leads: false });
    let (number, is_negative_behind) = without_minus(stripped.text);
    let reading = read_unsigned(number, stripped.leads, separators, decimals);
    match (is_negative, is_negative_behind) {
        (false, false) => reading,
        _ if reading == Reading::Unreadable(AmountError::NotANumber) => reading,
        (true, true) => Reading::Unreadable(AmountError::NotANumber),
        _ => Reading::Unreadable(AmountError::Negative),
    }
}

/// The number without a dash in place of its decimals, and the mark before that dash: `50,-`, `50.–`, `500:-`, `500/-`. A bare dash behind
/// a number often means "below zero". So it replaces decimals only behind a leading sign of a currency without decimals: `￥1,234-`.
fn without_dash(text: &str, is_bare_taken: bool) -> (&str, Option<char>) {
    let whole = text.strip_suffix('-').map(|rest| rest.strip_suffix('-').unwrap_or(rest)).or_else(|| {
        // East Africa writes `500/=`.
        text.strip_suffix('=').filter(|rest| rest.ends_with('/'))
    });
    let Some(whole) = whole else { return (text, None) };
    match whole.chars().next_back() {
        Some(mark @ ('.' | ',' | ':' | '/' | '\u{66B}')) => (whole.strip_suffix(mark).unwrap_or(whole).trim_end(), Some(mark)),
        Some(mark) if is_bare_taken && !text.ends_with("--") => (whole.trim_end(), Some(mark)),
        _ => (text, None),
    }
}

fn read_unsigned(text: &str, leads: bool, separators: &Separators, decimals: u32) -> Reading {
    let (text, tail) = without_dash(text, leads && decimals == 0);
    let Some(runs) = DigitRuns::new(text, separators) else { return Reading::Unreadable(AmountError::NotANumber) };
    if runs.digits() > DIGITS_MAX {
        return Reading::Unreadable(AmountError::TooLong);
    }
    // A dash in place of decimals rules decimals out, and its mark cannot also be the group separator.
    let fits = |number: &Number| tail.is_none_or(|mark| number.fraction.is_empty() && !runs.marks.contains(&mark));
    let own = Notation::of_locale(separators);
    let strict = own.iter().flatten().find_map(|notation| runs.well_formed(notation)).filter(fits);
    let others = || Notation::OTHERS.iter().filter_map(|notation| runs.well_formed(notation)).filter(fits);
    let value = strict.as_ref().and_then(|number| number.exact(decimals));
    if let (Some(number), Some(value)) = (&strict, value) {
        // Surplus zero decimals (`1.000`) are a group of three digits in another notation.
        let is_padded = number.fraction.len() > decimals as usize;
        let mut choice = vec![value];
        choice.extend(others().filter(|_| is_padded).filter_map(|number| number.exact(decimals)).find(|other| *other != value));
        return if choice.len() == 1 { Reading::Number(value) } else { Reading::Choice(choice) };
    }
    let mut choice: Vec<Decimal> = Vec::new();
    for value in others().filter_map(|number| number.exact(decimals)) {
        if !choice.contains(&value) {
            choice.push(value);
        }
    }
    if choice.is_empty() {
        let is_a_number = strict.is_some() || others().next().is_some();
        return Reading::Unreadable(if is_a_number { AmountError::TooFine } else { AmountError::NotANumber });
    }
    let lenient = own.iter().flatten().find_map(|notation| runs.with_any_groups(notation)).filter(fits);
    let lenient = lenient.and_then(|number| number.cut(decimals)).filter(|value| !value.is_zero() && !choice.contains(value));
    if let Some(value) = lenient {
        choice.insert(0, value);
    }
    Reading::Choice(choice)
}
