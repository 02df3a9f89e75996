//! Holds the form as typed.

use super::{allocation::Order, date::Date, invoice::InvoiceId};
use std::collections::BTreeMap;

/// The form as typed: unchanged texts. No text is trimmed, blocked or reformatted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The amount that is paid (MaiaScore: `amountPaid`).
    pub amount: String,
    /// MaiaScore: the amount that is due.
    pub amount_due: String,
    /// MaiaScore: the due date, as the date input gives it.
    pub due_date: String,
    /// MaiaScore: the date of the payment.
    pub date: PaymentDate,
    /// The value of the chosen radio: `stored-<id>`, `default`, `Cash`, `Check`, `DirectDeposit`; empty when none is chosen.
    pub method: String,
    /// The payer's note.
    pub reference: String,
    /// The chosen order.
    pub order: Order,
    /// The shares that the person typed, by invoice. Each is a pin; an empty text is none.
    pub shares: BTreeMap<InvoiceId, String>,
}

/// The date of a payment. The default is no text but a rule, because a form may stay open over midnight or be restored the next day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PaymentDate {
    /// Untouched: today, on the day on which the draft is shown, checked and sent.
    #[default]
    Today,
    /// The text of the person or the host. An empty text is a field that was emptied.
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

    /// The text that is stored with a draft. An untouched date stores none, so that a restored draft shows the new day.
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
