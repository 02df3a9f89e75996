//! Starts a server for each test over a ledger of its own.

use payment_form::{
    api::Api,
    domain::{
        amount::Separators,
        date::Date,
        invoice::{CustomerId, Invoice},
        money::Currency,
        payment::{AllocationWire, Kind, Source},
        payment_order::DateField,
        terms::{OfferedMethods, Terms},
    },
};
use payment_form_server::{
    config::Config,
    ledger::{
        Location,
        backend::{Backend, Session},
        customers::{self, Customer},
        postgres::{DatabaseUrl, Postgres},
        sql::{self, Sql},
        sqlite::Sqlite,
    },
    serve::Server,
};
use rusqlite::Connection;
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    thread::JoinHandle,
    time::Duration,
};
use tokio::sync::oneshot;

pub use super::http::{Ask, Reply};

/// The day that every test takes for today.
pub const TODAY: &str = "2026-11-20";

/// The terms of a staff form for this customer in dollars, today.
pub fn staff_terms(customer: CustomerId) -> Terms {
    Terms {
        kind: Kind::OnAccount,
        currency: Currency::from_code("USD").unwrap(),
        separators: Separators::ENGLISH,
        sign: String::new(),
        decimals_max: Api::Fusebill.decimals_max(),
        min: None,
        max: None,
        today: Date::parse(TODAY).unwrap(),
        customer: Some(customer),
        source: Source::Manual,
        offered: OfferedMethods::for_source(Source::Manual),
        order_by: DateField::Due,
        wire: AllocationWire::Explicit,
    }
}

/// All invoices of a customer, paid ones too, by due date.
pub fn all_invoices(ledger: &mut dyn Sql, customer: &Customer) -> Vec<Invoice> {
    let statement = format!("SELECT {} FROM invoices WHERE customer_id = $1 ORDER BY due_on, id", customers::INVOICE);
    let rows = ledger.rows(&statement, &[customer.id.number().into()]).unwrap();
    rows.iter().map(|row| customers::read_invoice(row, customer.currency).unwrap()).collect()
}

/// A directory that is gone with the test.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("payment-form-server-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The database in which the tests keep their ledgers; without it each ledger is a SQLite file. `cargo xtask test` sets it.
pub fn database() -> Option<String> {
    std::env::var("PAYMENT_FORM_TEST_DATABASE_URL").ok()
}

/// The address of a new, empty schema in the tests' database.
pub fn schema(database: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let mut session = Postgres::connect(&DatabaseUrl::new(database).unwrap()).unwrap().writer().unwrap();
    session.run(&format!("CREATE SCHEMA {name}"), &[]).unwrap();
    let mark = if database.contains('?') { '&' } else { '?' };
    format!("{database}{mark}options=-c%20search_path%3D{name}")
}

/// A connection of a test's own, beside the servers.
pub fn session(location: &Location) -> Box<dyn Session> {
    match location {
        Location::File(path) => Sqlite::existing(path).unwrap().writer().unwrap(),
        Location::Database(url) => Postgres::connect(url).unwrap().writer().unwrap(),
    }
}

/// A value of a row, as the tests compare it.
pub trait Column {
    fn of(value: &sql::Value) -> Self;
}

impl Column for i64 {
    fn of(value: &sql::Value) -> Self {
        match value {
            sql::Value::Int(number) => *number,
            other => panic!("{other:?} is no number"),
        }
    }
}

impl Column for String {
    fn of(value: &sql::Value) -> Self {
        match value {
            sql::Value::Text(text) => text.clone(),
            other => panic!("{other:?} is no text"),
        }
    }
}

/// A running server.
pub struct Bench {
    pub address: SocketAddr,
    pub folder: Folder,
    pub location: Location,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Bench {
    pub fn start() -> Self {
        Self::with(|_, _| ())
    }

    /// A server over a SQLite file, for what is true of files only.
    pub fn over_file() -> Self {
        Self::over(None, |_, _| ())
    }

    /// `change` may configure it otherwise.
    pub fn with(change: impl FnOnce(&mut Config, &Path)) -> Self {
        Self::over(database().map(|database| DatabaseUrl::new(&schema(&database)).unwrap()), change)
    }

    /// Another server over the ledger of this one.
    pub fn beside(&self, change: impl FnOnce(&mut Config, &Path)) -> Self {
        let location = self.location.clone();
        Self::over(None, move |config, folder| {
            match location {
                Location::File(path) => config.db = path,
                Location::Database(url) => config.database = Some(url),
            }
            change(config, folder);
        })
    }

    /// A server over this database, or over a file of its own.
    pub fn over(database: Option<DatabaseUrl>, change: impl FnOnce(&mut Config, &Path)) -> Self {
        let folder = Folder::new();
        let mut config = Config {
            port: 0,
            db: folder.path().join("ledger.sqlite"),
            database,
            today: Date::parse(TODAY),
            quiet: true,
            // The tests fail to sign in more often than people do.
            failed_logins: 0,
            ..Config::default()
        };
        change(&mut config, folder.path());
        config.demo = !config.has_credentials();
        let location = config.location();
        let (sender, receiver) = mpsc::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            runtime.block_on(async {
                let server = Server::bind(config).await.unwrap();
                sender.send(server.address()).unwrap();
                let _ = server.run(async { drop(stopped.await) }).await;
            });
        });
        let address = receiver.recv().expect("the server starts");
        Self { address, folder, location, stop: Some(stop), thread: Some(thread) }
    }

    /// The ledger's file, opened beside a server [over a file](Self::over_file).
    pub fn ledger(&self) -> Connection {
        let Location::File(path) = &self.location else { panic!("this ledger is no file") };
        let ledger = Connection::open(path).unwrap();
        ledger.busy_timeout(Duration::from_secs(5)).unwrap();
        ledger
    }

    /// One value of the ledger.
    pub fn value<T: Column>(&self, statement: &str) -> T {
        self.value_with(statement, &[])
    }

    /// One value of the ledger, of a statement with parameters.
    pub fn value_with<T: Column>(&self, statement: &str, values: &[sql::Value]) -> T {
        let rows = self.session().rows(statement, values).unwrap();
        T::of(&rows.first().expect("a row").0[0])
    }

    /// Changes the ledger beside the server.
    pub fn execute(&self, statement: &str) {
        self.session().run(statement, &[]).unwrap();
    }

    fn session(&self) -> Box<dyn Session> {
        session(&self.location)
    }

    /// The number of payments and records since the ledger was seeded.
    pub fn made(&self) -> i64 {
        self.value(
            "SELECT (SELECT count(*) FROM payments WHERE id > 7613585) + (SELECT count(*) FROM due_items WHERE created_by <> 'seed')",
        )
    }

    pub fn get(&self, path: &str) -> Reply {
        Ask::new("GET", path).send(self)
    }

    pub fn post(&self, path: &str, body: &str) -> Reply {
        Ask::new("POST", path).body("application/json", body).send(self)
    }

    /// The `Cookie` that the demo page of this address is given.
    pub fn cookie(&self, path: &str) -> String {
        let reply = Ask::new("GET", path).without("Authorization").send(self);
        reply.header("set-cookie").expect("a cookie").split(';').next().unwrap().to_owned()
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(ended.is_ok() || std::thread::panicking(), "the server panicked");
        }
    }
}

/// A Fusebill payment that is right, with some members set otherwise; an empty text leaves the member out.
pub fn payment(changes: &[(&str, &str)]) -> String {
    let mut members =
        vec![("customerId", "655080"), ("amount", "50.78"), ("paymentMethod", "\"Cash\""), ("source", "\"Manual\"")];
    for change in changes {
        members.retain(|(name, _)| name != &change.0);
        if !change.1.is_empty() {
            members.push(*change);
        }
    }
    let members: Vec<String> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{{}}}", members.join(","))
}

/// The body of a payer's payment of one cent by a stored card.
pub fn stored_payment(customer: &str, method: &str) -> String {
    payment(&[
        ("customerId", customer),
        ("paymentMethod", "\"CreditCard\""),
        ("paymentMethodId", method),
        ("source", "\"SelfServicePortal\""),
        ("amount", "0.01"),
    ])
}
