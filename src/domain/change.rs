//! What changed between two readings of what is owed: shown to the person before a payment is sent on newer balances than they saw.

use super::{allocation::Allocation, invoice::InvoiceId, money::Money, statement::Statement};

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

/// Every invoice that gets another share than before: what a newer statement makes of the same draft. First those that got something, in
/// the order of paying, then new ones.
pub fn share_changes(before: &Allocation, after: &Allocation) -> Vec<Change> {
    let share_in = |allocation: &Allocation, id| {
        let share = allocation.statement().row_of(id).map(|row| allocation.share(row));
        share.filter(|share| !share.is_zero())
    };
    let new = after.shares().filter(|(invoice, _)| share_in(before, invoice.id).is_none());
    let change = before.shares().chain(new).map(|(invoice, _)| Change {
        invoice: invoice.id,
        number: invoice.number.clone(),
        before: share_in(before, invoice.id),
        after: share_in(after, invoice.id),
    });
    change.filter(|change| change.before != change.after).collect()
}
