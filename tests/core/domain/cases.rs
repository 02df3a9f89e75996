//! Runs the test vectors of `tests/cases`, which any backend can run, by the form's own rules. The model runs the allocations too.

use crate::{
    domain::allocation_model,
    domain::ledger::{Case, money_of},
};
use payment_form::domain::{
    allocation::{Allocation, Order, Plan},
    amount::Separators,
    check::check,
    date::Date,
    draft::{Draft, PaymentDate},
    invoice::{CustomerId, Invoice, InvoiceId, MethodId},
    money::{Currency, Money},
    payment::{AllocationWire, Kind, Payment, Source},
    payment_order::{DateField, Direction},
    problem::{Field, Problem},
    statement::{Statement, StoredKind, StoredMethod},
    terms::{OfferedMethods, Terms},
};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// The text under a name; empty where there is none.
fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    match &value[name] {
        Value::Null => "",
        Value::String(text) => text,
        other => panic!("{name} is a text or missing, not {other}"),
    }
}

/// A choice by its public name; the default where the case says nothing.
fn choice<T: Default>(value: &Value, name: &str, parse: fn(&str) -> Option<T>) -> T {
    match text(value, name) {
        "" => T::default(),
        known => parse(known).unwrap_or_else(|| panic!("{name}: {known}")),
    }
}

fn list(value: &Value, name: &str) -> Vec<Value> {
    value[name].as_array().cloned().unwrap_or_default()
}

fn entries(value: &Value, name: &str) -> Map<String, Value> {
    value[name].as_object().cloned().unwrap_or_default()
}

fn id(text: &str) -> InvoiceId {
    InvoiceId::parse(text).expect(text)
}

fn invoices(case: &Value, currency: Currency) -> Vec<Invoice> {
    let invoice = |value: &Value| Invoice {
        id: id(text(value, "id")),
        number: text(value, "number").to_owned(),
        due: Date::parse(text(value, "dueDate")),
        issued: Date::parse(text(value, "issuedOn")),
        total: None,
        balance: money_of(text(value, "balance"), currency),
        credit: None,
    };
    list(case, "invoices").iter().map(invoice).collect()
}

fn currency(case: &Value) -> Currency {
    Currency::from_code(text(case, "currency")).expect("a currency")
}

fn allocations(allocation: &Allocation) -> Vec<Value> {
    let line = |(invoice, share): (&Invoice, Money)| {
        let row = allocation.statement().row_of(invoice.id).expect("open");
        json!({"invoiceId": invoice.id.to_string(), "amount": share.plain(), "reason": allocation.reason(row).code()})
    };
    allocation.shares().map(line).collect()
}

/// The form's answer to a case of `allocation.json`.
pub fn allocation_answer(case: &Value) -> Value {
    let currency = currency(case);
    let pins = entries(case, "pins")
        .iter()
        .map(|(number, share)| (id(number), money_of(share.as_str().expect("text"), currency)))
        .collect();
    let plan = Plan {
        order: choice(case, "allocation", Order::parse),
        by: choice(case, "orderDate", DateField::parse),
        pins,
        decimals_max: case["decimals"].as_str().map(|decimals| decimals.parse().expect("a number")),
    };
    let case = Case { invoices: invoices(case, currency), amount: money_of(text(case, "amount"), currency), plan };
    allocation_model::agrees(&case).expect("the model agrees");
    let allocation = Allocation::new(&case.statement(), case.amount, &case.plan);
    json!({
        "allocations": allocations(&allocation),
        "allocated": allocation.allocated().plain(),
        "unallocated": allocation.unallocated().plain(),
        "excess": allocation.excess().plain(),
        "stillOwed": allocation.still_owed().plain(),
    })
}

fn methods(case: &Value) -> Option<Vec<StoredMethod>> {
    let month =
        |text: &str| text.split_once('-').map(|(year, month)| (year.parse().expect("a year"), month.parse().expect("a month")));
    let method = |value: &Value| StoredMethod {
        id: MethodId::parse(text(value, "id")).expect("an id"),
        kind: StoredKind::parse(text(value, "kind")).expect("a kind"),
        label: String::new(),
        ending: None,
        is_default: value["isDefault"] == true,
        expires: month(text(value, "expires")),
    };
    case["paymentMethods"].as_array().map(|list| list.iter().map(method).collect())
}

fn terms(case: &Value) -> Terms {
    let currency = currency(case);
    let amount = |name| Some(text(case, name)).filter(|text| !text.is_empty()).map(|text| money_of(text, currency));
    let is_fusebill = text(case, "api") != "maiascore";
    let source = choice(case, "source", Source::parse);
    let offers = |name| list(case, "methods").iter().any(|method| method == name);
    Terms {
        kind: if is_fusebill { Kind::OnAccount } else { Kind::DueItem },
        currency,
        separators: Separators::ENGLISH,
        sign: String::new(),
        decimals_max: if is_fusebill { 2 } else { u32::MAX },
        min: amount("min"),
        max: amount("max"),
        today: Date::parse(text(case, "today")).expect("a day"),
        customer: CustomerId::parse(text(case, "customerId")),
        source,
        offered: OfferedMethods {
            stored: offers("stored"),
            cash: offers("Cash"),
            check: offers("Check"),
            direct_deposit: offers("DirectDeposit"),
        },
        order_by: choice(case, "orderDate", DateField::parse),
        wire: choice(case, "allocationWire", AllocationWire::parse),
    }
}

fn problem(problem: &Problem) -> Value {
    let invoice = match problem.field {
        Field::Share(id) => Some(id.to_string()),
        _ => None,
    };
    json!({"code": problem.code(), "field": problem.field.name(), "invoiceId": invoice})
}

/// The form's answer to a case of `check.json`.
pub fn check_answer(case: &Value) -> Value {
    let value = &case["value"];
    let draft = Draft {
        amount: [text(value, "amount"), text(value, "amountPaid")].concat(),
        amount_due: text(value, "amountDue").to_owned(),
        due_date: text(value, "dueDate").to_owned(),
        date: value["date"].as_str().map(PaymentDate::from).unwrap_or_default(),
        method: text(value, "paymentMethod").to_owned(),
        reference: text(value, "reference").to_owned(),
        order: choice(value, "allocation", Order::parse),
        shares: entries(value, "shares")
            .iter()
            .map(|(number, share)| (id(number), share.as_str().expect("text").to_owned()))
            .collect(),
    };
    let currency = Currency::from_code(text(case, "invoiceCurrency")).unwrap_or(currency(case));
    let statement = Arc::new(Statement::new(invoices(case, currency), methods(case)).expect("a statement"));
    match check(&draft, &statement, &terms(case)).payment {
        Err(problems) => json!({"problems": problems.iter().map(problem).collect::<Vec<_>>()}),
        Ok(Payment::OnAccount(payment)) => json!({"payment": {
            "amount": payment.amount.plain(),
            "paymentMethod": payment.method.name(),
            "reference": payment.reference.as_ref().map(|reference| reference.text()),
            "allocations": allocations(&payment.allocation),
            "unallocated": payment.allocation.unallocated().plain(),
            "autoAllocateOrder": payment.server_divides().map(|direction| match direction {
                Direction::Oldest => "OldestToNewest",
                Direction::Newest => "NewestToOldest",
            }),
        }}),
        Ok(Payment::DueItem(item)) => json!({"payment": {
            "amountDue": item.due.plain(),
            "amountPaid": item.paid.plain(),
            "dueDate": item.due_date.to_string(),
            "date": item.date.to_string(),
        }}),
    }
}

#[track_caller]
fn run(file: &str, least: usize, answer: fn(&Value) -> Value) {
    let file: Value = serde_json::from_str(file).expect("JSON");
    let cases = list(&file, "cases");
    assert!(cases.len() >= least, "only {} cases", cases.len());
    for case in &cases {
        assert_eq!(answer(case), case["expect"], "{}", text(case, "name"));
    }
    let mut names: Vec<&str> = cases.iter().map(|case| text(case, "name")).collect();
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "each case has its own name");
}

#[test]
fn allocation_vector_has_the_forms_answer() {
    run(include_str!("../../cases/allocation.json"), 35, allocation_answer);
}

#[test]
fn check_vector_has_the_forms_answer() {
    run(include_str!("../../cases/check.json"), 45, check_answer);
}

/// A wrong vector is noticed.
#[test]
#[should_panic(expected = "a cent too much")]
fn a_wrong_vector_fails() {
    let wrong = json!({"cases": [{
        "name": "a cent too much",
        "currency": "USD",
        "invoices": [{"id": "1", "balance": "50.00"}],
        "amount": "20.00",
        "expect": {"allocations": [], "allocated": "20.01", "unallocated": "0.00", "excess": "0.00", "stillOwed": "30.00"},
    }]});
    run(&wrong.to_string(), 1, allocation_answer);
}
