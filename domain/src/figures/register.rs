// SPDX-License-Identifier: EUPL-1.2
//! The notifications to the register: records, events that follow them, and comments of people.

use infocig_protocol::{
    entry::{Outcome, Party},
    id::{ConversationId, QueueId},
    language::Language,
    person::Category,
    rating::Answer,
    skill::Skill,
    time::Timestamp,
    topic::TopicPath,
};
use serde::{Deserialize, Serialize};

use super::{
    advisor_time::AdvisorTime,
    event::{Entered, Event, EventKind},
    record::{Record, Stage},
};

/// A notification to the register. The kinds differ in their members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RegisterNotification {
    /// The record of a conversation that left its desk, or of a written request.
    Record(Box<Record>),
    /// Something that happened to a conversation later, or to a written request. It may come before the record.
    Event(Event),
    /// How an advisor's time passed.
    Time(AdvisorTime),
    /// The comment of the person.
    Comment(Comment),
    /// Whether a conversation is forgotten.
    Forgotten(Forgotten),
    /// A record as it was sent before figures had events.
    Row(Box<RegisterRow>),
    /// A rating as it was sent before.
    Rated(Rated),
}

/// A person's comment on a conversation that is over. The newest one counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// The conversation.
    pub conversation: ConversationId,
    /// When it was written.
    pub commented: Timestamp,
    /// The text; absent when the person took it back.
    pub text: Option<String>,
}

/// The answer of a conversation that was asked to be forgotten.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forgotten {
    /// The conversation.
    pub conversation: ConversationId,
    /// Whether nothing is left of it; otherwise it is not due yet, goes on, or waits for an office.
    pub forgotten: bool,
}

/// The form of a record before figures had events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterRow {
    conversation: ConversationId,
    queue: QueueId,
    category: Category,
    province: String,
    language: Language,
    about: Option<Skill>,
    opened: Timestamp,
    answered: Option<Timestamp>,
    ended: Timestamp,
    ended_by: Party,
    topic: Option<TopicPath>,
    outcome: Option<Outcome>,
    waits: u32,
    waited_ms: i64,
    offers: u32,
    returns: u32,
    transfers: u32,
}

/// A rating as it was sent before figures had events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rated {
    conversation: ConversationId,
    rating: Answer,
}

impl From<RegisterRow> for Record {
    fn from(row: RegisterRow) -> Self {
        let RegisterRow { queue, category, province, language, about, .. } = row;
        let entered = Entered { queue, category, province, language, entry_point: None, about };
        Self {
            answered: row.answered,
            stage: Stage::Ended {},
            ended: Some(row.ended),
            ended_by: Some(row.ended_by),
            topic: row.topic,
            outcome: row.outcome,
            waits: row.waits,
            waited_ms: row.waited_ms,
            held_ms: row.answered.map_or(0, |answered| row.ended.as_millis() - answered.as_millis()),
            offers: row.offers,
            returns: row.returns,
            transfers: row.transfers,
            ..Self::new(row.conversation, row.opened, entered)
        }
    }
}

impl Rated {
    /// The event; the instant of it was not sent.
    pub fn into_event(self, at: Timestamp) -> Event {
        Event { conversation: self.conversation, at, kind: EventKind::Rated { rating: self.rating } }
    }
}
