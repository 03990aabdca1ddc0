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
    supervision::SupervisorAct,
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

/// A page of the audit trail, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct AuditTrail {
    /// The acts.
    pub acts: Vec<AuditedAct>,
    /// The cursor of the next page; absent at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The state of the chain; on the first page, for whoever may read all rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chain: Option<AuditChain>,
}

/// The state of the chain of the audit trail, to be noted elsewhere: a trail that was written anew has another head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct AuditChain {
    /// How many rows there are.
    pub rows: u64,
    /// The number of the newest row; 0 before the first.
    pub number: u64,
    /// Its hash: SHA-256, 64 hexadecimal digits.
    pub head: String,
}

/// An act of somebody of the staff that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct AuditedAct {
    /// The number of its row, from 1 without gaps.
    pub row: u64,
    /// When.
    pub at: Timestamp,
    /// Somebody's id; absent where nobody is known, of a refused sign-in, and where the service did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<AdvisorId>,
    /// The roles they did it in, by their words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// The kind.
    pub act: AuditedKind,
    /// The conversation, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
    /// The number of that conversation, as people read and say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The queue, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueId>,
    /// The other thing it is about: the number of a version, the key of a segnalazione.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// What a request asked for, in the order of the parameters' names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<Asked>,
    /// The reason, of acts that need one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<AuditDetails>,
    /// The id of the request, by which it is found in the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// Whether it was copied from a desk's trail of a time before the chain, which vouches for it only from then on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub before_chain: bool,
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
/// [`SupervisorAct`](crate::supervision::SupervisorAct), looks at what is stored, sign-ins, and changes of rules and of what is
/// kept. A kind is never taken out and never renamed: rows of years ago have it.
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
    /// Read a report about no single person.
    ReadReport,
    /// Took a conversation from the queue or from a colleague, or came to help with it: reads and writes.
    Accepted,
    /// Read a conversation on paper.
    ReadTranscript,
    /// Read the cases of the person of a conversation.
    ReadCases,
    /// Opened the list of segnalazioni.
    ReadSegnalazioni,
    /// Had a segnalazione sent again.
    RetriedSegnalazione,
    /// Read the audit trail.
    ReadAudit,
    /// Exported the audit trail.
    ExportedAudit,
    /// Signed in.
    SignedIn,
    /// Signed out, or was signed out by the provider.
    SignedOut,
    /// Wanted to sign in and was refused.
    SignInRefused,
    /// Proposed a version of the rules, for somebody else to approve.
    ProposedRules,
    /// Published a version of the rules.
    PublishedRules,
    /// Published the text of an earlier version again.
    RestoredRules,
    /// Approved a version of somebody else.
    ApprovedRules,
    /// Took back a version that was not in force yet.
    WithdrewRules,
    /// Closed the service at once.
    ClosedService,
    /// Opened it again.
    ReopenedService,
    /// Put the banner up.
    PutBannerUp,
    /// Took the banner down.
    TookBannerDown,
    /// Looked at what a rule of retention would erase.
    PreviewedErasure,
    /// Erased a person's data.
    ErasedPerson,
    /// Held a person's data, so that nothing erases it.
    HeldPerson,
    /// Lifted that hold.
    ReleasedPerson,
    /// Read everything about a person, for their request.
    ExportedPerson,
    /// The oldest rows of the audit trail were cut off, after their time.
    CutAudit,
}

impl From<SupervisorAct> for AuditedKind {
    fn from(act: SupervisorAct) -> Self {
        match act {
            SupervisorAct::Reassigned => Self::Reassigned,
            SupervisorAct::Ended => Self::Ended,
            SupervisorAct::TookOver => Self::TookOver,
            SupervisorAct::Joined => Self::Joined,
            SupervisorAct::Observes => Self::Observes,
            SupervisorAct::LeftOff => Self::LeftOff,
            SupervisorAct::Whispered => Self::Whispered,
            SupervisorAct::Warned => Self::Warned,
            SupervisorAct::Blocked => Self::Blocked,
            SupervisorAct::Lifted => Self::Lifted,
        }
    }
}
