// SPDX-License-Identifier: EUPL-1.2
//! How advisors' time passes, for occupancy. Spans are cut at midnight in Italy, so that the sums of days are exact.

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivitySpan {
    /// The activity.
    pub activity: Activity,
    /// Since when.
    pub since: Timestamp,
}

/// Time of one advisor on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdvisorTime {
    /// The queue whose desk they were at.
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
    /// The time from the beginning of the span to `until`, day by day.
    pub fn until(self, until: Timestamp, queue: &QueueId, advisor: &AdvisorId) -> Vec<AdvisorTime> {
        let mut days = Vec::new();
        let mut from = self.since;
        while from < until {
            let day = day_of(from);
            let midnight = day.tomorrow().ok().and_then(first_instant).filter(|midnight| *midnight > from);
            let to = midnight.map_or(until, |midnight| midnight.min(until));
            let millis = to.as_millis().saturating_sub(from.as_millis());
            let (on_contact_ms, idle_ms) = match self.activity {
                Activity::OnContact => (millis, 0),
                Activity::Idle => (0, millis),
            };
            let (queue, advisor) = (queue.clone(), advisor.clone());
            days.push(AdvisorTime { queue, advisor, day, on_contact_ms, idle_ms });
            from = to;
        }
        days
    }
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
            let span = ActivitySpan { activity: Activity::Idle, since: at(from) };
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
}
