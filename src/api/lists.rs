//! The lists that the form is fed with: open invoices and stored methods, in Fusebill's shapes or in the form's own.
//!
//! | ours | Fusebill's | |
//! | --- | --- | --- |
//! | `id` | `id` | |
//! | `number` | `invoiceNumber` | the id where there is none |
//! | `dueDate` | `paymentSchedules`, else `terms` | `DIFFERS`: Fusebill's list has no due date of its own; our server adds one |
//! | `issuedOn` | `postedTimestamp`, else `effectiveTimestamp` | |
//! | `total` | `invoiceAmount` | |
//! | `balance` | `outstandingBalance` | below zero, as on a credit note, nothing is owed |
//! | `currency` | `currency` | |
//! | `kind` | `paymentMethodType` | Fusebill's other types, such as `Paypal`, cannot be paid with by id and are left out |
//! | `label` | `cardType` or `bankAccountType`, and the last digits of the masked number | |
//! | `isDefault` | `isDefault` | |
//! | `expires` | `expirationYear`, `expirationMonth` | |
//!
//! A list is a developer's work, so it is read strictly: what cannot be read is an error that names the entry and the field.

use super::json::{Json, Object};
use crate::domain::{
    date::Date,
    invoice::{Invoice, InvoiceId, MethodId},
    money::{Currency, Money, MoneyError},
    statement::{StoredKind, StoredMethod},
};
use std::fmt;

/// Why a list cannot be read. Its text is for the developer of the page, not for the payer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListError {
    /// The body is no JSON list.
    NotAList,
    /// An entry of the list is wrong.
    Entry {
        /// Which, counted from 1.
        entry: usize,
        /// The name of its field, as we call it.
        field: &'static str,
        /// What stands there, as written; `None` when the field is missing.
        found: Option<String>,
    },
}

impl fmt::Display for ListError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAList => f.write_str("The list is not a JSON list."),
            Self::Entry { entry, field, found: None } => write!(f, "Entry {entry} of the list has no `{field}`."),
            Self::Entry { entry, field, found: Some(found) } => {
                write!(f, "Entry {entry} of the list: `{field}` cannot be read: {found}")
            }
        }
    }
}

impl std::error::Error for ListError {}

/// Reads a list of invoices. `currency` is that of the invoices which name none.
///
/// # Errors
/// [`ListError`] names the first entry and field that cannot be read.
///
/// ```
/// use payment_form::api::lists;
/// let invoices = lists::invoices(br#"[{"id": "566934", "balance": "2.00", "currency": "USD"}]"#, None).unwrap();
/// assert_eq!(invoices[0].balance.plain(), "2.00");
/// let error = lists::invoices(br#"[{"id": 566934, "balance": "two"}]"#, None).unwrap_err();
/// assert_eq!(error.to_string(), "Entry 1 of the list has no `currency`.");
/// ```
pub fn invoices(body: &[u8], currency: Option<Currency>) -> Result<Vec<Invoice>, ListError> {
    entries(body, |entry| {
        let currency = match entry.value(&["currency"]) {
            Some(code) => code.text().and_then(|code| Currency::from_code(&code)).ok_or_else(|| entry.wrong("currency", code))?,
            None => currency.ok_or_else(|| entry.missing("currency"))?,
        };
        let id = entry.required("id", &["id"])?;
        let id = id.plain().and_then(|text| InvoiceId::parse(&text)).ok_or_else(|| entry.wrong("id", id))?;
        let issued = entry.date("issuedOn", &["issuedOn", "postedTimestamp", "effectiveTimestamp"])?;
        let due = entry.date("dueDate", &["dueDate"])?;
        let money = |name, value: Json| money(value, currency).ok_or_else(|| entry.wrong(name, value));
        Ok(Some(Invoice {
            id,
            number: entry.text(&["number", "invoiceNumber"]).unwrap_or_else(|| id.to_string()),
            due: due.or_else(|| entry.scheduled()).or_else(|| terms(&entry.text(&["terms"])?, issued?)),
            issued,
            total: entry.value(&["total", "invoiceAmount"]).map(|value| money("total", value)).transpose()?,
            balance: money("balance", entry.required("balance", &["balance", "outstandingBalance"])?)?,
        }))
    })
}

/// Reads a list of stored methods.
///
/// # Errors
/// [`ListError`] names the first entry and field that cannot be read.
pub fn methods(body: &[u8]) -> Result<Vec<StoredMethod>, ListError> {
    entries(body, |entry| {
        let kind = match entry.value(&["kind"]) {
            Some(kind) => stored_kind(kind).ok_or_else(|| entry.wrong("kind", kind))?,
            None => match stored_kind(entry.required("kind", &["paymentMethodType"])?) {
                Some(kind) => kind,
                None => return Ok(None),
            },
        };
        let id = entry.required("id", &["id"])?;
        let id = id.plain().and_then(|text| MethodId::parse(&text)).ok_or_else(|| entry.wrong("id", id))?;
        let label = entry.text(&["label", "cardType", "bankAccountType"]).unwrap_or_default();
        let masked =
            if entry.value(&["label"]).is_some() { None } else { entry.text(&["maskedCardNumber", "maskedAccountNumber"]) };
        let is_default = match entry.value(&["isDefault"]) {
            Some(value) => value.truth().ok_or_else(|| entry.wrong("isDefault", value))?,
            None => false,
        };
        Ok(Some(StoredMethod {
            id,
            kind,
            label,
            ending: masked.and_then(|masked| last_digits(&masked)),
            is_default,
            expires: entry.expires()?,
        }))
    })
}

/// Reads every entry; those that are left out on purpose give `None`.
fn entries<T>(body: &[u8], read: impl Fn(&Entry) -> Result<Option<T>, ListError>) -> Result<Vec<T>, ListError> {
    let list = Json::parse(body).and_then(Json::list).ok_or(ListError::NotAList)?;
    let mut all = Vec::new();
    for (number, value) in (1..).zip(list) {
        let object =
            value.object().ok_or_else(|| ListError::Entry { entry: number, field: "id", found: Some(excerpt(value)) })?;
        if let Some(one) = read(&Entry { number, object })? {
            all.push(one);
        }
    }
    Ok(all)
}

/// One entry of a list, with its place for the error.
struct Entry<'a> {
    number: usize,
    object: Object<'a>,
}

impl<'a> Entry<'a> {
    /// The value under the first of these names that has one.
    fn value(&self, names: &[&str]) -> Option<Json<'a>> {
        names.iter().find_map(|name| self.object.get(name))
    }

    fn text(&self, names: &[&str]) -> Option<String> {
        self.value(names)?.plain().filter(|text| !text.is_empty()).map(Into::into)
    }

    fn required(&self, field: &'static str, names: &[&str]) -> Result<Json<'a>, ListError> {
        self.value(names).ok_or_else(|| self.missing(field))
    }

    fn missing(&self, field: &'static str) -> ListError {
        ListError::Entry { entry: self.number, field, found: None }
    }

    fn wrong(&self, field: &'static str, found: Json) -> ListError {
        ListError::Entry { entry: self.number, field, found: Some(excerpt(found)) }
    }

    fn date(&self, field: &'static str, names: &[&str]) -> Result<Option<Date>, ListError> {
        let value = self.value(names).filter(|value| value.raw() != "\"\"");
        value.map(|value| day(value).ok_or_else(|| self.wrong(field, value))).transpose()
    }

    /// The day of the first instalment that is not paid yet.
    fn scheduled(&self) -> Option<Date> {
        let instalments = self.object.get("paymentSchedules")?.list()?.filter_map(Json::object);
        let open =
            instalments.filter(|instalment| instalment.number("outstandingBalance").is_none_or(|balance| !balance.is_zero()));
        open.filter_map(|instalment| day(instalment.get("dueDateTimestamp")?)).min()
    }

    /// The last month in which a card can be used.
    fn expires(&self) -> Result<Option<(i32, u8)>, ListError> {
        let (year, month, whole) = match self.value(&["expires"]) {
            Some(value) => {
                let text = value.text().unwrap_or_default();
                let (year, month) = text.split_once('-').filter(|_| text.len() == 7).unwrap_or_default();
                (year.to_owned(), month.to_owned(), value)
            }
            None => match (self.text(&["expirationYear"]), self.value(&["expirationMonth"])) {
                (Some(year), Some(month)) => (year, month.plain().unwrap_or_default().into_owned(), month),
                _ => return Ok(None),
            },
        };
        let year = year
            .parse::<u32>()
            .ok()
            .filter(|year| *year < 10_000)
            .and_then(|year| i32::try_from(year).ok())
            .map(|year| if year < 100 { year.saturating_add(2000) } else { year });
        let month = month.parse::<u32>().ok().and_then(|month| u8::try_from(month).ok()).filter(|month| (1..=12).contains(month));
        year.zip(month).map(Some).ok_or_else(|| self.wrong("expires", whole))
    }
}

/// The beginning of a value, for an error text.
fn excerpt(value: Json) -> String {
    value.raw().chars().take(60).collect()
}

/// What is owed or was made out for: nothing, where the number is below zero.
fn money(value: Json, currency: Currency) -> Option<Money> {
    match Money::new(value.number()?, currency) {
        Err(MoneyError::Negative) => Some(Money::zero(currency)),
        money => money.ok(),
    }
}

/// A calendar day, or the day that a timestamp was written with. Its zone is left alone: these are business dates.
fn day(value: Json) -> Option<Date> {
    let text = value.text()?;
    let (day, rest) = text.split_at_checked(10)?;
    Date::parse(day).filter(|_| rest.is_empty() || rest.starts_with(['T', ' ']))
}

/// When an invoice of these terms is due: `Net30` after thirty days, `MFI1` on the first of the month that follows, `DayOfMonth15` on the next
/// fifteenth, or on the last day of a month that is too short. The names are documented, their meaning is inferred.
fn terms(terms: &str, issued: Date) -> Option<Date> {
    let next_month = || {
        let (year, month) = if issued.month() == 12 { (1, 1) } else { (0, issued.month().saturating_add(1)) };
        (issued.year().saturating_add(year), month)
    };
    if let Some(days) = terms.strip_prefix("Net") {
        return issued.plus_days(days.parse().ok()?);
    }
    if terms == "MFI1" {
        let (year, month) = next_month();
        return Date::new(year, month, 1);
    }
    let day: u32 = terms.strip_prefix("DayOfMonth")?.parse().ok().filter(|day| (1..=31).contains(day))?;
    let day = u8::try_from(day).ok()?;
    let in_month = |(year, month)| (1..=day).rev().find_map(|day| Date::new(year, month, day));
    in_month((issued.year(), issued.month())).filter(|due| *due >= issued).or_else(|| in_month(next_month()))
}

fn stored_kind(kind: Json) -> Option<StoredKind> {
    match &*kind.text()? {
        "CreditCard" => Some(StoredKind::CreditCard),
        "ACH" => Some(StoredKind::Ach),
        _ => None,
    }
}

/// The digits that a masked number ends with, four at most: all that a person needs, and no more than may be shown.
fn last_digits(masked: &str) -> Option<String> {
    let digits = masked.bytes().rev().take_while(u8::is_ascii_digit).take(4).count();
    let start = masked.len().checked_sub(digits).filter(|_| digits > 0)?;
    masked.get(start..).map(str::to_owned)
}
