//! The few things of the browser that the form needs beside its document: time, chance, stores, timers, and the tab's own events.
//!
//! None of it can be relied on. A sandboxed frame has no stores, an insecure page no locks, and each of these says so instead of failing.

use crate::domain::date::Date;
use js_sys::{Function, Object, Promise, Reflect, Uint8Array};
use std::{future::Future, pin::Pin};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Event, EventTarget, Window};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues, catch)]
    fn random_values(bytes: &Uint8Array) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &JsValue, ms: u32) -> i32;

    #[wasm_bindgen(js_name = requestAnimationFrame)]
    fn request_animation_frame(callback: &JsValue) -> i32;

    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn console_error(text: &str);

    type Navigator;
    #[wasm_bindgen(js_name = navigator, thread_local_v2)]
    static NAVIGATOR: Navigator;
    #[wasm_bindgen(method, getter, js_name = onLine)]
    fn on_line(this: &Navigator) -> bool;
    #[wasm_bindgen(method, getter)]
    fn clipboard(this: &Navigator) -> Option<Clipboard>;

    type Clipboard;
    #[wasm_bindgen(method, catch, js_name = writeText)]
    fn write_text(this: &Clipboard, text: &str) -> Result<Promise, JsValue>;
}

/// The page's window.
pub fn window() -> Window {
    js_sys::global().unchecked_into()
}

/// Milliseconds since 1970, by the person's clock.
pub fn now() -> u64 {
    js_sys::Date::now() as u64
}

/// The person's local calendar day: never by way of UTC, in which it may be another.
pub fn today() -> Option<Date> {
    local_day(&js_sys::Date::new_0())
}

/// The day of the person's calendar on which a moment lies, such as `2017-01-25T19:11:00.0009221Z`; one without a zone is the person's own.
pub fn day_of(moment: &str) -> Option<Date> {
    // Browsers read dates into almost any text, so it has to begin as one.
    Date::parse(moment.get(..10)?)?;
    local_day(&js_sys::Date::new(&moment.into()))
}

fn local_day(moment: &js_sys::Date) -> Option<Date> {
    let month = u8::try_from(moment.get_month() + 1).ok()?;
    Date::new(i32::try_from(moment.get_full_year()).ok()?, month, u8::try_from(moment.get_date()).ok()?)
}

/// 128 random bits as a UUID; `None` where the browser has no source of chance, and then nothing may be sent.
pub fn random_uuid() -> Option<String> {
    let random = Uint8Array::new_with_length(16);
    random_values(&random).ok()?;
    let mut bytes = [0; 16];
    random.copy_to(&mut bytes);
    // Version 4, variant 1, as RFC 9562 wants them.
    bytes[6] = bytes[6] & 0x0F | 0x40;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    let mut text = String::with_capacity(36);
    for (place, byte) in bytes.into_iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.extend([byte >> 4, byte & 15].map(|half| char::from_digit(u32::from(half), 16).unwrap_or('0')));
    }
    Some(text)
}

/// Calls back once after this time. What it calls must bear that the form is gone by then.
pub fn after(ms: u64, call: impl FnOnce() + 'static) {
    // Longer waits than a browser can count end early, which every caller takes as: look again.
    set_timeout(&callback(Box::new(call)), u32::try_from(ms).unwrap_or(u32::MAX).min(i32::MAX as u32));
}

/// Calls back before the next drawing. What it calls must bear that the form is gone by then.
pub fn next_drawing(call: impl FnOnce() + 'static) {
    request_animation_frame(&callback(Box::new(call)));
}

/// A function that the browser calls once. Boxed before, so that the code around it is written once.
fn callback(call: Box<dyn FnOnce()>) -> JsValue {
    Closure::once_into_js(call)
}

/// What the browser calls with something. Not a `dyn Fn`, with which the compiler would write for each closure what else can be done with one.
trait Hears {
    fn hear(&self, something: JsValue);
}

impl<F: Fn(JsValue)> Hears for F {
    fn hear(&self, something: JsValue) {
        self(something);
    }
}

/// A function for the browser, which drops it when it forgets it. There is one kind of them.
pub fn function(act: impl Fn(JsValue) + 'static) -> Function {
    wrap(Box::new(act))
}

fn wrap(act: Box<dyn Hears>) -> Function {
    Closure::<dyn Fn(JsValue)>::new(move |something| act.hear(something)).into_js_value().unchecked_into()
}

/// Calls back at an event, until the target is forgotten or what is returned is taken away again.
pub fn listen(target: &EventTarget, event: &str, act: impl Fn(Event) + 'static) -> Function {
    add_listener(target, event, Box::new(move |event: JsValue| act(event.unchecked_into())))
}

fn add_listener(target: &EventTarget, event: &str, act: Box<dyn Hears>) -> Function {
    let act = wrap(act);
    // Only a missing listener is ever refused.
    _ = target.add_event_listener_with_callback(event, &act);
    act
}

/// A listener of the window, as long as it is kept.
#[derive(Debug)]
pub struct Listener {
    event: &'static str,
    act: Function,
}

/// Calls back at an event of the window.
pub fn on_window(event: &'static str, act: impl Fn(Event) + 'static) -> Listener {
    Listener { event, act: listen(&window(), event, act) }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // Only a missing listener is ever refused.
        _ = window().remove_event_listener_with_callback(self.event, &self.act);
    }
}

/// Whether anything can be copied: not on an insecure page.
pub fn has_clipboard() -> bool {
    NAVIGATOR.with(Navigator::clipboard).is_some()
}

/// Copies a text, and says whether the browser did it: it may forbid it, and decides that in its own time.
pub fn copy(text: &str, done: impl FnOnce(bool) + 'static) {
    let promise = NAVIGATOR.with(Navigator::clipboard).and_then(|clipboard| clipboard.write_text(text).ok());
    // Boxed as every task of the form is, so that there is one kind of them.
    let task: Pin<Box<dyn Future<Output = ()>>> = Box::pin(async move {
        done(match promise {
            Some(promise) => JsFuture::from(promise).await.is_ok(),
            None => false,
        });
    });
    spawn_local(task);
}

/// A plain object of these properties.
pub fn object(properties: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in properties {
        // Setting a property of a fresh plain object cannot fail.
        _ = Reflect::set(&object, &(*name).into(), value);
    }
    object
}

/// Writes a sentence for the page's developer to the console.
pub fn tell_developer(sentence: &str) {
    console_error(&["payment-form: ", sentence].concat());
}

/// Whether the browser believes to be online. A `true` proves nothing; a `false` means that nothing can leave.
pub fn is_online() -> bool {
    NAVIGATOR.with(Navigator::on_line)
}
