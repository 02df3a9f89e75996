//! Computes hashes: names for secrets in the log, signatures of session cookies, fingerprints of bodies.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use subtle::ConstantTimeEq;

/// SHA-256 of several parts one after another.
pub fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// HMAC-SHA-256.
pub fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    // A key of any length is accepted, so there is no error to tell.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

/// Hexadecimal, in small letters.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The start of a hash: a name for a secret in the log.
pub fn short(bytes: &[u8]) -> String {
    hex(sha256(&[bytes]).get(..6).unwrap_or_default())
}

/// Tells whether two secrets are equal. It compares their hashes, so that the time reveals neither their difference nor their length.
pub fn same_secret(a: &[u8], b: &[u8]) -> bool {
    sha256(&[a]).ct_eq(&sha256(&[b])).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hmac_is_that_of_rfc_4231() {
        let digest = hex(&hmac(b"Jefe", b"what do ya want for nothing?"));
        assert_eq!(digest, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }
}
