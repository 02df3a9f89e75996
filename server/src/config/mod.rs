//! Reads what the server is asked to do: its command line, its environment, its configuration file and its files of secrets.

mod options;
mod sources;

use crate::{
    auth::token::TokenFiles,
    ledger::{Location, QueueLimits, postgres::DatabaseUrl},
    response::Contract,
    static_files::Embedded,
    telemetry::Format,
};
use clap::{CommandFactory, FromArgMatches, error::ErrorKind};
use options::{Command, Options, sentence};
use payment_form::domain::date::Date;
use std::{
    net::{IpAddr, Ipv4Addr},
    path::{Path, PathBuf},
    time::Duration,
};

/// The fewest characters of a secret that this server accepts as a credential: 64 bits in hexadecimal digits, which nobody guesses over a
/// network.
const SECRET_MIN: usize = 16;

/// The ledger's file where none is named.
const LEDGER: &str = "payment-form.sqlite";

/// The vendor behind this server.
#[derive(Clone)]
pub struct Upstream {
    /// The API that the vendor speaks.
    pub contract: Contract,
    /// The vendor's address.
    pub url: String,
    /// The account's key.
    pub key: String,
}

impl std::fmt::Debug for Upstream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upstream").field("contract", &self.contract).field("url", &self.url).finish_non_exhaustive()
    }
}

/// Everything that can be configured.
#[derive(Clone, Debug)]
pub struct Config {
    /// True when the demo is served, with public credentials.
    pub demo: bool,
    /// The address to listen on.
    pub host: IpAddr,
    /// The port to listen on; 0 takes any that is free.
    pub port: u16,
    /// The ledger's file.
    pub db: PathBuf,
    /// The PostgreSQL database of the ledger, in place of the file.
    pub database: Option<DatabaseUrl>,
    /// The folder of the demo and the package; without it only the APIs answer.
    pub dist: Option<PathBuf>,
    /// Files within the program. Tests bring their own; a program has those of its build.
    pub embedded: Option<Embedded>,
    /// A fixed day instead of the local calendar date.
    pub today: Option<Date>,
    /// Bearer tokens that are accepted.
    pub tokens: Vec<String>,
    /// Basic keys that are accepted.
    pub keys: Vec<String>,
    /// The files with the keys of the portal's own tokens.
    pub token_files: TokenFiles,
    /// The file of the key that signs the demo page's sessions; without it a file beside the ledger.
    pub session_key_file: Option<PathBuf>,
    /// The vendor to whom payments are handed on; without it the ledger decides.
    pub upstream: Option<Upstream>,
    /// The time for which the vendor's lists are kept.
    pub lists_kept: Duration,
    /// The tenant: equal idempotency keys of two tenants are two attempts.
    pub tenant: String,
    /// Origins whose pages may read answers.
    pub allowed_origins: Vec<String>,
    /// Proxies whose forwarded headers are believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Requests a minute for one principal; 0 is no limit.
    pub rate_limit: u32,
    /// Failed logins a minute for one address.
    pub failed_logins: u32,
    /// Limits of the queue of writes.
    pub queue: QueueLimits,
    /// True when every answer closes its connection, so that a browser never repeats a POST on an old one.
    pub close_connections: bool,
    /// The form of the log's lines.
    pub log: Format,
    /// True when requests have no line in the log.
    pub quiet: bool,
    /// The time after which a client that takes no answer loses its connection. Tests shorten it; no option does.
    pub write_timeout: Duration,
    /// The most connections at a time. Tests lower it; no option does.
    pub connections_max: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            demo: false,
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 8080,
            db: PathBuf::from(LEDGER),
            database: None,
            dist: None,
            embedded: None,
            today: None,
            tokens: Vec::new(),
            keys: Vec::new(),
            token_files: TokenFiles::default(),
            session_key_file: None,
            upstream: None,
            lists_kept: Duration::from_secs(3),
            tenant: "main".to_owned(),
            allowed_origins: Vec::new(),
            trusted_proxies: Vec::new(),
            rate_limit: 6000,
            failed_logins: 30,
            queue: QueueLimits::default(),
            close_connections: false,
            log: Format::Text,
            quiet: false,
            write_timeout: Duration::from_secs(30),
            connections_max: 1024,
        }
    }
}

/// The action that a command line asks for.
#[derive(Debug)]
pub enum Action {
    /// To print this text, such as the help or the version.
    Print(String),
    /// To serve.
    Serve(Box<Config>),
    /// To copy the ledger into this file.
    Backup(Location, PathBuf),
    /// To fill a new ledger from this file.
    Restore(PathBuf, Location),
}

impl Config {
    /// Reads the arguments (without the program's name); `environment` tells the variables.
    ///
    /// # Errors
    /// One sentence for a person, about the first thing that is wrong.
    pub fn read(
        arguments: impl IntoIterator<Item = String>,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Action, String> {
        let arguments = sources::merge(Options::command().get_arguments(), arguments.into_iter().collect(), &environment)?;
        let arguments = std::iter::once("payment-form-server".to_owned()).chain(arguments);
        let parsed = Options::command().try_get_matches_from(arguments).and_then(|found| Options::from_arg_matches(&found));
        let options = match parsed {
            Ok(options) => options,
            Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
                return Ok(Action::Print(error.to_string()));
            }
            Err(error) => return Err(sentence(&error)),
        };
        let database = database(&options, &environment)?;
        let db = options.db.clone().unwrap_or_else(|| LEDGER.into());
        if let Some(command) = options.command {
            let location = location(&db, database.as_ref());
            return Ok(match command {
                Command::Backup { file } => Action::Backup(location, file),
                Command::Restore { file } => Action::Restore(file, location),
            });
        }
        let mut tokens = secrets(&options.token_file, SECRET_MIN)?;
        let mut keys = secrets(&options.key_file, SECRET_MIN)?;
        for (name, secrets) in [("PAYMENT_FORM_TOKEN", &mut tokens), ("PAYMENT_FORM_KEY", &mut keys)] {
            if let Some(secret) = environment(name) {
                secrets.push(credential(name, secret, SECRET_MIN)?);
            }
        }
        // The vendor decides how long its keys are.
        let upstream_keys = secrets(options.upstream_key_file.as_slice(), 1)?;
        if upstream_keys.len() > 1 {
            return Err("--upstream-key-file holds one key: leave out its other lines.".to_owned());
        }
        let upstream_key = upstream_keys.into_iter().next();
        let config = Self {
            demo: options.demo,
            host: options.host,
            port: options.port,
            db,
            database,
            dist: options.dist,
            today: options.today,
            tokens,
            keys,
            token_files: TokenFiles { secret: options.jwt_secret_file, jwks: options.jwks_file, revoked: options.revoked_file },
            session_key_file: options.session_key_file,
            upstream: options.upstream.zip(upstream_key).map(|((contract, url), key)| Upstream { contract, url, key }),
            lists_kept: Duration::from_secs(options.keep_lists.into()),
            tenant: options.tenant,
            allowed_origins: options.allow_origin,
            trusted_proxies: options.trusted_proxy,
            rate_limit: options.rate_limit,
            queue: QueueLimits { length: options.queue.max(1), ..QueueLimits::default() },
            close_connections: options.close,
            log: options.log,
            quiet: options.quiet,
            ..Self::default()
        };
        config.check()?;
        Ok(Action::Serve(Box::new(config)))
    }

    /// Tells whether the configuration has any secret credentials.
    pub fn has_credentials(&self) -> bool {
        let has_signed = self.token_files.secret.is_some() || self.token_files.jwks.is_some();
        has_signed || !self.tokens.is_empty() || !self.keys.is_empty()
    }

    /// A server with credentials that everybody knows is started only by name, and reached only from this machine.
    fn check(&self) -> Result<(), String> {
        let has_credentials = self.has_credentials();
        if self.demo && has_credentials {
            return Err("--demo has credentials of its own: leave it out, or the credentials.".to_owned());
        }
        if self.demo && !self.host.to_canonical().is_loopback() {
            return Err(format!("--host {} opens the demo to other machines: --demo listens on loopback only.", self.host));
        }
        if self.token_files.revoked.is_some() && self.token_files.secret.is_none() && self.token_files.jwks.is_none() {
            return Err("--revoked-file names signed tokens: name --jwt-secret-file or --jwks-file, too.".to_owned());
        }
        if self.upstream.as_ref().is_some_and(|upstream| upstream.url.contains(['?', '#'])) {
            return Err("--upstream ends with the path of the vendor's address: leave out `?`, `#` and what follows.".to_owned());
        }
        if !self.demo && !has_credentials {
            return Err(
                "Without credentials this server does not start: name --token-file, --key-file, --jwt-secret-file or --jwks-file (or PAYMENT_FORM_TOKEN, \
                        PAYMENT_FORM_KEY), or ask for the demo with --demo."
                    .to_owned(),
            );
        }
        Ok(())
    }

    /// True where the forwarded headers of this address are believed.
    pub fn trusts(&self, address: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|proxy| proxy.to_canonical() == address.to_canonical())
    }

    /// The place of the ledger.
    pub fn location(&self) -> Location {
        location(&self.db, self.database.as_ref())
    }

    /// The file of the key that signs the demo page's sessions.
    pub fn session_key_file(&self) -> PathBuf {
        self.session_key_file.clone().unwrap_or_else(|| {
            let mut name = self.db.clone().into_os_string();
            name.push(".session-key");
            name.into()
        })
    }
}

fn location(db: &Path, database: Option<&DatabaseUrl>) -> Location {
    database.map_or_else(|| Location::File(db.to_owned()), |url| Location::Database(url.clone()))
}

/// The database's address: of the file that the command line names, or of the environment unless a SQLite file is named.
fn database(options: &Options, environment: &impl Fn(&str) -> Option<String>) -> Result<Option<DatabaseUrl>, String> {
    let text = match &options.database_url_file {
        Some(file) => {
            Some(std::fs::read_to_string(file).map_err(|error| format!("{} cannot be read: {error}.", file.display()))?)
        }
        None if options.db.is_some() => None,
        None => environment("DATABASE_URL"),
    };
    text.as_deref().map(DatabaseUrl::new).transpose()
}

/// The credentials of files, one a line, none of them with fewer characters than this.
fn secrets(files: &[PathBuf], length_min: usize) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).map_err(|error| format!("{} cannot be read: {error}.", file.display()))?;
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
        if lines.peek().is_none() {
            return Err(format!("{} holds no credential: write one on a line.", file.display()));
        }
        for line in lines {
            found.push(credential(&path_text(file), line.to_owned(), length_min)?);
        }
    }
    Ok(found)
}

fn path_text(file: &Path) -> String {
    file.display().to_string()
}

/// A credential must be able to stand in a header, and be too long to be guessed. An empty one is a mistake of the deployment, and never
/// means "no credentials".
fn credential(name: &str, text: String, length_min: usize) -> Result<String, String> {
    let fits = text.len() >= length_min && text.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { Ok(text) } else { Err(format!("{name} must hold at least {length_min} visible ASCII characters without spaces.")) }
}
