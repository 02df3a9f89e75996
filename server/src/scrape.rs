//! Answers `GET /metrics` for Prometheus, in its text format (OpenMetrics). The figures about attempts are read from the ledger.

use crate::{
    auth, error::ApiError, ledger::upstream as attempts, metrics, payments::attempt, reconciliation::stage::Stage,
    response::Contract, state::SharedState,
};
use axum::{
    extract::{Request, State},
    http::header,
    response::{IntoResponse, Response},
};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{family::Family, gauge::Gauge},
    registry::Registry,
};

/// The type of the text.
const TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StageLabel {
    state: String,
}

/// `GET /metrics`, for callers who may act for everybody.
pub async fn scrape(State(state): State<SharedState>, request: Request) -> Response {
    let principal = auth::principal(&request);
    drop(request);
    match principal {
        Ok(principal) if principal.may_act_for(None) => {}
        Ok(_) => return ApiError::Forbidden("Only programs and staff read the figures.").response(Contract::Fusebill),
        Err(refusal) => return refusal.response(Contract::Fusebill),
    }
    let scope = attempt::scope(&state, state.vendor.as_ref().map_or(Contract::Fusebill, |vendor| vendor.contract));
    let now = i64::try_from(state.ledger.seconds()).unwrap_or(i64::MAX);
    let stages: Result<Vec<(String, i64, String)>, ApiError> =
        state.ledger.read(move |ledger| Ok(attempts::stages(ledger, &scope, now)?)).await;
    let stages = match stages {
        Ok(stages) => stages,
        Err(refusal) => return refusal.response(Contract::Fusebill),
    };
    let (counts, ages, waiting) =
        (Family::<StageLabel, Gauge>::default(), Family::<StageLabel, Gauge>::default(), Gauge::<i64>::default());
    waiting.set(i64::try_from(state.ledger.queue_length()).unwrap_or(i64::MAX));
    // A stage without attempts is zero: an alarm must tell it from a figure that is missing.
    for stage in [Stage::Intended, Stage::Sent, Stage::Unknown] {
        let label = StageLabel { state: stage.name().to_owned() };
        let found = stages.iter().find(|(name, ..)| *name == label.state);
        counts.get_or_create(&label).set(found.map_or(0, |(_, count, _)| *count));
        let age = found.and_then(|(.., begun_at)| state.clock.seconds_since(begun_at)).unwrap_or_default();
        ages.get_or_create(&label).set(i64::try_from(age).unwrap_or(i64::MAX));
    }
    let mut registry = Registry::with_prefix("payment_form");
    metrics::register(&mut registry);
    registry.register("writes_waiting", "Writes that wait for their turn", waiting);
    registry.register("attempts", "Attempts that are not settled, by state", counts);
    registry.register("oldest_attempt_seconds", "Age of the oldest attempt of each state", ages);
    let mut text = String::new();
    // Writing into a text fails only where memory ends.
    match encode(&mut text, &registry) {
        Ok(()) => ([(header::CONTENT_TYPE, TYPE)], text).into_response(),
        Err(_) => ApiError::Internal.response(Contract::Fusebill),
    }
}
