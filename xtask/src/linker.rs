//! Between rustc and its linker: what crates export to JavaScript for uses that the form does not make is not asked for.
//!
//! Leptos brings streams for its server functions, as JavaScript classes that no page here uses. rustc tells the linker to export every
//! one of them, and what is exported is kept with all that it reaches. Behind the linker it is too late: by then a function whose
//! address was taken by the class cannot be told from one that is called. Measured: 3.7 kB of the download.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::program;

/// How every export of the unused classes is called, before or behind other words.
pub const UNUSED_CLASSES: &str = "intounderlying";

/// Whether rustc has started this program as its linker: its first word is then the linker's flavour, or a file of all words.
pub fn is_asked(first: &str) -> bool {
    first == "-flavor" || first.starts_with('@')
}

/// Links as rustc asks, without the unused classes.
pub fn link(arguments: impl Iterator<Item = String>) -> ExitCode {
    let Some(linker) = real() else { return ExitCode::FAILURE };
    let arguments: Vec<String> = arguments.collect();
    let kept = match arguments.first().and_then(|first| first.strip_prefix('@')) {
        None => wanted(arguments.into_iter()),
        Some(list) => {
            let Ok(text) = std::fs::read_to_string(list) else { return ExitCode::FAILURE };
            let lines = wanted(text.lines().map(str::to_string));
            let fewer = format!("{list}.wanted");
            if std::fs::write(&fewer, lines.join("\n")).is_err() {
                return ExitCode::FAILURE;
            }
            vec![format!("@{fewer}")]
        }
    };
    let linked = Command::new(linker).args(kept).status().is_ok_and(|status| status.success());
    if linked { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The linker that came with the compiler, where one did.
pub fn real() -> Option<PathBuf> {
    let ask = |what: &str| program::answer(Command::new("rustc").args(["--print", what]));
    let linker = Path::new(&ask("sysroot")?).join("lib/rustlib").join(ask("host-tuple")?).join("bin/rust-lld");
    linker.exists().then_some(linker)
}

/// The variable that names this program as the linker of the form.
pub fn variable() -> Option<(&'static str, OsString)> {
    real()?;
    Some(("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", std::env::current_exe().ok()?.into_os_string()))
}

/// Each export stands in two words: `--export`, and its name.
fn wanted(arguments: impl Iterator<Item = String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for argument in arguments {
        if argument.contains(UNUSED_CLASSES) && kept.last().is_some_and(|last| last == "--export") {
            kept.pop();
        } else {
            kept.push(argument);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exports_of_unused_classes_go() {
        let words = |text: &str| text.split(' ').map(str::to_string).collect::<Vec<_>>();
        let asked = words("-flavor wasm --export __wbg_intounderlyingsink_free --export mount -o intounderlying.wasm");
        assert_eq!(wanted(asked.into_iter()), words("-flavor wasm --export mount -o intounderlying.wasm"));
    }
}
