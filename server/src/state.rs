//! Holds what all requests share.

use crate::{
    auth::{Credentials, RateLimit, Secrets, Sessions, Tokens},
    clock::Clock,
    config::Config,
    in_flight::InFlight,
    ledger::Ledger,
    readiness::Readiness,
    static_files::{Embedded, Folder, StaticFiles},
    vendor::{Vendor, list_cache::ListCache},
};
use std::sync::Arc;

/// The state that every request shares.
#[derive(Debug)]
pub struct AppState {
    /// The invoices and payments.
    pub ledger: Ledger,
    /// The calendar.
    pub clock: Clock,
    /// The accepted credentials.
    pub credentials: Credentials,
    /// The rate limit of a principal.
    pub rate_limit: RateLimit,
    /// The limit of failed sign-ins of an address.
    pub failed_logins: RateLimit,
    /// The keys that are being worked on.
    pub in_flight: Arc<InFlight>,
    /// The answer to `/readyz`.
    pub readiness: Readiness,
    /// The vendor behind this server, in upstream mode.
    pub vendor: Option<Vendor>,
    /// The vendor's latest lists.
    pub lists: ListCache,
    /// The configuration of the start.
    pub config: Config,
    /// The demo and the package.
    pub files: Option<StaticFiles>,
}

/// The shared handle that handlers hold.
pub type SharedState = Arc<AppState>;

impl AppState {
    /// Opens the ledger. `port` is the one that was bound.
    ///
    /// # Errors
    /// One sentence that says why this cannot be served.
    pub fn new(config: Config, port: u16) -> Result<Self, String> {
        let clock = Clock::new(config.today);
        let files = match &config.dist {
            Some(folder) => Some(StaticFiles::Folder(Folder::new(folder)?)),
            None => config.embedded.clone().or_else(|| Embedded::of_program(config.demo)).map(StaticFiles::Embedded),
        };
        let vendor =
            config.upstream.as_ref().map(|upstream| Vendor::new(upstream.contract, &upstream.url, &upstream.key)).transpose()?;
        let location = config.location();
        let open = || {
            if vendor.is_some() {
                Ledger::open_empty(&location, config.queue)
            } else {
                Ledger::open(&location, clock, config.queue)
            }
        };
        // A thread of its own: connections of the ledger wait, which an asynchronous task must not.
        let opened = std::thread::scope(|scope| scope.spawn(open).join());
        let ledger = opened.unwrap_or_else(|_| Err("The ledger could not be opened.".to_owned()))?;
        let sessions = if config.demo { Some(Sessions::open(port, &config.session_key_file())?) } else { None };
        let secrets =
            if config.demo { Secrets::of_demo() } else { Secrets { tokens: config.tokens.clone(), keys: config.keys.clone() } };
        let signed = Tokens::open(&config.token_files, &config.tenant)?;
        let credentials = Credentials::new(secrets, sessions, config.allowed_origins.clone(), signed);
        Ok(Self {
            ledger,
            clock,
            credentials,
            rate_limit: RateLimit::new(config.rate_limit),
            // The demo's credentials are no secret, and tests of it fail to sign in often.
            failed_logins: RateLimit::new(if config.demo { 0 } else { config.failed_logins }),
            in_flight: Arc::default(),
            readiness: Readiness::default(),
            vendor,
            lists: ListCache::new(config.lists_kept),
            config,
            files,
        })
    }
}
