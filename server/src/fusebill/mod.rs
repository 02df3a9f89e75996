//! Speaks Fusebill's API: creates payments, and answers the readers that a portal needs.

pub(crate) mod body;
pub mod list;
pub mod routes;
pub mod rules;
pub mod wire;

pub use routes::{create, invoice, invoice_summaries, payment, payment_activities, payment_methods, resolve};
