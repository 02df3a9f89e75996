//! Simulates the product's own machine, decoder and server decision under a random person, network and server, and checks the invariants
//! after each step.
//!
//! `cargo xtask simulate --schedules 20000000 --seed 7` runs a campaign of any length. A schedule that breaks a rule prints its seed and number,
//! and the same two numbers replay it line by line.

mod bugs;
mod checks;
mod commands;
mod drafts;
#[path = "../../server/src/idempotency.rs"]
mod idempotency;
mod lists;
mod network;
mod person;
#[path = "../random.rs"]
mod random;
mod schedule;
mod server;
mod tab;
mod world;

use bugs::Bug;
use drafts::Draft;
use random::Random;
use std::time::Instant;
use world::{Situation, World};

/// A schedule that broke a rule.
struct Failure {
    schedule: u64,
    violation: String,
}

/// Runs schedules until one breaks a rule, and counts how often each situation occurred.
fn campaign(
    drafts: &[Draft],
    bug: Option<Bug>,
    seed: u64,
    mut schedules: std::ops::Range<u64>,
    situations: &mut [u64; Situation::ALL.len()],
) -> Option<Failure> {
    schedules.find_map(|schedule| {
        let mut world = World::new(drafts, bug, Random::of_schedule(seed, schedule), false);
        world.run();
        for (situation, count) in Situation::ALL.iter().zip(situations.iter_mut()) {
            *count += u64::from(world.situations >> *situation as u32 & 1);
        }
        world.violation.map(|violation| Failure { schedule, violation })
    })
}

/// The first schedule in which a bug is noticed.
fn find_failure(drafts: &[Draft], bug: Bug, schedules: u64) -> Option<Failure> {
    campaign(drafts, Some(bug), 1, 0..schedules, &mut Default::default())
}

/// Everything that happens in one schedule.
fn replay(drafts: &[Draft], bug: Option<Bug>, seed: u64, schedule: u64) -> String {
    let mut world = World::new(drafts, bug, Random::of_schedule(seed, schedule), true);
    world.run();
    world.trace()
}

fn number_from_env(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name} must be a number")))
}

/// The campaign: no payment is made twice, lost, or reported wrongly.
#[test]
fn no_schedule_breaks_a_rule() {
    let (seed, schedules) = (number_from_env("PAYMENT_FORM_SEED", 1), number_from_env("PAYMENT_FORM_SCHEDULES", 100_000));
    let first = number_from_env("PAYMENT_FORM_FIRST", 0);
    let drafts = drafts::drafts();
    let started = Instant::now();
    let mut situations = [0; Situation::ALL.len()];
    if let Some(Failure { schedule, violation }) = campaign(&drafts, None, seed, first..first + schedules, &mut situations) {
        let trace = replay(&drafts, None, seed, schedule);
        panic!("{violation}\n\n{trace}\nReplay: cargo xtask simulate --seed {seed} --first {schedule} --schedules 1");
    }
    let rate = schedules as u128 * 1_000 / started.elapsed().as_millis().max(1);
    println!("{schedules} schedules of seed {seed}: none paid twice, none lost, nothing said wrongly ({rate} schedules/s)");
    for (situation, count) in Situation::ALL.iter().zip(situations) {
        println!("{situation:?}: seen in {count} schedules");
        assert!(count > 0 || schedules < 100_000, "no schedule came to {situation:?}");
    }
}

/// Each of the twenty mistakes is noticed soon.
#[test]
fn every_bug_is_caught() {
    let drafts = drafts::drafts();
    for bug in Bug::ALL {
        let broken = find_failure(&drafts, bug, 20_000);
        let Failure { schedule, violation } = broken.unwrap_or_else(|| panic!("{bug:?} went unnoticed for 20000 schedules"));
        println!("{bug:?}: {violation}, at schedule {schedule}");
    }
}

/// The canary: a server that pays twice must be noticed with the first payment, or the checks are asleep.
#[test]
fn server_that_pays_twice_is_noticed_at_once() {
    let broken = find_failure(&drafts::drafts(), Bug::ServerPaysTwice, 20).map(|broken| broken.violation);
    assert_eq!(broken.as_deref(), Some("paid twice"));
}

/// The same numbers make the same schedule, or a printed seed would be worth nothing.
#[test]
fn a_schedule_can_be_replayed() {
    let drafts = drafts::drafts();
    for schedule in 0..200 {
        assert_eq!(replay(&drafts, None, 3, schedule), replay(&drafts, None, 3, schedule));
    }
}
