//! Tests which drafts are payments, and which problems the others have.

use crate::domain::check_due_items::DUE_ITEMS;
use crate::domain::ledger::{currency, invoice, minor, money, staff_terms, statement};
use crate::domain::typed_draft::{TypedDraft, codes, dollars, due_item, expect, owed, stored, typed};
use payment_form::domain::{
    allocation::Order,
    amount::Reading,
    check::{Checked, check},
    invoice::{Invoice, MethodId},
    payment::{AllocationWire, Kind, Method, Payment, Source},
    payment_order::{DateField, Direction},
    problem::Problem,
    statement::{ListState, Statement, StoredKind},
    terms::{OfferedMethods, Terms},
};
use std::{collections::BTreeSet, sync::Arc};

const AMOUNTS: &[(&str, &str)] = &[
    ("500", ""),
    (" 1,234.50 ", ""),
    ("$5", ""),
    ("", "amount-missing"),
    ("abc", "amount-unreadable"),
    ("1e3", "amount-unreadable"),
    ("5.", "amount-unreadable"),
    (".50", ""),
    ("50,-", ""),
    ("€5", "amount-not-in-currency"),
    ("5 EUR", "amount-not-in-currency"),
    ("-5", "amount-negative"),
    ("0", "amount-zero"),
    ("0.00", "amount-zero"),
    ("10.005", "amount-ambiguous"),
    ("1.234", "amount-ambiguous"),
    ("0.001", "amount-too-fine"),
    ("1000000000000000000", "amount-too-long"),
];

/// F4: zero, negative amounts and amounts below a cent are refused.
#[test]
fn amount_outside_the_rules_is_a_problem() {
    for (amount, expected) in AMOUNTS {
        expect(&staff_terms(), &owed(), &typed(amount), expected);
    }
    let limits = Terms { min: Some(dollars(500)), max: Some(dollars(10000)), ..staff_terms() };
    for (amount, expected) in
        [("4.99", "amount-below-min"), ("5", ""), ("100", ""), ("100.01", "amount-above-max"), ("0", "amount-zero")]
    {
        expect(&limits, &owed(), &typed(amount), expected);
    }
}

#[test]
fn decimals_follow_the_currency() {
    let statement = statement(vec![Invoice { balance: money(5000, currency("JPY")), ..invoice(1, "2026-10-01", 1) }]);
    let yen = Terms { currency: currency("JPY"), ..staff_terms() };
    for (amount, expected) in [("5000", ""), ("10.5", "amount-too-fine"), ("1.234", "amount-ambiguous"), ("￥5,000", "")] {
        expect(&yen, &statement, &typed(amount), expected);
    }
    // Fusebill takes two decimals, whatever the currency, and more have a problem of their own.
    let dinar = |balance| {
        crate::domain::ledger::statement(vec![Invoice { balance: money(balance, currency("KWD")), ..invoice(1, "-", 1) }])
    };
    let fusebill = Terms { currency: currency("KWD"), ..staff_terms() };
    let exact = Terms { decimals_max: 3, ..fusebill.clone() };
    for (terms, balance, amount, shares, expected) in [
        (&exact, 10_125, "20.375", vec![], ""),
        (&exact, 10_125, "20.3755", vec![], "amount-too-fine"),
        (&fusebill, 10_120, "20.3755", vec![], "amount-too-fine-for-api"),
        (&fusebill, 10_120, "20.37", vec![], ""),
        (&fusebill, 10_125, "20.37", vec![], ""),
        (&fusebill, 10_125, "20.37", vec![(1, "10.12")], ""),
        (&fusebill, 10_125, "10.12", vec![], ""),
        (&fusebill, 10_125, "20.37", vec![(1, "0.0125")], "share-too-fine-for-api@1"),
    ] {
        expect(terms, &dinar(balance), &TypedDraft { shares, ..typed(amount) }, expected);
    }
    let auto = Terms { wire: AllocationWire::Auto, ..fusebill };
    expect(&auto, &dinar(10_125), &typed("20.37"), "");
}

/// G11: a stored method is named, an offline one is not, and one of neither kind is refused.
#[test]
fn method_outside_the_offer_is_a_problem() {
    use payment_form::domain::payment::Method::{Cash, Check, Default as DefaultMethod, DirectDeposit, Stored};
    let unlisted = statement(vec![invoice(1, "-", 100)]);
    let none = Arc::new(Statement::new(vec![], Some(vec![])).expect("a statement"));
    let late = Arc::new(
        Statement::new(vec![], Some(vec![stored(9, StoredKind::CreditCard, true, Some((2026, 10)))])).expect("a statement"),
    );
    let (staff, owed) = (staff_terms(), owed());
    let portal = Terms { offered: OfferedMethods::for_source(Source::SelfServicePortal), ..staff_terms() };
    let offline = Terms { offered: OfferedMethods { stored: false, ..staff.offered }, ..staff_terms() };
    let method = |number| MethodId::new(number).expect("positive");
    let card = StoredKind::CreditCard;
    type Expected = Result<Method, &'static str>;
    let table: [(&Terms, &Arc<Statement>, &str, Expected); 20] = [
        (&staff, &owed, "Cash", Ok(Cash)),
        (&staff, &owed, "Check", Ok(Check)),
        (&staff, &owed, "DirectDeposit", Ok(DirectDeposit)),
        (&staff, &owed, "stored-7", Ok(Stored { id: method(7), kind: card })),
        (&portal, &owed, "stored-8", Ok(Stored { id: method(8), kind: StoredKind::Ach })),
        (&portal, &owed, "default", Ok(DefaultMethod { kind: card })),
        (&portal, &unlisted, "default", Ok(DefaultMethod { kind: card })),
        (&staff, &owed, "", Err("method-missing")),
        (&staff, &owed, "stored-9", Err("method-expired")),
        (&staff, &late, "default", Err("method-expired")),
        (&staff, &none, "default", Err("method-not-offered")),
        (&staff, &owed, "stored-99", Err("method-not-offered")),
        (&staff, &owed, "stored-07", Err("method-not-offered")),
        (&staff, &unlisted, "stored-7", Err("method-not-offered")),
        (&staff, &owed, "cash", Err("method-not-offered")),
        (&staff, &owed, "Paypal", Err("method-not-offered")),
        (&portal, &owed, "Cash", Err("method-not-offered")),
        (&portal, &owed, "Check", Err("method-not-offered")),
        (&portal, &owed, "DirectDeposit", Err("method-not-offered")),
        (&offline, &owed, "default", Err("method-not-offered")),
    ];
    for (terms, statement, choice, expected) in table {
        let checked = check(&TypedDraft { method: choice, ..typed("1") }.draft(), statement, terms);
        let got = checked.payment.as_ref().map_err(|_| codes(&checked)).map(|payment| match payment {
            Payment::OnAccount(payment) => payment.method,
            Payment::DueItem(_) => panic!("a payment on account"),
        });
        assert_eq!(got, expected.map_err(str::to_owned), "{choice:?}");
        if let Ok(method) = got {
            assert_eq!(method.name(), choice, "the radio's value leads back");
        }
    }
}

#[test]
fn mistake_of_the_host_is_a_problem_of_the_form() {
    expect(&Terms { customer: None, ..staff_terms() }, &owed(), &typed("1"), "form-customer-missing");
    expect(&Terms { currency: currency("EUR"), ..staff_terms() }, &owed(), &typed("1"), "form-other-currency");
    expect(&Terms { max: Some(money(100, currency("EUR"))), ..staff_terms() }, &owed(), &typed("2"), "form-other-currency");
    let checked = check(&typed("1").draft(), &owed(), &Terms { currency: currency("EUR"), ..staff_terms() });
    assert!(checked.allocation.is_none(), "dollars are not previewed in euros");
}

#[test]
fn checked_payment_has_the_typed_values() {
    let draft = TypedDraft {
        method: "stored-7",
        reference: " rent ".into(),
        order: Order::Newest,
        shares: vec![(1, "10")],
        ..typed("60")
    }
    .draft();
    let checked = check(&draft, &owed(), &staff_terms());
    assert_eq!(checked.amount, Reading::Number(60.into()));
    let Ok(Payment::OnAccount(payment)) = &checked.payment else { panic!("{:?}", checked.payment) };
    assert_eq!((payment.customer.number(), payment.amount, payment.source), (655_080, dollars(6000), Source::Manual));
    assert_eq!(payment.reference.as_ref().map(|reference| reference.text()), Some(" rent "));
    let shares: Vec<_> = payment.allocation.shares().map(|(invoice, share)| (invoice.id.number(), minor(share))).collect();
    assert_eq!(shares, [(3, 2000), (4, 3000), (1, 1000)]);
    assert_eq!(payment.server_divides(), None);
}

#[test]
fn server_divides_only_in_its_documented_order() {
    let auto = Terms { wire: AllocationWire::Auto, ..staff_terms() };
    let by_issue = Terms { order_by: DateField::Issued, ..auto.clone() };
    let pinned = vec![(1, "1")];
    let explicit = staff_terms();
    for (terms, order, shares, expected) in [
        (&auto, Order::Oldest, vec![], Some(Direction::Oldest)),
        (&auto, Order::Newest, vec![], Some(Direction::Newest)),
        (&auto, Order::Exact, vec![], None),
        (&auto, Order::Manual, vec![], None),
        (&auto, Order::None, vec![], None),
        (&auto, Order::Oldest, pinned, None),
        (&by_issue, Order::Oldest, vec![], None),
        (&explicit, Order::Oldest, vec![], None),
    ] {
        let checked = check(&TypedDraft { order, shares, ..typed("60") }.draft(), &owed(), terms);
        let Ok(Payment::OnAccount(payment)) = checked.payment else { panic!("a payment") };
        assert_eq!(payment.server_divides(), expected, "{order:?}");
    }
}

/// The public list of codes is exactly the set of codes that a check can give.
#[test]
fn every_code_is_listed_and_reachable() {
    let mut seen = BTreeSet::new();
    let mut note = |checked: &Checked| seen.extend(checked.problems().iter().map(Problem::code));
    let owed = owed();
    let drafts = AMOUNTS.iter().map(|(amount, _)| typed(amount)).chain([
        TypedDraft { method: "", ..typed("1") },
        TypedDraft { method: "stored-9", ..typed("1") },
        TypedDraft { method: "Paypal", ..typed("1") },
        TypedDraft { reference: "x".repeat(501), ..typed("1") },
        TypedDraft { reference: "\u{7}".into(), ..typed("1") },
        TypedDraft { reference: "4242 4242 4242 4242".into(), ..typed("1") },
        TypedDraft { shares: vec![(1, "x"), (2, "1"), (3, "21"), (4, "1,5"), (99, "1")], ..typed("60") },
        TypedDraft { shares: vec![(1, "-1"), (3, "0.001"), (4, "1000000000000000000")], ..typed("60") },
        TypedDraft { shares: vec![(1, "1 EUR")], ..typed("60") },
        TypedDraft { shares: vec![(1, "50"), (3, "20")], ..typed("60") },
        TypedDraft { shares: vec![(1, "50")], ..typed("40") },
    ]);
    for typed in drafts {
        note(&check(&typed.draft(), &owed, &staff_terms()));
    }
    let limits = Terms { min: Some(dollars(500)), max: Some(dollars(10000)), customer: None, ..staff_terms() };
    note(&check(&typed("1").draft(), &owed, &limits));
    note(&check(&typed("101").draft(), &owed, &limits));
    note(&check(&typed("1").draft(), &owed, &Terms { currency: currency("EUR"), ..staff_terms() }));
    note(&check(&typed("1").draft(), &Arc::new(Statement::without_list(ListState::Missing, None)), &staff_terms()));
    let many = statement((1..=10_001).map(|number| invoice(number, "-", 100)).collect());
    note(&check(&typed("10001").draft(), &many, &staff_terms()));
    let due_items = Terms { kind: Kind::DueItem, ..staff_terms() };
    for (texts, _) in DUE_ITEMS {
        note(&check(&due_item(*texts), &owed, &due_items));
    }
    let dinar = Terms { currency: currency("KWD"), ..staff_terms() };
    let dinars = statement(vec![Invoice { balance: money(10_125, currency("KWD")), ..invoice(1, "-", 1) }]);
    note(&check(&typed("0.0001").draft(), &dinars, &dinar));
    note(&check(&TypedDraft { shares: vec![(1, "0.005")], ..typed("20") }.draft(), &dinars, &dinar));
    note(&check(&due_item(["€1", "€1", "", ""]), &owed, &due_items));
    note(&check(&due_item(["0.0001", "0.0001", "", ""]), &dinars, &Terms { kind: Kind::DueItem, ..dinar }));
    for paid in ["1", "101"] {
        note(&check(&due_item(["1", paid, "", ""]), &owed, &Terms { kind: Kind::DueItem, ..limits.clone() }));
    }
    let listed: BTreeSet<String> = Problem::CODES.iter().map(|code| (*code).to_owned()).collect();
    assert_eq!(listed.len(), Problem::CODES.len(), "each code once");
    assert_eq!(seen, listed);
}
