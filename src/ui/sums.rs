//! The few totals that the summary, the button that pays and the status line say.

use super::screen::Screen;
use crate::domain::{amount::Reading, draft::Checked, money::Money, payment::Kind, statement::Statement, terms::Terms};
use leptos::prelude::*;

/// What a payment comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
}

/// The sums as they change.
pub fn sums(screen: Screen) -> Memo<Sums> {
    Memo::new(move |_| {
        screen.terms.with_value(|terms| {
            screen.checked.with(|checked| screen.statement.with(|statement| Sums::new(checked, statement, terms)))
        })
    })
}

impl Sums {
    fn new(checked: &Checked, statement: &Statement, terms: &Terms) -> Self {
        let nothing = Money::zero(terms.currency);
        match (terms.kind, &checked.allocation) {
            (Kind::OnAccount, Some(allocation)) => Self {
                amount: allocation.amount(),
                allocated: allocation.allocated(),
                count: allocation.count(),
                unallocated: allocation.unallocated(),
                owed: allocation.still_owed(),
            },
            (Kind::OnAccount, None) => {
                let owed = statement.total().unwrap_or(nothing);
                Self { amount: nothing, allocated: nothing, count: 0, unallocated: nothing, owed }
            }
            (Kind::DueItem, _) => {
                let read = |reading: &Reading| match reading {
                    Reading::Number(value) => Money::new(*value, terms.currency).unwrap_or(nothing),
                    _ => nothing,
                };
                let (amount, due) = (read(&checked.amount), read(&checked.amount_due));
                let unallocated = amount.less(due);
                Self { amount, allocated: amount.less(unallocated), count: 1, unallocated, owed: due.less(amount) }
            }
        }
    }
}
