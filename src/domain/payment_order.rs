//! Orders invoices as they are paid, with running totals.

use super::{
    invoice::{Invoice, natural_order},
    money::sum,
};
use rust_decimal::Decimal;
use std::cmp::{Ordering, Reverse};

/// The date that makes an invoice old.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DateField {
    /// The due date.
    #[default]
    Due,
    /// The date of issue.
    Issued,
}

names!(DateField: Due = "due", Issued = "issued");

/// The end from which the invoices are paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The earliest date first.
    Oldest,
    /// The latest date first.
    Newest,
}

/// Invoices in the order in which they are paid, with running totals of their payable balances.
///
/// The order is total and depends only on the invoices: by date, then by invoice number in natural order, then by id. Invoices
/// without a date come last. A statement builds it once; a new amount only searches the running totals.
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
            // Amounts have at most eighteen digits, so the sum of ten thousand million invoices still fits.
            let payable = invoice.payable(decimals);
            has_unpayable |= payable.is_zero();
            total = sum(total, payable.value());
            totals.push(total);
        }
        Self { rows, ranks, totals, has_unpayable }
    }

    /// The invoices in the order of this queue.
    pub(in crate::domain) fn invoices<'a>(&'a self, invoices: &'a [Invoice]) -> impl Iterator<Item = &'a Invoice> {
        self.rows.iter().map_while(|row| invoices.get(*row as usize))
    }

    /// The number of invoices in the queue.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Tells whether the queue has no invoice.
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

    /// Tells whether any invoice owes less than the smallest payable amount.
    pub(in crate::domain) fn has_unpayable(&self) -> bool {
        self.has_unpayable
    }

    /// The sum of the payable balances of all invoices before this rank.
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
