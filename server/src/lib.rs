//! Serves Fusebill's and MaiaScore's payment APIs as the reference backend: over SQLite or PostgreSQL, or in front of the vendor.
//!
//! In scope: the routes that `README.md` lists, decided by the same domain crate as the form. An API's own rules see a request
//! only after [`middleware`] (host, headers, log, credentials, rate limit), [`body`] (size and type) and [`payments`]
//! (idempotency, one transaction). [`reconciliation`] and [`upstream`] take the place of the rules before a vendor. Rooms form no
//! circle: what two of them need stands in a room of its own. Out of scope, on purpose: moving real money, TLS, and editing customers, invoices or methods.

pub mod activity;
pub mod auth;
pub mod body;
pub mod clock;
pub mod config;
pub mod dev;
pub mod error;
pub mod faults;
pub mod fusebill;
pub mod hash;
pub mod idempotency;
pub mod in_flight;
pub mod ledger;
pub mod maiascore;
pub mod metrics;
pub mod middleware;
pub mod pages;
pub mod payments;
pub mod query;
pub mod readiness;
pub mod reconciliation;
pub mod relaxed_json;
pub mod response;
pub mod routes;
pub mod scrape;
pub mod serve;
pub mod state;
pub mod static_files;
pub mod telemetry;
pub mod upstream;
pub mod vendor;
