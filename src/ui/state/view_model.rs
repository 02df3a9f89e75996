//! Gives the components the values that they draw, and takes the actions of the person.

use crate::ui::state::{
    basis::Basis,
    form_state::FormState,
    submission_view::{receipt, shown_problems, status},
    totals::Totals,
};
use crate::{
    domain::{
        allocation::Order,
        check::Checked,
        draft::Draft,
        invoice::InvoiceId,
        problem::{Field, Problem},
        statement::Statement,
        terms::Terms,
    },
    statement_feed::{Failures, List, Load},
    submission::State,
    words::{
        Words, en,
        status::{NoticeButton, Status},
    },
};
use leptos::prelude::*;
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

/// An action of the person, which `actions.rs` takes. The form has no other input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Typed or chose an amount (MaiaScore: amountPaid).
    Amount(String),
    /// MaiaScore: typed or chose the amount that is due.
    AmountDue(String),
    /// MaiaScore: chose the due date.
    DueDate(String),
    /// MaiaScore: chose the day of the payment.
    Date(String),
    /// Chose a method of payment: the radio's value.
    Method(String),
    /// Typed a reference.
    Reference(String),
    /// Chose a plan.
    Order(Order),
    /// Typed or chose one invoice's share. An empty text stays while the person is still in the input.
    Share(InvoiceId, String),
    /// Removed the pin of one invoice, which follows the plan again.
    Unpin(InvoiceId),
    /// Removed all pins, so that every invoice follows the plan again.
    UnpinAll,
    /// MaiaScore: picked the invoice that is paid; its balance and due date become amountDue and dueDate.
    PickInvoice(InvoiceId),
    /// Asked to move the focus to a field.
    Focus(Field),
    /// Asked for the lists again after they could not be loaded.
    Reload,
    /// Pressed the button that pays.
    Pay,
    /// Pressed a button of the notice about the submission.
    Press(NoticeButton),
    /// Asked for another payment after the receipt.
    NewPayment,
}

pub use super::submission_view::ReceiptView;

/// Numbers the renderings of a page, so that two forms in one document share no element id.
static RENDERINGS: AtomicU32 = AtomicU32::new(0);

/// The number of another rendering.
pub fn next_rendering() -> u32 {
    RENDERINGS.fetch_add(1, Ordering::Relaxed)
}

/// The values of one rendering. Every method that returns a value tracks its signal, unless its comment says otherwise. A copy is a handle.
#[derive(Clone, Copy)]
pub struct ViewModel {
    form: FormState,
    number: u32,
    basis: StoredValue<Arc<Basis>>,
    totals: Memo<Arc<Totals>>,
    order: Memo<Order>,
    chosen_method: Memo<String>,
    problems: Memo<Arc<[Problem]>>,
    is_locked: Memo<bool>,
    is_busy: Memo<bool>,
    status: Memo<Option<Status>>,
    receipt: Memo<Option<Arc<ReceiptView>>>,
    is_reviewed: Memo<bool>,
}

/// The view model of the form around the current component.
pub fn use_form() -> ViewModel {
    expect_context()
}

impl ViewModel {
    /// Makes the values of a rendering on this basis. They live as long as the current reactive owner.
    pub(in crate::ui) fn new(form: FormState, basis: &Arc<Basis>) -> Self {
        let stored = StoredValue::new(Arc::clone(basis));
        let (words, paid_on, shown_to) = (Arc::clone(basis), Arc::clone(basis), Arc::clone(basis));
        let terms = Arc::clone(basis);
        Self {
            form,
            number: next_rendering(),
            basis: stored,
            totals: Memo::new(move |_| {
                let (statement, checked, draft) = (form.statement.get(), form.checked.get(), form.draft.get());
                Arc::new(Totals::new(&checked, &draft, &statement, &terms.terms, form.load.get()))
            }),
            order: Memo::new(move |_| form.draft.with(|draft| draft.order)),
            chosen_method: Memo::new(move |_| form.draft.with(|draft| draft.method.clone())),
            problems: Memo::new(move |_| shown_problems(form, &shown_to.words)),
            is_locked: Memo::new(move |_| {
                form.machine.with(|machine| machine.view(0).is_locked) | form.disabled.get() | form.is_busy_before_sending.get()
            }),
            is_busy: Memo::new(move |_| {
                let is_at_work = form.is_busy_before_sending.get() | form.awaits_invoices();
                !form.machine.with(|machine| machine.view(0).may_submit) | form.disabled.get() | is_at_work
            }),
            status: Memo::new(move |_| status(form, &words.words)),
            receipt: Memo::new(move |_| receipt(form, &paid_on)),
            // The sheet of a review stays while the reviewed payment is sent.
            is_reviewed: Memo::new(move |before: Option<&bool>| match form.machine.with(|machine| machine.state()) {
                State::Reviewing => true,
                State::Submitting => before.copied().unwrap_or_default(),
                _ => false,
            }),
        }
    }

    /// Takes an action of the person.
    pub fn act(self, action: Action) {
        self.form.act(action);
    }

    /// Takes Enter in a field; `true` where the focus goes to the button that pays.
    pub fn enter(self) -> bool {
        self.form.enter()
    }

    /// The progress of loading the lists.
    pub fn load(self) -> Load {
        self.form.load.get()
    }

    /// The lists that could not be loaded.
    pub fn failures(self) -> Failures {
        self.form.failures()
    }

    /// The sentence about a list that could not be loaded.
    pub fn load_failure(self, list: List) -> String {
        self.with_words(|words| self.form.load_failure(list, words))
    }

    /// Tells whether nothing is owed, and the host offers no payment without an open invoice.
    pub fn is_paid_up(self) -> bool {
        self.form.is_paid_up()
    }

    /// Tells whether the sheet of a review stands in place of the fields.
    pub fn is_reviewed(self) -> bool {
        self.is_reviewed.get()
    }

    /// The sentence about an unreadable invoice, for staff only, because they can correct it.
    pub fn unreadable_invoice(self) -> Option<String> {
        self.with_words(|words| self.form.unreadable_invoice(words))
    }

    /// The invoices and methods.
    pub fn statement(self) -> Arc<Statement> {
        self.form.statement.get()
    }

    /// The draft.
    pub fn draft(self) -> Arc<Draft> {
        self.form.draft.get()
    }

    /// The plan of the draft, for what follows no other field.
    pub fn order(self) -> Order {
        self.order.get()
    }

    /// The method of the draft, for what follows no other field.
    pub fn chosen_method(self) -> String {
        self.chosen_method.get()
    }

    /// The current draft, untracked; `None` after the form was unmounted.
    pub fn draft_untracked(self) -> Option<Arc<Draft>> {
        self.form.draft.try_get_untracked()
    }

    /// The checked draft.
    pub fn checked(self) -> Arc<Checked> {
        self.form.checked.get()
    }

    /// The totals of the payment.
    pub fn totals(self) -> Arc<Totals> {
        self.totals.get()
    }

    /// The problems that are shown now: none before the first submit, then the check's own or the server's.
    pub fn problems(self) -> Arc<[Problem]> {
        self.problems.get()
    }

    /// Tells whether the fields are locked, because a payment was sent.
    pub fn is_locked(self) -> bool {
        self.is_locked.get()
    }

    /// Tells whether presses on Pay are ignored. The button is `aria-disabled` then, never `disabled`, so that it keeps the focus.
    pub fn is_busy(self) -> bool {
        self.is_busy.get()
    }

    /// The status of the submission, in words.
    pub fn status(self) -> Option<Status> {
        self.status.get()
    }

    /// The record, once there is one: the receipt is drawn in place of the form.
    pub fn receipt(self) -> Option<Arc<ReceiptView>> {
        self.receipt.get()
    }

    /// Tells whether an earlier page sent a payment that is unresolved. The status shows its division then.
    pub fn is_restored(self) -> bool {
        self.form.is_restored.get()
    }

    /// The field that shall get the focus.
    pub fn focus_request(self) -> Option<Field> {
        self.form.focus_request.get()
    }

    /// The terms of the host. Fixed for one rendering.
    pub fn terms(self) -> Terms {
        self.basis.with_value(|basis| basis.terms.clone())
    }

    /// Tells whether the attempt's marker is appended to the reference. Fixed for one rendering.
    pub fn marks_reference(self) -> bool {
        self.basis.with_value(|basis| basis.marks_reference)
    }

    /// The name of the company that is paid. Fixed for one rendering.
    pub fn payee(self) -> Option<String> {
        self.basis.with_value(|basis| basis.payee.clone())
    }

    /// The name of the customer who pays. Fixed for one rendering.
    pub fn payer(self) -> Option<String> {
        self.basis.with_value(|basis| basis.payer.clone())
    }

    /// Tells whether staff use the form. Fixed for one rendering.
    pub fn is_for_staff(self) -> bool {
        self.with_words(Words::is_for_staff)
    }

    /// The heading of the form.
    pub fn title(self) -> String {
        self.with_words(|words| words.title(self.payee().as_deref()))
    }

    /// The line below the heading: the payer, where the host names one, and the day of the balances.
    pub fn as_of(self) -> String {
        let date = self.date(self.terms().today);
        match self.payer() {
            Some(payer) => self.say(en::AS_OF_PAYER, &[("payer", &payer), ("date", &date)]),
            None => self.say(en::AS_OF, &[("date", &date)]),
        }
    }

    /// The sentence of the shown problem of a field; empty without a problem.
    pub fn problem_of(self, field: Field) -> String {
        let problems = self.problems();
        let sentences: Vec<_> =
            problems.iter().filter(|problem| problem.field == field).map(|problem| self.problem(problem)).collect();
        sentences.join(" ")
    }

    /// The sentence of a problem; for a share with the number of its invoice.
    pub fn problem_at(self, problem: &Problem) -> String {
        let message = self.problem(problem);
        match problem.field {
            Field::Share(id) => self.say(en::ERROR_AT, &[("number", &self.number_of(id)), ("message", &message)]),
            _ => message,
        }
    }

    /// Tells whether a problem of this field is shown.
    pub fn has_problem(self, field: Field) -> bool {
        first_problem(&self.problems(), field).is_some()
    }

    /// The number printed on an invoice, or a phrase with its id where the number is unknown.
    pub fn number_of(self, id: InvoiceId) -> String {
        let statement = self.statement();
        let invoice = statement.row_of(id).and_then(|row| statement.invoice(row));
        invoice.map_or_else(|| self.say(en::RECORD_INVOICE, &[("id", &id.to_string())]), |invoice| invoice.number.clone())
    }

    /// The id of an element of this rendering.
    pub fn id(self, name: &str) -> String {
        format!("pf{}-{name}", self.number)
    }

    /// Looks at the words of the rendering.
    pub(super) fn with_words<T>(self, look: impl FnOnce(&Words) -> T) -> T {
        self.basis.with_value(|basis| look(&basis.words))
    }
}

/// The first of these problems that is about a field.
pub fn first_problem(problems: &[Problem], field: Field) -> Option<&Problem> {
    problems.iter().find(|problem| problem.field == field)
}
