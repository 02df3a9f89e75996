//! The long runs, each bounded unless told otherwise: what `cargo xtask test` samples in seconds, in minutes or hours.

use crate::arguments::Arguments;
use crate::failure::{Failure, Result};
use crate::steps::step;
use crate::{browser, cargo, dist, npm, program};

/// `cargo xtask campaign money`: the laws of money and allocation, against an independent model, and the form's preview
/// against the server's record, in a release build.
pub fn money(arguments: &mut Arguments) -> Result<()> {
    let subject = arguments.command();
    let cases = arguments.value::<u64>("--cases", "a number of cases")?.unwrap_or(1_000_000);
    arguments.finish()?;
    if subject.as_deref() != Some("money") {
        return Err(Failure::new("A campaign wants its subject: `cargo xtask campaign money`."));
    }
    let laws = ["--package", "payment-form", "--no-default-features", "--test", "native", "--", "allocation_", "amount"];
    let preview = ["--package", "payment-form-server", "--test", "server", "--", "preview", "--nocapture"];
    for tests in [&laws[..], &preview] {
        let mut command = cargo::cargo(&[&["test", "--release"], tests].concat());
        shown(command.env("PAYMENT_FORM_CASES", cases.to_string()), "A law of money was broken; the case stands above.")?;
    }
    Ok(())
}

/// `cargo xtask fuzz`: mutated bodies into every reader of foreign bytes.
pub fn fuzz(arguments: &mut Arguments) -> Result<()> {
    let executions = arguments.value::<u64>("--executions", "a number of executions")?.unwrap_or(1_000_000);
    let seed = arguments.value::<u64>("--seed", "a number")?.unwrap_or(1);
    arguments.finish()?;
    let mut command =
        cargo::cargo(&["run", "--release", "--package", "payment-form", "--no-default-features", "--example", "fuzz", "--"]);
    command.args(["--executions", &executions.to_string(), "--seed", &seed.to_string()]);
    shown(&mut command, "A reader broke; the body stands above.")
}

/// `cargo xtask faults`: random schedules of a person and a network in a real browser, then the silent second send, killed
/// servers and parallel requests with one key.
pub fn faults(arguments: &mut Arguments) -> Result<()> {
    let schedules = arguments.value::<u32>("--schedules", "a number of schedules")?.unwrap_or(100);
    let seed = arguments.value::<u32>("--seed", "a number")?.unwrap_or(1);
    arguments.finish()?;
    dist::build(false)?;
    let mut command =
        step("server with faults", |status| Ok((browser::node("tests/faults/random.mjs", status)?, String::new())))?;
    command.args(["--schedules", &schedules.to_string(), "--seed", &seed.to_string()]);
    let mut held = program::show(&mut command, npm::NO_NODE)?;
    for script in ["resend", "kills", "parallel"] {
        let mut command =
            step(script, |status| Ok((browser::node(&format!("tests/faults/{script}.mjs"), status)?, String::new())))?;
        held &= program::show(&mut command, npm::NO_NODE)?;
    }
    if held { Ok(()) } else { Err(Failure::new("A promise was broken; what was seen stands above.")) }
}

fn shown(command: &mut std::process::Command, sentence: &str) -> Result<()> {
    if program::show(command, "cargo is not installed: get it from rustup.rs, then run this again.")? {
        Ok(())
    } else {
        Err(Failure::new(sentence))
    }
}
