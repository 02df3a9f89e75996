//! What the server was asked to do: its command line and its environment.

use payment_form::domain::date::Date;
use std::{
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
    str::FromStr,
    time::Duration,
};

/// The text that `--help` prints.
pub const HELP: &str = "\
payment-form-server: both payment APIs over one SQLite file

  --port N           listen here (8080; 0 takes any free port)
  --host ADDRESS     listen on this address (127.0.0.1; any other needs credentials)
  --db FILE          the ledger (payment-form.sqlite); made and seeded when it is not there
  --dist DIR         serve the demo and the package from this directory
  --today YYYY-MM-DD take this day for today (else the local calendar date)
  --token TOKEN      accept `Authorization: Bearer TOKEN`; may be given several times; also PAYMENT_FORM_TOKEN
  --key KEY          accept `Authorization: Basic KEY`; may be given several times; also PAYMENT_FORM_KEY
  --allow-origin URL let pages of this origin call the APIs (CORS); may be given several times
  --rate-limit N     requests a minute for one principal (6000; 0 is no limit)
  --close            answer every request with `Connection: close`
  --quiet            no line for each request

Without --token and --key the server is in development mode: it listens on loopback only, accepts `Bearer demo-token` and
`Basic demo-key`, and gives the demo page a session of its own.";

/// Everything that can be configured.
#[derive(Clone, Debug)]
pub struct Config {
    /// The address to listen on.
    pub host: IpAddr,
    /// The port to listen on; 0 takes any that is free.
    pub port: u16,
    /// The ledger's file.
    pub db: PathBuf,
    /// Where the demo and the package lie; without it only the APIs answer.
    pub dist: Option<PathBuf>,
    /// A fixed day instead of the local calendar date.
    pub today: Option<Date>,
    /// Bearer tokens that are accepted.
    pub tokens: Vec<String>,
    /// Basic keys that are accepted.
    pub keys: Vec<String>,
    /// Origins whose pages may read answers.
    pub allowed_origins: Vec<String>,
    /// Requests a minute for one principal; 0 is no limit.
    pub rate_limit: u32,
    /// Whether every answer closes its connection, so that a browser never sends a POST again on an old one.
    pub close_connections: bool,
    /// Whether the request log is silent.
    pub quiet: bool,
    /// How long a client may leave an answer untaken before its connection is closed. Tests shorten it; no option does.
    pub taken_within: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 8080,
            db: PathBuf::from("payment-form.sqlite"),
            dist: None,
            today: None,
            tokens: Vec::new(),
            keys: Vec::new(),
            allowed_origins: Vec::new(),
            rate_limit: 6000,
            close_connections: false,
            quiet: false,
            taken_within: Duration::from_secs(30),
        }
    }
}

/// What a command line asks for.
#[derive(Debug)]
pub enum Asked {
    /// To print [`HELP`].
    Help,
    /// To serve.
    Serve(Box<Config>),
}

impl Config {
    /// Whether no credentials were configured: then only this machine may come, and the demo gets its session by itself.
    pub fn is_development(&self) -> bool {
        self.tokens.is_empty() && self.keys.is_empty()
    }

    /// Reads the arguments (without the program's name); `environment` tells the variables.
    ///
    /// # Errors
    /// One sentence for a person, about the first thing that is wrong.
    pub fn read(
        arguments: impl IntoIterator<Item = String>,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Asked, String> {
        let mut config = Self::default();
        let mut arguments = arguments.into_iter();
        while let Some(name) = arguments.next() {
            let mut text =
                || arguments.next().ok_or_else(|| format!("{name} needs a value after it; --help lists what there is."));
            match name.as_str() {
                "--help" | "-h" => return Ok(Asked::Help),
                "--port" => config.port = value(&name, &text()?, "a number from 0 to 65535")?,
                "--host" => config.host = value(&name, &text()?, "an address such as 127.0.0.1")?,
                "--db" => config.db = PathBuf::from(text()?),
                "--dist" => config.dist = Some(PathBuf::from(text()?)),
                "--today" => {
                    let text = text()?;
                    let day =
                        Date::parse(&text).ok_or_else(|| format!("--today wants a day such as 2026-11-20, not `{text}`."))?;
                    config.today = Some(day);
                }
                "--token" => config.tokens.push(credential(&name, text()?)?),
                "--key" => config.keys.push(credential(&name, text()?)?),
                "--allow-origin" => config.allowed_origins.push(origin(text()?)?),
                "--rate-limit" => config.rate_limit = value(&name, &text()?, "a number of requests a minute")?,
                "--close" => config.close_connections = true,
                "--quiet" => config.quiet = true,
                _ => return Err(format!("`{name}` is not an option of this server; --help lists what there is.")),
            }
        }
        let given = |name| environment(name).filter(|text| !text.is_empty());
        if let Some(token) = given("PAYMENT_FORM_TOKEN") {
            config.tokens.push(credential("PAYMENT_FORM_TOKEN", token)?);
        }
        if let Some(key) = given("PAYMENT_FORM_KEY") {
            config.keys.push(credential("PAYMENT_FORM_KEY", key)?);
        }
        if config.is_development() && !config.host.is_loopback() {
            return Err(format!("--host {} opens the ledger to other machines, so it needs --token or --key.", config.host));
        }
        Ok(Asked::Serve(Box::new(config)))
    }
}

fn value<T: FromStr>(name: &str, text: &str, what: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{name} wants {what}, not `{text}`."))
}

/// A credential must be able to stand in a header, and long enough to be worth comparing.
fn credential(name: &str, text: String) -> Result<String, String> {
    let fits = text.len() >= 8 && text.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { Ok(text) } else { Err(format!("{name} wants at least 8 visible ASCII characters without spaces.")) }
}

/// An origin as browsers send it: scheme, host and perhaps port, nothing behind.
fn origin(text: String) -> Result<String, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let fits = host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', '@', '*']) && host.is_ascii());
    if fits { Ok(text) } else { Err(format!("--allow-origin wants an origin such as https://pay.example.com, not `{text}`.")) }
}
