//! Removes the sign and the code of a currency from a typed amount.

use super::{money::Currency, notation::canonical};

/// The text as a person sees it: without invisible characters and outer spaces, and with one form of each dash, space and apostrophe.
pub(in crate::domain) fn visible(text: &str) -> String {
    let seen: String = text.chars().filter(|c| !is_invisible(*c)).map(canonical).collect();
    seen.trim().to_owned()
}

/// Tells whether a character is invisible and has no meaning in an amount: direction marks from clipboards, and joiners.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// The sign and the code that may stand beside a number.
pub(in crate::domain) struct CurrencyMarks {
    code: &'static str,
    signs: Vec<String>,
    /// The sign that the form prints: it is taken on both sides of the number, also where it is a single letter.
    printed: Option<String>,
}

/// A number without its currency; `leads` is true when a sign or code stood before it.
#[derive(Clone, Copy)]
pub(in crate::domain) struct NumberText<'t> {
    pub text: &'t str,
    pub leads: bool,
}

impl CurrencyMarks {
    /// The marks of the form's own currency.
    pub(in crate::domain) fn printed(currency: Currency, sign: &str) -> Self {
        let printed = Some(visible(sign)).filter(|sign| !sign.is_empty());
        Self { code: currency.code(), signs: currency.signs().iter().map(|sign| visible(sign)).collect(), printed }
    }

    /// The marks that only the other currency has. A single letter is left out, because `5K` and `5M` are numbers to many people.
    pub(in crate::domain) fn foreign(&self, currency: Currency) -> Self {
        let is_foreign = |sign: &String| !is_letter(sign) && !self.signs.contains(sign);
        let signs = currency.signs().iter().map(|sign| visible(sign)).filter(is_foreign).collect();
        Self { code: currency.code(), signs, printed: None }
    }

    /// Removes one sign and one code from the ends; `None` where there is neither.
    pub(in crate::domain) fn strip<'t>(&self, text: &'t str) -> Option<NumberText<'t>> {
        let code = |text| strip_mark(text, self.code, true);
        let sign = |text| {
            let printed = self.printed.iter().find_map(|sign| strip_mark(text, sign, true));
            printed.or_else(|| self.signs.iter().find_map(|sign| strip_mark(text, sign, !is_letter(sign))))
        };
        // Both orders are tried, because the printed sign may contain the code, and the code a sign of one letter.
        match (sign(text), code(text)) {
            (None, None) => None,
            (_, Some(outer)) => {
                Some(sign(outer.text).map_or(outer, |inner| NumberText { leads: outer.leads || inner.leads, ..inner }))
            }
            // A code at the other end would have been found in the whole text, so this one stands at the end of the sign.
            (Some(outer), None) => Some(code(outer.text).unwrap_or(outer)),
        }
    }
}

fn is_letter(sign: &str) -> bool {
    sign.len() == 1 && sign.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Removes this mark from the beginning of the text, or from its end where it may stand `behind`. Spaces and the case of Latin letters are
/// ignored.
fn strip_mark<'t>(text: &'t str, mark: &str, behind: bool) -> Option<NumberText<'t>> {
    let wanted = || mark.chars().filter(|c| *c != ' ');
    let is_next = |found: Option<char>, wanted: char| found.is_some_and(|found| found.eq_ignore_ascii_case(&wanted));
    let mut rest = text.chars();
    if wanted().all(|wanted| is_next(rest.find(|c| *c != ' '), wanted)) {
        return Some(NumberText { text: rest.as_str().trim_start(), leads: true });
    }
    let mut rest = text.chars();
    let ends = behind && wanted().rev().all(|wanted| is_next(rest.rfind(|c| *c != ' '), wanted));
    ends.then(|| NumberText { text: rest.as_str().trim_end(), leads: false })
}
