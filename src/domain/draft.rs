//! What the person typed, and the one place that decides whether it is a payment.

use super::{
    allocation::{Allocation, Order, Plan},
    amount::{self, Reading, Unreadable},
    date::Date,
    invoice::{InvoiceId, MethodId},
    money::{DIGITS_MAX, Money, MoneyError},
    payment::{DueItem, Kind, Method, OnAccount, Payment, Reference, ReferenceError},
    problem::{Cause, Field, Problem},
    statement::{Statement, StoredKind},
    terms::{SHARES_MAX, Terms},
};
use std::{collections::BTreeMap, sync::Arc};

/// The form as typed: texts, untouched. Nothing is trimmed, blocked or reformatted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// How much is paid (MaiaScore: amountPaid).
    pub amount: String,
    /// MaiaScore: how much is due.
    pub amount_due: String,
    /// MaiaScore: when it is due, as the date input gives it.
    pub due_date: String,
    /// MaiaScore: when it is paid.
    pub date: String,
    /// The chosen radio: `stored-<id>`, `default`, `Cash`, `Check`, `DirectDeposit`; empty when none is.
    pub method: String,
    /// The payer's note.
    pub reference: String,
    /// The chosen order.
    pub order: Order,
    /// The shares that the person typed, by invoice. Each is a pin; an empty text is none.
    pub shares: BTreeMap<InvoiceId, String>,
}

/// The one answer from which the screen is drawn.
#[derive(Clone, Debug)]
pub struct Checked {
    /// What the amount was read as.
    pub amount: Reading,
    /// MaiaScore: what the due amount was read as.
    pub amount_due: Reading,
    /// The division, as soon as the amount can be read.
    pub allocation: Option<Allocation>,
    /// The payment, or everything that is wrong, in the order of the fields on the screen.
    pub payment: Result<Payment, Vec<Problem>>,
}

impl Checked {
    /// Everything that is wrong.
    pub fn problems(&self) -> &[Problem] {
        self.payment.as_ref().err().map_or(&[], Vec::as_slice)
    }
}

/// Decides whether a draft is a payment; if not, says everything that is wrong with it.
pub fn check(draft: &Draft, statement: &Arc<Statement>, terms: &Terms) -> Checked {
    match terms.kind {
        Kind::OnAccount => check_on_account(draft, statement, terms),
        Kind::DueItem => check_due_item(draft, terms),
    }
}

fn check_on_account(draft: &Draft, statement: &Arc<Statement>, terms: &Terms) -> Checked {
    let mut problems = Vec::new();
    let reading = read(&draft.amount, terms);
    let amount = note(money(&reading, terms), Field::Amount, &mut problems);
    if let Some(amount) = amount {
        let cause = if amount.is_zero() { Some(Cause::Zero) } else { beyond_limits(amount, terms) };
        problems.extend(cause.map(|cause| Problem::new(Field::Amount, cause)));
    }
    let method = note(method(&draft.method, statement, terms), Field::Method, &mut problems);
    let reference = note(reference(&draft.reference), Field::Reference, &mut problems);
    let (plan, mut share_problems) = plan(draft, statement, terms);
    let allocation = amount.map(|amount| Allocation::new(statement, amount, &plan));
    if let Some(allocation) = &allocation {
        let excess = allocation.excess();
        if !excess.is_zero() {
            problems.push(Problem::new(Field::Allocation, Cause::AboveAmount(excess)));
        }
        let count = allocation.count();
        if count > SHARES_MAX {
            problems.push(Problem::new(Field::Allocation, Cause::TooManyShares { count, max: SHARES_MAX }));
        }
    }
    problems.append(&mut share_problems);
    if terms.customer.is_none() {
        problems.push(Problem::new(Field::Form, Cause::CustomerMissing));
    }
    let payment = match (terms.customer, amount, method, reference, &allocation) {
        (Some(customer), Some(amount), Some(method), Some(reference), Some(allocation)) if problems.is_empty() => {
            let (source, wire) = (terms.source, terms.wire);
            let allocation = allocation.clone();
            Ok(Payment::OnAccount(OnAccount { customer, amount, method, reference, source, allocation, wire }))
        }
        _ => Err(problems),
    };
    Checked { amount: reading, amount_due: Reading::Empty, allocation, payment }
}

fn check_due_item(draft: &Draft, terms: &Terms) -> Checked {
    let mut problems = Vec::new();
    let due_reading = read(&draft.amount_due, terms);
    let due = note(money(&due_reading, terms), Field::AmountDue, &mut problems);
    let reading = read(&draft.amount, terms);
    let paid = note(money(&reading, terms), Field::Amount, &mut problems);
    if let Some(cause) = paid.and_then(|paid| beyond_limits(paid, terms)) {
        problems.push(Problem::new(Field::Amount, cause));
    }
    let due_date = note(date(&draft.due_date), Field::DueDate, &mut problems);
    let date = note(date(&draft.date), Field::Date, &mut problems);
    let payment = match (due, paid, due_date, date) {
        (Some(due), Some(paid), Some(due_date), Some(date)) if problems.is_empty() => {
            Ok(Payment::DueItem(DueItem { due, paid, due_date, date }))
        }
        _ => Err(problems),
    };
    Checked { amount: reading, amount_due: due_reading, allocation: None, payment }
}

/// Keeps what is right and notes what is wrong.
fn note<T>(result: Result<T, Cause>, field: Field, problems: &mut Vec<Problem>) -> Option<T> {
    result.map_err(|cause| problems.push(Problem::new(field, cause))).ok()
}

/// Reads an amount of the form.
fn read(text: &str, terms: &Terms) -> Reading {
    amount::read_in(terms.currency, text, &terms.separators, terms.decimals())
}

/// A reading as money, or why it is none.
fn money(reading: &Reading, terms: &Terms) -> Result<Money, Cause> {
    let too_fine = Cause::TooFine(terms.decimals());
    match reading {
        Reading::Empty => Err(Cause::Missing),
        Reading::Choice(_) => Err(Cause::Ambiguous),
        Reading::Unreadable(Unreadable::NotANumber) => Err(Cause::Unreadable),
        Reading::Unreadable(Unreadable::Negative) => Err(Cause::Negative),
        Reading::Unreadable(Unreadable::TooFine) => Err(too_fine),
        Reading::Unreadable(Unreadable::TooLong) => Err(Cause::TooLong(DIGITS_MAX)),
        Reading::Number(value) => Money::new(*value, terms.currency).map_err(|error| match error {
            MoneyError::Negative => Cause::Negative,
            MoneyError::TooFine { .. } => too_fine,
            MoneyError::TooLong => Cause::TooLong(DIGITS_MAX),
        }),
    }
}

fn beyond_limits(amount: Money, terms: &Terms) -> Option<Cause> {
    let below = terms.min.filter(|min| amount < *min).map(Cause::BelowMin);
    below.or_else(|| terms.max.filter(|max| amount > *max).map(Cause::AboveMax))
}

fn reference(text: &str) -> Result<Option<Reference>, Cause> {
    Reference::new(text).map_err(|error| match error {
        ReferenceError::TooLong(units) => Cause::ReferenceTooLong(units),
        ReferenceError::Control(control) => Cause::ReferenceControl(control),
        ReferenceError::CardNumber => Cause::ReferenceCardNumber,
    })
}

fn date(text: &str) -> Result<Date, Cause> {
    if text.is_empty() { Err(Cause::Missing) } else { Date::parse(text).ok_or(Cause::Unreadable) }
}

/// The chosen method, if the host offers it and the statement knows it.
fn method(choice: &str, statement: &Statement, terms: &Terms) -> Result<Method, Cause> {
    let offered = terms.offered;
    let offline = |is_offered: bool, method| if is_offered { Ok(method) } else { Err(Cause::NotOffered) };
    match choice {
        "" => Err(Cause::Missing),
        "Cash" => offline(offered.cash, Method::Cash),
        "Check" => offline(offered.check, Method::Check),
        "DirectDeposit" => offline(offered.direct_deposit, Method::DirectDeposit),
        _ if !offered.stored => Err(Cause::NotOffered),
        "default" => match statement.methods() {
            None => Ok(Method::Default { kind: StoredKind::CreditCard }),
            Some(methods) => match methods.iter().find(|method| method.is_default) {
                Some(default) if default.is_expired(terms.today) => Err(Cause::Expired),
                Some(default) => Ok(Method::Default { kind: default.kind }),
                None => Err(Cause::NotOffered),
            },
        },
        _ => {
            let id = choice.strip_prefix("stored-").and_then(MethodId::parse);
            let known = statement.methods().unwrap_or_default().iter().find(|method| Some(method.id) == id);
            match known {
                Some(method) if method.is_expired(terms.today) => Err(Cause::Expired),
                Some(method) => Ok(Method::Stored { id: method.id, kind: method.kind }),
                None => Err(Cause::NotOffered),
            }
        }
    }
}

/// The plan that the draft describes, and what is wrong with its typed shares. A share that cannot be read pins nothing.
fn plan(draft: &Draft, statement: &Statement, terms: &Terms) -> (Plan, Vec<Problem>) {
    let mut pins = BTreeMap::new();
    let mut problems = Vec::new();
    for (id, text) in &draft.shares {
        let reading = read(text, terms);
        if reading == Reading::Empty {
            continue;
        }
        let invoice = statement.row_of(*id).and_then(|row| statement.invoice(row));
        let share = match (invoice, money(&reading, terms)) {
            (None, _) if statement.is_closed(*id) => Err(Cause::ClosedInvoice),
            (None, _) => Err(Cause::UnknownInvoice),
            (Some(_), Err(cause)) => Err(cause),
            (Some(invoice), Ok(share)) => {
                pins.insert(*id, share);
                if share > invoice.balance { Err(Cause::AboveBalance(invoice.balance)) } else { Ok(()) }
            }
        };
        problems.extend(share.err().map(|cause| Problem::new(Field::Share(*id), cause)));
    }
    (Plan { order: draft.order, by: terms.order_by, pins }, problems)
}
