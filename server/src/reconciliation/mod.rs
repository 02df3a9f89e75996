//! Decides what became of a payment that was handed on to a vendor who knows no idempotency keys: without clock, network or database.
//!
//! [`stage`] decides how an attempt goes on, and [`attribution`] which of the vendor's records is an attempt's.

pub mod attribution;
pub mod stage;
