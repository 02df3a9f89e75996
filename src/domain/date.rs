//! Defines calendar days, without a time or a zone.

use std::fmt;

/// A calendar day from 1900 to 2200.
///
/// The calendar is that of the `time` crate. Parsing and writing are our own, because the crate's parser is large in the browser. Both APIs
/// and the browser's date input know one fixed form only, `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(time::Date);

impl Date {
    /// The years that a day can have. Years outside are typing mistakes or placeholders, not due dates.
    pub const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

    /// A day of the Gregorian calendar, if there is one.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        if !Self::YEARS.contains(&year) {
            return None;
        }
        let month = time::Month::try_from(month).ok()?;
        time::Date::from_calendar_date(year, month, day).ok().map(Self)
    }

    /// Reads `YYYY-MM-DD`: exactly ten characters, and no other.
    ///
    /// ```
    /// use payment_form::domain::date::Date;
    /// assert_eq!(Date::parse("2024-02-29").map(|d| d.to_string()), Some("2024-02-29".into()));
    /// assert_eq!(Date::parse("2023-02-29"), None);
    /// assert_eq!(Date::parse("2024-2-9"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = bytes else { return None };
        let number = |digits: &[u8]| {
            digits.iter().try_fold(0_i32, |sum, digit| {
                let digit = digit.checked_sub(b'0').filter(|digit| *digit <= 9)?;
                sum.checked_mul(10)?.checked_add(i32::from(digit))
            })
        };
        let month = u8::try_from(number(&[m1, m2])?).ok()?;
        let day = u8::try_from(number(&[d1, d2])?).ok()?;
        Self::new(number(&[y1, y2, y3, y4])?, month, day)
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u8 {
        self.0.month().into()
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> u8 {
        self.0.day()
    }

    /// The day this number of days later, if it is in range.
    pub fn plus_days(self, days: i32) -> Option<Self> {
        let later = time::Date::from_julian_day(self.0.to_julian_day().checked_add(days)?).ok()?;
        Self::YEARS.contains(&later.year()).then_some(Self(later))
    }

    /// The number of days from `other` to this day; negative when this day is earlier.
    pub fn days_since(self, other: Self) -> i32 {
        self.0.to_julian_day().saturating_sub(other.0.to_julian_day())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }
}
