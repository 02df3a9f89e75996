//! Speaks MaiaScore's API: records of due items.

pub mod body;
mod list;
pub mod routes;
mod wire;

pub use routes::{create, list, record, resolve};
