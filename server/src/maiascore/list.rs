//! Lists as MaiaScore asks for them: `_start`, `_limit`, `_sort`, and filters by field.

use super::wire::Record;
use crate::{
    error::ApiError,
    query::{Property, Wanted},
};
use payment_form::domain::date::Date;
use std::cmp::Ordering;

/// How many records come when no limit is asked for.
const LIMIT: i64 = 100;

const PROPERTIES: &[(&str, Property<Record>)] = &[
    ("id", Property::Number(|record| record.id.parse().ok())),
    ("amountDue", Property::Number(|record| Some(record.amount_due.0))),
    ("amountPaid", Property::Number(|record| Some(record.amount_paid.0))),
    ("dueDate", Property::Text(|record| Some(&record.due_date))),
    ("date", Property::Text(|record| Some(&record.date))),
    ("published_at", Property::Text(|record| Some(&record.published_at))),
    ("created_by", Property::Text(|record| Some(&record.created_by))),
    ("updated_by", Property::Text(|record| Some(&record.updated_by))),
];

/// The fields that hold a calendar day.
const DAYS: [&str; 2] = ["dueDate", "date"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    /// Whatever the case.
    Contains,
    /// In this case.
    ContainsExactly,
    In,
    NotIn,
}

const OPERATORS: &[(&str, Operator)] = &[
    ("", Operator::Equal),
    ("_ne", Operator::NotEqual),
    ("_lt", Operator::Less),
    ("_lte", Operator::LessOrEqual),
    ("_gt", Operator::Greater),
    ("_gte", Operator::GreaterOrEqual),
    ("_contains", Operator::Contains),
    ("_containss", Operator::ContainsExactly),
    ("_in", Operator::In),
    ("_nin", Operator::NotIn),
];

/// A key to sort by.
struct SortKey {
    property: Property<Record>,
    descending: bool,
}

/// One filter with everything that was given for it: `_in` and `_nin` may stand there several times, or hold a list with commas.
struct Filter {
    name: String,
    property: Property<Record>,
    operator: Operator,
    wanted: Vec<Wanted>,
    /// What `_contains` and `_containss` look for.
    parts: Vec<String>,
}

/// Takes the records that the query string asks for.
///
/// # Errors
/// [`ApiError::Malformed`] for the first thing in the query string that cannot be understood.
pub fn select(mut records: Vec<Record>, asked: &[(String, String)]) -> Result<Vec<Record>, ApiError> {
    let (mut start, mut limit, mut sort) = (0, LIMIT, Vec::new());
    let mut filters: Vec<Filter> = Vec::new();
    for (name, value) in asked {
        match name.as_str() {
            "_start" => start = number(name, value)?,
            "_limit" if value == "-1" => limit = i64::MAX,
            "_limit" => limit = number(name, value)?,
            "_sort" => sort = read_sort(value)?,
            _ => add(&mut filters, name, value)?,
        }
    }
    records.retain(|record| filters.iter().all(|filter| filter.takes(record)));
    // The last key sorts first: sorting is stable, so each earlier key keeps the order of those behind it.
    for SortKey { property, descending } in sort.into_iter().rev() {
        records.sort_by(|a, b| {
            let order = property.of(a).cmp(&property.of(b));
            if descending { order.reverse() } else { order }
        });
    }
    let (start, limit) = (usize::try_from(start).unwrap_or(usize::MAX), usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(records.into_iter().skip(start).take(limit).collect())
}

fn malformed(name: &str, words: &str) -> ApiError {
    ApiError::Malformed(name.to_owned(), words.to_owned())
}

fn number(name: &str, value: &str) -> Result<i64, ApiError> {
    let plain = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    value.parse().ok().filter(|_| plain).ok_or_else(|| malformed(name, "This must be a whole number, 0 or more."))
}

/// `field:ASC,other:DESC`; nothing behind the field is `ASC`.
fn read_sort(value: &str) -> Result<Vec<SortKey>, ApiError> {
    let keys = value.split(',').map(|key| {
        let (name, direction) = key.split_once(':').unwrap_or((key, "ASC"));
        let descending = match direction.to_ascii_uppercase().as_str() {
            "ASC" => false,
            "DESC" => true,
            _ => return Err(malformed("_sort", "A direction is ASC or DESC.")),
        };
        let property = PROPERTIES.iter().find(|(known, _)| *known == name.trim());
        property
            .map(|(_, property)| SortKey { property: *property, descending })
            .ok_or_else(|| malformed("_sort", "Records have no such field."))
    });
    keys.collect()
}

fn add(filters: &mut Vec<Filter>, name: &str, value: &str) -> Result<(), ApiError> {
    let operand = PROPERTIES.iter().find_map(|(field, property)| {
        let suffix = name.strip_prefix(field)?;
        let (_, operator) = OPERATORS.iter().find(|(known, _)| *known == suffix)?;
        Some((*field, *property, *operator))
    });
    let (field, property, operator) = operand.ok_or_else(|| malformed(name, "There is no such filter."))?;
    let is_list = matches!(operator, Operator::In | Operator::NotIn);
    let texts = if is_list { value.split(',').collect() } else { vec![value] };
    let (mut wanted, mut parts) = (Vec::new(), Vec::new());
    if matches!(operator, Operator::Contains | Operator::ContainsExactly) {
        parts.push(value.to_owned());
    } else {
        for text in texts {
            if DAYS.contains(&field) && Date::parse(text).is_none() {
                return Err(malformed(name, "This field is compared with days, written YYYY-MM-DD."));
            }
            wanted.push(property.wanted(text).ok_or_else(|| malformed(name, "This field is compared with numbers."))?);
        }
    }
    match filters.iter_mut().find(|filter| is_list && filter.name == name) {
        Some(filter) => filter.wanted.append(&mut wanted),
        None => filters.push(Filter { name: name.to_owned(), property, operator, wanted, parts }),
    }
    Ok(())
}

impl Filter {
    fn takes(&self, record: &Record) -> bool {
        let value = self.property.of(record);
        let stands = |is: fn(Ordering) -> bool| self.wanted.iter().any(|wanted| wanted.compare(&value).is_some_and(is));
        match self.operator {
            Operator::Equal | Operator::In => stands(Ordering::is_eq),
            Operator::NotEqual | Operator::NotIn => !stands(Ordering::is_eq),
            Operator::Less => stands(Ordering::is_lt),
            Operator::LessOrEqual => stands(Ordering::is_le),
            Operator::Greater => stands(Ordering::is_gt),
            Operator::GreaterOrEqual => stands(Ordering::is_ge),
            Operator::Contains => {
                let text = value.text().to_lowercase();
                self.parts.iter().any(|part| text.contains(&part.to_lowercase()))
            }
            Operator::ContainsExactly => self.parts.iter().any(|part| value.text().contains(part.as_str())),
        }
    }
}
