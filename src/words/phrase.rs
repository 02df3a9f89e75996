//! Names a sentence by its code.

use std::fmt;

/// One sentence or label.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Phrase {
    pub(super) code: &'static str,
    pub(super) english: &'static str,
}

impl Phrase {
    /// The stable code, which hosts and other languages name it by.
    pub fn code(self) -> &'static str {
        self.code
    }

    /// The English text. `{name}` is a placeholder; `|` divides the plural forms where a number decides.
    pub fn english(self) -> &'static str {
        self.english
    }
}

impl fmt::Debug for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
