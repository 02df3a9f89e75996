//! Lists the routes, and builds the router.

use crate::{
    auth::{self, Principal, Tokens},
    dev::{bench, reset},
    error::ApiError,
    fusebill, maiascore, middleware, pages,
    response::{self, Contract},
    scrape,
    state::SharedState,
    upstream::{attempt, lists, staff},
};
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::{MethodRouter, delete, get, post},
};
use std::sync::Arc;

/// Builds the router. A path with a slash at its end is the same route as without.
pub fn router(state: SharedState) -> Router {
    let all = |routes: Vec<Route>| routes.into_iter().fold(Router::new(), add_route);
    let has_tokens = state.config.token_files.secret.is_some() || state.config.token_files.jwks.is_some();
    let mut open = open_routes();
    let mut routes = match &state.vendor {
        Some(vendor) => upstream_routes(vendor.contract),
        None => api_routes(),
    };
    if has_tokens {
        routes.push(("/session", post(open_session)));
        open.push(("/session", delete(close_session)));
    }
    if state.config.demo && state.vendor.is_none() {
        routes.push(("/demo/reset", post(reset::reset)));
    }
    routes.push(("/metrics", get(scrape::scrape)));
    all(routes)
        .route_layer(from_fn_with_state(Arc::clone(&state), middleware::admit))
        .merge(all(open))
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(pages::serve)
        .layer(from_fn_with_state(Arc::clone(&state), middleware::wrap))
        .with_state(state)
}

type Route = (&'static str, MethodRouter<SharedState>);

/// The routes that need credentials.
fn api_routes() -> Vec<Route> {
    vec![
        ("/v1/payments", post(fusebill::create)),
        ("/v1/payments/resolve", post(fusebill::resolve)),
        ("/v1/payments/{id}", get(fusebill::payment)),
        ("/v1/invoices/{id}", get(fusebill::invoice)),
        ("/v1/customers/{id}/invoiceSummaries", get(fusebill::invoice_summaries)),
        ("/v1/customers/{id}/paymentMethods/all", get(fusebill::payment_methods)),
        ("/v1/customers/{id}/paymentactivities", get(fusebill::payment_activities)),
        ("/payments", post(maiascore::create).get(maiascore::list)),
        ("/payments/resolve", post(maiascore::resolve)),
        ("/payments/{id}", get(maiascore::record)),
    ]
}

/// The routes that need credentials, where a vendor stands behind this server.
fn upstream_routes(contract: Contract) -> Vec<Route> {
    let mut routes = match contract {
        Contract::Fusebill => vec![
            ("/v1/payments", post(attempt::create)),
            ("/v1/payments/resolve", post(attempt::resolve)),
            ("/v1/payments/{id}", get(lists::record)),
            ("/v1/invoices/{id}", get(lists::record)),
            ("/v1/customers/{id}/invoiceSummaries", get(lists::list)),
            ("/v1/customers/{id}/paymentMethods/all", get(lists::list)),
            ("/v1/customers/{id}/paymentactivities", get(lists::list)),
        ],
        Contract::MaiaScore => vec![
            ("/payments", post(attempt::create).get(lists::records)),
            ("/payments/resolve", post(attempt::resolve)),
            ("/payments/{id}", get(lists::due_item)),
        ],
    };
    routes.extend(
        [("/attempts", get(staff::list_attempts)), ("/attempts/{key}/settle", post(staff::settle_by_hand))] as [Route; 2]
    );
    routes
}

/// The routes that tell nobody's secrets.
fn open_routes() -> Vec<Route> {
    vec![
        ("/healthz", get(healthz)),
        ("/readyz", get(readyz)),
        ("/openapi.json", get(openapi)),
        ("/bench/invoices", get(bench::invoices)),
    ]
}

/// The paths of all routes but the files, as `openapi.json` must describe them.
pub fn paths() -> impl Iterator<Item = &'static str> {
    let upstream = [Contract::Fusebill, Contract::MaiaScore].into_iter().flat_map(upstream_routes);
    let routes = api_routes().into_iter().chain(upstream).chain(open_routes());
    routes.map(|(path, _)| path).chain(["/session", "/metrics"])
}

/// Adds a route, and the same route with a slash at its end.
fn add_route(router: Router<SharedState>, (path, methods): Route) -> Router<SharedState> {
    router.route(path, methods.clone()).route(&format!("{path}/"), methods)
}

/// `POST /session`: the portal's page hands its token over once, and gets it back as a cookie that no script can read.
async fn open_session(State(state): State<SharedState>, request: Request) -> Response {
    let user = match auth::principal(&request) {
        Ok(Principal::User(user)) => user,
        Ok(_) => return ApiError::Forbidden("Only a token of the portal's own opens a session.").response(Contract::Fusebill),
        Err(refusal) => return refusal.response(Contract::Fusebill),
    };
    let authorization = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = authorization.and_then(|value| value.split_once(' ')).map(|(_, token)| token.trim());
    match token.and_then(|token| Tokens::cookie(token, &user, state.clock.seconds())) {
        Some(cookie) => with_cookie(cookie),
        None => {
            ApiError::Forbidden("A session is opened with the token in the Authorization header.").response(Contract::Fusebill)
        }
    }
}

/// `DELETE /session` needs no credentials, because no script reaches the cookie: a page could not get rid of one whose token has ended.
async fn close_session(headers: HeaderMap) -> Response {
    if auth::is_same_origin(&headers) {
        with_cookie(Tokens::no_cookie())
    } else {
        ApiError::Forbidden("A session can be ended only from the page that it was given to.").response(Contract::Fusebill)
    }
}

fn with_cookie(cookie: HeaderValue) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    response
}

/// The process answers. `/readyz` tells whether it can store a payment.
async fn healthz() -> Response {
    response::json(200, "{\"status\":\"ok\"}")
}

/// `GET /readyz`
async fn readyz(State(state): State<SharedState>) -> Response {
    match state.readiness.check(&state.ledger, state.vendor.as_ref()).await {
        Ok(()) => response::json(200, "{\"status\":\"ready\"}"),
        Err(refusal) => refusal.response(Contract::Fusebill),
    }
}

async fn openapi() -> Response {
    response::json(200, include_str!("../openapi.json"))
}

/// Answers the methods that a route does not have. axum names the others in `Allow`. OPTIONS asks for that header, so it is no error; otherwise
/// the form's question for redirects would be an error in the console. A preflight of an unlisted origin stays refused.
async fn method_not_allowed(request: Request) -> Response {
    if request.method() == Method::OPTIONS && !middleware::is_preflight(&request) {
        return StatusCode::NO_CONTENT.into_response();
    }
    ApiError::MethodNotAllowed.response(Contract::of(request.uri().path()))
}
