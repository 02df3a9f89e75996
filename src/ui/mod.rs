//! The form as it is drawn and operated. [`screen`] says what it is drawn from and what a person can do; every other component takes
//! values from there and reports one [`screen::Act`].

mod dom;
mod live;
pub mod screen;

mod reach;
mod sums;

mod amount_field;
mod field;
mod icon;
mod method_picker;

mod allocation_bar;
mod allocation_table;
mod plan_choice;
mod table_listing;
mod table_row;
mod table_tools;
mod table_window;

mod announcer;
mod due_item;
mod error_summary;
mod receipt_view;
mod standing_notice;
mod summary;

pub mod sheet;

mod bare;
pub(crate) mod browser;
pub mod config;
mod edit;
mod errands;
mod fetch_lists;
pub mod form;
mod ground;
pub mod host;
pub mod intl;
mod lists;
mod lock;
mod pay;
mod show;
pub mod store;
pub mod supply;
mod transport;
