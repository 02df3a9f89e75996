//! Runs apps of every framework with the packed package (`cargo xtask hosts`): each installs, builds, starts and pays.

use crate::browser;
use crate::checks::report::{Count, Suite};
use crate::dist;
use crate::failure::{Failure, Result};
use crate::flags::Hosts;
use crate::steps::{Status, step};
use crate::{npm, program};

/// The apps that `cargo xtask test` runs, because their packages install in seconds. One has no bundler; the bundlers of the others understand
/// addresses of files, do not understand them, or rename the files.
pub const FAST: [&str; 4] = ["plain", "react-vite", "esbuild", "webpack"];

/// Builds the form and runs the apps, and shows their table.
pub fn command(flags: &Hosts) -> Result<()> {
    dist::build(false)?;
    let apps: Vec<_> = flags.apps.iter().map(String::as_str).collect();
    let suite = step("host apps", |status| {
        let suite = run(&apps, status)?;
        let note = format!("{} passed, {} failed", suite.count.passed, suite.count.failed);
        Ok((suite, note))
    })?;
    println!("\n{}", suite.transcript.trim_end());
    if suite.count.failed == 0 { Ok(()) } else { Err(Failure::new("A host app cannot use the package; its words stand above.")) }
}

/// Runs apps by name, or all of them.
pub fn run(apps: &[&str], status: &Status) -> Result<Suite> {
    let mut command = browser::node("tests/hosts/run.mjs", status)?;
    let ended = program::run(command.args(apps), npm::NO_NODE, |line| status.say(line))?;
    match Count::of_last_line(&ended.transcript) {
        Some(count) if ended.succeeded == (count.failed == 0) => Ok(Suite { count, transcript: ended.transcript }),
        _ => Err(Failure::with_details("The host apps stopped before their end; their words stand above.", ended.transcript)),
    }
}
