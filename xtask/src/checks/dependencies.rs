//! Checks the dependencies: licences, sources, one version of each crate, and lock files without addresses.

use std::collections::{BTreeMap, BTreeSet};

use crate::build::TARGET;
use crate::cargo::cargo;
use crate::checks::budgets;
use crate::checks::report::Check;
use crate::crate_tree::{tree, tree_of_the_form};
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
