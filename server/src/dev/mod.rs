//! Helps development: invoices for the benchmark page, and a fresh start of the demo's data.

pub mod bench;
pub mod reset;
