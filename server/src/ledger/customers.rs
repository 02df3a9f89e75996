//! Customers, what they owe, and the methods that are stored for them.

use payment_form::domain::{
    date::Date,
    invoice::{CustomerId, Invoice, InvoiceId, MethodId},
    money::{Currency, Money},
    statement::StoredKind,
};
use rusqlite::{Connection, OptionalExtension, Row, types::Type};
use rust_decimal::Decimal;

/// A customer.
#[derive(Clone, Debug)]
pub struct Customer {
    /// Their number.
    pub id: CustomerId,
    /// The one currency in which they owe and pay.
    pub currency: Currency,
}

/// A stored method, with what the list of methods shows of it.
#[derive(Clone, Debug)]
pub struct Method {
    /// Its number.
    pub id: MethodId,
    /// Card or bank account.
    pub kind: StoredKind,
    /// Whether it pays when nothing else is said.
    pub is_default: bool,
    /// The last four digits; the others are stored nowhere.
    pub last_digits: String,
    /// `Visa`, for cards.
    pub card_type: Option<String>,
    /// The last month of a card.
    pub expires: Option<(i32, u8)>,
    /// `CHQ` or `SAV`, for bank accounts.
    pub account_type: Option<String>,
}

impl Method {
    /// Whether the card's last month is over.
    pub fn is_expired(&self, today: Date) -> bool {
        self.expires.is_some_and(|last| last < (today.year(), today.month()))
    }
}

/// The customer of this number, if there is one.
///
/// # Errors
/// What the database says.
pub fn customer(ledger: &Connection, id: CustomerId) -> rusqlite::Result<Option<Customer>> {
    let mut statement = ledger.prepare_cached("SELECT currency FROM customers WHERE id = ?1")?;
    statement.query_row([id.number()], |row| Ok(Customer { id, currency: currency(row, 0)? })).optional()
}

/// The customer to whom an invoice was made out, if there is such an invoice.
///
/// # Errors
/// What the database says.
pub fn owner(ledger: &Connection, invoice: InvoiceId) -> rusqlite::Result<Option<Customer>> {
    let mut statement = ledger.prepare_cached(
        "SELECT customers.id, customers.currency FROM invoices JOIN customers ON customers.id = invoices.customer_id
         WHERE invoices.id = ?1",
    )?;
    let read = |row: &Row<'_>| Ok(Customer { id: id(row, 0, CustomerId::new)?, currency: currency(row, 1)? });
    statement.query_row([invoice.number()], read).optional()
}

/// All invoices of a customer, paid ones too, by due date.
///
/// # Errors
/// What the database says.
pub fn invoices(ledger: &Connection, customer: &Customer) -> rusqlite::Result<Vec<Invoice>> {
    let mut statement = ledger.prepare_cached(
        "SELECT id, number, due_on, issued_on, total, balance FROM invoices WHERE customer_id = ?1 ORDER BY due_on, id",
    )?;
    let rows = statement.query_map([customer.id.number()], |row| {
        Ok(Invoice {
            id: id(row, 0, InvoiceId::new)?,
            number: row.get(1)?,
            due: Some(date(row, 2)?),
            issued: Some(date(row, 3)?),
            total: Some(money(row, 4, customer.currency)?),
            balance: money(row, 5, customer.currency)?,
            credit: None,
        })
    })?;
    rows.collect()
}

/// The stored methods of a customer, the default first.
///
/// # Errors
/// What the database says.
pub fn methods(ledger: &Connection, customer: CustomerId) -> rusqlite::Result<Vec<Method>> {
    let mut statement = ledger.prepare_cached(
        "SELECT id, kind, is_default, last_digits, card_type, expires, account_type FROM methods
         WHERE customer_id = ?1 ORDER BY is_default DESC, id",
    )?;
    let rows = statement.query_map([customer.number()], |row| {
        let kind: String = row.get(1)?;
        let expires: Option<String> = row.get(5)?;
        Ok(Method {
            id: id(row, 0, MethodId::new)?,
            kind: if kind == "ACH" { StoredKind::Ach } else { StoredKind::CreditCard },
            is_default: row.get(2)?,
            last_digits: row.get(3)?,
            card_type: row.get(4)?,
            expires: expires.and_then(|month| Date::parse(&format!("{month}-01"))).map(|day| (day.year(), day.month())),
            account_type: row.get(6)?,
        })
    })?;
    rows.collect()
}

/// The name that both APIs give a kind of stored method.
pub fn kind_name(kind: StoredKind) -> &'static str {
    match kind {
        StoredKind::CreditCard => "CreditCard",
        StoredKind::Ach => "ACH",
    }
}

pub(super) fn id<T>(row: &Row<'_>, column: usize, new: impl Fn(i64) -> Option<T>) -> rusqlite::Result<T> {
    let number = row.get(column)?;
    new(number).ok_or(rusqlite::Error::IntegralValueOutOfRange(column, number))
}

pub(super) fn currency(row: &Row<'_>, column: usize) -> rusqlite::Result<Currency> {
    let code: String = row.get(column)?;
    Currency::from_code(&code).ok_or_else(|| unreadable(column))
}

pub(super) fn decimal(row: &Row<'_>, column: usize) -> rusqlite::Result<Decimal> {
    let text: String = row.get(column)?;
    Decimal::from_str_exact(&text).map_err(|_| unreadable(column))
}

pub(super) fn money(row: &Row<'_>, column: usize, currency: Currency) -> rusqlite::Result<Money> {
    Money::new(decimal(row, column)?, currency).map_err(|_| unreadable(column))
}

pub(super) fn date(row: &Row<'_>, column: usize) -> rusqlite::Result<Date> {
    let text: String = row.get(column)?;
    Date::parse(&text).ok_or_else(|| unreadable(column))
}

/// The constraints of the schema make this impossible, short of another program that wrote to the file.
fn unreadable(column: usize) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, "the ledger holds a value that no rule allows".into())
}
