//! Tests the exact bytes of request bodies, and makes the documents' sample bodies from drafts.

use crate::api::draft::{due_item, fusebill, invoice, maiascore, payment, statement, terms};
use payment_form::{
    api::{
        Api,
        message::{Encoding, Request},
    },
    domain::{
        allocation::Order,
        check::check,
        draft::Draft,
        payment::{AllocationWire, Source},
        problem::{Cause, Field, Problem},
        receipt::ExpectedRecord,
        terms::Terms,
    },
};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// The draft of both sample bodies, without its shares.
fn sample() -> Draft {
    Draft { amount: "50.78".into(), method: "Cash".into(), reference: "abc123".into(), order: Order::Manual, ..Draft::default() }
}

fn body(draft: &Draft) -> String {
    fusebill(draft).0.body
}

/// A JSON text without white space. The strings of the samples contain none.
fn compact(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn fusebill_sample_body_on_account() {
    assert_eq!(body(&sample()), compact(include_str!("../../fixtures/contracts/fusebill-request-cash.json")));
}

#[test]
fn fusebill_sample_body_with_an_allocation() {
    let draft = Draft { shares: BTreeMap::from([(invoice(566934), "2.0".into())]), ..sample() };
    assert_eq!(body(&draft), compact(include_str!("../../fixtures/contracts/fusebill-request-allocation.json")));
}

#[test]
fn fusebill_curl_example_is_what_a_stored_card_sends() {
    let draft = Draft {
        amount: "10".into(),
        method: "stored-41877".into(),
        reference: "this is a test payment".into(),
        order: Order::None,
        ..Draft::default()
    };
    let sent: serde_json::Value = serde_json::from_str(&body(&draft)).unwrap();
    let examples: serde_json::Value =
        serde_json::from_str(include_str!("../../fixtures/contracts/fusebill-examples.json")).unwrap();
    let python = examples.as_array().unwrap().iter().find(|example| example["name"] == "Python").unwrap();
    let documented: serde_json::Value = serde_json::from_str(python["body"].as_str().unwrap()).unwrap();
    assert_eq!(sent, documented);
}

#[test]
fn amounts_are_bare_numbers_with_the_digits_that_were_typed() {
    let cases = [
        ("50.78", "50.78"),
        ("2.0", "2.0"),
        ("0.1", "0.1"),
        ("10", "10"),
        ("10.00", "10.00"),
        ("0.01", "0.01"),
        ("1234567890123456.78", "1234567890123456.78"),
        ("999999999999999999", "999999999999999999"),
    ];
    for (typed, number) in cases {
        let draft = Draft { amount: typed.into(), order: Order::None, ..sample() };
        let expected =
            format!(r#"{{"customerId":655080,"reference":"abc123","amount":{number},"paymentMethod":"Cash","source":"Manual"}}"#);
        assert_eq!(body(&draft), expected);
        let expected = format!(r#"{{"amountDue":{number},"amountPaid":{number},"dueDate":"2019-08-24","date":"2019-08-24"}}"#);
        assert_eq!(maiascore(&due_item(typed, typed), Encoding::Json).0.body, expected);
    }
}

#[test]
fn a_method_id_goes_with_stored_cards_and_accounts_only() {
    let cases = [
        ("stored-41877", r#""paymentMethod":"CreditCard","paymentMethodId":41877,"source""#),
        ("stored-41878", r#""paymentMethod":"ACH","paymentMethodId":41878,"source""#),
        ("default", r#""paymentMethod":"CreditCard","useDefaultPaymentMethod":true,"source""#),
        ("Cash", r#""paymentMethod":"Cash","source""#),
        ("Check", r#""paymentMethod":"Check","source""#),
        ("DirectDeposit", r#""paymentMethod":"DirectDeposit","source""#),
    ];
    for (method, expected) in cases {
        let body = body(&Draft { method: method.into(), ..sample() });
        assert!(body.contains(expected), "{method}: {body}");
    }
}

#[test]
fn every_source_has_its_documented_name() {
    let cases = [
        (Source::Manual, "Manual"),
        (Source::Automatic, "Automatic"),
        (Source::SelfServicePortal, "SelfServicePortal"),
        (Source::Import, "Import"),
    ];
    for (source, name) in cases {
        let terms = Terms { source, ..terms(Api::Fusebill) };
        let (request, _) = Api::encode(&payment(&sample(), &terms), Encoding::Json);
        assert!(request.body.ends_with(&format!(r#""source":"{name}"}}"#)), "{}", request.body);
    }
}

#[test]
fn an_empty_reference_is_left_out_and_any_other_is_kept_to_the_byte() {
    assert!(!body(&Draft { reference: String::new(), ..sample() }).contains("reference"));
    let cases = [
        (r#"say "hi" \ o/"#, r#""say \"hi\" \\ o/""#),
        ("'; DROP TABLE payments;--", r#""'; DROP TABLE payments;--""#),
        ("<img onerror=alert(1)>", r#""<img onerror=alert(1)>""#),
        (" é e\u{301} 😀 שלום ", "\" é e\u{301} 😀 שלום \""),
    ];
    for (reference, json) in cases {
        let (request, sent) = fusebill(&Draft { reference: reference.into(), ..sample() });
        assert!(request.body.contains(&format!("\"reference\":{json},")), "{}", request.body);
        assert_eq!(sent.expected.reference.as_deref(), Some(reference));
        assert_eq!(Api::Fusebill.sent(&request).and_then(|sent| sent.expected.reference).as_deref(), Some(reference));
    }
}

#[test]
fn a_reference_has_500_utf16_units_at_most() {
    let problems = |reference: String| {
        let draft = Draft { reference, ..sample() };
        check(&draft, &statement(), &terms(Api::Fusebill)).problems().to_vec()
    };
    assert_eq!(problems("x".repeat(500)), []);
    assert_eq!(problems("😀".repeat(250)), []);
    assert_eq!(problems("😀".repeat(251)), [Problem::new(Field::Reference, Cause::ReferenceTooLong(502))]);
}

#[test]
fn a_payment_on_account_needs_a_customer() {
    let terms = Terms { customer: None, ..terms(Api::Fusebill) };
    let problems = check(&sample(), &statement(), &terms).problems().to_vec();
    assert_eq!(problems, [Problem::new(Field::Form, Cause::CustomerMissing)]);
}

#[test]
fn shares_are_sent_in_the_order_of_the_preview_and_never_as_zero() {
    let draft = Draft { amount: "350".into(), order: Order::Oldest, ..sample() };
    let (request, sent) = fusebill(&draft);
    let list = r#""paymentAllocations":[{"invoiceID":566934,"amount":312.75},{"invoiceID":566935,"amount":37.25}]}"#;
    assert!(request.body.ends_with(list), "{}", request.body);
    assert_eq!(sent.rows, [invoice(566934), invoice(566935)]);
    let pinned = Draft { shares: BTreeMap::from([(invoice(566934), "0".into())]), ..draft };
    assert!(!body(&pinned).contains("566934"), "a share of zero is no share");
}

#[test]
fn the_server_divides_only_where_it_documents_the_same_order() {
    let auto = |order, shares| {
        let terms = Terms { wire: AllocationWire::Auto, ..terms(Api::Fusebill) };
        Api::encode(&payment(&Draft { order, shares, ..sample() }, &terms), Encoding::Json)
    };
    let cases = [
        (Order::Oldest, r#""source":"Manual","autoAllocate":true,"autoAllocateOrder":"OldestToNewest"}"#),
        (Order::Newest, r#""source":"Manual","autoAllocate":true,"autoAllocateOrder":"NewestToOldest"}"#),
        (Order::None, r#""source":"Manual"}"#),
        (Order::Manual, r#""source":"Manual"}"#),
    ];
    for (order, end) in cases {
        let (request, sent) = auto(order, BTreeMap::default());
        assert!(request.body.ends_with(end), "{}", request.body);
        assert!(!request.body.contains("paymentAllocations"));
        assert_eq!(sent.rows, []);
    }
    let (request, _) = auto(Order::Oldest, BTreeMap::from([(invoice(566935), "1".into())]));
    assert!(request.body.contains("paymentAllocations") && !request.body.contains("autoAllocate"), "{}", request.body);
}

#[test]
fn sent_payment_is_read_back_after_a_reload() {
    for order in [Order::Oldest, Order::Newest, Order::Manual, Order::None] {
        let draft = Draft { amount: "350".into(), order, shares: BTreeMap::from([(invoice(566935), "12.5".into())]), ..sample() };
        let (request, sent) = fusebill(&draft);
        let again = Api::Fusebill.sent(&request).expect("our own bytes can be read");
        // The request does not contain the currency.
        assert_eq!((again.rows, again.expected), (sent.rows, ExpectedRecord { currency: None, ..sent.expected }));
    }
    for encoding in [Encoding::Json, Encoding::Xml, Encoding::Form] {
        let (request, sent) = maiascore(&due_item("100.50", "99.9"), encoding);
        assert_eq!(Api::MaiaScore.sent(&request), Some(sent), "{}", request.body);
    }
}

#[test]
fn the_shares_of_a_division_by_the_server_are_forgotten_with_the_page() {
    let request = |body: &str| Request { encoding: Encoding::Json, body: body.into() };
    let auto = request(r#"{"customerId":1,"amount":5,"autoAllocate":true,"autoAllocateOrder":"OldestToNewest"}"#);
    assert_eq!(Api::Fusebill.sent(&auto).expect("it can be read").expected.shares, None);
    let none = request(r#"{"customerId":1,"amount":5}"#);
    assert_eq!(Api::Fusebill.sent(&none).expect("it can be read").expected.shares, Some(Vec::new()));
}

#[test]
fn bytes_that_are_no_request_are_not_taken_for_one() {
    let bodies = [
        "",
        "null",
        "[]",
        "{",
        "{}",
        r#"{"customerId":1}"#,
        r#"{"amount":1}"#,
        r#"{"customerId":0,"amount":1}"#,
        r#"{"customerId":1,"amount":"x"}"#,
        r#"{"customerId":1,"amount":1,"paymentAllocations":5}"#,
        r#"{"customerId":1,"amount":1,"paymentAllocations":[{}]}"#,
        r#"{"customerId":1,"customerId":2,"amount":1}"#,
        "amountPaid=1",
        "<item>",
        "<amountDue>1</amountDue>",
    ];
    for body in bodies {
        for encoding in [Encoding::Json, Encoding::Xml, Encoding::Form] {
            let request = Request { encoding, body: body.into() };
            assert_eq!(Api::Fusebill.sent(&request).map(|_| body), None);
            assert_eq!(Api::MaiaScore.sent(&request).map(|_| body), None);
        }
    }
}

#[test]
fn maiascore_sample_bodies_in_json_and_xml() {
    let sample = due_item("0", "0");
    assert_eq!(
        maiascore(&sample, Encoding::Json).0.body,
        compact(include_str!("../../fixtures/contracts/maiascore-request.json"))
    );
    assert_eq!(
        maiascore(&sample, Encoding::Xml).0.body,
        include_str!("../../fixtures/contracts/maiascore-request.xml").trim_end()
    );
}

#[test]
fn maiascore_form_encoding_is_a_real_one() {
    let (request, _) = maiascore(&due_item("100.50", "0"), Encoding::Form);
    assert_eq!(request.body, "amountDue=100.50&amountPaid=0&dueDate=2019-08-24&date=2019-08-24");
    assert_eq!(request.encoding.content_type(), "application/x-www-form-urlencoded");
}

#[test]
fn each_encoding_names_its_media_type() {
    for (encoding, name) in [
        (Encoding::Json, "application/json"),
        (Encoding::Xml, "application/xml"),
        (Encoding::Form, "application/x-www-form-urlencoded"),
    ] {
        assert_eq!(maiascore(&due_item("1", "1"), encoding).0.encoding.content_type(), name);
    }
}

#[test]
fn a_due_item_expects_its_four_fields_back() {
    let (_, sent) = maiascore(&due_item("100.50", "99.9"), Encoding::Json);
    let expected = ExpectedRecord {
        amount: Decimal::new(999, 1),
        amount_due: Some(Decimal::new(10050, 2)),
        due_date: Some("2019-08-24".into()),
        date: Some("2019-08-24".into()),
        ..ExpectedRecord::default()
    };
    assert_eq!(sent.expected, expected);
}

#[test]
fn each_api_has_its_documented_path() {
    assert_eq!((Api::Fusebill.endpoint(), Api::MaiaScore.endpoint()), ("/v1/payments/", "/payments"));
}
