//! Hands payments on to a vendor who knows no idempotency keys, each exactly once.
//!
//! [`stage`] and [`attribution`] decide, without clock, network or database. [`attempt`], [`exchange`] and `outcome` run the decisions against the
//! ledger and the [`vendor`]; `fusebill` and `maiascore` hold the differences between the two vendors. [`lists`] passes reads on, and [`staff`] shows
//! and settles attempts whose outcome is not known.

pub mod attempt;
pub mod attribution;
mod caller;
pub mod exchange;
mod fusebill;
pub mod list_cache;
pub mod lists;
mod maiascore;
mod outcome;
mod outgoing_payment;
pub mod staff;
pub mod stage;
pub mod vendor;
