//! Tests the portal's own tokens: the rights on every route, and the reasons that make a token invalid.

use super::bench::{Ask, Bench, Reply, payment, stored_payment};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use payment_form_server::auth::token::TokenFiles;
use serde_json::{Value, json};
use std::{
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

pub const SECRET: &str = "a shared secret of forty-two characters...";
const DUE_ITEM: &str = r#"{"amountDue": 2, "amountPaid": 1, "dueDate": "2026-12-01", "date": "2026-11-20"}"#;
/// The key pair of RFC 8037, appendix A.
const PUBLIC: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
const PRIVATE: [u8; 32] = [
    0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49, 0xc5, 0x69, 0x7b,
    0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
];

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

pub fn token(claims: &Value) -> String {
    encode(&Header::new(Algorithm::HS256), claims, &EncodingKey::from_secret(SECRET.as_bytes()).unwrap()).unwrap()
}

/// Claims that are right, with some set otherwise; `null` leaves a claim out.
pub fn claims(changes: Value) -> Value {
    let mut claims =
        json!({"sub": "ann", "exp": now() + 600, "role": "portal", "customerId": 655080, "tenant": "main", "jti": "one"});
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    claims
}

pub fn files(folder: &Path) -> TokenFiles {
    let write = |name: &str, text: &str| {
        std::fs::write(folder.join(name), text).unwrap();
        Some(folder.join(name))
    };
    let jwks = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "portal", "x": PUBLIC}]}).to_string();
    TokenFiles { secret: write("secret", SECRET), jwks: write("jwks", &jwks), revoked: write("revoked", "") }
}

fn bench() -> Bench {
    Bench::with(|config, folder| {
        config.token_files = files(folder);
        config.tokens = vec!["program-token".into()];
    })
}

/// Every route by every caller. A row holds, for each route, the status that the caller gets.
#[test]
fn each_caller_may_do_on_each_route_what_the_table_says() {
    let bench = bench();
    let portal = |customer: i64| token(&claims(json!({"customerId": customer, "sub": customer.to_string()})));
    let staff =
        |customers: Value| token(&claims(json!({"role": "staff", "customerId": null, "customers": customers, "sub": "staff"})));
    let service = token(&claims(json!({"role": "service", "customerId": null, "sub": "program"})));
    let cash = payment(&[("amount", "0.01")]);
    let other: i64 = bench.value("SELECT id FROM payments WHERE customer_id = 655081");
    let routes: Vec<(&str, String, String)> = vec![
        ("GET", "/v1/customers/655080/invoiceSummaries".into(), String::new()),
        ("GET", "/v1/customers/655080/paymentMethods/all".into(), String::new()),
        ("GET", "/v1/customers/655080/paymentactivities".into(), String::new()),
        ("GET", "/v1/payments/7613580".into(), String::new()),
        ("GET", "/v1/invoices/566934".into(), String::new()),
        ("GET", "/v1/customers/655081/invoiceSummaries".into(), String::new()),
        ("GET", format!("/v1/payments/{other}"), String::new()),
        ("POST", "/v1/payments".into(), stored_payment("655080", "41877")),
        ("POST", "/v1/payments".into(), stored_payment("655081", "41902")),
        ("POST", "/v1/payments".into(), cash),
        ("POST", "/v1/payments/resolve".into(), r#"{"key":"a-key-of-655081-000","customerId":655081}"#.into()),
        ("GET", "/payments".into(), String::new()),
        ("GET", "/payments/1".into(), String::new()),
        ("POST", "/payments".into(), DUE_ITEM.into()),
        ("POST", "/payments/resolve".into(), r#"{"key":"a-key-of-a-due-item-0"}"#.into()),
        ("POST", "/session".into(), String::new()),
        ("GET", "/healthz".into(), String::new()),
        ("GET", "/metrics".into(), String::new()),
    ];
    let stranger = [401, 401, 401, 401, 401, 401, 401, 401, 401, 401, 401, 403, 403, 403, 403, 401, 200, 401];
    let everything = [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 410, 200, 200, 200, 410, 204, 200, 200];
    let mut no_session = everything;
    no_session[15] = 403;
    for (caller, authorization, expected) in [
        ("nobody", None, stranger),
        ("a wrong signature", Some(token(&claims(json!({}))) + "x"), stranger),
        ("a token that is over", Some(token(&claims(json!({"exp": now() - 600})))), stranger),
        (
            "a portal customer",
            Some(portal(655080)),
            [200, 200, 200, 200, 200, 404, 404, 200, 400, 400, 404, 403, 403, 403, 403, 204, 200, 403],
        ),
        (
            "another portal customer",
            Some(portal(655081)),
            [404, 404, 404, 404, 404, 200, 200, 400, 200, 400, 410, 403, 403, 403, 403, 204, 200, 403],
        ),
        (
            "staff for one customer",
            Some(staff(json!([655080]))),
            [200, 200, 200, 200, 200, 404, 404, 200, 400, 200, 404, 403, 403, 403, 403, 204, 200, 403],
        ),
        (
            "staff for nobody",
            Some(staff(json!([]))),
            [404, 404, 404, 404, 404, 404, 404, 400, 400, 400, 404, 403, 403, 403, 403, 204, 200, 403],
        ),
        (
            "staff whose token names a customer",
            Some(token(&claims(json!({"role": "staff", "sub": "staff"})))),
            [200, 200, 200, 200, 200, 404, 404, 200, 400, 200, 404, 403, 403, 403, 403, 204, 200, 403],
        ),
        (
            "a service for one customer",
            Some(token(&claims(json!({"role": "service", "customerId": null, "customers": [655080], "sub": "program"})))),
            [200, 200, 200, 200, 200, 404, 404, 200, 400, 200, 404, 403, 403, 403, 403, 204, 200, 403],
        ),
        (
            "a service whose two claims name different customers",
            Some(token(&claims(json!({"role": "service", "customers": [655081], "sub": "program"})))),
            [404, 404, 404, 404, 404, 404, 404, 400, 400, 400, 404, 403, 403, 403, 403, 204, 200, 403],
        ),
        ("staff for all", Some(staff(Value::Null)), everything),
        ("a service", Some(service), everything),
        ("a program", Some("program-token".into()), no_session),
    ] {
        for ((method, path, body), expected) in routes.iter().zip(expected) {
            let ask = Ask::new(method, path).without("Authorization").body("application/json", body);
            let ask = authorization.iter().fold(ask, |ask, token| ask.with("Authorization", &format!("Bearer {token}")));
            let reply = ask.send(&bench);
            assert_eq!(reply.status, expected, "{caller}: {method} {path} {body}: {}", reply.text());
        }
    }
}

#[test]
fn token_that_says_too_little_or_is_signed_otherwise_is_refused() {
    let bench = bench();
    let status = |token: &str| {
        Ask::new("GET", "/v1/invoices/566934").with("Authorization", &format!("Bearer {token}")).send(&bench).status
    };
    assert_eq!(status(&token(&claims(json!({})))), 200);
    assert_eq!(status(&token(&claims(json!({"tenant": null, "jti": null})))), 200);
    for changes in [
        json!({"exp": null}),
        json!({"exp": "9999999999"}),
        json!({"nbf": now() + 600}),
        json!({"sub": null}),
        json!({"role": null}),
        json!({"role": "admin"}),
        json!({"customerId": null}),
        json!({"customerId": 0}),
        json!({"customerId": "655080"}),
        json!({"tenant": "another"}),
        json!({"role": "staff", "customers": [0]}),
        json!({"role": "staff", "customers": "all"}),
        json!({"role": "service", "customerId": null, "customers": [0]}),
        json!({"role": "service", "customerId": 0}),
        json!({"customers": [655081]}),
    ] {
        assert_eq!(status(&token(&claims(changes.clone()))), 401, "{changes}");
    }
    for name in ["customerId", "customers", "tenant", "jti"] {
        let mut empty = claims(json!({"role": "staff"}));
        empty[name] = Value::Null;
        assert_eq!(status(&token(&empty)), 401, "{name} is null, which lifts no limit");
    }
    let signed = |algorithm: Algorithm, key: EncodingKey, kid: Option<&str>| {
        let mut header = Header::new(algorithm);
        header.kid = kid.map(str::to_owned);
        encode(&header, &claims(json!({})), &key).unwrap()
    };
    let der = [&[0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20][..], &PRIVATE]
        .concat();
    let ed = || EncodingKey::from_ed_der(&der);
    assert_eq!(status(&signed(Algorithm::EdDSA, ed(), Some("portal"))), 200, "by the public key of the set");
    assert_eq!(status(&signed(Algorithm::EdDSA, ed(), None)), 200, "the set has one key");
    assert_eq!(status(&signed(Algorithm::EdDSA, ed(), Some("another"))), 401);
    let secret = |text: &str| EncodingKey::from_secret(text.as_bytes()).unwrap();
    assert_eq!(status(&signed(Algorithm::HS256, secret("another secret of more than 32 characters"), None)), 401);
    assert_eq!(status(&signed(Algorithm::HS256, secret(PUBLIC), Some("portal"))), 401, "a public key is no secret");
    assert_eq!(status(&signed(Algorithm::HS512, secret(SECRET), None)), 401, "an algorithm that was not asked for");
    let (_, rest) = token(&claims(json!({}))).split_once('.').map(|(head, rest)| (head.to_owned(), rest.to_owned())).unwrap();
    let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{}.", rest.split('.').next().unwrap());
    assert_eq!(status(&unsigned), 401, "no algorithm at all");
}

/// Keys that were made for this test and open nothing else: an RSA key of 2048 bits, and a key on the curve P-256.
const RSA: &[u8] = include_bytes!("../fixtures/rs256-test-only.der");
const RSA_N: &str = "sEw-MXm2JWfD4ot4oyag7iJv0ORJ2KFSPr_yQUwHDE6iI0GddchO2izbBl2uo2Vf4EBhGPFiBkGRP2N08v6dIJ1xPzWKyIuepWD5DR1tFNTdujnA9kMt6ET-h-tplffR_F5Sa_hwGj8xsAwkAoudp0Wg6bphbef4ZP3-47_OSUVEiIFYQeYY2xf2vIyaeMxshcqyEMUtCqOlPaew-WwbPod3_kRXfsDnb27ivZASXRXaCJ1QxN6oydOWxiBRao_jQ1BUYRNAgbyrdFOsUwhv8iEXEWnyoY0jScLtZA0SCFoysdSyFwzyZMHmwpm7_FBhrDlNXi44pWTCyDvrc3y-tw";
const EC: &[u8] = include_bytes!("../fixtures/es256-test-only.der");
const EC_POINT: [&str; 2] = ["Lk3a59afaJzTSYwFpsnwn63RRhtHel_YCPFcp1UrOUk", "DSv9w6GCJ2EmASY2mfOltVyxmf209kOfl8qnFl1YlrU"];

#[test]
fn key_of_the_set_signs_by_its_own_algorithm_only() {
    let bench = Bench::with(|config, folder| {
        config.token_files = files(folder);
        let [x, y] = EC_POINT;
        let set = json!({"keys": [
            {"kty": "OKP", "crv": "Ed25519", "kid": "portal", "x": PUBLIC},
            {"kty": "RSA", "kid": "rsa", "n": RSA_N, "e": "AQAB"},
            {"kty": "EC", "crv": "P-256", "kid": "ec", "x": x, "y": y},
        ]});
        std::fs::write(config.token_files.jwks.as_ref().unwrap(), set.to_string()).unwrap();
    });
    let status = |algorithm: Algorithm, key: &EncodingKey, kid: Option<&str>, claims: &Value| {
        let mut header = Header::new(algorithm);
        header.kid = kid.map(str::to_owned);
        let signed = encode(&header, claims, key).unwrap();
        Ask::new("GET", "/v1/invoices/566934").with("Authorization", &format!("Bearer {signed}")).send(&bench).status
    };
    let good = claims(json!({}));
    for (algorithm, kid, key, others) in [
        (Algorithm::RS256, "rsa", EncodingKey::from_rsa_der(RSA), [Algorithm::RS512, Algorithm::PS256]),
        (Algorithm::ES256, "ec", EncodingKey::from_ec_der(EC), [Algorithm::ES256; 2]),
    ] {
        assert_eq!(status(algorithm, &key, Some(kid), &good), 200, "{algorithm:?}");
        assert_eq!(status(algorithm, &key, Some(kid), &claims(json!({"exp": now() - 600}))), 401, "{algorithm:?} is over");
        for wrong in ["portal", "another"] {
            assert_eq!(status(algorithm, &key, Some(wrong), &good), 401, "{algorithm:?} by the key {wrong}");
        }
        assert_eq!(status(algorithm, &key, None, &good), 401, "{algorithm:?}: a set of several keys needs a name");
        for other in others.into_iter().filter(|other| *other != algorithm) {
            assert_eq!(status(other, &key, Some(kid), &good), 401, "{other:?} was not asked for");
        }
    }
    // The public key of the set is known to everybody, so it must never verify as a shared secret.
    let public = EncodingKey::from_secret(RSA_N.as_bytes()).unwrap();
    assert_eq!(status(Algorithm::HS256, &public, Some("rsa"), &good), 401);
}

#[test]
fn revoked_token_is_refused_from_the_moment_of_the_list() {
    let bench = bench();
    let revoked = bench.folder.path().join("revoked");
    let status = |token: &str| {
        Ask::new("GET", "/v1/invoices/566934").with("Authorization", &format!("Bearer {token}")).send(&bench).status
    };
    let (one, two, bob) =
        (token(&claims(json!({}))), token(&claims(json!({"jti": "two"}))), token(&claims(json!({"jti": "three", "sub": "bob"}))));
    assert_eq!([&one, &two, &bob].map(|token| status(token)), [200, 200, 200]);
    let mut listed = String::new();
    for (line, expected) in [("one", [401, 200, 200]), ("sub:bob", [401, 200, 401]), ("sub:ann", [401, 401, 401])] {
        listed.push_str(line);
        listed.push('\n');
        // A file system may count time in steps; a list is written anew, as deployments do.
        std::thread::sleep(std::time::Duration::from_millis(20));
        std::fs::write(&revoked, &listed).unwrap();
        assert_eq!([&one, &two, &bob].map(|token| status(token)), expected, "{listed}");
    }
    std::fs::remove_file(&revoked).unwrap();
    let eve = token(&claims(json!({"sub": "eve", "jti": "four"})));
    assert_eq!(status(&eve), 401, "without the list nobody is let in");
}

/// A portal changes its keys without a restart: the old key's tokens end with the old file, and a broken file lets nobody in.
#[test]
fn changed_key_files_are_read_again() {
    let bench = bench();
    let folder = bench.folder.path();
    let status = |token: &str| {
        Ask::new("GET", "/v1/invoices/566934").with("Authorization", &format!("Bearer {token}")).send(&bench).status
    };
    let by_secret = |secret: &str| {
        encode(&Header::new(Algorithm::HS256), &claims(json!({})), &EncodingKey::from_secret(secret.as_bytes()).unwrap()).unwrap()
    };
    let mut header = Header::new(Algorithm::ES256);
    header.kid = Some("ec".to_owned());
    let by_set = encode(&header, &claims(json!({})), &EncodingKey::from_ec_der(EC)).unwrap();
    let other = "a newer secret that is longer than thirty-two characters";
    assert_eq!([by_secret(SECRET), by_secret(other), by_set.clone()].map(|token| status(&token)), [200, 401, 401]);
    // A new file takes the old one's place at once, as deployments do it.
    let replace = |name: &str, text: &str| {
        std::fs::write(folder.join("new"), text).unwrap();
        std::fs::rename(folder.join("new"), folder.join(name)).unwrap();
    };
    let [x, y] = EC_POINT;
    replace("secret", other);
    replace("jwks", &json!({"keys": [{"kty": "EC", "crv": "P-256", "kid": "ec", "x": x, "y": y}]}).to_string());
    assert_eq!([by_secret(SECRET), by_secret(other), by_set.clone()].map(|token| status(&token)), [401, 200, 200]);
    for broken in ["{\"keys\":", "{\"keys\":[]}", ""] {
        replace("jwks", broken);
        assert_eq!(status(&by_set), 401, "{broken}");
    }
    replace("secret", "short");
    assert_eq!([by_secret(other), by_secret("short")].map(|token| status(&token)), [401, 401]);
}

/// The page hands its token over once; the cookie is out of every script's reach, and good from the page's own origin only.
#[test]
fn session_cookie_stands_for_its_token() {
    let bench = bench();
    let signed = token(&claims(json!({})));
    let opened = Ask::new("POST", "/session").with("Authorization", &format!("Bearer {signed}")).send(&bench);
    assert_eq!(opened.status, 204);
    let cookie = opened.header("set-cookie").unwrap();
    for part in ["__Host-payment-session=", "; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict", "; Max-Age="] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    let cookie = cookie.split(';').next().unwrap();
    let send = |method: &str, path: &str, site: &str, body: &str| -> Reply {
        let ask = Ask::new(method, path).without("Authorization").with("Cookie", cookie).with("Sec-Fetch-Site", site);
        ask.body("application/json", body).send(&bench)
    };
    let own = payment(&[("paymentMethod", "\"CreditCard\""), ("paymentMethodId", "41877"), ("source", "\"SelfServicePortal\"")]);
    assert_eq!(send("GET", "/v1/customers/655080/invoiceSummaries", "same-origin", "").status, 200);
    assert_eq!(send("GET", "/v1/customers/655081/invoiceSummaries", "same-origin", "").status, 404);
    assert_eq!(send("POST", "/v1/payments", "same-origin", &own).status, 200);
    assert_eq!(send("POST", "/v1/payments", "cross-site", &own).status, 403);
    assert_eq!(send("POST", "/session", "same-origin", "").status, 403, "a cookie opens no session");
    let closed = send("DELETE", "/session", "same-origin", "");
    assert!(closed.status == 204 && closed.header("set-cookie").unwrap().contains("Max-Age=0"));
    assert_eq!(bench.made(), 1);
}

/// No script reaches the cookie, so only this answer removes one whose token has ended.
#[test]
fn session_of_an_ended_token_can_be_closed() {
    let bench = bench();
    let ended = token(&claims(json!({"exp": now() - 600})));
    let close = |site: &str| {
        let ask = Ask::new("DELETE", "/session").without("Authorization");
        ask.with("Cookie", &format!("__Host-payment-session={ended}")).with("Sec-Fetch-Site", site).send(&bench)
    };
    let closed = close("same-origin");
    assert_eq!(closed.status, 204);
    assert!(closed.header("set-cookie").unwrap().starts_with("__Host-payment-session=; Path=/; Max-Age=0;"));
    for site in ["cross-site", "same-site", "none"] {
        let refused = close(site);
        assert_eq!((refused.status, refused.header("set-cookie")), (403, None), "{site} signs nobody out");
    }
}
