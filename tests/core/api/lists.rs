//! The lists of invoices and stored methods, in our shape and in Fusebill's, and the errors for their developers.

use crate::api::draft::invoice;
use payment_form::{
    api::lists,
    domain::{date::Date, money::Currency, statement::StoredKind},
};

fn usd() -> Option<Currency> {
    Currency::from_code("USD")
}

fn day(text: &str) -> Option<Date> {
    Some(Date::parse(text).expect("it is a day"))
}

#[test]
fn our_own_shape() {
    let body = br#"[{"id":"566934","number":"INV-1","dueDate":"2026-09-01","issuedOn":"2026-08-02","total":"400.00","balance":"312.75","currency":"EUR"}]"#;
    let invoices = lists::invoices(body, usd()).unwrap();
    let [read] = &invoices[..] else { panic!("one invoice") };
    assert_eq!(
        (read.id, read.number.as_str(), read.due, read.issued),
        (invoice(566934), "INV-1", day("2026-09-01"), day("2026-08-02"))
    );
    assert_eq!((read.balance.plain().as_str(), read.balance.currency().code()), ("312.75", "EUR"));
    assert_eq!(read.total.map(|total| total.plain()).as_deref(), Some("400.00"));
}

#[test]
fn fusebills_shape_as_our_server_writes_it() {
    let body = br#"[{"id":566934,"invoiceNumber":1042,"customerId":655080,"dueDate":"2026-09-01","postedTimestamp":"2026-08-02T23:59:59.1234567Z",
        "invoiceAmount":400.0000,"outstandingBalance":312.750000,"currency":"USD","invoiceStatus":"Overdue","unsettled":false}]"#;
    let invoices = lists::invoices(body, None).unwrap();
    let [read] = &invoices[..] else { panic!("one invoice") };
    assert_eq!(
        (read.id, read.number.as_str(), read.due, read.issued),
        (invoice(566934), "1042", day("2026-09-01"), day("2026-08-02"))
    );
    assert_eq!(read.balance.plain(), "312.75");
}

#[test]
fn where_there_is_no_due_date_it_follows_from_instalments_or_terms() {
    let cases = [
        (r#""postedTimestamp":"2026-08-02T00:00:00""#, None),
        (r#""dueDate":null,"postedTimestamp":"2026-08-02T00:00:00","terms":"Net30""#, day("2026-09-01")),
        (r#""dueDate":"","effectiveTimestamp":"2026-08-02","terms":"Net0""#, day("2026-08-02")),
        (r#""postedTimestamp":"2026-12-05","terms":"MFI1""#, day("2027-01-01")),
        (r#""postedTimestamp":"2026-08-02","terms":"MFI1""#, day("2026-09-01")),
        (r#""postedTimestamp":"2026-08-02","terms":"DayOfMonth15""#, day("2026-08-15")),
        (r#""postedTimestamp":"2026-08-15","terms":"DayOfMonth15""#, day("2026-08-15")),
        (r#""postedTimestamp":"2026-12-16","terms":"DayOfMonth15""#, day("2027-01-15")),
        (r#""postedTimestamp":"2027-02-03","terms":"DayOfMonth31""#, day("2027-02-28")),
        (r#""postedTimestamp":"2026-08-02","terms":"DayOfMonth32""#, None),
        (r#""postedTimestamp":"2026-08-02","terms":"Net9999999999""#, None),
        (r#""postedTimestamp":"2026-08-02","terms":"WhenYouCan""#, None),
        (r#""terms":"Net30""#, None),
        (
            r#""postedTimestamp":"2026-08-02","terms":"Net30","paymentSchedules":[{"dueDateTimestamp":"2026-12-01T00:00:00","outstandingBalance":5.0},
               {"dueDateTimestamp":"2026-10-01T00:00:00","outstandingBalance":5.0},{"dueDateTimestamp":"2026-09-01T00:00:00","outstandingBalance":0.0}]"#,
            day("2026-10-01"),
        ),
        (r#""paymentSchedules":[],"postedTimestamp":"2026-08-02","terms":"Net5""#, day("2026-08-07")),
    ];
    for (fields, due) in cases {
        let body = format!(r#"[{{"id":1,"outstandingBalance":5,{fields}}}]"#);
        let invoices = lists::invoices(body.as_bytes(), usd()).unwrap();
        assert_eq!(invoices.first().map(|invoice| invoice.due), Some(due), "{fields}");
    }
}

#[test]
fn nothing_is_owed_below_zero_and_the_number_may_be_the_id() {
    let invoices = lists::invoices(br#"[{"id":5,"balance":-3.50},{"id":6,"balance":0}]"#, usd()).unwrap();
    assert!(invoices.iter().all(|invoice| !invoice.is_open()));
    assert_eq!(invoices.first().map(|invoice| invoice.number.as_str()), Some("5"));
    assert_eq!(lists::invoices(b" [ ] ", None), Ok(Vec::new()));
}

#[test]
fn what_is_wrong_in_a_list_of_invoices_is_named() {
    let good = r#"{"id":1,"balance":1}"#;
    let cases = [
        ("null", "The list is not a JSON list."),
        ("{}", "The list is not a JSON list."),
        ("[{}", "The list is not a JSON list."),
        (r#"[7]"#, "Entry 1 of the list: `id` cannot be read: 7"),
        (r#"[{"balance":1}]"#, "Entry 1 of the list has no `id`."),
        (r#"[GOOD,{"id":"007","balance":1}]"#, r#"Entry 2 of the list: `id` cannot be read: "007""#),
        (
            r#"[GOOD,GOOD,{"id":9223372036854775808,"balance":1}]"#,
            "Entry 3 of the list: `id` cannot be read: 9223372036854775808",
        ),
        (r#"[{"id":1.0,"balance":1}]"#, "Entry 1 of the list: `id` cannot be read: 1.0"),
        (r#"[{"id":1}]"#, "Entry 1 of the list has no `balance`."),
        (r#"[{"id":1,"balance":null}]"#, "Entry 1 of the list has no `balance`."),
        (r#"[{"id":1,"balance":"1,50"}]"#, r#"Entry 1 of the list: `balance` cannot be read: "1,50""#),
        (r#"[{"id":1,"balance":1.005}]"#, "Entry 1 of the list: `balance` cannot be read: 1.005"),
        (r#"[{"id":1,"balance":1234567890123456789}]"#, "Entry 1 of the list: `balance` cannot be read: 1234567890123456789"),
        (r#"[{"id":1,"balance":1,"balance":2}]"#, "Entry 1 of the list has no `balance`."),
        (r#"[{"id":1,"balance":1,"total":"x"}]"#, r#"Entry 1 of the list: `total` cannot be read: "x""#),
        (r#"[{"id":1,"balance":1,"dueDate":"2026-02-30"}]"#, r#"Entry 1 of the list: `dueDate` cannot be read: "2026-02-30""#),
        (r#"[{"id":1,"balance":1,"dueDate":"01.02.2026"}]"#, r#"Entry 1 of the list: `dueDate` cannot be read: "01.02.2026""#),
        (r#"[{"id":1,"balance":1,"issuedOn":20260101}]"#, "Entry 1 of the list: `issuedOn` cannot be read: 20260101"),
        (r#"[{"id":1,"balance":1,"currency":"usd"}]"#, r#"Entry 1 of the list: `currency` cannot be read: "usd""#),
    ];
    for (body, error) in cases {
        let body = body.replace("GOOD", good);
        assert_eq!(lists::invoices(body.as_bytes(), usd()).unwrap_err().to_string(), error, "{body}");
    }
    assert_eq!(
        lists::invoices(good.replace(good, "[{\"id\":1,\"balance\":1}]").as_bytes(), None).unwrap_err().to_string(),
        "Entry 1 of the list has no `currency`."
    );
}

#[test]
fn methods_in_both_shapes() {
    let body = br#"[
        {"id":41877,"customerId":655080,"paymentMethodType":"CreditCard","isDefault":true,"cardType":"Visa","maskedCardNumber":"************4242",
         "expirationMonth":8,"expirationYear":2028},
        {"id":41878,"paymentMethodType":"ACH","isDefault":false,"maskedAccountNumber":"*****6789","bankAccountType":"CHQ"},
        {"id":41879,"paymentMethodType":"Paypal","isDefault":false},
        {"id":41880,"paymentMethodType":"CreditCard","cardType":"Mastercard","maskedCardNumber":"hidden","expirationMonth":"02","expirationYear":"26"},
        {"id":"41881","kind":"CreditCard","label":"Company card","isDefault":false,"expires":"2030-12"},
        {"id":"41882","kind":"ACH","label":"Savings"}
    ]"#;
    let methods = lists::methods(body).unwrap();
    let read: Vec<_> = methods
        .iter()
        .map(|method| {
            (method.id.number(), method.kind, method.label.as_str(), method.ending.as_deref(), method.is_default, method.expires)
        })
        .collect();
    let expected = [
        (41877, StoredKind::CreditCard, "Visa", Some("4242"), true, Some((2028, 8))),
        (41878, StoredKind::Ach, "CHQ", Some("6789"), false, None),
        (41880, StoredKind::CreditCard, "Mastercard", None, false, Some((2026, 2))),
        (41881, StoredKind::CreditCard, "Company card", None, false, Some((2030, 12))),
        (41882, StoredKind::Ach, "Savings", None, false, None),
    ];
    assert_eq!(read, expected);
}

#[test]
fn no_more_than_four_digits_of_a_masked_number_are_kept() {
    let body = br#"[{"id":1,"paymentMethodType":"CreditCard","cardType":"Visa","maskedCardNumber":"4111111111111111"}]"#;
    let methods = lists::methods(body).unwrap();
    assert_eq!(methods.first().and_then(|method| method.ending.as_deref()), Some("1111"));
}

#[test]
fn what_is_wrong_in_a_list_of_methods_is_named() {
    let cases = [
        ("{}", "The list is not a JSON list."),
        (r#"[{"id":1}]"#, "Entry 1 of the list has no `kind`."),
        (r#"[{"id":1,"kind":"Card"}]"#, r#"Entry 1 of the list: `kind` cannot be read: "Card""#),
        (r#"[{"kind":"ACH"}]"#, "Entry 1 of the list has no `id`."),
        (r#"[{"id":0,"kind":"ACH"}]"#, "Entry 1 of the list: `id` cannot be read: 0"),
        (r#"[{"id":1,"kind":"ACH","isDefault":"yes"}]"#, r#"Entry 1 of the list: `isDefault` cannot be read: "yes""#),
        (r#"[{"id":1,"kind":"ACH","expires":"12/30"}]"#, r#"Entry 1 of the list: `expires` cannot be read: "12/30""#),
        (r#"[{"id":1,"kind":"ACH","expires":"2030-13"}]"#, r#"Entry 1 of the list: `expires` cannot be read: "2030-13""#),
        (
            r#"[{"id":1,"kind":"ACH","expirationYear":2030,"expirationMonth":0}]"#,
            "Entry 1 of the list: `expires` cannot be read: 0",
        ),
    ];
    for (body, error) in cases {
        assert_eq!(lists::methods(body.as_bytes()).unwrap_err().to_string(), error, "{body}");
    }
}
