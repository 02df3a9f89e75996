//! What a payment is, and when it is right: pure rules over plain values.
//!
//! In scope: money, amounts as people type them, invoices, how a payment is divided over them, and everything that can be wrong before
//! it is sent. Out of scope, on purpose: JSON, HTTP, the page, the clock and randomness. Today's date is handed in, so that every rule
//! can be tested with a table and the server can apply the same rules as the form.
//!
//! The files are listed in the order of their dependencies: each names only those above it.
#![deny(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unreachable,
    clippy::unwrap_used
)]

#[macro_use]
mod names;

pub mod money;
pub mod number_format;

pub mod amount;
pub mod date;

pub mod invoice;

pub mod payment_order;

mod exact_match;

pub mod statement;

pub mod allocation;
pub mod balance_change;
pub mod payment;
pub mod problem;
pub mod terms;

pub mod draft;
pub mod receipt;

pub mod check;

pub mod shortcuts;
