//! Collects the licence texts of the crates in the form, which their licences ask every copy to carry.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::cargo::cargo;
use crate::crate_tree;
use crate::failure::{Failure, Result};
use crate::paths::root;
use crate::{files, program};

/// Stands below crates that are published without the text of the licence that their manifest names.
const NO_TEXT: &str = "(The crates above are published without a licence text; each names its licence in its manifest.)";
/// Comes into the WebAssembly with the compiler; `cargo metadata` does not list it.
const STANDARD_LIBRARY: &str = "Rust's standard library (MIT OR Apache-2.0)";
const UNREADABLE: &str = "cargo metadata failed: run `cargo metadata` to see why.";

/// The notices: each licence text once, below the crates that it covers.
pub fn third_party() -> Result<String> {
    let answer = program::answer(&mut cargo(&["metadata", "--format-version", "1"])).ok_or_else(|| Failure::new(UNREADABLE))?;
    let metadata: Value = serde_json::from_str(&answer).map_err(Failure::because(UNREADABLE))?;
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut texts = BTreeMap::<String, Vec<String>>::new();
    for package in crate_tree::tree_of_the_form()?.iter().filter(|package| !package.is_ours()) {
        let version = package.version.trim_start_matches('v');
        let described = packages.iter().find(|known| known["name"] == *package.name && known["version"] == *version);
        let manifest = described.and_then(|known| known["manifest_path"].as_str()).unwrap_or_default();
        let texts_of = licence_texts(Path::new(manifest).parent().unwrap_or(Path::new(manifest)))?;
        let title = format!("{} {version} ({})", package.name, package.licence);
        // A crate without a text of its own is covered by the name of its licence.
        let texts_of = if texts_of.is_empty() { vec![NO_TEXT.to_string()] } else { texts_of };
        for text in texts_of {
            texts.entry(text).or_default().push(title.clone());
        }
    }
    let apache = files::read_text(&root().join("LICENSE-APACHE"))?;
    texts.entry(normal(&apache)).or_default().insert(0, STANDARD_LIBRARY.to_string());
    let mut notices = String::from("The form is compiled from these crates, too. Their licences follow.\n");
    let mut groups: Vec<_> = texts.into_iter().map(|(text, titles)| (titles, text)).collect();
    groups.sort();
    for (titles, text) in groups {
        notices.push_str(&format!("\n{}\n{}\n\n{text}\n", "=".repeat(80), titles.join("\n")));
    }
    Ok(notices)
}

/// The texts of a crate's licences: the files in its root that are named so.
fn licence_texts(directory: &Path) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().to_lowercase();
        let is_text = ["licen", "copying", "notice", "unlicense"].iter().any(|word| name.starts_with(word));
        if is_text && entry.path().is_file() {
            texts.push(normal(&files::read_text(&entry.path())?));
        }
    }
    texts.sort();
    Ok(texts)
}

/// A text without the spaces at the ends of its lines, in which the same text often differs.
fn normal(text: &str) -> String {
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_of_the_form_name_each_crate_above_its_licence() {
        let notices = third_party().unwrap_or_else(|failure| panic!("{}", failure.sentence));
        let rule = "=".repeat(80);
        let holds = |name: &str, words: &str| {
            let mut groups = notices.split(&rule).filter(|group| group.lines().any(|line| line.starts_with(name)));
            groups.any(|group| group.contains(words))
        };
        assert!(holds("rust_decimal ", "Permission is hereby granted"));
        assert!(holds("Rust's standard library", "Apache License"));
        assert!(holds("leptos ", NO_TEXT), "leptos is published without a text");
        assert!(!holds("payment-form ", ""), "the form is no third party of itself");
    }
}
