//! The form as it is drawn and operated. [`screen`] says what it is drawn from and what a person can do; every other component takes
//! values from there and reports one [`screen::Act`].

pub mod screen;
pub mod sheet;

pub(crate) mod browser;
pub mod config;
mod errands;
pub mod form;
pub mod host;
pub mod intl;
mod lists;
mod lock;
mod pay;
pub mod store;
pub mod supply;
mod transport;
