//! Holds the contract table: every property, value, rule, response and error of both documents, our handling of it, and the tests that pin
//! it.
//!
//! A row quotes its document, with `…` for what is left out. A pin is `core room::file::test`, `server file::test`, `browser file: words of the title`
//! or `faults file: words of the title`, and each is looked up here. `docs/contracts.md` shows exactly this table.
//!
//! After a change to the table, `CONTRACTS=write cargo test -p payment-form --no-default-features --test core api::contracts` writes the page.

use crate::{api::contract_fusebill::FUSEBILL, api::contract_fusebill_more::FUSEBILL_MORE, api::contract_maiascore::MAIASCORE};
use serde_json::Value;
use std::{env, fs, path::PathBuf};

/// A part of the table, from one document.
pub struct Section {
    pub title: &'static str,
    pub rows: &'static [Row],
}

/// One statement of a document.
pub struct Row {
    pub lines: &'static str,
    pub says: &'static str,
    pub does: &'static str,
    pub pins: &'static [&'static str],
}

/// A row, written as a tuple.
pub const fn row(lines: &'static str, says: &'static str, does: &'static str, pins: &'static [&'static str]) -> Row {
    Row { lines, says, does, pins }
}

fn sections() -> impl Iterator<Item = &'static Section> {
    FUSEBILL.iter().chain(FUSEBILL_MORE).chain(MAIASCORE)
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The file in which the test of a pin should stand, and the text that must stand there.
fn location(pin: &str) -> (String, String) {
    let (kind, rest) = pin.split_once(' ').expect("a pin begins with its kind");
    match kind {
        "core" | "server" => {
            let (file, test) = rest.rsplit_once("::").expect("a pin names file and test");
            let folder = if kind == "core" { "tests/core" } else { "server/tests/server" };
            (format!("{folder}/{}.rs", file.replace("::", "/")), format!("fn {test}("))
        }
        "browser" | "faults" => {
            let (file, title) = rest.split_once(": ").expect("a pin names file and title");
            let folder = if kind == "browser" { "tests/browser/form" } else { "tests/browser/faults" };
            (format!("{folder}/{file}.test.mjs"), title.to_owned())
        }
        _ => panic!("no kind of test: {kind}"),
    }
}

#[test]
fn every_row_is_pinned_by_tests_that_exist() {
    for row in sections().flat_map(|section| section.rows) {
        assert!(!row.pins.is_empty(), "line {}: {} is not pinned", row.lines, row.says);
        for pin in row.pins {
            let (file, text) = location(pin);
            let source = fs::read_to_string(root().join(&file)).unwrap_or_else(|error| panic!("{pin}: {file}: {error}"));
            assert!(source.contains(&text), "{pin}: no such test in {file}");
        }
    }
}

/// A cell of a Markdown table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn page() -> String {
    let mut page = String::from(
        "# The two contracts, line by line\n\n\
         Every property, value, rule, response and error of both documents, what the form does with it, and the tests that pin it. The documents are\n\
         published as <https://developer.staxbill.com/reference/create-payment> (Fusebill, now Stax Bill) and, MaiaScore's, as\n\
         [`docs/paths/payments/post.md`](https://github.com/maia-score/documentation/blob/1f934c68d4149d36140cde1aaf11d84d1582a75e/docs/paths/payments/post.md);\n\
         they are not part of this repository. Line numbers count the lines of their text as read in November 2026: the\n\
         file at that commit, and the page's text without its markup. Under \"other pages\" stand notes from the vendors' other public pages and clients, by paragraph.\n\n\
         DIFFERS marks deviations from the documents. This page is written from\n\
         `tests/core/api/contract_*.rs`, and a test compares the two and looks up every test that is named here.\n",
    );
    for section in sections() {
        page.push_str(&format!("\n## {}\n\n| line | it says | we | pinned by |\n| --- | --- | --- | --- |\n", section.title));
        for row in section.rows {
            let pins: Vec<String> = row.pins.iter().map(|pin| format!("`{pin}`")).collect();
            let cells = [row.lines, &format!("`{}`", cell(row.says)), &cell(row.does), &pins.join("<br>")].join(" | ");
            page.push_str(&format!("| {cells} |\n"));
        }
    }
    page
}

#[test]
fn the_page_shows_the_table() {
    let file = root().join("docs/contracts.md");
    if env::var("CONTRACTS").is_ok_and(|mode| mode == "write") {
        fs::write(&file, page()).expect("the page can be written");
    }
    assert_eq!(fs::read_to_string(&file).unwrap_or_default(), page(), "see the head of this test on how to write the page");
}

#[test]
fn the_documents_examples_are_whole() {
    let names: Vec<(String, String)> = ["fusebill", "maiascore"]
        .into_iter()
        .flat_map(|api| {
            let file = root().join(format!("tests/fixtures/contracts/{api}-examples.json"));
            let examples: Value =
                serde_json::from_str(&fs::read_to_string(file).expect("the examples are there")).expect("they are JSON");
            let examples = examples.as_array().expect("they are a list").clone();
            examples.into_iter().map(move |example| {
                let text = |name: &str| example[name].as_str().unwrap_or_else(|| panic!("{api}: no {name}")).to_owned();
                assert_eq!(text("method"), "POST");
                assert!(text("url").to_ascii_lowercase().ends_with(&text("path")));
                let headers = example["headers"].as_object().expect("headers are an object");
                let scheme = headers["Authorization"].as_str().and_then(|value| value.split_once(' ')).map(|(scheme, _)| scheme);
                assert_eq!(scheme, Some(if api == "fusebill" { "Basic" } else { "Bearer" }));
                assert!(headers.keys().any(|name| name.eq_ignore_ascii_case("content-type")));
                let mut body = text("document_body");
                for (placeholder, value) in example["placeholders"].as_object().expect("placeholders are an object") {
                    body = body.replace(placeholder, value.as_str().expect("values are texts"));
                }
                // Python's own dictionary becomes JSON on the way; every other body goes out as it stands.
                let plain = |body: &str| body.replace(' ', "").replace('\'', "\"");
                assert_eq!(plain(&body), plain(&text("body")), "{api} {}", text("name"));
                (api.to_owned(), text("name"))
            })
        })
        .collect();
    for (api, name) in [
        ("fusebill", "curl"),
        ("fusebill", "C#"),
        ("fusebill", "Python"),
        ("maiascore", "curl"),
        ("maiascore", "Node"),
        ("maiascore", "Python"),
        ("maiascore", "PHP"),
    ] {
        assert!(names.contains(&(api.into(), name.into())), "{api} {name}");
    }
}
