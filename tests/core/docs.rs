//! Compares the names in the tables of `docs/` with those in the code: the tables are the contract.

use serde_json::Value;
use std::{collections::BTreeSet, fs, path::Path};

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect(path)
}

/// The contents of all files of a folder with this ending, joined.
fn read_all(folder: &str, ending: &str) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            text += &read_all(&path.to_string_lossy(), ending);
        } else if path.to_string_lossy().ends_with(ending) {
            text += &fs::read_to_string(path).expect("a file");
        }
    }
    text
}

/// The text under one heading of a page.
fn section(page: &str, heading: &str) -> String {
    let start = page.find(&format!("## {heading}\n")).expect("the heading");
    let rest = &page[start + 3..];
    rest[..rest.find("\n#").unwrap_or(rest.len())].to_owned()
}

/// The names between backticks that `is_name` takes.
fn quoted(text: &str, is_name: impl Fn(&str) -> bool) -> BTreeSet<String> {
    text.split('`').skip(1).step_by(2).filter(|name| is_name(name)).map(str::to_owned).collect()
}

/// The first cells of a table's rows.
fn first_cells(table: &str) -> String {
    table
        .lines()
        .filter_map(|line| line.strip_prefix("| "))
        .filter_map(|row| row.split(" | ").next())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Every name that follows `before` in the text.
fn behind(text: &str, before: &str) -> BTreeSet<String> {
    let name = |rest: &str| rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect::<String>();
    text.split(before).skip(1).map(name).filter(|name| !name.is_empty()).collect()
}

/// The strings of a JavaScript list `const NAME = [...]`.
fn list(script: &str, name: &str) -> BTreeSet<String> {
    let rest = &script[script.find(&format!("const {name} = [")).expect(name)..];
    rest[..rest.find(']').expect("an end")].split('\'').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The keys of an interface in a file of TypeScript types.
fn interface_keys(types: &str, name: &str) -> BTreeSet<String> {
    let rest = types.split(&format!("interface {name} {{\n")).nth(1).expect(name);
    let lines = rest.lines().take_while(|line| *line != "}").map(str::trim).filter(|line| !line.starts_with("/*"));
    lines.filter_map(|line| line.split(['?', ':']).next()).map(|key| key.trim_matches('\'').to_owned()).collect()
}

#[test]
fn attributes_are_those_that_the_element_observes() {
    let script = read("src/element/js/names.js");
    let code: BTreeSet<_> = list(&script, "TEXTS").union(&list(&script, "FLAGS")).cloned().collect();
    assert_eq!(quoted(&first_cells(&section(&read("docs/attributes.md"), "Attributes")), |_| true), code);
}

#[test]
fn attributes_are_those_of_the_types_and_the_reader() {
    let attributes = quoted(&first_cells(&section(&read("docs/attributes.md"), "Attributes")), |_| true);
    assert_eq!(interface_keys(&read("src/element/js/element.d.ts"), "PaymentFormAttributes"), attributes);
    let reader = read("src/element/attributes.rs");
    let reads = ["text", "name", "flag", "word", "parse_text", "seconds"].map(|function| format!("self.{function}(\""));
    let named: BTreeSet<_> = reads.iter().flat_map(|before| behind(&reader, before)).collect();
    assert_eq!(named, attributes);
}

#[test]
fn events_are_those_of_the_types() {
    let types = interface_keys(&read("src/element/js/element.d.ts"), "PaymentFormEventMap");
    assert_eq!(quoted(&first_cells(&read("docs/events.md")), |_| true), types);
}

#[test]
fn events_are_those_that_are_dispatched() {
    let code = [read("src/element/events.rs"), read("src/element/js/element.js")].concat();
    let dispatched = |before| behind(&code, before);
    let code: BTreeSet<_> =
        dispatched("(\"payment-").union(&dispatched("#emit('payment-")).map(|name| format!("payment-{name}")).collect();
    assert_eq!(quoted(&first_cells(&read("docs/events.md")), |_| true), code);
}

#[test]
fn parts_are_those_that_are_drawn() {
    let page = read("docs/theming.md");
    let parts = page.lines().find(|line| line.starts_with("Parts: ")).expect("the parts");
    let code = read_all("src/ui", ".rs");
    // A part is a literal, or a literal under a condition.
    let conditional = code.split(" part=").skip(1).filter_map(|rest| rest.split_once(".then_some(\""));
    let conditional = conditional.filter(|(before, _)| before.chars().all(|c| c.is_alphanumeric() || c == '_'));
    let mut drawn = behind(&code, " part=\"");
    drawn.extend(conditional.filter_map(|(_, rest)| rest.split('"').next()).map(str::to_owned));
    assert_eq!(quoted(parts, |_| true), drawn);
}

#[test]
fn custom_properties_are_those_that_the_stylesheet_reads() {
    let page = section(&read("docs/theming.md"), "Custom properties");
    let code = behind(&read_all("style", ".css"), "var(--payment-form-");
    let code: BTreeSet<_> = code.iter().map(|name| format!("--payment-form-{name}")).collect();
    assert_eq!(quoted(&first_cells(&page), |_| true), code);
}

/// The manifest for editors has the same names as the pages.
#[test]
fn manifest_has_the_names_of_the_tables() {
    let (attributes_page, events, looks) = (read("docs/attributes.md"), read("docs/events.md"), read("docs/theming.md"));
    let manifest: Value = serde_json::from_str(&read("src/element/js/custom-elements.json")).expect("JSON");
    let element = &manifest["modules"][0]["declarations"][0];
    let named = |list: &str| described(&element[list]);
    let line = |start: &str| looks.lines().find(|line| line.starts_with(start)).expect("a line");
    let attributes = quoted(&first_cells(&section(&attributes_page, "Attributes")), |_| true);
    assert_eq!(named("attributes"), attributes);
    assert_eq!(named("events"), quoted(&first_cells(&events), |_| true));
    assert_eq!(named("cssParts"), quoted(line("Parts: "), |_| true));
    assert_eq!(named("slots"), quoted(line("Slots: "), |_| true));
    assert_eq!(named("cssProperties"), quoted(&first_cells(&section(&looks, "Custom properties")), |_| true));
    let properties = section(&attributes_page, "Properties and methods");
    let states = properties.lines().find(|line| line.starts_with("| `state`")).expect("the states");
    assert_eq!(named("cssStates"), quoted(states, |name| name != "state" && !name.starts_with(':')));
    let mut members = quoted(&first_cells(&properties), |_| true);
    members.extend(attributes.iter().map(|attribute| camel(attribute)));
    let members: BTreeSet<_> = members.iter().map(|name| name.trim_end_matches("()").to_owned()).collect();
    assert_eq!(named("members"), members);
}

/// The names in a list of a manifest, each with a sentence about it.
fn described(list: &Value) -> BTreeSet<String> {
    let name = |entry: &Value| {
        let name = entry["name"].as_str().expect("a name");
        assert!(entry["description"].as_str().is_some_and(|sentence| sentence.ends_with('.')), "{name} is described");
        name.to_owned()
    };
    list.as_array().expect("a list").iter().map(name).collect()
}

/// The property of an attribute: `customer-id` is `customerId`.
fn camel(attribute: &str) -> String {
    let mut parts = attribute.split('-').map(str::to_owned);
    let first = parts.next().unwrap_or_default();
    parts.fold(first, |name, part| name + &part[..1].to_uppercase() + &part[1..])
}

#[test]
fn a_name_that_is_missing_or_extra_is_noticed() {
    let table = "## Events\n\n| event | |\n| --- | --- |\n| `payment-ready` | `not this` |\n\n## Next";
    assert_eq!(quoted(&first_cells(&section(table, "Events")), |_| true), BTreeSet::from(["payment-ready".to_owned()]));
    assert_eq!(behind("<p class=\"why\" part=\"row\">", " part=\""), BTreeSet::from(["row".to_owned()]));
    let types = "interface A {\n  /** Not: this. */\n  api?: Api;\n  'customer-id': Text;\n}\n\ninterface B {\n  c: D;\n}";
    assert_eq!(interface_keys(types, "A"), BTreeSet::from(["api".to_owned(), "customer-id".to_owned()]));
    assert_eq!(list("const TEXTS = [\n  'api', 'min',\n];", "TEXTS"), BTreeSet::from(["api".to_owned(), "min".to_owned()]));
}

/// The folders of the repository that pages name files of.
const FOLDERS: [&str; 10] = ["src/", "server/", "tests/", "xtask/", "docs/", "demo/", "style/", "examples/", "benches/", ".ci/"];

/// The paths in backticks that do not exist. A path may lead to another repository in the label of a link, and may have a placeholder or a wildcard, as in `src/words/<language>.json`.
fn unknown_paths(page: &str) -> Vec<String> {
    let is_path = |name: &str| FOLDERS.iter().any(|folder| name.starts_with(folder)) && !name.contains(['<', '*', ' ', '{', '…']);
    let absent = |path: &String| !Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists();
    let page = page.replace("[`docs/paths/payments/post.md`](https://", "(https://");
    quoted(&page, is_path).iter().filter(|path| absent(path)).map(|path| format!("no file {path}")).collect()
}

/// The paths and functions in backticks, each with the reason why it does not exist.
fn unknown_names(page: &str, code: &str) -> Vec<String> {
    let names = quoted(page, |_| true);
    let mut unknown = unknown_paths(page);
    let functions = names.iter().filter_map(|name| name.strip_suffix("()")).map(|name| name.rsplit("::").next().unwrap_or(name));
    let is_absent = |name: &&str| ![format!("fn {name}("), format!("fn {name}<")].iter().any(|text| code.contains(text));
    unknown.extend(functions.filter(is_absent).map(|name| format!("no function {name}")));
    unknown
}

#[test]
fn page_names_files_that_exist() {
    let pages = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")).expect("the pages").flatten();
    let pages = pages.map(|entry| format!("docs/{}", entry.file_name().to_string_lossy())).filter(|name| name.ends_with(".md"));
    let others = ["README.md", "server/README.md", "tests/cases/README.md", "tests/hosts/README.md", "tests/peers/README.md"];
    for page in pages.chain(others.map(str::to_owned)) {
        assert_eq!(unknown_paths(&read(&page)), [""; 0], "{page}");
    }
    assert_eq!(unknown_paths("`style/errand.css`, `docs/`, `src/words/<language>.json`"), ["no file style/errand.css"]);
}

#[test]
fn architecture_page_names_files_and_functions_that_exist() {
    let code = [read_all("src", ".rs"), read_all("server/src", ".rs")].concat();
    for page in ["docs/architecture.md", "CONTRIBUTING.md"] {
        assert_eq!(unknown_names(&read(page), &code), [""; 0], "{page}");
    }
    assert_eq!(
        unknown_names("`src/ui/errand.rs` and `Machine::wish()`", &code),
        ["no file src/ui/errand.rs", "no function wish"]
    );
}
