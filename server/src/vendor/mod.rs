//! Speaks HTTP with the vendor. Each request has a connection of its own, so that nothing below this code sends a payment twice.

pub mod list_cache;

use crate::{error::ApiError, metrics, response::Contract};
use axum::body::Body;
use http_body_util::{BodyExt, Limited};
use hyper::{
    Request,
    client::conn::http1::{self, SendRequest},
    header::{self, HeaderValue},
};
use hyper_util::rt::TokioIo;
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, pki_types::ServerName},
};

/// The timeout of a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The timeout of a reply.
const REPLY_TIMEOUT: Duration = Duration::from_secs(45);
/// The longest exchange. A payment before MaiaScore needs two, and a proxy before this server waits for both.
pub const EXCHANGE_MAX: Duration = CONNECT_TIMEOUT.saturating_add(REPLY_TIMEOUT);
/// The timeout of the question whether the vendor accepts the credentials.
const PROBE_TIMEOUT: Duration = Duration::from_secs(5);
/// The largest reply.
const REPLY_MAX: usize = 8 * 1024 * 1024;

/// Where the vendor is, and the account's key.
#[derive(Clone)]
pub struct Vendor {
    /// The API of the vendor.
    pub contract: Contract,
    host: String,
    port: u16,
    /// The prefix of the API's paths, without a slash at its end.
    prefix: String,
    authorization: HeaderValue,
    tls: Option<TlsConnector>,
    /// The status of the latest reply; 0 before the first one.
    latest: Arc<AtomicU16>,
}

impl fmt::Debug for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vendor").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

/// A reply of the vendor.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The value of `Retry-After`, where it is a number of seconds.
    pub retry_after: Option<u64>,
    /// The value of `X-MaxPageIndex`.
    pub page_max: Option<HeaderValue>,
    /// The body.
    pub body: Vec<u8>,
}

/// The reason why the vendor gave no answer that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VendorFault {
    /// No connection, no reply, or one that cannot be read; in words for the log.
    Away(String),
    /// Too many requests; the seconds to wait.
    Busy(u64),
    /// The vendor turned this server away with this status: its credentials, its address or its request.
    TurnedAway(u16),
}

impl VendorFault {
    /// The fault of a reply that is not the one that was asked for.
    pub fn of(reply: &Reply) -> Self {
        match reply.status {
            429 => Self::Busy(reply.retry_after.unwrap_or(1)),
            400..500 => Self::TurnedAway(reply.status),
            status => Self::Away(format!("it answered {status}")),
        }
    }

    /// The answer to a payment that the vendor certainly did not look at.
    pub fn before_payment(self) -> ApiError {
        self.log("a payment was not taken");
        match self {
            Self::Away(_) => ApiError::VendorAway,
            Self::Busy(seconds) => ApiError::TooMany(seconds),
            Self::TurnedAway(status) => ApiError::PaymentTurnedAway(status),
        }
    }

    /// The answer to a question that the vendor did not answer.
    pub fn before_read(self) -> ApiError {
        self.log("a question was not answered");
        match self {
            Self::Away(_) => ApiError::VendorAway,
            Self::Busy(seconds) => ApiError::TooMany(seconds),
            Self::TurnedAway(status) => ApiError::ReadTurnedAway(status),
        }
    }

    fn log(&self, what: &str) {
        match self {
            // Only people can mend this, and no payment goes through before they do.
            Self::TurnedAway(401 | 403 | 404 | 405) => {
                tracing::error!(fault = %self, "{what}: check --upstream and --upstream-key-file");
            }
            _ => tracing::warn!(fault = %self, "{what}"),
        }
    }
}

impl From<String> for VendorFault {
    fn from(words: String) -> Self {
        Self::Away(words)
    }
}

impl fmt::Display for VendorFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Away(words) => write!(f, "the vendor cannot be used: {words}"),
            Self::Busy(seconds) => write!(f, "the vendor asks for a wait of {seconds} s"),
            Self::TurnedAway(status) => write!(f, "the vendor turned this server away with {status}"),
        }
    }
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// A connection over which nothing was sent yet.
pub struct VendorConnection(SendRequest<Body>);

impl Vendor {
    /// The vendor at this address, such as `https://secure.fusebill.com`, with the account's key: Fusebill's is a Basic key, MaiaScore's a
    /// bearer token. Plain `http` is accepted for this machine only: the key opens the whole account.
    ///
    /// # Errors
    /// One sentence for a person.
    pub fn new(contract: Contract, url: &str, key: &str) -> Result<Self, String> {
        let uri: hyper::Uri =
            url.parse().map_err(|_| format!("`{url}` is not an address such as https://secure.fusebill.com."))?;
        if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            return Err(
                "The vendor's address must hold no password: every user of the machine can read the command line.".to_owned()
            );
        }
        let host = uri.host().unwrap_or_default().to_owned();
        let is_https = uri.scheme_str() == Some("https");
        let is_local = matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]");
        if host.is_empty() || !(is_https || (uri.scheme_str() == Some("http") && is_local)) {
            return Err(format!("`{url}` must be an https address; the account's key would travel in clear."));
        }
        let scheme = match contract {
            Contract::Fusebill => "Basic",
            Contract::MaiaScore => "Bearer",
        };
        let mut authorization = HeaderValue::from_str(&format!("{scheme} {key}"))
            .map_err(|_| "The vendor's key cannot stand in a header.".to_owned())?;
        authorization.set_sensitive(true);
        Ok(Self {
            contract,
            port: uri.port_u16().unwrap_or(if is_https { 443 } else { 80 }),
            prefix: uri.path().trim_end_matches('/').to_owned(),
            host,
            authorization,
            tls: if is_https { Some(tls()?) } else { None },
            latest: Arc::default(),
        })
    }

    /// The path of the payments, before their numbers.
    pub fn payments(&self) -> &'static str {
        match self.contract {
            Contract::Fusebill => "/v1/payments/",
            Contract::MaiaScore => "/payments/",
        }
    }

    /// Opens a connection. Where this fails, nothing was sent.
    ///
    /// # Errors
    /// [`VendorFault::Away`].
    pub async fn connect(&self) -> Result<VendorConnection, VendorFault> {
        let open = async {
            let plain =
                TcpStream::connect((self.host.trim_matches(['[', ']']), self.port)).await.map_err(|error| error.to_string())?;
            // A request is one small piece; where the option is unknown it waits a little.
            let _ = plain.set_nodelay(true);
            let stream: Box<dyn Stream> = match &self.tls {
                Some(tls) => {
                    let name = ServerName::try_from(self.host.clone()).map_err(|error| error.to_string())?;
                    Box::new(tls.connect(name, plain).await.map_err(|error| error.to_string())?)
                }
                None => Box::new(plain),
            };
            let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
            tokio::spawn(async move {
                // A connection that breaks is told by the request.
                let _ = connection.await;
            });
            Ok(VendorConnection(sender))
        };
        let opened: Result<_, String> =
            tokio::time::timeout(CONNECT_TIMEOUT, open).await.unwrap_or_else(|_| Err("the connection takes too long".to_owned()));
        Ok(opened?)
    }

    /// Sends a request over a new connection and reads the whole reply.
    ///
    /// # Errors
    /// [`VendorFault::Away`]. The vendor may have received the request.
    pub async fn exchange(
        &self,
        connected: VendorConnection,
        method: &str,
        path: &str,
        body: String,
        key: Option<&str>,
    ) -> Result<Reply, VendorFault> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.prefix))
            .header(
                header::HOST,
                if self.tls.is_some() && self.port == 443 { self.host.clone() } else { format!("{}:{}", self.host, self.port) },
            )
            .header(header::AUTHORIZATION, self.authorization.clone())
            .header(header::ACCEPT, "application/json")
            .header(header::CONNECTION, "close");
        if method == "POST" {
            request = request.header(header::CONTENT_TYPE, "application/json").header(header::CONTENT_LENGTH, body.len());
        }
        if let Some(key) = key {
            // A vendor that learns keys one day honours this one.
            request = request.header("idempotency-key", key);
        }
        let request = request.body(Body::from(body)).map_err(|error| VendorFault::Away(error.to_string()))?;
        let VendorConnection(mut sender) = connected;
        let read = async {
            let response = sender.send_request(request).await.map_err(|error| error.to_string())?;
            let (head, body) = response.into_parts();
            let body = Limited::new(body, REPLY_MAX).collect().await.map_err(|error| error.to_string())?;
            let text = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
            Ok(Reply {
                status: head.status.as_u16(),
                retry_after: text("retry-after").and_then(|seconds| seconds.parse().ok()),
                page_max: head.headers.get("x-maxpageindex").cloned(),
                body: body.to_bytes().to_vec(),
            })
        };
        let began = Instant::now();
        let reply = tokio::time::timeout(REPLY_TIMEOUT, read).await;
        let reply: Result<Reply, String> = reply.unwrap_or_else(|_| Err("the reply takes too long".to_owned()));
        metrics::vendor_replied(method, reply.as_ref().ok().map(|reply| reply.status), began.elapsed());
        if let Ok(reply) = &reply {
            self.latest.store(reply.status, Ordering::Relaxed);
        }
        Ok(reply?)
    }

    /// Reads from the vendor.
    ///
    /// # Errors
    /// [`VendorFault::Away`].
    pub async fn get(&self, path: &str) -> Result<Reply, VendorFault> {
        let connected = self.connect().await?;
        self.exchange(connected, "GET", path, String::new(), None).await
    }

    /// Checks that the vendor accepts the account's key. A vendor that is away is no error here, because kept outcomes are still told.
    ///
    /// # Errors
    /// [`VendorFault::TurnedAway`] with 401 or 403.
    pub async fn check_key(&self) -> Result<(), VendorFault> {
        let is_refusal = |status: u16| matches!(status, 401 | 403);
        let latest = self.latest.load(Ordering::Relaxed);
        if latest != 0 && !is_refusal(latest) {
            return Ok(());
        }
        // No payment has this number; a vendor that accepts the key says so.
        let path = format!("{}0", self.payments());
        match tokio::time::timeout(PROBE_TIMEOUT, self.get(&path)).await {
            Ok(Ok(reply)) if is_refusal(reply.status) => Err(VendorFault::TurnedAway(reply.status)),
            _ => Ok(()),
        }
    }
}

/// TLS by the certificates that this machine trusts.
fn tls() -> Result<TlsConnector, String> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        return Err("This machine trusts no certificates: install its package of them, such as ca-certificates.".to_owned());
    }
    Ok(TlsConnector::from(Arc::new(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth())))
}
