//! Draws one invoice of the table: its balance, its share with the reason, and the balance that remains.

use crate::ui::{
    components::{allocation_bar::TONES, plan_choice::computes_shares},
    platform::input::sync_value,
    state::view_model::{Action, ViewModel, first_problem, use_form},
};
use crate::{
    domain::{
        allocation::{Allocation, Reason},
        invoice::{Invoice, InvoiceId},
        money::Money,
        payment_order::{DateField, Direction},
        problem::Field,
        shortcuts::pay_one,
    },
    words::{Phrase, en},
};
use leptos::{
    html::{Button, Input},
    prelude::*,
};

/// The effect of a press on the row's button.
#[derive(Clone, Debug, PartialEq, Eq)]
enum RowAction {
    /// Lets the invoice follow the plan again.
    Unpin,
    /// Pays the invoice, which gets nothing yet.
    PayThis,
    /// Pays the invoice before the others. It gets a part of its balance already.
    PayThisFirst,
    /// Sets the typed share to the most that it can be.
    Correct(Money),
}

/// The values of a row that change while the person types.
#[derive(Clone, Debug, PartialEq, Eq)]
struct RowState {
    /// The text in the input: as typed, or the share of the plan.
    text: String,
    is_pinned: bool,
    /// The reason of the share, or its problem.
    reason: String,
    has_problem: bool,
    /// True where the reason stands in sight without a pointer or the focus: the share is typed, a part of the balance, or wrong.
    shows_reason: bool,
    /// True where the share is marked as invalid, perhaps only together with others. A typed share is marked at once.
    is_invalid: bool,
    action: Option<RowAction>,
    after: Money,
    has_share: bool,
    /// The class of the colour of its part in the bar.
    tone: &'static str,
}

/// One row. Its values follow the form; the invoice itself is fixed. While a share is composed, the form may list the invoice elsewhere, so
/// each value is found by the invoice's id.
#[component]
pub fn Row(
    /// The invoice.
    invoice: Invoice,
    /// The position in the table.
    position: usize,
    /// The distance from the top of a long table.
    top: Signal<Option<String>>,
    /// True where the Tab key stops at the row.
    is_tab_stop: Signal<bool>,
) -> impl IntoView {
    let form = use_form();
    let (id, balance) = (invoice.id, invoice.balance);
    let state = Memo::new(move |_| RowState::new(form, id, balance));
    let action_text = move || state.with(|state| action_text(form, state.action.as_ref()));
    let number = invoice.number.clone();
    let action_name = move || form.say(en::NAMED, &[("number", &number), ("what", &action_text())]);
    let tab_index = move || (!is_tab_stop.get()).then_some("-1");
    let reason_id = form.id(&format!("why-{id}"));
    let (input, button) = (NodeRef::<Input>::new(), NodeRef::<Button>::new());
    let press_action = move |_| {
        if let Some(action) = state.with_untracked(|state| state.action.clone()) {
            untrack(|| run_action(form, action, id));
        }
        // The button disappears where the row offers no action any more, so the focus moves to the share.
        request_animation_frame(move || {
            let is_gone = button.try_get_untracked().flatten().is_none_or(|button| button.hidden());
            if let Some(input) = input.try_get_untracked().flatten().filter(|_| is_gone) {
                _ = input.focus();
            }
        });
    };
    // An emptied share does not mean zero: once the person leaves the input, the invoice follows the plan again. The browser sends no `change`
    // event for a text that was typed and deleted again.
    let leave = move |text: String| {
        let is_typed = form.draft_untracked().is_some_and(|draft| draft.shares.contains_key(&id));
        if text.trim().is_empty() && is_typed {
            form.act(Action::Unpin(id));
        }
    };
    view! { class="pf",
        <tr
            class="row"
            class:pinned=move || state.with(|state| state.is_pinned)
            class:has-share=move || state.with(|state| state.has_share)
            class:shows-reason=move || state.with(|state| state.shows_reason)
            part="row"
            role="row"
            aria-rowindex=(position + 2).to_string()
            data-invoice-id=id.to_string()
            data-position=position.to_string()
            style:translate=move || top.get().map(|top| format!("0 {top}"))
        >
            <th class="number" role="rowheader" scope="row">
                <span class=move || format!("pf dot {}", state.with(|state| state.tone)) aria-hidden="true"></span>
                <bdi class="name" title=invoice.number.clone()>
                    {invoice.number.clone()}
                </bdi>
            </th>
            <td class="due" role="cell">
                <Due invoice=invoice.clone() />
            </td>
            <td class="balance numeric" role="cell" data-label=form.text(en::COLUMN_BALANCE)>
                {form.money(balance)}
            </td>
            <td class="share numeric" role="cell">
                <input
                    class="input"
                    type="text"
                    inputmode="decimal"
                    autocomplete="off"
                    name=format!("share-{id}")
                    placeholder=form.typed(Money::zero(balance.currency()))
                    aria-label=form.say(en::SHARE, &[("number", &invoice.number)])
                    aria-describedby=reason_id.clone()
                    aria-invalid=move || state.with(|state| state.is_invalid).then_some("true")
                    disabled=move || form.is_locked()
                    tabindex=tab_index
                    node_ref=input
                    use:sync_value=Signal::derive(move || state.with(|state| state.text.clone()))
                    on:input:target=move |event| form.act(Action::Share(id, event.target().value()))
                    on:change:target=move |event| form.act(Action::Share(id, event.target().value()))
                    on:blur:target=move |event| leave(event.target().value())
                />
            </td>
            <td
                class="after numeric"
                class:paid=move || state.with(|state| state.after.is_zero())
                role="cell"
                data-label=form.text(en::COLUMN_AFTER)
            >
                {move || form.money(state.with(|state| state.after))}
            </td>
            <td class="reason" role="cell">
                <span id=reason_id class:problem=move || state.with(|state| state.has_problem)>
                    {move || state.with(|state| state.reason.clone())}
                </span>
                <button
                    type="button"
                    class="link"
                    aria-label=action_name
                    hidden=move || state.with(|state| state.action.is_none())
                    disabled=move || form.is_locked()
                    tabindex=tab_index
                    node_ref=button
                    on:click=press_action
                >
                    {action_text}
                </button>
            </td>
        </tr>
    }
}

/// The due date, and its distance to today.
#[component]
pub fn Due(
    /// The invoice.
    invoice: Invoice,
) -> impl IntoView {
    let form = use_form();
    let today = form.terms().today;
    let date = invoice.due.map_or_else(|| form.text(en::DUE_NEVER), |due| form.near_date(due));
    let days_late = invoice.days_late(today).and_then(|days| usize::try_from(days).ok());
    let mark = days_late
        .map(|days| form.count(en::DAYS_LATE, days, &[]))
        .or_else(|| (invoice.due == Some(today)).then(|| form.text(en::DUE_TODAY)));
    view! { class="pf",
        <span>{date}</span>
        " "
        {mark.map(|mark| view! { class="pf", <small class:overdue=days_late.is_some()>{mark}</small> })}
    }
}

/// Runs the action of the row's button.
fn run_action(form: ViewModel, action: RowAction, id: InvoiceId) {
    match action {
        RowAction::Unpin => form.act(Action::Unpin(id)),
        RowAction::Correct(money) => form.act(Action::Share(id, form.typed(money))),
        RowAction::PayThis | RowAction::PayThisFirst => {
            let Some(set) = pay_one(&form.draft(), &form.statement(), &form.terms(), id) else { return };
            if form.checked().allocation.as_ref().is_none_or(|allocation| allocation.amount() != set.amount) {
                form.act(Action::Amount(form.typed(set.amount)));
            }
            form.act(Action::Share(id, form.typed(set.share)));
        }
    }
}

fn action_text(form: ViewModel, action: Option<&RowAction>) -> String {
    match action {
        None => String::new(),
        Some(RowAction::Unpin) => form.text(if computes_shares(form.order()) { en::RELEASE } else { en::CLEAR }),
        Some(RowAction::PayThis) => form.text(en::PAY_THIS),
        Some(RowAction::PayThisFirst) => form.text(en::PAY_THIS_FIRST),
        Some(RowAction::Correct(most)) => form.say_amount(en::REPAIR_SHARE, *most),
    }
}

impl RowState {
    fn new(form: ViewModel, id: InvoiceId, balance: Money) -> Self {
        let field = Field::Share(id);
        let (checked, draft, problems) = (form.checked(), form.draft(), form.problems());
        let division = checked.allocation.as_ref().and_then(|allocation| Some((allocation, allocation.statement().row_of(id)?)));
        let share = division.map_or(Money::zero(balance.currency()), |(allocation, row)| allocation.share(row));
        let typed = draft.shares.get(&id);
        let is_pinned = typed.is_some_and(|text| !text.trim().is_empty());
        let wrong = first_problem(checked.problems(), field);
        let problem = first_problem(&problems, field).or(wrong);
        let reason = match problem {
            Some(problem) => form.problem(problem),
            // An amount of zero leaves nothing to give a reason for.
            None => division
                .filter(|(allocation, _)| !allocation.amount().is_zero())
                .map(|(allocation, row)| {
                    let reason = form.text(reason(allocation.reason(row)));
                    let remainder = allocation.remainder(row).map(|remainder| form.remainder(remainder));
                    std::iter::once(reason).chain(remainder).collect::<Vec<_>>().join(" ")
                })
                .unwrap_or_default(),
        };
        let is_part = division
            .is_some_and(|(allocation, row)| allocation.reason(row) == Reason::Part || allocation.remainder(row).is_some());
        let tone = match form.totals().index(id).and_then(|index| TONES.get(index)) {
            Some(tone) => tone,
            None if share.is_zero() => "none",
            None => "others",
        };
        Self {
            text: typed.cloned().unwrap_or_else(|| if share.is_zero() { String::new() } else { form.typed(share) }),
            is_pinned,
            reason,
            has_problem: problem.is_some(),
            shows_reason: problem.is_some() || is_pinned || (is_part && !share.is_zero()),
            is_invalid: problem.is_some() || division.is_some_and(|(allocation, row)| allocation.corrected_share(row).is_some()),
            action: RowAction::new(division, is_pinned, share, balance),
            // A share that cannot be paid changes no balance.
            after: if wrong.is_some() { balance } else { balance.saturating_sub(share) },
            has_share: !share.is_zero(),
            tone,
        }
    }
}

impl RowAction {
    fn new(division: Option<(&Allocation, usize)>, is_pinned: bool, share: Money, balance: Money) -> Option<Self> {
        if is_pinned {
            let corrected = division.and_then(|(allocation, row)| allocation.corrected_share(row)).filter(|most| !most.is_zero());
            return Some(corrected.map_or(Self::Unpin, Self::Correct));
        }
        let share_max = division.map_or(balance, |(allocation, row)| allocation.share_max(row));
        // Where the amount leaves nothing for the invoice, the amount grows.
        let offered_share = if share_max.is_zero() { balance } else { share_max };
        (share < offered_share).then_some(if share.is_zero() { Self::PayThis } else { Self::PayThisFirst })
    }
}

/// The sentence of a reason.
fn reason(reason: Reason) -> Phrase {
    match reason {
        Reason::Pinned => en::REASON_PINNED,
        Reason::Exact => en::REASON_EXACT,
        Reason::First(Direction::Oldest, DateField::Due) => en::REASON_OLDEST_DUE,
        Reason::First(Direction::Oldest, DateField::Issued) => en::REASON_OLDEST_ISSUED,
        Reason::First(Direction::Newest, DateField::Due) => en::REASON_NEWEST_DUE,
        Reason::First(Direction::Newest, DateField::Issued) => en::REASON_NEWEST_ISSUED,
        Reason::Next(Direction::Oldest, DateField::Due) => en::REASON_NEXT_OLDEST_DUE,
        Reason::Next(Direction::Oldest, DateField::Issued) => en::REASON_NEXT_OLDEST_ISSUED,
        Reason::Next(Direction::Newest, DateField::Due) => en::REASON_NEXT_NEWEST_DUE,
        Reason::Next(Direction::Newest, DateField::Issued) => en::REASON_NEXT_NEWEST_ISSUED,
        Reason::Part => en::REASON_PART,
        Reason::NothingLeft => en::REASON_NOTHING_LEFT,
        Reason::TooSmall => en::REASON_TOO_SMALL,
        Reason::NotChosen => en::REASON_NOT_CHOSEN,
    }
}
