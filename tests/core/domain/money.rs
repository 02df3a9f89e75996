//! Tests the exact limits of money, ids and days.

use crate::domain::ledger::{currency, day};
use payment_form::domain::{
    date::Date,
    invoice::{CustomerId, InvoiceId},
    money::{Currency, Money, MoneyError},
};
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

fn take(text: &str, code: &str) -> Result<String, MoneyError> {
    Money::new(text.parse().expect(text), currency(code)).map(Money::plain)
}

#[test]
fn money_is_never_negative_too_fine_or_too_long() {
    let fine = |decimals| Err(MoneyError::TooFine { decimals });
    let table = [
        ("0", "USD", Ok("0.00")),
        ("-0.00", "USD", Ok("0.00")),
        ("1234.5", "USD", Ok("1234.50")),
        ("40.0000", "USD", Ok("40.00")),
        ("0.001", "USD", fine(2)),
        ("-0.01", "USD", Err(MoneyError::Negative)),
        ("5", "JPY", Ok("5")),
        ("5.0", "JPY", Ok("5")),
        ("5.5", "JPY", fine(0)),
        ("1.234", "KWD", Ok("1.234")),
        ("1.2345", "KWD", fine(3)),
        ("0.0001", "CLF", Ok("0.0001")),
        ("9999999999999999.99", "USD", Ok("9999999999999999.99")),
        ("99999999999999999.99", "USD", Err(MoneyError::TooLong)),
        ("999999999999999999", "USD", Ok("999999999999999999.00")),
        ("1000000000000000000", "USD", Err(MoneyError::TooLong)),
        ("79228162514264337593543950335", "USD", Err(MoneyError::TooLong)),
    ];
    for (text, code, expected) in table {
        assert_eq!(take(text, code), expected.map(str::to_owned), "{text} {code}");
    }
}

#[test]
fn the_scale_stays_as_written_and_does_not_count() {
    let [short, long] = ["2.0", "2.00"].map(|text| Money::new(text.parse().expect(text), currency("USD")).expect(text));
    assert_eq!((short.value().to_string(), long.value().to_string()), ("2.0".into(), "2.00".into()));
    assert_eq!(short, long);
}

#[test]
fn amounts_of_two_currencies_do_not_compare() {
    let one = |code| Money::new(Decimal::ONE, currency(code)).expect("one");
    assert!(one("USD") != one("CAD") && one("USD").partial_cmp(&one("CAD")).is_none());
    assert_eq!(one("USD").saturating_sub(one("USD")), Money::zero(currency("USD")));
    assert!(Money::zero(currency("USD")).saturating_sub(one("USD")).is_zero(), "never below zero");
}

#[test]
fn currency_is_known_by_its_code() {
    let units = ["USD", "JPY", "KWD", "CLF", "ISK", "UGX"].map(|code| currency(code).minor_units());
    assert_eq!(units, [2, 0, 3, 4, 0, 0]);
    for no_currency in ["usd", "US", "USDX", "", "XAU", "XXX", "XTS", "$"] {
        assert_eq!(Currency::from_code(no_currency), None, "{no_currency}");
    }
}

#[test]
fn three_letters_are_a_currency_only_with_a_minor_unit() {
    let letters = || 'A'..='Z';
    let all = letters().flat_map(|a| letters().flat_map(move |b| letters().map(move |c| String::from_iter([a, b, c]))));
    let known: Vec<Currency> = all.filter_map(|code| Currency::from_code(&code).filter(|known| known.code() == code)).collect();
    assert_eq!(known.len(), 170, "a new edition of ISO 4217 asks for a look");
    assert!(known.iter().all(|currency| [0, 2, 3, 4].contains(&currency.minor_units())));
}

#[test]
fn signs_of_a_currency_stand_longest_first() {
    let signs = |code| currency(code).signs();
    assert_eq!(signs("AUD"), ["AU$", "A$", "$"]);
    assert_eq!(signs("JPY"), ["JP\u{A5}", "円", "\u{A5}"]);
    assert_eq!((signs("SEK"), signs("ZAR")), (vec!["kr.".to_owned(), "kr".into()], vec!["R".to_owned()]));
    assert!(signs("CLF").is_empty(), "the sign for some currency is none of this one");
}

/// G10: an id is a whole number and never a float.
#[test]
fn ids_are_positive_whole_numbers_below_two_to_the_63() {
    let table = [
        ("1", Some(1)),
        ("2147483648", Some(1 << 31)),
        ("9007199254740993", Some((1 << 53) + 1)),
        ("9223372036854775807", Some(i64::MAX)),
        ("9223372036854775808", None),
        ("0", None),
        ("-1", None),
        ("+1", None),
        ("007", None),
        ("1.0", None),
        ("1e3", None),
        (" 1", None),
        ("", None),
        ("١", None),
    ];
    for (text, expected) in table {
        assert_eq!(InvoiceId::parse(text).map(InvoiceId::number), expected, "{text:?}");
    }
    assert_eq!((CustomerId::new(0), CustomerId::new(-5)), (None, None));
}

#[test]
fn day_outside_the_calendar_is_refused() {
    for exists in ["2024-02-29", "2000-02-29", "1900-01-01", "2200-12-31", "2026-11-20"] {
        assert_eq!(day(exists).to_string(), exists);
    }
    let none = [
        "2023-02-29",
        "2100-02-29",
        "2024-13-01",
        "2024-00-10",
        "2024-01-32",
        "2024-04-31",
        "0000-01-01",
        "-0001-01-01",
        "10000-01-01",
        "1899-12-31",
        "2201-01-01",
        "2024-2-9",
        "20240209",
        "2024-02-09T00:00",
        " 2024-02-09",
        "2024/02/09",
        "09.02.2024",
        "2024-02-0٩",
        "",
    ];
    for text in none {
        assert_eq!(Date::parse(text), None, "{text:?}");
    }
    assert_eq!(day("2026-03-01").days_since(day("2026-02-27")), 2);
    assert_eq!(day("2026-02-27").days_since(day("2026-03-01")), -2);
    assert_eq!((day("2026-02-27").year(), day("2026-02-27").month(), day("2026-02-27").day()), (2026, 2, 27));
}

proptest! {
    /// A number is taken as money with its whole value, or refused for one reason.
    #[test]
    fn money_of_any_number_keeps_its_value(low: u32, middle: u32, high in prop_oneof![Just(0_u32), any::<u32>()], scale in 0_u32..29, is_negative: bool) {
        let value = Decimal::from_parts(low, middle, high, is_negative, scale);
        let minor = value.trunc_with_scale(2);
        match Money::new(value, currency("USD")) {
            Ok(money) => {
                prop_assert!(money.value() == value && money.value().scale() <= 2);
                prop_assert_eq!(money.plain().parse::<Decimal>(), Ok(value));
            }
            Err(MoneyError::TooFine { .. }) => prop_assert!(minor != value),
            Err(MoneyError::TooLong) => prop_assert!(minor == value && value.mantissa().unsigned_abs() >= 10_u128.pow(18)),
            Err(MoneyError::Negative) => prop_assert!(is_negative),
        }
    }
}

#[test]
fn decimals_of_every_currency_are_the_same_before_the_form_is_there() {
    let script = include_str!("../../../src/element/js/notation.js");
    let list = script.split("const DECIMALS = {").nth(1).and_then(|rest| rest.split("};").next()).unwrap();
    let mut listed = BTreeMap::new();
    for line in list.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (decimals, codes) = line.split_once(": ").unwrap();
        for code in codes.trim_matches([',', '\'']).split(' ') {
            assert_eq!(listed.insert(code.to_owned(), decimals.parse::<u32>().unwrap()), None, "{code} twice");
        }
    }
    let others = Currency::all().filter(|currency| currency.minor_units() != 2);
    assert_eq!(listed, others.map(|currency| (currency.code().to_owned(), currency.minor_units())).collect());
}
