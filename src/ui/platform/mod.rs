//! Speaks to the browser: requests, storage, locks, focus, scrolling, time and formats.

pub mod browser;
pub mod composition;
pub mod focus;
pub mod input;
pub mod intl;
pub mod scroll;
pub mod storage;
#[cfg(not(feature = "element"))]
pub mod stylesheet;
pub mod transport;

pub mod list_reader;
pub mod tab_lock;
