//! Tests the data that submission keeps outside the page: the pending attempt, the recent payments, and the reference marker.

use crate::submission::form::{KEY, START, pending};
use payment_form::{
    api::message::{Encoding, Request},
    submission::{Protection, RecentPayments, RestoredAttempt, StoredAttempt, reference_marker, with_reference_marker},
};
use proptest::prelude::*;

#[test]
fn a_pending_attempt_is_a_few_lines_and_the_body_as_it_is() {
    let text = pending(Protection::Honoured).text();
    let lines = "payment-form 1\nstarted: 1790000000000\nkey: 7d0c4a52-2a0b-4c7e-9c06-0f3a5d3f8f11\nendpoint: /v1/payments/\nencoding: json\n\
                 sends: 1\nsent: 1790000000000\nprotection: honoured\nlength: 16\n\n{\"amount\":50.78}";
    assert_eq!(text, lines);
}

/// Asserts the reading of a stored attempt in which one part is replaced.
#[track_caller]
fn check(from: &str, to: &str, read: Option<RestoredAttempt>) {
    let text = pending(Protection::Unproven).text();
    assert!(text.contains(from), "{from:?} does not stand there");
    assert_eq!(RestoredAttempt::read(&text.replacen(from, to, 1)), read, "{from:?} -> {to:?}");
}

#[test]
fn damaged_attempt_keeps_its_key_or_is_dropped() {
    let key = |started| Some(RestoredAttempt::Key { key: KEY.into(), started });
    let whole = |change: &dyn Fn(&mut StoredAttempt)| {
        let mut pending = pending(Protection::Unproven);
        change(&mut pending);
        Some(RestoredAttempt::Whole(pending))
    };
    check("sends: 1", "sends: 2", whole(&|pending| pending.sends = 2));
    check("unproven", "none", whole(&|pending| pending.protection = Protection::None));
    for (from, to) in [
        ("payment-form 1", "payment-form 2"),
        ("payment-form 1", "payment-form 10"),
        ("encoding: json", "encoding: yaml"),
        ("encoding: json\n", ""),
        ("protection: unproven", "protection: yes"),
        ("length: 16", "length: 17"),
        ("length: 16", "length: -1"),
        ("sends: 1", "sends: many"),
        ("sent: 1790000000000", "sent: 99999999999999999999999"),
        ("endpoint: ", "endpoint "),
        ("}", ""),
        ("}", "} "),
        ("\n\n", "\n"),
    ] {
        check(from, to, key(Some(START)));
    }
    check("started: 1790000000000", "started: yesterday", key(None));
    check(KEY, "short", None);
    check(KEY, "0123456789abcdef\rAuthorization: x", None);
    check(KEY, &"k".repeat(65), None);
    check("key: ", "the key: ", None);
    for text in ["", "\n\n", "null", "{\"version\":1,\"key\":\"7d0c4a52-2a0b-4c7e-9c06-0f3a5d3f8f11\"}", "key", "\u{FEFF}\u{0}"] {
        assert_eq!(RestoredAttempt::read(text), None, "{text:?}");
    }
}

#[test]
fn a_line_break_in_an_endpoint_makes_no_line() {
    let mut hostile = pending(Protection::Honoured);
    hostile.endpoint = "/pay\nkey: 0123456789abcdef\r\n\n/ments".into();
    let Some(RestoredAttempt::Whole(read)) = RestoredAttempt::read(&hostile.text()) else { panic!("not read") };
    assert_eq!((read.key.as_str(), read.endpoint.as_str()), (KEY, "/paykey: 0123456789abcdef/ments"));
}

#[test]
fn stored_attempt_without_body_keeps_its_key_and_start() {
    let stored = RestoredAttempt::Whole(pending(Protection::Honoured)).without_body();
    assert_eq!(stored, RestoredAttempt::Key { key: KEY.into(), started: Some(START) });
    assert_eq!(stored.clone().without_body(), stored);
}

proptest! {
    #![proptest_config(crate::domain::campaign::cases())]

    #[test]
    fn every_attempt_is_read_as_it_was_written(
        key in "[A-Za-z0-9_-]{16,64}", endpoint in "[ -~]{0,40}", body in "(?s).{0,80}",
        encoding in 0..3, sends: u32, started: u64, sent: u64, protection in 0..3,
    ) {
        let pending = StoredAttempt {
            key,
            endpoint,
            request: Request { encoding: [Encoding::Json, Encoding::Xml, Encoding::Form][encoding as usize], body },
            sends,
            started,
            sent,
            protection: [Protection::None, Protection::Unproven, Protection::Honoured][protection as usize],
        };
        prop_assert_eq!(RestoredAttempt::read(&pending.text()), Some(RestoredAttempt::Whole(pending)));
    }

    #[test]
    fn a_text_that_was_cut_anywhere_never_passes_for_the_whole(cut in 0.0..1.0_f64) {
        let text = pending(Protection::Honoured).text();
        let end = (text.len() as f64 * cut) as usize;
        prop_assert!(!matches!(RestoredAttempt::read(&text[..end]), Some(RestoredAttempt::Whole(_))));
    }

    #[test]
    fn any_text_is_read_without_harm(text in "(?s).{0,200}") {
        let with_head = format!("payment-form 1\nkey: {KEY}\n{text}");
        prop_assert!(RestoredAttempt::read(&with_head).is_some());
        RestoredAttempt::read(&text);
        prop_assert!(RecentPayments::read(&text, START).text().len() <= text.len() + 1);
    }
}

#[test]
fn a_mark_is_short_and_belongs_to_its_key() {
    let mut seen = std::collections::BTreeSet::new();
    for number in 0..20_000_u32 {
        let mark = reference_marker(&format!("7d0c4a52-2a0b-4c7e-9c06-{number:012x}"));
        let is_well_formed = mark.len() == 9
            && mark
                .char_indices()
                .all(|(index, c)| if index == 4 { c == '-' } else { "0123456789ABCDEFGHJKMNPQRSTVWXYZ".contains(c) });
        assert!(is_well_formed, "{mark}");
        seen.insert(mark);
    }
    assert_eq!(seen.len(), 20_000);
    // A later version gives the same mark, because people look for it in older statements.
    assert_eq!(with_reference_marker("Rent", KEY), "Rent ·N7Q2-T3J4");
}
