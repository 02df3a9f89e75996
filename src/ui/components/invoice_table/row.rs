//! One invoice of the table: what is owed, what it gets and why, what remains.

use crate::ui::{
    components::allocation_bar::TONES,
    components::plan_choice::fills,
    components::text_field::plain_button,
    dom::{self, Node, el, text_of, watch},
    live::Live,
    state::totals::Sums,
    state::view_model::{Act, Screen, wrong_with},
};
use crate::{
    domain::{
        allocation::{Allocation, Reason},
        date::Date,
        invoice::Invoice,
        money::Money,
        payment_order::{DateField, Direction},
        problem::Field,
        shortcuts::pay_one,
    },
    words::{Phrase, en},
};
use leptos::prelude::*;
use std::{cell::RefCell, rc::Rc, sync::Arc};

/// What one press on a row offers.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Offer {
    /// To let it follow the order again.
    Release,
    /// To pay it before the others.
    PayThis,
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
    /// Whether `why` is a problem, and whether the share is one, perhaps only together with others: said at once, because it is typed.
    is_wrong: bool,
    is_marked: bool,
    offer: Option<Offer>,
    offer_text: String,
    after: Money,
    gets_something: bool,
    is_locked: bool,
    /// The colour of its part of the bar.
    tone: &'static str,
}

/// Draws the invoice at this place of the statement and this position of the table. Follows the form, as long as the effect is
/// kept: a single one, because the rows are many.
pub fn row(screen: Screen, sums: Live<Arc<Sums>>, invoice: &Invoice, place: usize, position: usize) -> (Node, RenderEffect<()>) {
    let speech = screen.speech;
    let (id, balance) = (invoice.id, invoice.balance);
    let why_id = speech.id(&["why-", &id.to_string()].concat());
    let tone = el("span aria-hidden=true");
    let input = el("input.input type=text inputmode=decimal autocomplete=off")
        .set("name", &["share-", &id.to_string()].concat())
        .set("placeholder", &speech.typed(Money::zero(balance.currency())))
        .set("aria-label", &speech.say(en::SHARE, &[("number", &invoice.number)]))
        .set("aria-describedby", &why_id)
        .on("input", move |event| screen.act(Act::Share(id, text_of(&event))))
        .on("blur", move |event| {
            // An emptied share is no wish for nothing: once the person leaves it, the invoice follows the order again. No `change`
            // tells of a text that was typed and deleted again. The row may be leaving together with the focus.
            let is_typed = || screen.draft_untracked().shares.contains_key(&id);
            if !sums.is_gone() && text_of(&event).trim().is_empty() && is_typed() {
                screen.act(Act::Release(id));
            }
        });
    let after = el("td.after.n role=cell").set_phrase("data-label", speech, en::COLUMN_AFTER);
    let why = el("span").set("id", &why_id);
    let now: Rc<RefCell<Option<Now>>> = Rc::default();
    let pressed = Rc::clone(&now);
    let offer = plain_button("button.link", "");
    let (button, share) = (offer.clone(), input.clone());
    let offer = offer.on("click", move |_| {
        let offer = pressed.borrow().as_ref().and_then(|now| now.offer.clone());
        if let Some(offer) = offer {
            take(screen, offer, Field::Share(id));
        }
        // Where nothing is offered any more, the focus would leave with the button.
        let (button, share) = (button.clone(), share.clone());
        dom::soon(move || {
            if button.element().has_attribute("hidden") {
                share.focus();
            }
        });
    });
    let name = el("span.name").text(&invoice.number);
    let row = el("tr part=row role=row")
        .set("aria-rowindex", &(position + 2).to_string())
        .set("data-invoice-id", &id.to_string())
        .set("data-position", &position.to_string())
        .child(el("th.number role=rowheader scope=row").child(tone.clone()).child(name))
        .child(el("td.due role=cell").children(due(screen, invoice, screen.terms().today)))
        .child(el("td.balance.n role=cell").set_phrase("data-label", speech, en::COLUMN_BALANCE).text(&speech.money(balance)))
        .child(el("td.share.n role=cell").child(input.clone()))
        .child(after.clone())
        .child(el("td.why role=cell").child(why.clone()).child(offer.clone()));
    let (drawn, number, field) = (row.clone(), invoice.number.clone(), Field::Share(id));
    let effect = watch(move || {
        // The rows outlive their drawing by a moment, when the form is drawn anew.
        if sums.is_gone() {
            return;
        }
        let next = Now::of(screen, &sums.get(), place, field, balance);
        if now.borrow().as_ref() == Some(&next) {
            return;
        }
        drawn.put("class", Some(class(&next)));
        tone.put("class", Some(&["dot ", next.tone].concat()));
        input.hold(&next.text);
        input.put_flag("aria-invalid", next.is_marked);
        input.put_flag("disabled", next.is_locked);
        offer.put_flag("disabled", next.is_locked);
        let is_paid = next.after.is_zero();
        after.put("class", Some(if is_paid { "after n paid" } else { "after n" }));
        after.say(&if is_paid { speech.text(en::PAID_OFF) } else { speech.money(next.after) });
        why.put("class", Some(if next.is_wrong { "wrong" } else { "" }));
        why.say(&next.why);
        offer.put_flag("hidden", next.offer.is_none());
        offer.put("aria-label", Some(&speech.say(en::NAMED, &[("number", &number), ("what", &next.offer_text)])));
        offer.say(&next.offer_text);
        now.replace(Some(next));
    });
    (row, effect)
}

fn class(now: &Now) -> &'static str {
    match (now.is_pinned, now.gets_something) {
        (true, true) => "row pinned gets",
        (true, false) => "row pinned",
        (false, true) => "row gets",
        (false, false) => "row",
    }
}

/// The due date, and how it lies to today.
fn due(screen: Screen, invoice: &Invoice, today: Date) -> Vec<Node> {
    let speech = screen.speech;
    let date = invoice.due.map_or_else(|| speech.text(en::DUE_NEVER), |due| speech.date(due));
    let mut parts = vec![el("span").text(&date).text(" ")];
    if let Some(days) = invoice.days_late(today).and_then(|days| usize::try_from(days).ok()) {
        parts.push(el("mark.late").text(&speech.count(en::DAYS_LATE, days, &[])));
    } else if invoice.due == Some(today) {
        parts.push(el("mark").phrase(speech, en::DUE_TODAY));
    }
    parts
}

/// Does what was offered.
fn take(screen: Screen, offer: Offer, field: Field) {
    let Field::Share(id) = field else { return };
    let speech = screen.speech;
    match offer {
        Offer::Release => screen.act(Act::Release(id)),
        Offer::Repair(money) => screen.act(Act::Share(id, speech.typed(money))),
        Offer::PayThis => {
            let (draft, statement) = (screen.draft_untracked(), screen.statement_untracked());
            let Some(set) = pay_one(&draft, &statement, &screen.terms(), id) else { return };
            if screen.checked().allocation.as_ref().is_none_or(|allocation| allocation.amount() != set.amount) {
                screen.act(Act::Amount(speech.typed(set.amount)));
            }
            screen.act(Act::Share(id, speech.typed(set.share)));
        }
    }
}

impl Now {
    fn of(screen: Screen, sums: &Sums, row: usize, field: Field, balance: Money) -> Self {
        let speech = screen.speech;
        let (checked, draft, problems) = (screen.checked(), screen.draft(), screen.problems());
        let allocation = checked.allocation.as_ref();
        let share = allocation.map_or(Money::zero(balance.currency()), |allocation| allocation.share(row));
        let (typed, place) = match field {
            Field::Share(id) => (draft.shares.get(&id), sums.place(id)),
            _ => (None, None),
        };
        let is_pinned = typed.is_some_and(|text| !text.trim().is_empty());
        let text = typed.cloned().unwrap_or_else(|| if share.is_zero() { String::new() } else { speech.typed(share) });
        let wrong = wrong_with(checked.problems(), field);
        let problem = wrong_with(&problems, field).or(wrong);
        let why = match problem {
            Some(problem) => speech.problem(problem),
            // Of nothing, nothing is left: there is no reason to give.
            None => match allocation.filter(|allocation| !allocation.amount().is_zero()) {
                Some(allocation) => speech.text(reason(allocation.reason(row))),
                None => String::new(),
            },
        };
        let tone = match place.and_then(|place| TONES.get(place)) {
            Some(tone) => tone,
            None if share.is_zero() => "none",
            None => "others",
        };
        let offer = Offer::of(allocation, is_pinned, share, row, balance);
        let offer_text = match &offer {
            None => String::new(),
            Some(Offer::Release) => speech.text(if fills(draft.order) { en::RELEASE } else { en::CLEAR }),
            Some(Offer::PayThis) => speech.text(en::PAY_THIS),
            Some(Offer::Repair(most)) => speech.say_amount(en::REPAIR_SHARE, *most),
        };
        Self {
            text,
            is_pinned,
            why,
            is_wrong: problem.is_some(),
            is_marked: problem.is_some() || allocation.is_some_and(|allocation| allocation.repair(row).is_some()),
            offer,
            offer_text,
            // What cannot be paid leaves nothing to be said of afterwards.
            after: if wrong.is_some() { balance } else { balance.less(share) },
            gets_something: !share.is_zero(),
            is_locked: screen.locked(),
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
        // Where the amount leaves nothing for it, it grows.
        let gain = if room.is_zero() { balance } else { room };
        (share < gain).then_some(Self::PayThis)
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
        Reason::TooSmall => en::REASON_TOO_SMALL,
        Reason::NotChosen => en::REASON_NOT_CHOSEN,
    }
}
