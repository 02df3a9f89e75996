//! Draws the form and takes the person's actions. `platform` speaks to the browser, `state` keeps the signals, `components` draw.
//!
//! A Leptos page uses [`PaymentForm`] and the types of its props, which this module exports.

pub mod platform;

pub mod state;

pub mod components;

mod payment_form;

mod props;

pub use payment_form::{FormRef, PaymentForm};
pub use platform::{
    intl::Sentences,
    transport::{Authorization, Later},
};
pub use props::{CustomerProp, ListProp};
pub use state::{
    events::{Change, FormEvent, Held, LookUp, Recorded, Rejected, StateChange, Submit, Unknown},
    form_state::FormState,
    lists::List,
    page::Lookup,
    settings::Settings,
};
