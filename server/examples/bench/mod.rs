//! Starts the server over each store for the programs that measure it.

use payment_form_server::{
    config::Config,
    ledger::{
        Location,
        backend::Backend,
        postgres::{DatabaseUrl, Postgres},
        sqlite::Sqlite,
    },
    serve::Server,
};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

/// The stores to measure: SQLite in this file, and the PostgreSQL database of DATABASE_URL where it is set.
pub fn stores(db: PathBuf) -> Vec<(&'static str, Location)> {
    let mut stores = vec![("SQLite", Location::File(db))];
    if let Ok(url) = std::env::var("DATABASE_URL") {
        stores.push(("PostgreSQL", Location::Database(DatabaseUrl::new(&url).expect("an address"))));
    }
    stores
}

/// Starts the demo server in this process and returns its address.
pub async fn serve(folder: &Path, location: &Location) -> SocketAddr {
    let config = Config { demo: true, port: 0, rate_limit: 0, quiet: true, ..Config::default() };
    let session_key_file = Some(folder.join("session-key"));
    let config = match location.clone() {
        Location::File(db) => Config { db, session_key_file, ..config },
        Location::Database(url) => Config { database: Some(url), session_key_file, ..config },
    };
    let server = Server::bind(config).await.expect("the server starts");
    let address = server.address();
    tokio::spawn(server.run(std::future::pending()));
    address
}

/// Opens the ledger beside the server.
pub fn backend(location: &Location) -> Box<dyn Backend> {
    match location {
        Location::File(path) => Box::new(Sqlite::existing(path).expect("the ledger")),
        Location::Database(url) => Box::new(Postgres::connect(url).expect("the ledger")),
    }
}
