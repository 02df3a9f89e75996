//! Reads the bodies that fuzzing starts from: every fixture, and a few small bodies.

use std::{fs, path::Path};

/// Bodies that exist for their shape.
const SMALL: &[&str] = &[
    "",
    "null",
    "{}",
    "[]",
    "1e2",
    r#"{"Message":"The request is invalid."}"#,
    r#"{"statusCode":400,"error":"Bad Request","message":[{"messages":[{"id":"x","message":"first"}]}],"data":{"errors":{"amountPaid":["a"]}}}"#,
    r#"{"ErrorId":0,"HttpStatusCode":409,"Errors":[{"Key":"Idempotency-Key","Value":"in progress"}]}"#,
    r#"{"id":7,"amount":"1e1","customerId":"172677","reference":"this is a test\u0020payment","invoiceAllocations":[{"invoiceID":566934,"amount":2.0}]}"#,
    r#"[{"id":"566934","number":"INV-1","dueDate":"2026-09-01","issuedOn":"2026-08-02","total":"400.00","balance":"312.75","currency":"USD"}]"#,
    r#"[{"id":1,"invoiceNumber":2,"postedTimestamp":"2026-08-02T00:00:00","terms":"Net30","outstandingBalance":5.0000,
        "paymentSchedules":[{"dueDateTimestamp":"2026-12-01T00:00:00","outstandingBalance":5.0}]}]"#,
    r#"[{"id":1,"paymentMethodType":"CreditCard","isDefault":true,"cardType":"Visa","maskedCardNumber":"****4242","expirationMonth":8,"expirationYear":2028}]"#,
    r#"[{"id":"2","kind":"ACH","label":"Savings","expires":"2030-12"}]"#,
    "amountDue=100.50&amountPaid=0&dueDate=2019-08-24&date=2019-08-24",
    r#"{"customerId":1,"amount":5,"autoAllocate":true,"autoAllocateOrder":"OldestToNewest"}"#,
];

/// Everything, in an order that does not depend on the machine.
pub fn read(root: &Path) -> Vec<Vec<u8>> {
    let mut files = Vec::new();
    for folder in ["answers", "contracts", "fuzz"] {
        let entries = fs::read_dir(root.join("tests/fixtures").join(folder)).expect("the fixtures are there");
        files.extend(entries.map(|entry| entry.expect("the folder can be read").path()));
    }
    files.sort();
    let bodies = files.iter().map(|file| fs::read(file).expect("a fixture can be read"));
    SMALL.iter().map(|body| body.as_bytes().to_vec()).chain(bodies).collect()
}
