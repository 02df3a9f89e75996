//! Answers payments and resolve calls: looks up the key, and stores each step before it is taken.

use super::{
    caller::{principal, vendor},
    exchange::{LookReason, look, send},
    fusebill, maiascore,
    outgoing_payment::OutgoingPayment,
};
use crate::{
    auth::Principal,
    body::{self, BodyType},
    error::ApiError,
    fusebill::body::whole_number,
    idempotency::{self, Answer, Caller, Decision, Key, Payload},
    ledger::{
        attempts::{self, Attempts},
        sql::{LedgerError, Sql},
        upstream::{self, Ending, UpstreamAttempt},
    },
    maiascore::body as due_item,
    payments::attempt::{self, Outcome},
    reconciliation::stage::{self, Stage, Step},
    relaxed_json::{self, Json, ParseError},
    response::{Contract, FieldError},
    state::SharedState,
    telemetry::Cause,
    vendor::Vendor,
};
use axum::{
    extract::{Request, State},
    response::Response,
};
use std::sync::Arc;

/// `POST /v1/payments`, or `POST /payments`: the one whose vendor stands behind this server.
pub async fn create(State(state): State<SharedState>, request: Request) -> Response {
    let Ok(vendor) = vendor(&state) else { return ApiError::NotFound.response(Contract::of(request.uri().path())) };
    let contract = vendor.contract;
    let caller = attempt::key(request.headers()).and_then(|key| Ok((principal(contract, &request)?, key)));
    let (principal, key) = match caller {
        Ok(caller) => caller,
        Err(refusal) => return refusal.response(contract),
    };
    let (types, words) = match contract {
        Contract::Fusebill => (&[BodyType::Json][..], "The body must be application/json."),
        Contract::MaiaScore => (
            &[BodyType::Json, BodyType::Xml, BodyType::Form][..],
            "The body must be application/json, application/xml or application/x-www-form-urlencoded.",
        ),
    };
    let cause = Cause::begin(request.extensions().get().cloned());
    let (body_type, body) = match body::read(request, types, words).await {
        Ok(read) => read,
        Err(refusal) => return refusal.response(contract),
    };
    let read = match contract {
        Contract::Fusebill => relaxed_json::read(&body),
        Contract::MaiaScore => due_item::read(body_type, &body),
    };
    // Without a key nothing is deduplicated, and still nothing may be sent twice or lost.
    let shown = key.clone();
    let Some(key) = key.or_else(own_key) else { return ApiError::Internal.response(contract) };
    // A task of its own: work that began is brought to its end, whether or not the client waits.
    let work = tokio::spawn(async move { pay(&state, principal, &key, (&body, read), cause).await });
    let outcome = work.await.unwrap_or(Err(ApiError::Internal));
    attempt::respond(contract, shown.as_ref(), outcome)
}

fn own_key() -> Option<Key> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).ok()?;
    Key::parse(&crate::hash::hex(&bytes))
}

async fn pay(
    state: &SharedState,
    principal: Principal,
    key: &Key,
    (body, read): (&[u8], Result<Json, ParseError>),
    cause: Cause,
) -> Result<Outcome, ApiError> {
    let vendor = vendor(state)?;
    let scope = attempt::scope(state, vendor.contract);
    let fingerprint = attempt::fingerprint(body, &read);
    let (customer, checked) = match (&read, vendor.contract) {
        (Ok(body), Contract::Fusebill) => {
            (principal.acting_for(whole_number(body, "customerId")), fusebill::check(&principal, key, body))
        }
        (Ok(body), Contract::MaiaScore) => (None, maiascore::check(body)),
        (Err(error), Contract::Fusebill) => {
            (principal.acting_for(None), Err(vec![FieldError::new("payment", error.to_string())]))
        }
        (Err(error), Contract::MaiaScore) => (None, Err(vec![FieldError::new("Api Error", error.to_string())])),
    };
    let payload = Payload { customer, fingerprint: &fingerprint };
    let Ok(_claim) = state.in_flight.claim(&scope, key, payload).await else { return Ok(Outcome::InProgress) };
    let action = {
        let request = AttemptRequest { state: Arc::clone(state), contract: vendor.contract, principal, scope, key: key.clone() };
        let begun_at = state.clock.timestamp();
        let fingerprint = fingerprint.clone();
        let begin =
            move |ledger: &mut dyn Sql| request.begin(ledger, Payload { customer, fingerprint: &fingerprint }, checked, begun_at);
        state.ledger.write(begin, |_| ()).await.map_err(|error: LedgerError| ApiError::from(error))?
    };
    match action {
        NextAction::Answer(outcome) => Ok(outcome),
        NextAction::Send(attempt) => send(state, vendor, attempt, cause).await,
        NextAction::Look(attempt) => Ok(look(state, vendor, attempt, LookReason::Request).await),
    }
}

/// The next step for a request with a key, from the transaction that stored it.
enum NextAction {
    Answer(Outcome),
    Send(UpstreamAttempt),
    Look(UpstreamAttempt),
}

/// One request: its caller and its attempt.
struct AttemptRequest {
    state: SharedState,
    contract: Contract,
    principal: Principal,
    scope: String,
    key: Key,
}

impl AttemptRequest {
    fn begin(
        &self,
        ledger: &mut dyn Sql,
        payload: Payload<'_>,
        checked: Result<OutgoingPayment, Vec<FieldError>>,
        begun_at: String,
    ) -> Result<NextAction, LedgerError> {
        let may_act_for = attempt::rights(self.contract, &self.principal);
        let caller = Caller { scope: &self.scope, may_act_for: &may_act_for };
        let now = self.state.ledger.seconds();
        match idempotency::decide(&mut Attempts(ledger), caller, &self.key, payload, now)? {
            Decision::Run => {}
            Decision::Replay(answer) => return Ok(NextAction::Answer(Outcome::Replayed(answer))),
            Decision::OtherPayload => return Ok(NextAction::Answer(Outcome::OtherPayload)),
            Decision::Burnt => return Ok(NextAction::Answer(Outcome::Burnt)),
            Decision::InProgress => return Ok(NextAction::Answer(Outcome::InProgress)),
        }
        let row = upstream::find(ledger, &self.scope, &self.key)?.filter(|row| row.stage.is_some());
        if let Some(row) = row {
            if row.fingerprint != payload.fingerprint || !may_act_for(row.customer) {
                return Ok(NextAction::Answer(Outcome::OtherPayload));
            }
            return Ok(match stage::on_payment(row.stage) {
                Step::Send | Step::Begin => NextAction::Send(row),
                Step::Look | Step::Burn => NextAction::Look(row),
            });
        }
        match checked {
            Ok(checked) => {
                let attempt = UpstreamAttempt {
                    scope: self.scope.clone(),
                    key: self.key.as_str().to_owned(),
                    customer: checked.customer,
                    fingerprint: payload.fingerprint.to_vec(),
                    request: checked.request,
                    mark: checked.mark,
                    amount: checked.amount,
                    stage: Some(Stage::Intended),
                    looks: 0,
                    look_at: 0,
                    begun_at,
                    seen_before: Vec::new(),
                };
                upstream::intend(ledger, &attempt)?;
                Ok(NextAction::Send(attempt))
            }
            Err(errors) => {
                let answer = Answer::refused(self.contract, 400, &errors);
                idempotency::settle(&mut Attempts(ledger), &self.scope, &self.key, payload, answer.clone(), now)?;
                Ok(NextAction::Answer(Outcome::Fresh { answer, payment: None }))
            }
        }
    }

    /// A resolve call: what it finds, or burns.
    fn resolve(&self, ledger: &mut dyn Sql, customer: Option<i64>, now: u64) -> Result<NextAction, LedgerError> {
        let may_act_for = attempt::rights(self.contract, &self.principal);
        attempts::lock(ledger, &self.scope, self.key.as_str())?;
        let row = upstream::find(ledger, &self.scope, &self.key)?.filter(|row| row.stage.is_some());
        if let Some(row) = row {
            if !may_act_for(row.customer) || (customer.is_some() && !may_act_for(customer)) {
                return Ok(NextAction::Answer(Outcome::NotFound));
            }
            if stage::on_resolve(row.stage) == Step::Look {
                return Ok(NextAction::Look(row));
            }
            // The attempt never left this machine. Its key is burnt, so the attempt never will.
            let ending = Ending { note: Some("cancelled before it was sent"), ..Ending::default() };
            upstream::end(ledger, &self.scope, self.key.as_str(), ending)?;
        }
        let caller = Caller { scope: &self.scope, may_act_for: &may_act_for };
        Ok(NextAction::Answer(idempotency::resolve(&mut Attempts(ledger), caller, &self.key, customer, now)?.into()))
    }
}

/// `POST /v1/payments/resolve`, or `POST /payments/resolve`
pub async fn resolve(State(state): State<SharedState>, request: Request) -> Response {
    let Ok(vendor) = vendor(&state) else { return ApiError::NotFound.response(Contract::of(request.uri().path())) };
    match attempt::read_resolve(vendor.contract, request).await {
        Ok((principal, key, named)) => {
            let outcome = settle(&state, vendor, principal, &key, named).await;
            attempt::respond(vendor.contract, Some(&key), outcome)
        }
        Err(refusal) => refusal.response(vendor.contract),
    }
}

async fn settle(
    state: &SharedState,
    vendor: &Vendor,
    principal: Principal,
    key: &Key,
    named: Option<i64>,
) -> Result<Outcome, ApiError> {
    let scope = attempt::scope(state, vendor.contract);
    let customer = match vendor.contract {
        Contract::Fusebill => named.or_else(|| principal.acting_for(None)),
        Contract::MaiaScore => None,
    };
    let Ok(_claim) = state.in_flight.claim(&scope, key, Payload { customer, fingerprint: &[] }).await else {
        return Ok(Outcome::InProgress);
    };
    let now = state.ledger.seconds();
    let request = AttemptRequest { state: Arc::clone(state), contract: vendor.contract, principal, scope, key: key.clone() };
    let change = move |ledger: &mut dyn Sql| request.resolve(ledger, customer, now);
    match state.ledger.write(change, |_| ()).await.map_err(|error: LedgerError| ApiError::from(error))? {
        NextAction::Answer(outcome) => Ok(outcome),
        NextAction::Look(attempt) | NextAction::Send(attempt) => Ok(look(state, vendor, attempt, LookReason::Request).await),
    }
}
