//! Makes the reference marker: a short code of an attempt, by which people find a payment on bank statements and on the telephone.

/// Digits and capitals that cannot be mistaken for one another.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The reference marker of a key, such as `K7Q2-9F3M`. A key always has the same marker. It has 40 bits, so two keys rarely share
/// one.
///
/// With the attribute `reference-marker` it is appended to the reference as ` ·K7Q2-9F3M`. So a payment can be found even on a server
/// without keys.
///
/// ```
/// use payment_form::submission::reference_marker;
/// let one = reference_marker("7d0c4a52-2a0b-4c7e-9c06-0f3a5d3f8f11");
/// assert_eq!(one.len(), 9);
/// assert_ne!(one, reference_marker("7d0c4a52-2a0b-4c7e-9c06-0f3a5d3f8f12"));
/// ```
pub fn reference_marker(key: &str) -> String {
    // FNV-1a, then one more mixing step, because its highest bits change little with the last letter.
    let hash =
        key.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3));
    let bits = (hash ^ (hash >> 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 24;
    let letter = |position: u32| {
        let index = usize::try_from((bits >> position.saturating_mul(5)) & 31).unwrap_or_default();
        char::from(ALPHABET.get(index).copied().unwrap_or(b'0'))
    };
    let mut marker: String = (0..8).map(letter).collect();
    marker.insert(4, '-');
    marker
}

/// Appends the marker of this attempt to the reference. The marker counts towards the length of the reference.
///
/// ```
/// use payment_form::submission::{reference_marker, with_reference_marker};
/// let key = "7d0c4a52-2a0b-4c7e-9c06-0f3a5d3f8f11";
/// assert_eq!(with_reference_marker("Rent May", key), format!("Rent May ·{}", reference_marker(key)));
/// assert_eq!(with_reference_marker("", key), format!("·{}", reference_marker(key)));
/// ```
pub fn with_reference_marker(reference: &str, key: &str) -> String {
    let space = if reference.is_empty() { "" } else { " " };
    format!("{reference}{space}·{}", reference_marker(key))
}
