//! Converts parameters, rows and errors between the ledger and PostgreSQL.

use super::super::sql::{LedgerError, Result, Row, Value};
use tokio_postgres::{
    error::SqlState,
    types::{FromSql, IsNull, ToSql, Type, private::BytesMut, to_sql_checked},
};

impl Value {
    /// The type that a statement's parameter has, whatever the database would guess.
    pub(super) fn type_of(&self) -> Type {
        match self {
            Self::Null => Type::UNKNOWN,
            Self::Int(_) => Type::INT8,
            Self::Text(_) => Type::TEXT,
            Self::Blob(_) => Type::BYTEA,
        }
    }
}

impl ToSql for Value {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(number) => number.to_sql(kind, out),
            Self::Text(text) => text.to_sql(kind, out),
            Self::Blob(bytes) => bytes.to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(kind: &Type, bytes: &'a [u8]) -> std::result::Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(match *kind {
            Type::INT8 => Self::Int(i64::from_sql(kind, bytes)?),
            Type::INT4 => Self::Int(i32::from_sql(kind, bytes)?.into()),
            Type::BYTEA => Self::Blob(bytes.to_vec()),
            _ => Self::Text(String::from_sql(kind, bytes)?),
        })
    }

    fn from_sql_null(_: &Type) -> std::result::Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(kind: &Type) -> bool {
        matches!(*kind, Type::INT8 | Type::INT4 | Type::BYTEA | Type::VOID) || <String as FromSql>::accepts(kind)
    }
}

/// The values of a row.
///
/// # Errors
/// Where a column has a type that no table of the ledger has.
pub(super) fn read(row: &tokio_postgres::Row) -> Result<Row> {
    let values = (0..row.len()).map(|column| row.try_get(column)).collect::<std::result::Result<_, _>>();
    values.map(Row).map_err(|error| ledger_error(&error))
}

/// The error of PostgreSQL, with a mark where a retry may succeed.
pub(super) fn ledger_error(error: &tokio_postgres::Error) -> LedgerError {
    let Some(db_error) = error.as_db_error() else {
        let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
        let words = format!("{error}{cause}");
        // Without words of the database the connection is what failed, or the program's own types.
        return if error.is_closed() || std::error::Error::source(error).is_some_and(|cause| cause.is::<std::io::Error>()) {
            LedgerError::Unavailable(words)
        } else {
            LedgerError::Unexpected(words)
        };
    };
    let code = db_error.code();
    // Connections (08), resources (53), the operator (57) and other transactions (40, 55) pass; a read-only database may be written again.
    let may_pass = ["08", "53", "57", "40", "55"].iter().any(|class| code.code().starts_with(class));
    let words = format!("{} ({})", db_error.message(), code.code());
    if may_pass || *code == SqlState::READ_ONLY_SQL_TRANSACTION || *code == SqlState::INVALID_CATALOG_NAME {
        LedgerError::Unavailable(words)
    } else {
        LedgerError::Unexpected(words)
    }
}
