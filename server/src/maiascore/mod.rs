//! MaiaScore's API: records of due items.

pub mod body;
mod list;
pub mod routes;

pub use routes::{create, list, record, resolve};
