//! How a locale writes money, days and counts, learned from the browser's `Intl` once for a form.
//!
//! Only samples are formatted by `Intl`; the amounts themselves are written by `words`, exactly. So no amount is ever a float, a thousand
//! rows cost nothing, and what is typed is read in the very notation that is shown.

use crate::{
    domain::{amount::Separators, money::Currency},
    words::{
        Words, en,
        format::{DateFormat, DatePart, MoneyFormat, Plurals},
        is_rtl,
    },
};
use js_sys::{Array, Date, Object, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `Intl.NumberFormat`.
    type NumberFormat;
    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(locale: &str, options: &Object) -> Result<NumberFormat, JsValue>;
    // A number as a text reaches `Intl` without a float.
    #[wasm_bindgen(method, js_name = formatToParts)]
    fn parts(this: &NumberFormat, number: &str) -> Array;

    /// `Intl.DateTimeFormat`.
    type DateTimeFormat;
    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(locale: &str, options: &Object) -> Result<DateTimeFormat, JsValue>;
    #[wasm_bindgen(method, js_name = formatToParts)]
    fn parts(this: &DateTimeFormat, date: &Date) -> Array;

    /// `Intl.PluralRules`.
    type PluralRules;
    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(locale: &str) -> Result<PluralRules, JsValue>;
    #[wasm_bindgen(method)]
    fn select(this: &PluralRules, count: u32) -> String;
}

/// The sentences of one person's language, and those that the host replaces: each by its code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Language {
    /// Of the language. None for English, which is compiled in.
    pub sentences: Vec<(String, String)>,
    /// The host's `messages`.
    pub messages: Vec<(String, String)>,
}

impl Language {
    /// The sentences alone, for as long as no currency is known.
    pub fn plain_words(&self, locale: &str) -> Words {
        Words::default().for_locale(self.spoken(locale)).replacing(self.sentences.clone()).replacing(self.messages.clone())
    }

    /// The locale whose language is spoken: English where there are no sentences in the person's own. Where the page replaces as many as a
    /// form has labels, its `messages` are another language.
    fn spoken<'a>(&self, locale: &'a str) -> &'a str {
        let has_words = !self.sentences.is_empty() || self.messages.len() >= en::LABELS.len();
        if has_words || locale.split(['-', '_']).next() == Some("en") { locale } else { "en" }
    }

    /// All that is needed to speak to this person about money of this currency, and the notation in which they type it.
    ///
    /// Digits and separators are the locale's in any language, because they are what is typed; a day is written as the sentences are. In
    /// English an amount stands from left to right, so there the sign of a locale that writes the other way is not placed its way.
    pub fn words(&self, locale: &str, currency: Currency) -> (Words, Separators) {
        let spoken = self.spoken(locale);
        let money = money_format(locale, currency);
        let separators = money.separators.clone();
        let money = if is_rtl(locale) && !is_rtl(spoken) {
            MoneyFormat { separators: separators.clone(), ..money_format(spoken, currency) }
        } else {
            money
        };
        let dates = if spoken == locale { date_format(locale) } else { DateFormat::default() };
        let words = Words::new(money, dates).for_locale(spoken).in_language(self.sentences.clone(), plurals(spoken));
        (words.replacing(self.messages.clone()), separators)
    }
}

/// The Unicode plural categories in their usual order: the order of a sentence's forms.
const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// How many numbers' plural forms are learned; above, they repeat.
const COUNTS: u32 = 200;

/// How the locale writes amounts of this currency. English where the browser does not know the locale.
fn money_format(locale: &str, currency: Currency) -> MoneyFormat {
    learn_money(locale, currency).unwrap_or_else(|| MoneyFormat {
        prefix: [currency.code(), "\u{A0}"].concat(),
        sign: currency.code().to_owned(),
        decimals: currency.minor_units(),
        ..MoneyFormat::default()
    })
}

fn learn_money(locale: &str, currency: Currency) -> Option<MoneyFormat> {
    let style = [("style", "currency".into()), ("currency", currency.code().into())];
    let format = NumberFormat::new(locale, &options(&style)).ok()?;
    // Yen have no decimals to show the separator with.
    let [style, code] = style;
    let fine = NumberFormat::new(locale, &options(&[style, code, ("minimumFractionDigits", 1.into())])).ok()?;
    let long = format.parts("123456789012");
    let decimal = text_of(&fine.parts("1"), "decimal")?.chars().next()?;
    let groups: Vec<usize> =
        parts(&long).filter(|(kind, _)| kind == "integer").map(|(_, digits)| digits.chars().count()).collect();
    let is_grouped = |number: &str| text_of(&format.parts(number), "group").is_some();
    let is_figure = |kind: &str| matches!(kind, "integer" | "group" | "decimal" | "fraction");
    let before: String = parts(&long).take_while(|(kind, _)| !is_figure(kind)).map(|(_, text)| text).collect();
    let mut behind: Vec<String> = parts(&long).map(|(kind, text)| if is_figure(&kind) { String::new() } else { text }).collect();
    let last_figure = behind.iter().rposition(String::is_empty)?;
    let mut suffix = String::new();
    behind.split_off(last_figure).iter().for_each(|text| suffix.push_str(text));
    // At the end of a text that runs from right to left, `US$` would be shown as `$US`. (Not `contains`, which brings the search for texts.)
    if before.chars().any(|c| c == '\u{200F}') && suffix.ends_with('$') {
        suffix.push('\u{200E}');
    }
    Some(MoneyFormat {
        prefix: before,
        suffix,
        sign: text_of(&long, "currency")?,
        separators: Separators {
            decimal,
            group: text_of(&long, "group").and_then(|group| group.chars().next()).unwrap_or(','),
            groups: match *groups.as_slice() {
                [] | [_] => &[],
                [.., 2, 3] => &[3, 2],
                [.., 4] => &[4],
                _ => &[3],
            },
            group_digits_min: if is_grouped("1234") { 1 } else { 2 },
            zero: text_of(&format.parts("0"), "integer")?.chars().next()?,
        },
        decimals: currency.minor_units(),
    })
}

/// How the locale writes days.
fn date_format(locale: &str) -> DateFormat {
    learn_dates(locale).unwrap_or_default()
}

fn learn_dates(locale: &str) -> Option<DateFormat> {
    let style = [("year", "numeric"), ("month", "short"), ("day", "numeric"), ("timeZone", "UTC"), ("calendar", "gregory")];
    let format = DateTimeFormat::new(locale, &options(&style.map(|(name, value)| (name, value.into())))).ok()?;
    let sample = |month: &str| format.parts(&Date::new(&["2001-", month, "-03"].concat().into()));
    let months = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"];
    let months: Option<Vec<String>> = months.iter().map(|month| text_of(&sample(month), "month")).collect();
    let day = text_of(&sample("01"), "day")?;
    let january = sample("01");
    let pieces = parts(&january).map(|(kind, text)| match kind.as_str() {
        "year" => DatePart::Year,
        "month" => DatePart::Month,
        "day" => DatePart::Day,
        _ => DatePart::Literal(text),
    });
    // The day is the third, so its last digit lies three above the locale's zero.
    let zero = day.chars().last().and_then(|three| char::from_u32(three as u32 - 3)).unwrap_or('0');
    Some(DateFormat { parts: pieces.collect(), months: months?, zero })
}

/// Which plural form the language uses for each number.
fn plurals(locale: &str) -> Plurals {
    // That of the sentences that are compiled in.
    if locale.starts_with("en") {
        return Plurals::default();
    }
    let Ok(rules) = PluralRules::new(locale) else { return Plurals::default() };
    let place = |count| CATEGORIES.iter().position(|category| *category == rules.select(count)).unwrap_or(CATEGORIES.len() - 1);
    let places: Vec<usize> = (0..COUNTS).map(place).collect();
    // A sentence lists only the forms that its language has.
    let form = |place: &usize| CATEGORIES.iter().enumerate().take(*place).filter(|(other, _)| places.contains(other)).count();
    Plurals { forms: places.iter().map(|place| u8::try_from(form(place)).unwrap_or_default()).collect() }
}

/// The parts of a formatted sample: kind and text.
fn parts(sample: &Array) -> impl Iterator<Item = (String, String)> {
    let text = |part: &JsValue, name: &str| Reflect::get(part, &name.into()).ok().and_then(|text| text.as_string());
    let part = move |part: JsValue| Some((text(&part, "type")?, text(&part, "value")?));
    sample.to_vec().into_iter().filter_map(part)
}

fn text_of(sample: &Array, kind: &str) -> Option<String> {
    parts(sample).find(|(other, _)| other == kind).map(|(_, text)| text)
}

fn options(entries: &[(&str, JsValue)]) -> Object {
    let options = Object::new();
    for (name, value) in entries {
        // Setting a property of a fresh plain object cannot fail.
        _ = Reflect::set(&options, &(*name).into(), value);
    }
    options
}
