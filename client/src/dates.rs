// SPDX-License-Identifier: EUPL-1.2
//! Days and times of day in Italy, and in words, which are the texts'.
//!
//! The dates that a browser writes are for people: browsers, extensions and new versions of both write it otherwise, so nothing
//! is read from it. Italy keeps Central European Time, and summer time from the last Sunday of March to the last of October,
//! each at 01:00 UTC (Directive 2000/84/EC, articles 2 and 3).

use infocig_protocol::time::Timestamp;

use crate::words::Words;

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    year: u16,
    /// From 1.
    month: u8,
    of_month: u8,
}

/// A day and a time of day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The day.
    pub day: Day,
    /// `15:07`.
    pub clock: String,
}

impl Day {
    /// The day so many days after 1 January 1970. A year begins in March here, so that the leap day is its last; an era has
    /// 400 of them, and 146,097 days.
    fn after_epoch(days: i64) -> Self {
        let since_era_0 = days + 719_468;
        let (era, of_era) = (since_era_0.div_euclid(146_097), since_era_0.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let of_month = of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = era * 400 + year_of_era + i64::from(month < 3);
        let small = |number: i64| u8::try_from(number).unwrap_or_default();
        Self { year: u16::try_from(year).unwrap_or_default(), month: small(month), of_month: small(of_month) }
    }

    /// The number of days since 1 January 1970: the inverse of [`after_epoch`](Self::after_epoch).
    fn since_epoch(self) -> i64 {
        let (year, month) = (i64::from(self.year) - i64::from(self.month < 3), i64::from(self.month));
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + i64::from(self.of_month) - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    /// The day so many days later, or earlier.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        Self::after_epoch(self.since_epoch() + days)
    }

    /// How many days later than another it is.
    pub fn days_after(self, other: Self) -> i64 {
        self.since_epoch() - other.since_epoch()
    }

    /// The Monday of its week.
    #[must_use]
    pub fn monday(self) -> Self {
        self.plus_days(-i64::try_from(self.weekday()).unwrap_or_default())
    }

    /// The first day of its month.
    #[must_use]
    pub const fn first_of_month(self) -> Self {
        Self { of_month: 1, ..self }
    }

    /// `2026-11-22`.
    pub fn iso(self) -> String {
        let Self { year, month, of_month } = self;
        format!("{year:04}-{month:02}-{of_month:02}")
    }

    /// Reads `2026-11-22`.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, rest) = text.split_once('-')?;
        let (month, day) = rest.split_once('-')?;
        let day = Self { year: year.parse().ok()?, month: month.parse().ok()?, of_month: day.parse().ok()? };
        ((1..=12).contains(&day.month) && (1..=31).contains(&day.of_month)).then_some(day)
    }

    /// `22 novembre 2026`.
    pub fn text(self, words: &Words) -> String {
        let values = [
            ("day", &*self.number(words)),
            ("month", &*month(self.month, words)),
            ("year", &*self.year.to_string()),
        ];
        words.fill("date.day", &values)
    }

    /// `domenica 22 novembre`.
    pub fn say_with_weekday(self, words: &Words) -> String {
        let weekday = WEEKDAYS.get(self.weekday()).map_or_else(String::new, |key| words.text(key));
        let (day, month) = (self.number(words), month(self.month, words));
        words.fill("date.weekday", &[("weekday", &weekday), ("day", &day), ("month", &month)])
    }

    /// Which day of its month; the first has a form of its own in some languages.
    fn number(self, words: &Words) -> String {
        if self.of_month == 1 { words.text("date.first") } else { self.of_month.to_string() }
    }

    /// 0 for Monday.
    fn weekday(self) -> usize {
        // Sakamoto's method: the year begins in March, so that the leap day is its last.
        const BEFORE: [usize; 12] = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
        let year = usize::from(self.year) - usize::from(self.month < 3);
        let before = BEFORE.get(usize::from(self.month) - 1).copied().unwrap_or(0);
        (year + year / 4 - year / 100 + year / 400 + before + usize::from(self.of_month) + 6) % 7
    }
}

impl Moment {
    /// The day and the time of day in Italy at an instant.
    pub fn in_italy(at: Timestamp) -> Self {
        let utc = at.as_millis().div_euclid(60_000);
        let offset = if is_summer(utc) { 120 } else { 60 };
        let (days, minute) =
            ((utc + offset).div_euclid(MINUTES_A_DAY), (utc + offset).rem_euclid(MINUTES_A_DAY));
        let digit = |number: i64| char::from(b'0' + u8::try_from(number % 10).unwrap_or_default());
        let (hours, minutes) = (minute / 60, minute % 60);
        let clock = [digit(hours / 10), digit(hours), ':', digit(minutes / 10), digit(minutes)];
        Self { day: Day::after_epoch(days), clock: clock.into_iter().collect() }
    }

    /// Reads `2026-11-22 15:07:31` or `2026-11-22T15:07`.
    pub fn parse(text: &str) -> Option<Self> {
        let (day, clock) = text.split_once([' ', 'T'])?;
        Some(Self { day: Day::parse(day)?, clock: clock.get(..5)?.into() })
    }

    /// The first instant at which clocks in Italy show it, written as RFC 3339 with the offset of that instant. `None` for a
    /// text that is no time of day. In the hour that summer time leaves out it is the instant an hour later, as calendars have it.
    pub fn rfc3339(&self) -> Option<String> {
        let (hours, minutes) = self.clock.split_once(':')?;
        let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
        if !(0..24).contains(&hours) || !(0..60).contains(&minutes) {
            return None;
        }
        let local = self.day.since_epoch() * MINUTES_A_DAY + hours * 60 + minutes;
        let offset = if is_summer(local - 120) { 2 } else { 1 };
        Some(format!("{}T{hours:02}:{minutes:02}:00+0{offset}:00", self.day.iso()))
    }

    /// `22 novembre 2026, ore 15:07`.
    pub fn text(&self, words: &Words) -> String {
        words.fill("date.moment", &[("day", &self.day.text(words)), ("clock", &self.clock)])
    }
}

/// The time of day in Italy at an instant, `15:07`.
pub fn clock(at: Timestamp) -> String {
    Moment::in_italy(at).clock
}

/// Whether summer time holds at so many minutes after the epoch.
fn is_summer(utc: i64) -> bool {
    let Day { month, of_month, .. } = Day::after_epoch(utc.div_euclid(MINUTES_A_DAY));
    // 1 January 1970 was a Thursday; 0 is Sunday here.
    let weekday = (utc.div_euclid(MINUTES_A_DAY) + 4).rem_euclid(7);
    let last_sunday_is_over = || {
        let days_since_sunday = weekday;
        let sunday = i64::from(of_month) - days_since_sunday;
        // Both months have 31 days. On the Sunday itself the hour decides.
        if sunday < 25 { false } else { weekday > 0 || utc.rem_euclid(MINUTES_A_DAY) >= 60 }
    };
    match month {
        4..=9 => true,
        3 => last_sunday_is_over(),
        10 => !last_sunday_is_over(),
        _ => false,
    }
}

const MINUTES_A_DAY: i64 = 24 * 60;

/// `2026-09` as `settembre 2026`. Any other text stays as it is.
pub fn month_of(text: &str, words: &Words) -> String {
    match Day::parse(&[text, "-1"].concat()) {
        Some(day) => {
            let year = day.year.to_string();
            words.fill("date.month", &[("month", &month(day.month, words)), ("year", &year)])
        }
        None => text.into(),
    }
}

/// `2026-09-01` as `1° settembre 2026`. Any other text stays as it is.
pub fn day_of(text: &str, words: &Words) -> String {
    Day::parse(text).map_or_else(|| text.into(), |day| day.text(words))
}

fn month(month: u8, words: &Words) -> String {
    MONTHS.get(usize::from(month) - 1).map_or_else(String::new, |key| words.text(key))
}

const MONTHS: [&str; 12] = [
    "month.1", "month.2", "month.3", "month.4", "month.5", "month.6", "month.7", "month.8", "month.9",
    "month.10", "month.11", "month.12",
];
const WEEKDAYS: [&str; 7] =
    ["weekday.1", "weekday.2", "weekday.3", "weekday.4", "weekday.5", "weekday.6", "weekday.7"];

#[cfg(test)]
mod tests {
    use infocig_protocol::language::Language;

    use super::*;

    fn italian() -> Words {
        Words::read(Language::It, include_str!("../texts/it.json")).unwrap()
    }

    #[test]
    fn a_time_of_day_in_italy_is_an_instant_with_the_offset_of_its_season() {
        let written = |text: &str| Moment::parse(text).and_then(|moment| moment.rfc3339());

        assert_eq!(written("2026-11-23T16:30").as_deref(), Some("2026-11-23T16:30:00+01:00"));
        assert_eq!(written("2026-07-01T08:05").as_deref(), Some("2026-07-01T08:05:00+02:00"));
        // The hour that comes twice, its first time; and the one before and after the hour that is left out.
        assert_eq!(written("2026-10-25T02:30").as_deref(), Some("2026-10-25T02:30:00+02:00"));
        assert_eq!(written("2026-10-25T03:00").as_deref(), Some("2026-10-25T03:00:00+01:00"));
        assert_eq!(written("2026-03-29T01:59").as_deref(), Some("2026-03-29T01:59:00+01:00"));
        assert_eq!(written("2026-03-29T02:30").as_deref(), Some("2026-03-29T02:30:00+01:00"));
        assert_eq!(written("2026-03-29T03:00").as_deref(), Some("2026-03-29T03:00:00+02:00"));
        assert_eq!(written("2026-03-29T24:00"), None);
    }

    #[test]
    fn days_are_said_as_people_say_them() {
        let words = italian();
        assert_eq!(Moment::parse("2026-11-22 15:07:31").unwrap().text(&words), "22 novembre 2026, ore 15:07");
        assert_eq!(day_of("2026-09-01", &words), "1° settembre 2026");
        assert_eq!(month_of("2026-09", &words), "settembre 2026");
        for (text, weekday) in [
            ("2026-11-22", "domenica 22 novembre"),
            ("2024-02-29", "giovedì 29 febbraio"),
            ("2000-01-01", "sabato 1° gennaio"),
            ("2027-03-01", "lunedì 1° marzo"),
        ] {
            assert_eq!(Day::parse(text).unwrap().say_with_weekday(&words), weekday);
        }
    }

    #[test]
    fn it_is_as_late_in_italy_as_the_zone_database_says() {
        let zone = jiff::tz::get!("Europe/Rome");
        let minute = 60_000_i64;
        // Every five hours and a little more, from 2020 to 2045.
        let often = (1_577_836_800_000_i64..2_366_841_600_000).step_by(5 * 3_600_000 + 17 * 60_000);
        // Every minute around the changes of 2026.
        let closely = [1_774_746_000_000_i64, 1_792_890_000_000]
            .into_iter()
            .flat_map(|change| (-90..90).map(move |minutes| change + minutes * minute));
        for millis in often.chain(closely) {
            let known = jiff::Timestamp::from_millisecond(millis).unwrap().to_zoned(zone.clone());
            let known = Moment::parse(&known.strftime("%Y-%m-%d %H:%M").to_string()).unwrap();
            assert_eq!(Moment::in_italy(Timestamp::from_millis(millis)), known, "{millis}");
        }
    }

    #[test]
    fn a_text_that_is_no_day_stays_unchanged() {
        let words = italian();
        for text in ["", "presto", "2026-13-01", "2026-00-10", "2026-09", "2026-09-32"] {
            assert_eq!(day_of(text, &words), text);
        }
        assert_eq!(month_of("2026-13", &words), "2026-13");
        assert_eq!(Moment::parse("2026-11-22 7"), None);
    }

    #[test]
    fn days_are_counted_over_months_leap_years_and_weeks() {
        let day = |text| Day::parse(text).unwrap();
        for text in ["1970-01-01", "2000-02-29", "2026-03-01", "2026-12-31", "2199-12-31"] {
            assert_eq!(
                (day(text).plus_days(0).iso(), day(text).plus_days(-366).plus_days(366)),
                (text.into(), day(text))
            );
        }
        assert_eq!(day("2026-10-25").plus_days(7).iso(), "2026-11-01");
        assert_eq!(day("2028-03-01").plus_days(-1).iso(), "2028-02-29");
        assert_eq!(day("2026-11-30").days_after(day("2026-10-30")), 31);
        assert_eq!(
            (day("2026-10-25").monday().iso(), day("2026-10-19").monday().iso()),
            ("2026-10-19".into(), "2026-10-19".into())
        );
        assert_eq!(day("2026-10-25").first_of_month().iso(), "2026-10-01");
    }
}
