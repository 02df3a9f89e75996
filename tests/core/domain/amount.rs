//! Amounts as people type them: what is read, what is asked about, what is refused. Their laws stand in `domain/amount_laws.rs`.

use payment_form::domain::{
    amount::{Reading, Separators, Unreadable, read, read_in},
    money::Currency,
};
use std::time::{Duration, Instant};

/// A notation by its marks.
pub const fn separators(decimal: char, group: char, groups: &'static [u8], group_digits_min: u8, zero: char) -> Separators {
    Separators { decimal, group, groups, group_digits_min, zero }
}

const DOLLARS: Separators = Separators::ENGLISH;
const GERMAN: Separators = separators(',', '.', &[3], 1, '0');
const SPANISH: Separators = separators(',', '.', &[3], 2, '0');
const FRENCH: Separators = separators(',', '\u{202F}', &[3], 1, '0');
const POLISH: Separators = separators(',', '\u{A0}', &[3], 2, '0');
const SWISS: Separators = separators('.', '\u{2019}', &[3], 1, '0');
const INDIAN: Separators = separators('.', ',', &[3, 2], 1, '0');
const EGYPTIAN: Separators = separators('\u{66B}', '\u{66C}', &[3], 1, '\u{660}');
const PERSIAN: Separators = separators('\u{66B}', '\u{66C}', &[3], 1, '\u{6F0}');
const BENGALI: Separators = separators('.', ',', &[3, 2], 1, '\u{9E6}');
const UNGROUPED: Separators = separators('.', ',', &[], 1, '0');
/// Every notation of these tests.
pub const ALL: [Separators; 11] =
    [DOLLARS, GERMAN, SPANISH, FRENCH, POLISH, SWISS, INDIAN, EGYPTIAN, PERSIAN, BENGALI, UNGROUPED];

/// A reading in one line: a number, `? a b` for a choice, the name of the refusal.
fn shown(reading: &Reading) -> String {
    match reading {
        Reading::Empty => "empty".into(),
        Reading::Number(value) => value.to_string(),
        Reading::Choice(values) => values.iter().fold("?".into(), |text, value| format!("{text} {value}")),
        Reading::Unreadable(why) => format!("{why:?}"),
    }
}

/// Reads each text with two decimals and compares.
#[track_caller]
fn check(separators: &Separators, table: &[(&str, &str)]) {
    check_decimals(separators, 2, table);
}

#[track_caller]
fn check_decimals(separators: &Separators, decimals: u32, table: &[(&str, &str)]) {
    for (text, expected) in table {
        assert_eq!(shown(&read(text, separators, decimals)), *expected, "{text:?} with {decimals} decimals in {separators:?}");
    }
}

#[test]
fn dollars() {
    check(
        &DOLLARS,
        &[
            ("", "empty"),
            (" \t\u{A0}", "empty"),
            ("0", "0"),
            ("007", "7"),
            ("500", "500"),
            (" 500\n", "500"),
            ("1234.5", "1234.5"),
            ("1234.50", "1234.50"),
            ("1,234", "1234"),
            ("1,234.50", "1234.50"),
            ("1,234,567.89", "1234567.89"),
            ("1234567,890", "TooFine"),
            // Another notation reads these, ours does not: asked about, never guessed.
            ("1.234", "? 1.23 1234"),
            ("1,5", "? 15 1.5"),
            ("1,50", "? 150 1.50"),
            ("0,5", "? 5 0.5"),
            ("35,00", "? 3500 35.00"),
            ("10.005", "? 10.00 10005"),
            ("1.234,56", "? 1234.56"),
            ("1.234.567", "? 1234567"),
            ("1 234,56", "? 1234.56"),
            ("1\u{202F}234,56", "? 1234.56"),
            ("1 234", "? 1234"),
            ("1'234.50", "? 1234.50"),
            ("1,00,000", "? 100000"),
            ("12,34,567.89", "? 1234567.89"),
            // The Arabic marks mean one thing only.
            ("1٬234٫50", "1234.50"),
            ("١٬٢٣٤٫٥٠", "1234.50"),
            ("۱۲۳۴٫۵", "1234.5"),
            ("１２３４．５０", "1234.50"),
            ("１，２３４．５０", "1234.50"),
        ],
    );
}

#[test]
fn refused_everywhere() {
    let refused = [
        "abc",
        "1e3",
        "1E3",
        "1_000",
        "+5",
        ".5",
        "5.",
        ",5",
        "5,",
        "0x10",
        "NaN",
        "Infinity",
        "inf",
        "--1",
        "½",
        "1½",
        "²",
        "1.2.3",
        "1,2,3",
        "1..2",
        "1,,000",
        "1 2",
        "1 23",
        "12 34 5",
        "1,234 567",
        "1 234,567.00",
        "1.234,567.89",
        "1'23",
        "1.5 1.5",
        "$",
        "€",
        "-",
        "−",
        "5-",
        "(5)",
        "5%",
        "１2",
        "1٢",
        "١۲",
        "Ⅷ",
        "五",
        "1\u{200B}000",
        "1\t000",
        "1\n000",
        "1\u{3000}000",
        "0,001,000",
        "1/2",
        "1:30",
    ];
    for separators in ALL {
        for text in refused {
            let reading = read(text, &separators, 2);
            assert_eq!(reading, Reading::Unreadable(Unreadable::NotANumber), "{text:?} in {separators:?}");
        }
    }
}

#[test]
fn negative_too_fine_too_long() {
    check(
        &DOLLARS,
        &[
            ("-5", "Negative"),
            ("−5", "Negative"),
            ("–5", "Negative"),
            ("－５", "Negative"),
            ("- 5", "Negative"),
            ("-0", "Negative"),
            ("-1,5", "Negative"),
            ("-1.2345", "Negative"),
            ("-abc", "NotANumber"),
            ("0.001", "TooFine"),
            ("1.2345", "TooFine"),
            ("1,2345", "TooFine"),
            ("1,234.567", "TooFine"),
            ("999999999999999999", "999999999999999999"),
            ("0000999999999999999999", "999999999999999999"),
            ("9999999999999999.99", "9999999999999999.99"),
            ("1000000000000000000", "TooLong"),
            ("79228162514264337593543950335", "TooLong"),
            ("79228162514264337593543950336", "TooLong"),
            ("99999999999999999.99", "TooLong"),
        ],
    );
    check_decimals(
        &DOLLARS,
        0,
        &[("10.5", "TooFine"), ("1,5", "TooFine"), ("1.234", "? 1 1234"), ("1,234", "1234"), ("5.00", "TooFine")],
    );
    check_decimals(&DOLLARS, 3, &[("1.234", "1.234"), ("1,234", "1234"), ("1.2345", "TooFine"), ("1.5", "1.5")]);
    check_decimals(&GERMAN, 0, &[("1,234", "? 1 1234"), ("1.234", "1234")]);
    check_decimals(&SWISS, 3, &[("1,234", "? 1234 1.234")]);
}

#[test]
fn decimal_comma() {
    check(
        &GERMAN,
        &[
            ("1234,5", "1234.5"),
            ("1.234", "1234"),
            ("1.234,56", "1234.56"),
            ("1.234.567,89", "1234567.89"),
            ("1,234", "? 1.23 1234"),
            ("1,234.50", "? 1234.50"),
            ("1.5", "? 15 1.5"),
            ("50.78", "? 5078 50.78"),
            ("1 234,56", "? 1234.56"),
            ("0,05", "0.05"),
        ],
    );
    check(&SPANISH, &[("1234,5", "1234.5"), ("1.234,5", "1234.5"), ("12.345,5", "12345.5")]);
    for spaced in [FRENCH, POLISH] {
        check(
            &spaced,
            &[
                ("1 234,5", "1234.5"),
                ("1\u{A0}234,5", "1234.5"),
                ("1\u{202F}234,5", "1234.5"),
                ("1\u{202F}234\u{A0}567 890,5", "1234567890.5"),
                ("1234,50", "1234.50"),
                ("1234.50", "? 1234.50"),
                ("1.234", "? 1234"),
                ("1 234.56", "? 1234.56"),
                ("1.234,56", "? 1234.56"),
                ("12 34", "NotANumber"),
            ],
        );
    }
}

#[test]
fn apostrophes_india_and_other_digits() {
    check(
        &SWISS,
        &[
            ("1'234.50", "1234.50"),
            ("1’234.50", "1234.50"),
            ("1’234'567", "1234567"),
            ("1,234.50", "? 1234.50"),
            ("1,50", "? 1.50"),
        ],
    );
    check(
        &INDIAN,
        &[
            ("1,00,000", "100000"),
            ("12,34,567.89", "1234567.89"),
            ("100,000", "100000"),
            ("1,234,567", "1234567"),
            ("1,5", "? 15 1.5"),
            ("1,00,00", "NotANumber"),
        ],
    );
    for arabic in [EGYPTIAN, PERSIAN] {
        check(
            &arabic,
            &[
                ("١٬٢٣٤٫٥٠", "1234.50"),
                ("۱٬۲۳۴٫۵۰", "1234.50"),
                ("١٢٣٤", "1234"),
                ("1234.50", "1234.50"),
                ("1,234.50", "1234.50"),
                ("١٢٫٥", "12.5"),
                ("1٬23", "NotANumber"),
                ("1,50", "? 150 1.50"),
                ("١٬٢٣٤٫٥٦٧", "TooFine"),
                ("\u{200F}١٢\u{61C}", "12"),
                ("\u{61C}-١٢", "Negative"),
            ],
        );
    }
    check(&BENGALI, &[("১,২৩,৪৫৬.৫০", "123456.50"), ("123456.50", "123456.50"), ("১2", "NotANumber")]);
    check(&DOLLARS, &[("১২", "NotANumber")]);
    // A locale that a host described wrongly is no reason to guess.
    check(&separators(',', ',', &[3], 1, '0'), &[("1,234,567", "? 1234567"), ("1,234,56", "NotANumber"), ("1,23", "1.23")]);
    check(&UNGROUPED, &[("1234.5", "1234.5"), ("1,234.5", "? 1234.5")]);
}

#[test]
fn pasted_with_its_currency() {
    let table = [
        ("USD", DOLLARS, "$1,234.50", "1234.50"),
        ("USD", DOLLARS, "US$ 1,234.50", "1234.50"),
        ("USD", DOLLARS, "usd 5", "5"),
        ("USD", DOLLARS, "5 USD", "5"),
        ("USD", DOLLARS, "\u{661}\u{662}\u{663}\u{66B}\u{665}\u{660} USD", "123.50"),
        ("USD", DOLLARS, "5\u{A0}USD", "5"),
        ("USD", DOLLARS, "$1,5", "? 15 1.5"),
        ("USD", DOLLARS, "-$5", "Negative"),
        ("USD", DOLLARS, "$-5", "Negative"),
        ("USD", DOLLARS, "$$5", "NotANumber"),
        ("USD", DOLLARS, "$5 USD", "NotANumber"),
        ("USD", DOLLARS, "CA$5", "NotANumber"),
        ("USD", DOLLARS, "€5", "NotANumber"),
        ("USD", DOLLARS, "5 EUR", "NotANumber"),
        ("USD", DOLLARS, "$", "NotANumber"),
        ("USD", DOLLARS, "USD", "NotANumber"),
        ("EUR", GERMAN, "1.234,50\u{A0}€", "1234.50"),
        ("EUR", GERMAN, "$5", "NotANumber"),
        ("EUR", SWISS, "\u{200F}1,234.50 \u{200F}€", "? 1234.50"),
        ("SEK", FRENCH, "1 234,50 kr", "1234.50"),
        ("DKK", GERMAN, "1.234,50 kr.", "1234.50"),
        ("BRL", GERMAN, "R$\u{A0}1.234,50", "1234.50"),
        ("JPY", DOLLARS, "￥1,234", "1234"),
        ("KWD", DOLLARS, "KWD 1.234", "1.234"),
        ("KWD", DOLLARS, "KD 1.234", "NotANumber"),
    ];
    for (code, separators, text, expected) in table {
        let currency = Currency::from_code(code).expect(code);
        assert_eq!(shown(&read_in(currency, text, &separators, currency.minor_units())), expected, "{text:?} in {code}");
    }
}

#[test]
fn a_megabyte_of_paste_costs_nothing() {
    for text in ["9", " ", "x", "٩", "1,", "-", "$"] {
        let paste = text.repeat(1_000_000);
        let start = Instant::now();
        for _ in 0..1000 {
            assert_eq!(read(&paste, &DOLLARS, 2), Reading::Unreadable(Unreadable::TooLong));
        }
        assert!(start.elapsed() < Duration::from_millis(100), "{text:?} took {:?} a thousand times", start.elapsed());
    }
}
