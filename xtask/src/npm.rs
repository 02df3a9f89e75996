//! Installs the programs that package-lock.json names, and checks Node.

use std::process::Command;

use crate::failure::{Failure, Result};
use crate::paths::root;
use crate::program::{self, tells_of_no_network};
use crate::stamp::Stamp;
use crate::steps::step;

/// The oldest Node that binaryen, esbuild and Playwright run on.
const OLDEST_NODE: u32 = 20;
/// The sentence for a machine without Node.
pub const NO_NODE: &str =
    "Node 20 or newer is missing: install it (nodejs.org, or your system's package nodejs), then run this again.";
const NO_NPM: &str = "npm is missing: install it beside Node (Debian: the package npm), then run this again.";

/// Installs exactly the packages of package-lock.json, unless they are installed already.
pub fn install() -> Result<()> {
    step("npm tools", |status| {
        check_node()?;
        let locked = ["package.json", "package-lock.json", ".npmrc"].map(|name| root().join(name));
        // npm's record of the installation stands for the ten thousand files of node_modules.
        let stamp = Stamp::read("npm", &locked, "", &[root().join("node_modules/.package-lock.json")])?;
        if stamp.is_current()? {
            return Ok(((), "unchanged".into()));
        }
        status.say("npm ci");
        let mut command = Command::new("npm");
        command.args(["ci", "--ignore-scripts", "--no-fund", "--no-audit"]).current_dir(root());
        let ended = program::run(&mut command, NO_NPM, |_| ())?;
        if !ended.succeeded {
            return Err(if tells_of_no_network(&ended.transcript) {
                Failure::new("npm could not reach its registry: connect to the network, then run this again.")
            } else {
                Failure::with_details("npm ci failed; its words stand above.", ended.transcript)
            });
        }
        stamp.save()?;
        let installed = ended.transcript.lines().find(|line| line.starts_with("added")).unwrap_or("installed");
        Ok(((), installed.split(" in ").next().unwrap_or(installed).to_string()))
    })
}

fn check_node() -> Result<()> {
    let version = program::answer(Command::new("node").arg("--version")).ok_or_else(|| Failure::new(NO_NODE))?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < OLDEST_NODE) {
        return Err(Failure::new(format!(
            "Node {version} is too old: install Node {OLDEST_NODE} or newer, then run this again."
        )));
    }
    Ok(())
}
