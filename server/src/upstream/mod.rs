//! Hands payments on to a vendor who knows no idempotency keys, each exactly once.

pub mod routes;
pub mod stage;
pub mod vendor;
