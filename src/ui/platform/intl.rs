//! Learns from the browser's `Intl` how a locale writes money, days and counts, once for each form.
//!
//! `Intl` formats samples only, and `words` writes the amounts exactly. So no amount is ever a float, a thousand rows stay cheap, and typed
//! amounts are read in the notation that is shown.

use crate::{
    domain::{amount::Separators, money::Currency},
    words::{
        Words, en,
        format::{DateFormat, DatePart, MoneyFormat, Plurals},
        is_rtl, written_in,
    },
};
use js_sys::{Array, Date, Object, Reflect};
use std::collections::BTreeMap;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `Intl.NumberFormat`.
    type NumberFormat;
    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(locale: &str, options: &Object) -> Result<NumberFormat, JsValue>;

    /// `Intl.DateTimeFormat`.
    type DateTimeFormat;
    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(locale: &str, options: &Object) -> Result<DateTimeFormat, JsValue>;

    /// A number format or a date format. A number as a text reaches `Intl` without a float.
    type Format;
    #[wasm_bindgen(method, js_name = formatToParts)]
    fn parts(this: &Format, value: &JsValue) -> Array;

    /// `Intl.PluralRules`.
    type PluralRules;
    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(locale: &str) -> Result<PluralRules, JsValue>;
    #[wasm_bindgen(method)]
    fn select(this: &PluralRules, count: u32) -> String;
}

/// Sentences by their code.
pub type Sentences = BTreeMap<String, String>;

/// The sentences of the person's language, and the sentences that the host replaces, each by its code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Language {
    /// The sentences of the language; none for English, which is compiled in.
    pub sentences: Sentences,
    /// The host's `messages`.
    pub messages: Sentences,
}

impl Language {
    /// The sentences and separators while no currency is known.
    pub fn plain_words(&self, locale: &str) -> Words {
        let separators = Currency::from_code("USD").map(|currency| money_format(locale, currency).separators);
        let money = MoneyFormat { separators: separators.unwrap_or(Separators::ENGLISH), ..MoneyFormat::default() };
        Words::new(money, DateFormat::default())
            .for_locale(self.sentence_locale(locale))
            .with_language(self.language(locale))
            .replacing(self.sentences.clone())
            .replacing(self.messages.clone())
    }

    /// A moment such as `2026-11-28T18:12:00Z` with its day and time, in the person's own time zone; `None` for a text without a time.
    pub fn moment(&self, locale: &str, text: &str) -> Option<String> {
        // Browsers read dates into almost any text, so the text must hold a time. Midnight stands for a day without a time.
        let time = text.get(11..19).filter(|time| time.as_bytes().get(2) == Some(&b':') && *time != "00:00:00");
        let at = time.map(|_| Date::new(&text.into())).filter(|at| !at.get_time().is_nan())?;
        let options = object(&[
            ("year", "numeric".into()),
            ("month", "short".into()),
            ("day", "numeric".into()),
            ("hour", "numeric".into()),
            ("minute", "2-digit".into()),
            ("calendar", "gregory".into()),
        ]);
        let format = DateTimeFormat::new(self.sentence_locale(locale), &options).ok()?;
        Some(sample(&format, &at).into_iter().map(|(_, text)| text).collect())
    }

    /// The locale of the sentences: English without sentences in the person's language. Enough replaced sentences for all labels count as
    /// the person's language.
    fn sentence_locale<'a>(&self, locale: &'a str) -> &'a str {
        let has_words = !self.sentences.is_empty() || self.is_replaced();
        if has_words || locale.split(['-', '_']).next() == Some("en") { locale } else { "en" }
    }

    /// The tag of the language that is read: that of the locale itself where the host replaces the sentences.
    fn language<'a>(&self, locale: &'a str) -> &'a str {
        if self.is_replaced() { locale } else { written_in(self.sentence_locale(locale)) }
    }

    /// Tells whether the host replaces enough sentences for all labels.
    fn is_replaced(&self) -> bool {
        self.messages.len() >= en::LABELS.len()
    }

    /// The words for this currency in the person's language, and the notation in which the person types amounts.
    ///
    /// Digits and separators follow the locale, because the person types them; days follow the language of the sentences. English sentences
    /// run from left to right, so a right-to-left locale does not place the currency sign there.
    pub fn words(&self, locale: &str, currency: Currency) -> (Words, Separators) {
        let sentence_locale = self.sentence_locale(locale);
        let money = money_format(locale, currency);
        let separators = money.separators.clone();
        let money = if is_rtl(locale) && !is_rtl(sentence_locale) {
            MoneyFormat { separators: separators.clone(), ..money_format(sentence_locale, currency) }
        } else {
            money
        };
        let dates = if sentence_locale == locale { date_format(locale) } else { DateFormat::default() };
        let words = Words::new(money, dates)
            .for_locale(sentence_locale)
            .with_language(self.language(locale))
            .in_language(self.sentences.clone(), plurals(sentence_locale));
        (words.replacing(self.messages.clone()), separators)
    }
}

/// The Unicode plural categories in their usual order: the order of a sentence's forms.
const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// The number of counts whose plural forms are learned; higher counts repeat them.
const COUNTS: u32 = 200;

/// Learns the locale's format of amounts in this currency; English where the browser does not know the locale.
fn money_format(locale: &str, currency: Currency) -> MoneyFormat {
    money_format_of(locale, currency).unwrap_or_else(|| MoneyFormat {
        prefix: format!("{}\u{A0}", currency.code()),
        sign: currency.code().to_owned(),
        decimals: currency.minor_units(),
        ..MoneyFormat::default()
    })
}

fn money_format_of(locale: &str, currency: Currency) -> Option<MoneyFormat> {
    let format = |options: &[(&str, JsValue)]| NumberFormat::new(locale, &object(options)).ok();
    let style = [("style", "currency".into()), ("currency", currency.code().into())];
    let plain = format(&style)?;
    // The sample is in a currency with decimals, because yen show no decimal separator.
    let [style, code] = style;
    let fine = format(&[style, code, ("minimumFractionDigits", 1.into())])?;
    let sample = |number: &str| sample(&plain, &number.into());
    let long = sample("123456789012");
    let (mut prefix, mut suffix, mut groups) = (String::new(), String::new(), Vec::new());
    for (kind, text) in &long {
        if kind == "integer" {
            groups.push(text.chars().count());
        }
        if matches!(kind.as_str(), "integer" | "group" | "decimal" | "fraction") {
            // A later integer part follows, so the suffix begins again.
            suffix.clear();
        } else if groups.is_empty() {
            prefix.push_str(text);
        } else {
            suffix.push_str(text);
        }
    }
    // The bidirectional algorithm would show `US$` at the end of a right-to-left text as `$US`.
    if prefix.contains('\u{200F}') && suffix.ends_with('$') {
        suffix.push('\u{200E}');
    }
    Some(MoneyFormat {
        prefix,
        suffix,
        sign: text_of(&long, "currency")?.to_owned(),
        separators: Separators {
            decimal: first_of(&self::sample(&fine, &"1".into()), "decimal")?,
            group: first_of(&long, "group").unwrap_or(','),
            groups: match *groups.as_slice() {
                [] => return None,
                [_] => &[],
                [.., 2, 3] => &[3, 2],
                [.., 4] => &[4],
                _ => &[3],
            },
            group_digits_min: if text_of(&sample("1234"), "group").is_some() { 1 } else { 2 },
            zero: first_of(&sample("0"), "integer")?,
        },
        decimals: currency.minor_units(),
    })
}

/// Learns the locale's format of days.
fn date_format(locale: &str) -> DateFormat {
    date_format_of(locale).unwrap_or_default()
}

fn date_format_of(locale: &str) -> Option<DateFormat> {
    let style = object(&[
        ("year", "numeric".into()),
        ("month", "short".into()),
        ("day", "numeric".into()),
        ("timeZone", "UTC".into()),
        ("calendar", "gregory".into()),
    ]);
    let format = DateTimeFormat::new(locale, &style).ok()?;
    let sample = |month: &str| sample(&format, &Date::new(&format!("2001-{month}-03").into()));
    let mut months = Vec::new();
    for month in ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"] {
        months.push(text_of(&sample(month), "month")?.to_owned());
    }
    let january = sample("01");
    // The sample is the third day, so its last digit is the locale's zero plus three.
    let three = text_of(&january, "day")?.chars().last();
    let zero = three.and_then(|three| char::from_u32(three as u32 - 3)).unwrap_or('0');
    let mut parts = Vec::new();
    for (kind, text) in january {
        parts.push(match kind.as_str() {
            "year" => DatePart::Year,
            "month" => DatePart::Month,
            "day" => DatePart::Day,
            _ => DatePart::Literal(text),
        });
    }
    Some(DateFormat { parts, months, zero })
}

/// Learns the language's plural form for each count.
fn plurals(locale: &str) -> Plurals {
    // The compiled-in English sentences need no `Intl.PluralRules`.
    if locale.starts_with("en") {
        return Plurals::default();
    }
    let Ok(rules) = PluralRules::new(locale) else { return Plurals::default() };
    let mut categories = Vec::new();
    for count in 0..COUNTS {
        let name = rules.select(count);
        categories.push(CATEGORIES.iter().position(|category| *category == name).unwrap_or(CATEGORIES.len() - 1));
    }
    // A sentence lists only the forms that its language has.
    let mut forms = [0; CATEGORIES.len()];
    for index in 1..CATEGORIES.len() {
        forms[index] = forms[index - 1] + u8::from(categories.contains(&(index - 1)));
    }
    Plurals { forms: categories.into_iter().map(|index| forms[index]).collect() }
}

/// A plain object of these properties.
fn object(properties: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in properties {
        // Setting a property of a fresh plain object cannot fail.
        _ = Reflect::set(&object, &(*name).into(), value);
    }
    object
}

/// The parts of a formatted sample: kind and text.
fn sample(format: &JsValue, value: &JsValue) -> Vec<(String, String)> {
    let mut parts = Vec::new();
    for part in format.unchecked_ref::<Format>().parts(value).iter() {
        let text = |name: &str| Reflect::get(&part, &name.into()).ok()?.as_string();
        parts.extend(text("type").zip(text("value")));
    }
    parts
}

fn text_of<'a>(sample: &'a [(String, String)], kind: &str) -> Option<&'a str> {
    sample.iter().find(|(other, _)| other == kind).map(|(_, text)| text.as_str())
}

fn first_of(sample: &[(String, String)], kind: &str) -> Option<char> {
    text_of(sample, kind)?.chars().next()
}
