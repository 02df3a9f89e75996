//! Names the entries of one form in `sessionStorage`, and writes and reads the draft among them.
//!
//! `docs/storage.md` defines names and format, because the script that stands on the page before the WebAssembly (`src/element/js/stored.js`)
//! keeps the same draft. `tests/fixtures/storage/entries.json` holds both to the same answers.

use crate::{api::Api, domain::invoice::CustomerId};
use form_urlencoded::{Serializer, parse};

/// A draft of this age, in milliseconds, is no longer restored: it belongs to another day's business.
const DRAFT_AGE_MAX: u64 = 24 * 60 * 60 * 1000;

/// The field that holds when a draft was stored, in milliseconds since 1970.
const TIME: &str = "time";

/// The names of the entries of one form, and of its lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryNames {
    /// The entry that holds what was typed.
    pub draft: String,
    /// The entry that holds the attempt whose outcome is open.
    pub pending: String,
    /// The Web Lock of an attempt. It leaves the element out, so that a second form on the page finds the lock taken.
    pub lock: String,
}

impl EntryNames {
    /// The names for one API, endpoint, customer and element.
    pub fn new(api: Api, endpoint: &str, customer: Option<CustomerId>, element: &str) -> Self {
        let customer = customer.map(|customer| customer.to_string()).unwrap_or_default();
        Self::in_scope(format!("payment-form:1:{}|{endpoint}|{customer}", api.name()), element)
    }

    /// The names of another element of the same API, endpoint and customer.
    pub fn for_element(&self, element: &str) -> Self {
        Self::in_scope(self.lock.clone(), element)
    }

    fn in_scope(lock: String, element: &str) -> Self {
        Self { draft: format!("{lock}|{element}:draft"), pending: format!("{lock}|{element}:pending"), lock }
    }
}

/// The text of a draft that is stored now.
///
/// ```
/// use payment_form::submission::{draft_text, read_draft};
/// let text = draft_text([("amount", "1,50")], 1_790_000_000_000);
/// assert_eq!(text, "time=1790000000000&amount=1%2C50");
/// assert_eq!(read_draft(&text, 1_790_000_000_001), Some(vec![("amount".to_owned(), "1,50".to_owned())]));
/// assert_eq!(read_draft(&text, 1_790_086_400_000), None);
/// ```
pub fn draft_text<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>, now: u64) -> String {
    Serializer::new(String::new()).append_pair(TIME, &now.to_string()).extend_pairs(fields).finish()
}

/// The fields of a stored draft; `None` where the text is too old, comes from the future, or is no draft.
pub fn read_draft(text: &str, now: u64) -> Option<Vec<(String, String)>> {
    let fields: Vec<_> = parse(text.as_bytes()).into_owned().collect();
    let (times, fields): (Vec<_>, Vec<_>) = fields.into_iter().partition(|(name, _)| name == TIME);
    let (_, time) = times.first()?;
    let age = now.checked_sub(time.parse().ok()?)?;
    (age < DRAFT_AGE_MAX).then_some(fields)
}
