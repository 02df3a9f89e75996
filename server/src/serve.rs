//! Listens for connections, and ends only after every request that was read has its answer.

use crate::{activity::Activity, config::Config, middleware::Peer, routes, state::AppState, upstream::exchange};
use axum::Router;
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use std::{
    collections::HashMap,
    io::ErrorKind,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
};
use tokio_io_timeout::TimeoutStream;

/// The timeout of a request's head, and of an idle connection.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// The most that the head of a request may hold.
const HEAD_MAX: usize = 64 * 1024;
/// The time that a connection has to end when the server ends.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);
/// The longest wait of a new connection for a place while every request must be answered.
const PLACE_TIMEOUT: Duration = Duration::from_secs(2);
/// The time that one connection has to give way before another one is asked to.
const LEAVE_TIMEOUT: Duration = Duration::from_millis(100);
/// The time that begun requests have to end; the program ends within 10 seconds.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(8);
/// The files that the server may have open beside its connections: the ledger's and the log's.
const OTHER_FILES: usize = 128;
/// The pause between two checks that the ledger is still in its place.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// A server that listens and does not answer yet.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    state: AppState,
}

impl Server {
    /// Takes the port and opens the ledger.
    ///
    /// # Errors
    /// One sentence for a person.
    pub async fn bind(config: Config) -> Result<Self, String> {
        let address = SocketAddr::new(config.host, config.port);
        let listener = TcpListener::bind(address).await.map_err(|error| match error.kind() {
            ErrorKind::AddrInUse => {
                format!("Port {} is taken: stop what listens there, or choose another with --port.", address.port())
            }
            ErrorKind::PermissionDenied => {
                format!("Port {} needs rights that this user lacks: choose one above 1023 with --port.", address.port())
            }
            _ => format!("{address} cannot be listened on: {error}."),
        })?;
        let address = listener.local_addr().map_err(|error| format!("The port that was taken is not known: {error}."))?;
        let state = AppState::new(config, address.port())?;
        Ok(Self { listener, address, state })
    }

    /// The address on which it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop` is ready; then takes no new connection, ends what was begun, and returns.
    ///
    /// # Errors
    /// One sentence when the ledger was removed or replaced: no request may be answered any more.
    pub async fn run(self, stop: impl Future<Output = ()>) -> Result<(), String> {
        let state = Arc::new(self.state);
        let connections = connections_max(state.config.connections_max);
        let limits = Limits { connections, write_timeout: state.config.write_timeout };
        let (ending, _) = watch::channel(());
        let connections = Connections {
            router: routes::router(Arc::clone(&state)),
            places: Arc::new(Semaphore::new(limits.connections)),
            open: Arc::default(),
            ending,
            limits,
        };
        let mut tasks = JoinSet::new();
        tasks.spawn(exchange::keep_looking(Arc::clone(&state)));
        let clock = Arc::clone(&state);
        tasks.spawn(async move { clock.ledger.keep_clock().await });
        let mut stop = std::pin::pin!(stop);
        let mut look = tokio::time::interval(LOOK_EVERY);
        let ended = loop {
            tokio::select! {
                () = &mut stop => break Ok(()),
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, peer)) => connections.take(stream, peer.ip()).await,
                    // Out of file descriptors, most likely: some are free again soon.
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                },
                _ = look.tick() => if let Err(error) = state.ledger.check_place() {
                    break Err(format!("The ledger cannot be used any more: {error}. The server ends."));
                },
            }
        };
        drop(self.listener);
        connections.end().await;
        // A look that is cut settles nothing, and the next start looks again.
        tasks.shutdown().await;
        ended
    }
}

/// The most connections, where the system lets the program open files for so many. Each may have one to the vendor beside it.
///
/// A program without files takes no connection at all, so that strangers who say nothing would shut everybody out.
fn connections_max(wanted: usize) -> usize {
    let files = files_max(wanted.saturating_mul(2).saturating_add(OTHER_FILES));
    wanted.min(files.saturating_sub(OTHER_FILES) / 2).max(1)
}

/// The most files that the program may have open; the limit is raised to the wanted number as far as the system allows.
#[cfg(unix)]
fn files_max(wanted: usize) -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let wanted = u64::try_from(wanted).unwrap_or(u64::MAX);
    let allowed = limit.maximum.map_or(wanted, |maximum| maximum.min(wanted));
    if limit.current.is_some_and(|current| current < allowed) {
        // A failure leaves the limit as it is; the next line reads it.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(allowed), maximum: limit.maximum });
    }
    getrlimit(Resource::Nofile).current.map_or(usize::MAX, |current| usize::try_from(current).unwrap_or(usize::MAX))
}

/// The most files that the program may have open, where no limit is known.
#[cfg(not(unix))]
fn files_max(wanted: usize) -> usize {
    wanted
}

#[derive(Clone, Copy)]
struct Limits {
    /// The most connections at a time.
    connections: usize,
    /// The time after which a client that takes no answer is cut.
    write_timeout: Duration,
}

/// The open connections. Where all places are taken, the first in the order of `CutOrder` is cut at once, and of several the oldest.
/// So clients that say nothing, or send their bodies slowly, shut nobody out.
struct Connections {
    router: Router,
    places: Arc<Semaphore>,
    open: Arc<Mutex<HashMap<usize, Arc<Activity>>>>,
    /// Changes once, when the server ends.
    ending: watch::Sender<()>,
    limits: Limits,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Connections {
    async fn take(&self, stream: TcpStream, peer: IpAddr) {
        let Some(permit) = self.permit().await else { return };
        // Small answers should not wait for more to send; where the option is unknown they do.
        let _ = stream.set_nodelay(true);
        let activity = Arc::new(Activity::default());
        let number = Arc::as_ptr(&activity) as usize;
        lock(&self.open).insert(number, Arc::clone(&activity));
        // A client that reads nothing would keep its place for ever.
        let mut stream = Box::pin(TimeoutStream::new(stream));
        stream.as_mut().set_write_timeout_pinned(Some(self.limits.write_timeout));
        let service = Service { router: self.router.clone(), peer, activity: Arc::clone(&activity) };
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT)
            .max_buf_size(HEAD_MAX)
            .serve_connection(TokioIo::new(stream), service);
        let (open, mut ending) = (Arc::clone(&self.open), self.ending.subscribe());
        tokio::spawn(async move {
            let mut connection = std::pin::pin!(connection);
            let is_ending = loop {
                tokio::select! {
                    // A connection that breaks concerns nobody but its client, and commits run in threads of their own.
                    _ = connection.as_mut() => break false,
                    // No request begins between this question and the cut, because this task alone reads the connection.
                    () = activity.leave.notified() => if activity.cut_order().is_some() { break false },
                    _ = ending.changed() => break true,
                }
            };
            if is_ending {
                connection.as_mut().graceful_shutdown();
                loop {
                    let left = tokio::time::timeout(CLOSE_TIMEOUT, connection.as_mut()).await.is_ok();
                    // A request that was read is answered, however long it takes.
                    if left || !activity.is_busy() {
                        break;
                    }
                }
            }
            lock(&open).remove(&number);
            drop(permit);
        });
    }

    /// A place for one more connection; `None` when every request must be answered, and none of them ends.
    async fn permit(&self) -> Option<OwnedSemaphorePermit> {
        if let Ok(permit) = Arc::clone(&self.places).try_acquire_owned() {
            return Some(permit);
        }
        let began = Instant::now();
        while began.elapsed() < PLACE_TIMEOUT {
            let first = lock(&self.open)
                .values()
                .filter_map(|activity| Some((activity.cut_order()?, activity)))
                .min_by_key(|(order, _)| *order)
                .map(|(_, activity)| Arc::clone(activity));
            if let Some(first) = first {
                first.leave.notify_one();
            }
            if let Ok(permit) = tokio::time::timeout(LEAVE_TIMEOUT, Arc::clone(&self.places).acquire_owned()).await {
                return permit.ok();
            }
        }
        None
    }

    /// Ends what was begun.
    async fn end(self) {
        let _ = self.ending.send(());
        let all = u32::try_from(self.limits.connections).unwrap_or(u32::MAX);
        let _ = tokio::time::timeout(SHUTDOWN_TIMEOUT, self.places.acquire_many(all)).await;
    }
}

/// Tells the router who is at the other end, and the server that a request is being answered.
struct Service {
    router: Router,
    peer: IpAddr,
    activity: Arc<Activity>,
}

impl hyper::service::Service<hyper::Request<Incoming>> for Service {
    type Response = axum::response::Response;
    type Error = std::convert::Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn call(&self, mut request: hyper::Request<Incoming>) -> Self::Future {
        let activity = Arc::clone(&self.activity);
        activity.begin();
        request.extensions_mut().insert(Peer(self.peer));
        request.extensions_mut().insert(Arc::clone(&self.activity));
        let answer = hyper::service::Service::call(&TowerToHyperService::new(self.router.clone()), request);
        Box::pin(async move {
            let response = answer.await?;
            Ok(response.map(|body| activity.answering(body)))
        })
    }
}
