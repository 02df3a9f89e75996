//! Reads time, chance and connectivity from the browser, and writes to the console and the clipboard.
//!
//! A sandboxed frame or an insecure page lacks some of these APIs; each function returns `None` or `false` then.

use crate::domain::date::Date;
use js_sys::Reflect;
use leptos::prelude::{set_timeout, window, window_event_listener_untyped};
use leptos::reactive::owner::on_cleanup;
use std::time::Duration;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Clipboard, Event};

/// Milliseconds since 1970, by the person's clock.
pub fn now() -> u64 {
    js_sys::Date::now() as u64
}

/// The person's local calendar day. UTC is never involved, because its day may be another one.
pub fn today() -> Option<Date> {
    local_day(&js_sys::Date::new_0())
}

/// Milliseconds until the next local day begins.
pub fn until_midnight() -> u64 {
    let midnight = js_sys::Date::new_0();
    midnight.set_hours(24);
    midnight.set_minutes(0);
    midnight.set_seconds(1);
    (midnight.get_time() as u64).saturating_sub(now()).max(1000)
}

/// The local calendar day of a timestamp such as `2017-01-25T19:11:00.0009221Z`. A timestamp without a zone counts as local time.
pub fn day_of(moment: &str) -> Option<Date> {
    // The text must begin with a date, because browsers parse almost any text as a date.
    Date::parse(moment.get(..10)?)?;
    local_day(&js_sys::Date::new(&moment.into()))
}

fn local_day(moment: &js_sys::Date) -> Option<Date> {
    let month = u8::try_from(moment.get_month() + 1).ok()?;
    Date::new(i32::try_from(moment.get_full_year()).ok()?, month, u8::try_from(moment.get_date()).ok()?)
}

/// A UUID of 122 random bits; `None` where the browser has no `crypto`. The form sends nothing then.
pub fn random_uuid() -> Option<String> {
    let mut bytes = [0; 16];
    window().crypto().ok()?.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(uuid::Builder::from_random_bytes(bytes).into_uuid().to_string())
}

/// The longest delay in milliseconds that a browser's timer can count.
const DELAY_MAX: u64 = i32::MAX as u64;

/// Calls back once after this many milliseconds. The form may be gone by then.
///
/// A delay that is too long for a browser's timer ends early, so callers check the clock again.
pub fn after(ms: u64, call: impl FnOnce() + 'static) {
    set_timeout(call, Duration::from_millis(ms.min(DELAY_MAX)));
}

/// Listens to an event of the window until the current owner is cleaned up.
pub fn listen_to_window(event: &str, act: impl Fn(Event) + 'static) {
    let listener = window_event_listener_untyped(event, act);
    on_cleanup(move || listener.remove());
}

fn clipboard() -> Option<Clipboard> {
    let clipboard = window().navigator().clipboard();
    // An insecure page has no clipboard, although the binding's type is not optional.
    (!clipboard.is_undefined()).then_some(clipboard)
}

/// Tells whether the page can copy text; an insecure page cannot.
pub fn has_clipboard() -> bool {
    clipboard().is_some()
}

/// Copies a text, and reports success. The browser may ask the person first.
pub fn copy(text: &str, done: impl FnOnce(bool) + 'static) {
    let promise = clipboard().map(|clipboard| clipboard.write_text(text));
    spawn_local(async move {
        done(match promise {
            Some(promise) => JsFuture::from(promise).await.is_ok(),
            None => false,
        });
    });
}

/// Opens the browser's print dialogue; a page that forbids printing ignores it.
pub fn print() {
    _ = window().print();
}

/// Writes a sentence for the page's developer to the console.
pub fn log_error(sentence: &str) {
    web_sys::console::error_1(&JsValue::from(format!("payment-form: {sentence}")));
}

/// Writes a sentence for the page's developer to the console, as a warning.
pub fn log_warning(sentence: &str) {
    web_sys::console::warn_1(&JsValue::from(format!("payment-form: {sentence}")));
}

/// Tells whether a program drives the browser, as in a test.
pub fn is_automated() -> bool {
    // web-sys does not know the property `webdriver`.
    Reflect::get(&window().navigator(), &JsValue::from_str("webdriver")).is_ok_and(|driven| driven.is_truthy())
}

/// Tells whether the browser believes to be online. `true` proves no connection; `false` means that no request can leave.
pub fn is_online() -> bool {
    window().navigator().on_line()
}
