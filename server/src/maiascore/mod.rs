//! MaiaScore's API: records of due items.

mod body;
mod list;
pub mod routes;

pub use routes::{create, list, record, resolve};
