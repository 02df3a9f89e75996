//! How many cases the property tests try: 10,000, or what `PAYMENT_FORM_CASES` says (`cargo xtask campaign money` says 1,000,000).

use proptest::test_runner::Config;

/// The configuration of a property test.
pub fn cases() -> Config {
    let cases = std::env::var("PAYMENT_FORM_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(10_000);
    Config { cases, failure_persistence: None, ..Config::default() }
}
