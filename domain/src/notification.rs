// SPDX-License-Identifier: EUPL-1.2
//! The notifications between conversations, desks, the register and the connector to Linea INPS.
//!
//! A notification is stored in its sender's outbox in the same transaction as its cause, and delivered in order, at least
//! once. The receiver drops repetitions. So no conversation is ever stranded between two objects.

use infocig_protocol::{
    call::CallStep,
    case::Question,
    entry::{Outcome, Party},
    frame::QueuePlace,
    id::{AdvisorId, ConversationId, DeskId, QueueId},
    person::PersonCard,
    segnalazione::SegnalazioneStatus,
    supervision::OfficeQueue,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::{
    conversation::ClosingTime,
    figures::{AdvisorTime, Record, register::Forgotten},
    linea_inps::Segnalazione,
    people::{Advisor, PriorityFacts},
};

/// From a conversation to its desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskNotification {
    /// Somebody was admitted and waits.
    Waiting {
        /// The conversation.
        conversation: ConversationId,
        /// Since when.
        since: Timestamp,
        /// The person.
        person: Box<PersonCard>,
        /// The effect of closing time on it.
        #[serde(default)]
        closing: Option<ClosingTime>,
        /// Facts that may give it priority.
        #[serde(default)]
        facts: PriorityFacts,
        /// The queue; absent for the desk's own, where it has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        queue: Option<QueueId>,
    },
    /// The person described their question.
    Question {
        /// The conversation.
        conversation: ConversationId,
        /// The description.
        question: Question,
    },
    /// The side that speaks has changed, or the advisor who holds it has written for the first time since it came to them. Sent
    /// while an advisor holds it.
    Spoke {
        /// The conversation.
        conversation: ConversationId,
        /// The side.
        by: Party,
        /// The advisor who wrote; absent for the person.
        advisor: Option<AdvisorId>,
        /// When.
        at: Timestamp,
    },
    /// The advisor who holds it has written, which ended its hold.
    Resumed {
        /// The conversation.
        conversation: ConversationId,
        /// The number of the hold.
        hold: u32,
        /// When.
        at: Timestamp,
    },
    /// A call between the person and the advisor who holds it was accepted, declined, or is over.
    Call {
        /// The conversation.
        conversation: ConversationId,
        /// The call: the number of the entry that offered it.
        call: u64,
        /// What happened.
        step: CallStep,
        /// The places of the advisor that it takes up beside the one of the conversation.
        places: u32,
        /// When.
        at: Timestamp,
    },
    /// From the connector to Linea INPS: its queue changed.
    Connector(OfficeQueue),
    /// From the policy: another version of it is in force.
    RulesChanged {
        /// The number of the version.
        version: u32,
    },
    /// From the sessions of the staff: one has ended.
    SignedOff {
        /// Whose.
        advisor: AdvisorId,
        /// The session.
        session: String,
        /// Until when a ticket of it may be presented.
        until: Timestamp,
    },
    /// It is over: drop it from the queue, or let the advisor wrap it up.
    Closed {
        /// The conversation.
        conversation: ConversationId,
        /// The side that ended it.
        by: Party,
        /// The outcome, where it is known.
        outcome: Option<Outcome>,
        /// The advisor who held it at the end, as far as the conversation knew: an assignment may still have been under way.
        held_by: Option<AdvisorId>,
    },
}

/// From a desk, from Linea INPS or from the register, to a conversation. What no longer applies there, because it has ended, changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationNotification {
    /// The conversation.
    pub conversation: ConversationId,
    /// The command.
    #[serde(alias = "word")]
    pub command: ConversationCommand,
}

/// A command of a desk, of Linea INPS or of the register, to a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConversationCommand {
    /// An advisor accepted it, from the queue or from a colleague.
    Assigned {
        /// The number of this assignment among those of the conversation, from 1: the desk confirms it once this is delivered.
        #[serde(alias = "turn")]
        assignment_epoch: u32,
        /// The advisor who answers from here on.
        advisor: Advisor,
    },
    /// No advisor holds it any more; it waits again.
    Released {
        /// The reason.
        why: Release,
    },
    /// A second advisor reads and writes too.
    Joined {
        /// The advisor.
        advisor: Advisor,
    },
    /// The second advisor is gone.
    Left {
        /// The advisor.
        advisor: Advisor,
    },
    /// A supervisor reads from here on.
    Observed {
        /// The supervisor.
        advisor: Advisor,
        /// Whether an entry says so.
        told: bool,
    },
    /// The supervisor reads no more.
    Unobserved {
        /// The supervisor.
        advisor: Advisor,
    },
    /// The advisor who holds it has put it on hold.
    Hold {
        /// The number of this hold among those of the conversation, from 1: a hold that is over is told from a later one.
        hold: u32,
        /// For about so many minutes.
        minutes: u16,
    },
    /// The advisor who holds it has taken it off hold.
    Resume {
        /// The number of the hold.
        hold: u32,
    },
    /// Its person is warned after abuse.
    Warn {},
    /// A supervisor ended it: its person cannot enter for a while, even where it is over.
    Block {
        /// They can enter again from here.
        until: Timestamp,
    },
    /// A supervisor lifted the block of its person.
    Lift {},
    /// The advisor who holds it ended it.
    Close {
        /// The outcome.
        outcome: Outcome,
    },
    /// The service closes at another time than was known when its person entered.
    Closing(ClosingTime),
    /// Its place in the queue.
    Place(QueuePlace),
    /// The state of a segnalazione it sent.
    Segnalazione(SegnalazioneStatus),
    /// From the register: it may be due to be forgotten. The conversation decides by its own end and says what it did.
    Forget {},
}

/// Why a conversation waits again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Release {
    /// The advisor's connection was lost.
    Lost,
    /// The advisor gave it back.
    Transferred,
}

/// A notification with its destination, as it lies in an outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notification {
    /// To a desk.
    Desk(DeskId, DeskNotification),
    /// To the object of a conversation.
    Conversation(ConversationNotification),
    /// To the register.
    Register(Box<Record>),
    /// To the register: whether a conversation is forgotten.
    Forgotten(Forgotten),
    /// To the register: how an advisor's time passed.
    AdvisorTime(AdvisorTime),
    /// To Linea INPS.
    LineaInps(Box<Segnalazione>),
}
