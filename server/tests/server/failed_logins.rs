//! Tests that guesses of credentials are limited by address, and that credentials that are right are not.

use super::{
    bench::{Ask, Bench},
    identity::{claims, files, token},
};
use serde_json::json;

/// Guessing credentials is slowed down by address.
#[test]
fn failed_logins_of_an_address_are_limited() {
    let bench = Bench::with(|config, _| {
        config.tokens = vec!["demo-token".into()];
        config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
        config.failed_logins = 3;
    });
    let status = |token: &str, address: &str| {
        let ask = Ask::new("GET", "/v1/payments/7613580").with("Authorization", &format!("Bearer {token}"));
        ask.with("X-Forwarded-For", &format!("203.0.113.9, {address}")).send(&bench)
    };
    let anonymous = || {
        let ask = Ask::new("GET", "/v1/payments/7613580").without("Authorization");
        ask.with("X-Forwarded-For", "203.0.113.9, 192.0.2.1").send(&bench)
    };
    assert_eq!([(); 5].map(|()| anonymous().status), [401; 5], "a request without credentials guesses nothing");
    assert_eq!([(); 3].map(|()| status("a-wrong-token", "192.0.2.1").status), [401; 3]);
    let refused = status("a-wrong-token", "192.0.2.1");
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("20")));
    assert_eq!(status("demo-token", "192.0.2.1").status, 200, "a credential that is right waits for nobody's guesses");
    assert_eq!(status("a-wrong-token", "192.0.2.1").status, 429, "and does not end the wait of wrong ones");
    assert_eq!(status("demo-token", "192.0.2.2").status, 200, "other addresses are not concerned");
    assert_eq!(anonymous().status, 401, "a page without a session is asked to sign in");
}

/// A bench that takes signed tokens and allows one failed login a minute.
fn bench_with_one_failed_login() -> Bench {
    Bench::with(|config, folder| {
        config.tokens = vec!["demo-token".into()];
        config.token_files = files(folder);
        config.failed_logins = 1;
    })
}

#[test]
fn cookie_of_another_program_is_no_failed_login() {
    let bench = bench_with_one_failed_login();
    let status = |cookie: &str| {
        let ask = Ask::new("GET", "/v1/payments/7613580").without("Authorization").with("Cookie", cookie);
        ask.send(&bench).status
    };
    assert_eq!(["_ga=GA1.1; theme=dark", "x__Host-payment-session=1", "_ga=GA1.1"].map(status), [401; 3]);
    assert_eq!(bench.get("/v1/payments/7613580").status, 200);
    assert_eq!([(); 2].map(|()| status("_ga=GA1.1; __Host-payment-session=guessed")), [401, 429]);
}

#[test]
fn failed_logins_of_others_keep_no_credential_out() {
    let bench = bench_with_one_failed_login();
    let status = |token: &str| {
        Ask::new("GET", "/v1/payments/7613580").with("Authorization", &format!("Bearer {token}")).send(&bench).status
    };
    assert_eq!([(); 2].map(|()| status("a-wrong-token")), [401, 429]);
    assert_eq!(status("demo-token"), 200);
    let signed = token(&claims(json!({})));
    assert_eq!(status(&signed), 200);
    let cookie = format!("__Host-payment-session={signed}");
    let by_cookie = Ask::new("GET", "/v1/payments/7613580").without("Authorization").with("Cookie", &cookie).send(&bench);
    assert_eq!(by_cookie.status, 200);
}
