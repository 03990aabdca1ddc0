// SPDX-License-Identifier: EUPL-1.2
//! The register: one row for each conversation that left a desk, without a word of what was said and without a name.

use infocig_protocol::{
    desk::TopicPath,
    entry::{Outcome, Party},
    id::{ConversationId, QueueId},
    language::Language,
    person::{Category, Skill},
    rating::Answer,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// What is kept of a conversation for reporting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterRow {
    /// The conversation: a name that leads to nobody once the person is erased.
    pub conversation: ConversationId,
    /// The queue it waited in.
    pub queue: QueueId,
    /// The capacity the person wrote in.
    pub category: Category,
    /// ISTAT code of the province that counts for them.
    pub province: String,
    /// The language they read the service in.
    pub language: Language,
    /// What it was about, as the portal said.
    pub about: Option<Skill>,
    /// When they entered.
    pub opened: Timestamp,
    /// When an advisor first accepted it; absent if none did.
    pub answered: Option<Timestamp>,
    /// When it ended.
    pub ended: Timestamp,
    /// Who ended it.
    pub ended_by: Party,
    /// What it was about, as the advisor said.
    pub topic: Option<TopicPath>,
    /// What came of it, where somebody said or it is plain.
    pub outcome: Option<Outcome>,
    /// How often it waited.
    pub waits: u32,
    /// For how long it waited, all waits together, in milliseconds.
    pub waited_ms: i64,
    /// How often it was offered to an advisor from the queue.
    pub offers: u32,
    /// How often an advisor was lost and it came back to the front.
    pub returns: u32,
    /// How often it was handed on, to a colleague or to the queue.
    pub transfers: u32,
}

/// What a person said of a conversation that is over, for its row. It may come before the row, which waits for the wrap-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rated {
    /// The conversation.
    pub conversation: ConversationId,
    /// The newest thing they said.
    pub rating: Answer,
}

/// What the register is told. The letters of either are told apart by their members: rows came first, and are written as they
/// were.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RegisterNotification {
    /// How a conversation fared.
    Row(Box<RegisterRow>),
    /// What its person said of it.
    Rated(Rated),
}

/// How a conversation fared on the desk, so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationStats {
    /// When an advisor first accepted it.
    pub answered: Option<Timestamp>,
    /// How often it has waited.
    pub waits: u32,
    /// For how long, ended waits only.
    pub waited_ms: i64,
    /// How often it was offered from the queue.
    pub offers: u32,
    /// How often its advisor was lost.
    pub returns: u32,
    /// How often it was handed on.
    pub transfers: u32,
}
