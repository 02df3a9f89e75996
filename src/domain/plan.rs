//! Defines how a payment is divided: the order, the plan with its pinned shares, and the reason of each share.

use super::{
    invoice::InvoiceId,
    money::Money,
    payment_order::{DateField, Direction},
};
use std::collections::BTreeMap;

/// The invoices that a payment goes to unless the person types shares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// The earliest date first.
    #[default]
    Oldest,
    /// The latest date first.
    Newest,
    /// The oldest single invoice whose balance is the amount. Without one, all invoices of the oldest due date that sum to the amount.
    /// Without both, oldest first.
    Exact,
    /// Only where the person types a share.
    Manual,
    /// Nowhere: the payment stays on account.
    None,
}

names!(Order: Oldest = "oldest", Newest = "newest", Exact = "exact", Manual = "manual", None = "none");

/// The plan of a division: an order, and the shares that the person typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The order that fills every invoice without a pinned share.
    pub order: Order,
    /// The date that makes an invoice old.
    pub by: DateField,
    /// Shares that the person typed. The order fills only the other invoices and never changes these.
    pub pins: BTreeMap<InvoiceId, Money>,
    /// The most decimals that a share may have, where the API carries fewer than the currency has. Finer parts of a balance stay owed.
    pub decimals_max: Option<u32>,
}

/// The reason why an invoice gets its share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The person typed it.
    Pinned,
    /// The balance of the invoice, or the sum of its due date, is the amount.
    Exact,
    /// First in the order.
    First(Direction, DateField),
    /// Next in the order.
    Next(Direction, DateField),
    /// The payment ends here: less than the balance was left.
    Part,
    /// The payment ended before this invoice.
    NothingLeft,
    /// The invoice owes less than the smallest amount that the API carries.
    TooSmall,
    /// The order fills no invoices, and the person typed no share.
    NotChosen,
}

impl Reason {
    /// The stable code that hosts and words rely on, such as `oldest-due` or `nothing-left`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Pinned => "pinned",
            Self::Exact => "exact",
            Self::First(Direction::Oldest, DateField::Due) => "oldest-due",
            Self::First(Direction::Oldest, DateField::Issued) => "oldest-issued",
            Self::First(Direction::Newest, DateField::Due) => "newest-due",
            Self::First(Direction::Newest, DateField::Issued) => "newest-issued",
            Self::Next(Direction::Oldest, DateField::Due) => "next-oldest-due",
            Self::Next(Direction::Oldest, DateField::Issued) => "next-oldest-issued",
            Self::Next(Direction::Newest, DateField::Due) => "next-newest-due",
            Self::Next(Direction::Newest, DateField::Issued) => "next-newest-issued",
            Self::Part => "part",
            Self::NothingLeft => "nothing-left",
            Self::TooSmall => "too-small",
            Self::NotChosen => "not-chosen",
        }
    }
}
