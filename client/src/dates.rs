// SPDX-License-Identifier: EUPL-1.2
//! Days and times of day in words. What day it is in Italy at an instant is the browser's to say (`page::rome`); the words
//! are the texts'.

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
    /// Reads `2026-11-22`.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, rest) = text.split_once('-')?;
        let (month, day) = rest.split_once('-')?;
        let day = Self { year: year.parse().ok()?, month: month.parse().ok()?, of_month: day.parse().ok()? };
        ((1..=12).contains(&day.month) && (1..=31).contains(&day.of_month)).then_some(day)
    }

    /// `22 novembre 2026`.
    pub fn say(self, words: &Words) -> String {
        let values = [
            ("day", &*self.number(words)),
            ("month", &*month(self.month, words)),
            ("year", &*self.year.to_string()),
        ];
        words.fill("date.day", &values)
    }

    /// `domenica 22 novembre`.
    pub fn say_with_weekday(self, words: &Words) -> String {
        let weekday = WEEKDAYS.get(self.weekday()).map_or_else(String::new, |key| words.say(key));
        let (day, month) = (self.number(words), month(self.month, words));
        words.fill("date.weekday", &[("weekday", &weekday), ("day", &day), ("month", &month)])
    }

    /// Which day of its month; the first has a form of its own in some languages.
    fn number(self, words: &Words) -> String {
        if self.of_month == 1 { words.say("date.first") } else { self.of_month.to_string() }
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
    /// Reads `2026-11-22 15:07:31` or `2026-11-22T15:07`.
    pub fn parse(text: &str) -> Option<Self> {
        let (day, clock) = text.split_once([' ', 'T'])?;
        Some(Self { day: Day::parse(day)?, clock: clock.get(..5)?.into() })
    }

    /// `22 novembre 2026, ore 15:07`.
    pub fn say(&self, words: &Words) -> String {
        words.fill("date.moment", &[("day", &self.day.say(words)), ("clock", &self.clock)])
    }
}

/// `2026-09` as `settembre 2026`. What is not a month stays as it is.
pub fn month_of(text: &str, words: &Words) -> String {
    match Day::parse(&[text, "-1"].concat()) {
        Some(day) => {
            let year = day.year.to_string();
            words.fill("date.month", &[("month", &month(day.month, words)), ("year", &year)])
        }
        None => text.into(),
    }
}

/// `2026-09-01` as `1° settembre 2026`. What is not a day stays as it is.
pub fn day_of(text: &str, words: &Words) -> String {
    Day::parse(text).map_or_else(|| text.into(), |day| day.say(words))
}

fn month(month: u8, words: &Words) -> String {
    MONTHS.get(usize::from(month) - 1).map_or_else(String::new, |key| words.say(key))
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
    fn days_are_said_as_people_say_them() {
        let words = italian();
        assert_eq!(Moment::parse("2026-11-22 15:07:31").unwrap().say(&words), "22 novembre 2026, ore 15:07");
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
    fn what_is_no_day_stays_as_it_is() {
        let words = italian();
        for text in ["", "presto", "2026-13-01", "2026-00-10", "2026-09", "2026-09-32"] {
            assert_eq!(day_of(text, &words), text);
        }
        assert_eq!(month_of("2026-13", &words), "2026-13");
        assert_eq!(Moment::parse("2026-11-22 7"), None);
    }
}
