//! Draws the review of a payment before it is sent: a sheet of its own in place of the fields.

use crate::ui::{
    components::{
        facts::{Fact, Facts, ShareLine, ShareTable},
        method_picker::chosen_label,
        summary::{credit_sentence, ignore_key_repeat, promise},
    },
    platform::focus::{self, target},
    state::{
        totals::{Destination, Totals},
        view_model::{Action, ViewModel, use_form},
    },
};
use crate::{
    domain::{allocation::Allocation, amount::Reading, date::Date, money::Money, payment::Kind},
    words::{
        Phrase, en,
        status::{NoticeButton, Status, Tone},
    },
};
use leptos::{ev::KeyboardEvent, html::Section, prelude::*};
use web_sys::Event;

/// The payment as it will be sent: the amount, who is paid, the method, the date, and each invoice with its share. Pay sends it; Back and the
/// Escape key lead back to the fields. While it is sent the sheet stays in sight.
///
/// Accessibility: the sheet takes the focus when it comes up and is named by its heading. Going back, the focus returns to the button that
/// opened the sheet.
#[component]
pub fn Review() -> impl IntoView {
    let form = use_form();
    let (id, status_id) = (form.id("review"), form.id("review-said"));
    let root = NodeRef::<Section>::new();
    request_animation_frame(move || {
        if let Some(root) = root.try_get_untracked().flatten() {
            focus::focus(&root);
        }
    });
    // The values are those of the moment of the press, because nothing can be edited meanwhile.
    let sheet = untrack(|| Sheet::of(form));
    let confirm = Memo::new(move |_| form.status().and_then(|status| label_of(&status, NoticeButton::Confirm)));
    let label = move || {
        confirm.get().unwrap_or_else(|| {
            form.say_amount(if form.is_for_staff() { en::PAY_STAFF_BUSY } else { en::PAY_BUSY }, form.totals().amount)
        })
    };
    let is_busy = move || form.status().is_some_and(|status| status.tone == Tone::Busy);
    let press = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        if confirm.with_untracked(Option::is_some) {
            form.act(Action::Press(NoticeButton::Confirm));
        }
    };
    let may_go_back = move || form.status().is_some_and(|status| label_of(&status, NoticeButton::Cancel).is_some());
    view! { class="pf",
        <section
            class="card sheet"
            data-testid="review"
            tabindex="-1"
            role="group"
            aria-labelledby=id
            aria-describedby=status_id
            node_ref=root
            on:keydown=move |event| escape(form, &event)
        >
            <div>
                <h2 class="title" id=id.clone()>
                    {form.text(en::REVIEW_TITLE)}
                </h2>
                <p class="muted" role="status" id=status_id.clone()>
                    {move || progress(form)}
                </p>
                <div aria-live="polite">
                    {move || {
                        notices(form).into_iter().map(|line| view! { class="pf", <p class="notice warning">{line}</p> }).collect_view()
                    }}
                </div>
            </div>
            <p class="sheet-amount">{sheet.amount}</p>
            <Facts facts=sheet.facts />
            {sheet.table}
            {sheet.notes.into_iter().map(|note| view! { class="pf", <p class="note">{note}</p> }).collect_view()}
            <slot name="legal"></slot>
            <div class="actions">
                <button
                    type="button"
                    class="button back"
                    aria-disabled=move || (!may_go_back()).then_some("true")
                    on:click=move |event| leave_review(form, &event)
                >
                    {form.text(en::REVIEW_BACK)}
                </button>
                <button
                    class="pay"
                    class:busy=is_busy
                    part="submit"
                    type="submit"
                    data-testid="pay"
                    aria-disabled=move || confirm.with(Option::is_none).then_some("true")
                    on:click=press
                    on:keydown=ignore_key_repeat
                >
                    {label}
                </button>
            </div>
            <p class="hint">{untrack(|| promise(form))}</p>
        </section>
    }
}

/// The label of one button of a status; `None` where the button is not offered.
fn label_of(status: &Status, button: NoticeButton) -> Option<String> {
    status.buttons.iter().find(|(other, _)| *other == button).map(|(_, label)| label.clone())
}

/// The sentence below the heading: nothing is sent yet, or what is under way.
fn progress(form: ViewModel) -> String {
    match form.status() {
        Some(status) if status.tone == Tone::Busy => {
            let lines = status.lines.iter().map(String::as_str);
            std::iter::once(status.title.as_str()).chain(lines).collect::<Vec<_>>().join(" ")
        }
        _ => form.text(en::REVIEW_NOT_SENT),
    }
}

/// The reasons why the last press on Pay did nothing more.
fn notices(form: ViewModel) -> Vec<String> {
    form.status().filter(|status| status.tone != Tone::Busy).map(|status| status.lines).unwrap_or_default()
}

/// Leads back to the fields, and the focus to the button that opened the review.
fn leave_review(form: ViewModel, event: &Event) {
    let element = target(event).and_then(|here| here.closest("form").ok().flatten());
    form.act(Action::Press(NoticeButton::Cancel));
    request_animation_frame(move || {
        if let Some(element) = element {
            focus::focus_pay(&element);
        }
    });
}

/// Escape is Back, unless it ends a composition or another part of the page has used it.
fn escape(form: ViewModel, event: &KeyboardEvent) {
    let is_pressed = event.key() == "Escape" && !event.is_composing() && !event.default_prevented();
    if is_pressed && form.status().is_some_and(|status| label_of(&status, NoticeButton::Cancel).is_some()) {
        // A dialog around the form stays open.
        event.prevent_default();
        event.stop_propagation();
        leave_review(form, event);
    }
}

/// The contents of the sheet.
struct Sheet {
    amount: String,
    facts: Vec<Fact>,
    table: Option<AnyView>,
    notes: Vec<String>,
}

impl Sheet {
    fn of(form: ViewModel) -> Self {
        let (totals, terms, draft) = (form.totals(), form.terms(), form.draft());
        let is_due_item = terms.kind == Kind::DueItem;
        let fact = |label: Phrase, value: Option<String>| Fact::new(form.text(label), value);
        let money = |amount: Money| form.money(amount);
        let day = |text: String| Date::parse(&text).map_or(text, |day| form.date(day));
        let mut facts = vec![
            Fact::foreign(form.text(en::REVIEW_TO), form.payee()),
            Fact::foreign(form.text(en::REVIEW_FROM), form.payer()),
            fact(en::REVIEW_WITH, Some(chosen_label(form))),
        ];
        let mut notes = Vec::new();
        let mut table = None;
        if is_due_item {
            let due = match form.checked().amount_due {
                Reading::Number(due) => Some(form.amount(due)),
                _ => None,
            };
            facts.extend([
                fact(en::AMOUNT_DUE, due),
                fact(en::DUE_DATE, Some(day(draft.due_date.clone()))),
                fact(en::DATE, Some(day(draft.date.text(terms.today)))),
                fact(en::REMAINS, Some(money(totals.owed)).filter(|_| totals.unallocated.is_zero())),
                fact(en::OVERPAID, Some(money(totals.unallocated)).filter(|_| !totals.unallocated.is_zero())),
            ]);
            notes.extend((!totals.unallocated.is_zero()).then(|| form.text(en::OVERPAID_WARNING)));
        } else {
            facts.extend([
                fact(en::RECORD_DATE, Some(form.date(terms.today))),
                Fact::foreign(form.text(en::REFERENCE), Some(draft.reference.clone())),
            ]);
            table = form
                .checked()
                .allocation
                .as_ref()
                .filter(|_| matches!(totals.destination, Destination::Listed | Destination::OnAccount))
                .map(|allocation| shares(form, allocation, &totals));
            notes.extend(match totals.destination {
                Destination::Unlisted => Some(form.text(en::BILLER_DIVIDES)),
                _ => (!totals.unallocated.is_zero()).then(|| form.text(credit_sentence(&totals))),
            });
        }
        Self { amount: money(totals.amount), facts: facts.into_iter().flatten().collect(), table, notes }
    }
}

/// The invoices that the payment pays, and the sum. The part that no invoice gets is named before the sum; it may be all of the payment.
fn shares(form: ViewModel, allocation: &Allocation, totals: &Totals) -> AnyView {
    let lines = allocation.shares().map(|(invoice, share)| {
        let left = invoice.balance.saturating_sub(share);
        ShareLine {
            number: invoice.number.clone(),
            share: form.money(share),
            left: Some(form.money(left)),
            is_covered: left.is_zero(),
        }
    });
    let rest = Some(form.money(totals.unallocated)).filter(|_| !totals.unallocated.is_zero());
    let sums = [Fact::new(form.text(en::ON_ACCOUNT), rest), Fact::new(form.text(en::RECORD_TOTAL), form.money(totals.amount))];
    let columns = [en::COLUMN_INVOICE, en::COLUMN_SHARE, en::COLUMN_AFTER].map(|phrase| form.text(phrase));
    view! { class="pf",
        <ShareTable
            caption=form.text(en::ALLOCATION_SECTION)
            columns=columns
            lines=lines.collect()
            sums=sums.into_iter().flatten().collect()
        />
    }
    .into_any()
}
