//! Tests money and days in the notations of many locales. The notations are written here as `Intl` gives them.

use payment_form::{
    domain::{amount::Separators, date::Date},
    words::format::{DateFormat, DatePart, MoneyFormat, Plurals},
};
use rust_decimal::Decimal;

fn check(format: &MoneyFormat, cases: &[(&str, &str, &str)]) {
    for (value, written, typed) in cases {
        let value = Decimal::from_str_exact(value).unwrap();
        assert_eq!(format.write(value), *written);
        assert_eq!(format.write_typed(value), *typed);
    }
}

fn notation(prefix: &str, suffix: &str, separators: Separators, decimals: u32) -> MoneyFormat {
    MoneyFormat { prefix: prefix.into(), suffix: suffix.into(), sign: String::new(), separators, decimals }
}

const ENGLISH: Separators = Separators::ENGLISH;

#[test]
fn dollars_in_english() {
    check(
        &MoneyFormat::default(),
        &[
            ("0", "$0.00", "0.00"),
            ("7.5", "$7.50", "7.50"),
            ("1234.5", "$1,234.50", "1234.50"),
            ("1234567.89", "$1,234,567.89", "1234567.89"),
            ("999999999999999999", "$999,999,999,999,999,999.00", "999999999999999999.00"),
            // More decimals than usual are the server's: they are shown, not rounded.
            ("10.005", "$10.005", "10.005"),
            ("10.0050", "$10.005", "10.005"),
            ("-10.5", "$-10.50", "-10.50"),
            ("-0.00", "$0.00", "0.00"),
        ],
    );
}

#[test]
fn euros_in_german_french_and_spanish() {
    let german = Separators { decimal: ',', group: '.', ..ENGLISH };
    check(&notation("", "\u{A0}€", german, 2), &[("1234.5", "1.234,50\u{A0}€", "1234,50"), ("0.07", "0,07\u{A0}€", "0,07")]);
    let french = Separators { decimal: ',', group: '\u{202F}', ..ENGLISH };
    check(&notation("", "\u{A0}€", french, 2), &[("1234567.8", "1\u{202F}234\u{202F}567,80\u{A0}€", "1234567,80")]);
    let spanish = Separators { decimal: ',', group: '.', group_digits_min: 2, ..ENGLISH };
    check(
        &notation("", "\u{A0}€", spanish, 2),
        &[("1234.5", "1234,50\u{A0}€", "1234,50"), ("12345.6", "12.345,60\u{A0}€", "12345,60")],
    );
}

#[test]
fn other_groups_digits_and_minor_units() {
    let indian = Separators { groups: &[3, 2], ..ENGLISH };
    check(
        &notation("₹", "", indian, 2),
        &[("12345678.9", "₹1,23,45,678.90", "12345678.90"), ("123456", "₹1,23,456.00", "123456.00")],
    );
    let arabic = Separators { decimal: '٫', group: '٬', zero: '٠', ..ENGLISH };
    check(&notation("\u{200F}", "\u{A0}ج.م.\u{200F}", arabic, 2), &[("1234.5", "\u{200F}١٬٢٣٤٫٥٠\u{A0}ج.م.\u{200F}", "١٢٣٤٫٥٠")]);
    check(&notation("¥", "", ENGLISH, 0), &[("0", "¥0", "0"), ("1234567", "¥1,234,567", "1234567"), ("12.5", "¥12.5", "12.5")]);
    check(
        &notation("KWD\u{A0}", "", ENGLISH, 3),
        &[("1.5", "KWD\u{A0}1.500", "1.500"), ("1234.567", "KWD\u{A0}1,234.567", "1234.567")],
    );
    let ungrouped = Separators { groups: &[], ..ENGLISH };
    check(&notation("$", "", ungrouped, 2), &[("1234567", "$1234567.00", "1234567.00")]);
    let grouped_once = Separators { groups: &[3, 0], ..ENGLISH };
    check(&notation("$", "", grouped_once, 2), &[("1234567", "$1234,567.00", "1234567.00")]);
}

#[test]
fn counts_are_written_in_the_same_digits() {
    assert_eq!(MoneyFormat::default().write_count(100_000), "100,000");
    let arabic = Separators { decimal: '٫', group: '٬', zero: '٠', ..ENGLISH };
    assert_eq!(notation("", "", arabic, 2).write_count(1_234), "١٬٢٣٤");
}

#[test]
fn days_follow_the_pattern_and_the_digits() {
    let day = Date::new(2026, 9, 2).unwrap();
    assert_eq!(DateFormat::default().write(day), "2 Sep 2026");
    let months = |names: &str| names.split(' ').map(String::from).collect::<Vec<_>>();
    let literal = |text: &str| DatePart::Literal(text.into());
    let japanese = DateFormat {
        parts: vec![DatePart::Year, literal("年"), DatePart::Month, DatePart::Day, literal("日")],
        months: months("1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月"),
        zero: '0',
    };
    assert_eq!(japanese.write(day), "2026年9月2日");
    let arabic = DateFormat {
        parts: vec![DatePart::Day, literal(" "), DatePart::Month, literal(" "), DatePart::Year],
        months: months("يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"),
        zero: '٠',
    };
    assert_eq!(arabic.write(day), "٢ سبتمبر ٢٠٢٦");
    let near = |format: &DateFormat, year| format.write_near(day, Date::new(year, 1, 31).unwrap());
    assert_eq!([near(&DateFormat::default(), 2026), near(&japanese, 2026), near(&arabic, 2026)], ["2 Sep", "9月2日", "٢ سبتمبر"]);
    assert_eq!(near(&DateFormat::default(), 2027), "2 Sep 2026", "another year is written");
}

#[test]
fn plural_forms_repeat_by_hundreds() {
    let english = Plurals::default();
    assert_eq!([0, 1, 2, 101].map(|count| english.form(count)), [1, 0, 1, 1]);
    // Polish: one; few for 2 to 4 but not 12 to 14; many.
    let polish = |count: usize| match (count, count % 10, count % 100) {
        (1, ..) => 0,
        (_, 2..=4, tens) if !(12..=14).contains(&tens) => 1,
        _ => 2,
    };
    let learned = Plurals { forms: (0..200).map(|count| polish(count) as u8).collect() };
    for count in 0..100_000 {
        assert_eq!(learned.form(count), polish(count), "{count}");
    }
}

#[test]
fn sign_stands_where_the_locale_writes_it() {
    let with_sign = |prefix: &str, suffix: &str, sign: &str| MoneyFormat {
        prefix: prefix.into(),
        suffix: suffix.into(),
        sign: sign.into(),
        ..MoneyFormat::default()
    };
    for (prefix, suffix, sign, is_behind, is_shared) in [
        ("$", "", "$", false, true),
        ("", "\u{A0}$", "$", true, true),
        ("", "\u{A0}kr", "kr", true, true),
        ("", "\u{A0}€", "€", true, false),
        ("", "\u{A0}zł", "zł", true, false),
        ("€\u{A0}", "", "€", false, true),
        ("\u{200F}", "\u{A0}US$\u{200E}", "US$", true, false),
        ("CHF\u{A0}", "", "CHF", false, true),
    ] {
        let format = with_sign(prefix, suffix, sign);
        assert_eq!((format.is_sign_behind(), format.is_sign_shared()), (is_behind, is_shared), "{prefix:?} {suffix:?}");
    }
}
