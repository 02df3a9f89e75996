//! Says sentences, amounts and days in the words of one rendering.

use crate::ui::state::view_model::ViewModel;
use crate::{
    domain::{date::Date, money::Money, problem::Problem, statement::StoredMethod},
    words::{Phrase, Words},
};
use rust_decimal::Decimal;

impl ViewModel {
    /// `ltr` or `rtl`.
    pub fn direction(self) -> &'static str {
        self.with_words(Words::direction)
    }

    /// The language of the sentences.
    pub fn language(self) -> String {
        self.with_words(|words| words.language().to_owned())
    }

    /// A sentence without placeholders.
    pub fn text(self, phrase: Phrase) -> String {
        self.with_words(|words| words.text(phrase).to_owned())
    }

    /// A sentence with its placeholders filled.
    pub fn say(self, phrase: Phrase, values: &[(&str, &str)]) -> String {
        self.with_words(|words| words.say(phrase, values))
    }

    /// A sentence about one amount.
    pub fn say_amount(self, phrase: Phrase, amount: Money) -> String {
        self.say(phrase, &[("amount", &self.money(amount))])
    }

    /// A sentence about a count, in the language's plural form.
    pub fn count(self, phrase: Phrase, count: usize, values: &[(&str, &str)]) -> String {
        self.with_words(|words| words.count(phrase, count, values))
    }

    /// The name of a stored method.
    pub fn method(self, method: &StoredMethod) -> String {
        self.with_words(|words| words.method(method))
    }

    /// The sentence about a remainder that the API cannot carry.
    pub fn remainder(self, remainder: Money) -> String {
        self.with_words(|words| words.remainder(remainder))
    }

    /// The sentence about credit notes, while there are any.
    pub fn credits(self) -> Option<String> {
        let statement = self.statement();
        self.with_words(|words| words.credits(&statement))
    }

    /// The sentence about credit notes of an account that owes nothing, while there are any.
    pub fn credits_left(self) -> Option<String> {
        let statement = self.statement();
        self.with_words(|words| words.credits_left(&statement))
    }

    /// The sentence about invoices in other currencies that are not shown, while there are any.
    pub fn not_shown(self) -> Option<String> {
        let statement = self.statement();
        self.with_words(|words| words.not_shown(&statement))
    }

    /// An amount with its currency sign.
    pub fn money(self, money: Money) -> String {
        self.amount(money.value())
    }

    /// A number as an amount with the currency sign.
    pub fn amount(self, value: Decimal) -> String {
        self.with_words(|words| words.amount(value))
    }

    /// An amount as it is typed.
    pub fn typed(self, money: Money) -> String {
        self.typed_amount(money.value())
    }

    /// A number as it is typed.
    pub fn typed_amount(self, value: Decimal) -> String {
        self.with_words(|words| words.money_format().write_typed(value))
    }

    /// A whole number.
    pub fn number(self, number: usize) -> String {
        self.with_words(|words| words.number(number))
    }

    /// The currency sign.
    pub fn sign(self) -> String {
        self.with_words(|words| words.money_format().sign.clone())
    }

    /// Tells whether the currency sign follows the digits.
    pub fn is_sign_behind(self) -> bool {
        self.with_words(|words| words.money_format().is_sign_behind())
    }

    /// Tells whether the code of the currency must stand beside its sign.
    pub fn is_sign_shared(self) -> bool {
        self.with_words(|words| words.money_format().is_sign_shared())
    }

    /// A day.
    pub fn date(self, date: Date) -> String {
        self.with_words(|words| words.date(date))
    }

    /// A day; the current year is left out.
    pub fn near_date(self, date: Date) -> String {
        let today = self.terms().today;
        self.with_words(|words| words.near_date(date, today))
    }

    /// The sentences of a problem.
    pub fn sentences_of(self, problem: &Problem) -> Vec<String> {
        self.with_words(|words| words.shown_problem(problem))
    }

    /// The sentences of a problem in one run.
    pub fn problem(self, problem: &Problem) -> String {
        self.sentences_of(problem).join(" ")
    }
}
