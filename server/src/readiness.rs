//! Tells whether a payment could be taken now.

use crate::{error::ApiError, state::AppState, upstream::vendor::VendorFault};
use std::time::Instant;
use tokio::sync::Mutex;

/// The latest check. Anybody may ask, and each check writes to the ledger, so checks take turns, and all who wait share the next one.
#[derive(Debug, Default)]
pub struct Readiness {
    latest: Mutex<Option<(Instant, Result<(), ApiError>)>>,
}

impl Readiness {
    /// Checks that a payment could be taken: the schema, a write, the disk, and the account's key at the vendor's.
    ///
    /// # Errors
    /// The reason why it is not ready.
    pub async fn check(&self, state: &AppState) -> Result<(), ApiError> {
        let asked_at = Instant::now();
        let mut latest = self.latest.lock().await;
        if let Some((begun_at, found)) = latest.as_ref()
            && *begun_at >= asked_at
        {
            return found.clone();
        }
        let begun_at = Instant::now();
        let found = look(state).await;
        *latest = Some((begun_at, found.clone()));
        found
    }
}

async fn look(state: &AppState) -> Result<(), ApiError> {
    state.ledger.check().await?;
    match &state.vendor {
        Some(vendor) => vendor.check_key().await.map_err(VendorFault::before_read),
        None => Ok(()),
    }
}
