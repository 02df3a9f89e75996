//! Checks the invariants for every body: each target reads bytes with one of our readers, and panics where an invariant is broken.
//!
//! The functions take plain bytes and return a number for the kind of answer, so that any fuzzer can call them; `main.rs` is ours.

use payment_form::{
    api::{
        Api, decimal,
        lists::{self, ListError},
        message::{Encoding, Outcome, Request, Response, SentPayment},
    },
    domain::{
        invoice::InvoiceId,
        money::Currency,
        receipt::{Difference, Receipt},
        statement::Statement,
    },
};
use serde_json::Value;
use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash, Hasher},
};

/// One target: its name, the folder of its corpus, and what it does with a body.
pub struct Target {
    pub name: &'static str,
    pub run: fn(&[u8]) -> u64,
}

/// All targets.
pub const TARGETS: &[Target] = &[
    Target { name: "fusebill", run: |body| answer(Api::Fusebill, body) },
    Target { name: "maiascore", run: |body| answer(Api::MaiaScore, body) },
    Target { name: "requests", run: requests },
    Target { name: "lists", run: any_list },
];

const KEY: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";
const STATUSES: [u16; 16] = [200, 201, 202, 0, 400, 401, 403, 404, 408, 409, 410, 422, 429, 500, 503, 999];

/// The decoder of one API. The last byte of the body also chooses the status and the headers, so that they are part of the corpus.
fn answer(api: Api, bytes: &[u8]) -> u64 {
    let (choice, body) = bytes.split_last().map_or((0, bytes), |(last, body)| (usize::from(*last), body));
    let sent = SentPayment {
        rows: [566_934, 566_935].into_iter().filter_map(InvoiceId::new).collect(),
        key: (choice & 16 != 0).then(|| KEY.into()),
        honours_keys: choice & 32 != 0,
        ..api.sent(&request_of(api)).expect("our own request can be read")
    };
    let response = Response {
        status: STATUSES[choice & 15],
        key: (choice & 64 != 0).then(|| KEY.into()),
        retry_after: (choice & 128 != 0).then(|| String::from_utf8_lossy(body).into_owned()),
        date: (choice & 8 != 0).then(|| "Wed, 21 Oct 2026 07:28:00 GMT".into()),
        body: body.to_vec(),
    };
    let outcome = api.decode(&response, &sent);
    let record = api.record(body);
    if let Some(record) = &record {
        check_record(api, record, body);
        assert_eq!(api.record(record.raw.as_bytes()).as_ref(), Some(record), "a record reads the same again");
    }
    check_outcome(&outcome, &response, &sent, record.as_ref());
    kind(&outcome)
}

/// The sent payment of every run, so that some bodies are read as recorded.
fn request_of(api: Api) -> Request {
    let body = match api {
        Api::Fusebill => r#"{"customerId":172677,"reference":"this is a test payment","amount":10}"#,
        Api::MaiaScore => r#"{"amountDue":0,"amountPaid":0,"dueDate":"2019-08-24","date":"2019-08-24"}"#,
    };
    Request { encoding: Encoding::Json, body: body.into() }
}

/// Checks the outcomes that a status allows, and the contents of each.
fn check_outcome(outcome: &Outcome, response: &Response, sent: &SentPayment, record: Option<&Receipt>) {
    let echoed = response.key.is_some() && response.key == sent.key;
    match outcome {
        Outcome::Recorded { receipt, differences } => {
            assert!(matches!(response.status, 200 | 201));
            assert_eq!(record, Some(&**receipt));
            assert!(echoed || !differences.iter().any(Difference::is_identity));
        }
        Outcome::Rejected { status, problems } => {
            assert!(matches!(status, 400 | 409 | 410 | 422) && *status == response.status);
            assert!(!problems.is_empty() && record.is_none());
            assert!(echoed || !sent.honours_keys);
        }
        Outcome::Held { status, retry_after, .. } => {
            assert!(matches!(status, 401 | 403 | 404 | 405 | 406 | 413 | 415 | 429) && record.is_none());
            assert!(retry_after.is_none_or(|seconds| seconds <= 86_400));
        }
        Outcome::InProgress { .. } => assert!(response.status == 409 && record.is_none()),
        Outcome::Unknown { status, receipt, .. } => {
            assert_eq!(*status, Some(response.status));
            assert_eq!(record, receipt.as_deref());
        }
    }
}

/// A record must say what serde_json, which shares no code with our walk through the body, finds there.
fn check_record(api: Api, record: &Receipt, body: &[u8]) {
    assert!(!record.id.trim().is_empty() && record.fields.len() <= 2_000);
    let text = std::str::from_utf8(body).expect("a record is text");
    let Ok(mut value) = serde_json::from_str::<Value>(text.trim_start_matches('\u{FEFF}')) else { return };
    if api == Api::MaiaScore {
        // Where the envelope is in doubt, serde_json has another opinion: it takes the last of two.
        match text.to_ascii_lowercase().matches("data").count() {
            0 => {}
            1 => {
                let named =
                    value.as_object().and_then(|envelope| envelope.iter().find(|(name, _)| name.eq_ignore_ascii_case("data")));
                value = named.map(|(_, data)| data).filter(|data| data.is_object()).unwrap_or(&value).clone();
            }
            _ => return,
        }
    }
    let Value::Object(members) = &value else { panic!("a record is an object") };
    let names: BTreeSet<&str> = record.fields.iter().map(|(name, _)| name.as_str()).collect();
    for (name, text) in &record.fields {
        let twice = record.fields.iter().filter(|(other, _)| other == name).count() > 1;
        match members.get(name) {
            Some(Value::String(expected)) if !twice => assert_eq!(text, expected, "{name}"),
            Some(Value::Bool(expected)) if !twice => assert_eq!(text, &expected.to_string(), "{name}"),
            Some(Value::Null) if !twice => assert_eq!(text, "", "{name}"),
            _ => {}
        }
    }
    if record.fields.len() < 2_000 {
        for (name, value) in members {
            let is_leaf = !value.is_object() && !value.is_array();
            assert!(!is_leaf || names.contains(name.as_str()), "{name} is lost");
        }
    }
}

/// The reader of stored requests, whose bytes may come from a hostile page.
fn requests(body: &[u8]) -> u64 {
    let mut seen = 0;
    let body = String::from_utf8_lossy(body).into_owned();
    for (api, encoding) in [
        (Api::Fusebill, Encoding::Json),
        (Api::MaiaScore, Encoding::Json),
        (Api::MaiaScore, Encoding::Xml),
        (Api::MaiaScore, Encoding::Form),
    ] {
        seen *= 16;
        let request = Request { encoding, body: body.clone() };
        if let Some(sent) = api.sent(&request) {
            assert!(sent.key.is_none() && !sent.honours_keys);
            let shares = sent.expected.shares.iter().flatten().map(|(invoice, _)| *invoice);
            assert!(sent.expected.shares.is_none() || shares.eq(sent.rows.iter().copied()));
            seen += 1 + sent.rows.len().min(3) as u64 * 2;
        }
    }
    if let Some(number) = decimal::read(&body) {
        assert!(body.parse::<f64>().is_ok(), "{body} is a number to us only");
        assert_eq!(decimal::read(&decimal::write(number)), Some(number));
        seen += 1 << 20;
    }
    seen
}

/// Both readers of lists, and what is made of them.
fn any_list(body: &[u8]) -> u64 {
    let mut seen = 0;
    let currency = Currency::from_code("USD");
    match lists::invoices(body, currency) {
        Ok(invoices) => {
            seen += 1 + invoices.len().min(7) as u64;
            seen += invoices.iter().filter(|invoice| invoice.due.is_some()).count().min(7) as u64 * 8;
            if let Ok(statement) = Statement::new(invoices, None) {
                seen += statement.total().map_or(0, |total| 64 + total.plain().len().min(7) as u64 * 128);
            }
        }
        Err(error) => seen += kind_of_error(&error) * 1_024,
    }
    match lists::methods(body) {
        Ok(methods) => {
            for method in &methods {
                assert!(method.ending.as_ref().is_none_or(|ending| ending.len() <= 4));
                assert!(method.expires.is_none_or(|(_, month)| (1..=12).contains(&month)));
            }
            seen + (1 + methods.len().min(7) as u64) * (1 << 20)
        }
        Err(error) => seen + kind_of_error(&error) * (1 << 24),
    }
}

/// The kind of an answer as a number: its class, the fields of its problems, and the contents of its record.
fn kind(outcome: &Outcome) -> u64 {
    let mut hasher = DefaultHasher::new();
    let receipt_kind = |receipt: &Receipt, hasher: &mut DefaultHasher| {
        let shares = receipt.shares.as_ref().map(|shares| shares.len().min(3));
        let has =
            (receipt.currency.is_some(), receipt.customer.is_some(), receipt.reference.is_some(), receipt.unallocated.is_some());
        (shares, has, receipt.fields.len().min(20), receipt.amount.scale().min(3)).hash(hasher);
    };
    match outcome {
        Outcome::Recorded { receipt, differences } => {
            receipt_kind(receipt, &mut hasher);
            (1, differences.len().min(3)).hash(&mut hasher);
        }
        Outcome::Rejected { status, problems } => {
            (2, status, problems.len().min(4)).hash(&mut hasher);
            problems.iter().take(4).for_each(|problem| problem.field.hash(&mut hasher));
        }
        Outcome::Held { retry_after, words, .. } => (3, retry_after.is_some(), words.len().min(4)).hash(&mut hasher),
        Outcome::InProgress { retry_after, .. } => (4, retry_after.is_some()).hash(&mut hasher),
        Outcome::Unknown { status, receipt, words, is_other_payload } => {
            (5, status, words.len().min(4), is_other_payload).hash(&mut hasher);
            receipt.iter().for_each(|receipt| receipt_kind(receipt, &mut hasher));
        }
    }
    hasher.finish()
}

/// The kind of an error as a number: its field, and whether the field was missing.
fn kind_of_error(error: &ListError) -> u64 {
    match error {
        ListError::NotAList => 1,
        ListError::Entry { field, found, .. } => field.len() as u64 * 2 + u64::from(found.is_some()),
    }
}
