//! Tests the reference: its length in UTF-16 units, as the API's .NET server counts them, its characters, and the refusal of card numbers.

use crate::random::Random;
use payment_form::domain::payment::{REFERENCE_MAX, Reference, ReferenceError};

#[track_caller]
fn check(text: &str, expected: Result<(), ReferenceError>) {
    let reference = Reference::new(text);
    if expected.is_ok() {
        let stored = reference.as_ref().map(|reference| reference.as_ref().map_or("", Reference::text));
        assert_eq!(stored, Ok(text), "stored exactly as typed");
    }
    assert_eq!(reference.map(|_| ()), expected, "{text:?}");
}

#[test]
fn length_is_counted_in_utf16_units() {
    check("", Ok(()));
    check(&"x".repeat(REFERENCE_MAX), Ok(()));
    check(&"x".repeat(REFERENCE_MAX + 1), Err(ReferenceError::TooLong(501)));
    check(&"é".repeat(REFERENCE_MAX), Ok(()));
    check(&"😀".repeat(250), Ok(()));
    check(&"😀".repeat(251), Err(ReferenceError::TooLong(502)));
    check(&format!("{}x", "😀".repeat(250)), Err(ReferenceError::TooLong(501)));
}

#[test]
fn invisible_character_is_refused() {
    let refused = [
        '\0',
        '\u{7}',
        '\t',
        '\n',
        '\r',
        '\u{7F}',
        '\u{85}',
        '\u{9F}',
        '\u{AD}',
        '\u{61C}',
        '\u{200B}',
        '\u{200E}',
        '\u{200F}',
        '\u{2028}',
        '\u{2029}',
        '\u{202A}',
        '\u{202E}',
        '\u{2060}',
        '\u{2066}',
        '\u{2069}',
        '\u{FEFF}',
        '\u{FFF9}',
        '\u{FFFD}',
        '\u{E0041}',
    ];
    for c in refused {
        check(&format!("rent{c}1"), Err(ReferenceError::Control(c)));
    }
    let accepted = [
        "rent for November",
        "Zahlung für Büro",
        "إيجار نوفمبر",
        "שכר דירה",
        "家賃",
        "می\u{200C}خواهم",
        "👩\u{200D}👧",
        "e\u{301}",
        "é",
        "❤\u{FE0F}",
        " spaces kept ",
        "\u{A0}",
        "'; DROP TABLE payments;--",
        "{{7*7}}",
        "=cmd|' /C calc'!A0",
        "<img onerror=alert(1)>",
        "\"\\\u{2019}",
    ];
    for text in accepted {
        check(text, Ok(()));
    }
}

#[test]
fn card_numbers_are_refused() {
    let refused = [
        "4242424242424242",
        "4242 4242 4242 4242",
        "4242-4242-4242-4242",
        "4242\u{200D}4242\u{200C}42424242",
        "4242\u{A0}4242\u{A0}4242\u{A0}4242",
        "4242\u{2011}4242 – 4242 4242",
        "4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2",
        "card 4242424242424242, thanks",
        // A colon follows the digit 9 in Unicode.
        "card:4242424242424242",
        "4242424242424242: my card",
        "card4242424242424242x",
        "4242 4242 4242 4242 12 27 123",
        "4242  4242  4242  4242  12  27",
        "4242424242424242 12 27",
        "3782 822463 10005 12 27",
        "Invoice 12 4242 4242 4242 4242",
        "4222222222222",
        "5555 5555 5555 4444",
        "2223 0031 2200 3222",
        "3782 822463 10005",
        "378282246310005",
        "3056 930902 5904",
        "30569309025904",
        "38520000023237",
        "6011 1111 1111 1117",
        "3530 1113 3330 0000",
        "6304 0000 0000 0000",
        "2200 0000 0000 0004",
        "6205 5000 0000 0000 004",
        "４２４２４２４２４２４２４２４２",
        "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢",
    ];
    for text in refused {
        check(text, Err(ReferenceError::CardNumber));
    }
    let accepted = [
        // One digit off, so that the Luhn check fails.
        "4242424242424243",
        "4242 4242 4242 4241",
        // These pass the Luhn check but have no card prefix.
        "0000000000000000",
        "1234567812345670",
        "9999999999999995",
        // Twelve and twenty digits.
        "424242424242",
        "42424242424242424242",
        // Invoice and phone numbers.
        "566934 566935",
        "INV-2026-000123, INV-2026-000124",
        "+49 30 1234567",
        "2026-11-20 14:30:00",
        // Other separators end a run of digits.
        // A hash with three letters holds the digits of a card number by chance.
        "0165b512482847309755b58706b44570",
        "4242,4242,4242,4242",
        "4242/4242/4242/4242",
    ];
    for text in accepted {
        check(text, Ok(()));
    }
}

#[test]
fn random_identifiers_are_no_card_numbers() {
    let mut random = Random::new(7);
    for _ in 0..50_000 {
        let (high, low) = (random.number(), random.number());
        // Version 4, as most programs make them.
        let (high, low) = ((high & !0xF000) | 0x4000, (low >> 2) | (2 << 62));
        let hex = format!("{high:016x}{low:016x}");
        let uuid = format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]);
        for text in [uuid.to_uppercase(), hex, format!("order {uuid}, paid"), format!("pf-{uuid}-2"), uuid] {
            assert!(Reference::new(&text).is_ok(), "{text}");
        }
    }
}

#[test]
fn card_number_beside_an_identifier_is_refused() {
    let refused = [
        "4f3a1234-5678-4123-9012-345678901234 4242 4242 4242 4242",
        "4242424242424242 4f3a1234-5678-4123-9012-345678901234",
        "4f3a1234-5678-4123-9012-345678901234-4242424242424242",
        "d41d8cd98f00b204e9800998ecf8427e 4242424242424242",
        "4242-4242-4242-4242-abcd",
        "a4242424242424242b",
        "4242424242424242exp0929",
        // The letters of a hash stand between its digits.
        "4242424242424242abcd",
    ];
    for text in refused {
        check(text, Err(ReferenceError::CardNumber));
    }
    // A UUID of which four groups are a card number as cards print it.
    check("aaaa4242-4242-4242-4242-424242424242", Ok(()));
}
