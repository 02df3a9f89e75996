//! Checks the draft, and picks the server's problems that still stand.

use crate::ui::state::basis::Basis;
use crate::{
    domain::{
        amount::Reading,
        check::{Checked, check},
        draft::Draft,
        payment::{Payment, Reference, ReferenceError},
        problem::{Cause, Field, Problem},
        statement::Statement,
    },
    submission::{self, Machine},
};
use leptos::prelude::*;
use std::sync::Arc;

/// The checked draft. It stays as it was sent until the attempt is settled.
pub(super) fn checked_draft(
    last: Option<&Arc<Checked>>,
    is_restored: Memo<bool>,
    machine: RwSignal<Arc<Machine>>,
    statement: RwSignal<Arc<Statement>>,
    draft: RwSignal<Arc<Draft>>,
    basis: RwSignal<Option<Arc<Basis>>>,
) -> Arc<Checked> {
    let nothing =
        || Arc::new(Checked { amount: Reading::Empty, amount_due: Reading::Empty, allocation: None, payment: Err(Vec::new()) });
    // After a reload the balances of the sent payment are unknown, so nothing is checked.
    if is_restored.get() {
        return nothing();
    }
    if let Some(last) = last
        && machine.get_untracked().state().is_unresolved()
    {
        machine.track();
        return Arc::clone(last);
    }
    let (statement, draft) = (statement.get(), draft.get());
    let Some(basis) = basis.get() else { return nothing() };
    let mut checked = check(&draft, &statement, &basis.terms);
    if basis.marks_reference
        && let Some(problem) = marker_problem(&checked)
    {
        checked.payment = Err(vec![problem]);
    }
    Arc::new(checked)
}

/// The server's problems, without the fields that were edited since. A cancelled attempt has no problem to correct.
pub(in crate::ui) fn refusals(machine: &Machine, edited: &[Field]) -> Vec<Problem> {
    let view = machine.view(0);
    let stands = |problem: &&Problem| !view.is_cancelled && !edited.contains(&problem.field);
    view.problems.iter().filter(stands).cloned().collect()
}

/// The problem of a reference that is too long together with the attempt's marker.
fn marker_problem(checked: &Checked) -> Option<Problem> {
    let Ok(Payment::OnAccount(payment)) = &checked.payment else { return None };
    let Err(ReferenceError::TooLong(units)) =
        Reference::new(&submission::with_reference_marker(payment.reference.as_ref()?.text(), ""))
    else {
        return None;
    };
    Some(Problem::new(Field::Reference, Cause::ReferenceTooLong(units)))
}
