//! Compares the sizes of the files in `dist/`, as its manifest lists them, with `budgets.json`.

use serde_json::Value;

use crate::failure::{Failure, Result};
use crate::files;
use crate::paths::{self, root};

/// One file of `dist/`.
struct FileSizes {
    file: String,
    raw: u64,
    gzip: u64,
    brotli: u64,
}

/// Prints the table of `dist/`, and what a browser downloads for each line of the budgets.
pub fn print() -> Result<()> {
    let file_sizes = file_sizes()?;
    println!("\n  {:<44} {:>10} {:>10} {:>10}", "file", "raw", "gzip", "brotli");
    for row in &file_sizes {
        print_row(&row.file, row.raw, row.gzip, row.brotli);
    }
    println!();
    for (what, rows, _) in budget_lines(&file_sizes, &read()?)? {
        let sum = |figure: fn(&FileSizes) -> u64| rows.iter().copied().map(figure).sum();
        print_row(what, sum(|row| row.raw), sum(|row| row.gzip), sum(|row| row.brotli));
    }
    println!();
    Ok(())
}

/// Compares what `dist/` weighs with `budgets.json`.
pub fn keep() -> Result<()> {
    let (file_sizes, budgets) = (file_sizes()?, read()?);
    let lines = budget_lines(&file_sizes, &budgets)?;
    let complaints = lines.iter().filter_map(|(what, rows, budget)| {
        let brotli = rows.iter().map(|row| row.brotli).sum();
        complaint(&format!("{what} weighs {brotli} bytes"), brotli, budget)
    });
    let complaints = complaints.collect::<Vec<_>>().join(" ");
    if complaints.is_empty() { Ok(()) } else { Err(Failure::new(complaints)) }
}

/// Reads `budgets.json`.
pub fn read() -> Result<Value> {
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
type BudgetLine<'a> = (&'a str, Vec<&'a FileSizes>, &'a Value);

fn budget_lines<'a>(file_sizes: &'a [FileSizes], budgets: &'a Value) -> Result<Vec<BudgetLine<'a>>> {
    items(&budgets["bytes"])
        .iter()
        .map(|budget| {
            let rows = items(&budget["files"]).iter().map(|name| {
                let missing = || Failure::new(format!("budgets.json names {name}, which is not in dist/."));
                file_sizes.iter().find(|row| Some(row.file.as_str()) == name.as_str()).ok_or_else(missing)
            });
            Ok((budget["what"].as_str().unwrap_or_default(), rows.collect::<Result<_>>()?, budget))
        })
        .collect()
}

fn items(list: &Value) -> &[Value] {
    list.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn file_sizes() -> Result<Vec<FileSizes>> {
    let manifest = files::read_json(&paths::dist().join("manifest.json"))?;
    Ok(items(&manifest["files"])
        .iter()
        .map(|entry| FileSizes {
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
    use serde_json::json;

    use super::*;

    #[test]
    fn figure_above_its_budget_is_a_complaint() {
        let budget = json!({ "at_most": 100, "measured": 90, "on": "2026-11-20" });
        assert_eq!(complaint("the form weighs 100 bytes", 100, &budget), None);
        let message = complaint("the form weighs 101 bytes", 101, &budget).unwrap_or_default();
        assert!(
            message.contains("the form weighs 101 bytes, and budgets.json allows 100 (it was 90 on 2026-11-20)"),
            "{message}"
        );
    }
}
