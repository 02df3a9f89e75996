//! Measures the form beside the same form in React, Solid and plain JavaScript, on one machine in one run (`cargo xtask bench`). It also
//! measures the cost of another amount, natively and in WebAssembly.

use std::process::Command;

use crate::failure::{Failure, Result};
use crate::flags::{Bench, Measurement};
use crate::paths::root;
use crate::serve::{self, ServerProcess};
use crate::stamp::Stamp;
use crate::steps::step;
use crate::{browser, cargo, dist, npm, postgres, program};

const UNFINISHED: &str = "A measurement did not come to its end; its words stand above.";

/// Builds both sides, and prints the tables.
pub fn command(flags: &Bench) -> Result<()> {
    let wants = |measurement| flags.only.is_none_or(|only| only == measurement);

    let mut held = true;
    for (measurement, example) in [(Measurement::Server, "load"), (Measurement::History, "history")] {
        if wants(measurement) {
            held &= server(example)?;
        }
    }
    if matches!(flags.only, Some(Measurement::Server | Measurement::History)) {
        return if held { Ok(()) } else { Err(Failure::new(UNFINISHED)) };
    }
    dist::build(false)?;
    step("compile the server", |status| Ok(((), serve::compile(status)?)))?;
    let chromium = step("the other forms", |status| {
        install_peers()?;
        Ok((browser::find_chromium(status)?, "built".into()))
    })?;

    let (mut running, port) = ServerProcess::beside("bench")?;
    let ours = format!("ours=http://127.0.0.1:{port}/bench.html?n={{n}}");
    let measure = |mode: &str, count: &str, peers: &[&str]| {
        println!("\n  {mode}, {count} invoices");
        let mut command = Command::new("node");
        command.args(["bench.mjs", mode, count]).args(peers).arg(&ours).env("CHROMIUM", &chromium);
        program::show(command.current_dir(root().join("tests/peers")), npm::NO_NODE)
    };
    if wants(Measurement::Keystroke) {
        for count in &flags.invoices {
            // The forms without a window over their rows take minutes a key with a hundred thousand of them.
            let all = ["vanilla", "solid", "react", "react?virtual"];
            let peers = if *count > 10_000 { &all[3..] } else { &all[..] };
            held &= measure("keystroke", &count.to_string(), peers)?;
        }
    }
    if wants(Measurement::Load) {
        held &= measure("load", "50", &["vanilla", "solid", "react"])?;
    }
    if wants(Measurement::Replan) {
        println!("\n  another amount, natively");
        let mut native = cargo::cargo(&["bench", "--package", "payment-form", "--no-default-features", "--bench", "replan"]);
        held &= program::show(&mut native, "cargo is not installed: get it from rustup.rs, then run this again.")?;
        println!("\n  another amount, in wasm");
        let mut command = Command::new("node");
        command.arg("benches/replan.mjs").arg(ours.trim_start_matches("ours=")).env("CHROMIUM", &chromium);
        held &= program::show(command.current_dir(root()), npm::NO_NODE)?;
    }
    running.stop()?;
    if held { Ok(()) } else { Err(Failure::new(UNFINISHED)) }
}

/// Runs an example of the server over SQLite and over a private PostgreSQL, where there is one.
fn server(example: &str) -> Result<bool> {
    let private = step("PostgreSQL", |status| {
        let private = postgres::Cluster::start(true, status)?;
        let note = if private.is_some() { "started" } else { "skipped: install the package postgresql" };
        Ok((private, note.to_owned()))
    })?;
    let mut load = cargo::release(&["run", "--quiet", "--package", "payment-form-server", "--example", example]);
    match &private {
        Some(private) => load.env("DATABASE_URL", private.url()),
        None => load.env_remove("DATABASE_URL"),
    };
    program::show(&mut load, "cargo is not installed: get it from rustup.rs, then run this again.")
}

/// Installs and builds the other forms, unless they are up to date.
fn install_peers() -> Result<()> {
    let peers = root().join("tests/peers");
    let inputs = ["package.json", "package-lock.json", "build.mjs", "src"].map(|name| peers.join(name));
    let stamp = Stamp::read("peers", &inputs, "", &[peers.join("dist/sizes.json")])?;
    if stamp.is_current()? {
        return Ok(());
    }
    for arguments in [&["ci", "--ignore-scripts", "--no-fund", "--no-audit"][..], &["run", "build"]] {
        let mut command = Command::new("npm");
        let ended = program::run(command.args(arguments).current_dir(&peers), npm::NO_NODE, |_| ())?;
        if !ended.succeeded {
            return Err(Failure::with_details("npm could not build the other forms; its words stand above.", ended.transcript));
        }
    }
    stamp.save()
}
