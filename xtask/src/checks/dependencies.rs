//! Checks the dependencies: licences, sources, one version of each crate, and lock files without addresses.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::build::TARGET;
use crate::cargo::cargo;
use crate::checks::budgets;
use crate::checks::report::Check;
use crate::failure::{Failure, Result};
use crate::paths::root;
use crate::{files, program};

/// The licence expressions that a maintainer has read and accepted, as the crates spell them. A new spelling must be read first.
const ACCEPTED_LICENCES: [&str; 21] = [
    "(MIT OR Apache-2.0) AND Unicode-3.0",
    "Apache-2.0",
    "Apache-2.0 AND ISC",
    "Apache-2.0 OR BSL-1.0 OR MIT",
    "Apache-2.0 OR ISC OR MIT",
    "Apache-2.0 OR MIT",
    "Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT AND BSD-3-Clause",
    "MIT OR Apache-2.0",
    "MIT OR Apache-2.0 OR Zlib",
    "MIT/Apache-2.0",
    "Unicode-3.0",
    "Unlicense OR MIT",
    "Unlicense/MIT",
    "Zlib",
    "Zlib OR Apache-2.0 OR MIT",
];

/// Words that the pure core's tree must not hold: it builds where there is no browser.
const NOT_IN_THE_CORE: [&str; 5] = ["leptos", "wasm-bindgen", "web-sys", "js-sys", "gloo"];

/// The checks, by the names that the test command prints.
pub const CHECKS: [Check; 5] = [
    ("licences and sources", licences_and_sources),
    ("one version of each", one_version_of_each),
    ("crates in the form", crates_in_the_form),
    ("the core stands alone", core_stands_alone),
    ("lock files", lock_files),
];

/// One crate of a tree.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct Crate {
    pub name: String,
    /// As cargo prints it, such as `v0.8.23`.
    pub version: String,
    /// The source if it is not the public registry: a path or an address, as cargo prints it.
    origin: Option<String>,
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

    pub fn is_ours(&self) -> bool {
        self.origin.as_ref().is_some_and(|origin| Path::new(origin).starts_with(root()))
    }
}

fn tree(arguments: &[&str]) -> Result<BTreeSet<Crate>> {
    let mut command = cargo(&["tree", "--prefix", "none", "--format", "{p}|{l}"]);
    let text = program::answer(command.args(arguments))
        .ok_or_else(|| Failure::new("cargo tree failed: run `cargo tree` to see why."))?;
    Ok(text.lines().filter_map(Crate::parse).collect())
}

/// The crates whose code can be in what a browser downloads.
pub fn tree_of_the_form() -> Result<BTreeSet<Crate>> {
    tree(&["--package", "payment-form", "--target", TARGET, "--edges", "normal,no-proc-macro"])
}

fn licences_and_sources() -> Result<()> {
    let mut crates = tree(&["--workspace", "--all-features"])?;
    crates.extend(tree(&["--workspace", "--all-features", "--target", TARGET])?);
    let mut complaints = Vec::new();
    for package in crates.iter().filter(|package| !package.is_ours()) {
        if let Some(origin) = &package.origin {
            complaints.push(format!("{} comes from {origin}, not from the public registry.", package.name));
        }
        if !ACCEPTED_LICENCES.contains(&package.licence.as_str()) {
            complaints.push(format!("{} has the licence `{}`, which nobody has accepted.", package.name, package.licence));
        }
    }
    fail_if_any(
        complaints,
        "A dependency cannot be taken as it is: look at it, then add its licence to xtask/src/checks/dependencies.rs or do without it.",
    )
}

fn one_version_of_each() -> Result<()> {
    let budgets = budgets::read()?;
    let mut complaints = Vec::new();
    let trees = [
        ("the form", tree_of_the_form()?),
        ("the server", tree(&["--package", "payment-form-server", "--edges", "normal,no-proc-macro"])?),
    ];
    for (product, crates) in trees {
        let mut versions = BTreeMap::<&str, BTreeSet<&str>>::new();
        for package in &crates {
            versions.entry(&package.name).or_default().insert(&package.version);
        }
        let accepted = |name: &str| budgets["twice"].get(name).is_some();
        for (name, versions) in versions.iter().filter(|(name, versions)| versions.len() > 1 && !accepted(name)) {
            complaints.push(format!("{product} holds {name} as {}.", versions.iter().copied().collect::<Vec<_>>().join(" and ")));
        }
    }
    fail_if_any(
        complaints,
        "A crate is there twice: bring its users to one version, or say in budgets.json under `twice` why that cannot be.",
    )
}

fn crates_in_the_form() -> Result<()> {
    let crates = tree_of_the_form()?.len() as u64;
    budgets::complaint(&format!("the form is built from {crates} crates"), crates, &budgets::read()?["crates"])
        .map_or(Ok(()), |sentence| Err(Failure::new(sentence)))
}

fn core_stands_alone() -> Result<()> {
    let crates = tree(&["--package", "payment-form", "--no-default-features", "--edges", "normal"])?;
    let strangers = crates.into_iter().filter(|package| NOT_IN_THE_CORE.iter().any(|word| package.name.contains(word)));
    fail_if_any(
        strangers.map(|package| package.name).collect(),
        "The core depends on the browser's crates named above; only the feature `ui` may.",
    )
}

fn lock_files() -> Result<()> {
    let ended = program::run(&mut cargo(&["metadata", "--locked", "--format-version", "1"]), "cargo is missing.", |_| ())?;
    if !ended.succeeded {
        return Err(Failure::new("Cargo.lock is older than a Cargo.toml: run `cargo check` and commit Cargo.lock."));
    }
    let lock = files::read_text(&root().join("package-lock.json"))?;
    if lock.contains("\"resolved\"") {
        return Err(Failure::new(
            "package-lock.json names download addresses: remove it and node_modules, run `npm install`, commit the new one.",
        ));
    }
    Ok(())
}

fn fail_if_any(complaints: Vec<String>, sentence: &str) -> Result<()> {
    if complaints.is_empty() { Ok(()) } else { Err(Failure::with_details(sentence, complaints.join("\n"))) }
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
