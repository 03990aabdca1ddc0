// SPDX-License-Identifier: EUPL-1.2
//! The policy: every rule that can change, as one JSON document, parsed and checked once.
//!
//! Code holds no date of any INPS message. A document that parses can be used without further checks: every code in it
//! names a province, every interval ends after it starts, every category has a queue, every rule names its source.

mod assistant;
mod calls;
mod desk;
mod form;
mod priorities;
mod queues;
mod supervision;
mod wording;

use std::num::{NonZeroU16, NonZeroU32};

use infocig_protocol::person::{Category, Credential, EntryPoint};
use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time, Weekday},
};
use serde::{Deserialize, Deserializer, de::Error as _};

use crate::{calendar::ZONE, province::Province, retention::Retention};

pub use self::{
    assistant::{AssistantRules, OwnEntry},
    calls::CallRules,
    desk::{DeskRules, Inactivity, RoutingRule},
    form::VERSION,
    priorities::{CameBackRule, DeadlineRule, PriorityRules, TransferredRule},
    queues::{DeskQueues, Queue, QueueAddress},
    supervision::{AlertRules, SupervisionRules},
    wording::Wording,
};

/// The rules in force. See `edge/policy.json` for the shipped document.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Weekly opening hours.
    pub hours: Vec<Hours>,
    /// Days of the year on which nobody is at the desk.
    pub holidays: Vec<Holiday>,
    /// Dated closures.
    pub closures: Vec<Closure>,
    /// The roll-out: categories, provinces and portals with their dates.
    pub rollout: Vec<RolloutRow>,
    /// Which sign-ins are strong enough.
    pub credentials: Credentials,
    /// How long before the end of an interval the last newcomer enters, in minutes. 0: until the end.
    pub last_admission_minutes: u16,
    /// The timing around the end of the hours.
    pub closing: Closing,
    /// How many conversations a person may begin.
    pub conversations: Conversations,
    /// How much may be written.
    pub messages: Messages,
    /// The queues, with the people that each serves.
    pub queues: Vec<Queue>,
    /// How conversations reach advisors.
    pub desk: DeskRules,
    /// The other channels for a refused or waiting person.
    pub channels: Vec<Channel>,
    /// The automatic assistant. Without this section it is off.
    pub assistant: AssistantRules,
    /// A notice to everybody, which closes nothing.
    pub banner: Option<Banner>,
    /// How the policy itself is changed.
    pub governance: Governance,
    /// How long what is kept.
    pub retention: Retention,
    /// Calls from the conversation. Without this section there are none.
    pub calls: CallRules,
    /// What people are told about their data before they write, beside what the service says by itself.
    pub data_notice: Option<DataNoticeText>,
}

/// The administration's own words about people's data.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataNoticeText {
    /// One to three sentences: the controller, what the data are for.
    pub text: Wording,
}

/// A notice that people read before they enter.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Banner {
    /// The notice, in one or two sentences.
    pub text: Wording,
    /// The first instant after it, civil time of Europe/Rome; absent for until it is taken down.
    #[serde(default, deserialize_with = "form::optional_civil_time")]
    pub until: Option<DateTime>,
}

impl Closure {
    /// Whether it holds at an instant.
    pub fn holds(&self, at: Timestamp) -> bool {
        let instant = |civil| ZONE.to_timestamp(civil).ok();
        instant(self.from).is_some_and(|from| from <= at) && instant(self.to).is_some_and(|to| at < to)
    }
}

impl Banner {
    /// The first instant after it, where it has one.
    pub fn ends(&self) -> Option<Timestamp> {
        self.until.and_then(|until| ZONE.to_timestamp(until).ok())
    }

    /// Whether it is shown at an instant.
    pub fn holds(&self, at: Timestamp) -> bool {
        self.ends().is_none_or(|ends| at < ends)
    }
}

/// How the policy itself is changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Governance {
    /// Whether a second person approves each version. Closing at once and the banner wait for nobody.
    pub four_eyes: bool,
}

/// Opening hours on some days of the week: half-open, `from` is open and `to` is closed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "form::HoursRow")]
pub struct Hours {
    /// For whom.
    pub categories: Vec<Category>,
    /// On which days.
    pub weekdays: Vec<Weekday>,
    /// First instant of the interval, civil time of Europe/Rome.
    pub from: Time,
    /// First instant after it; `None` for midnight, the end of the day.
    pub to: Option<Time>,
    /// The source of the rule.
    pub source: String,
}

/// A day of the year that closes the service.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "form::HolidayRow")]
pub struct Holiday {
    /// The name.
    pub name: Wording,
    /// Which day it is.
    pub day: HolidayDay,
    /// First year in which it is a holiday, where it was not always.
    pub since: Option<i16>,
    /// The provinces whose patron saint it is; absent for all of Italy.
    pub provinces: Option<Vec<Province>>,
    /// The source of the rule.
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

/// A closure with a beginning and an end, half-open.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "form::ClosureRow")]
pub struct Closure {
    /// First instant, civil time of Europe/Rome.
    pub from: DateTime,
    /// First instant after it.
    pub to: DateTime,
    /// For whom; absent for everybody.
    pub categories: Option<Vec<Category>>,
    /// The provinces it concerns; absent for all.
    pub provinces: Option<Vec<Province>>,
    /// One sentence for the person.
    pub reason: Wording,
    /// The source of the closure.
    pub source: String,
}

/// A row of the roll-out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "form::RolloutForm")]
pub struct RolloutRow {
    /// First day.
    pub since: Date,
    /// First day after the last, where the row ends.
    pub until: Option<Date>,
    /// Who.
    pub categories: Vec<Category>,
    /// From where; absent for all of Italy.
    pub provinces: Option<Vec<Province>>,
    /// Through which portals.
    pub entries: Vec<EntryPoint>,
    /// The source of the row.
    pub source: String,
}

/// Accepted credentials.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "form::CredentialsForm")]
pub struct Credentials {
    /// Any of these opens the service.
    pub accepted: Vec<Credential>,
    /// The source of the rule.
    pub source: String,
}

/// The timing around the end of the hours, in minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// How long before the end it is announced to everybody inside.
    pub warn_minutes: u16,
    /// How long after the end an active conversation may go on.
    pub grace_minutes: u16,
}

/// How many conversations one person may begin in a time. Conversations of others never count, from whatever address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conversations {
    /// So many.
    pub most: NonZeroU16,
    /// In so many minutes.
    pub within_minutes: NonZeroU16,
}

impl Default for Conversations {
    /// The limit of an administration that has set none: more than a person with a bad connection ever begins.
    fn default() -> Self {
        let one = NonZeroU16::MIN;
        Self { most: one.saturating_add(5), within_minutes: one.saturating_add(29) }
    }
}

/// How much may be written in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Messages {
    /// How many messages one side may send at once.
    pub burst: NonZeroU32,
    /// How many a minute after that.
    pub per_minute: NonZeroU32,
    /// How many entries a conversation may have before it takes no more messages.
    pub per_conversation: NonZeroU32,
}

/// Another way to reach the Institute.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    /// The name.
    pub name: Wording,
    /// How to use it, in one sentence.
    pub how: Wording,
    /// A `tel:` or `https:` address, where there is one.
    #[serde(default, deserialize_with = "reachable")]
    pub href: Option<String>,
}

fn reachable<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let href: Option<String> = Option::deserialize(deserializer)?;
    // Any other scheme could run a script in the portal's page.
    if href.as_ref().is_some_and(|href| !["tel:", "https://"].iter().any(|scheme| href.starts_with(scheme))) {
        return Err(D::Error::custom("`href` is an address that begins with tel: or https://"));
    }
    Ok(href)
}

/// The error of a document that is not a policy, with its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("policy line {line}, column {column}: {reason}")]
pub struct PolicyError {
    /// From 1.
    pub line: usize,
    /// From 1. For a row that contradicts itself, the end of the row.
    pub column: usize,
    /// The error.
    pub reason: String,
}

impl Policy {
    /// Parses and checks a document.
    pub fn parse(json: &str) -> Result<Self, PolicyError> {
        serde_json::from_str::<form::Document>(json).map(Self::from).map_err(|error| PolicyError {
            line: error.line(),
            column: error.column(),
            reason: without_position(&error.to_string()),
        })
    }
}

fn without_position(message: &str) -> String {
    message.split(" at line ").next().unwrap_or(message).to_string()
}

#[cfg(test)]
mod tests {
    use infocig_protocol::language::Language;

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
    fn a_channel_is_reached_by_telephone_or_over_https_and_may_be_said_in_italian_alone() {
        let with = |href: &str| {
            let mut document: serde_json::Value = serde_json::from_str(SHIPPED).unwrap();
            let channel = serde_json::json!({ "name": "Sportello", "how": "Di mattina.", "href": href });
            document["channels"].as_array_mut().unwrap().push(channel);
            Policy::parse(&document.to_string())
        };
        for href in ["tel:803164", "https://www.inps.it/"] {
            let policy = with(href).unwrap();
            let channel = policy.channels.last().unwrap();
            assert_eq!(channel.name.in_language(Language::Sl), "Sportello");
            assert_eq!(channel.href.as_deref(), Some(href));
        }
        for href in ["javascript:alert(1)", "http://www.inps.it/", "data:text/html,a", "", " tel:1"] {
            assert!(with(href).unwrap_err().reason.contains("`href`"), "{href}");
        }
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
        assert_eq!((error.line, error.reason.as_str()), (12, "`to` must be later than `from`"));
    }

    #[test]
    fn every_contradiction_is_named_where_it_stands() {
        let check = |from: &str, to: &str, expected: &str| {
            assert!(SHIPPED.contains(from), "{from}");
            let message = Policy::parse(&SHIPPED.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(message.starts_with("policy line ") && message.ends_with(expected), "{message}");
        };
        check("\"monday\"", "\"lunedì\"", "\"lunedì\" is not a day; write monday, … sunday");
        check("\"15:00\"", "\"3pm\"", "\"3pm\" is not a time of day like 15:00");
        check("\"15:00\"", "\"24:00\"", "`from` must be before 24:00");
        check(
            "\"month\": 1, \"day\": 1",
            "\"month\": 2, \"day\": 30",
            "`month` and `day` name no day of the year",
        );
        check(
            "\"month\": 1, \"day\": 1",
            "\"month\": 1",
            "a holiday has either `month` and `day` or `days_after_easter`",
        );
        check("\"version\": 1", "\"version\": 2", "version 2 is not 1, the one this service reads");
        check(
            "\"since\": \"2021-05-10\"",
            "\"since\": \"2021-05-10\", \"until\": \"2021-05-10\"",
            "`until` must be later than `since`",
        );
        check("\"provinces\": [\"058\"]", "\"provinces\": []", "`provinces` must not be empty");
        check("\"source\": \"Legge 151/2025\"", "\"source\": \" \"", "`source` must not be empty");
        let closure = "\"closures\": [{ \"from\": \"2026-12-24\", \"to\": \"2026-12-24\", \"reason\": \"x\", \"source\": \"y\" }]";
        check("\"closures\": []", closure, "`to` must be later than `from`");
    }

    #[test]
    fn a_channel_speaks_every_language() {
        let broken = SHIPPED.replacen("\"sl\"", "\"si\"", 1);
        let message = Policy::parse(&broken).unwrap_err().to_string();
        assert!(message.contains("unknown field `si`"), "{message}");

        let policy = Policy::parse(SHIPPED).unwrap();
        let names: Vec<&str> =
            Language::ALL.iter().map(|l| policy.channels[3].name.in_language(*l)).collect();
        assert_eq!(names[1], "INPS-Stelle");
    }

    /// A policy that was written before there was such a limit is read as it was.
    #[test]
    fn how_many_conversations_a_person_begins_may_be_left_out() {
        let shipped = Policy::parse(SHIPPED).unwrap();
        let older = SHIPPED.replace("  \"conversations\": { \"most\": 6, \"within_minutes\": 30 },\n", "");
        assert_ne!(older, SHIPPED);
        assert_eq!(Policy::parse(&older).unwrap().conversations, shipped.conversations);
        assert!(Policy::parse(&SHIPPED.replace("\"most\": 6", "\"most\": 0")).is_err());
    }

    #[test]
    fn a_misspelt_member_is_an_error_and_not_silence() {
        let broken = SHIPPED.replace("\"last_admission_minutes\"", "\"last_admision_minutes\"");
        let message = Policy::parse(&broken).unwrap_err().to_string();
        assert!(message.contains("unknown field `last_admision_minutes`"), "{message}");
    }

    #[test]
    fn every_category_needs_exactly_one_queue() {
        let everybody = "[\"lavoratore\", \"titolare\", \"rappresentante-legale\", \"consulente\"]";
        let broken = SHIPPED.replace(everybody, "[\"lavoratore\"]");
        let error = Policy::parse(&broken).unwrap_err();
        assert_eq!(error.reason, "titolare is served by 0 queues, not by exactly one");
        assert!(error.line > 60, "{error}");
    }
}
