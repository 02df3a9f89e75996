//! Measures a scrolled box and its rows. The browser, not a signal, holds sizes and scroll positions.

use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, ResizeObserver};

/// The measures of a scrolled box, in whole pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measures {
    /// The distance that the box is scrolled.
    pub top: i32,
    /// The height of the visible rows, without the head of the table.
    pub height: i32,
    /// The height of a row; `None` while there is none.
    pub row: Option<i32>,
}

/// Measures the box around the body of a table.
pub fn measure(scroller: &Element, body: &HtmlElement) -> Measures {
    let row = body.first_element_child().and_then(|row| row.dyn_into::<HtmlElement>().ok()).map(|row| row.offset_height());
    let height = (scroller.client_height() - body.offset_top()).max(0);
    Measures { top: scroller.scroll_top(), height, row: row.filter(|row| *row > 0) }
}

/// Calls back when the box appears and whenever its size changes, until the returned guard is dropped.
pub fn observe_size(scroller: &Element, call: impl Fn() + 'static) -> Option<SizeObserver> {
    let callback = Closure::<dyn FnMut()>::new(call);
    let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok()?;
    observer.observe(scroller);
    Some(SizeObserver { observer, _callback: callback })
}

/// Ends the watch of [`observe_size`] when it is dropped.
pub struct SizeObserver {
    observer: ResizeObserver,
    _callback: Closure<dyn FnMut()>,
}

impl Drop for SizeObserver {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
