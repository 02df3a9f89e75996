//! The reference server's promises, over real HTTP and real SQLite files.

mod bench;

mod create;
mod credentials;
mod edge;
mod examples;
mod files;
mod hostile;
mod keys;
mod ledger;
mod maiascore;
mod openapi;
mod process;
mod read;
mod rules;
mod schema;
