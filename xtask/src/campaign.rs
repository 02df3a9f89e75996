//! The long runs, each bounded unless told otherwise: what `cargo xtask test` samples in seconds, in minutes or hours.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::arguments::Arguments;
use crate::failure::{Failure, Result};
use crate::steps::step;
use crate::{browser, cargo, dist, files, npm, places, program};

/// `cargo xtask campaign money`: the laws of money and allocation, against an independent model, and the form's preview
/// against the server's record, in a release build.
pub fn money(arguments: &mut Arguments) -> Result<()> {
    let subject = arguments.command();
    let cases = arguments.value::<u64>("--cases", "a number of cases")?.unwrap_or(1_000_000);
    arguments.finish()?;
    if subject.as_deref() != Some("money") {
        return Err(Failure::new("A campaign wants its subject: `cargo xtask campaign money`."));
    }
    let laws =
        ["--package", "payment-form", "--no-default-features", "--test", "core", "--", "domain::allocation_", "domain::amount"];
    let preview = ["--package", "payment-form-server", "--test", "server", "--", "preview", "--nocapture"];
    for tests in [&laws[..], &preview] {
        let mut command = cargo::release(&[&["test"], tests].concat());
        shown(command.env("PAYMENT_FORM_CASES", cases.to_string()), "A law of money was broken; the case stands above.")?;
    }
    Ok(())
}

/// `cargo xtask fuzz`: mutated bodies into every reader of foreign bytes, the form's and then the server's.
pub fn fuzz(arguments: &mut Arguments) -> Result<()> {
    let executions = arguments.value::<u64>("--executions", "a number of executions")?.unwrap_or(1_000_000);
    let seed = arguments.value::<u64>("--seed", "a number")?.unwrap_or(1);
    arguments.finish()?;
    let mut command = cargo::release(&["run", "--package", "payment-form", "--no-default-features", "--example", "fuzz", "--"]);
    command.args(["--executions", &executions.to_string(), "--seed", &seed.to_string()]);
    shown(&mut command, "A reader broke; the body stands above.")?;
    let mut server =
        cargo::release(&["test", "--package", "payment-form-server", "--test", "server", "--", "fuzz", "--nocapture"]);
    server.env("PAYMENT_FORM_EXECUTIONS", executions.to_string()).env("PAYMENT_FORM_SEED", seed.to_string());
    shown(&mut server, "A reader or a rule of the server broke; the body stands above.")
}

/// `cargo xtask faults`: random schedules of a person and a network in a real browser, then the silent second send, killed
/// servers and parallel requests with one key.
pub fn faults(arguments: &mut Arguments) -> Result<()> {
    let schedules = arguments.value::<u32>("--schedules", "a number of schedules")?.unwrap_or(100);
    let seed = arguments.value::<u32>("--seed", "a number")?.unwrap_or(1);
    arguments.finish()?;
    dist::build(false)?;
    let scripts = ["random", "resend", "kills", "parallel"].map(|name| format!("tests/browser/faults/{name}.mjs"));
    let mut commands = step("server with faults", |status| {
        let commands: Result<Vec<Command>> = scripts.iter().map(|script| browser::node(script, status)).collect();
        Ok((commands?, String::new()))
    })?;
    if let Some(random) = commands.first_mut() {
        random.args(["--schedules", &schedules.to_string(), "--seed", &seed.to_string()]);
    }
    let aside = places::kept().join(format!("campaign-{}", std::process::id()));
    let mut held = true;
    for command in &mut commands {
        put_aside(command, &aside)?;
        held &= program::show(command, npm::NO_NODE)?;
    }
    _ = std::fs::remove_dir_all(&aside);
    if held { Ok(()) } else { Err(Failure::new("A promise was broken; what was seen stands above.")) }
}

/// Copies the form and the programs that a script is told of, and tells it of the copies: a campaign takes long, and other builds go on
/// meanwhile.
fn put_aside(script: &mut Command, aside: &Path) -> Result<()> {
    let is_ours = |path: &&Path| path.starts_with(places::root()) || path.starts_with(places::target());
    let told: Vec<(OsString, PathBuf)> = script
        .get_envs()
        .filter_map(|(name, path)| Some((name.to_owned(), path.map(Path::new).filter(is_ours)?.to_owned())))
        .collect();
    for (name, from) in told {
        let copy = aside.join(&name);
        if !copy.exists() {
            for file in files::below(&from)? {
                let place = file.strip_prefix(&from).unwrap_or(&file);
                let to = if place.as_os_str().is_empty() { copy.clone() } else { copy.join(place) };
                files::create_directory(to.parent().unwrap_or(aside))?;
                std::fs::copy(&file, &to).map_err(Failure::because("a copy for the campaign cannot be made"))?;
            }
        }
        script.env(name, copy);
    }
    Ok(())
}

fn shown(command: &mut Command, sentence: &str) -> Result<()> {
    if program::show(command, "cargo is not installed: get it from rustup.rs, then run this again.")? {
        Ok(())
    } else {
        Err(Failure::new(sentence))
    }
}
