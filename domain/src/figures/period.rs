// SPDX-License-Identifier: EUPL-1.2
//! Days of Italy, and the fewest days, months and years that make up a range of them.

use std::ops::Range;

use infocig_protocol::time::Timestamp;
use jiff::civil::Date;

use crate::calendar::{Calendar, ZONE};

/// The civil day an instant belongs to in Italy: 23, 24 or 25 hours.
pub fn day_of(at: Timestamp) -> Date {
    civil(at).date()
}

/// The hour of the day an instant belongs to in Italy, 0 to 23. On the day in October the hour 2 lasts two hours.
pub fn hour_of(at: Timestamp) -> u8 {
    u8::try_from(civil(at).hour()).unwrap_or_default()
}

/// The first instant of a day in Italy.
pub fn first_instant(day: Date) -> Option<Timestamp> {
    Calendar::first_instant(day).map(|first| Timestamp::from_millis(first.as_millisecond()))
}

/// The instants of a day in Italy.
pub fn instants_of(day: Date) -> Range<Timestamp> {
    let first = |day| first_instant(day).unwrap_or(Timestamp::from_millis(i64::MAX));
    first(day)..first(day.tomorrow().unwrap_or(Date::MAX))
}

fn civil(at: Timestamp) -> jiff::civil::DateTime {
    let at = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or_default();
    ZONE.to_datetime(at)
}

/// A day, a month or a year. Ordered and stored by its text: `2026-11-30`, `2026-11`, `2026`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Period {
    /// A day.
    Day(Date),
    /// The month that begins with this day.
    Month(Date),
    /// The year that begins with this day.
    Year(Date),
}

impl Period {
    /// The three periods a day belongs to.
    pub fn of(day: Date) -> [Self; 3] {
        [Self::Day(day), Self::Month(day.first_of_month()), Self::Year(day.first_of_year())]
    }

    /// Its first day, and the first day after it.
    pub fn bounds(self) -> (Date, Date) {
        match self {
            Self::Day(day) => (day, day.tomorrow().unwrap_or(Date::MAX)),
            Self::Month(first) => (first, first.last_of_month().tomorrow().unwrap_or(Date::MAX)),
            Self::Year(first) => (first, first.last_of_year().tomorrow().unwrap_or(Date::MAX)),
        }
    }

    /// The fewest periods that make up the days from `from` to before `to`, in order.
    pub fn cover(from: Date, to: Date) -> Vec<Self> {
        let mut periods = Vec::new();
        let mut at = from;
        while at < to {
            let widest = Self::of(at).into_iter().rev().find(|period| {
                let (begins, ends) = period.bounds();
                begins == at && ends <= to
            });
            let period = widest.unwrap_or(Self::Day(at));
            periods.push(period);
            let (_, next) = period.bounds();
            if next <= at {
                break;
            }
            at = next;
        }
        periods
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{day}"),
            Self::Month(day) => write!(f, "{:04}-{:02}", day.year(), day.month()),
            Self::Year(day) => write!(f, "{:04}", day.year()),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_day_and_an_hour_are_those_of_italy_across_both_clock_changes() {
        let at = |text: &str| {
            let instant: jiff::Timestamp = text.parse().unwrap();
            let at = Timestamp::from_millis(instant.as_millisecond());
            (day_of(at), hour_of(at))
        };
        // 29 March 2026: two o'clock does not exist. 25 October 2026: it comes twice.
        assert_eq!(at("2026-03-28T23:00:00Z"), (date(2026, 3, 29), 0));
        assert_eq!(at("2026-03-29T00:59:59Z"), (date(2026, 3, 29), 1));
        assert_eq!(at("2026-03-29T01:00:00Z"), (date(2026, 3, 29), 3));
        assert_eq!(at("2026-03-29T22:00:00Z"), (date(2026, 3, 30), 0));
        assert_eq!(at("2026-10-25T00:30:00Z"), (date(2026, 10, 25), 2));
        assert_eq!(at("2026-10-25T01:30:00Z"), (date(2026, 10, 25), 2));
        assert_eq!(at("2026-10-25T22:59:59Z"), (date(2026, 10, 25), 23));
        assert_eq!(at("2026-10-25T23:00:00Z"), (date(2026, 10, 26), 0));
    }

    #[test]
    fn a_range_is_made_of_the_widest_periods_inside_it() {
        let cover = Period::cover(date(2024, 12, 30), date(2026, 2, 2));
        let words: Vec<String> = cover.iter().map(ToString::to_string).collect();
        assert_eq!(words, ["2024-12-30", "2024-12-31", "2025", "2026-01", "2026-02-01"]);
        assert_eq!(Period::cover(date(2026, 1, 2), date(2026, 1, 2)), []);
    }

    proptest! {
        #[test]
        fn periods_of_a_range_follow_each_other_without_gap(start in 0_i32..5_000, days in 0_i32..2_000) {
            let from = date(2020, 1, 1).checked_add(jiff::Span::new().days(start)).unwrap();
            let to = from.checked_add(jiff::Span::new().days(days)).unwrap();
            let mut at = from;
            for period in Period::cover(from, to) {
                prop_assert_eq!(period.bounds().0, at);
                at = period.bounds().1;
            }
            prop_assert_eq!(at, to);
            prop_assert!(Period::cover(from, to).len() < 90);
        }
    }
}
