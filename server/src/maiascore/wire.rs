//! Writes MaiaScore's record, field by field.

use crate::{ledger::due_items::DueItem, response::Number};
use serde::Serialize;

/// A record, as the document shows it; its id is a text.
#[derive(Debug, Serialize)]
pub(super) struct Record {
    pub(super) id: String,
    #[serde(rename = "amountDue")]
    pub(super) amount_due: Number,
    #[serde(rename = "amountPaid")]
    pub(super) amount_paid: Number,
    #[serde(rename = "dueDate")]
    pub(super) due_date: String,
    pub(super) date: String,
    pub(super) published_at: String,
    pub(super) created_by: String,
    pub(super) updated_by: String,
}

impl From<DueItem> for Record {
    fn from(record: DueItem) -> Self {
        Self {
            id: record.id.to_string(),
            amount_due: Number(record.item.amount_due),
            amount_paid: Number(record.item.amount_paid),
            due_date: record.item.due_date.to_string(),
            date: record.item.date.to_string(),
            published_at: record.published_at,
            updated_by: record.created_by.clone(),
            created_by: record.created_by,
        }
    }
}
