// SPDX-License-Identifier: EUPL-1.2
//! Documents for supervisors: reports, conversations found, comments. `docs/supervision.openapi.yaml` describes the requests.

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
