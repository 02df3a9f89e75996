//! Keeps the form's signals, and changes them when the person, the page or the server acts.

pub mod events;
pub mod lists;
pub mod page;
pub mod settings;

pub mod basis;
pub mod command_state;
pub mod draft_check;
pub mod feed_state;
pub mod form_state;

pub mod submission_view;
pub mod totals;
pub mod view_model;
pub mod wording;

pub mod actions;
pub mod commands;
pub mod draft;
pub mod endpoint_check;
pub mod feed;
pub mod payment;
pub mod reconfigure;
