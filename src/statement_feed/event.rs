//! Names what happens to the feed, and what the feed asks for.

use crate::{
    api::Api,
    domain::{
        balance_change::Change,
        check::Checked,
        invoice::{CustomerId, Invoice},
        money::Currency,
        statement::{Statement, StoredMethod},
    },
    submission::State,
};
use std::sync::Arc;

/// The part of the host's configuration that decides where the lists come from, and whose they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// The API that is spoken.
    pub api: Api,
    /// The customer who owes.
    pub customer: Option<CustomerId>,
    /// The currency that the host names.
    pub currency: Option<Currency>,
    /// The address of the invoices.
    pub invoices_src: Option<String>,
    /// The address of the stored methods.
    pub methods_src: Option<String>,
    /// The configured `timeout` in milliseconds. A round of requests may take [`PATIENCE_MIN`](super::PATIENCE_MIN) in any case.
    pub timeout: u64,
}

/// One of the two lists of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum List {
    /// The invoices, open or not.
    Invoices,
    /// The stored methods.
    Methods,
}

/// A list as the page gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Given<T> {
    /// No list: the list of its address counts, if there is one.
    #[default]
    Nothing,
    /// A list, which may be empty.
    List(Vec<T>),
    /// A list that cannot be read. The page's developer was told why.
    Unreadable,
}

/// Whether what is owed is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Load {
    /// Being asked for.
    #[default]
    Loading,
    /// Known.
    Ready,
    /// Could not all be had; the person can try again. The reason is for the page's developer, whose console has it.
    Failed,
    /// The page gave invoices or methods that cannot be read: asking again would not help.
    Refused,
}

/// What the person wants to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wish {
    /// What they typed.
    Pay,
    /// The same, although it was sent lately.
    Insist,
    /// What they reviewed.
    Confirm,
}

impl Wish {
    /// Whether the button of this wish is there in this state.
    pub fn fits(self, state: State) -> bool {
        match self {
            Self::Confirm => state == State::Reviewing,
            Self::Pay | Self::Insist => matches!(state, State::Ready | State::Rejected),
        }
    }
}

/// The notice about balances that stands beside Pay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Told {
    /// No notice.
    #[default]
    Nothing,
    /// Balances, or shares of the payment, are not as they were when the person pressed or reviewed. Nothing was sent.
    Changed {
        /// Every invoice whose balance is another.
        balances: Vec<Change>,
        /// Every invoice that gets another share of the same payment.
        shares: Vec<Change>,
    },
    /// The balances could not be read again. Nothing was sent.
    Unchecked,
}

/// An event of the page, the person, the network or the clock. Presses that do not fit the state are ignored, so that a caller cannot get this
/// wrong.
#[derive(Clone, Debug)]
pub enum Event {
    /// The form comes up with these lists. First of all events.
    Started {
        /// The invoices.
        invoices: Given<Invoice>,
        /// The stored methods.
        methods: Given<StoredMethod>,
    },
    /// The page wants to be told when the form is usable.
    Mounted {
        /// Whether the form knows the currency, without which there is nothing to fill in.
        has_currency: bool,
    },
    /// The page configured the form anew.
    Configured(Sources),
    /// The page gave other invoices, or took them back.
    GivenInvoices(Given<Invoice>),
    /// The page gave other stored methods, or took them back.
    GivenMethods(Given<StoredMethod>),
    /// The answer to [`Command::AwaitTaskEnd`].
    TaskEnded,
    /// The page or the person wants both lists read again from their addresses.
    Refresh,
    /// The invoices of a round came, or are known not to come; the error is a sentence for the page's developer.
    InvoicesAnswered {
        /// The round of [`Command::Read`].
        round: u32,
        /// The invoices of all pages.
        result: Result<Vec<Invoice>, String>,
    },
    /// The stored methods of a round came, or are known not to come.
    MethodsAnswered {
        /// The round of [`Command::Read`].
        round: u32,
        /// The stored methods of all pages.
        result: Result<Vec<StoredMethod>, String>,
    },
    /// The answer to [`Command::StartPatience`].
    PatienceOver {
        /// The round that has lasted too long, if it still lasts.
        round: u32,
    },
    /// The answer to [`Command::Show`].
    Shown {
        /// The answer to the draft on the statement before.
        before: Arc<Checked>,
        /// The answer to the draft on this statement.
        after: Arc<Checked>,
        /// Whether the form knows the currency.
        has_currency: bool,
    },
    /// The person pressed a button that pays.
    Pressed {
        /// The button.
        wish: Wish,
        /// Whether the draft is a payment.
        is_payable: bool,
        /// Whether the browser believes to be online.
        online: bool,
    },
    /// The submission machine entered a state.
    Entered {
        /// The state.
        state: State,
        /// Whether the attempt was sent by a page before this one, on balances that are not known here.
        is_restored: bool,
    },
    /// The server refused a payment, because of a balance that has changed meanwhile, perhaps.
    Refused,
    /// The configuration changed under a press.
    Withdrawn,
    /// A fresh form is wanted.
    Reset,
}

/// A command that the caller executes, in the order given.
#[derive(Clone, Debug)]
pub enum Command {
    /// Read all pages of this address; answer with [`Event::InvoicesAnswered`] or [`Event::MethodsAnswered`].
    Read {
        /// The round.
        round: u32,
        /// The list.
        list: List,
        /// The address.
        url: String,
    },
    /// Answer with [`Event::PatienceOver`] after this time, whatever becomes of any request.
    StartPatience {
        /// The round.
        round: u32,
        /// Milliseconds from now.
        ms: u64,
    },
    /// Answer with [`Event::TaskEnded`] when the present task of the page is over.
    AwaitTaskEnd,
    /// Set the load.
    SetLoad(Load),
    /// Show this statement, check the draft on it, and answer with [`Event::Shown`] before any other event.
    Show(Arc<Statement>),
    /// Set whether the balances are being read again before a payment is sent: the fields are locked meanwhile.
    SetRereading(bool),
    /// Set the notice about balances.
    Tell(Told),
    /// Send what the person wants.
    Grant(Wish),
    /// Lead back from the review to editing.
    EndReview,
    /// Show the problems of the draft and take the person there.
    ShowProblems,
    /// Tell the page that the form is usable.
    AnnounceReady,
    /// Resolve the promises of all who await a refresh.
    ResolveRefreshes,
    /// Tell the page's developer.
    Warn(String),
}
