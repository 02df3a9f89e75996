//! Tests the names of locales as other systems write them.

use payment_form::words::{language_tag, written_in};

#[test]
fn an_underscore_is_read_as_a_hyphen() {
    for (name, tag) in [
        ("de_DE", "de-DE"),
        ("pt_BR", "pt-BR"),
        ("zh_Hant_TW", "zh-Hant-TW"),
        ("de-CH", "de-CH"),
        ("en", "en"),
        (" fr_CA ", "fr-CA"),
        ("sr_RS.UTF-8@latin", "sr-RS"),
        ("de_DE@euro", "de-DE"),
        ("de-DE-u-nu-latn", "de-DE-u-nu-latn"),
    ] {
        assert_eq!(language_tag(name).as_deref(), Some(tag), "{name}");
    }
}

#[test]
fn a_text_that_is_no_locale_is_refused() {
    for name in
        ["", "_", "C", "d", "de__DE", "de_", "german language", "de/DE", "Deutsch (DE)", "4de", "abcdefghi", "de-abcdefghi", "é"]
    {
        assert_eq!(language_tag(name), None, "{name:?}");
    }
}

#[test]
fn region_without_words_of_its_own_names_the_language_that_is_read() {
    for (locale, language) in
        [("pt-PT", "pt-BR"), ("pt", "pt-BR"), ("zh-TW", "zh-Hans"), ("zh-Hant-HK", "zh-Hans"), ("de-CH", "de-CH"), ("en", "en")]
    {
        assert_eq!(written_in(locale), language, "{locale}");
    }
}
