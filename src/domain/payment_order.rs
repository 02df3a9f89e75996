//! The order in which invoices are paid, with running totals.

use super::{
    invoice::{Invoice, natural_order},
    money::sum,
};
use rust_decimal::Decimal;
use std::cmp::{Ordering, Reverse};

/// Which date of an invoice its age follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DateField {
    /// The day it is to be paid.
    #[default]
    Due,
    /// The day it was issued.
    Issued,
}

names!(DateField: Due = "due", Issued = "issued");

/// From which end the invoices are paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The earliest date first.
    Oldest,
    /// The latest date first.
    Newest,
}

/// Invoices in the order in which they are paid, with the running total of what can be paid of them.
///
/// The order is total and depends on nothing but the invoices themselves: by date (none given: last), then by invoice number in natural
/// order, then by id. Built once for a statement; a new amount only searches the running totals.
#[derive(Debug)]
pub struct Queue {
    rows: Vec<u32>,
    ranks: Vec<u32>,
    totals: Vec<Decimal>,
    has_unpayable: bool,
}

impl Queue {
    /// Orders the invoices, for payments whose amounts have at most these decimals.
    pub fn new(invoices: &[Invoice], field: DateField, direction: Direction, decimals: u32) -> Self {
        let mut sorted: Vec<(u32, &Invoice)> = (0..).zip(invoices).collect();
        sorted.sort_by(|(_, a), (_, b)| compare(a, b, field, direction));
        let mut rows = Vec::with_capacity(sorted.len());
        let mut ranks = vec![0; sorted.len()];
        let mut totals = Vec::with_capacity(sorted.len().saturating_add(1));
        let mut total = Decimal::ZERO;
        totals.push(total);
        let mut has_unpayable = false;
        for (rank, (row, invoice)) in (0_u32..).zip(sorted) {
            rows.push(row);
            if let Some(slot) = ranks.get_mut(row as usize) {
                *slot = rank;
            }
            // Eighteen digits an invoice leave room for ten thousand million invoices before this could not be represented.
            let payable = invoice.payable(decimals);
            has_unpayable |= payable.is_zero();
            total = sum(total, payable.value());
            totals.push(total);
        }
        Self { rows, ranks, totals, has_unpayable }
    }

    /// Those of whom it is the queue, in its order.
    pub(in crate::domain) fn invoices<'a>(&'a self, invoices: &'a [Invoice]) -> impl Iterator<Item = &'a Invoice> {
        self.rows.iter().map_while(|row| invoices.get(*row as usize))
    }

    /// How many invoices stand in it.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no invoice stands in it.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The row (place in the statement) of the invoice at this rank.
    pub fn row(&self, rank: usize) -> Option<usize> {
        self.rows.get(rank).map(|row| *row as usize)
    }

    /// The rank of the invoice at this row of the statement.
    pub fn rank(&self, row: usize) -> Option<usize> {
        self.ranks.get(row).map(|rank| *rank as usize)
    }

    /// Whether any invoice owes too little to be paid at all.
    pub(in crate::domain) fn has_unpayable(&self) -> bool {
        self.has_unpayable
    }

    /// The sum of what can be paid of all invoices before this rank.
    pub fn before(&self, rank: usize) -> Decimal {
        self.totals.get(rank.min(self.len())).copied().unwrap_or_default()
    }
}

/// The order of two invoices in a queue.
fn compare(a: &Invoice, b: &Invoice, field: DateField, direction: Direction) -> Ordering {
    let date = |invoice: &Invoice| match field {
        DateField::Due => invoice.due,
        DateField::Issued => invoice.issued,
    };
    let (x, y) = (date(a), date(b));
    // `false` sorts before `true`: invoices without the date come last, whichever end is paid first.
    x.is_none()
        .cmp(&y.is_none())
        .then_with(|| match direction {
            Direction::Oldest => x.cmp(&y),
            Direction::Newest => Reverse(x).cmp(&Reverse(y)),
        })
        .then_with(|| natural_order(&a.number, &b.number))
        .then_with(|| a.id.cmp(&b.id))
}
