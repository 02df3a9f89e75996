//! What changed between two readings of what is owed: shown to the person before a payment is sent on newer balances than they saw.

use super::{
    allocation::Allocation,
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
    let (balance_before, balance_after) = (|id| balance_in(before, id), |id| balance_in(after, id));
    let mut changes = Vec::new();
    compare(&mut before.invoices().iter(), &balance_before, &balance_after, &mut changes);
    let mut new = after.invoices().iter().filter(|invoice| before.row_of(invoice.id).is_none());
    compare(&mut new, &balance_before, &balance_after, &mut changes);
    changes
}

/// Every invoice that gets another share than before: what a newer statement makes of the same draft. First those that got something, in
/// the order of paying, then new ones.
pub fn share_changes(before: &Allocation, after: &Allocation) -> Vec<Change> {
    let share_in = |allocation: &Allocation, id| {
        let share = allocation.statement().row_of(id).map(|row| allocation.share(row));
        share.filter(|share| !share.is_zero())
    };
    let (share_before, share_after) = (|id| share_in(before, id), |id| share_in(after, id));
    let mut changes = Vec::new();
    compare(&mut before.shares().map(|(invoice, _)| invoice), &share_before, &share_after, &mut changes);
    let new = after.shares().map(|(invoice, _)| invoice);
    compare(&mut new.filter(|invoice| share_before(invoice.id).is_none()), &share_before, &share_after, &mut changes);
    changes
}

/// Notes each of these invoices for which the two say other things.
fn compare(
    invoices: &mut dyn Iterator<Item = &Invoice>,
    before: &dyn Fn(InvoiceId) -> Option<Money>,
    after: &dyn Fn(InvoiceId) -> Option<Money>,
    changes: &mut Vec<Change>,
) {
    for invoice in invoices {
        let (before, after) = (before(invoice.id), after(invoice.id));
        if before != after {
            changes.push(Change { invoice: invoice.id, number: invoice.number.clone(), before, after });
        }
    }
}
