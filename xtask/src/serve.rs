//! Serves the demo (`cargo xtask serve`): from a fresh clone to a page in a browser.

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::failure::{Failure, Result};
use crate::flags::Serve;
use crate::paths::{self, root};
use crate::steps::{Status, step, step_with};
use crate::{cargo, dist, files, program};

/// Longer than the server needs to make and seed its ledger on a slow disk.
const START_WITHIN: Duration = Duration::from_secs(20);
/// The time that the server has to finish its work; then it is killed.
const STOP_WITHIN: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Builds, and stays with the server until it ends.
pub fn command(flags: Serve) -> Result<()> {
    let port = flags.port.get();
    let db = flags.db.unwrap_or_else(|| root().join("payment-form.sqlite"));

    let started = Instant::now();
    // The port is checked before minutes of building, and again by the server itself.
    check_port(port)?;
    // The compiler's last step over the wasm keeps one core busy for a while; the server uses the other.
    let server = BackgroundBuild::start(compile);
    dist::build(flags.build.plain)?;
    step_with("compile the server", &server.status.clone(), |_| Ok(((), server.finish()?)))?;

    let mut command = Command::new(paths::target().join("release/payment-form-server"));
    command.args(["--demo", "--port", &port.to_string()]).arg("--db").arg(&db).arg("--dist").arg(paths::dist());
    if let Some(today) = flags.today {
        command.args(["--today", &today]);
    }
    let mut running = ServerProcess::start(command)?;
    let url = format!("http://127.0.0.1:{port}/");
    step("start the server", |_| {
        running.wait_until_healthy(port)?;
        Ok(((), format!("ready, {:.1} s after the command", started.elapsed().as_secs_f32())))
    })?;
    println!("\n  {url}   (Ctrl-C stops it; the ledger is {})\n", paths::shown(&db));
    if flags.open {
        show_in_browser(&url);
    }
    running.stay()
}

/// Compiles the server for release. Returns the note for the step's line.
pub fn compile(status: &Status) -> Result<String> {
    let mut command = cargo::release(&["build", "--package", "payment-form-server"]);
    cargo::build(&mut command, "The server", status)
}

/// Compiles the server with the files of `dist/` within the program.
pub fn compile_whole(status: &Status) -> Result<String> {
    let mut command = cargo::release(&["build", "--package", "payment-form-server", "--features", "embed"]);
    cargo::build(&mut command, "The server", status)?;
    Ok(paths::shown(&paths::target().join("release/payment-form-server")))
}

fn free_port() -> Result<u16> {
    let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    bound.map(|address| address.port()).map_err(Failure::because("No port of this machine can be listened on"))
}

fn check_port(port: u16) -> Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(reason) if reason.kind() == ErrorKind::AddrInUse => Err(Failure::new(format!(
            "Port {port} is taken: stop what listens there, or choose another with `cargo xtask serve --port {}`.",
            port.checked_add(1).unwrap_or(8080),
        ))),
        Err(reason) => Err(Failure::new(format!("Port {port} cannot be used ({reason}): choose another with --port."))),
    }
}

/// Work that runs in the background of other steps.
struct BackgroundBuild {
    status: Status,
    work: JoinHandle<Result<String>>,
}

impl BackgroundBuild {
    fn start(work: impl FnOnce(&Status) -> Result<String> + Send + 'static) -> Self {
        let status = Status::default();
        let shared = status.clone();
        Self { status, work: std::thread::spawn(move || work(&shared)) }
    }

    fn finish(self) -> Result<String> {
        self.work.join().unwrap_or_else(|_| Err(Failure::new("The server's build stopped; please run this again.")))
    }
}

/// The running server, and the channel of Ctrl-C.
pub struct ServerProcess {
    child: Child,
    stop: Receiver<()>,
}

impl ServerProcess {
    /// Starts the server on a free port, with a new private ledger of this name, and waits until it answers.
    pub fn beside(name: &str) -> Result<(Self, u16)> {
        let port = free_port()?;
        let ledgers = paths::cache().join(name);
        files::empty_directory(&ledgers)?;
        let mut command = Command::new(paths::target().join("release/payment-form-server"));
        command.args(["--demo", "--port", &port.to_string(), "--rate-limit", "0", "--quiet"]);
        command.arg("--db").arg(ledgers.join("ledger.sqlite")).arg("--dist").arg(paths::dist());
        let mut running = Self::start(command)?;
        running.wait_until_healthy(port)?;
        Ok((running, port))
    }

    /// Starts the server's program.
    pub fn start(mut command: Command) -> Result<Self> {
        let (sender, stop) = channel();
        // A failed send is ignored, because no receiver is left after the first Ctrl-C.
        ctrlc::set_handler(move || sender.send(()).unwrap_or(())).map_err(Failure::because("Ctrl-C cannot be listened for"))?;
        // The server has its own process group, so that the terminal's Ctrl-C reaches only this program, which forwards it once.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let child = command.stdin(Stdio::null()).spawn().map_err(Failure::because("The server cannot be started"))?;
        Ok(Self { child, stop })
    }

    /// Waits until it answers.
    pub fn wait_until_healthy(&mut self, port: u16) -> Result<()> {
        let deadline = Instant::now() + START_WITHIN;
        while !is_healthy(port) {
            if self.ended()?.is_some() {
                return Err(Failure::new("The server ended before it was ready; its reason stands above."));
            }
            if self.is_stop_requested(LOOK_EVERY) {
                self.stop()?;
                return Err(Failure::new("Stopped before the server was ready."));
            }
            if Instant::now() > deadline {
                self.stop()?;
                return Err(Failure::new(format!(
                    "The server did not answer on port {port} within {} s.",
                    START_WITHIN.as_secs()
                )));
            }
        }
        Ok(())
    }

    /// Waits for Ctrl-C, or for the server to end by itself, which it should not.
    fn stay(mut self) -> Result<()> {
        loop {
            if self.is_stop_requested(Duration::from_millis(200)) {
                self.stop()?;
                println!("\n  stopped");
                return Ok(());
            }
            if let Some(status) = self.ended()? {
                return Err(Failure::new(format!("The server ended by itself ({status}); its reason stands above.")));
            }
        }
    }

    fn is_stop_requested(&self, within: Duration) -> bool {
        !matches!(self.stop.recv_timeout(within), Err(RecvTimeoutError::Timeout))
    }

    fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.child.try_wait().map_err(Failure::because("The server cannot be waited for"))
    }

    /// Asks the server to finish, as Ctrl-C would; ends it when it does not.
    pub fn stop(&mut self) -> Result<()> {
        program::answer(Command::new("kill").args(["-INT", &self.child.id().to_string()]));
        let deadline = Instant::now() + STOP_WITHIN;
        while self.ended()?.is_none() {
            if Instant::now() > deadline {
                self.child.kill().map_err(Failure::because("The server cannot be ended"))?;
            }
            std::thread::sleep(LOOK_EVERY);
        }
        Ok(())
    }
}

/// `true` if the server answers `GET /healthz` with 200.
fn is_healthy(port: u16) -> bool {
    let ask = || {
        let mut stream =
            TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), Duration::from_millis(500)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(2))).ok()?;
        write!(stream, "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n").ok()?;
        let mut reply = String::new();
        stream.read_to_string(&mut reply).ok()?;
        reply.lines().next()?.split(' ').nth(1).map(|status| status == "200")
    };
    ask().unwrap_or(false)
}

/// A browser that cannot be opened is no reason to stop: the address is on the screen.
fn show_in_browser(url: &str) {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let shown = Command::new(opener).arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    if shown.is_err() {
        println!("  {opener} is not installed, so open the address above yourself.\n");
    }
}
