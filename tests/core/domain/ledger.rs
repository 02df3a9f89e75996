//! Makes ledgers for the tests: by hand in one line, or at random with many ties.

use payment_form::domain::{
    allocation::{Order, Plan},
    amount::Separators,
    date::Date,
    invoice::{CustomerId, Invoice, InvoiceId},
    money::{Currency, Money},
    payment::{AllocationWire, Kind, Source},
    payment_order::DateField,
    statement::Statement,
    terms::{OfferedMethods, Terms},
};
use proptest::{prelude::*, sample::subsequence};
use rust_decimal::Decimal;
use std::sync::Arc;

/// An amount in minor units.
pub fn money(minor: i64, currency: Currency) -> Money {
    Money::new(Decimal::new(minor, currency.minor_units()), currency).expect("a valid amount")
}

/// An amount of a plain decimal text.
pub fn money_of(text: &str, currency: Currency) -> Money {
    Money::new(Decimal::from_str_exact(text).expect(text), currency).expect("a valid amount")
}

/// An amount in its minor units.
pub fn minor(amount: Money) -> i128 {
    let mut value = amount.value();
    value.rescale(amount.currency().minor_units());
    value.mantissa()
}

/// The minor units of the smallest amount that has these decimals.
pub fn grain(currency: Currency, decimals_max: Option<u32>) -> i128 {
    10_i128.pow(currency.minor_units().saturating_sub(decimals_max.unwrap_or(u32::MAX)))
}

/// A currency that is known.
pub fn currency(code: &str) -> Currency {
    Currency::from_code(code).expect(code)
}

/// A day that exists.
pub fn day(text: &str) -> Date {
    Date::parse(text).expect(text)
}

/// An id.
pub fn id(number: i64) -> InvoiceId {
    InvoiceId::new(number).expect("a positive number")
}

/// An invoice in dollars: its id (its number is `INV-<id>`), its due date or `-`, its balance in cents.
pub fn invoice(number: i64, due: &str, balance: i64) -> Invoice {
    Invoice {
        id: id(number),
        number: format!("INV-{number}"),
        due: Date::parse(due),
        issued: None,
        total: None,
        balance: money(balance, currency("USD")),
        credit: None,
    }
}

/// A statement of these invoices, without a list of methods.
pub fn statement(invoices: Vec<Invoice>) -> Arc<Statement> {
    Arc::new(Statement::new(invoices, None).expect("one currency, each invoice once"))
}

/// A staff screen in dollars, on 20 November 2026.
pub fn staff_terms() -> Terms {
    Terms {
        kind: Kind::OnAccount,
        currency: currency("USD"),
        separators: Separators::ENGLISH,
        sign: String::new(),
        decimals_max: 2,
        min: None,
        max: None,
        today: day("2026-11-20"),
        customer: CustomerId::new(655_080),
        source: Source::Manual,
        offered: OfferedMethods::for_source(Source::Manual),
        order_by: DateField::Due,
        wire: AllocationWire::Explicit,
    }
}

/// A ledger and a payment on it.
#[derive(Clone, Debug)]
pub struct Case {
    pub invoices: Vec<Invoice>,
    pub amount: Money,
    pub plan: Plan,
}

impl Case {
    pub fn statement(&self) -> Arc<Statement> {
        statement(self.invoices.clone())
    }
}

fn dates() -> impl Strategy<Value = Option<Date>> {
    prop_oneof![1 => Just(None), 5 => (1_u8..=5).prop_map(|day| Date::new(2026, 11, day))]
}

/// Invoice numbers that tie, that differ in leading zeros only, and that plain text order gets wrong.
fn numbers() -> impl Strategy<Value = String> {
    prop_oneof![
        (0_u32..15).prop_map(|number| format!("INV-{number}")),
        (0_u32..15).prop_map(|number| format!("INV-{number:03}")),
        (0_u32..3, 0_u32..12).prop_map(|(year, number)| format!("{year}/{number}b")),
        "[0-9a-bé٣-]{0,6}",
    ]
}

/// Balances that are often equal and small, sometimes zero, sometimes as long as amounts get.
fn balances() -> impl Strategy<Value = i64> {
    prop_oneof![6 => 1_i64..20, 1 => Just(0), 2 => 1_i64..100_000, 1 => 1_i64..1_000_000_000_000_000_000]
}

fn one_invoice(number: i64, currency: Currency) -> impl Strategy<Value = Invoice> {
    let parts = (numbers(), dates(), dates(), balances());
    parts.prop_map(move |(text, due, issued, balance)| Invoice {
        id: id(number),
        number: text,
        due,
        issued,
        total: None,
        balance: money(balance, currency),
        credit: None,
    })
}

/// Up to `most` invoices of one currency, each id once, in any order.
pub fn invoices(most: usize) -> impl Strategy<Value = Vec<Invoice>> {
    let ids = subsequence((1..=most as i64 * 2).collect::<Vec<_>>(), 0..=most).prop_shuffle();
    let currencies = prop::sample::select(vec!["USD", "JPY", "KWD"]);
    (ids, currencies)
        .prop_flat_map(|(ids, code)| ids.into_iter().map(|number| one_invoice(number, currency(code))).collect::<Vec<_>>())
}

/// A ledger, an amount that often matches something on it exactly, and a plan whose pins are sometimes too large or on no open invoice.
pub fn payments(most: usize) -> impl Strategy<Value = Case> {
    let orders = prop::sample::select(Order::NAMES.iter().map(|(_, order)| *order).collect::<Vec<_>>());
    let dates = prop::sample::select(vec![DateField::Due, DateField::Issued]);
    (invoices(most), orders, dates).prop_flat_map(move |(invoices, order, by)| {
        let currency = invoices.first().map_or(currency("USD"), |invoice| invoice.balance.currency());
        let largest: Vec<i128> = invoices.iter().map(|invoice| minor(invoice.balance)).collect();
        let ids: Vec<i64> = (1..=most as i64 * 2).collect();
        let pins = subsequence(ids, 0..=most.min(4)).prop_flat_map(|ids| {
            let shares = prop::collection::vec(prop_oneof![Just(0), 1_i64..25, 1_i64..200_000], ids.len());
            shares.prop_map(move |shares| ids.iter().copied().zip(shares).collect::<Vec<_>>())
        });
        // A few balances together: often one invoice, or one day, exactly. Off by a little: part payments and overpayments.
        let together = subsequence(largest.clone(), 0..=largest.len().min(4)).prop_map(|some| some.iter().sum::<i128>());
        let amounts = (together, prop_oneof![3 => Just(0_i128), 1 => -20..200_i128, 1 => 0..1_000_000_i128])
            .prop_map(|(sum, off)| i64::try_from((sum + off).clamp(0, 999_999_999_999_999_999)).expect("eighteen digits"));
        // Sometimes the API carries fewer decimals than the currency has, and the typed amounts have no more either.
        let decimals = prop_oneof![3 => Just(None), 1 => Just(Some(2)), 1 => Just(Some(0))];
        (Just(invoices), pins, amounts, decimals).prop_map(move |(invoices, pins, amount, decimals_max)| {
            let whole = |share: i64| share - share % i64::try_from(grain(currency, decimals_max)).expect("small");
            let pins = pins.into_iter().map(|(number, share)| (id(number), money(whole(share), currency))).collect();
            Case { invoices, amount: money(whole(amount), currency), plan: Plan { order, by, pins, decimals_max } }
        })
    })
}
