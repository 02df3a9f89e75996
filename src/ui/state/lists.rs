//! Holds the lists of invoices and methods, as far as they are known.

use crate::domain::{invoice::Invoice, statement::StoredMethod};
use js_sys::Function;

/// Whether the invoices and methods are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Load {
    /// They are being read.
    Loading,
    /// They are known.
    Ready,
    /// Some could not be read; the person can try again. The console has the reason for the page's developer.
    Failed,
    /// The page gave lists that cannot be read: reading again would not help.
    Refused,
}

/// The payment that the person asked for, while the balances are read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Wish {
    /// The draft.
    Pay,
    /// The draft, although the same payment was sent lately.
    Insist,
    /// The reviewed payment.
    Confirm,
}

/// A list that the host may give in place of an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum List<T> {
    /// The host gives none: the list comes from its address.
    #[default]
    NotGiven,
    /// The entries.
    Known(Vec<T>),
    /// The host gave something that cannot be read. Older entries are not to be trusted then.
    Unreadable,
}

impl<T> List<T> {
    /// The entries, where they are known.
    pub fn entries(self) -> Option<Vec<T>> {
        match self {
            Self::Known(entries) => Some(entries),
            Self::NotGiven | Self::Unreadable => None,
        }
    }
}

/// Both lists as the host gives them.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The invoices, open or not.
    pub invoices: List<Invoice>,
    /// The stored methods.
    pub methods: List<StoredMethod>,
}

/// The lists as far as they are known. One statement is made of both, so the second to arrive makes it.
#[derive(Debug, Default)]
pub(in crate::ui) struct Lists {
    pub invoices: Option<Vec<Invoice>>,
    /// Whether the host gave invoices that cannot be read. Older ones are not to be trusted then.
    pub is_refused: bool,
    /// The same of stored methods.
    pub are_methods_refused: bool,
    pub methods: Option<Vec<StoredMethod>>,
    /// How many addresses are being read, and in which round: an answer of an earlier round is late.
    pub open: u32,
    pub round: u32,
    pub failed: bool,
    /// Whether this round is not waited for any more.
    pub is_given_up: bool,
    /// When the invoices and the methods were last read from their addresses, in milliseconds since 1970.
    pub read_at: Option<u64>,
    pub methods_read_at: Option<u64>,
    /// Whether the page gave invoices and methods in this very task.
    pub just_given: [bool; 2],
    /// When the person was told that the balances could not be read again before sending.
    pub unchecked_at: Option<u64>,
    /// What is to be sent once the balances are read again.
    pub wish: Option<Wish>,
    /// Whether newer lists are here than those that are shown.
    pub is_held_back: bool,
    /// Who waits for the lists.
    pub waiting: Vec<Function>,
    /// Whether the page is to be told that the form is usable, once the lists are there.
    pub greets: bool,
    /// Whether `default` was chosen because no stored methods were known, and not by the person.
    pub is_default_assumed: bool,
}
