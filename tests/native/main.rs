//! Native tests of the core.

mod amount;
mod campaign;
