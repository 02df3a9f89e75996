//! Draws the open invoices with their shares: a table whose shares can be typed.

pub mod filter;
pub mod share_problem;
pub mod toolbar;
pub mod virtual_rows;

mod covered;
mod row;

use crate::ui::{
    components::invoice_table::{
        covered::CoveredInvoices,
        filter::{Column, Filter, Listing},
        row::Row,
        toolbar::{ColumnHead, Toolbar},
        virtual_rows::{SHORT_MAX, Viewport, Window},
    },
    platform::{
        composition::Composition,
        focus::{focus, target},
        scroll::{self, SizeObserver},
    },
    state::view_model::use_form,
};
use crate::{
    domain::{
        allocation::Order,
        invoice::{Invoice, InvoiceId},
        payment_order::Direction,
        problem::Field,
    },
    words::en,
};
use leptos::{
    ev::{FocusEvent, KeyboardEvent},
    html::{Div, Tbody},
    prelude::*,
    task::{spawn_local_scoped_with_cancellation, tick},
};
use std::sync::Arc;
use web_sys::Element;

/// The most characters of an amount for which the columns of a table have room in every form.
const FIGURES_MAX: usize = 14;

/// The identity of a rendered row: its position in the table, and the invoice. A list that leaves both as they were keeps the row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct RowKey {
    position: usize,
    invoice: Invoice,
}

/// The table's signals and elements. A copy is a handle.
#[derive(Clone, Copy)]
pub struct Table {
    filter: RwSignal<Filter>,
    listing: Memo<Arc<Listing>>,
    viewport: RwSignal<Viewport>,
    /// The position of the row with the focus. Its row stays in the document wherever the box is scrolled to, or typing would end.
    focused: RwSignal<Option<usize>>,
    window: Memo<Window>,
    /// True once a narrow form shows the table; a wide one always does.
    is_open: RwSignal<bool>,
    is_manual: Memo<bool>,
    scroller: NodeRef<Div>,
    body: NodeRef<Tbody>,
}

/// The invoices in payment order, or as the person sorts and searches them.
///
/// A narrow form shows only the covered invoices at first, and the table at the person's wish. The table is open by itself where shares are typed by
/// hand, and where the focus goes to a share.
///
/// A short table is wholly in the document. A long table scrolls in a box of its own. The document has only the rows in sight and
/// the row with the focus. So a key costs the same with ten invoices and with a hundred thousand.
///
/// Accessibility: a table with `aria-rowcount` and `aria-rowindex`. Tab goes through the rows in sight and then on; Up and Down, Page Up and
/// Page Down, and with Ctrl Home and End lead to every row.
#[component]
pub fn InvoiceTable(
    /// The signals of the table.
    table: Table,
) -> impl IntoView {
    let form = use_form();
    let Table { filter, listing, viewport, window, is_open, is_manual, scroller, body, .. } = table;
    let shows_table = move || table.is_shown();
    let figures = table.figures();
    let is_wide = move || figures.get() > FIGURES_MAX;
    let toggle = move || {
        let (count, totals) = (form.statement().invoices().len(), form.totals());
        let uncovered = count.saturating_sub(totals.count);
        match (shows_table(), totals.count) {
            (true, _) => form.text(en::HIDE_INVOICES),
            (false, 1..) if uncovered > 0 => form.count(en::NOT_COVERED_SHOW, uncovered, &[]),
            (false, _) => form.count(en::SHOW_INVOICES, count, &[]),
        }
    };
    let id = form.id("invoices");
    table.observe_size();
    table.follow_focus_requests();

    let heads = [
        (Some(Column::Number), en::COLUMN_INVOICE, "number"),
        (Some(Column::Due), en::COLUMN_DUE, "due"),
        (Some(Column::Balance), en::COLUMN_BALANCE, "balance numeric"),
        (None, en::COLUMN_SHARE, "share numeric"),
        (None, en::COLUMN_AFTER, "after numeric"),
        (None, en::COLUMN_WHY, "visually-hidden"),
    ];
    let heads = heads.map(|(column, label, class)| {
        view! { class="pf", <ColumnHead filter=filter column=column label=form.text(label) class=class /> }
    });
    // The height of a row in a long table; a short one needs no positions.
    let row_height = Memo::new(move |_| is_long(&listing.get()).then(|| viewport.get().row));
    view! { class="pf",
        <div class="invoices" class:open=shows_table>
            <CoveredInvoices />
            <button
                type="button"
                class="link show-invoices"
                data-testid="show-invoices"
                aria-expanded=move || shows_table().to_string()
                aria-controls=id.clone()
                hidden=move || is_manual.get()
                on:click=move |_| is_open.update(|is_open| *is_open = !*is_open)
            >
                {toggle}
            </button>
            <Toolbar filter=filter listing=listing />
            <div
                class="scroller"
                id=id.clone()
                class:long=move || is_long(&listing.get())
                class:wide=is_wide
                style:--figures=move || figures.get().to_string()
                node_ref=scroller
                on:scroll=move |_| table.measure()
            >
                <table
                    part="table"
                    role="table"
                    aria-label=form.text(en::TABLE)
                    aria-rowcount=move || (listing.get().len() + 1).to_string()
                >
                    <thead role="rowgroup">
                        <tr class="head" role="row" aria-rowindex="1" data-label=form.text(en::SORT_BY)>
                            {heads.collect_view()}
                        </tr>
                    </thead>
                    <tbody
                        role="rowgroup"
                        node_ref=body
                        style:height=move || row_height.get().map(|height| pixels(listing.get().len(), height))
                        on:keydown=move |event| table.move_by_key(&event)
                        on:focusin=move |event: FocusEvent| {
                            table.focused.set(target(&event).and_then(|element| position_of(&element)));
                        }
                        on:focusout=move |_| request_animation_frame(move || table.release_focused())
                    >
                        <For each=move || table.rows() key=RowKey::clone let(key)>
                            <Row
                                invoice=key.invoice
                                position=key.position
                                top=Signal::derive(move || row_height.get().map(|height| pixels(key.position, height)))
                                is_tab_stop=Signal::derive(move || {
                                    row_height.get().is_none() || window.get().is_visible(key.position)
                                })
                            />
                        </For>
                    </tbody>
                </table>
            </div>
        </div>
    }
}

/// Tells whether only the rows in sight are in the document. The answer depends on the statement and not on the search, so that a search does not change
/// the shape of the table.
fn is_long(listing: &Listing) -> bool {
    listing.statement.invoices().len() > SHORT_MAX
}

impl Table {
    /// Makes the signals of the table of the form around the current component.
    pub fn of_form() -> Self {
        let form = use_form();
        let composition = Composition::of_form();
        let filter = RwSignal::new(Filter::default());
        let focused = RwSignal::new(None);
        let listing = Memo::new(move |last: Option<&Arc<Listing>>| {
            // Another listing may replace or move the share in which a composition is open, and so waits for its end.
            if let Some(last) = last
                && focused.get().is_some()
                && composition.is_open()
            {
                return Arc::clone(last);
            }
            let (statement, filter, terms) = (form.statement(), filter.get(), form.terms());
            let direction = if form.order() == Order::Newest { Direction::Newest } else { Direction::Oldest };
            match last {
                Some(last) if last.is_of(&statement, direction, &filter) => Arc::clone(last),
                _ => Arc::new(Listing::new(statement, (terms.order_by, direction), filter, terms.today)),
            }
        });
        let viewport = RwSignal::new(Viewport::default());
        let window = Memo::new(move |_| {
            let listing = listing.get();
            if is_long(&listing) { Window::of(viewport.get(), listing.len()) } else { Window::all(listing.len()) }
        });
        let (scroller, body) = (NodeRef::new(), NodeRef::new());
        let is_open = RwSignal::new(untrack(|| !form.draft().shares.is_empty()));
        let is_manual = Memo::new(move |_| form.order() == Order::Manual);
        Self { filter, listing, viewport, focused, window, is_open, is_manual, scroller, body }
    }

    /// Tells whether a narrow form shows the table.
    pub fn is_shown(self) -> bool {
        self.is_open.get() || self.is_manual.get()
    }

    /// Tells whether the row of an invoice is listed, and wholly visible in the scrolled box.
    pub fn is_visible(self, id: InvoiceId) -> bool {
        let (listing, window) = (self.listing.get(), self.window.get());
        let position = listing.statement.row_of(id).and_then(|row| listing.position(row));
        position.is_some_and(|position| window.is_visible(position))
    }

    /// The characters of the highest balance, which bounds every amount of the table.
    fn figures(self) -> Memo<usize> {
        let form = use_form();
        Memo::new(move |_| {
            let statement = form.statement();
            let balances = statement.invoices().iter().map(|invoice| invoice.balance);
            let highest = balances.reduce(|highest, other| if other > highest { other } else { highest });
            highest.map_or(0, |highest| form.money(highest).chars().count())
        })
    }

    /// The rows of the window, and the row with the focus, in their order.
    fn rows(self) -> Vec<RowKey> {
        let (listing, window) = (self.listing.get(), self.window.get());
        let mut positions: Vec<usize> = (window.first..window.end).collect();
        let focused = self.focused.get().filter(|focused| *focused < listing.len() && !positions.contains(focused));
        if let Some(focused) = focused {
            positions.insert(if focused < window.first { 0 } else { positions.len() }, focused);
        }
        let key = |position| {
            let invoice = listing.statement.invoice(listing.row(position)?)?.clone();
            Some(RowKey { position, invoice })
        };
        positions.into_iter().filter_map(key).collect()
    }

    /// Forgets the focused row when no row has the focus any more. A row that is moved in the document loses the focus for a moment only, so the
    /// question waits for the next frame.
    fn release_focused(self) {
        let body = self.body.try_get_untracked().flatten();
        let is_left = body.is_some_and(|body| body.query_selector(":focus").is_ok_and(|focused| focused.is_none()));
        if is_left {
            self.focused.set(None);
        }
    }

    /// Measures the scroll position of the box, and the heights of box and rows.
    fn measure(self) {
        // The last call may come when the table is gone.
        let elements = self.scroller.try_get_untracked().flatten().zip(self.body.try_get_untracked().flatten());
        let Some((scroller, body)) = elements else { return };
        let measures = scroll::measure(&scroller, &body);
        let before = self.viewport.get_untracked();
        let now = Viewport { top: measures.top, height: measures.height, row: measures.row.unwrap_or(before.row) };
        if now != before {
            self.viewport.set(now);
        }
    }

    /// Measures in the frame after the box appears or changes its size. Rows that change within the observer's own turn could
    /// resize the box again, and the browser would report an error to the page.
    fn observe_size(self) {
        let observer = StoredValue::new_local(None::<SizeObserver>);
        self.scroller.on_load(move |scroller| {
            observer.set_value(scroll::observe_size(&scroller, move || request_animation_frame(move || self.measure())));
        });
    }

    /// Moves the focus to a share when the form asks for it, past any search that hides its row.
    fn follow_focus_requests(self) {
        let form = use_form();
        Effect::new(move |_| {
            if let Some(Field::Share(id)) = form.focus_request() {
                request_animation_frame(move || self.focus_invoice(id));
            }
        });
    }

    fn focus_invoice(self, id: InvoiceId) {
        // The table may be gone by now.
        if self.listing.try_get_untracked().is_none() {
            return;
        }
        let mut position = self.position(id);
        if position.is_none() {
            self.filter.set(Filter::default());
            position = self.position(id);
        }
        let Some(position) = position else { return };
        if self.is_open.get_untracked() {
            return self.focus_position(position);
        }
        // A narrow form draws the table only when it is open.
        self.is_open.set(true);
        spawn_local_scoped_with_cancellation(async move {
            tick().await;
            self.focus_position(position);
        });
    }

    fn position(self, id: InvoiceId) -> Option<usize> {
        let listing = self.listing.get_untracked();
        listing.statement.row_of(id).and_then(|row| listing.position(row))
    }

    /// Moves the focus to the share at a position. A row that is not in the document gets the focus when it is rendered, before the browser
    /// handles another key.
    fn focus_position(self, position: usize) {
        self.focused.set(Some(position));
        if let Some(scroller) = self.scroller.get_untracked() {
            scroller.set_scroll_top(self.viewport.get_untracked().top_for(position));
        }
        if !self.focus_share(position) {
            spawn_local_scoped_with_cancellation(async move {
                tick().await;
                self.focus_share(position);
            });
        }
    }

    fn focus_share(self, position: usize) -> bool {
        let body = self.body.try_get_untracked().flatten();
        let input = body.and_then(|body| body.query_selector(&format!("[data-position='{position}'] input")).ok().flatten());
        if let Some(input) = &input {
            focus(input);
        }
        input.is_some()
    }

    /// Up and Down, by pages, and with Ctrl to both ends. Enter in a share goes on to the next one, as in any table of figures; it never pays.
    fn move_by_key(self, event: &KeyboardEvent) {
        let Some(target) = target(event) else { return };
        let Some(position) = position_of(&target) else { return };
        let window = self.window.get_untracked();
        let last = self.listing.get_untracked().len().saturating_sub(1);
        let page = window.visible_end.saturating_sub(window.visible_first).max(1);
        let to = match (event.key().as_str(), event.ctrl_key()) {
            ("ArrowUp", false) => position.saturating_sub(1),
            ("ArrowDown", false) => position.saturating_add(1),
            ("Enter", _) if target.has_attribute("name") && !event.is_composing() => position.saturating_add(1),
            ("PageUp", false) => position.saturating_sub(page),
            ("PageDown", false) => position.saturating_add(page),
            ("Home", true) => 0,
            ("End", true) => last,
            _ => return,
        };
        event.prevent_default();
        self.focus_position(to.min(last));
    }
}

/// The distance in which this many rows end.
fn pixels(rows: usize, height: i32) -> String {
    let pixels = i32::try_from(rows).unwrap_or(i32::MAX).saturating_mul(height);
    format!("{pixels}px")
}

/// The position of the row around an element.
fn position_of(element: &Element) -> Option<usize> {
    element.closest("[data-position]").ok()??.get_attribute("data-position")?.parse().ok()
}
