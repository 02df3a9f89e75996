//! Tests `POST /v1/payments`: the record, and every refusal with its key and its words.

use super::bench::{Ask, Bench, payment};
use serde_json::json;

const AMOUNT: &str = "payment.Amount: Amount must be greater than 0 and cannot exceed two decimal places";
const LONG: &str = "payment.Amount: Amount must not exceed 18 significant digits";
const METHODS: &str = "payment.PaymentMethodType: Allowable values are: Check, DirectDeposit, CreditCard, Cash, ACH, Paypal";
const STORED: &str = "payment.PaymentMethodId: A stored method is required for CreditCard and ACH.";

/// Sends one payment, and compares all errors that come back; none means that it is recorded.
#[track_caller]
fn check(bench: &Bench, changes: &[(&str, &str)], errors: &[&str]) {
    let before = bench.made();
    let reply = bench.post("/v1/payments/", &payment(changes));
    if errors.is_empty() {
        assert_eq!(reply.status, 200, "{}", reply.text());
        assert_eq!(bench.made(), before + 1);
    } else {
        assert_eq!((reply.status, reply.errors()), (400, errors.iter().map(|error| (*error).to_owned()).collect()));
        assert_eq!(bench.made(), before, "a refusal stores nothing");
    }
}

#[test]
fn the_record_is_whole_and_the_balances_are_lowered() {
    let bench = Bench::start();
    let list = r#"[{"invoiceID": 566934, "amount": 2.0}, {"invoiceId": 566871, "amount": 184.20}]"#;
    let body = payment(&[
        ("amount", "250.5"),
        ("paymentMethod", "\"CreditCard\""),
        ("paymentMethodId", "41877"),
        ("reference", "\"Größe ✓\""),
        ("paymentAllocations", list),
    ]);
    let reply = bench.post("/v1/payments", &body);
    assert_eq!(reply.status, 200, "{}", reply.text());
    let record = reply.json();
    let moment = record["effectiveTimestamp"].as_str().unwrap().to_owned();
    assert!(moment.starts_with("2026-11-20T") && moment.ends_with('Z') && moment.len() == 28, "seven fraction digits: {moment}");
    let base = format!("http://{}", bench.address);
    let share = |id: i64, number: &str, amount: f64, balance: f64, total: f64| {
        json!({"invoiceId": id, "invoiceNumber": number, "amount": amount, "outstandingBalance": balance, "invoiceTotal": total,
               "uri": format!("{base}/v1/invoices/{id}")})
    };
    assert_eq!(
        record,
        json!({
            "paymentActivityId": 118417, "reference": "Größe ✓", "effectiveTimestamp": moment, "description": null,
            "customerId": 655080, "originalPaymentActivityId": null, "amount": 250.5, "currency": "USD",
            "invoiceAllocations": [share(566871, "INV-1031", 184.2, 0.0, 184.2), share(566934, "INV-1042", 2.0, 310.75, 312.75)],
            "refunds": [], "unallocatedAmount": 64.3, "refundableAmount": 250.5, "gatewayFee": null,
            "settlement": {"status": "Pending", "modifiedTimestamp": moment}, "id": 7613586, "uri": format!("{base}/v1/payments/7613586"),
        })
    );
    assert!(
        reply.text().contains("\"amount\":250.50,"),
        "amounts are bare numbers with the digits of the currency: {}",
        reply.text()
    );
    assert_eq!(bench.value::<String>("SELECT balance FROM invoices WHERE id = 566934"), "310.75");
    assert_eq!(bench.get("/v1/payments/7613586").json(), record, "the record can be read again");
}

#[test]
fn amounts() {
    let bench = Bench::start();
    for (amount, errors) in [
        ("0.01", vec![]),
        ("10", vec![]),
        ("10.000", vec![]),
        ("1e2", vec![]),
        ("1234567890123456.78", vec![]),
        ("999999999999999999", vec![]),
        ("", vec![AMOUNT]),
        ("null", vec![AMOUNT]),
        ("0", vec![AMOUNT]),
        ("-0.00", vec![AMOUNT]),
        ("-5", vec![AMOUNT]),
        ("10.005", vec![AMOUNT]),
        ("\"50.78\"", vec![AMOUNT]),
        ("true", vec![AMOUNT]),
        ("12345678901234567.89", vec![LONG]),
        ("1e400", vec![LONG]),
        ("10.000000000000000000000000000000001e0", vec![LONG]),
        ("0.00999999999999999999999999999999999e0", vec![LONG]),
        ("79228162514264337593543950335", vec![LONG]),
        ("79228162514264337593543950336", vec![LONG]),
    ] {
        check(&bench, &[("amount", amount)], &errors);
    }
    assert_eq!(bench.value::<String>("SELECT amount FROM payments ORDER BY id DESC LIMIT 1"), "999999999999999999.00");
    assert_eq!(bench.value::<i64>("SELECT count(*) FROM payments WHERE amount = '1234567890123456.78'"), 1);
}

#[test]
fn amounts_are_no_finer_than_the_currency() {
    let bench = Bench::start();
    let yen = |amount| [("customerId", "655082"), ("amount", amount)];
    check(&bench, &yen("1200"), &[]);
    check(&bench, &yen("1200.00"), &[]);
    check(&bench, &yen("1200.5"), &["payment.Amount: Amount must not be finer than the smallest unit of JPY"]);
    let listed =
        [("customerId", "655082"), ("amount", "100"), ("paymentAllocations", r#"[{"invoiceId": 580017, "amount": 0.5}]"#)];
    let finer = "payment.PaymentAllocations[0].Amount: Amount must not be finer than the smallest unit of JPY";
    check(&bench, &listed, &[finer]);
}

#[test]
fn customers_and_sources() {
    let bench = Bench::start();
    let whole = "payment.CustomerId: This must be a whole number above zero.";
    for (customer, errors) in [
        ("", vec!["payment.CustomerId: The customer is required."]),
        ("655080.0", vec![whole]),
        ("0", vec![whole]),
        ("-1", vec![whole]),
        ("9223372036854775808", vec![whole]),
        ("\"655080\"", vec![whole]),
        ("9007199254740993", vec!["payment.CustomerId: There is no customer 9007199254740993."]),
    ] {
        check(&bench, &[("customerId", customer)], &errors);
    }
    let sources = "payment.Source: Allowable values are: Manual, Automatic, SelfServicePortal, Import";
    for source in ["Manual", "Automatic", "SelfServicePortal", "Import"] {
        check(&bench, &[("source", &format!("\"{source}\""))], &[]);
    }
    for source in ["", "\"manual\"", "1"] {
        check(&bench, &[("source", source)], &[sources]);
    }
}

#[test]
fn methods() {
    let bench = Bench::start();
    fn stored<'a>(method: &'a str, id: &'a str) -> [(&'a str, &'a str); 2] {
        [("paymentMethod", method), ("paymentMethodId", id)]
    }
    for method in ["Cash", "Check", "DirectDeposit"] {
        let method = format!("\"{method}\"");
        check(&bench, &[("paymentMethod", &method)], &[]);
        let with_id = "payment.PaymentMethodId: A stored method pays only for CreditCard and ACH.";
        check(&bench, &stored(&method, "41877"), &[with_id]);
        let default = "payment.UseDefaultPaymentMethod: The default method pays only for CreditCard and ACH.";
        check(&bench, &[("paymentMethod", &method), ("useDefaultPaymentMethod", "true")], &[default]);
    }
    check(&bench, &stored("\"CreditCard\"", "41877"), &[]);
    check(&bench, &stored("\"ACH\"", "41878"), &[]);
    for method in ["", "\"paypal\"", "\"CrediCard\"", "\"cash\"", "7"] {
        check(&bench, &[("paymentMethod", method)], &[METHODS]);
    }
    let paypal = "payment.PaymentMethodType: A payment cannot be created with Paypal, only with Check, DirectDeposit, CreditCard, Cash or ACH.";
    check(&bench, &[("paymentMethod", "\"Paypal\"")], &[paypal]);
    check(&bench, &stored("\"CreditCard\"", ""), &[STORED]);
    check(&bench, &stored("\"ACH\"", "null"), &[STORED]);
    let unknown = |id: &str| format!("payment.PaymentMethodId: The customer has no stored method {id}.");
    check(&bench, &stored("\"CreditCard\"", "1"), &[&unknown("1")]);
    // Another customer's card.
    check(&bench, &stored("\"CreditCard\"", "41902"), &[&unknown("41902")]);
    check(&bench, &stored("\"CreditCard\"", "41879"), &["payment.PaymentMethodId: The card has expired."]);
    let kind = "payment.PaymentMethodType: The stored method 41878 is ACH, not CreditCard.";
    check(&bench, &stored("\"CreditCard\"", "41878"), &[kind]);

    let default = |method, id| [("paymentMethod", method), ("paymentMethodId", id), ("useDefaultPaymentMethod", "true")];
    check(&bench, &default("\"CreditCard\"", ""), &[]);
    check(&bench, &default("\"CreditCard\"", "41877"), &[]);
    let other = "payment.PaymentMethodId: 41878 is not the customer's default method.";
    check(&bench, &default("\"ACH\"", "41878"), &[other]);
    // A caller that asks for the default method may not know its kind.
    check(&bench, &default("\"ACH\"", ""), &[]);
    assert_eq!(bench.value::<String>("SELECT method FROM payments ORDER BY id DESC LIMIT 1"), "CreditCard");
    assert_eq!(bench.value::<i64>("SELECT method_id FROM payments ORDER BY id DESC LIMIT 1"), 41877, "the default is recorded");

    bench.execute("UPDATE methods SET is_default = 0");
    check(&bench, &default("\"CreditCard\"", ""), &["payment.PaymentMethodId: The customer has no default method."]);
}

#[test]
fn references() {
    let bench = Bench::start();
    let long = "payment.Reference: Reference must not exceed 500 characters";
    let control = "payment.Reference: Reference must not contain control or invisible characters";
    let card = "payment.Reference: Reference must not contain a card number";
    let (fits, over) = ("x".repeat(500), "x".repeat(501));
    let (emoji, too_many) = ("😀".repeat(250), "😀".repeat(251));
    for (reference, error) in [
        (fits.as_str(), None),
        (&over, Some(long)),
        (&emoji, None),
        (&too_many, Some(long)),
        ("شكرا", None),
        ("'; DROP TABLE payments;--", None),
        ("=cmd|' /C calc'!A0", None),
        ("a\\u0000b", Some(control)),
        ("a\\nb", Some(control)),
        ("a\u{202E}b", Some(control)),
        ("a\u{200B}b", Some(control)),
        ("می\u{200C}خواهم 👩\u{200D}👧", None),
        ("4242 4242 4242 4242", Some(card)),
        ("no. 4111-1111-1111-1111 please", Some(card)),
        ("4242 4242 4242 4243", None),
    ] {
        let errors: Vec<&str> = error.into_iter().collect();
        check(&bench, &[("reference", &format!("\"{reference}\""))], &errors);
    }
    check(&bench, &[("reference", "5")], &["payment.Reference: This must be a text."]);
    check(&bench, &[("reference", "\"\"")], &[]);
    check(&bench, &[("reference", "null")], &[]);
    assert_eq!(bench.value::<i64>("SELECT count(*) FROM payments WHERE reference = '''; DROP TABLE payments;--'"), 1);
    assert_eq!(
        bench.value::<i64>("SELECT count(*) FROM payments WHERE reference LIKE '%4111%' OR reference LIKE '%4242 4242'"),
        0
    );
}

#[test]
fn listed_allocations() {
    let bench = Bench::start();
    let list = |amount, list| [("amount", amount), ("paymentAllocations", list)];
    let share = "payment.PaymentAllocations[0].Amount: Amount must be a positive number and cannot exceed two decimal places";
    let invoice = |words: &str| format!("payment.PaymentAllocations[0].InvoiceId: {words}");
    for (amount, listed, errors) in [
        ("10", "[]", vec![]),
        ("10", "null", vec![]),
        ("10", r#"[{"invoiceID": 566934, "amount": 0}]"#, vec![]),
        ("10", r#"[{"invoiceId": 566934, "amount": 10.00}]"#, vec![]),
        ("10", r#"[{"invoiceID": 566934}]"#, vec![share.into()]),
        ("10", r#"[{"invoiceID": 566934, "amount": -1}]"#, vec![share.into()]),
        ("10", r#"[{"invoiceID": 566934, "amount": 1.005}]"#, vec![share.into()]),
        ("10", r#"[{"invoiceID": 566934, "amount": "1"}]"#, vec![share.into()]),
        ("10", r#"[{"amount": 1}]"#, vec![invoice("The invoice is required.")]),
        ("10", r#"[{"invoiceID": 1.0, "amount": 1}]"#, vec![invoice("This must be a whole number above zero.")]),
        ("10", r#"[{"invoiceID": 999999, "amount": 1}]"#, vec![invoice("The customer has no invoice 999999.")]),
        ("10", r#"[{"invoiceID": 571010, "amount": 1}]"#, vec![invoice("The customer has no invoice 571010.")]),
        ("10", r#"[{"invoiceID": 566802, "amount": 1}]"#, vec![invoice("Invoice 566802 is paid: nothing is owed on it.")]),
        ("10", "[7]", vec!["payment.PaymentAllocations[0]: This must be an object.".into()]),
        ("10", "7", vec!["payment.PaymentAllocations: This must be a list.".into()]),
        (
            "10",
            r#"[{"invoiceID": 566951, "amount": 10.01}]"#,
            vec!["payment.PaymentAllocations: The allocations exceed the payment by 0.01.".into()],
        ),
        (
            "1000",
            r#"[{"invoiceID": 566951, "amount": 75.31}]"#,
            vec!["payment.PaymentAllocations[0].Amount: Amount exceeds the outstanding balance of 75.30.".into()],
        ),
        (
            "10",
            r#"[{"invoiceID": 566951, "amount": 1}, {"invoiceID": 566951, "amount": 2}]"#,
            vec!["payment.PaymentAllocations[1].InvoiceId: Invoice 566951 is listed twice.".into()],
        ),
        (
            "10",
            r#"[{"invoiceID": 566951, "invoiceId": 566951, "amount": 1}]"#,
            vec!["payment.PaymentAllocations[0].InvoiceId: This stands here twice, in different spellings.".into()],
        ),
    ] {
        let errors: Vec<&str> = errors.iter().map(String::as_str).collect();
        check(&bench, &list(amount, listed), &errors);
    }
}

#[test]
fn a_payment_carries_at_most_ten_thousand_shares() {
    let bench = Bench::start();
    let list = |count| format!("[{}]", vec![r#"{"invoiceID":566934,"amount":1}"#; count].join(","));
    let many = "payment.PaymentAllocations: A payment can be divided over at most 10000 invoices, not 10001.";
    check(&bench, &[("paymentAllocations", &list(10_001))], &[many]);
    let reply = bench.post("/v1/payments", &payment(&[("paymentAllocations", &list(10_000))]));
    assert!(reply.errors().iter().all(|error| !error.contains("10000 invoices")), "10,000 are not too many");
}

#[test]
fn the_server_divides_oldest_and_newest_first() {
    let bench = Bench::start();
    let auto = |order: &str| {
        let body = payment(&[("amount", "500"), ("autoAllocate", "true"), ("autoAllocateOrder", order)]);
        let shares = bench.post("/v1/payments", &body).json()["invoiceAllocations"].as_array().unwrap().clone();
        shares.iter().map(|share| (share["invoiceId"].as_i64().unwrap(), share["amount"].to_string())).collect::<Vec<_>>()
    };
    assert_eq!(auto("\"NewestToOldest\""), [(567177, "500.0".into())]);
    assert_eq!(auto("\"OldestToNewest\""), [(566871, "184.2".into()), (566890, "96.0".into()), (566902, "219.8".into())]);
    assert_eq!(auto("null"), [(566902, "500.0".into())], "oldest first when nothing is said");

    let orders = "payment.AutoAllocateOrder: Allowable values are: OldestToNewest, NewestToOldest";
    check(&bench, &[("autoAllocate", "true"), ("autoAllocateOrder", "\"Oldest\"")], &[orders]);
    let both = [("autoAllocate", "true"), ("paymentAllocations", r#"[{"invoiceID": 566934, "amount": 1}]"#)];
    check(&bench, &both, &["payment.PaymentAllocations: Allocations cannot be listed when AutoAllocate is true."]);
    check(&bench, &[("autoAllocate", "true"), ("paymentAllocations", "[]")], &[]);
    check(&bench, &[("autoAllocate", "\"yes\"")], &["payment.AutoAllocate: This must be true or false."]);
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let bench = Bench::start();
    let changes = [
        ("amount", "0"),
        ("paymentMethod", "\"Bitcoin\""),
        ("source", "\"Nobody\""),
        ("reference", "\"4242424242424242\""),
        ("paymentAllocations", r#"[{"invoiceID": 1, "amount": -1}]"#),
    ];
    check(
        &bench,
        &changes,
        &[
            "payment.Reference: Reference must not contain a card number",
            AMOUNT,
            METHODS,
            "payment.Source: Allowable values are: Manual, Automatic, SelfServicePortal, Import",
            "payment.PaymentAllocations[0].Amount: Amount must be a positive number and cannot exceed two decimal places",
            "payment.PaymentAllocations[0].InvoiceId: The customer has no invoice 1.",
        ],
    );
    for (body, error) in [
        ("", "payment: The body cannot be read: the body ends where a value should stand, at byte 0."),
        ("[]", "payment: This must be an object."),
        ("{\"amount\":1,\"amount\":2}", "payment: The body cannot be read: the same key stands here twice, at byte 22."),
    ] {
        let reply = Ask::new("POST", "/v1/payments").body("application/json", body).send(&bench);
        assert_eq!((reply.status, reply.errors()), (400, vec![error.to_owned()]));
    }
    assert_eq!(bench.made(), 0);
}

#[test]
fn two_payments_at_once_cannot_both_take_the_same_balance() {
    let bench = Bench::start();
    let body = payment(&[("amount", "75.30"), ("paymentAllocations", r#"[{"invoiceID": 566951, "amount": 75.30}]"#)]);
    let replies: Vec<u16> = std::thread::scope(|scope| {
        let sends: Vec<_> = (0..8).map(|_| scope.spawn(|| bench.post("/v1/payments", &body).status)).collect();
        sends.into_iter().map(|send| send.join().unwrap()).collect()
    });
    assert_eq!(replies.iter().filter(|status| **status == 200).count(), 1, "{replies:?}");
    assert_eq!(replies.iter().filter(|status| **status == 400).count(), 7, "{replies:?}");
    assert_eq!(bench.value::<String>("SELECT balance FROM invoices WHERE id = 566951"), "0.00");
}
