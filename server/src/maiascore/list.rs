//! Reads lists as MaiaScore asks for them: `_start`, `_limit`, `_sort`, and filters by field.

use crate::{
    error::ApiError,
    ledger::list::{Comparison, Field, FilterValue, Kind, Listing},
    query::{self, FILTERS_MAX, VALUES_MAX},
};
use payment_form::domain::date::Date;

/// The number of records when no limit is asked for.
const LIMIT: i64 = 100;
/// The most records of one answer; `_limit=-1` asks for as many.
const LIMIT_MAX: i64 = 10_000;

const FIELDS: &[Field] = &[
    Field::whole("id", "id"),
    Field { name: "amountDue", sql: "amount_due_key", kind: Kind::Key("amount_due") },
    Field { name: "amountPaid", sql: "amount_paid_key", kind: Kind::Key("amount_paid") },
    Field::text("dueDate", "due_date"),
    Field::text("date", "date"),
    Field::text("published_at", "published_at"),
    Field::text("created_by", "created_by"),
    Field::text("updated_by", "created_by"),
];

/// The fields that hold a calendar day.
const DAYS: [&str; 2] = ["dueDate", "date"];

/// An operator by the end of its name: how it compares, and whether it leaves out what it finds.
const OPERATORS: &[(&str, Comparison, bool)] = &[
    ("", Comparison::Equal, false),
    ("_ne", Comparison::Equal, true),
    ("_lt", Comparison::Less, false),
    ("_lte", Comparison::LessOrEqual, false),
    ("_gt", Comparison::Greater, false),
    ("_gte", Comparison::GreaterOrEqual, false),
    ("_contains", Comparison::Contains, false),
    ("_containss", Comparison::ContainsExactly, false),
    ("_in", Comparison::Equal, false),
    ("_nin", Comparison::Equal, true),
];

/// One filter with everything that was given for it: `_in` and `_nin` may stand there several times, or hold a list with commas.
struct Filter<'a> {
    name: &'a str,
    field: Field,
    test: Comparison,
    is_negated: bool,
    values: Vec<FilterValue>,
}

/// The list that the query string asks for.
///
/// # Errors
/// [`ApiError::Malformed`] for the first thing in the query string that cannot be understood.
pub fn read(parameters: &[(String, String)]) -> Result<Listing, ApiError> {
    let mut listing = Listing::new(&[], 0);
    listing.limit = LIMIT;
    let mut filters: Vec<Filter<'_>> = Vec::new();
    let mut sort = None;
    for (name, value) in parameters {
        match name.as_str() {
            "_start" => listing.offset = number(name, value)?,
            "_limit" if value == "-1" => listing.limit = LIMIT_MAX,
            "_limit" => listing.limit = number(name, value)?.min(LIMIT_MAX),
            "_sort" => sort = Some(value.as_str()),
            _ => add(&mut filters, name, value)?,
        }
    }
    if filters.len() > FILTERS_MAX {
        return Err(ApiError::malformed("Api Error", format!("A list takes at most {FILTERS_MAX} filters.")));
    }
    for filter in filters {
        if filter.values.len() > VALUES_MAX {
            return Err(ApiError::malformed(filter.name, format!("A filter takes at most {VALUES_MAX} values.")));
        }
        listing.keep(filter.field, filter.test, &filter.values, filter.is_negated);
    }
    sort.map_or(Ok(()), |sort| read_sort(&mut listing, sort))?;
    listing.sort("id", false);
    Ok(listing)
}

fn number(name: &str, value: &str) -> Result<i64, ApiError> {
    let plain = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    value.parse().ok().filter(|_| plain).ok_or_else(|| ApiError::malformed(name, "This must be a whole number, 0 or more."))
}

/// `field:ASC,other:DESC`; nothing behind the field is `ASC`.
fn read_sort(listing: &mut Listing, value: &str) -> Result<(), ApiError> {
    for (index, key) in value.split(',').enumerate() {
        if index >= FILTERS_MAX {
            return Err(ApiError::malformed("_sort", "Too many fields to sort by."));
        }
        let (name, direction) = key.split_once(':').unwrap_or((key, "ASC"));
        let descending = match direction.to_ascii_uppercase().as_str() {
            "ASC" => false,
            "DESC" => true,
            _ => return Err(ApiError::malformed("_sort", "A direction is ASC or DESC.")),
        };
        let field = FIELDS.iter().find(|field| field.name == name.trim());
        let field = field.ok_or_else(|| ApiError::malformed("_sort", "Records have no such field."))?;
        listing.sort(field.sql, descending);
    }
    Ok(())
}

fn add<'a>(filters: &mut Vec<Filter<'a>>, name: &'a str, value: &str) -> Result<(), ApiError> {
    let operand = FIELDS.iter().find_map(|field| {
        let suffix = name.strip_prefix(field.name)?;
        let operator = OPERATORS.iter().find(|(known, ..)| *known == suffix)?;
        Some((*field, *operator))
    });
    let (field, (suffix, test, is_negated)) = operand.ok_or_else(|| ApiError::malformed(name, "There is no such filter."))?;
    let is_list = matches!(suffix, "_in" | "_nin");
    let texts = if is_list { value.split(',').collect() } else { vec![value] };
    let mut values = Vec::new();
    for text in texts {
        if matches!(test, Comparison::Contains | Comparison::ContainsExactly) {
            values.push(FilterValue::Text(text.to_owned()));
            continue;
        }
        if DAYS.contains(&field.name) && Date::parse(text).is_none() {
            return Err(ApiError::malformed(name, "This field is compared with days, written YYYY-MM-DD."));
        }
        values.push(
            query::filter_value(field, text).ok_or_else(|| ApiError::malformed(name, "This field is compared with numbers."))?,
        );
    }
    match filters.iter_mut().find(|filter| is_list && filter.name == name) {
        Some(filter) => filter.values.append(&mut values),
        None => filters.push(Filter { name, field, test, is_negated, values }),
    }
    Ok(())
}
