//! Chooses the invoices that the table lists, and their order.

use crate::domain::{
    date::Date,
    invoice::{Invoice, natural_order},
    payment_order::{DateField, Direction},
    statement::Statement,
};
use std::{cmp::Ordering, sync::Arc};

/// A column that the table can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The number printed on the invoice, in natural order.
    Number,
    /// The due date; none given is last.
    Due,
    /// The balance.
    Balance,
}

/// The person's search and sort order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// A part of the invoice number; capitals do not matter.
    pub number: String,
    /// True when only overdue invoices are listed.
    pub overdue: bool,
    /// The column to sort by, and `true` for descending; `None` keeps the order of paying.
    pub sort: Option<(Column, bool)>,
}

impl Filter {
    /// Tells whether any invoice may be left out.
    pub fn leaves_out(&self) -> bool {
        self.overdue || !self.number.trim().is_empty()
    }
}

impl PartialEq for Listing {
    /// Listings are compared by address, because a listing is made anew only when its inputs change.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

/// The invoices in the order in which the table shows them. A *position* is a place in this list.
#[derive(Debug)]
pub struct Listing {
    /// The statement with the invoices.
    pub statement: Arc<Statement>,
    /// The order of paying, which needs no list of its own.
    queue: (DateField, Direction),
    /// The search and sort order that it follows.
    filter: Filter,
    /// The rows by position, where they are sorted or left out.
    chosen: Option<Vec<u32>>,
}

impl Listing {
    /// Lists the invoices that the filter admits.
    pub fn new(statement: Arc<Statement>, queue: (DateField, Direction), filter: Filter, today: Date) -> Self {
        let chosen = (filter.leaves_out() || filter.sort.is_some()).then(|| choose(&statement, queue, &filter, today));
        Self { statement, queue, filter, chosen }
    }

    /// Tells whether these values make the same listing. Another statement of equal invoices has the same rows.
    pub fn is_of(&self, statement: &Arc<Statement>, direction: Direction, filter: &Filter) -> bool {
        let has_same_invoices = || Arc::ptr_eq(&self.statement, statement) || self.statement.invoices() == statement.invoices();
        self.queue.1 == direction && self.filter == *filter && has_same_invoices()
    }

    /// The number of listed invoices.
    pub fn len(&self) -> usize {
        self.chosen.as_ref().map_or(self.statement.invoices().len(), Vec::len)
    }

    /// Tells whether no invoice is listed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row of the statement at this position.
    pub fn row(&self, position: usize) -> Option<usize> {
        match &self.chosen {
            Some(rows) => rows.get(position).map(|row| *row as usize),
            None => self.statement.queue(self.queue.0, self.queue.1).row(position),
        }
    }

    /// The position of a row of the statement; `None` when it is left out.
    pub fn position(&self, row: usize) -> Option<usize> {
        match &self.chosen {
            Some(rows) => rows.iter().position(|other| *other as usize == row),
            None => self.statement.queue(self.queue.0, self.queue.1).rank(row),
        }
    }
}

fn choose(statement: &Statement, (field, direction): (DateField, Direction), filter: &Filter, today: Date) -> Vec<u32> {
    let queue = statement.queue(field, direction);
    let text = filter.number.trim().as_bytes();
    // Invoice numbers are known to have capitals in Latin script only.
    let contains_text = |number: &str| number.as_bytes().windows(text.len()).any(|part| part.eq_ignore_ascii_case(text));
    let is_wanted = |invoice: &Invoice| {
        (!filter.overdue || invoice.days_late(today).is_some()) && (text.is_empty() || contains_text(&invoice.number))
    };
    let mut found: Vec<(u32, &Invoice)> = Vec::new();
    for row in (0..queue.len()).filter_map(|rank| queue.row(rank)) {
        if let (Ok(number), Some(invoice)) = (u32::try_from(row), statement.invoice(row))
            && is_wanted(invoice)
        {
            found.push((number, invoice));
        }
    }
    if let Some((column, descends)) = filter.sort {
        // The sort is stable, so equal invoices stay in the order of paying.
        found.sort_by(|(_, a), (_, b)| compare(a, b, column, descends));
    }
    found.into_iter().map(|(row, _)| row).collect()
}

fn compare(a: &Invoice, b: &Invoice, column: Column, descends: bool) -> Ordering {
    let directed = |order: Ordering| if descends { order.reverse() } else { order };
    match column {
        Column::Number => directed(natural_order(&a.number, &b.number)),
        Column::Due => a.due.is_none().cmp(&b.due.is_none()).then_with(|| directed(a.due.cmp(&b.due))),
        Column::Balance => directed(a.balance.value().cmp(&b.balance.value())),
    }
}
