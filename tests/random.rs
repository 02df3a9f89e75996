//! Makes repeatable random numbers for the simulator, the fuzzer and the other tests: the same ones on every machine.

use rand::{Rng, SeedableRng, rngs::Xoshiro256PlusPlus};

/// A stream of numbers that its seed decides.
pub struct Random(Xoshiro256PlusPlus);

impl Random {
    /// The stream of this seed.
    pub fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0.next_u64()
    }
}
