//! Runs long campaigns of minutes or hours, of which `cargo xtask test` runs samples in seconds.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::flags::{Conformance, Faults, Fuzz, Money, Simulate};
use crate::serve::{self, ServerProcess};
use crate::steps::step;
use crate::{browser, cargo, dist, files, npm, paths, program};

const SCHEMATHESIS: &str = "schemathesis==4.32.5";
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";
const NO_PYTHON: &str = "Python 3 is missing: install it (Debian: python3 and python3-venv), then run this again.";

/// `cargo xtask simulate`: the form's own machine and the server's own decision under random persons, networks and servers, in a release
/// build.
pub fn simulate(flags: &Simulate) -> Result<()> {
    let test = [
        "test",
        "--package",
        "payment-form",
        "--no-default-features",
        "--test",
        "simulator",
        "--",
        "--nocapture",
        "--test-threads=1",
    ];
    let mut simulator = cargo::release(&test);
    // The schedule's own trace explains a failure; a stack trace would hide it.
    simulator.env("RUST_BACKTRACE", "0");
    for (name, value) in [("SCHEDULES", flags.schedules), ("SEED", flags.seed), ("FIRST", flags.first)] {
        if let Some(value) = value {
            simulator.env(format!("PAYMENT_FORM_{name}"), value.to_string());
        }
    }
    let found = step("simulator", |status| {
        let ended = cargo::run(&mut simulator, status)?;
        if !ended.succeeded {
            let sentence =
                "A schedule broke a rule, a bug went unnoticed, or nothing could be built; what is known stands above.";
            return Err(cargo::refusal(&ended, sentence));
        }
        let lines = ended.transcript.lines().filter_map(finding).map(str::to_owned).collect::<Vec<_>>();
        Ok((lines, "no rule broken".into()))
    })?;
    if found.is_empty() {
        return Err(Failure::new("The simulator ended without a finding: look at tests/simulator/main.rs."));
    }
    found.iter().for_each(|line| println!("  {line}"));
    Ok(())
}

/// The finding in a line of the simulator, without the test runner's words before it.
fn finding(line: &str) -> Option<&str> {
    let line = line.rsplit_once(" ... ").map_or(line, |(_, line)| line);
    [", at schedule ", "schedules/s", ": seen in "].iter().any(|sign| line.contains(sign)).then_some(line)
}

/// `cargo xtask campaign money`: the laws of money and allocation, against an independent model, and the form's preview
/// against the server's record, in a release build.
pub fn money(flags: &Money) -> Result<()> {
    let laws =
        ["--package", "payment-form", "--no-default-features", "--test", "core", "--", "domain::allocation_", "domain::amount"];
    let preview = ["--package", "payment-form-server", "--test", "server", "--", "preview", "--nocapture"];
    for tests in [&laws[..], &preview] {
        let mut command = cargo::release(&[&["test"], tests].concat());
        run_in_sight(
            command.env("PAYMENT_FORM_CASES", flags.cases.to_string()),
            "A law of money was broken; the case stands above.",
        )?;
    }
    Ok(())
}

/// `cargo xtask fuzz`: mutated bodies into every reader of foreign bytes, the form's and then the server's.
pub fn fuzz(flags: &Fuzz) -> Result<()> {
    let (executions, seed) = (flags.executions.to_string(), flags.seed.to_string());
    let mut command = cargo::release(&["run", "--package", "payment-form", "--no-default-features", "--example", "fuzz", "--"]);
    command.args(["--executions", &executions, "--seed", &seed]);
    run_in_sight(&mut command, "A reader broke; the body stands above.")?;
    let mut server =
        cargo::release(&["test", "--package", "payment-form-server", "--test", "server", "--", "fuzz", "--nocapture"]);
    server.env("PAYMENT_FORM_EXECUTIONS", executions).env("PAYMENT_FORM_SEED", seed);
    run_in_sight(&mut server, "A reader or a rule of the server broke; the body stands above.")
}

/// `cargo xtask faults`: random schedules of a person and a network in a real browser. Then the silent second send, killed
/// servers, and parallel requests with one key.
pub fn faults(flags: &Faults) -> Result<()> {
    if flags.upstream {
        return upstream(flags);
    }
    dist::build(false)?;
    let scripts = ["random", "resend", "kills", "parallel"].map(|name| format!("tests/browser/faults/{name}.mjs"));
    let mut commands = step("server with faults", |status| {
        let commands: Result<Vec<Command>> = scripts.iter().map(|script| browser::node(script, status)).collect();
        Ok((commands?, String::new()))
    })?;
    if let Some(random) = commands.first_mut() {
        random.args(["--schedules", &flags.schedules.to_string(), "--seed", &flags.seed.to_string()]);
    }
    let aside = paths::cache().join(format!("campaign-{}", std::process::id()));
    let mut held = true;
    for command in &mut commands {
        copy_programs(command, &aside)?;
        held &= program::show(command, npm::NO_NODE)?;
    }
    _ = std::fs::remove_dir_all(&aside);
    if held { Ok(()) } else { Err(Failure::new("A promise was broken; what was seen stands above.")) }
}

/// `cargo xtask faults --upstream`: random schedules and kills of a server between a portal and each of the vendors, and the pure decisions.
fn upstream(flags: &Faults) -> Result<()> {
    let decisions = ["--package", "payment-form-server", "--lib", "--", "schedules"];
    let servers =
        ["--package", "payment-form-server", "--test", "server", "--", "random_schedules", "killed_server", "--nocapture"];
    for tests in [&decisions[..], &servers] {
        let mut command = cargo::release(&[&["test"], tests].concat());
        command.env("PAYMENT_FORM_SCHEDULES", flags.decisions.to_string()).env("PAYMENT_FORM_SEED", flags.seed.to_string());
        command.env("PAYMENT_FORM_UPSTREAM", flags.schedules.to_string());
        command.env("PAYMENT_FORM_KILLS", (flags.schedules / 2).to_string());
        run_in_sight(&mut command, "A payment was doubled, lost or mistold; what was seen stands above.")?;
    }
    Ok(())
}

/// Copies the form and the programs for a script, because other builds may replace them during a long campaign.
fn copy_programs(script: &mut Command, aside: &Path) -> Result<()> {
    let is_ours = |path: &&Path| path.starts_with(paths::root()) || path.starts_with(paths::target());
    let copied: Vec<(OsString, PathBuf)> = script
        .get_envs()
        .filter_map(|(name, path)| Some((name.to_owned(), path.map(Path::new).filter(is_ours)?.to_owned())))
        .collect();
    for (name, from) in copied {
        let copy = aside.join(&name);
        if !copy.exists() {
            for file in files::below(&from)? {
                let relative = file.strip_prefix(&from).unwrap_or(&file);
                let to = if relative.as_os_str().is_empty() { copy.clone() } else { copy.join(relative) };
                files::create_directory(to.parent().unwrap_or(aside))?;
                std::fs::copy(&file, &to).map_err(Failure::because("a copy for the campaign cannot be made"))?;
            }
        }
        script.env(name, copy);
    }
    Ok(())
}

fn run_in_sight(command: &mut Command, sentence: &str) -> Result<()> {
    if program::show(command, "cargo is not installed: get it from rustup.rs, then run this again.")? {
        Ok(())
    } else {
        Err(Failure::new(sentence))
    }
}

/// `cargo xtask conformance`: schemathesis asks a server everything that `openapi.json` allows, and some that it forbids. The command
/// skips, and says so, where Python or schemathesis cannot be had.
pub fn conformance(flags: &Conformance) -> Result<()> {
    let Some(schemathesis) = install_schemathesis()? else {
        println!("  skipped: schemathesis could not be installed (it needs Python 3 with venv, and a Python package registry)");
        return Ok(());
    };
    step("compile the server", |status| Ok(((), serve::compile(status)?)))?;
    let (mut running, port) = ServerProcess::beside("conformance")?;
    let mut command = Command::new(schemathesis);
    command
        .args(["run", &format!("http://127.0.0.1:{port}/openapi.json"), "--checks", CHECKS])
        .args(["--header", "Authorization: Bearer demo-token", "--max-examples", &flags.examples.to_string(), "--no-color"])
        .current_dir(paths::cache());
    let held = program::show(&mut command, NO_PYTHON)?;
    running.stop()?;
    if held {
        Ok(())
    } else {
        Err(Failure::new("The server gave an answer that openapi.json does not describe; it stands above."))
    }
}

/// A Python environment of our own, so that nothing of the machine's is touched.
fn install_schemathesis() -> Result<Option<PathBuf>> {
    let environment = paths::cache().join("python");
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finding_after_the_test_runners_words_is_read() {
        let caught = "NoLock: paid twice, at schedule 7";
        assert_eq!(finding(caught), Some(caught));
        assert_eq!(finding("test every_bug_is_caught ... NoLock: paid twice, at schedule 7"), Some(caught));
        let whole = "100 schedules of seed 1: none paid twice, none lost, nothing said wrongly (9 schedules/s)";
        assert_eq!(finding(whole), Some(whole));
        assert_eq!(finding("test server_that_pays_twice_is_noticed_at_once ... ok"), None);
    }
}
