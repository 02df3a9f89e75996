//! Tests pasted amounts: with a currency, with invisible characters, and with a dash in place of decimals.

use crate::domain::amount::{DOLLARS, EGYPTIAN, FRENCH, GERMAN, INDIAN, SWISS, check, shown};
use payment_form::domain::{
    amount::{Reading, Separators, read, read_in},
    money::Currency,
};

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
        ("JPY", "\u{A5}", DOLLARS, "\u{FFE5}1,234- JPY", "1234"),
        ("JPY", "\u{A5}", DOLLARS, "JPY 1,234-円", "1234"),
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
