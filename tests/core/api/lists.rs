//! Tests the lists of invoices and stored methods in our shape and in Fusebill's, and the errors for their developers.

use crate::api::draft::invoice;
use payment_form::{
    api::lists,
    domain::{
        date::Date,
        invoice::Invoice,
        money::{Currency, Money},
        payment_order::{DateField, Direction},
        statement::{Statement, StatementError, StoredKind},
    },
    words::Words,
};

fn usd() -> Option<Currency> {
    Currency::from_code("USD")
}

fn day(text: &str) -> Option<Date> {
    Some(Date::parse(text).expect("it is a day"))
}

#[test]
fn list_in_our_shape_is_read() {
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
fn list_in_fusebills_shape_is_read() {
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
fn missing_due_date_follows_from_instalments_or_terms() {
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
fn placeholder_date_is_read_as_no_date() {
    let nothing = [
        "null",
        r#""""#,
        r#"" ""#,
        r#""0001-01-01T00:00:00""#,
        r#""0001-01-01""#,
        r#""0001-01-01T00:00:00Z""#,
        r#""9999-12-31""#,
        r#""9999-12-31T23:59:59.9999999""#,
        r#""0000-00-00""#,
        r#""0000-00-00 00:00:00""#,
        r#""1753-01-01""#,
        r#""1899-12-30""#,
    ];
    for date in nothing {
        let body = format!(r#"[{{"id":1,"balance":5,"dueDate":{date},"issuedOn":{date}}}]"#);
        for order in [DateField::Due, DateField::Issued] {
            let invoices = lists::invoices_by(order, body.as_bytes(), usd()).unwrap();
            assert_eq!(invoices.first().map(|invoice| (invoice.due, invoice.issued)), Some((None, None)), "{date}");
        }
        // A later name or the terms replace a "no date" value.
        let body = format!(
            r#"[{{"id":1,"balance":5,"dueDate":{date},"issuedOn":{date},"postedTimestamp":"2026-08-02","terms":"Net30"}}]"#
        );
        let invoices = lists::invoices(body.as_bytes(), usd()).unwrap();
        assert_eq!(invoices.first().map(|invoice| (invoice.due, invoice.issued)), Some((day("2026-09-01"), day("2026-08-02"))));
    }
}

#[test]
fn unreadable_date_refuses_the_list_only_where_it_is_needed() {
    let read = |order, fields: &str| {
        let body = format!(r#"[{{"id":7,"number":"INV-7",{fields}}}]"#);
        lists::invoices_by(order, body.as_bytes(), usd())
            .map(|invoices| invoices[0].due)
            .map_err(|error| error.invoice().map(str::to_owned))
    };
    let refused = Err(Some("INV-7".to_owned()));
    let (due, issued) = (DateField::Due, DateField::Issued);
    for (order, fields, expected) in [
        (due, r#""balance":5,"dueDate":"2026-02-30""#, refused.clone()),
        (due, r#""balance":5,"dueDate":"2026-00-00""#, refused.clone()),
        (due, r#""balance":0,"dueDate":"2026-02-30""#, Ok(None)),
        (due, r#""balance":-5,"dueDate":"soon""#, Ok(None)),
        (due, r#""balance":5,"dueDate":"2026-02-03","issuedOn":"soon""#, Ok(day("2026-02-03"))),
        (due, r#""balance":5,"issuedOn":"soon""#, Ok(None)),
        (due, r#""balance":5,"issuedOn":"soon","terms":"Net30""#, refused.clone()),
        (issued, r#""balance":5,"dueDate":"2026-02-03","issuedOn":"soon""#, refused),
        (issued, r#""balance":0,"dueDate":"2026-02-03","issuedOn":"soon""#, Ok(day("2026-02-03"))),
    ] {
        assert_eq!(read(order, fields), expected, "{order:?} {fields}");
    }
}

#[test]
fn invoices_in_several_currencies_are_named_or_those_of_the_wanted_one_are_kept() {
    let body =
        br#"[{"id":1,"balance":5,"currency":"USD"},{"id":2,"balance":7,"currency":"EUR"},{"id":3,"balance":9,"currency":"EUR"},
        {"id":4,"balance":0,"currency":"GBP"},{"id":5,"balance":-3,"currency":"EUR"},{"id":6,"balance":-2,"currency":"USD"}]"#;
    let code = |code| Currency::from_code(code).unwrap();
    let invoices = || lists::invoices(body, None).unwrap();
    let mixed = Statement::new(invoices(), None).err();
    assert_eq!(mixed, Some(StatementError::MixedCurrencies(vec![code("USD"), code("EUR")])));
    assert_eq!(
        Words::default().mixed_currencies(&[code("USD"), code("EUR")]),
        "These invoices are in USD and EUR. A payment can be in one currency only."
    );
    assert!(Words::default().mixed_currencies(&[code("USD"), code("EUR"), code("GBP")]).contains("in USD, EUR and GBP."));

    let dollars = Statement::in_currency(usd(), invoices(), None).unwrap();
    assert_eq!((dollars.currency(), dollars.total().map(Money::plain)), (usd(), Some("5.00".into())));
    assert_eq!(dollars.not_shown(), [(code("EUR"), 2)]);
    let queue = dollars.queue(DateField::Due, Direction::Oldest);
    assert_eq!((queue.len(), queue.is_empty()), (1, false));
    assert_eq!(Words::default().not_shown(&dollars).as_deref(), Some("2 invoices in EUR are not shown here."));
    assert_eq!(
        Words::default().credits(&dollars).as_deref(),
        Some("Credits on this account: $2.00. This payment does not use them.")
    );
    assert_eq!((dollars.is_closed(invoice(2)), dollars.is_closed(invoice(4)), dollars.row_of(invoice(2))), (false, true, None));
    let euros = Statement::in_currency(Currency::from_code("EUR"), invoices(), None).unwrap();
    assert_eq!((euros.total().map(Money::plain), euros.not_shown()), (Some("16.00".into()), &[(code("USD"), 1)][..]));
    assert_eq!(euros.credits().map(Money::plain), Some("3.00".into()));
    // Without invoices in the wanted currency, one other currency becomes that of the statement, and several stay an error.
    assert!(Statement::in_currency(Currency::from_code("JPY"), invoices(), None).is_err());
    let only_euros = invoices().into_iter().filter(|invoice| invoice.balance.currency() == code("EUR")).collect();
    let theirs = Statement::in_currency(usd(), only_euros, None).unwrap();
    assert_eq!((theirs.currency(), theirs.not_shown()), (Currency::from_code("EUR"), &[][..]));
    // Paid invoices tell the currency where none is open: the wanted one, if any of them has it.
    let paid = || {
        let paid = |invoice: Invoice| Invoice { balance: Money::zero(invoice.balance.currency()), ..invoice };
        invoices().into_iter().map(paid).collect()
    };
    for (wanted, found) in [("EUR", "EUR"), ("USD", "USD"), ("JPY", "USD")] {
        let statement = Statement::in_currency(Currency::from_code(wanted), paid(), None).unwrap();
        assert_eq!(statement.currency(), Currency::from_code(found), "{wanted}");
    }
}

#[test]
fn credit_note_counts_as_a_credit() {
    let body = br#"[{"id":1,"balance":-50.00},{"id":2,"balance":"-0.50"},{"id":3,"balance":20},{"id":4,"balance":-0.00}]"#;
    let invoices = lists::invoices(body, usd()).unwrap();
    let credits: Vec<_> = invoices.iter().map(|invoice| (invoice.is_open(), invoice.credit.map(Money::plain))).collect();
    assert_eq!(credits, [(false, Some("50.00".into())), (false, Some("0.50".into())), (true, None), (false, None)]);
    let statement = Statement::new(invoices, None).unwrap();
    assert_eq!(
        (statement.credits().map(Money::plain), statement.total().map(Money::plain)),
        (Some("50.50".into()), Some("20.00".into()))
    );
    let only_credit = Statement::new(lists::invoices(br#"[{"id":1,"balance":-50.00}]"#, usd()).unwrap(), None).unwrap();
    assert_eq!((only_credit.currency(), only_credit.credits().map(Money::plain)), (usd(), Some("50.00".into())));
    let none = Statement::new(lists::invoices(br#"[{"id":1,"balance":5}]"#, usd()).unwrap(), None).unwrap();
    assert_eq!((none.credits(), Words::default().credits(&none)), (None, None));
}

#[test]
fn balance_below_zero_is_zero_and_the_id_replaces_a_missing_number() {
    let invoices = lists::invoices(br#"[{"id":5,"balance":-3.50},{"id":6,"balance":0}]"#, usd()).unwrap();
    assert!(invoices.iter().all(|invoice| !invoice.is_open()));
    assert_eq!(invoices.first().map(|invoice| invoice.number.as_str()), Some("5"));
    assert_eq!(lists::invoices(b" [ ] ", None), Ok(Vec::new()));
}

#[test]
fn unreadable_invoice_is_named() {
    let good = r#"{"id":1,"balance":1}"#;
    let cases = [
        ("null", "The list is not a JSON list."),
        ("{}", "The list is not a JSON list."),
        ("[{}", "The list is not a JSON list."),
        (r#"[7]"#, "Entry 1 of the list: `id` cannot be read: 7"),
        (r#"[{"balance":1}]"#, "Entry 1 of the list has no `id`."),
        (r#"[GOOD,{"id":"007","balance":1}]"#, r#"Entry 2 of the list (invoice 007): `id` cannot be read: "007""#),
        (
            r#"[GOOD,GOOD,{"id":9223372036854775808,"balance":1}]"#,
            "Entry 3 of the list (invoice 9223372036854775808): `id` cannot be read: 9223372036854775808",
        ),
        (r#"[{"id":1.0,"balance":1}]"#, "Entry 1 of the list (invoice 1.0): `id` cannot be read: 1.0"),
        (r#"[{"id":1}]"#, "Entry 1 of the list (invoice 1) has no `balance`."),
        (r#"[{"id":1,"balance":null}]"#, "Entry 1 of the list (invoice 1) has no `balance`."),
        (r#"[{"id":1,"balance":"1,50"}]"#, r#"Entry 1 of the list (invoice 1): `balance` cannot be read: "1,50""#),
        (r#"[{"id":1,"balance":1.005}]"#, "Entry 1 of the list (invoice 1): `balance` cannot be read: 1.005"),
        (
            r#"[{"id":1,"balance":1234567890123456789}]"#,
            "Entry 1 of the list (invoice 1): `balance` cannot be read: 1234567890123456789",
        ),
        (r#"[{"id":1,"balance":1,"balance":2}]"#, "Entry 1 of the list (invoice 1) has no `balance`."),
        (r#"[{"id":1,"balance":1,"total":"x"}]"#, r#"Entry 1 of the list (invoice 1): `total` cannot be read: "x""#),
        (
            r#"[{"id":1,"balance":1,"dueDate":"2026-02-30"}]"#,
            r#"Entry 1 of the list (invoice 1): `dueDate` cannot be read: "2026-02-30""#,
        ),
        (
            r#"[{"id":1,"balance":1,"dueDate":"01.02.2026"}]"#,
            r#"Entry 1 of the list (invoice 1): `dueDate` cannot be read: "01.02.2026""#,
        ),
        (
            r#"[{"id":1,"number":"INV-1","balance":1,"terms":"Net30","issuedOn":20260101}]"#,
            "Entry 1 of the list (invoice INV-1): `issuedOn` cannot be read: 20260101",
        ),
        (r#"[{"id":1,"balance":1,"currency":"usd"}]"#, r#"Entry 1 of the list (invoice 1): `currency` cannot be read: "usd""#),
    ];
    for (body, error) in cases {
        let body = body.replace("GOOD", good);
        assert_eq!(lists::invoices(body.as_bytes(), usd()).unwrap_err().to_string(), error, "{body}");
    }
    assert_eq!(
        lists::invoices(good.replace(good, "[{\"id\":1,\"balance\":1}]").as_bytes(), None).unwrap_err().to_string(),
        "Entry 1 of the list (invoice 1) has no `currency`."
    );
}

#[test]
fn methods_in_both_shapes_are_read() {
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
fn unreadable_method_is_named() {
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
