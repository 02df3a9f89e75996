//! Tells a server's sentence from its machine text: a bare status phrase, a code, an address or a stack trace.

/// The phrases that only say that a request failed, without punctuation.
const PHRASES: [&str; 39] = [
    "access denied",
    "an error occurred",
    "an error has occurred",
    "bad gateway",
    "bad request",
    "bad request exception",
    "conflict",
    "content too large",
    "forbidden",
    "gateway timeout",
    "gone",
    "internal error",
    "internal server error",
    "invalid request",
    "length required",
    "method not allowed",
    "misdirected request",
    "not acceptable",
    "not found",
    "not implemented",
    "page expired",
    "payload too large",
    "payment required",
    "precondition failed",
    "precondition required",
    "proxy authentication required",
    "request entity too large",
    "request timeout",
    "server error",
    "service unavailable",
    "something went wrong",
    "too many requests",
    "unauthorised",
    "unauthorized",
    "unknown error",
    "unprocessable content",
    "unprocessable entity",
    "unsupported media type",
    "validation failed",
];

/// The words that stand before a code or a phrase and say nothing by themselves.
const EMPTY_WORDS: [&str; 11] =
    ["api", "application", "code", "err", "error", "exception", "failed", "failure", "http", "status", "validation"];

/// Tells whether a text is for machines or developers and tells a payer nothing: `Api Error`, `Bad Request`, `E1234`, an address, a stack trace.
///
/// ```
/// use payment_form::words::is_machine_text;
/// assert!(is_machine_text("Bad Request") && is_machine_text("E1234"));
/// assert!(!is_machine_text("Invoice INV-1 is closed.") && !is_machine_text("Abgelehnt"));
/// ```
pub fn is_machine_text(text: &str) -> bool {
    let words = text.split_whitespace().map(bare).filter(|word| !word.is_empty());
    let telling: Vec<&str> = words.skip_while(|word| is_empty_word(word)).collect();
    is_stack(text) || telling.iter().all(|word| is_code(word)) || PHRASES.contains(&telling.join(" ").to_lowercase().as_str())
}

/// A word without the punctuation around it.
fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric() && c != '/')
}

fn is_empty_word(word: &str) -> bool {
    let word = word.to_lowercase();
    EMPTY_WORDS.contains(&word.as_str()) || word.starts_with("http/") || word.chars().all(|c| c.is_ascii_digit())
}

/// A word that people do not use: with a digit, a sign or a capital inside, or all in capitals.
fn is_code(word: &str) -> bool {
    let mut chars = word.chars();
    let is_plain = chars.next().is_some_and(char::is_alphabetic) && chars.all(|c| c.is_lowercase() || !c.is_ascii());
    is_empty_word(word) || (word.is_ascii() && !is_plain)
}

/// A stack trace, or the class of an exception with its message.
fn is_stack(text: &str) -> bool {
    let is_class = |word: &str| {
        let name = word.trim_end_matches([':', ',', '.']);
        let own = name.strip_suffix("Exception").or_else(|| name.strip_suffix("Error"));
        own.is_some_and(|own| own.chars().any(char::is_lowercase) && own.chars().all(|c| c.is_ascii_alphanumeric() || c == '.'))
    };
    let is_frame = |line: &str| line.trim_start().strip_prefix("at ").is_some_and(|rest| rest.contains(['(', '.', '/']));
    text.split_whitespace().next().is_some_and(is_class)
        || text.contains("Traceback (most recent call last)")
        || text.contains("SQLSTATE[")
        || text.lines().any(is_frame)
}
