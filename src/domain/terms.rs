//! Holds everything that a check needs besides the draft and the statement.

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

/// The methods of payment that the host offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfferedMethods {
    /// The customer's stored methods.
    pub stored: bool,
    /// Cash.
    pub cash: bool,
    /// Checks.
    pub check: bool,
    /// Direct deposits.
    pub direct_deposit: bool,
}

impl OfferedMethods {
    /// The default offer. A customer in a portal gets no offline methods, because only staff can confirm cash.
    pub fn for_source(source: Source) -> Self {
        let staff = source != Source::SelfServicePortal;
        Self { stored: true, cash: staff, check: staff, direct_deposit: staff }
    }
}

/// The rules of one form: the host's configuration, and today's date.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The kind of payment.
    pub kind: Kind,
    /// The currency of every amount in the form.
    pub currency: Currency,
    /// The notation of the person's locale.
    pub separators: Separators,
    /// The currency sign that the form prints in the person's locale, so that a printed amount can be pasted back. It may be empty, because
    /// other common signs of the currency are known as well.
    pub sign: String,
    /// The most decimals that the API can carry (Fusebill: 2).
    pub decimals_max: u32,
    /// The smallest allowed amount.
    pub min: Option<Money>,
    /// The largest allowed amount.
    pub max: Option<Money>,
    /// The person's local calendar date.
    pub today: Date,
    /// The customer who owes.
    pub customer: Option<CustomerId>,
    /// The starter of the payment.
    pub source: Source,
    /// The methods that are offered.
    pub offered: OfferedMethods,
    /// The date that makes an invoice old.
    pub order_by: DateField,
    /// The form in which the division is sent.
    pub wire: AllocationWire,
}

impl Terms {
    /// The most decimals that an amount may have: the currency's, or the API's where it has fewer.
    pub fn decimals(&self) -> u32 {
        self.currency.minor_units().min(self.decimals_max)
    }
}
