//! The form as typed.

use super::{allocation::Order, invoice::InvoiceId};
use std::collections::BTreeMap;

/// The form as typed: texts, untouched. Nothing is trimmed, blocked or reformatted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// How much is paid (MaiaScore: amountPaid).
    pub amount: String,
    /// MaiaScore: how much is due.
    pub amount_due: String,
    /// MaiaScore: when it is due, as the date input gives it.
    pub due_date: String,
    /// MaiaScore: when it is paid.
    pub date: String,
    /// The chosen radio: `stored-<id>`, `default`, `Cash`, `Check`, `DirectDeposit`; empty when none is.
    pub method: String,
    /// The payer's note.
    pub reference: String,
    /// The chosen order.
    pub order: Order,
    /// The shares that the person typed, by invoice. Each is a pin; an empty text is none.
    pub shares: BTreeMap<InvoiceId, String>,
}
