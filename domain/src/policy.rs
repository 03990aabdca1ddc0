// SPDX-License-Identifier: EUPL-1.2
//! The policy: every rule that can change, as one JSON document, parsed and checked once.
//!
//! Code holds no date of any INPS message. A document that parses can be used without further checks: every code in it
//! names a province, every interval ends after it starts, every category has a queue, every rule names its source.

use infocig_protocol::{
    http::Channel,
    id::QueueId,
    person::{Category, Credential, EntryPoint},
};
use jiff::civil::{Date, DateTime, Time, Weekday};
use serde::Deserialize;

use crate::province::Province;

/// The rules in force. See `edge/policy.json` for the shipped document.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Weekly opening hours.
    pub hours: Vec<Hours>,
    /// Days of the year on which nobody is at the desk.
    pub holidays: Vec<Holiday>,
    /// Dated closures.
    pub closures: Vec<Closure>,
    /// Who may enter since when, from where.
    pub rollout: Vec<RolloutRow>,
    /// Which sign-ins are strong enough.
    pub credentials: Credentials,
    /// How long before the end of an interval the last newcomer enters, in minutes. 0: until the end.
    pub last_admission_minutes: u16,
    /// Who answers whom.
    pub queues: Vec<Queue>,
    /// Where a refused or waiting person can go instead.
    pub channels: Vec<Channel>,
}

/// Opening hours on some days of the week: half-open, `from` is open and `to` is closed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// For whom.
    pub categories: Vec<Category>,
    /// On which days.
    #[serde(deserialize_with = "weekdays")]
    pub weekdays: Vec<Weekday>,
    /// First instant of the interval, civil time of Europe/Rome.
    #[serde(deserialize_with = "clock_time")]
    pub from: Time,
    /// First instant after it.
    #[serde(deserialize_with = "clock_time")]
    pub to: Time,
    /// What the rule rests on.
    pub source: String,
}

/// A day of the year that closes the service.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "HolidayRow")]
pub struct Holiday {
    /// Its Italian name.
    pub name: String,
    /// Which day it is.
    pub day: HolidayDay,
    /// First year in which it is a holiday, where it was not always.
    pub since: Option<i16>,
    /// What the rule rests on.
    pub source: String,
}

/// How a holiday falls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HolidayDay {
    /// The same day every year.
    Fixed {
        /// 1 to 12.
        month: i8,
        /// 1 to 31.
        day: i8,
    },
    /// A number of days after Easter Sunday.
    Easter {
        /// 0 for Easter Sunday, 1 for Easter Monday.
        days_after: i8,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HolidayRow {
    name: String,
    month: Option<i8>,
    day: Option<i8>,
    days_after_easter: Option<i8>,
    since: Option<i16>,
    source: String,
}

impl TryFrom<HolidayRow> for Holiday {
    type Error = &'static str;

    fn try_from(row: HolidayRow) -> Result<Self, Self::Error> {
        let day = match (row.month, row.day, row.days_after_easter) {
            (Some(month), Some(day), None) => HolidayDay::Fixed { month, day },
            (None, None, Some(days_after)) => HolidayDay::Easter { days_after },
            _ => return Err("a holiday has either `month` and `day` or `days_after_easter`"),
        };
        Ok(Self {
            name: row.name,
            day,
            since: row.since,
            source: row.source,
        })
    }
}

/// A closure with a beginning and an end, half-open.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closure {
    /// First instant, civil time of Europe/Rome.
    #[serde(deserialize_with = "civil_from")]
    pub from: DateTime,
    /// First instant after it.
    #[serde(deserialize_with = "civil_from")]
    pub to: DateTime,
    /// For whom; absent for everybody.
    #[serde(default)]
    pub categories: Option<Vec<Category>>,
    /// ISTAT codes of the provinces it concerns; absent for all.
    #[serde(default)]
    pub provinces: Option<Vec<ProvinceCode>>,
    /// One Italian sentence for the person.
    pub reason: String,
    /// What the closure rests on.
    pub source: String,
}

/// A row of the roll-out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RolloutRow {
    /// First day.
    pub since: Date,
    /// First day after the last, where the row ends.
    #[serde(default)]
    pub until: Option<Date>,
    /// Who.
    pub categories: Vec<Category>,
    /// From where; absent for all of Italy.
    #[serde(default)]
    pub provinces: Option<Vec<ProvinceCode>>,
    /// Through which portals.
    pub entries: Vec<EntryPoint>,
    /// What the row rests on.
    pub source: String,
}

/// Accepted credentials.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// Any of these opens the service.
    pub accepted: Vec<Credential>,
    /// What the rule rests on.
    pub source: String,
}

/// A queue and the categories it serves.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    /// Its name.
    pub id: QueueId,
    /// Whom it serves. Every category is served by exactly one queue.
    pub categories: Vec<Category>,
}

/// A province named by ISTAT code, known to exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProvinceCode(pub Province);

impl<'de> Deserialize<'de> for ProvinceCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Province::by_code(&code)
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom(format!("no province has the ISTAT code \"{code}\"")))
    }
}

/// Why a document is not a policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// Not JSON, or not of the expected form.
    #[error("policy line {line}, column {column}: {reason}")]
    Form {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What was wrong.
        reason: String,
    },
    /// A value that contradicts another one.
    #[error("policy {place}: {reason}")]
    Rule {
        /// Where, for example `hours[0].to`.
        place: String,
        /// What was wrong.
        reason: String,
    },
}

/// The only version of the document there is.
pub const VERSION: u32 = 1;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(rename = "$schema", default)]
    _schema: Option<String>,
    version: u32,
    hours: Vec<Hours>,
    holidays: Vec<Holiday>,
    closures: Vec<Closure>,
    rollout: Vec<RolloutRow>,
    credentials: Credentials,
    last_admission_minutes: u16,
    queues: Vec<Queue>,
    channels: Vec<Channel>,
}

impl Policy {
    /// Parses and checks a document.
    pub fn parse(json: &str) -> Result<Self, PolicyError> {
        let document: Document = serde_json::from_str(json).map_err(|error| PolicyError::Form {
            line: error.line(),
            column: error.column(),
            reason: without_position(&error.to_string()),
        })?;
        if document.version != VERSION {
            return Err(rule(
                "version",
                format!(
                    "{} is not {VERSION}, the version this service reads",
                    document.version
                ),
            ));
        }
        let policy = Self {
            hours: document.hours,
            holidays: document.holidays,
            closures: document.closures,
            rollout: document.rollout,
            credentials: document.credentials,
            last_admission_minutes: document.last_admission_minutes,
            queues: document.queues,
            channels: document.channels,
        };
        policy.check()?;
        Ok(policy)
    }

    /// The queue that serves a category.
    pub fn queue_for(&self, category: Category) -> Option<&QueueId> {
        self.queues
            .iter()
            .find(|queue| queue.categories.contains(&category))
            .map(|queue| &queue.id)
    }

    fn check(&self) -> Result<(), PolicyError> {
        for (i, hours) in self.hours.iter().enumerate() {
            if hours.from >= hours.to {
                return Err(rule(&format!("hours[{i}].to"), "must be later than `from`"));
            }
            named(&format!("hours[{i}].categories"), &hours.categories)?;
            named(&format!("hours[{i}].weekdays"), &hours.weekdays)?;
            sourced(&format!("hours[{i}].source"), &hours.source)?;
        }
        for (i, holiday) in self.holidays.iter().enumerate() {
            if let HolidayDay::Fixed { month, day } = holiday.day
                && Date::new(A_LEAP_YEAR, month, day).is_err()
            {
                return Err(rule(
                    &format!("holidays[{i}]"),
                    "`month` and `day` name no day of the year",
                ));
            }
            sourced(&format!("holidays[{i}].source"), &holiday.source)?;
        }
        for (i, closure) in self.closures.iter().enumerate() {
            if closure.from >= closure.to {
                return Err(rule(&format!("closures[{i}].to"), "must be later than `from`"));
            }
            sourced(&format!("closures[{i}].reason"), &closure.reason)?;
            sourced(&format!("closures[{i}].source"), &closure.source)?;
        }
        for (i, row) in self.rollout.iter().enumerate() {
            if row.until.is_some_and(|until| until <= row.since) {
                return Err(rule(&format!("rollout[{i}].until"), "must be later than `since`"));
            }
            named(&format!("rollout[{i}].categories"), &row.categories)?;
            named(&format!("rollout[{i}].entries"), &row.entries)?;
            sourced(&format!("rollout[{i}].source"), &row.source)?;
        }
        sourced("credentials.source", &self.credentials.source)?;
        for category in Category::ALL {
            let serving = self
                .queues
                .iter()
                .filter(|queue| queue.categories.contains(&category))
                .count();
            if serving != 1 {
                let reason = format!(
                    "{} is served by {serving} queues, not by exactly one",
                    category.as_str()
                );
                return Err(rule("queues", reason));
            }
        }
        Ok(())
    }
}

fn rule(place: &str, reason: impl Into<String>) -> PolicyError {
    PolicyError::Rule {
        place: place.to_string(),
        reason: reason.into(),
    }
}

fn named<T>(place: &str, list: &[T]) -> Result<(), PolicyError> {
    if list.is_empty() {
        Err(rule(place, "must not be empty"))
    } else {
        Ok(())
    }
}

fn sourced(place: &str, text: &str) -> Result<(), PolicyError> {
    if text.trim().is_empty() {
        Err(rule(place, "must not be empty"))
    } else {
        Ok(())
    }
}

fn without_position(message: &str) -> String {
    message.split(" at line ").next().unwrap_or(message).to_string()
}

fn weekdays<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Weekday>, D::Error> {
    let words: Vec<String> = Vec::deserialize(deserializer)?;
    words
        .iter()
        .map(|word| {
            WEEKDAYS
                .iter()
                .find(|(name, _)| name == word)
                .map(|(_, weekday)| *weekday)
                .ok_or_else(|| {
                    serde::de::Error::custom(format!(
                        "\"{word}\" is not a day; write monday, tuesday, … sunday"
                    ))
                })
        })
        .collect()
}

fn clock_time<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_clock_time(&text)
        .ok_or_else(|| serde::de::Error::custom(format!("\"{text}\" is not a time of day like 15:00")))
}

fn parse_clock_time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    if hour.len() != 2 || minute.len() != 2 {
        return None;
    }
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

fn civil_from<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<DateTime, D::Error> {
    let text = String::deserialize(deserializer)?;
    let whole_day = text
        .parse::<Date>()
        .ok()
        .filter(|_| text.len() == 10)
        .map(|date| date.at(0, 0, 0, 0));
    whole_day
        .or_else(|| text.parse::<DateTime>().ok())
        .ok_or_else(|| {
            serde::de::Error::custom(format!(
                "\"{text}\" is neither a day like 2026-12-24 nor a civil time like 2026-12-24T16:00"
            ))
        })
}

/// 29 February is a day of the year.
const A_LEAP_YEAR: i16 = 2024;

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../edge/policy.json");

    #[test]
    fn the_shipped_policy_is_valid() {
        let policy = Policy::parse(SHIPPED).unwrap();
        assert_eq!(policy.last_admission_minutes, 0);
    }

    #[test]
    fn a_document_that_is_not_json_names_the_line() {
        let error = Policy::parse("{\n  \"version\": 1,\n  nonsense\n}").unwrap_err();
        assert_eq!(error.to_string(), "policy line 3, column 3: key must be a string");
    }

    #[test]
    fn a_province_nobody_knows_names_the_line_and_the_code() {
        let broken = SHIPPED.replace("\"058\"", "\"999\"");
        let message = Policy::parse(&broken).unwrap_err().to_string();
        assert!(
            message.starts_with("policy line ")
                && message.ends_with("no province has the ISTAT code \"999\""),
            "{message}"
        );
    }

    #[test]
    fn an_interval_must_end_after_it_starts() {
        let broken = SHIPPED.replace("\"18:00\"", "\"15:00\"");
        let error = Policy::parse(&broken).unwrap_err();
        assert_eq!(error.to_string(), "policy hours[0].to: must be later than `from`");
    }

    #[test]
    fn a_misspelt_member_is_an_error_and_not_silence() {
        let broken = SHIPPED.replace("\"last_admission_minutes\"", "\"last_admision_minutes\"");
        let message = Policy::parse(&broken).unwrap_err().to_string();
        assert!(
            message.contains("unknown field `last_admision_minutes`"),
            "{message}"
        );
    }

    #[test]
    fn every_category_needs_exactly_one_queue() {
        let everybody = "[\"lavoratore\", \"titolare\", \"rappresentante-legale\", \"consulente\"]";
        let broken = SHIPPED.replace(everybody, "[\"lavoratore\"]");
        let message = Policy::parse(&broken).unwrap_err().to_string();
        assert_eq!(
            message,
            "policy queues: titolare is served by 0 queues, not by exactly one"
        );
    }
}
