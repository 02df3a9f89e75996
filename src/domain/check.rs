//! Decides whether a draft is a payment, and names everything that is wrong with it.

use super::{
    allocation::{Allocation, Order, Plan},
    amount::{self, AmountError, Reading},
    date::Date,
    draft::Draft,
    invoice::MethodId,
    money::{Currency, DIGITS_MAX, Money, MoneyError, cut, sum},
    payment::{DueItem, Kind, Method, OnAccount, Payment, Reference, ReferenceError},
    problem::{Cause, Field, Problem},
    statement::{ListState, Statement, StoredKind},
    terms::{SHARES_MAX, Terms},
};
use rust_decimal::Decimal;
use std::{collections::BTreeMap, sync::Arc};

/// The one answer from which the screen is drawn.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The reading of the amount.
    pub amount: Reading,
    /// MaiaScore: the reading of the due amount.
    pub amount_due: Reading,
    /// The division, as soon as the amount can be read.
    pub allocation: Option<Allocation>,
    /// The payment, or every problem, in the order of the fields on the screen.
    pub payment: Result<Payment, Vec<Problem>>,
}

impl Checked {
    /// Every problem of the draft.
    pub fn problems(&self) -> &[Problem] {
        self.payment.as_ref().err().map_or(&[], Vec::as_slice)
    }
}

/// Decides whether a draft is a payment; if not, lists every problem.
///
/// ```
/// use payment_form::domain::{
///     amount::Separators, check::check, date::Date, draft::Draft, invoice::{CustomerId, Invoice, InvoiceId}, money::{Currency, Money},
///     payment::{AllocationWire, Kind, Source}, payment_order::DateField, statement::Statement, terms::{OfferedMethods, Terms},
/// };
/// use rust_decimal::Decimal;
/// # fn example() -> Option<()> {
/// let currency = Currency::from_code("USD")?;
/// let invoice = Invoice {
///     id: InvoiceId::new(566_934)?,
///     number: "INV-566934".into(),
///     due: Date::parse("2026-10-01"),
///     issued: None,
///     total: None,
///     balance: Money::new(Decimal::new(312_75, 2), currency).ok()?,
///     credit: None,
/// };
/// let statement = Statement::new(vec![invoice], None).ok()?.into();
/// let terms = Terms {
///     kind: Kind::OnAccount,
///     currency,
///     separators: Separators::ENGLISH,
///     sign: "$".into(),
///     decimals_max: 2,
///     min: None,
///     max: None,
///     today: Date::parse("2026-11-20")?,
///     customer: CustomerId::new(655_080),
///     source: Source::Manual,
///     offered: OfferedMethods::for_source(Source::Manual),
///     order_by: DateField::Due,
///     wire: AllocationWire::Explicit,
/// };
/// let draft = Draft { amount: "500".into(), method: "Cash".into(), ..Draft::default() };
/// let checked = check(&draft, &statement, &terms);
/// assert_eq!(checked.allocation?.unallocated().plain(), "187.25");
/// assert!(checked.payment.is_ok());
///
/// let checked = check(&Draft { amount: "1.234".into(), ..draft }, &statement, &terms);
/// assert_eq!(checked.problems().first()?.code(), "amount-ambiguous");
/// # Some(())
/// # }
/// # example().expect("the example runs to its end");
/// ```
pub fn check(draft: &Draft, statement: &Arc<Statement>, terms: &Terms) -> Checked {
    match terms.kind {
        Kind::OnAccount => check_on_account(draft, statement, terms),
        Kind::DueItem => check_due_item(draft, terms),
    }
}

fn check_on_account(draft: &Draft, statement: &Arc<Statement>, terms: &Terms) -> Checked {
    let mut problems = Vec::new();
    let reading = read(&draft.amount, terms);
    let amount = value_or_problem(money(&reading, terms), Field::Amount, &mut problems);
    if let Some(amount) = amount {
        let cause = if amount.is_zero() { Some(Cause::Zero) } else { beyond_limits(amount, terms) };
        problems.extend(cause.map(|cause| Problem::new(Field::Amount, cause)));
    }
    let method = value_or_problem(method(&draft.method, statement, terms), Field::Method, &mut problems);
    let reference = value_or_problem(reference(&draft.reference), Field::Reference, &mut problems);
    let (plan, share_problems) = plan(draft, statement, terms);
    if statement.list_state() != ListState::Missing {
        problems.extend(share_problems);
    } else if draft.order != Order::None {
        problems.push(Problem::new(Field::Allocation, Cause::Missing));
    }
    if terms.customer.is_none() {
        problems.push(Problem::new(Field::Form, Cause::CustomerMissing));
    }
    let other_currency = other_currency(statement.currency(), terms);
    // Amounts of two currencies do not compare, so there is no preview.
    let allocation = amount.filter(|_| other_currency.is_none()).map(|amount| Allocation::new(statement, amount, &plan));
    problems.extend(other_currency);
    if let Some(allocation) = &allocation {
        check_division(allocation, &plan, &mut problems);
    }
    let payment = match (terms.customer, amount, method, reference, &allocation) {
        (Some(customer), Some(amount), Some(method), Some(reference), Some(allocation)) if problems.is_empty() => {
            let (source, wire) = (terms.source, terms.wire);
            Some(OnAccount { customer, amount, method, reference, source, allocation: allocation.clone(), wire })
        }
        _ => None,
    };
    // `Field` is ordered as the fields stand on the screen.
    problems.sort_by_key(|problem| problem.field);
    Checked { amount: reading, amount_due: Reading::Empty, allocation, payment: payment.map(Payment::OnAccount).ok_or(problems) }
}

/// Adds the problems of the division as a whole, and of shares that are too large only for this amount.
fn check_division(allocation: &Allocation, plan: &Plan, problems: &mut Vec<Problem>) {
    let amount = allocation.amount();
    let count = allocation.count();
    if count > SHARES_MAX {
        problems.push(Problem::new(Field::Allocation, Cause::TooManyShares { count, max: SHARES_MAX }));
    }
    if amount.is_zero() {
        return;
    }
    let mut corrected = Decimal::ZERO;
    for (id, share) in &plan.pins {
        let statement = allocation.statement();
        let Some(invoice) = statement.row_of(*id).and_then(|row| statement.invoice(row)) else { continue };
        let payable = share.value().min(invoice.balance.value()).min(amount.value());
        corrected = sum(corrected, payable);
        if *share > amount && *share <= invoice.balance {
            problems.push(Problem::new(Field::Share(*id), Cause::AboveAmount(share.saturating_sub(amount))));
        }
    }
    // A share above the amount has a problem at its own row, so the sum is compared as if each such share were corrected.
    if corrected > amount.value() {
        problems.push(Problem::new(Field::Allocation, Cause::AboveAmount(allocation.excess())));
    }
}

/// The problem of a host that lists invoices, or sets limits, in another currency than the form's.
fn other_currency(invoices: Option<Currency>, terms: &Terms) -> Option<Problem> {
    let limits = [terms.min, terms.max].into_iter().flatten().map(Money::currency);
    let other = invoices.into_iter().chain(limits).find(|currency| *currency != terms.currency)?;
    Some(Problem::new(Field::Form, Cause::OtherCurrency(other)))
}

fn check_due_item(draft: &Draft, terms: &Terms) -> Checked {
    let mut problems = Vec::new();
    let due_reading = read(&draft.amount_due, terms);
    let due = value_or_problem(money(&due_reading, terms), Field::AmountDue, &mut problems);
    let reading = read(&draft.amount, terms);
    let due_date = value_or_problem(date(&draft.due_date), Field::DueDate, &mut problems);
    let paid = value_or_problem(money(&reading, terms), Field::AmountPaid, &mut problems);
    if let Some(cause) = paid.and_then(|paid| beyond_limits(paid, terms)) {
        problems.push(Problem::new(Field::AmountPaid, cause));
    }
    let date = draft.date.typed().map_or(Ok(terms.today), date);
    let date = value_or_problem(date, Field::Date, &mut problems);
    problems.extend(other_currency(None, terms));
    let payment = match (due, paid, due_date, date) {
        (Some(due), Some(paid), Some(due_date), Some(date)) if problems.is_empty() => {
            Ok(Payment::DueItem(DueItem { due, paid, due_date, date }))
        }
        _ => Err(problems),
    };
    Checked { amount: reading, amount_due: due_reading, allocation: None, payment }
}

/// Returns the value, or adds the cause to the problems of the field.
fn value_or_problem<T>(result: Result<T, Cause>, field: Field, problems: &mut Vec<Problem>) -> Option<T> {
    result.map_err(|cause| problems.push(Problem::new(field, cause))).ok()
}

/// Reads an amount of the form. Decimals that the currency has but the API cannot carry are a problem, and never a sign of another
/// notation.
pub(in crate::domain) fn read(text: &str, terms: &Terms) -> Reading {
    match amount::read_in(terms.currency, &terms.sign, text, &terms.separators) {
        Reading::Number(value) if cut(value, terms.decimals()) != value => Reading::Unreadable(AmountError::TooFine),
        reading => reading,
    }
}

/// Too many decimals, for the currency or only for the API.
fn too_fine(terms: &Terms) -> Cause {
    let decimals = terms.decimals();
    if decimals < terms.currency.minor_units() { Cause::TooFineForApi(decimals) } else { Cause::TooFine(decimals) }
}

/// A reading as money, or the cause why it is no amount.
pub(in crate::domain) fn money(reading: &Reading, terms: &Terms) -> Result<Money, Cause> {
    let too_fine = too_fine(terms);
    match reading {
        Reading::Empty => Err(Cause::Missing),
        Reading::Choice(_) => Err(Cause::Ambiguous),
        Reading::Unreadable(AmountError::NotANumber) => Err(Cause::Unreadable),
        Reading::Unreadable(AmountError::OtherCurrency) => Err(Cause::NotInCurrency(terms.currency)),
        Reading::Unreadable(AmountError::Negative) => Err(Cause::Negative),
        Reading::Unreadable(AmountError::TooFine) => Err(too_fine),
        Reading::Unreadable(AmountError::TooLong) => Err(Cause::TooLong(DIGITS_MAX)),
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

/// The plan that the draft describes, and the problems of its typed shares. An unreadable share is no pin.
pub(in crate::domain) fn plan(draft: &Draft, statement: &Statement, terms: &Terms) -> (Plan, Vec<Problem>) {
    let mut pins = BTreeMap::new();
    let mut problems = Vec::new();
    for (&id, text) in &draft.shares {
        let reading = read(text, terms);
        if reading == Reading::Empty {
            continue;
        }
        let invoice = statement.row_of(id).and_then(|row| statement.invoice(row));
        let share = match (invoice, money(&reading, terms)) {
            (None, _) if statement.is_closed(id) => Err(Cause::ClosedInvoice),
            (None, _) => Err(Cause::UnknownInvoice),
            (Some(_), Err(cause)) => Err(cause),
            (Some(invoice), Ok(share)) => {
                pins.insert(id, share);
                if share > invoice.balance { Err(Cause::AboveBalance(invoice.balance)) } else { Ok(()) }
            }
        };
        problems.extend(share.err().map(|cause| Problem::new(Field::Share(id), cause)));
    }
    (Plan { order: draft.order, by: terms.order_by, pins, decimals_max: Some(terms.decimals()) }, problems)
}
