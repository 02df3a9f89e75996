//! Tests plans, exact matches, reasons, repairs and shortcuts with small ledgers.

use crate::domain::ledger::{currency, day, id, invoice, minor, money, staff_terms, statement};
use payment_form::domain::{
    allocation::{Allocation, Order, Plan, Reason},
    balance_change::{Change, changes, share_changes},
    draft::Draft,
    invoice::{Invoice, natural_order},
    money::Money,
    payment::{AllocationWire, Source},
    payment_order::DateField,
    shortcuts::{PayOneAmounts, pay_one, selected},
    statement::{Statement, StatementError},
};
use std::{cmp::Ordering, sync::Arc};

/// Typed shares: ids with cents or texts.
type Pins<T> = &'static [(i64, T)];

fn dollars(cents: i64) -> Money {
    money(cents, currency("USD"))
}

/// Divides dollars over the invoices: `pins` are ids with cents.
fn allocate(statement: &Arc<Statement>, cents: i64, order: Order, by: DateField, pins: &[(i64, i64)]) -> Allocation {
    let pins = pins.iter().map(|(number, cents)| (id(*number), dollars(*cents))).collect();
    Allocation::new(statement, dollars(cents), &Plan { order, by, pins, decimals_max: None })
}

/// The sent shares and the unallocated rest: `1:500 2:250 | 0`.
fn shown(allocation: &Allocation) -> String {
    let mut text: String = allocation.shares().map(|(invoice, share)| format!("{}:{} ", invoice.id, minor(share))).collect();
    text += &format!("| {}", minor(allocation.unallocated()));
    text
}

/// Four open invoices and a closed one; 3 and 4 are due on one day, 5 has no due date.
fn ledger() -> Vec<Invoice> {
    let with_issued = |invoice: Invoice, issued: &str| Invoice { issued: Some(day(issued)), ..invoice };
    vec![
        with_issued(invoice(4, "2026-11-20", 3000), "2026-10-01"),
        with_issued(invoice(1, "2026-10-01", 5000), "2026-09-30"),
        with_issued(invoice(3, "2026-11-20", 2000), "2026-09-01"),
        invoice(5, "-", 5000),
        invoice(2, "2026-11-01", 0),
    ]
}

#[test]
fn plan_decides_the_shares() {
    use DateField::{Due, Issued};
    use Order::{Exact, Manual, Newest, None, Oldest};
    let table: &[(Order, DateField, i64, Pins<i64>, &str)] = &[
        (Oldest, Due, 0, &[], "| 0"),
        (Oldest, Due, 4999, &[], "1:4999 | 0"),
        (Oldest, Due, 5001, &[], "1:5000 3:1 | 0"),
        (Oldest, Due, 15000, &[], "1:5000 3:2000 4:3000 5:5000 | 0"),
        (Oldest, Due, 20000, &[], "1:5000 3:2000 4:3000 5:5000 | 5000"),
        (Oldest, Issued, 4500, &[], "3:2000 1:2500 | 0"),
        (Newest, Due, 6000, &[], "3:2000 4:3000 1:1000 | 0"),
        (Newest, Issued, 6000, &[], "4:3000 1:3000 | 0"),
        (Manual, Due, 6000, &[], "| 6000"),
        (None, Due, 6000, &[], "| 6000"),
        // An exact match is one invoice (the oldest of two), else one due date, else oldest first.
        (Exact, Due, 5000, &[], "1:5000 | 0"),
        (Exact, Due, 3000, &[], "4:3000 | 0"),
        (Exact, Issued, 2000, &[], "3:2000 | 0"),
        (Exact, Due, 5001, &[], "1:5000 3:1 | 0"),
        (Exact, Issued, 4500, &[], "3:2000 1:2500 | 0"),
        (Exact, Due, 0, &[], "| 0"),
        // Pins.
        (Oldest, Due, 6000, &[(4, 1000)], "1:5000 4:1000 | 0"),
        (Oldest, Due, 6000, &[(1, 0)], "3:2000 4:3000 5:1000 | 0"),
        (Newest, Due, 6000, &[(1, 500)], "3:2000 4:3000 1:500 5:500 | 0"),
        (Manual, Due, 6000, &[(1, 500), (5, 1)], "1:500 5:1 | 5499"),
        (None, Due, 6000, &[(1, 500)], "1:500 | 5500"),
        (Oldest, Due, 100, &[(3, 2000)], "3:2000 | 0"),
        (Oldest, Due, 9000, &[(3, 9000)], "1:5000 3:2000 4:2000 | 0"),
        (Oldest, Due, 5000, &[(2, 100), (99, 100)], "1:5000 | 0"),
        (Exact, Due, 8000, &[(1, 5000)], "1:5000 4:3000 | 0"),
        (Exact, Due, 5500, &[(1, 500)], "1:500 5:5000 | 0"),
        // A due date without its pinned invoice is one invoice. With a part of that invoice pinned there is no match.
        (Exact, Due, 5000, &[(3, 2000)], "3:2000 4:3000 | 0"),
        (Exact, Due, 5000, &[(3, 1999)], "1:3001 3:1999 | 0"),
    ];
    let statement = statement(ledger());
    for (order, by, cents, pins, expected) in table {
        let allocation = allocate(&statement, *cents, *order, *by, pins);
        assert_eq!(shown(&allocation), *expected, "{order:?} by {by:?}, {cents} with {pins:?}");
    }
}

#[test]
fn one_due_date_matches_together() {
    let statement = statement(vec![
        invoice(1, "2026-10-01", 900),
        invoice(2, "2026-10-02", 400),
        invoice(3, "2026-10-02", 600),
        invoice(4, "2026-10-03", 300),
        invoice(5, "2026-10-03", 700),
        invoice(6, "-", 200),
        invoice(7, "-", 300),
    ]);
    let exact = |cents, pins: &[_]| shown(&allocate(&statement, cents, Order::Exact, DateField::Issued, pins));
    assert_eq!(exact(1000, &[]), "2:400 3:600 | 0", "the oldest of two days");
    assert_eq!(exact(1100, &[(2, 100)]), "2:100 4:300 5:700 | 0", "a day with a pin owes less");
    assert_eq!(exact(700, &[(2, 100)]), "2:100 3:600 | 0");
    assert_eq!(exact(500, &[]), "1:500 | 0", "no due date is not a day");

    // Two due dates owe the same, because one of the three invoices of either is pinned.
    let days = |first: i64, second: i64| {
        crate::domain::ledger::statement(vec![
            invoice(1, "2026-10-01", 100),
            invoice(2, "2026-10-01", 200),
            invoice(3, "2026-10-01", first),
            invoice(4, "2026-10-02", 150),
            invoice(5, "2026-10-02", 150),
            invoice(6, "2026-10-02", second),
        ])
    };
    let exact =
        |first, second, cents, pins: &[_]| shown(&allocate(&days(first, second), cents, Order::Exact, DateField::Due, pins));
    assert_eq!(exact(7000, 8000, 305, &[(3, 5)]), "1:100 2:200 3:5 | 0", "the first day, without its typed invoice");
    assert_eq!(exact(7000, 8000, 305, &[(6, 5)]), "4:150 5:150 6:5 | 0", "the second day, without its typed invoice");
    assert_eq!(exact(7000, 8000, 310, &[(3, 5), (6, 5)]), "1:100 2:200 3:5 6:5 | 0", "the older of both");
    assert_eq!(exact(1, 7000, 306, &[(6, 5)]), "1:100 2:200 3:1 6:5 | 0", "an older day that is whole");
    let by_day = allocate(&statement, 1000, Order::Exact, DateField::Issued, &[]);
    let reasons: Vec<_> = (0..7).map(|row| by_day.reason(row).code()).collect();
    assert_eq!(reasons, ["not-chosen", "exact", "exact", "not-chosen", "not-chosen", "not-chosen", "not-chosen"]);
}

#[test]
fn share_has_its_reason() {
    let statement = statement(ledger());
    let codes = |order, cents, pins: &[_]| -> Vec<_> {
        let allocation = allocate(&statement, cents, order, DateField::Due, pins);
        [1, 3, 4, 5].map(|number| allocation.reason(statement.row_of(id(number)).expect("open")).code()).to_vec()
    };
    assert_eq!(codes(Order::Oldest, 8000, &[]), ["oldest-due", "next-oldest-due", "part", "nothing-left"]);
    assert_eq!(codes(Order::Oldest, 10, &[]), ["part", "nothing-left", "nothing-left", "nothing-left"]);
    assert_eq!(codes(Order::Newest, 5000, &[]), ["nothing-left", "newest-due", "next-newest-due", "nothing-left"]);
    assert_eq!(codes(Order::Oldest, 8000, &[(1, 1000)]), ["pinned", "oldest-due", "next-oldest-due", "part"]);
    assert_eq!(codes(Order::Manual, 8000, &[(1, 1000)]), ["pinned", "not-chosen", "not-chosen", "not-chosen"]);
    assert_eq!(codes(Order::Exact, 3000, &[]), ["not-chosen", "not-chosen", "exact", "not-chosen"]);
    let allocation = allocate(&statement, 100, Order::Oldest, DateField::Due, &[]);
    assert_eq!(allocation.reason(99), Reason::NotChosen);
    assert_eq!(allocation.share(99), dollars(0));
}

#[test]
fn share_above_its_room_has_a_repair() {
    let statement = statement(ledger());
    let row = |number| statement.row_of(id(number)).expect("open");
    // 3 is pinned above its balance of 20.00; together the pins are 10.00 above the payment.
    let allocation = allocate(&statement, 6000, Order::Oldest, DateField::Due, &[(1, 5000), (3, 2500)]);
    assert_eq!((allocation.excess(), allocation.allocated()), (dollars(1000), dollars(7000)));
    assert_eq!([1, 3, 4].map(|number| allocation.corrected_share(row(number))), [Some(dollars(4000)), Some(dollars(1000)), None]);
    assert_eq!([1, 3, 4].map(|number| allocation.share_max(row(number))), [dollars(4000), dollars(1000), dollars(0)]);
    let allocation = allocate(&statement, 9000, Order::Oldest, DateField::Due, &[(3, 2500)]);
    assert_eq!([1, 3, 4].map(|number| allocation.corrected_share(row(number))), [None, Some(dollars(2000)), None]);
    assert_eq!(allocation.share_max(row(4)), dollars(3000));
}

#[test]
fn invoice_numbers_sort_naturally() {
    let sorted = ["", "1", "01", "2", "10", "A9", "A10", "INV-9", "INV-09", "INV-10", "INV-10-2", "INV-10-10", "a1", "é1"];
    for (i, a) in sorted.iter().enumerate() {
        for (j, b) in sorted.iter().enumerate() {
            assert_eq!(natural_order(a, b), i.cmp(&j), "{a:?} and {b:?}");
        }
    }
    let long = |last| format!("{}{last}", "9".repeat(40));
    assert_eq!(natural_order(&long('1'), &long('2')), Ordering::Less, "numbers longer than any integer type");
}

#[test]
fn statement_refuses_mixed_and_repeated_invoices() {
    let euro = Invoice { balance: money(1, currency("EUR")), ..invoice(2, "-", 1) };
    let mixed = Statement::new(vec![invoice(1, "-", 1), euro], None);
    assert_eq!(mixed.err(), Some(StatementError::MixedCurrencies(vec![currency("USD"), currency("EUR")])));
    let twice = Statement::new(vec![invoice(3, "-", 1), invoice(1, "-", 1), invoice(3, "-", 0)], None);
    assert_eq!(twice.err(), Some(StatementError::Duplicate(id(3))));

    let statement = statement(ledger());
    assert_eq!(statement.invoices().len(), 4);
    assert!(statement.is_closed(id(2)) && !statement.is_closed(id(1)) && !statement.is_closed(id(99)));
    assert_eq!((statement.row_of(id(2)), statement.row_of(id(3))), (None, Some(2)));
    assert_eq!(statement.total(), Some(dollars(15000)));
    assert_eq!(statement.overdue(day("2026-11-20")), Some(dollars(5000)));
    assert_eq!(crate::domain::ledger::statement(vec![]).total(), None);
}

/// F6: sums at the limit of an amount are exact, without overflow.
#[test]
fn sums_at_the_limit_are_exact() {
    let most = 999_999_999_999_999_999;
    let statement = statement((1..=1000).map(|number| invoice(number, "2026-11-01", most)).collect());
    assert_eq!(statement.total().map(|total| total.value()), Some(dollars(most).value() * rust_decimal::Decimal::from(1000)));
    let allocation = allocate(&statement, most, Order::Oldest, DateField::Due, &[]);
    assert_eq!((shown(&allocation), allocation.unallocated()), (format!("1:{most} | 0"), dollars(0)));
    let pins: Vec<(i64, i64)> = (1..=1000).map(|number| (number, most)).collect();
    let over = allocate(&statement, most, Order::Manual, DateField::Due, &pins);
    assert!(over.unallocated().is_zero() && over.shares().count() == 1000);
}

#[test]
fn pay_this_one_sets_amount_and_share() {
    let statement = statement(ledger());
    // The expected result of "Pay this one": the amount and the share.
    type Amounts = Option<(i64, i64)>;
    let table: &[(&str, Pins<&str>, i64, Amounts)] = &[
        ("", &[], 4, Some((3000, 3000))),
        ("abc", &[], 4, Some((3000, 3000))),
        ("0", &[], 4, Some((3000, 3000))),
        ("100", &[], 4, Some((10000, 3000))),
        ("10", &[], 4, Some((1000, 1000))),
        ("10", &[(4, "5")], 4, Some((1000, 1000))),
        ("40", &[(1, "25")], 4, Some((4000, 1500))),
        ("25", &[(1, "25")], 4, Some((5500, 3000))),
        ("", &[(1, "25")], 4, Some((5500, 3000))),
        ("", &[(1, "9999")], 4, Some((8000, 3000))),
        ("10", &[], 2, None),
        ("10", &[], 99, None),
    ];
    for (amount, shares, number, expected) in table {
        let shares = shares.iter().map(|(number, text)| (id(*number), (*text).to_owned())).collect();
        let draft = Draft { amount: (*amount).to_owned(), shares, ..Draft::default() };
        let set = pay_one(&draft, &statement, &staff_terms(), id(*number));
        let expected = expected.map(|(amount, share)| PayOneAmounts { amount: dollars(amount), share: dollars(share) });
        assert_eq!(set, expected, "{amount:?}, invoice {number}");
    }
}

#[test]
fn selected_sum_is_that_of_the_typed_shares() {
    let statement = statement(ledger());
    let table: &[(Pins<&str>, Option<i64>)] = &[
        (&[], Some(0)),
        (&[(1, "10"), (4, "5.50")], Some(1550)),
        (&[(1, ""), (3, "0"), (4, "5.50")], Some(550)),
        // An unreadable share, one of a closed or unknown invoice, and one above its balance have no sum.
        (&[(1, "abc"), (5, "2")], None),
        (&[(3, "-4"), (5, "2")], None),
        (&[(2, "7"), (5, "2")], None),
        (&[(99, "7"), (5, "2")], None),
        (&[(4, "9999")], None),
    ];
    for (shares, expected) in table {
        let shares = shares.iter().map(|(number, text)| (id(*number), (*text).to_owned())).collect();
        let draft = Draft { shares, ..Draft::default() };
        assert_eq!(selected(&draft, &statement, &staff_terms()), expected.map(dollars), "{draft:?}");
    }
}

#[test]
fn changed_balances_are_listed() {
    let before = statement(ledger());
    let after = statement(vec![
        invoice(5, "-", 5000),
        invoice(1, "2026-10-01", 2500),
        invoice(3, "2026-11-20", 0),
        invoice(4, "2026-11-20", 3000),
        invoice(2, "2026-11-01", 700),
        invoice(6, "2026-12-01", 800),
    ]);
    let change = |number: i64, before: Option<i64>, after: Option<i64>| Change {
        invoice: id(number),
        number: format!("INV-{number}"),
        before: before.map(dollars),
        after: after.map(dollars),
    };
    let expected =
        [change(1, Some(5000), Some(2500)), change(3, Some(2000), None), change(2, None, Some(700)), change(6, None, Some(800))];
    assert_eq!(changes(&before, &after), expected);
    assert_eq!(changes(&after, &after), []);

    let [old, new] = [&before, &after].map(|statement| allocate(statement, 6000, Order::Oldest, DateField::Due, &[]));
    assert_eq!(shown(&old), "1:5000 3:1000 | 0");
    assert_eq!(shown(&new), "1:2500 2:700 4:2800 | 0");
    let expected =
        [change(1, Some(5000), Some(2500)), change(3, Some(1000), None), change(2, None, Some(700)), change(4, None, Some(2800))];
    assert_eq!(share_changes(&old, &new), expected);
    assert_eq!(share_changes(&old, &old), []);
}

#[test]
fn public_name_is_parsed_back() {
    for (name, order) in Order::NAMES {
        assert_eq!((order.name(), Order::parse(name)), (*name, Some(*order)));
    }
    let names = |names: &[(&'static str, Order)]| names.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    assert_eq!(names(Order::NAMES), ["oldest", "newest", "exact", "manual", "none"]);
    assert_eq!((Order::parse("Oldest"), Order::parse("")), (None, None));
    assert_eq!(DateField::parse("issued"), Some(DateField::Issued));
    assert_eq!(Source::parse("SelfServicePortal"), Some(Source::SelfServicePortal));
    assert_eq!(AllocationWire::parse("auto"), Some(AllocationWire::Auto));
}
