//! Runs one attempt to pay exactly once: its key, its transaction, its stored answer.

pub mod attempt;
