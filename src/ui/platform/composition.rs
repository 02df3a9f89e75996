//! Follows the composition of an input method, by which Chinese, Japanese and other texts are typed.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::InputEvent;

/// Tells whether a composition is open in an input of the form. An open composition breaks off when its input is replaced, so changes
/// that replace inputs wait for the end.
#[derive(Clone, Copy)]
pub struct Composition(RwSignal<bool>);

impl Composition {
    /// Provides the composition to the components and inputs below.
    pub fn provide() -> Self {
        let composition = Self(RwSignal::new(false));
        provide_context(composition);
        composition
    }

    /// The composition of the form around.
    pub fn of_form() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// True while a composition is open.
    pub fn is_open(self) -> bool {
        self.0.get()
    }

    /// Marks a composition as open.
    pub fn begin(self) {
        self.0.set(true);
    }

    /// Marks the composition as ended.
    pub fn end(self) {
        if self.0.try_get_untracked() == Some(true) {
            self.0.set(false);
        }
    }

    /// Marks the composition as ended when a text arrives that no input method composes. Chromium sends no `compositionend` when a script
    /// has ended a composition.
    pub fn end_before(self, typed: &ev::Event) {
        if !typed.unchecked_ref::<InputEvent>().is_composing() {
            self.end();
        }
    }

    /// The latest value of `next`; while a composition is open, the value before it.
    pub fn defer<T: Clone + PartialEq + Send + Sync + 'static>(self, next: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
        Memo::new(move |shown: Option<&T>| match shown {
            Some(shown) if self.is_open() => shown.clone(),
            _ => next(),
        })
    }
}
