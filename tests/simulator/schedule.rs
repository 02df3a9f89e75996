//! Chooses what happens in a schedule, from the random numbers of its seed.

use crate::random::Random;

impl Random {
    /// The stream of one schedule of one campaign.
    pub fn of_schedule(seed: u64, schedule: u64) -> Self {
        let start = Self::new(seed).number();
        Self::new(start ^ schedule.wrapping_mul(0xD1B5_4A32_D192_ED03))
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.number() % end.max(1)
    }

    /// A number from `start` on, below `end`.
    pub fn between(&mut self, start: u64, end: u64) -> u64 {
        start + self.below(end - start)
    }

    /// Returns `true` with this probability in percent.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of these.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }

    /// A fresh key.
    pub fn key(&mut self) -> String {
        format!("{:016x}{:016x}", self.number(), self.number())
    }
}
