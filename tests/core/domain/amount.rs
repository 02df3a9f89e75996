//! Tests typed amounts: readable, ambiguous and refused ones. `domain/amount_laws.rs` tests their laws.

use payment_form::domain::{
    amount::{AmountError, Reading, Separators, read, read_in},
    money::Currency,
};

/// A notation by its marks.
pub const fn separators(decimal: char, group: char, groups: &'static [u8], group_digits_min: u8, zero: char) -> Separators {
    Separators { decimal, group, groups, group_digits_min, zero }
}

pub const DOLLARS: Separators = Separators::ENGLISH;

pub const GERMAN: Separators = separators(',', '.', &[3], 1, '0');

pub const SPANISH: Separators = separators(',', '.', &[3], 2, '0');

pub const FRENCH: Separators = separators(',', '\u{202F}', &[3], 1, '0');

pub const POLISH: Separators = separators(',', '\u{A0}', &[3], 2, '0');

pub const SWISS: Separators = separators('.', '\u{2019}', &[3], 1, '0');

pub const INDIAN: Separators = separators('.', ',', &[3, 2], 1, '0');

pub const EGYPTIAN: Separators = separators('\u{66B}', '\u{66C}', &[3], 1, '\u{660}');

pub const PERSIAN: Separators = separators('\u{66B}', '\u{66C}', &[3], 1, '\u{6F0}');

pub const BENGALI: Separators = separators('.', ',', &[3, 2], 1, '\u{9E6}');

pub const UNGROUPED: Separators = separators('.', ',', &[], 1, '0');

/// Every notation of these tests.
pub const ALL: [Separators; 11] =
    [DOLLARS, GERMAN, SPANISH, FRENCH, POLISH, SWISS, INDIAN, EGYPTIAN, PERSIAN, BENGALI, UNGROUPED];

/// A reading in one line: a number, `? a b` for a choice, the name of the refusal.
pub fn shown(reading: &Reading) -> String {
    match reading {
        Reading::Empty => "empty".into(),
        Reading::Number(value) => value.to_string(),
        Reading::Choice(values) => values.iter().fold("?".into(), |text, value| format!("{text} {value}")),
        Reading::Unreadable(why) => format!("{why:?}"),
    }
}

/// Reads each text with two decimals and compares.
#[track_caller]
pub fn check(separators: &Separators, table: &[(&str, &str)]) {
    check_decimals(separators, 2, table);
}

#[track_caller]
pub fn check_decimals(separators: &Separators, decimals: u32, table: &[(&str, &str)]) {
    for (text, expected) in table {
        assert_eq!(shown(&read(text, separators, decimals)), *expected, "{text:?} with {decimals} decimals in {separators:?}");
    }
}

#[test]
fn dollar_amount_is_read() {
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
            ("1234567,890", "? 1234567890 1234567.89"),
            // Texts that only another notation can read become a choice, never a guess.
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
            // Arabic separators have one meaning only.
            ("1٬234٫50", "1234.50"),
            ("١٬٢٣٤٫٥٠", "1234.50"),
            ("۱۲۳۴٫۵", "1234.5"),
            ("１２３４．５０", "1234.50"),
            ("１，２３４．５０", "1234.50"),
        ],
    );
}

#[test]
fn malformed_amount_is_refused_in_every_notation() {
    let refused = [
        "abc",
        "1e3",
        "1E3",
        "1_000",
        "+5",
        "5.",
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
        "1\t000",
        "1\n000",
        "0,001,000",
        "1/2",
        "1:30",
    ];
    for separators in ALL {
        for text in refused {
            let reading = read(text, &separators, 2);
            assert_eq!(reading, Reading::Unreadable(AmountError::NotANumber), "{text:?} in {separators:?}");
        }
    }
}

#[test]
fn negative_fine_and_long_amounts_are_refused() {
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
        &[("10.5", "TooFine"), ("1,5", "TooFine"), ("1.234", "? 1 1234"), ("1,234", "1234"), ("5.00", "5"), ("5.01", "TooFine")],
    );
    check_decimals(&DOLLARS, 3, &[("1.234", "1.234"), ("1,234", "1234"), ("1.2345", "TooFine"), ("1.5", "1.5")]);
    check_decimals(&GERMAN, 0, &[("1,234", "? 1 1234"), ("1.234", "1234")]);
    check_decimals(&SWISS, 3, &[("1,234", "? 1234 1.234")]);
}

#[test]
fn decimal_comma_is_read() {
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
fn foreign_groups_and_digits_are_read() {
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
    // A wrongly described locale does not make the form guess.
    check(&separators(',', ',', &[3], 1, '0'), &[("1,234,567", "? 1234567"), ("1,234,56", "NotANumber"), ("1,23", "1.23")]);
    check(&UNGROUPED, &[("1234.5", "1234.5"), ("1,234.5", "? 1234.5")]);
}

#[test]
fn zeros_behind_the_last_decimal_are_none() {
    check(
        &DOLLARS,
        &[
            ("1,234.5000", "1234.50"),
            ("1,234.500", "1234.50"),
            ("1234.500", "1234.50"),
            ("0.500", "0.50"),
            ("12.0000", "12.00"),
            ("12.3450", "TooFine"),
            // Three digits behind a point are thousands in another notation.
            ("1.500", "? 1.50 1500"),
            ("12.000", "? 12.00 12000"),
        ],
    );
    check(&GERMAN, &[("1.234,5000", "1234.50"), ("1,500", "? 1.50 1500"), ("12,0000", "12.00")]);
    check(&FRENCH, &[("1,500", "? 1.50 1500"), ("1 234,500", "1234.50")]);
    check_decimals(&DOLLARS, 0, &[("1,234.00", "1234"), ("10.0", "10"), ("1.000", "? 1 1000"), ("1,00", "? 100 1")]);
    check_decimals(&GERMAN, 0, &[("1.234,00", "1234"), ("1,000", "? 1 1000")]);
    check_decimals(&DOLLARS, 3, &[("1.5000", "1.500"), ("1.500", "1.500")]);
}

#[test]
fn pasted_megabyte_is_too_long_whatever_it_holds() {
    for text in ["9", " ", "x", "٩", "1,", "-", "$"] {
        let paste = text.repeat(1_000_000);
        assert_eq!(read(&paste, &DOLLARS, 2), Reading::Unreadable(AmountError::TooLong), "{text:?}");
    }
}

#[test]
fn text_of_160_bytes_is_read_and_a_longer_one_is_too_long() {
    let dollars = Currency::from_code("USD").expect("USD");
    for (bytes, expected) in [(160, "5"), (161, "TooLong")] {
        let text = format!("{:<bytes$}", "5");
        assert_eq!(shown(&read(&text, &DOLLARS, 2)), expected, "{bytes} bytes");
        assert_eq!(shown(&read_in(dollars, "$", &text, &DOLLARS)), expected, "{bytes} bytes with a currency");
    }
}

#[test]
fn sign_behind_the_digits_of_a_script_is_no_digit() {
    // A colon and the Arabic percent sign follow the digit 9 in Unicode.
    check(&DOLLARS, &[("1:5", "NotANumber"), ("1:", "NotANumber"), ("\u{665}\u{66A}", "NotANumber")]);
    check(&EGYPTIAN, &[("\u{665}\u{66A}", "NotANumber")]);
}
