//! Tests that every sentence exists, is filled in, and is true in the mode in which it is said.

use crate::submission::form::{duplicate, server_words};
use payment_form::{
    domain::{
        invoice::{InvoiceId, MethodId},
        money::{Currency, Money},
        problem::{Cause, Field, Problem},
        receipt::ExpectedRecord,
        statement::{StoredKind, StoredMethod},
    },
    submission::{Notice, State, View},
    words::{Phrase, Words, en, status::NoticeButton},
};
use rust_decimal::Decimal;
use std::{collections::BTreeSet, fs, path::Path};

pub fn all() -> impl Iterator<Item = Phrase> {
    [en::LABELS, en::STATUSES, en::RECEIPT, en::STAFF, en::PROBLEMS].into_iter().flatten().copied()
}

/// The names in braces.
pub fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect()
}

#[test]
fn sent_payment_is_described_as_far_as_it_is_known() {
    let words = Words::default();
    let lines = |amount: i64, shares: Option<&[Decimal]>| {
        let shares = shares.map(|shares| shares.iter().map(|share| (InvoiceId::new(7).unwrap(), *share)).collect());
        words.sent(&ExpectedRecord { amount: Decimal::new(amount, 2), shares, ..ExpectedRecord::default() })
    };
    let all = lines(20_000, Some(&[Decimal::new(12_470, 2), Decimal::new(2_530, 2)]));
    assert_eq!(all, ["Payment: $200.00", "To 2 invoices: $150.00", "Account credit: $50.00"]);
    assert_eq!(lines(20_000, Some(&[Decimal::new(20_000, 2)])), ["Payment: $200.00", "To 1 invoice: $200.00"]);
    assert_eq!(lines(20_000, Some(&[])), ["Payment: $200.00", "Account credit: $200.00"]);
    assert_eq!(lines(20_000, None), ["Payment: $200.00"], "the service divides it");
    assert!(lines(0, None).is_empty(), "the store did not keep it");
    // The store is not to be trusted with sizes.
    assert!(!lines(1, Some(&[Decimal::MAX, Decimal::MAX])).is_empty());
}

#[test]
fn codes_are_unique_and_texts_are_whole() {
    let mut seen = BTreeSet::new();
    for phrase in all() {
        assert!(seen.insert(phrase.code()), "two sentences have the code {}", phrase.code());
        assert!(!phrase.english().is_empty() && phrase.english() == phrase.english().trim(), "{}", phrase.code());
        assert_eq!(phrase.english().matches('{').count(), phrase.english().matches('}').count(), "{}", phrase.code());
        let forms: Vec<_> = phrase.english().split('|').map(placeholders).collect();
        assert!(forms.len() <= 2, "English has two plural forms: {}", phrase.code());
        assert!(forms.iter().all(|form| *form == forms[0]), "the plural forms of {} name different values", phrase.code());
    }
}

#[test]
fn every_problem_has_a_sentence_of_its_own() {
    let sentences: BTreeSet<&str> = en::PROBLEMS.iter().map(|phrase| phrase.code()).collect();
    for code in Problem::CODES {
        // Problems of the amount paid use the sentences for the amount.
        let code = code.strip_prefix("amountPaid").map_or((*code).to_owned(), |cause| format!("amount{cause}"));
        assert!(sentences.contains(code.as_str()), "{code} has no sentence");
    }
    for code in sentences {
        let is_known = Problem::CODES.contains(&code) || code == en::PROBLEM_OTHER.code();
        assert!(is_known, "the sentence {code} belongs to no problem");
    }
}

#[test]
fn problems_are_told_with_all_their_values() {
    let words = Words::default();
    let dollars = |cents| Money::new(Decimal::new(cents, 2), Currency::from_code("USD").unwrap()).unwrap();
    let share = Field::Share(InvoiceId::new(1).unwrap());
    let cases = [
        (Field::Amount, Cause::Zero, "Enter more than $0."),
        (Field::Amount, Cause::TooFine(2), "This amount has too many decimals. Use at most 2."),
        (Field::Amount, Cause::TooFine(0), "This amount has too many decimals. Use at most 0."),
        (Field::AmountPaid, Cause::TooLong(18), "This amount is too long. Use at most 18 digits."),
        (Field::Amount, Cause::BelowMin(dollars(500)), "Pay at least $5.00."),
        (Field::Amount, Cause::AboveMax(dollars(1_000_000)), "Pay at most $10,000.00."),
        (Field::Amount, Cause::Unreadable, "Enter an amount like 1234.00."),
        (share, Cause::AboveBalance(dollars(21_000)), "More than the balance of $210.00."),
        (Field::Allocation, Cause::AboveAmount(dollars(1)), "The amounts for the invoices are $0.01 more than the payment."),
        (
            Field::Allocation,
            Cause::TooManyShares { count: 10_001, max: 10_000 },
            "This would pay 10,001 invoices at once. The limit is 10,000.",
        ),
        (Field::Reference, Cause::ReferenceTooLong(501), "The reference has 501 characters. Use at most 500."),
        (
            Field::Form,
            Cause::Server { key: Some("Some.Key".into()), message: "As the {server} put it".into() },
            "As the {server} put it",
        ),
        (
            Field::Amount,
            Cause::Server { key: Some("payment.Amount".into()), message: " ".into() },
            "This was not accepted (payment.Amount).",
        ),
        (Field::Form, Cause::Server { key: None, message: String::new() }, "This was not accepted (form-server)."),
        (Field::Date, Cause::Expired, "This was not accepted (date-expired)."),
    ];
    for (field, cause, expected) in cases {
        assert_eq!(words.problem(&Problem::new(field, cause)), expected);
    }
}

#[test]
fn a_host_can_replace_any_sentence_and_forgets_no_value() {
    let replaced = |code: &str, text: &str| (code.to_owned(), text.to_owned());
    let words = Words::default().replacing([
        replaced("pay", "Settle {amount} now"),
        replaced("days-late", "{count} day behind|{count} days behind"),
        replaced("amount-zero", "Zero pays nothing."),
        replaced("nobody-knows-this", "and nobody minds"),
    ]);
    let words = words.replacing([replaced("pay", "Send {amount}, {unknown}")]);
    assert_eq!(words.say(en::PAY, &[("amount", "$5.00")]), "Send $5.00, {unknown}", "a mistake is seen, not hidden");
    assert_eq!(words.count(en::DAYS_LATE, 1, &[]), "1 day behind");
    assert_eq!(words.count(en::DAYS_LATE, 1_200, &[]), "1,200 days behind");
    assert_eq!(words.problem(&Problem::new(Field::Amount, Cause::Zero)), "Zero pays nothing.");
    assert_eq!(words.text(en::TITLE), en::TITLE.english());
}

/// The reasonable combinations of a view's values.
fn views() -> Vec<View<'static>> {
    let problems: &'static [Problem] = Vec::leak(server_words("The server put it so."));
    let states = State::ALL;
    let notices = [
        None,
        Some(Notice::Offline),
        Some(Notice::Elsewhere),
        Some(Notice::Duplicate(duplicate(40_000))),
        Some(Notice::NotSent),
        Some(Notice::NotFound),
        Some(Notice::CheckFailed),
        Some(Notice::Withdrawn),
    ];
    let mut views = Vec::new();
    for state in states {
        for notice in notices {
            for flags in 0..64_u32 {
                let flag = |bit: u32| flags >> bit & 1 == 1;
                views.push(View {
                    state,
                    notice,
                    may_retry: flag(0),
                    may_check: flag(1),
                    may_cancel: flag(2),
                    may_abandon: flag(1) && flag(3),
                    honours_keys: flag(4),
                    is_reload_safe: flag(5),
                    is_reload_unsafe: !flag(5),
                    is_elsewhere: flag(0) && flag(5),
                    wait_seconds: if flag(2) { 12 } else { 0 },
                    quiet_seconds: if flag(3) { 600 } else { 0 },
                    busy_seconds: if flag(1) { 9 } else { 0 },
                    status: [None, Some(401), Some(403), Some(429), Some(404)][(flags % 5) as usize],
                    words: if flag(4) { problems } else { &[] },
                    attempt: Some("0d9c2f8e"),
                    is_cancelled: flag(0),
                    ..View::default()
                });
            }
        }
    }
    views
}

#[test]
fn sentences_about_a_payment_are_true() {
    let words = Words::default();
    let mut count = 0;
    for view in views() {
        let Some(status) = words.status(&view, Some(Decimal::new(123_400, 2))) else {
            assert!(view.state == State::Recorded || view.state == State::Ready && view.notice.is_none());
            continue;
        };
        count += 1;
        let text = [std::slice::from_ref(&status.title), status.lines.as_slice()].concat().join(" ");
        assert!(!text.contains('{'), "not filled in: {text}");
        assert!(status.buttons.iter().all(|(_, label)| !label.contains('{')), "{:?}", status.buttons);

        assert!(view.honours_keys || !text.contains("will not pay twice"), "promised without a key: {text}");
        let is_certain = view.state == State::Rejected && !view.is_cancelled && view.honours_keys;
        assert!(!text.contains("Nothing was charged") || is_certain, "{text}");
        // After a refusal the fields are open, and the sentences are about the next press.
        let is_open = matches!(view.state, State::Ready | State::Rejected);
        assert!(!text.contains("Nothing was sent") || is_open && view.notice.is_some(), "{text}");
        if view.state == State::Unknown {
            assert!(text.contains("may already have gone through") && text.contains("Do not pay again elsewhere"), "{text}");
        }
        if !view.is_reload_safe && matches!(view.state, State::Submitting | State::Held | State::Unknown) {
            assert!(text.contains("Do not reload"), "{text}");
        }

        let offers = |button| status.buttons.iter().any(|(other, _)| *other == button);
        assert!(!offers(NoticeButton::Retry) || view.may_retry && view.wait_seconds == 0);
        assert!(!offers(NoticeButton::Check) || view.may_check);
        assert!(!offers(NoticeButton::Abandon) || view.may_abandon);
        assert!(!offers(NoticeButton::Cancel) || view.may_cancel || offers(NoticeButton::Insist));
        assert_eq!(offers(NoticeButton::Insist), is_open && matches!(view.notice, Some(Notice::Duplicate(_))));
    }
    assert!(count > 1_000);
}

#[test]
fn waiting_times_are_told_in_the_unit_that_fits() {
    let words = Words::default();
    let wait = |seconds| {
        let view = View { state: State::Held, status: Some(429), wait_seconds: seconds, may_retry: true, ..View::default() };
        words.status(&view, None).unwrap().lines.join(" ")
    };
    for (seconds, expected) in
        [(1, "in 1 second."), (12, "in 12 seconds."), (119, "in 119 seconds."), (121, "in 3 minutes."), (600, "in 10 minutes.")]
    {
        assert!(wait(seconds).contains(expected), "{}", wait(seconds));
    }
}

#[test]
fn every_sentence_is_said_somewhere() {
    let list = include_str!("../../../src/words/en.rs");
    let lines = list.lines().filter_map(|line| line.trim().split_once(" \""));
    let names: Vec<&str> =
        lines.map(|(name, _)| name).filter(|name| name.chars().all(|c| c.is_ascii_uppercase() || c == '_')).collect();
    assert!(names.len() > 150, "the list is read");
    // The sentences of problems and those for staff are looked up by their codes.
    let by_code: BTreeSet<&str> = en::PROBLEMS.iter().chain(en::STAFF).map(|phrase| phrase.code()).collect();
    let mut code = String::new();
    for root in ["src/ui", "src/words"] {
        read_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join(root), &mut code);
    }
    for name in names {
        let line = list.lines().find(|line| line.trim().starts_with(&format!("{name} \""))).unwrap();
        let is_by_code = line.split('"').nth(1).is_some_and(|code| by_code.contains(code));
        let is_said =
            code.split(&format!("en::{name}")).skip(1).any(|rest| !rest.starts_with(|c: char| c == '_' || c.is_alphanumeric()));
        assert!(is_said || is_by_code, "no screen says {name}");
    }
}

fn read_below(directory: &Path, code: &mut String) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_below(&path, code);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            code.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn stored_method_has_the_name_that_people_know() {
    let languages = crate::words::languages::LANGUAGES.map(|(tag, _, json)| {
        let sentences: std::collections::BTreeMap<String, String> = serde_json::from_str(json).expect("the language is JSON");
        (tag, Words::default().replacing(sentences))
    });
    let called = |words: &Words, kind, label: &str, ending: Option<&str>| {
        let id = MethodId::new(1).expect("positive");
        let (label, ending) = (label.to_owned(), ending.map(str::to_owned));
        words.method(&StoredMethod { id, kind, label, ending, is_default: false, expires: None })
    };
    let english = Words::default();
    for (kind, label, ending, name) in [
        (StoredKind::CreditCard, "Visa", Some("4242"), "Visa ending in 4242"),
        (StoredKind::CreditCard, "", Some("0042"), "Card ending in 0042"),
        (StoredKind::CreditCard, "CHQ", None, "CHQ"),
        (StoredKind::Ach, "CHQ", Some("6789"), "Checking ending in 6789"),
        (StoredKind::Ach, "SAV", Some("1"), "Savings ending in 1"),
        (StoredKind::Ach, "", None, "Bank account (ACH)"),
        (StoredKind::Ach, "Our account {digits}", Some("{label}"), "Our account {digits} ending in {label}"),
    ] {
        assert_eq!(called(&english, kind, label, ending), name);
    }
    for (tag, words) in &languages {
        for (kind, label) in [(StoredKind::CreditCard, "Visa"), (StoredKind::Ach, "CHQ"), (StoredKind::Ach, "SAV")] {
            let name = called(words, kind, label, Some("6789"));
            assert!(name.contains("6789"), "{tag} shows the digits as they came: {name}");
            assert_eq!(name.contains(label), label == "Visa", "{tag} names the kind of account: {name}");
        }
    }
}

#[test]
fn title_names_the_payee_to_the_payer_alone() {
    let title = |is_for_staff, payee| Words::default().for_staff(is_for_staff).title(payee);
    assert_eq!(title(false, Some("Fernhill Supply Co.")), "Pay Fernhill Supply Co.");
    assert_eq!([title(false, None), title(true, Some("Fernhill Supply Co."))], ["Make a payment", "Record a payment"]);
}

#[test]
fn foreign_name_in_a_sentence_is_isolated_where_directions_may_mix() {
    let title = |locale: &str, payee| Words::default().for_locale(locale).title(Some(payee));
    assert_eq!(title("en", "Fernhill Supply Co."), "Pay Fernhill Supply Co.", "a Latin page has no invisible characters");
    assert_eq!(title("ar", "Fernhill Supply Co."), "Pay \u{2068}Fernhill Supply Co.\u{2069}");
    for payee in ["شركة النور.", "בע״מ."] {
        assert_eq!(title("en", payee), format!("Pay \u{2068}{payee}\u{2069}"));
    }
    let arabic = Words::default().for_locale("ar");
    assert_eq!(arabic.say(en::PAY, &[("amount", "$5.00")]), "Pay $5.00", "an amount is the form's own");
    assert_eq!(arabic.say(en::NAMED, &[("number", ""), ("what", "x")]), ": x", "an empty name needs no isolation");
    let method = |label: &str, ending: Option<&str>| StoredMethod {
        id: MethodId::new(1).expect("positive"),
        kind: StoredKind::CreditCard,
        label: label.into(),
        ending: ending.map(str::to_owned),
        is_default: false,
        expires: None,
    };
    assert_eq!(arabic.method(&method("Visa", Some("4242"))), "\u{2068}Visa\u{2069} ending in 4242");
    assert_eq!(arabic.method(&method("Visa (work)", None)), "\u{2068}Visa (work)\u{2069}", "a label of the host alone");
}

#[test]
fn staff_read_the_sentences_that_are_written_for_them() {
    let (payer, staff) = (Words::default(), Words::default().for_staff(true));
    for phrase in en::STAFF {
        let code = phrase.code().strip_suffix("-staff").expect("the code ends with -staff");
        let both = all().find(|other| other.code() == code).unwrap_or_else(|| panic!("{code} is no sentence"));
        assert_eq!((staff.text(both), payer.text(both)), (phrase.english(), both.english()));
        assert_eq!(placeholders(phrase.english()), placeholders(both.english()), "{code}");
    }
    let to_payer = ["you’re paying", "press Pay", "your payment"];
    let payer_codes: Vec<&str> =
        all().map(|phrase| staff.text(phrase)).filter(|text| to_payer.iter().any(|words| text.contains(words))).collect();
    let expected: [&str; 0] = [];
    assert_eq!(payer_codes, expected, "a sentence to the payer is none for staff");
}

/// Staff record a payment that a customer makes, so no sentence asks staff to pay. The button's own sentences have names of their own for staff.
#[test]
fn staff_are_never_told_to_pay() {
    let staff = Words::default().for_staff(true);
    let to_payer_alone = [en::PAY, en::PAY_NOTHING, en::PAY_BUSY, en::TITLE_PAYEE];
    let asks = |text: &str| {
        let begins = text.split(". ").any(|sentence| sentence.starts_with("Pay ") || sentence.contains("ress Pay"));
        begins
            || ["or pay ", "how to pay", "to pay here", "make a new", "make this payment", "being made"]
                .iter()
                .any(|words| text.contains(words))
    };
    let payer_codes: Vec<&str> = all()
        .filter(|phrase| !to_payer_alone.contains(phrase))
        .map(|phrase| staff.text(phrase))
        .filter(|text| asks(text))
        .collect();
    let expected: [&str; 0] = [];
    assert_eq!(payer_codes, expected);
    assert!(asks(en::PAY_THIS.english()) && asks(en::AMOUNT_BELOW_MIN.english()) && asks(en::METHOD_SECTION.english()));
}
