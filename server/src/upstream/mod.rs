//! Hands payments on to a vendor who knows no idempotency keys, each exactly once.
//!
//! [`reconciliation`](crate::reconciliation) decides. [`attempt`], [`exchange`] and `outcome` run the decisions against the ledger and the
//! [`vendor`](crate::vendor); `fusebill` and `maiascore` hold the differences between the two vendors. [`lists`] passes reads on, and [`staff`] shows
//! and settles attempts whose outcome is not known.

pub mod attempt;
mod caller;
pub mod exchange;
mod fusebill;
pub mod lists;
mod maiascore;
mod outcome;
mod outgoing_payment;
pub mod staff;
