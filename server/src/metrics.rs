//! Counts payments, and measures commits and calls of the vendor. The figures belong to the process; `scrape.rs` writes them.

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{
        counter::Counter,
        family::Family,
        histogram::{Histogram, exponential_buckets},
    },
    registry::Registry,
};
use std::{sync::LazyLock, time::Duration};

static METRICS: LazyLock<Metrics> = LazyLock::new(Metrics::default);

/// One call of the vendor with its result.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Call {
    method: String,
    /// The status of the reply, or `lost`.
    outcome: String,
}

struct Metrics {
    recorded: Counter,
    commits: Histogram,
    vendor: Family<Call, Histogram>,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            recorded: Counter::default(),
            // 0.25 ms to 8 s.
            commits: Histogram::new(exponential_buckets(0.000_25, 2.0, 16)),
            // 5 ms to 80 s.
            vendor: Family::new_with_constructor(|| Histogram::new(exponential_buckets(0.005, 2.0, 15))),
        }
    }
}

/// Counts a payment that this process recorded.
pub fn recorded() {
    METRICS.recorded.inc();
}

/// Notes how long a commit took to reach the disk.
pub fn committed(took: Duration) {
    METRICS.commits.observe(took.as_secs_f64());
}

/// Notes how long the vendor took for a reply; without a status the reply was lost.
pub fn vendor_replied(method: &str, status: Option<u16>, took: Duration) {
    let outcome = status.map_or_else(|| "lost".to_owned(), |status| status.to_string());
    METRICS.vendor.get_or_create(&Call { method: method.to_owned(), outcome }).observe(took.as_secs_f64());
}

/// Adds the figures of this process to a registry.
pub fn register(registry: &mut Registry) {
    registry.register("payments_recorded", "Payments that this process recorded", METRICS.recorded.clone());
    registry.register("commit_seconds", "Time of a commit of the ledger", METRICS.commits.clone());
    registry.register("vendor_seconds", "Time of a call of the vendor", METRICS.vendor.clone());
}
