//! Holds the checks of the test command that are no tests, and the report that counts checks and tests.

pub mod budgets;
pub mod dependencies;
pub mod package;
pub mod report;
