// SPDX-License-Identifier: EUPL-1.2
//! Documents for administrators: the versions of the policy, and what a draft would change. `docs/policy.openapi.yaml` describes
//! the requests.

use infocig_protocol_derive::Wire;
use serde::{Deserialize, Serialize};

use crate::{
    desk::ProvinceName,
    id::{AdvisorId, MessageId},
    language::Language,
    person::{Category, EntryPoint},
    time::Timestamp,
};

/// Who made or decided a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct PolicyAuthor {
    /// The id that their sign-in gave them.
    pub id: AdvisorId,
    /// Their name.
    pub name: String,
}

/// The state of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum PolicyState {
    /// It waits for the approval of a second person.
    Proposed,
    /// It is in force from its instant on, until a later one is.
    Published,
    /// It was taken back before it came into force, or its approval was refused.
    Withdrawn,
}

/// A version of the policy, without its document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct PolicyVersion {
    /// Its number, from 1 without gaps.
    pub number: u32,
    /// The version it was made from; absent for the installation's own document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<u32>,
    /// Its author; absent for the installation's own document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<PolicyAuthor>,
    /// Why it was made, in its author's words.
    pub reason: String,
    /// When it was made.
    pub made: Timestamp,
    /// Its state.
    pub state: PolicyState,
    /// From when it is in force. Absent while it waits for an approval and is to be in force at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Who approved or withdrew it; absent where nobody had to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<PolicyAuthor>,
    /// When they did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<Timestamp>,
}

/// The history of the policy, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct PolicyHistory {
    /// The number of the version in force.
    pub in_force: u32,
    /// Whether a version needs the approval of a second person.
    pub four_eyes: bool,
    /// The service banner of the version in force, in Italian.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub banner: Option<String>,
    /// A closure that holds now, in Italian.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closure: Option<String>,
    /// The versions.
    pub versions: Vec<PolicyVersion>,
    /// The number before which the next page begins; absent at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<u32>,
    /// Every province, by name; on the first page alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub provinces: Vec<ProvinceName>,
    /// The answers that advisors propose, oldest first; on the first page alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<WaitingAnswer>,
}

/// A good answer that an advisor proposes for the automatic assistant: the body of `POST /v1/policy/answers`. Nothing in it tells of
/// a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct ProposedAnswer {
    /// Made by the proposer: a repetition is no other proposal.
    pub id: MessageId,
    /// What people ask, at most [`MAX_QUESTION_CHARS`](crate::limits::MAX_QUESTION_CHARS).
    pub question: String,
    /// The answer, at most [`MAX_MESSAGE_CHARS`](crate::limits::MAX_MESSAGE_CHARS).
    pub answer: String,
    /// The language of both.
    pub language: Language,
}

/// A proposed answer that nobody has dealt with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct WaitingAnswer {
    /// The proposal.
    pub proposed: ProposedAnswer,
    /// Who proposes it.
    pub by: PolicyAuthor,
    /// When.
    pub at: Timestamp,
}

/// One version with its document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct PolicyDocument {
    /// The version.
    pub version: PolicyVersion,
    /// The document, as it was written.
    pub document: String,
    /// How it differs from the version it was made from.
    pub changes: Vec<PolicyChange>,
}

/// One difference between two documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct PolicyChange {
    /// The place, as `desk.capacity` or `hours[0].to`.
    pub path: String,
    /// The value before, JSON; absent where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The value after, JSON; absent where there is none any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// An error of a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct PolicyFault {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
    /// The error.
    pub reason: String,
}

/// What a draft would change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct PolicyPreview {
    /// Why it is no policy; absent where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<PolicyFault>,
    /// How its document differs from the one in force.
    pub changes: Vec<PolicyChange>,
    /// For whom the time in which they may enter changes, week by week, in the ninety days from its instant on.
    pub weeks: Vec<PolicyWeek>,
    /// The days of these that are not like other weeks: holidays and closures.
    pub days: Vec<PolicyDay>,
}

/// How the time in which somebody may enter changes in one week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct PolicyWeek {
    /// The Monday of the week, as `2026-11-30`.
    pub week: String,
    /// Who.
    pub category: Category,
    /// Through which portal.
    pub entry: EntryPoint,
    /// From which provinces, ISTAT codes; empty for all of Italy.
    pub provinces: Vec<String>,
    /// Minutes in that week by the version in force.
    pub before_minutes: u32,
    /// Minutes by the draft.
    pub after_minutes: u32,
}

/// A day on which the service is closed, or closed in part, by the draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct PolicyDay {
    /// The day, as `2026-12-08`.
    pub day: String,
    /// The name of the holiday or the reason of the closure, in Italian.
    pub reason: String,
    /// The hours that are left, as `15:00–16:00`; empty where there are none.
    pub hours: Vec<String>,
    /// The provinces it concerns, ISTAT codes; empty for all of Italy.
    pub provinces: Vec<String>,
}

/// A draft that is to be checked: the body of `POST /v1/policy/check`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct PolicyDraft {
    /// The document.
    pub document: String,
}

/// A draft that is to be a version: the body of `POST /v1/policy/versions`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct NewPolicy {
    /// The document.
    pub document: String,
    /// The version it was made from: the newest that is published, or the draft is out of date.
    pub base: u32,
    /// Why, in the author's words.
    pub reason: String,
    /// From when it is in force, RFC 3339; absent for at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

/// Why the service closes at once: a text in five languages is prepared for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum ClosingReason {
    /// Maintenance.
    Maintenance,
    /// A technical problem.
    Fault,
    /// A strike.
    Strike,
    /// A meeting of the staff.
    Assembly,
}

/// The service closes now: the body of `POST /v1/policy/closing`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct CloseNow {
    /// Until when, RFC 3339.
    pub until: String,
    /// The text for people.
    pub reason: ClosingReason,
}

/// The service banner: the body of `POST /v1/policy/banner`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct NewBanner {
    /// The text in the five languages; absent to take the banner down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<BannerText>,
    /// Until when, RFC 3339; absent for until it is taken down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// The text of a banner. Where a language is missing, people read Italian.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct BannerText {
    /// Italian.
    pub it: String,
    /// German.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub de: Option<String>,
    /// French.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fr: Option<String>,
    /// Slovene.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sl: Option<String>,
    /// English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}
