// SPDX-License-Identifier: EUPL-1.2
//! The live panel of a desk for its supervisors, and the alerts it gives rise to.
//!
//! A panel holds instants and not ages: it stays right while nothing happens. It names advisors, and of the people
//! who ask those alone who are blocked.

use infocig_protocol_derive::Wire;
use serde::{Deserialize, Serialize};

use crate::{
    desk::{Hold, Presence, Priority},
    entry::Party,
    figures::Figures,
    id::{AdvisorId, ConversationId, QueueId},
    language::Language,
    person::Category,
    time::Timestamp,
};

/// A desk as its supervisors see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Panel {
    /// The instant it was made.
    pub at: Timestamp,
    /// The first of the supervisor's queues.
    pub queue: QueueId,
    /// Each of the supervisor's queues; absent where there is one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub queues: Vec<QueueOnPanel>,
    /// The conversations that wait.
    pub waiting: PanelQueue,
    /// Conversations that an advisor is asked to take.
    pub offers: Vec<PanelOffer>,
    /// The advisors at the desk, by name.
    pub advisors: Vec<PanelAdvisor>,
    /// Conversations that an advisor holds, oldest first.
    pub conversations: Vec<PanelConversation>,
    /// The figures of the day so far, of all these queues.
    pub today: Figures,
    /// The segnalazioni on their way to the offices, of all queues.
    pub office: OfficeQueue,
    /// Notifications of this desk that could not be delivered; those of the connector are in `office`.
    #[serde(default)]
    pub dead_letters: u32,
    /// The values from which something is an alert.
    pub thresholds: AlertThresholds,
    /// Whether people are told that a supervisor reads.
    pub observation: Observation,
    /// The people who cannot enter now, the one who can first before the others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<PanelBlock>,
}

/// A person who cannot enter for a while. It is kept no longer than that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct PanelBlock {
    /// The conversation that it ended.
    pub conversation: ConversationId,
    /// The queue of that conversation.
    pub queue: QueueId,
    /// The person's name: who asks for a review is found by it.
    pub name: String,
    /// Since when.
    pub since: Timestamp,
    /// They can enter again from here.
    pub until: Timestamp,
    /// The name of the supervisor.
    pub by: String,
    /// Why.
    pub reason: String,
    /// Why they were not warned before, where they were not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unwarned: Option<String>,
}

/// One of several queues of a supervisor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct QueueOnPanel {
    /// The queue.
    pub queue: QueueId,
    /// The name people read.
    pub name: String,
    /// How many conversations wait in it.
    pub waiting: u32,
    /// Since when the person who has waited longest in it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest: Option<Timestamp>,
    /// How many advisors who take more belong to it.
    pub advisors: u32,
    /// Its figures of the day so far.
    pub today: Figures,
}

/// The conversations that wait.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct PanelQueue {
    /// The number of them.
    pub number: u32,
    /// Since when the person who has waited longest waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest: Option<Timestamp>,
    /// The conversations, in the order of answering. Those that are offered to an advisor wait too.
    pub conversations: Vec<PanelWaiting>,
}

/// A conversation that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct PanelWaiting {
    /// The conversation.
    pub conversation: ConversationId,
    /// The queue it waits in; absent where the supervisor has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueId>,
    /// Since when the person waits, or first waited.
    pub since: Timestamp,
    /// The capacity the person writes in.
    pub category: Category,
    /// ISTAT code of the province that counts for them.
    pub province: String,
    /// The language they read the service in.
    pub language: Language,
    /// The wait they were first told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<ToldWait>,
    /// The connection of its advisor was lost: it goes before all others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub returned: bool,
    /// No advisor at the desk is one of those for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fits_nobody: bool,
    /// How many offers of it lapsed without an answer.
    pub missed: u32,
    /// Why it goes before others that have waited as long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
}

/// A wait in minutes, as a person was told it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct ToldWait {
    /// At least.
    pub from: u16,
    /// At most.
    pub to: u16,
}

/// A conversation that an advisor is asked to take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct PanelOffer {
    /// The conversation.
    pub conversation: ConversationId,
    /// The advisor who is asked.
    pub to: AdvisorId,
    /// Since when.
    pub since: Timestamp,
    /// It lapses here.
    pub until: Timestamp,
    /// The advisor who holds it meanwhile; absent when it comes from the queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<AdvisorId>,
}

/// An advisor at the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct PanelAdvisor {
    /// Their id.
    pub advisor: AdvisorId,
    /// Their name.
    pub name: String,
    /// Their presence, as they set it.
    pub presence: Presence,
    /// They are a supervisor.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub supervisor: bool,
    /// Since when they are connected nowhere; absent while they are connected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost: Option<Timestamp>,
    /// How many of their places are taken: by conversations offered to them, held and wrapped up.
    pub load: u32,
    /// How many places they have.
    pub capacity: u32,
    /// How many of the places are taken by conversations that are over.
    pub wrapping_up: u32,
    /// The conversations they hold.
    pub held: Vec<ConversationId>,
    /// When their presence changed, or a conversation last came to them or left them.
    pub since: Timestamp,
    /// Which of the supervisor's queues they belong to; absent where the supervisor has one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub queues: Vec<QueueId>,
}

/// A conversation that an advisor holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct PanelConversation {
    /// The conversation.
    pub conversation: ConversationId,
    /// The queue it last waited in; absent where the supervisor has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueId>,
    /// The advisor who holds it.
    pub advisor: AdvisorId,
    /// Since when they hold it.
    pub since: Timestamp,
    /// The side that spoke last, and since when the other has been silent; absent while nobody has spoken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spoke: Option<Spoke>,
    /// An advisor has written in it: it can end as answered online.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub answered: bool,
    /// Other advisors who read and write.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub helpers: Vec<AdvisorId>,
    /// Supervisors who read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub observers: Vec<AdvisorId>,
    /// When its person was last warned after abuse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warned: Option<Timestamp>,
    /// Its advisor has put it on hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_hold: Option<Hold>,
    /// It was ended, and the conversation has not confirmed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ending: bool,
    /// When closing time ends it, once that is announced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes: Option<Timestamp>,
}

/// The side of a conversation that spoke last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Spoke {
    /// The side.
    pub by: Party,
    /// When it took its turn: with its first message since the other's last. An advisor to whom the conversation passes takes a
    /// turn with their first message.
    pub at: Timestamp,
}

/// The queue of the connector to Linea INPS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct OfficeQueue {
    /// Segnalazioni that are yet to be accepted by an office.
    pub waiting: u32,
    /// Segnalazioni that are not sent any more, until a supervisor sends them again.
    pub given_up: u32,
    /// Notifications to conversations that could not be delivered.
    pub dead_letters: u32,
}

/// The values from which something is an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct AlertThresholds {
    /// So many conversations wait.
    pub waiting: u32,
    /// A person has waited so many minutes.
    pub longest_wait_minutes: u32,
    /// A person has waited for an advisor's words for so many minutes, in a conversation the advisor holds.
    pub silent_minutes: u32,
    /// So many offers of a conversation that waits lapsed.
    pub missed_offers: u32,
    /// So many segnalazioni are given up.
    pub given_up: u32,
}

/// Whether people are told that a supervisor reads their conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum Observation {
    /// An entry of the conversation says so.
    Told,
    /// The privacy notice says that it can happen; the conversation does not say when.
    Notice,
}

/// An act of a supervisor, as it is told to the advisors of the conversation and kept in the audit trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum SupervisorAct {
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
}

/// Something on a panel that a supervisor should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// The kind.
    pub kind: AlertKind,
    /// The value: a number, or minutes.
    pub value: u64,
    /// The threshold the value has reached.
    pub threshold: u64,
    /// The conversation it is about, where it is about one.
    pub conversation: Option<ConversationId>,
    /// The advisor it is about, where it is about one.
    pub advisor: Option<AdvisorId>,
}

/// The kinds of alerts, in the order in which they are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlertKind {
    /// Many conversations wait.
    Waiting,
    /// A person has waited long.
    LongestWait,
    /// The person wrote, and the advisor has been silent.
    Silent,
    /// Several offers of a conversation that waits lapsed.
    MissedOffers,
    /// Segnalazioni are given up.
    GivenUp,
}

impl AlertKind {
    /// The stable name: the member of [`AlertThresholds`].
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::LongestWait => "longest_wait_minutes",
            Self::Silent => "silent_minutes",
            Self::MissedOffers => "missed_offers",
            Self::GivenUp => "given_up",
        }
    }
}

impl Panel {
    /// The alerts for a supervisor at `now`, by kind and then in the order of the panel.
    pub fn alerts(&self, now: Timestamp) -> Vec<Alert> {
        let limits = self.thresholds;
        let about_nobody = |kind, value: u32, threshold: u32| Alert {
            kind,
            value: value.into(),
            threshold: threshold.into(),
            conversation: None,
            advisor: None,
        };
        let queue = &self.waiting;
        let mut alerts = vec![about_nobody(AlertKind::Waiting, queue.number, limits.waiting)];
        let oldest = queue.conversations.iter().min_by_key(|one| (one.since, &one.conversation));
        alerts.extend(oldest.map(|oldest| Alert {
            kind: AlertKind::LongestWait,
            value: minutes(oldest.since, now),
            threshold: limits.longest_wait_minutes.into(),
            conversation: Some(oldest.conversation.clone()),
            advisor: None,
        }));
        alerts.extend(self.conversations.iter().filter_map(|one| {
            Some(Alert {
                kind: AlertKind::Silent,
                value: minutes(one.advisor_silent_since()?, now),
                threshold: limits.silent_minutes.into(),
                conversation: Some(one.conversation.clone()),
                advisor: Some(one.advisor.clone()),
            })
        }));
        alerts.extend(queue.conversations.iter().map(|one| Alert {
            conversation: Some(one.conversation.clone()),
            ..about_nobody(AlertKind::MissedOffers, one.missed, limits.missed_offers)
        }));
        alerts.push(about_nobody(AlertKind::GivenUp, self.office.given_up, limits.given_up));
        alerts.retain(|alert| alert.value >= alert.threshold);
        alerts
    }
}

impl PanelConversation {
    /// Since when the person waits for words of the advisor who holds it; `None` while the advisor spoke last, or once it is
    /// ending. An advisor who has just been given it owes the first word. On hold the person waits from the instant at which
    /// they were told that the advisor is back.
    pub fn advisor_silent_since(&self) -> Option<Timestamp> {
        if self.ending {
            return None;
        }
        if let Some(hold) = &self.on_hold {
            return Some(hold.until);
        }
        match self.spoke {
            Some(Spoke { by: Party::Advisor | Party::System, .. }) => None,
            Some(Spoke { by: Party::Citizen, at }) => Some(at.max(self.since)),
            None => Some(self.since),
        }
    }
}

/// Whole minutes that have passed.
fn minutes(since: Timestamp, now: Timestamp) -> u64 {
    u64::try_from(now.as_millis().saturating_sub(since.as_millis())).unwrap_or_default() / 60_000
}
