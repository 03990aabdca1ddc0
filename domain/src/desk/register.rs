// SPDX-License-Identifier: EUPL-1.2
//! The register: one row for each conversation that left a desk, without a word of its messages and without a name.

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
    /// What it was about, according to the portal.
    pub about: Option<Skill>,
    /// When they entered.
    pub opened: Timestamp,
    /// When an advisor first accepted it; absent if none did.
    pub answered: Option<Timestamp>,
    /// When it ended.
    pub ended: Timestamp,
    /// The side that ended it.
    pub ended_by: Party,
    /// The topic, as the advisor gave it.
    pub topic: Option<TopicPath>,
    /// The outcome, where it is known.
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

/// A person's rating of a conversation that is over, for its row. It may come before the row, which waits for the wrap-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rated {
    /// The conversation.
    pub conversation: ConversationId,
    /// The newest answer.
    pub rating: Answer,
}

/// A notification to the register. The two kinds differ in their members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RegisterNotification {
    /// The row of a conversation.
    Row(Box<RegisterRow>),
    /// How its person rated it.
    Rated(Rated),
}

/// The numbers of a conversation on its desk, so far.
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
