//! Notices that a *new* attempt looks like a recent one, in another tab or a few minutes later, so that the form can ask.
//!
//! The guard is against paying the same again by mistake. The key alone keeps one attempt from being paid twice.

use crate::{
    api::Api,
    domain::{
        money::Money,
        payment::{Payment, Reference},
    },
};
use std::hash::{DefaultHasher, Hasher};

/// The time for which a sent payment is remembered, in milliseconds.
pub const RECENT_FOR: u64 = 15 * 60 * 1000;

/// The number of remembered payments: more than a person sends in a quarter of an hour by mistake.
const RECENT_MAX: usize = 20;

/// Two salted hashes of a payment: one of its customer, amount and endpoint, and one of its reference. They tell whether two payments are
/// the same, and reveal no other fact.
///
/// The invoices are left out. A payment that closed an invoice changes the next plan's invoices, and the same payment must still be
/// noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    payment: String,
    /// `None` where the payment has no reference.
    reference: Option<String>,
}

impl Fingerprint {
    /// Makes the fingerprint of a payment to this endpoint. The salt is random, made once per browser profile, and kept beside the
    /// [`RecentPayments`].
    ///
    /// The hashes need not be the same in another release: they are compared for a quarter of an hour.
    pub fn new(payment: &Payment, endpoint: &str, salt: &str) -> Self {
        // Trailing zeros do not make another amount.
        let number = |amount: Money| amount.value().normalize().to_string();
        let (api, reference, parts) = match payment {
            Payment::OnAccount(payment) => {
                let parts = vec![payment.customer.to_string(), number(payment.amount)];
                (Api::Fusebill, payment.reference.as_ref().map(Reference::text), parts)
            }
            Payment::DueItem(payment) => {
                let parts = vec![number(payment.paid), number(payment.due), payment.due_date.to_string()];
                (Api::MaiaScore, None, parts)
            }
        };
        let hash_of = |text: &str| hash(&[salt, api.name(), endpoint, text].join("\n"));
        Self { payment: hash_of(&parts.join("\n")), reference: reference.map(hash_of) }
    }
}

fn hash(text: &str) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    format!("{:016x}", hasher.finish())
}

/// An earlier payment that looks the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The time since it was sent, in milliseconds.
    pub ago: u64,
    /// The comparison of its reference with the new one.
    pub reference: ReferenceMatch,
}

/// The comparison of the references of two payments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferenceMatch {
    /// Neither payment has a reference.
    None,
    /// Both payments have the same reference.
    Same,
    /// The references differ, or only one payment has a reference.
    Other,
}

/// The payments that were sent lately, the latest first, as kept in `localStorage`. Each has a line: the hash of the payment, the time of its
/// send, and the hash of its reference where it has one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecentPayments(Vec<(Fingerprint, u64)>);

impl RecentPayments {
    /// Reads the stored text; lines that are not understood, that lie in the future or are too old are left out.
    pub fn read(text: &str, now: u64) -> Self {
        let is_hash = |hash: &&str| hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        let read_line = |line: &str| {
            let mut parts = line.split(' ');
            let payment = parts.next().filter(is_hash)?.to_owned();
            let time = parts.next()?.parse().ok().filter(|time| now.checked_sub(*time).is_some_and(|age| age < RECENT_FOR))?;
            let reference = match parts.next() {
                Some(hash) => Some(is_hash(&hash).then(|| hash.to_owned())?),
                None => None,
            };
            Some((Fingerprint { payment, reference }, time))
        };
        Self(text.lines().filter_map(read_line).take(RECENT_MAX).collect())
    }

    /// The text to store.
    pub fn text(&self) -> String {
        let line = |(fingerprint, time): &(Fingerprint, u64)| match &fingerprint.reference {
            Some(reference) => format!("{} {time} {reference}\n", fingerprint.payment),
            None => format!("{} {time}\n", fingerprint.payment),
        };
        self.0.iter().map(line).collect()
    }

    /// The latest payment that is the same, if any; one with the same reference before all others.
    pub fn duplicate(&self, fingerprint: &Fingerprint, now: u64) -> Option<Duplicate> {
        let compare = |earlier: &Fingerprint| match (&earlier.reference, &fingerprint.reference) {
            (None, None) => ReferenceMatch::None,
            (earlier, new) if earlier == new => ReferenceMatch::Same,
            _ => ReferenceMatch::Other,
        };
        let same = self.0.iter().filter(|(earlier, _)| earlier.payment == fingerprint.payment);
        let all = same.map(|(earlier, time)| Duplicate { ago: now.saturating_sub(*time), reference: compare(earlier) });
        all.min_by_key(|duplicate| (duplicate.reference == ReferenceMatch::Other, duplicate.ago))
    }

    /// Remembers a payment as sent now.
    pub fn remember(&mut self, fingerprint: Fingerprint, now: u64) {
        self.0.insert(0, (fingerprint, now));
        self.0.truncate(RECENT_MAX);
    }

    /// Forgets the latest payment of this fingerprint: the server decided that there is none. An earlier one of the same fingerprint stays.
    pub fn forget(&mut self, fingerprint: &Fingerprint) {
        if let Some(index) = self.0.iter().position(|(other, _)| other == fingerprint) {
            self.0.remove(index);
        }
    }
}
