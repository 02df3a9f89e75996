//! Draws the totals of the payment, and the button that pays.

use crate::ui::{
    components::{allocation_bar::allocation_text, method_picker::chosen_label},
    state::{
        totals::{Destination, Totals},
        view_model::{Action, ViewModel, use_form},
    },
};
use crate::{
    domain::{
        money::Money,
        payment::Kind,
        problem::{Cause, Field, Problem},
    },
    words::{
        Phrase, en,
        status::{Status, Tone},
    },
};
use leptos::prelude::*;

/// The totals, as far as they are known. Each stands as text and, for programs and tests, as the plain decimal in `data-value`. Without an amount
/// the payment is a dash, because a person would believe a sum; the other lines are left out.
#[component]
pub fn Summary() -> impl IntoView {
    let form = use_form();
    let is_due_item = form.terms().kind == Kind::DueItem;
    let id = form.id("summary");
    let owed = form.text(if is_due_item { en::REMAINS } else { en::STILL_OWED });
    let payment = form.text(if form.is_for_staff() { en::PAYMENT } else { en::YOU_PAY });
    // A payment above everything that is owed is an overpayment, and is called so.
    let rest = move || {
        let totals = form.totals();
        let is_over = is_due_item || (totals.owed.is_zero() && !totals.allocated.is_zero() && !totals.unallocated.is_zero());
        form.text(if is_over { en::OVERPAID } else { en::ON_ACCOUNT })
    };
    let to = move || {
        if is_due_item { form.text(en::TO_DUE) } else { form.count(en::TO_INVOICES, form.totals().count, &[]) }
    };
    let shows_warning = move || is_result(&form.totals()) && !form.totals().unallocated.is_zero();
    view! { class="pf",
        <section class="totals" part="summary" aria-labelledby=id hidden=move || form.is_restored()>
            <h3 class="heading" id=id.clone()>
                {form.text(en::SUMMARY)}
            </h3>
            <dl>
                <Total
                    test_id="payment"
                    is_payment=true
                    label=move || payment.clone()
                    amount=|totals| Some(totals.amount).filter(|amount| !amount.is_zero())
                />
                <Total
                    test_id="allocated"
                    label=to
                    amount=|totals| Some(totals.allocated).filter(|_| totals.destination == Destination::Listed)
                    is_over=|totals| totals.has_excess
                />
                <Total
                    test_id="unallocated"
                    label=rest
                    amount=|totals| {
                        Some(totals.unallocated).filter(|_| is_result(totals) || totals.destination == Destination::OnAccount)
                    }
                />
                <Total
                    test_id="still-owed"
                    label=move || owed.clone()
                    amount=|totals| Some(totals.owed).filter(|_| is_result(totals) && !totals.amount.is_zero())
                />
            </dl>
            <p class="hint rest" hidden=move || !shows_warning()>
                {move || {
                    let sentence = if is_due_item { en::OVERPAID_WARNING } else { credit_sentence(&form.totals()) };
                    shows_warning().then(|| form.text(sentence))
                }}
            </p>
        </section>
    }
}

/// The sentence about the account credit of a payment: all of it, or the part that no invoice gets.
pub(super) fn credit_sentence(totals: &Totals) -> Phrase {
    if totals.unallocated == totals.amount { en::ALL_ON_ACCOUNT } else { en::ON_ACCOUNT_WARNING }
}

/// One line of the summary; hidden while its amount is unknown or zero. The line of the payment stays, with a dash.
#[component]
fn Total<L>(
    /// The test id of the amount.
    test_id: &'static str,
    /// The label.
    label: L,
    /// The amount.
    amount: fn(&Totals) -> Option<Money>,
    /// True for the line of the payment itself: the largest of all.
    #[prop(optional)]
    is_payment: bool,
    /// True where the amount is too much: it is only marked, because the row or the division has the sentence.
    #[prop(optional)]
    is_over: Option<fn(&Totals) -> bool>,
) -> impl IntoView
where
    L: Fn() -> String + Send + Sync + 'static,
{
    let form = use_form();
    let amount = Memo::new(move |_| amount(&form.totals()));
    let characters = move || amount.get().map_or(0, |amount| form.money(amount).chars().count());
    let is_hidden = move || !is_payment && amount.get().is_none_or(|amount| amount.is_zero());
    view! { class="pf",
        <div class="total" class:payment=is_payment class:exceeds=move || is_over.is_some_and(|is_over| is_over(&form.totals())) hidden=is_hidden>
            <dt>{label}</dt>
            <dd
                data-testid=test_id
                style:--characters=move || is_payment.then(|| characters().to_string())
                data-value=move || amount.get().map(|amount| amount.plain()).unwrap_or_default()
            >
                {move || amount.get().map(|amount| form.money(amount))}
                {is_payment
                    .then(|| view! { class="pf",
                        <span class="no-amount" hidden=move || amount.get().is_some()>
                            <span aria-hidden="true">"—"</span>
                            <span class="visually-hidden">{form.text(en::NO_AMOUNT)}</span>
                        </span>
                    })}
            </dd>
        </div>
    }
}

/// Tells whether the division has a result: it is known, and no more than the payment.
fn is_result(totals: &Totals) -> bool {
    totals.destination == Destination::Listed && !totals.has_excess
}

/// The button that pays, with its consequences. On a phone it stays at the bottom of the window.
///
/// Accessibility: while a press would be ignored the button is `aria-disabled`, so that it keeps the focus.
#[component]
pub fn PayBar() -> impl IntoView {
    let form = use_form();
    let is_under_way = move || form.status().is_some_and(|status| status.tone == Tone::Busy);
    let label = move || {
        let amount = form.totals().amount;
        let (nothing, pay, busy) = if form.is_for_staff() {
            (en::PAY_STAFF_NOTHING, en::PAY_STAFF, en::PAY_STAFF_BUSY)
        } else {
            (en::PAY_NOTHING, en::PAY, en::PAY_BUSY)
        };
        let phrase = if is_under_way() { busy } else { pay };
        if amount.is_zero() { form.text(nothing) } else { form.say_amount(phrase, amount) }
    };
    // While the notice says something of the payment, it alone says what a press can and cannot do.
    let hint = move || match form.status() {
        Some(status) if status.tone == Tone::Busy => joined_sentences(&status),
        Some(_) => String::new(),
        None => with_method(form),
    };
    let leaves_rest = move || !is_result(&form.totals()) || !form.totals().unallocated.is_zero();
    // The row of a wrong share, and the line beneath the bar, may be out of sight.
    let problem = Memo::new(move |_| {
        let checked = form.checked();
        let problem = checked.problems().iter().find(|problem| is_of_shares(problem)).map(|problem| form.problem_at(problem));
        problem.filter(|_| !form.is_restored())
    });
    // Where nothing is left over, the amount stands beside the number of invoices.
    let destination = move || {
        if let Some(problem) = problem.get() {
            return problem;
        }
        let totals = form.totals();
        let is_plain = !leaves_rest() && !totals.amount.is_zero() && totals.count > 0 && form.terms().kind == Kind::OnAccount;
        if is_plain && !form.is_restored() {
            form.count(en::INVOICES, totals.count, &[])
        } else {
            destination_text(form, &totals)
        }
    };
    // A sandboxed frame may be forbidden to submit forms, and then no `submit` follows the press.
    let press = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        form.act(Action::Pay);
    };
    view! { class="pf",
        <div class="pay-bar">
            <p
                class="destination"
                class:has-rest=leaves_rest
                class:has-problem=move || problem.with(Option::is_some)
                hidden=move || destination().is_empty()
            >
                <span>{destination}</span>
                <b>{move || (problem.with(Option::is_none) && !leaves_rest()).then(|| form.money(form.totals().amount))}</b>
            </p>
            <button
                class="pay"
                class:busy=is_under_way
                part="submit"
                type="submit"
                // The sheet of a review has the button that pays.
                data-testid=move || (!form.is_reviewed()).then_some("pay")
                aria-disabled=move || form.is_busy().then_some("true")
                on:click=press
                on:keydown=ignore_key_repeat
            >
                {label}
            </button>
            <p class="hint promise" role="status">
                {hint}
            </p>
        </div>
    }
}

/// Tells whether a problem is about the typed shares: one of them, or their sum.
pub(super) fn is_of_shares(problem: &Problem) -> bool {
    let is_excess = problem.field == Field::Allocation && matches!(problem.cause, Cause::AboveAmount(_));
    is_excess || matches!(problem.field, Field::Share(_))
}

/// The destination of the payment in one line: on a narrow screen the totals may be far from the button that pays.
fn destination_text(form: ViewModel, totals: &Totals) -> String {
    match totals.destination {
        _ if totals.amount.is_zero() || totals.has_excess || form.is_restored() => String::new(),
        Destination::Listed if form.terms().kind != Kind::DueItem => allocation_text(form, totals),
        Destination::Listed if !totals.unallocated.is_zero() => {
            format!("{}: {}", form.text(en::OVERPAID), form.money(totals.unallocated))
        }
        Destination::OnAccount => form.say_amount(en::BAR_REST, totals.unallocated),
        _ => String::new(),
    }
}

/// The consequence of a press on the button that pays: one payment at most.
pub fn promise(form: ViewModel) -> String {
    form.text(if form.is_for_staff() { en::PAY_STAFF_PROMISE } else { en::PAY_PROMISE })
}

/// The method, and the consequence of a press on the button.
fn with_method(form: ViewModel) -> String {
    let (label, promise) = (chosen_label(form), promise(form));
    if label.is_empty() { promise } else { form.say(en::PAY_PROMISE_METHOD, &[("label", &label), ("promise", &promise)]) }
}

/// A status in one run of sentences.
fn joined_sentences(status: &Status) -> String {
    let lines = status.lines.iter().map(String::as_str);
    std::iter::once(status.title.as_str()).chain(lines).collect::<Vec<_>>().join(" ")
}

/// Refuses the repetitions of a held key: the key has just led to the button and must not press it.
pub fn ignore_key_repeat(event: leptos::ev::KeyboardEvent) {
    if event.repeat() {
        event.prevent_default();
    }
}
