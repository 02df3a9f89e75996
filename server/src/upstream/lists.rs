//! Passes the vendor's lists and records on, to callers who may see them. Lists come from `list_cache.rs`
//! while it has them.

use super::caller::{self, vendor};
use crate::{
    auth::{self, Principal},
    error::ApiError,
    fusebill::body::whole_number,
    idempotency::Answer,
    relaxed_json,
    response::Contract,
    state::SharedState,
    vendor::{Reply, VendorFault},
};
use axum::{
    body::Body,
    extract::{Path, Request, State},
    http::{HeaderValue, header},
    response::Response,
};
use payment_form::domain::invoice::CustomerId;
use std::time::Instant;

/// `GET /v1/customers/{id}/…`: the vendor's list, for who may see the customer.
pub async fn list(State(state): State<SharedState>, Path(id): Path<String>, request: Request) -> Response {
    let may_read = |principal: Principal| CustomerId::parse(&id).is_some_and(|customer| principal.may_read(customer));
    let path = path(&request);
    let may_read = auth::principal(&request).map(may_read);
    drop(request);
    match may_read {
        Ok(true) => cached_list(&state, Contract::Fusebill, &path).await,
        Ok(false) => ApiError::NotFound.response(Contract::Fusebill),
        Err(refusal) => refusal.response(Contract::Fusebill),
    }
}

/// `GET /payments`: the vendor's list of records, for who may keep records.
pub async fn records(State(state): State<SharedState>, request: Request) -> Response {
    let (path, may_keep) = (path(&request), caller::principal(Contract::MaiaScore, &request));
    drop(request);
    match may_keep {
        Ok(_) => cached_list(&state, Contract::MaiaScore, &path).await,
        Err(refusal) => refusal.response(Contract::MaiaScore),
    }
}

/// `GET /payments/{id}`: the vendor's record, for who may keep records.
pub async fn due_item(State(state): State<SharedState>, Path(id): Path<String>, request: Request) -> Response {
    let (path, may_keep) = (path(&request), caller::principal(Contract::MaiaScore, &request));
    drop(request);
    match may_keep {
        Ok(_) if !super::maiascore::is_id(&id) => ApiError::NotFound.response(Contract::MaiaScore),
        Ok(_) => passed_on(Contract::MaiaScore, ask(&state, &path).await, |_| true),
        Err(refusal) => refusal.response(Contract::MaiaScore),
    }
}

/// `GET /v1/payments/{id}` and `GET /v1/invoices/{id}`: the vendor's record, for who may see its customer.
pub async fn record(State(state): State<SharedState>, Path(id): Path<String>, request: Request) -> Response {
    let principal = match auth::principal(&request) {
        Ok(principal) => principal,
        Err(refusal) => return refusal.response(Contract::Fusebill),
    };
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return ApiError::NotFound.response(Contract::Fusebill);
    }
    let path = path(&request);
    drop(request);
    passed_on(Contract::Fusebill, ask(&state, &path).await, move |body| {
        let customer = relaxed_json::read(body).ok().and_then(|read| whole_number(&read, "customerId"));
        principal.may_act_for(customer)
    })
}

/// The vendor's paths are this server's.
fn path(request: &Request) -> String {
    request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string)
}

async fn cached_list(state: &SharedState, contract: Contract, path: &str) -> Response {
    if let Some(reply) = state.lists.find(path) {
        return passed_on(contract, Ok(reply), |_| true);
    }
    let asked_at = Instant::now();
    let reply = ask(state, path).await;
    if let Ok(reply) = &reply {
        state.lists.keep(path, asked_at, reply);
    }
    passed_on(contract, reply, |_| true)
}

async fn ask(state: &SharedState, path: &str) -> Result<Reply, ApiError> {
    vendor(state)?.get(path).await.map_err(VendorFault::before_read)
}

fn passed_on(contract: Contract, reply: Result<Reply, ApiError>, may_see: impl FnOnce(&[u8]) -> bool) -> Response {
    let reply = match reply {
        Ok(reply) => reply,
        Err(refusal) => return refusal.response(contract),
    };
    match reply.status {
        200 if may_see(&reply.body) => {
            let mut response = Response::new(Body::from(reply.body));
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
            if let Some(last) = reply.page_max {
                headers.insert("x-maxpageindex", last);
            }
            response
        }
        200 | 404 => ApiError::NotFound.response(contract),
        400 => Answer { status: 400, body: String::from_utf8_lossy(&reply.body).into_owned() }.response(),
        _ => VendorFault::of(&reply).before_read().response(contract),
    }
}
