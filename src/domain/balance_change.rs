//! Lists the changes between two statements. The person sees them before a payment is sent on newer balances than they saw.

use super::{
    allocation::Allocation,
    invoice::{Invoice, InvoiceId},
    money::Money,
    statement::Statement,
};

/// One invoice whose amount changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The invoice.
    pub invoice: InvoiceId,
    /// The number printed on it.
    pub number: String,
    /// The amount before; `None` when the invoice was not open.
    pub before: Option<Money>,
    /// The amount now; `None` when the invoice is not open any more.
    pub after: Option<Money>,
}

/// Every open invoice that is new, gone or has another balance: first those of the older list, in its order, then new ones.
pub fn changes(before: &Statement, after: &Statement) -> Vec<Change> {
    let new = after.invoices().iter().filter(|invoice| before.row_of(invoice.id).is_none());
    let balance = |statement: &Statement, id| Some(statement.invoice(statement.row_of(id)?)?.balance);
    differing_shares(before.invoices().iter().chain(new), |id| (balance(before, id), balance(after, id)))
}

/// Every invoice whose share changed because the same draft meets a newer statement. First those with a share before, in the order of
/// paying, then new ones.
pub fn share_changes(before: &Allocation, after: &Allocation) -> Vec<Change> {
    let share = |allocation: &Allocation, id| {
        let share = allocation.statement().row_of(id).map(|row| allocation.share(row));
        share.filter(|share| !share.is_zero())
    };
    let new = after.shares().map(|(invoice, _)| invoice).filter(|invoice| share(before, invoice.id).is_none());
    let all = before.shares().map(|(invoice, _)| invoice).chain(new);
    differing_shares(all, |id| (share(before, id), share(after, id)))
}

/// The invoices whose amounts before and after differ.
fn differing_shares<'a>(
    invoices: impl Iterator<Item = &'a Invoice>,
    amounts: impl Fn(InvoiceId) -> (Option<Money>, Option<Money>),
) -> Vec<Change> {
    let change = |invoice: &Invoice| {
        let (before, after) = amounts(invoice.id);
        (before != after).then(|| Change { invoice: invoice.id, number: invoice.number.clone(), before, after })
    };
    invoices.filter_map(change).collect()
}
