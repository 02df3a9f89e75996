//! Shows the attempts whose outcome is not known to the staff, who settle them by hand.

use super::{
    caller::vendor,
    exchange::{self, is_record_of, record_id},
    fusebill, maiascore,
    outcome::lock_content,
};
use crate::{
    auth::{self, Principal},
    body::{self, BodyType},
    error::ApiError,
    idempotency::{self, Answer, Key, KeyRecord, Payload, Store},
    ledger::{
        attempts::{self, Attempts},
        sql::Sql,
        upstream::{self, Ending, UpstreamAttempt},
    },
    payments::attempt::{self, Outcome},
    query,
    reconciliation::{
        attribution::{self, EqualAttempts, Objection},
        stage::{self, Match, Stage},
    },
    relaxed_json::{self, Json},
    response::Contract,
    state::SharedState,
    telemetry::{self, Cause},
    vendor::{Reply, Vendor, VendorFault},
};
use axum::{
    extract::{Path, Request, State},
    response::Response,
};

/// The most attempts that the list names.
const ATTEMPTS_MAX: i64 = 1000;
const CONTRACT: Contract = Contract::Fusebill;

/// `GET /attempts?state=unknown`
pub async fn list_attempts(State(state): State<SharedState>, request: Request) -> Response {
    let stage = auth::principal(&request).and_then(|principal| for_everybody(&principal)).and_then(|()| stage(&request));
    let stage = match stage {
        Ok(stage) => stage,
        Err(refusal) => return refusal.response(CONTRACT),
    };
    let now = exchange::seconds(&state);
    let scope = attempt::scope(&state, vendor(&state).map_or(CONTRACT, |vendor| vendor.contract));
    let found: Result<Vec<UpstreamAttempt>, ApiError> =
        state.ledger.read(move |ledger| Ok(upstream::unsettled(ledger, &scope, stage, now, ATTEMPTS_MAX)?)).await;
    match found {
        Ok(found) => {
            let line = |attempt: &UpstreamAttempt| {
                serde_json::json!({ "key": attempt.key, "state": attempt.stage.map(Stage::name), "customerId": attempt.customer,
                    "amount": attempt.amount, "reference": attempt.mark, "begunAt": attempt.begun_at, "looks": attempt.looks })
            };
            Answer::new(200, &found.iter().map(line).collect::<Vec<_>>()).response()
        }
        Err(refusal) => refusal.response(CONTRACT),
    }
}

/// The stage that a request asks for: *unknown* where it names none, and every stage for `all`.
fn stage(request: &Request) -> Result<Option<Stage>, ApiError> {
    let mut named = query::pairs(request).into_iter().filter(|(name, _)| name == "state").map(|(_, value)| value);
    let stage = match (named.next(), named.next()) {
        (None, _) => Some(Some(Stage::Unknown)),
        (Some(value), None) if value == "all" => Some(None),
        (Some(value), None) => Stage::from_name(&value).map(Some),
        (Some(_), Some(_)) => None,
    };
    let words = "This must be one of intended, sent, unknown and all.";
    stage.ok_or_else(|| ApiError::malformed("state", words))
}

fn for_everybody(principal: &Principal) -> Result<(), ApiError> {
    if principal.may_act_for(None) {
        Ok(())
    } else {
        Err(ApiError::Forbidden("Only staff for all customers see and settle attempts."))
    }
}

/// `POST /attempts/{key}/settle`: `{"paymentId": 7613586, "note": "…"}`, or without a payment: there is none.
pub async fn settle_by_hand(State(state): State<SharedState>, Path(key): Path<String>, request: Request) -> Response {
    let contract = vendor(&state).map_or(CONTRACT, |vendor| vendor.contract);
    let outcome = by_hand(&state, &key, request).await;
    attempt::respond(contract, Key::parse(&key).as_ref(), outcome)
}

async fn by_hand(state: &SharedState, key: &str, request: Request) -> Result<Outcome, ApiError> {
    let principal = auth::principal(&request)?;
    for_everybody(&principal)?;
    let cause = Cause::begin(request.extensions().get().cloned());
    let vendor = vendor(state)?;
    let key = Key::parse(key).ok_or(ApiError::NotFound)?;
    let (_, body) = body::read(request, &[BodyType::Json], "The body must be application/json.").await?;
    let (note, payment) = read(&body)?;
    let scope = attempt::scope(state, vendor.contract);
    let row = lost_attempt(state, &scope, &key).await?;
    let found = match payment {
        Some(payment) => Some(read_payment(vendor, &payment).await?),
        None => None,
    };
    let records = match vendor.contract {
        Contract::Fusebill if found.is_none() => {
            refuse_where_found(fusebill::find_payment(vendor, &row).await.map_err(VendorFault::before_read)?)?;
            Ok(Vec::new())
        }
        Contract::Fusebill => Ok(Vec::new()),
        Contract::MaiaScore => maiascore::equal_records(vendor, &row).await.map_err(VendorFault::before_read),
    };
    let (logged_key, number) = (key.clone(), found.as_ref().map(|(payment, _)| payment.clone()));
    let (settled_by, name) = (principal.signature(), principal.name());
    let committed = move |outcome: &Outcome| {
        if !matches!(outcome, Outcome::NotFound) {
            telemetry::settled_by_hand(&cause, logged_key.as_str(), number.as_deref(), &name);
        }
    };
    let settlement = Settlement { contract: vendor.contract, scope, key, note, settled_by, found, records };
    let now = state.ledger.seconds();
    state.ledger.write(move |ledger| settlement.store(ledger, now), committed).await
}

/// The attempt of a key whose outcome is not known. One that is lost from the next moment on is not settled now.
async fn lost_attempt(state: &SharedState, scope: &str, key: &Key) -> Result<UpstreamAttempt, ApiError> {
    let (now, scope, key) = (exchange::seconds(state), scope.to_owned(), key.clone());
    let row: Result<Option<UpstreamAttempt>, ApiError> =
        state.ledger.read(move |ledger| Ok(upstream::find(ledger, &scope, &key)?)).await;
    row?.filter(|row| row.is_lost(now)).ok_or(ApiError::NotFound)
}

/// A payment of the vendor under its own number, however that number was typed.
async fn read_payment(vendor: &Vendor, typed: &str) -> Result<(String, Reply), ApiError> {
    let reply = vendor.get(&format!("{}{typed}", vendor.payments())).await.map_err(VendorFault::before_read)?;
    match (reply.status, record_id(vendor.contract, &reply)) {
        (200 | 201, Some(id)) => Ok((id, reply)),
        (200 | 201 | 400 | 404, _) => Err(wrong_payment("The vendor has no such payment.")),
        _ => Err(VendorFault::of(&reply).before_read()),
    }
}

/// Refuses to burn a key whose payment carries its mark: a request that came late may have made it.
fn refuse_where_found(found: Match<String>) -> Result<(), ApiError> {
    match found {
        Match::One(payment) => Err(wrong_payment(&format!("The vendor has the payment {payment} of this attempt."))),
        Match::Several => {
            Err(wrong_payment("The vendor has several payments with the mark of this attempt: settle it with one of them."))
        }
        Match::None => Ok(()),
    }
}

fn wrong_payment(words: &str) -> ApiError {
    ApiError::malformed("paymentId", words)
}

/// The outcome of an attempt, as a member of the staff knows it.
struct Settlement {
    contract: Contract,
    scope: String,
    key: Key,
    note: String,
    /// The member of the staff.
    settled_by: String,
    /// The payment's number at the vendor's and its record; `None` where there is no payment.
    found: Option<(String, Reply)>,
    /// The vendor's records with the content of the attempt, where the attempt is told apart by them.
    records: Result<Vec<String>, ApiError>,
}

impl Settlement {
    /// Settles the attempt in one transaction, or changes nothing.
    fn store(self, ledger: &mut dyn Sql, now: u64) -> Result<Outcome, ApiError> {
        attempts::lock(ledger, &self.scope, self.key.as_str())?;
        let seconds = i64::try_from(now).unwrap_or(i64::MAX);
        let row = upstream::find(ledger, &self.scope, &self.key)?.filter(|row| row.is_lost(seconds));
        let Some(row) = row else { return Ok(Outcome::NotFound) };
        self.check_record(&row)?;
        if self.contract == Contract::MaiaScore {
            lock_content(ledger, &row)?;
            self.check_equal_attempts(&row, upstream::equal_attempts(ledger, &row, seconds)?)?;
        }
        let ending = Ending {
            payment: self.found.as_ref().map(|(payment, _)| payment.as_str()),
            note: Some(&self.note),
            settled_by: Some(&self.settled_by),
        };
        let Some((payment, reply)) = &self.found else {
            upstream::end(ledger, &self.scope, self.key.as_str(), ending)?;
            Attempts(ledger).keep(&self.scope, &self.key, KeyRecord::Burnt { customer: row.customer, at: now })?;
            return Ok(Outcome::Burnt);
        };
        if upstream::is_taken(ledger, &row, payment)? {
            return Err(objection(Objection::Taken, self.found.is_some()));
        }
        upstream::end(ledger, &self.scope, self.key.as_str(), ending)?;
        let payload = Payload { customer: row.customer, fingerprint: &row.fingerprint };
        let answer = Answer { status: 200, body: String::from_utf8_lossy(&reply.body).into_owned() };
        idempotency::settle(&mut Attempts(ledger), &self.scope, &self.key, payload, answer.clone(), now)?;
        Ok(Outcome::Replayed(answer))
    }

    /// A mistyped number must not show the payment of one customer to another.
    fn check_record(&self, row: &UpstreamAttempt) -> Result<(), ApiError> {
        match &self.found {
            Some((_, reply)) if !is_record_of(self.contract, reply, row) => Err(match self.contract {
                Contract::Fusebill => wrong_payment("This payment has another customer, amount or mark than the attempt."),
                Contract::MaiaScore => objection(Objection::Older, true),
            }),
            _ => Ok(()),
        }
    }

    /// Equal records are told apart by counting, so each settlement must leave the other attempts theirs.
    fn check_equal_attempts(&self, row: &UpstreamAttempt, equal: EqualAttempts<String>) -> Result<(), ApiError> {
        let records = match (&self.records, &self.found) {
            (Ok(records), _) => records.as_slice(),
            // Nobody else needs the record.
            (Err(_), Some(_)) if equal.others.is_empty() => &[],
            (Err(fault), _) => return Err(fault.clone()),
        };
        let checked = match &self.found {
            Some((payment, _)) => attribution::check_record(payment, records, &row.seen_before, &equal),
            None => attribution::check_none(records, &row.seen_before, &equal),
        };
        checked.map_err(|found| objection(found, self.found.is_some()))
    }
}

/// The refusal of a settlement, in words for the staff.
fn objection(objection: Objection<String>, has_payment: bool) -> ApiError {
    match objection {
        Objection::ReplyMayCome => {
            let words = "The reply to an equal payment may still come. Nothing was settled: try again in a few minutes.";
            ApiError::Early(words, stage::REPLY_AWAITED)
        }
        Objection::Older => wrong_payment("This record has other values than the attempt, or was there before it."),
        Objection::Taken => wrong_payment("This payment already settled another attempt."),
        Objection::Needed if has_payment => wrong_payment(
            "An equal attempt that is not settled may need this record. Settle the one that began last first, or first settle those \
             without a payment.",
        ),
        Objection::Needed => wrong_payment("Equal attempts are not settled: settle the one that began last first."),
        Objection::Recorded(payment) => wrong_payment(&format!("The vendor has the payment {payment} of this attempt.")),
    }
}

/// The note and the payment of a body.
fn read(body: &[u8]) -> Result<(String, Option<String>), ApiError> {
    let read = relaxed_json::read(body).map_err(|error| ApiError::malformed("note", error.to_string()))?;
    let Json::Object(members) = &read else { return Err(ApiError::malformed("note", "The body must be an object.")) };
    let note = match members.get("note") {
        Some(Json::Text(note)) if (1..=500).contains(&note.len()) && !note.contains('\0') => note.clone(),
        _ => return Err(ApiError::malformed("note", "A note of 1 to 500 characters says why.")),
    };
    match members.get("paymentId") {
        None | Some(Json::Null) => Ok((note, None)),
        Some(Json::Number(id) | Json::Text(id)) if maiascore::is_id(id) => Ok((note, Some(id.clone()))),
        Some(_) => Err(ApiError::malformed("paymentId", "This must be the number of a payment.")),
    }
}
