//! Makes drafts, a statement and the codes of problems for the tests of checks.

use crate::domain::ledger::{currency, id, invoice, money};
use payment_form::domain::{
    allocation::Order,
    check::{Checked, check},
    draft::Draft,
    invoice::MethodId,
    money::Money,
    problem::Problem,
    statement::{Statement, StoredKind, StoredMethod},
    terms::Terms,
};
use std::sync::Arc;

pub fn dollars(cents: i64) -> Money {
    money(cents, currency("USD"))
}

pub fn stored(number: i64, kind: StoredKind, is_default: bool, expires: Option<(i32, u8)>) -> StoredMethod {
    StoredMethod { id: MethodId::new(number).expect("positive"), kind, label: String::new(), ending: None, is_default, expires }
}

/// Invoices 1 (50.00), 3 (20.00) and 4 (30.00) open, 2 closed; the default card 7, the account 8, the expired card 9.
pub fn owed() -> Arc<Statement> {
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
pub fn codes(checked: &Checked) -> String {
    let at = |problem: &Problem| match problem.field {
        payment_form::domain::problem::Field::Share(id) => format!("{}@{id}", problem.code()),
        _ => problem.code(),
    };
    checked.problems().iter().map(at).collect::<Vec<_>>().join(" ")
}

/// One draft; the fields that a case leaves out are valid.
#[derive(Clone, Default)]
pub struct TypedDraft {
    pub amount: &'static str,
    pub method: &'static str,
    pub reference: String,
    pub order: Order,
    pub shares: Vec<(i64, &'static str)>,
}

impl TypedDraft {
    pub fn draft(&self) -> Draft {
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

pub fn typed(amount: &'static str) -> TypedDraft {
    TypedDraft { amount, method: "Cash", ..TypedDraft::default() }
}

#[track_caller]
pub fn expect(terms: &Terms, statement: &Arc<Statement>, typed: &TypedDraft, expected: &str) {
    let checked = check(&typed.draft(), statement, terms);
    assert_eq!(codes(&checked), expected, "amount {:?}, method {:?}, shares {:?}", typed.amount, typed.method, typed.shares);
    assert_eq!(checked.payment.is_ok(), expected.is_empty());
}

pub fn due_item([due, paid, due_date, date]: [&str; 4]) -> Draft {
    Draft { amount: paid.into(), amount_due: due.into(), due_date: due_date.into(), date: date.into(), ..Draft::default() }
}
