//! Holds the rules of a payment: pure functions over plain values.
//!
//! In scope: money, typed amounts, invoices, the division of a payment over them, and every problem that can be known before the
//! send. Out of scope, on purpose: JSON, HTTP, the page, the clock and randomness. The caller passes today's date, so that tables
//! can test every rule and the server can apply the same rules as the form.
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

mod notation;

mod currency_marks;

pub mod amount;
pub mod date;

pub mod invoice;

pub mod payment_order;

mod exact_match;

pub mod statement;

pub mod plan;

pub mod allocation;
pub mod balance_change;
pub mod payment;
pub mod problem;
pub mod terms;

pub mod draft;
pub mod receipt;

pub mod check;

pub mod shortcuts;
