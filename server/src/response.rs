//! Writes answers: JSON with exact numbers, and the shapes in which each API refuses.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use rust_decimal::Decimal;
use serde::{Serialize, Serializer, ser::Error};
use serde_json::value::RawValue;

pub use crate::idempotency::Answer;

/// A decimal as a bare JSON number with exactly its own digits.
#[derive(Clone, Copy, Debug)]
pub struct Number(pub Decimal);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.0.to_string()).map_err(S::Error::custom)?.serialize(serializer)
    }
}

/// The API whose shapes an answer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contract {
    /// `Errors: [{Key, Value}]`.
    Fusebill,
    /// `{code, message}`.
    MaiaScore,
}

impl Contract {
    /// The contract that a path belongs to. Paths of neither (the demo, `/healthz`) refuse in Fusebill's shape.
    pub fn of(path: &str) -> Self {
        let first = path.trim_start_matches('/').split('/').next();
        if first == Some("payments") { Self::MaiaScore } else { Self::Fusebill }
    }
}

impl Answer {
    /// Writes a value as the body.
    pub fn new(status: u16, value: &impl Serialize) -> Self {
        // Only maps with odd keys and failing writers make serde_json fail, and there are none here.
        let body = serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned());
        Self { status, body }
    }

    /// A refusal with one reason or several, in the shape of the contract.
    ///
    /// At most [`ERRORS_MAX`] are named; the last one then says how many more there are, so that a stored refusal stays small.
    pub fn refused(contract: Contract, status: u16, errors: &[FieldError]) -> Self {
        let mut named = errors.get(..ERRORS_MAX).unwrap_or(errors).to_vec();
        if errors.len() > named.len() {
            named.push(FieldError::new("Api Error", format!("{} more are wrong.", errors.len() - named.len())));
        }
        let errors = named.as_slice();
        match contract {
            Contract::Fusebill => Self::new(status, &FusebillErrors { error_id: 0, http_status_code: status, errors }),
            Contract::MaiaScore => {
                let words = errors.iter().map(|error| match error.key.as_str() {
                    "Api Error" => error.value.clone(),
                    key => format!("{key}: {}", error.value),
                });
                Self::new(status, &MaiaScoreError { code: status, message: &words.collect::<Vec<_>>().join(" ") })
            }
        }
    }

    /// The answer as it goes over the connection.
    pub fn response(self) -> Response {
        json(self.status, self.body)
    }
}

/// The most things that one refusal names.
pub const ERRORS_MAX: usize = 20;
/// The most characters of a key or a sentence.
const WORDS_MAX: usize = 500;

/// One thing that is wrong with a request, as Fusebill names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct FieldError {
    /// The property's path, such as `payment.PaymentAllocations[0].Amount`.
    pub key: String,
    /// In words.
    pub value: String,
}

impl FieldError {
    /// Names what is wrong.
    pub fn new(key: impl Into<String>, value: impl Into<String>) -> Self {
        let (mut key, mut value) = (key.into(), value.into());
        // Both may repeat a part of the request.
        for text in [&mut key, &mut value] {
            if let Some((end, _)) = text.char_indices().nth(WORDS_MAX) {
                text.truncate(end);
                text.push('…');
            }
        }
        Self { key, value }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct FusebillErrors<'a> {
    error_id: u32,
    http_status_code: u16,
    errors: &'a [FieldError],
}

#[derive(Serialize)]
struct MaiaScoreError<'a> {
    code: u16,
    message: &'a str,
}

/// The body with which MaiaScore refuses under 403, 404 and, as its default, everything unexpected: the document's own, word for word.
pub const MAIASCORE_SERVER_ERROR: &str = "{\n  \"code\": 500,\n  \"message\": \"Error - Server Error\"\n}";

/// A JSON response.
pub fn json(status: u16, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    response
}
