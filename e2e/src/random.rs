// SPDX-License-Identifier: EUPL-1.2
//! Reproducible random numbers: the same seed gives the same sequence.

use std::{ops::Range, time::Duration};

use crate::error::{Error, While};

/// The variable that chooses the seed of tests that draw random numbers.
pub const VARIABLE: &str = "INFOCIG_SEED";

/// A pseudo-random sequence (`SplitMix64`).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The sequence of a seed.
    pub fn of(seed: u64) -> Self {
        Self(seed)
    }

    /// A fresh seed.
    pub fn seed() -> u64 {
        use std::hash::{BuildHasher, RandomState};
        RandomState::new().hash_one(0)
    }

    /// The seed of a test: the one in [`VARIABLE`], or a fresh one. It is printed, so that a failed run can
    /// be repeated.
    pub fn seed_of_this_run() -> Result<u64, Error> {
        let seed = match std::env::var(VARIABLE) {
            Ok(chosen) => chosen.parse().while_doing(format_args!("reading {VARIABLE}={chosen}"))?,
            Err(_) => Self::seed(),
        };
        #[expect(clippy::print_stderr, reason = "the test harness shows it with the test that failed")]
        {
            eprintln!("{VARIABLE}={seed} runs this again");
        }
        Ok(seed)
    }

    /// An independent sequence for one of several concurrent tasks.
    #[must_use]
    pub fn fork(seed: u64, which: u64) -> Self {
        Self(Self(seed ^ which.wrapping_mul(0xA076_1D64_78BD_642F)).any())
    }

    /// Any number.
    pub fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number of a non-empty range.
    pub fn within(&mut self, range: Range<u64>) -> u64 {
        range.start + self.any() % (range.end - range.start).max(1)
    }

    /// A number of milliseconds of a range.
    pub fn millis(&mut self, range: Range<u64>) -> Duration {
        Duration::from_millis(self.within(range))
    }

    /// True with probability 1/`times`.
    pub fn one_in(&mut self, times: u64) -> bool {
        self.within(0..times) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_numbers_again() {
        let numbers = |seed| {
            let mut random = Random::of(seed);
            (0..8).map(|_| random.within(3..9)).collect::<Vec<_>>()
        };

        assert_eq!(numbers(7), numbers(7));
        assert_ne!(numbers(7), numbers(8));
        assert!(numbers(7).iter().all(|number| (3..9).contains(number)));
    }
}
