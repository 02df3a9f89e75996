//! Reads request bodies: type, size and time are limited.
//!
//! The body of a refused request is still read to its end, within limits. Otherwise a client that is cut off while it sends sees a broken
//! connection instead of the answer, and cannot know that nothing was done.

use crate::{
    activity::{Activity, ReadingGuard},
    auth::Principal,
    error::ApiError,
};
use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, header},
};
use http_body_util::BodyExt;
use std::time::Duration;

/// The largest body: 10,000 shares need less.
pub const BODY_MAX: usize = 2 * 1024 * 1024;
/// The number of bytes that are still read of a body that is too large, so that its answer arrives.
const DISCARD_MAX: usize = 32 * 1024 * 1024;
/// The timeout of a body.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);
/// The time that the body of a request without credentials has before its refusal is sent.
const UNAUTHENTICATED_TIMEOUT: Duration = Duration::from_secs(2);

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

/// Reads a body of one of the types that the route documents.
///
/// # Errors
/// [`ApiError::UnsupportedType`] with `sentence`, [`ApiError::TooLarge`], or [`ApiError::Unavailable`] when it does not come in time.
pub async fn read(request: Request, accepted: &[BodyType], sentence: &'static str) -> Result<(BodyType, Vec<u8>), ApiError> {
    let body_type = body_type(request.headers()).filter(|found| accepted.contains(found));
    let Some(body_type) = body_type else {
        discard(request).await;
        return Err(ApiError::UnsupportedType(sentence));
    };
    let _reading = reading(&request);
    let body = request.into_body();
    let read = tokio::time::timeout(BODY_TIMEOUT, collect(body)).await.map_err(|_| ApiError::Unavailable)??;
    Ok((body_type, read))
}

async fn collect(mut body: Body) -> Result<Vec<u8>, ApiError> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| ApiError::malformed("Api Error", "The request ended too early."))?;
        let Ok(data) = frame.into_data() else { continue };
        if bytes.len() + data.len() > BODY_MAX {
            drain(body, BODY_TIMEOUT).await;
            return Err(ApiError::TooLarge);
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}

/// Reads and drops the body of a refused request, up to a limit.
pub async fn discard(request: Request) {
    let _reading = reading(&request);
    let is_known = request.extensions().get::<Principal>().is_some();
    drain(request.into_body(), if is_known { BODY_TIMEOUT } else { UNAUTHENTICATED_TIMEOUT }).await;
}

/// While the guard lives, the body is being read and the connection may give way.
fn reading(request: &Request) -> Option<ReadingGuard> {
    request.extensions().get().map(Activity::reading)
}

async fn drain(mut body: Body, within: Duration) {
    let rest = async {
        let mut count = 0;
        while let Some(Ok(frame)) = body.frame().await {
            count += frame.data_ref().map_or(0, |data| data.len());
            if count > DISCARD_MAX {
                break;
            }
        }
    };
    // A body that is slower than the timeout is cut; its request is answered all the same.
    let _ = tokio::time::timeout(within, rest).await;
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
