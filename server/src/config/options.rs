//! Lists the options of the command line; the same names stand in the environment and in the configuration file.

use crate::{ledger::QueueLimits, response::Contract, telemetry::Format};
use clap::Parser;
use payment_form::domain::date::Date;
use std::{
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
};

/// Fusebill's and MaiaScore's payment APIs, with idempotency keys, over one ledger.
///
/// Secrets are read from files or from the environment and never from the command line, which every user of the machine can read.
#[derive(Debug, Parser)]
#[command(name = "payment-form-server", version)]
pub(super) struct Options {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    /// Read options from this TOML file, such as `port = 8080`; also PAYMENT_FORM_CONFIG. Every option can stand in the environment, too:
    /// `PAYMENT_FORM_PORT=8080`. The command line goes before the environment, the environment before the file
    #[arg(long, value_name = "FILE", global = true)]
    pub(super) config: Option<PathBuf>,
    /// Serve the demo: loopback only, `Bearer demo-token`, `Basic demo-key`, and a session for the demo page
    #[arg(long)]
    pub(super) demo: bool,
    /// Listen on this port; 0 takes any free one
    #[arg(long, value_name = "N", default_value_t = 8080)]
    pub(super) port: u16,
    /// Listen on this address
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub(super) host: IpAddr,
    /// Keep the ledger in this SQLite file; made when it is not there [default: payment-form.sqlite]
    #[arg(long, value_name = "FILE", global = true)]
    pub(super) db: Option<PathBuf>,
    /// Keep the ledger in the PostgreSQL database whose address this file holds; also DATABASE_URL
    #[arg(long, value_name = "FILE", global = true, conflicts_with = "db")]
    pub(super) database_url_file: Option<PathBuf>,
    /// Serve the demo and the package from this directory, and not those within the program
    #[arg(long, value_name = "DIR")]
    pub(super) dist: Option<PathBuf>,
    /// Take this day for today instead of the local calendar date
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub(super) today: Option<Date>,
    /// Accept `Authorization: Bearer` with each line of this file; may be given several times; also PAYMENT_FORM_TOKEN
    #[arg(long, value_name = "FILE")]
    pub(super) token_file: Vec<PathBuf>,
    /// Accept `Authorization: Basic` with each line of this file; may be given several times; also PAYMENT_FORM_KEY
    #[arg(long, value_name = "FILE")]
    pub(super) key_file: Vec<PathBuf>,
    /// Accept the portal's own tokens (JWT, HS256) by the secret of this file
    #[arg(long, value_name = "FILE")]
    pub(super) jwt_secret_file: Option<PathBuf>,
    /// Accept the portal's own tokens (JWT, RS256, ES256, EdDSA) by the public keys of this file
    #[arg(long, value_name = "FILE")]
    pub(super) jwks_file: Option<PathBuf>,
    /// Refuse the portal's tokens that this file names: a `jti`, or `sub:` and a subject, a line; read again when it changes
    #[arg(long, value_name = "FILE")]
    pub(super) revoked_file: Option<PathBuf>,
    /// With --demo: the file of the key that signs the demo page's sessions; made when it is not there [default: the ledger's name with
    /// `.session-key`]
    #[arg(long, value_name = "FILE", requires = "demo")]
    pub(super) session_key_file: Option<PathBuf>,
    /// Hand payments on to this vendor, such as `fusebill=https://secure.fusebill.com` or `maiascore=https://maiascore.com`; needs --upstream-key-file
    #[arg(long, value_name = "API=URL", requires = "upstream_key_file", value_parser = upstream)]
    pub(super) upstream: Option<(Contract, String)>,
    /// The file of the account's key at the vendor's
    #[arg(long, value_name = "FILE", requires = "upstream")]
    pub(super) upstream_key_file: Option<PathBuf>,
    /// Keep the vendor's lists for so many seconds; 0 asks for each anew
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(super) keep_lists: u8,
    /// Keep idempotency keys under the name of this tenant
    #[arg(long, value_name = "NAME", default_value = "main", value_parser = tenant)]
    pub(super) tenant: String,
    /// Let pages of this origin call the APIs (CORS); may be given several times
    #[arg(long, value_name = "URL", value_parser = origin)]
    pub(super) allow_origin: Vec<String>,
    /// Believe the `X-Forwarded-For` and `X-Forwarded-Proto` of this proxy; may be given several times
    #[arg(long, value_name = "ADDRESS")]
    pub(super) trusted_proxy: Vec<IpAddr>,
    /// Requests a minute for one principal; 0 is no limit
    #[arg(long, value_name = "N", default_value_t = 6000)]
    pub(super) rate_limit: u32,
    /// Writes that may wait at a time; further ones are answered 503 at once
    #[arg(long, value_name = "N", default_value_t = QueueLimits::default().length)]
    pub(super) queue: usize,
    /// Answer every request with `Connection: close`
    #[arg(long)]
    pub(super) close: bool,
    /// The form of the log's lines
    #[arg(long, value_name = "FORM", value_enum, default_value_t = Format::Text)]
    pub(super) log: Format,
    /// Write no line for a request; payments keep theirs
    #[arg(long)]
    pub(super) quiet: bool,
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Copy the ledger into a new SQLite file, while servers run
    Backup {
        /// The file to make
        file: PathBuf,
    },
    /// Fill a new ledger from the file of a backup
    Restore {
        /// The file that `backup` made
        file: PathBuf,
    },
}

/// The first paragraph of what clap says, as one line.
pub(super) fn sentence(error: &clap::Error) -> String {
    let text = error.to_string();
    let first = text.split("\n\n").next().unwrap_or_default().trim_start_matches("error: ");
    let words: Vec<&str> = first.split_whitespace().collect();
    format!("{}; --help lists the options.", words.join(" ").trim_end_matches('.'))
}

fn day(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "a day is written like 2026-11-20".to_owned())
}

fn upstream(text: &str) -> Result<(Contract, String), String> {
    match text.split_once('=').filter(|(_, url)| !url.is_empty()) {
        Some(("fusebill", url)) => Ok((Contract::Fusebill, url.to_owned())),
        Some(("maiascore", url)) => Ok((Contract::MaiaScore, url.to_owned())),
        _ => Err("a vendor is written like fusebill=https://secure.fusebill.com or maiascore=https://maiascore.com".to_owned()),
    }
}

fn tenant(text: &str) -> Result<String, String> {
    let fits = (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if fits { Ok(text.to_owned()) } else { Err("a tenant has 1 to 64 letters, digits and hyphens".to_owned()) }
}

/// An origin as browsers send it: scheme, host and perhaps port, nothing behind.
fn origin(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let fits = host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', '@', '*']) && host.is_ascii());
    if fits { Ok(text.to_owned()) } else { Err("an origin is written like https://pay.example.com".to_owned()) }
}
