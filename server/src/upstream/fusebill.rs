//! Speaks of payments as Fusebill does: the mark of an attempt stands in the payment's reference, and activities show it again.

use super::outgoing_payment::OutgoingPayment;
use crate::{
    auth::Principal,
    fusebill::body::{Amount, Members, whole_number},
    idempotency::Key,
    ledger::upstream::UpstreamAttempt,
    reconciliation::stage::{self, ListedPayment, Match},
    relaxed_json::{self, Json, decimal},
    response::FieldError,
    vendor::{Reply, Vendor, VendorFault},
};
use payment_form::{
    domain::{invoice::CustomerId, payment::Reference},
    submission::{reference_marker, with_reference_marker},
};

/// The number of activities of a customer that one look reads, the latest first.
const ACTIVITIES_MAX: u32 = 1000;

/// Checks a payment before it is handed on: the payer, a portal's limits, the reference. The vendor decides all else.
pub(super) fn check(principal: &Principal, key: &Key, body: &Json) -> Result<OutgoingPayment, Vec<FieldError>> {
    let mut errors = Vec::new();
    let Some(members) = Members::new("payment", body, &mut errors) else { return Err(errors) };
    let customer = members.id("customerId", CustomerId::new, &mut errors).ok().flatten();
    match customer {
        None => errors.push(FieldError::new("payment.CustomerId", "The customer is required.")),
        Some(id) if !principal.may_pay(id) => {
            errors.push(FieldError::new("payment.CustomerId", "A session can pay only for its own customer."));
        }
        Some(_) => {}
    }
    if principal.is_portal() {
        if members.word("source", &[("SelfServicePortal", ())]).flatten().is_none() {
            errors.push(FieldError::new("payment.Source", "A portal session can pay only with the source SelfServicePortal."));
        }
        if members.word("paymentMethod", &[("CreditCard", ()), ("ACH", ())]).flatten().is_none() {
            errors.push(FieldError::new("payment.PaymentMethodType", "A portal session can pay only with stored methods."));
        }
    }
    let amount = match members.amount("amount") {
        Some(Some(Amount::Exact(amount))) if !amount.is_sign_negative() && !amount.is_zero() => {
            Some(amount.normalize().to_string())
        }
        _ => {
            errors.push(FieldError::new("payment.Amount", "Amount must be greater than 0 and cannot exceed two decimal places"));
            None
        }
    };
    // The mark by which the vendor's readers find the payment again counts towards the reference.
    let reference = members.text("reference", &mut errors).ok().flatten().unwrap_or_default();
    let mark = reference_marker(key.as_str());
    let marked = if reference.ends_with(&format!("·{mark}")) {
        reference.to_owned()
    } else {
        with_reference_marker(reference, key.as_str())
    };
    if Reference::new(&marked).is_err() {
        let words = "Reference must not exceed 489 characters, nor contain control or invisible characters or a card number";
        errors.push(FieldError::new("payment.Reference", words));
    }
    match (customer, amount, body) {
        (Some(customer), Some(amount), Json::Object(named)) if errors.is_empty() => {
            let mut named = named.clone();
            named.retain(|name, _| !name.eq_ignore_ascii_case("reference"));
            named.insert("reference".to_owned(), Json::Text(marked));
            Ok(OutgoingPayment { customer: Some(customer.number()), amount, mark, request: Json::Object(named).canonical() })
        }
        _ => Err(errors),
    }
}

/// Asks the customer's activities for an attempt.
///
/// # Errors
/// Where the activities cannot be read.
pub(super) async fn find_payment(vendor: &Vendor, attempt: &UpstreamAttempt) -> Result<Match<String>, VendorFault> {
    let Some(customer) = attempt.customer else { return Ok(Match::None) };
    let path =
        format!("/v1/customers/{customer}/paymentactivities?sortExpression=id&sortOrder=Descending&pageSize={ACTIVITIES_MAX}");
    let reply = vendor.get(&path).await?;
    let list = match (reply.status, relaxed_json::read(&reply.body)) {
        (200, Ok(Json::List(list))) => list,
        (200, _) => return Err(VendorFault::Away("its list of activities is no list".to_owned())),
        _ => return Err(VendorFault::of(&reply)),
    };
    let line = |item: &Json| {
        let Json::Object(members) = item else { return None };
        let (Some(Json::Text(reference)), Some(Json::Number(amount))) = (members.get("reference"), members.get("amount")) else {
            return None;
        };
        let amount = decimal(amount)?.normalize().to_string();
        Some(ListedPayment { payment: whole_number(item, "paymentId")?, reference: reference.clone(), amount })
    };
    Ok(match stage::find(&list.iter().filter_map(line).collect::<Vec<_>>(), &attempt.mark, &attempt.amount) {
        Match::One(payment) => Match::One(payment.to_string()),
        Match::None => Match::None,
        Match::Several => Match::Several,
    })
}

/// The number of the payment that a body records.
pub(super) fn record_id(reply: &Reply) -> Option<String> {
    let read = relaxed_json::read(&reply.body).ok()?;
    whole_number(&read, "id").map(|id| id.to_string())
}

/// True for a record of the customer and the amount of an attempt whose reference carries no other attempt's mark.
pub(super) fn is_record_of(record: &Json, attempt: &UpstreamAttempt) -> bool {
    let Json::Object(members) = record else { return false };
    let Some(Json::Number(amount)) = members.get("amount") else { return false };
    let is_its_amount = decimal(amount).is_some_and(|amount| amount.normalize().to_string() == attempt.amount);
    let has_its_mark = match members.get("reference") {
        Some(Json::Text(reference)) => stage::mark(reference).is_none_or(|mark| mark == attempt.mark),
        _ => true,
    };
    let is_its_customer = attempt.customer.is_some_and(|customer| whole_number(record, "customerId") == Some(customer));
    is_its_amount && is_its_customer && has_its_mark
}

/// True where the body is a refusal of the document: errors with reasons.
pub(super) fn has_errors(reply: &Reply) -> bool {
    match relaxed_json::read(&reply.body) {
        Ok(Json::Object(members)) => matches!(members.get("Errors"), Some(Json::List(errors)) if !errors.is_empty()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn record_of_another_customer_amount_or_mark_is_no_record_of_the_attempt() {
        let attempt = UpstreamAttempt {
            scope: "main fusebill".to_owned(),
            key: "7d0c4a52-2a0b-4c7e-9c06-0f3a5d3f8f11".to_owned(),
            customer: Some(655_080),
            fingerprint: Vec::new(),
            request: String::new(),
            mark: "K7Q2-9F3M".to_owned(),
            amount: "50.5".to_owned(),
            stage: None,
            looks: 0,
            look_at: 0,
            begun_at: String::new(),
            seen_before: Vec::new(),
        };
        for (record, expected) in [
            (r#"{"customerId":655080,"amount":50.50,"reference":"rent ·K7Q2-9F3M"}"#, true),
            (r#"{"customerId":655080,"amount":50.50,"reference":"rent"}"#, true),
            (r#"{"customerId":655080,"amount":50.50,"reference":"rent · May"}"#, true),
            (r#"{"customerId":655080,"amount":50.50,"reference":null}"#, true),
            (r#"{"customerId":655080,"amount":50.50}"#, true),
            (r#"{"customerId":655080,"amount":50.50,"reference":"rent ·ABCD-1234"}"#, false),
            (r#"{"customerId":655080,"amount":50.51}"#, false),
            (r#"{"customerId":655081,"amount":50.50}"#, false),
            (r#"{"customerId":null,"amount":50.50}"#, false),
            (r#"{"amount":50.50,"reference":"rent ·K7Q2-9F3M"}"#, false),
        ] {
            let read = relaxed_json::read(record.as_bytes()).unwrap();
            assert_eq!(is_record_of(&read, &attempt), expected, "{record}");
        }
    }
}
