//! A payment entry form for people who owe invoices.
pub mod api;
pub mod domain;
pub mod submission;
#[cfg(feature = "ui")]
pub mod element;
#[cfg(feature = "ui")]
pub mod ui;
pub mod words;
