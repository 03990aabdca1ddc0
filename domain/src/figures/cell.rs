// SPDX-License-Identifier: EUPL-1.2
//! Cells of reports: a record counts in one cell of each dimension, for its day, its month and its year.

use jiff::civil::Date;

use infocig_protocol::{figures::Dimension, id::QueueId};

use super::{
    period::{day_of, hour_of},
    record::Record,
};

/// A cell, its period aside: a queue, a dimension and a value of that dimension.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// The queue.
    pub queue: QueueId,
    /// The dimension.
    pub dimension: Dimension,
    /// The value as it is stored; [`UNKNOWN`] where the record has none.
    pub value: String,
}

/// The value of a dimension that a record says nothing about.
pub const UNKNOWN: &str = "-";

/// The only value of [`Dimension::All`].
pub const ALL: &str = "all";

impl Record {
    /// The day it is reported under: the day the person entered, in Italy.
    pub fn day(&self) -> Date {
        day_of(self.entered)
    }

    /// The cells it counts in, of the sums of a queue it has been in.
    pub fn cells(&self, queue: &QueueId) -> Vec<Cell> {
        let cell = |dimension: Dimension| Cell {
            queue: queue.clone(),
            dimension,
            value: self.value_of(dimension).unwrap_or_else(|| UNKNOWN.into()),
        };
        Dimension::ALL.into_iter().filter(|dimension| *dimension != Dimension::Refusal).map(cell).collect()
    }

    fn value_of(&self, dimension: Dimension) -> Option<String> {
        match dimension {
            Dimension::All => Some(ALL.into()),
            Dimension::Hour => Some(format!("{:02}", hour_of(self.entered))),
            Dimension::Category => Some(self.category.as_str().into()),
            Dimension::Province => Some(self.province.clone()),
            Dimension::EntryPoint => self.entry_point.map(|entry| entry.as_str().into()),
            Dimension::Language => Some(self.language.as_str().into()),
            Dimension::Topic => self.topic.as_ref().map(|topic| topic.join("/")),
            Dimension::Outcome => self.outcome.map(|outcome| outcome.as_str().into()),
            Dimension::Advisor => self.advisor.as_ref().map(|advisor| advisor.as_str().into()),
            Dimension::Refusal => None,
        }
    }
}
