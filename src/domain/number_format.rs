//! Writes amounts in the number format of a locale.

use rust_decimal::Decimal;

/// The number format of a locale. Take it from amounts in the form's currency, because some locales write money and plain numbers
/// differently (`1'234.50` and `1 234,50` in French Switzerland).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Separators {
    /// Stands before the decimals: `.` or `,` or `٫`.
    pub decimal: char,
    /// Stands between groups of digits: `,` `.` `'` or a space.
    pub group: char,
    /// The sizes of the digit groups, from the right; the last size repeats: `[3]` for 1,234,567 and `[3, 2]` for 12,34,567. Empty where
    /// digits are not grouped.
    pub groups: &'static [u8],
    /// The least digits before the first separator; otherwise digits are not grouped. It is 2 in Spain, which writes 1234 but 12.345.
    pub group_digits_min: u8,
    /// The locale's zero; its other digits follow it in Unicode.
    pub zero: char,
}

impl Separators {
    /// As in `1,234.50`.
    pub const ENGLISH: Self = Self { decimal: '.', group: ',', groups: &[3], group_digits_min: 1, zero: '0' };

    /// Writes an amount in groups, with at least `decimals` decimals. Further decimals are written as well, never cut.
    ///
    /// ```
    /// use payment_form::domain::amount::{Reading, Separators, read};
    /// let amount = rust_decimal::Decimal::new(12345, 1);
    /// assert_eq!(Separators::ENGLISH.write(amount, 2), "1,234.50");
    /// assert_eq!(read("1,234.50", &Separators::ENGLISH, 2), Reading::Number(amount));
    /// ```
    pub fn write(&self, value: Decimal, decimals: u32) -> String {
        self.write_number(value, decimals, true)
    }

    /// Writes an amount as people type it into a field: without groups.
    pub fn write_typed(&self, value: Decimal, decimals: u32) -> String {
        self.write_number(value, decimals, false)
    }

    fn write_number(&self, value: Decimal, decimals: u32, grouped: bool) -> String {
        let plain = value.abs().to_string();
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let fraction = fraction.trim_end_matches('0');
        let mut text = String::new();
        if value.is_sign_negative() && !value.is_zero() {
            text.push('-');
        }
        let mut behind = whole.len();
        let grouped = grouped && self.is_grouped(behind);
        for digit in whole.bytes() {
            if grouped && behind < whole.len() && self.separates(behind) {
                text.push(self.group);
            }
            text.push(self.digit(digit));
            behind = behind.saturating_sub(1);
        }
        let decimals_written = fraction.len().max(decimals as usize);
        if decimals_written > 0 {
            text.push(self.decimal);
            text.extend(fraction.bytes().chain(std::iter::repeat(b'0')).take(decimals_written).map(|digit| self.digit(digit)));
        }
        text
    }

    /// Tells whether a whole part of this many digits is long enough to be grouped.
    fn is_grouped(&self, digits: usize) -> bool {
        let last = self.groups.first().copied().map_or(usize::MAX, usize::from);
        digits >= last.saturating_add(usize::from(self.group_digits_min))
    }

    /// Tells whether a separator stands before the last `behind` digits of the whole part.
    fn separates(&self, mut behind: usize) -> bool {
        for size in sizes(self.groups) {
            match behind.checked_sub(size) {
                Some(0) => return true,
                Some(left) if size > 0 => behind = left,
                _ => return false,
            }
        }
        false
    }

    fn digit(&self, ascii: u8) -> char {
        let value = u32::from(ascii.saturating_sub(b'0'));
        (self.zero as u32).checked_add(value).and_then(char::from_u32).unwrap_or(char::from(ascii))
    }
}

/// The zeros of the digits that are read everywhere: Latin, Arabic-Indic, Persian and full-width.
pub(in crate::domain) const ZEROS: [char; 4] = ['0', '\u{660}', '\u{6F0}', '\u{FF10}'];

/// The value of a digit of one of these kinds.
pub(in crate::domain) fn digit(c: char) -> Option<u32> {
    ZEROS.iter().find_map(|zero| digit_from(*zero, c))
}

/// The value of a digit of the kind that begins with this zero.
pub(in crate::domain) fn digit_from(zero: char, c: char) -> Option<u32> {
    (c as u32).checked_sub(zero as u32).filter(|value| *value < 10)
}

/// The sizes of the groups from the right, without end.
pub(in crate::domain) fn sizes(groups: &[u8]) -> impl Iterator<Item = usize> {
    groups.iter().chain(std::iter::repeat(groups.last().unwrap_or(&0))).map(|size| usize::from(*size))
}
