//! The open invoices with what each gets: a table whose shares can be typed.

use super::{
    division::Division,
    plan_choice::fills,
    reach::focus,
    screen::{Act, Screen},
    table_listing::{Column, Listing, Wanted},
    table_row::{Table, row},
    table_window::{SHORT_MAX, View, Window},
};
use crate::{
    domain::{
        allocation::{Allocation, Order},
        invoice::InvoiceId,
        problem::Field,
        queue::Direction,
    },
    words::{Phrase, en},
};
use leptos::{
    ev::{FocusEvent, KeyboardEvent},
    html::{Div, Tbody},
    prelude::*,
};
use std::sync::Arc;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, ResizeObserver};

/// The tools to find an invoice appear when there are more than so many.
const TOOLS_FROM: usize = 8;

/// The invoices in the order of paying, or as the person sorts and searches them.
///
/// A short table is wholly in the document. A long one scrolls in a box of its own, and only the rows in sight (and the one with the focus) are in the document, so
/// that a key costs the same with ten invoices and with a hundred thousand.
///
/// Accessibility: a table with `aria-rowcount` and `aria-rowindex`. Tab goes through the rows in sight and then on; Up and Down, Page Up and Page Down, and
/// with Ctrl Home and End lead to every row.
#[component]
pub fn AllocationTable(
    /// Live: the statement, the draft, the answer to it, the problems, and where the person wants to go.
    screen: Screen,
    /// The parts whose colours the rows share; live.
    division: Memo<Division>,
) -> AnyView {
    let speech = screen.speech;
    let (scroller, body): (NodeRef<Div>, NodeRef<Tbody>) = (NodeRef::new(), NodeRef::new());
    let wanted: RwSignal<Wanted> = RwSignal::new(Wanted::default());
    let view: RwSignal<View> = RwSignal::new(View::default());
    // The position of the row with the focus. It stays in the document wherever the box is scrolled to, or typing would end.
    let held: RwSignal<Option<usize>> = RwSignal::new(None);

    let direction = Memo::new(move |_| screen.draft.with(|draft| direction_of(draft.order)));
    let listing = Memo::new_with_compare(
        move |_| {
            let (by, today) = screen.terms.with_value(|terms| (terms.order_by, terms.today));
            wanted.with(|wanted| Arc::new(Listing::new(screen.statement.get(), (by, direction.get()), wanted, today)))
        },
        |_, _| true,
    );
    let len = Memo::new(move |_| listing.with(|listing| listing.len()));
    let all = Memo::new(move |_| screen.statement.with(|statement| statement.invoices().len()));
    let is_long = Memo::new(move |_| all.get() > SHORT_MAX);
    let window =
        Memo::new(move |_| if is_long.get() { view.with(|view| Window::of(*view, len.get())) } else { Window::all(len.get()) });
    let table = Table { screen, division, is_long, view, window };

    let measure = move || {
        let Some((scroller, body)) = scroller.get_untracked().zip(body.get_untracked()) else { return };
        let row = body
            .first_element_child()
            .and_then(|row| row.dyn_into::<web_sys::HtmlElement>().ok())
            .map_or(0, |row| row.offset_height());
        let measured = View {
            top: scroller.scroll_top(),
            height: (scroller.client_height() - body.offset_top()).max(0),
            row: if row > 0 { row } else { view.get_untracked().row },
        };
        if measured != view.get_untracked() {
            view.set(measured);
        }
    };
    observe_size(scroller, measure);

    let go_to = move |position: usize| {
        held.set(Some(position));
        if is_long.get_untracked()
            && let Some(scroller) = scroller.get_untracked()
        {
            scroller.set_scroll_top(view.get_untracked().top_for(position));
        }
        // After the next drawing the row is in the document.
        request_animation_frame(move || {
            let input = body.get_untracked().and_then(|body| input_at(&body, position));
            if let Some(input) = input {
                focus(&input);
            }
        });
    };
    let find = move |id: InvoiceId| {
        let position_of =
            move || listing.with_untracked(|listing| listing.statement.row_of(id).and_then(|row| listing.position(row)));
        if position_of().is_none() {
            wanted.set(Wanted::default());
        }
        if let Some(position) = position_of() {
            go_to(position);
        }
    };
    Effect::new(move |_| {
        if let Some(Field::Share(id)) = screen.reach.get() {
            find(id);
        }
    });

    let keys = move |event: KeyboardEvent| {
        let Some(position) = event.target().and_then(position_of) else { return };
        let last = len.get_untracked().saturating_sub(1);
        let window = window.get_untracked();
        let page = window.seen_end.saturating_sub(window.seen_first).max(1);
        let to = match (event.key().as_str(), event.ctrl_key()) {
            ("ArrowUp", false) => position.saturating_sub(1),
            ("ArrowDown", false) => position.saturating_add(1).min(last),
            ("PageUp", false) => position.saturating_sub(page),
            ("PageDown", false) => position.saturating_add(page).min(last),
            ("Home", true) => 0,
            ("End", true) => last,
            _ => return,
        };
        event.prevent_default();
        go_to(to);
    };
    let hold = move |event: FocusEvent| held.set(event.target().and_then(position_of));
    let let_go = move |_: FocusEvent| held.set(None);

    let positions = move || {
        let (window, held, len) = (window.get(), held.get(), len.get());
        let listing = listing.get();
        let outside = held.filter(|held| *held < len && !(window.first..window.end).contains(held));
        let before = outside.filter(|held| *held < window.first);
        let behind = outside.filter(|held| *held >= window.end);
        let all = before.into_iter().chain(window.first..window.end).chain(behind);
        all.filter_map(|position| Some((position, listing.row(position)?, Arc::clone(&listing)))).collect::<Vec<_>>()
    };
    let tools = move || (all.get() > TOOLS_FROM).then(|| tools(screen, wanted, len));
    let height = move || is_long.get().then(|| [len.get().saturating_mul(row_height(view)).to_string().as_str(), "px"].concat());
    view! { class="pf",
        <div class="tools">{tools}</div>
        <div class="scroller" class:long=move || is_long.get() node_ref=scroller on:scroll=move |_| measure()>
            <table part="table" role="table" aria-label=speech.text(en::TABLE) aria-rowcount=move || (len.get() + 1).to_string()>
                <thead role="rowgroup">
                    <tr role="row" class="head" aria-rowindex="1">
                        {heading(screen, wanted, Some(Column::Number), en::COLUMN_INVOICE, "number")}
                        {heading(screen, wanted, Some(Column::Due), en::COLUMN_DUE, "due")}
                        {heading(screen, wanted, Some(Column::Balance), en::COLUMN_BALANCE, "balance n")}
                        {heading(screen, wanted, None, en::COLUMN_SHARE, "share n")}
                        {heading(screen, wanted, None, en::COLUMN_AFTER, "after n")}
                        {heading(screen, wanted, None, en::COLUMN_WHY, "unseen")}
                    </tr>
                </thead>
                <tbody role="rowgroup" node_ref=body style:height=height on:keydown=keys on:focusin=hold on:focusout=let_go>
                    <For each=positions key=|(position, row, listing)| (*position, *row, Arc::as_ptr(&listing.statement) as usize)
                        children=move |(position, place, listing)| listing.statement.invoice(place).map(|invoice| row(table, invoice, place, position)) />
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

/// The height of one row in pixels.
fn row_height(view: RwSignal<View>) -> usize {
    view.with(|view| usize::try_from(view.row).unwrap_or_default())
}

/// Calls back when the box appears or changes its size.
fn observe_size(scroller: NodeRef<Div>, measure: impl Fn() + Copy + 'static) {
    let observer = StoredValue::new_local(None);
    Effect::new(move |_| {
        let Some(scroller) = scroller.get() else { return };
        let callback = Closure::<dyn FnMut()>::new(measure);
        if let Ok(found) = ResizeObserver::new(callback.as_ref().unchecked_ref()) {
            found.observe(&scroller);
            observer.set_value(Some((found, callback)));
        }
    });
    on_cleanup(move || {
        observer.try_update_value(|observer| {
            if let Some((observer, _)) = observer.take() {
                observer.disconnect();
            }
        });
    });
}

/// The position of the row in which an event happened.
fn position_of(target: web_sys::EventTarget) -> Option<usize> {
    let row = target.dyn_into::<Element>().ok()?.closest("[data-position]").ok()??;
    row.get_attribute("data-position")?.parse().ok()
}

fn input_at(body: &Element, position: usize) -> Option<Element> {
    let selector = ["[data-position=\"", &position.to_string(), "\"] input"].concat();
    body.query_selector(&selector).ok().flatten()
}

/// The head of a column; a button where the table can be sorted by it: upwards, downwards, and back to the order of paying.
fn heading(screen: Screen, wanted: RwSignal<Wanted>, column: Option<Column>, label: Phrase, class: &'static str) -> AnyView {
    let label = screen.speech.text(label);
    let Some(column) = column else {
        return view! { class="pf", <th role="columnheader" scope="col" class=class>{label}</th> }.into_any();
    };
    let sorted =
        Memo::new(move |_| wanted.with(|wanted| wanted.sort.filter(|(other, _)| *other == column).map(|(_, descends)| descends)));
    let sort = move || match sorted.get() {
        None => "none",
        Some(false) => "ascending",
        Some(true) => "descending",
    };
    let turn = move |_| {
        let next = match sorted.get_untracked() {
            None => Some((column, false)),
            Some(false) => Some((column, true)),
            Some(true) => None,
        };
        wanted.update(|wanted| wanted.sort = next);
    };
    view! { class="pf",
        <th role="columnheader" scope="col" class=class aria-sort=sort>
            <button type="button" class="sort" on:click=turn>{label}</button>
        </th>
    }
    .into_any()
}

/// Search, filter, and the way back for all typed shares.
fn tools(screen: Screen, wanted: RwSignal<Wanted>, len: Memo<usize>) -> AnyView {
    let speech = screen.speech;
    let found = move || match (wanted.with(Wanted::leaves_out), len.get()) {
        (false, _) => String::new(),
        (true, 0) => speech.text(en::FOUND_NONE),
        (true, len) => speech.count(en::FOUND, len, &[]),
    };
    view! { class="pf",
        <input class="input search" type="search" autocomplete="off" aria-label=speech.text(en::SEARCH) placeholder=speech.text(en::SEARCH)
            prop:value=move || wanted.with(|wanted| wanted.number.clone())
            on:input=move |event| wanted.update(|wanted| wanted.number = event_target_value(&event))
            on:keydown=move |event| if event.key() == "Enter" { event.prevent_default() } />
        <label class="toggle">
            <input type="checkbox" prop:checked=move || wanted.with(|wanted| wanted.overdue)
                on:change=move |event| wanted.update(|wanted| wanted.overdue = event_target_checked(&event)) />
            <span>{speech.text(en::ONLY_OVERDUE)}</span>
        </label>
        <p class="hint found" role="status">{found}</p>
    }
    .into_any()
}

/// The buttons above the table that change all typed shares at once; nothing while none is typed.
#[component]
pub fn PinTools(
    /// Live: the draft and the answer to it.
    screen: Screen,
) -> AnyView {
    let speech = screen.speech;
    let has_pins = Memo::new(move |_| screen.draft.with(|draft| draft.shares.values().any(|text| !text.trim().is_empty())));
    let follows = Memo::new(move |_| screen.draft.with(|draft| fills(draft.order)));
    let excess = Memo::new(move |_| {
        let allocation = |allocation: &Allocation| (!allocation.excess().is_zero()).then(|| allocation.allocated());
        screen.checked.with(|checked| checked.allocation.as_ref().and_then(allocation))
    });
    let release = move || {
        has_pins.get().then(|| {
            let label = if follows.get() { en::RELEASE_ALL } else { en::CLEAR_ALL };
            view! { class="pf", <button type="button" class="link" on:click=move |_| screen.act.run(Act::ReleaseAll)>{speech.text(label)}</button> }
        })
    };
    let raise = move || {
        excess.get().map(|sum| {
            let label = speech.say(en::REPAIR_AMOUNT, &[("amount", &speech.money(sum))]);
            let act = Act::Amount(speech.typed(sum));
            view! { class="pf", <button type="button" class="link" on:click=move |_| screen.act.run(act.clone())>{label}</button> }
        })
    };
    view! { class="pf", <div class="pin-tools">{raise} {release}</div> }.into_any()
}

/// From which end the table lists the invoices.
fn direction_of(order: Order) -> Direction {
    if order == Order::Newest { Direction::Newest } else { Direction::Oldest }
}
