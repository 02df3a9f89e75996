//! Makes repeatable random numbers by SplitMix64, which needs no crate and is the same on every machine.

/// A stream of numbers that its seed decides.
pub struct Random(u64);

impl Random {
    /// The stream of one schedule of one campaign.
    pub fn of_schedule(seed: u64, schedule: u64) -> Self {
        let mut mixed = Self(seed);
        let start = mixed.number();
        Self(start ^ schedule.wrapping_mul(0xD1B5_4A32_D192_ED03))
    }

    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
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

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }

    /// A fresh key.
    pub fn key(&mut self) -> String {
        format!("{:016x}{:016x}", self.number(), self.number())
    }
}
