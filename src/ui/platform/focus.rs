//! Moves the focus, and keeps it inside the form when the element that has it goes away.
//!
//! Fields are found by their names, because addresses such as `#amount` do not reach into a shadow root. The functions work on the document
//! itself, because the focus and the selection are states of the document and not of any signal.

use crate::domain::problem::Field;
use crate::ui::platform::browser::before_next_frame;
use js_sys::Array;
use leptos::prelude::queue_microtask;
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, prelude::*};
use web_sys::{
    Element, Event, FocusOptions, HtmlElement, HtmlInputElement, MutationObserver, MutationObserverInit, MutationRecord,
};

/// The field that has the focus.
const FOCUSED_FIELD: &str = "[name]:focus";

/// Focuses an element and scrolls it into sight.
pub fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        _ = element.focus();
    }
}

/// Focuses an element without scrolling: the person did not ask to be taken there.
fn focus_in_place(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        _ = element.focus_with_options(&options);
    }
}

/// The element at which an event happened.
pub fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// Focuses the input of a field, or the error summary for [`Field::Form`]. Of radios the checked one counts, else the first that is enabled.
pub fn focus_field(form: &Element, field: Field) {
    let found = match field {
        Field::Form => find(form, "[data-testid=error-summary]"),
        field => find_named(form, field.name()),
    };
    if let Some(found) = found {
        focus(&found);
    }
}

/// Focuses the button that pays.
pub fn focus_pay(form: &Element) {
    if let Some(pay) = find(form, ".pay") {
        focus(&pay);
    }
}

/// Focuses the button that pays when the fields are about to be disabled and one of them has the focus: a disabled field loses it.
pub fn leave_fields(form: &Element) {
    if find(form, ":is(fieldset, .row) :focus").is_some() {
        focus_pay(form);
    }
}

/// The place of the notice while it is empty: the stylesheet hides it, so it is about to lose the focus.
const EMPTY_NOTICE: &str = ".status-place:empty";

/// The element that had the focus last, and everything needed to find a place for the focus when that element is gone.
struct LastFocus {
    element: Element,
    name: Option<String>,
    card: Option<Element>,
}

impl LastFocus {
    fn of(element: Element) -> Self {
        let name = element.get_attribute("name");
        let card = element.closest(".card").ok().flatten();
        Self { element, name, card }
    }
}

/// Keeps the focus inside `root`. When the focused element is moved in the document, it takes the focus again. When it is removed, the focus and
/// the selection move to the field of the same name; where there is none, the focus moves to the card around it, else to the button that pays
/// while it is busy, else to the heading.
///
/// The returned guard ends the watch when it is dropped.
pub fn keep_inside(root: &Element) -> Option<FocusKeeper> {
    // The element may have handed the focus to a field already.
    let last = Rc::new(RefCell::new(find(root, ":focus").map(LastFocus::of)));
    let on_change = {
        let (root, last) = (root.clone(), Rc::clone(&last));
        Closure::<dyn FnMut(Array)>::new(move |records| _ = restore(&root, &last, &records))
    };
    let observer = MutationObserver::new(on_change.as_ref().unchecked_ref()).ok()?;
    let options = MutationObserverInit::new();
    options.set_child_list(true);
    options.set_subtree(true);
    observer.observe_with_options(root, &options).ok()?;
    let remember = {
        let last = Rc::clone(&last);
        Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            if let Some(element) = target(&event) {
                last.replace(Some(LastFocus::of(element)));
            }
        })
    };
    let forget = {
        let (root, observer) = (root.clone(), observer.clone());
        Closure::<dyn FnMut(Event)>::new(move |_| {
            let (root, last, observer) = (root.clone(), Rc::clone(&last), observer.clone());
            // Some browsers tell of a lost focus while they remove the element; the records of the removal are there in the next microtask.
            queue_microtask(move || {
                let is_restored = restore(&root, &last, &observer.take_records());
                if !is_restored && find(&root, ":focus").is_none() {
                    last.replace(None);
                }
            });
        })
    };
    // Only a missing listener is ever refused.
    _ = root.add_event_listener_with_callback("focusin", remember.as_ref().unchecked_ref());
    _ = root.add_event_listener_with_callback("focusout", forget.as_ref().unchecked_ref());
    Some(FocusKeeper { root: root.clone(), remember, forget, _on_change: on_change, observer })
}

/// Gives back a focus that these changes of the document took away; whether they did.
fn restore(root: &Element, last: &RefCell<Option<LastFocus>>, records: &Array) -> bool {
    let is_lost = last.borrow().as_ref().is_some_and(|last| is_gone(root, &last.element) || was_moved(&last.element, records));
    if !is_lost || find(root, &format!(":focus:not({EMPTY_NOTICE})")).is_some() {
        return is_lost;
    }
    if let Some(lost) = last.take() {
        land(root, &lost);
    }
    true
}

/// Whether these changes took an element out of its place.
fn was_moved(element: &Element, records: &Array) -> bool {
    let removed = records.iter().map(|record| record.unchecked_into::<MutationRecord>().removed_nodes());
    removed
        .into_iter()
        .any(|nodes| (0..nodes.length()).filter_map(|place| nodes.get(place)).any(|node| node.contains(Some(element))))
}

/// Whether an element can have the focus no longer: it was removed, or it is the notice's place and shows nothing any more.
fn is_gone(root: &Element, element: &Element) -> bool {
    !root.contains(Some(element)) || element.matches(EMPTY_NOTICE).unwrap_or(false)
}

/// Gives the focus of an element that is gone to the next best place, unless something else has taken it.
fn land(root: &Element, last: &LastFocus) {
    if !is_gone(root, &last.element) {
        let selection = selection_of(&last.element);
        focus_in_place(&last.element);
        if let Some((start, end)) = selection {
            select(&last.element, start, end);
        }
        return;
    }
    if let Some(field) = last.name.as_deref().and_then(|name| find_named(root, name)) {
        let selection = selection_of(&last.element);
        focus_in_place(&field);
        if let Some((start, end)) = selection {
            select(&field, start, end);
        }
        return;
    }
    // A component that has something to say takes the focus before the next frame; this one only catches what nobody takes.
    let (root, card) = (root.clone(), last.card.clone());
    before_next_frame(move || {
        before_next_frame(move || {
            let card = card.filter(|card| root.contains(Some(card)));
            let others = [".pay[aria-disabled]", ".title", ".pay"];
            let places = card.into_iter().chain(others.iter().filter_map(|selector| find(&root, selector)));
            for place in places {
                if find(&root, &format!(":focus:not({EMPTY_NOTICE})")).is_some() {
                    return;
                }
                // A button has its place in the order of the Tab key already.
                if !place.has_attribute("type") {
                    _ = place.set_attribute("tabindex", "-1");
                }
                focus(&place);
            }
        });
    });
}

/// Ends the watch of [`keep_inside`] when it is dropped.
pub struct FocusKeeper {
    root: Element,
    remember: Closure<dyn FnMut(Event)>,
    forget: Closure<dyn FnMut(Event)>,
    _on_change: Closure<dyn FnMut(Array)>,
    observer: MutationObserver,
}

impl Drop for FocusKeeper {
    fn drop(&mut self) {
        self.observer.disconnect();
        _ = self.root.remove_event_listener_with_callback("focusin", self.remember.as_ref().unchecked_ref());
        _ = self.root.remove_event_listener_with_callback("focusout", self.forget.as_ref().unchecked_ref());
    }
}

/// The selection of a text input; a radio, a box or a date has none.
fn selection_of(field: &Element) -> Option<(u32, u32)> {
    let input = field.dyn_ref::<HtmlInputElement>()?;
    Some((input.selection_start().ok()??, input.selection_end().ok()??))
}

fn select(field: &Element, start: u32, end: u32) {
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        _ = input.set_selection_range(start, end);
    }
}

/// The input of this name: of radios the checked one, else the first that is enabled.
fn find_named(form: &Element, name: &str) -> Option<Element> {
    find(form, &format!("[name='{name}']:checked")).or_else(|| find(form, &format!("[name='{name}']:enabled")))
}

/// Whether a field of the form has the focus.
pub fn has_focused_field(form: &Element) -> bool {
    find(form, FOCUSED_FIELD).is_some()
}

fn find(form: &Element, selector: &str) -> Option<Element> {
    form.query_selector(selector).ok().flatten()
}
