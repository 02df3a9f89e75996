//! Tests the outcome of each HTTP status, whatever the body says (R7), and the proof by key on which R5 and R8 rest. Fault rows C and D.

use crate::api::draft::{answer, sent_for_document};
use payment_form::{
    api::{
        Api,
        message::{Outcome, Response, SentPayment},
    },
    domain::problem::{Cause, Field, Problem},
};
use std::iter;

const RECORD: &str = include_str!("../../fixtures/contracts/fusebill-response-200.json");
const REFUSAL: &str = include_str!("../../fixtures/contracts/fusebill-response-400.json");
const HTML: &str = "<!doctype html><title>Sign in</title><script>alert(1)</script>";
const KEY: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

/// The server's words that belong to no field.
fn problem(key: Option<&str>, message: &str) -> Problem {
    Problem::new(Field::Form, Cause::Server { key: key.map(Into::into), message: message.into() })
}

/// The server's words of an outcome as one text.
fn words(outcome: &Outcome) -> String {
    let problems = match outcome {
        Outcome::Rejected { problems, .. } => problems,
        Outcome::Held { words, .. } | Outcome::InProgress { words, .. } | Outcome::Unknown { words, .. } => words,
        Outcome::Recorded { .. } => return String::new(),
    };
    let text = |problem: &Problem| match &problem.cause {
        Cause::Server { message, .. } => message.clone(),
        other => panic!("{other:?}"),
    };
    problems.iter().map(text).collect::<Vec<_>>().join("; ")
}

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

/// The outcome of an answer from a server that is known to honour keys.
fn decode_with_key(status: u16, body: &str, echoed: Option<&str>) -> Outcome {
    let response = Response { key: echoed.map(Into::into), ..answer(status, body) };
    let sent = SentPayment { key: Some(KEY.into()), honours_keys: true, ..sent_for_document() };
    Api::Fusebill.decode(&response, &sent)
}

fn key_error(message: &str) -> String {
    format!(r#"{{"ErrorId":0,"HttpStatusCode":0,"Errors":[{{"Key":"Idempotency-Key","Value":"{message}"}}]}}"#)
}

#[test]
fn status_decides_with_record_error_or_empty_body() {
    for status in iter::once(0).chain(100..=999) {
        let (record, refusal) = match status {
            200 | 201 => ("recorded", "unknown"),
            400 | 402 | 409 | 410 | 422 => ("unknown", "rejected"),
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
    for status in [400, 402, 409, 410, 422] {
        assert_eq!(class(&decode_with_key(status, REFUSAL, Some(KEY))), "rejected", "{status}");
        assert_eq!(class(&decode_with_key(status, REFUSAL, Some(&format!("\"{KEY}\"")))), "rejected", "{status} quoted");
        assert_eq!(class(&decode_with_key(status, REFUSAL, None)), "unknown", "{status} without the key");
        assert_eq!(class(&decode_with_key(status, REFUSAL, Some("another-key-of-ours"))), "unknown", "{status} with another key");
    }
    // A record equal to the sent payment is proof enough.
    assert_eq!(class(&decode_with_key(200, RECORD, None)), "recorded");
    assert_eq!(class(&decode_with_key(200, RECORD, Some("another-key-of-ours"))), "unknown");
}

#[test]
fn answers_about_the_key_are_no_answers_about_the_payment() {
    let busy = Response { retry_after: Some("1".into()), key: Some(KEY.into()), ..answer(409, key_error("in progress")) };
    let sent = SentPayment { key: Some(KEY.into()), honours_keys: true, ..sent_for_document() };
    for api in [Api::Fusebill, Api::MaiaScore] {
        let outcome = api.decode(&busy, &sent);
        assert!(matches!(outcome, Outcome::InProgress { retry_after: Some(1), .. }), "{outcome:?}");
    }
    let reused = decode_with_key(422, &key_error("used with another payload"), Some(KEY));
    let words = vec![problem(Some("Idempotency-Key"), "used with another payload")];
    assert_eq!(reused, Outcome::Unknown { status: Some(422), receipt: None, words, is_other_payload: true });
    let maiascore = r#"{"code":422,"message":"The idempotency-key was used with another payload."}"#;
    let outcome = Api::MaiaScore.decode(&Response { key: Some(KEY.into()), ..answer(422, maiascore) }, &sent);
    assert_eq!(class(&outcome), "unknown");
}

#[test]
fn a_burnt_key_is_a_refusal() {
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
        let outcome = decode(200, body);
        assert_eq!((class(&outcome), words(&outcome).as_str()), ("unknown", "too much"), "{body}");
    }
    let status = RECORD.replace("\"description\":null", "\"HttpStatusCode\":400");
    assert_eq!(class(&decode(200, &status)), "unknown");
    // A refusal with a success code in its body is no refusal.
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
        let words = vec![problem(None, "slow down")];
        let held = Outcome::Held { status: 429, retry_after: expected, words };
        assert_eq!(Api::Fusebill.decode(&response, &sent_for_document()), held, "{header:?}");
    }
}

#[test]
fn words_are_plain_and_short() {
    let cases = [
        ("Service unavailable", "Service unavailable"),
        ("  upstream timed out\r\n", "upstream timed out"),
        (r#"{"Message":"An error has occurred."}"#, "An error has occurred."),
        (r#"{"Errors":[{"Key":"a","Value":"one"},{"Key":"b","Value":""},{"Key":"c","Value":"two"}]}"#, "one; b; two"),
        (HTML, ""),
        ("  <html>", ""),
        ("\u{FEFF}<html>", ""),
        ("null", ""),
        ("{\"cut", ""),
        ("", ""),
        ("a\0b", ""),
    ];
    for (body, expected) in cases {
        assert_eq!(words(&decode(503, body)), expected, "{body:?}");
    }
    assert_eq!(words(&decode(503, &"é".repeat(5_000))).chars().count(), 200);
    let long = format!(r#"{{"message":"{}"}}"#, "é".repeat(5_000));
    assert_eq!(words(&decode(503, &long)).chars().count(), 1_000);
    let many = format!("[{}1]", r#"{"Value":"no","Key":"a"},"#.repeat(1_000).replace("\"a\"", "\"b\""));
    assert!(words(&decode(503, &many)).len() < 1_000);
}

#[test]
fn a_retry_after_moment_is_read_against_the_replys_own_date() {
    let until = "Wed, 21 Oct 2026 07:28:00 GMT";
    let cases = [
        (until, Some("Wed, 21 Oct 2026 07:27:30 GMT"), Some(30)),
        // The obsolete date formats of HTTP.
        (until, Some("Wednesday, 21-Oct-26 07:27:00 GMT"), Some(60)),
        ("Wed Oct 21 07:28:00 2026", Some("Wed Oct 21 06:28:00 2026"), Some(3_600)),
        (until, Some(until), Some(0)),
        (until, Some("Wed, 21 Oct 2026 08:28:00 GMT"), Some(0)),
        (until, Some("Mon, 21 Oct 1996 07:28:00 GMT"), Some(86_400)),
        // Without `Date` in the reply there is no time to wait.
        (until, None, None),
        (until, Some("yesterday"), None),
        ("Wed, 21 Oct 2026 07:28:00", Some(until), None),
        ("31", Some("yesterday"), Some(31)),
    ];
    for (header, date, expected) in cases {
        let response = Response {
            retry_after: Some(header.into()),
            date: date.map(Into::into),
            ..answer(429, r#"{"message":"slow down"}"#)
        };
        let outcome = Api::Fusebill.decode(&response, &sent_for_document());
        assert!(
            matches!(outcome, Outcome::Held { retry_after, .. } if retry_after == expected),
            "{header} {date:?}: {outcome:?}"
        );
    }
}

/// The refusals of other servers.
const REFUSALS: [&str; 9] = [
    r#"{"type":"https://example.com/closed","title":"Not payable","detail":"Invoice INV-1 is closed."}"#,
    r#"{"title":"One or more validation errors occurred.","status":422,"errors":{"payment.Amount":["above the limit"]}}"#,
    r#"{"message":"The given data was invalid.","errors":{"amount":["above the limit"]}}"#,
    r#"{"detail":[{"loc":["body","amount"],"msg":"above the limit","type":"value_error"}]}"#,
    r#"{"data":null,"error":{"status":400,"name":"ValidationError","message":"above the limit","details":{}}}"#,
    r#"{"error":"Invoice INV-1 is closed."}"#,
    r#"{"errors":["Invoice INV-1 is closed."]}"#,
    r#""Invoice INV-1 is closed.""#,
    "Invoice INV-1 is closed.",
];

#[test]
fn a_refusal_in_any_shape_is_believed_under_our_key_only() {
    for body in REFUSALS {
        for status in [400, 402, 409, 422] {
            assert_eq!(class(&decode_with_key(status, body, Some(KEY))), "rejected", "{status} {body}");
            for other in
                [decode_with_key(status, body, None), decode_with_key(status, body, Some("another-key")), decode(status, body)]
            {
                assert_eq!(class(&other), "unknown", "{status} {body}");
                assert_ne!(words(&other), "", "its words are kept: {status} {body}");
            }
        }
        for status in [401, 403, 404, 429] {
            let held = decode_with_key(status, body, Some(KEY));
            assert_eq!(class(&held), "held", "{status} {body}");
            assert_ne!(words(&held), "", "{status} {body}");
        }
        for status in [200, 202, 500, 503] {
            let unknown = decode_with_key(status, body, Some(KEY));
            assert_eq!(class(&unknown), "unknown", "{status} {body}");
            assert_ne!(words(&unknown), "", "{status} {body}");
        }
    }
    // A body without words, or with a success code, refuses no payment.
    let silent = ["", "{}", "[]", "null", HTML, "7", r#"{"error":{"code":1}}"#];
    let contradictory = [
        r#"{"HttpStatusCode":200,"Message":"no"}"#,
        r#"{"status":200,"title":"OK"}"#,
        r#"{"statusCode":"201","message":"Created"}"#,
        r#"{"success":true,"message":"Thank you."}"#,
    ];
    for body in silent.into_iter().chain(contradictory) {
        assert_eq!(class(&decode_with_key(400, body, Some(KEY))), "unknown", "{body}");
    }
}

#[test]
fn a_422_is_about_the_key_only_where_its_body_names_it() {
    let named = [
        key_error("used with another payload"),
        r#"{"title":"Idempotency-Key is already used"}"#.to_owned(),
        r#"{"type":"https://example.com/idempotency_key_reuse","title":"Conflict"}"#.to_owned(),
        r#"{"error":"Idempotency key reused with other parameters"}"#.to_owned(),
        r#"{"code":"IdempotencyKeyMismatch"}"#.to_owned(),
        format!("The key {KEY} was used for another payment."),
        format!("The key {} was used for another payment.", KEY.to_uppercase()),
    ];
    for body in named {
        let outcome = decode_with_key(422, &body, Some(KEY));
        assert!(matches!(outcome, Outcome::Unknown { is_other_payload: true, .. }), "{body}: {outcome:?}");
    }
    for body in REFUSALS {
        for echoed in [Some(KEY), None] {
            let outcome = decode_with_key(422, body, echoed);
            assert!(!matches!(outcome, Outcome::Unknown { is_other_payload: true, .. }), "{body}: {outcome:?}");
        }
    }
}
