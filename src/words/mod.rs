//! Holds every sentence that a person reads, and writes money, numbers and dates.
//!
//! In scope: English as a list ([`en`]), other sentences by their stable codes (another language, or the host's `messages`), placeholders
//! by name, and plural forms. Money and dates are written in a notation that the caller hands in as plain data. Out of scope, on purpose: the browser. `ui/platform/intl.rs` learns the notation from `Intl` once; after that,
//! writing an amount calls no browser function, so that native tests can check it.

pub mod en;
pub mod format;
mod locale;
mod machine_text;
mod phrase;
mod problem;
pub mod status;

use crate::api::lists::ListError;
use crate::domain::{
    balance_change::Change,
    date::Date,
    money::{Currency, Money},
    statement::{Statement, StoredKind, StoredMethod},
};
use format::{DateFormat, MoneyFormat, Plurals};
pub use locale::{language_tag, written_in};
pub use machine_text::is_machine_text;
pub use phrase::Phrase;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// The sentences in one language, and the notation of one locale and currency.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// The sentences that replace the English ones, by code.
    sentences: BTreeMap<String, String>,
    plurals: Plurals,
    money: MoneyFormat,
    dates: DateFormat,
    is_rtl: bool,
    /// The tag of the language of the sentences; empty is English.
    language: String,
    is_for_staff: bool,
}

impl Words {
    /// English sentences in this notation.
    pub fn new(money: MoneyFormat, dates: DateFormat) -> Self {
        Self { money, dates, ..Self::default() }
    }

    /// Sets the direction in which this locale writes.
    pub fn for_locale(mut self, locale: &str) -> Self {
        self.is_rtl = is_rtl(locale);
        self
    }

    /// Sets the tag of the language in which the sentences are written: [`written_in`].
    pub fn with_language(mut self, tag: &str) -> Self {
        self.language = tag.to_owned();
        self
    }

    /// The language of the sentences, and the `lang` of the form. A screen reader chooses its voice by it, and a browser the
    /// shapes of Chinese characters.
    pub fn language(&self) -> &str {
        if self.language.is_empty() { "en" } else { &self.language }
    }

    /// Tells whether staff read the words.
    pub fn is_for_staff(&self) -> bool {
        self.is_for_staff
    }

    /// Sets the reader: staff, who see everything that a server says, or the payer.
    pub fn for_staff(mut self, is_for_staff: bool) -> Self {
        self.is_for_staff = is_for_staff;
        self
    }

    /// `rtl` or `ltr`: the `dir` of the form.
    pub fn direction(&self) -> &'static str {
        if self.is_rtl { "rtl" } else { "ltr" }
    }

    /// Sets another language: its sentences by code, and its plural forms. A missing sentence stays English.
    pub fn in_language(mut self, sentences: impl IntoIterator<Item = (String, String)>, plurals: Plurals) -> Self {
        self.plurals = plurals;
        self.replacing(sentences)
    }

    /// Replaces sentences by their code: the host's `messages`.
    pub fn replacing(mut self, sentences: impl IntoIterator<Item = (String, String)>) -> Self {
        self.sentences.extend(sentences);
        self
    }

    /// The text of a phrase, before anything is filled in. Staff read the sentence that is written for them, where there is one.
    pub fn text(&self, phrase: Phrase) -> &str {
        let phrase = Some(phrase).filter(|_| self.is_for_staff).and_then(en::for_staff).unwrap_or(phrase);
        self.sentences.get(phrase.code).map_or(phrase.english, String::as_str)
    }

    /// A sentence with its placeholders filled.
    pub fn say(&self, phrase: Phrase, values: &[(&str, &str)]) -> String {
        self.fill(self.text(phrase), values)
    }

    /// The heading of the form: a payer pays the payee, and staff record what a payer has paid.
    pub fn title(&self, payee: Option<&str>) -> String {
        match payee {
            _ if self.is_for_staff => self.text(en::TITLE_STAFF).to_owned(),
            Some(payee) => self.say(en::TITLE_PAYEE, &[("payee", payee)]),
            None => self.text(en::TITLE).to_owned(),
        }
    }

    /// A sentence about `count` things; `{count}` is filled in.
    pub fn count(&self, phrase: Phrase, count: usize, values: &[(&str, &str)]) -> String {
        let text = self.text(phrase);
        // The form for this count, or the last that there is.
        let form = text.split('|').take(self.plurals.form(count).saturating_add(1)).last().unwrap_or(text);
        let number = self.number(count);
        let values: Vec<_> = std::iter::once(("count", number.as_str())).chain(values.iter().copied()).collect();
        self.fill(form, &values)
    }

    /// Puts values in the place of `{name}`. A placeholder without a value stays as it is, so that a mistake is seen.
    fn fill(&self, text: &str, values: &[(&str, &str)]) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            filled += before;
            let known = after.split_once('}').and_then(|(name, behind)| {
                let (_, value) = values.iter().find(|(key, _)| *key == name)?;
                Some((name, *value, behind))
            });
            match known {
                Some((name, value, behind)) if FOREIGN.contains(&name) => {
                    filled += &self.isolated(value);
                    rest = behind;
                }
                Some((_, value, behind)) => {
                    filled += value;
                    rest = behind;
                }
                None => {
                    filled.push('{');
                    rest = after;
                }
            }
        }
        filled + rest
    }

    /// A value that keeps its own direction within a sentence.
    fn isolated(&self, value: &str) -> String {
        if self.may_change_direction(value) { format!("\u{2068}{value}\u{2069}") } else { value.to_owned() }
    }

    /// Tells whether the direction of a value may differ from that of the sentence. In a left-to-right sentence only a letter that is written
    /// from right to left turns anything, so a Latin page carries no invisible characters.
    fn may_change_direction(&self, value: &str) -> bool {
        !value.is_empty() && (self.is_rtl || value.chars().any(is_rtl_letter))
    }

    /// The sentence about a change of an invoice's balance or share.
    pub fn change(&self, phrase: Phrase, change: &Change) -> String {
        // An invoice that is not listed any more may have been paid, or not.
        if phrase == en::BALANCE_CHANGED && change.after.is_none() {
            return self.say(en::NAMED, &[("number", &change.number), ("what", self.text(en::SHARE_UNKNOWN))]);
        }
        let owed = |money: Option<Money>| self.amount(money.map(Money::value).unwrap_or_default());
        let values = [("number", change.number.as_str()), ("before", &owed(change.before)), ("after", &owed(change.after))];
        self.say(phrase, &values)
    }

    /// The codes of currencies as a list: `USD and EUR`, `USD, EUR and GBP`.
    fn currencies(&self, currencies: &[Currency]) -> String {
        let codes: Vec<&str> = currencies.iter().map(|currency| currency.code()).collect();
        match codes.split_last() {
            Some((last, first)) if !first.is_empty() => self.say(en::LIST_AND, &[("first", &first.join(", ")), ("last", last)]),
            _ => codes.concat(),
        }
    }

    /// The sentence about invoices in several currencies, which cannot be paid together; the currencies are those of
    /// [`StatementError::MixedCurrencies`](crate::domain::statement::StatementError::MixedCurrencies).
    pub fn mixed_currencies(&self, currencies: &[Currency]) -> String {
        self.say(en::MIXED_CURRENCIES, &[("currencies", &self.currencies(currencies))])
    }

    /// The sentence about open invoices in other currencies that are left out; `None` where the statement shows all.
    pub fn not_shown(&self, statement: &Statement) -> Option<String> {
        let others = statement.not_shown();
        let currencies: Vec<Currency> = others.iter().map(|(currency, _)| *currency).collect();
        let count = others.iter().map(|(_, count)| count).sum();
        (!others.is_empty()).then(|| self.count(en::NOT_SHOWN, count, &[("currencies", &self.currencies(&currencies))]))
    }

    /// The sentence that names the unreadable invoice of a list and its field, for staff. `None` where the text is no list at all.
    pub fn unreadable_invoice(&self, error: &ListError) -> Option<String> {
        let ListError::Entry { field, found, invoice: Some(number), .. } = error else { return None };
        let why = found.as_ref().map_or((*field).to_owned(), |found| format!("{field} {found}"));
        Some(self.say(en::INVOICE_UNREADABLE, &[("number", number), ("why", &why)]))
    }

    /// The credit notes on the list, in one line; `None` where there are none.
    pub fn credits(&self, statement: &Statement) -> Option<String> {
        statement.credits().map(|credits| self.say(en::CREDITS, &[("amount", &self.money(credits))]))
    }

    /// The credit notes of an account that owes nothing, in one line; `None` where there are none.
    pub fn credits_left(&self, statement: &Statement) -> Option<String> {
        statement.credits().map(|credits| self.say(en::CREDITS_LEFT, &[("amount", &self.money(credits))]))
    }

    /// The reason why a part of a balance stays owed although the payment covers it:
    /// [`Allocation::remainder`](crate::domain::allocation::Allocation::remainder).
    pub fn remainder(&self, remainder: Money) -> String {
        self.say(en::REMAINDER, &[("amount", &self.money(remainder))])
    }

    /// The name that people know a stored method by: `Visa ending in 4242`. `CHQ` and `SAV` are Fusebill's names of its two kinds of bank accounts.
    /// The name reads in the direction of the sentences; a label of the host in it keeps its own.
    pub fn method(&self, method: &StoredMethod) -> String {
        let label = match (method.kind, method.label.as_str()) {
            (StoredKind::CreditCard, "") => self.text(en::METHOD_CARD),
            (StoredKind::Ach, "") => self.text(en::METHOD_BANK),
            (StoredKind::Ach, "CHQ") => self.text(en::METHOD_CHECKING),
            (StoredKind::Ach, "SAV") => self.text(en::METHOD_SAVINGS),
            (_, label) => label,
        };
        match &method.ending {
            Some(digits) => self.say(en::METHOD_ENDING, &[("label", label), ("digits", digits)]),
            None => self.isolated(label),
        }
    }

    /// An amount with its currency sign, as this person reads it: `$1,234.50`.
    pub fn money(&self, money: Money) -> String {
        self.money.write(money.value())
    }

    /// A number as money, with all the decimals that it has.
    pub fn amount(&self, value: Decimal) -> String {
        self.money.write(value)
    }

    /// An amount as this person would type it: no sign, no groups.
    pub fn typed(&self, money: Money) -> String {
        self.money.write_typed(money.value())
    }

    /// A whole number.
    pub fn number(&self, number: usize) -> String {
        self.money.write_count(number)
    }

    /// A day: `2 Sept 2026`.
    pub fn date(&self, date: Date) -> String {
        self.dates.write(date)
    }

    /// A day, without its year where that is this year's: `2 Sept`.
    pub fn near_date(&self, date: Date, today: Date) -> String {
        self.dates.write_near(date, today)
    }

    /// The notation of money.
    pub fn money_format(&self) -> &MoneyFormat {
        &self.money
    }
}

/// Languages that are written from right to left, unless their tag names the Latin or Cyrillic script.
const RTL: [&str; 13] = ["ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ps", "sd", "ug", "ur", "yi"];

/// Tells whether a locale writes from right to left.
pub(crate) fn is_rtl(locale: &str) -> bool {
    let mut tags = locale.split(['-', '_']);
    let language = tags.next().unwrap_or_default();
    match tags.next().unwrap_or_default() {
        "Arab" | "Hebr" | "Thaa" | "Syrc" | "Nkoo" => true,
        script if script.len() == 4 => false,
        _ => RTL.contains(&language),
    }
}

/// The placeholders whose values come from the host, the payer or the server, in any language. A sentence isolates such a value
/// (U+2068, U+2069) where directions may mix. Otherwise the full stop of `Fernhill Supply Co.` would stand at its other end in an
/// Arabic heading.
const FOREIGN: [&str; 10] = ["attempt", "id", "label", "number", "payee", "payer", "recorded", "sent", "why", "words"];

/// Tells whether a character belongs to a block of scripts that are written from right to left.
fn is_rtl_letter(character: char) -> bool {
    matches!(character, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}
