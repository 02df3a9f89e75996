//! Reads customers, their invoices, and their stored methods.

use super::sql::{Result, Row, Sql, values};
use payment_form::domain::{
    date::Date,
    invoice::{CustomerId, Invoice, InvoiceId, MethodId},
    money::{Currency, Money},
    statement::StoredKind,
};
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
    /// True when it is the customer's default method.
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
    /// Tells whether the card's last month is over.
    pub fn is_expired(&self, today: Date) -> bool {
        self.expires.is_some_and(|last| last < (today.year(), today.month()))
    }
}

/// The customer of this number, if there is one.
///
/// # Errors
/// The error of the database.
pub fn customer(ledger: &mut dyn Sql, id: CustomerId) -> Result<Option<Customer>> {
    let found = ledger.row("SELECT currency FROM customers WHERE id = $1", values![id.number()])?;
    found.map(|row| Ok(Customer { id, currency: row.currency(0)? })).transpose()
}

/// The number of invoices of a customer, paid ones too.
///
/// # Errors
/// The error of the database.
pub fn invoice_count(ledger: &mut dyn Sql, customer: CustomerId) -> Result<i64> {
    let found = ledger.row("SELECT invoice_count FROM customers WHERE id = $1", values![customer.number()])?;
    found.map_or(Ok(0), |row| row.int(0))
}

/// The columns of [`read_invoice`].
pub const INVOICE: &str = "invoices.id, invoices.number, invoices.due_on, invoices.issued_on, invoices.total, invoices.balance";

/// Reads a row of the columns [`INVOICE`].
///
/// # Errors
/// As [`Row::int`].
pub fn read_invoice(row: &Row, currency: Currency) -> Result<Invoice> {
    Ok(Invoice {
        id: row.id(0, InvoiceId::new)?,
        number: row.text(1)?,
        due: Some(row.date(2)?),
        issued: Some(row.date(3)?),
        total: Some(row.money(4, currency)?),
        balance: row.money(5, currency)?,
        credit: None,
    })
}

/// One invoice and the customer to whom it was made out.
///
/// # Errors
/// The error of the database.
pub fn invoice(ledger: &mut dyn Sql, id: InvoiceId) -> Result<Option<(Invoice, Customer)>> {
    let statement = format!(
        "SELECT {INVOICE}, customers.id, customers.currency
         FROM invoices JOIN customers ON customers.id = invoices.customer_id WHERE invoices.id = $1"
    );
    let found = ledger.row(&statement, values![id.number()])?;
    let read = |row: Row| {
        let customer = Customer { id: row.id(6, CustomerId::new)?, currency: row.currency(7)? };
        Ok((read_invoice(&row, customer.currency)?, customer))
    };
    found.map(read).transpose()
}

/// The named invoices of this customer, paid ones too.
///
/// # Errors
/// The error of the database.
pub fn invoices(ledger: &mut dyn Sql, customer: &Customer, ids: &[InvoiceId]) -> Result<Vec<Invoice>> {
    let statement = format!("SELECT {INVOICE} FROM invoices WHERE id = $2 AND customer_id = $1");
    let values: Vec<_> = ids.iter().map(|id| values![customer.id.number(), id.number()].to_vec()).collect();
    ledger.rows_for_each(&statement, &values)?.iter().map(|row| read_invoice(row, customer.currency)).collect()
}

/// Open invoices of a customer by due date, the latest first where `is_newest_first`. The list ends where its invoices owe `amount` together,
/// with all of the last due date, but not many more than `count_max`.
///
/// A history of any length costs the same: only what the payment reaches is read.
///
/// # Errors
/// The error of the database.
pub fn open_invoices(
    ledger: &mut dyn Sql,
    customer: &Customer,
    amount: Money,
    is_newest_first: bool,
    count_max: usize,
) -> Result<Vec<Invoice>> {
    const PAGE: usize = 64;
    let (after, order) = if is_newest_first { ("<", "DESC") } else { (">", "ASC") };
    let statement = format!(
        "SELECT {INVOICE} FROM invoices WHERE customer_id = $1 AND balance_minor > 0 AND (due_on, id) {after} ($2, $3)
         ORDER BY due_on {order}, id {order} LIMIT $4"
    );
    let mut found: Vec<Invoice> = Vec::new();
    let mut owed = Decimal::ZERO;
    let mut last = if is_newest_first { ("9999-12-31".to_owned(), i64::MAX) } else { (String::new(), 0) };
    let mut page = PAGE;
    loop {
        let rows = ledger.rows(&statement, values![customer.id.number(), last.0.as_str(), last.1, page as i64])?;
        let is_end = rows.len() < page;
        for row in rows {
            let invoice = read_invoice(&row, customer.currency)?;
            let is_reached = owed >= amount.value() || found.len() > count_max;
            if is_reached && found.last().is_some_and(|last| last.due != invoice.due) {
                return Ok(found);
            }
            // An API carries two decimals: of a finer balance a payment reaches no more.
            owed = owed.checked_add(invoice.balance.value().trunc_with_scale(2)).unwrap_or(Decimal::MAX);
            last = (row.text(2)?, row.int(0)?);
            found.push(invoice);
        }
        if is_end {
            return Ok(found);
        }
        page = (page * 4).min(4096);
    }
}

/// The stored methods of a customer, the default first.
///
/// # Errors
/// The error of the database.
pub fn methods(ledger: &mut dyn Sql, customer: CustomerId) -> Result<Vec<Method>> {
    let rows = ledger.rows(
        "SELECT id, kind, is_default, last_digits, card_type, expires, account_type FROM methods
         WHERE customer_id = $1 ORDER BY is_default DESC, id",
        values![customer.number()],
    )?;
    let read = |row: Row| {
        Ok(Method {
            id: row.id(0, MethodId::new)?,
            kind: if row.text(1)? == "ACH" { StoredKind::Ach } else { StoredKind::CreditCard },
            is_default: row.int(2)? != 0,
            last_digits: row.text(3)?,
            card_type: row.maybe_text(4)?,
            expires: row
                .maybe_text(5)?
                .and_then(|month| Date::parse(&format!("{month}-01")))
                .map(|day| (day.year(), day.month())),
            account_type: row.maybe_text(6)?,
        })
    };
    rows.into_iter().map(read).collect()
}

/// The name that both APIs give a kind of stored method.
pub fn kind_name(kind: StoredKind) -> &'static str {
    match kind {
        StoredKind::CreditCard => "CreditCard",
        StoredKind::Ach => "ACH",
    }
}
