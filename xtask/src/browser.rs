//! Runs the tests that need a browser: real engines, the real server, the files of `dist/`.

use std::path::PathBuf;
use std::process::Command;

use crate::checks::report::{Count, Suite};
use crate::failure::{Failure, Result};
use crate::paths::{self, root};
use crate::steps::Status;
use crate::{apt, cargo, files, npm, program};

/// Debian's program of Chromium without a window: the same engine for a third of the time, so the tests prefer it.
const HEADLESS_SHELL: &str = "chromium-headless-shell";
/// The paths of the browser on Linux and macOS.
const CHROMIUMS: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const NO_CHROMIUM: &str = "The browser tests need Chromium: install it (Debian: `sudo apt-get install chromium`), \
    or set CHROMIUM to the program of any Chrome or Chromium, then run this again.";

/// A browser engine that the tests drive.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Chromium or Chrome
    Chromium,
    /// Firefox
    Firefox,
    /// WebKitGTK, with a virtual display where the machine has none
    WebKit,
}

impl Engine {
    /// Its name in `run.mjs --engine`.
    const fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// The programs that it needs, each with the Debian package that brings it.
    const fn programs(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Chromium => &[("chromium", "chromium")],
            Self::Firefox => &[("firefox-esr", "firefox-esr")],
            Self::WebKit => &[("WebKitWebDriver", "webkit2gtk-driver"), ("Xvfb", "xvfb")],
        }
    }

    /// Installs the engine where this program may; `true` if the tests can use it.
    pub fn install(self, status: &Status) -> Result<bool> {
        for (program, package) in self.programs() {
            let is_there = is_on_path(program) || (apt::install(package, status)? && is_on_path(program));
            if !is_there {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The sentence about an engine that is not there.
    pub fn absence(self) -> String {
        let packages: Vec<_> = self.programs().iter().map(|(_, package)| *package).collect();
        format!("it is not installed (Debian: `sudo apt-get install {}`)", packages.join(" "))
    }
}

/// Runs `tests/browser/run.mjs` in an engine, with the words that follow `--` on the command line. Its last line is `N passed, N failed`.
pub fn run(engine: Engine, arguments: &[String], status: &Status) -> Result<Suite> {
    let mut command = node("tests/browser/run.mjs", status)?;
    command.args(["--engine", engine.name()]).args(arguments);
    let ended = program::run(&mut command, npm::NO_NODE, |line| status.say(line))?;
    match Count::of_last_line(&ended.transcript) {
        Some(count) if ended.succeeded == (count.failed == 0) => Ok(Suite { count, transcript: ended.transcript }),
        _ => Err(Failure::with_details("The browser tests stopped before their end; their words stand above.", ended.transcript)),
    }
}

/// A Node script that tests the form in a browser, ready to start; builds the server with its fault switches.
///
/// Environment variables tell the script the paths: PAYMENT_FORM_SERVER of the server's program, PAYMENT_FORM_LEDGER of the ledger's
/// reader, PAYMENT_FORM_DIST of the form's files, CHROMIUM of the browser.
pub fn node(script: &str, status: &Status) -> Result<Command> {
    let chromium = find_test_chromium(status)?;
    let server = build_server(status)?;
    let mut command = Command::new("node");
    command
        .arg(script)
        .current_dir(root())
        .env("PAYMENT_FORM_SERVER", server)
        .env("PAYMENT_FORM_LEDGER", paths::target().join("debug/examples/ledger"))
        .env("PAYMENT_FORM_DIST", paths::dist())
        .env("CHROMIUM", chromium);
    Ok(command)
}

/// A release never has fault switches, so this server has another directory than the one that `serve` starts.
fn build_server(status: &Status) -> Result<PathBuf> {
    let mut command =
        cargo::cargo(&["build", "--package", "payment-form-server", "--features", "faults", "--bins", "--examples"]);
    cargo::build(&mut command, "The server", status)?;
    let copy = paths::cache().join("payment-form-server-with-faults");
    // The next build without faults would put its own program into this one's place. Renamed, not written over: another run
    // of the tests may be using the one that is there.
    let next = copy.with_extension("next");
    files::create_directory(&paths::cache())?;
    std::fs::copy(paths::target().join("debug/payment-form-server"), &next)
        .and_then(|_| std::fs::rename(&next, &copy))
        .map_err(Failure::because("the server for the tests cannot be copied"))?;
    Ok(copy)
}

/// The Chromium of the tests: what CHROMIUM names, else the headless shell where it is or can be installed, else any Chromium.
fn find_test_chromium(status: &Status) -> Result<String> {
    let is_named = std::env::var_os("CHROMIUM").is_some();
    // An installation that fails, without a network for example, leaves the ordinary browser.
    let has_shell = !is_named
        && (is_on_path(HEADLESS_SHELL) || (apt::install(HEADLESS_SHELL, status).unwrap_or(false) && is_on_path(HEADLESS_SHELL)));
    if has_shell { Ok(on_path(HEADLESS_SHELL.into())) } else { find_chromium(status) }
}

/// The browser's program, by its whole path.
pub fn find_chromium(status: &Status) -> Result<String> {
    let answers = |program: &str| program::answer(Command::new(program).arg("--version")).is_some();
    if let Ok(named) = std::env::var("CHROMIUM") {
        return if answers(&named) {
            Ok(on_path(named))
        } else {
            Err(Failure::new(format!("CHROMIUM names {named}, which does not run.")))
        };
    }
    let found = || CHROMIUMS.into_iter().find(|program| answers(program)).map(|program| on_path(program.into()));
    if let Some(chromium) = found() {
        return Ok(chromium);
    }
    if apt::install("chromium", status)?
        && let Some(chromium) = found()
    {
        return Ok(chromium);
    }
    Err(Failure::new(NO_CHROMIUM))
}

/// The whole path of a program: Playwright does not look for a bare name.
fn on_path(program: String) -> String {
    find_on_path(&program).map_or(program, |file| file.to_string_lossy().into_owned())
}

fn is_on_path(program: &str) -> bool {
    find_on_path(program).is_some()
}

fn find_on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}
