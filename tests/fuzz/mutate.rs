//! Makes a new body out of known ones: bytes flipped, ranges cut, doubled or spliced, and the words of both contracts strewn in.

use super::random::Random;
use std::ops::Range;

/// The most bytes of a body. Other tests cover long bodies, and short ones run faster.
const LENGTH_MAX: usize = 4_096;

/// Words that the readers look for, and words that broke other readers.
const WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    ",",
    ":",
    "null",
    "true",
    "false",
    "[]",
    "{}",
    "\"\"",
    "\\",
    "\\\"",
    "\\u",
    "\\ud800",
    "\\udc00",
    "\\ud83d\\ude00",
    "\\u0000",
    " ",
    "\t",
    "\r\n",
    "\u{FEFF}",
    "\u{0}",
    "é",
    "😀",
    "<!doctype html>",
    "0",
    "-0",
    "1",
    "-1",
    "10.0",
    "50.78",
    "1e2",
    "1E+400",
    "1e-30",
    "NaN",
    "01",
    "1.",
    "79228162514264337593543950335",
    "79228162514264337593543950336",
    "9223372036854775807",
    "9223372036854775808",
    "566934",
    "566935",
    "2026-11-20",
    "2019-08-24T00:00:00.000Z",
    "2017-01-25T19:11:00.0009221Z",
    "0000-00-00",
    "USD",
    "JPY",
    "XXX",
    "CreditCard",
    "ACH",
    "Paypal",
    "Net30",
    "MFI1",
    "DayOfMonth31",
    "\"id\":",
    "\"amount\":",
    "\"customerId\":",
    "\"reference\":",
    "\"invoiceAllocations\":",
    "\"invoiceId\":",
    "\"invoiceID\":",
    "\"invoiceNumber\":",
    "\"uri\":",
    "\"unallocatedAmount\":",
    "\"currency\":",
    "\"Errors\":",
    "\"Key\":",
    "\"Value\":",
    "\"Message\":",
    "\"HttpStatusCode\":",
    "\"code\":",
    "\"statusCode\":",
    "\"message\":",
    "\"messages\":",
    "\"data\":",
    "\"errors\":",
    "\"amountPaid\":",
    "\"amountDue\":",
    "\"dueDate\":",
    "\"date\":",
    "\"balance\":",
    "\"outstandingBalance\":",
    "\"paymentSchedules\":",
    "\"dueDateTimestamp\":",
    "\"terms\":",
    "\"kind\":",
    "\"paymentMethodType\":",
    "\"expires\":",
    "\"expirationMonth\":",
    "\"expirationYear\":",
    "\"paymentAllocations\":",
    "\"autoAllocate\":",
    "payment.PaymentAllocations[0].Amount",
    "payment.PaymentAllocations[",
    "payment.Amount",
    "Idempotency-Key",
    "<amountPaid>",
    "</amountPaid>",
    "amountPaid=",
    "&",
];

impl Random {
    /// A number below `end`, or 0.
    pub fn below(&mut self, end: usize) -> usize {
        (self.number() >> 16) as usize % end.max(1)
    }

    /// A random item of the list.
    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// A new body: one of the corpus, changed a few times.
pub fn mutate(corpus: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut body = random.pick(corpus).clone();
    for _ in 0..=random.below(4) {
        change(&mut body, corpus, random);
        body.truncate(LENGTH_MAX);
    }
    body
}

fn change(body: &mut Vec<u8>, corpus: &[Vec<u8>], random: &mut Random) {
    let position = random.below(body.len() + 1);
    match random.below(9) {
        0 => {
            if let Some(byte) = body.get_mut(position) {
                *byte ^= 1 << random.below(8);
            }
        }
        1 => {
            if let Some(byte) = body.get_mut(position) {
                *byte = random.number() as u8;
            }
        }
        2 => body.truncate(position),
        3 => drop(body.drain(range(body, random))),
        4 => {
            let part = body[range(body, random)].to_vec();
            insert(body, position, &part);
        }
        5 => {
            let other = random.pick(corpus);
            let part = other[range(other, random)].to_vec();
            insert(body, position, &part);
        }
        6 => insert(body, position, random.pick(WORDS).as_bytes()),
        // A word in the place of a whole value or name.
        7 => {
            let range = token(body, position);
            body.splice(range, random.pick(WORDS).bytes());
        }
        _ => {
            let range = token(body, position);
            body.drain(range);
        }
    }
}

/// Some part of a body, short ones more often.
fn range(body: &[u8], random: &mut Random) -> Range<usize> {
    let start = random.below(body.len() + 1);
    let longest = 1 << random.below(10);
    start..(start + random.below(longest + 1)).min(body.len())
}

/// The range between the two JSON marks around this place.
fn token(body: &[u8], position: usize) -> Range<usize> {
    let is_mark = |byte: &u8| b"{}[]:,".contains(byte);
    let start = body[..position].iter().rposition(is_mark).map_or(0, |mark| mark + 1);
    let end = body[position..].iter().position(is_mark).map_or(body.len(), |mark| position + mark);
    start..end
}

fn insert(body: &mut Vec<u8>, position: usize, part: &[u8]) {
    body.splice(position..position, part.iter().copied());
}
