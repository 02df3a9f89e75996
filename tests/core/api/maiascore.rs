//! Tests MaiaScore's answers: the record in its envelope, and errors whose codes contradict their status.

use crate::api::draft::{answer, due_item, maiascore};
use payment_form::{
    api::{
        Api,
        message::{Encoding, Outcome, Response, SentPayment},
    },
    domain::{
        problem::{Cause, Field, Problem},
        receipt::Difference,
    },
};
use rust_decimal::Decimal;

const RECORD: &str = include_str!("../../fixtures/contracts/maiascore-response-200.json");
const ERROR: &str = include_str!("../../fixtures/contracts/maiascore-response-error.json");

/// The request of the document's record, with both amounts zero.
fn sent() -> SentPayment {
    maiascore(&due_item("0", "0"), Encoding::Json).1
}

fn decode(status: u16, body: impl AsRef<[u8]>) -> Outcome {
    Api::MaiaScore.decode(&answer(status, body), &sent())
}

fn form_problem(message: &str) -> Problem {
    Problem::new(Field::Form, Cause::Server { key: None, message: message.into() })
}

#[test]
fn record_of_the_document_is_read() {
    let Outcome::Recorded { receipt, differences } = decode(200, RECORD) else { panic!("not recorded") };
    assert_eq!(differences, []);
    assert_eq!((receipt.id.as_str(), receipt.amount, receipt.amount_due), ("string", Decimal::ZERO, Some(Decimal::ZERO)));
    assert_eq!((receipt.due_date.as_deref(), receipt.date.as_deref()), (Some("2019-08-24"), Some("2019-08-24")));
    let fields = [
        ("id", "string"),
        ("amountDue", "0"),
        ("amountPaid", "0"),
        ("dueDate", "2019-08-24"),
        ("date", "2019-08-24"),
        ("published_at", "2019-08-24T14:15:22Z"),
        ("created_by", "string"),
        ("updated_by", "string"),
    ];
    assert_eq!(receipt.fields, fields.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!(receipt.raw, RECORD.trim());
}

#[test]
fn records_as_strapi_may_write_them() {
    let bodies = [
        r#"{"id":1,"amountDue":0.00,"amountPaid":"0","dueDate":"2019-08-24T00:00:00.000Z","date":"2019-08-24","published_at":null}"#,
        r#"{"data":{"id":"5f3a","amountDue":0,"amountPaid":0,"dueDate":"2019-08-24","date":"2019-08-24","created_by":{"id":3}}}"#,
        r#"{"code":201,"message":"Created","data":{"id":1,"amountDue":0,"amountPaid":0,"dueDate":"2019-08-24","date":"2019-08-24"}}"#,
    ];
    for body in bodies {
        assert!(matches!(decode(201, body), Outcome::Recorded { differences, .. } if differences.is_empty()), "{body}");
    }
}

#[test]
fn record_is_compared_in_all_four_fields() {
    let other = |from: &str, to: &str| RECORD.replace(from, to);
    let others = [
        other("\"amountPaid\": 0", "\"amountPaid\": 1"),
        other("\"amountDue\": 0", "\"amountDue\": 1"),
        other("\"dueDate\": \"2019-08-24\"", "\"dueDate\": \"2019-08-25\""),
        other("\"date\": \"2019-08-24\"", "\"date\": \"2019-08-24T14:15:22Z\""),
    ];
    for body in others {
        assert!(matches!(decode(200, &body), Outcome::Unknown { receipt: Some(_), .. }), "{body}");
        let sent = SentPayment { key: Some("k".into()), ..sent() };
        let echoed = Response { key: Some("\"k\"".into()), ..answer(200, &body) };
        match Api::MaiaScore.decode(&echoed, &sent) {
            Outcome::Recorded { differences, .. } => {
                assert!(matches!(&differences[..], [Difference::Amount { .. } | Difference::Field { .. }]), "{differences:?}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn the_documents_403_and_404_say_500_and_are_still_held() {
    for status in [403, 404] {
        let words = vec![form_problem("Error - Server Error")];
        assert_eq!(decode(status, ERROR), Outcome::Held { status, retry_after: None, words });
    }
}

#[test]
fn the_documents_default_error_is_decided_by_its_status() {
    assert_eq!(decode(400, ERROR), Outcome::Rejected { status: 400, problems: vec![form_problem("Error - Server Error")] });
    for status in [200, 201, 202, 500, 503] {
        let words = vec![form_problem("Error - Server Error")];
        let unknown = Outcome::Unknown { status: Some(status), receipt: None, words, is_other_payload: false };
        assert_eq!(decode(status, ERROR), unknown);
    }
}

#[test]
fn strapi_errors_are_read() {
    let server =
        |field, key: &str, message: &str| Problem::new(field, Cause::Server { key: Some(key.into()), message: message.into() });
    let cases = [
        (
            r#"{"statusCode":400,"error":"Bad Request","message":"amountPaid must be a `number` type","data":null}"#,
            vec![form_problem("Bad Request"), form_problem("amountPaid must be a `number` type")],
        ),
        (
            r#"{"statusCode":400,"error":"Bad Request","message":"ValidationError","data":{"errors":{
                "amountDue":["a","b"],"amountPaid":["c"],"dueDate":["d"],"date":["e"],"other":["f"]}}}"#,
            vec![
                server(Field::AmountDue, "amountDue", "a"),
                server(Field::AmountDue, "amountDue", "b"),
                server(Field::AmountPaid, "amountPaid", "c"),
                server(Field::DueDate, "dueDate", "d"),
                server(Field::Date, "date", "e"),
                server(Field::Form, "other", "f"),
                form_problem("Bad Request"),
                form_problem("ValidationError"),
            ],
        ),
        (
            r#"{"statusCode":400,"error":"Bad Request","message":[{"messages":[{"id":"x","message":"first"},{"id":"y","message":"second"}]}]}"#,
            vec![form_problem("first"), form_problem("second"), form_problem("Bad Request")],
        ),
    ];
    for (body, problems) in cases {
        assert_eq!(decode(400, body), Outcome::Rejected { status: 400, problems }, "{body}");
    }
}

#[test]
fn bodies_that_are_neither_record_nor_error_leave_the_outcome_unknown() {
    let bodies = [
        r#"{"code":200,"message":"OK"}"#,
        r#"{"code":200,"message":"OK","data":null}"#,
        r#"{"code":200,"message":"OK","data":[]}"#,
        r#"{"code":200,"message":"OK","data":{"amountPaid":0}}"#,
        r#"{"code":200,"message":"OK","data":{"id":"a"}}"#,
        r#"{"code":500,"message":"Error","data":{"id":"a","amountPaid":0}}"#,
        r#"{"message":"upstream"}"#,
        r#"{"code":500}"#,
        "[]",
        "null",
        "",
    ];
    for body in bodies {
        assert!(matches!(decode(200, body), Outcome::Unknown { receipt: None, .. }), "{body}");
    }
    for body in [
        r#"{"code":200,"message":"OK"}"#,
        r#"{"message":"upstream"}"#,
        r#"{"code":"E1","message":"no"}"#,
        r#"{"code":500}"#,
        RECORD,
        "null",
        "",
    ] {
        assert!(matches!(decode(400, body), Outcome::Unknown { .. }), "{body}");
    }
}

#[test]
fn a_bare_record_is_read_for_look_ups() {
    let bare = r#"{"id":"a1","amountDue":5,"amountPaid":5,"dueDate":"2026-01-01","date":"2026-01-01"}"#;
    assert_eq!(Api::MaiaScore.record(bare.as_bytes()).map(|receipt| receipt.id).as_deref(), Some("a1"));
    assert_eq!(Api::MaiaScore.record(RECORD.as_bytes()).map(|receipt| receipt.id).as_deref(), Some("string"));
    assert_eq!(Api::MaiaScore.record(ERROR.as_bytes()), None);
}
