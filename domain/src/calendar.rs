// SPDX-License-Identifier: EUPL-1.2
//! Opening hours: whether somebody is at the desk at an instant, until when, and when they are back.
//!
//! Rules are civil times of Europe/Rome; answers are instants. An interval is half-open: 15:00:00 is open, 18:00:00 is
//! closed. Nothing here reads a clock.

use infocig_protocol::{language::Language, person::Category};
use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};

use crate::{
    policy::{Closure, Holiday, HolidayDay, Policy, Wording},
    province::Province,
};

/// The zone of every civil time in the policy.
pub const ZONE: TimeZone = jiff::tz::get!("Europe/Rome");

/// How many days ahead it is worth looking: what does not change in so many is not going to change by itself.
pub(crate) const HORIZON_DAYS: u32 = 400;

/// A stretch of opening hours, from its first instant to the first one after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Interval {
    /// Open from here.
    pub opens: Timestamp,
    /// Closed from here.
    pub closes: Timestamp,
}

impl Interval {
    /// Whether the instant lies inside.
    pub fn holds(&self, at: Timestamp) -> bool {
        self.opens <= at && at < self.closes
    }
}

/// Why nobody is at the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shut<'p> {
    /// It is not the hour, or not the day of the week.
    OutsideHours,
    /// The day is a holiday.
    Holiday(&'p Holiday),
    /// A closure was announced.
    Closure(&'p Closure),
}

/// The opening hours of one category in one province (or in none in particular).
#[derive(Clone, Copy, Debug)]
pub struct Calendar<'p> {
    policy: &'p Policy,
    category: Category,
    province: Option<Province>,
}

impl<'p> Calendar<'p> {
    /// The calendar that holds for a person. Without a province, holidays and closures of single
    /// provinces are left out.
    pub fn of(policy: &'p Policy, category: Category, province: Option<Province>) -> Self {
        Self { policy, category, province }
    }

    /// The day an instant belongs to in Italy.
    pub fn day(at: Timestamp) -> Date {
        ZONE.to_datetime(at).date()
    }

    /// The first instant of a day in Italy.
    pub fn first_instant(day: Date) -> Option<Timestamp> {
        ZONE.to_timestamp(day.at(0, 0, 0, 0)).ok()
    }

    /// The interval that holds an instant, or why there is none.
    pub fn at(&self, at: Timestamp) -> Result<Interval, Shut<'p>> {
        let day = Self::day(at);
        if let Some(interval) = self.intervals(day).into_iter().find(|interval| interval.holds(at)) {
            return Ok(self.joined(interval));
        }
        if self.weekly(day).is_empty() {
            return Err(Shut::OutsideHours);
        }
        if let Some(holiday) = self.holiday(day) {
            return Err(Shut::Holiday(holiday));
        }
        Err(self.closure(at).map_or(Shut::OutsideHours, Shut::Closure))
    }

    /// The rest of a day's opening hours after holidays and closures, in order, without overlaps.
    pub fn intervals(&self, day: Date) -> Vec<Interval> {
        if self.holiday(day).is_some() {
            return Vec::new();
        }
        let closures: Vec<Interval> =
            self.closures().filter_map(|c| interval_between(c.from, c.to)).collect();
        let mut open = self.weekly(day);
        for closure in closures {
            open = open.into_iter().flat_map(|interval| without(interval, closure)).collect();
        }
        open
    }

    /// The name of the holiday or the reason of the closure that takes hours of a day away, in Italian.
    pub fn shut_on(&self, day: Date) -> Option<String> {
        let weekly = self.weekly(day);
        if weekly.is_empty() {
            return None;
        }
        let in_italian = |wording: &Wording| wording.in_language(Language::It).to_string();
        if let Some(holiday) = self.holiday(day) {
            return Some(in_italian(&holiday.name));
        }
        let touches = |closure: &&Closure| {
            interval_between(closure.from, closure.to).is_some_and(|closed| {
                weekly.iter().any(|open| open.opens < closed.closes && closed.opens < open.closes)
            })
        };
        self.closures().find(touches).map(|closure| in_italian(&closure.reason))
    }

    /// The interval extended over midnight as long as the next day begins open.
    fn joined(&self, mut interval: Interval) -> Interval {
        for _ in 0..HORIZON_DAYS {
            let next = self
                .intervals(Self::day(interval.closes))
                .into_iter()
                .find(|next| next.opens == interval.closes);
            let Some(next) = next else { break };
            interval.closes = next.closes;
        }
        interval
    }

    /// The weekly pattern's intervals on a day, merged where they touch.
    fn weekly(&self, day: Date) -> Vec<Interval> {
        let mut intervals: Vec<Interval> = self
            .policy
            .hours
            .iter()
            .filter(|hours| {
                hours.categories.contains(&self.category) && hours.weekdays.contains(&day.weekday())
            })
            .filter_map(|hours| {
                let to = match hours.to {
                    Some(to) => day.to_datetime(to),
                    None => day.tomorrow().ok()?.at(0, 0, 0, 0),
                };
                interval_between(day.to_datetime(hours.from), to)
            })
            .collect();
        intervals.sort_unstable();
        let mut merged: Vec<Interval> = Vec::with_capacity(intervals.len());
        for interval in intervals {
            match merged.last_mut() {
                Some(last) if interval.opens <= last.closes => last.closes = last.closes.max(interval.closes),
                _ => merged.push(interval),
            }
        }
        merged
    }

    fn holiday(&self, day: Date) -> Option<&'p Holiday> {
        let holidays = self.policy.holidays.iter().filter(|holiday| falls_on(holiday, day));
        holidays.into_iter().find(|holiday| concerns(holiday.provinces.as_deref(), self.province))
    }

    fn closure(&self, at: Timestamp) -> Option<&'p Closure> {
        self.closures()
            .find(|closure| interval_between(closure.from, closure.to).is_some_and(|i| i.holds(at)))
    }

    fn closures(&self) -> impl Iterator<Item = &'p Closure> {
        let Self { policy, category, province } = *self;
        policy.closures.iter().filter(move |closure| {
            let concerns_category = closure.categories.as_ref().is_none_or(|list| list.contains(&category));
            concerns_category && concerns(closure.provinces.as_deref(), province)
        })
    }
}

/// Easter Sunday of a year (Gregorian computus, Meeus/Jones/Butcher). `None` outside the calendar's range.
pub fn easter_sunday(year: i16) -> Option<Date> {
    let year = i32::from(year);
    let (century, year_of_century) = (year.div_euclid(100), year.rem_euclid(100));
    let lunar_year = year.rem_euclid(19);
    let lunar_shift = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * lunar_year + century - century / 4 - lunar_shift + 15).rem_euclid(30);
    let to_sunday =
        (32 + 2 * (century % 4) + 2 * (year_of_century / 4) - epact - year_of_century % 4).rem_euclid(7);
    let correction = (lunar_year + 11 * epact + 22 * to_sunday) / 451;
    let days = epact + to_sunday - 7 * correction + 114;
    let (month, day) = (i8::try_from(days / 31).ok()?, i8::try_from(days % 31 + 1).ok()?);
    Date::new(i16::try_from(year).ok()?, month, day).ok()
}

/// Whether a row that names provinces, or none, concerns a person of a province. Without a province, rows of single ones do not.
fn concerns(provinces: Option<&[Province]>, province: Option<Province>) -> bool {
    provinces.is_none_or(|list| list.iter().any(|listed| Some(*listed) == province))
}

fn falls_on(holiday: &Holiday, day: Date) -> bool {
    if holiday.since.is_some_and(|since| day.year() < since) {
        return false;
    }
    match holiday.day {
        HolidayDay::Fixed { month, day: of_month } => day.month() == month && day.day() == of_month,
        HolidayDay::Easter { days_after } => easter_sunday(day.year())
            .and_then(|easter| easter.checked_add(jiff::Span::new().days(days_after)).ok())
            .is_some_and(|date| date == day),
    }
}

/// The instants between two civil times. A civil time that a clock change skips counts as the instant after the gap,
/// one that happens twice as its first time.
fn interval_between(from: DateTime, to: DateTime) -> Option<Interval> {
    let opens = ZONE.to_timestamp(from).ok()?;
    let closes = ZONE.to_timestamp(to).ok()?;
    if opens < closes { Some(Interval { opens, closes }) } else { None }
}

/// The rest of an interval without a closure.
fn without(interval: Interval, closure: Interval) -> Vec<Interval> {
    let before = Interval { opens: interval.opens, closes: interval.closes.min(closure.opens) };
    let after = Interval { opens: interval.opens.max(closure.closes), closes: interval.closes };
    [before, after].into_iter().filter(|piece| piece.opens < piece.closes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_falls_where_the_almanac_says() {
        for (year, month, day) in
            [(2021, 4, 4), (2022, 4, 17), (2023, 4, 9), (2024, 3, 31), (2027, 3, 28), (2038, 4, 25)]
        {
            assert_eq!(easter_sunday(year), Date::new(year, month, day).ok(), "{year}");
        }
    }

    #[test]
    fn a_closure_in_the_middle_leaves_both_ends() {
        let instant = |second| Timestamp::from_second(second).unwrap();
        let interval = |from, to| Interval { opens: instant(from), closes: instant(to) };

        assert_eq!(without(interval(0, 10), interval(3, 5)), [interval(0, 3), interval(5, 10)]);
        assert_eq!(without(interval(0, 10), interval(-5, 20)), []);
        assert_eq!(without(interval(0, 10), interval(10, 20)), [interval(0, 10)]);
    }
}
