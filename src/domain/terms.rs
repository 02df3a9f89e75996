//! All that a check needs to know besides what was typed and what is owed.

use super::{
    amount::Separators,
    date::Date,
    invoice::CustomerId,
    money::{Currency, Money},
    payment::{AllocationWire, Kind, Source},
    payment_order::DateField,
};

/// The most invoices that one payment may pay.
pub const SHARES_MAX: usize = 10_000;

/// Which ways of paying the host offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offered {
    /// The customer's stored methods.
    pub stored: bool,
    /// Cash.
    pub cash: bool,
    /// Checks.
    pub check: bool,
    /// Direct deposits.
    pub direct_deposit: bool,
}

impl Offered {
    /// What is offered when the host says nothing: a portal customer cannot "pay" in cash by saying so.
    pub fn for_source(source: Source) -> Self {
        let staff = source != Source::SelfServicePortal;
        Self { stored: true, cash: staff, check: staff, direct_deposit: staff }
    }
}

/// The rules of one form: what the host configured, and today's date.
#[derive(Clone, Debug)]
pub struct Terms {
    /// What kind of payment is made.
    pub kind: Kind,
    /// The currency of every amount in the form.
    pub currency: Currency,
    /// The notation of the person's locale.
    pub separators: Separators,
    /// The sign that the form writes beside amounts in the person's locale: what it prints can be pasted back. Other common signs of the
    /// currency are known anyway, so it may be empty.
    pub sign: String,
    /// The most decimals that the API can carry, where that is fewer than the currency has (Fusebill: 2).
    pub decimals_max: u32,
    /// The least that may be paid.
    pub min: Option<Money>,
    /// The most that may be paid.
    pub max: Option<Money>,
    /// The person's local calendar date.
    pub today: Date,
    /// Who owes.
    pub customer: Option<CustomerId>,
    /// Who starts the payment.
    pub source: Source,
    /// Which ways of paying are offered.
    pub offered: Offered,
    /// Which date makes an invoice old.
    pub order_by: DateField,
    /// How the division is sent.
    pub wire: AllocationWire,
}

impl Terms {
    /// The most decimals that an amount may have: the currency's, or the API's where it has fewer.
    pub fn decimals(&self) -> u32 {
        self.currency.minor_units().min(self.decimals_max)
    }
}
