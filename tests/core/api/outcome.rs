//! What each HTTP status means, whatever the body says: the rules R5 to R8, and the fault rows C and D.

use crate::api::draft::{answer, sent_for_document};
use payment_form::{
    api::{
        Api,
        message::{Outcome, Response, Sent},
    },
    domain::problem::{Cause, Field, Problem},
};
use std::iter;

const RECORD: &str = include_str!("../../fixtures/contracts/fusebill-response-200.json");
const REFUSAL: &str = include_str!("../../fixtures/contracts/fusebill-response-400.json");
const HTML: &str = "<!doctype html><title>Sign in</title><script>alert(1)</script>";
const KEY: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

/// The class of an outcome, for tables.
fn class(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Recorded { .. } => "recorded",
        Outcome::Rejected { .. } => "rejected",
        Outcome::Held { .. } => "held",
        Outcome::InProgress { .. } => "in progress",
        Outcome::Unknown { .. } => "unknown",
    }
}

fn decode(status: u16, body: &str) -> Outcome {
    Api::Fusebill.decode(&answer(status, body), &sent_for_document())
}

/// The same, from a server that is known to honour keys.
fn decode_with_key(status: u16, body: &str, echoed: Option<&str>) -> Outcome {
    let response = Response { key: echoed.map(Into::into), ..answer(status, body) };
    let sent = Sent { key: Some(KEY.into()), honours_keys: true, ..sent_for_document() };
    Api::Fusebill.decode(&response, &sent)
}

fn key_error(message: &str) -> String {
    format!(r#"{{"ErrorId":0,"HttpStatusCode":0,"Errors":[{{"Key":"Idempotency-Key","Value":"{message}"}}]}}"#)
}

#[test]
fn each_status_with_a_record_an_error_and_nothing() {
    for status in iter::once(0).chain(100..=999) {
        let (record, refusal) = match status {
            200 | 201 => ("recorded", "unknown"),
            400 | 409 | 410 | 422 => ("unknown", "rejected"),
            401 | 403 | 404 | 405 | 406 | 413 | 415 | 429 => ("unknown", "held"),
            _ => ("unknown", "unknown"),
        };
        let other = if refusal == "held" { "held" } else { "unknown" };
        assert_eq!(class(&decode(status, RECORD)), record, "{status} with a record");
        assert_eq!(class(&decode(status, REFUSAL)), refusal, "{status} with the documented error");
        for body in ["", "null", HTML, "{}", "[]", "OK", r#"{"Errors":[]}"#, r#"{"error":{"code":1}}"#] {
            assert_eq!(class(&decode(status, body)), other, "{status} with {body:?}");
        }
    }
}

#[test]
fn a_server_that_honours_keys_must_give_the_key_back_to_refuse() {
    for status in [400, 409, 410, 422] {
        assert_eq!(class(&decode_with_key(status, REFUSAL, Some(KEY))), "rejected", "{status}");
        assert_eq!(class(&decode_with_key(status, REFUSAL, Some(&format!("\"{KEY}\"")))), "rejected", "{status} quoted");
        assert_eq!(class(&decode_with_key(status, REFUSAL, None)), "unknown", "{status} without the key");
        assert_eq!(class(&decode_with_key(status, REFUSAL, Some("another-key-of-ours"))), "unknown", "{status} with another key");
    }
    // The record itself is proof enough where it is the one that was sent.
    assert_eq!(class(&decode_with_key(200, RECORD, None)), "recorded");
    assert_eq!(class(&decode_with_key(200, RECORD, Some("another-key-of-ours"))), "unknown");
}

#[test]
fn answers_about_the_key_are_no_answers_about_the_payment() {
    let busy = Response { retry_after: Some("1".into()), key: Some(KEY.into()), ..answer(409, key_error("in progress")) };
    let sent = Sent { key: Some(KEY.into()), honours_keys: true, ..sent_for_document() };
    for api in [Api::Fusebill, Api::MaiaScore] {
        assert_eq!(api.decode(&busy, &sent), Outcome::InProgress { retry_after: Some(1) });
    }
    let reused = decode_with_key(422, &key_error("used with another payload"), Some(KEY));
    let words = Some("used with another payload".into());
    assert_eq!(reused, Outcome::Unknown { status: Some(422), receipt: None, words });
    let maiascore = r#"{"code":422,"message":"The idempotency-key was used with another payload."}"#;
    let outcome = Api::MaiaScore.decode(&Response { key: Some(KEY.into()), ..answer(422, maiascore) }, &sent);
    assert_eq!(class(&outcome), "unknown");
}

#[test]
fn a_burnt_key_is_a_refusal() {
    let problem = |key: Option<&str>, message: &str| {
        Problem::new(Field::Form, Cause::Server { key: key.map(Into::into), message: message.into() })
    };
    let burnt = decode_with_key(410, &key_error("cancelled"), Some(KEY));
    assert_eq!(burnt, Outcome::Rejected { status: 410, problems: vec![problem(Some("Idempotency-Key"), "cancelled")] });
    let bare = decode_with_key(410, "", Some(KEY));
    assert_eq!(bare, Outcome::Rejected { status: 410, problems: vec![problem(None, "")] });
    assert_eq!(class(&decode_with_key(410, "gone", None)), "unknown");
}

#[test]
fn a_success_whose_body_says_error_is_unknown_with_the_servers_words() {
    let both = RECORD.replace("\"description\":null", r#""Errors":[{"Key":"payment.Amount","Value":"too much"}]"#);
    for body in [&both, r#"{"HttpStatusCode":400,"Errors":[{"Key":"payment.Amount","Value":"too much"}]}"#] {
        assert!(matches!(decode(200, body), Outcome::Unknown { words: Some(words), .. } if words == "too much"), "{body}");
    }
    let status = RECORD.replace("\"description\":null", "\"HttpStatusCode\":400");
    assert_eq!(class(&decode(200, &status)), "unknown");
    // And a refusal whose body says that all went well is none.
    assert_eq!(class(&decode(400, &REFUSAL.replace("400", "200"))), "unknown");
    let claims_record = REFUSAL.replace("\"ErrorId\": 0", "\"id\": 1, \"amount\": 10");
    assert_eq!(class(&decode(400, &claims_record.replace("\"HttpStatusCode\": 400,", ""))), "unknown");
}

#[test]
fn retry_after_is_believed_within_reason() {
    let cases = [
        (Some("5"), Some(5)),
        (Some(" 12 "), Some(12)),
        (Some("0"), Some(0)),
        (Some("86400"), Some(86_400)),
        (Some("999999999"), Some(86_400)),
        (Some("99999999999999999999999"), Some(86_400)),
        (Some("-1"), None),
        (Some("+1"), None),
        (Some("1.5"), None),
        (Some("soon"), None),
        (Some(""), None),
        (Some("Wed, 21 Oct 2026 07:28:00 GMT"), None),
        (None, None),
    ];
    for (header, expected) in cases {
        let response = Response { retry_after: header.map(Into::into), ..answer(429, "slow down") };
        let words = Some("slow down".into());
        let held = Outcome::Held { status: 429, retry_after: expected, words };
        assert_eq!(Api::Fusebill.decode(&response, &sent_for_document()), held, "{header:?}");
    }
}

#[test]
fn words_are_plain_and_short() {
    let words = |body: &str| match decode(503, body) {
        Outcome::Unknown { words, .. } => words,
        other => panic!("{other:?}"),
    };
    let cases = [
        ("Service unavailable", Some("Service unavailable".to_owned())),
        ("  upstream timed out\r\n", Some("upstream timed out".to_owned())),
        (r#"{"Message":"An error has occurred."}"#, Some("An error has occurred.".to_owned())),
        (
            r#"{"Errors":[{"Key":"a","Value":"one"},{"Key":"b","Value":""},{"Key":"c","Value":"two"}]}"#,
            Some("one; two".to_owned()),
        ),
        (HTML, None),
        ("  <html>", None),
        ("\u{FEFF}<html>", None),
        ("null", None),
        ("{\"cut", None),
        ("", None),
        ("a\0b", None),
    ];
    for (body, expected) in cases {
        assert_eq!(words(body), expected, "{body:?}");
    }
    assert_eq!(words(&"é".repeat(5_000)).map(|words| words.chars().count()), Some(200));
}
