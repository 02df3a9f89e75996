//! The names of functions, as far as they say where in the source a function stands.

use std::collections::BTreeSet;

/// Left out of paths.
const CRATE: &str = "payment_form::";

/// The paths in a function's name, and every path that begins one of them: all that a line of `late.txt` can be.
pub(super) fn paths(name: &str) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for path in plain(name).split(|character: char| !character.is_alphanumeric() && !"_:".contains(character)) {
        // A function of a type without a path may be anybody's.
        if path.starts_with("::") {
            continue;
        }
        for (end, _) in path.match_indices("::").skip(1) {
            paths.insert(path[..end].to_string());
        }
        if path.contains("::") {
            paths.insert(path.trim_end_matches(':').to_string());
        }
    }
    paths
}

/// A name without the crate, without the hashes and numbers that the compiler adds in square brackets, and without the angle brackets
/// around a type whose function it is.
fn plain(name: &str) -> String {
    let mut plain = String::new();
    let mut rest = name;
    while let Some(next) = rest.chars().next() {
        let is_added = |inner: &str| inner.chars().all(|digit| digit.is_ascii_hexdigit());
        rest = match rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
            Some((inner, behind)) if is_added(inner) => behind,
            _ => {
                match next {
                    '<' if plain.ends_with(|last: char| last.is_alphanumeric() || last == '_' || last == ':') => plain.push(' '),
                    '<' | '>' => {}
                    _ => plain.push(next),
                }
                &rest[next.len_utf8()..]
            }
        };
    }
    plain.replace(CRATE, "")
}

/// A name without the number that tells functions of one name apart.
pub(super) fn unnumbered(name: &str) -> &str {
    let number = name.strip_suffix(']').and_then(|name| name.rsplit_once('['));
    number
        .filter(|(_, digits)| digits.len() < 5 && digits.bytes().all(|digit| digit.is_ascii_digit()))
        .map_or(name, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_known_by_its_paths_and_by_what_they_begin_with() {
        let name =
            "<payment_form[16690c859a8b2f57]::ui::state::form_state::Form>::dispatch::<payment_form[16690c859a8b2f57]::api::Api>";
        let expected =
            ["api::Api", "ui::state::form_state", "ui::state::form_state::Form", "ui::state::form_state::Form::dispatch"];
        assert_eq!(paths(name), expected.map(str::to_string).into());
        assert_eq!(paths("<[payment_form[0]::ui::a::B]>::to_vec"), ["ui::a", "ui::a::B"].map(str::to_string).into());
        assert_eq!(unnumbered("core::write_char[12]"), "core::write_char");
        assert_eq!(unnumbered("core[47530b7ebd43fa80]"), "core[47530b7ebd43fa80]");
    }
}
