//! Defines one invoice, and the ids of invoices, methods and customers.

use super::{
    date::Date,
    money::{Money, cut},
};
use std::{cmp::Ordering, fmt};

macro_rules! id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        /// A positive whole number below 2^63; it is never read through a float.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// The id of this number, if it is positive.
            pub fn new(number: i64) -> Option<Self> {
                (number > 0).then_some(Self(number))
            }

            /// Reads plain digits: no sign, no spaces, no leading zero.
            pub fn parse(text: &str) -> Option<Self> {
                let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
                let number: u64 = plain.then(|| text.parse().ok()).flatten()?;
                i64::try_from(number).ok().and_then(Self::new)
            }

            /// The number.
            pub fn number(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id! {
    /// The server's number of an invoice.
    InvoiceId
}
id! {
    /// The server's number of a stored method.
    MethodId
}
id! {
    /// The server's number of the customer who owes.
    CustomerId
}

/// One invoice as the host or the server lists it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Invoice {
    /// The server's number.
    pub id: InvoiceId,
    /// The number that is printed on it, for people. It need not be unique.
    pub number: String,
    /// The due date.
    pub due: Option<Date>,
    /// The date of issue.
    pub issued: Option<Date>,
    /// The full amount of the invoice.
    pub total: Option<Money>,
    /// The amount that is still owed. The invoice is open while it is above zero.
    pub balance: Money,
    /// The customer's credit: the balance of a credit note, as an amount above zero.
    pub credit: Option<Money>,
}

impl Invoice {
    /// Tells whether the balance is above zero.
    pub fn is_open(&self) -> bool {
        !self.balance.is_zero()
    }

    /// The part of the balance that a payment with at most these decimals can pay.
    pub fn payable(&self, decimals: u32) -> Money {
        Money::computed(cut(self.balance.value(), decimals), self.balance.currency())
    }

    /// The number of days past the due date; `None` when the invoice is not late.
    pub fn days_late(&self, today: Date) -> Option<i32> {
        self.due.map(|due| today.days_since(due)).filter(|days| *days > 0)
    }
}

/// Compares invoice numbers as people do: runs of digits by their value, the rest by its characters, so `INV-9` is before `INV-10`.
///
/// Equal only when the texts are: `7` and `007` differ, the shorter first.
///
/// ```
/// use payment_form::domain::invoice::natural_order;
/// let mut numbers = ["INV-10", "INV-009", "INV-9"];
/// numbers.sort_by(|a, b| natural_order(a, b));
/// assert_eq!(numbers, ["INV-9", "INV-009", "INV-10"]);
/// ```
pub fn natural_order(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        let (Some(x), Some(y)) = (left.chars().next(), right.chars().next()) else {
            return left.len().cmp(&right.len()).then_with(|| a.len().cmp(&b.len())).then_with(|| a.cmp(b));
        };
        if x.is_ascii_digit() && y.is_ascii_digit() {
            let (run_x, rest_x) = split_digits(left);
            let (run_y, rest_y) = split_digits(right);
            let order = run_x.len().cmp(&run_y.len()).then_with(|| run_x.cmp(run_y));
            if order != Ordering::Equal {
                return order;
            }
            (left, right) = (rest_x, rest_y);
        } else {
            if x != y {
                return x.cmp(&y);
            }
            left = left.get(x.len_utf8()..).unwrap_or_default();
            right = right.get(y.len_utf8()..).unwrap_or_default();
        }
    }
}

/// The digits at the beginning of the text, without leading zeros, and the rest of the text.
fn split_digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (run, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    (run.trim_start_matches('0'), rest)
}
