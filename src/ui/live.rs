//! Values that the screen follows, in as little code as can be.
//!
//! Leptos keeps each signal and memo under a type of its own, and the compiler writes all of their machinery again for each: for this form
//! it was a quarter of its weight. Here the reactive graph carries only triggers and version numbers, one kind of each, and the values lie
//! beside it. Who follows what, and when and in which order it is computed, is Leptos' own work.

use leptos::{
    prelude::*,
    reactive::{computed::ArcMemo, signal::ArcTrigger},
};
use std::{
    any::Any,
    cell::RefCell,
    marker::PhantomData,
    rc::Rc,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

thread_local! {
    static HELD: RefCell<Shelf> = const { RefCell::new(Shelf { values: Vec::new(), last: 0 }) };
}

/// What is held for all forms of the page, by number: upwards, as numbers are given out once.
struct Shelf {
    values: Vec<(u32, Rc<dyn Any>)>,
    last: u32,
}

impl Shelf {
    fn place(&self, number: u32) -> Option<usize> {
        self.values.binary_search_by_key(&number, |(other, _)| *other).ok()
    }
}

/// A value that lives as long as the owner under which it was made. A copy is the same value, and no more than its number, because every
/// closure of a drawing has some.
pub struct Held<T> {
    number: u32,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Held<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Held<T> {}

impl<T: 'static> Held<T> {
    /// Holds a value under the present owner.
    pub fn new(value: T) -> Self {
        Self { number: hold(Rc::new(value)), of: PhantomData }
    }

    /// The value. Only for what is drawn under the value's own owner.
    pub fn get(self) -> Rc<T> {
        self.try_get().expect("what is drawn is not gone")
    }

    /// The value; `None` once its owner is gone.
    pub fn try_get(self) -> Option<Rc<T>> {
        find(self.number)?.downcast().ok()
    }

    /// Its number, which no other value ever has on this page.
    pub fn number(self) -> u32 {
        self.number
    }
}

fn hold(value: Rc<dyn Any>) -> u32 {
    let number = HELD.with_borrow_mut(|shelf| {
        shelf.last += 1;
        shelf.values.push((shelf.last, value));
        shelf.last
    });
    on_cleanup(move || {
        // Dropped only when others may be looked for again: what it holds may do so.
        let value = HELD.with_borrow_mut(|shelf| shelf.place(number).map(|place| shelf.values.remove(place)));
        drop(value);
    });
    number
}

fn find(number: u32) -> Option<Rc<dyn Any>> {
    HELD.with_borrow(|shelf| shelf.place(number).map(|place| Rc::clone(&shelf.values[place].1)))
}

/// A value's place in the reactive graph.
enum Place {
    /// Set by its owner.
    Set(ArcTrigger),
    /// Computed from other values; the number counts its changes.
    Computed(ArcMemo<u32>),
}

struct Kept {
    place: Place,
    value: Slot,
}

/// Where a value lies; empty until it is first computed.
type Slot = Arc<Mutex<Option<Arc<Value>>>>;

/// A value that the screen follows. A copy is the same value; it lives as long as the owner under which it was made.
///
/// Values are handed out as clones, so they should be cheap to clone: numbers, and what lies behind an `Arc`.
pub struct Live<T> {
    kept: Held<Kept>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Live<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Live<T> {}

impl<T: Clone + Send + Sync + 'static> Live<T> {
    /// A value that its owner sets.
    pub fn of(value: T) -> Self {
        Self::at(given(Arc::new(value)))
    }

    /// A copy of the value, which from now on is followed. Only for what is drawn under the value's own owner.
    pub fn get(self) -> T {
        self.read(true).expect("what is drawn is not gone")
    }

    /// A copy of the value, which is not followed. As [`get`](Self::get).
    pub fn get_untracked(self) -> T {
        self.read(false).expect("what is drawn is not gone")
    }

    /// A copy of the value, which is not followed. `None` once its owner is gone.
    pub fn try_get_untracked(self) -> Option<T> {
        self.read(false)
    }

    /// Looks at the value, and follows it. As [`get`](Self::get).
    pub fn with<R>(self, look: impl FnOnce(&T) -> R) -> R {
        look(&self.get())
    }

    /// Looks at the value without following it. As [`get`](Self::get).
    pub fn with_untracked<R>(self, look: impl FnOnce(&T) -> R) -> R {
        look(&self.get_untracked())
    }

    /// Changes the value, and lets everybody know who follows it; nothing once its owner is gone.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        if let Some(mut value) = self.read(false) {
            change(&mut value);
            self.set(value);
        }
    }

    /// Replaces the value, and lets everybody know who follows it; nothing once its owner is gone.
    pub fn set(self, value: T) {
        write(self.kept, Arc::new(value));
    }

    /// Whether its owner is gone.
    pub fn is_gone(self) -> bool {
        self.kept.try_get().is_none()
    }

    fn at(kept: Held<Kept>) -> Self {
        Self { kept, of: PhantomData }
    }

    fn read(self, follows: bool) -> Option<T> {
        read(self.kept, follows)?.downcast_ref::<T>().cloned()
    }
}

// What follows has no type of its own to be written out for.

fn given(value: Arc<Value>) -> Held<Kept> {
    Held::new(Kept { place: Place::Set(ArcTrigger::new()), value: Arc::new(Mutex::new(Some(value))) })
}

/// Brings a value up to date, notes that it is followed, and hands it out.
fn read(kept: Held<Kept>, follows: bool) -> Option<Arc<Value>> {
    let kept = kept.try_get()?;
    match &kept.place {
        Place::Set(trigger) if follows => trigger.track(),
        Place::Set(_) => {}
        // The number itself is of no interest.
        Place::Computed(memo) => drop(if follows { memo.try_get() } else { memo.try_get_untracked() }),
    }
    lock(&kept.value).clone()
}

fn write(kept: Held<Kept>, value: Arc<Value>) {
    let Some(kept) = kept.try_get() else { return };
    *lock(&kept.value) = Some(value);
    if let Place::Set(trigger) = &kept.place {
        trigger.notify();
    }
}

fn lock(value: &Slot) -> MutexGuard<'_, Option<Arc<Value>>> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A value that is computed anew when something it followed has changed. Who follows it hears of it only when it differs from before, which
/// it is handed.
pub fn computed<T: Clone + PartialEq + Send + Sync + 'static>(
    compute: impl Fn(Option<&T>) -> T + Send + Sync + 'static,
) -> Live<T> {
    Live::at(derived(Box::new(move |old: Option<&Value>| {
        let old = old.and_then(|old| old.downcast_ref::<T>());
        let new = compute(old);
        let is_new = old != Some(&new);
        is_new.then(|| Arc::new(new) as Arc<Value>)
    })))
}

/// The same for what is dearer to compare than to draw again; `None` where it stays as it is.
pub fn recomputed<T: Clone + Send + Sync + 'static>(compute: impl Fn(bool) -> Option<T> + Send + Sync + 'static) -> Live<T> {
    Live::at(derived(Box::new(move |old: Option<&Value>| compute(old.is_some()).map(|new| Arc::new(new) as Arc<Value>))))
}

/// A value of any type.
type Value = dyn Any + Send + Sync;

/// Computes the next value from the last one; `None` when it is the same. A trait in place of a `dyn Fn`, with which the compiler would write
/// for each closure what else can be done with one.
trait Compute: Send + Sync {
    fn next(&self, old: Option<&Value>) -> Option<Arc<Value>>;
}

impl<F: Fn(Option<&Value>) -> Option<Arc<Value>> + Send + Sync> Compute for F {
    fn next(&self, old: Option<&Value>) -> Option<Arc<Value>> {
        self(old)
    }
}

fn derived(compute: Box<dyn Compute>) -> Held<Kept> {
    let value = Slot::default();
    Held::new(Kept { place: Place::Computed(versions(compute, Arc::clone(&value))), value })
}

/// Counts the changes of a value that computes itself.
fn versions(compute: Box<dyn Compute>, value: Slot) -> ArcMemo<u32> {
    ArcMemo::new(move |last: Option<&u32>| {
        let old = lock(&value).clone();
        let new = compute.next(old.as_deref());
        let is_new = new.is_some();
        if is_new {
            *lock(&value) = new;
        }
        last.copied().unwrap_or_default().wrapping_add(u32::from(is_new))
    })
}
