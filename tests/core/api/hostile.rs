//! Tests bodies of a broken or hostile server: each becomes an outcome, without a crash.

use crate::api::draft::{answer, sent_for_document};
use payment_form::api::{
    Api, lists,
    message::{Encoding, Outcome, Request},
};

const RECORD: &str = include_str!("../../fixtures/contracts/fusebill-response-200.json");

/// Reads the body with every reader, and returns Fusebill's outcome of it.
fn read(body: &[u8]) -> Outcome {
    let sent = sent_for_document();
    for api in [Api::Fusebill, Api::MaiaScore] {
        for status in [200, 400, 403, 409, 410, 500] {
            api.decode(&answer(status, body), &sent);
        }
        api.record(body);
        for encoding in [Encoding::Json, Encoding::Xml, Encoding::Form] {
            api.sent(&Request { encoding, body: String::from_utf8_lossy(body).into_owned() });
        }
    }
    let _ = (lists::invoices(body, None), lists::methods(body));
    Api::Fusebill.decode(&answer(200, body), &sent)
}

/// Reads a body that is large rather than clever: once with each kind of reader.
fn read_large(body: &[u8]) -> Outcome {
    let sent = sent_for_document();
    Api::MaiaScore.decode(&answer(409, body), &sent);
    let _ = lists::invoices(body, None);
    Api::Fusebill.decode(&answer(200, body), &sent)
}

#[track_caller]
fn unknown(body: impl AsRef<[u8]>) {
    let outcome = read(body.as_ref());
    assert!(matches!(outcome, Outcome::Unknown { receipt: None, .. }), "{outcome:?}");
}

#[test]
fn million_brackets_do_not_overflow_the_stack() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let (open, close) = (open.repeat(1_000_000), close.repeat(1_000_000));
        let deep = format!("{open}1{close}");
        for body in [&open, &deep] {
            assert!(matches!(read_large(body.as_bytes()), Outcome::Unknown { receipt: None, .. }));
        }
        // Inside of a good record they are one more unknown field.
        let outcome = read_large(RECORD.replacen("null", &deep, 1).as_bytes());
        assert!(matches!(outcome, Outcome::Recorded { .. }));
    }
}

#[test]
fn truncated_body_leaves_the_outcome_open() {
    let full = include_str!("../../fixtures/answers/fusebill-full.json");
    let error = include_str!("../../fixtures/contracts/fusebill-response-400.json");
    for body in [RECORD.trim_end(), full.trim_end(), error.trim_end()] {
        for end in 0..body.len() {
            unknown(&body.as_bytes()[..end]);
        }
    }
}

#[test]
fn text_behind_the_record_leaves_the_outcome_open() {
    for garbage in ["<html>", "{}", ",", "]", "}", "\0", "\u{FEFF}", "null", "//"] {
        unknown(format!("{RECORD}{garbage}"));
    }
    assert!(matches!(read(format!(" \r\n\t{RECORD} \r\n\t").as_bytes()), Outcome::Recorded { .. }));
}

#[test]
fn repeated_name_is_not_trusted() {
    unknown(RECORD.replace("\"amount\":10.0", "\"amount\":10.0,\"amount\":10.0"));
    unknown(RECORD.replace("\"id\":7613586", "\"id\":7613586,\"ID\":7613587"));
    // Both values of an irrelevant field are shown.
    let twice = RECORD.replace("\"refunds\":", "\"note\":1,\"note\":2,\"refunds\":");
    assert!(
        matches!(read(twice.as_bytes()), Outcome::Recorded { receipt, .. } if receipt.fields.iter().filter(|(name, _)| name == "note").count() == 2)
    );
}

#[test]
fn malformed_number_is_not_read() {
    for number in [
        "NaN",
        "Infinity",
        "1e400",
        "-1e400",
        "1234567890123456789012345678901234567890",
        "+10",
        "010",
        "10.",
        ".1e2",
        "0xA",
        "\"ten\"",
        "\"\"",
        "true",
        "[10]",
        "null",
    ] {
        unknown(RECORD.replace("\"amount\":10.0", &format!("\"amount\":{number}")));
    }
    for number in ["10", "1e1", "10.000000", "\"10.0\"", "100e-1", "10.0000000000000000000000000000000000"] {
        let outcome = read(RECORD.replace("\"amount\":10.0", &format!("\"amount\":{number}")).as_bytes());
        assert!(matches!(outcome, Outcome::Recorded { .. }), "{number}: {outcome:?}");
    }
}

#[test]
fn malformed_text_is_not_read() {
    let reference = |text: &str| RECORD.replace("this is a test payment", text);
    assert!(matches!(read(reference(r"this\u0020is a test payment").as_bytes()), Outcome::Recorded { .. }));
    // A lone surrogate is no text, so the reference differs from the sent one.
    for text in [r"\ud800", r"\udc00", r"\ud800x", r"\ud800\u0041", r"x\udfff"] {
        assert!(matches!(read(reference(text).as_bytes()), Outcome::Unknown { receipt: Some(_), .. }), "{text}");
    }
    for text in [r"\u12", r"\x", "a\nb", "\\", "a\u{0}b"] {
        unknown(reference(text));
    }
    let mut bytes = RECORD.as_bytes().to_vec();
    bytes.extend([0xFF, 0xFE]);
    unknown(bytes);
    unknown(RECORD.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
}

#[test]
fn escaped_text_is_unescaped() {
    let body = RECORD.replace("\"description\":null", r#""description":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\uFFFF""#);
    let Outcome::Recorded { receipt, .. } = read(body.as_bytes()) else { panic!("not recorded") };
    let description = receipt.fields.iter().find(|(name, _)| name == "description").map(|(_, value)| value.as_str());
    assert_eq!(description, Some("\"\\/\u{8}\u{C}\n\r\té😀\u{FFFF}"));
    let named = RECORD.replace("\"id\":", r#""\u0069d":"#);
    assert!(matches!(read(named.as_bytes()), Outcome::Recorded { .. }));
}

#[test]
fn large_body_is_read() {
    let numbers = format!("[{}1]", "1,".repeat(1_000_000));
    assert!(matches!(read_large(numbers.as_bytes()), Outcome::Unknown { receipt: None, .. }));
    let names: String = (0..100_000).map(|n| format!("\"n{n}\":{n},")).collect();
    let outcome = read_large(RECORD.replacen('{', &format!("{{{names}"), 1).as_bytes());
    assert!(matches!(outcome, Outcome::Recorded { .. }));
    assert!(matches!(read_large(&vec![0; 16 << 20]), Outcome::Unknown { receipt: None, .. }));
}
