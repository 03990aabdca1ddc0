// SPDX-License-Identifier: EUPL-1.2
//! The figures of the current day of one queue, as its desk knows them: the sum of the day's conversations that have left the
//! desk, to which those that have not are added when somebody looks.

use infocig_protocol::time::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{advisor_time::AdvisorTime, period::day_of, tally::Tally};

/// The tally of the conversations that entered on a day and have left the desk. Conversations belong to the day they entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Today {
    /// The day, in Italy.
    pub day: Date,
    /// The tally.
    pub tally: Tally,
    /// When the last advisor of the queue left the desk, on whichever day; absent while one is there, and before the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<Timestamp>,
}

impl Default for Today {
    fn default() -> Self {
        Self { day: Date::ZERO, tally: Tally::default(), left: None }
    }
}

impl Today {
    /// A conversation that entered at `entered` has left the desk at `now`, with this tally in the queue.
    pub fn add(&mut self, entered: Timestamp, tally: &Tally, now: Timestamp) {
        self.turn_to(now);
        if day_of(entered) == self.day {
            self.tally.add(tally);
        }
    }

    /// Some of an advisor's time has passed.
    pub fn add_time(&mut self, time: &AdvisorTime, now: Timestamp) {
        self.turn_to(now);
        if time.day == self.day {
            self.tally.add(&Tally::of_time(time));
        }
    }

    /// The tally of the day of `now`, of the conversations that have left.
    pub fn at(&self, now: Timestamp) -> Tally {
        if self.day == day_of(now) { self.tally.clone() } else { Tally::default() }
    }

    fn turn_to(&mut self, now: Timestamp) {
        let day = day_of(now);
        if self.day != day {
            (self.day, self.tally) = (day, Tally::default());
        }
    }
}
