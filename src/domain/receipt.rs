//! Holds the API's record of a payment, and compares it with the sent payment.

use super::{
    amount::Separators,
    invoice::{CustomerId, InvoiceId},
    money::{difference, sum, total},
    payment::Payment,
    problem::Field,
};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// One line of a receipt's division.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptShare {
    /// The invoice.
    pub invoice: InvoiceId,
    /// The number printed on it, where the API tells it.
    pub number: Option<String>,
    /// The invoice's share.
    pub amount: Decimal,
    /// The API's own address of the invoice, as sent. It is shown as a text and never opened.
    pub uri: Option<String>,
}

/// The API's statement that the money of a recorded payment has not arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettlementState {
    /// The money is still on its way.
    Pending,
    /// The money did not come.
    Failed,
}

/// The record that came back. Its amounts are the server's: they are exact, and may break every rule of [`Money`](super::money::Money).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// The number of the record.
    pub id: String,
    /// The amount that was paid.
    pub amount: Decimal,
    /// The currency's code, where the API tells it.
    pub currency: Option<String>,
    /// The customer who paid.
    pub customer: Option<CustomerId>,
    /// The payer's note: empty where the record says that there is none, `None` where the record leaves the field out.
    pub reference: Option<String>,
    /// The division, where the API tells it.
    pub shares: Option<Vec<ReceiptShare>>,
    /// The amount that stays on account, where the API tells it.
    pub unallocated: Option<Decimal>,
    /// Set when the API says that the money has not arrived.
    pub unsettled: Option<SettlementState>,
    /// MaiaScore: the amount that was due.
    pub amount_due: Option<Decimal>,
    /// MaiaScore: the due date, as sent.
    pub due_date: Option<String>,
    /// The date of the payment, as sent: a day or a timestamp.
    pub date: Option<String>,
    /// Every field of the record with its value, under the API's own names and in its order.
    pub fields: Vec<(String, String)>,
    /// The unchanged body of the answer.
    pub raw: String,
}

/// The values that the record of a sent payment should have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExpectedRecord {
    /// The amount that was sent.
    pub amount: Decimal,
    /// The currency's code. The request does not contain it, so it is unknown after a reload.
    pub currency: Option<String>,
    /// The customer.
    pub customer: Option<CustomerId>,
    /// The payer's note.
    pub reference: Option<String>,
    /// The shares of the preview; `None` after a reload, and for payments without shares.
    pub shares: Option<Vec<(InvoiceId, Decimal)>>,
    /// MaiaScore: the amount that was due.
    pub amount_due: Option<Decimal>,
    /// MaiaScore: the due date.
    pub due_date: Option<String>,
    /// MaiaScore: the date of the payment.
    pub date: Option<String>,
}

impl From<&Payment> for ExpectedRecord {
    fn from(payment: &Payment) -> Self {
        match payment {
            Payment::OnAccount(payment) => {
                let shares = payment.allocation.shares().map(|(invoice, share)| (invoice.id, share.value()));
                Self {
                    amount: payment.amount.value(),
                    currency: Some(payment.amount.currency().code().to_owned()),
                    customer: Some(payment.customer),
                    reference: payment.reference.as_ref().map(|reference| reference.text().to_owned()),
                    shares: Some(shares.collect()),
                    amount_due: None,
                    due_date: None,
                    date: None,
                }
            }
            Payment::DueItem(payment) => Self {
                amount: payment.paid.value(),
                currency: None,
                customer: None,
                reference: None,
                shares: None,
                amount_due: Some(payment.due.value()),
                due_date: Some(payment.due_date.to_string()),
                date: Some(payment.date.to_string()),
            },
        }
    }
}

/// One difference between the record and the sent payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Another amount.
    Amount {
        /// As sent.
        sent: Decimal,
        /// As recorded.
        recorded: Decimal,
    },
    /// Another share of one invoice.
    Share {
        /// The invoice.
        invoice: InvoiceId,
        /// The number printed on it, where the record tells it.
        number: Option<String>,
        /// As previewed.
        sent: Decimal,
        /// As recorded.
        recorded: Decimal,
    },
    /// Another amount stays on account.
    Unallocated {
        /// As previewed.
        sent: Decimal,
        /// As recorded.
        recorded: Decimal,
    },
    /// Another text or number in the field of this name: currency, customer, reference, a date, the due amount.
    Field {
        /// The field's own name.
        name: &'static str,
        /// As sent.
        sent: String,
        /// As recorded.
        recorded: String,
    },
}

impl Difference {
    /// Tells whether the record may be another payment. A different division is no sign of it, because the server may divide in its own
    /// way.
    pub fn is_identity(&self) -> bool {
        matches!(self, Self::Amount { .. } | Self::Field { .. })
    }
}

/// Every difference between the record and the sent, previewed payment. Fields that the record leaves out are not compared.
pub fn differences(expected: &ExpectedRecord, receipt: &Receipt) -> Vec<Difference> {
    let mut found = Vec::new();
    if expected.amount != receipt.amount {
        found.push(Difference::Amount { sent: expected.amount, recorded: receipt.amount });
    }
    let mut field = |name, sent: Option<&str>, recorded: Option<&str>| {
        if let (Some(sent), Some(recorded)) = (sent, recorded)
            && sent != recorded
        {
            found.push(Difference::Field { name, sent: sent.to_owned(), recorded: recorded.to_owned() });
        }
    };
    let is_other = |sent: &&str| !receipt.currency.as_ref().is_some_and(|recorded| recorded.eq_ignore_ascii_case(sent));
    field("currency", expected.currency.as_deref().filter(is_other), receipt.currency.as_deref());
    let id = |id: Option<CustomerId>| id.map(|id| id.to_string());
    field("customer", id(expected.customer).as_deref(), id(receipt.customer).as_deref());
    // A payment on account always has a note, maybe an empty one. A due item has no note to compare.
    let reference = expected.customer.map(|_| expected.reference.as_deref().unwrap_or_default());
    field(Field::Reference.name(), reference, receipt.reference.as_deref());
    let due = |due: Option<Decimal>| due.map(|due| Separators::ENGLISH.write_typed(due, 0));
    field(Field::AmountDue.name(), due(expected.amount_due).as_deref(), due(receipt.amount_due).as_deref());
    field(Field::DueDate.name(), expected.due_date.as_deref(), receipt.due_date.as_deref());
    field(Field::Date.name(), expected.date.as_deref(), receipt.date.as_deref());
    if let (Some(sent), Some(recorded)) = (&expected.shares, &receipt.shares) {
        note_shares(sent, recorded, &mut found);
        let allocated = total(sent.iter().map(|(_, share)| *share));
        let sent = difference(expected.amount, allocated);
        if let Some(recorded) = receipt.unallocated
            && sent != recorded
        {
            found.push(Difference::Unallocated { sent, recorded });
        }
    }
    found
}

/// Compares shares by invoice, whatever the order. An invoice that one side leaves out has a share of zero there.
fn note_shares(sent: &[(InvoiceId, Decimal)], recorded: &[ReceiptShare], found: &mut Vec<Difference>) {
    let mut both: BTreeMap<InvoiceId, (Decimal, Decimal, Option<&String>)> = BTreeMap::new();
    for (invoice, share) in sent {
        both.entry(*invoice).or_default().0 = *share;
    }
    for share in recorded {
        let (_, amount, number) = both.entry(share.invoice).or_default();
        *amount = sum(*amount, share.amount);
        *number = share.number.as_ref();
    }
    let differing = both.into_iter().filter(|(_, (sent, recorded, _))| sent != recorded);
    found.extend(differing.map(|(invoice, (sent, recorded, number))| Difference::Share {
        invoice,
        number: number.cloned(),
        sent,
        recorded,
    }));
}
