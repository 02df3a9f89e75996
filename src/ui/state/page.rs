//! Defines the functions that the form needs from its page.

use crate::ui::{
    platform::transport::{Authorization, LocalBoxFuture},
    state::events::{FormEvent, LookUp},
};

use std::rc::Rc;

/// Looks for the record of an attempt where the server honours no keys. The result is the record as the API writes it, or `None`; the error
/// is a sentence for the page's developer.
pub type Lookup = Rc<dyn Fn(LookUp) -> LocalBoxFuture<Result<Option<String>, String>>>;

/// The page around the form: its credentials, its look-up function, and the receiver of events.
pub struct Page {
    /// The credentials of a request.
    pub authorization: Authorization,
    /// Looks for the record of an attempt.
    pub look_up: Lookup,
    /// The name that distinguishes this form from the others of the page. Draft and attempt are stored under it.
    pub name: String,
    /// Takes an event; `false` cancels a [`FormEvent::Submit`].
    pub notify: Box<dyn Fn(FormEvent) -> bool>,
}
