//! Holds the terms and words of one rendering.

use crate::{domain::terms::Terms, words::Words};

/// The terms and words of one rendering. Another language, currency or day renders the form anew.
#[derive(Clone, Debug)]
pub(in crate::ui) struct Basis {
    pub terms: Terms,
    pub words: Words,
    pub marks_reference: bool,
    pub payee: Option<String>,
    pub payer: Option<String>,
}
