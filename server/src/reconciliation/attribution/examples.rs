//! Holds the decisions about equal attempts against small examples.

use super::*;

fn list(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// The other attempts are separated by `|`; each holds the records that were there before it.
fn equal(taken: &str, others: &str) -> EqualAttempts<String> {
    let others = if others.is_empty() { vec![] } else { others[1..].split('|').map(list).collect() };
    EqualAttempts { taken: list(taken), others, awaited: 0 }
}

#[test]
fn record_is_attributed_only_where_nobody_else_can_have_made_it() {
    for (records, before, taken, others, expected) in [
        ("", "", "", "", Match::None),
        ("7", "", "", "", Match::One("7")),
        ("7", "7", "", "", Match::None),
        ("7 8", "7", "", "", Match::One("8")),
        ("7 8", "", "7", "", Match::One("8")),
        ("7", "", "", "|", Match::None),
        ("7 8", "", "", "|", Match::One("7")),
        ("7 8", "", "", "", Match::Several),
        // The other one was sent when 9 was there, and can have made only 10.
        ("10 9", "", "", "|9", Match::One("9")),
        ("10 9", "9", "", "|", Match::One("10")),
        ("9", "", "", "|9", Match::One("9")),
        ("9", "9", "", "|", Match::None),
        ("7 8 9", "", "", "|8|8 9", Match::One("8")),
        // Somebody else made one of the two.
        ("8 9", "", "", "|8 9", Match::Several),
        ("8 9", "8 9", "", "|", Match::None),
    ] {
        let mut equal = equal(taken, others);
        let found = attribute(&list(records), &list(before), &equal);
        let found = match &found {
            Match::One(record) => Match::One(record.as_str()),
            Match::None => Match::None,
            Match::Several => Match::Several,
        };
        assert_eq!(found, expected, "{records} {before} {taken} {others}");
        equal.awaited = 1;
        assert_eq!(attribute(&list(records), &list(before), &equal), Match::None, "{records} {before} {taken} {others}");
    }
}

#[test]
fn staff_take_no_record_that_another_attempt_may_need() {
    for (record, records, before, taken, others, expected) in [
        ("7", "7", "", "", "", Ok(())),
        ("7", "7", "7", "", "", Err(Objection::Older)),
        ("7", "7", "", "7", "", Err(Objection::Taken)),
        ("7", "7 8", "", "", "", Ok(())),
        ("7", "7", "", "", "|", Err(Objection::Needed)),
        ("7", "7 8", "", "", "|", Ok(())),
        ("9", "10 9", "", "", "|9", Ok(())),
        ("10", "10 9", "", "", "|9", Err(Objection::Needed)),
        // Whichever of 8 and 9 is its own, the last attempt can have made only 9.
        ("9", "7 8 9", "", "", "|7|7 8", Err(Objection::Needed)),
        // The list does not show the record.
        ("7", "", "", "", "", Ok(())),
        ("7", "8", "", "", "|", Err(Objection::Needed)),
    ] {
        let mut equal = equal(taken, others);
        let checked = check_record(&record.to_owned(), &list(records), &list(before), &equal);
        assert_eq!(checked, expected, "{record} of {records} {before} {taken} {others}");
        equal.awaited = 1;
        let checked = check_record(&record.to_owned(), &list(records), &list(before), &equal);
        assert_eq!(checked, Err(Objection::ReplyMayCome));
    }
}

#[test]
fn staff_burn_no_attempt_that_is_certainly_recorded() {
    for (records, before, others, expected) in [
        ("", "", "", Ok(())),
        ("7", "", "", Err(Objection::Recorded("7".to_owned()))),
        ("7", "", "|", Ok(())),
        ("7", "", "|7", Err(Objection::Recorded("7".to_owned()))),
        ("7 8", "", "", Ok(())),
        // The attempt that was sent last comes first.
        ("7 8", "", "||7", Err(Objection::Needed)),
        ("7 8", "7", "||", Ok(())),
    ] {
        let mut equal = equal("", others);
        assert_eq!(check_none(&list(records), &list(before), &equal), expected, "{records} {before} {others}");
        equal.awaited = 1;
        assert_eq!(check_none(&list(records), &list(before), &equal), Err(Objection::ReplyMayCome));
    }
}
