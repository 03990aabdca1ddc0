// SPDX-License-Identifier: EUPL-1.2
//! The days of a report. Weeks begin on Monday.

use infocig_client::dates::Day;

/// The first and the last day of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    pub from: Day,
    pub to: Day,
}

impl Days {
    /// The number of days.
    pub fn number(self) -> i64 {
        self.to.days_after(self.from) + 1
    }

    /// As many days before the first.
    #[must_use]
    pub fn before(self) -> Self {
        Self { from: self.from.plus_days(-self.number()), to: self.from.plus_days(-1) }
    }
}

/// A range by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    Today,
    /// From Monday to today.
    ThisWeek,
    /// From the first of the month to today.
    ThisMonth,
    LastMonth,
    /// From a day to a day.
    Range,
}

impl Period {
    pub const ALL: [Self; 5] = [Self::Today, Self::ThisWeek, Self::ThisMonth, Self::LastMonth, Self::Range];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::ThisWeek => "this_week",
            Self::ThisMonth => "this_month",
            Self::LastMonth => "last_month",
            Self::Range => "range",
        }
    }

    /// Reads the stable name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|period| period.as_str() == name)
    }
}

/// The chosen period, with the days of the two fields as they were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodChoice {
    pub period: Period,
    /// `2026-11-30`, or empty.
    pub from: String,
    pub to: String,
}

impl Default for PeriodChoice {
    fn default() -> Self {
        Self { period: Period::ThisWeek, from: String::new(), to: String::new() }
    }
}

/// The reason why two days are no range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangeError {
    Missing,
    /// The first day is after the last.
    Backwards,
    /// More than [`MOST_DAYS`].
    TooLong,
}

impl PeriodChoice {
    /// The days, if today is this one.
    pub fn days(&self, today: Day) -> Result<Days, RangeError> {
        let first = today.first_of_month();
        Ok(match self.period {
            Period::Today => Days { from: today, to: today },
            Period::ThisWeek => Days { from: today.monday(), to: today },
            Period::ThisMonth => Days { from: first, to: today },
            Period::LastMonth => {
                let to = first.plus_days(-1);
                Days { from: to.first_of_month(), to }
            }
            Period::Range => return range(&self.from, &self.to),
        })
    }

    /// Chooses another period. A range begins with the days that were chosen before.
    pub fn choose(&mut self, period: Period, today: Day) {
        if let (Period::Range, Ok(days)) = (period, self.days(today)) {
            (self.from, self.to) = (days.from.iso(), days.to.iso());
        }
        self.period = period;
    }
}

fn range(from: &str, to: &str) -> Result<Days, RangeError> {
    let (Some(from), Some(to)) = (Day::parse(from), Day::parse(to)) else { return Err(RangeError::Missing) };
    let days = Days { from, to };
    match days.number() {
        ..1 => Err(RangeError::Backwards),
        1..=MOST_DAYS => Ok(days),
        _ => Err(RangeError::TooLong),
    }
}

/// The service answers for twenty years at most, and the range before is asked for as well.
const MOST_DAYS: i64 = 7_305;
