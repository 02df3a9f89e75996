//! Speaks of payments as MaiaScore does: a record holds two amounts and two days, and nothing that names its attempt. The list of records
//! with the same content is read before an attempt is sent, and again where its reply is lost.

use super::outgoing_payment::OutgoingPayment;
use crate::{
    ledger::{due_items::NewDueItem, upstream::UpstreamAttempt},
    maiascore::body,
    relaxed_json::{self, Json},
    response::FieldError,
    vendor::{EXCHANGE_MAX, Reply, Vendor, VendorFault},
};

/// The number of records that a page of the list is asked for. A vendor may send fewer.
const PAGE: usize = 1000;
/// The number of listed records that are looked through. Where there are more, nothing is sent.
const RECORDS_MAX: usize = 10_000;
const FIELDS: [&str; 4] = ["amountDue", "amountPaid", "dueDate", "date"];

/// The record that a body asks for, as it is handed on. All else the vendor decides.
///
/// # Errors
/// Everything that is wrong with the body.
pub(super) fn check(read: &Json) -> Result<OutgoingPayment, Vec<FieldError>> {
    let item = body::check(read)?;
    let [due, paid, due_date, date] = texts(&item);
    Ok(OutgoingPayment {
        customer: None,
        mark: format!("{due} {paid} {due_date} {date}"),
        request: format!(r#"{{"amountDue":{due},"amountPaid":{paid},"dueDate":"{due_date}","date":"{date}"}}"#),
        amount: paid,
    })
}

fn texts(item: &NewDueItem) -> [String; 4] {
    [
        item.amount_due.normalize().to_string(),
        item.amount_paid.normalize().to_string(),
        item.due_date.to_string(),
        item.date.to_string(),
    ]
}

/// The numbers of the vendor's records with the content of an attempt, the oldest first.
///
/// # Errors
/// Where the list cannot be read, changes meanwhile, or is too long.
pub(super) async fn equal_records(vendor: &Vendor, attempt: &UpstreamAttempt) -> Result<Vec<String>, VendorFault> {
    let texts: Vec<&str> = attempt.mark.split(' ').collect();
    let filters: Vec<String> = FIELDS.iter().zip(&texts).map(|(name, text)| format!("{name}={text}")).collect();
    let query = format!("/payments?{}&_sort=id:ASC&_limit={PAGE}", filters.join("&"));
    let pages = async {
        let mut records = Records::default();
        let mut start = Some(0);
        while let Some(from) = start {
            start = records.add(list(&vendor.get(&format!("{query}&_start={from}")).await?)?)?;
        }
        Ok::<_, VendorFault>(records.0)
    };
    // All pages together take no longer than one exchange, because a proxy waits for the list and for the payment.
    let listed = tokio::time::timeout(EXCHANGE_MAX, pages).await;
    let listed = listed.map_err(|_| VendorFault::Away("its list of records takes too long".to_owned()))??;
    // A vendor that knows no such filter sends every record.
    let is_equal = |record: &&Json| body::check(record).is_ok_and(|item| self::texts(&item).iter().eq(&texts));
    Ok(listed.iter().filter(is_equal).filter_map(id).collect())
}

/// The records of the pages so far.
#[derive(Default)]
struct Records(Vec<Json>);

impl Records {
    /// Adds a page. Returns the start of the next one; `None` after a page without a further record.
    ///
    /// Each page begins with the last record of the page before it. Otherwise a record that is deleted meanwhile would hide the next one.
    ///
    /// # Errors
    /// Where the list changed since the last page, or is too long.
    fn add(&mut self, page: Vec<Json>) -> Result<Option<usize>, VendorFault> {
        let count = self.0.len();
        let mut page = page.into_iter();
        if let Some(last) = self.0.last()
            && (id(last).is_none() || page.next().as_ref().and_then(id) != id(last))
        {
            return Err(VendorFault::Away("its list of records changed while it was read, or it knows no `_start`".to_owned()));
        }
        self.0.extend(page);
        if self.0.len() > RECORDS_MAX {
            tracing::error!(
                max = RECORDS_MAX,
                "the vendor lists too many records with one content: no such payment goes through"
            );
            return Err(VendorFault::Away("it has too many records with this content to tell them apart".to_owned()));
        }
        Ok((self.0.len() > count).then(|| self.0.len() - 1))
    }
}

/// The records of a list.
fn list(reply: &Reply) -> Result<Vec<Json>, VendorFault> {
    match (reply.status, relaxed_json::read(&reply.body)) {
        (200, Ok(Json::Object(mut members))) => match members.remove("data") {
            Some(Json::List(list)) => Ok(list),
            _ => Err(VendorFault::Away("its list of records holds no records".to_owned())),
        },
        // Strapi, on which such APIs are built, answers with the bare list.
        (200, Ok(Json::List(list))) => Ok(list),
        (200, _) => Err(VendorFault::Away("its list of records is no list".to_owned())),
        _ => Err(VendorFault::of(reply)),
    }
}

fn id(record: &Json) -> Option<String> {
    let Json::Object(members) = record else { return None };
    match members.get("id") {
        Some(Json::Text(id) | Json::Number(id)) if is_id(id) => Some(id.clone()),
        _ => None,
    }
}

/// True for a text that can stand in a path and in a list of ids.
pub(super) fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// The number of the record in a reply's envelope.
pub(super) fn record_id(reply: &Reply) -> Option<String> {
    let read = relaxed_json::read(&reply.body).ok()?;
    let Json::Object(members) = &read else { return None };
    id(members.get("data").unwrap_or(&read))
}

/// True for a record with the content of an attempt that was not there before the attempt was sent.
pub(super) fn is_record_of(record: &Json, attempt: &UpstreamAttempt) -> bool {
    let Json::Object(members) = record else { return false };
    let record = members.get("data").unwrap_or(record);
    id(record).is_some_and(|id| !attempt.seen_before.contains(&id))
        && body::check(record).is_ok_and(|item| texts(&item).join(" ") == attempt.mark)
}

/// True where the body is a refusal of the document: a code and a message.
pub(super) fn has_errors(reply: &Reply) -> bool {
    match relaxed_json::read(&reply.body) {
        Ok(Json::Object(members)) => {
            matches!((members.get("code"), members.get("message")), (Some(Json::Number(_)), Some(Json::Text(_))))
                && !members.contains_key("data")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(number: usize) -> Json {
        relaxed_json::read(format!(r#"{{"id":{number}}}"#).as_bytes()).unwrap()
    }

    /// Reads the list of a vendor whose pages hold at most `page` records. `change` changes the records after each page.
    fn read(count: usize, page: usize, change: impl Fn(&mut Vec<Json>)) -> Result<usize, VendorFault> {
        let mut vendor: Vec<Json> = (0..count).map(record).collect();
        let mut records = Records::default();
        let mut start = Some(0);
        while let Some(from) = start {
            start = records.add(vendor.iter().skip(from).take(page).cloned().collect())?;
            change(&mut vendor);
        }
        Ok(records.0.len())
    }

    #[test]
    fn list_of_a_vendor_with_short_pages_is_read_whole() {
        for (count, page) in [(0, 100), (1, 100), (99, 100), (100, 100), (101, 100), (150, 100), (1000, 100), (7, 2)] {
            assert_eq!(read(count, page, |_| ()), Ok(count), "{count} records in pages of {page}");
        }
    }

    #[test]
    fn list_that_loses_a_record_while_it_is_read_is_refused() {
        let lose = |records: &mut Vec<Json>| drop(records.remove(0));
        assert!(matches!(read(150, 100, lose), Err(VendorFault::Away(_))));
    }

    #[test]
    fn list_of_a_vendor_that_knows_no_start_is_refused() {
        let mut records = Records::default();
        assert_eq!(records.add(vec![record(1), record(2)]), Ok(Some(1)));
        assert!(matches!(records.add(vec![record(1), record(2)]), Err(VendorFault::Away(_))));
    }

    #[test]
    fn list_that_is_too_long_is_refused() {
        assert_eq!(read(RECORDS_MAX, PAGE, |_| ()), Ok(RECORDS_MAX));
        assert!(matches!(read(RECORDS_MAX + 1, PAGE, |_| ()), Err(VendorFault::Away(_))));
    }
}
