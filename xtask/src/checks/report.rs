//! Counts checks and tests: one line for each, and one last line over all.

use crate::failure::{Failure, Result};
use crate::steps::{Status, step};

/// A check that holds or does not, and the name in its line.
pub type Check = (&'static str, fn() -> Result<()>);

/// The number of tests of a suite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Tests that held.
    pub passed: u32,
    /// Tests that did not.
    pub failed: u32,
}

impl Count {
    /// Adds up the lines `test result: ok. 12 passed; 0 failed; …`, one for each test program.
    pub fn of_cargo(transcript: &str) -> Self {
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
    /// The number of its tests that passed.
    pub count: Count,
    /// Its output; printed when a test failed.
    pub transcript: String,
}

/// The sum over everything that ran. A failure is printed where it happens and named again at the end; the rest still runs.
#[derive(Default)]
pub struct Tally {
    count: Count,
    failed: Vec<String>,
}

impl Tally {
    /// A check that holds or does not: one test.
    pub fn check(&mut self, name: &str, work: impl FnOnce(&Status) -> Result<()>) {
        let outcome = step(name, |status| work(status).map(|()| ((), "passed".into())));
        match outcome {
            Ok(()) => self.count.passed += 1,
            Err(failure) => self.fail(name, 1, &failure),
        }
    }

    /// A program that counts its own tests.
    pub fn suite(&mut self, name: &str, work: impl FnOnce(&Status) -> Result<Suite>) {
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
    pub fn finish(self) -> Result<()> {
        println!();
        if !self.failed.is_empty() {
            println!("failed: {}", self.failed.join(", "));
        }
        println!("{} passed, {} failed", self.count.passed, self.count.failed);
        if self.count.failed == 0 { Ok(()) } else { Err(Failure::already_printed()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_several_test_programs_add_up() {
        let transcript = "\
running 3 tests
test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s
test result: FAILED. 4 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(Count::of_cargo(transcript), Count { passed: 7, failed: 2 });
    }

    #[test]
    fn last_line_without_both_counts_is_no_result() {
        assert_eq!(Count::of_last_line("ok 1\n12 passed, 3 failed\n\n"), Some(Count { passed: 12, failed: 3 }));
        assert_eq!(Count::of_last_line("12 passed, 3 failed\nSegmentation fault"), None);
        assert_eq!(Count::of_last_line(""), None);
    }
}
