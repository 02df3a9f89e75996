//! Defines the host's settings for sending.

/// The host's statement about `Idempotency-Key` (the `idempotency` attribute).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keys {
    /// The key is always sent; the server counts as honouring it when it has a resolve call, or once it has echoed a key.
    #[default]
    Auto,
    /// The host vouches for it from the start.
    Required,
    /// No key is sent.
    None,
}

/// The settings of the host. Changes apply at once, except to the endpoint and the key of an open attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The `idempotency` attribute.
    pub keys: Keys,
    /// True when there is a `resolve-endpoint`.
    pub resolves: bool,
    /// True when the host gave a `lookup` function.
    pub looks_up: bool,
    /// True when attempts are stored (`persist="session"`).
    pub persists: bool,
    /// True when a review step comes before sending.
    pub confirms: bool,
    /// Milliseconds until a send without an answer is unknown.
    pub timeout: u64,
    /// Milliseconds after the last send until a look-up that finds nothing allows a new payment.
    pub quiet: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            keys: Keys::Auto,
            resolves: false,
            looks_up: false,
            persists: true,
            confirms: false,
            timeout: 60_000,
            quiet: 600_000,
        }
    }
}

/// The greatest age of a key, in milliseconds, at which a press sends it again. The server keeps a key for 30 days, one day more.
pub const KEY_AGE_MAX: u64 = 29 * 24 * 60 * 60 * 1000;
