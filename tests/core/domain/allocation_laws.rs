//! Tests laws that hold for every allocation.

use crate::{
    domain::campaign::cases,
    domain::ledger::{Case, grain, minor, payments, statement},
};
use payment_form::domain::{
    allocation::{Allocation, Order, Plan, Reason},
    balance_change::share_changes,
    invoice::natural_order,
    payment_order::{DateField, Direction},
};
use proptest::prelude::*;
use std::cmp::Ordering;

fn allocate(case: &Case) -> Allocation {
    Allocation::new(&case.statement(), case.amount, &case.plan)
}

/// The case with a plain order, for laws that exact matches break: another amount or pin can find or lose a match.
fn without_exact(case: Case) -> Case {
    let order = if case.plan.order == Order::Exact { Order::Oldest } else { case.plan.order };
    Case { plan: Plan { order, ..case.plan }, ..case }
}

/// The payable balance, the share and the reason of each invoice, in the order of the queue.
fn lines(allocation: &Allocation) -> Vec<(i128, i128, Reason)> {
    let statement = allocation.statement();
    let (by, direction) = allocation.queue_order();
    let queue = statement.queue(by, direction);
    let rows = (0..queue.len()).filter_map(|rank| queue.row(rank));
    rows.map(|row| (minor(allocation.payable(row)), minor(allocation.share(row)), allocation.reason(row))).collect()
}

/// Not a cent appears or is lost.
fn shares_and_rest_are_the_amount(case: &Case, allocation: &Allocation) -> Result<(), TestCaseError> {
    let shares: i128 = lines(allocation).iter().map(|(_, share, _)| share).sum();
    prop_assert_eq!(shares + minor(allocation.unallocated()), minor(case.amount) + minor(allocation.excess()));
    prop_assert!(allocation.unallocated().is_zero() || allocation.excess().is_zero());
    let owed: i128 = case.invoices.iter().map(|invoice| minor(invoice.balance)).sum();
    prop_assert_eq!(minor(allocation.still_owed()) + shares, owed);
    Ok(())
}

/// Each share can be sent: it is not above what can be paid, and not finer than the API's amounts.
fn no_share_is_negative_too_much_or_too_fine(case: &Case, allocation: &Allocation) -> Result<(), TestCaseError> {
    let grain = grain(case.amount.currency(), case.plan.decimals_max);
    for (payable, share, _) in lines(allocation) {
        prop_assert!((0..=payable).contains(&share), "{} of {}", share, payable);
        prop_assert!(share % grain == 0 && payable % grain == 0, "{} of {} in {}", share, payable, grain);
    }
    for (row, invoice) in allocation.statement().invoices().iter().enumerate() {
        let left = minor(invoice.balance) - minor(allocation.share(row));
        let remainder = allocation.remainder(row).map(minor);
        prop_assert!(remainder.is_none_or(|remainder| remainder == left && remainder < grain), "{:?} of {}", remainder, left);
        prop_assert!(left == 0 || left >= grain || remainder == Some(left), "{} stays without a word", left);
    }
    Ok(())
}

/// Without pins, the shares are full balances, then at most one part payment, then zeros.
fn the_order_is_kept_without_gaps(allocation: &Allocation) -> Result<(), TestCaseError> {
    let mut state = 0;
    for (balance, share, reason) in lines(allocation) {
        let next = match reason {
            Reason::Pinned | Reason::NotChosen => continue,
            Reason::TooSmall => {
                prop_assert_eq!((share, balance), (0, 0));
                continue;
            }
            Reason::Exact => {
                prop_assert_eq!(share, balance);
                continue;
            }
            Reason::First(..) => 0,
            Reason::Next(..) => 1,
            Reason::Part => 2,
            Reason::NothingLeft => 3,
        };
        let may_follow = next > state || (next == state && next != 2);
        prop_assert!(may_follow, "state {} then {}", state, next);
        prop_assert_eq!(share == balance, next < 2);
        prop_assert_eq!(share == 0, next == 3);
        state = next.max(1);
    }
    Ok(())
}

/// An exact match leaves no unallocated rest.
fn an_exact_match_is_exact(allocation: &Allocation) -> Result<(), TestCaseError> {
    if lines(allocation).iter().any(|(.., reason)| *reason == Reason::Exact) {
        prop_assert!(allocation.unallocated().is_zero());
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn every_allocation_keeps_the_laws(case in payments(12)) {
        let allocation = allocate(&case);
        shares_and_rest_are_the_amount(&case, &allocation)?;
        no_share_is_negative_too_much_or_too_fine(&case, &allocation)?;
        the_order_is_kept_without_gaps(&allocation)?;
        an_exact_match_is_exact(&allocation)?;
    }

    /// The order of the host's list makes no difference.
    #[test]
    fn listing_order_changes_no_share((case, shuffled) in payments(12).prop_flat_map(|case| {
        let shuffled = Just(case.invoices.clone()).prop_shuffle();
        (Just(case), shuffled)
    })) {
        let other = Case { invoices: shuffled, ..case.clone() };
        let (one, other) = (allocate(&case), allocate(&other));
        prop_assert!(share_changes(&one, &other).is_empty());
        prop_assert_eq!(lines(&one), lines(&other));
        let ids = |allocation: &Allocation| allocation.shares().map(|(invoice, _)| invoice.id).collect::<Vec<_>>();
        prop_assert_eq!(ids(&one), ids(&other));
    }

    /// A typed share stays, whatever the amount and the order.
    #[test]
    fn pinned_share_stays_as_typed(case in payments(12), other in 0_i64..1_000_000, order in 0..Order::NAMES.len()) {
        let amount = crate::domain::ledger::money(other, case.amount.currency());
        let plan = Plan { order: Order::NAMES[order].1, ..case.plan.clone() };
        let before = allocate(&case);
        let after = Allocation::new(before.statement(), amount, &plan);
        for &id in case.plan.pins.keys() {
            let Some(row) = before.statement().row_of(id) else { continue };
            prop_assert_eq!(before.share(row), after.share(row));
            prop_assert_eq!(after.reason(row), Reason::Pinned);
        }
    }

    /// A pin of the very share that the order gives changes no share.
    #[test]
    fn pin_of_the_computed_share_changes_no_share(case in payments(12), chosen in any::<prop::sample::Index>()) {
        let case = without_exact(case);
        let before = allocate(&case);
        let open = before.statement().invoices();
        if open.is_empty() || !before.excess().is_zero() {
            return Ok(());
        }
        let row = chosen.index(open.len());
        let mut plan = case.plan.clone();
        plan.pins.insert(open[row].id, before.share(row));
        let after = Allocation::new(before.statement(), case.amount, &plan);
        prop_assert!(share_changes(&before, &after).is_empty());
    }

    /// A larger payment never makes a share smaller.
    #[test]
    fn larger_payment_makes_no_share_smaller(case in payments(12), more in 0_i64..1000) {
        let case = without_exact(case);
        let before = allocate(&case);
        let more = i64::try_from(minor(case.amount)).expect("eighteen digits").saturating_add(more).min(999_999_999_999_999_999);
        let after = Allocation::new(before.statement(), crate::domain::ledger::money(more, case.amount.currency()), &case.plan);
        for ((_, before, _), (_, after, _)) in lines(&before).iter().zip(lines(&after)) {
            prop_assert!(*before <= after);
        }
    }

    /// The repair of a share removes its problem. A possible share has no repair.
    #[test]
    fn repair_removes_the_problem(case in payments(8)) {
        let before = allocate(&case);
        for (&id, typed) in &case.plan.pins {
            let Some(row) = before.statement().row_of(id) else { continue };
            let too_much = *typed > before.payable(row) || !before.excess().is_zero();
            let Some(share) = before.corrected_share(row) else {
                prop_assert!(!too_much || typed.is_zero());
                continue;
            };
            prop_assert!(too_much && share < *typed);
            let mut plan = case.plan.clone();
            plan.pins.insert(id, share);
            let after = Allocation::new(before.statement(), case.amount, &plan);
            prop_assert_eq!(after.corrected_share(row), None);
            prop_assert_eq!(after.share(row), share);
        }
    }

    /// The order of invoices is total: different invoices never tie, and the order is transitive.
    #[test]
    fn natural_order_is_total(a in "[0-9a-b-]{0,5}|\\PC{0,4}", b in "[0-9a-b-]{0,5}|\\PC{0,4}", c in "[0-9a-b-]{0,5}|\\PC{0,4}") {
        let order = |a: &str, b: &str| natural_order(a, b);
        prop_assert_eq!(order(&a, &b), order(&b, &a).reverse());
        prop_assert_eq!(order(&a, &b) == Ordering::Equal, a == b);
        if order(&a, &b) != Ordering::Greater && order(&b, &c) != Ordering::Greater {
            prop_assert_ne!(order(&a, &c), Ordering::Greater);
        }
    }

    /// Invoices without the date come last, from whichever end the others are paid.
    #[test]
    fn invoice_without_date_comes_last(case in payments(12)) {
        let statement = statement(case.invoices);
        for by in [DateField::Due, DateField::Issued] {
            for direction in [Direction::Oldest, Direction::Newest] {
                let queue = statement.queue(by, direction);
                let dated: Vec<bool> = (0..queue.len()).filter_map(|rank| queue.row(rank)).map(|row| {
                    let invoice = &statement.invoices()[row];
                    if by == DateField::Due { invoice.due.is_some() } else { invoice.issued.is_some() }
                }).collect();
                prop_assert!(dated.is_sorted_by(|a, b| a >= b));
            }
        }
    }
}
