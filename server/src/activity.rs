//! Counts the requests of a connection that must be answered, so that a connection without one can give way to others.
//!
//! A request must be answered once its body is read. Before that nothing was done, and a client that sends its body slowly, or never, has no
//! right to a place.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};
use tokio::sync::Notify;

/// The activity of a connection.
pub struct Activity {
    requests: AtomicUsize,
    since: Mutex<Instant>,
    /// Told when the connection has to go.
    pub leave: Notify,
}

impl Default for Activity {
    fn default() -> Self {
        Self { requests: AtomicUsize::new(0), since: Mutex::new(Instant::now()), leave: Notify::new() }
    }
}

impl Activity {
    /// True while a request must be answered.
    pub fn is_busy(&self) -> bool {
        self.requests.load(Ordering::Relaxed) > 0
    }

    /// The end of the latest request, or the beginning of the connection.
    pub fn since(&self) -> Instant {
        *lock(&self.since)
    }

    /// While the guard lives, the request must be answered.
    pub fn request(self: &Arc<Self>) -> RequestGuard {
        self.requests.fetch_add(1, Ordering::Relaxed);
        RequestGuard(Arc::clone(self))
    }

    /// While the guard lives, the body is being read and the connection may give way.
    pub fn reading(self: &Arc<Self>) -> ReadingGuard {
        self.requests.fetch_sub(1, Ordering::Relaxed);
        ReadingGuard(Arc::clone(self))
    }
}

/// A request that must be answered.
pub struct RequestGuard(Arc<Activity>);

impl Drop for RequestGuard {
    fn drop(&mut self) {
        *lock(&self.0.since) = Instant::now();
        self.0.requests.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A request whose body is on its way.
pub struct ReadingGuard(Arc<Activity>);

impl Drop for ReadingGuard {
    fn drop(&mut self) {
        self.0.requests.fetch_add(1, Ordering::Relaxed);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
