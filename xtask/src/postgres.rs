//! Starts a private PostgreSQL server for tests and measurements: in a temporary folder, on a Unix socket, without any of the machine's
//! own databases.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::steps::Status;
use crate::{apt, files, program};

/// The beginning of a private server's folder; the number of this process follows.
const FOLDER: &str = "payment-form-postgres-";
/// The folder in which Debian keeps the programs of each version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// A private server; it ends, and its folder is gone, when this is dropped.
pub struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
}

impl Cluster {
    /// Starts a server; `None` where this machine has none and none can be installed. With `durable` a commit waits for the disk, as in
    /// production.
    pub fn start(durable: bool, status: &Status) -> Result<Option<Self>> {
        let mut programs = installed();
        if programs.is_none() && apt::install("postgresql", status)? {
            programs = installed();
        }
        let Some(programs) = programs else { return Ok(None) };
        sweep(&programs);
        let folder = std::env::temp_dir().join(format!("{FOLDER}{}", std::process::id()));
        files::empty_directory(&folder)?;
        let private = Self { programs, folder };
        if is_root() {
            finish(Command::new("chown").arg("postgres").arg(&private.folder))?;
        }
        status.say("initdb");
        let data = private.data();
        let mut initdb = private.command("initdb");
        finish(initdb.arg("-D").arg(&data).args([
            "-U",
            "postgres",
            "--auth=trust",
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        ]))?;
        status.say("starting");
        let sync = if durable { "on" } else { "off" };
        let socket = private.folder.display();
        let options =
            format!("-c listen_addresses='' -c unix_socket_directories='{socket}' -c max_connections=300 -c fsync={sync}");
        let mut start = private.command("pg_ctl");
        finish(start.arg("-D").arg(&data).args(["-w", "-o", &options, "-l"]).arg(private.folder.join("log")).arg("start"))?;
        Ok(Some(private))
    }

    /// The address for a program that connects to it.
    pub fn url(&self) -> String {
        format!("postgres://postgres@{}/postgres", self.folder.display().to_string().replace('/', "%2F"))
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// A program of PostgreSQL, which refuses to run as root.
    fn command(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        // The folder of the caller may be closed to the other user.
        command.current_dir(&self.folder);
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let mut stop = self.command("pg_ctl");
        // A server that has ended by itself needs no stop.
        let _ = program::run(
            stop.arg("-D").arg(self.data()).args(["-m", "immediate", "-w", "stop"]),
            "PostgreSQL is missing.",
            |_| (),
        );
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Ends the servers of commands that were killed: a database keeps running without the command that started it.
fn sweep(programs: &Path) {
    for entry in std::fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_left = |number: &str| number.parse::<u32>().is_ok() && !Path::new("/proc").join(number).exists();
        if name.strip_prefix(FOLDER).is_some_and(is_left) && Path::new("/proc/self").exists() {
            drop(Cluster { programs: programs.to_path_buf(), folder: entry.path() });
        }
    }
}

/// The programs of the newest version on this machine.
fn installed() -> Option<PathBuf> {
    let versions = std::fs::read_dir(DEBIAN).ok()?.flatten().map(|version| version.path().join("bin"));
    versions.filter(|programs| programs.join("initdb").exists()).max_by_key(|programs| version(programs))
}

fn version(programs: &Path) -> Option<u32> {
    programs.parent()?.file_name()?.to_str()?.parse().ok()
}

fn is_root() -> bool {
    program::answer(Command::new("id").arg("-u")).as_deref() == Some("0")
}

/// Runs to the end. Its output goes nowhere: the database that `pg_ctl` leaves behind would keep a pipe open.
fn finish(command: &mut Command) -> Result<()> {
    let quiet =
        command.stdin(std::process::Stdio::null()).stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
    let ended = quiet.status().map_err(Failure::because("PostgreSQL cannot be started"))?;
    if ended.success() { Ok(()) } else { Err(Failure::new(format!("PostgreSQL cannot be started: {command:?} failed."))) }
}
