// SPDX-License-Identifier: EUPL-1.2
//! Frames of the desk's link: what an advisor sees of the queue, and what they do with it.
//!
//! The whole [`DeskPicture`] comes once, after `hello`; then [`DeskChanges`], which both ends compute and apply with the same
//! two functions. A conversation is handed to an advisor as an offer with an end; accepting makes it theirs.

mod block;
mod hold;
mod picture;
mod priority;

use infocig_protocol_derive::Wire;
use serde::{Deserialize, Serialize};

use crate::{
    entry::Outcome,
    id::{AdvisorId, ConversationId, MessageId, QueueId},
    language::Language,
    problem::Code,
    supervision::{Panel, SupervisorAct},
    time::Timestamp,
    topic::TopicPath,
};

pub use self::{
    block::BlockDraft,
    hold::{Hold, HoldDraft, HoldReason},
    picture::{
        AssignedConversation, AssignmentState, Colleague, DeskChanges, DeskPicture, Fit, Match,
        WaitingConversation, Why,
    },
    priority::{Priority, PriorityRule},
};

/// From an advisor's console to the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum DeskClientFrame {
    /// The first frame, always.
    Hello {
        /// The newest protocol version the console speaks.
        version: u16,
        /// The ticket of `POST /v1/desk/sessions`.
        ticket: String,
    },
    /// Say whether one can answer.
    Presence {
        /// From now on.
        presence: Presence,
    },
    /// Take a waiting conversation. Taking one's own again is harmless.
    Take {
        /// The conversation.
        conversation: ConversationId,
    },
    /// Accept an offer: from the queue, from a colleague, or to help one.
    Accept {
        /// The conversation.
        conversation: ConversationId,
    },
    /// Let an offer go by at once.
    Decline {
        /// The conversation.
        conversation: ConversationId,
    },
    /// Hand a conversation on. It stays in one's hands until somebody accepts it.
    Transfer {
        /// The conversation.
        conversation: ConversationId,
        /// To whom.
        to: TransferTo,
        /// A note for the next advisor.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<NoteDraft>,
    },
    /// Take back a transfer to a colleague, as long as they have not accepted. Without a transfer nothing changes.
    Retract {
        /// The conversation.
        conversation: ConversationId,
    },
    /// Put a conversation on hold: its person is told for about how long. On one that is on hold a new hold begins.
    Hold {
        /// The conversation.
        conversation: ConversationId,
        /// Why, and for how long.
        hold: HoldDraft,
    },
    /// Take a conversation off hold. A message of the advisor who holds it does so too. Without a hold nothing changes.
    Resume {
        /// The conversation.
        conversation: ConversationId,
    },
    /// Ask a colleague to join.
    Invite {
        /// The conversation.
        conversation: ConversationId,
        /// The colleague.
        advisor: AdvisorId,
    },
    /// Stop helping in a colleague's conversation.
    Leave {
        /// The conversation.
        conversation: ConversationId,
    },
    /// Write an internal note. Repeating the same `id` is harmless.
    Note {
        /// The conversation.
        conversation: ConversationId,
        /// The note.
        note: NoteDraft,
    },
    /// Ask for a conversation's notes.
    Notes {
        /// The conversation.
        conversation: ConversationId,
    },
    /// Keep a quick reply of one's own, in the place of the one with the same `id`. Repeating it is harmless.
    KeepReply {
        /// The reply, with an `id` that the console made. Its text has at most
        /// [`MAX_REPLY_CHARS`](crate::limits::MAX_REPLY_CHARS) characters in each language.
        reply: QuickReply,
    },
    /// Throw a quick reply of one's own away. Without such a reply nothing changes.
    DropReply {
        /// Its `id`.
        id: String,
    },
    /// End a conversation; or, once it is over, classify it and be free at once.
    Close {
        /// The conversation.
        conversation: ConversationId,
        /// The topic: the ids of three levels of `welcome.topics`.
        topic: TopicPath,
        /// The outcome of the conversation.
        outcome: Outcome,
    },
    /// Warn the person after abuse: both sides read it in the log. For the advisor who holds the conversation, and supervisors.
    Warn {
        /// The conversation.
        conversation: ConversationId,
    },
    /// For supervisors: end a conversation that an advisor holds, and let its person in again only after some hours.
    Block {
        /// The conversation.
        conversation: ConversationId,
        /// For how long, and why.
        block: BlockDraft,
    },
    /// For supervisors: lift a block.
    Lift {
        /// The conversation whose person is blocked.
        conversation: ConversationId,
        /// Why: 1 to [`MAX_REASON_CHARS`](crate::limits::MAX_REASON_CHARS) characters.
        reason: String,
    },
    /// For supervisors: hand a conversation to a colleague, who is asked to take it, or to the queue at once.
    Reassign {
        /// The conversation.
        conversation: ConversationId,
        /// To whom.
        to: TransferTo,
    },
    /// For supervisors: end a conversation that an advisor holds, or classify it for them.
    End {
        /// The conversation.
        conversation: ConversationId,
        /// The topic: the ids of three levels of `welcome.topics`.
        topic: TopicPath,
        /// The outcome of the conversation.
        outcome: Outcome,
    },
    /// For supervisors: answer a conversation oneself from here on, wherever it is.
    TakeOver {
        /// The conversation.
        conversation: ConversationId,
    },
    /// For supervisors: read and write in a conversation beside the advisor who holds it. `leave` ends it.
    Join {
        /// The conversation.
        conversation: ConversationId,
    },
    /// For supervisors: read a conversation that an advisor holds. `leave` ends it.
    Observe {
        /// The conversation.
        conversation: ConversationId,
    },
    /// For supervisors: write to the advisors of a conversation alone. Repeating the same `id` is harmless.
    Whisper {
        /// The conversation.
        conversation: ConversationId,
        /// The words.
        note: NoteDraft,
    },
}

/// To whom a conversation is handed on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum TransferTo {
    /// Back to where it waited, in its old place.
    Queue,
    /// To another queue of the desk, in the place of an instant of entry as early.
    OtherQueue(QueueId),
    /// To a colleague, if they accept.
    Advisor(AdvisorId),
}

/// An internal note as its author writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct NoteDraft {
    /// Made by the author's console, unique within the conversation.
    pub id: MessageId,
    /// 1 to [`MAX_NOTE_CHARS`](crate::limits::MAX_NOTE_CHARS) characters.
    pub text: String,
}

/// An internal note. It never leaves the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Note {
    /// As its author named it.
    pub id: MessageId,
    /// The author's name.
    pub advisor: String,
    /// When it was stored.
    pub at: Timestamp,
    /// The text, exactly as written.
    pub text: String,
    /// A supervisor said it to the advisors of the conversation.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub whisper: bool,
}

/// Whether an advisor can answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Takes what comes.
    Available,
    /// At the desk, takes nothing more for now.
    Busy,
    /// Away for a while.
    Paused,
    /// Finishes the own conversations and goes.
    Leaving,
    /// For supervisors: watches the desk, and is offered nothing.
    Supervising,
}

/// The way conversations are assigned to advisors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum AssignmentMode {
    /// The desk offers each to the least loaded advisor it fits.
    Automatic,
    /// Advisors take what fits them.
    Pull,
}

/// From the desk to an advisor's console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum DeskServerFrame {
    /// The answer to `hello`.
    Welcome(DeskWelcome),
    /// The whole picture, after `welcome`.
    Desk(DeskPicture),
    /// The difference to the last picture.
    Changed(DeskChanges),
    /// Notes of a conversation: all of them when asked for, then each new one.
    Notes {
        /// The conversation.
        conversation: ConversationId,
        /// In the order they were written.
        notes: Vec<Note>,
    },
    /// The advisor's own quick replies, whole: after `welcome` where there are any, and whenever they change.
    OwnReplies {
        /// In the order in which they were first kept.
        replies: Vec<QuickReply>,
    },
    /// For supervisors: the live panel, whole; after the picture, and whenever it changes.
    Panel(Box<Panel>),
    /// A supervisor did something about a conversation of this advisor.
    Supervised {
        /// The conversation.
        conversation: ConversationId,
        /// The act.
        act: SupervisorAct,
        /// The supervisor's name.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// A request was not accepted. If the link cannot go on, it is closed right after.
    Refused {
        /// The stable name of the reason.
        code: Code,
        /// One English sentence for developers.
        detail: String,
        /// The conversation this is about, when it is about one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        conversation: Option<ConversationId>,
    },
}

impl DeskServerFrame {
    /// Reads a frame. `None` for one of a newer version, which is ignored.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

/// The settings of the desk and of its advisor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct DeskWelcome {
    /// The version both ends now use.
    pub version: u16,
    /// The first of the advisor's queues.
    pub queue: QueueId,
    /// Every queue of the desk, in the order of the policy; absent where it has one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub queues: Vec<DeskQueue>,
    /// The advisor's name as people will read it.
    pub advisor: String,
    /// The advisor's id among `colleagues`.
    pub id: AdvisorId,
    /// The most conversations an advisor may have at once.
    pub capacity: u32,
    /// The way conversations are assigned.
    pub assignment: AssignmentMode,
    /// The topics of conversations: three levels.
    pub topics: Vec<Topic>,
    /// Texts to answer with.
    pub replies: Vec<QuickReply>,
    /// The provinces whose offices something can be handed to, by name.
    #[serde(default)]
    pub provinces: Vec<ProvinceName>,
    /// The advisor is a supervisor: may supervise, and is sent the panel.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub supervisor: bool,
    /// The minutes after which a hold can remind its advisor. Empty where nothing can be put on hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hold_minutes: Vec<u16>,
    /// The hours for which a supervisor can block a person. Empty where nobody can be blocked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub block_hours: Vec<u16>,
    /// Supervisors may see figures of single advisors and search by advisor.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub per_advisor: bool,
    /// An advisor may offer a call to the person whose conversation they hold.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub calls: bool,
}

/// A queue of a desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct DeskQueue {
    /// Its id.
    pub id: QueueId,
    /// The name advisors read.
    pub name: String,
    /// Whether the advisor belongs to it: is shown and offered its conversations. To the others they can transfer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own: bool,
}

/// A province.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct ProvinceName {
    /// Its ISTAT code: three digits.
    pub code: String,
    /// Its Italian name.
    pub name: String,
}

/// A topic of conversations. The third level has nothing below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// Its stable name.
    pub id: String,
    /// The name advisors read.
    pub name: String,
    /// The level below.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<Self>,
}

/// A text an advisor need not write anew. `{nome}` stands for the person's name and `{consulente}` for the advisor's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct QuickReply {
    /// Its stable name, which also finds it.
    pub id: String,
    /// The name advisors search for.
    pub name: String,
    /// The text the person reads, in Italian.
    pub text: String,
    /// The text in other languages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub translations: Vec<Translation>,
}

impl QuickReply {
    /// The text in a language, or in Italian where it is not said in that one; with its language.
    pub fn text_in(&self, language: Language) -> (&str, Language) {
        let found = self.translations.iter().find(|one| one.language == language);
        found.map_or((&self.text, Language::It), |one| (&one.text, language))
    }
}

/// A text in another language than Italian.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Translation {
    /// The language.
    pub language: Language,
    /// The text.
    pub text: String,
}
