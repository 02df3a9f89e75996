//! Chooses the sentence for each problem.

use super::{Phrase, Words, en, is_machine_text};
use crate::domain::{
    payment::REFERENCE_MAX,
    problem::{Cause, Field, Problem},
};
use rust_decimal::Decimal;

impl Words {
    /// The sentence for a problem, which says what to do. The server's own words are repeated as they came, where it has any.
    pub fn problem(&self, problem: &Problem) -> String {
        let code = problem.code();
        let phrase = phrase(&code);
        match &problem.cause {
            Cause::Server { key, message } if message.trim().is_empty() => {
                self.say(phrase, &[("code", key.as_ref().unwrap_or(&code))])
            }
            Cause::Server { message, .. } => message.clone(),
            Cause::Zero => self.say(phrase, &[("amount", &self.money.write_whole(Decimal::ZERO))]),
            Cause::TooFine(decimals) | Cause::TooFineForApi(decimals) => self.count(phrase, *decimals as usize, &[]),
            Cause::TooLong(digits) => self.count(phrase, *digits, &[]),
            Cause::BelowMin(limit) | Cause::AboveMax(limit) | Cause::AboveBalance(limit) | Cause::AboveAmount(limit) => {
                self.say(phrase, &[("amount", &self.money(*limit))])
            }
            Cause::TooManyShares { count, max } => self.count(phrase, *count, &[("max", &self.number(*max))]),
            Cause::ReferenceTooLong(units) => self.count(phrase, *units, &[("max", &self.number(REFERENCE_MAX))]),
            Cause::OtherCurrency(currency) | Cause::NotInCurrency(currency) => self.say(phrase, &[("currency", currency.code())]),
            Cause::Unreadable | Cause::Ambiguous => {
                self.say(phrase, &[("example", &self.money.write_typed(Decimal::from(1234)))])
            }
            _ => self.say(phrase, &[("code", &code)]),
        }
    }

    /// The sentences that the screen shows for a problem. Staff read a server's words as they came. The payer reads a plain sentence
    /// first, then the server's words as a quotation. Machine text is left out; the list is empty where no words would be left.
    ///
    /// The `problems` property and the events carry [`Words::problem`], which leaves nothing out.
    pub fn shown_problem(&self, problem: &Problem) -> Vec<String> {
        match &problem.cause {
            Cause::Server { message, .. } if !self.is_for_staff => {
                let plain = plain_refusal(problem.field).map(|phrase| self.text(phrase).to_owned());
                let quoted = (!is_machine_text(message)).then(|| self.say(en::SERVER_SAYS, &[("words", message)]));
                plain.into_iter().chain(quoted).collect()
            }
            _ => vec![self.problem(problem)],
        }
    }

    /// The server's words as one text for the screen; `None` where nothing would be left.
    pub(super) fn server_words(&self, problems: &[Problem]) -> Option<String> {
        let words = problems.iter().filter_map(|problem| match &problem.cause {
            Cause::Server { message, .. } => Some(message.trim()),
            _ => None,
        });
        let shown: Vec<&str> = words.filter(|text| !text.is_empty() && (self.is_for_staff || !is_machine_text(text))).collect();
        (!shown.is_empty()).then(|| self.say(en::SERVER_SAYS, &[("words", &shown.join("; "))]))
    }
}

/// The payer's next step after a server has refused a field; `None` where the refusal is of the whole payment, of which the notice tells.
fn plain_refusal(field: Field) -> Option<Phrase> {
    match field {
        Field::Form => None,
        Field::Method => Some(en::DECLINED_ADVICE),
        _ => Some(en::SERVER_REFUSES),
    }
}

/// The sentence of a problem's code. The amount that MaiaScore calls paid is the amount in the sentences of both.
fn phrase(code: &str) -> Phrase {
    let phrase_of = |code: &str| en::PROBLEMS.iter().find(|phrase| phrase.code() == code).copied();
    let of_amount = || phrase_of(&format!("amount{}", code.strip_prefix("amountPaid")?));
    phrase_of(code).or_else(of_amount).unwrap_or(en::PROBLEM_OTHER)
}
