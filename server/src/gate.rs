//! What stands before every API route, in this order: credentials, rate limit, size and type of the body.
//!
//! A request that is refused here is still read to its end, within limits: a client that is cut off while it sends would see a broken
//! connection instead of the answer, and could not know that nothing was done.

use crate::{
    answer::Contract,
    app::Shared,
    attempt,
    credentials::Principal,
    idempotency::Key,
    refusal::Refusal,
    relaxed_json::{self, Json},
};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::Response,
};
use http_body_util::BodyExt;
use std::time::{Duration, Instant};

/// The largest body: 10,000 shares need less.
pub const BODY_MAX: usize = 2 * 1024 * 1024;
/// How much of a body that is too large is still read, for the answer's sake.
const DISCARD_MAX: usize = 32 * 1024 * 1024;
/// How long a body may take.
const READ_WITHIN: Duration = Duration::from_secs(30);

/// The type of a body, as its header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyType {
    /// `application/json`
    Json,
    /// `application/xml` or `text/xml`
    Xml,
    /// `application/x-www-form-urlencoded`
    Form,
}

/// Lets a request with known credentials through, often enough; who it is goes along with request and response.
pub async fn admit(State(app): State<Shared>, mut request: Request, next: Next) -> Response {
    let checked = app.credentials.principal(request.method(), request.headers(), app.clock.seconds()).and_then(|principal| {
        let counted = app.rate_limit.count(&principal.name(), Instant::now());
        counted.map_err(Refusal::TooMany).map(|()| principal)
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
            discard(request.into_body()).await;
            refusal.response(contract)
        }
    }
}

/// A request's principal. [`admit`] put it there.
///
/// # Errors
/// [`Refusal::Unauthenticated`] on a route that does not stand behind [`admit`].
pub fn principal(request: &Request) -> Result<Principal, Refusal> {
    request.extensions().get().cloned().ok_or(Refusal::Unauthenticated)
}

/// Reads a body of one of the types that the route documents.
///
/// # Errors
/// [`Refusal::UnsupportedType`] with `sentence`, [`Refusal::TooLarge`], or [`Refusal::Unavailable`] when it does not come in time.
pub async fn body(request: Request, accepted: &[BodyType], sentence: &'static str) -> Result<(BodyType, Vec<u8>), Refusal> {
    let body_type = body_type(request.headers()).filter(|found| accepted.contains(found));
    let body = request.into_body();
    let Some(body_type) = body_type else {
        discard(body).await;
        return Err(Refusal::UnsupportedType(sentence));
    };
    let read = tokio::time::timeout(READ_WITHIN, read(body)).await.map_err(|_| Refusal::Unavailable)??;
    Ok((body_type, read))
}

async fn read(mut body: Body) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Refusal::Malformed("Api Error".to_owned(), "The request ended too early.".to_owned()))?;
        let Ok(data) = frame.into_data() else { continue };
        if bytes.len() + data.len() > BODY_MAX {
            discard(body).await;
            return Err(Refusal::TooLarge);
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}

/// Reads a body away, up to a limit.
async fn discard(mut body: Body) {
    let rest = async {
        let mut count = 0;
        while let Some(Ok(frame)) = body.frame().await {
            count += frame.data_ref().map_or(0, |data| data.len());
            if count > DISCARD_MAX {
                break;
            }
        }
    };
    // Whoever sends slower than this is answered all the same.
    let _ = tokio::time::timeout(READ_WITHIN, rest).await;
}

/// Settles an attempt: `{"key": "..."}`, the same for both contracts.
pub async fn resolve(app: Shared, contract: Contract, request: Request) -> Response {
    match read_resolve(request).await {
        Ok((principal, key)) => attempt::resolve(app, contract, principal, key).await,
        Err(refusal) => refusal.response(contract),
    }
}

async fn read_resolve(request: Request) -> Result<(Principal, Key), Refusal> {
    let principal = principal(&request)?;
    let (_, body) = body(request, &[BodyType::Json], "The body must be application/json.").await?;
    let key = match relaxed_json::read(&body) {
        Ok(Json::Object(members)) => match members.get("key") {
            Some(Json::Text(text)) => Key::parse(text),
            _ => None,
        },
        _ => None,
    };
    let words = "The body must be {\"key\": \"...\"} with 16 to 64 letters, digits, - and _.";
    key.map(|key| (principal, key)).ok_or_else(|| Refusal::Malformed("key".to_owned(), words.to_owned()))
}

/// The type that the header names; any charset but UTF-8 is another type.
fn body_type(headers: &HeaderMap) -> Option<BodyType> {
    let text = headers.get(header::CONTENT_TYPE)?.to_str().ok()?.to_ascii_lowercase();
    let mut parts = text.split(';').map(str::trim);
    let body_type = match parts.next()? {
        "application/json" => BodyType::Json,
        // The older of its two names.
        "application/xml" | "text/xml" => BodyType::Xml,
        "application/x-www-form-urlencoded" => BodyType::Form,
        _ => return None,
    };
    let charset = parts.find_map(|part| part.strip_prefix("charset="));
    matches!(charset.map(|name| name.trim_matches('"')), None | Some("utf-8" | "utf8")).then_some(body_type)
}
