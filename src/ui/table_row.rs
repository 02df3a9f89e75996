//! One invoice of the table: what is owed, what it gets and why, what remains.

use super::{
    allocation_bar::TONES,
    division::Division,
    plan_choice::fills,
    screen::{Act, Screen},
    table_window::{View, Window},
};
use crate::{
    domain::{
        allocation::{Allocation, Reason},
        draft::{Checked, Draft},
        invoice::{Invoice, InvoiceId},
        money::Money,
        problem::{Field, Problem},
        queue::{DateField, Direction},
    },
    words::{Phrase, en},
};
use leptos::prelude::*;

/// What every row of one table is drawn from.
#[derive(Clone, Copy)]
pub struct Table {
    /// The form.
    pub screen: Screen,
    /// The parts whose colours the rows share.
    pub division: Memo<Division>,
    /// Whether only the rows in sight are in the document.
    pub is_long: Memo<bool>,
    /// How the box is scrolled.
    pub view: RwSignal<View>,
    /// Which rows are in sight.
    pub window: Memo<Window>,
}

/// What one press on a row offers.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Offer {
    /// To let it follow the order again.
    Release,
    /// To pay it before the others, with this much.
    PayThis(Money),
    /// To set the typed share to the most that it can be.
    Repair(Money),
}

/// What of a row changes while the person types.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Now {
    /// What stands in the input: the text as typed, or the share that the order gives.
    text: String,
    is_pinned: bool,
    why: String,
    /// Whether `why` is a problem, and whether it is one that is shown as such already.
    is_wrong: bool,
    is_marked: bool,
    offer: Option<Offer>,
    after: Money,
    gets_something: bool,
    /// The colour of its part of the bar.
    tone: &'static str,
}

/// Draws the invoice at this position of the table.
pub fn row(table: Table, invoice: &Invoice, place: usize, position: usize) -> AnyView {
    let Table { screen, .. } = table;
    let speech = screen.speech;
    let (id, balance) = (invoice.id, invoice.balance);
    let now = Memo::new(move |_| {
        screen.checked.with(|checked| {
            screen.draft.with(|draft| {
                screen.problems.with(|problems| {
                    table
                        .division
                        .with(|division| Now::of(screen, Known { checked, draft, problems, division }, id, place, balance))
                })
            })
        })
    });
    let today = screen.terms.with_value(|terms| terms.today);
    let late = invoice.days_late(today).and_then(|days| usize::try_from(days).ok());
    let late = late.map(|days| view! { class="pf", " " <mark class="late">{speech.count(en::DAYS_LATE, days, &[])}</mark> });
    let is_today =
        (invoice.due == Some(today)).then(|| view! { class="pf", " " <mark class="today">{speech.text(en::DUE_TODAY)}</mark> });
    let due = invoice.due.map_or_else(|| speech.text(en::DUE_NEVER), |due| speech.date(due));
    let number = invoice.number.clone();
    let named = number.clone();
    let (name, why) = (["share-", &id.to_string()].concat(), speech.id(&["why-", &id.to_string()].concat()));
    let after = Memo::new(move |_| now.with(|now| now.after));
    let offer = Memo::new(move |_| now.with(|now| now.offer.clone()));
    let offer_text = Memo::new(move |_| offer.with(|offer| offer.as_ref().map(|offer| label(screen, offer)).unwrap_or_default()));
    let order = screen.draft;
    let press = move |_| match offer.get_untracked() {
        None => {}
        Some(Offer::Release) => screen.act.run(Act::Release(id)),
        Some(Offer::Repair(money)) => screen.act.run(Act::Share(id, speech.typed(money))),
        Some(Offer::PayThis(money)) => {
            let text = speech.typed(money);
            if order.with_untracked(|draft| draft.amount.trim().is_empty()) {
                screen.act.run(Act::Amount(text.clone()));
            }
            screen.act.run(Act::Share(id, text));
        }
    };
    let leave = move |event| {
        // An emptied share is no wish for nothing: once the person leaves it, the invoice follows the order again.
        if event_target_value(&event).trim().is_empty() {
            screen.act.run(Act::Release(id));
        }
    };
    let shift = move || {
        let top = i32::try_from(position).unwrap_or(i32::MAX).saturating_mul(table.view.with(|view| view.row));
        table.is_long.get().then(|| ["translateY(", &top.to_string(), "px)"].concat())
    };
    let stop = move || (table.is_long.get() && !table.window.get().is_tabbable(position)).then_some("-1");
    view! { class="pf",
        <tr part="row" class="row" role="row" class:pinned=move || now.with(|now| now.is_pinned) class:gets=move || now.with(|now| now.gets_something)
            aria-rowindex=(position + 2).to_string() data-invoice-id=id.to_string() data-position=position.to_string() style:transform=shift>
            <th role="rowheader" scope="row" class="number">
                <span class=move || ["dot ", now.with(|now| now.tone)].concat() aria-hidden="true"></span>
                <span class="name">{number}</span>
            </th>
            <td role="cell" class="due">{due} {late} {is_today}</td>
            <td role="cell" class="balance n" data-label=speech.text(en::COLUMN_BALANCE)>{speech.money(balance)}</td>
            <td role="cell" class="share n">
                <input class="input" type="text" inputmode="decimal" autocomplete="off" name=name placeholder=speech.typed(Money::zero(balance.currency()))
                    aria-label=speech.say(en::SHARE, &[("number", &named)]) aria-describedby=why.clone() tabindex=stop
                    aria-invalid=move || now.with(|now| now.is_marked).then_some("true")
                    prop:value=move || now.with(|now| now.text.clone())
                    on:input=move |event| screen.act.run(Act::Share(id, event_target_value(&event))) on:change=leave />
            </td>
            <td role="cell" class="after n" class:paid=move || after.with(|after| after.is_zero()) data-label=speech.text(en::COLUMN_AFTER)>
                {move || if after.with(|after| after.is_zero()) { speech.text(en::PAID_OFF) } else { speech.money(after.get()) }}
            </td>
            <td role="cell" class="why">
                <span id=why class:wrong=move || now.with(|now| now.is_wrong)>{move || now.with(|now| now.why.clone())}</span>
                <button type="button" class="link" tabindex=stop hidden=move || offer.with(Option::is_none)
                    aria-label=move || speech.say(en::NAMED, &[("number", &named), ("what", &offer_text.get())]) on:click=press>
                    {move || offer_text.get()}
                </button>
            </td>
        </tr>
    }
    .into_any()
}

/// All that a row looks at.
#[derive(Clone, Copy)]
struct Known<'a> {
    checked: &'a Checked,
    draft: &'a Draft,
    problems: &'a [Problem],
    division: &'a Division,
}

impl Now {
    fn of(screen: Screen, known: Known<'_>, id: InvoiceId, row: usize, balance: Money) -> Self {
        let speech = screen.speech;
        let allocation = known.checked.allocation.as_ref();
        let share = allocation.map_or(Money::zero(balance.currency()), |allocation| allocation.share(row));
        let typed = known.draft.shares.get(&id);
        let is_pinned = typed.is_some_and(|text| !text.trim().is_empty());
        let text = typed.cloned().unwrap_or_else(|| if share.is_zero() { String::new() } else { speech.typed(share) });
        let field = Field::Share(id);
        let shown = known.problems.iter().find(|problem| problem.field == field);
        let problem = shown.or_else(|| known.checked.problems().iter().find(|problem| problem.field == field));
        let why = match problem {
            Some(problem) => speech.problem(problem),
            None => allocation.map(|allocation| speech.text(reason(allocation.reason(row)))).unwrap_or_default(),
        };
        let tone = match known.division.place(id).and_then(|place| TONES.get(place)) {
            Some(tone) => tone,
            None if share.is_zero() => "none",
            None => "others",
        };
        Self {
            text,
            is_pinned,
            why,
            is_wrong: problem.is_some(),
            is_marked: shown.is_some(),
            offer: Offer::of(allocation, is_pinned, share, row, balance),
            after: balance.less(share),
            gets_something: !share.is_zero(),
            tone,
        }
    }
}

impl Offer {
    fn of(allocation: Option<&Allocation>, is_pinned: bool, share: Money, row: usize, balance: Money) -> Option<Self> {
        if is_pinned {
            let repair = allocation.and_then(|allocation| allocation.repair(row)).filter(|most| !most.is_zero());
            return Some(repair.map_or(Self::Release, Self::Repair));
        }
        let room = allocation.map_or(balance, |allocation| allocation.room(row));
        let gain = if room.is_zero() { balance } else { room };
        (share < gain).then_some(Self::PayThis(gain))
    }
}

fn label(screen: Screen, offer: &Offer) -> String {
    let speech = screen.speech;
    match offer {
        Offer::Release if screen.draft.with(|draft| !fills(draft.order)) => speech.text(en::CLEAR),
        Offer::Release => speech.text(en::RELEASE),
        Offer::PayThis(_) => speech.text(en::PAY_THIS),
        Offer::Repair(most) => speech.say(en::REPAIR_SHARE, &[("amount", &speech.money(*most))]),
    }
}

/// Why an invoice gets its share, as a sentence.
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
        Reason::NotChosen => en::REASON_NOT_CHOSEN,
    }
}
