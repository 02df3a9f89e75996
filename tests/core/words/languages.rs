//! Tests that the other languages have every sentence of English, with the same placeholders.

use crate::words::sentences::{all, placeholders};
use std::collections::{BTreeMap, BTreeSet};

/// The other languages, by their tag, with how many plural forms each has.
pub const LANGUAGES: [(&str, usize, &str); 9] = [
    ("ar", 6, include_str!("../../../src/words/ar.json")),
    ("de", 2, include_str!("../../../src/words/de.json")),
    ("es", 2, include_str!("../../../src/words/es.json")),
    ("fr", 2, include_str!("../../../src/words/fr.json")),
    ("it", 2, include_str!("../../../src/words/it.json")),
    ("ja", 1, include_str!("../../../src/words/ja.json")),
    ("nl", 2, include_str!("../../../src/words/nl.json")),
    ("pt", 2, include_str!("../../../src/words/pt.json")),
    ("zh", 1, include_str!("../../../src/words/zh.json")),
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
fn element_script_names_the_words_of_every_language() {
    let script = include_str!("../../../src/element/js/locale.js");
    let addresses = script.split("const WORDS = {").nth(1).and_then(|rest| rest.split("};").next()).unwrap();
    // A bundler finds a file by a literal address alone.
    let line = |language| format!("{language}: () => new URL('./words/{language}.json', import.meta.url),");
    let known: Vec<&str> = addresses.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(known, LANGUAGES.map(|(language, ..)| line(language)));
}

#[test]
fn skeleton_has_the_forms_sentences_in_every_language() {
    let script = include_str!("../../../src/element/js/sentences.js");
    let sentences = script.split("const SENTENCES = ").nth(1).and_then(|rest| rest.split("};").next()).unwrap();
    let sentences: BTreeMap<String, BTreeMap<String, String>> = serde_json::from_str(&format!("{sentences}}}")).unwrap();
    let languages: Vec<&str> = sentences.keys().map(String::as_str).filter(|language| *language != "en").collect();
    assert_eq!(languages, LANGUAGES.map(|(language, ..)| language));
    let english = &sentences["en"];
    for phrase in all() {
        assert!(english.get(phrase.code()).is_none_or(|text| text == phrase.english()), "{} in English", phrase.code());
    }
    for (language, _, json) in LANGUAGES {
        let words: BTreeMap<String, String> = serde_json::from_str(json).unwrap();
        let wanted = english.keys().map(|code| (code.clone(), words[code].clone())).collect();
        assert_eq!(sentences[language], wanted, "{language}");
    }
}
