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
    marker::PhantomData,
    sync::{Arc, PoisonError, RwLock},
};

/// A value's place in the reactive graph.
enum Place {
    /// Set by its owner.
    Set(ArcTrigger),
    /// Computed from other values; the number counts its changes.
    Computed(ArcMemo<u32>),
}

struct Kept {
    place: Place,
    /// An `RwLock<Option<T>>`; empty until it is first computed.
    value: Arc<dyn Any + Send + Sync>,
}

/// A value that the screen follows. A copy is the same value; it lives as long as the owner under which it was made.
pub struct Live<T> {
    kept: StoredValue<Arc<Kept>>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Live<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Live<T> {}

impl<T: Send + Sync + 'static> Live<T> {
    /// A value that its owner sets.
    pub fn of(value: T) -> Self {
        Self::new(Place::Set(ArcTrigger::new()), Arc::new(RwLock::new(Some(value))))
    }

    /// Whether its owner is gone.
    pub fn is_gone(self) -> bool {
        self.kept.is_disposed()
    }

    fn new(place: Place, value: Arc<dyn Any + Send + Sync>) -> Self {
        Self { kept: StoredValue::new(Arc::new(Kept { place, value })), of: PhantomData }
    }

    /// Looks at the value, and follows it. `None` once its owner is gone.
    pub fn try_with<R>(self, look: impl FnOnce(&T) -> R) -> Option<R> {
        look_at(&*reach(self.kept, true)?, look)
    }

    /// Looks at the value without following it. `None` once its owner is gone.
    pub fn try_with_untracked<R>(self, look: impl FnOnce(&T) -> R) -> Option<R> {
        look_at(&*reach(self.kept, false)?, look)
    }

    /// Looks at the value, and follows it. Only for what is drawn under the value's own owner.
    pub fn with<R>(self, look: impl FnOnce(&T) -> R) -> R {
        self.try_with(look).expect("what is drawn is not gone")
    }

    /// Looks at the value without following it. As [`with`](Self::with).
    pub fn with_untracked<R>(self, look: impl FnOnce(&T) -> R) -> R {
        self.try_with_untracked(look).expect("what is drawn is not gone")
    }

    /// Changes the value, and lets everybody know who follows it. `None` once its owner is gone.
    pub fn try_update<R>(self, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let kept = self.kept.try_get_value()?;
        let value: &RwLock<Option<T>> = kept.value.downcast_ref()?;
        let changed = change(value.write().unwrap_or_else(PoisonError::into_inner).as_mut()?);
        if let Place::Set(trigger) = &kept.place {
            trigger.notify();
        }
        Some(changed)
    }

    /// Changes the value, and lets everybody know who follows it; nothing once its owner is gone.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        self.try_update(change);
    }

    /// Replaces the value, and lets everybody know who follows it; nothing once its owner is gone.
    pub fn set(self, value: T) {
        self.update(|old| *old = value);
    }
}

impl<T: Clone + Send + Sync + 'static> Live<T> {
    /// A copy of the value; follows it.
    pub fn get(self) -> T {
        self.with(T::clone)
    }

    /// A copy of the value, which is not followed.
    pub fn get_untracked(self) -> T {
        self.with_untracked(T::clone)
    }
}

/// Brings the value up to date, notes that it is followed, and hands it out.
fn reach(kept: StoredValue<Arc<Kept>>, follows: bool) -> Option<Arc<dyn Any + Send + Sync>> {
    let kept = kept.try_get_value()?;
    match &kept.place {
        Place::Set(trigger) if follows => trigger.track(),
        Place::Set(_) => {}
        // The number itself is of no interest.
        Place::Computed(memo) => drop(if follows { memo.try_get() } else { memo.try_get_untracked() }),
    }
    Some(Arc::clone(&kept.value))
}

fn look_at<T: 'static, R>(value: &(dyn Any + Send + Sync), look: impl FnOnce(&T) -> R) -> Option<R> {
    let value: &RwLock<Option<T>> = value.downcast_ref()?;
    Some(look(value.read().unwrap_or_else(PoisonError::into_inner).as_ref()?))
}

/// A value that is computed anew when something it followed has changed. Who follows it hears of it only when it differs from before, which
/// it is handed.
pub fn computed<T: PartialEq + Send + Sync + 'static>(compute: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Live<T> {
    derived(compute, |old, new| old != new)
}

/// The same for what is dearer to compare than to draw again.
pub fn recomputed<T: Send + Sync + 'static>(compute: impl Fn() -> T + Send + Sync + 'static) -> Live<T> {
    derived(move |_| compute(), |_, _| true)
}

fn derived<T: Send + Sync + 'static>(
    compute: impl Fn(Option<&T>) -> T + Send + Sync + 'static,
    differs: fn(&T, &T) -> bool,
) -> Live<T> {
    let value: Arc<RwLock<Option<T>>> = Arc::default();
    let kept = Arc::clone(&value);
    let versions = versions(Box::new(move || {
        let new = compute(kept.read().unwrap_or_else(PoisonError::into_inner).as_ref());
        let mut old = kept.write().unwrap_or_else(PoisonError::into_inner);
        let is_new = old.as_ref().is_none_or(|old| differs(old, &new));
        if is_new {
            *old = Some(new);
        }
        is_new
    }));
    Live::new(Place::Computed(versions), value)
}

/// Counts the changes of a value that computes itself.
fn versions(compute: Box<dyn Fn() -> bool + Send + Sync>) -> ArcMemo<u32> {
    ArcMemo::new(move |last: Option<&u32>| last.copied().unwrap_or_default().wrapping_add(u32::from(compute())))
}
