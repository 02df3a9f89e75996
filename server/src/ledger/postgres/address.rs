//! Reads the address of a database, and keeps its password out of every log.

use std::{str::FromStr, sync::Arc, time::Duration};
use tokio_postgres::{Config, config::SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// The timeout of a connection.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// The time without an acknowledgement of sent bytes after which the connection counts as broken.
const NETWORK_WITHIN: Duration = Duration::from_secs(10);

/// A database address such as `postgres://name:password@host/database`. Its text is a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// Takes the address as it was configured.
    ///
    /// # Errors
    /// One sentence for a person where it is no address of a PostgreSQL database.
    pub fn new(text: &str) -> Result<Self, String> {
        let url = Self(text.trim().to_owned());
        url.config().map(|_| url).map_err(|words| format!("The database's address cannot be used: {words}."))
    }

    fn config(&self) -> Result<Config, String> {
        // The parser's own words may quote the password.
        let config = Config::from_str(&self.0);
        config.map_err(|_| "it is not written like postgres://name:password@host/database".to_owned())
    }

    pub(super) fn address(&self) -> Result<Address, String> {
        let mut config = self.config()?;
        if config.get_application_name().is_none() {
            config.application_name("payment-form-server");
        }
        config.connect_timeout(CONNECT_WITHIN).tcp_user_timeout(NETWORK_WITHIN).keepalives_idle(NETWORK_WITHIN);
        let tls = if config.get_ssl_mode() == SslMode::Disable { None } else { tls() };
        if tls.is_none() && config.get_ssl_mode() == SslMode::Require {
            return Err("it asks for TLS, and this machine trusts no certificates (install ca-certificates)".to_owned());
        }
        Ok(Address { config, tls })
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DatabaseUrl")
    }
}

/// A parsed address, with the means to encrypt connections to it.
pub struct Address {
    pub(super) config: Config,
    pub(super) tls: Option<MakeRustlsConnect>,
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Address").field("hosts", &self.config.get_hosts()).finish_non_exhaustive()
    }
}

/// TLS by the certificates that this machine trusts; `None` where it trusts none.
fn tls() -> Option<MakeRustlsConnect> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().ok()?;
    let is_usable = !roots.is_empty();
    is_usable.then(|| MakeRustlsConnect::new(versions.with_root_certificates(roots).with_no_client_auth()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn password_stands_in_no_debug_text_and_no_refusal() {
        let url = DatabaseUrl::new("postgres://pay:hunter2hunter2@db.example/ledger").unwrap();
        let refusal = DatabaseUrl::new("postgres://pay:hunter2hunter2@db.example:nowhere/ledger").unwrap_err();
        let address = url.address().unwrap();
        for text in [format!("{url:?}"), format!("{address:?}"), refusal] {
            assert!(!text.contains("hunter2"), "{text}");
        }
    }
}
