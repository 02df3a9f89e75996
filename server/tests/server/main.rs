//! Tests the reference server's promises, over real HTTP and real SQLite files.

mod bench;
#[path = "../../../tests/fuzz/corpus.rs"]
mod corpus;
#[path = "../../../tests/fuzz/mutate.rs"]
mod mutate;
#[path = "../../../tests/random.rs"]
mod random;

mod config;
mod connections;
mod copies;
mod create;
mod credentials;
mod deployment;
mod documents;
mod embedded;
mod endings;
mod examples;
mod failed_logins;
mod files;
mod fuzz;
mod history;
mod hostile;
mod http;
mod identity;
mod keys;
mod ledger;
mod log;
#[cfg(unix)]
mod lost_commit;
mod maiascore;
mod middleware;
mod network;
mod openapi;
mod postgres;
mod preview;
mod process;
mod proxies;
mod read;
mod reset;
mod rules;
mod schema;
mod upstream;
mod upstream_campaigns;
mod upstream_equal;
mod upstream_late;
mod upstream_looks;
mod upstream_maiascore;
mod upstream_routes;
mod upstream_staff;
