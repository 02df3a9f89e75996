//! Measures the cost of another amount: `cargo bench --no-default-features --bench replan`.
//!
//! One press of a key checks the whole draft, and reads the share and reason of the 40 rows on the screen. Its time must not
//! depend on the number of invoices; the time to load a statement may.

use payment_form::domain::{
    allocation::Order,
    amount::Separators,
    check::check,
    date::Date,
    draft::Draft,
    invoice::{CustomerId, Invoice, InvoiceId},
    money::{Currency, Money},
    payment::{AllocationWire, Kind, Source},
    payment_order::DateField,
    statement::Statement,
    terms::{OfferedMethods, Terms},
};
use rust_decimal::Decimal;
use std::{hint::black_box, sync::Arc, time::Instant};

const KEYS: u32 = 20_000;
const ROWS: usize = 40;

fn terms(currency: Currency) -> Terms {
    Terms {
        kind: Kind::OnAccount,
        currency,
        separators: Separators::ENGLISH,
        sign: String::new(),
        decimals_max: 2,
        min: None,
        max: None,
        today: Date::new(2026, 11, 20).expect("a day"),
        customer: CustomerId::new(655_080),
        source: Source::Manual,
        offered: OfferedMethods::for_source(Source::Manual),
        order_by: DateField::Due,
        wire: AllocationWire::Explicit,
    }
}

/// Invoices over 28 years of days, in an order that is not that of their dates.
fn invoices(count: u32, currency: Currency) -> Vec<Invoice> {
    let invoice = |place: u32| {
        let mixed = place.wrapping_mul(2_654_435_761) >> 8;
        let [year, month, day] = [mixed % 28 + 2000, mixed / 28 % 12 + 1, mixed / 336 % 28 + 1];
        let date = |year: u32| Date::new(i32::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?);
        Invoice {
            id: InvoiceId::new(i64::from(place) + 1).expect("positive"),
            number: format!("INV-{}", mixed % 100_000),
            due: date(year),
            issued: date(year - 1),
            total: None,
            balance: Money::new(Decimal::new(i64::from(mixed % 50_000) + 1, 2), currency).expect("an amount"),
            credit: None,
        }
    };
    (0..count).map(invoice).collect()
}

fn main() {
    let currency = Currency::from_code("USD").expect("USD");
    let terms = terms(currency);
    println!("{:>9}  {:>10}  {:>12}  {:>16}  {:>12}", "invoices", "load", "oldest first", "with 100 pins", "exact match");
    for count in [10, 1_000, 100_000] {
        let list = invoices(count, currency);
        let start = Instant::now();
        let statement = Arc::new(Statement::new(list, None).expect("one currency"));
        let total = statement.total().expect("a currency").value();
        let load = start.elapsed();
        let pins = |pins: u32| {
            (0..pins.min(count)).map(|place| (InvoiceId::new(i64::from(place) + 1).expect("positive"), "0.01".into())).collect()
        };
        let per_key = |order, pinned| {
            let mut draft = Draft { method: "Cash".into(), order, shares: pins(pinned), ..Draft::default() };
            // The first exact match sorts the balances, once for a statement.
            black_box(check(&draft, &statement, &terms));
            let texts: Vec<String> = (1..=KEYS)
                .map(|key| (total * Decimal::from(key) / Decimal::from(KEYS + 1)).trunc_with_scale(2).to_string())
                .collect();
            let start = Instant::now();
            for text in texts {
                draft.amount = text;
                let checked = check(&draft, &statement, &terms);
                if let Some(allocation) = &checked.allocation {
                    for row in 0..ROWS {
                        black_box((allocation.share(row), allocation.reason(row)));
                    }
                }
                black_box(checked);
            }
            start.elapsed() / KEYS
        };
        let keys = [(Order::Oldest, 0), (Order::Oldest, 100), (Order::Exact, 0)].map(|(order, pins)| per_key(order, pins));
        println!("{count:>9}  {load:>10.1?}  {:>12.1?}  {:>16.1?}  {:>12.1?}", keys[0], keys[1], keys[2]);
    }
}
