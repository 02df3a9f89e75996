//! What an answer means: one rule for both APIs.
//!
//! The HTTP status decides the class; a body only adds a record or words. Whoever is in doubt ends as *unknown*: a payment is called refused
//! only by an answer that says so in a documented shape.

use super::message::{Outcome, Response, Sent};
use crate::domain::{
    problem::{Cause, Field, Problem},
    receipt::{Difference, Receipt, differences},
};

/// The longest wait that is believed, in seconds: a day.
const RETRY_AFTER_MAX: u32 = 86_400;

/// How many characters of a body that nobody understands are shown.
const EXCERPT_MAX: usize = 200;

/// What one API's reader found in a body.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// A whole record, with an id and an amount.
    pub(super) record: Option<Box<Receipt>>,
    /// What was wrong, if the body is an error in a documented shape. Such a body has at least one.
    pub(super) refusals: Vec<Problem>,
}

/// Decides what an answer means, given what its body says.
pub(super) fn classify(response: &Response, sent: &Sent, said: Said) -> Outcome {
    let Said { record: receipt, refusals } = said;
    let words = words(&refusals, &response.body);
    let status = response.status;
    let echo = Echo::of(response, sent);
    let is_refused =
        receipt.is_none() && !refusals.is_empty() && (echo == Echo::Ours || (echo == Echo::None && !sent.honours_keys));
    match (status, receipt) {
        (200 | 201, Some(receipt)) if refusals.is_empty() && echo != Echo::Foreign => {
            let differences = differences(&sent.expected, &receipt);
            // What the record leaves out is no difference, but one that does not say whose payment it is may be anybody's.
            let expected = &sent.expected;
            let says_whose = receipt.customer.is_some() == expected.customer.is_some()
                && receipt.amount_due.is_some() == expected.amount_due.is_some();
            if echo == Echo::Ours || (says_whose && !differences.iter().any(Difference::is_identity)) {
                Outcome::Recorded { receipt, differences }
            } else {
                Outcome::Unknown { status: Some(status), receipt: Some(receipt), words }
            }
        }
        (409, None) if mentions_key(&response.body) => Outcome::InProgress { retry_after: retry_after(response) },
        (422, None) if mentions_key(&response.body) => Outcome::Unknown { status: Some(status), receipt: None, words },
        (400 | 409 | 410 | 422, None) if is_refused => Outcome::Rejected { status, problems: refusals },
        // The burnt key needs no words: nothing else answers 410 and knows our key.
        (410, None) if echo == Echo::Ours => {
            Outcome::Rejected { status, problems: vec![refusal(None, words.unwrap_or_default())] }
        }
        (401 | 403 | 404 | 405 | 406 | 413 | 415 | 429, None) => {
            Outcome::Held { status, retry_after: retry_after(response), words }
        }
        (status, receipt) => Outcome::Unknown { status: Some(status), receipt, words },
    }
}

/// Whose key an answer carries.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Echo {
    None,
    Ours,
    Foreign,
}

impl Echo {
    fn of(response: &Response, sent: &Sent) -> Self {
        match (&response.key, &sent.key) {
            (Some(echoed), Some(sent)) if echoed.trim().trim_matches('"') == sent => Self::Ours,
            (Some(_), Some(_)) => Self::Foreign,
            _ => Self::None,
        }
    }
}

/// A refusal in the server's own words that belongs to no field.
pub(super) fn refusal(key: Option<String>, message: String) -> Problem {
    Problem::new(Field::Form, Cause::Server { key, message })
}

/// Whether the answer speaks of the idempotency key rather than of the payment. A text that only quotes these words is misread as *unknown*,
/// which is the safe way round.
fn mentions_key(body: &[u8]) -> bool {
    const NAME: &[u8] = b"idempotency-key";
    body.windows(NAME.len()).any(|part| part.eq_ignore_ascii_case(NAME))
}

/// `Retry-After` in seconds: whoever knows the time has made them of a moment. A negative number and garbage say nothing that can be waited
/// for.
fn retry_after(response: &Response) -> Option<u32> {
    let text = response.retry_after.as_deref()?.trim();
    let is_number = !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(RETRY_AFTER_MAX).min(RETRY_AFTER_MAX))
}

/// The server's own words: those of its refusals, or else the beginning of a plain text. HTML is no words: a proxy's page says nothing about
/// the payment.
fn words(refusals: &[Problem], body: &[u8]) -> Option<String> {
    let mut all = String::new();
    for problem in refusals {
        if let Cause::Server { message, .. } = &problem.cause
            && !message.is_empty()
        {
            all.push_str(if all.is_empty() { "" } else { "; " });
            all.push_str(message);
        }
    }
    if all.is_empty() {
        let text = std::str::from_utf8(body).ok()?.trim();
        if text.starts_with(['<', '{', '[', '"', '\u{FEFF}']) || text == "null" || text.contains('\0') {
            return None;
        }
        all.extend(text.chars().take(EXCERPT_MAX));
    }
    (!all.is_empty()).then_some(all)
}
