//! Finds invoices that an amount pays exactly: one alone, or all of one due date together.

use super::{date::Date, invoice::Invoice, money::difference, payment_order::Queue};
use rust_decimal::Decimal;
use std::ops::Range;

/// The balances of a queue with their ranks, sorted for binary search; among equal balances the oldest invoice is first.
#[derive(Debug)]
pub(in crate::domain) struct BalanceIndex(Vec<(Decimal, u32)>);

impl BalanceIndex {
    pub(in crate::domain) fn new(invoices: &[Invoice], queue: &Queue, decimals: u32) -> Self {
        let balances = queue.invoices(invoices).map(|invoice| invoice.payable(decimals).value());
        let mut by_balance: Vec<(Decimal, u32)> = balances.zip(0..).collect();
        by_balance.sort_unstable();
        Self(by_balance)
    }

    /// The ranks of the invoices that owe exactly this, oldest first.
    pub(in crate::domain) fn ranks_owing(&self, balance: Decimal) -> impl Iterator<Item = usize> {
        let first = self.0.partition_point(|(other, _)| *other < balance);
        self.0.iter().skip(first).take_while(move |(other, _)| *other == balance).map(|(_, rank)| *rank as usize)
    }
}

/// The due dates of a queue by due date, with the ranks and the sum of each. Invoices without a due date are left out.
#[derive(Debug)]
pub(in crate::domain) struct DueDateIndex {
    /// The sum of each day and its index in `ranks`, sorted by sum.
    sums: Vec<(Decimal, u32)>,
    /// The ranks of each day's invoices as a half-open range, in the order of the queue.
    ranks: Vec<(u32, u32)>,
}

impl DueDateIndex {
    pub(in crate::domain) fn new(invoices: &[Invoice], queue: &Queue) -> Self {
        let mut ranks: Vec<(u32, u32)> = Vec::new();
        let mut last: Option<Date> = None;
        for (rank, invoice) in (0_u32..).zip(queue.invoices(invoices)) {
            // Invoices without a date come last in the queue, so the first of them ends the days.
            let Some(date) = invoice.due else { break };
            let end = rank.saturating_add(1);
            match ranks.last_mut() {
                Some(day) if last == Some(date) => day.1 = end,
                _ => ranks.push((rank, end)),
            }
            last = Some(date);
        }
        let owed = ranks.iter().map(|(first, end)| difference(queue.before(*end as usize), queue.before(*first as usize)));
        let mut sums: Vec<(Decimal, u32)> = owed.zip(0..).collect();
        sums.sort_unstable();
        Self { sums, ranks }
    }

    /// The ranks of each day whose invoices owe exactly this, oldest first.
    pub(in crate::domain) fn days_owing(&self, sum: Decimal) -> impl Iterator<Item = Range<usize>> {
        let first = self.sums.partition_point(|(other, _)| *other < sum);
        let days = self.sums.iter().skip(first).take_while(move |(other, _)| *other == sum);
        days.filter_map(|(_, day)| self.ranks.get(*day as usize)).map(|(first, end)| *first as usize..*end as usize)
    }

    /// The ranks of all invoices that are due on the same day as the one at this rank.
    pub(in crate::domain) fn day_of(&self, rank: usize) -> Option<Range<usize>> {
        let index = self.ranks.partition_point(|(first, _)| *first as usize <= rank);
        let (first, end) = self.ranks.get(index.checked_sub(1)?)?;
        Some(*first as usize..*end as usize).filter(|day| day.contains(&rank))
    }
}
