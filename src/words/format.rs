//! Writes money, counts and days as a locale does, exactly, from plain data that is learned once.

use crate::domain::{amount::Separators, date::Date};
use rust_decimal::Decimal;

/// The notation of amounts of one currency in one locale: the currency sign around the digits. It is learned from a formatted
/// sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoneyFormat {
    /// The text before the digits: `$`, or nothing.
    pub prefix: String,
    /// The text behind them: a space and `€`, or nothing.
    pub suffix: String,
    /// The currency sign alone, which stands beside an input.
    pub sign: String,
    /// The notation of the digits.
    pub separators: Separators,
    /// The number of decimals that are always written.
    pub decimals: u32,
}

impl Default for MoneyFormat {
    /// Dollars in English.
    fn default() -> Self {
        Self { prefix: "$".into(), suffix: String::new(), sign: "$".into(), separators: Separators::ENGLISH, decimals: 2 }
    }
}

impl MoneyFormat {
    /// With the currency sign and groups. More decimals than usual are written out, never cut off.
    pub fn write(&self, value: Decimal) -> String {
        format!("{}{}{}", self.prefix, self.separators.write(value, self.decimals), self.suffix)
    }

    /// Tells whether the currency sign follows the digits: `1.234,50 €`.
    pub fn is_sign_behind(&self) -> bool {
        self.suffix.contains(&self.sign) && !self.prefix.contains(&self.sign)
    }

    /// Tells whether several currencies have this sign, so that the code must stand beside it: `$`, `kr`. A letter with the dollar sign, and any sign
    /// that is not in ASCII, names one currency where the sign follows the digits.
    pub fn is_sign_shared(&self) -> bool {
        !self.is_sign_behind() || (self.sign.is_ascii() && (self.sign == "$" || !self.sign.contains('$')))
    }

    /// A whole amount without decimals: `$0`.
    pub fn write_whole(&self, value: Decimal) -> String {
        format!("{}{}{}", self.prefix, self.separators.write(value, 0), self.suffix)
    }

    /// As it is typed: digits and the decimal separator only.
    pub fn write_typed(&self, value: Decimal) -> String {
        self.separators.write_typed(value, self.decimals)
    }

    /// A whole number, in groups.
    pub fn write_count(&self, count: usize) -> String {
        self.separators.write(Decimal::from(count), 0)
    }
}

/// The digit that stands for this ASCII digit in the script whose zero is `zero`.
fn digit_from(zero: char, ascii: u8) -> char {
    char::from_u32(zero as u32 + u32::from(ascii.saturating_sub(b'0'))).unwrap_or(char::from(ascii))
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
    /// The text between them.
    Literal(String),
}

/// The notation of a day of the Gregorian calendar in a locale.
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
        let months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(' ');
        Self {
            parts: vec![DatePart::Day, space(), DatePart::Month, space(), DatePart::Year],
            months: months.map(String::from).collect(),
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
                    text.extend(self.months.get(usize::from(date.month()).saturating_sub(1)).map(String::as_str));
                }
                DatePart::Literal(literal) => text.push_str(literal),
            }
        }
        text
    }

    /// Writes a day of this year without its year, because the current year is obvious; any other day in full.
    pub fn write_near(&self, date: Date, today: Date) -> String {
        if date.year() != today.year() {
            return self.write(date);
        }
        let parts = match self.parts.as_slice() {
            [DatePart::Year, DatePart::Literal(_), rest @ ..] | [rest @ .., DatePart::Literal(_), DatePart::Year] => rest,
            parts => parts,
        };
        Self { parts: parts.to_vec(), ..self.clone() }.write(date)
    }

    fn push_number(&self, text: &mut String, number: String) {
        text.extend(number.bytes().map(|digit| digit_from(self.zero, digit)));
    }
}

/// The plural form of a language for each number.
///
/// The forms are learned for 0 to 199. Above, every language of the Unicode data repeats by hundreds. The exception is the "many" of round
/// millions in the Romance languages, which no sentence here needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plurals {
    /// The form of each number; empty is English: one, or other.
    pub forms: Vec<u8>,
}

impl Plurals {
    /// The place of the form among those that the sentence lists.
    pub fn form(&self, count: usize) -> usize {
        let index = if count < 200 { count } else { 100 + count % 100 };
        self.forms.get(index).map_or(usize::from(count != 1), |form| usize::from(*form))
    }
}
