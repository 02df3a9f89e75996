//! Reads the lists of open invoices and stored methods, in Fusebill's shapes or in the form's own.
//!
//! | ours | Fusebill's | |
//! | --- | --- | --- |
//! | `id` | `id` | |
//! | `number` | `invoiceNumber` | the id where there is none |
//! | `dueDate` | `paymentSchedules`, else `terms` | `DIFFERS`: Fusebill's list has no due date of its own; our server adds one |
//! | `issuedOn` | `postedTimestamp`, else `effectiveTimestamp` | |
//! | `total` | `invoiceAmount` | |
//! | `balance` | `outstandingBalance` | below zero, as on a credit note: nothing is owed, and the customer has a credit |
//! | `currency` | `currency` | |
//! | `kind` | `paymentMethodType` | Fusebill's other types, such as `Paypal`, cannot be paid with by id and are left out |
//! | `label` | `cardType` or `bankAccountType`, and the last digits of the masked number | |
//! | `isDefault` | `isDefault` | |
//! | `expires` | `expirationYear`, `expirationMonth` | |
//!
//! A developer writes the list, so it is read strictly: an unreadable field is an error that names the entry, its invoice and the field.
//! Days outside the years 1900 to 2200, such as `0001-01-01T00:00:00`, `9999-12-31` and `0000-00-00`, are the "no date" of many systems and
//! are read as none. A date that no division needs, because nothing is owed or its order follows another date, is read as none where it is
//! unreadable.

use super::json::{Json, Object};
use crate::domain::{
    date::Date,
    invoice::{Invoice, InvoiceId, MethodId},
    money::{Currency, Money, MoneyError},
    payment_order::DateField,
    statement::{StoredKind, StoredMethod},
};
use std::fmt;

/// The reason why a list cannot be read. Its text is for the developer of the page, not for the payer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListError {
    /// The body is no JSON list.
    NotAList,
    /// An entry of the list is wrong.
    Entry {
        /// The entry's number, counted from 1.
        entry: usize,
        /// The field's name in the form's own shape.
        field: &'static str,
        /// The field's value, as written; `None` when the field is missing.
        found: Option<String>,
        /// The number of the invoice, or its id, as far as the entry tells either.
        invoice: Option<String>,
    },
}

impl ListError {
    /// The invoice that cannot be read, by its number or id: staff can look for it.
    pub fn invoice(&self) -> Option<&str> {
        match self {
            Self::NotAList => None,
            Self::Entry { invoice, .. } => invoice.as_deref(),
        }
    }

    fn of_invoice(mut self, name: Option<String>) -> Self {
        if let Self::Entry { invoice, .. } = &mut self {
            *invoice = name;
        }
        self
    }
}

impl fmt::Display for ListError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAList => f.write_str("The list is not a JSON list."),
            Self::Entry { entry, field, found, invoice } => {
                let invoice = invoice.as_ref().map(|invoice| format!(" (invoice {invoice})")).unwrap_or_default();
                match found {
                    None => write!(f, "Entry {entry} of the list{invoice} has no `{field}`."),
                    Some(found) => write!(f, "Entry {entry} of the list{invoice}: `{field}` cannot be read: {found}"),
                }
            }
        }
    }
}

impl std::error::Error for ListError {}

/// Reads a list of invoices. `currency` is used for invoices that name none.
///
/// # Errors
/// [`ListError`] names the first entry and field that cannot be read.
///
/// ```
/// use payment_form::api::lists;
/// let invoices = lists::invoices(br#"[{"id": "566934", "balance": "2.00", "currency": "USD"}]"#, None).unwrap();
/// assert_eq!(invoices[0].balance.plain(), "2.00");
/// let error = lists::invoices(br#"[{"id": 566934, "balance": "two"}]"#, None).unwrap_err();
/// assert_eq!(error.to_string(), "Entry 1 of the list (invoice 566934) has no `currency`.");
/// ```
pub fn invoices(body: &[u8], currency: Option<Currency>) -> Result<Vec<Invoice>, ListError> {
    invoices_by(DateField::Due, body, currency)
}

/// Reads a list as [`invoices`] does, for a form that orders invoices by this date. So an unreadable date of this kind is an error.
///
/// # Errors
/// [`ListError`] names the first entry and field that cannot be read.
pub fn invoices_by(order: DateField, body: &[u8], currency: Option<Currency>) -> Result<Vec<Invoice>, ListError> {
    entries(body, |entry| {
        invoice(entry, order, currency)
            .map(Some)
            .map_err(|error| error.of_invoice(entry.text(&["number", "invoiceNumber", "id"])))
    })
}

fn invoice(entry: &Entry, order: DateField, currency: Option<Currency>) -> Result<Invoice, ListError> {
    let currency = match entry.value(&["currency"]) {
        Some(code) => code.text().and_then(|code| Currency::from_code(&code)).ok_or_else(|| entry.wrong("currency", code))?,
        None => currency.ok_or_else(|| entry.missing("currency"))?,
    };
    let id = entry.required("id", &["id"])?;
    let id = id.plain().and_then(|text| InvoiceId::parse(&text)).ok_or_else(|| entry.wrong("id", id))?;
    let owed = |name, value: Json| owed(value, currency).ok_or_else(|| entry.wrong(name, value));
    let (balance, credit) = owed("balance", entry.required("balance", &["balance", "outstandingBalance"])?)?;
    let needed = |is_needed: bool, date: Result<Option<Date>, ListError>| if is_needed { date } else { Ok(date.ok().flatten()) };
    let is_open = !balance.is_zero();
    let due = needed(is_open, entry.date("dueDate", &["dueDate"]))?.or_else(|| entry.scheduled());
    let terms = entry.text(&["terms"]).filter(|_| due.is_none());
    let issued = entry.date("issuedOn", &["issuedOn", "postedTimestamp", "effectiveTimestamp"]);
    let issued = needed(is_open && (order == DateField::Issued || terms.is_some()), issued)?;
    Ok(Invoice {
        id,
        number: entry.text(&["number", "invoiceNumber"]).unwrap_or_else(|| id.to_string()),
        due: due.or_else(|| due_by_terms(&terms?, issued?)),
        issued,
        total: entry.value(&["total", "invoiceAmount"]).map(|value| owed("total", value)).transpose()?.map(|(total, _)| total),
        balance,
        credit,
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
            Some(value) => value.boolean().ok_or_else(|| entry.wrong("isDefault", value))?,
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

/// Reads every entry; `read` gives `None` for an entry that is left out on purpose.
fn entries<T>(body: &[u8], read: impl Fn(&Entry) -> Result<Option<T>, ListError>) -> Result<Vec<T>, ListError> {
    let list = Json::parse(body).and_then(Json::list).ok_or(ListError::NotAList)?;
    let mut all = Vec::new();
    for (number, value) in (1..).zip(list) {
        let object = value.object().ok_or_else(|| ListError::Entry {
            entry: number,
            field: "id",
            found: Some(excerpt(value)),
            invoice: None,
        })?;
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
        ListError::Entry { entry: self.number, field, found: None, invoice: None }
    }

    fn wrong(&self, field: &'static str, found: Json) -> ListError {
        ListError::Entry { entry: self.number, field, found: Some(excerpt(found)), invoice: None }
    }

    /// The day under the first of these names that has one; empty texts and "no date" values are skipped.
    fn date(&self, field: &'static str, names: &[&str]) -> Result<Option<Date>, ListError> {
        let mut values = names.iter().filter_map(|name| self.object.get(name)).filter(|value| !is_no_date(*value));
        values.next().map(|value| day(value).ok_or_else(|| self.wrong(field, value))).transpose()
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

/// A balance or total as money, and the credit where the number is below zero.
fn owed(value: Json, currency: Currency) -> Option<(Money, Option<Money>)> {
    let number = value.number()?;
    match Money::new(number, currency) {
        Err(MoneyError::Negative) => Some((Money::zero(currency), Some(Money::new(number.abs(), currency).ok()?))),
        money => money.ok().map(|money| (money, None)),
    }
}

/// Tells whether the value means "no date": an empty text, or a day in a year that no invoice has.
fn is_no_date(value: Json) -> bool {
    let Some(text) = value.text() else { return false };
    let text = text.trim();
    let (year, rest) = text.split_at_checked(4).unwrap_or((text, ""));
    let is_day = rest.split('T').next().is_some_and(|rest| rest.bytes().filter(|byte| *byte == b'-').count() == 2);
    text.is_empty() || (is_day && year.parse::<u16>().is_ok_and(|year| !Date::YEARS.contains(&i32::from(year))))
}

/// A calendar day, or the day part of a timestamp. The time zone is ignored, because these are business dates.
fn day(value: Json) -> Option<Date> {
    let text = value.text()?;
    let (day, rest) = text.split_at_checked(10)?;
    Date::parse(day).filter(|_| rest.is_empty() || rest.starts_with(['T', ' ']))
}

/// The due date of an invoice with these terms: `Net30` after thirty days, `MFI1` on the first of the next month, `DayOfMonth15` on the
/// next fifteenth. In a month that is too short, the last day counts. The names are documented, their meaning is inferred.
fn due_by_terms(terms: &str, issued: Date) -> Option<Date> {
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
