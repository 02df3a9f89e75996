//! Speaks to the browser: requests, storage, locks, focus, time and number formats.

pub mod browser;
pub mod focus;
pub mod intl;
pub mod list_reader;
pub mod storage;
pub mod tab_lock;
pub mod transport;
