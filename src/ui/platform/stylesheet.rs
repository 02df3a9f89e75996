//! Adopts the form's stylesheet in the document or the shadow root around the form, as one constructed sheet.
//!
//! A constructed sheet is the one kind that every content security policy allows. The custom element adopts the same sheet from JavaScript, before
//! the wasm is there, so this file is not part of its build.

use js_sys::{Array, Function, Object, Reflect, WeakMap};
use wasm_bindgen::prelude::*;
use web_sys::{CssStyleSheet, Document, Element, Window};

/// The sheets in the order that `style/payment-form.css` names.
const SHEETS: &[&str] = &[
    include_str!("../../../style/tokens.css"),
    include_str!("../../../style/ground.css"),
    include_str!("../../../style/page.css"),
    include_str!("../../../style/fields.css"),
    include_str!("../../../style/buttons.css"),
    include_str!("../../../style/waiting.css"),
    include_str!("../../../style/methods.css"),
    include_str!("../../../style/division.css"),
    include_str!("../../../style/bar.css"),
    include_str!("../../../style/tools.css"),
    include_str!("../../../style/table.css"),
    include_str!("../../../style/paying.css"),
    include_str!("../../../style/notices.css"),
    include_str!("../../../style/sheet.css"),
    include_str!("../../../style/receipt.css"),
    include_str!("../../../style/narrow.css"),
    include_str!("../../../style/cards.css"),
    include_str!("../../../style/folded.css"),
    include_str!("../../../style/motion.css"),
    include_str!("../../../style/forced-colors.css"),
    include_str!("../../../style/print.css"),
    include_str!("../../../style/plain.css"),
];

thread_local! {
    /// The constructed sheet of each document, made on first use. A document adopts only sheets that its own window has constructed, and a form may
    /// be mounted in the document of a frame.
    static BY_DOCUMENT: WeakMap<Document, CssStyleSheet> = WeakMap::new_typed();
}

/// Adopts the sheet in the document or shadow root around an element, once.
pub fn adopt(element: &Element) {
    let root = element.get_root_node();
    let key = JsValue::from_str("adoptedStyleSheets");
    let (Some(sheet), Ok(adopted)) = (element.owner_document().and_then(sheet_of), Reflect::get(&root, &key)) else { return };
    let adopted = Array::from(&adopted);
    if !adopted.includes(&sheet, 0) {
        adopted.push(&sheet);
        // A failure is ignored: an old browser without `adoptedStyleSheets` shows the form without its style.
        _ = Reflect::set(&root, &key, &adopted);
    }
}

fn sheet_of(document: Document) -> Option<CssStyleSheet> {
    let made = BY_DOCUMENT.with(|sheets| sheets.get_checked(&document));
    made.or_else(|| {
        let window = document.default_view()?;
        register_unit(&window);
        let constructor: Function = Reflect::get(&window, &"CSSStyleSheet".into()).ok()?.dyn_into().ok()?;
        let sheet: CssStyleSheet = Reflect::construct(&constructor, &Array::new()).ok()?.unchecked_into();
        sheet.replace_sync(&SHEETS.concat()).ok()?;
        BY_DOCUMENT.with(|sheets| sheets.set(&document, &sheet));
        Some(sheet)
    })
}

/// Registers the unit of every size in the sheet (`tokens.css`) as a length, so that it is resolved where it is set. A second registration
/// throws, which is ignored.
fn register_unit(window: &Window) {
    let properties = Object::new();
    let values = [
        ("name", "--pf-unit".into()),
        ("syntax", "<length>".into()),
        ("inherits", JsValue::TRUE),
        ("initialValue", "16px".into()),
    ];
    for (name, value) in &values {
        // Setting a property of a fresh plain object cannot fail.
        _ = Reflect::set(&properties, &(*name).into(), value);
    }
    let css = Reflect::get(window, &"CSS".into()).unwrap_or_default();
    if let Ok(Ok(register)) = Reflect::get(&css, &"registerProperty".into()).map(|register| register.dyn_into::<Function>()) {
        _ = register.call1(&css, &properties);
    }
}
