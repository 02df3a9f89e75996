//! Tests that numbers between JSON and [`Decimal`] are exact or refused.

use payment_form::api::decimal;
use proptest::prelude::*;
use rust_decimal::Decimal;

/// F10: every number that JSON can write is read with its digits and its scale.
#[test]
fn number_is_read_with_its_scale() {
    let cases = [
        ("0", "0"),
        ("-0", "0"),
        ("10.0", "10.0"),
        ("40.0000", "40.0000"),
        ("10.000000", "10.000000"),
        ("50.78", "50.78"),
        ("50.780", "50.780"),
        ("1e2", "100"),
        ("1E+2", "100"),
        ("1.5e1", "15"),
        ("12.34e1", "123.4"),
        ("100e-2", "1.00"),
        ("-3.5", "-3.5"),
        ("1234567890123456.78", "1234567890123456.78"),
        ("999999999999999999", "999999999999999999"),
        ("0.1", "0.1"),
        ("0.0000000000000000000000000001", "0.0000000000000000000000000001"),
        ("1.00000000000000000000000000000000000000", "1.000000000000000000000000000"),
        ("10.0000000000000000000000000000000000", "10.00000000000000000000000000"),
        ("0.0000000000000000000000000000000000", "0.0000000000000000000000000000"),
        ("79228162514264337593543950335", "79228162514264337593543950335"),
        ("-79228162514264337593543950335", "-79228162514264337593543950335"),
    ];
    for (text, expected) in cases {
        assert_eq!(decimal::read(text).map(|value| value.to_string()).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn text_that_is_no_number_or_does_not_fit_is_refused() {
    let long = "1".repeat(1_000_000);
    let cases = [
        "",
        " ",
        "1 ",
        " 1",
        "+1",
        "01",
        "00",
        "-",
        "--1",
        ".5",
        "5.",
        "-.5",
        "1..2",
        "1.2.3",
        "1e",
        "1e+",
        "1e-",
        "1e1.5",
        "e5",
        "1e5e5",
        "1_000",
        "1,5",
        "0x10",
        "NaN",
        "Infinity",
        "-Infinity",
        "null",
        "true",
        "١٢",
        "１２",
        "½",
        "−5",
        "1\0",
        "1e400",
        "0e400",
        "1e-400",
        "1e29",
        "1e999999999999",
        "79228162514264337593543950336",
        "1234567890123456789012345678901234567890",
        "0.00000000000000000000000000001",
        "0.12345678901234567890123456789",
        "7922816251426433759354395033.51",
        &long,
    ];
    for text in cases {
        assert_eq!(decimal::read(text), None, "{}", text.chars().take(40).collect::<String>());
    }
}

proptest! {
    #[test]
    fn written_number_is_read_back(mantissa in any::<i64>(), scale in 0_u32..=18) {
        let value = Decimal::new(mantissa, scale);
        let text = decimal::write(value);
        let again = decimal::read(&text).expect("a written number can be read");
        prop_assert_eq!((again, again.scale()), (value, if value.is_zero() { again.scale() } else { scale }));
        prop_assert_eq!(decimal::write(again), text);
    }

    #[test]
    fn reads_as_serde_json_does_where_floats_are_exact(whole in -9_007_199_254_740_991_i64..=9_007_199_254_740_991) {
        let text = whole.to_string();
        prop_assert!(serde_json::from_str::<i64>(&text).is_ok());
        prop_assert_eq!(decimal::read(&text), Some(Decimal::from(whole)));
    }

    #[test]
    fn number_outside_of_json_is_refused(text in "[-+0-9.eE]{1,12}") {
        if decimal::read(&text).is_some() {
            prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{}", text);
        }
    }
}
