//! Writes every sentence of every language on one page, with values filled in, so that a speaker of the language can read it aloud.
//!
//! The page is docs/sentences.md. After a change to a sentence, `SENTENCES=write cargo test -p payment-form --no-default-features --test core
//! words::snapshot` writes it again, and a review reads the difference.

use crate::words::{languages::LANGUAGES, sentences::all};
use payment_form::{
    domain::{amount::Separators, date::Date},
    words::{
        Phrase, Words,
        format::{DateFormat, DatePart, MoneyFormat, Plurals},
    },
};
use rust_decimal::Decimal;
use std::{collections::BTreeMap, env, fmt::Write, fs, path::Path};

/// The language, its name in itself, and how it writes money: the text around the digits, and the separators of decimals and groups.
const NOTATIONS: [(&str, &str, [&str; 2], [char; 2]); 10] = [
    ("en", "English", ["$", ""], ['.', ',']),
    ("ar", "العربية", ["\u{200F}", "\u{A0}US$\u{200E}"], ['.', ',']),
    ("de", "Deutsch", ["", "\u{A0}€"], [',', '.']),
    ("es", "Español", ["", "\u{A0}€"], [',', '.']),
    ("fr", "Français", ["", "\u{A0}€"], [',', '\u{202F}']),
    ("it", "Italiano", ["", "\u{A0}€"], [',', '.']),
    ("ja", "日本語", ["￥", ""], ['.', ',']),
    ("nl", "Nederlands", ["€\u{A0}", ""], [',', '.']),
    ("pt", "Português (Brasil)", ["R$\u{A0}", ""], [',', '.']),
    ("zh", "简体中文", ["¥", ""], ['.', ',']),
];

/// The values that do not depend on the language. Amounts are written in its notation.
const VALUES: [(&str, &str); 20] = [
    ("attempt", "7f9c2b41"),
    ("code", "payment.Amount"),
    ("currencies", "EUR"),
    ("currency", "USD"),
    ("digits", "4242"),
    ("first", "USD"),
    ("id", "7613586"),
    ("label", "Visa"),
    ("promise", "[pay-promise]"),
    ("last", "EUR"),
    ("message", "…"),
    ("month", "01/29"),
    ("number", "INV-1038"),
    ("payee", "Fernhill Supply"),
    ("payer", "Northwind"),
    ("reason", "…"),
    ("unit", "…"),
    ("what", "…"),
    ("why", "balance"),
    ("words", "…"),
];

/// The names that stand for an amount, each with its cents.
const AMOUNTS: [(&str, i64); 12] = [
    ("after", 62_070),
    ("allocated", 45_000),
    ("amount", 50_000),
    ("applied", 45_000),
    ("before", 84_050),
    ("example", 123_400),
    ("left", 62_070),
    ("min", 500),
    ("owed", 2_002_817),
    ("recorded", 45_000),
    ("sent", 50_000),
    ("unallocated", 5_000),
];

/// The sentences whose limit is a count.
const COUNTED: [&str; 3] = ["reference-count", "reference-too-long", "allocation-too-many-shares"];

/// The place of the plural form of a number, as the Unicode data has it.
fn plural_form(language: &str, count: u8) -> u8 {
    match (language, count) {
        ("ja" | "zh", _) | ("fr" | "pt", 0 | 1) | ("ar", 0) => 0,
        ("ar", 1) => 1,
        ("ar", 2) => 2,
        ("ar", _) => match count % 100 {
            3..=10 => 3,
            11..=99 => 4,
            _ => 5,
        },
        _ => u8::from(count != 1),
    }
}

/// The sentences of a language, and how it writes; the days are written by their numbers alone.
fn words_of(language: &str) -> Words {
    let (_, _, [prefix, suffix], [decimal, group]) =
        *NOTATIONS.iter().find(|(tag, ..)| *tag == language).expect("every language has a notation");
    let separators = Separators { decimal, group, ..Separators::ENGLISH };
    let money = MoneyFormat { prefix: prefix.into(), suffix: suffix.into(), sign: String::new(), separators, decimals: 2 };
    let dash = || DatePart::Literal("-".into());
    let dates = DateFormat {
        parts: vec![DatePart::Year, dash(), DatePart::Month, dash(), DatePart::Day],
        months: (1..=12).map(|month| format!("{month:02}")).collect(),
        zero: '0',
    };
    let sentences = sentences_of(language);
    let plurals = Plurals { forms: (0..200).map(|count| plural_form(language, count)).collect() };
    Words::new(money, dates).in_language(sentences, plurals)
}

/// The file of a language; empty for English.
fn sentences_of(language: &str) -> BTreeMap<String, String> {
    let file = LANGUAGES.iter().find(|(tag, ..)| *tag == language);
    file.map(|(_, _, json)| serde_json::from_str(json).expect("the language is JSON")).unwrap_or_default()
}

/// A sentence as it is said: once, or for each of some counts.
fn sentence(words: &Words, language: &str, phrase: Phrase) -> String {
    let amount = |cents: i64| words.amount(Decimal::new(cents, 2));
    let maximum = if COUNTED.contains(&phrase.code()) { words.number(500) } else { amount(1_000_000) };
    let invoices = words.count(payment_form::words::en::INVOICES, 3, &[]);
    let time = words.count(payment_form::words::en::MINUTES, 3, &[]);
    let date = words.date(Date::parse("2026-11-28").expect("a day"));
    let written = |name: &str, cents: i64| match (phrase.code(), name) {
        ("amount-zero", _) => words.money_format().write_whole(Decimal::ZERO),
        (_, "example") => words.money_format().write_typed(Decimal::new(cents, 2)),
        _ => amount(cents),
    };
    let amounts: Vec<(&str, String)> = AMOUNTS.iter().map(|(name, cents)| (*name, written(name, *cents))).collect();
    let mut values: Vec<(&str, &str)> = VALUES.to_vec();
    values.extend(amounts.iter().map(|(name, text)| (*name, text.as_str())));
    values.extend([("max", maximum.as_str()), ("invoices", &invoices), ("time", &time), ("date", &date)]);
    if !phrase.english().contains("{count}") {
        return words.say(phrase, &values);
    }
    let counts: &[usize] = if language == "ar" { &[0, 1, 2, 3, 11, 100] } else { &[0, 1, 2] };
    let mut forms: Vec<String> = counts.iter().map(|count| words.count(phrase, *count, &values)).collect();
    forms.dedup();
    forms.join("<br>")
}

fn page() -> String {
    let mut page = String::from(
        "# The sentences\n\nEvery sentence that the form can say, with values filled in. The code replaces the sentence in `messages`.\n\n\
         A test writes this page from `src/words/` and holds it equal: see `tests/core/words/snapshot.rs`.\n",
    );
    for (language, name, ..) in NOTATIONS {
        let words = words_of(language);
        _ = write!(page, "\n## {name} (`{language}`)\n\n| code | sentence |\n| --- | --- |\n");
        for phrase in all() {
            let text = sentence(&words, language, phrase);
            _ = writeln!(page, "| `{}` | {} |", phrase.code(), text.replace('|', "\\|"));
        }
        for (code, text) in sentences_of(language).iter().filter(|(code, _)| code.starts_with("form-") && !is_phrase(code)) {
            _ = writeln!(page, "| `{code}` | {text} |");
        }
    }
    page
}

fn is_phrase(code: &str) -> bool {
    all().any(|phrase| phrase.code() == code)
}

#[test]
fn page_of_sentences_without_a_change_is_the_stored_one() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/sentences.md");
    let page = page();
    if env::var("SENTENCES").is_ok_and(|mode| mode == "write") {
        fs::write(&file, &page).expect("the page can be written");
    }
    let stored = fs::read_to_string(&file).unwrap_or_default();
    let change = stored.lines().zip(page.lines()).find(|(stored, now)| stored != now);
    assert!(stored == page, "docs/sentences.md is old, first at {change:?}: see the head of this test on how to write it");
}

#[test]
fn every_language_has_a_notation_and_every_value_is_filled_in() {
    let languages: Vec<&str> = NOTATIONS.iter().map(|(language, ..)| *language).filter(|language| *language != "en").collect();
    assert_eq!(languages, LANGUAGES.map(|(language, ..)| language));
    let page = page();
    let unfilled: Vec<&str> = page.lines().filter(|line| line.contains('{')).collect();
    assert!(unfilled.is_empty(), "a value is missing in VALUES or AMOUNTS: {unfilled:?}");
}
