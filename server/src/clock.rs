//! The time of day and the calendar day, in the forms in which the APIs write them.

use payment_form::domain::date::Date;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
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

    /// Seconds since 1970, always of the real clock: lifetimes of keys and sessions are counted in it.
    pub fn seconds(self) -> u64 {
        since_1970().as_secs()
    }
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

/// The local calendar date. SQLite knows the machine's time zone, which the standard library does not.
fn local_date() -> Option<Date> {
    let memory = rusqlite::Connection::open_in_memory().ok()?;
    let text: String = memory.query_row("SELECT date('now', 'localtime')", [], |row| row.get(0)).ok()?;
    Date::parse(&text)
}
