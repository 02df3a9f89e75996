//! Computes the totals of the summary, the button that pays and the status line, and the parts of the bar.

use crate::domain::{
    allocation::{Allocation, Order},
    amount::Reading,
    check::Checked,
    draft::Draft,
    invoice::InvoiceId,
    money::Money,
    payment::{AllocationWire, Kind},
    payment_order::DateField,
    statement::{ListState, Statement},
    terms::Terms,
};
use crate::statement_feed::Load;

/// The most invoices that the bar shows as parts of their own; all others are one part.
pub const PARTS_MAX: usize = 12;

/// The destination of a payment, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// Unknown: the invoices are being loaded, or the amount due is not typed yet.
    Loading,
    /// None: the invoices could not be loaded, so the payment cannot be divided.
    Unavailable,
    /// The listed invoices, or the due item.
    Listed,
    /// The customer's account: there is no list, or the person chose this because the list could not be loaded.
    OnAccount,
    /// Invoices that only the server knows.
    Unlisted,
}

impl Destination {
    /// The destination as far as the invoices are known.
    fn new(checked: &Checked, draft: &Draft, statement: &Statement, terms: &Terms, load: Load) -> Self {
        let server_divides = terms.wire == AllocationWire::Auto && terms.order_by == DateField::Due;
        match statement.list_state() {
            _ if terms.kind == Kind::DueItem && !matches!(checked.amount_due, Reading::Number(_)) => Self::Loading,
            _ if terms.kind == Kind::DueItem => Self::Listed,
            ListState::Listed => Self::Listed,
            _ if load == Load::Loading => Self::Loading,
            ListState::Missing if draft.order != Order::None => Self::Unavailable,
            ListState::NotGiven if server_divides && matches!(draft.order, Order::Oldest | Order::Newest) => Self::Unlisted,
            ListState::NotGiven | ListState::Missing => Self::OnAccount,
        }
    }
}

/// The totals of a payment. Computing them costs the same for ten and for a hundred thousand invoices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals {
    /// The destination of the payment.
    pub destination: Destination,
    /// The amount that is paid; zero while it cannot be read.
    pub amount: Money,
    /// The part that invoices, or the due item, get.
    pub allocated: Money,
    /// The number of invoices with a share above zero.
    pub count: usize,
    /// The part that no invoice gets; for a due item, the overpayment.
    pub unallocated: Money,
    /// The sum that is still owed after the payment.
    pub owed: Money,
    /// True when the typed shares exceed the payment. Such a payment cannot be sent, and `owed` has no meaning.
    pub has_excess: bool,
    /// The first parts in the order of paying: the invoice's id, number and share.
    pub parts: Vec<(InvoiceId, String, Money)>,
}

impl Totals {
    /// Computes the totals of a checked draft.
    pub(in crate::ui) fn new(checked: &Checked, draft: &Draft, statement: &Statement, terms: &Terms, load: Load) -> Self {
        Self {
            destination: Destination::new(checked, draft, statement, terms, load),
            ..Self::of_checked(checked, statement, terms)
        }
    }

    fn of_checked(checked: &Checked, statement: &Statement, terms: &Terms) -> Self {
        let nothing = Money::zero(terms.currency);
        match (terms.kind, &checked.allocation) {
            (Kind::OnAccount, Some(allocation)) => Self::of(allocation),
            (Kind::OnAccount, None) => {
                let owed = statement.total().unwrap_or(nothing);
                let destination = Destination::Listed;
                let parts = Vec::new();
                Self {
                    destination,
                    amount: nothing,
                    allocated: nothing,
                    count: 0,
                    unallocated: nothing,
                    owed,
                    has_excess: false,
                    parts,
                }
            }
            (Kind::DueItem, _) => {
                let read = |reading: &Reading| match reading {
                    Reading::Number(value) => Money::new(*value, terms.currency).unwrap_or(nothing),
                    _ => nothing,
                };
                let (amount, due) = (read(&checked.amount), read(&checked.amount_due));
                let unallocated = amount.saturating_sub(due);
                Self {
                    destination: Destination::Listed,
                    amount,
                    allocated: amount.saturating_sub(unallocated),
                    count: 1,
                    unallocated,
                    owed: due.saturating_sub(amount),
                    has_excess: false,
                    parts: Vec::new(),
                }
            }
        }
    }

    fn of(allocation: &Allocation) -> Self {
        let parts = allocation.shares().take(PARTS_MAX).map(|(invoice, share)| (invoice.id, invoice.number.clone(), share));
        Self {
            destination: Destination::Listed,
            amount: allocation.amount(),
            allocated: allocation.allocated(),
            count: allocation.count(),
            unallocated: allocation.unallocated(),
            owed: allocation.still_owed(),
            has_excess: !allocation.excess().is_zero() && !allocation.amount().is_zero(),
            parts: parts.collect(),
        }
    }

    /// The number and the sum of the shares that the bar shows as one part.
    pub fn others(&self) -> Option<(usize, Money)> {
        let others = self.count.saturating_sub(self.parts.len());
        let share = self.parts.iter().fold(self.allocated, |left, (.., share)| left.saturating_sub(*share));
        (others > 0).then_some((others, share))
    }

    /// The place of an invoice among the parts.
    pub fn index(&self, id: InvoiceId) -> Option<usize> {
        self.parts.iter().position(|(other, ..)| *other == id)
    }
}
