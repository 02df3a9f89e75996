//! `cargo xtask test`: every check there is, and one line that counts them.

use std::process::Command;

use crate::arguments::Arguments;
use crate::failure::{Failure, Result};
use crate::steps::{Status, step};
use crate::{browser, build, cargo, delivery, dependencies, dist, sizes};

/// Something that holds or does not, and the name that its line shows.
pub type Check = (&'static str, fn() -> Result<()>);

/// Reads the arguments, runs what they ask for, and fails when anything failed.
pub fn command(arguments: &mut Arguments) -> Result<()> {
    let only = arguments.value::<String>("--only", "checks, native or browser")?;
    let filter = arguments.after_dashes();
    arguments.finish()?;
    let wants = |part: &str| only.as_deref().is_none_or(|only| only == part);
    if let Some(unknown) = only.as_deref().filter(|only| !["checks", "native", "browser"].contains(only)) {
        return Err(Failure::new(format!("There is no part `{unknown}` of the tests: --only takes checks, native or browser.")));
    }

    let mut tally = Tally::default();
    if wants("checks") {
        checks(&mut tally);
    }
    if wants("native") {
        native(&mut tally, &filter);
    }
    if wants("browser") {
        in_browser(&mut tally, &filter);
    }
    tally.finish()
}

fn checks(tally: &mut Tally) {
    tally.check("format", |status| cargo_passes(&["fmt", "--all", "--check"], "Run `cargo fmt --all`.", status));
    for (name, arguments) in [
        ("clippy, core", &["--package", "payment-form", "--no-default-features", "--all-targets"][..]),
        ("clippy, form", &["--package", "payment-form", "--lib", "--target", build::TARGET]),
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
    tally.check("documentation", |status| {
        let mut command = cargo::cargo(&["doc", "--no-deps", "--package", "payment-form", "--no-default-features"]);
        passes(command.env("RUSTDOCFLAGS", "--deny warnings"), "Rustdoc objects; its words stand above.", status)
    });
    dependencies::CHECKS.iter().for_each(|(name, check)| tally.check(name, |_| check()));
}

fn native(tally: &mut Tally, filter: &[String]) {
    for (name, arguments) in [
        ("core, native", &["--package", "payment-form", "--no-default-features"][..]),
        ("server, native", &["--package", "payment-form-server"]),
        ("xtask, native", &["--package", "xtask"]),
    ] {
        tally.suite(name, |status| {
            let mut command = cargo::cargo(&[&["test", "--no-fail-fast"], arguments].concat());
            let ended = cargo::run(command.arg("--").args(filter), status)?;
            let count = Count::of_cargo(&ended.transcript);
            if !ended.succeeded && count.failed == 0 {
                return Err(cargo::refusal(&ended, "The tests did not compile or did not end; cargo's words stand above."));
            }
            Ok(Suite { count, transcript: ended.transcript })
        });
    }
}

fn in_browser(tally: &mut Tally, filter: &[String]) {
    println!("  release build:");
    match dist::build(false) {
        Ok(()) => {
            tally.check("budgets", |_| sizes::keep_budgets());
            delivery::CHECKS.iter().for_each(|(name, check)| tally.check(name, |_| check()));
            tally.suite("browser", |status| browser::run(filter, status));
        }
        Err(failure) => tally.check("release build", |_| Err(failure)),
    }
}

fn cargo_passes(arguments: &[&str], sentence: &str, status: &Status) -> Result<()> {
    passes(&mut cargo::cargo(arguments), sentence, status)
}

fn passes(command: &mut Command, sentence: &str, status: &Status) -> Result<()> {
    let ended = cargo::run(command, status)?;
    if ended.succeeded { Ok(()) } else { Err(cargo::refusal(&ended, sentence)) }
}

/// How many tests a suite ran.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Tests that held.
    pub passed: u32,
    /// Tests that did not.
    pub failed: u32,
}

impl Count {
    /// Adds up the lines `test result: ok. 12 passed; 0 failed; …`, one for each test program.
    fn of_cargo(transcript: &str) -> Self {
        let mut count = Self::default();
        for result in transcript.lines().filter_map(|line| line.trim().strip_prefix("test result: ")) {
            let figures = Self::figures(result.split_once(". ").map_or("", |(_, figures)| figures), ';');
            count.passed += figures.passed;
            count.failed += figures.failed;
        }
        count
    }

    /// Reads a last line `12 passed, 0 failed`, which the browser tests print and so does this command.
    pub fn of_last_line(transcript: &str) -> Option<Self> {
        let line = transcript.lines().rev().find(|line| !line.trim().is_empty())?;
        (line.contains(" passed") && line.contains(" failed")).then(|| Self::figures(line, ','))
    }

    fn figures(text: &str, separator: char) -> Self {
        let figure = |word: &str| {
            let part = text.split(separator).find_map(|part| part.trim().strip_suffix(word));
            part.and_then(|figure| figure.trim().parse().ok()).unwrap_or(0)
        };
        Self { passed: figure("passed"), failed: figure("failed") }
    }
}

/// A suite that has run.
pub struct Suite {
    /// How many of its tests held.
    pub count: Count,
    /// What it printed; shown when one did not.
    pub transcript: String,
}

/// The sum over everything that ran. A failure is printed where it happens and named again at the end; nothing stops for it.
#[derive(Default)]
struct Tally {
    count: Count,
    failed: Vec<String>,
}

impl Tally {
    /// A check that holds or does not: one test.
    fn check(&mut self, name: &str, work: impl FnOnce(&Status) -> Result<()>) {
        let outcome = step(name, |status| work(status).map(|()| ((), "passed".into())));
        match outcome {
            Ok(()) => self.count.passed += 1,
            Err(failure) => self.fail(name, 1, &failure),
        }
    }

    /// A program that counts its own tests.
    fn suite(&mut self, name: &str, work: impl FnOnce(&Status) -> Result<Suite>) {
        let outcome = step(name, |status| {
            let suite = work(status)?;
            let note = match suite.count {
                Count { passed, failed: 0 } => format!("{passed} passed"),
                Count { passed, failed } => format!("{passed} passed, {failed} FAILED"),
            };
            Ok((suite, note))
        });
        match outcome {
            Ok(suite) => {
                self.count.passed += suite.count.passed;
                if suite.count.failed > 0 {
                    let sentence = format!("{} of these tests failed.", suite.count.failed);
                    self.fail(name, suite.count.failed, &Failure::with_details(sentence, suite.transcript));
                }
            }
            Err(failure) => self.fail(name, 1, &failure),
        }
    }

    fn fail(&mut self, name: &str, tests: u32, failure: &Failure) {
        failure.print();
        eprintln!();
        self.count.failed += tests;
        self.failed.push(name.to_string());
    }

    /// The last line is the one that programs read; the names before it are for people.
    fn finish(self) -> Result<()> {
        println!();
        if !self.failed.is_empty() {
            println!("failed: {}", self.failed.join(", "));
        }
        println!("{} passed, {} failed", self.count.passed, self.count.failed);
        if self.count.failed == 0 { Ok(()) } else { Err(Failure::already_told()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_of_several_test_programs_add_up() {
        let transcript = "\
running 3 tests
test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s
test result: FAILED. 4 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(Count::of_cargo(transcript), Count { passed: 7, failed: 2 });
    }

    #[test]
    fn only_a_last_line_with_both_counts_is_a_result() {
        assert_eq!(Count::of_last_line("ok 1\n12 passed, 3 failed\n\n"), Some(Count { passed: 12, failed: 3 }));
        assert_eq!(Count::of_last_line("12 passed, 3 failed\nSegmentation fault"), None);
        assert_eq!(Count::of_last_line(""), None);
    }
}
