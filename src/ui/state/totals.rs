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
    statement::{Known, Statement},
    terms::Terms,
};
use crate::statement_feed::Load;

/// How many parts the bar shows by themselves; all others are one part.
pub const PARTS_MAX: usize = 12;

/// Where a payment goes, as far as it can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goes {
    /// Not known yet: the invoices are being read.
    Loading,
    /// Nowhere: the invoices could not be had, and without them it cannot be divided.
    Nowhere,
    /// Over the invoices that are listed, or to what is due.
    Listed,
    /// All of it stays on account: there is no list, or the person wants it so while the list cannot be had.
    OnAccount,
    /// Over invoices that only the server knows.
    Elsewhere,
}

impl Goes {
    /// The destination as far as the invoices are known.
    fn new(draft: &Draft, statement: &Statement, terms: &Terms, load: Load) -> Self {
        let server_divides = terms.wire == AllocationWire::Auto && terms.order_by == DateField::Due;
        match statement.known() {
            _ if terms.kind == Kind::DueItem => Self::Listed,
            Known::Listed => Self::Listed,
            _ if load == Load::Loading => Self::Loading,
            Known::Missing if draft.order != Order::None => Self::Nowhere,
            Known::NotGiven if server_divides && matches!(draft.order, Order::Oldest | Order::Newest) => Self::Elsewhere,
            Known::NotGiven | Known::Missing => Self::OnAccount,
        }
    }
}

/// What a payment comes to. Costs the same for ten invoices and for a hundred thousand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals {
    /// Where it goes; without a list nothing is known of what is owed, either.
    pub goes: Goes,
    /// How much is paid; nothing while the amount cannot be read.
    pub amount: Money,
    /// What goes to invoices, or to what is due.
    pub allocated: Money,
    /// How many invoices get something.
    pub count: usize,
    /// What no invoice gets; of a due item, the overpayment.
    pub unallocated: Money,
    /// What remains to be paid afterwards.
    pub owed: Money,
    /// By how much the typed shares are more than the payment: then it cannot be sent, and what it would leave is no result.
    pub excess: Option<Money>,
    /// The first parts in the order of paying: which invoice, its number, its share.
    pub parts: Vec<(InvoiceId, String, Money)>,
}

impl Totals {
    /// The totals of an answer.
    pub(in crate::ui) fn new(checked: &Checked, draft: &Draft, statement: &Statement, terms: &Terms, load: Load) -> Self {
        Self { goes: Goes::new(draft, statement, terms, load), ..Self::of_answer(checked, statement, terms) }
    }

    fn of_answer(checked: &Checked, statement: &Statement, terms: &Terms) -> Self {
        let nothing = Money::zero(terms.currency);
        match (terms.kind, &checked.allocation) {
            (Kind::OnAccount, Some(allocation)) => Self::of(allocation),
            (Kind::OnAccount, None) => {
                let owed = statement.total().unwrap_or(nothing);
                let goes = Goes::Listed;
                let parts = Vec::new();
                Self { goes, amount: nothing, allocated: nothing, count: 0, unallocated: nothing, owed, excess: None, parts }
            }
            (Kind::DueItem, _) => {
                let read = |reading: &Reading| match reading {
                    Reading::Number(value) => Money::new(*value, terms.currency).unwrap_or(nothing),
                    _ => nothing,
                };
                let (amount, due) = (read(&checked.amount), read(&checked.amount_due));
                let unallocated = amount.less(due);
                Self {
                    goes: Goes::Listed,
                    amount,
                    allocated: amount.less(unallocated),
                    count: 1,
                    unallocated,
                    owed: due.less(amount),
                    excess: None,
                    parts: Vec::new(),
                }
            }
        }
    }

    fn of(allocation: &Allocation) -> Self {
        let parts = allocation.shares().take(PARTS_MAX).map(|(invoice, share)| (invoice.id, invoice.number.clone(), share));
        Self {
            goes: Goes::Listed,
            amount: allocation.amount(),
            allocated: allocation.allocated(),
            count: allocation.count(),
            unallocated: allocation.unallocated(),
            owed: allocation.still_owed(),
            excess: Some(allocation.excess()).filter(|excess| !excess.is_zero() && !allocation.amount().is_zero()),
            parts: parts.collect(),
        }
    }

    /// How many more invoices get something than the bar shows by themselves, and what they get together.
    pub fn others(&self) -> Option<(usize, Money)> {
        let others = self.count.saturating_sub(self.parts.len());
        let share = self.parts.iter().fold(self.allocated, |left, (.., share)| left.less(*share));
        (others > 0).then_some((others, share))
    }

    /// The place of an invoice among the parts.
    pub fn place(&self, id: InvoiceId) -> Option<usize> {
        self.parts.iter().position(|(other, ..)| *other == id)
    }
}
