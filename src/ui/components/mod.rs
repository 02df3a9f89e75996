//! Draws the form: each component takes values from the view model and reports what the person did.

pub mod allocation_bar;
pub mod amount_field;
pub mod announcer;
pub mod due_item;
pub mod error_summary;
pub mod icon;
pub mod invoice_table;
pub mod layout;
pub mod method_picker;
pub mod no_currency;
pub mod plan_choice;
pub mod receipt;
pub mod status_notice;
pub mod summary;
pub mod text_field;
