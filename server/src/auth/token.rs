//! Reads the portal's own signed tokens (JWT): who a person is, for whom they may act, and until when.
//!
//! | claim | |
//! | --- | --- |
//! | `sub`, `exp` | required |
//! | `role` | `portal` (own customer, stored methods), `staff`, `service` |
//! | `customerId` | the only customer of the caller, whatever the role; required for `portal` |
//! | `customers` | the only customers of the caller, whatever the role |
//! | `tenant` | must be this server's, where it is there |
//! | `jti` | by which the revocation list names one token |
//!
//! A caller without `customerId` and `customers` may act for all customers; a caller with both, for those that both name. A claim that is
//! `null` or of another type is no missing claim: its token is refused.
//!
//! HS256 with a shared secret; RS256, ES256 and EdDSA with the public keys of a JWKS file. The token decides nothing about its algorithm: a
//! key is used only for the algorithms of its kind.

use super::{
    cookies,
    principal::{Role, User},
    watched_file::WatchedFile,
};
use crate::hash;
use axum::http::{HeaderMap, HeaderValue};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, errors::ErrorKind, jwk::JwkSet};
use payment_form::domain::invoice::CustomerId;
use serde::{Deserialize, Deserializer};
use std::{collections::HashSet, path::PathBuf};

/// The session cookie: `__Host-` lets no other host and no plain connection set it.
const COOKIE: &str = "__Host-payment-session";
/// The largest difference between two clocks, in seconds.
const LEEWAY: u64 = 30;
/// A secret shorter than the hash can be guessed from one token.
const SECRET_MIN: usize = 32;

/// The files of the keys and the revocation list.
#[derive(Clone, Debug, Default)]
pub struct TokenFiles {
    /// The secret of HS256.
    pub secret: Option<PathBuf>,
    /// The public keys of RS256, ES256 and EdDSA; read again whenever the file changes.
    pub jwks: Option<PathBuf>,
    /// One `jti`, or `sub:` and a subject, a line; read again whenever it changes.
    pub revoked: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Claims {
    sub: String,
    exp: u64,
    role: Role,
    #[serde(default, deserialize_with = "present")]
    customer_id: Option<i64>,
    #[serde(default, deserialize_with = "present")]
    customers: Option<Vec<i64>>,
    #[serde(default, deserialize_with = "present")]
    tenant: Option<String>,
    #[serde(default, deserialize_with = "present")]
    jti: Option<String>,
}

/// Reads a claim that is there: `null` is no value of it, or a portal's mistake would lift a limit.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(claim: D) -> Result<Option<T>, D::Error> {
    T::deserialize(claim).map(Some)
}

impl Claims {
    /// The only customers for whom the caller may act; `None` is all.
    ///
    /// # Errors
    /// The reason why the token is refused.
    fn customers(&self) -> Result<Option<Vec<CustomerId>>, &'static str> {
        let read = |numbers: &[i64]| numbers.iter().copied().map(CustomerId::new).collect::<Option<Vec<_>>>();
        let no_number = "a customer of a token is a whole number above zero";
        let own = self.customer_id.map(|own| read(&[own]).ok_or(no_number)).transpose()?;
        let listed = self.customers.as_deref().map(|listed| read(listed).ok_or(no_number)).transpose()?;
        let customers = match (own, listed) {
            (Some(own), Some(listed)) => Some(own.into_iter().filter(|own| listed.contains(own)).collect()),
            (own, listed) => own.or(listed),
        };
        match (self.role, &customers) {
            (Role::Portal, _) if self.customer_id.is_none() => Err("a token of the role portal names its customerId"),
            (Role::Portal, Some(customers)) if customers.is_empty() => Err("customerId is not among the token's customers"),
            _ => Ok(customers),
        }
    }
}

/// Reads tokens.
pub struct Tokens {
    secret: Option<WatchedFile<DecodingKey>>,
    jwks: Option<WatchedFile<JwkSet>>,
    tenant: String,
    revoked: Option<WatchedFile<HashSet<String>>>,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens").field("tenant", &self.tenant).finish_non_exhaustive()
    }
}

impl Tokens {
    /// Reads the keys. `None` where no file was named.
    ///
    /// # Errors
    /// One sentence for a person.
    pub fn open(files: &TokenFiles, tenant: &str) -> Result<Option<Self>, String> {
        if files.secret.is_none() && files.jwks.is_none() {
            return Ok(None);
        }
        let secret = files.secret.as_deref().map(|path| WatchedFile::open(path, read_secret)).transpose()?;
        let jwks = files.jwks.as_deref().map(|path| WatchedFile::open(path, read_set)).transpose()?;
        let revoked = files.revoked.as_deref().map(|path| WatchedFile::open(path, read_list)).transpose()?;
        Ok(Some(Self { secret, jwks, tenant: tenant.to_owned(), revoked }))
    }

    /// The user of a token; `None` for a token that another key signed, that is too old or revoked, or that lacks a required
    /// claim.
    pub fn user(&self, token: &str) -> Option<User> {
        let head = decode_header(token).ok()?;
        let from_set = || {
            let set = self.jwks.as_ref()?.get()?;
            let jwk = match &head.kid {
                Some(kid) => set.find(kid)?,
                None => set.keys.first().filter(|_| set.keys.len() == 1)?,
            };
            DecodingKey::from_jwk(jwk).ok()
        };
        let key = match head.alg {
            Algorithm::HS256 => self.secret.as_ref()?.get()?.as_ref().clone(),
            Algorithm::RS256 | Algorithm::ES256 | Algorithm::EdDSA => from_set()?,
            _ => return None,
        };
        let mut rules = Validation::new(head.alg);
        rules.leeway = LEEWAY;
        rules.validate_nbf = true;
        // The portal mints these tokens for this server; an audience would repeat the tenant.
        rules.validate_aud = false;
        let claims = match decode::<Claims>(token, &key, &rules) {
            Ok(decoded) => decoded.claims,
            Err(error) => {
                // The signature is checked first, so this is a mistake of the portal's own and tells no stranger anything.
                if matches!(error.kind(), ErrorKind::Json(_)) {
                    refused("a claim is missing, null or of another type than it must have");
                }
                return None;
            }
        };
        if claims.tenant.as_ref().is_some_and(|tenant| *tenant != self.tenant) || self.is_revoked(&claims) {
            return None;
        }
        let customers = claims.customers().inspect_err(|words| refused(words)).ok()?;
        let name = hash::short(claims.sub.as_bytes());
        Some(User { name, subject: claims.sub, role: claims.role, customers, expires: claims.exp })
    }

    /// The user of a request's session cookie.
    pub fn user_of_cookie(&self, headers: &HeaderMap) -> Option<User> {
        cookies::named(headers, COOKIE).find_map(|token| self.user(token))
    }

    /// True where a request holds a session's cookie, good or not.
    pub fn is_in(headers: &HeaderMap) -> bool {
        cookies::named(headers, COOKIE).next().is_some()
    }

    /// The `Set-Cookie` that opens a session with this token, until the token ends.
    pub fn cookie(token: &str, user: &User, now: u64) -> Option<HeaderValue> {
        let age = user.expires.saturating_sub(now);
        let cookie = format!("{COOKIE}={token}; Path=/; Max-Age={age}; Secure; HttpOnly; SameSite=Strict");
        HeaderValue::from_str(&cookie).ok()
    }

    /// The `Set-Cookie` that ends a session.
    pub fn no_cookie() -> HeaderValue {
        HeaderValue::from_static("__Host-payment-session=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict")
    }

    /// A list that cannot be read any more revokes everything: the other mistake would let a thief in.
    fn is_revoked(&self, claims: &Claims) -> bool {
        let Some(file) = &self.revoked else { return false };
        let Some(names) = file.get() else { return true };
        claims.jti.as_ref().is_some_and(|jti| names.contains(jti)) || names.contains(&format!("sub:{}", claims.sub))
    }
}

/// The log gets the reason, because the caller does not.
fn refused(words: &str) {
    tracing::warn!(words, "a signed token is refused");
}

fn read_secret(bytes: &[u8]) -> Result<DecodingKey, String> {
    let secret = bytes.trim_ascii();
    if secret.len() < SECRET_MIN {
        return Err(format!("must hold at least {SECRET_MIN} characters"));
    }
    DecodingKey::from_secret(secret).map_err(|error| format!("holds no secret: {error}"))
}

fn read_set(bytes: &[u8]) -> Result<JwkSet, String> {
    let set: JwkSet = serde_json::from_slice(bytes).map_err(|error| format!("is no JWKS: {error}"))?;
    if set.keys.is_empty() { Err("holds no key".to_owned()) } else { Ok(set) }
}

fn read_list(bytes: &[u8]) -> Result<HashSet<String>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "is not UTF-8".to_owned())?;
    Ok(text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect())
}
