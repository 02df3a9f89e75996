//! Tests the reset of the demo's data.

use super::bench::{Ask, Bench, payment};

/// The ledger as a portal sees it, and the number of its rows.
fn contents(bench: &Bench) -> (String, Vec<i64>) {
    let tables = ["payments", "allocations", "activities", "invoices", "methods", "customers", "due_items", "attempts"];
    let counts = tables.map(|table| bench.value(&format!("SELECT count(*) FROM {table}")));
    (bench.get("/v1/customers/655080/invoiceSummaries").text().to_owned(), counts.to_vec())
}

#[test]
fn reset_brings_the_first_data_back() {
    let bench = Bench::start();
    let before = contents(&bench);
    assert_eq!(bench.post("/v1/payments", &payment(&[])).status, 200);
    assert_ne!(contents(&bench), before);
    assert_eq!(bench.post("/demo/reset", "").status, 200);
    assert_eq!(contents(&bench), before);
    assert_eq!(bench.post("/v1/payments", &payment(&[])).status, 200, "the ledger takes payments after it");
}

#[test]
fn reset_without_credentials_is_refused() {
    let bench = Bench::start();
    let reply = Ask::new("POST", "/demo/reset").without("authorization").send(&bench);
    assert_eq!(reply.status, 401);
}

#[test]
fn reset_is_no_route_outside_the_development_mode() {
    let bench = Bench::with(|config, _| config.tokens = vec!["demo-token".to_owned()]);
    assert_eq!(bench.post("/demo/reset", "").status, 404);
}
