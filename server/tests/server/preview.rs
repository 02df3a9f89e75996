//! Tests that the server records the form's preview: random ledgers and drafts pass the form's check and encoding, and the server's reader
//! and rules. `PAYMENT_FORM_CASES=1000000` makes it long; `cargo xtask campaign money` does.

use super::{
    bench::{TODAY, all_invoices, staff_terms},
    random::Random,
};
use payment_form::{
    api::{Api, message::Encoding},
    domain::{
        allocation::Order,
        check::check,
        date::Date,
        draft::Draft,
        invoice::{CustomerId, InvoiceId},
        money::Currency,
        payment::{AllocationWire, Payment},
        payment_order::DateField,
        statement::Statement,
        terms::Terms,
    },
};
use payment_form_server::{
    auth::Principal,
    fusebill::rules,
    ledger::{
        customers::Customer,
        sqlite::{BorrowedConnection, STEPS},
    },
    relaxed_json,
};
use rusqlite::Connection;
use std::{collections::BTreeMap, sync::Arc};

const CASES: usize = 10_000;
const CUSTOMER: i64 = 655_080;

/// Decimals of a ledger in which equal balances, equal dates and sums that fit exactly are common.
fn cents(random: &mut Random, most: usize) -> String {
    let cents = 1 + random.below(most);
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// Up to a dozen open invoices, some of them due on one day.
fn fill(ledger: &Connection, random: &mut Random) -> usize {
    ledger.execute("DELETE FROM invoices", []).unwrap();
    let count = random.below(12);
    for id in 1..=count {
        let day = || format!("2026-11-{:02}", 1 + id * 7 % 5);
        let balance = cents(random, if id.is_multiple_of(3) { 300 } else { 90_000 });
        ledger
            .execute(
                "INSERT INTO invoices (id, customer_id, number, issued_on, due_on, total, balance) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)",
                (id as i64, CUSTOMER, format!("INV-{}", id * 37 % 11), day(), format!("2026-12-{:02}", 1 + random.below(4)), balance),
            )
            .unwrap();
    }
    count
}

fn draft(random: &mut Random, invoices: usize) -> Draft {
    let orders = [Order::Oldest, Order::Newest, Order::Exact, Order::Manual, Order::None];
    let mut shares = BTreeMap::new();
    let pins = *random.pick(&[0, 0, 1, 3]);
    for _ in 0..pins {
        let id = InvoiceId::new(1 + random.below(invoices) as i64).unwrap();
        shares.insert(id, if random.below(4) == 0 { "0".to_owned() } else { cents(random, 400) });
    }
    let most = *random.pick(&[1_000, 300_000]);
    let amount = cents(random, most);
    Draft { amount, method: "Cash".into(), order: *random.pick(&orders), shares, ..Draft::default() }
}

#[test]
fn the_server_records_what_the_form_previewed() {
    let cases = std::env::var("PAYMENT_FORM_CASES").map_or(CASES, |count| count.parse().expect("a number"));
    let ledger = Connection::open_in_memory().unwrap();
    STEPS.iter().for_each(|step| ledger.execute_batch(step).unwrap());
    ledger.execute("INSERT INTO customers (id, name, currency) VALUES (?1, 'Northwind Traders', 'USD')", [CUSTOMER]).unwrap();
    let usd = Currency::from_code("USD").unwrap();
    let customer = Customer { id: CustomerId::new(CUSTOMER).unwrap(), currency: usd };
    let today = Date::parse(TODAY).unwrap();
    let principal = Principal::Key("preview".into());
    let mut random = Random::new(1);
    let (mut tried, mut sent, mut divided) = (0, 0, 0);
    // A draft that is no payment compares nothing, and so is no case.
    while sent < cases {
        tried += 1;
        let count = fill(&ledger, &mut random);
        let statement = Arc::new(Statement::new(all_invoices(&mut BorrowedConnection(&ledger), &customer), None).unwrap());
        let draft = draft(&mut random, count);
        let terms = Terms {
            order_by: *random.pick(&[DateField::Due, DateField::Issued]),
            wire: *random.pick(&[AllocationWire::Explicit, AllocationWire::Auto]),
            ..staff_terms(customer.id)
        };
        let checked = check(&draft, &statement, &terms);
        let Ok(payment) = checked.payment else { continue };
        let Payment::OnAccount(on_account) = &payment else { unreachable!("the kind of the terms") };
        divided += usize::from(on_account.server_divides().is_some());
        let preview: Vec<_> = on_account.allocation.shares().map(|(invoice, share)| (invoice.id, share)).collect();

        let (request, _) = Api::encode(&payment, Encoding::Json);
        let body = relaxed_json::read(request.body.as_bytes()).unwrap();
        let recorded = rules::check(&mut BorrowedConnection(&ledger), &principal, today, &body).unwrap();
        let recorded = recorded.unwrap_or_else(|wrongs| panic!("draft {tried}: {} was refused: {wrongs:?}", request.body));
        let shares: BTreeMap<_, _> = recorded.shares.iter().map(|share| (share.invoice, share.amount)).collect();
        assert_eq!(shares, preview.into_iter().collect(), "draft {tried}: {}", request.body);
        assert_eq!(recorded.unallocated, on_account.allocation.unallocated(), "draft {tried}: {}", request.body);
        assert_eq!(recorded.amount, on_account.amount, "draft {tried}: {}", request.body);
        sent += 1;
    }
    println!("{sent} payments of {tried} drafts recorded as previewed, {divided} of them divided by the server");
    assert!(divided > cases / 50, "the server divides some: {divided}");
}
