//! Wraps every request: the Host check, CORS, security headers and one line in the log; before the API routes, credentials and the rate limit.

use crate::{
    activity::Activity,
    auth::Principal,
    body,
    error::ApiError,
    hash,
    idempotency::Key,
    response::Contract,
    state::{AppState, SharedState},
    telemetry::{self, RecordedPayment, RequestId},
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

static REQUESTS: AtomicU64 = AtomicU64::new(1);

/// The address at the other end of the connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// The sender of a request, as far as the network tells.
#[derive(Clone, Copy, Debug)]
pub struct Client {
    /// The client's address: the peer's, or the one that a trusted proxy names.
    pub address: IpAddr,
    /// True when the client speaks TLS, as a trusted proxy says.
    pub is_https: bool,
}

impl Client {
    fn of(state: &AppState, request: &Request) -> Self {
        // A socket of both families tells 192.0.2.1 as ::ffff:192.0.2.1.
        let peer = request.extensions().get().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |Peer(address)| address.to_canonical());
        if !state.config.trusts(peer) {
            return Self { address: peer, is_https: false };
        }
        let is_https = forwarded(request.headers(), "x-forwarded-proto").first().is_some_and(|scheme| *scheme == "https");
        let mut address = peer;
        for named in forwarded(request.headers(), "x-forwarded-for") {
            // Every proxy appends the address that it sees, so what stands before an untrusted address is a client's own word.
            let Ok(named) = named.parse::<IpAddr>() else { break };
            address = named.to_canonical();
            if !state.config.trusts(address) {
                break;
            }
        }
        Self { address, is_https }
    }

    /// The name under which the client's failed logins are counted. A host has a whole IPv6 network of 64 bits, and its guesses from all
    /// of these addresses are one host's.
    fn login_name(self) -> String {
        match self.address {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).to_string(),
        }
    }
}

/// The values of a forwarded header, the last one first. A header may stand on several lines, which are one list.
fn forwarded<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
    let lines = headers.get_all(name).iter().map(|line| line.to_str().unwrap_or_default());
    let mut values: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    values.reverse();
    values
}

/// Wraps the whole router.
pub async fn wrap(State(app): State<SharedState>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let origin = allowed_origin(&app, request.headers());
    let (logged_path, key_in_path) = without_key(&path);
    let key = key_in_path.or_else(|| request.headers().get("idempotency-key")?.to_str().ok());
    // A header may put quotes around a key; the other lines about the key know it without them.
    let key =
        key.map(|text| Key::parse(text).map_or_else(|| hash::short(text.as_bytes()), |key| hash::short(key.as_str().as_bytes())));
    let client = Client::of(&app, &request);
    let id = RequestId(format!("{:x}-{}", std::process::id(), REQUESTS.fetch_add(1, Ordering::Relaxed)));
    request.extensions_mut().insert(client);
    request.extensions_mut().insert(id.clone());
    let line = LogLine { app: Arc::clone(&app), id: id.clone(), method, path: logged_path, key, started, outcome: None };
    let mut response = if let Some(refusal) = refuse(&app, &request) {
        refusal.response(Contract::of(&path))
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
    if let Ok(id) = HeaderValue::from_str(&id.0) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    // An answer without a caching header is an API's, and must not be cached, because it is about a customer's money.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if client.is_https {
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
    line.end(&response);
    response
}

/// The reason to refuse a request before its route is known.
fn refuse(app: &AppState, request: &Request) -> Option<ApiError> {
    let headers = request.headers();
    let hosts = headers.get_all(header::HOST).iter().count();
    let is_missing = hosts == 0 && request.version() == Version::HTTP_11;
    if hosts > 1 || is_missing {
        return Some(ApiError::malformed("Host", "A request has one Host header."));
    }
    if !app.config.demo {
        return None;
    }
    if !is_local_host(headers) {
        return Some(ApiError::Forbidden("In development mode this server answers only to localhost."));
    }
    let is_forwarded = |name: &HeaderName| name == "forwarded" || name.as_str().starts_with("x-forwarded-");
    let forwarded = headers.keys().any(is_forwarded);
    forwarded.then_some(ApiError::Forbidden("In development mode this server answers no request that a proxy forwards."))
}

/// Lets a request with known credentials through, often enough; who it is goes along with request and response.
pub async fn admit(State(app): State<SharedState>, mut request: Request, next: Next) -> Response {
    match checked(&app, &request) {
        Ok(principal) => {
            if let Some(activity) = request.extensions().get::<Arc<Activity>>() {
                activity.mark_known();
            }
            request.extensions_mut().insert(principal.clone());
            let mut response = next.run(request).await;
            response.extensions_mut().insert(principal);
            response
        }
        Err(refusal) => {
            let contract = Contract::of(request.uri().path());
            body::discard(request).await;
            refusal.response(contract)
        }
    }
}

fn checked(app: &AppState, request: &Request) -> Result<Principal, ApiError> {
    let now = Instant::now();
    let address = request.extensions().get().copied().map(Client::login_name).unwrap_or_default();
    let found = app.credentials.principal(request.method(), request.headers(), app.clock.seconds());
    // Right credentials are never held up, because a stranger at the same address could hold them up for ever. So the limit bounds the work
    // and the noise of guesses; what keeps guesses from succeeding is the length of a secret, which the configuration checks. A request
    // without credentials guesses nothing.
    if found == Err(ApiError::Unauthenticated) && app.credentials.are_in(request.headers()) {
        app.failed_logins.count(&address, now).map_err(ApiError::TooMany)?;
    }
    let principal = found?;
    app.rate_limit.count(&principal.name(), now).map_err(ApiError::TooMany)?;
    Ok(principal)
}

/// The request's line in the log; it is written also when the client goes away before the answer.
struct LogLine {
    app: SharedState,
    id: RequestId,
    method: Method,
    path: String,
    key: Option<String>,
    started: Instant,
    outcome: Option<(u16, Option<String>, Option<String>)>,
}

impl LogLine {
    fn end(mut self, response: &Response) {
        let principal = response.extensions().get::<Principal>().map(|principal| hash::short(principal.name().as_bytes()));
        let payment = response.extensions().get::<RecordedPayment>().and_then(|recorded| recorded.0.clone());
        self.outcome = Some((response.status().as_u16(), principal, payment));
    }
}

/// The path for the log, and the idempotency key that stood in it.
fn without_key(path: &str) -> (String, Option<&str>) {
    let key = path.strip_prefix("/attempts/").and_then(|rest| rest.split('/').find(|part| !part.is_empty()));
    let end = if path.trim_end_matches('/').ends_with("/settle") { "/settle" } else { "" };
    (key.map_or_else(|| path.to_owned(), |_| format!("/attempts/{{key}}{end}")), key)
}

/// Never a token, a body, a reference, or a key in full.
impl Drop for LogLine {
    fn drop(&mut self) {
        // Only requests that can see or move money have a line, and those that open and end sessions.
        let is_below = |root: &&str| self.path.strip_prefix(*root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if self.app.config.quiet || !["/v1", "/payments", "/attempts", "/session"].iter().any(is_below) {
            return;
        }
        let (status, principal, payment) = self.outcome.take().unwrap_or_default();
        tracing::info!(
            request = self.id.0,
            method = %self.method,
            path = self.path,
            principal = principal.as_deref().unwrap_or("-"),
            key = self.key.as_deref().unwrap_or("-"),
            payment = payment.map(tracing::field::display),
            status,
            ms = telemetry::milliseconds(self.started.elapsed()),
            "{}",
            if status == 0 { "client gone" } else { "answered" }
        );
    }
}

/// Tells whether the request names this machine as its host. A foreign name that resolves to 127.0.0.1 (DNS rebinding) does not pass.
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

/// Tells whether a browser asks for the permission of another origin.
pub fn is_preflight(request: &Request) -> bool {
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
