//! The few totals that the summary, the button that pays and the status line say, and the parts that the bar shows.

use super::{
    live::{Live, computed},
    screen::Screen,
};
use crate::domain::{
    allocation::Allocation, amount::Reading, draft::Checked, invoice::InvoiceId, money::Money, payment::Kind,
    statement::Statement, terms::Terms,
};
use std::sync::Arc;

/// How many parts the bar shows by themselves; all others are one part.
pub const PARTS_MAX: usize = 12;

/// What a payment comes to. Costs the same for ten invoices and for a hundred thousand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sums {
    /// How much is paid; nothing while the amount cannot be read.
    pub amount: Money,
    /// What goes to invoices, or to what is due.
    pub allocated: Money,
    /// How many invoices get something.
    pub count: usize,
    /// What no invoice gets; of a due item, the overpayment.
    pub unallocated: Money,
    /// What remains to be paid afterwards.
    pub owed: Money,
    /// The first parts in the order of paying: which invoice, its number, its share.
    pub parts: Vec<(InvoiceId, String, Money)>,
}

/// The sums as they change.
pub fn sums(screen: Screen) -> Live<Arc<Sums>> {
    computed(move |_| Arc::new(Sums::new(&screen.checked(), &screen.statement(), &screen.terms())))
}

impl Sums {
    fn new(checked: &Checked, statement: &Statement, terms: &Terms) -> Self {
        let nothing = Money::zero(terms.currency);
        match (terms.kind, &checked.allocation) {
            (Kind::OnAccount, Some(allocation)) => Self::of(allocation),
            (Kind::OnAccount, None) => {
                let owed = statement.total().unwrap_or(nothing);
                Self { amount: nothing, allocated: nothing, count: 0, unallocated: nothing, owed, parts: Vec::new() }
            }
            (Kind::DueItem, _) => {
                let read = |reading: &Reading| match reading {
                    Reading::Number(value) => Money::new(*value, terms.currency).unwrap_or(nothing),
                    _ => nothing,
                };
                let (amount, due) = (read(&checked.amount), read(&checked.amount_due));
                let unallocated = amount.less(due);
                Self {
                    amount,
                    allocated: amount.less(unallocated),
                    count: 1,
                    unallocated,
                    owed: due.less(amount),
                    parts: Vec::new(),
                }
            }
        }
    }

    fn of(allocation: &Allocation) -> Self {
        let parts = allocation.shares().take(PARTS_MAX).map(|(invoice, share)| (invoice.id, invoice.number.clone(), share));
        Self {
            amount: allocation.amount(),
            allocated: allocation.allocated(),
            count: allocation.count(),
            unallocated: allocation.unallocated(),
            owed: allocation.still_owed(),
            parts: parts.collect(),
        }
    }

    /// How many more invoices get something than the bar shows by themselves, and what they get together.
    pub fn others(&self) -> Option<(usize, Money)> {
        let others = self.count.saturating_sub(self.parts.len());
        let share = self.parts.iter().fold(self.allocated, |left, (.., share)| left.less(*share));
        (others > 0).then_some((others, share))
    }

    /// The place of an invoice among the parts.
    pub fn place(&self, id: InvoiceId) -> Option<usize> {
        self.parts.iter().position(|(other, ..)| *other == id)
    }
}
