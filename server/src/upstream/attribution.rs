//! Decides which of the vendor's records belongs to an attempt, where records carry no mark of their attempt. Pure.
//!
//! MaiaScore's records hold two amounts and two days, and equal payments are equal records. The rules rest on:
//!
//! - An attempt is sent at most once, so it makes at most one record. Records that were there before it was sent are not its own.
//! - Equal attempts that are not settled share the new equal records. Every attempt is known to be recorded only where there are as
//!   many new records as such attempts. Each attempt may then take any of the records, because they are equal.
//! - Fewer records than attempts prove nothing: the missing ones may still come. More records than attempts were made by somebody else.

use super::stage::Match;

/// Finds the record of an attempt.
///
/// `records` are the ids of all records with the attempt's content. `before` are those that existed before the attempt was sent,
/// and `taken` those that settled other attempts. `unsettled` counts the attempts of this content that were sent and are not
/// settled, this one included.
pub fn attribute(records: &[String], before: &[String], taken: &[String], unsettled: usize) -> Match<String> {
    let mut new = records.iter().filter(|record| !before.contains(record) && !taken.contains(record));
    let first = new.next();
    match (first, first.map_or(0, |_| 1 + new.count())) {
        (Some(first), count) if count == unsettled => Match::One(first.clone()),
        (Some(_), count) if count > unsettled => Match::Several,
        _ => Match::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A mistake that this decision could make. Each must be caught by the schedules.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    enum Bug {
        ForgetsWhatWasBefore,
        ForgetsWhatIsTaken,
        TakesAnyNewRecord,
    }

    struct Random(u64);

    impl Random {
        fn below(&mut self, count: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % count
        }
    }

    #[derive(Clone, Debug, PartialEq, Eq)]
    enum State {
        Unborn,
        Sent { before: Vec<String> },
        Settled { record: String },
    }

    struct Attempt {
        state: State,
        is_made: bool,
        is_on_its_way: bool,
    }

    /// Equal attempts against one vendor, in any order of sending, arriving and looking. The first sentence about a wrong outcome comes
    /// back.
    fn play(seed: u64, bug: Option<Bug>) -> Option<&'static str> {
        let mut random = Random(seed);
        let mut records: Vec<String> = (0..random.below(2)).map(|number| format!("old-{number}")).collect();
        let mut attempts: Vec<Attempt> =
            (0..1 + random.below(3)).map(|_| Attempt { state: State::Unborn, is_made: false, is_on_its_way: false }).collect();
        for step in 0..24 {
            let at = random.below(attempts.len() as u64) as usize;
            match (attempts[at].state.clone(), random.below(4)) {
                (State::Unborn, _) => {
                    attempts[at].state = State::Sent { before: records.clone() };
                    attempts[at].is_on_its_way = random.below(4) > 0;
                }
                (State::Sent { .. }, 0..2) if attempts[at].is_on_its_way => {
                    let record = format!("new-{step}");
                    records.push(record.clone());
                    attempts[at].is_on_its_way = false;
                    attempts[at].is_made = true;
                    // The reply arrives, or is lost.
                    if random.below(2) == 0 {
                        attempts[at].state = State::Settled { record };
                    }
                }
                (State::Sent { before }, _) => {
                    let taken: Vec<String> = attempts
                        .iter()
                        .filter_map(|other| match &other.state {
                            State::Settled { record } if bug != Some(Bug::ForgetsWhatIsTaken) => Some(record.clone()),
                            _ => None,
                        })
                        .collect();
                    let before = if bug == Some(Bug::ForgetsWhatWasBefore) { vec![] } else { before };
                    let unsettled = attempts.iter().filter(|other| matches!(other.state, State::Sent { .. })).count();
                    let mut found = attribute(&records, &before, &taken, unsettled);
                    if bug == Some(Bug::TakesAnyNewRecord) {
                        let new = records.iter().find(|record| !before.contains(record) && !taken.contains(record));
                        found = new.map_or(Match::None, |record| Match::One(record.clone()));
                    }
                    if let Match::One(record) = found {
                        attempts[at].state = State::Settled { record };
                    }
                }
                (State::Settled { .. }, _) => {}
            }
        }
        let mut attributed: Vec<&String> = attempts
            .iter()
            .filter_map(|attempt| if let State::Settled { record } = &attempt.state { Some(record) } else { None })
            .collect();
        attributed.sort();
        let count = attributed.len();
        attributed.dedup();
        let settled = |attempt: &&Attempt| matches!(attempt.state, State::Settled { .. });
        if attributed.len() < count {
            Some("one record is told to two")
        } else if attributed.iter().any(|record| record.starts_with("old")) {
            Some("an older record is told")
        } else if attempts.iter().filter(settled).any(|attempt| !attempt.is_made && !attempt.is_on_its_way) {
            Some("told of a record that was never made")
        } else if attempts.iter().filter(settled).any(|attempt| !attempt.is_made) {
            Some("told before it was made")
        } else {
            None
        }
    }

    #[test]
    fn schedules_of_equal_attempts_tell_nobody_of_anothers_record() {
        let count = std::env::var("PAYMENT_FORM_SCHEDULES").ok().and_then(|count| count.parse().ok()).unwrap_or(200_000);
        for seed in 0..count {
            assert_eq!(play(seed, None), None, "schedule {seed}");
        }
    }

    #[test]
    fn each_seeded_bug_is_caught_by_a_schedule() {
        for bug in [Bug::ForgetsWhatWasBefore, Bug::ForgetsWhatIsTaken, Bug::TakesAnyNewRecord] {
            assert!((0..10_000).any(|seed| play(seed, Some(bug)).is_some()), "{bug:?} is not caught");
        }
    }

    #[test]
    fn record_is_attributed_only_where_the_numbers_agree() {
        let list = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        for (records, before, taken, unsettled, expected) in [
            ("", "", "", 1, Match::None),
            ("7", "", "", 1, Match::One("7".to_owned())),
            ("7", "7", "", 1, Match::None),
            ("7 8", "7", "", 1, Match::One("8".to_owned())),
            ("7 8", "", "7", 1, Match::One("8".to_owned())),
            ("7", "", "", 2, Match::None),
            ("7 8", "", "", 2, Match::One("7".to_owned())),
            ("7 8", "", "", 1, Match::Several),
        ] {
            assert_eq!(attribute(&list(records), &list(before), &list(taken), unsettled), expected, "{records} {before} {taken}");
        }
    }
}
