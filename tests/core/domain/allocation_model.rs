//! Computes the allocation once more in the simplest way: every balance is a whole number of minor units, and every rule a loop. The form's own
//! allocation, which searches running totals, must give the same answer for every invoice.

use crate::{
    domain::campaign::cases,
    domain::ledger::{Case, grain, minor, payments},
};
use payment_form::domain::{
    allocation::{Allocation, Order, Reason},
    date::Date,
    invoice::{Invoice, InvoiceId},
    money::Money,
    payment_order::{DateField, Direction},
};
use proptest::prelude::*;
use std::{cmp::Ordering, collections::BTreeMap};

/// Each invoice's share and reason in the order of the plan, and the unallocated rest.
#[derive(Debug, Default, PartialEq)]
struct Division {
    lines: Vec<(InvoiceId, i128, Reason)>,
    unallocated: i128,
    excess: i128,
    still_owed: i128,
}

/// A text as a person reads it: numbers as numbers, the rest letter by letter.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    /// A sign before the digits.
    Before(char),
    Number(u128),
    /// A sign behind the digits.
    Behind(char),
}

fn pieces(number: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for c in number.chars() {
        match (c.to_digit(10), pieces.last_mut()) {
            (Some(digit), Some(Piece::Number(value))) => *value = *value * 10 + u128::from(digit),
            (Some(digit), _) => pieces.push(Piece::Number(digit.into())),
            (None, _) if c < '0' => pieces.push(Piece::Before(c)),
            (None, _) => pieces.push(Piece::Behind(c)),
        }
    }
    pieces
}

fn by_number(a: &str, b: &str) -> Ordering {
    (pieces(a), a.len(), a).cmp(&(pieces(b), b.len(), b))
}

fn date_of(invoice: &Invoice, field: DateField) -> Option<Date> {
    match field {
        DateField::Due => invoice.due,
        DateField::Issued => invoice.issued,
    }
}

fn in_order(invoices: &[Invoice], field: DateField, direction: Direction) -> Vec<&Invoice> {
    let mut open: Vec<&Invoice> = invoices.iter().filter(|invoice| minor(invoice.balance) > 0).collect();
    open.sort_by(|a, b| {
        let dates = match (date_of(a, field), date_of(b, field)) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(a), Some(b)) if direction == Direction::Oldest => a.cmp(&b),
            (Some(a), Some(b)) => b.cmp(&a),
        };
        dates.then(by_number(&a.number, &b.number)).then(a.id.cmp(&b.id))
    });
    open
}

fn payable(invoice: &Invoice, grain: i128) -> i128 {
    minor(invoice.balance) - minor(invoice.balance) % grain
}

/// The pinned shares of open invoices, each cut to what its invoice can take.
fn pins(case: &Case, grain: i128) -> BTreeMap<InvoiceId, i128> {
    let pin = |(&id, share): (&InvoiceId, &Money)| {
        let invoice = case.invoices.iter().find(|invoice| invoice.id == id && minor(invoice.balance) > 0)?;
        let share = minor(*share).min(payable(invoice, grain));
        Some((id, share - share % grain))
    };
    case.plan.pins.iter().filter_map(pin).collect()
}

/// The order of all invoices, those that the plan fills, and whether they match exactly.
fn filled<'a>(
    case: &'a Case,
    pins: &BTreeMap<InvoiceId, i128>,
    rest: i128,
    grain: i128,
) -> (Vec<&'a Invoice>, Vec<&'a Invoice>, bool) {
    let by = case.plan.by;
    let oldest = in_order(&case.invoices, by, Direction::Oldest);
    match case.plan.order {
        Order::Manual | Order::None => (oldest, Vec::new(), false),
        Order::Oldest => (oldest.clone(), oldest, false),
        Order::Newest => {
            let newest = in_order(&case.invoices, by, Direction::Newest);
            (newest.clone(), newest, false)
        }
        Order::Exact => {
            let is_free = |invoice: &&Invoice| !pins.contains_key(&invoice.id);
            let is_rest = |sum: i128| rest > 0 && sum == rest;
            let single = oldest.iter().copied().filter(is_free).find(|invoice| is_rest(payable(invoice, grain)));
            if let Some(single) = single {
                return (oldest, vec![single], true);
            }
            let by_due = in_order(&case.invoices, DateField::Due, Direction::Oldest);
            let of = |day: Date| by_due.iter().copied().filter(|i| i.due == Some(day) && is_free(i)).collect::<Vec<_>>();
            let mut days: Vec<Date> = case.invoices.iter().filter_map(|invoice| invoice.due).collect();
            days.sort();
            let day = days.into_iter().map(of).find(|of_day| is_rest(of_day.iter().map(|i| payable(i, grain)).sum()));
            match day {
                Some(of_day) => (by_due, of_day, true),
                None => (oldest.clone(), oldest, false),
            }
        }
    }
}

fn divide(case: &Case) -> Division {
    let amount = minor(case.amount);
    let grain = grain(case.amount.currency(), case.plan.decimals_max);
    let pins = pins(case, grain);
    let pinned: i128 = pins.values().sum();
    let rest = (amount - pinned).max(0);
    let rest = rest - rest % grain;
    let by = case.plan.by;
    let (order, filled, exact) = filled(case, &pins, rest, grain);
    let direction = if case.plan.order == Order::Newest { Direction::Newest } else { Direction::Oldest };

    let (mut left, mut is_first) = (rest, true);
    let mut lines = Vec::new();
    for invoice in &order {
        let balance = payable(invoice, grain);
        let fills = filled.iter().any(|other| other.id == invoice.id);
        let (share, reason) = match pins.get(&invoice.id) {
            Some(share) => (*share, Reason::Pinned),
            None if !fills => (0, Reason::NotChosen),
            None => {
                let share = balance.min(left);
                left -= share;
                let reason = match () {
                    () if balance == 0 => Reason::TooSmall,
                    () if exact => Reason::Exact,
                    () if share == 0 => Reason::NothingLeft,
                    () if share < balance => Reason::Part,
                    () if is_first => Reason::First(direction, by),
                    () => Reason::Next(direction, by),
                };
                is_first &= balance == 0;
                (share, reason)
            }
        };
        lines.push((invoice.id, share, reason));
    }
    let owed: i128 = order.iter().map(|invoice| minor(invoice.balance)).sum();
    Division { lines, unallocated: left, excess: (pinned - amount).max(0), still_owed: owed - pinned - (rest - left) }
}

/// The form's own answer, invoice by invoice, in the order in which it says the invoices stand.
fn answer(case: &Case) -> (Allocation, Division) {
    let statement = case.statement();
    let allocation = Allocation::new(&statement, case.amount, &case.plan);
    let (by, direction) = allocation.queue_order();
    let queue = statement.queue(by, direction);
    let rows = (0..queue.len()).filter_map(|rank| queue.row(rank));
    let lines = rows.map(|row| (statement.invoices()[row].id, minor(allocation.share(row)), allocation.reason(row))).collect();
    let [unallocated, excess, still_owed] = [allocation.unallocated(), allocation.excess(), allocation.still_owed()].map(minor);
    let division = Division { lines, unallocated, excess, still_owed };
    (allocation, division)
}

/// Asserts that the form divides as the model does, invoice by invoice and in its totals.
pub fn agrees(case: &Case) -> Result<(), TestCaseError> {
    let model = divide(case);
    let (allocation, division) = answer(case);
    prop_assert_eq!(&division, &model);
    // The list that is sent holds the shares above zero, in the same order, and the totals are theirs.
    let sent: Vec<_> = allocation.shares().map(|(invoice, share)| (invoice.id, minor(share))).collect();
    let paid: Vec<_> = model.lines.iter().filter(|(_, share, _)| *share > 0).map(|(id, share, _)| (*id, *share)).collect();
    prop_assert_eq!(allocation.count(), paid.len());
    prop_assert_eq!(minor(allocation.allocated()), paid.iter().map(|(_, share)| share).sum::<i128>());
    prop_assert_eq!(sent, paid);
    Ok(())
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn the_form_divides_as_the_model_does(case in payments(9)) {
        agrees(&case)?;
    }
}
