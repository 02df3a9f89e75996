//! Reads lists as Fusebill asks for them: `query=name:value;name:value`, ranges `low|high`, zero-based pages, a sort order.

use crate::{
    error::ApiError,
    ledger::list::{Comparison, Field, Listing},
    query::{self, FILTERS_MAX},
};

/// The size of a page when none is asked for.
const PAGE_SIZE: i64 = 100;
/// The largest page.
const PAGE_SIZE_MAX: i64 = 10_000;

/// Adds what the query string asks for to a list. `order` sorts rows that are equal under the caller's sort.
///
/// # Errors
/// [`ApiError::Malformed`] for the first thing in the query string that cannot be understood. Names that no list knows are ignored, as
/// the vendor's own clients send a few more.
pub fn read(listing: &mut Listing, fields: &[Field], order: &[&str], parameters: &[(String, String)]) -> Result<(), ApiError> {
    let value = |wanted: &str| {
        let found = parameters.iter().rev().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    };
    let filters = value("query").unwrap_or_default().split(';').filter(|filter| !filter.trim().is_empty());
    for (index, filter) in filters.enumerate() {
        if index >= FILTERS_MAX {
            return Err(ApiError::malformed("query", format!("A list takes at most {FILTERS_MAX} filters.")));
        }
        add(listing, fields, filter)?;
    }
    let descending = match value("sortOrder").map(str::to_ascii_lowercase).as_deref() {
        None | Some("ascending" | "asc") => false,
        Some("descending" | "desc") => true,
        Some(_) => return Err(ApiError::malformed("sortOrder", "Allowable values are: Ascending, Descending")),
    };
    if let Some(name) = value("sortExpression") {
        let field =
            find(name, fields).ok_or_else(|| ApiError::malformed("sortExpression", "The list cannot be sorted by this."))?;
        listing.sort(field.sql, descending);
    }
    for column in order {
        listing.sort(column, descending);
    }
    listing.limit = number("pageSize", value("pageSize"), PAGE_SIZE)?;
    if !(1..=PAGE_SIZE_MAX).contains(&listing.limit) {
        return Err(ApiError::malformed("pageSize", format!("A page has 1 to {PAGE_SIZE_MAX} lines.")));
    }
    listing.offset = number("pageNumber", value("pageNumber"), 0)?.saturating_mul(listing.limit);
    Ok(())
}

/// The number of the last page, for `X-MaxPageIndex`.
pub fn last_page(listing: &Listing, count: i64) -> i64 {
    (count - 1).max(0) / listing.limit.max(1)
}

fn number(name: &str, text: Option<&str>, otherwise: i64) -> Result<i64, ApiError> {
    text.map_or(Ok(otherwise), |text| {
        let plain = text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| plain).ok_or_else(|| ApiError::malformed(name, "This must be a whole number."))
    })
}

fn find(name: &str, fields: &[Field]) -> Option<Field> {
    fields.iter().find(|field| field.name.eq_ignore_ascii_case(name.trim())).copied()
}

/// `name:value`, or `name:low|high` with either end left out.
fn add(listing: &mut Listing, fields: &[Field], text: &str) -> Result<(), ApiError> {
    let (name, value) = text.split_once(':').ok_or_else(|| ApiError::malformed("query", "A filter is written name:value."))?;
    let field =
        find(name, fields).ok_or_else(|| ApiError::malformed("query", format!("There is no filter `{}`.", name.trim())))?;
    let filter_value = |text: &str| {
        let value = query::filter_value(field, text.trim());
        value.ok_or_else(|| ApiError::malformed("query", format!("`{}` is compared with numbers.", field.name)))
    };
    let Some((low, high)) = value.split_once('|') else {
        listing.keep(field, Comparison::Equal, &[filter_value(value)?], false);
        return Ok(());
    };
    let ends = [(low, Comparison::GreaterOrEqual), (high, Comparison::LessOrEqual)].map(|(end, test)| (end.trim(), test));
    if ends.iter().all(|(end, _)| end.is_empty()) {
        listing.present(field);
    }
    for (end, test) in ends.into_iter().filter(|(end, _)| !end.is_empty()) {
        listing.keep(field, test, &[filter_value(end)?], false);
    }
    Ok(())
}
