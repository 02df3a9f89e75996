//! Offers amounts at one press: for one invoice, for what was typed for the invoices, for all that is due or overdue. All of them can be sent:
//! they have no more decimals than the API carries. (The repair of a share is [`Allocation::repair`](super::allocation::Allocation::repair).)

use super::{
    check::{money, plan, read},
    draft::Draft,
    invoice::InvoiceId,
    money::{Money, sum, total},
    statement::Statement,
    terms::Terms,
};

/// What "Pay this one" sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PayOne {
    /// The payment. The present one, where it has something left for the invoice; else as much more as the invoice owes.
    pub amount: Money,
    /// The invoice's share.
    pub share: Money,
}

/// The sum of the typed shares, of each as much as the invoice owes. A text that cannot be read, and one for an invoice that is not open, adds
/// nothing.
pub fn selected(draft: &Draft, statement: &Statement, terms: &Terms) -> Money {
    typed_but(None, draft, statement, terms)
}

/// What is typed for all invoices but one.
fn typed_but(one: Option<InvoiceId>, draft: &Draft, statement: &Statement, terms: &Terms) -> Money {
    let (plan, _) = plan(draft, statement, terms);
    let others = plan.pins.iter().filter(|(id, _)| Some(**id) != one);
    let shares = others.filter_map(|(id, share)| Some(share.value().min(payable_of(statement, terms, *id)?.value())));
    Money::computed(total(shares), terms.currency)
}

fn payable_of(statement: &Statement, terms: &Terms, id: InvoiceId) -> Option<Money> {
    let payable = statement.invoice(statement.row_of(id)?)?.payable(terms.decimals());
    Some(payable).filter(|payable| payable.currency() == terms.currency)
}

/// As much of all open invoices as can be paid.
pub fn all_due(statement: &Statement, terms: &Terms) -> Option<Money> {
    statement.payable(terms.decimals())
}

/// As much of all invoices past their due date as can be paid.
pub fn all_overdue(statement: &Statement, terms: &Terms) -> Option<Money> {
    statement.overdue_payable(terms.today, terms.decimals())
}

/// What to set so that this invoice is paid, whatever the order: as much of it as the amount leaves beside the other typed shares.
/// `None` when the invoice is not open, or is not in the form's currency.
pub fn pay_one(draft: &Draft, statement: &Statement, terms: &Terms, id: InvoiceId) -> Option<PayOne> {
    let payable = payable_of(statement, terms, id)?;
    let others = typed_but(Some(id), draft, statement, terms);
    let amount = money(&read(&draft.amount, terms), terms).ok().filter(|amount| *amount > others);
    let Some(amount) = amount else {
        let amount = sum(others.value(), payable.value());
        return Some(PayOne { amount: Money::computed(amount, terms.currency), share: payable });
    };
    let left = amount.less(others);
    Some(PayOne { amount, share: if left < payable { left } else { payable } })
}
