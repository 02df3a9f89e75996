//! Helps development: invoices for the benchmark page, and faults on demand.

pub mod bench;
pub mod faults;
