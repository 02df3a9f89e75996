//! Brings the demo's data back to their beginning.

use crate::{
    error::ApiError,
    response::{self, Contract},
    state::SharedState,
};
use axum::{extract::State, response::Response};

/// `POST /demo/reset`: deletes every payment, attempt and record, and seeds the ledger again. The route exists in development mode only,
/// and asks for credentials as every route that writes.
pub async fn reset(State(app): State<SharedState>) -> Response {
    match app.ledger.reset(app.clock.today()).await {
        Ok(()) => response::json(200, "{\"status\":\"reset\"}"),
        Err(error) => ApiError::from(error).response(Contract::Fusebill),
    }
}
