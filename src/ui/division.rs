//! The first parts of a division: what the bar shows and what gives the rows of the table their colours.

use super::screen::Screen;
use crate::domain::{allocation::Allocation, invoice::InvoiceId, money::Money};
use leptos::prelude::*;

/// How many parts the bar shows by themselves; all others are one part.
pub const PARTS_MAX: usize = 12;

/// One invoice's part of the payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which invoice.
    pub id: InvoiceId,
    /// The number printed on it.
    pub number: String,
    /// What it gets.
    pub share: Money,
}

/// A division as a picture can show it. Costs the same for ten invoices and for a hundred thousand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Division {
    /// The first parts in the order of paying.
    pub parts: Vec<Part>,
    /// How many more invoices get something, and what they get together.
    pub others: Option<(usize, Money)>,
    /// What stays on account, if anything does.
    pub rest: Option<Money>,
}

impl Division {
    /// The place of an invoice among the parts.
    pub fn place(&self, id: InvoiceId) -> Option<usize> {
        self.parts.iter().position(|part| part.id == id)
    }

    fn of(allocation: &Allocation) -> Self {
        let part = |(invoice, share): (&crate::domain::invoice::Invoice, Money)| Part {
            id: invoice.id,
            number: invoice.number.clone(),
            share,
        };
        let parts: Vec<Part> = allocation.shares().take(PARTS_MAX).map(part).collect();
        let others = allocation.count().saturating_sub(parts.len());
        let others_share = parts.iter().fold(allocation.allocated(), |left, part| left.less(part.share));
        let rest = allocation.unallocated();
        Self { parts, others: (others > 0).then_some((others, others_share)), rest: (!rest.is_zero()).then_some(rest) }
    }
}

/// The division as it changes.
pub fn division(screen: Screen) -> Memo<Division> {
    Memo::new(move |_| screen.checked.with(|checked| checked.allocation.as_ref().map(Division::of).unwrap_or_default()))
}
