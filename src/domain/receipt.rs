//! What the API says it recorded, and whether that is what was sent.

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
    /// Which invoice.
    pub invoice: InvoiceId,
    /// The number printed on it, where the API tells it.
    pub number: Option<String>,
    /// What it got.
    pub amount: Decimal,
    /// The API's own address of the invoice, as sent: a text, not to be followed unasked.
    pub uri: Option<String>,
}

/// Why the money of a recorded payment is not there, where the API says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsettled {
    /// It is still on its way.
    Pending,
    /// It did not come.
    Failed,
}

/// The record that came back. Amounts are the server's, so nothing is assumed of them but that they are exact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// The number of the record.
    pub id: String,
    /// How much was paid.
    pub amount: Decimal,
    /// The currency's code, where the API tells it.
    pub currency: Option<String>,
    /// Who paid.
    pub customer: Option<CustomerId>,
    /// The payer's note; empty where the record has none, nothing where it does not speak of one.
    pub reference: Option<String>,
    /// The division, where the API tells it.
    pub shares: Option<Vec<ReceiptShare>>,
    /// What stays on account, where the API tells it.
    pub unallocated: Option<Decimal>,
    /// Whether the money is known not to be there.
    pub unsettled: Option<Unsettled>,
    /// MaiaScore: what was due.
    pub amount_due: Option<Decimal>,
    /// MaiaScore: when it was due, as sent.
    pub due_date: Option<String>,
    /// When it was paid, as sent: a day, or a moment.
    pub date: Option<String>,
    /// Every field of the record with its value, by the API's own names, in its order: the record in full.
    pub fields: Vec<(String, String)>,
    /// The body as it came.
    pub raw: String,
}

/// What a payment is expected to come back as.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// How much was sent.
    pub amount: Decimal,
    /// In which currency, by its code. It does not travel in the request, so after a reload it is no longer known.
    pub currency: Option<String>,
    /// For whom.
    pub customer: Option<CustomerId>,
    /// With which note.
    pub reference: Option<String>,
    /// The shares as previewed; `None` where the preview is no longer known (after a reload) or the kind has none.
    pub shares: Option<Vec<(InvoiceId, Decimal)>>,
    /// MaiaScore: what was due.
    pub amount_due: Option<Decimal>,
    /// MaiaScore: when it was due.
    pub due_date: Option<String>,
    /// MaiaScore: when it was paid.
    pub date: Option<String>,
}

impl From<&Payment> for Expected {
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

/// One way in which the record is not what was sent.
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
        /// Which invoice.
        invoice: InvoiceId,
        /// The number printed on it, where the record tells it.
        number: Option<String>,
        /// As previewed.
        sent: Decimal,
        /// As recorded.
        recorded: Decimal,
    },
    /// Another rest stays on account.
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
    /// Whether the record may be somebody else's payment: everything but the division, which the server may do its own way.
    pub fn is_identity(&self) -> bool {
        matches!(self, Self::Amount { .. } | Self::Field { .. })
    }
}

/// Every way in which the record differs from what was sent and previewed. What the record leaves out it says nothing about: only the fields
/// that it has are compared.
pub fn differences(expected: &Expected, receipt: &Receipt) -> Vec<Difference> {
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
    // A payment for a customer has a note, if an empty one; the other kind has none to compare.
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

/// Compares by invoice, whatever the order; an invoice that stands on one side only has zero on the other.
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
