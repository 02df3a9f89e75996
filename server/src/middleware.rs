//! Wraps every request: the Host check, CORS, security headers and one line in the log; before the API routes, credentials and the rate limit.

use crate::{
    auth::Principal,
    body,
    error::ApiError,
    hash,
    response::Contract,
    state::{AppState, SharedState},
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Instant,
};

static REQUESTS: AtomicU64 = AtomicU64::new(1);

/// Wraps the whole router.
pub async fn wrap(State(app): State<SharedState>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let origin = allowed_origin(&app, request.headers());
    let key = request.headers().get("idempotency-key").map(|key| short_hash(key.as_bytes()));
    let behind_tls = request.headers().get("x-forwarded-proto").is_some_and(|scheme| scheme == "https");
    let mut response = if app.config.is_development() && !is_local_host(request.headers()) {
        ApiError::Forbidden("In development mode this server answers only to localhost.").response(Contract::of(&path))
    } else if let (Some(_), true) = (&origin, is_preflight(&request)) {
        preflight()
    } else {
        next.run(request).await
    };

    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));
    // What says nothing about caching is an answer of an API, and those are about somebody's money.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if behind_tls {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    if app.config.close_connections {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    if !app.config.allowed_origins.is_empty() {
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
    }
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        let readable = HeaderValue::from_static("date, idempotency-key, idempotent-replayed, retry-after, x-maxpageindex");
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, readable);
    }
    if !app.config.quiet && is_api(&path) {
        log(&method, &path, &response, key, started);
    }
    response
}

/// Lets a request with known credentials through, often enough; who it is goes along with request and response.
pub async fn admit(State(app): State<SharedState>, mut request: Request, next: Next) -> Response {
    let checked = app.credentials.principal(request.method(), request.headers(), app.clock.seconds()).and_then(|principal| {
        let counted = app.rate_limit.count(&principal.name(), Instant::now());
        counted.map_err(ApiError::TooMany).map(|()| principal)
    });
    match checked {
        Ok(principal) => {
            request.extensions_mut().insert(principal.clone());
            let mut response = next.run(request).await;
            response.extensions_mut().insert(principal);
            response
        }
        Err(refusal) => {
            let contract = Contract::of(request.uri().path());
            body::discard(request.into_body()).await;
            refusal.response(contract)
        }
    }
}

/// Which requests the log is about: those that can see or move money.
fn is_api(path: &str) -> bool {
    path.starts_with("/v1/") || path == "/payments" || path.starts_with("/payments/")
}

/// One line; never a token, a body, a reference, or a key in full.
fn log(method: &Method, path: &str, response: &Response, key: Option<String>, started: Instant) {
    let number = REQUESTS.fetch_add(1, Ordering::Relaxed);
    let principal = response.extensions().get::<Principal>().map(|principal| short_hash(principal.name().as_bytes()));
    eprintln!(
        "request={number} method={method} path={path} principal={} key={} status={} ms={:.1}",
        principal.as_deref().unwrap_or("-"),
        key.as_deref().unwrap_or("-"),
        response.status().as_u16(),
        started.elapsed().as_secs_f32() * 1000.0,
    );
}

fn short_hash(bytes: &[u8]) -> String {
    hash::hex(hash::sha256(&[bytes]).get(..6).unwrap_or_default())
}

/// Whether the request names this machine as its host. A foreign name that resolves to 127.0.0.1 (DNS rebinding) does not pass.
fn is_local_host(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

/// The request's origin, if it is on the list; compared whole, so `good.test.evil.test` is not `good.test`.
fn allowed_origin(app: &AppState, headers: &HeaderMap) -> Option<HeaderValue> {
    let origin = headers.get(header::ORIGIN)?;
    app.config.allowed_origins.iter().any(|allowed| origin == allowed.as_str()).then(|| origin.clone())
}

fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

fn preflight() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
    let sendable = HeaderValue::from_static("authorization, content-type, idempotency-key");
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, sendable);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    response
}
