//! The other languages say everything that English says, with the same values.

use crate::words::sentences::{all, placeholders};
use std::collections::{BTreeMap, BTreeSet};

/// The other languages, by their tag, with how many plural forms each has.
pub const LANGUAGES: [(&str, usize, &str); 5] = [
    ("ar", 6, include_str!("../../../src/words/ar.json")),
    ("de", 2, include_str!("../../../src/words/de.json")),
    ("es", 2, include_str!("../../../src/words/es.json")),
    ("fr", 2, include_str!("../../../src/words/fr.json")),
    ("ja", 1, include_str!("../../../src/words/ja.json")),
];

#[test]
fn every_language_says_everything_with_the_same_values() {
    for (language, forms, json) in LANGUAGES {
        let sentences: BTreeMap<String, String> = serde_json::from_str(json).unwrap();
        for phrase in all() {
            let text = sentences.get(phrase.code()).unwrap_or_else(|| panic!("{language} lacks {}", phrase.code()));
            let english: Vec<_> = phrase.english().split('|').collect();
            let theirs: Vec<_> = text.split('|').collect();
            assert_eq!(
                theirs.len(),
                if english.len() > 1 { forms } else { 1 },
                "plural forms of {} in {language}",
                phrase.code()
            );
            for form in theirs {
                let (ours, theirs) = (placeholders(english[0]), placeholders(form));
                let is_countless =
                    english.len() > 1 && theirs.is_subset(&ours) && ours.difference(&theirs).all(|name| *name == "count");
                assert!(ours == theirs || is_countless, "{} in {language} names {theirs:?} for {ours:?}", phrase.code());
            }
        }
        let known: BTreeSet<&str> =
            all().map(|phrase| phrase.code()).chain(["form-loading", "form-load-failed", "form-crashed"]).collect();
        let unknown: Vec<_> = sentences.keys().filter(|code| !known.contains(code.as_str())).collect();
        assert!(unknown.is_empty(), "{language} has sentences that nobody says: {unknown:?}");
    }
}

#[test]
fn the_element_knows_which_languages_there_are() {
    let list = include_str!("../../../src/element/js/element.js")
        .split("const LANGUAGES = [")
        .nth(1)
        .and_then(|rest| rest.split(']').next())
        .unwrap();
    let known: Vec<&str> = list.split(',').map(|language| language.trim().trim_matches('\'')).collect();
    assert_eq!(known, LANGUAGES.map(|(language, ..)| language));
}
