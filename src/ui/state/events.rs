//! Defines the events that the form sends to its page.

use crate::{
    domain::{
        allocation::Allocation,
        check::Checked,
        date::Date,
        draft::Draft,
        money::Money,
        problem::{Field, Problem},
        receipt::{Difference, Receipt},
    },
    submission::State,
};
use rust_decimal::Decimal;
use std::sync::Arc;

/// An event of the form.
#[derive(Clone, Debug)]
pub enum FormEvent {
    /// The form is mounted and usable.
    Ready,
    /// The person changed something.
    Change(Change),
    /// A payment is about to be sent. The page can cancel it.
    Submit(Submit),
    /// The submission entered another state. This event comes before the one that belongs to the state.
    State(StateChange),
    /// The payment exists.
    Recorded(Box<Recorded>),
    /// The server decided that there is no payment.
    Rejected(Rejected),
    /// The server refused the request before the payment logic.
    Held(Held),
    /// The payment may or may not exist.
    Unknown(Unknown),
}

/// A change of the draft, with totals only, so that a keystroke costs the same with ten and with a hundred thousand invoices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The field that was changed.
    pub field: Field,
    /// The amount that the text is read as, once it is readable.
    pub amount: Option<Money>,
    /// The sum of the shares, where there is an allocation.
    pub allocated: Option<Money>,
    /// The rest that no invoice gets, where there is an allocation.
    pub unallocated: Option<Money>,
    /// True when the draft could be sent.
    pub is_valid: bool,
}

/// A payment that is about to be sent.
#[derive(Clone, Debug)]
pub struct Submit {
    /// The address.
    pub url: String,
    /// The body, byte for byte.
    pub body: String,
    /// The typed texts.
    pub draft: Arc<Draft>,
    /// The checked draft.
    pub checked: Arc<Checked>,
    /// The day of the press, which is the value of an untouched date.
    pub today: Date,
}

impl Submit {
    /// The allocation that is sent; `None` for a due item.
    pub fn allocation(&self) -> Option<&Allocation> {
        self.checked.allocation.as_ref()
    }
}

/// A state that the submission entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateChange {
    /// The state.
    pub state: State,
    /// The sentence that stays true if the form stops now. The custom element shows it after a WebAssembly trap.
    pub last_words: String,
}

/// A payment that exists.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The server's record.
    pub receipt: Receipt,
    /// Every way in which the record differs from the request.
    pub differences: Vec<Difference>,
}

/// A payment that the server refused.
#[derive(Clone, Debug)]
pub struct Rejected {
    /// The HTTP status.
    pub status: u16,
    /// Every problem with its sentence.
    pub problems: Vec<(Problem, String)>,
}

/// A request that the server refused before the payment logic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// The seconds to wait, as far as the server names them.
    pub retry_after: u64,
}

/// A payment whose outcome is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The attempt's id, which is its idempotency key.
    pub attempt: String,
}

/// The attempt that a look-up function is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookUp {
    /// The attempt's id.
    pub attempt: String,
    /// The reference as sent.
    pub reference: Option<String>,
    /// The amount as sent.
    pub amount: Decimal,
}
