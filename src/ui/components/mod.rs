//! Draws the form. Components take values from the view model and report actions of the person to it.

pub mod facts;
pub mod icon;
pub mod list_failure;
pub mod paid_up;
pub mod skeleton;
pub mod text_field;

pub mod amount_field;
pub mod due_item;
pub mod method_picker;
pub mod plan_choice;

pub mod allocation_bar;
pub mod summary;

pub mod announcer;
pub mod change_button;
pub mod status_notice;

pub mod division;
pub mod error_summary;
pub mod header;
pub mod invoice_table;
pub mod no_currency;
pub mod receipt;
pub mod review;

pub mod layout;
