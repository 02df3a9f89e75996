//! Tests whom the server takes for the client behind a proxy.

use super::bench::{Ask, Bench};
use std::net::{Ipv4Addr, SocketAddr};

#[test]
fn only_a_trusted_proxy_says_that_a_client_speaks_tls() {
    for is_trusted in [true, false] {
        let bench = Bench::with(|config, _| {
            config.tokens = vec!["demo-token".into()];
            config.trusted_proxies = if is_trusted { vec!["127.0.0.1".parse().unwrap()] } else { vec![] };
        });
        let reply = Ask::new("GET", "/v1/payments/7613580").with("X-Forwarded-Proto", "https").send(&bench);
        assert_eq!(reply.header("strict-transport-security").is_some(), is_trusted);
        assert_eq!(reply.json()["uri"].as_str().unwrap().starts_with("https://"), is_trusted);
    }
}

#[test]
fn development_mode_refuses_what_a_proxy_forwards() {
    let bench = Bench::start();
    for name in ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Anything", "Forwarded"] {
        let reply = Ask::new("GET", "/v1/payments/7613580").with(name, "for=192.0.2.1").send(&bench);
        assert_eq!((reply.status, reply.errors().len()), (403, 1), "{name}");
        assert!(reply.text().contains("a proxy forwards"), "{}", reply.text());
    }
}

/// Each proxy appends what it sees, on the same line or on a new one; what a client wrote stands before.
#[test]
fn address_is_the_last_one_that_no_trusted_proxy_has() {
    let bench = |failed_logins| {
        Bench::with(move |config, _| {
            config.tokens = vec!["demo-token".into()];
            config.trusted_proxies = ["127.0.0.1", "10.0.0.7"].map(|proxy| proxy.parse().unwrap()).to_vec();
            config.failed_logins = failed_logins;
        })
    };
    let guess = |bench: &Bench, lines: &[&str]| {
        let ask = Ask::new("GET", "/v1/payments/7613580").with("Authorization", "Bearer a-wrong-token");
        lines.iter().fold(ask, |ask, line| ask.and("X-Forwarded-For", line)).send(bench).status
    };
    for lines in [
        &["203.0.113.9", "192.0.2.1"][..],
        &["203.0.113.9, 192.0.2.1"],
        &["203.0.113.9", "192.0.2.1, 10.0.0.7"],
        &["203.0.113.9, 192.0.2.1", "10.0.0.7"],
        &["nonsense", "192.0.2.1 ,10.0.0.7"],
    ] {
        let bench = bench(1);
        assert_eq!(guess(&bench, &["192.0.2.1"]), 401);
        assert_eq!(guess(&bench, lines), 429, "{lines:?} is 192.0.2.1");
        assert_eq!(guess(&bench, &["203.0.113.9"]), 401, "{lines:?} is not counted for the address that it names first");
    }
    let bench = bench(1);
    assert_eq!(guess(&bench, &["192.0.2.1", "nonsense"]), 401);
    assert_eq!(guess(&bench, &["192.0.2.2", "nonsense"]), 429, "behind what is no address stands nobody");
    assert_eq!(guess(&bench, &[]), 429, "it is counted for the proxy");
}

#[test]
fn scheme_of_the_nearest_proxy_counts() {
    let bench = Bench::with(|config, _| {
        config.tokens = vec!["demo-token".into()];
        config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    });
    for (lines, is_https) in [(["https", "http"], false), (["http", "https"], true), (["https, http", "http, https"], true)] {
        let ask = Ask::new("GET", "/v1/payments/7613580");
        let reply = lines.iter().fold(ask, |ask, line| ask.and("X-Forwarded-Proto", line)).send(&bench);
        assert_eq!(reply.header("strict-transport-security").is_some(), is_https, "{lines:?}");
    }
}

/// A socket that serves both families tells an IPv4 address as `::ffff:a.b.c.d`; a proxy may write it so too.
#[test]
fn proxy_and_client_are_known_by_their_ipv4_address_in_an_ipv6_one() {
    let bench = Bench::with(|config, _| {
        config.host = "::".parse().unwrap();
        config.tokens = vec!["demo-token".into()];
        config.trusted_proxies = ["127.0.0.1", "::ffff:10.0.0.7"].map(|proxy| proxy.parse().unwrap()).to_vec();
        config.failed_logins = 1;
    });
    let server = SocketAddr::from((Ipv4Addr::LOCALHOST, bench.address.port()));
    let guess = |forwarded: &str| {
        let ask = Ask::new("GET", "/v1/payments/7613580").with("Authorization", "Bearer a-wrong-token");
        ask.with("X-Forwarded-For", forwarded).send_to(server).status
    };
    assert_eq!(guess("192.0.2.1, ::ffff:10.0.0.7"), 401);
    assert_eq!(guess("::ffff:192.0.2.1, 10.0.0.7"), 429, "the same client, written otherwise");
    assert_eq!(guess("192.0.2.2"), 401, "another client");
}

#[test]
fn guesses_from_one_ipv6_network_are_one_clients() {
    let bench = Bench::with(|config, _| {
        config.tokens = vec!["demo-token".into()];
        config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
        config.failed_logins = 1;
    });
    let guess = |address: &str| {
        let ask = Ask::new("GET", "/v1/payments/7613580").with("Authorization", "Bearer a-wrong-token");
        ask.with("X-Forwarded-For", address).send(&bench).status
    };
    assert_eq!(["2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:2::1"].map(guess), [401, 429, 401]);
}
