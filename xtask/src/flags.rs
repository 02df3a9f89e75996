//! Defines the commands of `cargo xtask` and their flags. clap reads them, and its help is written from the comments on this page.

use std::num::NonZeroU16;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// The commands of this repository
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub struct Flags {
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Subcommand)]
pub enum Command {
    /// Build everything and run the demo on its own server
    Serve(Serve),
    /// Build the files that are given away into dist/, and print their sizes
    Build(Build),
    /// Run every check and test; the last line counts them
    Test(Test),
    /// Take a picture of every state of the form, in every look
    Screenshots(Screenshots),
    /// Build, start and pay in the host apps of tests/hosts/
    Hosts(Hosts),
    /// Run random persons, networks and servers against the form's own logic
    Simulate(Simulate),
    /// Run random persons and networks around a real browser and server
    Faults(Faults),
    /// Run one campaign at length
    #[command(subcommand)]
    Campaign(Campaign),
    /// Feed mutated bodies to every reader of foreign bytes
    Fuzz(Fuzz),
    /// Let schemathesis ask the server everything that openapi.json allows
    Conformance(Conformance),
    /// Measure the form beside the same one in React, Solid and plain JavaScript
    Bench(Bench),
}

/// The flags of `serve`.
#[derive(Args)]
pub struct Serve {
    /// Listen on this port
    #[arg(long, value_name = "N", default_value = "8080")]
    pub port: NonZeroU16,
    /// Keep the ledger in this file instead of payment-form.sqlite
    #[arg(long, value_name = "FILE")]
    pub db: Option<PathBuf>,
    /// The day that the server takes for today
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub today: Option<String>,
    /// Show the demo in a browser
    #[arg(long)]
    pub open: bool,
    #[command(flatten)]
    pub build: Build,
}

/// The flags of `build`.
#[derive(Args)]
pub struct Build {
    /// Take the standard library that came with the compiler
    #[arg(long)]
    pub plain: bool,
    /// Build the server, too, with the demo and the package within the program
    #[arg(long)]
    pub server: bool,
}

/// The flags of `test`.
#[derive(Args)]
pub struct Test {
    /// Run only this part
    #[arg(long, value_name = "PART")]
    pub only: Option<Part>,
    /// Run the browser tests in these engines; without the flag, all of them in Chromium and the smoke tests in the others
    #[arg(long, value_name = "ENGINES")]
    pub engines: Option<Engines>,
    /// Run only tests whose names hold this word
    #[arg(last = true, value_name = "WORD")]
    pub filter: Vec<String>,
}

/// The flags of `screenshots`.
#[derive(Args)]
pub struct Screenshots {
    /// Write the pictures into this folder instead of target/screenshots
    #[arg(long, value_name = "FOLDER")]
    pub to: Option<PathBuf>,
    /// Take only the cases whose names hold this word
    #[arg(last = true, value_name = "WORD")]
    pub filter: Option<String>,
}

/// The engines of `test`.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Engines {
    /// Chromium only
    Chromium,
    /// All tests that each engine can run, in Chromium, Firefox and WebKit
    All,
}

/// A part of the test command. The parts run in this order.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Format, lints, documentation, dependencies
    Checks,
    /// The tests that cargo runs
    Native,
    /// The release build, its checks, the browser tests in each engine, and host apps
    Browser,
}

/// The flags of `hosts`.
#[derive(Args)]
pub struct Hosts {
    /// Run only these apps; all of them without a name
    #[arg(value_name = "APP")]
    pub apps: Vec<String>,
}

/// The flags of `simulate`.
#[derive(Args)]
pub struct Simulate {
    /// The number of schedules; 100000 without the flag
    #[arg(long, value_name = "N")]
    pub schedules: Option<u64>,
    /// The seed of another campaign
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// The first schedule, to replay one
    #[arg(long, value_name = "N")]
    pub first: Option<u64>,
}

/// The flags of `faults`.
#[derive(Args)]
pub struct Faults {
    /// The number of schedules
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub schedules: u32,
    /// The seed of another campaign
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u32,
    /// Break the network between the server and a vendor instead, and kill the server for each second schedule
    #[arg(long)]
    pub upstream: bool,
    /// The number of schedules of the pure decisions about a vendor
    #[arg(long, value_name = "N", default_value_t = 1_000_000, requires = "upstream")]
    pub decisions: u64,
}

/// The subjects of `campaign`.
#[derive(Subcommand)]
pub enum Campaign {
    /// The laws of money and allocation
    Money(Money),
}

/// The flags of `campaign money`.
#[derive(Args)]
pub struct Money {
    /// The number of cases for each law
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    pub cases: u64,
}

/// The flags of `fuzz`.
#[derive(Args)]
pub struct Fuzz {
    /// The number of bodies
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    pub executions: u64,
    /// The seed of another campaign
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
}

/// The flags of `conformance`.
#[derive(Args)]
pub struct Conformance {
    /// The number of requests for each route
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub examples: u32,
}

/// The flags of `bench`.
#[derive(Args)]
pub struct Bench {
    /// Measure only this
    #[arg(long, value_name = "PART")]
    pub only: Option<Measurement>,
    /// The numbers of open invoices while keys are pressed
    #[arg(long, value_name = "N,N", value_delimiter = ',', default_value = "10,1000,10000,100000")]
    pub invoices: Vec<u32>,
}

/// A measurement of `bench`.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Measurement {
    /// The main thread's time for each key
    Keystroke,
    /// The time until typing is kept and until the division stands
    Load,
    /// The division of another amount, natively and in wasm
    Replan,
    /// The server's payments a second beside bare SQLite, over SQLite and PostgreSQL
    Server,
    /// The server's answers about customers with a short and a long history, over SQLite and PostgreSQL
    History,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn read(line: &str) -> Result<Command, clap::Error> {
        Flags::try_parse_from(["cargo xtask"].into_iter().chain(line.split_whitespace())).map(|flags| flags.command)
    }

    #[test]
    fn definition_of_the_flags_holds_no_contradiction() {
        Flags::command().debug_assert();
    }

    #[test]
    fn flags_in_any_order_are_read() {
        for line in ["serve --open --port 8081", "serve --port=8081 --open"] {
            assert!(matches!(read(line), Ok(Command::Serve(serve)) if serve.port.get() == 8081 && serve.open), "{line}");
        }
    }

    #[test]
    fn words_after_the_dashes_are_the_filter() {
        let read = read("test --only browser -- keyboard");
        assert!(matches!(read, Ok(Command::Test(test)) if test.only == Some(Part::Browser) && test.filter == ["keyboard"]));
    }

    #[test]
    fn missing_or_unknown_words_are_refused() {
        for line in
            ["serve --port", "serve --port 0", "serve --port 99999", "serve --db --open", "serve --prot 8081", "test --only all"]
        {
            assert!(read(line).is_err(), "{line}");
        }
    }
}
