//! Tests which typed shares are problems, and how finer balances are paid.

use crate::domain::ledger::{currency, id, invoice, money, staff_terms, statement};
use crate::domain::typed_draft::{TypedDraft, codes, dollars, expect, owed, typed};
use payment_form::domain::{
    allocation::Order,
    check::check,
    invoice::Invoice,
    payment::Payment,
    problem::Cause,
    shortcuts::{all_due, all_overdue, pay_one, selected},
    statement::{ListState, Statement},
    terms::{SHARES_MAX, Terms},
};
use std::sync::Arc;

/// Invoices 1 (10.125), 2 (0.005) and 3 (20.250) in dinars, of which Fusebill's JSON carries two decimals.
fn dinars_finer_than_the_api() -> (Arc<Statement>, Terms) {
    let dinars = |number, due, balance| Invoice { balance: money(balance, currency("KWD")), ..invoice(number, due, 1) };
    let invoices = vec![dinars(1, "2026-10-01", 10_125), dinars(2, "2026-10-02", 5), dinars(3, "2026-12-01", 20_250)];
    (statement(invoices), Terms { currency: currency("KWD"), ..staff_terms() })
}

#[test]
fn balance_finer_than_the_api_is_paid_as_far_as_it_can_be_sent() {
    let (statement, terms) = dinars_finer_than_the_api();
    let kwd = |fils| money(fils, currency("KWD"));
    let table: [(Order, &str, [i64; 3], [&str; 3]); 7] = [
        (Order::Oldest, "20", [10_120, 0, 9_880], ["oldest-due", "too-small", "part"]),
        (Order::Oldest, "50", [10_120, 0, 20_250], ["oldest-due", "too-small", "next-oldest-due"]),
        (Order::Oldest, "10.12", [10_120, 0, 0], ["oldest-due", "too-small", "nothing-left"]),
        (Order::Newest, "25", [4_750, 0, 20_250], ["part", "too-small", "newest-due"]),
        (Order::Exact, "10.12", [10_120, 0, 0], ["exact", "not-chosen", "not-chosen"]),
        (Order::Exact, "20.25", [0, 0, 20_250], ["not-chosen", "not-chosen", "exact"]),
        (Order::Manual, "20", [0, 0, 0], ["not-chosen", "not-chosen", "not-chosen"]),
    ];
    for (order, amount, shares, reasons) in table {
        let checked = check(&TypedDraft { order, ..typed(amount) }.draft(), &statement, &terms);
        let allocation = checked.allocation.as_ref().expect("an amount");
        assert_eq!([0, 1, 2].map(|row| allocation.share(row)), shares.map(kwd), "{order:?} {amount}");
        assert_eq!([0, 1, 2].map(|row| allocation.reason(row).code()), reasons, "{order:?} {amount}");
        let paid = shares.iter().filter(|share| **share > 0).count();
        assert_eq!((allocation.count(), allocation.shares().count()), (paid, paid), "{order:?} {amount}");
        assert_eq!(codes(&checked), "", "a proposal can be sent: {order:?} {amount}");
    }
    let checked = check(&typed("20").draft(), &statement, &terms);
    let remainders = [0, 1, 2].map(|row| checked.allocation.as_ref().and_then(|allocation| allocation.remainder(row)));
    assert_eq!(remainders, [Some(kwd(5)), Some(kwd(5)), None]);
}

#[test]
fn shortcut_on_balances_finer_than_the_api_gives_a_sendable_amount() {
    let (statement, terms) = dinars_finer_than_the_api();
    let kwd = |fils| money(fils, currency("KWD"));
    assert_eq!((all_due(&statement, &terms), all_overdue(&statement, &terms)), (Some(kwd(30_370)), Some(kwd(10_120))));
    assert_eq!(statement.total(), Some(kwd(30_380)), "the total owed stays as it is");
    let one = pay_one(&typed("").draft(), &statement, &terms, id(1)).expect("an open invoice");
    assert_eq!((one.amount, one.share), (kwd(10_120), kwd(10_120)));
    let draft = TypedDraft { shares: vec![(1, "11")], ..typed("20") }.draft();
    assert_eq!(selected(&draft, &statement, &terms), None, "the share is more than can be paid here");
    let corrected = check(&draft, &statement, &terms).allocation.and_then(|allocation| allocation.corrected_share(0));
    assert_eq!(corrected, Some(kwd(10_120)));
    for amount in ["30.37", "10.12"] {
        expect(&terms, &statement, &typed(amount), "");
    }
}

#[test]
fn share_outside_the_rules_is_a_problem() {
    type Shares = &'static [(i64, &'static str)];
    let table: &[(&str, Shares, &str)] = &[
        ("60", &[(1, "10"), (4, "30")], ""),
        ("60", &[(1, "")], ""),
        ("60", &[(1, "0")], ""),
        ("60", &[(1, "abc")], "share-unreadable@1"),
        ("60", &[(1, "1,5")], "share-ambiguous@1"),
        ("60", &[(1, "€1")], "share-not-in-currency@1"),
        ("60", &[(1, "-1")], "share-negative@1"),
        ("60", &[(1, "0.001")], "share-too-fine@1"),
        ("60", &[(1, "1000000000000000000")], "share-too-long@1"),
        ("60", &[(1, "50.01")], "share-above-balance@1"),
        ("60", &[(2, "1")], "share-closed-invoice@2"),
        ("60", &[(99, "1")], "share-unknown-invoice@99"),
        (
            "60",
            &[(1, "51"), (2, "1"), (3, "x"), (99, "1")],
            "share-above-balance@1 share-closed-invoice@2 share-unreadable@3 share-unknown-invoice@99",
        ),
        // A share above the payment is a problem of its row; shares that are too much only together are a problem of the allocation.
        ("10", &[(1, "10.01")], "share-above-amount@1"),
        ("10", &[(1, "60")], "share-above-balance@1"),
        ("60", &[(1, "50"), (3, "20")], "allocation-above-amount"),
        ("10", &[(1, "20"), (3, "1")], "allocation-above-amount share-above-amount@1"),
        ("10", &[(1, "20"), (3, "0")], "share-above-amount@1"),
        ("0", &[(1, "20")], "amount-zero"),
        ("", &[(1, "51")], "amount-missing share-above-balance@1"),
    ];
    for (amount, shares, expected) in table {
        expect(&staff_terms(), &owed(), &TypedDraft { shares: shares.to_vec(), ..typed(amount) }, expected);
    }
    let checked = check(&TypedDraft { shares: vec![(1, "50"), (3, "20")], ..typed("60") }.draft(), &owed(), &staff_terms());
    assert_eq!(checked.problems().first().map(|problem| &problem.cause), Some(&Cause::AboveAmount(dollars(1000))));
}

/// Without the host's list the payment cannot be divided. A host without a list leaves the whole payment on account.
#[test]
fn missing_list_leaves_the_payment_undivided() {
    let [missing, not_given] =
        [ListState::Missing, ListState::NotGiven].map(|list_state| Arc::new(Statement::without_list(list_state, Some(vec![]))));
    for order in [Order::Oldest, Order::Newest, Order::Exact, Order::Manual] {
        expect(&staff_terms(), &missing, &TypedDraft { order, ..typed("5") }, "allocation-missing");
        expect(&staff_terms(), &not_given, &TypedDraft { order, ..typed("5") }, "");
    }
    expect(&staff_terms(), &missing, &TypedDraft { order: Order::None, shares: vec![(1, "5")], ..typed("5") }, "");
    let checked =
        check(&TypedDraft { order: Order::None, shares: vec![(1, "5")], ..typed("5") }.draft(), &missing, &staff_terms());
    let Ok(Payment::OnAccount(payment)) = checked.payment else { panic!("a payment") };
    assert_eq!((payment.allocation.count(), payment.allocation.unallocated()), (0, dollars(500)));
}

#[test]
fn payment_with_too_many_shares_is_refused() {
    let count = i64::try_from(SHARES_MAX).expect("fits") + 1;
    let many = statement((1..=count).map(|number| invoice(number, "2026-11-20", 100)).collect());
    expect(&staff_terms(), &many, &typed("10,000"), "");
    expect(&staff_terms(), &many, &typed("10,000.01"), "allocation-too-many-shares");
}
