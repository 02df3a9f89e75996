//! `cargo xtask conformance`: schemathesis asks the server everything that `openapi.json` allows, and some that it forbids.

use std::path::PathBuf;
use std::process::Command;

use crate::arguments::Arguments;
use crate::failure::{Failure, Result};
use crate::serve::{self, Running};
use crate::steps::step;
use crate::{places, program};

const SCHEMATHESIS: &str = "schemathesis==4.32.5";
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";
const NO_PYTHON: &str = "Python 3 is missing: install it (Debian: python3 and python3-venv), then run this again.";

/// Reads the arguments, starts a server of its own and lets schemathesis ask it. Where there is no Python or no schemathesis to be
/// had it says so and skips: the tool belongs to nobody's build.
pub fn command(arguments: &mut Arguments) -> Result<()> {
    let examples = arguments.value::<u32>("--examples", "a number of examples")?.unwrap_or(50);
    arguments.finish()?;
    let Some(schemathesis) = install()? else {
        println!("  skipped: schemathesis could not be installed (it needs Python 3 with venv, and a Python package registry)");
        return Ok(());
    };
    step("compile the server", |status| Ok(((), serve::compile(status)?)))?;
    let (mut running, port) = Running::beside("conformance")?;
    let mut command = Command::new(schemathesis);
    command
        .args(["run", &format!("http://127.0.0.1:{port}/openapi.json"), "--checks", CHECKS])
        .args(["--header", "Authorization: Bearer demo-token", "--max-examples", &examples.to_string(), "--no-color"])
        .current_dir(places::kept());
    let held = program::show(&mut command, NO_PYTHON)?;
    running.stop()?;
    if held {
        Ok(())
    } else {
        Err(Failure::new("The server gave an answer that openapi.json does not describe; it stands above."))
    }
}

/// A Python environment of our own, so that nothing of the machine's is touched.
fn install() -> Result<Option<PathBuf>> {
    let environment = places::kept().join("python");
    let tool = environment.join("bin/schemathesis");
    step("schemathesis", |status| {
        if tool.exists() {
            return Ok((Some(tool), "unchanged".into()));
        }
        status.say("making a private Python environment");
        let mut venv = Command::new("python3");
        let made = program::answer(venv.args(["-m", "venv"]).arg(&environment)).is_some();
        status.say(format!("pip install {SCHEMATHESIS}"));
        let mut pip = Command::new(environment.join("bin/pip"));
        let installed = made && program::answer(pip.args(["install", "--quiet", SCHEMATHESIS])).is_some();
        let note = if installed { SCHEMATHESIS } else { "not to be had" };
        Ok(((installed && tool.exists()).then_some(tool), note.into()))
    })
}
