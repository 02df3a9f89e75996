//! Tests which due items are payments, and the date of a payment.

use crate::domain::ledger::{currency, day, money, staff_terms, statement};
use crate::domain::typed_draft::{codes, dollars, due_item};
use payment_form::domain::{
    check::check,
    draft::{Draft, PaymentDate},
    payment::{Kind, Payment},
    terms::Terms,
};

pub const DUE_ITEMS: &[([&str; 4], &str)] = &[
    // Due, paid, due date, date.
    (["100", "40", "2026-12-01", "2026-11-20"], ""),
    (["0", "0", "2026-12-01", "2026-11-20"], ""),
    (["", "", "", ""], "amountDue-missing dueDate-missing amountPaid-missing date-missing"),
    (["abc", "x", "tomorrow", "2026-2-9"], "amountDue-unreadable dueDate-unreadable amountPaid-unreadable date-unreadable"),
    (["-1", "-1", "2023-02-29", "2100-02-29"], "amountDue-negative dueDate-unreadable amountPaid-negative date-unreadable"),
    (["1,5", "1.234", "2024-13-01", "0000-01-01"], "amountDue-ambiguous dueDate-unreadable amountPaid-ambiguous date-unreadable"),
    (
        ["0.001", "0.001", "10000-01-01", "-0001-01-01"],
        "amountDue-too-fine dueDate-unreadable amountPaid-too-fine date-unreadable",
    ),
    (["1000000000000000000", "1", "1899-12-31", "2201-01-01"], "amountDue-too-long dueDate-unreadable date-unreadable"),
    (["1", "1000000000000000000", "2026-12-01", "2026-11-20"], "amountPaid-too-long"),
    (["1", "1", " 2026-12-01", "2024-02-29"], "dueDate-unreadable"),
    (["1", "1", "1900-01-01", "2200-12-31"], ""),
];

#[test]
fn untouched_payment_date_follows_the_day_and_an_edited_one_stays() {
    let on = |today| Terms { kind: Kind::DueItem, today: day(today), ..staff_terms() };
    let untouched = Draft { date: PaymentDate::Today, ..due_item(["100", "40", "2026-12-01", ""]) };
    let edited = Draft { date: "2026-11-20".into(), ..untouched.clone() };
    let emptied = Draft { date: "".into(), ..untouched.clone() };
    // The draft as a store restores it on another day.
    let restored = |draft: &Draft| Draft { date: draft.date.typed().map(PaymentDate::from).unwrap_or_default(), ..draft.clone() };
    for (draft, expected) in [
        (&untouched, ["2026-11-20", "2026-11-21"]),
        (&restored(&untouched), ["2026-11-20", "2026-11-21"]),
        (&edited, ["2026-11-20", "2026-11-20"]),
        (&restored(&edited), ["2026-11-20", "2026-11-20"]),
    ] {
        let paid_on = ["2026-11-20", "2026-11-21"].map(|today| match check(draft, &statement(vec![]), &on(today)).payment {
            Ok(Payment::DueItem(item)) => item.date.to_string(),
            other => panic!("{other:?}"),
        });
        assert_eq!(paid_on, expected, "{:?}", draft.date);
    }
    for draft in [&emptied, &restored(&emptied)] {
        assert_eq!(codes(&check(draft, &statement(vec![]), &on("2026-11-20"))), "date-missing");
    }
}

/// F4 G7 G9: both amounts may be zero here; days that no calendar has are refused, and the two days may stand in any order.
#[test]
fn due_item_outside_the_rules_is_a_problem() {
    let terms = Terms { kind: Kind::DueItem, customer: None, ..staff_terms() };
    let nothing = statement(vec![]);
    for (texts, expected) in DUE_ITEMS {
        let checked = check(&due_item(*texts), &nothing, &terms);
        assert_eq!(codes(&checked), *expected, "{texts:?}");
        assert!(checked.allocation.is_none());
    }
    let limits = Terms { min: Some(dollars(500)), max: Some(dollars(10000)), ..terms.clone() };
    let code = |paid, terms: &Terms| codes(&check(&due_item(["1", paid, "2026-12-01", "2026-11-20"]), &nothing, terms));
    assert_eq!(["4.99", "5", "100.01"].map(|paid| code(paid, &limits)), ["amountPaid-below-min", "", "amountPaid-above-max"]);
    let euros = Terms { max: Some(money(1, currency("EUR"))), ..terms.clone() };
    assert_eq!(code("1", &euros), "form-other-currency");
    let Ok(Payment::DueItem(item)) = check(&due_item(DUE_ITEMS[0].0), &nothing, &terms).payment else { panic!("a payment") };
    assert_eq!((item.due, item.paid), (dollars(10000), dollars(4000)));
    assert_eq!((item.due_date.to_string(), item.date.to_string()), ("2026-12-01".into(), "2026-11-20".into()));
}
