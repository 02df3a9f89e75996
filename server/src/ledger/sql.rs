//! Says what the statements of the ledger need from a database: values, rows, and one connection within a transaction.
//!
//! The statements themselves stand once, in the dialect that SQLite and PostgreSQL share: `$1` parameters, `ON CONFLICT`.

use payment_form::domain::{
    date::Date,
    money::{Currency, Money},
};
use rust_decimal::Decimal;

/// The reason why the ledger did not do its work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LedgerError {
    /// The ledger is locked, full, read-only or out of reach: nothing was done, and a retry may succeed.
    Unavailable(String),
    /// The answer to a commit was lost: the write may have been kept. Only its key tells.
    Unclear(String),
    /// The ledger's file was removed or replaced under the server: nothing may be written or read any more.
    Moved,
    /// Anything unexpected, in the database's words: nothing was done.
    Unexpected(String),
}

impl std::fmt::Display for LedgerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unavailable(words) | Self::Unclear(words) | Self::Unexpected(words) => f.write_str(words),
            Self::Moved => f.write_str("the ledger's file was removed or replaced"),
        }
    }
}

impl std::error::Error for LedgerError {}

/// The answer of a statement.
pub type Result<T> = std::result::Result<T, LedgerError>;

/// A value of a statement's parameter or of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// No value.
    Null,
    /// A whole number.
    Int(i64),
    /// A text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Int(truth.into())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Blob(bytes)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Writes the parameters of a statement.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::ledger::sql::Value::from($value)),*] };
}
pub(crate) use values;

/// One row of an answer.
#[derive(Clone, Debug)]
pub struct Row(pub Vec<Value>);

impl Row {
    fn value(&self, column: usize) -> Result<&Value> {
        self.0.get(column).ok_or_else(|| unreadable(column))
    }

    /// A whole number.
    ///
    /// # Errors
    /// Like all readers of a row: where something else stands there. The constraints of the schema make this impossible, short of another
    /// program that wrote to the database.
    pub fn int(&self, column: usize) -> Result<i64> {
        self.maybe_int(column)?.ok_or_else(|| unreadable(column))
    }

    /// A whole number, or nothing.
    ///
    /// # Errors
    /// As [`Row::int`].
    pub fn maybe_int(&self, column: usize) -> Result<Option<i64>> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Int(number) => Ok(Some(*number)),
            _ => Err(unreadable(column)),
        }
    }

    /// A text.
    ///
    /// # Errors
    /// As [`Row::int`].
    pub fn text(&self, column: usize) -> Result<String> {
        self.maybe_text(column)?.ok_or_else(|| unreadable(column))
    }

    /// A text, or nothing.
    ///
    /// # Errors
    /// As [`Row::int`].
    pub fn maybe_text(&self, column: usize) -> Result<Option<String>> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text.clone())),
            _ => Err(unreadable(column)),
        }
    }

    /// Bytes, or nothing.
    ///
    /// # Errors
    /// As [`Row::int`].
    pub fn maybe_blob(&self, column: usize) -> Result<Option<Vec<u8>>> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Blob(bytes) => Ok(Some(bytes.clone())),
            _ => Err(unreadable(column)),
        }
    }

    /// An id of one of the domain's kinds.
    ///
    /// # Errors
    /// As [`Row::int`].
    pub fn id<T>(&self, column: usize, new: impl Fn(i64) -> Option<T>) -> Result<T> {
        new(self.int(column)?).ok_or_else(|| unreadable(column))
    }

    /// A currency.
    ///
    /// # Errors
    /// As [`Row::int`].
    pub fn currency(&self, column: usize) -> Result<Currency> {
        Currency::from_code(&self.text(column)?).ok_or_else(|| unreadable(column))
    }

    /// A decimal, with the digits that it was stored with.
    ///
    /// # Errors
    /// As [`Row::int`].
    pub fn decimal(&self, column: usize) -> Result<Decimal> {
        Decimal::from_str_exact(&self.text(column)?).map_err(|_| unreadable(column))
    }

    /// An amount of money.
    ///
    /// # Errors
    /// As [`Row::int`].
    pub fn money(&self, column: usize, currency: Currency) -> Result<Money> {
        Money::new(self.decimal(column)?, currency).map_err(|_| unreadable(column))
    }

    /// A calendar day.
    ///
    /// # Errors
    /// As [`Row::int`].
    pub fn date(&self, column: usize) -> Result<Date> {
        Date::parse(&self.text(column)?).ok_or_else(|| unreadable(column))
    }
}

fn unreadable(column: usize) -> LedgerError {
    LedgerError::Unexpected(format!("column {column} holds a value that no rule allows"))
}

/// One connection within a transaction.
pub trait Sql {
    /// The rows of a statement.
    ///
    /// # Errors
    /// The error of the database.
    fn rows(&mut self, statement: &str, values: &[Value]) -> Result<Vec<Row>>;

    /// The number of rows that a statement changed.
    ///
    /// # Errors
    /// The error of the database.
    fn run(&mut self, statement: &str, values: &[Value]) -> Result<u64>;

    /// Inserts a row, and returns the `id` that the database gave it.
    ///
    /// # Errors
    /// The error of the database.
    fn insert(&mut self, statement: &str, values: &[Value]) -> Result<i64>;

    /// The rows of a statement for each of these values, in their order. A database behind a network answers all of them in one round trip.
    ///
    /// # Errors
    /// The error of the database.
    fn rows_for_each(&mut self, statement: &str, values: &[Vec<Value>]) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        for values in values {
            rows.extend(self.rows(statement, values)?);
        }
        Ok(rows)
    }

    /// Runs a statement whose result nobody needs. The database may run it as late as the next statement or the commit, which then tells its
    /// error.
    ///
    /// # Errors
    /// The error of the database.
    fn run_later(&mut self, statement: &str, values: &[Value]) -> Result<()> {
        self.run(statement, values).map(drop)
    }

    /// Waits until no other transaction holds the lock of this name; the lock ends with the transaction. A database with one writer at a
    /// time needs no such lock.
    ///
    /// # Errors
    /// The error of the database.
    fn lock(&mut self, name: &str) -> Result<()>;
}

impl dyn Sql + '_ {
    /// The only row of a statement, or none.
    ///
    /// # Errors
    /// The error of the database.
    pub fn row(&mut self, statement: &str, values: &[Value]) -> Result<Option<Row>> {
        Ok(self.rows(statement, values)?.into_iter().next())
    }
}
