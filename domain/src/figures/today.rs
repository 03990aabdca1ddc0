// SPDX-License-Identifier: EUPL-1.2
//! The figures of the current day, as a desk knows them: the sum of the day's conversations that have left it, to which
//! those that have not are added when somebody looks.

use infocig_protocol::time::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{advisor_time::AdvisorTime, period::day_of, record::Record, rules::FigureRules, tally::Tally};

/// The tally of the conversations that entered on a day and have left the desk. Conversations belong to the day they entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Today {
    /// The day, in Italy.
    pub day: Date,
    /// The tally.
    pub tally: Tally,
}

impl Default for Today {
    fn default() -> Self {
        Self { day: Date::ZERO, tally: Tally::default() }
    }
}

impl Today {
    /// A conversation has left the desk at `now`.
    pub fn add(&mut self, record: &Record, rules: &FigureRules, now: Timestamp) {
        self.turn_to(now);
        if day_of(record.entered) == self.day {
            self.tally.add(&Tally::of(record, rules));
        }
    }

    /// Some of an advisor's time has passed.
    pub fn add_time(&mut self, time: &AdvisorTime, now: Timestamp) {
        self.turn_to(now);
        if time.day == self.day {
            self.tally.add(&Tally::of_time(time));
        }
    }

    /// The tally of the day of `now`: the conversations that have left, and those still there.
    pub fn with<'r>(
        &self,
        there: impl Iterator<Item = &'r Record>,
        rules: &FigureRules,
        now: Timestamp,
    ) -> Tally {
        let mut today = self.clone();
        today.turn_to(now);
        there.for_each(|record| today.add(record, rules, now));
        today.tally
    }

    fn turn_to(&mut self, now: Timestamp) {
        let day = day_of(now);
        if self.day != day {
            *self = Self { day, tally: Tally::default() };
        }
    }
}
