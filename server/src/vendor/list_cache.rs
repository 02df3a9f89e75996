//! Keeps the vendor's lists for a moment, because a page with several forms, or a person who reloads, asks for the same lists at once.

use super::Reply;
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// The most lists that are kept, and the most bytes of one.
const LISTS_MAX: usize = 256;
const LIST_BYTES_MAX: usize = 256 * 1024;

/// The vendor's latest lists, by their paths.
#[derive(Debug)]
pub struct ListCache {
    entries: Mutex<Entries>,
    lifetime: Duration,
}

#[derive(Debug, Default)]
struct Entries {
    lists: HashMap<String, (Instant, Reply)>,
    forgotten_at: Option<Instant>,
}

impl ListCache {
    /// Keeps lists for this long; zero keeps none.
    pub fn new(lifetime: Duration) -> Self {
        Self { entries: Mutex::default(), lifetime }
    }

    /// The list of this path, unless it is too old.
    pub fn find(&self, path: &str) -> Option<Reply> {
        let entries = self.lock();
        let (at, reply) = entries.lists.get(path)?;
        (at.elapsed() < self.lifetime).then(|| reply.clone())
    }

    /// Keeps a list that was asked for at this moment, unless everything was forgotten since.
    pub fn keep(&self, path: &str, asked_at: Instant, reply: &Reply) {
        if self.lifetime.is_zero() || reply.status != 200 || reply.body.len() > LIST_BYTES_MAX {
            return;
        }
        let mut entries = self.lock();
        let lifetime = self.lifetime;
        entries.lists.retain(|_, (at, _)| at.elapsed() < lifetime);
        // A list that was on its way while a payment was made may show either state.
        if entries.lists.len() < LISTS_MAX && entries.forgotten_at.is_none_or(|at| asked_at > at) {
            entries.lists.insert(path.to_owned(), (asked_at, reply.clone()));
        }
    }

    /// Forgets every list: a payment changes balances, activities and records.
    pub fn forget(&self) {
        let mut entries = self.lock();
        entries.lists.clear();
        entries.forgotten_at = Some(Instant::now());
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
