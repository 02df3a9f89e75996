//! Runs a bounded, seeded fuzzer for every reader of foreign bytes in the core, on stable Rust and without installs:
//!
//! ```text
//! cargo run --release --no-default-features --example fuzz -- [--executions N] [--seed N] [--target NAME]
//! ```
//!
//! It starts from `tests/fixtures`, changes bodies at random, and keeps those with a new kind of answer, so that it reaches deeper into the
//! readers. A broken invariant ends the run with its body; put that body into `tests/fixtures/fuzz`, and every run tries it.

mod corpus;
mod mutate;
#[path = "../random.rs"]
mod random;
mod targets;

use std::{
    collections::HashSet,
    env,
    io::Write,
    panic,
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};
use targets::{TARGETS, Target};

/// The most bodies of the corpus; with more, new kinds of answers are rare.
const CORPUS_MAX: usize = 5_000;

fn main() -> ExitCode {
    let mut executions = 1_000_000_u64;
    let mut seed = 1;
    let mut only = None;
    let mut arguments = env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().unwrap_or_default();
        let number = value.replace('_', "").parse();
        match (name.as_str(), number) {
            ("--executions", Ok(number)) => executions = number,
            ("--seed", Ok(number)) => seed = number,
            ("--target", _) if TARGETS.iter().any(|target| target.name == value) => only = Some(value),
            _ => {
                eprintln!(
                    "fuzz [--executions N] [--seed N] [--target {}]",
                    TARGETS.iter().map(|target| target.name).collect::<Vec<_>>().join("|")
                );
                return ExitCode::FAILURE;
            }
        }
    }
    let targets: Vec<&Target> = TARGETS.iter().filter(|target| only.as_deref().is_none_or(|only| only == target.name)).collect();
    let each = executions.div_ceil(targets.len() as u64);
    // The message of a broken promise is printed once, with the body, instead of through the hook.
    panic::set_hook(Box::new(|_| {}));
    let start = Instant::now();
    for target in &targets {
        if let Err((body, message)) = fuzz(target, each, seed) {
            println!("{}: broken by seed {seed}: {message}\n{}", target.name, body.escape_ascii());
            return ExitCode::FAILURE;
        }
    }
    println!("{} executions in {:.0} s, seed {seed}: nothing broke", each * targets.len() as u64, start.elapsed().as_secs_f64());
    ExitCode::SUCCESS
}

/// Runs one target so many times.
fn fuzz(target: &Target, executions: u64, seed: u64) -> Result<(), (Vec<u8>, String)> {
    let mut corpus = corpus::read(Path::new(env!("CARGO_MANIFEST_DIR")));
    let mut random = random::Random::new(seed);
    let mut kinds = HashSet::new();
    for body in &corpus {
        kinds.insert(run(target, body)?);
    }
    let (start, mut reported) = (Instant::now(), Instant::now());
    for count in 1..=executions {
        let body = mutate::mutate(&corpus, &mut random);
        if kinds.insert(run(target, &body)?) && corpus.len() < CORPUS_MAX {
            corpus.push(body);
        }
        if count == executions || (count.is_multiple_of(4_096) && reported.elapsed() > Duration::from_secs(10)) {
            reported = Instant::now();
            let rate = count as f64 / start.elapsed().as_secs_f64();
            println!("{}: {count} executions, {rate:.0} a second, {} kinds of answers", target.name, kinds.len());
            let _ = std::io::stdout().flush();
        }
    }
    Ok(())
}

/// One execution.
fn run(target: &Target, body: &[u8]) -> Result<u64, (Vec<u8>, String)> {
    panic::catch_unwind(|| (target.run)(body)).map_err(|cause| {
        let text = cause.downcast_ref::<String>().cloned();
        let text = text.or_else(|| cause.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        (body.to_vec(), text.unwrap_or_default())
    })
}
