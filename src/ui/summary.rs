//! What the payment comes to, and the button that pays.

use super::{method_picker::chosen_label, screen::Screen, sums::Sums};
use crate::{
    domain::{money::Money, payment::Kind},
    words::{
        en,
        standing::{Standing, Tone},
    },
};
use leptos::prelude::*;

/// The totals. Each stands as text and, for programs and tests, as the plain decimal in `data-value`.
#[component]
pub fn Summary(
    /// The words and the kind of payment.
    screen: Screen,
    /// The totals; live.
    sums: Memo<Sums>,
) -> AnyView {
    let speech = screen.speech;
    let is_due_item = screen.terms.with_value(|terms| terms.kind == Kind::DueItem);
    let (rest, owed) = if is_due_item { (en::OVERPAID, en::REMAINS) } else { (en::ON_ACCOUNT, en::STILL_OWED) };
    let to = move || match is_due_item {
        true => speech.text(en::TO_DUE),
        false => speech.count(en::TO_INVOICES, sums.with(|sums| sums.count), &[]),
    };
    let line = move |test_id: &'static str, label: AnyView, class: &'static str, amount: fn(&Sums) -> Money| {
        let amount = Memo::new(move |_| sums.with(amount));
        view! { class="pf",
            <div class=class>
                <dt>{label}</dt>
                <dd data-testid=test_id data-value=move || amount.get().plain()>{move || speech.money(amount.get())}</dd>
            </div>
        }
        .into_any()
    };
    let has_rest = Memo::new(move |_| !is_due_item && sums.with(|sums| !sums.unallocated.is_zero()));
    let warning =
        move || has_rest.get().then(|| view! { class="pf", <p class="hint rest">{speech.text(en::ON_ACCOUNT_WARNING)}</p> });
    view! { class="pf",
        <section part="summary" class="sums" aria-labelledby=speech.id("summary")>
            <h3 id=speech.id("summary") class="heading">{speech.text(en::SUMMARY)}</h3>
            <dl>
                {line("payment", speech.text(en::PAYMENT).into_any(), "sum", |sums| sums.amount)}
                {line("allocated", to.into_any(), "sum", |sums| sums.allocated)}
                {line("unallocated", speech.text(rest).into_any(), "sum total", |sums| sums.unallocated)}
                {line("still-owed", speech.text(owed).into_any(), "sum", |sums| sums.owed)}
            </dl>
            {warning}
        </section>
    }
    .into_any()
}

/// The button that pays, with what happens then. On a phone it stays at the bottom of the window.
///
/// Accessibility: while a press would be ignored it is `aria-disabled`, so that it keeps the focus.
#[component]
pub fn PayBar(
    /// Live: whether a press is ignored, where the payment stands, the chosen method.
    screen: Screen,
    /// The totals; live.
    sums: Memo<Sums>,
) -> AnyView {
    let speech = screen.speech;
    let amount = Memo::new(move |_| sums.with(|sums| sums.amount));
    let label = move || {
        let amount = amount.get();
        match (amount.is_zero(), screen.busy.get()) {
            (true, _) => speech.text(en::PAY_NOTHING),
            (false, is_busy) => speech.say(if is_busy { en::PAY_BUSY } else { en::PAY }, &[("amount", &speech.money(amount))]),
        }
    };
    let has_methods = screen.terms.with_value(|terms| terms.kind == Kind::OnAccount);
    let method = Memo::new(move |_| if has_methods { chosen_label(screen) } else { String::new() });
    let promise = move || {
        let busy = screen.standing.with(|standing| standing.as_ref().filter(|standing| standing.tone == Tone::Busy).map(said));
        busy.unwrap_or_else(|| match method.get() {
            method if method.is_empty() => speech.text(en::PAY_PROMISE),
            method => speech.say(en::PAY_PROMISE_METHOD, &[("label", &method)]),
        })
    };
    view! { class="pf",
        <div class="pay-bar">
            <button part="submit" type="submit" class="pay" class:busy=move || screen.busy.get()
                aria-disabled=move || screen.busy.get().then_some("true")>{label}</button>
            <p class="hint promise" role="status">{promise}</p>
        </div>
    }
    .into_any()
}

/// A standing in one run of sentences.
fn said(standing: &Standing) -> String {
    let mut text = standing.title.clone();
    for line in &standing.lines {
        text.push(' ');
        text.push_str(line);
    }
    text
}
