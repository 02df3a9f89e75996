//! Runs every check and test (`cargo xtask test`), and counts them in one line.

use std::process::Command;

use clap::ValueEnum;

use crate::browser::{self, Engine};
use crate::checks::report::{Count, Suite, Tally};
use crate::checks::{budgets, dependencies, package};
use crate::failure::Result;
use crate::flags::{Engines, Part, Test};
use crate::steps::{Status, step};
use crate::{build, cargo, dist, hosts, postgres};

/// Runs the parts that the flags ask for, and fails when a check or a test failed. Each part sets up the tools that it needs.
pub fn command(flags: &Test) -> Result<()> {
    let mut tally = Tally::default();
    let parts = Part::value_variants().iter().filter(|part| flags.only.is_none_or(|only| only == **part));
    for part in parts {
        match part {
            Part::Checks => checks(&mut tally),
            Part::Native => {
                native(&mut tally, &flags.filter);
                on_postgres(&mut tally, &flags.filter);
            }
            Part::Browser => in_browser(&mut tally, flags),
        }
    }
    tally.finish()
}

fn checks(tally: &mut Tally) {
    tally.check("format", |status| cargo_passes(&["fmt", "--all", "--check"], "Run `cargo fmt --all`.", status));
    for (name, arguments) in [
        ("clippy, core", &["--package", "payment-form", "--no-default-features", "--all-targets"][..]),
        ("clippy, form", &["--package", "payment-form", "--features", "element", "--lib", "--target", build::TARGET]),
        ("clippy, component", &["--package", "payment-form", "--lib", "--target", build::TARGET]),
        ("clippy, server", &["--package", "payment-form-server", "--all-targets"]),
        ("clippy, server + faults", &["--package", "payment-form-server", "--features", "faults", "--all-targets"]),
        ("clippy, xtask", &["--package", "xtask", "--all-targets"]),
    ] {
        tally.check(name, |status| {
            build::ensure_target(status)?;
            let arguments = [&["clippy"], arguments, &["--", "-D", "warnings"]].concat();
            cargo_passes(&arguments, "Clippy objects; its words stand above.", status)
        });
    }
    for (name, arguments) in [
        ("documentation, core", &["--package", "payment-form", "--no-default-features"][..]),
        ("documentation, form", &["--package", "payment-form", "--features", "element", "--target", build::TARGET]),
        ("documentation, server", &["--package", "payment-form-server", "--features", "faults"]),
        ("documentation, xtask", &["--package", "xtask"]),
    ] {
        tally.check(name, |status| {
            build::ensure_target(status)?;
            let mut command = cargo::cargo(&[&["doc", "--no-deps"], arguments].concat());
            passes(command.env("RUSTDOCFLAGS", "--deny warnings"), "Rustdoc objects; its words stand above.", status)
        });
    }
    dependencies::CHECKS.iter().for_each(|(name, check)| tally.check(name, |_| check()));
}

/// The package of the server.
const SERVER: &str = "payment-form-server";

/// More tests of the server run at once than there are processors, because they wait for programs that start and for timeouts.
fn server_test_threads() -> String {
    (3 * std::thread::available_parallelism().map_or(1, usize::from)).to_string()
}

fn native(tally: &mut Tally, filter: &[String]) {
    for (name, arguments) in [
        ("core, native", &["--package", "payment-form", "--no-default-features"][..]),
        ("component, examples", &["--package", "payment-form", "--doc", "ui::"]),
        ("server, native", &["--package", SERVER]),
        ("xtask, native", &["--package", "xtask"]),
    ] {
        tally.suite(name, |status| {
            let mut command = cargo::cargo(&["test", "--no-fail-fast"]);
            command.args(arguments).arg("--").args(filter);
            if arguments.contains(&SERVER) {
                command.env("RUST_TEST_THREADS", server_test_threads());
            }
            cargo_suite(&mut command, status)
        });
    }
}

/// Runs `cargo test` and counts its tests.
fn cargo_suite(command: &mut Command, status: &Status) -> Result<Suite> {
    let ended = cargo::run(command, status)?;
    let count = Count::of_cargo(&ended.transcript);
    if !ended.succeeded && count.failed == 0 {
        return Err(cargo::refusal(&ended, "The tests did not compile or did not end; cargo's words stand above."));
    }
    Ok(Suite { count, transcript: ended.transcript })
}

/// The server's tests once more, over PostgreSQL, and those of several servers over one database. The other tests need no database, or a
/// file of their own.
const ON_POSTGRES: [&str; 11] = [
    "create::",
    "keys::",
    "maiascore::",
    "read::",
    "hostile::",
    "credentials::",
    "identity::",
    "upstream",
    "copies::",
    "lost_commit::",
    "postgres::",
];

fn on_postgres(tally: &mut Tally, filter: &[String]) {
    let wanted = |word: &&str| filter.is_empty() || filter.iter().any(|wanted| word.contains(wanted.as_str()));
    let words: Vec<&str> = ON_POSTGRES.iter().copied().filter(wanted).collect();
    if words.is_empty() {
        return;
    }
    let started = step("PostgreSQL", |status| {
        let private = postgres::Cluster::start(false, status)?;
        let note = if private.is_some() { "started" } else { "skipped: install the package postgresql" };
        Ok((private, note.to_owned()))
    });
    let private = match started {
        Ok(Some(private)) => private,
        Ok(None) => return,
        Err(failure) => return tally.check("PostgreSQL", |_| Err(failure)),
    };
    tally.suite("server, PostgreSQL", |status| {
        let mut command = cargo::cargo(&["test", "--no-fail-fast", "--package", SERVER, "--test", "server", "--"]);
        command.env("RUST_TEST_THREADS", server_test_threads());
        cargo_suite(command.args(&words).env("PAYMENT_FORM_TEST_DATABASE_URL", private.url()), status)
    });
}

fn in_browser(tally: &mut Tally, flags: &Test) {
    println!("  release build:");
    match dist::build(false) {
        Ok(()) => {
            tally.check("budgets", |_| budgets::keep());
            package::CHECKS.iter().for_each(|(name, check)| tally.check(name, |_| check()));
            if flags.filter.is_empty() {
                tally.suite("host apps", |status| hosts::run(&hosts::FAST, status));
            }
            tally.suite("browser", |status| browser::run(Engine::Chromium, &flags.filter, status));
            if flags.engines != Some(Engines::Chromium) {
                in_other_engines(tally, flags);
            }
        }
        Err(failure) => tally.check("release build", |_| Err(failure)),
    }
}

/// Firefox and WebKit play the smoke tests, or with `--engines all` every test that they can. An engine that cannot be installed is skipped
/// with a sentence.
fn in_other_engines(tally: &mut Tally, flags: &Test) {
    let smoke = if flags.engines == Some(Engines::All) { None } else { Some("--smoke".to_owned()) };
    let arguments: Vec<_> = smoke.into_iter().chain(flags.filter.iter().cloned()).collect();
    for (name, engine) in [("firefox", Engine::Firefox), ("webkit", Engine::WebKit)] {
        // An installation that fails, without a network for example, skips the engine too.
        if engine.install(&Status::default()).unwrap_or(false) {
            tally.suite(name, |status| browser::run(engine, &arguments, status));
        } else {
            println!("  {name} is skipped, because {}", engine.absence());
        }
    }
}

fn cargo_passes(arguments: &[&str], sentence: &str, status: &Status) -> Result<()> {
    passes(&mut cargo::cargo(arguments), sentence, status)
}

fn passes(command: &mut Command, sentence: &str, status: &Status) -> Result<()> {
    let ended = cargo::run(command, status)?;
    if ended.succeeded { Ok(()) } else { Err(cargo::refusal(&ended, sentence)) }
}
