//! `cargo xtask simulate`: the form's own machine and the server's own decision under random persons, networks and servers.

use crate::arguments::Arguments;
use crate::cargo;
use crate::failure::{Failure, Result};
use crate::steps::step;

/// Reads the arguments, runs the simulator in a release build, and prints what it found.
pub fn command(arguments: &mut Arguments) -> Result<()> {
    let schedules = arguments.value::<u64>("--schedules", "a number of schedules")?;
    let seed = arguments.value::<u64>("--seed", "a number")?;
    let first = arguments.value::<u64>("--first", "the number of a schedule")?;
    arguments.finish()?;

    let test = [
        "test",
        "--package",
        "payment-form",
        "--no-default-features",
        "--test",
        "simulator",
        "--",
        "--nocapture",
        "--test-threads=1",
    ];
    let mut simulator = cargo::release(&test);
    // A trace is what explains a broken schedule; the stack of the test that prints it only hides it.
    simulator.env("RUST_BACKTRACE", "0");
    for (name, value) in [("SCHEDULES", schedules), ("SEED", seed), ("FIRST", first)] {
        if let Some(value) = value {
            simulator.env(format!("PAYMENT_FORM_{name}"), value.to_string());
        }
    }
    let found = step("simulator", |status| {
        let ended = cargo::run(&mut simulator, status)?;
        if !ended.succeeded {
            let sentence =
                "A schedule broke a rule, a bug went unnoticed, or nothing could be built; what is known stands above.";
            return Err(cargo::refusal(&ended, sentence));
        }
        let lines = ended.transcript.lines().filter_map(finding).map(str::to_owned).collect::<Vec<_>>();
        Ok((lines, "no rule broken".into()))
    })?;
    if found.is_empty() {
        return Err(Failure::new("The simulator ended without a finding: look at tests/simulator/main.rs."));
    }
    found.iter().for_each(|line| println!("  {line}"));
    Ok(())
}

/// What a line of the simulator says, without the test runner's words before it.
fn finding(line: &str) -> Option<&str> {
    let line = line.rsplit_once(" ... ").map_or(line, |(_, line)| line);
    [", at schedule ", "schedules/s", ": seen in "].iter().any(|sign| line.contains(sign)).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_are_told_from_the_test_runners_words() {
        let caught = "NoLock: paid twice, at schedule 7";
        assert_eq!(finding(caught), Some(caught));
        assert_eq!(finding("test every_bug_is_caught ... NoLock: paid twice, at schedule 7"), Some(caught));
        let whole = "100 schedules of seed 1: none paid twice, none lost, nothing said wrongly (9 schedules/s)";
        assert_eq!(finding(whole), Some(whole));
        assert_eq!(finding("test the_canary_dies ... ok"), None);
    }
}
