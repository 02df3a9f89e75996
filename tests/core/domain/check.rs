//! Tests which drafts are payments, and which problems the others have.

use crate::domain::ledger::{currency, day, id, invoice, minor, money, staff_terms, statement};
use payment_form::domain::{
    allocation::Order,
    amount::Reading,
    check::{Checked, check},
    draft::{Draft, PaymentDate},
    invoice::{Invoice, MethodId},
    money::Money,
    payment::{AllocationWire, Kind, Method, Payment, Source},
    payment_order::{DateField, Direction},
    problem::{Cause, Problem},
    shortcuts::{all_due, all_overdue, pay_one, selected},
    statement::{Known, Statement, StoredKind, StoredMethod},
    terms::{Offered, SHARES_MAX, Terms},
};
use std::{collections::BTreeSet, sync::Arc};

fn dollars(cents: i64) -> Money {
    money(cents, currency("USD"))
}

fn stored(number: i64, kind: StoredKind, is_default: bool, expires: Option<(i32, u8)>) -> StoredMethod {
    StoredMethod { id: MethodId::new(number).expect("positive"), kind, label: String::new(), ending: None, is_default, expires }
}

/// Invoices 1 (50.00), 3 (20.00) and 4 (30.00) open, 2 closed; the default card 7, the account 8, the expired card 9.
fn owed() -> Arc<Statement> {
    let invoices = vec![
        invoice(1, "2026-10-01", 5000),
        invoice(2, "2026-11-01", 0),
        invoice(3, "2026-11-20", 2000),
        invoice(4, "2026-11-20", 3000),
    ];
    let methods = vec![
        stored(7, StoredKind::CreditCard, true, Some((2026, 11))),
        stored(8, StoredKind::Ach, false, None),
        stored(9, StoredKind::CreditCard, false, Some((2026, 10))),
    ];
    Arc::new(Statement::new(invoices, Some(methods)).expect("a statement"))
}

/// The codes of all problems, `code@invoice` at a row; empty when it is a payment.
fn codes(checked: &Checked) -> String {
    let at = |problem: &Problem| match problem.field {
        payment_form::domain::problem::Field::Share(id) => format!("{}@{id}", problem.code()),
        _ => problem.code(),
    };
    checked.problems().iter().map(at).collect::<Vec<_>>().join(" ")
}

/// One draft; the fields that a case leaves out are valid.
#[derive(Clone, Default)]
struct Typed {
    amount: &'static str,
    method: &'static str,
    reference: String,
    order: Order,
    shares: Vec<(i64, &'static str)>,
}

impl Typed {
    fn draft(&self) -> Draft {
        Draft {
            amount: self.amount.into(),
            method: self.method.into(),
            reference: self.reference.clone(),
            order: self.order,
            shares: self.shares.iter().map(|(number, text)| (id(*number), (*text).to_owned())).collect(),
            ..Draft::default()
        }
    }
}

fn typed(amount: &'static str) -> Typed {
    Typed { amount, method: "Cash", ..Typed::default() }
}

#[track_caller]
fn expect(terms: &Terms, statement: &Arc<Statement>, typed: &Typed, expected: &str) {
    let checked = check(&typed.draft(), statement, terms);
    assert_eq!(codes(&checked), expected, "amount {:?}, method {:?}, shares {:?}", typed.amount, typed.method, typed.shares);
    assert_eq!(checked.payment.is_ok(), expected.is_empty());
}

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
        expect(terms, &dinar(balance), &Typed { shares, ..typed(amount) }, expected);
    }
    let asked = Terms { wire: AllocationWire::Auto, ..fusebill };
    expect(&asked, &dinar(10_125), &typed("20.37"), "");
}

/// Invoices 1 (10.125), 2 (0.005) and 3 (20.250) in dinars, of which Fusebill's JSON carries two decimals.
fn dinars_finer_than_the_api() -> (Arc<Statement>, Terms) {
    let dinars = |number, due, balance| Invoice { balance: money(balance, currency("KWD")), ..invoice(number, due, 1) };
    let invoices = vec![dinars(1, "2026-10-01", 10_125), dinars(2, "2026-10-02", 5), dinars(3, "2026-12-01", 20_250)];
    (statement(invoices), Terms { currency: currency("KWD"), ..staff_terms() })
}

#[test]
fn balance_finer_than_the_api_is_paid_as_far_as_it_can_be_sent() {
    let (statement, terms) = dinars_finer_than_the_api();
    let kwd = |fils| money(fils, currency("KWD"));
    let table: [(Order, &str, [i64; 3], [&str; 3]); 7] = [
        (Order::Oldest, "20", [10_120, 0, 9_880], ["oldest-due", "too-small", "part"]),
        (Order::Oldest, "50", [10_120, 0, 20_250], ["oldest-due", "too-small", "next-oldest-due"]),
        (Order::Oldest, "10.12", [10_120, 0, 0], ["oldest-due", "too-small", "nothing-left"]),
        (Order::Newest, "25", [4_750, 0, 20_250], ["part", "too-small", "newest-due"]),
        (Order::Exact, "10.12", [10_120, 0, 0], ["exact", "not-chosen", "not-chosen"]),
        (Order::Exact, "20.25", [0, 0, 20_250], ["not-chosen", "not-chosen", "exact"]),
        (Order::Manual, "20", [0, 0, 0], ["not-chosen", "not-chosen", "not-chosen"]),
    ];
    for (order, amount, shares, reasons) in table {
        let checked = check(&Typed { order, ..typed(amount) }.draft(), &statement, &terms);
        let allocation = checked.allocation.as_ref().expect("an amount");
        assert_eq!([0, 1, 2].map(|row| allocation.share(row)), shares.map(kwd), "{order:?} {amount}");
        assert_eq!([0, 1, 2].map(|row| allocation.reason(row).code()), reasons, "{order:?} {amount}");
        let paid = shares.iter().filter(|share| **share > 0).count();
        assert_eq!((allocation.count(), allocation.shares().count()), (paid, paid), "{order:?} {amount}");
        assert_eq!(codes(&checked), "", "what is proposed can be sent: {order:?} {amount}");
    }
    let checked = check(&typed("20").draft(), &statement, &terms);
    let remainders = [0, 1, 2].map(|row| checked.allocation.as_ref().and_then(|allocation| allocation.remainder(row)));
    assert_eq!(remainders, [Some(kwd(5)), Some(kwd(5)), None]);
}

#[test]
fn shortcut_on_balances_finer_than_the_api_gives_a_sendable_amount() {
    let (statement, terms) = dinars_finer_than_the_api();
    let kwd = |fils| money(fils, currency("KWD"));
    assert_eq!((all_due(&statement, &terms), all_overdue(&statement, &terms)), (Some(kwd(30_370)), Some(kwd(10_120))));
    assert_eq!(statement.total(), Some(kwd(30_380)), "what is owed stays what it is");
    let one = pay_one(&typed("").draft(), &statement, &terms, id(1)).expect("an open invoice");
    assert_eq!((one.amount, one.share), (kwd(10_120), kwd(10_120)));
    let draft = Typed { shares: vec![(1, "11")], ..typed("20") }.draft();
    assert_eq!(selected(&draft, &statement, &terms), kwd(10_120));
    let repair = check(&draft, &statement, &terms).allocation.and_then(|allocation| allocation.repair(0));
    assert_eq!(repair, Some(kwd(10_120)));
    for amount in ["30.37", "10.12"] {
        expect(&terms, &statement, &typed(amount), "");
    }
}

#[test]
fn share_outside_the_rules_is_a_problem() {
    type Shares = &'static [(i64, &'static str)];
    let table: &[(&str, Shares, &str)] = &[
        ("60", &[(1, "10"), (4, "30")], ""),
        ("60", &[(1, "")], ""),
        ("60", &[(1, "0")], ""),
        ("60", &[(1, "abc")], "share-unreadable@1"),
        ("60", &[(1, "1,5")], "share-ambiguous@1"),
        ("60", &[(1, "€1")], "share-not-in-currency@1"),
        ("60", &[(1, "-1")], "share-negative@1"),
        ("60", &[(1, "0.001")], "share-too-fine@1"),
        ("60", &[(1, "1000000000000000000")], "share-too-long@1"),
        ("60", &[(1, "50.01")], "share-above-balance@1"),
        ("60", &[(2, "1")], "share-closed-invoice@2"),
        ("60", &[(99, "1")], "share-unknown-invoice@99"),
        (
            "60",
            &[(1, "51"), (2, "1"), (3, "x"), (99, "1")],
            "share-above-balance@1 share-closed-invoice@2 share-unreadable@3 share-unknown-invoice@99",
        ),
        // A share above the payment is a problem of its row; shares that are too much only together are a problem of the allocation.
        ("10", &[(1, "10.01")], "share-above-amount@1"),
        ("10", &[(1, "60")], "share-above-balance@1"),
        ("60", &[(1, "50"), (3, "20")], "allocation-above-amount"),
        ("10", &[(1, "20"), (3, "1")], "allocation-above-amount share-above-amount@1"),
        ("10", &[(1, "20"), (3, "0")], "share-above-amount@1"),
        ("0", &[(1, "20")], "amount-zero"),
        ("", &[(1, "51")], "amount-missing share-above-balance@1"),
    ];
    for (amount, shares, expected) in table {
        expect(&staff_terms(), &owed(), &Typed { shares: shares.to_vec(), ..typed(amount) }, expected);
    }
    let checked = check(&Typed { shares: vec![(1, "50"), (3, "20")], ..typed("60") }.draft(), &owed(), &staff_terms());
    assert_eq!(checked.problems().first().map(|problem| &problem.cause), Some(&Cause::AboveAmount(dollars(1000))));
}

/// Without the host's list the payment cannot be divided. A host without a list leaves the whole payment on account.
#[test]
fn missing_list_leaves_the_payment_undivided() {
    let [missing, not_given] =
        [Known::Missing, Known::NotGiven].map(|known| Arc::new(Statement::without_list(known, Some(vec![]))));
    for order in [Order::Oldest, Order::Newest, Order::Exact, Order::Manual] {
        expect(&staff_terms(), &missing, &Typed { order, ..typed("5") }, "allocation-missing");
        expect(&staff_terms(), &not_given, &Typed { order, ..typed("5") }, "");
    }
    expect(&staff_terms(), &missing, &Typed { order: Order::None, shares: vec![(1, "5")], ..typed("5") }, "");
    let checked = check(&Typed { order: Order::None, shares: vec![(1, "5")], ..typed("5") }.draft(), &missing, &staff_terms());
    let Ok(Payment::OnAccount(payment)) = checked.payment else { panic!("a payment") };
    assert_eq!((payment.allocation.count(), payment.allocation.unallocated()), (0, dollars(500)));
}

#[test]
fn payment_with_too_many_shares_is_refused() {
    let count = i64::try_from(SHARES_MAX).expect("fits") + 1;
    let many = statement((1..=count).map(|number| invoice(number, "2026-11-20", 100)).collect());
    expect(&staff_terms(), &many, &typed("10,000"), "");
    expect(&staff_terms(), &many, &typed("10,000.01"), "allocation-too-many-shares");
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
    let portal = Terms { offered: Offered::for_source(Source::SelfServicePortal), ..staff_terms() };
    let offline = Terms { offered: Offered { stored: false, ..staff.offered }, ..staff_terms() };
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
        let checked = check(&Typed { method: choice, ..typed("1") }.draft(), statement, terms);
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
    let draft =
        Typed { method: "stored-7", reference: " rent ".into(), order: Order::Newest, shares: vec![(1, "10")], ..typed("60") }
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
        let checked = check(&Typed { order, shares, ..typed("60") }.draft(), &owed(), terms);
        let Ok(Payment::OnAccount(payment)) = checked.payment else { panic!("a payment") };
        assert_eq!(payment.server_divides(), expected, "{order:?}");
    }
}

const DUE_ITEMS: &[([&str; 4], &str)] = &[
    // Due, paid, due date, date.
    (["100", "40", "2026-12-01", "2026-11-20"], ""),
    (["0", "0", "2026-12-01", "2026-11-20"], ""),
    (["", "", "", ""], "amountDue-missing dueDate-missing amountPaid-missing date-missing"),
    (["abc", "x", "tomorrow", "2026-2-9"], "amountDue-unreadable dueDate-unreadable amountPaid-unreadable date-unreadable"),
    (["-1", "-1", "2023-02-29", "2100-02-29"], "amountDue-negative dueDate-unreadable amountPaid-negative date-unreadable"),
    (["1,5", "1.234", "2024-13-01", "0000-01-01"], "amountDue-ambiguous dueDate-unreadable amountPaid-ambiguous date-unreadable"),
    (
        ["0.001", "0.001", "10000-01-01", "-0001-01-01"],
        "amountDue-too-fine dueDate-unreadable amountPaid-too-fine date-unreadable",
    ),
    (["1000000000000000000", "1", "1899-12-31", "2201-01-01"], "amountDue-too-long dueDate-unreadable date-unreadable"),
    (["1", "1000000000000000000", "2026-12-01", "2026-11-20"], "amountPaid-too-long"),
    (["1", "1", " 2026-12-01", "2024-02-29"], "dueDate-unreadable"),
    (["1", "1", "1900-01-01", "2200-12-31"], ""),
];

#[test]
fn untouched_payment_date_follows_the_day_and_an_edited_one_stays() {
    let on = |today| Terms { kind: Kind::DueItem, today: day(today), ..staff_terms() };
    let untouched = Draft { date: PaymentDate::Today, ..due_item(["100", "40", "2026-12-01", ""]) };
    let edited = Draft { date: "2026-11-20".into(), ..untouched.clone() };
    let emptied = Draft { date: "".into(), ..untouched.clone() };
    // The draft as a store restores it on another day.
    let restored = |draft: &Draft| Draft { date: draft.date.typed().map(PaymentDate::from).unwrap_or_default(), ..draft.clone() };
    for (draft, expected) in [
        (&untouched, ["2026-11-20", "2026-11-21"]),
        (&restored(&untouched), ["2026-11-20", "2026-11-21"]),
        (&edited, ["2026-11-20", "2026-11-20"]),
        (&restored(&edited), ["2026-11-20", "2026-11-20"]),
    ] {
        let paid_on = ["2026-11-20", "2026-11-21"].map(|today| match check(draft, &statement(vec![]), &on(today)).payment {
            Ok(Payment::DueItem(item)) => item.date.to_string(),
            other => panic!("{other:?}"),
        });
        assert_eq!(paid_on, expected, "{:?}", draft.date);
    }
    for draft in [&emptied, &restored(&emptied)] {
        assert_eq!(codes(&check(draft, &statement(vec![]), &on("2026-11-20"))), "date-missing");
    }
}

fn due_item([due, paid, due_date, date]: [&str; 4]) -> Draft {
    Draft { amount: paid.into(), amount_due: due.into(), due_date: due_date.into(), date: date.into(), ..Draft::default() }
}

/// F4 G7 G9: both amounts may be zero here; days that no calendar has are refused, and the two days may stand in any order.
#[test]
fn due_item_outside_the_rules_is_a_problem() {
    let terms = Terms { kind: Kind::DueItem, customer: None, ..staff_terms() };
    let nothing = statement(vec![]);
    for (texts, expected) in DUE_ITEMS {
        let checked = check(&due_item(*texts), &nothing, &terms);
        assert_eq!(codes(&checked), *expected, "{texts:?}");
        assert!(checked.allocation.is_none());
    }
    let limits = Terms { min: Some(dollars(500)), max: Some(dollars(10000)), ..terms.clone() };
    let code = |paid, terms: &Terms| codes(&check(&due_item(["1", paid, "2026-12-01", "2026-11-20"]), &nothing, terms));
    assert_eq!(["4.99", "5", "100.01"].map(|paid| code(paid, &limits)), ["amountPaid-below-min", "", "amountPaid-above-max"]);
    let euros = Terms { max: Some(money(1, currency("EUR"))), ..terms.clone() };
    assert_eq!(code("1", &euros), "form-other-currency");
    let Ok(Payment::DueItem(item)) = check(&due_item(DUE_ITEMS[0].0), &nothing, &terms).payment else { panic!("a payment") };
    assert_eq!((item.due, item.paid), (dollars(10000), dollars(4000)));
    assert_eq!((item.due_date.to_string(), item.date.to_string()), ("2026-12-01".into(), "2026-11-20".into()));
}

/// The public list of codes is exactly the set of codes that a check can give.
#[test]
fn every_code_is_listed_and_reachable() {
    let mut seen = BTreeSet::new();
    let mut note = |checked: &Checked| seen.extend(checked.problems().iter().map(Problem::code));
    let owed = owed();
    let drafts = AMOUNTS.iter().map(|(amount, _)| typed(amount)).chain([
        Typed { method: "", ..typed("1") },
        Typed { method: "stored-9", ..typed("1") },
        Typed { method: "Paypal", ..typed("1") },
        Typed { reference: "x".repeat(501), ..typed("1") },
        Typed { reference: "\u{7}".into(), ..typed("1") },
        Typed { reference: "4242 4242 4242 4242".into(), ..typed("1") },
        Typed { shares: vec![(1, "x"), (2, "1"), (3, "21"), (4, "1,5"), (99, "1")], ..typed("60") },
        Typed { shares: vec![(1, "-1"), (3, "0.001"), (4, "1000000000000000000")], ..typed("60") },
        Typed { shares: vec![(1, "1 EUR")], ..typed("60") },
        Typed { shares: vec![(1, "50"), (3, "20")], ..typed("60") },
        Typed { shares: vec![(1, "50")], ..typed("40") },
    ]);
    for typed in drafts {
        note(&check(&typed.draft(), &owed, &staff_terms()));
    }
    let limits = Terms { min: Some(dollars(500)), max: Some(dollars(10000)), customer: None, ..staff_terms() };
    note(&check(&typed("1").draft(), &owed, &limits));
    note(&check(&typed("101").draft(), &owed, &limits));
    note(&check(&typed("1").draft(), &owed, &Terms { currency: currency("EUR"), ..staff_terms() }));
    note(&check(&typed("1").draft(), &Arc::new(Statement::without_list(Known::Missing, None)), &staff_terms()));
    let many = statement((1..=10_001).map(|number| invoice(number, "-", 100)).collect());
    note(&check(&typed("10001").draft(), &many, &staff_terms()));
    let due_items = Terms { kind: Kind::DueItem, ..staff_terms() };
    for (texts, _) in DUE_ITEMS {
        note(&check(&due_item(*texts), &owed, &due_items));
    }
    let dinar = Terms { currency: currency("KWD"), ..staff_terms() };
    let dinars = statement(vec![Invoice { balance: money(10_125, currency("KWD")), ..invoice(1, "-", 1) }]);
    note(&check(&typed("0.0001").draft(), &dinars, &dinar));
    note(&check(&Typed { shares: vec![(1, "0.005")], ..typed("20") }.draft(), &dinars, &dinar));
    note(&check(&due_item(["€1", "€1", "", ""]), &owed, &due_items));
    note(&check(&due_item(["0.0001", "0.0001", "", ""]), &dinars, &Terms { kind: Kind::DueItem, ..dinar }));
    for paid in ["1", "101"] {
        note(&check(&due_item(["1", paid, "", ""]), &owed, &Terms { kind: Kind::DueItem, ..limits.clone() }));
    }
    let listed: BTreeSet<String> = Problem::CODES.iter().map(|code| (*code).to_owned()).collect();
    assert_eq!(listed.len(), Problem::CODES.len(), "each code once");
    assert_eq!(seen, listed);
}
