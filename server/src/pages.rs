//! Serves the demo and its pages, and signs a page in where the demo mode is on.

use crate::{
    auth::Session,
    error::ApiError,
    query,
    response::Contract,
    state::{AppState, SharedState},
    static_files,
};
use axum::{
    extract::{Request, State},
    http::{HeaderValue, Method, header},
    response::Response,
};
use payment_form::domain::invoice::CustomerId;

/// The policy under which every page runs: the strictest that the form needs nothing beyond.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     connect-src 'self'; img-src 'self'; font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// The customer of the demo page when its address names none.
const DEMO_CUSTOMER: i64 = 655_080;

/// Every request that no route takes.
pub async fn serve(State(app): State<SharedState>, request: Request) -> Response {
    let path = request.uri().path();
    let refuse = |refusal: ApiError| refusal.response(Contract::of(path));
    let Some(file) = app.files.as_ref().and_then(|files| files.find(path)) else { return refuse(ApiError::NotFound) };
    if request.method() != Method::GET && request.method() != Method::HEAD {
        let mut response = refuse(ApiError::MethodNotAllowed);
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET,HEAD"));
        return response;
    }
    let mut response = match static_files::send(&file, request.headers()).await {
        Ok(response) => response,
        Err(_) => return refuse(ApiError::NotFound),
    };
    if file.name().ends_with(".html") {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY));
        if let Some(cookie) = demo_cookie(&app, &request) {
            headers.insert(header::SET_COOKIE, cookie);
            // A page out of the browser's memory would come without its session, and ask for its customer's data in that of another.
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
    }
    response
}

/// The session that a page gets along, in development mode: as its address says, or a portal customer's.
fn demo_cookie(app: &AppState, request: &Request) -> Option<HeaderValue> {
    let sessions = app.credentials.sessions()?;
    let now = app.clock.seconds();
    let parameters = query::pairs(request);
    let value = |wanted: &str| parameters.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let named = value("customer").and_then(CustomerId::parse);
    let says_nothing = value("customer").is_none() && value("staff").is_none() && value("api").is_none();
    if says_nothing && request.uri().path() != "/" && sessions.of(request.headers(), now).is_some() {
        return None;
    }
    let customer = named.or(CustomerId::new(DEMO_CUSTOMER))?;
    let session = if value("api") == Some("maiascore") {
        Session::Records(customer)
    } else if value("staff").is_some() {
        Session::Staff
    } else {
        Session::Portal(customer)
    };
    sessions.cookie(session, now)
}
