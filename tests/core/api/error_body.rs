//! Tests that the messages of every error dialect reach their field or row, and that none is dropped.

use crate::api::draft::{answer, sent_for_document};
use payment_form::{
    api::{
        Api,
        message::{Outcome, Response, SentPayment},
    },
    domain::{
        invoice::InvoiceId,
        problem::{Cause, Field, Problem},
    },
};

const KEY: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

fn share(id: i64) -> Field {
    Field::Share(InvoiceId::new(id).expect("positive"))
}

/// The problems that are read from this body under our own key, each with its field.
#[track_caller]
fn read(api: Api, body: &str) -> Vec<(Field, String)> {
    let sent = SentPayment { key: Some(KEY.into()), honours_keys: true, ..sent_for_document() };
    match api.decode(&Response { key: Some(KEY.into()), ..answer(400, body) }, &sent) {
        Outcome::Rejected { problems, .. } => problems.into_iter().map(word).collect(),
        other => panic!("{body}: {other:?}"),
    }
}

fn word(problem: Problem) -> (Field, String) {
    match problem.cause {
        Cause::Server { message, .. } => (problem.field, message),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn check(api: Api, body: &str, expected: &[(Field, &str)]) {
    let expected: Vec<_> = expected.iter().map(|(field, text)| (*field, (*text).to_owned())).collect();
    assert_eq!(read(api, body), expected, "{body}");
}

#[test]
fn problem_json_reaches_fields_in_both_of_its_shapes() {
    check(
        Api::Fusebill,
        r#"{"type":"https://example.com/closed","title":"Not payable","status":422,"detail":"Invoice INV-1 is closed.","instance":"/x"}"#,
        &[(Field::Form, "Not payable"), (Field::Form, "Invoice INV-1 is closed.")],
    );
    check(
        Api::Fusebill,
        r##"{"title":"Not valid","errors":[{"detail":"must be positive","pointer":"#/amount"},{"detail":"too much","pointer":"#/paymentAllocations/1/amount"}]}"##,
        &[(Field::Amount, "must be positive"), (share(566_935), "too much"), (Field::Form, "Not valid")],
    );
    check(
        Api::Fusebill,
        r#"{"title":"Not valid","invalid-params":[{"name":"reference","reason":"is too long"}]}"#,
        &[(Field::Reference, "is too long"), (Field::Form, "Not valid")],
    );
}

#[test]
fn asp_net_core_reaches_fields_and_rows() {
    check(
        Api::Fusebill,
        r#"{"type":"https://tools.ietf.org/html/rfc9110#section-15.5.1","title":"One or more validation errors occurred.","status":400,
            "errors":{"payment.Amount":["above the limit","too fine"],"$.paymentAllocations[1].amount":["not a number"],"":["whole"]},
            "traceId":"00-84c1-01"}"#,
        &[
            (Field::Amount, "above the limit"),
            (Field::Amount, "too fine"),
            (share(566_935), "not a number"),
            (Field::Form, "whole"),
            (Field::Form, "One or more validation errors occurred."),
        ],
    );
}

#[test]
fn laravel_rails_and_django_reach_fields() {
    check(
        Api::Fusebill,
        r#"{"message":"The given data was invalid.","errors":{"amount":["above the limit"],"paymentAllocations.0.amount":["more than is owed"]}}"#,
        &[
            (Field::Amount, "above the limit"),
            (share(566_934), "more than is owed"),
            (Field::Form, "The given data was invalid."),
        ],
    );
    check(Api::Fusebill, r#"{"errors":{"payment_method_id":"is unknown"}}"#, &[(Field::Method, "is unknown")]);
    check(
        Api::Fusebill,
        r#"{"errors":["Invoice INV-1 is closed.","Too late."]}"#,
        &[(Field::Form, "Invoice INV-1 is closed."), (Field::Form, "Too late.")],
    );
    check(
        Api::Fusebill,
        r#"{"amount":["A valid number is required."],"non_field_errors":["Closed."],"reference":"an echo of the request"}"#,
        &[(Field::Amount, "A valid number is required."), (Field::Form, "Closed.")],
    );
    check(Api::Fusebill, r#"{"errors":{"payment":{"amount":["nested"]}}}"#, &[(Field::Amount, "nested")]);
}

#[test]
fn fastapi_reaches_fields_and_rows() {
    check(
        Api::Fusebill,
        r#"{"detail":[{"loc":["body","amount"],"msg":"Input should be less than 100","type":"less_than","input":"500","ctx":{"lt":100.0}},
            {"loc":["body","paymentAllocations",1,"amount"],"msg":"Field required","type":"missing"}]}"#,
        &[(Field::Amount, "Input should be less than 100"), (share(566_935), "Field required")],
    );
    check(Api::Fusebill, r#"{"detail":"Invoice INV-1 is closed."}"#, &[(Field::Form, "Invoice INV-1 is closed.")]);
}

#[test]
fn strapi_reaches_fields_in_each_of_its_versions() {
    check(
        Api::MaiaScore,
        r#"{"statusCode":400,"error":"Bad Request","message":"ValidationError","data":{"errors":{"amountPaid":["too much"]}}}"#,
        &[(Field::AmountPaid, "too much"), (Field::Form, "Bad Request"), (Field::Form, "ValidationError")],
    );
    check(
        Api::MaiaScore,
        r#"{"statusCode":400,"error":"Bad Request","message":[{"messages":[{"id":"x","message":"first"}]}]}"#,
        &[(Field::Form, "first"), (Field::Form, "Bad Request")],
    );
    check(
        Api::MaiaScore,
        r#"{"data":null,"error":{"status":400,"name":"ValidationError","message":"2 errors occurred","details":{"errors":[
            {"path":["amountPaid"],"message":"amountPaid must be positive","name":"ValidationError"},
            {"path":["dueDate"],"message":"dueDate must be a day","name":"ValidationError","value":"x"}]}}}"#,
        &[
            (Field::Form, "2 errors occurred"),
            (Field::AmountPaid, "amountPaid must be positive"),
            (Field::DueDate, "dueDate must be a day"),
        ],
    );
    check(
        Api::MaiaScore,
        r#"{"data":null,"error":{"status":400,"name":"ApplicationError","message":"Closed.","details":{}}}"#,
        &[(Field::Form, "Closed.")],
    );
}

#[test]
fn other_frameworks_reach_fields_and_rows() {
    for (body, expected) in [
        (r#"{"error":"Invoice INV-1 is closed."}"#, vec![(Field::Form, "Invoice INV-1 is closed.")]),
        (
            r#"{"error":"invalid_request","error_description":"Closed."}"#,
            vec![(Field::Form, "invalid_request"), (Field::Form, "Closed.")],
        ),
        (
            r#"{"error":{"type":"card_error","code":"card_declined","message":"Your card was declined."}}"#,
            vec![(Field::Form, "Your card was declined.")],
        ),
        (
            r#"{"errors":[{"status":"422","title":"Invalid","detail":"too much","source":{"pointer":"/data/attributes/amount"}}]}"#,
            vec![(Field::Amount, "Invalid"), (Field::Amount, "too much")],
        ),
        (
            r#"{"timestamp":"x","status":400,"error":"Bad Request","message":"No.","path":"/payments","errors":[{"field":"amount","defaultMessage":"too much","objectName":"payment"}]}"#,
            vec![(Field::Amount, "too much"), (Field::Form, "Bad Request"), (Field::Form, "No.")],
        ),
        (
            r#"{"statusCode":400,"message":["amount must be positive","reference is too long"],"error":"Bad Request"}"#,
            vec![(Field::Form, "amount must be positive"), (Field::Form, "reference is too long"), (Field::Form, "Bad Request")],
        ),
        (
            r#"{"message":[{"property":"paymentAllocations","children":[{"property":"1","children":[{"property":"amount","constraints":{"max":"too much"}}]}]}]}"#,
            vec![(share(566_935), "too much")],
        ),
        (
            r#"{"violations":[{"propertyPath":"paymentAllocations[0].amount","message":"too much"}]}"#,
            vec![(share(566_934), "too much")],
        ),
        (
            r#"{"error":{"code":400,"message":"Bad.","details":[{"fieldViolations":[{"field":"amount","description":"too much"}]}]}}"#,
            vec![(Field::Form, "Bad."), (Field::Amount, "too much")],
        ),
        (
            r#"{"errors":[{"value":"-5","msg":"must be positive","param":"amount","location":"body"},{"value":7,"msg":"is no text","param":"reference"}]}"#,
            vec![(Field::Amount, "must be positive"), (Field::Reference, "is no text")],
        ),
        (r#"{"code":"card_declined"}"#, vec![(Field::Form, "card_declined")]),
        (
            r#"{"Message":"No.","ExceptionMessage":"Boom.","ExceptionType":"X","StackTrace":"   at Pay()"}"#,
            vec![(Field::Form, "No."), (Field::Form, "Boom."), (Field::Form, "at Pay()")],
        ),
        (r#"["Closed.",{"message":"Late."}]"#, vec![(Field::Form, "Closed."), (Field::Form, "Late.")]),
        (r#""Invoice INV-1 is closed.""#, vec![(Field::Form, "Invoice INV-1 is closed.")]),
        ("Invoice INV-1 is closed.", vec![(Field::Form, "Invoice INV-1 is closed.")]),
        (r#""{\"Errors\":[{\"Key\":\"payment.Amount\",\"Value\":\"too much\"}]}""#, vec![(Field::Amount, "too much")]),
    ] {
        check(Api::Fusebill, body, &expected);
    }
}

#[test]
fn a_row_is_found_by_every_spelling_of_its_path() {
    for path in [
        "paymentAllocations.1.amount",
        "paymentAllocations[1].Amount",
        "payment.PaymentAllocations[1].Amount",
        "PAYMENT.PAYMENTALLOCATIONS[1].AMOUNT",
        "payment_allocations.1.amount",
        "payment-allocations/1",
        "#/paymentAllocations/1/amount",
        "/payment/paymentAllocations/1/amount",
        "$.paymentAllocations[1].amount",
        "body.paymentAllocations.1.invoiceID",
        "paymentAllocations['1'].amount",
    ] {
        check(Api::Fusebill, &format!(r#"{{"errors":{{"{path}":["no"]}}}}"#), &[(share(566_935), "no")]);
    }
    for path in ["amountDue", "amount_due", "AmountDue", "data.amountDue", "$.amountDue"] {
        check(Api::MaiaScore, &format!(r#"{{"code":400,"errors":{{"{path}":["no"]}}}}"#), &[(Field::AmountDue, "no")]);
    }
}

#[test]
fn a_key_stays_with_its_words() {
    let sent = SentPayment { key: Some(KEY.into()), honours_keys: true, ..sent_for_document() };
    let body = r#"{"errors":{"payment.Amount":["a"],"shoeSize":["b"]}}"#;
    let outcome = Api::Fusebill.decode(&Response { key: Some(KEY.into()), ..answer(400, body) }, &sent);
    let Outcome::Rejected { problems, .. } = outcome else { panic!("{outcome:?}") };
    let keys: Vec<_> = problems
        .iter()
        .map(|problem| match &problem.cause {
            Cause::Server { key, .. } => key.as_deref(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(keys, [Some("payment.Amount"), Some("shoeSize")]);
}

#[test]
fn a_page_is_no_words_wherever_it_stands() {
    let sent = SentPayment { key: Some(KEY.into()), honours_keys: true, ..sent_for_document() };
    for body in [r#""<html><body>no</body></html>""#, r#"{"message":"<!doctype html>"}"#, r#"{"errors":["<p>"]}"#] {
        let outcome = Api::Fusebill.decode(&Response { key: Some(KEY.into()), ..answer(400, body) }, &sent);
        assert!(matches!(&outcome, Outcome::Unknown { words, .. } if words.is_empty()), "{outcome:?}");
    }
}

#[test]
fn a_body_that_is_no_error_has_no_words() {
    for body in [
        r#"[{"id":1,"reference":"Rent","amount":"5.00"}]"#,
        r#"{"items":[{"reference":"Rent"}],"reference":"Rent","amount":"5.00","description":"a record"}"#,
        r#"{"data":{"reference":"Rent"}}"#,
        "[[\"Rent\"]]",
    ] {
        let outcome = Api::Fusebill.decode(&answer(200, body), &sent_for_document());
        assert!(matches!(&outcome, Outcome::Unknown { words, .. } if words.is_empty()), "{outcome:?}");
    }
}

#[test]
fn a_hostile_body_holds_a_hundred_problems_at_most() {
    let words: Vec<String> = (0..10_000).map(|number| format!(r#"{{"message":"no {number}"}}"#)).collect();
    assert_eq!(read(Api::Fusebill, &format!(r#"{{"errors":[{}]}}"#, words.join(","))).len(), 100);
    let deep = format!("{}\"no\"{}", r#"{"errors":["#.repeat(5_000), "]}".repeat(5_000));
    let sent = SentPayment { key: Some(KEY.into()), ..sent_for_document() };
    let outcome = Api::Fusebill.decode(&Response { key: Some(KEY.into()), ..answer(400, deep) }, &sent);
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
}
