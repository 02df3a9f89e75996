//! Tests Fusebill's answers: the record, the errors, and the field of each error key.

use crate::api::draft::{answer, invoice, sent_for_document};
use payment_form::{
    api::{
        Api,
        message::{Outcome, Response, SentPayment},
    },
    domain::{
        problem::{Cause, Field, Problem},
        receipt::{Difference, Receipt, ReceiptShare, SettlementState},
    },
};
use rust_decimal::Decimal;

const RECORD: &str = include_str!("../../fixtures/contracts/fusebill-response-200.json");
const REFUSAL: &str = include_str!("../../fixtures/contracts/fusebill-response-400.json");
const FULL: &str = include_str!("../../fixtures/answers/fusebill-full.json");

fn decode(status: u16, body: impl AsRef<[u8]>) -> Outcome {
    Api::Fusebill.decode(&answer(status, body), &sent_for_document())
}

#[track_caller]
fn recorded(outcome: Outcome) -> (Receipt, Vec<Difference>) {
    match outcome {
        Outcome::Recorded { receipt, differences } => (*receipt, differences),
        other => panic!("not recorded: {other:?}"),
    }
}

#[track_caller]
fn rejected(outcome: Outcome) -> Vec<Problem> {
    match outcome {
        Outcome::Rejected { problems, .. } => problems,
        other => panic!("not rejected: {other:?}"),
    }
}

fn field<'a>(receipt: &'a Receipt, name: &str) -> Option<&'a str> {
    receipt.fields.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
}

fn problem(field: Field, key: &str, message: &str) -> Problem {
    Problem::new(field, Cause::Server { key: Some(key.into()), message: message.into() })
}

#[test]
fn record_of_the_document_is_read() {
    let (receipt, differences) = recorded(decode(200, RECORD));
    assert_eq!(differences, []);
    assert_eq!(receipt.id, "7613586");
    assert_eq!(receipt.amount, Decimal::from(10));
    assert_eq!(receipt.currency.as_deref(), Some("USD"));
    assert_eq!(receipt.customer.map(|id| id.number()), Some(172_677));
    assert_eq!(receipt.reference.as_deref(), Some("this is a test payment"));
    assert_eq!(receipt.shares, Some(Vec::new()));
    assert_eq!(receipt.unallocated, Some(Decimal::from(10)));
    assert_eq!(receipt.date.as_deref(), Some("2017-01-25T19:11:00.0009221Z"));
    assert_eq!(receipt.raw, RECORD.trim());
    let fields = [
        ("paymentActivityId", "118419"),
        ("reference", "this is a test payment"),
        ("effectiveTimestamp", "2017-01-25T19:11:00.0009221Z"),
        ("description", ""),
        ("customerId", "172677"),
        ("originalPaymentActivityId", ""),
        ("amount", "10.0"),
        ("currency", "USD"),
        ("invoiceAllocations", ""),
        ("refunds", ""),
        ("unallocatedAmount", "10.0"),
        ("refundableAmount", "10.0"),
        ("id", "7613586"),
        ("uri", "https://secure.fusebill.com/v1/payments/7613586"),
    ];
    assert_eq!(receipt.fields, fields.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[test]
fn a_record_with_everything_that_other_pages_document() {
    let (receipt, differences) = recorded(decode(201, FULL));
    let share = |id, number: &str, amount, uri: &str| ReceiptShare {
        invoice: invoice(id),
        number: Some(number.into()),
        amount,
        uri: Some(uri.into()),
    };
    assert_eq!(
        receipt.shares.as_deref(),
        Some(
            &[
                share(566934, "1042", Decimal::from(8), "https://secure.fusebill.com/v1/invoices/566934"),
                share(566935, "INV-1043", Decimal::new(15, 1), "javascript:alert(1)"),
            ][..]
        )
    );
    assert_eq!(receipt.unallocated, Some(Decimal::new(5, 1)));
    assert_eq!(receipt.unsettled, Some(SettlementState::Pending));
    let shown = [
        ("effectiveTimestamp", "2026-11-20T09:15:00.1234567Z"),
        ("gatewayFee", "0.32"),
        ("settlement.status", "Pending"),
        ("settlement.modifiedTimestamp", "2026-11-20T09:15:02"),
        ("paymentMethod", "Paypal"),
        ("invoiceAllocations[0].amount", "8.000000"),
        ("invoiceAllocations[0].outstandingBalance", "304.75"),
        ("invoiceAllocations[0].quickBooksId", ""),
        ("invoiceAllocations[1].invoiceID", "566935"),
        ("refunds[0].reference", "part back"),
        ("loyaltyPoints.earned", "12"),
        ("loyaltyPoints.tier[0]", "gold"),
        ("loyaltyPoints.tier[1].since", "2020"),
    ];
    for (name, value) in shown {
        assert_eq!(field(&receipt, name), Some(value), "{name}");
    }
    // The payment was sent unallocated, and different shares do not make it another payment.
    assert_eq!(differences.len(), 3, "{differences:?}");
    assert!(differences.iter().all(|difference| !difference.is_identity()));
}

/// Only the states that the vendor's page calls pending or failed count as unsettled.
#[test]
fn unsettled_money_is_noticed() {
    for (settlement, unsettled) in [
        (r#"{"status":"Pending"}"#, Some(SettlementState::Pending)),
        (r#"{"status":"Failed","modifiedTimestamp":null}"#, Some(SettlementState::Failed)),
        (r#"{"status":"Successful"}"#, None),
        (r#"{"status":"Unknown"}"#, None),
        (r#"{"status":7}"#, None),
        (r#""Pending""#, None),
        ("null", None),
    ] {
        let body = format!(
            r#"{{"id":7,"amount":10,"customerId":172677,"reference":"this is a test payment","settlement":{settlement}}}"#
        );
        assert_eq!(recorded(decode(200, &body)).0.unsettled, unsettled, "{settlement}");
    }
}

/// C14: an impossible time is shown as it came.
#[test]
fn only_the_id_and_the_amount_are_needed() {
    let customer = r#""customerId":172677,"reference":"this is a test payment""#;
    let bodies = [
        format!(r#"{{"id":7,"amount":10,{customer}}}"#),
        format!(
            r#"{{"id":"7","amount":"10.0",{customer},"invoiceAllocations":null,"refunds":null,"settlement":null,"currency":null}}"#
        ),
        format!(r#"{{"Id":7,"AMOUNT":1e1,{customer},"effectiveTimestamp":"2016-12-31T23:59:60"}}"#),
        format!("\u{FEFF}{{\"id\":7,\"amount\":10.00,{customer}}}\r\n"),
        format!(r#"{{"id":7,"amount":10,{customer},"message":"thank you","note":"\ud800"}}"#),
    ];
    for body in bodies {
        let (receipt, differences) = recorded(decode(200, &body));
        assert_eq!((receipt.id.as_str(), receipt.amount, differences.len()), ("7", Decimal::from(10), 0), "{body}");
    }
}

#[test]
fn allocations_that_cannot_be_read_are_not_guessed() {
    let body = |list: &str| {
        format!(r#"{{"id":7,"amount":10,"customerId":172677,"reference":"this is a test payment","invoiceAllocations":{list}}}"#)
    };
    for list in
        ["[{}]", r#"[{"invoiceId":1}]"#, r#"[{"invoiceId":"x","amount":1}]"#, "5", "[1]", r#"[{"invoiceId":1,"amount":1e400}]"#]
    {
        let (receipt, _) = recorded(decode(200, body(list)));
        assert_eq!(receipt.shares, None, "{list}");
        assert!(receipt.raw.contains(list));
    }
}

#[test]
fn a_very_long_record_is_read_whole_and_listed_in_part() {
    let entries: Vec<String> = (1..=10_000).map(|id| format!(r#"{{"invoiceId":{id},"amount":0.001}}"#)).collect();
    let body = format!(
        r#"{{"id":7,"amount":10,"customerId":172677,"reference":"this is a test payment","invoiceAllocations":[{}]}}"#,
        entries.join(",")
    );
    let (receipt, _) = recorded(decode(200, &body));
    assert_eq!(receipt.shares.map(|shares| shares.len()), Some(10_000));
    assert_eq!(receipt.fields.len(), 2_000);
    assert_eq!(receipt.raw, body);
}

#[test]
fn missing_field_of_a_record_is_no_difference() {
    let short = RECORD.replace("\"reference\":\"this is a test payment\",", "");
    let (receipt, differences) = recorded(decode(200, &short));
    assert_eq!((receipt.reference, differences), (None, Vec::new()));
    let empty = RECORD.replace("\"this is a test payment\"", "null");
    assert_eq!(Api::Fusebill.record(empty.as_bytes()).and_then(|receipt| receipt.reference).as_deref(), Some(""));
}

#[test]
fn a_record_of_another_payment_is_not_ours_unless_the_key_comes_back() {
    let others = [
        RECORD.replace("\"amount\":10.0", "\"amount\":10.01"),
        RECORD.replace("172677", "172678"),
        RECORD.replace("this is", "that was"),
        RECORD.replace("\"reference\":\"this is a test payment\",", "\"reference\":null,"),
        RECORD.replace("\"customerId\":172677,", ""),
    ];
    for body in others {
        match decode(200, &body) {
            Outcome::Unknown { status: Some(200), receipt: Some(receipt), words, .. } if words.is_empty() => {
                assert_eq!(receipt.id, "7613586");
            }
            other => panic!("{other:?}"),
        }
        let sent = SentPayment { key: Some("0f8fad5b-d9cb-469f-a165-70867728950e".into()), ..sent_for_document() };
        let echoed = Response { key: sent.key.clone(), ..answer(200, &body) };
        let (_, differences) = recorded(Api::Fusebill.decode(&echoed, &sent));
        // A record without a customer has no other difference.
        assert_eq!(differences.len(), usize::from(body.contains("customerId")), "{differences:?}");
        let foreign = Response { key: Some("9f8fad5b-d9cb-469f-a165-70867728950e".into()), ..answer(200, RECORD) };
        assert!(matches!(Api::Fusebill.decode(&foreign, &sent), Outcome::Unknown { receipt: Some(_), .. }));
    }
}

#[test]
fn error_of_the_document_is_read() {
    let message = "Allowable values are: Check, DirectDeposit, CreditCard, Cash, ACH, Paypal";
    assert_eq!(rejected(decode(400, REFUSAL)), [problem(Field::Method, "payment.PaymentMethodType", message)]);
}

#[test]
fn every_key_of_the_map_finds_its_field_or_row() {
    let cases = [
        ("Amount", Field::Amount),
        ("Reference", Field::Reference),
        ("CustomerId", Field::Form),
        ("Source", Field::Form),
        ("PaymentMethodType", Field::Method),
        ("PaymentMethod", Field::Method),
        ("PaymentMethodTypeId", Field::Method),
        ("PaymentMethodId", Field::Method),
        ("UseDefaultPaymentMethod", Field::Method),
        ("PaymentAllocations", Field::Allocation),
        ("PaymentAllocations[0]", Field::Share(invoice(566934))),
        ("PaymentAllocations[0].Amount", Field::Share(invoice(566934))),
        ("PaymentAllocations[1].InvoiceId", Field::Share(invoice(566935))),
        ("PaymentAllocations[1].InvoiceID", Field::Share(invoice(566935))),
        ("PaymentAllocations[2].Amount", Field::Allocation),
        ("PaymentAllocations[-1].Amount", Field::Allocation),
        ("PaymentAllocations[99999999999999999999].Amount", Field::Allocation),
        ("PaymentAllocations[", Field::Allocation),
        ("AutoAllocate", Field::Allocation),
        ("AutoAllocateOrder", Field::Allocation),
        ("EffectiveTimestamp", Field::Form),
        ("Api Error", Field::Form),
        ("Idempotency-Key", Field::Form),
        ("SomethingNew[3].Inside", Field::Form),
        ("", Field::Form),
    ];
    for (name, field) in cases {
        for key in [format!("payment.{name}"), name.to_owned(), name.to_lowercase(), format!("PAYMENT.{}", name.to_uppercase())] {
            let body = format!(r#"{{"ErrorId":0,"HttpStatusCode":400,"Errors":[{{"Key":"{key}","Value":"in its own words"}}]}}"#);
            let mut expected = problem(field, &key, "in its own words");
            if let Cause::Server { key, .. } = &mut expected.cause {
                *key = key.take().filter(|key| !key.is_empty());
            }
            assert_eq!(rejected(decode(400, body)), [expected], "{key}");
        }
    }
}

#[test]
fn all_errors_are_kept_in_their_order() {
    let body = r#"{"Errors":[{"Key":"payment.Amount","Value":"a"},{"Key":"payment.Amount","Value":"b"},{"Key":null,"Value":"c"},
        {"Value":["d",1]},{"Key":"x"},{"Key":9,"Value":"e"},"f"]}"#;
    let expected = [
        problem(Field::Amount, "payment.Amount", "a"),
        problem(Field::Amount, "payment.Amount", "b"),
        Problem::new(Field::Form, Cause::Server { key: None, message: "c".into() }),
        Problem::new(Field::Form, Cause::Server { key: None, message: r#"["d",1]"#.into() }),
        problem(Field::Form, "x", "x"),
        problem(Field::Form, "9", "e"),
        Problem::new(Field::Form, Cause::Server { key: None, message: "f".into() }),
    ];
    assert_eq!(rejected(decode(400, body)), expected);
}

#[test]
fn the_model_state_of_asp_net_finds_its_fields() {
    let body = r#"{"Message":"The request is invalid.","ModelState":{"payment.Amount":["too much","too fine"],
        "payment.PaymentAllocations[1].Amount":["more than is owed"],"payment.CustomerId":["unknown"],"x":[],"y":"z","w":[null,7]}}"#;
    let expected = [
        problem(Field::Amount, "payment.Amount", "too much"),
        problem(Field::Amount, "payment.Amount", "too fine"),
        problem(Field::Share(invoice(566935)), "payment.PaymentAllocations[1].Amount", "more than is owed"),
        problem(Field::Form, "payment.CustomerId", "unknown"),
        problem(Field::Form, "y", "z"),
        Problem::new(Field::Form, Cause::Server { key: None, message: "The request is invalid.".into() }),
    ];
    assert_eq!(rejected(decode(400, body)), expected);
    // A problem without words leaves the message.
    let message = Problem::new(Field::Form, Cause::Server { key: None, message: "No.".into() });
    for state in ["{}", "null", "[]", r#"{"payment.Amount":[]}"#] {
        let body = format!(r#"{{"Message":"No.","ModelState":{state}}}"#);
        assert_eq!(rejected(decode(400, body)), std::slice::from_ref(&message), "{state}");
    }
}

#[test]
fn a_message_alone_is_a_refusal_too() {
    let expected = Problem::new(Field::Form, Cause::Server { key: None, message: "The request is invalid.".into() });
    for body in [
        r#"{"Message":"The request is invalid."}"#,
        r#"{"ErrorId":0,"HttpStatusCode":400,"Errors":[],"Message":"The request is invalid."}"#,
        r#"{"Errors":null,"message":"The request is invalid."}"#,
    ] {
        assert_eq!(rejected(decode(400, body)), std::slice::from_ref(&expected), "{body}");
    }
}

#[test]
fn a_key_without_words_is_not_dropped() {
    for body in [r#"{"Errors":[{"Key":"payment.Amount"}]}"#, r#"{"Errors":[{"Key":"payment.Amount","Value":null},{},null,7]}"#] {
        assert_eq!(rejected(decode(400, body)), [problem(Field::Amount, "payment.Amount", "payment.Amount")], "{body}");
    }
}

#[test]
fn a_bare_record_is_read_for_look_ups() {
    assert_eq!(Api::Fusebill.record(RECORD.as_bytes()).map(|receipt| receipt.id).as_deref(), Some("7613586"));
    for body in [
        "null",
        "{}",
        REFUSAL,
        r#"{"id":0,"amount":1}"#,
        r#"{"id":"","amount":1}"#,
        r#"{"id":[1],"amount":1}"#,
        r#"{"id":1,"amount":"one"}"#,
    ] {
        assert_eq!(Api::Fusebill.record(body.as_bytes()), None, "{body}");
    }
}
