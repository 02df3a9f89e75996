//! Names everything that the form asks of the page around it.

use crate::ui::{
    platform::transport::{Authorization, Later},
    state::events::{FormEvent, LookUp},
};

use std::rc::Rc;

/// Looks for the record of an attempt where the server honours no keys. The answer is the record as the API writes it, or nothing; the error is a
/// sentence for the page's developer.
pub type Lookup = Rc<dyn Fn(LookUp) -> Later<Result<Option<String>, String>>>;

/// The page around the form: what it allows, what it answers, and where it is told of events.
pub struct Page {
    /// The credentials of a request.
    pub authorization: Authorization,
    /// Looks for the record of an attempt.
    pub look_up: Lookup,
    /// The name that tells this form from the others of the page. Draft and attempt are stored under it.
    pub name: String,
    /// Takes an event; `false` cancels a [`FormEvent::Submit`].
    pub notify: Box<dyn Fn(FormEvent) -> bool>,
}
