//! Builds the statement of a list: conditions, order and one page, all decided by the database.
//!
//! Texts of a request become parameters and nothing else; the expressions come from tables in the source.

use super::sql::{Result, Row, Sql, Value};
use payment_form::domain::date::Date;
use rust_decimal::Decimal;

/// Columns of an index; they are never empty. An order that places empty ones would make PostgreSQL sort the whole history for each page.
const INDEXED: [&str; 2] = ["id", "due_on"];

/// A property by which a list is filtered and sorted.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name on the wire.
    pub name: &'static str,
    /// Its expression. `$2` is a value that the list's owner sets, such as today's date.
    pub sql: &'static str,
    /// Its type.
    pub kind: Kind,
}

/// The type of a [`Field`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number.
    Whole,
    /// An amount in minor units of the list's currency.
    Minor,
    /// An amount without currency, as the padded text of [`key`]; the second expression is the amount as it was written.
    Key(&'static str),
    /// A text, a day or a moment.
    Text,
}

impl Field {
    /// A whole number.
    pub const fn whole(name: &'static str, sql: &'static str) -> Self {
        Self { name, sql, kind: Kind::Whole }
    }

    /// An amount in minor units.
    pub const fn minor(name: &'static str, sql: &'static str) -> Self {
        Self { name, sql, kind: Kind::Minor }
    }

    /// A text, a day or a moment.
    pub const fn text(name: &'static str, sql: &'static str) -> Self {
        Self { name, sql, kind: Kind::Text }
    }

    /// Tells whether filters compare it with numbers.
    pub fn is_number(self) -> bool {
        self.kind != Kind::Text
    }
}

/// The comparison of a property with the value of a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Equal; texts whatever their case.
    Equal,
    /// Less.
    Less,
    /// Less or equal.
    LessOrEqual,
    /// Greater.
    Greater,
    /// Greater or equal.
    GreaterOrEqual,
    /// Holds this text, whatever the case.
    Contains,
    /// Holds this text, in this case.
    ContainsExactly,
}

impl Comparison {
    fn operator(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Contains | Self::ContainsExactly => "LIKE",
        }
    }
}

/// The value that a filter compares with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilterValue {
    /// A number.
    Number(Decimal),
    /// A text. A text that is a calendar day means the whole day.
    Text(String),
}

/// A list that is being asked for: what its lines must keep, how they are ordered, and which page comes.
#[derive(Clone, Debug)]
pub struct Listing {
    values: Vec<Value>,
    conditions: Vec<String>,
    order: Vec<String>,
    /// Decimals of the list's currency.
    scale: u32,
    /// The most lines that come.
    pub limit: i64,
    /// The number of lines that are left out before them.
    pub offset: i64,
}

impl Listing {
    /// A list with its fixed parameters, `$1` and so on, and the decimals of its amounts.
    pub fn new(values: &[Value], scale: u32) -> Self {
        Self { values: values.to_vec(), conditions: Vec::new(), order: Vec::new(), scale, limit: i64::MAX, offset: 0 }
    }

    /// Tells whether every line of the owner is on the list.
    pub fn is_complete(&self) -> bool {
        self.conditions.is_empty()
    }

    /// Keeps lines that have a value here.
    pub fn present(&mut self, field: Field) {
        self.conditions.push(format!("({}) IS NOT NULL", field.sql));
    }

    /// Keeps lines that stand so to one of these; with `negated`, to none of them.
    pub fn keep(&mut self, field: Field, test: Comparison, values: &[FilterValue], negated: bool) {
        let tests: Vec<String> = values.iter().map(|value| self.condition(field, test, value)).collect();
        let any = if tests.is_empty() { "1 = 0".to_owned() } else { tests.join(" OR ") };
        // A line without a value stands to nothing, so a negated filter keeps it.
        self.conditions.push(if negated {
            format!("coalesce(CASE WHEN {any} THEN 1 ELSE 0 END, 0) = 0")
        } else {
            format!("({any})")
        });
    }

    /// Sorts by this, behind what was asked for before.
    pub fn sort(&mut self, sql: &str, descending: bool) {
        let direction = if descending { "DESC" } else { "ASC" };
        let empty = match (INDEXED.contains(&sql), descending) {
            (true, _) => "",
            (false, true) => " NULLS LAST",
            (false, false) => " NULLS FIRST",
        };
        self.order.push(format!("{sql} {direction}{empty}"));
    }

    fn parameter(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    fn condition(&mut self, field: Field, test: Comparison, value: &FilterValue) -> String {
        let sql = field.sql;
        match (field.kind, value) {
            // No stored text holds this character, and PostgreSQL takes none with it.
            (_, FilterValue::Text(text)) if text.contains('\0') => "1 = 0".to_owned(),
            (kind, FilterValue::Text(text)) if matches!(test, Comparison::Contains | Comparison::ContainsExactly) => {
                // Numbers are searched as they are written without idle zeros.
                let shown = match kind {
                    Kind::Key(written) => {
                        format!("CASE WHEN {written} LIKE '%.%' THEN rtrim(rtrim({written}, '0'), '.') ELSE {written} END")
                    }
                    Kind::Whole | Kind::Minor => format!("CAST({sql} AS TEXT)"),
                    Kind::Text => sql.to_owned(),
                };
                if test == Comparison::Contains {
                    let part = self.parameter(text.to_lowercase());
                    format!("replace(fold_case({shown}), {part}, '') <> fold_case({shown}) OR {part} = ''")
                } else {
                    let part = self.parameter(text.as_str());
                    format!("replace({shown}, {part}, '') <> {shown} OR {part} = ''")
                }
            }
            (Kind::Whole, FilterValue::Number(number)) => self.whole(sql, test, Some(*number)),
            (Kind::Minor, FilterValue::Number(number)) => {
                let scaled = Decimal::from_i128_with_scale(10_i128.pow(self.scale.min(9)), 0).checked_mul(*number);
                let bound = if number.is_sign_negative() { Decimal::MIN } else { Decimal::MAX };
                self.whole(sql, test, Some(scaled.unwrap_or(bound)))
            }
            (Kind::Key(_), FilterValue::Number(number)) => {
                let value = self.parameter(key(*number));
                format!("{sql} {} {value}", test.operator())
            }
            (Kind::Text, FilterValue::Text(text)) if Date::parse(text).is_some() => {
                let value = self.parameter(text.as_str());
                format!("substr({sql}, 1, 10) {} {value}", test.operator())
            }
            (Kind::Text, FilterValue::Text(text)) => {
                let value = self.parameter(text.to_lowercase());
                format!("fold_case({sql}) {} {value}", test.operator())
            }
            _ => "1 = 0".to_owned(),
        }
    }

    /// Compares a whole number with a decimal: between two whole numbers lies nothing.
    fn whole(&mut self, sql: &str, test: Comparison, number: Option<Decimal>) -> String {
        let Some(number) = number else { return "1 = 0".to_owned() };
        let bound = |number: Decimal| {
            i64::try_from(number.trunc().mantissa()).unwrap_or(if number.is_sign_negative() { i64::MIN } else { i64::MAX })
        };
        let value = match test {
            Comparison::Equal if number.fract().is_zero() && i64::try_from(number.trunc().normalize().mantissa()).is_ok() => {
                bound(number)
            }
            Comparison::Equal | Comparison::Contains | Comparison::ContainsExactly => return "1 = 0".to_owned(),
            Comparison::Less | Comparison::GreaterOrEqual => bound(number.ceil()),
            Comparison::LessOrEqual | Comparison::Greater => bound(number.floor()),
        };
        // A filter that leaves 0 out says so in the words of the index `invoices_open`, because a database uses the index for no others.
        let above_zero = format!("{sql} > 0");
        match (test, value) {
            (Comparison::Greater, 0) | (Comparison::GreaterOrEqual, 1) => above_zero,
            (Comparison::Greater, 1..) | (Comparison::GreaterOrEqual, 2..) => {
                let value = self.parameter(value);
                format!("{above_zero} AND {sql} {} {value}", test.operator())
            }
            _ => {
                let value = self.parameter(value);
                format!("{sql} {} {value}", test.operator())
            }
        }
    }

    /// Asks for the lines. `columns` and `table` are the statement's beginning, `own` the condition that makes them the owner's.
    ///
    /// # Errors
    /// The error of the database.
    pub fn lines(&self, ledger: &mut dyn Sql, columns: &str, own: &str) -> Result<Vec<Row>> {
        let mut values = self.values.clone();
        values.extend([Value::Int(self.limit), Value::Int(self.offset)]);
        let order = self.order.join(", ");
        let (limit, offset) = (values.len() - 1, values.len());
        let statement =
            format!("SELECT {columns} WHERE {}{} ORDER BY {order} LIMIT ${limit} OFFSET ${offset}", own, self.conditions());
        ledger.rows(&statement, &values)
    }

    /// Counts the lines of all pages.
    ///
    /// # Errors
    /// The error of the database.
    pub fn count(&self, ledger: &mut dyn Sql, table: &str, own: &str) -> Result<i64> {
        let statement = format!("SELECT count(*) FROM {table} WHERE {}{}", own, self.conditions());
        ledger.row(&statement, &self.values)?.map_or(Ok(0), |row| row.int(0))
    }

    fn conditions(&self) -> String {
        self.conditions.iter().map(|condition| format!(" AND {condition}")).collect()
    }
}

/// A number as the padded text by which the schema compares amounts without currency: 18 digits, a point, at least 4 decimals.
pub fn key(number: Decimal) -> String {
    let plain = number.normalize();
    if plain.is_sign_negative() && !plain.is_zero() {
        return String::new();
    }
    let text = plain.to_string();
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    if whole.len() > 18 { "~".to_owned() } else { format!("{whole:0>18}.{decimals:0<4}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_of_an_indexed_column_places_no_empty_ones() {
        let mut listing = Listing::new(&[], 2);
        for (column, descending) in [("id", true), ("due_on", false), ("reference", true), ("reference", false)] {
            listing.sort(column, descending);
        }
        assert_eq!(listing.order, ["id DESC", "due_on ASC", "reference DESC NULLS LAST", "reference ASC NULLS FIRST"]);
    }

    #[test]
    fn key_of_amounts_sorts_like_the_amounts() {
        let numbers = ["-1", "0", "0.0001", "0.00011", "0.5", "1", "9.9999", "10", "999999999999999999", "1000000000000000000"];
        let keys: Vec<String> = numbers.iter().map(|number| key(number.parse().unwrap())).collect();
        assert!(keys.is_sorted_by(|a, b| a < b), "{keys:?}");
        assert_eq!(key("1.50".parse().unwrap()), key("1.5".parse().unwrap()));
    }
}
