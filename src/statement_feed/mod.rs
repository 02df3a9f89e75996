//! Keeps the statement up to date: decides which list requests leave, how their answers count, and which balances a payment may use.
//!
//! [`StatementFeed`] is pure: [`Event`]s go in, [`Command`]s come out, and the caller executes them in their order. The caller passes the
//! time. So the browser, the simulator and the tests drive the same code. In scope: the page's own lists, the rounds of list requests,
//! stale lists, and a new round before a payment is sent. An unresolved attempt also holds a newer statement back. Out of scope: the
//! requests themselves (`ui/platform/list_reader.rs`), the text of a list (`api/lists.rs`), and sending
//! ([`submission`](crate::submission)).
//!
//! The caller is a loop that holds one queue. Events that happen while a command is executed wait in the queue, so that no two steps overlap:
//!
//! ```
//! use payment_form::{
//!     domain::check::Checked,
//!     statement_feed::{Command, Event, HostList, List, Load, Sources, StatementFeed, BalanceNotice, PayButton},
//! };
//! use std::{collections::VecDeque, sync::Arc};
//!
//! # fn checked() -> Arc<Checked> {
//! #     use payment_form::domain::amount::Reading;
//! #     Arc::new(Checked { amount: Reading::Empty, amount_due: Reading::Empty, allocation: None, payment: Err(Vec::new()) })
//! # }
//! fn step(feed: &mut StatementFeed, queue: &mut VecDeque<Event>, now: u64) {
//!     while let Some(event) = queue.pop_front() {
//!         for command in feed.apply(event, now) {
//!             match command {
//!                 // Draws the statement and checks the draft on it; the answer is the next event.
//!                 Command::Show(_statement) => {
//!                     let (before, after) = (checked(), checked());
//!                     queue.push_back(Event::Shown { before, after, has_currency: true });
//!                 }
//!                 Command::Read { list: List::Invoices, .. } => { /* GET, then Event::InvoicesAnswered */ }
//!                 Command::Read { list: List::Methods, .. } => { /* GET, then Event::MethodsAnswered */ }
//!                 Command::StartTimeout { .. } => { /* a timer, then Event::RoundTimedOut */ }
//!                 Command::Grant(PayButton::Pay | PayButton::Insist | PayButton::Confirm) => { /* sends */ }
//!                 Command::SetNotice(BalanceNotice::None | BalanceNotice::Unchecked | BalanceNotice::Changed { .. }) => { /* a notice beside Pay */ }
//!                 _ => {}
//!             }
//!         }
//!     }
//! }
//!
//! let sources = Sources { invoices_src: Some("/invoices".into()), ..Sources::default() };
//! let (mut feed, mut queue) = (StatementFeed::new(sources), VecDeque::new());
//! queue.push_back(Event::Started { invoices: HostList::Absent, methods: HostList::Absent });
//! step(&mut feed, &mut queue, 0);
//! assert_eq!(feed.load(), Load::Loading);
//! queue.push_back(Event::InvoicesAnswered { round: 1, result: Ok(Vec::new()) });
//! step(&mut feed, &mut queue, 150);
//! assert_eq!(feed.load(), Load::Ready);
//! assert!(!feed.is_stale(60_150) && feed.is_stale(60_151));
//! ```
//!
//! The rules that it keeps, each of them a test in `tests/core/statement_feed/`:
//!
//! | rule | |
//! | --- | --- |
//! | F1 | A list that the page gave counts before its address, until the page takes the list back or asks for a refresh. |
//! | F2 | An answer of an earlier round, or for a list that is no longer awaited, changes nothing. |
//! | F3 | Each round ends: by its last answer or by its timeout. An answer after the timeout still counts. |
//! | F4 | The lists of another customer, API or address go at once. A given list goes with its customer, unless both came in one task. |
//! | F5 | A list that cannot be read takes the older one away. |
//! | F6 | The statement that an attempt of this page was sent on stays until the attempt is settled. |
//! | F7 | A payment rests on lists that were read at most a minute before the press, or since. Older lists, and those from before a recorded payment, are read again first. |
//! | F8 | A changed balance or share is told, and nothing is sent. A review of it ends. |
//! | F9 | A list that does not come is told, and nothing is sent. The next press within a minute pays by what is shown. |
//! | F10 | A press ends with the state that it was made in, and with the configuration that it was made under. |
//! | F11 | The caller of a refresh is told once: when the lists are there, or are known not to come. |
#![deny(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unreachable,
    clippy::unwrap_used
)]

mod event;
mod feed;
mod feed_list;

pub use event::{BalanceNotice, Command, Event, HostList, List, Load, PayButton, Sources};
pub use feed::{Failures, ROUND_TIMEOUT_MIN, STALE_AFTER, StatementFeed};
