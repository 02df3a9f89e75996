//! Tests typed amounts: readable, ambiguous and refused ones. `domain/amount_laws.rs` tests their laws.

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
            assert_eq!(reading, Reading::Unreadable(Unreadable::NotANumber), "{text:?} in {separators:?}");
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

/// Reads each text with its currency: the code, the sign that the form prints, the notation, the text and what it is.
#[track_caller]
fn check_in(table: &[(&str, &str, Separators, &str, &str)]) {
    for (code, sign, separators, text, expected) in table {
        let currency = Currency::from_code(code).expect(code);
        assert_eq!(shown(&read_in(currency, sign, text, separators)), *expected, "{text:?} in {code}");
    }
}

#[test]
fn pasted_amount_with_sign_or_code_of_the_currency_is_read() {
    check_in(&[
        ("USD", "$", DOLLARS, "$1,234.50", "1234.50"),
        ("USD", "$", DOLLARS, "US$ 1,234.50", "1234.50"),
        ("USD", "$", DOLLARS, "US $1,234.50", "1234.50"),
        ("USD", "$", DOLLARS, "usd 5", "5"),
        ("USD", "$", DOLLARS, "5 USD", "5"),
        ("USD", "$", DOLLARS, "$1,234.50 USD", "1234.50"),
        ("USD", "$", DOLLARS, "USD $1,234.50", "1234.50"),
        ("USD", "$", DOLLARS, "$ USD 5", "5"),
        ("USD", "$US", FRENCH, "1 234,50 $US", "1234.50"),
        ("USD", "$", DOLLARS, "\u{661}\u{662}\u{663}\u{66B}\u{665}\u{660} USD", "123.50"),
        ("USD", "$", DOLLARS, "5\u{A0}USD", "5"),
        ("USD", "$", DOLLARS, "\u{FF04}5", "5"),
        ("USD", "$", DOLLARS, "$1,5", "? 15 1.5"),
        ("USD", "$", DOLLARS, "$.50", "0.50"),
        ("USD", "$", DOLLARS, "-$5", "Negative"),
        ("USD", "$", DOLLARS, "$-5", "Negative"),
        ("USD", "$", DOLLARS, "-5 USD", "Negative"),
        ("USD", "$", DOLLARS, "-$-5", "NotANumber"),
        ("USD", "$", DOLLARS, "$$5", "NotANumber"),
        ("USD", "$", DOLLARS, "$5$", "NotANumber"),
        ("USD", "$", DOLLARS, "USD 5 USD", "NotANumber"),
        ("USD", "$", DOLLARS, "$", "NotANumber"),
        ("USD", "$", DOLLARS, "USD", "NotANumber"),
        ("USD", "$", DOLLARS, "USDC 5", "NotANumber"),
        ("USD", "$", DOLLARS, "5K", "NotANumber"),
        ("EUR", "€", GERMAN, "1.234,50\u{A0}€", "1234.50"),
        ("EUR", "€", SWISS, "\u{200F}1,234.50 \u{200F}€", "? 1234.50"),
        ("SEK", "kr", FRENCH, "1 234,50 kr", "1234.50"),
        ("DKK", "kr.", GERMAN, "1.234,50 kr.", "1234.50"),
        ("BRL", "R$", GERMAN, "R$\u{A0}1.234,50", "1234.50"),
        ("JPY", "\u{A5}", DOLLARS, "\u{FFE5}1,234", "1234"),
        ("JPY", "\u{A5}", DOLLARS, "1,234円", "1234"),
        ("KWD", "KWD", DOLLARS, "KWD 1.234", "1.234"),
        ("KWD", "KWD", DOLLARS, "KD 1.234", "1.234"),
        ("THB", "THB", DOLLARS, "฿1,234.50", "1234.50"),
        ("CLP", "$", GERMAN, "$1.234", "1234"),
        ("HUF", "Ft", FRENCH, "1 234,50 Ft", "1234.50"),
        ("IDR", "Rp", GERMAN, "Rp\u{A0}1.234,50", "1234.50"),
        ("RUB", "₽", FRENCH, "1 234,50 ₽", "1234.50"),
        ("XOF", "F\u{202F}CFA", FRENCH, "1 234 F\u{202F}CFA", "1234"),
        ("XAF", "", FRENCH, "1 234 FCFA", "1234"),
        ("INR", "₹", INDIAN, "Rs. 1,00,000", "100000"),
        ("MMK", "", DOLLARS, "K5,000", "5000"),
        ("MMK", "", DOLLARS, "5K", "NotANumber"),
        ("MMK", "K", DOLLARS, "5,000 K", "5000"),
    ]);
}

#[test]
fn amount_with_another_currency_is_refused_as_such() {
    check_in(&[
        ("USD", "$", DOLLARS, "€5", "OtherCurrency"),
        ("USD", "$", DOLLARS, "5 EUR", "OtherCurrency"),
        ("USD", "$", DOLLARS, "5 eur", "OtherCurrency"),
        ("USD", "$", DOLLARS, "CA$5", "OtherCurrency"),
        ("USD", "$", DOLLARS, "$5 CAD", "OtherCurrency"),
        ("USD", "$", DOLLARS, "1.234,50 €", "OtherCurrency"),
        ("USD", "$", DOLLARS, "-€5", "OtherCurrency"),
        ("USD", "$", DOLLARS, "500 zł", "OtherCurrency"),
        ("USD", "$", DOLLARS, "\u{FFE5}500", "OtherCurrency"),
        ("EUR", "€", GERMAN, "$5", "OtherCurrency"),
        ("EUR", "€", GERMAN, "5 US$", "OtherCurrency"),
        ("EUR", "€", GERMAN, "€", "NotANumber"),
        ("EUR", "€", GERMAN, "$", "NotANumber"),
        ("EUR", "€", GERMAN, "EUR USD", "NotANumber"),
        ("EUR", "€", GERMAN, "call me", "NotANumber"),
    ]);
}

#[test]
fn invisible_characters_and_spaces_around_an_amount_are_not_read() {
    let around = [
        "\u{61C}", "\u{200B}", "\u{200C}", "\u{200D}", "\u{200E}", "\u{200F}", "\u{202A}", "\u{202B}", "\u{202C}", "\u{202D}",
        "\u{202E}", "\u{2060}", "\u{2066}", "\u{2067}", "\u{2068}", "\u{2069}", "\u{FEFF}", "\u{AD}", "\u{180E}", " ", "\t",
        "\r\n", "\u{A0}", "\u{1680}", "\u{2002}", "\u{2007}", "\u{2009}", "\u{200A}", "\u{202F}", "\u{205F}", "\u{3000}",
    ];
    for mark in around {
        let dollars = Currency::from_code("USD").expect("a currency");
        let texts = ["1,234.50", "$1,234.50", "1,234.50 USD"];
        for text in
            texts.map(|text| [format!("{mark}{text}"), format!("{text}{mark}"), format!("{mark}{mark}{text}{mark}")]).concat()
        {
            assert_eq!(shown(&read_in(dollars, "$", &text, &DOLLARS)), "1234.50", "{text:?}");
        }
        assert_eq!(read(mark, &DOLLARS, 2), Reading::Empty, "{mark:?}");
        assert_eq!(shown(&read_in(dollars, "$", &format!("${mark}5"), &DOLLARS)), "5", "{mark:?} behind the sign");
    }
    check(
        &DOLLARS,
        &[
            ("\u{202D}1,234.50\u{202C}", "1234.50"),
            ("\u{2068}1,234.50\u{2069}", "1234.50"),
            ("1\u{200B}000", "1000"),
            ("1\u{2007}234", "? 1234"),
            ("1\u{3000}234", "? 1234"),
            ("\u{202D}-5\u{202C}", "Negative"),
            ("1\t234", "NotANumber"),
        ],
    );
    check(&FRENCH, &[("1\u{2007}234,5", "1234.5"), ("1\u{2009}234,5", "1234.5")]);
}

#[test]
fn dash_in_place_of_decimals_is_read_as_none() {
    for separators in [DOLLARS, GERMAN, FRENCH, SWISS, INDIAN] {
        for text in ["50,-", "50.-", "50,–", "50.—", "50,--", "50.––", "50:-", "50/-", "50/=", "50 ,-", "50.\u{2212}"] {
            assert_eq!(shown(&read(text, &separators, 2)), "50", "{text:?} in {separators:?}");
        }
        for text in ["5-", "50--", "50=", "50.5,-", "50,-5", "50-,", ",-", "/-", "-", "50;-", "50,---", "50.00-"] {
            assert_eq!(shown(&read(text, &separators, 2)), "NotANumber", "{text:?} in {separators:?}");
        }
    }
    check(
        &DOLLARS,
        &[("1,234.-", "1234"), ("1,234/-", "1234"), ("1.234,-", "? 1234"), ("1,234,-", "NotANumber"), ("-50,-", "Negative")],
    );
    check(&GERMAN, &[("1.234,-", "1234"), ("1.234,– ", "1234"), ("1,234.-", "? 1234")]);
    check_in(&[
        ("SEK", "kr", FRENCH, "500:- kr", "500"),
        ("SEK", "kr", FRENCH, "SEK 500:-", "500"),
        ("NOK", "kr", FRENCH, "kr 1 234,-", "1234"),
        ("EUR", "€", GERMAN, "50,- €", "50"),
        ("CHF", "CHF", SWISS, "Fr. 1’234.–", "1234"),
        ("INR", "₹", INDIAN, "₹1,00,000/-", "100000"),
        ("KES", "Ksh", DOLLARS, "KSh 500/=", "500"),
        // A bare dash replaces decimals only in a currency without decimals; elsewhere it may mean "below zero".
        ("JPY", "\u{A5}", DOLLARS, "\u{FFE5}1,234-", "1234"),
        ("KRW", "₩", DOLLARS, "₩10,000-", "10000"),
        ("JPY", "\u{A5}", DOLLARS, "1,234-", "NotANumber"),
        ("USD", "$", DOLLARS, "$1,234-", "NotANumber"),
        ("USD", "$", DOLLARS, "$1,234.00-", "NotANumber"),
    ]);
}

#[test]
fn decimals_without_a_whole_part_are_read() {
    check(
        &DOLLARS,
        &[(".50", "0.50"), (".5", "0.5"), (".500", "0.50"), (".05", "0.05"), ("-.50", "Negative"), (".123", "TooFine")],
    );
    check(&DOLLARS, &[(",50", "? 0.50"), (",500", "? 0.50"), (".", "NotANumber"), ("..5", "NotANumber"), (".5.0", "NotANumber")]);
    check(&GERMAN, &[(",50", "0.50"), (",5", "0.5"), (".50", "? 0.50"), (".500", "? 0.50")]);
    check(&FRENCH, &[(",50", "0.50"), (" 50", "50")]);
    check(&EGYPTIAN, &[("٫٥٠", "0.50"), (".50", "0.50")]);
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
fn pasted_megabyte_is_refused_unread() {
    for text in ["9", " ", "x", "٩", "1,", "-", "$"] {
        let paste = text.repeat(1_000_000);
        let start = Instant::now();
        for _ in 0..1000 {
            assert_eq!(read(&paste, &DOLLARS, 2), Reading::Unreadable(Unreadable::TooLong));
        }
        assert!(start.elapsed() < Duration::from_millis(100), "{text:?} took {:?} a thousand times", start.elapsed());
    }
}
