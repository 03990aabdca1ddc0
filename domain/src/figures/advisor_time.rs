// SPDX-License-Identifier: EUPL-1.2
//! How advisors' time passes, for occupancy. Spans are cut at midnight in Italy, so that the sums of days are exact. Time that
//! belongs to several queues is split evenly among them, so that the sums of queues are exact too.

use infocig_protocol::{
    figures::Dimension,
    id::{AdvisorId, QueueId},
    time::Timestamp,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    cell::{ALL, Cell},
    period::{day_of, first_instant},
};

/// The activity of an advisor at an instant, for occupancy. An advisor who is not available and has no assignment has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    /// At least one conversation is held or wrapped up by them.
    OnContact,
    /// None is, and they are available.
    Idle,
}

/// A span of an advisor's time that is not over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivitySpan {
    /// The activity.
    pub activity: Activity,
    /// Since when.
    pub since: Timestamp,
    /// The queues it belongs to, each once, in order: those of the conversations on contact, or those the idle advisor belongs
    /// to. Empty for the queue of a desk that has one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub queues: Vec<QueueId>,
}

/// Time of one advisor on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdvisorTime {
    /// The queue it counts for.
    pub queue: QueueId,
    /// The advisor.
    pub advisor: AdvisorId,
    /// The day, in Italy.
    pub day: Date,
    /// Time with at least one conversation, in milliseconds.
    pub on_contact_ms: i64,
    /// Time available without any, in milliseconds.
    pub idle_ms: i64,
}

impl AdvisorTime {
    /// The cells it counts in: the whole queue's and the advisor's.
    pub fn cells(&self) -> [Cell; 2] {
        let cell =
            |dimension, value: &str| Cell { queue: self.queue.clone(), dimension, value: value.into() };
        [cell(Dimension::All, ALL), cell(Dimension::Advisor, self.advisor.as_str())]
    }
}

impl ActivitySpan {
    /// The time from the beginning of the span to `until`, day by day, and of each day queue by queue; of `only` where the span
    /// names no queue.
    pub fn until(&self, until: Timestamp, only: &QueueId, advisor: &AdvisorId) -> Vec<AdvisorTime> {
        let queues = if self.queues.is_empty() { std::slice::from_ref(only) } else { &self.queues };
        let mut days = Vec::new();
        let mut from = self.since;
        while from < until {
            let day = day_of(from);
            let midnight = day.tomorrow().ok().and_then(first_instant).filter(|midnight| *midnight > from);
            let to = midnight.map_or(until, |midnight| midnight.min(until));
            for (queue, millis) in queues.iter().zip(shares(from, to, queues.len())) {
                let (on_contact_ms, idle_ms) = match self.activity {
                    Activity::OnContact => (millis, 0),
                    Activity::Idle => (0, millis),
                };
                let (queue, advisor) = (queue.clone(), advisor.clone());
                days.push(AdvisorTime { queue, advisor, day, on_contact_ms, idle_ms });
            }
            from = to;
        }
        days
    }
}

/// The milliseconds of a span for each of so many: every one goes to the next in turn, by the clock, so that the shares of a span
/// are those of its parts.
fn shares(from: Timestamp, to: Timestamp, parts: usize) -> impl Iterator<Item = i64> {
    let parts = i64::try_from(parts).unwrap_or(i64::MAX).max(1);
    // The milliseconds before an instant whose turn it is.
    let before = move |at: Timestamp, turn: i64| (at.as_millis() - turn + parts - 1).div_euclid(parts);
    (0..parts).map(move |turn| before(to, turn) - before(from, turn))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_span_is_cut_at_midnight_and_a_day_with_a_clock_change_is_as_long_as_it_is() {
        let at = |text: &str| {
            let instant: jiff::Timestamp = text.parse().unwrap();
            Timestamp::from_millis(instant.as_millisecond())
        };
        let hours = |from, to| {
            let span = ActivitySpan { activity: Activity::Idle, since: at(from), queues: Vec::new() };
            let queue = QueueId::parse("info-cig").unwrap();
            let days = span.until(at(to), &queue, &AdvisorId::parse("adv-1").unwrap());
            days.into_iter().map(|time| (time.day, time.idle_ms / 3_600_000)).collect::<Vec<_>>()
        };
        let october = hours("2026-10-24T21:00:00Z", "2026-10-26T00:00:00Z");
        assert_eq!(october, [(date(2026, 10, 24), 1), (date(2026, 10, 25), 25), (date(2026, 10, 26), 1)]);
        let march = hours("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z");
        assert_eq!(march, [(date(2026, 3, 29), 23)]);
        assert_eq!(hours("2026-03-28T23:00:00Z", "2026-03-28T22:00:00Z"), [], "a clock that was set back");
    }
    #[test]
    fn time_of_several_queues_is_split_evenly_and_the_shares_of_its_parts_add_up() {
        let queues: Vec<QueueId> = ["a", "b", "c"].map(|id| QueueId::parse(id).unwrap()).into();
        let advisor = AdvisorId::parse("adv-1").unwrap();
        let shares = |from: i64, to: i64| {
            let since = Timestamp::from_millis(from);
            let span = ActivitySpan { activity: Activity::OnContact, since, queues: queues.clone() };
            let times = span.until(Timestamp::from_millis(to), &queues[0], &advisor);
            times.into_iter().map(|time| time.on_contact_ms).collect::<Vec<_>>()
        };
        for (from, to) in [(1_000, 1_010), (7, 8), (59_999, 120_001)] {
            let whole = shares(from, to);
            assert_eq!(whole.iter().sum::<i64>(), to - from);
            assert!(whole.iter().all(|share| share.abs_diff((to - from) / 3) <= 1), "{whole:?}");
            for cut in from + 1..to.min(from + 20) {
                let parts = shares(from, cut).into_iter().zip(shares(cut, to));
                assert_eq!(parts.map(|(a, b)| a + b).collect::<Vec<_>>(), whole, "cut at {cut}");
            }
        }
    }
}
