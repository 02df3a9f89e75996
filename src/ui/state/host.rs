//! What the form asks of the page around it, and what it tells it: the border that the custom element and a Leptos page share.

use crate::{
    domain::{
        allocation::Allocation,
        draft::Draft,
        money::Money,
        problem::{Field, Problem},
        receipt::{Difference, Receipt},
    },
    submission::State,
};
use rust_decimal::Decimal;
use std::{future::Future, pin::Pin};

/// An answer of the page that may take time.
pub type Asked<T> = Pin<Box<dyn Future<Output = T>>>;

/// Where the form may send, as the page's own script allows it: never an attribute.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// The page's origin.
    pub origin: String,
    /// What relative addresses are relative to.
    pub base: String,
    /// Other origins that may be spoken to.
    pub allowed_origins: Vec<String>,
    /// Whether `Basic` credentials may leave the browser.
    pub allow_basic: bool,
}

/// The page around the form.
pub trait Host {
    /// Takes note of an event. `false` cancels it, where it can be cancelled ([`Announcement::Submit`]).
    fn announce(&self, event: Announcement<'_>) -> bool;

    /// Which origins may be spoken to.
    fn access(&self) -> Access;

    /// The value of the `Authorization` header, asked for every request and never kept.
    ///
    /// # Errors
    /// A sentence for the developer when the page's own callback failed.
    fn authorization(&self) -> Asked<Result<Option<String>, String>> {
        Box::pin(std::future::ready(Ok(None)))
    }

    /// Looks for the record of an attempt where the server honours no keys, and returns it as the API writes it, or nothing.
    ///
    /// # Errors
    /// A sentence for the developer when the page's own callback failed.
    fn look_up(&self, _wanted: LookUp) -> Asked<Result<Option<String>, String>> {
        Box::pin(std::future::ready(Ok(None)))
    }

    /// What tells this form from the others of the page: its text and its attempt are kept under this name.
    fn name(&self) -> String;
}

/// The attempt whose record is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookUp {
    /// Its id.
    pub attempt: String,
    /// The reference as sent.
    pub reference: Option<String>,
    /// The amount as sent.
    pub amount: Decimal,
}

/// What the form tells the page.
#[derive(Clone, Copy, Debug)]
pub enum Announcement<'a> {
    /// It is mounted and usable.
    Ready,
    /// The person changed something.
    Change(Change<'a>),
    /// A payment is about to be sent. Can be cancelled.
    Submit(Submit<'a>),
    /// Another state was entered. Comes before the event that belongs to it.
    State {
        /// Which.
        state: State,
        /// What is true should the form stop now: the sentence that the element shows when the wasm has trapped.
        last_words: &'a str,
    },
    /// The payment exists.
    Recorded {
        /// The record.
        receipt: &'a Receipt,
        /// How it is not what was sent.
        differences: &'a [Difference],
    },
    /// The server decided that there is no payment.
    Rejected {
        /// The HTTP status.
        status: u16,
        /// What was wrong, each with its sentence.
        problems: &'a [(Problem, String)],
    },
    /// Refused before the payment logic.
    Held {
        /// The HTTP status.
        status: Option<u16>,
        /// Seconds to wait, where the server says so.
        retry_after: u64,
    },
    /// There may or may not be a payment.
    Unknown {
        /// The attempt's id.
        attempt: &'a str,
    },
}

/// A change, in totals only: a key costs the same with ten invoices and a hundred thousand.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// What was changed.
    pub field: Field,
    /// What the amount reads as, once it does.
    pub amount: Option<Money>,
    /// The division.
    pub allocation: Option<&'a Allocation>,
    /// Whether it could be sent.
    pub is_valid: bool,
}

/// A payment that is about to be sent.
#[derive(Clone, Copy, Debug)]
pub struct Submit<'a> {
    /// Where to.
    pub url: &'a str,
    /// The body.
    pub body: &'a str,
    /// What was typed.
    pub draft: &'a Draft,
    /// The division.
    pub allocation: Option<&'a Allocation>,
}
