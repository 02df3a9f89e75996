//! Sends a payment exactly once, and never claims more about it than is known.
//!
//! With a server that honours `Idempotency-Key` no attempt pays twice. With another server the form itself sends once, but the browser and
//! the network below it may repeat a request. The form never says that a payment failed when it may exist.
//!
//! The [`Machine`] is pure: [`Event`]s go in, [`Command`]s come out, and the caller executes them in their order. The caller passes the
//! time and fresh keys. So the browser, the simulator and the tests drive the same code. In scope: the decision which request may leave and
//! when, and the facts that may be stated. Out of scope: the request's text and the outcome of an answer (`api`), the sentences (`words`),
//! and the requests themselves (`ui/platform/transport.rs`).
//!
//! The rules that it keeps, each of them a test in `tests/core/submission/{rules,responses}.rs`:
//!
//! | rule | |
//! | --- | --- |
//! | R1 | The key is minted once per intent, after the local check. |
//! | R2 | The body is written once; the same bytes are sent again for ever, under the same key. |
//! | R3 | The attempt is stored before the request leaves; where that fails, the form says so and sends. |
//! | R4 | While a key is unresolved no other is used in its scope: a lock is held. |
//! | R5 | A key is resolved by a record, also one found by look-up, by a refusal, or by the answer of the resolve call. A refusal counts in the API's own shape; under our key it counts in any shape. |
//! | R6 | No other event resolves a key. |
//! | R7 | The HTTP status decides the class of an answer (`api` keeps this one); the server's words are kept, also where the outcome stays open. |
//! | R8 | A record that differs from what was sent is ours only when the reply echoes the key. |
//! | R9 | A late answer to an earlier send still counts. Only a new send of the same bytes cancels one, and the end of its attempt. |
//! | R10 | A timer that does not depend on the request moves on to unknown. |
//! | R11 | Leaving the page asks, as long as a key is unresolved. |
//! | R12 | A second press finds the guard set before anything is awaited; a reset is refused while a key is unresolved. |
#![deny(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unreachable,
    clippy::unwrap_used
)]

mod attempt;
mod duplicate;
mod event;
mod machine;
mod reference_marker;
mod settings;
mod state;
mod stored_attempt;
mod stored_draft;

pub use duplicate::{Duplicate, Fingerprint, RECENT_FOR, RecentPayments, ReferenceMatch};
pub use event::{Command, Event, Intent, Resolve, Send};
pub use machine::{Machine, view::View};
pub use reference_marker::{reference_marker, with_reference_marker};
pub use settings::{KEY_AGE_MAX, Keys, Settings};
pub use state::{Notice, State};
pub use stored_attempt::{Protection, RestoredAttempt, StoredAttempt};
pub use stored_draft::{EntryNames, draft_text, read_draft};
