//! What the files of `dist/` weigh: the table, the budgets, and the manifest that hosts copy into their script inventory.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::failure::{Failure, Result};
use crate::places::{self, root};
use crate::{files, npm, program};

/// One file of `dist/`.
struct Weighed {
    file: String,
    raw: u64,
    gzip: u64,
    brotli: u64,
}

/// Compresses every file of the directory and writes its `manifest.json`; returns how many files there are.
pub fn compress(directory: &Path) -> Result<usize> {
    let mut command = Command::new("node");
    command.arg(root().join("xtask/compress.mjs")).arg(directory);
    let ended = program::run(&mut command, npm::NO_NODE, |_| ())?;
    let list: Value = serde_json::from_str(&ended.transcript)
        .map_err(|_| Failure::with_details("xtask/compress.mjs failed; its words stand above.", &*ended.transcript))?;
    let listed = items(&list);
    let manifest = json!({
        "name": "payment-form",
        "version": env!("CARGO_PKG_VERSION"),
        "files": listed.iter().map(with_purpose).collect::<Vec<_>>(),
    });
    files::write(&directory.join("manifest.json"), format!("{manifest:#}\n"))?;
    Ok(listed.len())
}

fn with_purpose(entry: &Value) -> Value {
    let mut entry = entry.clone();
    entry["purpose"] = purpose(entry["file"].as_str().unwrap_or_default()).into();
    entry
}

/// Why a file is there, for the person who has to answer for every script on a page.
fn purpose(file: &str) -> &'static str {
    match file {
        "pkg/define.js" => "registers the element <payment-form>",
        "pkg/element.js" => "the element's class: attributes, properties and events; loads the form",
        "pkg/payment_form.js" => "carries values between JavaScript and the form's WebAssembly",
        "pkg/payment_form_bg.wasm" => "the form",
        "pkg/rules.js" => "check and allocate without a form on the page",
        "pkg/rules.node.js" => "the same for Node; not for pages",
        "pkg/testing.js" => "the page object for browser tests; not for pages",
        "pkg/custom-elements.json" => "describes the element to editors",
        _ if file.starts_with("pkg/words/") => "the form's sentences in one language",
        _ if file.ends_with(".d.ts") => "types for editors and compilers; not for pages",
        _ => "the demo; not a part of the package",
    }
}

/// Prints the table of `dist/`, and what a browser downloads for each line of the budgets.
pub fn print() -> Result<()> {
    let weighed = weighed()?;
    println!("\n  {:<44} {:>10} {:>10} {:>10}", "file", "raw", "gzip", "brotli");
    for row in &weighed {
        print_row(&row.file, row.raw, row.gzip, row.brotli);
    }
    println!();
    for (what, rows, _) in budgeted(&weighed, &budgets()?)? {
        let sum = |figure: fn(&Weighed) -> u64| rows.iter().copied().map(figure).sum();
        print_row(&format!("total of {what}"), sum(|row| row.raw), sum(|row| row.gzip), sum(|row| row.brotli));
    }
    println!();
    Ok(())
}

/// Compares what `dist/` weighs with `budgets.json`.
pub fn keep_budgets() -> Result<()> {
    let (weighed, budgets) = (weighed()?, budgets()?);
    let lines = budgeted(&weighed, &budgets)?;
    let complaints = lines.iter().filter_map(|(what, rows, budget)| {
        let brotli = rows.iter().map(|row| row.brotli).sum();
        complaint(&format!("{what} weighs {brotli} bytes"), brotli, budget)
    });
    let complaints = complaints.collect::<Vec<_>>().join(" ");
    if complaints.is_empty() { Ok(()) } else { Err(Failure::new(complaints)) }
}

/// The file that says what may weigh how much.
pub fn budgets() -> Result<Value> {
    files::read_json(&root().join("budgets.json"))
}

/// The sentence for a figure above its budget.
pub fn complaint(what: &str, figure: u64, budget: &Value) -> Option<String> {
    let at_most = budget["at_most"].as_u64().unwrap_or(0);
    (figure > at_most).then(|| {
        format!(
            "Over budget: {what}, and budgets.json allows {at_most} (it was {} on {}); bring it down, or raise the budget there and say why.",
            budget["measured"],
            budget["on"].as_str().unwrap_or_default(),
        )
    })
}

/// A line of the budgets: its name, the files that it is about, and the line itself.
type Budgeted<'a> = (&'a str, Vec<&'a Weighed>, &'a Value);

fn budgeted<'a>(weighed: &'a [Weighed], budgets: &'a Value) -> Result<Vec<Budgeted<'a>>> {
    items(&budgets["bytes"])
        .iter()
        .map(|budget| {
            let rows = items(&budget["files"]).iter().map(|name| {
                let missing = || Failure::new(format!("budgets.json names {name}, which is not in dist/."));
                weighed.iter().find(|row| Some(row.file.as_str()) == name.as_str()).ok_or_else(missing)
            });
            Ok((budget["what"].as_str().unwrap_or_default(), rows.collect::<Result<_>>()?, budget))
        })
        .collect()
}

fn items(list: &Value) -> &[Value] {
    list.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn weighed() -> Result<Vec<Weighed>> {
    let manifest = files::read_json(&places::dist().join("manifest.json"))?;
    Ok(items(&manifest["files"])
        .iter()
        .map(|entry| Weighed {
            file: entry["file"].as_str().unwrap_or_default().to_string(),
            raw: entry["size"].as_u64().unwrap_or(0),
            gzip: entry["gzip"].as_u64().unwrap_or(0),
            brotli: entry["brotli"].as_u64().unwrap_or(0),
        })
        .collect())
}

fn print_row(name: &str, raw: u64, gzip: u64, brotli: u64) {
    println!("  {name:<44} {raw:>10} {gzip:>10} {brotli:>10}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_speaks_only_when_it_is_passed() {
        let budget = json!({ "at_most": 100, "measured": 90, "on": "2026-11-20" });
        assert_eq!(complaint("the form weighs 100 bytes", 100, &budget), None);
        let said = complaint("the form weighs 101 bytes", 101, &budget).unwrap_or_default();
        assert!(said.contains("the form weighs 101 bytes, and budgets.json allows 100 (it was 90 on 2026-11-20)"), "{said}");
    }
}
