//! The commands of this repository. `cargo xtask help` lists them.

mod arguments;
mod bench;
mod browser;
mod build;
mod campaign;
mod cargo;
mod conformance;
mod delivery;
mod dependencies;
mod dist;
mod failure;
mod files;
mod npm;
mod places;
mod program;
mod serve;
mod simulate;
mod sizes;
mod stamp;
mod steps;
mod test;

use std::process::ExitCode;

use arguments::Arguments;
use failure::{Failure, Result};

const HELP: &str = "\
cargo xtask <command>

  serve   build everything and run the demo on its own server
            --port N             listen there instead of 8080
            --db FILE            keep the ledger there instead of payment-form.sqlite
            --today YYYY-MM-DD   the day that the server takes for today
            --open               show the demo in a browser
            --plain              use the compiler's own standard library for the wasm
  build   build the files that are given away into dist/ and say what they weigh
            --plain              as above
  test    every check and test there is; the last line counts them
            --only PART          checks, native or browser
            -- WORD              only tests whose names hold the word
  simulate  random persons, networks and servers against the form's own logic
            --schedules N        how many; 100000 when nothing is said
            --seed N             another campaign
            --first N            begin with this schedule, to replay one
  faults  a random person and a random network around a real browser and server
            --schedules N        how many; 100 when nothing is said
            --seed N             another campaign
  campaign money   the laws of money and allocation, at length
            --cases N            how many each; 1000000 when nothing is said
  fuzz    mutated bodies into every reader of foreign bytes
            --executions N       how many; 1000000 when nothing is said
            --seed N             another campaign
  conformance   schemathesis asks the server all that openapi.json allows
            --examples N         how many for each route; 50 when nothing is said
  bench   the form beside the same one in React, Solid and plain JavaScript
            --only PART          keystroke or load
            --invoices N,N       how many are open while keys are pressed
  help    print this
";

fn main() -> ExitCode {
    let mut arguments = Arguments::new(std::env::args().skip(1));
    match run(&mut arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print();
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &mut Arguments) -> Result<()> {
    match arguments.command().as_deref() {
        Some("serve") => serve::command(arguments),
        Some("build") => {
            let plain = arguments.flag("--plain");
            arguments.finish()?;
            dist::build(plain)?;
            sizes::print()?;
            sizes::keep_budgets()
        }
        Some("test") => test::command(arguments),
        Some("bench") => bench::command(arguments),
        Some("campaign") => campaign::money(arguments),
        Some("conformance") => conformance::command(arguments),
        Some("faults") => campaign::faults(arguments),
        Some("fuzz") => campaign::fuzz(arguments),
        Some("simulate") => simulate::command(arguments),
        Some("help" | "--help" | "-h") | None => {
            print!("{HELP}");
            Ok(())
        }
        Some(other) => Err(Failure::new(format!("There is no command `{other}`; `cargo xtask help` lists those there are."))),
    }
}
