// SPDX-License-Identifier: EUPL-1.2
//! Places in the queue and how long they take, from what the desk has seen.
//!
//! - A place takes up an advisor for the time *on test* of the conversations seen, divided by how many ended: ages of those
//!   still going count, so that a morning of short ones does not promise short waits (the estimator of life tests with
//!   right-censored, exponential times).
//! - The wait of the n-th is the n-th of such endings among all places open now: a gamma distribution. The range leaves out a
//!   tenth at either end (Wilson and Hilferty's approximation), is wider the less was seen, and is widened to a ladder of
//!   round minutes.
//! - No estimate is given until enough conversations have ended, nor while no advisor is available.

use infocig_protocol::{
    frame::{Estimate, QueuePlace},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// Statistics of places taken and freed. The older half counts half.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceTimeStats {
    /// When places were last announced to everybody who waits.
    #[serde(alias = "told_at")]
    pub announced_at: Timestamp,
    /// Places taken now.
    pub places: u32,
    /// Since when so many are.
    pub counted_at: Timestamp,
    /// For how long places were taken until then, all together, in milliseconds.
    pub taken_ms: i64,
    /// How many conversations freed theirs by ending.
    pub ended: u32,
}

impl Default for ServiceTimeStats {
    fn default() -> Self {
        let never = Timestamp::from_millis(0);
        Self { announced_at: never, places: 0, counted_at: never, taken_ms: 0, ended: 0 }
    }
}

impl ServiceTimeStats {
    /// From now on so many places are taken, and so many conversations have just ended.
    pub(super) fn count(&mut self, places: u32, ended: u32, now: Timestamp) {
        if places == self.places && ended == 0 {
            return;
        }
        self.taken_ms = self.taken_by(now);
        self.counted_at = now;
        self.places = places;
        self.ended += ended;
        while self.ended >= 2 * REMEMBERED {
            self.ended /= 2;
            self.taken_ms /= 2;
        }
    }

    /// For how long a conversation takes up a place, in milliseconds; `None` until enough have ended.
    pub fn place_ms(&self, now: Timestamp) -> Option<i64> {
        if self.ended < ENOUGH { None } else { Some(self.taken_by(now) / i64::from(self.ended)) }
    }

    fn taken_by(&self, now: Timestamp) -> i64 {
        let lately = now.as_millis().saturating_sub(self.counted_at.as_millis()).max(0);
        self.taken_ms.saturating_add(lately.saturating_mul(i64::from(self.places)))
    }
}

/// The capacity of a queue's advisors for people who wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prospect {
    /// Places of advisors who take more, taken or not.
    pub capacity: u32,
    /// Of these, places not taken.
    pub free: u32,
    /// For how long a conversation takes up a place, in milliseconds, where that is known.
    pub place_ms: Option<i64>,
    /// How many endings that rests on.
    pub seen: u32,
}

impl Prospect {
    /// How long the person at a position, from 1, waits on average, in milliseconds.
    pub fn mean_ms(&self, position: u32) -> Option<i64> {
        if self.capacity == 0 {
            return None;
        }
        let ahead = position.saturating_sub(self.free);
        if ahead == 0 {
            return Some(0);
        }
        Some(self.place_ms?.saturating_mul(i64::from(ahead)) / i64::from(self.capacity))
    }

    /// The place announced to the person at a position in their queue, and at one among all who take up its advisors.
    pub fn place(&self, position: u32, among_all: u32) -> QueuePlace {
        QueuePlace { position: rounded(position), estimate: self.estimate(among_all), notice: String::new() }
    }

    fn estimate(&self, position: u32) -> Estimate {
        let Some(mean_ms) = self.mean_ms(position) else { return Estimate::Unknown {} };
        if mean_ms == 0 {
            return Estimate::Minutes { from: 0, to: 1 };
        }
        let ahead = f64::from(position.saturating_sub(self.free));
        let seen = f64::from(self.seen.max(1));
        let shape = ahead * seen / (ahead + seen);
        let seconds = f64::from(u32::try_from(mean_ms / 1_000).unwrap_or(u32::MAX));
        let quantile = |z: f64| {
            let root = 1.0 - 1.0 / (9.0 * shape) + z / (3.0 * shape.sqrt());
            seconds / 60.0 * root.max(0.0).powi(3)
        };
        let (low, high) = (quantile(-TENTH), quantile(TENTH));
        let from = LADDER.iter().rev().find(|minutes| f64::from(**minutes) <= low);
        match (from, LADDER.iter().find(|minutes| f64::from(**minutes) >= high)) {
            (Some(from), Some(to)) => Estimate::Minutes { from: *from, to: *to },
            (None, _) | (_, None) => Estimate::Unknown {},
        }
    }
}

/// Whether a place differs so much from the one announced last that it must be announced.
pub(super) fn is_news(before: &QueuePlace, place: &QueuePlace) -> bool {
    before.position != place.position
        || before.notice != place.notice
        || match (before.estimate, place.estimate) {
            (Estimate::Unknown {}, Estimate::Unknown {}) => false,
            (Estimate::Unknown {}, Estimate::Minutes { .. })
            | (Estimate::Minutes { .. }, Estimate::Unknown {}) => true,
            (Estimate::Minutes { to: before, .. }, Estimate::Minutes { to, .. }) => {
                rung(before).abs_diff(rung(to)) > 1
            }
        }
}

fn rung(minutes: u16) -> usize {
    LADDER.partition_point(|rung| *rung < minutes)
}

/// Exact up to ten, then rounded up to 5, 10, 50, 100, 500: about as precise as people read it, and a number that changes a few
/// dozen times on the way to the front, however long the queue.
fn rounded(position: u32) -> u32 {
    let step = match position {
        0..=10 => 1,
        11..=50 => 5,
        51..=100 => 10,
        101..=500 => 50,
        501..=1_000 => 100,
        _ => 500,
    };
    position.div_ceil(step).saturating_mul(step)
}

/// So many endings must have been seen before an estimate is given.
const ENOUGH: u32 = 5;
/// The number of endings that are remembered: between this many and twice as many of the newest.
const REMEMBERED: u32 = 40;
/// The normal quantile that leaves out a tenth.
const TENTH: f64 = 1.281_6;
/// The minutes an estimate can have.
const LADDER: [u16; 18] = [0, 1, 2, 3, 5, 8, 10, 15, 20, 25, 30, 40, 50, 60, 75, 90, 120, 180];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_conversation_counts_in_the_time_a_place_is_taken() {
        let mut service_times = ServiceTimeStats::default();
        service_times.count(10, 0, at(0));
        assert_eq!(service_times.place_ms(at(5)), None);

        service_times.count(5, 5, at(6));
        assert_eq!(service_times.place_ms(at(6)), Some(12 * 60_000));
        assert_eq!(service_times.place_ms(at(12)), Some(18 * 60_000));
    }

    #[test]
    fn old_conversations_fade() {
        let mut service_times = ServiceTimeStats::default();
        for n in 0..100 {
            service_times.count(1, 1, at(n));
        }
        for n in 0..400 {
            service_times.count(1, 1, at(100 + 10 * n));
        }
        let minutes = service_times.place_ms(at(4_090)).unwrap_or_default() / 60_000;
        assert!((9..=10).contains(&minutes), "{minutes}");
    }

    #[test]
    fn a_wait_nobody_can_know_is_said_to_be_unknown() {
        let unknown = Estimate::Unknown {};
        assert_eq!(prospect(0, 0, Some(600_000)).place(1, 1).estimate, unknown);
        assert_eq!(prospect(9, 0, None).place(1, 1).estimate, unknown);
        assert_eq!(prospect(9, 2, None).place(2, 2).estimate, Estimate::Minutes { from: 0, to: 1 });
        assert_eq!(
            prospect(1, 0, Some(3_600_000)).place(100, 100).estimate,
            unknown,
            "more than three hours"
        );
    }

    #[test]
    fn a_range_is_relatively_narrower_the_more_must_end_first() {
        let width = |position| match prospect(12, 0, Some(12 * 60_000)).place(position, position).estimate {
            Estimate::Minutes { from, to } => f64::from(to) / f64::from(from.max(1)),
            Estimate::Unknown {} => panic!("unknown"),
        };
        assert!(width(60) < width(10) && width(10) < width(2));
    }

    #[test]
    fn far_back_a_position_is_rounded_up() {
        let shown = [1, 10, 11, 50, 51, 101, 999, 1_001].map(rounded);
        assert_eq!(shown, [1, 10, 15, 50, 60, 150, 1_000, 1_500]);
    }

    fn prospect(capacity: u32, free: u32, place_ms: Option<i64>) -> Prospect {
        Prospect { capacity, free, place_ms, seen: 40 }
    }

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_millis(minutes * 60_000)
    }
}
