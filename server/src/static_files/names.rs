//! Knows the names of files: plain ones, and those of their compressed siblings.

/// Its address is short; its place is among the demo's pages.
pub(super) const BENCH_PAGE: &str = "bench.html";

/// True for a name that can stand in a path: nothing hidden, nothing that leads elsewhere.
pub(super) fn is_plain(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '@' | '+');
    !name.is_empty() && !name.starts_with('.') && name.chars().all(plain)
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Brotli,
    Gzip,
}

impl Encoding {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }
}
