// SPDX-License-Identifier: EUPL-1.2
//! Lengths of time, counted in buckets, so that percentiles can be had of sums.
//!
//! A length is counted in whole seconds. Up to 63 s each second is a bucket of its own; beyond, each doubling is cut into 32
//! equal buckets. A percentile is the lower bound of its bucket: exact up to 63 s, at most 1/32 (3.1 %) too short beyond.

use std::collections::BTreeMap;

use infocig_protocol::figures::Percentiles;
use serde::{Deserialize, Serialize};

/// How often each length occurred, by bucket. Adding and subtracting are exact inverses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Histogram(BTreeMap<u16, i64>);

/// Buckets for each doubling beyond the first two times as many.
const PER_DOUBLING: u64 = 32;

impl Histogram {
    /// Counts a length of so many milliseconds.
    pub fn count(&mut self, millis: i64) {
        self.change(bucket(millis), 1);
    }

    /// Adds another histogram, `sign` times.
    pub fn add(&mut self, other: &Self, sign: i64) {
        for (bucket, count) in &other.0 {
            self.change(*bucket, sign * count);
        }
    }

    /// How many lengths were counted.
    pub fn n(&self) -> u64 {
        self.0.values().copied().map(count).sum()
    }

    /// How many lengths are shorter than so many seconds: exact up to 64 s, and beyond for the begin of a bucket; else those of the
    /// bucket it is in count too.
    pub fn n_below(&self, seconds: u64) -> u64 {
        self.0.iter().filter(|(bucket, _)| lower_bound(**bucket) < seconds).map(|(_, n)| count(*n)).sum()
    }

    /// The sum of the lengths in seconds, each counted as the lower bound of its bucket.
    pub fn sum_s(&self) -> u64 {
        self.0.iter().fold(0, |sum: u64, (bucket, n)| {
            sum.saturating_add(lower_bound(*bucket).saturating_mul(count(*n)))
        })
    }

    /// Whether none was.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The median, the ninth decile and the longest, by nearest rank; `None` if nothing was counted.
    pub fn percentiles(&self) -> Option<Percentiles> {
        let longest = *self.0.last_key_value()?.0;
        Some(Percentiles {
            n: self.n(),
            p50_s: self.rank(50)?,
            p90_s: self.rank(90)?,
            longest_s: lower_bound(longest),
        })
    }

    /// The shortest length in seconds that at least `percent` of the lengths do not exceed.
    fn rank(&self, percent: u64) -> Option<u64> {
        let rank = (self.n() * percent).div_ceil(100).max(1);
        let mut seen = 0;
        self.0.iter().find_map(|(bucket, n)| {
            seen += count(*n);
            (seen >= rank).then(|| lower_bound(*bucket))
        })
    }

    /// The buckets in use, in order, and how often each occurred.
    pub(super) fn buckets(&self) -> impl Iterator<Item = (u16, i64)> {
        self.0.iter().map(|(bucket, times)| (*bucket, *times))
    }

    pub(super) fn change(&mut self, bucket: u16, by: i64) {
        let n = self.0.entry(bucket).or_default();
        *n = n.saturating_add(by);
        if *n == 0 {
            self.0.remove(&bucket);
        }
    }
}

fn count(n: i64) -> u64 {
    u64::try_from(n).unwrap_or_default()
}

fn bucket(millis: i64) -> u16 {
    let seconds = u64::try_from(millis / 1_000).unwrap_or_default();
    let doublings = seconds.checked_ilog2().unwrap_or_default().saturating_sub(PER_DOUBLING.ilog2());
    let within = seconds >> doublings;
    u16::try_from(u64::from(doublings) * PER_DOUBLING + within).unwrap_or(u16::MAX)
}

fn lower_bound(bucket: u16) -> u64 {
    let bucket = u64::from(bucket);
    if bucket < 2 * PER_DOUBLING {
        return bucket;
    }
    let doublings = bucket / PER_DOUBLING - 1;
    (bucket % PER_DOUBLING + PER_DOUBLING) << doublings.min(58)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_begins_at_most_a_32nd_below_its_lengths() {
        for seconds in (0..200_000).chain([86_400 * 365, 4_000_000_000]) {
            let lower = lower_bound(bucket(i64::try_from(seconds * 1_000 + 999).unwrap()));
            assert!(lower <= seconds && (seconds - lower) * PER_DOUBLING <= seconds, "{seconds}: {lower}");
            assert!(seconds > 63 || lower == seconds);
        }
    }

    #[test]
    fn percentiles_are_the_nearest_rank_and_say_of_how_many() {
        let mut lengths = Histogram::default();
        assert_eq!(lengths.percentiles(), None);
        (1..=10).for_each(|seconds| lengths.count(seconds * 1_000));
        let expected = Percentiles { n: 10, p50_s: 5, p90_s: 9, longest_s: 10 };
        assert_eq!(lengths.percentiles(), Some(expected));
    }

    #[test]
    fn lengths_below_a_bound_are_counted_and_added_up() {
        let mut lengths = Histogram::default();
        for millis in [0, 14_999, 15_000, 59_999, 300_000, 900_000] {
            lengths.count(millis);
        }
        let below: Vec<u64> =
            [0, 1, 15, 16, 60, 300, 301, 3_600].map(|seconds| lengths.n_below(seconds)).into();
        assert_eq!(below, [0, 1, 2, 3, 4, 5, 5, 6], "300 s lie in the bucket from 296 s");
        assert_eq!(lengths.sum_s(), 14 + 15 + 59 + 296 + 896);
    }

    #[test]
    fn subtracting_gives_back_the_histogram_of_before() {
        let mut one = Histogram::default();
        one.count(5_000);
        let mut two = one.clone();
        let other = Histogram([(3, 2), (5, 1)].into());
        two.add(&other, 1);
        assert_eq!(two.n(), 4);
        two.add(&other, -1);
        assert_eq!(two, one);
    }
}
