//! Calls cargo from within `cargo xtask`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::paths;
use crate::program::{self, ProgramRun, tells_of_no_network};
use crate::steps::Status;

/// Cargo at the repository's root, in the environment that a person's shell would give it.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // The variables of this program's own package are removed, because build scripts that read them would rebuild finished crates.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    command.args(arguments).current_dir(paths::root()).env("CARGO_TERM_COLOR", "never");
    command
}

/// Cargo for a release build. All release builds have the same path flags, so that they share compiled crates.
pub fn release(arguments: &[&str]) -> Command {
    // `--release` stands behind the subcommand, because arguments after `--` are for the program that is run.
    let (subcommand, rest) = arguments.split_at(1);
    let mut command = cargo(&[subcommand, &["--release"], rest].concat());
    with_flags(&mut command, &native_path_flags());
    command
}

/// Gives the compiler these flags. Encoded, because a path may hold a space; they also take the place of any RUSTFLAGS of the person's own.
pub fn with_flags(command: &mut Command, flags: &[String]) {
    command.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
}

/// The flags keep the paths of the sources out of the bytes; otherwise builds would differ and reveal the paths.
pub fn path_flags() -> Vec<String> {
    vec![renamed(paths::root(), "."), renamed(&cargo_home(), "cargo")]
}

/// A program for this machine also holds the paths of the standard library, and those of crates, which name their registry.
fn native_path_flags() -> Vec<String> {
    let sysroot = program::answer(Command::new("rustc").args(["--print", "sysroot"]));
    let registries = std::fs::read_dir(cargo_home().join("registry/src")).into_iter().flatten().flatten();
    let mut registries: Vec<_> = registries.map(|registry| registry.path()).collect();
    // The order is fixed, because another order would count as other flags and rebuild every crate.
    registries.sort();
    let sysroot = sysroot.map(|sysroot| renamed(Path::new(&sysroot), "rust"));
    path_flags().into_iter().chain(registries.iter().map(|registry| renamed(registry, "cargo"))).chain(sysroot).collect()
}

fn renamed(path: &Path, name: &str) -> String {
    format!("--remap-path-prefix={}={name}", path.display())
}

fn cargo_home() -> PathBuf {
    let cargo_home = || std::env::home_dir().unwrap_or_default().join(".cargo");
    std::env::var_os("CARGO_HOME").map_or_else(cargo_home, PathBuf::from)
}

/// Runs cargo. The status shows the crate that is being compiled, and the number of crates before it.
pub fn run(command: &mut Command, status: &Status) -> Result<ProgramRun> {
    let mut compiled = 0;
    status.say("waiting for cargo");
    program::run(command, "cargo is not installed: get it from rustup.rs, then run this again.", |line| {
        if let Some(package) = compiling(line) {
            compiled += 1;
            status.say(format!("compiling {package} (crate {compiled})"));
        } else if let Some(rest) = line.trim_start().strip_prefix("Downloading ") {
            status.say(format!("downloading {rest}"));
        } else if line.trim_start().starts_with("Blocking waiting") {
            status.say("waiting for another cargo to finish");
        }
    })
}

/// Runs `cargo build`. Returns the note for the step's line.
pub fn build(command: &mut Command, what: &str, status: &Status) -> Result<String> {
    let ended = run(command, status)?;
    if !ended.succeeded {
        return Err(refusal(&ended, &format!("{what} did not compile; the compiler's words stand above.")));
    }
    Ok(match ended.transcript.lines().filter_map(compiling).count() {
        0 => "unchanged".into(),
        1 => "compiled 1 crate".into(),
        crates => format!("compiled {crates} crates"),
    })
}

/// Makes the failure of an ended cargo. A missing network has its own sentence, because the code is not the cause then.
pub fn refusal(ended: &ProgramRun, sentence: &str) -> Failure {
    if tells_of_no_network(&ended.transcript) {
        return Failure::new(
            "Cargo could not download the crates that are missing: connect to the network, then run this again.",
        );
    }
    let words = ended.transcript.lines().filter(|line| compiling(line).is_none());
    Failure::with_details(sentence, words.collect::<Vec<_>>().join("\n"))
}

/// The package in a line like `   Compiling leptos v0.8.23`.
fn compiling(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let rest = line.strip_prefix("Compiling ").or_else(|| line.strip_prefix("Checking "))?;
    rest.split_whitespace().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compiled_crate_in_cargos_output_is_recognised() {
        assert_eq!(compiling("   Compiling leptos v0.8.23"), Some("leptos"));
        assert_eq!(compiling("    Checking payment-form v0.1.0 (.)"), Some("payment-form"));
        assert_eq!(compiling("    Finished `dev` profile"), None);
    }

    #[test]
    fn refusal_without_network_asks_for_the_network() {
        let ended = |transcript: &str| ProgramRun { succeeded: false, transcript: transcript.into() };
        let offline = refusal(&ended("error: failed to download `serde`\n[6] Could not resolve host"), "It did not compile.");
        assert!(offline.sentence.contains("network"), "{}", offline.sentence);
        let broken = refusal(&ended("   Compiling serde v1\nerror[E0308]: mismatched types"), "It did not compile.");
        assert_eq!(broken.sentence, "It did not compile.");
        assert_eq!(broken.details, "error[E0308]: mismatched types");
    }
}
