//! Tests which rooms may name which others. Each rule forbids names in the source tree, and is also shown a snippet that breaks it.

use crate::source_text::{Source, holds, rust, tree};
use std::process::Command;

/// Every use of one of these identifiers in files that `is_bound`.
fn words_in(sources: &[Source], words: &[&str], is_bound: impl Fn(&str) -> bool) -> Vec<String> {
    let mut broken = Vec::new();
    for source in rust(sources).filter(|source| is_bound(&source.path)) {
        broken.extend(words.iter().filter(|word| source.names(word)).map(|word| format!("{} names {word}", source.path)));
    }
    broken
}

#[test]
fn the_domain_knows_only_values() {
    const FOREIGN: &[&str] = &[
        "serde",
        "serde_json",
        "Serialize",
        "Deserialize",
        "leptos",
        "web_sys",
        "js_sys",
        "wasm_bindgen",
        "gloo_net",
        "SystemTime",
        "Instant",
        "now",
        "now_utc",
        "now_local",
        "rand",
        "random",
        "getrandom",
        "fs",
        "net",
        "env",
        "thread",
        "process",
    ];
    holds(
        |sources| words_in(sources, FOREIGN, |path| path.starts_with("src/domain/")),
        &[
            ("src/domain/money.rs", "#[derive(serde::Serialize)] struct Money;"),
            ("src/domain/date.rs", "let today = time::OffsetDateTime::now_utc();"),
            ("src/domain/draft.rs", "use std::time::Instant;"),
        ],
    );
}

/// The files with the lints against panics, one for each room without panics.
const QUIET: [&str; 4] = ["src/domain/mod.rs", "src/api/mod.rs", "src/submission/mod.rs", "src/statement_feed/mod.rs"];

#[test]
fn the_core_never_panics() {
    const LINTS: [&str; 7] =
        ["arithmetic_side_effects", "expect_used", "indexing_slicing", "panic", "string_slice", "unreachable", "unwrap_used"];
    let rule = |sources: &[Source]| {
        let mut broken = Vec::new();
        for source in rust(sources) {
            if QUIET.contains(&source.path.as_str()) {
                let denied =
                    source.code.split_once("#![deny(").and_then(|(_, rest)| rest.split_once(")]")).map_or("", |(list, _)| list);
                let lacks = |lint: &&&str| !denied.contains(&format!("clippy::{lint}"));
                broken.extend(LINTS.iter().filter(lacks).map(|lint| format!("{} does not deny {lint}", source.path)));
            }
            let room = |root: &&str| source.path.starts_with(root.trim_end_matches("mod.rs"));
            let allows = source.code.contains("allow(clippy") || source.code.contains("expect(clippy");
            broken.extend((QUIET.iter().any(room) && allows).then(|| format!("{} allows a lint", source.path)));
        }
        broken
    };
    holds(
        rule,
        &[
            ("src/domain/mod.rs", "#![deny(clippy::unwrap_used)]\npub mod money;"),
            ("src/submission/mod.rs", "pub mod machine;"),
            ("src/api/decimal.rs", "#[allow(clippy::unwrap_used)] fn a() {}"),
        ],
    );
    let sources = tree("src");
    assert!(QUIET.iter().all(|root| sources.iter().any(|source| source.path == *root)), "each of these rooms exists");
}

/// The rooms in their order: each names only those before it.
const ROOMS: [&str; 7] = ["domain", "api", "submission", "statement_feed", "words", "ui", "element"];

#[test]
fn rooms_name_only_those_above_them() {
    let rule = |sources: &[Source]| {
        let index = |room: &str| ROOMS.iter().position(|other| *other == room);
        let mut broken = Vec::new();
        for source in rust(sources).filter(|source| source.path != "src/lib.rs") {
            let room = source.path.trim_start_matches("src/").split(['/', '.']).next().expect("a first part");
            let Some(own) = index(room) else {
                broken.push(format!("{} is in no room", source.path));
                continue;
            };
            let later = source.below("crate").into_iter().filter(|name| index(name).is_none_or(|other| other > own));
            broken.extend(later.map(|name| format!("{} names crate::{name}", source.path)));
        }
        broken
    };
    holds(
        rule,
        &[
            ("src/domain/money.rs", "use crate::api::decimal;"),
            ("src/submission/event.rs", "use crate::statement_feed::PayButton;"),
            ("src/words/mod.rs", "use crate::{domain::money::Money, ui::state::form_state};"),
            ("src/helpers.rs", "pub fn help() {}"),
        ],
    );
}

/// The files of `domain` as `mod.rs` lists them.
fn listed(root: &Source) -> Vec<String> {
    let words: Vec<&str> = root.words().collect();
    words.windows(2).filter(|pair| pair[0] == "mod").map(|pair| pair[1].to_owned()).collect()
}

#[test]
fn domain_files_name_only_those_above_them() {
    let rule = |sources: &[Source]| {
        let order = sources.iter().find(|source| source.path == "src/domain/mod.rs").map(listed).unwrap_or_default();
        let mut broken = Vec::new();
        for source in rust(sources) {
            let Some(name) = source.path.strip_prefix("src/domain/").and_then(|path| path.strip_suffix(".rs")) else { continue };
            let named = source.below("super").into_iter().chain(source.below("crate::domain"));
            let above: Vec<_> = order.iter().take_while(|other| *other != name).collect();
            let later = named.filter(|other| name != "mod" && !above.contains(&other));
            broken.extend(later.map(|other| format!("{} names {other}", source.path)));
        }
        broken
    };
    holds(
        rule,
        &[
            ("src/domain/money.rs", "use super::statement::Statement;"),
            ("src/domain/date.rs", "use crate::domain::draft::Draft;"),
            ("src/domain/draft.rs", "use super::check::Checked;"),
        ],
    );
    let root = Source::new("src/domain/mod.rs", "pub mod money;\nmod date;");
    let circle = Source::new("src/domain/money.rs", "use super::date::Date;");
    assert_eq!(rule(&[root, circle]), ["src/domain/money.rs names date"]);
}

#[test]
fn only_the_transport_opens_a_connection() {
    const WAYS: &[&str] = &[
        "gloo_net",
        "fetch",
        "fetch_with_str",
        "fetch_with_request",
        "XmlHttpRequest",
        "WebSocket",
        "EventSource",
        "send_beacon",
    ];
    let rule = |sources: &[Source]| {
        let elsewhere = |path: &str| path != "src/ui/platform/transport.rs";
        let mut broken = words_in(sources, WAYS, elsewhere);
        for source in rust(sources).filter(|source| elsewhere(&source.path)) {
            broken.extend(
                source
                    .strings
                    .iter()
                    .filter(|text| WAYS.contains(&text.as_str()))
                    .map(|text| format!("{} says {text}", source.path)),
            );
        }
        broken
    };
    holds(
        rule,
        &[
            ("src/ui/state/form_state.rs", "gloo_net::http::Request::post(url).send().await"),
            ("src/api/fusebill.rs", "window.fetch_with_str(url)"),
            ("src/element/mod.rs", r#"Reflect::get(&window, &"fetch".into())"#),
        ],
    );
}

/// Keys that only an API's own JSON has, by the one file that may contain them. Keys such as `amountDue` are public names of inputs as
/// well, so their rule covers `api` only.
const KEYS: &[(&str, &[&str])] = &[
    (
        "src/api/fusebill.rs",
        &[
            "invoiceID",
            "paymentAllocations",
            "paymentMethodId",
            "useDefaultPaymentMethod",
            "autoAllocate",
            "autoAllocateOrder",
            "OldestToNewest",
            "unallocatedAmount",
            "invoiceAllocations",
            "HttpStatusCode",
        ],
    ),
    ("src/api/maiascore.rs", &["amountDue", "amountPaid"]),
    ("src/api/lists.rs", &["outstandingBalance", "postedTimestamp", "expirationMonth", "maskedCardNumber"]),
];

#[test]
fn the_keys_of_an_api_stand_in_one_file() {
    let rule = |sources: &[Source]| {
        let mut broken = Vec::new();
        for (home, keys) in KEYS {
            for source in rust(sources).filter(|source| source.path != *home) {
                let public = ["amountDue", "amountPaid"];
                let here = |key: &&&str| source.strings.iter().any(|text| text == **key);
                let bound = |key: &&&str| source.path.starts_with("src/api/") || !public.contains(*key);
                broken.extend(keys.iter().filter(here).filter(bound).map(|key| format!("{} writes {key}", source.path)));
            }
        }
        broken
    };
    holds(
        rule,
        &[
            ("src/ui/state/form_state.rs", r#"set("paymentAllocations", list)"#),
            ("src/api/json.rs", r#"object.get("amountPaid")"#),
        ],
    );
    let sources = tree("src");
    for (home, keys) in KEYS {
        let home = sources.iter().find(|source| source.path == *home).expect("the file exists");
        for key in *keys {
            assert!(home.strings.iter().any(|text| text == key), "{} does not write {key} any more", home.path);
        }
    }
}

/// Each crate, the part of it that is restricted, and the files that may use it. The type `Decimal` may be named everywhere; its arithmetic
/// may not.
const HOMES: &[(&str, &str, &[&str])] = &[
    ("rust_decimal", "exact arithmetic", &["src/domain/"]),
    ("iso_currency", "currency codes and minor units", &["src/domain/money.rs"]),
    ("time", "the calendar", &["src/domain/date.rs"]),
    ("serde_json", "JSON without floats", &["src/api/json.rs", "src/api/decimal.rs"]),
    ("serde", "mirror structs of the borders", &["src/api/", "src/element"]),
    ("serde_wasm_bindgen", "JavaScript values in and out", &["src/element"]),
    ("gloo_net", "building requests", &["src/ui/platform/transport.rs"]),
    ("leptos", "drawing", &["src/ui/", "src/element/mod.rs"]),
    ("wasm_bindgen", "the border to JavaScript", &["src/element", "src/ui/"]),
    ("wasm_bindgen_futures", "awaiting promises", &["src/ui/", "src/element"]),
    ("js_sys", "objects of the page", &["src/ui/", "src/element"]),
    ("web_sys", "objects of the page", &["src/ui/", "src/element"]),
];

#[test]
fn each_crate_has_its_home() {
    let rule = |sources: &[Source]| {
        let mut broken = Vec::new();
        for source in rust(sources) {
            for (name, task, homes) in HOMES {
                let is_home = homes.iter().any(|home| source.path.starts_with(home));
                let named = source.below(name);
                let foreign = named.iter().filter(|item| !(*name == "rust_decimal" && *item == "Decimal"));
                broken.extend(
                    (!is_home)
                        .then(|| foreign.map(|item| format!("{} names {name}::{item}: {task}", source.path)))
                        .into_iter()
                        .flatten(),
                );
            }
        }
        broken
    };
    holds(
        rule,
        &[
            ("src/submission/event.rs", "use serde::Serialize;"),
            ("src/words/mod.rs", "use leptos::prelude::*;"),
            ("src/ui/state/form_state.rs", "let value = serde_wasm_bindgen::to_value(&draft);"),
            ("src/ui/state/form_state.rs", "use rust_decimal::{Decimal, RoundingStrategy};"),
            ("src/submission/mod.rs", "use wasm_bindgen::prelude::*;"),
        ],
    );
    // Each listed file must use its crate; otherwise the rule tests no code.
    let sources = tree("src");
    for (name, _, homes) in HOMES {
        for home in *homes {
            let is_used = rust(sources).any(|source| source.path.starts_with(home) && !source.below(name).is_empty());
            assert!(is_used, "{name} is not used in {home}");
        }
    }
}

/// The core's dependency tree, as `cargo tree` prints it, has no browser crate.
#[test]
fn the_core_is_built_without_the_browser() {
    let tree = |options: &[&str]| {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
        let mut command = Command::new(cargo);
        command.args(["tree", "--locked", "-p", "payment-form", "-e", "normal", "--prefix", "none"]).args(options);
        let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("cargo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let browser = |tree: &str| -> Vec<String> {
        let is_browser =
            |name: &&str| ["leptos", "wasm-bindgen", "web-sys", "js-sys", "gloo"].iter().any(|other| name.starts_with(other));
        tree.lines().filter_map(|line| line.split(' ').next()).filter(is_browser).map(str::to_owned).collect()
    };
    assert_eq!(browser(&tree(&["--no-default-features"])), [""; 0]);
    assert!(!browser(&tree(&[])).is_empty(), "the form itself has them");
}
