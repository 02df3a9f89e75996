//! Shows the attempts whose outcome is not known to the staff, who settle them by hand.

use super::{
    caller::vendor,
    exchange::{is_record_of, judge},
    maiascore,
    stage::{Stage, Verdict},
};
use crate::{
    auth::{self, Principal},
    body::{self, BodyType},
    error::ApiError,
    ledger::{
        attempts::{self, Attempts},
        sql::{LedgerError, Sql},
        upstream::{self, UpstreamAttempt},
    },
    payments::{
        attempt::{self, Outcome},
        idempotency::{self, Answer, Key, KeyRecord, Payload, Store},
    },
    relaxed_json::{self, Json},
    response::Contract,
    state::SharedState,
};
use axum::{
    extract::{Path, Request, State},
    response::Response,
};

/// The most attempts that the list names.
const ATTEMPTS_MAX: i64 = 1000;
const CONTRACT: Contract = Contract::Fusebill;

/// `GET /attempts?state=unknown`
pub async fn unknown_attempts(State(state): State<SharedState>, request: Request) -> Response {
    let may = auth::principal(&request).and_then(|principal| for_everybody(&principal));
    if let Err(refusal) = may {
        return refusal.response(CONTRACT);
    }
    let found: Result<Vec<UpstreamAttempt>, ApiError> =
        state.ledger.read(|ledger| Ok(upstream::unknown(ledger, None, ATTEMPTS_MAX)?)).await;
    match found {
        Ok(found) => {
            let line = |attempt: &UpstreamAttempt| {
                serde_json::json!({ "key": attempt.key, "state": "unknown", "customerId": attempt.customer, "amount": attempt.amount,
                    "reference": attempt.mark, "begunAt": attempt.begun_at, "looks": attempt.looks })
            };
            Answer::new(200, &found.iter().map(line).collect::<Vec<_>>()).response()
        }
        Err(refusal) => refusal.response(CONTRACT),
    }
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
    for_everybody(&auth::principal(&request)?)?;
    let vendor = vendor(state)?;
    let key = Key::parse(key).ok_or(ApiError::NotFound)?;
    let (_, body) = body::read(request, &[BodyType::Json], "The body must be application/json.").await?;
    let (note, payment) = read(&body)?;
    let refused = |words: &str| ApiError::Malformed("paymentId".to_owned(), words.to_owned());
    let found = match payment {
        Some(payment) => {
            let reply = vendor.get(&format!("{}{payment}", vendor.payments())).await.map_err(|_| ApiError::Unavailable)?;
            if judge(vendor.contract, &reply) != Verdict::Recorded {
                return Err(refused("The vendor has no such payment."));
            }
            Some((payment, reply))
        }
        None => None,
    };
    let contract = vendor.contract;
    let (scope, now) = (attempt::scope(state, vendor.contract), state.ledger.seconds());
    let change = move |ledger: &mut dyn Sql| {
        attempts::lock(ledger, &scope, key.as_str())?;
        let row = upstream::find(ledger, &scope, &key)?.filter(|row| row.stage == Some(Stage::Unknown));
        let Some(row) = row else { return Ok(Ok(Outcome::NotFound)) };
        // A mistyped number must not show the payment of one customer to another, nor let two attempts stand for one payment.
        if let Some((payment, reply)) = &found {
            if !is_record_of(contract, reply, &row) {
                return Ok(Err(refused("This payment has another customer or other amounts than the attempt.")));
            }
            if upstream::is_taken(ledger, &scope, payment)? {
                return Ok(Err(refused("This payment already settled another attempt.")));
            }
        }
        let payment = found.as_ref().map(|(payment, _)| payment.as_str());
        upstream::end(ledger, &scope, key.as_str(), payment, Some(&note))?;
        let payload = Payload { customer: row.customer, fingerprint: &row.fingerprint };
        match found {
            Some((_, reply)) => {
                let answer = Answer { status: 200, body: String::from_utf8_lossy(&reply.body).into_owned() };
                idempotency::settle(&mut Attempts(ledger), &scope, &key, payload, answer.clone(), now)?;
                Ok(Ok(Outcome::Replayed(answer)))
            }
            None => {
                Attempts(ledger).keep(&scope, &key, KeyRecord::Burnt { customer: row.customer, at: now })?;
                Ok::<_, LedgerError>(Ok(Outcome::Burnt))
            }
        }
    };
    state.ledger.write(change, |_| ()).await.map_err(ApiError::from)?
}

/// The note and the payment of a body.
fn read(body: &[u8]) -> Result<(String, Option<String>), ApiError> {
    let malformed = |name: &str, words: &str| ApiError::Malformed(name.to_owned(), words.to_owned());
    let read = relaxed_json::read(body).map_err(|error| malformed("note", &error.to_string()))?;
    let Json::Object(members) = &read else { return Err(malformed("note", "The body must be an object.")) };
    let note = match members.get("note") {
        Some(Json::Text(note)) if (1..=500).contains(&note.len()) && !note.contains('\0') => note.clone(),
        _ => return Err(malformed("note", "A note of 1 to 500 characters says why.")),
    };
    match members.get("paymentId") {
        None | Some(Json::Null) => Ok((note, None)),
        Some(Json::Number(id) | Json::Text(id)) if maiascore::is_id(id) => Ok((note, Some(id.clone()))),
        Some(_) => Err(malformed("paymentId", "This must be the number of a payment.")),
    }
}
