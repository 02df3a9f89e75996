//! Lists the crates of a build, as `cargo tree` tells them.

use std::collections::BTreeSet;
use std::path::Path;

use crate::build::TARGET;
use crate::cargo::cargo;
use crate::failure::{Failure, Result};
use crate::paths::root;
use crate::program;

/// One crate of a tree.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct Crate {
    pub name: String,
    /// As cargo prints it, such as `v0.8.23`.
    pub version: String,
    /// The source if it is not the public registry: a path or an address, as cargo prints it.
    pub origin: Option<String>,
    pub licence: String,
}

impl Crate {
    /// Reads a line like `leptos v0.8.23|MIT`, `serde_derive v1.0.0 (proc-macro)|MIT (*)` or `xtask v0.1.0 (/path)|MIT`.
    fn parse(line: &str) -> Option<Self> {
        let (package, licence) = line.trim_end_matches(" (*)").split_once('|')?;
        let mut words = package.splitn(3, ' ');
        let (name, version) = (words.next()?.to_string(), words.next()?.to_string());
        let origin = words.next().unwrap_or_default().trim_start_matches("(proc-macro)").trim().trim_matches(['(', ')']);
        let origin = (!origin.is_empty()).then(|| origin.to_string());
        Some(Self { name, version, origin, licence: licence.trim().to_string() })
    }

    /// True for a crate of this repository.
    pub fn is_ours(&self) -> bool {
        self.origin.as_ref().is_some_and(|origin| Path::new(origin).starts_with(root()))
    }
}

/// The crates that `cargo tree` lists with these arguments.
pub fn tree(arguments: &[&str]) -> Result<BTreeSet<Crate>> {
    let mut command = cargo(&["tree", "--prefix", "none", "--format", "{p}|{l}"]);
    let text = program::answer(command.args(arguments))
        .ok_or_else(|| Failure::new("cargo tree failed: run `cargo tree` to see why."))?;
    Ok(text.lines().filter_map(Crate::parse).collect())
}

/// The crates whose code can be in what a browser downloads.
pub fn tree_of_the_form() -> Result<BTreeSet<Crate>> {
    tree(&["--package", "payment-form", "--target", TARGET, "--edges", "normal,no-proc-macro"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_of_cargo_tree_gives_name_version_origin_and_licence() {
        let parsed = |line: &str| Crate::parse(line).map(|parsed| (parsed.name, parsed.version, parsed.origin, parsed.licence));
        let expected = |name: &str, version: &str, origin: Option<&str>, licence: &str| {
            Some((name.to_string(), version.to_string(), origin.map(String::from), licence.to_string()))
        };
        assert_eq!(parsed("leptos v0.8.23|MIT"), expected("leptos", "v0.8.23", None, "MIT"));
        assert_eq!(
            parsed("serde_derive v1.0.0 (proc-macro)|MIT OR Apache-2.0 (*)"),
            expected("serde_derive", "v1.0.0", None, "MIT OR Apache-2.0")
        );
        assert_eq!(
            parsed("x v1.0.0 (https://example.org/x#1)|MIT"),
            expected("x", "v1.0.0", Some("https://example.org/x#1"), "MIT")
        );
    }
}
