//! Computes amounts that one press sets: for one invoice, for the typed shares, for all due or all overdue invoices. All of them can be
//! sent, because they have no more decimals than the API carries. (The correction of one share is
//! [`Allocation::corrected_share`](super::allocation::Allocation::corrected_share).)

use super::{
    check::{money, plan, read},
    draft::Draft,
    invoice::InvoiceId,
    money::{Money, sum, total},
    statement::Statement,
    terms::Terms,
};

/// The two amounts that "Pay this one" sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PayOneAmounts {
    /// The payment: unchanged where a part of it is left for the invoice; otherwise increased by the invoice's balance.
    pub amount: Money,
    /// The invoice's share.
    pub share: Money,
}

/// The sum of the typed shares. `None` while one of them is unreadable, above the invoice's balance, or of an invoice that is not open.
/// A sum without a share, or with a cut share, would not be the sum that the person typed.
pub fn selected(draft: &Draft, statement: &Statement, terms: &Terms) -> Option<Money> {
    let (plan, problems) = plan(draft, statement, terms);
    let is_payable = |id: InvoiceId, share: &Money| payable_of(statement, terms, id).is_some_and(|payable| *share <= payable);
    let are_right = problems.is_empty() && plan.pins.iter().all(|(id, share)| is_payable(*id, share));
    are_right.then(|| Money::computed(total(plan.pins.values().map(|share| share.value())), terms.currency))
}

/// The sum of the typed shares of all invoices but one, each up to the invoice's balance. Unreadable texts, and shares of invoices that are not
/// open, count as zero.
fn typed_shares_except(one: InvoiceId, draft: &Draft, statement: &Statement, terms: &Terms) -> Money {
    let (plan, _) = plan(draft, statement, terms);
    let others = plan.pins.iter().filter(|(id, _)| **id != one);
    let shares = others.filter_map(|(id, share)| Some(share.value().min(payable_of(statement, terms, *id)?.value())));
    Money::computed(total(shares), terms.currency)
}

fn payable_of(statement: &Statement, terms: &Terms, id: InvoiceId) -> Option<Money> {
    let payable = statement.invoice(statement.row_of(id)?)?.payable(terms.decimals());
    Some(payable).filter(|payable| payable.currency() == terms.currency)
}

/// The payable sum of all open invoices.
pub fn all_due(statement: &Statement, terms: &Terms) -> Option<Money> {
    statement.payable(terms.decimals())
}

/// The payable sum of all invoices past their due date.
pub fn all_overdue(statement: &Statement, terms: &Terms) -> Option<Money> {
    statement.overdue_payable(terms.today, terms.decimals())
}

/// The amounts that pay this invoice, whatever the order: its share is limited by what the other typed shares leave of the payment. `None`
/// when the invoice is not open, or is not in the form's currency.
pub fn pay_one(draft: &Draft, statement: &Statement, terms: &Terms, id: InvoiceId) -> Option<PayOneAmounts> {
    let payable = payable_of(statement, terms, id)?;
    let others = typed_shares_except(id, draft, statement, terms);
    let amount = money(&read(&draft.amount, terms), terms).ok().filter(|amount| *amount > others);
    let Some(amount) = amount else {
        let amount = sum(others.value(), payable.value());
        return Some(PayOneAmounts { amount: Money::computed(amount, terms.currency), share: payable });
    };
    let left = amount.saturating_sub(others);
    Some(PayOneAmounts { amount, share: if left < payable { left } else { payable } })
}
