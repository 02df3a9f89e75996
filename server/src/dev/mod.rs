//! Helps development: invoices for the benchmark page, faults on demand, and a fresh start of the demo's data.

pub mod bench;
pub mod faults;
pub mod reset;
