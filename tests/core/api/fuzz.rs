//! Runs the fuzzer (`tests/fuzz/`) shortly: the whole corpus, and a few thousand bodies made of it.

#[path = "../../fuzz/corpus.rs"]
mod corpus;
#[path = "../../fuzz/mutate.rs"]
mod mutate;
#[path = "../../fuzz/targets.rs"]
mod targets;

use crate::random;
use std::path::Path;

#[test]
fn invariants_hold_for_the_corpus_and_its_mutations() {
    let corpus = corpus::read(Path::new(env!("CARGO_MANIFEST_DIR")));
    let mut random = random::Random::new(2026);
    for target in targets::TARGETS {
        // The name is printed when a body of the target breaks an invariant.
        println!("{}", target.name);
        for body in &corpus {
            (target.run)(body);
        }
        for _ in 0..3_000 {
            (target.run)(&mutate::mutate(&corpus, &mut random));
        }
    }
}
