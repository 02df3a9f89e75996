//! The checks of the test command that are no tests of their own, and the report that counts both.

pub mod budgets;
pub mod dependencies;
pub mod package;
pub mod report;
