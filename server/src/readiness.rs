//! Tells whether a payment could be taken now.

use crate::{
    error::ApiError,
    ledger::Ledger,
    vendor::{Vendor, VendorFault},
};
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
    pub async fn check(&self, ledger: &Ledger, vendor: Option<&Vendor>) -> Result<(), ApiError> {
        let asked_at = Instant::now();
        let mut latest = self.latest.lock().await;
        if let Some((begun_at, found)) = latest.as_ref()
            && *begun_at >= asked_at
        {
            return found.clone();
        }
        let begun_at = Instant::now();
        let found = look(ledger, vendor).await;
        *latest = Some((begun_at, found.clone()));
        found
    }
}

async fn look(ledger: &Ledger, vendor: Option<&Vendor>) -> Result<(), ApiError> {
    ledger.check().await?;
    match vendor {
        Some(vendor) => vendor.check_key().await.map_err(VendorFault::before_read),
        None => Ok(()),
    }
}
