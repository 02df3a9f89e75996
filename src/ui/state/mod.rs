//! Keeps the form's signals and decides what follows from what a person, the page or the server does.

pub mod actions;
pub mod commands;
pub mod config;
pub mod fetch_lists;
pub mod form_state;
pub mod host;
pub mod pay;
pub mod reconfigure;
pub mod show;
pub mod supply;
pub mod totals;
pub mod view_model;
