//! How a locale writes money, counts and days: plain data that is learned once, and exact writing from it.

use crate::domain::{amount::Separators, date::Date};
use rust_decimal::Decimal;

/// How amounts of one currency are written in one locale. Learned from a formatted sample; no float is ever involved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoneyFormat {
    /// What stands before the digits: `$`, or nothing.
    pub prefix: String,
    /// What stands behind them: a space and `€`, or nothing.
    pub suffix: String,
    /// The currency sign alone, for the front of an input.
    pub sign: String,
    /// Stands before the decimals.
    pub decimal: char,
    /// Stands between groups of digits.
    pub group: char,
    /// How many digits the last group has; 0 where digits are not grouped.
    pub group_size: usize,
    /// How many digits the groups before it have: 2 in India.
    pub group_size_higher: usize,
    /// How many digits must stand before the first separator, or none is written: 2 in Spain, which writes 1234 but 12.345.
    pub group_digits_min: usize,
    /// The locale's zero; its other digits follow it in Unicode.
    pub zero: char,
    /// How many decimals are always written.
    pub decimals: usize,
}

impl Default for MoneyFormat {
    /// Dollars in English.
    fn default() -> Self {
        Self {
            prefix: "$".into(),
            suffix: String::new(),
            sign: "$".into(),
            decimal: '.',
            group: ',',
            group_size: 3,
            group_size_higher: 3,
            group_digits_min: 1,
            zero: '0',
            decimals: 2,
        }
    }
}

impl MoneyFormat {
    /// With the currency sign and groups. More decimals than usual are written out, never cut off.
    pub fn write(&self, value: Decimal) -> String {
        let mut text = self.prefix.clone();
        self.push(&mut text, value, true);
        text.push_str(&self.suffix);
        text
    }

    /// As it is typed: digits and the decimal separator only.
    pub fn write_typed(&self, value: Decimal) -> String {
        let mut text = String::new();
        self.push(&mut text, value, false);
        text
    }

    /// A whole number, in groups.
    pub fn write_count(&self, count: usize) -> String {
        let mut text = String::new();
        self.push_digits(&mut text, count.to_string().as_bytes(), true);
        text
    }

    fn push(&self, text: &mut String, value: Decimal, grouped: bool) {
        let plain = value.abs().to_string();
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        if value.is_sign_negative() && !value.is_zero() {
            text.push('-');
        }
        self.push_digits(text, whole.as_bytes(), grouped);
        let kept = fraction.trim_end_matches('0').len().max(self.decimals);
        if kept > 0 {
            text.push(self.decimal);
            for place in 0..kept {
                text.push(self.digit(fraction.as_bytes().get(place).copied().unwrap_or(b'0')));
            }
        }
    }

    fn push_digits(&self, text: &mut String, digits: &[u8], grouped: bool) {
        let grouped = grouped && self.group_size > 0 && digits.len() >= self.group_size + self.group_digits_min;
        for (place, digit) in digits.iter().enumerate() {
            let behind = digits.len() - place;
            if grouped && place > 0 && self.separates(behind) {
                text.push(self.group);
            }
            text.push(self.digit(*digit));
        }
    }

    /// Whether a separator stands where this many digits follow.
    fn separates(&self, behind: usize) -> bool {
        behind >= self.group_size && (behind - self.group_size).is_multiple_of(self.group_size_higher.max(1))
    }

    fn digit(&self, ascii: u8) -> char {
        digit_from(self.zero, ascii)
    }
}

/// The digit that stands for this ASCII digit in the script whose zero is `zero`.
fn digit_from(zero: char, ascii: u8) -> char {
    char::from_u32(zero as u32 + u32::from(ascii.saturating_sub(b'0'))).unwrap_or(char::from(ascii))
}

impl From<&Separators> for MoneyFormat {
    /// The notation of what is typed, for tests and for places that know no currency sign.
    fn from(separators: &Separators) -> Self {
        let size = |place: usize| separators.groups.get(place).copied().map(usize::from);
        let first = size(0).unwrap_or(3);
        Self {
            prefix: String::new(),
            sign: String::new(),
            decimal: separators.decimal,
            group: separators.group,
            group_size: first,
            group_size_higher: size(1).unwrap_or(first),
            zero: separators.zero,
            ..Self::default()
        }
    }
}

/// One part of a written date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatePart {
    /// The year.
    Year,
    /// The month, by its name or number.
    Month,
    /// The day of the month.
    Day,
    /// What stands between.
    Literal(String),
}

/// How a locale writes a day of the Gregorian calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateFormat {
    /// The parts in their order.
    pub parts: Vec<DatePart>,
    /// The twelve months as they stand inside a date.
    pub months: Vec<String>,
    /// The locale's zero.
    pub zero: char,
}

impl Default for DateFormat {
    /// `2 Sep 2026`.
    fn default() -> Self {
        let space = || DatePart::Literal(" ".into());
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        Self {
            parts: vec![DatePart::Day, space(), DatePart::Month, space(), DatePart::Year],
            months: months.map(String::from).to_vec(),
            zero: '0',
        }
    }
}

impl DateFormat {
    /// Writes a day.
    pub fn write(&self, date: Date) -> String {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                DatePart::Year => self.push_number(&mut text, date.year().to_string()),
                DatePart::Day => self.push_number(&mut text, date.day().to_string()),
                DatePart::Month => {
                    let name = self.months.get(usize::from(date.month()).saturating_sub(1));
                    text.push_str(name.map_or("", String::as_str));
                }
                DatePart::Literal(literal) => text.push_str(literal),
            }
        }
        text
    }

    fn push_number(&self, text: &mut String, number: String) {
        text.extend(number.bytes().map(|digit| digit_from(self.zero, digit)));
    }
}

/// Which plural form a language uses for a number.
///
/// The forms are learned for 0 to 199; above, every language that the Unicode data knows repeats by hundreds (but for the "many" of round
/// millions in the Romance languages, which no sentence here needs).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plurals {
    /// The form of each number; empty is English: one, or other.
    pub forms: Vec<u8>,
}

impl Plurals {
    /// The place of the form among those that the sentence lists.
    pub fn form(&self, count: usize) -> usize {
        let place = if count < 200 { count } else { 100 + count % 100 };
        self.forms.get(place).map_or(usize::from(count != 1), |form| usize::from(*form))
    }
}
