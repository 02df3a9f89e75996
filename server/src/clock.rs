//! Tells the time of day and the calendar day, in the forms in which the APIs write them.

use payment_form::domain::date::Date;
use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use time::OffsetDateTime;

/// The clock of one server: the real one, or one whose calendar stands still at a day that was asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    fixed: Option<Date>,
}

impl Clock {
    /// A clock whose calendar shows `today` for ever; without it, the machine's.
    pub fn new(today: Option<Date>) -> Self {
        Self { fixed: today }
    }

    /// Today's date where this machine stands. Due dates are calendar days of people, not of UTC.
    pub fn today(self) -> Date {
        self.fixed.or_else(local_date).unwrap_or_else(|| utc_date(utc_now()))
    }

    /// This moment as Fusebill writes it: UTC, seven fraction digits, `Z`.
    pub fn timestamp(self) -> String {
        let now = utc_now();
        let day = self.fixed.unwrap_or_else(|| utc_date(now));
        let (hour, minute, second, nanosecond) = now.to_hms_nano();
        format!("{day}T{hour:02}:{minute:02}:{second:02}.{:07}Z", nanosecond / 100)
    }

    /// The seconds since a moment that [`Clock::timestamp`] wrote; 0 for one that lies ahead.
    pub fn seconds_since(self, timestamp: &str) -> Option<u64> {
        let at = |text: &str| {
            let day = Date::parse(text.get(..10)?)?;
            let days = day.days_since(first_day());
            u64::try_from(days).ok()?.checked_mul(86_400)?.checked_add(seconds_of_day(text)?)
        };
        Some(at(&self.timestamp())?.saturating_sub(at(timestamp)?))
    }

    /// Seconds since 1970, always of the real clock: lifetimes of keys and sessions are counted in it.
    pub fn seconds(self) -> u64 {
        since_1970().as_secs()
    }
}

fn seconds_of_day(text: &str) -> Option<u64> {
    let mut parts = text.get(11..19)?.split(':').map(|part| part.parse::<u64>().ok());
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    Some(hour * 3600 + minute * 60 + second)
}

fn since_1970() -> Duration {
    // A machine whose clock stands before 1970 is served as if it were 1970.
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

fn utc_now() -> OffsetDateTime {
    let nanoseconds = i128::try_from(since_1970().as_nanos()).unwrap_or_default();
    OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

fn utc_date(moment: OffsetDateTime) -> Date {
    Date::new(moment.year(), moment.month().into(), moment.day()).unwrap_or_else(first_day)
}

fn first_day() -> Date {
    Date::new(1970, 1, 1).expect("1970 lies between 1900 and 2200")
}

/// The local calendar date, asked of SQLite once a minute. SQLite knows the machine's time zone, which the standard library does
/// not. One database stays open, because opening one takes longer than most statements of a payment. Offsets of time zones are
/// whole minutes, so the date never changes within a minute.
fn local_date() -> Option<Date> {
    static CACHED: Mutex<Option<(u64, Date)>> = Mutex::new(None);
    let minute = since_1970().as_secs() / 60;
    let mut cached = CACHED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, date)) = cached.filter(|(at, _)| *at == minute) {
        return Some(date);
    }
    let memory = rusqlite::Connection::open_in_memory().ok()?;
    let text: String = memory.query_row("SELECT date('now', 'localtime')", [], |row| row.get(0)).ok()?;
    let date = Date::parse(&text)?;
    *cached = Some((minute, date));
    Some(date)
}
