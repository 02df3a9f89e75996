//! Counts and times for Prometheus, in its text format (OpenMetrics).
//!
//! Counters and times belong to the process; the figures about attempts are read from the ledger when somebody asks.

use crate::{auth, error::ApiError, ledger::upstream as attempts, response::Contract, state::SharedState};
use axum::{
    extract::{Request, State},
    http::header,
    response::{IntoResponse, Response},
};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::Registry,
};
use std::{sync::LazyLock, time::Duration};

/// The type of the text.
const TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

static METRICS: LazyLock<Metrics> = LazyLock::new(Metrics::default);

/// One call of the vendor with its result.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Call {
    method: String,
    /// The status of the reply, or `lost`.
    outcome: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AtStage {
    state: String,
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

/// `GET /metrics`, for callers who may act for everybody.
pub async fn metrics(State(state): State<SharedState>, request: Request) -> Response {
    let principal = auth::principal(&request);
    drop(request);
    match principal {
        Ok(principal) if principal.may_act_for(None) => {}
        Ok(_) => return ApiError::Forbidden("Only programs and staff read the figures.").response(Contract::Fusebill),
        Err(refusal) => return refusal.response(Contract::Fusebill),
    }
    let stages: Result<Vec<(String, i64, String)>, ApiError> = state.ledger.read(|ledger| Ok(attempts::stages(ledger)?)).await;
    let stages = match stages {
        Ok(stages) => stages,
        Err(refusal) => return refusal.response(Contract::Fusebill),
    };
    let (counts, ages, waiting) =
        (Family::<AtStage, Gauge>::default(), Family::<AtStage, Gauge>::default(), Gauge::<i64>::default());
    waiting.set(i64::try_from(state.ledger.queue_length()).unwrap_or(i64::MAX));
    for (stage, count, begun_at) in stages {
        let stage = AtStage { state: stage };
        counts.get_or_create(&stage).set(count);
        if stage.state != "settled" {
            let age = state.clock.seconds_since(&begun_at).unwrap_or_default();
            ages.get_or_create(&stage).set(i64::try_from(age).unwrap_or(i64::MAX));
        }
    }
    let mut registry = Registry::with_prefix("payment_form");
    registry.register("payments_recorded", "Payments that this process recorded", METRICS.recorded.clone());
    registry.register("writes_waiting", "Writes that wait for their turn", waiting);
    registry.register("commit_seconds", "Time of a commit of the ledger", METRICS.commits.clone());
    registry.register("vendor_seconds", "Time of a call of the vendor", METRICS.vendor.clone());
    registry.register("attempts", "Attempts that are handed on to the vendor, by state", counts);
    registry.register("oldest_attempt_seconds", "Age of the oldest attempt of each state that is not settled", ages);
    let mut text = String::new();
    // Writing into a text fails only where memory ends.
    match encode(&mut text, &registry) {
        Ok(()) => ([(header::CONTENT_TYPE, TYPE)], text).into_response(),
        Err(_) => ApiError::Internal.response(Contract::Fusebill),
    }
}
