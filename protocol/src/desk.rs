// SPDX-License-Identifier: EUPL-1.2
//! Frames of the desk's link: what an advisor sees of the queue, and what they do with it.
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
    time::Timestamp,
};

/// From an advisor's console to the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum DeskClientFrame {
    /// The first frame, always.
    Hello {
        /// The newest protocol version the console speaks.
        version: u16,
        /// What `POST /v1/desk/sessions` handed out.
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
    /// Accept what was offered: from the queue, from a colleague, or to help one.
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
        /// What the next one must know.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<NoteDraft>,
    },
    /// Take back what is being handed to a colleague, as long as they have not accepted. Where nothing is, nothing changes.
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
    /// End a conversation; or, once it is over, say what it was and be free at once.
    Close {
        /// The conversation.
        conversation: ConversationId,
        /// What it was about: the ids of three levels of `welcome.topics`.
        topic: TopicPath,
        /// What came of it.
        outcome: Outcome,
    },
}

/// The three levels of a topic (*tripletta*), from the widest.
pub type TopicPath = [String; 3];

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
    /// Ends what is in hand and goes.
    Leaving,
}

/// How conversations come to advisors.
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
    /// What changed in it since.
    Changed(DeskChanges),
    /// Notes of a conversation: all of them when asked for, then each new one.
    Notes {
        /// The conversation.
        conversation: ConversationId,
        /// In the order they were written.
        notes: Vec<Note>,
    },
    /// Something was not accepted. If the link cannot go on, it is closed right after.
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

/// What a console must know of the desk and of whom it works for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct DeskWelcome {
    /// The version both ends now use.
    pub version: u16,
    /// The queue this desk serves.
    pub queue: QueueId,
    /// The advisor's name as people will read it.
    pub advisor: String,
    /// Who they are among `colleagues`.
    pub id: AdvisorId,
    /// How many conversations an advisor may have.
    pub capacity: u32,
    /// How conversations come.
    pub assignment: AssignmentMode,
    /// What conversations can be about: three levels.
    pub topics: Vec<Topic>,
    /// Texts to answer with.
    pub replies: Vec<QuickReply>,
    /// The provinces whose offices something can be handed to, by name.
    #[serde(default)]
    pub provinces: Vec<ProvinceName>,
}

/// A province.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct ProvinceName {
    /// Its ISTAT code: three digits.
    pub code: String,
    /// What people call it.
    pub name: String,
}

/// What a conversation can be about. The third level has nothing below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// Its stable name.
    pub id: String,
    /// What advisors read.
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
    /// What advisors look for.
    pub name: String,
    /// What the person reads.
    pub text: String,
}

/// The desk as one advisor sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct DeskPicture {
    /// Whether this advisor takes what comes.
    pub presence: Presence,
    /// Who waits, in the order in which they are answered.
    pub waiting: Vec<WaitingConversation>,
    /// The advisor's own conversations and offers, oldest first.
    pub mine: Vec<AssignedConversation>,
    /// Everybody at the desk, by name.
    pub colleagues: Vec<Colleague>,
}

/// What changed between two pictures. What is absent is as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct DeskChanges {
    /// The advisor's own presence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presence: Option<Presence>,
    /// Who waits no more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting_gone: Vec<ConversationId>,
    /// Who waits since, or waits otherwise than before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<WaitingConversation>,
    /// The advisor's own conversations, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mine: Option<Vec<AssignedConversation>>,
    /// Colleagues who are gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub colleagues_gone: Vec<AdvisorId>,
    /// Colleagues who came or changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub colleagues: Vec<Colleague>,
}

impl DeskPicture {
    /// What changed since an earlier picture; `None` if nothing did.
    pub fn changes_since(&self, before: &Self) -> Option<DeskChanges> {
        let changes = DeskChanges {
            presence: (self.presence != before.presence).then_some(self.presence),
            waiting_gone: gone(&before.waiting, &self.waiting, |one| &one.conversation),
            waiting: new(&before.waiting, &self.waiting, |one| &one.conversation),
            mine: (self.mine != before.mine).then(|| self.mine.clone()),
            colleagues_gone: gone(&before.colleagues, &self.colleagues, |one| &one.advisor),
            colleagues: new(&before.colleagues, &self.colleagues, |one| &one.advisor),
        };
        (changes != DeskChanges::default()).then_some(changes)
    }

    /// The picture after some changes.
    pub fn apply(&mut self, changes: DeskChanges) {
        let DeskChanges { presence, waiting_gone, waiting, mine, colleagues_gone, colleagues } = changes;
        self.presence = presence.unwrap_or(self.presence);
        self.mine = mine.unwrap_or_else(|| std::mem::take(&mut self.mine));
        replace(&mut self.waiting, waiting, &waiting_gone, |one| &one.conversation);
        self.waiting.sort_by(|a, b| a.order().cmp(&b.order()));
        replace(&mut self.colleagues, colleagues, &colleagues_gone, |one| &one.advisor);
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
    /// Since when the person waits; for who came back to the queue, since when they waited first.
    pub since: Timestamp,
    /// Who waits.
    pub person: PersonCard,
    /// It was in the hands of an advisor who was lost: it goes before all others.
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
    /// They are, and why.
    Yours(Why),
    /// Others at the desk are.
    Others {},
    /// Nobody at the desk is: anybody may take it.
    Nobody {},
}

/// Why a conversation came to an advisor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Why {
    /// The rule that decided: the one that holds from so many minutes of waiting.
    pub after_minutes: u16,
    /// In what the advisor and the person had to agree, and did.
    pub agree: Vec<Match>,
}

/// Something in which an advisor and a person agree.
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
    /// Opens the conversation's socket for this advisor; absent for what is only offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// Since when it is so.
    pub since: Timestamp,
    /// Since when the person is there: waits, or first waited.
    pub arrived: Timestamp,
    /// Who asks.
    pub person: PersonCard,
    /// How it is the advisor's.
    pub state: AssignmentState,
    /// Why it came to them.
    pub why: Why,
}

/// How a conversation is an advisor's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum AssignmentState {
    /// Theirs, if they accept it in time.
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
        /// Who asks.
        by: String,
    },
    /// They answer it.
    Held {
        /// Who else reads and writes.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        helpers: Vec<String>,
        /// To whom it is being handed on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        passing_to: Option<String>,
        /// They have ended it, and the conversation is yet to hear.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        ending: bool,
    },
    /// They help a colleague.
    Helping {
        /// Who answers it.
        holder: String,
    },
    /// It is over, and still takes up a place.
    WrapUp {
        /// The place is free from here.
        until: Timestamp,
        /// What it was about is yet to be said.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        topic_missing: bool,
    },
}

/// Somebody at the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Colleague {
    /// Who.
    pub advisor: AdvisorId,
    /// The name people read.
    pub name: String,
    /// Whether they take what comes.
    pub presence: Presence,
    /// Their connection is lost; what they hold is given back if it does not return.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lost: bool,
    /// How many places are taken.
    pub load: u32,
}

impl Colleague {
    fn order(&self) -> (&str, &AdvisorId) {
        (&self.name, &self.advisor)
    }
}
