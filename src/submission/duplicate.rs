//! The guard against paying the same again by mistake, in another tab or a few minutes later.
//!
//! It is not what keeps an attempt from being paid twice (the key does that): it notices that a *new* attempt looks like a recent one, and asks.

use crate::domain::{amount::Separators, money::Money, payment::Payment};
use std::hash::{DefaultHasher, Hasher};

/// How long a sent payment is remembered, in milliseconds.
pub const RECENT_FOR: u64 = 15 * 60 * 1000;

/// How many are remembered; nobody sends more in a quarter of an hour by mistake.
const RECENT_MAX: usize = 20;

/// A salted hash of who pays how much on which invoices. It says whether two payments are the same, and nothing else about them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The fingerprint of a payment. The salt is random, made once per browser profile, and kept beside the [`Recent`] payments.
    ///
    /// The hash need not be the same in another release: it is compared for a quarter of an hour.
    pub fn new(payment: &Payment, salt: &str) -> Self {
        let mut all = salt.to_owned();
        let mut note = |text: &str| {
            all.push('\n');
            all.push_str(text);
        };
        // However many zeros it was typed with, an amount is the same.
        let number = |amount: Money| Separators::ENGLISH.write_typed(amount.value(), 0);
        match payment {
            Payment::OnAccount(payment) => {
                note(&payment.customer.to_string());
                note(&number(payment.amount));
                // In an order of their own: the same invoices paid newest first are the same.
                let mut invoices = Vec::new();
                payment.allocation.shares().for_each(|(invoice, _)| invoices.push(invoice.id));
                invoices.sort_unstable();
                invoices.iter().for_each(|id| note(&id.to_string()));
            }
            Payment::DueItem(payment) => {
                note(&number(payment.due));
                note(&number(payment.paid));
                note(&payment.due_date.to_string());
                note(&payment.date.to_string());
            }
        }
        let mut hasher = DefaultHasher::new();
        hasher.write(all.as_bytes());
        Self(format!("{:016x}", hasher.finish()))
    }
}

/// The payments that were sent lately, as kept in `localStorage`: a line for each, its fingerprint and when it was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recent(Vec<(Fingerprint, u64)>);

impl Recent {
    /// Reads the stored text; lines that are not understood, that lie in the future or are too old are left out.
    pub fn read(text: &str, now: u64) -> Self {
        let mut recent = Vec::new();
        for (hash, time) in text.lines().filter_map(|line| line.split_once(' ')) {
            let time = time.parse::<u64>().ok().filter(|time| now.checked_sub(*time).is_some_and(|age| age < RECENT_FOR));
            let is_hash = hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
            if let Some(time) = time.filter(|_| is_hash && recent.len() < RECENT_MAX) {
                recent.push((Fingerprint(hash.to_owned()), time));
            }
        }
        Self(recent)
    }

    /// The text to store.
    pub fn text(&self) -> String {
        self.0.iter().map(|(hash, time)| [&hash.0, " ", &time.to_string(), "\n"].concat()).collect()
    }

    /// How many milliseconds ago the same payment was sent, if it was.
    pub fn age(&self, fingerprint: &Fingerprint, now: u64) -> Option<u64> {
        let ages = self.0.iter().filter(|(hash, _)| hash == fingerprint).map(|(_, time)| now.saturating_sub(*time));
        ages.min()
    }

    /// Remembers a payment as sent now.
    pub fn note(&mut self, fingerprint: Fingerprint, now: u64) {
        self.forget(&fingerprint);
        self.0.insert(0, (fingerprint, now));
        self.0.truncate(RECENT_MAX);
    }

    /// Forgets a payment: the server decided that there is none.
    pub fn forget(&mut self, fingerprint: &Fingerprint) {
        self.0.retain(|(hash, _)| hash != fingerprint);
    }
}
