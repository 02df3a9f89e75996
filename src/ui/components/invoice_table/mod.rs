//! The open invoices with what each gets: a table whose shares can be typed.

pub mod filter;
pub mod row;
pub mod toolbar;
pub mod virtual_rows;

use crate::ui::{
    components::invoice_table::filter::{Column, Listing, Wanted},
    components::invoice_table::row::row,
    components::invoice_table::toolbar::{Search, heading, tools},
    components::invoice_table::virtual_rows::{SHORT_MAX, View, Window},
    dom::{self, Node, effect, el, target},
    live::{Live, computed},
    platform::browser,
    platform::focus,
    state::totals::Sums,
    state::view_model::Screen,
};
use crate::{
    domain::{allocation::Order, invoice::InvoiceId, payment_order::Direction, problem::Field},
    words::en,
};
use leptos::prelude::RenderEffect;
use std::{cell::RefCell, rc::Rc, sync::Arc};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, ResizeObserver};

/// A table and what it is drawn from.
#[derive(Clone)]
struct Table {
    screen: Screen,
    sums: Live<Arc<Sums>>,
    /// What is searched for.
    search: Search,
    /// How the box is scrolled.
    view: Live<View>,
    /// The position of the row with the focus. It stays in the document wherever the box is scrolled to, or typing would end.
    held: Live<Option<usize>>,
    listing: Live<Arc<Listing>>,
    scroller: Node,
    body: Node,
    drawn: Rc<RefCell<Drawn>>,
}

/// By what a row that is drawn is known again: its position, its place in the statement, and which statement.
type RowKey = (usize, usize, usize);

/// What the rows in the document were drawn from: the window, the row that is held, the height of a row, and the listing.
type Looks = (Window, Option<usize>, i32, usize);

/// The rows in the document, in the order of their positions.
#[derive(Default)]
struct Drawn {
    rows: Vec<(RowKey, Node, RenderEffect<()>)>,
    looks: Option<Looks>,
}

/// Lets go of the rows with the effect that owns this, before what they follow is gone.
struct Rows(Table);

impl Drop for Rows {
    fn drop(&mut self) {
        self.0.drawn.take();
    }
}

/// The invoices in the order of paying, or as the person sorts and searches them.
///
/// A short table is wholly in the document. A long one scrolls in a box of its own, and only the rows in sight (and the one with
/// the focus) are in the document, so that a key costs the same with ten invoices and with a hundred thousand.
///
/// Accessibility: a table with `aria-rowcount` and `aria-rowindex`. Tab goes through the rows in sight and then on; Up and Down,
/// Page Up and Page Down, and with Ctrl Home and End lead to every row.
pub fn allocation_table(screen: Screen, sums: Live<Arc<Sums>>) -> [Node; 2] {
    let search = Live::of(Arc::<Wanted>::default());
    let listing = computed(move |last: Option<&Arc<Listing>>| {
        let (statement, wanted, terms) = (screen.statement(), search.get(), screen.terms());
        let direction = if screen.draft().order == Order::Newest { Direction::Newest } else { Direction::Oldest };
        match last {
            Some(last) if last.is_of(&statement, direction, &wanted) => Arc::clone(last),
            _ => Arc::new(Listing::new(statement, (terms.order_by, direction), wanted, terms.today)),
        }
    });
    let (view, held) = (Live::of(View::default()), Live::of(None));
    let (scroller, body) = (el("div"), el("tbody role=rowgroup"));
    let table = Table { screen, sums, search, view, held, listing, scroller, body, drawn: Rc::default() };

    let mut head = el("tr.head role=row aria-rowindex=1");
    for (column, label, written) in [
        (Some(Column::Number), en::COLUMN_INVOICE, "th.number"),
        (Some(Column::Due), en::COLUMN_DUE, "th.due"),
        (Some(Column::Balance), en::COLUMN_BALANCE, "th.balance.n"),
        (None, en::COLUMN_SHARE, "th.share.n"),
        (None, en::COLUMN_AFTER, "th.after.n"),
        (None, en::COLUMN_WHY, "th.unseen"),
    ] {
        head = head.child(heading(screen, search, column, label, written));
    }
    let (keys, measured) = (table.clone(), table.clone());
    let body = (table.body.clone())
        .on("keydown", move |event| keys.move_by(&event))
        .on("focusin", move |event| held.set(target(&event).and_then(|target| position_of(&target))))
        .on("focusout", move |_| held.set(None));
    let whole = el("table part=table role=table")
        .set_phrase("aria-label", screen.speech, en::TABLE)
        .live("aria-rowcount", move || (listing.get().len() + 1).to_string())
        .child(el("thead role=rowgroup").child(head))
        .child(body);
    let scroller = (table.scroller.clone())
        .live("class", move || if is_long(&listing.get()) { "scroller long" } else { "scroller" }.to_owned())
        .on("scroll", move |_| measured.measure())
        .child(whole);
    let rows = Rows(table.clone());
    effect(move || rows.0.draw());
    table.observe_size();
    // Asked to go to a share, the table leads there: its row may not be in the document yet.
    effect(move || {
        if let Some(Field::Share(id)) = screen.reach() {
            let table = table.clone();
            dom::soon(move || table.find(id));
        }
    });
    [tools(screen, search, listing), scroller]
}

/// Whether only the rows in sight are in the document. Depends on what is owed, not on what is found, so that a search does not
/// change the shape of the table.
fn is_long(listing: &Listing) -> bool {
    listing.statement.invoices().len() > SHORT_MAX
}

impl Table {
    fn window(listing: &Listing, view: View) -> Window {
        if is_long(listing) { Window::of(view, listing.len()) } else { Window::all(listing.len()) }
    }

    /// Puts the rows of the window, and the held one, into the document, and takes the others out.
    fn draw(&self) {
        let (listing, view, held) = (self.listing.get(), self.view.get(), self.held.get());
        let window = Self::window(&listing, view);
        let held = held.filter(|held| *held < listing.len() && !(window.first..window.end).contains(held));
        let looks = Some((window, held, view.row, Arc::as_ptr(&listing) as usize));
        let drawn = self.drawn.take();
        if drawn.looks == looks {
            self.drawn.replace(drawn);
            return;
        }
        // A list that arrives while a share is typed brings new rows.
        let focused = focus::keep_focused(&self.body);
        let statement = Arc::as_ptr(&listing.statement) as usize;
        let height = is_long(&listing).then_some(view.row);
        let body = &self.body;
        body.style("height", height.map(|height| px(listing.len(), height)).as_deref());

        let mut wanted: Vec<usize> = (window.first..window.end).collect();
        if let Some(held) = held {
            wanted.insert(if held < window.first { 0 } else { wanted.len() }, held);
        }
        // The next one is the last.
        let mut old = drawn.rows;
        old.reverse();
        let mut rows = Vec::with_capacity(wanted.len());
        for position in wanted {
            let Some(place) = listing.row(position) else { continue };
            let key = (position, place, statement);
            // Rows that stay are never moved, because a moved row would lose the focus: what is not wanted any more is taken
            // out from between them.
            while let Some((_, node, _)) = old.pop_if(|(other, ..)| other.0 < position || (other.0 == position && *other != key))
            {
                node.element().remove();
            }
            let kept = old.pop_if(|(other, ..)| *other == key);
            let (node, effect) = match (kept, listing.statement.invoice(place)) {
                (Some((_, node, effect)), _) => (node, effect),
                (None, None) => continue,
                (None, Some(invoice)) => {
                    let (node, effect) = row(self.screen, self.sums, invoice, place, position);
                    let before = old.last().map(|(_, node, _)| node.element().as_ref());
                    _ = body.element().insert_before(node.element(), before);
                    (node, effect)
                }
            };
            place_row(&node, height.map(|height| px(position, height)), window.is_tabbable(position));
            rows.push((key, node, effect));
        }
        for (_, node, _) in old {
            node.element().remove();
        }
        self.drawn.replace(Drawn { rows, looks });
        if let Some(return_focus) = focused {
            return_focus();
        }
    }

    /// Looks how the box is scrolled and how high it and its rows are.
    fn measure(&self) {
        let before = self.view.get_untracked();
        let body = self.body.element();
        let row =
            body.first_element_child().and_then(|row| row.dyn_into::<HtmlElement>().ok()).map_or(0, |row| row.offset_height());
        let head = body.dyn_ref::<HtmlElement>().map_or(0, HtmlElement::offset_top);
        let scroller = self.scroller.element();
        let now = View {
            top: scroller.scroll_top(),
            height: (scroller.client_height() - head).max(0),
            row: if row > 0 { row } else { before.row },
        };
        if now != before {
            self.view.set(now);
        }
    }

    /// Measures when the box appears and whenever its size changes.
    fn observe_size(&self) {
        let table = self.clone();
        let callback = browser::function(move |_| {
            // The last call may come when the form is gone.
            if !table.view.is_gone() {
                table.measure();
            }
        });
        if let Ok(observer) = ResizeObserver::new(&callback) {
            observer.observe(self.scroller.element());
        }
    }

    /// Takes the focus to the share at a position: at once, or what is typed next would go to another invoice, and of two presses
    /// between two drawings one would be lost.
    fn go_to(&self, position: usize) {
        self.held.set(Some(position));
        self.scroller.element().set_scroll_top(self.view.get_untracked().top_for(position));
        // As it is scrolled so far, so that the row with the focus is still there to hear that it loses it.
        self.draw();
        let selector = ["[data-position=\"", &position.to_string(), "\"] input"].concat();
        if let Some(input) = self.body.element().query_selector(&selector).ok().flatten() {
            dom::focus(&input);
        }
    }

    /// Takes the focus to the share of an invoice, past any search that hides it.
    fn find(&self, id: InvoiceId) {
        let mut position = self.position(id);
        if position.is_none() {
            self.search.set(Arc::default());
            position = self.position(id);
        }
        if let Some(position) = position {
            self.go_to(position);
        }
    }

    fn position(&self, id: InvoiceId) -> Option<usize> {
        let listing = self.listing.get_untracked();
        listing.statement.row_of(id).and_then(|row| listing.position(row))
    }

    /// Up and Down, by pages, and with Ctrl to both ends. Enter in a share goes on to the next one, as in any table of figures: it must not
    /// pay.
    fn move_by(&self, event: &Event) {
        let Some(target) = target(event) else { return };
        let Some(position) = position_of(&target) else { return };
        let listing = self.listing.get_untracked();
        let window = Self::window(&listing, self.view.get_untracked());
        let last = listing.len().saturating_sub(1);
        let page = window.seen_end.saturating_sub(window.seen_first).max(1);
        let to = match (dom::key(event).as_str(), dom::has_ctrl(event)) {
            ("ArrowUp", false) => position.saturating_sub(1),
            ("ArrowDown", false) => position.saturating_add(1),
            ("Enter", _) if target.has_attribute("name") => position.saturating_add(1),
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

/// Where so many rows of this height end.
fn px(rows: usize, height: i32) -> String {
    let pixels = i32::try_from(rows).unwrap_or(i32::MAX).saturating_mul(height);
    [&pixels.to_string(), "px"].concat()
}

/// Puts a row of a long table in its place, and lets the Tab key stop at it or not.
fn place_row(row: &Node, top: Option<String>, is_tabbable: bool) {
    let stop = (top.is_some() && !is_tabbable).then_some("-1");
    row.style("translate", top.map(|top| ["0 ", &top].concat()).as_deref());
    for control in ["input", "button"] {
        if let Some(control) = row.element().query_selector(control).ok().flatten() {
            Node::of(control).put("tabindex", stop);
        }
    }
}

/// The position of the row in which an element stands.
fn position_of(element: &Element) -> Option<usize> {
    element.closest("[data-position]").ok()??.get_attribute("data-position")?.parse().ok()
}
