//! Lists as Fusebill asks for them: `query=name:value;name:value`, ranges `low|high`, zero-based pages, a sort order.

use crate::{
    error::ApiError,
    query::{Property, Value, Wanted},
};
use std::cmp::Ordering;

/// The size of a page when none is asked for.
const PAGE_SIZE: usize = 100;
/// The largest page.
const PAGE_SIZE_MAX: usize = 10_000;

/// A property by the name that filters and sort orders use.
pub type Named<T> = (&'static str, Property<T>);

/// One page of a list.
#[derive(Debug)]
pub struct Page<T> {
    /// Its lines.
    pub lines: Vec<T>,
    /// The number of the last page, for `X-MaxPageIndex`.
    pub last: usize,
}

/// Takes the lines that the query string asks for.
///
/// # Errors
/// [`ApiError::Malformed`] for the first thing in the query string that cannot be understood. Names that no list knows are ignored, as
/// the vendor's own clients send a few more.
pub fn page<T>(mut lines: Vec<T>, properties: &[Named<T>], asked: &[(String, String)]) -> Result<Page<T>, ApiError> {
    let value = |wanted: &str| {
        asked
            .iter()
            .rev()
            .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
            .map(|(_, value)| value.as_str())
            .filter(|v| !v.is_empty())
    };
    for filter in value("query").unwrap_or_default().split(';').filter(|filter| !filter.trim().is_empty()) {
        let filter = Filter::read(filter, properties)?;
        lines.retain(|line| filter.takes(line));
    }
    let descending = match value("sortOrder").map(str::to_ascii_lowercase).as_deref() {
        None | Some("ascending" | "asc") => false,
        Some("descending" | "desc") => true,
        Some(_) => return Err(malformed("sortOrder", "Allowable values are: Ascending, Descending")),
    };
    if let Some(name) = value("sortExpression") {
        let property = find(name, properties).ok_or_else(|| malformed("sortExpression", "The list cannot be sorted by this."))?;
        lines.sort_by_cached_key(|line| property.of(line));
    }
    if descending {
        lines.reverse();
    }
    let size = number("pageSize", value("pageSize"), PAGE_SIZE)?;
    if !(1..=PAGE_SIZE_MAX).contains(&size) {
        return Err(malformed("pageSize", format!("A page has 1 to {PAGE_SIZE_MAX} lines.")));
    }
    let number = number("pageNumber", value("pageNumber"), 0)?;
    let last = lines.len().div_ceil(size).saturating_sub(1);
    let lines = lines.into_iter().skip(number.saturating_mul(size)).take(size).collect();
    Ok(Page { lines, last })
}

fn malformed(name: &str, words: impl Into<String>) -> ApiError {
    ApiError::Malformed(name.to_owned(), words.into())
}

fn number(name: &str, text: Option<&str>, otherwise: usize) -> Result<usize, ApiError> {
    text.map_or(Ok(otherwise), |text| {
        let plain = text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| plain).ok_or_else(|| malformed(name, "This must be a whole number."))
    })
}

fn find<T>(name: &str, properties: &[Named<T>]) -> Option<Property<T>> {
    properties.iter().find(|(known, _)| known.eq_ignore_ascii_case(name.trim())).map(|(_, property)| *property)
}

/// `name:value`, or `name:low|high` with either end left out.
struct Filter<T> {
    property: Property<T>,
    bounds: Bounds,
}

enum Bounds {
    Equal(Wanted),
    Between(Option<Wanted>, Option<Wanted>),
}

impl<T> Filter<T> {
    fn read(text: &str, properties: &[Named<T>]) -> Result<Self, ApiError> {
        let (name, value) = text.split_once(':').ok_or_else(|| malformed("query", "A filter is written name:value."))?;
        let property =
            find(name, properties).ok_or_else(|| malformed("query", format!("There is no filter `{}`.", name.trim())))?;
        let wanted = |text: &str| {
            let text = text.trim();
            property.wanted(text).ok_or_else(|| malformed("query", format!("`{}` is compared with numbers.", name.trim())))
        };
        let end = |text: &str| if text.trim().is_empty() { Ok(None) } else { wanted(text).map(Some) };
        let bounds = match value.split_once('|') {
            Some((low, high)) => Bounds::Between(end(low)?, end(high)?),
            None => Bounds::Equal(wanted(value)?),
        };
        Ok(Self { property, bounds })
    }

    fn takes(&self, line: &T) -> bool {
        let value = self.property.of(line);
        let stands = |wanted: &Wanted, is: fn(Ordering) -> bool| wanted.compare(&value).is_some_and(is);
        match &self.bounds {
            Bounds::Equal(wanted) => stands(wanted, Ordering::is_eq),
            Bounds::Between(low, high) => {
                let above = low.as_ref().is_none_or(|low| stands(low, Ordering::is_ge));
                let below = high.as_ref().is_none_or(|high| stands(high, Ordering::is_le));
                value != Value::Null && above && below
            }
        }
    }
}
