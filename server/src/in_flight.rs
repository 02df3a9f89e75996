//! Holds the keys that are being worked on in this process.
//!
//! A second request with the same key waits for the first one and is then answered from the store. Only when that takes long is it told
//! that the payment is in progress. Across processes the transaction of the ledger does the waiting.

use crate::idempotency::{self, Key, KeyRecord, Store};
use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::Notify;

/// The longest wait of a request for another one with its key.
const CLAIM_TIMEOUT: Duration = Duration::from_secs(2);

type Slot = (String, Key);

/// All keys that are being worked on, with their fingerprints.
#[derive(Debug, Default)]
pub struct InFlight {
    keys: Mutex<HashMap<Slot, Payload>>,
    freed: Notify,
}

/// The payloads under keys that are being worked on.
#[derive(Clone, Debug, Default)]
struct Payload {
    customer: Option<i64>,
    fingerprint: Vec<u8>,
}

/// A claim on a key: while the claim lives, this request owns the key.
#[derive(Debug)]
pub struct Claim {
    in_flight: Arc<InFlight>,
    slot: Slot,
}

/// The error of a claim: another request still works on the key. The error is also a store with this one record, so that `decide`
/// can answer.
#[derive(Debug)]
pub struct KeyInUse(Payload);

impl InFlight {
    /// Claims a key of these books, waiting a little for another request that has it.
    ///
    /// # Errors
    /// [`KeyInUse`] when the other request takes too long.
    pub async fn claim(self: &Arc<Self>, scope: &str, key: &Key, payload: idempotency::Payload<'_>) -> Result<Claim, KeyInUse> {
        let slot = (scope.to_owned(), key.clone());
        let payload = Payload { customer: payload.customer, fingerprint: payload.fingerprint.to_vec() };
        let claimed = async {
            loop {
                // Listening begins before looking, or a key that is freed in between would wake nobody.
                let freed = self.freed.notified();
                if self.try_claim(&slot, &payload) {
                    break;
                }
                freed.await;
            }
        };
        if tokio::time::timeout(CLAIM_TIMEOUT, claimed).await.is_err() {
            let other = self.lock().get(&slot).cloned();
            return Err(KeyInUse(other.unwrap_or_default()));
        }
        Ok(Claim { in_flight: Arc::clone(self), slot })
    }

    fn try_claim(&self, slot: &Slot, payload: &Payload) -> bool {
        let mut keys = self.lock();
        let is_free = !keys.contains_key(slot);
        if is_free {
            keys.insert(slot.clone(), payload.clone());
        }
        is_free
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Slot, Payload>> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.in_flight.lock().remove(&self.slot);
        self.in_flight.freed.notify_waiters();
    }
}

impl Store for KeyInUse {
    type Error = Infallible;

    fn find(&mut self, _: &str, _: &Key) -> Result<Option<KeyRecord>, Infallible> {
        Ok(Some(KeyRecord::InProgress { fingerprint: self.0.fingerprint.clone(), customer: self.0.customer }))
    }

    fn keep(&mut self, _: &str, _: &Key, _: KeyRecord) -> Result<(), Infallible> {
        Ok(())
    }
}
