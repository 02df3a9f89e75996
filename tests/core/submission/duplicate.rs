//! Tests the duplicate notice: which payments count as the same, for how long, and what the notice says.

use crate::{
    api::draft::terms,
    submission::form::{Form, START, fingerprint, other_fingerprint},
};
use payment_form::{
    api::{Api, lists},
    domain::{
        allocation::Order,
        check::check,
        draft::Draft,
        money::{Currency, Money},
        payment::{DueItem, Payment},
        statement::Statement,
    },
    submission::{Duplicate, Event, Fingerprint, Notice, RECENT_FOR, RecentPayments, ReferenceMatch, Settings},
    words::Words,
};
use rust_decimal::Decimal;
use std::sync::Arc;

/// A payment of this amount over invoices with these balances.
fn payment(amount: &str, reference: &str, order: Order, balances: &[(i64, &str)]) -> Payment {
    let entry = |(id, balance): &(i64, &str)| format!(r#"{{"id":{id},"balance":"{balance}","currency":"USD"}}"#);
    let list = format!("[{}]", balances.iter().map(entry).collect::<Vec<_>>().join(","));
    let invoices = lists::invoices(list.as_bytes(), None).expect("the invoices can be read");
    let statement = Arc::new(Statement::new(invoices, None).expect("one currency"));
    let draft = Draft { amount: amount.into(), reference: reference.into(), method: "Cash".into(), order, ..Draft::default() };
    check(&draft, &statement, &terms(Api::Fusebill)).payment.expect("a payment")
}

fn known(payment: &Payment) -> Fingerprint {
    Fingerprint::new(payment, "/v1/payments/", "salt")
}

/// The comparison of the references if the second payment counts as a duplicate of the first; otherwise `None`.
fn question(first: &Payment, second: &Payment) -> Option<ReferenceMatch> {
    let mut recent = RecentPayments::default();
    recent.remember(known(first), START);
    let recent = RecentPayments::read(&recent.text(), START + 40_000);
    recent.duplicate(&known(second), START + 40_000).map(|duplicate| duplicate.reference)
}

const BOTH: [(i64, &str); 2] = [(1, "96.00"), (2, "500.00")];

#[test]
fn a_payment_after_one_that_closed_an_invoice_is_asked_about() {
    let first = payment("96", "", Order::Oldest, &BOTH);
    let second = payment("96", "", Order::Oldest, &[(2, "500.00")]);
    assert_eq!(question(&first, &second), Some(ReferenceMatch::None));
}

#[test]
fn another_plan_and_other_zeros_are_the_same_payment() {
    let first = payment("96", "Check 7", Order::Oldest, &BOTH);
    for (amount, order) in [("96.00", Order::Oldest), ("96.0", Order::Newest), ("$96.00", Order::None), ("96", Order::Exact)] {
        assert_eq!(question(&first, &payment(amount, "Check 7", order, &BOTH)), Some(ReferenceMatch::Same), "{amount} {order:?}");
    }
}

#[test]
fn another_reference_is_asked_about_and_named() {
    let with = |reference: &str| payment("96", reference, Order::Oldest, &BOTH);
    for (first, second, expected) in [
        ("Check 7", "Check 7", ReferenceMatch::Same),
        ("Check 7", "Check 8", ReferenceMatch::Other),
        ("Check 7", "", ReferenceMatch::Other),
        ("", "Check 8", ReferenceMatch::Other),
        ("", "", ReferenceMatch::None),
    ] {
        assert_eq!(question(&with(first), &with(second)), Some(expected), "{first:?} then {second:?}");
    }
}

#[test]
fn the_same_reference_is_named_before_a_later_payment_with_another() {
    let with = |reference: &str| known(&payment("96", reference, Order::Oldest, &BOTH));
    let mut recent = RecentPayments::default();
    recent.remember(with("Check 7"), START);
    recent.remember(with("Check 8"), START + 30_000);
    let question = |reference| recent.duplicate(&with(reference), START + 40_000);
    assert_eq!(question("Check 7"), Some(Duplicate { ago: 40_000, reference: ReferenceMatch::Same }));
    assert_eq!(question("Check 9"), Some(Duplicate { ago: 10_000, reference: ReferenceMatch::Other }));
}

#[test]
fn another_amount_customer_endpoint_or_salt_is_another_payment() {
    let first = payment("96", "", Order::Oldest, &BOTH);
    assert_eq!(question(&first, &payment("96.01", "", Order::Oldest, &BOTH)), None);
    let Payment::OnAccount(mut other) = first.clone() else { panic!("on account") };
    other.customer = payment_form::domain::invoice::CustomerId::new(7).expect("positive");
    assert_eq!(question(&first, &Payment::OnAccount(other)), None);
    assert_ne!(known(&first), Fingerprint::new(&first, "https://elsewhere.example/payments", "salt"));
    assert_ne!(known(&first), Fingerprint::new(&first, "/v1/payments/", "another salt"));
}

#[test]
fn a_due_item_is_known_by_its_amounts_and_its_due_date() {
    let usd = Currency::from_code("USD").expect("a currency");
    let money = |cents| Money::new(Decimal::new(cents, 2), usd).expect("an amount");
    let day = |text| payment_form::domain::date::Date::parse(text).expect("a day");
    let item = |due, paid, due_date, date| {
        let item = DueItem { due: money(due), paid: money(paid), due_date: day(due_date), date: day(date) };
        Fingerprint::new(&Payment::DueItem(item), "/payments", "salt")
    };
    let first = item(100, 50, "2026-11-01", "2026-11-20");
    assert_eq!(first, item(100, 50, "2026-11-01", "2026-11-21"), "the day of the payment is no part of it");
    for other in [
        item(101, 50, "2026-11-01", "2026-11-20"),
        item(100, 51, "2026-11-01", "2026-11-20"),
        item(100, 50, "2026-11-02", "2026-11-20"),
        item(50, 100, "2026-11-01", "2026-11-20"),
    ] {
        assert_ne!(first, other);
    }
}

#[test]
fn a_payment_is_remembered_for_a_quarter_of_an_hour() {
    let mut recent = RecentPayments::default();
    recent.remember(fingerprint(), START);
    let read = |now| RecentPayments::read(&recent.text(), now).duplicate(&fingerprint(), now).map(|duplicate| duplicate.ago);
    assert_eq!(read(START), Some(0));
    assert_eq!(read(START + 40_000), Some(40_000));
    assert_eq!(RECENT_FOR, 900_000, "a quarter of an hour");
    assert_eq!(read(START + RECENT_FOR - 1), Some(RECENT_FOR - 1));
    assert_eq!(read(START + RECENT_FOR), None);
    assert_eq!(read(START - 1), None, "a time in the future says nothing");
}

#[test]
fn a_refused_repetition_leaves_the_payment_before_it_remembered() {
    let mut recent = RecentPayments::default();
    recent.remember(fingerprint(), START);
    recent.remember(other_fingerprint(), START + 5);
    recent.remember(fingerprint(), START + 10);
    let ago = |recent: &RecentPayments| recent.duplicate(&fingerprint(), START + 20).map(|duplicate| duplicate.ago);
    assert_eq!(ago(&recent), Some(10));
    recent.forget(&fingerprint());
    assert_eq!(ago(&recent), Some(20));
    recent.forget(&fingerprint());
    assert_eq!(ago(&recent), None);
    assert_eq!(recent.text().lines().count(), 1);
}

#[test]
fn recent_payments_contain_no_typed_text() {
    let mut recent = RecentPayments::default();
    recent.remember(known(&payment("96.54", "Check 7", Order::Oldest, &BOTH)), START);
    let text = recent.text();
    let parts: Vec<&str> = text.trim_end().split(' ').collect();
    assert_eq!((parts[0].len(), parts[1], parts[2].len(), parts.len()), (16, "1790000000000", 16, 3));
    assert!(!text.contains("96.54") && !text.contains("9654") && !text.contains("Check") && !text.contains("655080"));
    assert_eq!(RecentPayments::read(&text, START), recent);
}

#[test]
fn a_line_that_is_not_understood_is_left_out() {
    let good = "0123456789abcdef 1790000000000 fedcba9876543210\n";
    for bad in
        ["", "x", "0123456789abcdef", "0123456789abcdef x", "0123456789abcdeg 1790000000000", "0123456789abcdef 1790000000000 x"]
    {
        assert_eq!(RecentPayments::read(&format!("{bad}\n{good}"), START).text(), good, "{bad:?}");
    }
}

#[test]
fn the_question_names_the_amount_the_time_and_the_reference() {
    for (reference, expected) in [
        (ReferenceMatch::None, "$50.78 was sent 40 seconds ago. This one has not been sent."),
        (ReferenceMatch::Same, "$50.78 was sent 40 seconds ago. The reference was the same. This one has not been sent."),
        (ReferenceMatch::Other, "$50.78 was sent 40 seconds ago. The reference was different. This one has not been sent."),
    ] {
        let duplicate = Duplicate { ago: 40_000, reference };
        let mut form = Form::new(Settings::default());
        form.press().apply(Event::Locked { granted: true, duplicate: Some(duplicate) });
        let view = form.view();
        assert_eq!(view.notice, Some(Notice::Duplicate(duplicate)));
        let status = Words::default().status(&view, Some(Decimal::new(5078, 2))).expect("it is said");
        assert_eq!(status.lines.join(" "), expected);
        assert!(status.title.contains("Do you want to pay again?"));
    }
}
