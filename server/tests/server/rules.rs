//! Tests that the form and the server decide alike: each accepts exactly the payments that the other accepts (S28).

use super::{
    bench::{Folder, TODAY, all_invoices, staff_terms},
    random::Random,
};
use payment_form::{
    api::{Api, lists, message::Encoding},
    domain::{
        allocation::Order,
        check::check,
        date::Date,
        draft::Draft,
        invoice::{CustomerId, InvoiceId},
        payment::{AllocationWire, Payment},
        statement::Statement,
        terms::Terms,
    },
};
use payment_form_server::{
    auth::Principal,
    clock::Clock,
    fusebill::{
        rules,
        wire::{InvoiceSummary, StoredMethod},
    },
    ledger::{Ledger, Location, QueueLimits, customers, payments::NewPayment, sql::LedgerError},
    relaxed_json,
};
use std::{collections::BTreeMap, sync::Arc};

/// The rounds of the default run; `PAYMENT_FORM_ROUNDS=100000` makes a long run of it.
const ROUNDS: u32 = 10_000;

/// Plain numbers, so that the form reads exactly what the body says; half of them are no amounts. None has zeros beyond the cent: typed,
/// they are more decimals than the currency has, but no JSON number tells them from none.
const AMOUNTS: &[&str] = &[
    "0.01",
    "1",
    "2.0",
    "10.00",
    "50.78",
    "75.30",
    "75.31",
    "96",
    "184.20",
    "500",
    "1000.5",
    "12480.00",
    "20000",
    "99999.99",
    "1234567890123456.78",
    "999999999999999999",
    "0",
    "0.00",
    "0.001",
    "10.005",
    "-1",
    "-0.01",
    "12345678901234567.89",
    "1000000000000000000",
    "99999999999999999999999999999",
    "100000000000000000000000000000000000",
];
const METHODS: &[(&str, &str)] = &[
    ("stored-41877", "\"paymentMethod\":\"CreditCard\",\"paymentMethodId\":41877"),
    ("stored-41878", "\"paymentMethod\":\"ACH\",\"paymentMethodId\":41878"),
    ("stored-41879", "\"paymentMethod\":\"CreditCard\",\"paymentMethodId\":41879"),
    ("stored-41902", "\"paymentMethod\":\"CreditCard\",\"paymentMethodId\":41902"),
    ("stored-0", "\"paymentMethod\":\"CreditCard\",\"paymentMethodId\":0"),
    ("default", "\"paymentMethod\":\"CreditCard\",\"useDefaultPaymentMethod\":true"),
    ("Cash", "\"paymentMethod\":\"Cash\""),
    ("Check", "\"paymentMethod\":\"Check\""),
    ("DirectDeposit", "\"paymentMethod\":\"DirectDeposit\""),
    ("", "\"paymentMethod\":null"),
];
const REFERENCES: &[&str] = &[
    "",
    "abc123",
    "Größe ✓",
    "شكرا",
    "4242 4242 4242 4242",
    "4242 4242 4242 4243",
    "a\u{202E}b",
    "a\u{7}b",
    "=cmd|x",
    "1234567890123456789012",
    "5555-5555-5555-4444 ok",
];
const INVOICES: &[i64] = &[566871, 566890, 566902, 566934, 566951, 566977, 567003, 567089, 566802, 571010, 1];

struct SeededLedger {
    ledger: Ledger,
    statement: Arc<Statement>,
    terms: Terms,
    _folder: Folder,
}

/// The seeded ledger, and what a form knows of it from the server's own lists.
fn seeded_ledger() -> SeededLedger {
    let folder = Folder::new();
    let today = Date::parse(TODAY).unwrap();
    let ledger =
        Ledger::open(&Location::File(folder.path().join("ledger.sqlite")), Clock::new(Some(today)), QueueLimits::default())
            .unwrap();
    let id = CustomerId::new(655080).unwrap();
    let (invoices, methods) = ledger
        .read_blocking(|ledger| {
            let customer = customers::customer(ledger, id)?.unwrap();
            let invoices: Vec<_> =
                all_invoices(ledger, &customer).into_iter().map(|i| InvoiceSummary::new(i, &customer, today)).collect();
            let methods: Vec<_> = customers::methods(ledger, id)?.into_iter().map(|m| StoredMethod::new(m, id)).collect();
            Ok::<_, LedgerError>((serde_json::to_vec(&invoices).unwrap(), serde_json::to_vec(&methods).unwrap()))
        })
        .unwrap();
    let statement = Statement::new(lists::invoices(&invoices, None).unwrap(), Some(lists::methods(&methods).unwrap())).unwrap();
    let terms = staff_terms(id);
    SeededLedger { ledger, statement: Arc::new(statement), terms, _folder: folder }
}

impl SeededLedger {
    fn server(&self, body: &str) -> Result<NewPayment, Vec<String>> {
        let body = relaxed_json::read(body.as_bytes()).unwrap();
        let principal = Principal::Key("test".into());
        let checked = self.ledger.read_blocking(|ledger| rules::check(ledger, &principal, self.terms.today, &body)).unwrap();
        checked.map_err(|wrongs| wrongs.into_iter().map(|wrong| format!("{}: {}", wrong.key, wrong.value)).collect())
    }

    /// The body that the form would send.
    fn sent(payment: &Payment) -> String {
        Api::encode(payment, Encoding::Json).0.body
    }
}

/// S28: whatever the form lets pass the server lets pass, and the other way round.
#[test]
fn form_and_server_accept_the_same_payments() {
    let seeded_ledger = seeded_ledger();
    let mut random = Random::new(1);
    let rounds = std::env::var("PAYMENT_FORM_ROUNDS").map_or(ROUNDS, |count| count.parse().expect("a number of rounds"));
    let (mut accepted, mut refused) = (0, 0);
    for round in 0..rounds {
        let amount = if round % 3 == 0 { *random.pick(AMOUNTS) } else { *random.pick(&AMOUNTS[..14]) };
        let (choice, method) = if round % 2 == 0 { *random.pick(METHODS) } else { METHODS[0] };
        let reference = if round % 5 == 0 { *random.pick(REFERENCES) } else { "abc" };
        let count = random.below(4);
        let shares: BTreeMap<i64, &str> = (0..count)
            .map(|_| {
                let invoice = if random.below(3) == 0 { *random.pick(INVOICES) } else { *random.pick(&INVOICES[..8]) };
                (invoice, if random.below(3) == 0 { *random.pick(AMOUNTS) } else { *random.pick(&AMOUNTS[..6]) })
            })
            .collect();
        let draft = Draft {
            amount: amount.into(),
            method: choice.into(),
            reference: reference.into(),
            order: Order::Manual,
            shares: shares.iter().map(|(id, share)| (InvoiceId::new(*id).unwrap(), (*share).to_owned())).collect(),
            ..Draft::default()
        };
        let listed: Vec<String> = shares.iter().map(|(id, share)| format!("{{\"invoiceID\":{id},\"amount\":{share}}}")).collect();
        let reference = serde_json::to_string(reference).unwrap();
        let body = format!(
            "{{\"customerId\":655080,\"source\":\"Manual\",\"amount\":{amount},{method},\"reference\":{reference},\"paymentAllocations\":[{}]}}",
            listed.join(",")
        );
        let (form, server) = (check(&draft, &seeded_ledger.statement, &seeded_ledger.terms).payment, seeded_ledger.server(&body));
        assert_eq!(form.is_ok(), server.is_ok(), "{body}\nform: {form:?}\nserver: {server:?}");
        if let Ok(payment) = &form {
            accepted += 1;
            let sent = seeded_ledger.server(&SeededLedger::sent(payment)).unwrap();
            let server = server.unwrap();
            let shares = |payment: &NewPayment| {
                payment.shares.iter().map(|share| (share.invoice, share.amount)).collect::<BTreeMap<_, _>>()
            };
            assert_eq!((shares(&sent), sent.unallocated), (shares(&server), server.unallocated), "{body}");
        } else {
            refused += 1;
        }
    }
    assert!(accepted > rounds / 10 && refused > rounds / 10, "both happen often: {accepted} accepted, {refused} refused");
}

/// F8: equal dates are told apart by number and id, on both sides alike.
#[test]
fn the_server_divides_as_the_form_previews() {
    let mut seeded_ledger = seeded_ledger();
    let mut random = Random::new(2);
    for round in 0..500 {
        let order = *random.pick(&[Order::Oldest, Order::Newest]);
        let amount = format!("{}.{:02}", random.below(30_000), 1 + random.below(99));
        let draft = Draft { amount, method: "default".into(), order, ..Draft::default() };
        seeded_ledger.terms.wire = AllocationWire::Auto;
        let payment = check(&draft, &seeded_ledger.statement, &seeded_ledger.terms).payment.unwrap();
        let Payment::OnAccount(previewed) = &payment else { panic!("a payment on account") };
        let body = SeededLedger::sent(&payment);
        assert!(body.contains("\"autoAllocate\":true"), "{body}");
        let divided = seeded_ledger.server(&body).unwrap();
        let preview: BTreeMap<_, _> = previewed.allocation.shares().map(|(invoice, share)| (invoice.id, share.value())).collect();
        let server: BTreeMap<_, _> = divided.shares.iter().map(|share| (share.invoice, share.amount.value())).collect();
        assert_eq!(server, preview, "round {round}: {body}");
        assert_eq!(divided.unallocated.value(), previewed.allocation.unallocated().value());
    }
}
