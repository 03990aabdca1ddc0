// SPDX-License-Identifier: EUPL-1.2
//! The form of the policy document: what each member must be, and which members must agree.
//!
//! Every row is checked while it is read, so that whatever is wrong is reported with its line.

use infocig_protocol::person::{Category, Credential, EntryPoint};
use jiff::civil::{Date, DateTime, Time, Weekday};
use serde::{Deserialize, Deserializer, de::Error};

use super::{
    AssistantRules, Banner, CallRules, Channel, Closing, Closure, Conversations, Credentials, DataNoticeText,
    DeskRules, Governance, Holiday, HolidayDay, Hours, Messages, Policy, Queue, RolloutRow, Wording,
};
use crate::{province::Province, retention::Retention};

/// The only version of the document there is.
pub const VERSION: u32 = 1;

/// The document as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    #[serde(rename = "$schema", default)]
    _schema: Option<String>,
    #[serde(rename = "version", deserialize_with = "version")]
    _version: u32,
    hours: Vec<Hours>,
    holidays: Vec<Holiday>,
    closures: Vec<Closure>,
    rollout: Vec<RolloutRow>,
    credentials: Credentials,
    last_admission_minutes: u16,
    closing: Closing,
    #[serde(default)]
    conversations: Conversations,
    messages: Messages,
    #[serde(deserialize_with = "super::queues::queues")]
    queues: Vec<Queue>,
    desk: DeskRules,
    channels: Vec<Channel>,
    #[serde(default)]
    assistant: AssistantRules,
    #[serde(default)]
    banner: Option<Banner>,
    #[serde(default)]
    governance: Governance,
    #[serde(default)]
    retention: Retention,
    #[serde(default)]
    calls: CallRules,
    #[serde(default)]
    data_notice: Option<DataNoticeText>,
}

impl From<Document> for Policy {
    fn from(document: Document) -> Self {
        Self {
            hours: document.hours,
            holidays: document.holidays,
            closures: document.closures,
            rollout: document.rollout,
            credentials: document.credentials,
            last_admission_minutes: document.last_admission_minutes,
            closing: document.closing,
            conversations: document.conversations,
            messages: document.messages,
            queues: document.queues,
            desk: DeskRules { banner: document.banner.clone(), calls: document.calls.on, ..document.desk },
            channels: document.channels,
            assistant: document.assistant,
            banner: document.banner,
            governance: document.governance,
            retention: document.retention,
            calls: document.calls,
            data_notice: document.data_notice,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HoursRow {
    categories: Vec<Category>,
    #[serde(deserialize_with = "weekdays")]
    weekdays: Vec<Weekday>,
    #[serde(deserialize_with = "clock_time")]
    from: ClockTime,
    #[serde(deserialize_with = "clock_time")]
    to: ClockTime,
    source: String,
}

impl TryFrom<HoursRow> for Hours {
    type Error = String;

    fn try_from(row: HoursRow) -> Result<Self, String> {
        let ClockTime::Time(from) = row.from else {
            return Err("`from` must be before 24:00".into());
        };
        let to = match row.to {
            ClockTime::EndOfDay => None,
            ClockTime::Time(to) if from < to => Some(to),
            ClockTime::Time(_) => return Err("`to` must be later than `from`".into()),
        };
        filled("categories", &row.categories)?;
        filled("weekdays", &row.weekdays)?;
        said("source", &row.source)?;
        Ok(Self { categories: row.categories, weekdays: row.weekdays, from, to, source: row.source })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HolidayRow {
    name: Wording,
    month: Option<i8>,
    day: Option<i8>,
    days_after_easter: Option<i8>,
    since: Option<i16>,
    provinces: Option<Vec<ProvinceCode>>,
    source: String,
}

impl TryFrom<HolidayRow> for Holiday {
    type Error = String;

    fn try_from(row: HolidayRow) -> Result<Self, String> {
        let day = match (row.month, row.day, row.days_after_easter) {
            (Some(month), Some(day), None) if Date::new(A_LEAP_YEAR, month, day).is_ok() => {
                HolidayDay::Fixed { month, day }
            }
            (Some(_), Some(_), None) => return Err("`month` and `day` name no day of the year".into()),
            (None, None, Some(days_after)) => HolidayDay::Easter { days_after },
            _ => return Err("a holiday has either `month` and `day` or `days_after_easter`".into()),
        };
        said("source", &row.source)?;
        let provinces = provinces(row.provinces)?;
        Ok(Self { name: row.name, day, since: row.since, provinces, source: row.source })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClosureRow {
    #[serde(deserialize_with = "civil_time")]
    from: DateTime,
    #[serde(deserialize_with = "civil_time")]
    to: DateTime,
    categories: Option<Vec<Category>>,
    provinces: Option<Vec<ProvinceCode>>,
    reason: Wording,
    source: String,
}

impl TryFrom<ClosureRow> for Closure {
    type Error = String;

    fn try_from(row: ClosureRow) -> Result<Self, String> {
        if row.from >= row.to {
            return Err("`to` must be later than `from`".into());
        }
        if let Some(categories) = &row.categories {
            filled("categories", categories)?;
        }
        said("source", &row.source)?;
        Ok(Self {
            from: row.from,
            to: row.to,
            categories: row.categories,
            provinces: provinces(row.provinces)?,
            reason: row.reason,
            source: row.source,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RolloutForm {
    since: Date,
    until: Option<Date>,
    categories: Vec<Category>,
    provinces: Option<Vec<ProvinceCode>>,
    entries: Vec<EntryPoint>,
    source: String,
}

impl TryFrom<RolloutForm> for RolloutRow {
    type Error = String;

    fn try_from(row: RolloutForm) -> Result<Self, String> {
        if row.until.is_some_and(|until| until <= row.since) {
            return Err("`until` must be later than `since`".into());
        }
        filled("categories", &row.categories)?;
        filled("entries", &row.entries)?;
        said("source", &row.source)?;
        Ok(Self {
            since: row.since,
            until: row.until,
            categories: row.categories,
            provinces: provinces(row.provinces)?,
            entries: row.entries,
            source: row.source,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CredentialsForm {
    accepted: Vec<Credential>,
    source: String,
}

impl TryFrom<CredentialsForm> for Credentials {
    type Error = String;

    fn try_from(row: CredentialsForm) -> Result<Self, String> {
        filled("accepted", &row.accepted)?;
        said("source", &row.source)?;
        Ok(Self { accepted: row.accepted, source: row.source })
    }
}

/// A province named by an ISTAT code that exists.
struct ProvinceCode(Province);

impl<'de> Deserialize<'de> for ProvinceCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        let province = Province::by_code(&code);
        province
            .map(Self)
            .ok_or_else(|| D::Error::custom(format!("no province has the ISTAT code \"{code}\"")))
    }
}

fn provinces(codes: Option<Vec<ProvinceCode>>) -> Result<Option<Vec<Province>>, String> {
    let Some(codes) = codes else { return Ok(None) };
    filled("provinces", &codes)?;
    Ok(Some(codes.into_iter().map(|code| code.0).collect()))
}

fn filled<T>(name: &str, list: &[T]) -> Result<(), String> {
    if list.is_empty() { Err(format!("`{name}` must not be empty")) } else { Ok(()) }
}

pub(super) fn said(name: &str, text: &str) -> Result<(), String> {
    if text.trim().is_empty() { Err(format!("`{name}` must not be empty")) } else { Ok(()) }
}

fn version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    match u32::deserialize(deserializer)? {
        VERSION => Ok(VERSION),
        other => {
            Err(D::Error::custom(format!("version {other} is not {VERSION}, the one this service reads")))
        }
    }
}

fn weekdays<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Weekday>, D::Error> {
    let words: Vec<String> = Vec::deserialize(deserializer)?;
    let weekday = |word: &String| WEEKDAYS.iter().find(|(name, _)| name == word).map(|(_, weekday)| *weekday);
    words
        .iter()
        .map(|word| {
            weekday(word)
                .ok_or_else(|| D::Error::custom(format!("\"{word}\" is not a day; write monday, … sunday")))
        })
        .collect()
}

/// `00:00` to `23:59`, or `24:00` for the end of the day.
enum ClockTime {
    Time(Time),
    EndOfDay,
}

fn clock_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ClockTime, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_clock_time(&text)
        .ok_or_else(|| D::Error::custom(format!("\"{text}\" is not a time of day like 15:00")))
}

fn parse_clock_time(text: &str) -> Option<ClockTime> {
    if text == "24:00" {
        return Some(ClockTime::EndOfDay);
    }
    let (hour, minute) = text.split_once(':')?;
    if hour.len() != 2 || minute.len() != 2 {
        return None;
    }
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok().map(ClockTime::Time)
}

/// A whole day (its first instant) or a civil time.
fn civil_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime, D::Error> {
    let text = String::deserialize(deserializer)?;
    let day = text.parse::<Date>().ok().filter(|_| text.len() == DAY_LENGTH);
    let civil = day.map(|day| day.at(0, 0, 0, 0)).or_else(|| text.parse::<DateTime>().ok());
    civil.ok_or_else(|| {
        let expected = "neither a day like 2026-12-24 nor a civil time like 2026-12-24T16:00";
        D::Error::custom(format!("\"{text}\" is {expected}"))
    })
}

pub(super) fn optional_civil_time<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<DateTime>, D::Error> {
    civil_time(deserializer).map(Some)
}

/// `2026-12-24`
const DAY_LENGTH: usize = 10;
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
