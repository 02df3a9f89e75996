//! What changed between two readings of what is owed: shown to the person before a payment is sent on newer balances than they saw.

use super::{
    allocation::Allocation,
    by_invoice::ByInvoice,
    invoice::{Invoice, InvoiceId},
    money::Money,
    statement::Statement,
};

/// One invoice that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which.
    pub invoice: InvoiceId,
    /// The number printed on it.
    pub number: String,
    /// What was owed before; `None` when the invoice was not open.
    pub before: Option<Money>,
    /// What is owed now; `None` when the invoice is not open any more.
    pub after: Option<Money>,
}

/// Every open invoice whose balance is another, that is gone or that is new: first those of the older list, in its order, then new ones.
pub fn changes(before: &Statement, after: &Statement) -> Vec<Change> {
    let balance_in = |statement: &Statement, id| Some(statement.invoice(statement.row_of(id)?)?.balance);
    let known = before.invoices();
    let new = after.invoices().iter().filter(|invoice| before.row_of(invoice.id).is_none());
    let change = known.iter().chain(new).map(|invoice| Change {
        invoice: invoice.id,
        number: invoice.number.clone(),
        before: balance_in(before, invoice.id),
        after: balance_in(after, invoice.id),
    });
    change.filter(|change| change.before != change.after).collect()
}

/// Every invoice that gets another share than before, by invoice: what a newer statement makes of the same draft.
pub fn share_changes(before: &Allocation, after: &Allocation) -> Vec<Change> {
    let mut both: ByInvoice<Change> = ByInvoice::default();
    let entry = |invoice: &Invoice| Change { invoice: invoice.id, number: invoice.number.clone(), before: None, after: None };
    for (invoice, share) in before.shares() {
        both.insert(invoice.id, Change { before: Some(share), ..entry(invoice) });
    }
    for (invoice, share) in after.shares() {
        let change = both.get(invoice.id).cloned().unwrap_or_else(|| entry(invoice));
        both.insert(invoice.id, Change { after: Some(share), ..change });
    }
    both.iter().map(|(_, change)| change.clone()).filter(|change| change.before != change.after).collect()
}
