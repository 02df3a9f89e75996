//! The open invoices with what each gets: a table whose shares can be typed.

use super::{
    dom::{self, Node, effect, el, target},
    screen::Screen,
    sums::Sums,
    table_listing::{Column, Listing, Wanted},
    table_row::row,
    table_tools::{heading, tools},
    table_window::{SHORT_MAX, View, Window},
    live::{Live, computed},
};
use crate::{
    domain::{allocation::Order, invoice::InvoiceId, problem::Field, queue::Direction},
    words::en,
};
use leptos::prelude::*;
use std::{collections::BTreeMap, sync::Arc};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, HtmlElement, ResizeObserver};

/// How the table is looked at: what is searched for, how it is scrolled, and where the focus is.
#[derive(Clone, Debug, Default)]
pub struct Browsing {
    /// What is searched for.
    pub wanted: Wanted,
    /// How the box is scrolled.
    view: View,
    /// The position of the row with the focus. It stays in the document wherever the box is scrolled to, or typing would end.
    held: Option<usize>,
}

/// A table and what it is drawn from.
#[derive(Clone)]
struct Table {
    screen: Screen,
    sums: Live<Arc<Sums>>,
    browsing: Live<Browsing>,
    listing: Live<Arc<Listing>>,
    scroller: Node,
    body: Node,
}

/// The invoices in the order of paying, or as the person sorts and searches them.
///
/// A short table is wholly in the document. A long one scrolls in a box of its own, and only the rows in sight (and the one with the focus) are in the document, so
/// that a key costs the same with ten invoices and with a hundred thousand.
///
/// Accessibility: a table with `aria-rowcount` and `aria-rowindex`. Tab goes through the rows in sight and then on; Up and Down, Page Up and Page Down, and
/// with Ctrl Home and End lead to every row.
pub fn allocation_table(screen: Screen, sums: Live<Arc<Sums>>) -> [Node; 2] {
    let speech = screen.speech;
    let browsing: Live<Browsing> = Live::of(Browsing::default());
    let listing = computed(move |last: Option<&Arc<Listing>>| {
        let (statement, order) = (screen.statement.get(), screen.draft.get().order);
        let terms = screen.terms();
        let direction = if order == Order::Newest { Direction::Newest } else { Direction::Oldest };
        browsing.with(|browsing| match last {
            Some(last) if last.is_of(&statement, direction, &browsing.wanted) => Arc::clone(last),
            _ => Arc::new(Listing::new(statement, (terms.order_by, direction), browsing.wanted.clone(), terms.today)),
        })
    });
    let table = Table { screen, sums, browsing, listing, scroller: el("div"), body: el("tbody") };
    let heads = [
        heading(screen, browsing, Some(Column::Number), en::COLUMN_INVOICE, "number"),
        heading(screen, browsing, Some(Column::Due), en::COLUMN_DUE, "due"),
        heading(screen, browsing, Some(Column::Balance), en::COLUMN_BALANCE, "balance n"),
        heading(screen, browsing, None, en::COLUMN_SHARE, "share n"),
        heading(screen, browsing, None, en::COLUMN_AFTER, "after n"),
        heading(screen, browsing, None, en::COLUMN_WHY, "unseen"),
    ];
    let head = el("tr").set("role", "row").class("head").set("aria-rowindex", "1").children(heads);
    let (keys, hold, measured) = (table.clone(), table.clone(), table.clone());
    let body = (table.body.clone().set("role", "rowgroup"))
        .on("keydown", move |event| keys.move_by(&event))
        .on("focusin", move |event| hold.hold(target(&event).and_then(|target| position_of(&target))))
        .on("focusout", move |_| browsing.update(|browsing| browsing.held = None));
    let whole = el("table")
        .set("part", "table")
        .set("role", "table")
        .set("aria-label", &speech.text(en::TABLE))
        .live("aria-rowcount", move || Some((listing.get().len() + 1).to_string()))
        .child(el("thead").set("role", "rowgroup").child(head))
        .child(body);
    let scroller = (table.scroller.clone())
        .live("class", move || Some(if is_long(&listing.get()) { "scroller long" } else { "scroller" }.to_owned()))
        .on("scroll", move |_| measured.measure())
        .child(whole);
    table.keep_rows();
    table.observe_size();
    let follow = table;
    // Asked to go to a share, the table leads there: its row may not be in the document yet.
    effect(Box::new(move || {
        if let Some(Field::Share(id)) = screen.reach.get() {
            let follow = follow.clone();
            dom::soon(move || follow.find(id));
        }
    }));
    [tools(screen, browsing, listing), scroller]
}

/// Whether only the rows in sight are in the document. Depends on what is owed, not on what is found, so that a search does not change the shape of the table.
fn is_long(listing: &Listing) -> bool {
    listing.statement.invoices().len() > SHORT_MAX
}

/// By what a row that is drawn is known again: its position, its place in the statement, and which statement.
type RowKey = (usize, usize, usize);

impl Table {
    fn window(&self, listing: &Listing, browsing: &Browsing) -> Window {
        if is_long(listing) { Window::of(browsing.view, listing.len()) } else { Window::all(listing.len()) }
    }

    /// Keeps the rows of the window in the document, and those only.
    fn keep_rows(&self) {
        let table = self.clone();
        let mut drawn: BTreeMap<RowKey, (Node, RenderEffect<()>)> = BTreeMap::new();
        let mut last = None;
        effect(Box::new(move || {
            let listing = table.listing.get();
            let (window, held, row_height) =
                table.browsing.with(|browsing| (table.window(&listing, browsing), browsing.held, browsing.view.row));
            let statement = Arc::as_ptr(&listing.statement) as usize;
            let looks = Some((window, held, row_height, Arc::as_ptr(&listing) as usize));
            if last == looks {
                return;
            }
            last = looks;
            let held = held.filter(|held| *held < listing.len() && !(window.first..window.end).contains(held));
            let mut positions: Vec<usize> = (window.first..window.end).chain(held).collect();
            positions.sort_unstable();
            let wanted: Vec<RowKey> =
                positions.into_iter().filter_map(|position| Some((position, listing.row(position)?, statement))).collect();
            drawn.retain(|key, (node, _)| {
                let stays = wanted.binary_search(key).is_ok();
                if !stays {
                    node.element().remove();
                }
                stays
            });
            let height = is_long(&listing).then_some(row_height);
            table.stretch(height.map(|height| pixels(listing.len(), height)));
            // From the end, so that each row finds the one behind it in its place, and none is ever moved: a moved row would lose the focus.
            let mut behind: Option<Element> = None;
            for key @ (position, place, _) in wanted.into_iter().rev() {
                if !drawn.contains_key(&key)
                    && let Some(invoice) = listing.statement.invoice(place)
                {
                    let (node, effect) = row(table.screen, table.sums, invoice, place, position);
                    _ = table.body.element().insert_before(node.element(), behind.as_deref());
                    drawn.insert(key, (node, effect));
                }
                if let Some((node, _)) = drawn.get(&key) {
                    place_row(node, height.map(|height| pixels(position, height)), window.is_tabbable(position));
                    behind = Some(node.element().clone());
                }
            }
        }));
    }

    /// Gives the body of a long table the height of all its rows.
    fn stretch(&self, height: Option<i32>) {
        set_style(&self.body, "height", height.map(|height| [&height.to_string(), "px"].concat()));
    }

    /// Looks how the box is scrolled and how high it and its rows are.
    fn measure(&self) {
        let before = self.browsing.with_untracked(|browsing| browsing.view);
        let row = self
            .body
            .element()
            .first_element_child()
            .and_then(|row| row.dyn_into::<HtmlElement>().ok())
            .map_or(0, |row| row.offset_height());
        let top_of_body = self.body.element().dyn_ref::<HtmlElement>().map_or(0, HtmlElement::offset_top);
        let now = View {
            top: self.scroller.element().scroll_top(),
            height: (self.scroller.element().client_height() - top_of_body).max(0),
            row: if row > 0 { row } else { before.row },
        };
        if now != before {
            self.browsing.update(|browsing| browsing.view = now);
        }
    }

    /// Measures when the box appears and whenever its size changes.
    fn observe_size(&self) {
        let table = self.clone();
        let callback = Closure::<dyn Fn()>::wrap(Box::new(move || {
            // Measuring writes a signal, and a form that is gone has none.
            if !table.browsing.is_gone() {
                table.measure();
            }
        }));
        if let Ok(observer) = ResizeObserver::new(callback.into_js_value().unchecked_ref()) {
            observer.observe(self.scroller.element());
        }
    }

    fn hold(&self, position: Option<usize>) {
        self.browsing.update(|browsing| browsing.held = position);
    }

    /// Takes the focus to the share at a position.
    fn go_to(&self, position: usize) {
        self.hold(Some(position));
        let top = self.browsing.with_untracked(|browsing| browsing.view.top_for(position));
        self.scroller.element().set_scroll_top(top);
        let table = self.clone();
        dom::soon(move || {
            let selector = ["[data-position=\"", &position.to_string(), "\"] input"].concat();
            if let Some(input) = table.body.element().query_selector(&selector).ok().flatten() {
                dom::focus(&input);
            }
        });
    }

    /// Takes the focus to the share of an invoice, past any search that hides it.
    fn find(&self, id: InvoiceId) {
        let position = || {
            let listing = self.listing.get_untracked();
            listing.statement.row_of(id).and_then(|row| listing.position(row))
        };
        if position().is_none() {
            self.browsing.update(|browsing| browsing.wanted = Wanted::default());
        }
        if let Some(position) = position() {
            self.go_to(position);
        }
    }

    /// Up and Down, by pages, and with Ctrl to both ends.
    fn move_by(&self, event: &Event) {
        let Some(position) = target(event).and_then(|target| position_of(&target)) else { return };
        let listing = self.listing.get_untracked();
        let window = self.browsing.with_untracked(|browsing| self.window(&listing, browsing));
        let last = listing.len().saturating_sub(1);
        let page = window.seen_end.saturating_sub(window.seen_first).max(1);
        let to = match (dom::key(event).as_str(), dom::has_ctrl(event)) {
            ("ArrowUp", false) => position.saturating_sub(1),
            ("ArrowDown", false) => position.saturating_add(1),
            ("PageUp", false) => position.saturating_sub(page),
            ("PageDown", false) => position.saturating_add(page),
            ("Home", true) => 0,
            ("End", true) => last,
            _ => return,
        };
        event.prevent_default();
        self.go_to(to.min(last));
    }
}

/// Where so many rows end.
fn pixels(rows: usize, height: i32) -> i32 {
    i32::try_from(rows).unwrap_or(i32::MAX).saturating_mul(height)
}

/// Puts a row of a long table in its place, and lets the Tab key stop at it or not.
fn place_row(row: &Node, top: Option<i32>, is_tabbable: bool) {
    set_style(row, "transform", top.map(|top| ["translateY(", &top.to_string(), "px)"].concat()));
    let stop = (top.is_some() && !is_tabbable).then_some("-1");
    for control in ["input", "button"] {
        if let Some(control) = row.element().query_selector(control).ok().flatten() {
            Node::of(control).put("tabindex", stop);
        }
    }
}

/// The style attribute is forbidden by the page's policy; the style property is not.
fn set_style(node: &Node, name: &str, value: Option<String>) {
    if let Some(element) = node.element().dyn_ref::<HtmlElement>() {
        _ = match value {
            Some(value) => element.style().set_property(name, &value),
            None => element.style().remove_property(name).map(drop),
        };
    }
}

/// The position of the row in which an element stands.
fn position_of(element: &Element) -> Option<usize> {
    element.closest("[data-position]").ok()??.get_attribute("data-position")?.parse().ok()
}
