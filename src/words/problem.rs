//! The sentence for each problem.

use super::{Phrase, Words, en};
use crate::domain::{
    payment::REFERENCE_MAX,
    problem::{Cause, Problem},
};
use rust_decimal::Decimal;

impl Words {
    /// What is wrong, in words that say what to do. The server's own words are repeated as they came, where it has any.
    pub fn problem(&self, problem: &Problem) -> String {
        let code = problem.code();
        let phrase = phrase(&code);
        match &problem.cause {
            Cause::Server { key, message } if message.trim().is_empty() => {
                self.say(phrase, &[("code", key.as_ref().unwrap_or(&code))])
            }
            Cause::Server { message, .. } => message.clone(),
            Cause::TooFine(decimals) | Cause::TooFineForApi(decimals) => self.count(phrase, *decimals as usize, &[]),
            Cause::TooLong(digits) => self.count(phrase, *digits, &[]),
            Cause::BelowMin(limit) | Cause::AboveMax(limit) | Cause::AboveBalance(limit) | Cause::AboveAmount(limit) => {
                self.say(phrase, &[("amount", &self.money(*limit))])
            }
            Cause::TooManyShares { count, max } => self.count(phrase, *count, &[("max", &self.number(*max))]),
            Cause::ReferenceTooLong(units) => self.count(phrase, *units, &[("max", &self.number(REFERENCE_MAX))]),
            Cause::OtherCurrency(currency) => self.say(phrase, &[("currency", currency.code())]),
            Cause::Unreadable => self.say(phrase, &[("example", &self.money.write_typed(Decimal::from(1234)))]),
            _ => self.say(phrase, &[("code", &code)]),
        }
    }
}

/// The sentence of a problem's code. What MaiaScore calls the amount paid is the amount in the sentences of both.
fn phrase(code: &str) -> Phrase {
    let named = |code: &str| en::PROBLEMS.iter().find(|phrase| phrase.code() == code).copied();
    let of_amount = || named(&format!("amount{}", code.strip_prefix("amountPaid")?));
    named(code).or_else(of_amount).unwrap_or(en::PROBLEM_OTHER)
}
