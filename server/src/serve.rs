//! Listens, and ends without leaving a request unanswered that was read.

use crate::{config::Config, routes, state::AppState};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use std::{io::ErrorKind, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::Semaphore};
use tokio_io_timeout::TimeoutStream;

/// How long the head of a request may take, and a connection be idle.
const HEAD_WITHIN: Duration = Duration::from_secs(30);
/// The most that the head of a request may hold.
const HEAD_MAX: usize = 64 * 1024;
/// The most connections at a time; others wait in the system's queue.
const CONNECTIONS_MAX: usize = 1024;
/// How long requests that were begun may take to end.
const END_WITHIN: Duration = Duration::from_secs(10);

/// A server that listens and does not answer yet.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    state: AppState,
    /// How long a client may leave an answer untaken.
    taken_within: Duration,
}

impl Server {
    /// Takes the port and opens the ledger.
    ///
    /// # Errors
    /// One sentence for a person.
    pub async fn bind(config: Config) -> Result<Self, String> {
        let asked = SocketAddr::new(config.host, config.port);
        let listener = TcpListener::bind(asked).await.map_err(|error| match error.kind() {
            ErrorKind::AddrInUse => {
                format!("Port {} is taken: stop what listens there, or choose another with --port.", asked.port())
            }
            ErrorKind::PermissionDenied => {
                format!("Port {} needs rights that this user lacks: choose one above 1023 with --port.", asked.port())
            }
            _ => format!("{asked} cannot be listened on: {error}."),
        })?;
        let address = listener.local_addr().map_err(|error| format!("The port that was taken is not known: {error}."))?;
        let taken_within = config.taken_within;
        let state = AppState::new(config, address.port())?;
        Ok(Self { listener, address, state, taken_within })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop` is ready; then takes no new connection, ends what was begun, and returns.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let router = routes::router(self.state);
        let connections = GracefulShutdown::new();
        let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        let mut stop = std::pin::pin!(stop);
        loop {
            let place = Arc::clone(&places).acquire_owned();
            let accepted = tokio::select! {
                () = &mut stop => break,
                accepted = async { (place.await, self.listener.accept().await) } => accepted,
            };
            let (Ok(place), Ok((stream, _))) = accepted else {
                // Out of file descriptors, most likely: some are free again soon.
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            };
            // Small answers should not wait for more to send; where the option is unknown they do.
            let _ = stream.set_nodelay(true);
            // A client that reads nothing would keep its place for ever.
            let mut stream = Box::pin(TimeoutStream::new(stream));
            stream.as_mut().set_write_timeout_pinned(Some(self.taken_within));
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD_WITHIN)
                .max_buf_size(HEAD_MAX)
                .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router.clone()));
            let connection = connections.watch(connection);
            tokio::spawn(async move {
                // A connection that breaks concerns nobody but its client, and commits run in tasks of their own.
                let _ = connection.await;
                drop(place);
            });
        }
        drop(self.listener);
        let _ = tokio::time::timeout(END_WITHIN, connections.shutdown()).await;
    }
}
