//! Decides which of the vendor's records belongs to an attempt, where records carry no mark of their attempt. Pure.
//!
//! MaiaScore's records hold two amounts and two days, and equal payments are equal records. The rules rest on:
//!
//! - An attempt is sent at most once, so it makes at most one record. Records that were there before it was sent are not its own.
//! - Equal attempts that are not settled share the new equal records, and may exchange them, because they are equal. An attempt is certainly
//!   recorded where the others alone cannot account for every new record.
//! - Fewer records than attempts prove nothing: the missing ones may still come. A record that no attempt accounts for was made by somebody
//!   else.
//! - Each attempt leaves the others a record. It takes the oldest one that can be its own, because younger attempts cannot take that one.
//! - A reply names its own record for certain, so looks and staff wait while the reply to an equal attempt may still come. A reply that comes
//!   even later may find its record taken. Its attempt is then looked for, and takes the record that is left.

use super::stage::Match;

/// The attempts of one content that were sent. `Id` names a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EqualAttempts<Id> {
    /// The records with which attempts were settled.
    pub taken: Vec<Id>,
    /// The other attempts that are not settled: for each, the records that were there before it was sent.
    pub others: Vec<Vec<Id>>,
    /// The number of attempts whose reply may still come, with the attempt in question.
    pub awaited: usize,
}

/// The reason why a member of the staff cannot settle an attempt now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Objection<Id> {
    /// The reply to an equal attempt may still come.
    ReplyMayCome,
    /// The record was there before the attempt was sent.
    Older,
    /// The record settled another attempt.
    Taken,
    /// Another attempt that is not settled may need the record, or cannot have made a record that the attempt may have made.
    Needed,
    /// The attempt is certainly recorded, with this record.
    Recorded(Id),
}

/// Finds the record of an attempt.
///
/// `records` are the ids of all records with the attempt's content, and `before` those that existed before the attempt was sent.
pub fn attribute<Id: Clone + Eq>(records: &[Id], before: &[Id], equal: &EqualAttempts<Id>) -> Match<Id> {
    if equal.awaited > 0 {
        return Match::None;
    }
    let claims = Claims::new(records, before, equal);
    let served = claims.served(0, None);
    if claims.own().is_empty() {
        Match::None
    } else if served < claims.records.len() {
        Match::Several
    } else if claims.served(1, None) == served {
        Match::None
    } else {
        // Where no record leaves the others theirs, the lists contradict each other.
        claims.best(served).map_or(Match::Several, Match::One)
    }
}

/// Decides whether a member of the staff may settle an attempt with this record.
///
/// # Errors
/// The reason why not.
pub fn check_record<Id: Clone + Eq>(
    record: &Id,
    records: &[Id],
    before: &[Id],
    equal: &EqualAttempts<Id>,
) -> Result<(), Objection<Id>> {
    if equal.awaited > 0 {
        return Err(Objection::ReplyMayCome);
    }
    if before.contains(record) {
        return Err(Objection::Older);
    }
    if equal.taken.contains(record) {
        return Err(Objection::Taken);
    }
    let claims = Claims::new(records, before, equal);
    // A record that the list does not show cannot be weighed against the needs of others.
    let at = claims.records.iter().position(|listed| *listed == record);
    let is_spared = at.map_or(equal.others.is_empty(), |at| claims.spare(at));
    if is_spared { Ok(()) } else { Err(Objection::Needed) }
}

/// Decides whether a member of the staff may settle an attempt as one that made no record.
///
/// # Errors
/// The reason why not.
pub fn check_none<Id: Clone + Eq>(records: &[Id], before: &[Id], equal: &EqualAttempts<Id>) -> Result<(), Objection<Id>> {
    if equal.awaited > 0 {
        return Err(Objection::ReplyMayCome);
    }
    if let Match::One(record) = attribute(records, before, equal) {
        return Err(Objection::Recorded(record));
    }
    // Where several records could be anybody's, the staff know whose they are.
    if Claims::new(records, before, equal).can_all_be_others() { Ok(()) } else { Err(Objection::Needed) }
}

/// The records that each attempt may have made. The attempt in question is the first one.
struct Claims<'a, Id> {
    records: Vec<&'a Id>,
    /// For each attempt, the places of its records in the list.
    attempts: Vec<Vec<usize>>,
}

impl<'a, Id: Clone + Eq> Claims<'a, Id> {
    fn new(records: &'a [Id], before: &[Id], equal: &EqualAttempts<Id>) -> Self {
        let all = || std::iter::once(before).chain(equal.others.iter().map(Vec::as_slice));
        let is_claimed = |record: &&Id| !equal.taken.contains(record) && all().any(|before| !before.contains(record));
        let records: Vec<&Id> = records.iter().filter(is_claimed).collect();
        let claim = |before: &[Id]| (0..records.len()).filter(|at| !before.contains(records[*at])).collect();
        let attempts = all().map(claim).collect();
        Self { records, attempts }
    }

    /// The places of the records that the attempt in question may have made.
    fn own(&self) -> &[usize] {
        &self.attempts[0]
    }

    /// The greatest number of attempts, from this one on, that can each have a record of its own (Kuhn's algorithm).
    fn served(&self, first: usize, without: Option<usize>) -> usize {
        let mut owners = vec![None; self.records.len()];
        let mut is_served = |attempt: usize| {
            let mut asked = vec![false; self.records.len()];
            without.iter().for_each(|record| asked[*record] = true);
            self.serve(attempt, &mut owners, &mut asked)
        };
        (first..self.attempts.len()).filter(|attempt| is_served(*attempt)).count()
    }

    fn serve(&self, attempt: usize, owners: &mut [Option<usize>], asked: &mut [bool]) -> bool {
        for record in self.attempts[attempt].iter().copied() {
            if !std::mem::replace(&mut asked[record], true) && owners[record].is_none_or(|owner| self.serve(owner, owners, asked))
            {
                owners[record] = Some(attempt);
                return true;
            }
        }
        false
    }

    /// The oldest record of the attempt that leaves every other one its own: the record that most of the others cannot have made.
    fn best(&self, served: usize) -> Option<Id> {
        let leaves_theirs = |record: &usize| self.served(1, Some(*record)) + 1 == served;
        let refusals = |record: &usize| self.attempts[1..].iter().filter(|other| !other.contains(record)).count();
        let candidates = self.own().iter().copied().filter(leaves_theirs);
        let best = candidates.reduce(|best, next| if refusals(&next) > refusals(&best) { next } else { best });
        best.map(|record| self.records[record].clone())
    }

    /// True where no other attempt needs this record, whichever record is truly whose.
    fn spare(&self, record: usize) -> bool {
        // An attempt whose record is given away takes the record that the attempt in question leaves.
        let may_exchange = |other: &Vec<usize>| {
            !other.contains(&record) || self.own().iter().all(|left| *left == record || other.contains(left))
        };
        self.attempts[1..].iter().all(may_exchange) && self.served(1, Some(record)) == self.served(1, None)
    }

    /// True where each other attempt can have made every record that the attempt in question may have made. If the staff are mistaken, the
    /// record is then still told, to the attempt that made none.
    fn can_all_be_others(&self) -> bool {
        self.attempts[1..].iter().all(|other| self.own().iter().all(|record| other.contains(record)))
    }
}

#[cfg(test)]
mod examples;
#[cfg(test)]
mod schedules;
