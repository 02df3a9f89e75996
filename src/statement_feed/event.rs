//! Lists the events that the feed takes in, and the commands that it gives.

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

/// The part of the host's configuration that decides where the lists come from, and which customer they belong to.
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
    /// The configured `timeout` in milliseconds. A round of requests may take [`ROUND_TIMEOUT_MIN`](super::ROUND_TIMEOUT_MIN) in any case.
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
pub enum HostList<T> {
    /// No list: the list of its address counts, if there is one.
    #[default]
    Absent,
    /// A list, which may be empty.
    List(Vec<T>),
    /// A list that cannot be read. The reason is in the developer's console.
    Unreadable,
}

/// The progress of loading the lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Load {
    /// A request for a list is under way.
    #[default]
    Loading,
    /// Known.
    Ready,
    /// A list could not be loaded; the person can try again. The reason is in the developer's console.
    Failed,
    /// The page gave invoices or methods that cannot be read, so another try would not help.
    Refused,
}

/// The button that the person pressed to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PayButton {
    /// Pay: the typed payment.
    Pay,
    /// Pay all the same, although the same payment was sent lately.
    Insist,
    /// Confirm: the reviewed payment.
    Confirm,
}

impl PayButton {
    /// Tells whether the form shows this button in this state.
    pub fn fits(self, state: State) -> bool {
        match self {
            Self::Confirm => state == State::Reviewing,
            Self::Pay | Self::Insist => matches!(state, State::Ready | State::Rejected),
        }
    }
}

/// The notice about balances that stands beside Pay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum BalanceNotice {
    /// No notice.
    #[default]
    None,
    /// Balances or shares changed since the person pressed or reviewed. No payment was sent.
    Changed {
        /// Every invoice whose balance is another.
        balances: Vec<Change>,
        /// Every invoice that gets another share of the same payment.
        shares: Vec<Change>,
    },
    /// The balances could not be read again. No payment was sent.
    Unchecked,
}

/// An event of the page, the person, the network or the clock. The feed ignores presses that do not fit the state.
#[derive(Clone, Debug)]
pub enum Event {
    /// The form is mounted with these lists. This event is the first.
    Started {
        /// The invoices.
        invoices: HostList<Invoice>,
        /// The stored methods.
        methods: HostList<StoredMethod>,
    },
    /// The page wants to be told when the form is usable.
    Mounted {
        /// True when the form knows the currency, without which it draws no fields.
        has_currency: bool,
    },
    /// The page configured the form anew.
    Configured(Sources),
    /// The page gave other invoices, or took them back.
    HostInvoices(HostList<Invoice>),
    /// The page gave other stored methods, or took them back.
    HostMethods(HostList<StoredMethod>),
    /// The answer to [`Command::AwaitTaskEnd`].
    TaskEnded,
    /// The page or the person wants both lists read again from their addresses.
    Refresh,
    /// The invoices of a round arrived or failed; the error is a sentence for the page's developer.
    InvoicesAnswered {
        /// The round of [`Command::Read`].
        round: u32,
        /// The invoices of all pages.
        result: Result<Vec<Invoice>, String>,
    },
    /// The stored methods of a round arrived or failed.
    MethodsAnswered {
        /// The round of [`Command::Read`].
        round: u32,
        /// The stored methods of all pages.
        result: Result<Vec<StoredMethod>, String>,
    },
    /// The answer to [`Command::StartTimeout`].
    RoundTimedOut {
        /// The round whose time is over, if it is not finished yet.
        round: u32,
    },
    /// The answer to [`Command::Show`].
    Shown {
        /// The answer to the draft on the statement before.
        before: Arc<Checked>,
        /// The answer to the draft on this statement.
        after: Arc<Checked>,
        /// True when the form knows the currency.
        has_currency: bool,
    },
    /// The person pressed a button that pays.
    Pressed {
        /// The button.
        button: PayButton,
        /// True when the draft is a payment.
        is_payable: bool,
        /// True when the browser believes to be online.
        online: bool,
    },
    /// The submission machine entered a state.
    Entered {
        /// The state.
        state: State,
        /// True when an earlier page sent the attempt, on balances that this page does not know.
        is_restored: bool,
    },
    /// The server refused a payment, perhaps because a balance changed.
    Refused,
    /// The configuration changed under a press.
    Withdrawn,
    /// The page or the person resets the form.
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
    /// Answer with [`Event::RoundTimedOut`] after this time, independent of any request.
    StartTimeout {
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
    /// Set the flag that balances are being read again before a payment is sent. It locks the fields.
    SetRereading(bool),
    /// Set the notice about balances.
    SetNotice(BalanceNotice),
    /// Send the payment of this press.
    Grant(PayButton),
    /// Lead back from the review to editing.
    EndReview,
    /// Show the problems of the draft and take the person there.
    ShowProblems,
    /// Tell the page that the form is usable.
    AnnounceReady,
    /// Resolve the promises of all callers who await a refresh.
    ResolveRefreshes,
    /// Tell the page's developer.
    Warn(String),
}
