//! Limits the requests of one principal.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// A bucket that holds a minute's worth and refills steadily: each request moves the moment at which the bucket would be full again.
#[derive(Debug)]
pub struct RateLimit {
    /// The time that one request takes to be refilled; `None` when nothing is limited.
    interval: Option<Duration>,
    full_at: Mutex<HashMap<String, Instant>>,
}

const BUCKET: Duration = Duration::from_secs(60);
/// The number of remembered names above which those with a full bucket are forgotten.
const NAMES_MAX: usize = 10_000;

impl RateLimit {
    /// The number of requests a minute; 0 is no limit.
    pub fn new(per_minute: u32) -> Self {
        Self { interval: BUCKET.checked_div(per_minute), full_at: Mutex::default() }
    }

    /// Counts one request.
    ///
    /// # Errors
    /// The whole seconds to wait when it is one too many; it is then not counted.
    pub fn count(&self, principal: &str, now: Instant) -> Result<(), u64> {
        let Some(interval) = self.interval else { return Ok(()) };
        let mut all = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let full_at = all.get(principal).copied().unwrap_or(now).max(now) + interval;
        let ahead = full_at.duration_since(now);
        if ahead > BUCKET {
            return Err((ahead - BUCKET).as_millis().div_ceil(1000) as u64);
        }
        // Names come from requests: those whose bucket is full again are forgotten, or memory would grow with them.
        if all.len() >= NAMES_MAX {
            all.retain(|_, full_at| *full_at > now);
        }
        all.insert(principal.to_owned(), full_at);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_too_many_waits_until_one_is_refilled() {
        let limit = RateLimit::new(2);
        let start = Instant::now();
        assert_eq!(limit.count("a", start), Ok(()));
        assert_eq!(limit.count("a", start), Ok(()));
        assert_eq!(limit.count("a", start), Err(30));
        assert_eq!(limit.count("b", start), Ok(()));
        assert_eq!(limit.count("a", start + Duration::from_secs(29)), Err(1));
        assert_eq!(limit.count("a", start + Duration::from_secs(30)), Ok(()));
        assert_eq!(limit.count("a", start + Duration::from_secs(30)), Err(30));
    }
}
