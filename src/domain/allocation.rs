//! Divides a payment over the open invoices.

use super::{
    invoice::{Invoice, InvoiceId},
    money::{Money, cut, difference, sum},
    payment_order::{DateField, Direction, Queue},
    statement::Statement,
};
use rust_decimal::Decimal;
use std::{iter, ops::Range, sync::Arc};

pub use super::plan::{Order, Plan, Reason};

/// The division of one amount over the open invoices of a statement.
///
/// The type keeps no list of shares, only the pinned shares and the rank where the payment ends. Each invoice's share is computed from the running
/// totals of the statement's queue. So another amount costs one binary search, whatever the number of invoices.
///
/// Invariants:
///
/// - No share is negative, above its balance or finer than the plan allows.
/// - The shares and the unallocated rest sum to the amount (plus [`excess`](Self::excess), when the pins alone are more).
/// - The shares of the order have no gap between them.
#[derive(Clone, Debug)]
pub struct Allocation {
    statement: Arc<Statement>,
    amount: Money,
    order: Order,
    by: DateField,
    direction: Direction,
    /// The most decimals of a share.
    decimals: u32,
    /// Pinned shares by rank.
    pins: Vec<Pin>,
    /// The sum of all pinned shares.
    pinned: Decimal,
    /// The amount without the pinned shares.
    rest: Decimal,
    /// The ranks that the order may fill.
    fill: Range<usize>,
    /// The first rank that the order does not reach.
    fill_end: usize,
    /// True when the order found an exact match.
    exact: bool,
}

/// A pinned share at its place in the queue.
#[derive(Clone, Copy, Debug)]
struct Pin {
    rank: usize,
    /// As typed.
    typed: Decimal,
    /// As typed, but at most the payable part of the balance.
    share: Decimal,
    /// The payable balances of all pinned invoices up to and including this one.
    balances: Decimal,
}

impl Allocation {
    /// Divides `amount` by `plan`. [`check`](super::check::check) calls it for every draft whose amount can be read.
    ///
    /// Pins on closed or unknown invoices are left out, and pins above a balance are cut to it. [`check`](super::check::check) reports
    /// both, so that such a payment cannot be sent.
    pub fn new(statement: &Arc<Statement>, amount: Money, plan: &Plan) -> Self {
        let unfilled = |by| Self::unfilled(statement, amount, plan, by);
        match plan.order {
            Order::Manual | Order::None => unfilled(plan.by),
            Order::Oldest | Order::Newest => unfilled(plan.by).fill_all(),
            Order::Exact => {
                let exactly = |allocation: Self, ranks| Self { exact: true, ..allocation.fill(ranks) };
                let by_order = unfilled(plan.by);
                if let Some(rank) = by_order.exact_single() {
                    return exactly(by_order, rank);
                }
                // The queue by due date is used, whatever date the order follows, because the match is defined by due date.
                let by_due = unfilled(DateField::Due);
                match by_due.exact_day() {
                    Some(day) => exactly(by_due, day),
                    None => by_order.fill_all(),
                }
            }
        }
    }

    /// The allocation with the pinned shares only.
    fn unfilled(statement: &Arc<Statement>, amount: Money, plan: &Plan, by: DateField) -> Self {
        let direction = if plan.order == Order::Newest { Direction::Newest } else { Direction::Oldest };
        let decimals = plan.decimals_max.unwrap_or(u32::MAX);
        let queue = statement.queue_to(decimals, by, direction);
        let pin = |(id, typed): (&InvoiceId, &Money)| {
            let row = statement.row_of(*id)?;
            let (rank, payable) = (queue.rank(row)?, statement.invoice(row)?.payable(decimals).value());
            Some(Pin { rank, typed: typed.value(), share: cut(typed.value().min(payable), decimals), balances: payable })
        };
        let mut pins: Vec<Pin> = plan.pins.iter().filter_map(pin).collect();
        pins.sort_unstable_by_key(|pin| pin.rank);
        let (mut balances, mut pinned) = (Decimal::ZERO, Decimal::ZERO);
        for pin in &mut pins {
            balances = sum(balances, pin.balances);
            pinned = sum(pinned, pin.share);
            pin.balances = balances;
        }
        let rest = cut(difference(amount.value(), pinned), decimals);
        let statement = Arc::clone(statement);
        Self {
            statement,
            amount,
            order: plan.order,
            by,
            direction,
            decimals,
            pins,
            pinned,
            rest,
            fill: 0..0,
            fill_end: 0,
            exact: false,
        }
    }

    fn fill_all(self) -> Self {
        let all = 0..self.queue().len();
        self.fill(all)
    }

    /// Lets the order fill these ranks, and finds the rank where the rest of the amount ends.
    fn fill(mut self, ranks: Range<usize>) -> Self {
        let (mut low, mut high) = (ranks.start, ranks.end);
        self.fill = ranks;
        while low < high {
            let middle = low.midpoint(high);
            if self.filled_before(middle) < self.rest { low = middle.saturating_add(1) } else { high = middle }
        }
        self.fill_end = low;
        self
    }

    /// The oldest single invoice that owes exactly the rest of the amount.
    fn exact_single(&self) -> Option<Range<usize>> {
        if self.rest.is_zero() {
            return None;
        }
        let mut ranks = self.statement.by_balance(self.decimals, self.by).ranks_owing(self.rest);
        let rank = ranks.find(|rank| self.pin_at(*rank).is_none())?;
        Some(rank..rank.saturating_add(1))
    }

    /// The oldest due date whose unpinned invoices owe exactly the rest of the amount.
    fn exact_day(&self) -> Option<Range<usize>> {
        if self.rest.is_zero() {
            return None;
        }
        let days = self.statement.by_due_date(self.decimals);
        let mut oldest = days.days_owing(self.rest).find(|day| self.unpinned_in(day) == self.rest);
        // The index of days counts pinned invoices as well, so days with pins are compared one by one.
        for day in self.pins.iter().filter_map(|pin| days.day_of(pin.rank)) {
            if self.unpinned_in(&day) == self.rest && oldest.as_ref().is_none_or(|oldest| day.start < oldest.start) {
                oldest = Some(day);
            }
        }
        oldest
    }

    fn queue(&self) -> &Queue {
        self.statement.queue_to(self.decimals, self.by, self.direction)
    }

    fn pin_at(&self, rank: usize) -> Option<&Pin> {
        let index = self.pins.binary_search_by_key(&rank, |pin| pin.rank).ok()?;
        self.pins.get(index)
    }

    fn pin_of(&self, row: usize) -> Option<&Pin> {
        self.queue().rank(row).and_then(|rank| self.pin_at(rank))
    }

    /// The balances of all invoices before `rank` that are not pinned.
    fn unpinned_before(&self, rank: usize) -> Decimal {
        let pins = self.pins.partition_point(|pin| pin.rank < rank);
        let pinned = pins.checked_sub(1).and_then(|last| self.pins.get(last)).map_or(Decimal::ZERO, |pin| pin.balances);
        difference(self.queue().before(rank), pinned)
    }

    fn unpinned_in(&self, ranks: &Range<usize>) -> Decimal {
        difference(self.unpinned_before(ranks.end), self.unpinned_before(ranks.start))
    }

    /// The sum of the balances that the order fills before this rank, as long as the amount lasts.
    fn filled_before(&self, rank: usize) -> Decimal {
        self.unpinned_in(&(self.fill.start..rank))
    }

    /// The amount that is divided.
    pub fn amount(&self) -> Money {
        self.amount
    }

    /// The statement that is paid.
    pub fn statement(&self) -> &Arc<Statement> {
        &self.statement
    }

    /// The order that fills the invoices without a pinned share.
    pub fn order(&self) -> Order {
        self.order
    }

    /// Tells whether the person typed any share.
    pub fn has_pins(&self) -> bool {
        !self.pins.is_empty()
    }

    /// The date and the direction in which the invoices stand.
    pub fn queue_order(&self) -> (DateField, Direction) {
        (self.by, self.direction)
    }

    /// The share of the invoice at this row of the statement.
    pub fn share(&self, row: usize) -> Money {
        let share = self.queue().rank(row).map_or(Decimal::ZERO, |rank| self.share_at(rank));
        self.money(share)
    }

    fn share_at(&self, rank: usize) -> Decimal {
        if let Some(pin) = self.pin_at(rank) {
            return pin.share;
        }
        if !self.fill_reached().contains(&rank) {
            return Decimal::ZERO;
        }
        let left = difference(self.rest, self.filled_before(rank));
        self.queue().row(rank).map_or(Decimal::ZERO, |row| self.payable(row).value().min(left))
    }

    /// The largest share of the invoice at this row: its balance, without decimals that the plan's amounts cannot have.
    pub fn payable(&self, row: usize) -> Money {
        self.statement.invoice(row).map_or(self.money(Decimal::ZERO), |invoice| invoice.payable(self.decimals))
    }

    /// The part of a balance that stays owed because the API carries fewer decimals: 0.005 of 10.125 dinars.
    pub fn remainder(&self, row: usize) -> Option<Money> {
        let invoice = self.statement.invoice(row)?;
        let payable = invoice.payable(self.decimals);
        (payable < invoice.balance && self.share(row) == payable).then(|| invoice.balance.saturating_sub(payable))
    }

    /// The most that the invoice at this row can get: its balance, or what the other pinned shares leave of the amount.
    pub fn share_max(&self, row: usize) -> Money {
        let own = self.pin_of(row).map_or(Decimal::ZERO, |pin| pin.share);
        let left = difference(self.amount.value(), difference(self.pinned, own));
        self.money(cut(self.payable(row).value().min(left), self.decimals))
    }

    /// The share that one press sets in place of a typed share that is too large. `None` where the typed share is possible.
    ///
    /// Several pinned shares may together be more than the amount: each of them can be corrected, and the person chooses one.
    pub fn corrected_share(&self, row: usize) -> Option<Money> {
        let share_max = self.share_max(row);
        self.pin_of(row).filter(|pin| pin.typed > share_max.value()).map(|_| share_max)
    }

    /// The reason for the share of the invoice at this row.
    pub fn reason(&self, row: usize) -> Reason {
        let Some(rank) = self.queue().rank(row) else { return Reason::NotChosen };
        if self.pin_at(rank).is_some() {
            return Reason::Pinned;
        }
        if matches!(self.order, Order::Manual | Order::None) || (self.exact && !self.fill.contains(&rank)) {
            return Reason::NotChosen;
        }
        if self.payable(row).is_zero() {
            return Reason::TooSmall;
        }
        if self.exact {
            return Reason::Exact;
        }
        let share = self.share_at(rank);
        if share.is_zero() {
            return Reason::NothingLeft;
        }
        if share < self.payable(row).value() {
            return Reason::Part;
        }
        if self.filled_before(rank).is_zero() {
            Reason::First(self.direction, self.by)
        } else {
            Reason::Next(self.direction, self.by)
        }
    }

    /// The invoices with a share above zero, in the order of the queue, each with its share. The iterator is lazy.
    pub fn shares(&self) -> impl Iterator<Item = (&Invoice, Money)> {
        let next = |rank: usize| self.rank_from(rank.saturating_add(1));
        iter::successors(self.rank_from(0), move |rank| next(*rank)).filter_map(|rank| {
            let share = self.share_at(rank);
            let invoice = self.queue().row(rank).and_then(|row| self.statement.invoice(row))?;
            (!share.is_zero()).then(|| (invoice, self.money(share)))
        })
    }

    /// The first rank from this one on that is pinned or that the order reaches.
    fn rank_from(&self, rank: usize) -> Option<usize> {
        let pinned = self.pins.get(self.pins.partition_point(|pin| pin.rank < rank)).map(|pin| pin.rank);
        let reached = self.fill_reached();
        let filled = Some(rank.max(reached.start)).filter(|rank| *rank < reached.end);
        match (pinned, filled) {
            (Some(pinned), Some(filled)) => Some(pinned.min(filled)),
            (pinned, filled) => pinned.or(filled),
        }
    }

    /// The number of invoices with a share above zero.
    pub fn count(&self) -> usize {
        if self.queue().has_unpayable() {
            return self.shares().count();
        }
        let reached = self.fill_reached();
        let pinned_inside = self.pins.iter().filter(|pin| reached.contains(&pin.rank)).count();
        let pinned = self.pins.iter().filter(|pin| !pin.share.is_zero()).count();
        reached.len().saturating_sub(pinned_inside).saturating_add(pinned)
    }

    fn fill_reached(&self) -> Range<usize> {
        self.fill.start..self.fill_end
    }

    /// The sum of all shares.
    pub fn allocated(&self) -> Money {
        self.money(sum(self.pinned, self.unpinned_in(&self.fill).min(self.rest)))
    }

    /// The part of the amount that no invoice gets: it stays on account.
    pub fn unallocated(&self) -> Money {
        self.amount.saturating_sub(self.allocated())
    }

    /// The sum by which the pinned shares alone exceed the amount.
    pub fn excess(&self) -> Money {
        self.money(difference(self.pinned, self.amount.value()))
    }

    /// The sum that all invoices of the statement still owe after this payment.
    pub fn still_owed(&self) -> Money {
        let total = self.statement.total().unwrap_or(Money::zero(self.amount.currency()));
        total.saturating_sub(self.allocated())
    }

    fn money(&self, value: Decimal) -> Money {
        Money::computed(value, self.amount.currency())
    }
}
