//! Tests Fusebill's readers: invoices, methods, activities, one payment.

use super::bench::{Bench, payment};
use serde_json::{Value, json};

const INVOICES: &str = "/v1/customers/655080/invoiceSummaries";

fn list(bench: &Bench, path: &str) -> Vec<Value> {
    let reply = bench.get(path);
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    reply.json().as_array().unwrap().clone()
}

#[test]
fn an_invoice_summary_has_all_its_fields() {
    let bench = Bench::start();
    let found = list(&bench, &format!("{INVOICES}?query=id:566902"));
    assert_eq!(
        found,
        [json!({"id": 566902, "invoiceNumber": "INV-1038", "customerId": 655080, "dueDate": "2026-10-19",
        "postedTimestamp": "2026-09-19T00:00:00.0000000Z", "invoiceAmount": 1240.5, "outstandingBalance": 840.5, "currency": "USD",
        "invoiceStatus": "Overdue"})]
    );
    assert_eq!(bench.get("/v1/invoices/566902").json(), found[0]);
    assert!(bench.get("/v1/invoices/566902").text().contains("\"outstandingBalance\":840.50,"));
    let yen = bench.get("/v1/customers/655082/invoiceSummaries");
    assert!(yen.text().contains("\"invoiceAmount\":128000,\"outstandingBalance\":100000,"), "no decimals in yen: {}", yen.text());
}

#[test]
fn invoices_are_filtered_sorted_and_paged() {
    let bench = Bench::start();
    let ids = |query: &str| {
        let found = list(&bench, &format!("{INVOICES}?{query}"));
        found.iter().map(|invoice| (invoice["id"].as_i64().unwrap() - 566_000).to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(list(&bench, INVOICES).len(), 19, "paid invoices are among them");
    for (query, found) in [
        ("query=invoiceStatus:Overdue", "871 890 902 934 951"),
        ("query=invoiceStatus:paid", "802 823 840"),
        ("query=InvoiceStatus:Due;outstandingBalance:1000|", "1040 1089 1177"),
        ("query=outstandingBalance:|17.95", "802 823 840 1133"),
        ("query=outstandingBalance:50|100", "890 951 1021"),
        ("query=outstandingBalance:75.3", "951"),
        ("query=invoiceAmount:120.00", "1003"),
        ("query=invoiceNumber:inv-1042", "934"),
        ("query=dueDate:2026-11-20", "977"),
        ("query=dueDate:2026-11-01|2026-11-20", "934 951 977"),
        ("query=postedTimestamp:2026-11-20|", "1133 1150 1177"),
        ("query=postedTimestamp:2026-11-20", "1133 1150 1177"),
        ("query=currency:EUR", ""),
        ("query=id:566871;id:566890", ""),
        ("query=unsettled:0;totalCreditNotes:|0;writeoffs:0;invoiceNumber:INV-1042", "934"),
        ("query=writeoffs:0.01|", ""),
        ("query=invoiceStatus:Overdue&sortExpression=outstandingBalance&sortOrder=Descending", "902 934 871 890 951"),
        ("query=invoiceStatus:Overdue&sortExpression=OutstandingBalance", "951 890 871 934 902"),
        ("query=invoiceStatus:Overdue&sortOrder=desc", "951 934 902 890 871"),
        ("pageSize=3", "802 823 840"),
        ("pageSize=3&pageNumber=6", "1177"),
        ("pageSize=3&pageNumber=7", ""),
        ("showZeroDollarCharges=true&pageSize=1", "802"),
    ] {
        assert_eq!(ids(query), found, "{query}");
    }
    for (query, last) in
        [("", "0"), ("?pageSize=3", "6"), ("?pageSize=19", "0"), ("?pageSize=18", "1"), ("?query=currency:EUR", "0")]
    {
        assert_eq!(bench.get(&format!("{INVOICES}{query}")).header("x-maxpageindex"), Some(last), "{query}");
    }
    for query in [
        "query=nothing:1",
        "query=invoiceStatus",
        "query=outstandingBalance:abc",
        "query=outstandingBalance:1|x",
        "query=outstandingBalance:",
        "pageSize=0",
        "pageSize=10001",
        "pageSize=x",
        "pageNumber=-1",
        "pageNumber=%2B1",
        "sortExpression=nothing",
        "sortOrder=up",
    ] {
        let reply = bench.get(&format!("{INVOICES}?{query}"));
        assert_eq!((reply.status, reply.errors().len()), (400, 1), "{query}");
    }
}

#[test]
fn stored_methods_show_only_their_last_digits() {
    let bench = Bench::start();
    let card = |id: i64, kind: &str, number: &str, default: bool, month: i64, year: i64| {
        json!({"id": id, "customerId": 655080, "paymentMethodType": "CreditCard", "isDefault": default, "cardType": kind,
               "maskedCardNumber": number, "expirationMonth": month, "expirationYear": year})
    };
    assert_eq!(
        list(&bench, "/v1/customers/655080/paymentMethods/all"),
        [
            card(41877, "Visa", "************4242", true, 1, 2029),
            json!({"id": 41878, "customerId": 655080, "paymentMethodType": "ACH", "isDefault": false, "maskedAccountNumber": "*****6789",
               "bankAccountType": "CHQ"}),
            card(41879, "Mastercard", "************5100", false, 8, 2026),
        ]
    );
}

#[test]
fn activities_settle_an_unknown_outcome() {
    let bench = Bench::start();
    let path = "/v1/customers/655080/paymentactivities";
    let marker = "attempt 7d0c4a52";
    let made = bench.post("/v1/payments", &payment(&[("reference", &format!("\"{marker}\""))])).json();
    let found = list(&bench, &format!("{path}?query=reference:{}", marker.replace(' ', "%20")));
    assert_eq!(
        found,
        [json!({"id": made["paymentActivityId"], "paymentId": made["id"], "customerId": 655080, "amount": 50.78,
        "reference": marker, "effectiveTimestamp": made["effectiveTimestamp"], "paymentActivityStatus": "Successful",
        "paymentMethodType": "Cash", "paymentSource": "Manual"})]
    );
    let count = |query: &str| list(&bench, &format!("{path}?query={query}")).len();
    assert_eq!(count("PaymentActivityStatus:Failed"), 1);
    assert_eq!(count("PaymentMethodType:Check;PaymentSource:Manual"), 1);
    assert_eq!(count("amount:50.78"), 1);
    assert_eq!(count("amount:1000|"), 1);
    assert_eq!(count("effectiveTimestamp:2026-11-20|"), 1);
    assert_eq!(count("createdTimestamp:2026-11-20|;PaymentMethodType:Cash"), 1);
    assert_eq!(count("paymentId:7613580"), 1);
    let declined = &list(&bench, &format!("{path}?query=PaymentActivityStatus:Failed"))[0];
    assert_eq!(declined["paymentId"], Value::Null, "a declined attempt is no payment");
}

#[test]
fn missing_record_is_404() {
    let bench = Bench::start();
    for path in [
        "/v1/payments/1",
        "/v1/payments/x",
        "/v1/payments/-1",
        "/v1/payments/9223372036854775808",
        "/v1/payments/1.0",
        "/v1/invoices/1",
        "/v1/invoices/x",
        "/v1/customers/1/invoiceSummaries",
        "/v1/customers/x/paymentMethods/all",
        "/v1/customers/0655080/paymentactivities",
        "/v1/customers/%31/invoiceSummaries",
    ] {
        let reply = bench.get(path);
        assert_eq!(
            (reply.status, reply.errors()),
            (404, vec!["Api Error: There is nothing at this address.".to_owned()]),
            "{path}"
        );
    }
}

#[test]
fn the_benchmarks_invoices_are_those_of_the_other_forms() {
    let bench = Bench::start();
    let found = list(&bench, "/bench/invoices?n=3");
    let short = |invoice: &Value| {
        let text = |name: &str| invoice[name].to_string();
        [text("id"), text("invoiceNumber"), text("dueDate"), text("outstandingBalance")].join(" ")
    };
    // As tests/peers/src/fixture.js computes them.
    assert_eq!(
        found.iter().map(short).collect::<Vec<_>>(),
        [
            "500000 \"INV-500000\" \"2024-05-30\" 461.27",
            "500001 \"INV-500001\" \"2024-09-12\" 21.8",
            "500002 \"INV-500002\" \"2024-09-28\" 182.76",
        ]
    );
    assert_eq!(list(&bench, "/bench/invoices").len(), 10);
    assert_eq!(list(&bench, "/bench/invoices?n=20000").len(), 20_000);
    for count in ["-1", "x", "100001"] {
        assert_eq!(bench.get(&format!("/bench/invoices?n={count}")).status, 400, "{count}");
    }
    let configured = Bench::with(|config, _| config.keys = vec!["a-real-key".into()]);
    assert_eq!(configured.get("/bench/invoices").status, 404, "only in development mode");
}
