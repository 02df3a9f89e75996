//! Runs the commands of this repository. `cargo xtask help` lists them.

mod apt;
mod bench;
mod browser;
mod build;
mod campaigns;
mod cargo;
mod checks;
mod crate_tree;
mod dist;
mod docs;
mod failure;
mod files;
mod flags;
mod hosts;
mod notices;
mod npm;
mod paths;
mod postgres;
mod program;
mod screenshots;
mod serve;
mod stamp;
mod steps;
mod test;

use std::process::ExitCode;

use clap::Parser;

use checks::budgets;
use failure::Result;
use flags::{Campaign, Command, Flags};

fn main() -> ExitCode {
    match run(Flags::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print();
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Serve(flags) => serve::command(flags),
        Command::Build(flags) => {
            dist::build(flags.plain)?;
            if flags.server {
                steps::step("server", |status| Ok(((), serve::compile_whole(status)?)))?;
            }
            budgets::print()?;
            // The budgets are about the form that is given away, which a plain build is not.
            if flags.plain { Ok(()) } else { budgets::keep() }
        }
        Command::Hosts(flags) => hosts::command(&flags),
        Command::Test(flags) => test::command(&flags),
        Command::Screenshots(flags) => screenshots::command(&flags),
        Command::Bench(flags) => bench::command(&flags),
        Command::Campaign(Campaign::Money(flags)) => campaigns::money(&flags),
        Command::Conformance(flags) => campaigns::conformance(&flags),
        Command::Faults(flags) => campaigns::faults(&flags),
        Command::Fuzz(flags) => campaigns::fuzz(&flags),
        Command::Simulate(flags) => campaigns::simulate(&flags),
    }
}
