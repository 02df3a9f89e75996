//! Tests that files form no circle, and that the files of `ui` name only rows above: platform, state, components, then the component
//! itself.

use crate::source_text::{Source, rust, tree};
use std::collections::{BTreeMap, BTreeSet};

/// The files that each file of a crate names.
struct Graph(BTreeMap<String, BTreeSet<String>>);

impl Graph {
    /// Reads the files below the folder of a crate's root.
    fn new(folder: &str, sources: &[Source]) -> Self {
        let module = |source: &Source| module_of(source.path.trim_start_matches(folder));
        let modules: BTreeMap<String, String> = rust(sources).map(|source| (module(source), source.path.clone())).collect();
        let names = |source: &Source| {
            let here = module(source);
            let named = source.without_tests().paths().into_iter().filter_map(|path| resolve(&modules, &here, &path));
            named.filter(|path| *path != source.path).collect()
        };
        Self(rust(sources).map(|source| (source.path.clone(), names(source))).collect())
    }

    /// The rooms that each room names. A room is a folder below the crate's root, or a file beside it; the roots themselves belong to none.
    fn rooms(&self, folder: &str) -> Self {
        let room =
            |path: &str| path.trim_start_matches(folder).trim_start_matches('/').split(['/', '.']).next().map(str::to_owned);
        let mut rooms: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (path, names) in &self.0 {
            let Some(own) = room(path).filter(|own| !["lib", "main"].contains(&own.as_str())) else { continue };
            let others = names.iter().filter_map(|name| room(name)).filter(|other| *other != own);
            rooms.entry(own.clone()).or_default().extend(others);
        }
        Self(rooms)
    }

    /// The shortest circle through each file, where there is one; each circle once.
    fn circles(&self) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let circles = self.0.keys().filter_map(|start| self.circle(start));
        circles.filter(|circle| seen.insert(BTreeSet::from_iter(circle.clone()))).map(|circle| circle.join(" -> ")).collect()
    }

    /// The shortest way from a file back to itself.
    fn circle(&self, start: &str) -> Option<Vec<String>> {
        let mut ways = vec![vec![start.to_owned()]];
        let mut seen = BTreeSet::new();
        while !ways.is_empty() {
            let mut longer = Vec::new();
            for way in ways {
                for next in self.0.get(way.last()?)? {
                    let way = [way.as_slice(), std::slice::from_ref(next)].concat();
                    if next == start {
                        return Some(way);
                    }
                    if seen.insert(next.clone()) {
                        longer.push(way);
                    }
                }
            }
            ways = longer;
        }
        None
    }
}

/// `ui::state` for `ui/state/mod.rs`, `ui::state::lists` for `ui/state/lists.rs`, and nothing for a root.
fn module_of(path: &str) -> String {
    let path = path.trim_start_matches('/').trim_end_matches(".rs");
    let path = path.strip_suffix("/mod").unwrap_or(path);
    if ["lib", "main", "mod"].contains(&path) { String::new() } else { path.replace('/', "::") }
}

/// The file that a path leads to, if it is one of this crate: the longest part of the path that is a module.
fn resolve(modules: &BTreeMap<String, String>, here: &str, path: &str) -> Option<String> {
    let mut module: Vec<&str> = here.split("::").filter(|part| !part.is_empty()).collect();
    let mut parts = path.split("::").peekable();
    match *parts.peek()? {
        "crate" => {
            module.clear();
            parts.next();
        }
        "self" | "super" => {}
        // A path from a child of this module; any other leads out of the crate, or to what a `use` has named before.
        child => {
            modules.get(&join(&module, child)).filter(|_| path.contains("::"))?;
        }
    }
    for part in parts {
        match part {
            "self" => {}
            "super" => drop(module.pop()),
            part if modules.contains_key(&join(&module, part)) => module.push(part),
            _ => break,
        }
    }
    modules.get(&module.join("::")).cloned()
}

fn join(module: &[&str], part: &str) -> String {
    [module, &[part]].concat().join("::")
}

#[test]
fn files_form_no_circle() {
    let file = |path, text| Source::new(path, text);
    let snippets = [
        vec![
            file("src/ui/mod.rs", "mod a; mod b;"),
            file("src/ui/a.rs", "use super::b::B;"),
            file("src/ui/b.rs", "fn f() { crate::ui::a::A::new() }"),
        ],
        vec![file("src/ui/mod.rs", "pub mod a;\nuse a::A;"), file("src/ui/a.rs", "use super::Mode;")],
        vec![
            file("src/lib.rs", "mod a; use a::{b::B, c};"),
            file("src/a/mod.rs", "pub mod b;"),
            file("src/a/b.rs", "use crate::Root;"),
        ],
    ];
    for snippet in snippets {
        assert_eq!(Graph::new("src", &snippet).circles().len(), 1, "the rule does not see: {snippet:?}");
    }
    let fine = [
        file("src/a/mod.rs", "pub mod b; pub mod c;"),
        file("src/a/b.rs", "pub(in crate::a) fn f() {}"),
        file("src/a/c.rs", "use super::b;"),
    ];
    assert_eq!(Graph::new("src", &fine).circles(), [""; 0]);
    for folder in ["src", "server/src", "xtask/src"] {
        let graph = Graph::new(folder, tree(folder));
        assert!(graph.0.values().any(|names| names.len() > 1), "the names of {folder} are read");
        assert_eq!(graph.circles(), [""; 0], "circles in {folder}");
    }
}

/// Files of two rooms may name each other without a circle of files, and then neither room can be read first.
#[test]
fn rooms_form_no_circle() {
    let snippet = [
        Source::new("server/src/ledger/attempts.rs", "use crate::payments::idempotency::Key;"),
        Source::new("server/src/ledger/mod.rs", "pub mod attempts;"),
        Source::new("server/src/payments/attempt.rs", "use crate::ledger::attempts::Attempts;"),
        Source::new("server/src/payments/idempotency.rs", "pub struct Key;"),
        Source::new("server/src/payments/mod.rs", "pub mod attempt; pub mod idempotency;"),
    ];
    let graph = Graph::new("server/src", &snippet);
    assert_eq!(graph.circles(), [""; 0]);
    assert_eq!(graph.rooms("server/src").circles(), ["ledger -> payments -> ledger"]);
    for folder in ["src", "server/src", "xtask/src"] {
        let rooms = Graph::new(folder, tree(folder)).rooms(folder);
        assert!(rooms.0.len() > 5, "the rooms of {folder} are read");
        assert_eq!(rooms.circles(), [""; 0], "circles of rooms in {folder}");
    }
}

/// The rows of `ui`, in their order. All other files of `ui` stand below the last one.
const ROWS: [&str; 3] = ["src/ui/platform/", "src/ui/state/", "src/ui/components/"];

#[test]
fn files_of_the_ui_name_only_rows_above() {
    let row = |path: &str| ROWS.iter().position(|row| path.starts_with(row)).unwrap_or(ROWS.len());
    let below = |sources: &[Source]| -> Vec<String> {
        let graph = Graph::new("src", sources);
        let pairs = graph.0.iter().flat_map(|(path, names)| names.iter().map(move |name| (path, name)));
        let inside = pairs.filter(|(path, name)| path.starts_with("src/ui/") && name.starts_with("src/ui/"));
        inside.filter(|(path, name)| row(name) > row(path)).map(|(path, name)| format!("{path} names {name}")).collect()
    };
    let platform = Source::new("src/ui/platform/focus.rs", "use crate::ui::state::view_model::ViewModel;");
    let state = Source::new("src/ui/state/view_model.rs", "use crate::ui::components::Layout;");
    let components = Source::new("src/ui/components/mod.rs", "use crate::ui::PaymentForm;");
    let root = Source::new("src/ui/mod.rs", "pub mod components;");
    assert_eq!(below(&[platform, state, components, root]).len(), 3);
    assert_eq!(below(tree("src")), [""; 0]);
}
