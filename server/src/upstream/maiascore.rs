//! Speaks of payments as MaiaScore does: a record holds two amounts and two days, and nothing that names its attempt. The list of records
//! with the same content is read before an attempt is sent, and again where its reply is lost.

use super::outgoing_payment::OutgoingPayment;
use crate::{
    ledger::{due_items::NewDueItem, upstream::UpstreamAttempt},
    maiascore::body,
    relaxed_json::{self, Json},
    response::FieldError,
    vendor::{Reply, Vendor, VendorFault},
};

/// The number of equal records that are looked through. Where there are more, staff must look.
const RECORDS_MAX: usize = 1000;
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
/// Where the list cannot be read, or is too long to be complete.
pub(super) async fn equal_records(vendor: &Vendor, attempt: &UpstreamAttempt) -> Result<Vec<String>, VendorFault> {
    let texts: Vec<&str> = attempt.mark.split(' ').collect();
    let filters: Vec<String> = FIELDS.iter().zip(&texts).map(|(name, text)| format!("{name}={text}")).collect();
    let reply = vendor.get(&format!("/payments?{}&_sort=id:ASC&_limit={RECORDS_MAX}", filters.join("&"))).await?;
    let list = match (reply.status, relaxed_json::read(&reply.body)) {
        (200, Ok(Json::Object(mut members))) => match members.remove("data") {
            Some(Json::List(list)) => list,
            _ => return Err(VendorFault::Away("its list of records holds no records".to_owned())),
        },
        // Strapi, on which such APIs are built, answers with the bare list.
        (200, Ok(Json::List(list))) => list,
        (200, _) => return Err(VendorFault::Away("its list of records is no list".to_owned())),
        _ => return Err(VendorFault::of(&reply)),
    };
    if list.len() >= RECORDS_MAX {
        return Err(VendorFault::Away("it has too many records with this content to tell them apart".to_owned()));
    }
    // A vendor that knows no such filter sends every record.
    let is_equal = |record: &&Json| body::check(record).is_ok_and(|item| self::texts(&item).iter().eq(&texts));
    Ok(list.iter().filter(is_equal).filter_map(id).collect())
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
