// SPDX-License-Identifier: EUPL-1.2
//! Reproducible randomness: a seeded sequence (`SplitMix64`) and the distributions the simulation needs.

use std::time::Duration;

/// A pseudo-random sequence.
#[derive(Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    /// The sequence of a seed.
    pub(crate) fn new(seed: u32) -> Self {
        Self(u64::from(seed).wrapping_mul(0xd134_2543_de82_ef95))
    }

    /// Uniform between 0 and 1, both excluded.
    pub(crate) fn share(&mut self) -> f64 {
        let high = u32::try_from(self.next() >> 32).unwrap_or(u32::MAX);
        (f64::from(high) + 0.5) / 4_294_967_296.0
    }

    /// True with this probability.
    pub(crate) fn happens(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    /// Exponentially distributed milliseconds with this mean.
    pub(crate) fn exponential_ms(&mut self, mean_ms: f64) -> i64 {
        millis(-mean_ms * self.share().ln())
    }

    /// Uniform between two numbers of milliseconds.
    pub(crate) fn between_ms(&mut self, from: f64, to: f64) -> i64 {
        millis(from + (to - from) * self.share())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

fn millis(amount: f64) -> i64 {
    i64::try_from(Duration::from_secs_f64(amount.max(0.0) / 1_000.0).as_millis()).unwrap_or(i64::MAX)
}
