//! Draws the form and takes what a person does: `platform` speaks to the browser, `state` keeps the form's signals, `components` draw.

mod dom;
mod live;

pub mod platform;

pub mod state;

pub mod components;
