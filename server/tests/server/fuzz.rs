//! Feeds mutated bodies to the server's readers and rules: each gets an answer, and an accepted one keeps every rule.
//!
//! The bodies are made as those for the form's readers are, and `cargo xtask fuzz` runs both at length: by `PAYMENT_FORM_EXECUTIONS` and
//! `PAYMENT_FORM_SEED`.

use super::{
    bench::{Folder, TODAY},
    corpus,
    mutate::mutate,
    network::number_from_env,
    random::Random,
};
use payment_form::domain::{date::Date, money::DIGITS_MAX};
use payment_form_server::{
    auth::Principal,
    body::BodyType,
    clock::Clock,
    fusebill::rules,
    ledger::{Ledger, Location, QueueLimits},
    maiascore::body,
    relaxed_json::{self, Json},
};
use rust_decimal::Decimal;
use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

const EXECUTIONS: u64 = 20_000;
const CORPUS_MAX: usize = 5_000;

#[test]
fn no_body_breaks_a_reader_or_a_rule() {
    let executions = number_from_env("PAYMENT_FORM_EXECUTIONS", EXECUTIONS);
    let folder = Folder::new();
    let today = Date::parse(TODAY).unwrap();
    let ledger =
        Ledger::open(&Location::File(folder.path().join("ledger.sqlite")), Clock::new(Some(today)), QueueLimits::default())
            .unwrap();
    let mut corpus = corpus::read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")));
    let mut random = Random::new(number_from_env("PAYMENT_FORM_SEED", 1));
    let mut kinds = HashSet::new();
    for _ in 0..executions {
        let body = mutate(&corpus, &mut random);
        let kind = catch_unwind(AssertUnwindSafe(|| fusebill(&ledger, today, &body) ^ maiascore(&body)));
        let kind = kind.unwrap_or_else(|_| panic!("broken by {}", body.escape_ascii()));
        if kinds.insert(kind) && corpus.len() < CORPUS_MAX {
            corpus.push(body);
        }
    }
    println!("{executions} executions, {} kinds of answers", kinds.len());
    assert!(kinds.len() > 20, "the bodies work their way into the readers");
}

/// A mark of what was seen.
fn mark(seen: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    seen.hash(&mut hasher);
    hasher.finish()
}

fn fusebill(ledger: &Ledger, today: Date, bytes: &[u8]) -> u64 {
    let read = match relaxed_json::read(bytes) {
        Ok(read) => read,
        Err(error) => return mark(error.reason),
    };
    canonical_is_stable(&read);
    let principal = Principal::Key("fuzz".into());
    match ledger.read_blocking(|ledger| rules::check(ledger, &principal, today, &read)).unwrap() {
        Ok(payment) => {
            let shares: Decimal = payment.shares.iter().map(|share| share.amount.value()).sum();
            assert_eq!(shares + payment.unallocated.value(), payment.amount.value());
            assert!(!payment.amount.is_zero() && payment.shares.iter().all(|share| !share.amount.is_zero()));
            assert_eq!(payment.method_id.is_some(), matches!(payment.method, "CreditCard" | "ACH"));
            mark((payment.method, payment.source, payment.shares.len(), payment.reference.is_some()))
        }
        Err(wrongs) => {
            assert!(!wrongs.is_empty() && wrongs.iter().all(|wrong| wrong.key.starts_with("payment") && !wrong.value.is_empty()));
            mark(wrongs.iter().map(|wrong| wrong.key.as_str()).collect::<Vec<_>>())
        }
    }
}

fn maiascore(bytes: &[u8]) -> u64 {
    [BodyType::Json, BodyType::Xml, BodyType::Form].into_iter().fold(0, |sum, body_type| {
        let kind = match body::read(body_type, bytes) {
            Ok(read) => {
                canonical_is_stable(&read);
                match body::check(&read) {
                    Ok(item) => {
                        for amount in [item.amount_due, item.amount_paid] {
                            assert!(!amount.is_sign_negative() && amount.scale() <= 4);
                            assert!(amount.normalize().mantissa().to_string().len() <= DIGITS_MAX);
                        }
                        mark((item.amount_due.scale(), item.amount_paid.is_zero()))
                    }
                    Err(wrongs) => mark(wrongs.iter().map(|wrong| wrong.key.as_str()).collect::<Vec<_>>()),
                }
            }
            Err(error) => mark(error.reason),
        };
        sum ^ kind.rotate_left(body_type as u32 + 1)
    })
}

/// The fingerprint of a body is taken of its canonical form, which must say the same as the body and be its own canonical form.
fn canonical_is_stable(read: &Json) {
    let canonical = read.canonical();
    assert_eq!(relaxed_json::read(canonical.as_bytes()).expect("it can be read").canonical(), canonical);
}
