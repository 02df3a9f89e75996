//! Tests laws that hold for every amount. A written amount is read back unchanged, never as a hundred times as much, and every
//! text has a reading.

use crate::{
    domain::amount::{ALL, separators},
    domain::campaign::cases,
};
use payment_form::domain::{
    amount::{Reading, Separators, read, read_in},
    money::{Currency, DIGITS_MAX},
};
use proptest::prelude::*;
use rust_decimal::Decimal;

/// Every amount that the browser writes is read back as the same number, and written as the browser writes it.
#[test]
fn amount_written_by_intl_is_read_back() {
    let leak = |sizes: &str| -> &'static [u8] {
        match sizes {
            "3" => &[3],
            "3,2" => &[3, 2],
            other => panic!("a new way of grouping: {other}"),
        }
    };
    let (mut locales, mut currencies) = (Vec::new(), Vec::new());
    for line in include_str!("../../fixtures/intl/amounts.tsv").lines().filter(|line| !line.starts_with('#')) {
        let mut cells = line.split('\t');
        let mut cell = || cells.next().expect("seven columns before the amounts");
        let (locale, code, decimal, group) = (cell(), cell(), cell(), cell());
        let one = |text: &str| -> char { text.parse().expect("one character") };
        let separators = separators(one(decimal), one(group), leak(cell()), cell().parse().expect("a digit"), one(cell()));
        let currency = Currency::from_code(code).expect(code);
        let decimals = currency.minor_units();
        for amount in cells {
            let [plain, number, whole] = amount.split('=').collect::<Vec<_>>()[..] else { panic!("three forms of {amount}") };
            let value = Decimal::from_str_exact(plain).expect(plain);
            assert_eq!(value.scale(), decimals, "Intl and ISO agree about the decimals of {code}");
            let same = Reading::Number(value);
            assert_eq!(read(number, &separators, decimals), same, "{number} in {locale}");
            assert_eq!(separators.write(value, decimals), number, "{plain} in {locale}");
            assert_eq!(
                read(&separators.write_typed(value, decimals), &separators, decimals),
                same,
                "{plain} as typed in {locale}"
            );
            // With the sign and with the code around it, and with both.
            let sign = whole.replace(number, "");
            let both = if whole.starts_with(number) { format!("{code} {whole}") } else { format!("{whole} {code}") };
            for text in [whole, &format!("{code}\u{A0}{number}"), &format!("{number} {code}"), &both] {
                assert_eq!(read_in(currency, sign.trim(), text, &separators), same, "{text} in {locale}");
            }
        }
        locales.push(locale);
        currencies.push(code);
    }
    currencies.sort_unstable();
    currencies.dedup();
    locales.dedup();
    assert!(locales.len() >= 40 && currencies.len() >= 12, "{} locales, {} currencies", locales.len(), currencies.len());
}

/// Every sign that the browser writes in any locale, on either side, is read with its currency, and is refused by most others.
#[test]
fn sign_written_by_intl_is_read() {
    let mut pairs = 0;
    for line in include_str!("../../fixtures/intl/signs.tsv").lines().filter(|line| !line.starts_with('#')) {
        let (code, cells) = line.split_once('\t').expect("a currency before its cells");
        let currency = Currency::from_code(code).expect(code);
        let other = Currency::from_code(if code == "EUR" { "GBP" } else { "EUR" }).expect("a currency");
        for cell in cells.split('\t') {
            let (locales, whole) = cell.split_once('=').expect("locales before the amount");
            let start = whole.find("0").expect("a zero");
            let end = whole.rfind("0").expect("a zero") + 1;
            let (before, behind) = (&whole[..start], &whole[end..]);
            let sign = if visible(before).is_empty() { behind } else { before };
            let zero = Reading::Number(Decimal::ZERO);
            for text in [whole.to_owned(), format!("{code} {whole}"), format!("{whole} {code}")] {
                let doubled = visible(sign) == code && text != whole;
                if !doubled {
                    assert_eq!(read_in(currency, sign, &text, &Separators::ENGLISH), zero, "{text} in {locales}");
                }
            }
            let elsewhere = read_in(other, "", whole, &Separators::ENGLISH);
            assert!(matches!(elsewhere, Reading::Unreadable(_)), "{whole} in {locales} is {elsewhere:?} in {other}");
            pairs += locales.split(' ').count();
        }
    }
    assert!(pairs > 10_000, "{pairs} pairs of locale and currency");
}

fn visible(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}')).collect()
}

/// An amount of up to eighteen digits, and the decimals of its currency.
fn amounts() -> impl Strategy<Value = (Decimal, u32)> {
    let magnitudes = (0_u32..=DIGITS_MAX as u32).prop_flat_map(|digits| 0..10_i64.pow(digits));
    (magnitudes, 0_u32..=4).prop_map(|(minor, decimals)| (Decimal::new(minor, decimals), decimals))
}

proptest! {
    #![proptest_config(cases())]

    /// An amount written in a notation is read back in it, grouped or not.
    #[test]
    fn written_amount_is_read_back((value, decimals) in amounts(), notation in 0..ALL.len()) {
        let separators = &ALL[notation];
        prop_assert_eq!(read(&separators.write(value, decimals), separators, decimals), Reading::Number(value));
        prop_assert_eq!(read(&separators.write_typed(value, decimals), separators, decimals), Reading::Number(value));
    }

    /// An amount written in one notation and typed in another becomes a choice, or keeps its value. The exception is well-formed in both:
    /// groups of three without decimals, or exactly three decimals.
    #[test]
    fn foreign_notation_never_changes_an_amount_unasked((value, decimals) in amounts(), from in 0..ALL.len(), to in 0..ALL.len(), grouped in any::<bool>()) {
        let text = if grouped { ALL[from].write(value, decimals) } else { ALL[from].write_typed(value, decimals) };
        match read(&text, &ALL[to], decimals) {
            Reading::Number(other) if other != value => {
                let ends_in_three = text.chars().rev().take_while(|c| c.is_numeric()).count() == 3;
                prop_assert!(ends_in_three, "{} was read as {}", text, other);
            }
            Reading::Choice(values) => prop_assert!(values.contains(&value), "{} offers {:?}", text, values),
            _ => {}
        }
    }

    /// Every text has a reading. A number has the typed digits, and no more decimals than allowed.
    #[test]
    fn every_text_has_a_reading(text in "[0-9٠-٩.,' ٫٬\u{A0}-]{0,12}|\\PC{0,40}", notation in 0..ALL.len(), decimals in 0_u32..=4) {
        let digits = |text: &str| -> String {
            text.chars().filter_map(|c| c.to_digit(10).or_else(|| (c as u32).checked_sub(0x660).filter(|d| *d < 10))).map(|d| d.to_string()).collect()
        };
        if let Reading::Number(value) = read(&text, &ALL[notation], decimals) {
            prop_assert!(value.scale() <= decimals && !value.is_sign_negative());
            if text.chars().all(|c| !c.is_numeric() || c.is_ascii_digit() || ('٠'..='٩').contains(&c)) {
                let (typed, read) = (digits(&text), value.mantissa().to_string());
                // Zeros may be written before the number, and behind its last decimal.
                let typed = typed.trim_start_matches('0');
                let rest = typed.strip_prefix(read.trim_start_matches('0'));
                prop_assert!(rest.is_some_and(|rest| rest.bytes().all(|digit| digit == b'0')), "{} was read as {}", text, value);
                let has_mark = text.chars().any(|c| matches!(c, '.' | ',' | '٫'));
                prop_assert!(has_mark || rest == Some(""), "{} was read as {}", text, value);
            }
        }
    }
}
