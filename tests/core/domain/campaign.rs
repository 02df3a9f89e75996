//! Sets the number of cases of the property tests: 10,000, or the value of `PAYMENT_FORM_CASES` (1,000,000 in `cargo xtask campaign
//! money`).

use proptest::test_runner::Config;

/// The configuration of a property test.
pub fn cases() -> Config {
    let cases = std::env::var("PAYMENT_FORM_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(10_000);
    Config { cases, failure_persistence: None, ..Config::default() }
}
