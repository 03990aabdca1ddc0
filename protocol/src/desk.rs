// SPDX-License-Identifier: EUPL-1.2
//! Frames of the desk's link: the advisor's picture of the queue, and their commands.
//!
//! The whole [`DeskPicture`] comes once, after `hello`; then [`DeskChanges`], which both ends compute and apply with the same
//! two functions. A conversation is handed to an advisor as an offer with an end; accepting makes it theirs.

use infocig_protocol_derive::Wire;
use serde::{Deserialize, Serialize};

use crate::{
    entry::Outcome,
    id::{AdvisorId, ConversationId, MessageId, QueueId},
    person::PersonCard,
    problem::Code,
    supervision::{Panel, SupervisorAct},
    time::Timestamp,
    topic::TopicPath,
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
    /// End a conversation; or, once it is over, classify it and be free at once.
    Close {
        /// The conversation.
        conversation: ConversationId,
        /// The topic: the ids of three levels of `welcome.topics`.
        topic: TopicPath,
        /// The outcome of the conversation.
        outcome: Outcome,
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
    /// The queue this desk serves.
    pub queue: QueueId,
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
#[serde(deny_unknown_fields)]
pub struct QuickReply {
    /// Its stable name, which also finds it.
    pub id: String,
    /// The name advisors search for.
    pub name: String,
    /// The text the person reads.
    pub text: String,
}

/// The desk as one advisor sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct DeskPicture {
    /// Whether this advisor takes what comes.
    pub presence: Presence,
    /// Waiting conversations, in the order of answering.
    pub waiting: Vec<WaitingConversation>,
    /// The advisor's own conversations and offers, oldest first.
    pub mine: Vec<AssignedConversation>,
    /// Everybody at the desk, by name.
    pub colleagues: Vec<Colleague>,
}

/// The difference between two pictures. An absent member is unchanged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct DeskChanges {
    /// The advisor's own presence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presence: Option<Presence>,
    /// Conversations that no longer wait.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting_removed: Vec<ConversationId>,
    /// Conversations that wait since, or whose entry changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<WaitingConversation>,
    /// The advisor's own conversations, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mine: Option<Vec<AssignedConversation>>,
    /// Colleagues who are gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub colleagues_removed: Vec<AdvisorId>,
    /// Colleagues who came or changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub colleagues: Vec<Colleague>,
}

impl DeskPicture {
    /// The difference to an earlier picture; `None` if there is none.
    pub fn changes_since(&self, before: &Self) -> Option<DeskChanges> {
        let changes = DeskChanges {
            presence: (self.presence != before.presence).then_some(self.presence),
            waiting_removed: gone(&before.waiting, &self.waiting, |one| &one.conversation),
            waiting: new(&before.waiting, &self.waiting, |one| &one.conversation),
            mine: (self.mine != before.mine).then(|| self.mine.clone()),
            colleagues_removed: gone(&before.colleagues, &self.colleagues, |one| &one.advisor),
            colleagues: new(&before.colleagues, &self.colleagues, |one| &one.advisor),
        };
        (changes != DeskChanges::default()).then_some(changes)
    }

    /// The picture after some changes.
    pub fn apply(&mut self, changes: DeskChanges) {
        let DeskChanges { presence, waiting_removed, waiting, mine, colleagues_removed, colleagues } =
            changes;
        self.presence = presence.unwrap_or(self.presence);
        self.mine = mine.unwrap_or_else(|| std::mem::take(&mut self.mine));
        replace(&mut self.waiting, waiting, &waiting_removed, |one| &one.conversation);
        self.waiting.sort_by(|a, b| a.order().cmp(&b.order()));
        replace(&mut self.colleagues, colleagues, &colleagues_removed, |one| &one.advisor);
        self.colleagues.sort_by(|a, b| a.order().cmp(&b.order()));
    }
}

fn gone<T, K: Ord + Clone>(before: &[T], after: &[T], key: impl Fn(&T) -> &K) -> Vec<K> {
    let kept: std::collections::BTreeSet<&K> = after.iter().map(&key).collect();
    before.iter().map(&key).filter(|key| !kept.contains(key)).cloned().collect()
}

fn new<T: PartialEq + Clone, K: Ord>(before: &[T], after: &[T], key: impl Fn(&T) -> &K) -> Vec<T> {
    let known: std::collections::BTreeMap<&K, &T> = before.iter().map(|one| (key(one), one)).collect();
    after.iter().filter(|one| known.get(key(one)) != Some(one)).cloned().collect()
}

fn replace<T, K: Ord>(list: &mut Vec<T>, changed: Vec<T>, gone: &[K], key: impl Fn(&T) -> &K) {
    list.retain(|one| !gone.contains(key(one)) && !changed.iter().any(|other| key(other) == key(one)));
    list.extend(changed);
}

/// A conversation in nobody's hands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct WaitingConversation {
    /// The conversation.
    pub conversation: ConversationId,
    /// When the person began to wait; for a conversation that came back to the queue, when they began the first time.
    pub since: Timestamp,
    /// The waiting person.
    pub person: PersonCard,
    /// The connection of its advisor was lost: it goes before all others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub returned: bool,
    /// Whether this advisor is one of those for it.
    pub fit: Fit,
}

impl WaitingConversation {
    /// The order in which conversations are answered.
    pub fn order(&self) -> (bool, Timestamp, &ConversationId) {
        (!self.returned, self.since, &self.conversation)
    }
}

/// Whether an advisor is one of those for a waiting conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// This advisor is one of them, and the reason.
    Yours(Why),
    /// Others at the desk are.
    Others {},
    /// Nobody at the desk is: anybody may take it.
    Nobody {},
}

/// The reason why a conversation came to an advisor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Why {
    /// The rule that decided: the one that holds from so many minutes of waiting.
    pub after_minutes: u16,
    /// In what the advisor and the person had to agree, and did.
    pub agree: Vec<Match>,
}

/// An attribute in which an advisor and a person agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum Match {
    /// The person's category is one the advisor answers.
    Category,
    /// The advisor speaks the person's language.
    Language,
    /// The person's province is one the advisor looks after.
    Province,
    /// So is one of the same region.
    Region,
    /// The advisor is versed in what the question is about.
    Skill,
}

/// A conversation of this advisor, or one that could become so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct AssignedConversation {
    /// The conversation.
    pub conversation: ConversationId,
    /// Opens the conversation's socket for this advisor; absent for one that is only offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// When it entered its state.
    pub since: Timestamp,
    /// When the person began to wait for the first time.
    pub arrived: Timestamp,
    /// The person.
    pub person: PersonCard,
    /// The state of the assignment.
    pub state: AssignmentState,
    /// The reason of the assignment.
    pub why: Why,
}

/// The state of a conversation of an advisor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum AssignmentState {
    /// Offered: theirs, if they accept in time.
    Offered {
        /// Goes to the next one from here.
        until: Timestamp,
        /// The colleague who hands it on; absent when it comes from the queue.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
    },
    /// A colleague asks them to join.
    Invited {
        /// The question lapses here.
        until: Timestamp,
        /// The colleague's name.
        by: String,
    },
    /// They answer it.
    Held {
        /// Names of colleagues who read and write too.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        helpers: Vec<String>,
        /// To whom it is being handed on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        transferring_to: Option<String>,
        /// They have ended it, and the conversation has not confirmed.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        ending: bool,
        /// Names of supervisors who read.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        observers: Vec<String>,
    },
    /// They help a colleague.
    Helping {
        /// The name of the advisor who answers it.
        holder: String,
    },
    /// They read it as a supervisor, and cannot write.
    Observing {
        /// The name of the advisor who answers it.
        holder: String,
    },
    /// Closed, and still counted in the load.
    WrapUp {
        /// The place is free from here.
        until: Timestamp,
        /// Its topic is yet to be set.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        topic_missing: bool,
    },
}

/// An advisor at the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Colleague {
    /// Their id.
    pub advisor: AdvisorId,
    /// The name people read.
    pub name: String,
    /// Whether they take what comes.
    pub presence: Presence,
    /// Their connection is lost; their conversations return to the queue if it does not come back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lost: bool,
    /// How many conversations they have.
    pub load: u32,
}

impl Colleague {
    fn order(&self) -> (&str, &AdvisorId) {
        (&self.name, &self.advisor)
    }
}
