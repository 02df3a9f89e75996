//! Defines the props that take a value or a signal of it, and those that take an asynchronous function.

use crate::{
    domain::invoice::CustomerId,
    ui::{
        platform::transport::Authorization,
        state::{events::LookUp, lists::List, page::Lookup},
    },
};
use leptos::prelude::*;
use std::{future::Future, rc::Rc};

/// The customer who owes: an id, or a signal of one.
#[derive(Clone, Copy, Default)]
pub struct CustomerProp(pub(super) Signal<Option<CustomerId>>);

impl From<u32> for CustomerProp {
    /// A positive number is an id; zero names no customer.
    fn from(id: u32) -> Self {
        Self(Signal::stored(CustomerId::new(id.into())))
    }
}

impl From<i32> for CustomerProp {
    /// A positive number is an id; any other names no customer.
    fn from(id: i32) -> Self {
        Self(Signal::stored(CustomerId::new(id.into())))
    }
}

impl From<CustomerId> for CustomerProp {
    fn from(id: CustomerId) -> Self {
        Self(Signal::stored(Some(id)))
    }
}

impl From<Option<CustomerId>> for CustomerProp {
    fn from(id: Option<CustomerId>) -> Self {
        Self(Signal::stored(id))
    }
}

/// Takes each kind of signal that Leptos gives a page.
macro_rules! from_signals {
    ($($signal:ident)*) => {$(
        impl From<$signal<CustomerId>> for CustomerProp {
            fn from(id: $signal<CustomerId>) -> Self {
                Self(Signal::derive(move || Some(id.get())))
            }
        }

        impl From<$signal<Option<CustomerId>>> for CustomerProp {
            fn from(id: $signal<Option<CustomerId>>) -> Self {
                Self(Signal::derive(move || id.get()))
            }
        }

        impl<T: Clone + Send + Sync + 'static> From<$signal<Vec<T>>> for ListProp<T> {
            fn from(entries: $signal<Vec<T>>) -> Self {
                Self(Signal::derive(move || List::Known(entries.get())))
            }
        }
    )*};
}

from_signals!(Signal RwSignal ReadSignal Memo);

/// A list of the host: entries, or a signal of them. Without this prop the list comes from its address.
#[derive(Clone, Copy)]
pub struct ListProp<T: Send + Sync + 'static>(pub(super) Signal<List<T>>);

impl<T: Clone + Send + Sync + 'static> Default for ListProp<T> {
    fn default() -> Self {
        Self(Signal::stored(List::NotGiven))
    }
}

impl<T: Clone + Send + Sync + 'static> From<Vec<T>> for ListProp<T> {
    fn from(entries: Vec<T>) -> Self {
        Self(Signal::stored(List::Known(entries)))
    }
}

impl<T: Clone + Send + Sync + 'static> From<List<T>> for ListProp<T> {
    fn from(list: List<T>) -> Self {
        Self(Signal::stored(list))
    }
}

impl<T: Clone + Send + Sync + 'static> From<Signal<List<T>>> for ListProp<T> {
    fn from(list: Signal<List<T>>) -> Self {
        Self(list)
    }
}

/// Gives the `Authorization` header of a request, `Bearer <token>`: a closure that returns a future.
///
/// The form calls the closure for every request and keeps no value. `None` sends no header; the error is a sentence for the page's developer.
#[derive(Clone, Default)]
pub struct AuthorizationProp(pub(super) Option<Authorization>);

impl<F, Credentials> From<F> for AuthorizationProp
where
    F: Fn() -> Credentials + 'static,
    Credentials: Future<Output = Result<Option<String>, String>> + 'static,
{
    fn from(ask: F) -> Self {
        Self(Some(Rc::new(move || Box::pin(ask()))))
    }
}

/// Looks for the record of an attempt where the server honours no keys: a closure that returns a future.
///
/// The result is the record as the API writes it, or `None`; the error is a sentence for the page's developer.
#[derive(Clone, Default)]
pub struct LookupProp(pub(super) Option<Lookup>);

impl<F, Record> From<F> for LookupProp
where
    F: Fn(LookUp) -> Record + 'static,
    Record: Future<Output = Result<Option<String>, String>> + 'static,
{
    fn from(look_up: F) -> Self {
        Self(Some(Rc::new(move |wanted| Box::pin(look_up(wanted)))))
    }
}
