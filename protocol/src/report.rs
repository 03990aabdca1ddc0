// SPDX-License-Identifier: EUPL-1.2
//! Documents for supervisors: reports, conversations found, comments, the audit trail. `docs/supervision.openapi.yaml` describes
//! the requests.

use infocig_protocol_derive::Wire;
use serde::{Deserialize, Serialize};

use crate::{
    entry::Outcome,
    figures::{Dimension, Figures},
    id::{AdvisorId, ConversationId, QueueId},
    language::Language,
    person::{Category, EntryPoint},
    rating::Answer,
    time::Timestamp,
    topic::TopicPath,
};

/// Figures of the days of a range. Days are those of Italy, as `2026-11-30`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Report {
    /// The queues it is about.
    pub queues: Vec<QueueId>,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// The dimension of its rows.
    pub by: Dimension,
    /// The service level's time, as it is now. Sums of the past keep the one of their time.
    pub answer_within_seconds: u32,
    /// Until when an abandonment is short, as it is now.
    pub short_abandonment_seconds: u32,
    /// The figures of the range.
    pub total: Figures,
    /// The figures of as many days before it.
    pub before: Figures,
    /// The figures by value of the dimension, in the order of values.
    pub rows: Vec<ReportRow>,
    /// The figures of each day of a range of at most 400 days, or else of each month of it, in order. Months at both ends may
    /// be parts of months.
    pub series: Vec<ReportPoint>,
}

/// The figures of one value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct ReportRow {
    /// The value; `-` where it is not known.
    pub value: String,
    /// The figures.
    pub figures: Figures,
}

/// The figures of one day or month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct ReportPoint {
    /// The day or month: `2026-11-30`, `2026-11`.
    pub period: String,
    /// The figures.
    pub figures: Figures,
}

/// A page of conversations that were searched for, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct FoundConversations {
    /// The conversations.
    pub conversations: Vec<FoundConversation>,
    /// The cursor of the next page; absent at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A conversation as the register knows it. It names nobody: the advisor is an id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct FoundConversation {
    /// Its id.
    pub conversation: ConversationId,
    /// The number people read and say.
    pub number: String,
    /// The queue it last waited in.
    pub queue: QueueId,
    /// When the person entered.
    pub entered: Timestamp,
    /// When an advisor first accepted it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<Timestamp>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Timestamp>,
    /// The capacity the person wrote in.
    pub category: Category,
    /// ISTAT code of their province.
    pub province: String,
    /// The language they read.
    pub language: Language,
    /// The portal they came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_point: Option<EntryPoint>,
    /// The topic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<TopicPath>,
    /// The outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// The advisor who held it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advisor: Option<AdvisorId>,
    /// The rating of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<Answer>,
    /// Whether it was written while nobody could answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub request: bool,
}

/// A page of comments, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Comments {
    /// The comments.
    pub comments: Vec<PersonComment>,
    /// The cursor of the next page; absent at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// The comment of a person beside their rating.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct PersonComment {
    /// The conversation.
    pub conversation: ConversationId,
    /// The number people read and say.
    pub number: String,
    /// When it was written.
    pub commented: Timestamp,
    /// The text.
    pub text: String,
    /// The rating beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<Answer>,
    /// The topic of the conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<TopicPath>,
    /// When a supervisor had read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handled: Option<Timestamp>,
    /// The id of that supervisor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handled_by: Option<AdvisorId>,
}

/// A page of the audit trail of a desk, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct AuditTrail {
    /// The acts.
    pub acts: Vec<AuditedAct>,
    /// The cursor of the next page; absent at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// An act of a supervisor that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct AuditedAct {
    /// When.
    pub at: Timestamp,
    /// The supervisor.
    pub supervisor: AdvisorId,
    /// The kind.
    pub act: AuditedKind,
    /// The conversation, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
    /// The number of that conversation, as people read and say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// What a request asked for, in the order of the parameters' names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<Asked>,
    /// The reason, of acts that need one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<AuditDetails>,
}

/// The reason of an act, as its supervisor gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct AuditDetails {
    /// Until when, of a block.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Why.
    pub reason: String,
    /// Why the person was not warned before, of a block without a warning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unwarned: Option<String>,
}

/// A parameter of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Asked {
    /// Its name.
    pub name: String,
    /// Its value; absent where it names a person or their case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// The kinds of acts in the audit trail: those on conversations, by the names of
/// [`SupervisorAct`](crate::supervision::SupervisorAct), and looks at what is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum AuditedKind {
    /// Handed it to a colleague, or back to the queue.
    Reassigned,
    /// Ended it.
    Ended,
    /// Took it into their own hands.
    TookOver,
    /// Joined: reads and writes.
    Joined,
    /// Began to read.
    Observes,
    /// Reads no more.
    LeftOff,
    /// Wrote to its advisors alone.
    Whispered,
    /// Warned its person. Advisors do so too.
    Warned,
    /// Blocked its person, which ended it.
    Blocked,
    /// Lifted the block.
    Lifted,
    /// Searched for conversations.
    Searched,
    /// Opened comments of people.
    ReadComments,
    /// Marked a comment as handled.
    HandledComment,
    /// Exported a report as CSV.
    Exported,
    /// Read a report by advisor.
    ReadAdvisors,
}
