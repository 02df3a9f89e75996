//! Takes the lock that all tabs and forms of one scope share, so that one of them pays at a time.
//!
//! The lock is a Web Lock, which the browser releases when a tab closes or crashes. An insecure page has none, so a lease in `localStorage`
//! replaces it, which runs out unless it is renewed. Without a store as well, tabs share no state, and the lock is always free.

use crate::ui::{platform::browser, platform::storage};
use js_sys::{Function, Object, Promise, Reflect};
use std::{cell::Cell, rc::Rc};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["navigator", "locks"], js_name = request, catch)]
    fn request_lock(name: &str, options: &Object, callback: &JsValue) -> Result<Promise, JsValue>;
}

/// The duration of a lease without renewal, in milliseconds. It exceeds a minute, because browsers run timers of hidden tabs once a minute.
const LEASE_DURATION: u64 = 90_000;
const RENEWAL_INTERVAL: u64 = 5_000;

/// The lock while this form has it; dropping it releases the lock.
#[derive(Debug)]
pub enum Lock {
    /// A Web Lock; the function resolves the promise that holds it.
    Web(Function),
    /// A lease, renewed while the cell is true.
    Lease(String, Rc<Cell<bool>>),
    /// Tabs share no state.
    Alone,
}

impl Lock {
    /// Releases a lease when the page is left; otherwise the lease would lock out this page after a reload. The browser releases a Web Lock
    /// itself.
    pub fn leave(&self) {
        if let Self::Lease(name, _) = self {
            storage::remove(storage::local(), name);
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        match self {
            // Resolving a promise cannot throw.
            Self::Web(release) => drop(release.call0(&JsValue::UNDEFINED)),
            Self::Lease(_, is_held) => {
                is_held.set(false);
                self.leave();
            }
            Self::Alone => {}
        }
    }
}

/// Takes the lock if it is free.
pub async fn take(name: &str) -> Option<Lock> {
    match take_web(name).await {
        Ok(lock) => lock,
        Err(_) => take_lease(name),
    }
}

async fn take_web(name: &str) -> Result<Option<Lock>, JsValue> {
    let (mut release, mut held) = (None, None);
    let until_released = Promise::new(&mut |resolve, _| release = Some(resolve));
    let answer = Promise::new(&mut |resolve, _| held = Some(resolve));
    let (Some(release), Some(held)) = (release, held) else { return Ok(None) };
    let options = Object::new();
    // Setting a property of a fresh plain object cannot fail.
    _ = Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE);
    // `Fn` is used although the browser calls it once, because `Closure::once` would add another closure type to the binary.
    let callback = Closure::<dyn Fn(JsValue) -> JsValue>::new(move |lock: JsValue| {
        // The browser holds the lock until the returned promise is resolved.
        let is_free = lock.is_truthy();
        drop(held.call1(&JsValue::UNDEFINED, &is_free.into()));
        if is_free { until_released.clone().into() } else { JsValue::UNDEFINED }
    })
    .into_js_value();
    let request = request_lock(name, &options, &callback)?;
    // Where locks are forbidden the request rejects, and the callback is never called.
    let is_free = JsFuture::from(Promise::race(&js_sys::Array::of2(&answer, &request))).await?;
    Ok(is_free.is_truthy().then_some(Lock::Web(release)))
}

fn take_lease(scope: &str) -> Option<Lock> {
    let name = format!("{scope}:lease");
    let Some(local) = storage::local() else { return Some(Lock::Alone) };
    let until = local.get_item(&name).ok().flatten().and_then(|until| until.parse::<u64>().ok());
    // A lease whose end is too far away was written under another clock, and does not count.
    if until.is_some_and(|until| (browser::now()..browser::now() + 2 * LEASE_DURATION).contains(&until)) {
        return None;
    }
    let is_held = Rc::new(Cell::new(true));
    renew(name.clone(), Rc::clone(&is_held));
    Some(Lock::Lease(name, is_held))
}

fn renew(name: String, is_held: Rc<Cell<bool>>) {
    if is_held.get() {
        storage::write(storage::local(), &name, &(browser::now() + LEASE_DURATION).to_string());
        browser::after(RENEWAL_INTERVAL, move || renew(name, is_held));
    }
}
