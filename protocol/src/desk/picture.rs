// SPDX-License-Identifier: EUPL-1.2
//! The desk as one advisor sees it, and the changes between two such pictures.

use infocig_protocol_derive::Wire;
use serde::{Deserialize, Serialize};

use super::{Presence, hold::Hold, priority::Priority};
use crate::{
    id::{AdvisorId, ConversationId, QueueId},
    person::PersonCard,
    time::Timestamp,
};

/// The desk as one advisor sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct DeskPicture {
    /// Whether this advisor takes what comes.
    pub presence: Presence,
    /// Waiting conversations, in the order of answering.
    pub waiting: Vec<WaitingConversation>,
    /// The advisor's own conversations and offers, oldest first.
    pub mine: Vec<AssignedConversation>,
    /// Everybody at the desk who shares a queue with this advisor, by name.
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
    /// The queue it waits in; absent where the advisor belongs to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueId>,
    /// The waiting person.
    pub person: PersonCard,
    /// The connection of its advisor was lost: it goes before all others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub returned: bool,
    /// Why it goes before others that have waited as long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// Whether this advisor is one of those for it.
    pub fit: Fit,
}

impl WaitingConversation {
    /// The order in which conversations are answered.
    pub fn order(&self) -> (bool, Timestamp, &ConversationId) {
        let worth = self.priority.map_or(0, Priority::worth_ms);
        (!self.returned, self.since.plus_millis(-worth), &self.conversation)
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
    /// Opens the conversation's socket for this advisor; absent for what is only offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// When it entered its state.
    pub since: Timestamp,
    /// When the person began to wait for the first time.
    pub arrived: Timestamp,
    /// The queue it waits, or last waited, in; absent where the desk has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueId>,
    /// The person.
    pub person: PersonCard,
    /// The state of the assignment.
    pub state: AssignmentState,
    /// The reason of the assignment.
    pub why: Why,
    /// Why it went before others that had waited as long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
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
        /// They have put it on hold.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on_hold: Option<Hold>,
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
    /// The queues they share with this advisor; absent where this advisor belongs to one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub queues: Vec<QueueId>,
}

impl Colleague {
    fn order(&self) -> (&str, &AdvisorId) {
        (&self.name, &self.advisor)
    }
}
