//! The form as typed.

use super::{allocation::Order, date::Date, invoice::InvoiceId};
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
    pub date: PaymentDate,
    /// The chosen radio: `stored-<id>`, `default`, `Cash`, `Check`, `DirectDeposit`; empty when none is.
    pub method: String,
    /// The payer's note.
    pub reference: String,
    /// The chosen order.
    pub order: Order,
    /// The shares that the person typed, by invoice. Each is a pin; an empty text is none.
    pub shares: BTreeMap<InvoiceId, String>,
}

/// The day of a payment, as the form has it. A default grows old in a form that stays open over midnight, or is restored the next day; so it
/// is no text, but the rule that made it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PaymentDate {
    /// Untouched: today, on the day on which the draft is shown, checked and sent.
    #[default]
    Today,
    /// As the person or the host wrote it, on whatever day. An empty text is a field that was emptied.
    Typed(String),
}

impl PaymentDate {
    /// The text that the field shows.
    ///
    /// ```
    /// use payment_form::domain::{date::Date, draft::PaymentDate};
    /// let days = ["2026-11-20", "2026-11-21"].map(|day| Date::parse(day).expect("a day"));
    /// assert_eq!(days.map(|today| PaymentDate::Today.text(today)), ["2026-11-20", "2026-11-21"]);
    /// let typed = PaymentDate::from("2026-11-20");
    /// assert_eq!(days.map(|today| typed.text(today)), ["2026-11-20", "2026-11-20"]);
    /// ```
    pub fn text(&self, today: Date) -> String {
        self.typed().map_or_else(|| today.to_string(), str::to_owned)
    }

    /// The text that is stored with a draft: none for an untouched date, which is again today's when the draft is restored.
    pub fn typed(&self) -> Option<&str> {
        match self {
            Self::Today => None,
            Self::Typed(text) => Some(text),
        }
    }
}

impl<T: Into<String>> From<T> for PaymentDate {
    fn from(text: T) -> Self {
        Self::Typed(text.into())
    }
}
