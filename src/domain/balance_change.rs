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
    let new = after.invoices().iter().filter(|invoice| before.row_of(invoice.id).is_none());
    let balance = |statement: &Statement, id| Some(statement.invoice(statement.row_of(id)?)?.balance);
    differing(before.invoices().iter().chain(new), |id| (balance(before, id), balance(after, id)))
}

/// Every invoice that gets another share than before: what a newer statement makes of the same draft. First those that got something, in
/// the order of paying, then new ones.
pub fn share_changes(before: &Allocation, after: &Allocation) -> Vec<Change> {
    let share = |allocation: &Allocation, id| {
        let share = allocation.statement().row_of(id).map(|row| allocation.share(row));
        share.filter(|share| !share.is_zero())
    };
    let new = after.shares().map(|(invoice, _)| invoice).filter(|invoice| share(before, invoice.id).is_none());
    let all = before.shares().map(|(invoice, _)| invoice).chain(new);
    differing(all, |id| (share(before, id), share(after, id)))
}

/// Those of the invoices whose amounts before and after differ.
fn differing<'a>(
    invoices: impl Iterator<Item = &'a Invoice>,
    amounts: impl Fn(InvoiceId) -> (Option<Money>, Option<Money>),
) -> Vec<Change> {
    let change = |invoice: &Invoice| {
        let (before, after) = amounts(invoice.id);
        (before != after).then(|| Change { invoice: invoice.id, number: invoice.number.clone(), before, after })
    };
    invoices.filter_map(change).collect()
}
