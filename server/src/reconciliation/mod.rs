//! Decides what became of a payment that was handed on to a vendor who knows no idempotency keys: without clock, network or database.
//!
//! [`stage`] decides how an attempt goes on, and [`attribution`] which of the vendor's records is an attempt's. A *look* asks the
//! vendor's readers once for the payment of an attempt.

pub mod attribution;
pub mod stage;
