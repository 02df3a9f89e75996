//! Moves the focus, and keeps it inside the form when the focused element goes away.
//!
//! Fields are found by their names, because fragments such as `#amount` do not reach into a shadow root. The functions use the document,
//! because the browser, not a signal, holds the focus and the selection.

use crate::domain::problem::Field;
use js_sys::{Array, Reflect};
use leptos::prelude::{queue_microtask, request_animation_frame};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, prelude::*};
use web_sys::{
    Element, Event, FocusOptions, HtmlElement, HtmlInputElement, MutationObserver, MutationObserverInit, MutationRecord,
};

/// Focuses an element and scrolls it into sight.
pub fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        _ = element.focus();
    }
}

/// Focuses an element without scrolling, because the person did not ask for the move.
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

/// Focuses the input of a field, or the error summary for [`Field::Form`]. Among radios it is the checked one, else the first enabled one.
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

/// Focuses the button that pays if a field has the focus and the fields are about to be disabled: a disabled field loses the focus.
pub fn leave_fields(form: &Element) {
    if find(form, ":is(fieldset, .row) :focus").is_some() {
        focus_pay(form);
    }
}

/// The empty place of the notice: the stylesheet hides it, so it loses the focus.
const EMPTY_NOTICE: &str = ".status-slot:empty";

/// The element that had the focus last, and the data to find another place for the focus when that element is gone.
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

/// Keeps the focus inside `root`. When the focused element is moved in the document, it takes the focus again. When it is
/// removed, the focus and the selection move to the field of the same name. Without such a field they move to the card around the
/// element. Without a card they move to the button that pays while it is busy, else to the heading.
///
/// The returned guard ends the watch when it is dropped.
pub fn keep_inside(root: &Element) -> Option<FocusKeeper> {
    // The custom element may have moved the focus to a field already.
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
            // Some browsers send `focusout` while they remove the element, so the mutation records are read in the next microtask.
            queue_microtask(move || {
                let is_restored = restore(&root, &last, &observer.take_records());
                if !is_restored && find(&root, ":focus").is_none() {
                    last.replace(None);
                }
            });
        })
    };
    // Adding an existing listener cannot fail.
    _ = root.add_event_listener_with_callback("focusin", remember.as_ref().unchecked_ref());
    _ = root.add_event_listener_with_callback("focusout", forget.as_ref().unchecked_ref());
    Some(FocusKeeper { root: root.clone(), remember, forget, _on_change: on_change, observer })
}

/// Restores a focus that these mutations took away. Returns `true` when they did.
fn restore(root: &Element, last: &RefCell<Option<LastFocus>>, records: &Array) -> bool {
    let is_lost = last.borrow().as_ref().is_some_and(|last| is_gone(root, &last.element) || was_moved(&last.element, records));
    if !is_lost || find(root, &format!(":focus:not({EMPTY_NOTICE})")).is_some() {
        return is_lost;
    }
    if let Some(lost) = last.take() {
        focus_fallback(root, &lost);
    }
    true
}

/// Tells whether these mutations moved an element.
fn was_moved(element: &Element, records: &Array) -> bool {
    let removed = records.iter().map(|record| record.unchecked_into::<MutationRecord>().removed_nodes());
    removed
        .into_iter()
        .any(|nodes| (0..nodes.length()).filter_map(|index| nodes.get(index)).any(|node| node.contains(Some(element))))
}

/// Tells whether an element cannot have the focus any more: it was removed, or it is the notice's place and is empty.
fn is_gone(root: &Element, element: &Element) -> bool {
    !root.contains(Some(element)) || element.matches(EMPTY_NOTICE).unwrap_or(false)
}

/// Moves the focus of a removed element to the next best place, unless another element has it.
fn focus_fallback(root: &Element, last: &LastFocus) {
    if !is_gone(root, &last.element) {
        let selection = Selection::of(&last.element);
        focus_in_place(&last.element);
        selection.restore(&last.element);
        return;
    }
    if let Some(field) = last.name.as_deref().and_then(|name| find_named(root, name)) {
        let selection = Selection::of(&last.element);
        keep_surrogates(&last.element, &field);
        focus_in_place(&field);
        selection.restore(&field);
        return;
    }
    // A component with a message takes the focus before the next frame, so this fallback waits for the frame.
    let (root, card) = (root.clone(), last.card.clone());
    request_animation_frame(move || {
        request_animation_frame(move || {
            let card = card.filter(|card| root.contains(Some(card)));
            let others = [".pay[aria-disabled]", ".title", ".pay"];
            let targets = card.into_iter().chain(others.iter().filter_map(|selector| find(&root, selector)));
            for element in targets {
                if find(&root, &format!(":focus:not({EMPTY_NOTICE})")).is_some() {
                    return;
                }
                // A button needs no `tabindex`, because it is in the Tab order already.
                if !element.has_attribute("type") {
                    _ = element.set_attribute("tabindex", "-1");
                }
                focus(&element);
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

/// The selection of a text input: start, end and direction. Empty for a radio, a box or a date.
struct Selection(Option<(u32, u32, String)>);

impl Selection {
    fn of(field: &Element) -> Self {
        let read = |input: &HtmlInputElement| {
            let direction = input.selection_direction().ok().flatten().unwrap_or_default();
            Some((input.selection_start().ok()??, input.selection_end().ok()??, direction))
        };
        Self(field.dyn_ref().and_then(read))
    }

    fn restore(&self, field: &Element) {
        if let (Some(input), Some((start, end, direction))) = (field.dyn_ref::<HtmlInputElement>(), &self.0) {
            _ = input.set_selection_range_with_direction(*start, *end, direction);
        }
    }
}

/// Writes the text of a removed input into the input in its place, where the two differ in lone surrogates alone. A Rust string holds none of
/// them, and the first half of an emoji may just have been typed.
fn keep_surrogates(removed: &Element, field: &Element) {
    if let (Some(removed), Some(field)) = (removed.dyn_ref::<HtmlInputElement>(), field.dyn_ref::<HtmlInputElement>())
        && removed.value() == field.value()
        && let Ok(text) = Reflect::get(removed, &"value".into())
    {
        // Writing the text of an input cannot fail.
        _ = Reflect::set(field, &"value".into(), &text);
    }
}

/// The input of this name: among radios the checked one, else the first enabled one.
fn find_named(form: &Element, name: &str) -> Option<Element> {
    find(form, &format!("[name='{name}']:checked")).or_else(|| find(form, &format!("[name='{name}']:enabled")))
}

fn find(form: &Element, selector: &str) -> Option<Element> {
    form.query_selector(selector).ok().flatten()
}
