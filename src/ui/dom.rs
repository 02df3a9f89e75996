//! The document, spoken to directly: elements of one type, whatever they hold.
//!
//! `view!` gives every element a type of its own, made of its attributes and children, and the compiler writes the code that
//! builds, rebuilds and drops it for each of them. This form has some two hundred elements and a hundred live places; in that way
//! it weighed 284 kB, brotli. Here an element is an element, a live place is one boxed closure in one kind of effect, and Leptos'
//! signals, owners and effects do what they always do.
//!
//! What follows a signal is drawn at once and then kept up by a [`RenderEffect`] that lives as long as the owner in which it was
//! made: the component, the row of a table, or the last drawing of [`Node::draws`]. Nothing here parses HTML, so that Trusted
//! Types have nothing to object to.

use crate::ui::{platform::browser, platform::focus};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, prelude::*};
use web_sys::{Element, Event, HtmlElement};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = document, js_name = createElement)]
    fn create_element(tag: &str) -> Element;
    #[wasm_bindgen(js_namespace = document, js_name = createElementNS)]
    fn create_drawn(namespace: &str, tag: &str) -> Element;

    /// An element by those of its properties that the form sets: whatever kind of control it is.
    type Control;
    #[wasm_bindgen(method, getter)]
    fn value(this: &Control) -> String;
    #[wasm_bindgen(method, setter)]
    fn set_value(this: &Control, value: &str);
    #[wasm_bindgen(method, getter)]
    fn checked(this: &Control) -> bool;
    #[wasm_bindgen(method, setter)]
    fn set_checked(this: &Control, checked: bool);

    /// An event by those of its properties that the form reads.
    type Pressed;
    #[wasm_bindgen(method, getter)]
    fn key(this: &Pressed) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = ctrlKey)]
    fn ctrl_key(this: &Pressed) -> Option<bool>;
}

/// An element that is being put together, or stands in the document. A copy is the same element.
#[derive(Clone, Debug)]
pub struct Node(Element);

/// A new HTML element, written as in `el("input.wide.quiet type=text name=amount")`: the tag, its classes, and attributes whose
/// values hold no space.
pub fn el(written: &str) -> Node {
    let mut words = written.split(' ');
    let mut names = words.next().unwrap_or_default().split('.');
    // What is written is a literal of this crate, so its names are always valid.
    let tag = names.next().unwrap_or_default();
    let node = Node(create_element(tag));
    let classes = node.0.class_list();
    for class in names {
        _ = classes.add_1(class);
    }
    for word in words {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        node.put(name, Some(value));
    }
    node
}

/// A picture of one path, in the colour of the text around; it says nothing that words beside it do not say.
pub fn picture(path: &str) -> Node {
    let draw = |tag| Node(create_drawn("http://www.w3.org/2000/svg", tag));
    draw("svg").set("class", "icon").set("viewBox", "0 0 24 24").set("aria-hidden", "true").child(draw("path").set("d", path))
}

/// What is asked again and again. Not a `dyn Fn`, with which the compiler would write for each closure what else can be done with one.
trait Asked<T> {
    fn now(&mut self) -> T;
}

impl<T, F: FnMut() -> T> Asked<T> for F {
    fn now(&mut self) -> T {
        self()
    }
}

/// Where a live text stands.
enum Place {
    Attribute(&'static str),
    Content,
    Value,
}

/// Where a live yes or no stands.
enum Flag {
    Attribute(&'static str),
    Tick,
}

impl Node {
    /// An element that stands in the document already.
    pub fn of(element: Element) -> Self {
        Self(element)
    }

    /// The element itself.
    pub fn element(&self) -> &Element {
        &self.0
    }

    /// Gives an attribute a value for good.
    pub fn set(self, name: &str, value: &str) -> Self {
        self.put(name, Some(value));
        self
    }

    /// Appends text.
    pub fn text(self, text: &str) -> Self {
        // Only a text that another document owns is ever refused.
        _ = self.0.append_with_str_1(text);
        self
    }

    /// Appends an element.
    pub fn child(self, child: Node) -> Self {
        _ = self.0.append_child(&child.0);
        self
    }

    /// Appends elements.
    pub fn children(self, children: Vec<Node>) -> Self {
        for child in children {
            _ = self.0.append_child(&child.0);
        }
        self
    }

    /// Keeps an attribute as `value` says.
    pub fn live(self, name: &'static str, value: impl Fn() -> String + 'static) -> Self {
        self.keep(Place::Attribute(name), Box::new(value))
    }

    /// Keeps its text as `text` says.
    pub fn says(self, text: impl Fn() -> String + 'static) -> Self {
        self.keep(Place::Content, Box::new(text))
    }

    /// Keeps the text in an input as `value` says. What is there already is not touched, and so neither is the caret.
    pub fn holds(self, value: impl Fn() -> String + 'static) -> Self {
        self.keep(Place::Value, Box::new(value))
    }

    /// Keeps an attribute there while `is_so`: without a value, but for the `aria-` ones, which are `true` then.
    pub fn when(self, name: &'static str, is_so: impl Fn() -> bool + 'static) -> Self {
        self.keep_flag(Flag::Attribute(name), Box::new(is_so))
    }

    /// Keeps a radio or a box ticked as `is_so` says.
    pub fn ticked(self, is_so: impl Fn() -> bool + 'static) -> Self {
        self.keep_flag(Flag::Tick, Box::new(is_so))
    }

    /// Keeps its content as `content` draws it: anew, whenever a signal that the drawing itself reads has changed.
    pub fn draws(self, content: impl Fn() -> Vec<Node> + 'static) -> Self {
        self.redraw(Box::new(content))
    }

    /// Calls back at an event.
    pub fn on(self, event: &str, act: impl Fn(Event) + 'static) -> Self {
        browser::listen(&self.0, event, act);
        self
    }

    // What follows has no type of its own to be written out for: a closure is boxed before anything is done with it.

    fn keep(self, place: Place, mut value: Box<dyn Asked<String>>) -> Self {
        let node = self.clone();
        let mut last: Option<String> = None;
        effect(move || {
            let now = value.now();
            if last.as_ref() == Some(&now) {
                return;
            }
            match place {
                Place::Attribute(name) => node.put(name, Some(&now)),
                Place::Content => node.say(&now),
                Place::Value => node.hold(&now),
            }
            last = Some(now);
        });
        self
    }

    fn keep_flag(self, flag: Flag, mut is_so: Box<dyn Asked<bool>>) -> Self {
        let node = self.clone();
        let mut last: Option<bool> = None;
        effect(move || {
            let now = is_so.now();
            if last == Some(now) {
                return;
            }
            match flag {
                Flag::Attribute(name) => node.put_flag(name, now),
                Flag::Tick => node.0.unchecked_ref::<Control>().set_checked(now),
            }
            last = Some(now);
        });
        self
    }

    fn redraw(self, mut content: Box<dyn Asked<Vec<Node>>>) -> Self {
        let node = self.clone();
        effect(move || {
            let children = content.now();
            let land = focus::landing(&node);
            node.0.set_text_content(None);
            node.clone().children(children);
            if let Some(land) = land {
                // When whoever takes the focus themselves has done so.
                soon(move || soon(land));
            }
        });
        self
    }

    /// Sets or removes an attribute now.
    pub fn put(&self, name: &str, value: Option<&str>) {
        // The names are literals of this crate, so they are always valid.
        _ = match value {
            Some(value) => self.0.set_attribute(name, value),
            None => self.0.remove_attribute(name),
        };
    }

    /// Puts an attribute there or takes it away, as [`when`](Self::when).
    pub fn put_flag(&self, name: &str, is_so: bool) {
        let value = if name.starts_with("aria-") { "true" } else { "" };
        self.put(name, is_so.then_some(value));
    }

    /// Sets the whole text now.
    pub fn say(&self, text: &str) {
        self.0.set_text_content(Some(text));
    }

    /// Sets the text in an input now, unless it is there already.
    pub fn hold(&self, value: &str) {
        let control = self.0.unchecked_ref::<Control>();
        if control.value() != value {
            control.set_value(value);
        }
    }

    /// Sets or removes a style property now. The style attribute is forbidden by the page's policy; the property is not.
    pub fn style(&self, name: &str, value: Option<&str>) {
        if let Some(element) = self.0.dyn_ref::<HtmlElement>() {
            let style = element.style();
            _ = match value {
                Some(value) => style.set_property(name, value),
                None => style.remove_property(name).map(drop),
            };
        }
    }

    /// Takes the focus, and scrolls into sight.
    pub fn focus(&self) {
        focus(&self.0);
    }
}

/// Focuses an element.
pub fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        _ = element.focus();
    }
}

/// The element at which an event happened.
pub fn target(event: &Event) -> Option<Element> {
    event.target().and_then(|target| target.dyn_into().ok())
}

/// The text in the input at which an event happened.
pub fn text_of(event: &Event) -> String {
    event.target().map(|target| target.unchecked_ref::<Control>().value()).unwrap_or_default()
}

/// Whether the box at which an event happened is ticked.
pub fn is_ticked(event: &Event) -> bool {
    event.target().is_some_and(|target| target.unchecked_ref::<Control>().checked())
}

/// The name of the key that was pressed; empty for another event.
pub fn key(event: &Event) -> String {
    event.unchecked_ref::<Pressed>().key().unwrap_or_default()
}

/// Whether Ctrl was held.
pub fn has_ctrl(event: &Event) -> bool {
    event.unchecked_ref::<Pressed>().ctrl_key().unwrap_or_default()
}

/// Calls back after the next drawing, when what was just asked for stands in the document.
pub fn soon(act: impl FnOnce() + 'static) {
    browser::next_drawing(act);
}

/// Runs now, and again whenever a signal that it reads has changed, until the owner is cleaned up.
pub fn effect(run: impl FnMut() + 'static) {
    let effect = watch(run);
    on_cleanup(move || drop(effect));
}

/// Runs now, and again whenever a signal that it reads has changed, as long as what it returns is kept.
pub fn watch(run: impl FnMut() + 'static) -> RenderEffect<()> {
    follow(Box::new(run))
}

fn follow(mut run: Box<dyn Asked<()>>) -> RenderEffect<()> {
    RenderEffect::new(move |_: Option<()>| run.now())
}
