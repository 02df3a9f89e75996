//! Decides the outcome of an answer, by one rule for both APIs.
//!
//! The HTTP status decides the class; a body only adds a record or words. An answer in doubt ends as *unknown*: a payment is called refused
//! only by an answer that says so in a documented shape.

use super::{
    error_body,
    message::{Outcome, Response, SentPayment},
};
use crate::domain::{
    problem::{Field, Problem},
    receipt::{Difference, Receipt, differences},
};

/// The longest accepted wait, in seconds: a day.
const RETRY_AFTER_MAX: u32 = 86_400;

/// The findings of one API's reader in a body.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// A whole record, with an id and an amount.
    pub(super) record: Option<Box<Receipt>>,
    /// The words of an error, at their fields.
    pub(super) problems: Vec<Problem>,
    /// True when the error has a shape of the API's own.
    pub(super) is_own: bool,
    /// True when the body gives itself the code of a success.
    pub(super) claims_success: bool,
}

/// Decides the outcome of an answer from its status, its key and the findings in its body.
pub(super) fn classify(response: &Response, sent: &SentPayment, findings: Findings) -> Outcome {
    let Findings { record: receipt, problems, is_own, claims_success } = findings;
    let words = if problems.is_empty() { error_body::problem_of_text(&response.body).into_iter().collect() } else { problems };
    let status = response.status;
    let echo = KeyEcho::of(response, sent);
    let is_believed = echo == KeyEcho::Ours || (echo == KeyEcho::None && !sent.honours_keys && is_own);
    let is_refusal = is_believed && !words.is_empty() && !claims_success;
    match (status, receipt) {
        (200 | 201, Some(receipt)) if words.is_empty() && echo != KeyEcho::Foreign => {
            let differences = differences(&sent.expected, &receipt);
            // A field that the record leaves out is no difference. But a record without a customer may be another customer's payment.
            let expected = &sent.expected;
            let says_whose = receipt.customer.is_some() == expected.customer.is_some()
                && receipt.amount_due.is_some() == expected.amount_due.is_some();
            if echo == KeyEcho::Ours || (says_whose && !differences.iter().any(Difference::is_identity)) {
                Outcome::Recorded { receipt, differences }
            } else {
                Outcome::Unknown { status: Some(status), receipt: Some(receipt), words, is_other_payload: false }
            }
        }
        (409, None) if names_key(response, sent) => Outcome::InProgress { retry_after: retry_after(response), words },
        (422, None) if names_key(response, sent) => {
            Outcome::Unknown { status: Some(status), receipt: None, words, is_other_payload: true }
        }
        (400 | 402 | 409 | 410 | 422, None) if is_refusal => Outcome::Rejected { status, problems: words },
        // A server that answers 410 under our key has cancelled it, whatever its body says.
        (410, None) if echo == KeyEcho::Ours => {
            let no_words = || vec![error_body::problem(Field::Form, None, String::new())];
            Outcome::Rejected { status, problems: if words.is_empty() { no_words() } else { words } }
        }
        (401 | 403 | 404 | 405 | 406 | 413 | 415 | 429, None) => {
            Outcome::Held { status, retry_after: retry_after(response), words }
        }
        (status, receipt) => Outcome::Unknown { status: Some(status), receipt, words, is_other_payload: false },
    }
}

/// The key that an answer carries, compared with the sent one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum KeyEcho {
    None,
    Ours,
    Foreign,
}

impl KeyEcho {
    fn of(response: &Response, sent: &SentPayment) -> Self {
        match (&response.key, &sent.key) {
            (Some(echoed), Some(sent)) if echoed.trim().trim_matches('"') == sent => Self::Ours,
            (Some(_), Some(_)) => Self::Foreign,
            _ => Self::None,
        }
    }
}

/// Tells whether the answer is about the idempotency key and not about the payment. It names the header in any spelling, or the
/// key itself. A text that only quotes the name is read as *unknown*, which is the safe mistake.
fn names_key(response: &Response, sent: &SentPayment) -> bool {
    let letters: String = String::from_utf8_lossy(&response.body)
        .chars()
        .filter(|c| !matches!(c, '-' | '_' | ' '))
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let own = sent.key.as_deref().map(|key| key.replace(['-', '_'], "").to_ascii_lowercase());
    letters.contains("idempotencykey") || own.is_some_and(|own| letters.contains(&own))
}

/// `Retry-After` in seconds. A timestamp is compared with the reply's own `Date`. `None` without a `Date`, and for a negative number or an
/// unreadable text.
fn retry_after(response: &Response) -> Option<u32> {
    let text = response.retry_after.as_deref()?.trim();
    let is_number = !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    let seconds = if is_number {
        text.parse().unwrap_or(RETRY_AFTER_MAX)
    } else {
        let until = httpdate::parse_http_date(text).ok()?;
        let now = httpdate::parse_http_date(response.date.as_deref()?.trim()).ok()?;
        // A timestamp in the past means no wait.
        let left = until.duration_since(now).unwrap_or_default();
        u32::try_from(left.as_secs()).unwrap_or(RETRY_AFTER_MAX)
    };
    Some(seconds.min(RETRY_AFTER_MAX))
}
