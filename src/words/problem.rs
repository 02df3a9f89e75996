//! The sentence for each problem.

use super::{Words, en};
use crate::domain::{
    payment::REFERENCE_MAX,
    problem::{Cause, Problem},
};

impl Words {
    /// What is wrong, in words that say what to do.
    pub fn problem(&self, problem: &Problem) -> String {
        if let Cause::Server { message, .. } = &problem.cause {
            return message.clone();
        }
        let code = problem.code();
        let phrase = en::PROBLEMS.iter().find(|phrase| phrase.code == code).copied().unwrap_or(en::PROBLEM_OTHER);
        match &problem.cause {
            Cause::TooFine(decimals) => self.count(phrase, *decimals as usize, &[]),
            Cause::TooLong(digits) => self.count(phrase, *digits, &[]),
            Cause::BelowMin(limit) | Cause::AboveMax(limit) | Cause::AboveBalance(limit) | Cause::AboveAmount(limit) => {
                self.say(phrase, &[("amount", &self.money(*limit))])
            }
            Cause::TooManyShares { count, max } => self.count(phrase, *count, &[("max", &self.number(*max))]),
            Cause::ReferenceTooLong(units) => self.count(phrase, *units, &[("max", &self.number(REFERENCE_MAX))]),
            _ => self.say(phrase, &[("code", &code)]),
        }
    }
}
