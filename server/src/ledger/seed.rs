//! Fills the ledger of a first start: three customers, with invoices around today and earlier payments.
//!
//! Every seeded balance is the invoice's total less its seeded allocations, as in a ledger that was really kept.

use super::sql::{Result, Sql, values};
use payment_form::domain::{
    date::Date,
    money::{Currency, Money},
};
use rust_decimal::Decimal;

struct Customer {
    id: i64,
    name: &'static str,
    currency: &'static str,
    invoices: &'static [Invoice],
    methods: &'static [Method],
    payments: &'static [Payment],
}

/// Days are counted from today.
struct Invoice {
    id: i64,
    number: &'static str,
    issued: i32,
    due: i32,
    total: &'static str,
}

enum Method {
    Card { id: i64, brand: &'static str, digits: &'static str, months_left: i32, is_default: bool },
    Checking { id: i64, digits: &'static str },
}

/// A payment that went to invoices as listed. Its method is that of the id, or cash without one.
struct Payment {
    day: i32,
    method: &'static str,
    method_id: Option<i64>,
    source: &'static str,
    reference: Option<&'static str>,
    shares: &'static [(i64, &'static str)],
}

const fn invoice(id: i64, number: &'static str, issued: i32, due: i32, total: &'static str) -> Invoice {
    Invoice { id, number, issued, due, total }
}

const NORTHWIND: Customer = Customer {
    id: 655080,
    name: "Northwind Traders",
    currency: "USD",
    invoices: &[
        invoice(566802, "INV-1019", -152, -122, "310.00"),
        invoice(566823, "INV-1024", -128, -98, "89.90"),
        invoice(566840, "INV-1027", -110, -80, "1450.00"),
        invoice(566871, "INV-1031", -95, -65, "184.20"),
        invoice(566890, "INV-1034", -80, -50, "96.00"),
        invoice(566902, "INV-1038", -62, -32, "1240.50"),
        invoice(566934, "INV-1042", -48, -18, "312.75"),
        invoice(566951, "INV-1045", -36, -6, "75.30"),
        invoice(566977, "INV-1049", -30, 0, "219.99"),
        invoice(567003, "INV-1051", -22, 8, "120.00"),
        invoice(567004, "INV-1052", -22, 8, "380.00"),
        invoice(567021, "INV-1055", -16, 14, "58.40"),
        invoice(567040, "INV-1058", -9, 21, "1999.00"),
        invoice(567066, "INV-1061", -6, 24, "46.15"),
        invoice(567089, "INV-2026-CONSOLIDATED-FREIGHT-AND-CUSTOMS-000000000000107", -2, 28, "12480.00"),
        invoice(567101, "INV-1066", -1, 30, "642.08"),
        invoice(567133, "INV-1070", 0, 35, "17.95"),
        invoice(567150, "INV-1073", 0, 42, "305.60"),
        invoice(567177, "INV-1078", 0, 45, "2750.25"),
    ],
    methods: &[
        Method::Card { id: 41877, brand: "Visa", digits: "4242", months_left: 26, is_default: true },
        Method::Checking { id: 41878, digits: "6789" },
        Method::Card { id: 41879, brand: "Mastercard", digits: "5100", months_left: -3, is_default: false },
    ],
    payments: &[
        Payment {
            day: -124,
            method: "CreditCard",
            method_id: Some(41877),
            source: "SelfServicePortal",
            reference: Some("July statement"),
            shares: &[(566802, "310.00")],
        },
        Payment {
            day: -97,
            method: "ACH",
            method_id: Some(41878),
            source: "SelfServicePortal",
            reference: None,
            shares: &[(566823, "89.90")],
        },
        Payment {
            day: -71,
            method: "Check",
            method_id: None,
            source: "Manual",
            reference: Some("Check no. 20714"),
            shares: &[(566840, "1450.00")],
        },
        Payment {
            day: -25,
            method: "CreditCard",
            method_id: Some(41877),
            source: "SelfServicePortal",
            reference: Some("First instalment"),
            shares: &[(566902, "400.00")],
        },
    ],
};

const ALPENBLICK: Customer = Customer {
    id: 655081,
    name: "Alpenblick Handels GmbH",
    currency: "EUR",
    invoices: &[
        invoice(571004, "RE-2026-0288", -75, -61, "640.00"),
        invoice(571010, "RE-2026-0304", -54, -40, "1234.50"),
        invoice(571019, "RE-2026-0311", -39, -25, "89.00"),
        invoice(571027, "RE-2026-0319", -21, -7, "2480.75"),
        invoice(571036, "RE-2026-0327", -14, 0, "156.30"),
        invoice(571041, "RE-2026-0330", -10, 4, "75.00"),
        invoice(571052, "RE-2026-0338", -3, 11, "999.99"),
        invoice(571060, "RE-2026-0341", 0, 30, "10450.00"),
    ],
    methods: &[
        Method::Card { id: 41902, brand: "Mastercard", digits: "5454", months_left: 14, is_default: true },
        Method::Card { id: 41903, brand: "Visa", digits: "1881", months_left: 31, is_default: false },
    ],
    payments: &[Payment {
        day: -58,
        method: "CreditCard",
        method_id: Some(41902),
        source: "SelfServicePortal",
        reference: Some("Überweisung August"),
        shares: &[(571004, "640.00")],
    }],
};

const SAKURA: Customer = Customer {
    id: 655082,
    name: "桜商事株式会社",
    currency: "JPY",
    invoices: &[
        invoice(580010, "請求書 2026-081", -70, -40, "128000"),
        invoice(580017, "請求書 2026-089", -45, -15, "54800"),
        invoice(580023, "請求書 2026-094", -31, -1, "9800"),
        invoice(580031, "請求書 2026-102", -20, 10, "1250000"),
        invoice(580038, "請求書 2026-110", -8, 22, "33000"),
        invoice(580044, "請求書 2026-115", -1, 30, "76500"),
    ],
    methods: &[Method::Card { id: 41931, brand: "JCB", digits: "0505", months_left: 19, is_default: true }],
    payments: &[Payment {
        day: -12,
        method: "CreditCard",
        method_id: Some(41931),
        source: "SelfServicePortal",
        reference: None,
        shares: &[(580010, "28000")],
    }],
};

/// MaiaScore's history: what was due, what was paid, the due date and the day of the payment.
const DUE_ITEMS: &[(&str, &str, i32, i32)] = &[
    ("1200.00", "1200.00", -120, -121),
    ("349.90", "349.90", -91, -88),
    ("75.00", "50.00", -60, -60),
    ("980.40", "1000.00", -32, -35),
    ("0", "0", -14, -14),
    ("215.00", "215.00", -3, -1),
];

/// The first seeded payment; the document's example record, 7613586, comes soon after.
const FIRST_PAYMENT: i64 = 7_613_580;
/// The first seeded activity, near the document's example, 118419.
const FIRST_ACTIVITY: i64 = 118_410;

/// The numbers that come next.
struct Numbers {
    payment: i64,
    activity: i64,
}

/// Fills an empty ledger.
pub(super) fn fill(ledger: &mut dyn Sql, today: Date) -> Result<()> {
    let mut numbers = Numbers { payment: FIRST_PAYMENT, activity: FIRST_ACTIVITY };
    for customer in [NORTHWIND, ALPENBLICK, SAKURA] {
        fill_customer(ledger, &customer, today, &mut numbers)?;
    }
    // A declined attempt leaves an activity and nothing else.
    ledger.run(
        "INSERT INTO activities (id, payment_id, customer_id, amount, status, method, source, reference, effective_at)
         VALUES ($3, NULL, $1, '250.00', 'Failed', 'CreditCard', 'SelfServicePortal', NULL, $2)",
        values![NORTHWIND.id, morning(today, -26), numbers.activity],
    )?;
    for (due, paid, due_date, date) in DUE_ITEMS {
        ledger.run(
            "INSERT INTO due_items (amount_due, amount_paid, due_date, date, published_at, created_by)
             VALUES ($1, $2, $3, $4, $5, 'seed')",
            values![*due, *paid, day(today, *due_date), day(today, *date), morning(today, *date)],
        )?;
    }
    Ok(())
}

/// The tables of the ledger, each before those that its rows refer to.
const TABLES: [&str; 8] = ["attempts", "allocations", "activities", "payments", "methods", "invoices", "customers", "due_items"];

/// Empties the ledger and fills it again. Ids of later payments stay above those that were given away.
pub(super) fn refill(ledger: &mut dyn Sql, today: Date) -> Result<()> {
    for table in TABLES {
        ledger.run(&format!("DELETE FROM {table}"), &[])?;
    }
    fill(ledger, today)
}

fn fill_customer(ledger: &mut dyn Sql, customer: &Customer, today: Date, numbers: &mut Numbers) -> Result<()> {
    let amount = |text: &str| {
        let currency = Currency::from_code(customer.currency).expect("the seed's currencies are in ISO 4217");
        let number = Decimal::from_str_exact(text).expect("the seed's amounts are numbers");
        Money::new(number, currency).expect("the seed's amounts are money")
    };
    ledger.run(
        "INSERT INTO customers (id, name, currency) VALUES ($1, $2, $3)",
        values![customer.id, customer.name, customer.currency],
    )?;
    for invoice in customer.invoices {
        let total = amount(invoice.total);
        let shares = customer.payments.iter().flat_map(|payment| payment.shares);
        let balance =
            shares.filter(|(id, _)| *id == invoice.id).fold(total, |balance, (_, share)| balance.saturating_sub(amount(share)));
        ledger.run(
            "INSERT INTO invoices (id, customer_id, number, issued_on, due_on, total, balance) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            values![
                invoice.id,
                customer.id,
                invoice.number,
                day(today, invoice.issued),
                day(today, invoice.due),
                total.plain(),
                balance.plain()
            ],
        )?;
    }
    for method in customer.methods {
        fill_method(ledger, customer.id, method, today)?;
    }
    for payment in customer.payments {
        let total: Decimal = payment.shares.iter().map(|(_, share)| amount(share).value()).sum();
        fill_payment(ledger, customer, payment, &amount(&total.to_string()).plain(), &morning(today, payment.day), numbers)?;
    }
    Ok(())
}

fn fill_method(ledger: &mut dyn Sql, customer: i64, method: &Method, today: Date) -> Result<()> {
    match method {
        Method::Card { id, brand, digits, months_left, is_default } => ledger.run(
            "INSERT INTO methods (id, customer_id, kind, is_default, last_digits, card_type, expires)
             VALUES ($1, $2, 'CreditCard', $3, $4, $5, $6)",
            values![*id, customer, *is_default, *digits, *brand, month(today, *months_left)],
        ),
        Method::Checking { id, digits } => ledger.run(
            "INSERT INTO methods (id, customer_id, kind, is_default, last_digits, account_type) VALUES ($1, $2, 'ACH', 0, $3, 'CHQ')",
            values![*id, customer, *digits],
        ),
    }
    .map(drop)
}

fn fill_payment(
    ledger: &mut dyn Sql,
    customer: &Customer,
    payment: &Payment,
    amount: &str,
    at: &str,
    numbers: &mut Numbers,
) -> Result<()> {
    let (id, activity) = (numbers.payment, numbers.activity);
    numbers.payment += 1;
    numbers.activity += 1;
    ledger.run(
        "INSERT INTO payments (customer_id, amount, unallocated, method, method_id, source, reference, effective_at, id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![
            customer.id,
            amount,
            Money::zero(Currency::from_code(customer.currency).expect("the seed's currencies are in ISO 4217")).plain(),
            payment.method,
            payment.method_id,
            payment.source,
            payment.reference,
            at,
            id
        ],
    )?;
    ledger.run(
        "INSERT INTO activities (payment_id, customer_id, amount, status, method, source, reference, effective_at, id)
         VALUES ($1, $2, $3, 'Successful', $4, $5, $6, $7, $8)",
        values![id, customer.id, amount, payment.method, payment.source, payment.reference, at, activity],
    )?;
    for (invoice, share) in payment.shares {
        ledger
            .run("INSERT INTO allocations (payment_id, invoice_id, amount) VALUES ($1, $2, $3)", values![id, *invoice, *share])?;
    }
    Ok(())
}

/// The day so many days after today.
fn day(today: Date, days: i32) -> String {
    let first = time::Date::from_calendar_date(today.year(), time::Month::January, 1).map(time::Date::to_julian_day);
    let since_new_year = Date::new(today.year(), 1, 1).map_or(0, |new_year| today.days_since(new_year));
    let moved = first.ok().and_then(|first| time::Date::from_julian_day(first + since_new_year + days).ok());
    let moved = moved.and_then(|date| Date::new(date.year(), date.month().into(), date.day()));
    // Only a `--today` at the very ends of the calendar has no such day.
    moved.unwrap_or(today).to_string()
}

fn morning(today: Date, days: i32) -> String {
    format!("{}T09:41:07.3150000Z", day(today, days))
}

/// The month so many months after this one, as `YYYY-MM`.
fn month(today: Date, months: i32) -> String {
    let count = today.year() * 12 + i32::from(today.month()) - 1 + months;
    format!("{:04}-{:02}", count.div_euclid(12), count.rem_euclid(12) + 1)
}
