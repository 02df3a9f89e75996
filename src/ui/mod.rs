//! Draws the form and takes the person's actions. `platform` speaks to the browser, `state` keeps the signals, `components` draw.
//!
//! A Leptos page uses [`PaymentForm`] and the types of its props, which this module exports.
//!
//! ```no_run
//! use leptos::prelude::*;
//! use payment_form::{
//!     domain::receipt::Receipt,
//!     ui::{PaymentForm, Settings},
//! };
//!
//! #[component]
//! fn Page() -> impl IntoView {
//!     let settings = Settings { confirm: true, ..Settings::default() };
//!     let paid = RwSignal::new(None);
//!     view! {
//!         <PaymentForm
//!             customer=655080
//!             invoices_src="/v1/customers/655080/invoiceSummaries"
//!             settings=settings
//!             on_recorded=move |receipt: Receipt| paid.set(Some(receipt.id))
//!         />
//!         <p>{move || paid.get().map(|id| format!("Thank you. Your payment has the number {id}."))}</p>
//!     }
//! }
//! ```

pub mod platform;

pub mod state;

pub mod components;

mod payment_form;

mod props;

pub use payment_form::{FormRef, PaymentForm};
pub use platform::intl::Sentences;
pub use props::{AuthorizationProp, CustomerProp, ListProp, LookupProp};
pub use state::{
    events::{Change, FormEvent, Held, LookUp, Recorded, Rejected, StateChange, Submit, Unknown},
    form_state::FormState,
    lists::List,
    settings::Settings,
};
