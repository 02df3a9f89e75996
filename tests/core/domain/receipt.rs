//! Tests that exactly the differences between the record and the sent payment are named.

use crate::domain::ledger::{currency, day, id, invoice, money, statement};
use payment_form::domain::{
    allocation::{Allocation, Order, Plan},
    invoice::CustomerId,
    payment::{AllocationWire, DueItem, Method, OnAccount, Payment, Reference, Source},
    receipt::{Difference, ExpectedRecord, Receipt, ReceiptShare, differences},
};
use rust_decimal::Decimal;

/// 60.00 on two invoices: 50.00 and 10.00.
fn on_account() -> ExpectedRecord {
    let usd = currency("USD");
    let owed = statement(vec![invoice(1, "2026-10-01", 5000), invoice(2, "2026-10-02", 2000)]);
    let amount = money(6000, usd);
    let payment = OnAccount {
        customer: CustomerId::new(655_080).expect("positive"),
        amount,
        method: Method::Cash,
        reference: Reference::new("rent").expect("a reference"),
        source: Source::Manual,
        allocation: Allocation::new(&owed, amount, &Plan { order: Order::Oldest, ..Plan::default() }),
        wire: AllocationWire::Explicit,
    };
    ExpectedRecord::from(&Payment::OnAccount(payment))
}

fn share(number: i64, amount: &str) -> ReceiptShare {
    ReceiptShare { invoice: id(number), number: Some(format!("INV-{number}")), amount: decimal(amount), uri: None }
}

fn decimal(text: &str) -> Decimal {
    text.parse().expect(text)
}

/// Fusebill's record of the payment: with other scales and in another order.
fn record() -> Receipt {
    Receipt {
        id: "7".into(),
        amount: decimal("60.0"),
        currency: Some("USD".into()),
        customer: CustomerId::new(655_080),
        reference: Some("rent".into()),
        shares: Some(vec![share(2, "10.0000"), share(1, "50")]),
        unallocated: Some(decimal("0.000")),
        ..Receipt::default()
    }
}

/// Differences in one line each, with a mark where they put the identity in doubt.
fn shown(expected: &ExpectedRecord, receipt: &Receipt) -> Vec<String> {
    let line = |difference: &Difference| {
        let text = match difference {
            Difference::Amount { sent, recorded } => format!("amount {sent} {recorded}"),
            Difference::Share { invoice, number, sent, recorded } => {
                format!("{invoice} {} {sent} {recorded}", number.as_deref().unwrap_or("-"))
            }
            Difference::Unallocated { sent, recorded } => format!("unallocated {sent} {recorded}"),
            Difference::Field { name, sent, recorded } => format!("{name} {sent:?} {recorded:?}"),
        };
        if difference.is_identity() { format!("{text} !") } else { text }
    };
    differences(expected, receipt).iter().map(line).collect()
}

#[test]
fn difference_of_a_payment_on_account_is_named() {
    let table: [(&str, Receipt, &[&str]); 16] = [
        ("the same", record(), &[]),
        ("another amount", Receipt { amount: decimal("60.01"), ..record() }, &["amount 60.00 60.01 !"]),
        ("another currency", Receipt { currency: Some("CAD".into()), ..record() }, &[r#"currency "USD" "CAD" !"#]),
        ("the currency in small letters", Receipt { currency: Some("usd".into()), ..record() }, &[]),
        ("no currency", Receipt { currency: None, ..record() }, &[]),
        ("another customer", Receipt { customer: CustomerId::new(1), ..record() }, &[r#"customer "655080" "1" !"#]),
        ("no customer", Receipt { customer: None, ..record() }, &[]),
        ("no reference told", Receipt { reference: None, ..record() }, &[]),
        ("the reference lost", Receipt { reference: Some(String::new()), ..record() }, &[r#"reference "rent" "" !"#]),
        ("another reference", Receipt { reference: Some("Rent".into()), ..record() }, &[r#"reference "rent" "Rent" !"#]),
        (
            "another division",
            Receipt { shares: Some(vec![share(1, "40"), share(2, "20")]), ..record() },
            &["1 INV-1 50.00 40", "2 INV-2 10.00 20"],
        ),
        (
            "an invoice more, one less",
            Receipt { shares: Some(vec![share(1, "50"), share(3, "10")]), ..record() },
            &["2 - 10.00 0", "3 INV-3 0 10"],
        ),
        (
            "one invoice in two lines",
            Receipt { shares: Some(vec![share(1, "30"), share(2, "10"), share(1, "20")]), ..record() },
            &[],
        ),
        ("zero lines", Receipt { shares: Some(vec![share(1, "50"), share(2, "10"), share(4, "0.0")]), ..record() }, &[]),
        (
            "less allocated",
            Receipt { shares: Some(vec![share(1, "50")]), unallocated: Some(decimal("10.0")), ..record() },
            &["2 - 10.00 0", "unallocated 0.00 10.0"],
        ),
        ("no division told", Receipt { shares: None, unallocated: Some(decimal("60")), ..record() }, &[]),
    ];
    for (what, receipt, expected) in table {
        assert_eq!(shown(&on_account(), &receipt), expected, "{what}");
    }
    // After a reload the preview and the currency are unknown, and so is a missing reference.
    let reloaded = ExpectedRecord { shares: None, currency: None, reference: None, ..on_account() };
    assert_eq!(shown(&reloaded, &Receipt { reference: None, ..record() }), [""; 0]);
    assert_eq!(shown(&reloaded, &record()), [r#"reference "" "rent" !"#]);
}

#[test]
fn difference_of_a_due_item_is_named() {
    let usd = currency("USD");
    let item = DueItem { due: money(10050, usd), paid: money(4000, usd), due_date: day("2026-12-01"), date: day("2026-11-20") };
    let expected = ExpectedRecord::from(&Payment::DueItem(item));
    let record = Receipt {
        id: "5f".into(),
        amount: decimal("40"),
        amount_due: Some(decimal("100.5")),
        due_date: Some("2026-12-01".into()),
        date: Some("2026-11-20".into()),
        ..Receipt::default()
    };
    assert_eq!(shown(&expected, &record), [""; 0]);
    let other = Receipt {
        amount_due: Some(decimal("100")),
        due_date: Some("2026-12-02".into()),
        date: Some("2026-11-21".into()),
        ..record.clone()
    };
    let lines = [r#"amountDue "100.5" "100" !"#, r#"dueDate "2026-12-01" "2026-12-02" !"#, r#"date "2026-11-20" "2026-11-21" !"#];
    assert_eq!(shown(&expected, &other), lines);
    // A field that the record leaves out is no difference.
    let short = Receipt { amount_due: None, due_date: None, date: None, ..record.clone() };
    assert_eq!(shown(&expected, &short), [""; 0]);
    // Fields that this API does not have are not compared.
    assert_eq!(shown(&expected, &Receipt { customer: CustomerId::new(1), reference: Some("x".into()), ..record }), [""; 0]);
}
