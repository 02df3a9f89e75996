//! The reference backend of `payment-form`: Fusebill's and MaiaScore's payment APIs over one SQLite file.
//!
//! In scope: the routes that `README.md` lists, decided by the same domain crate as the form. A request goes through [`edge`] (host, headers, log),
//! [`gate`] (credentials, rate limit, size and type) and [`attempt`] (idempotency, one transaction) before an API's own rules see it.
//! Out of scope, on purpose: moving real money, TLS, and editing customers, invoices or methods.

pub mod answer;
pub mod app;
pub mod attempt;
pub mod bench;
pub mod clock;
pub mod config;
pub mod credentials;
pub mod edge;
pub mod faults;
pub mod fusebill;
pub mod gate;
pub mod hash;
pub mod idempotency;
pub mod ledger;
pub mod maiascore;
pub mod query;
pub mod rate_limit;
pub mod refusal;
pub mod relaxed_json;
pub mod serve;
pub mod session;
pub mod static_files;
pub mod working;
