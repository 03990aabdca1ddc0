// SPDX-License-Identifier: EUPL-1.2
//! What conversations, desks, the register and the connector to Linea INPS tell each other.
//!
//! A notification is stored in its sender's outbox in the same transaction as the fact it tells, and delivered in order, at least
//! once. The receiver drops what it has seen. So no conversation is ever stranded between two objects.

use infocig_protocol::{
    case::Question,
    entry::{Outcome, Party},
    frame::QueuePlace,
    id::{AdvisorId, ConversationId, QueueId},
    person::PersonCard,
    segnalazione::SegnalazioneStanding,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::{desk::register::RegisterRow, linea_inps::Segnalazione, people::Advisor};

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
        /// Who waits.
        person: PersonCard,
    },
    /// The person said what their question is about.
    Question {
        /// The conversation.
        conversation: ConversationId,
        /// What they said.
        question: Question,
    },
    /// It is over: drop it from the queue, or let the advisor wrap it up.
    Closed {
        /// The conversation.
        conversation: ConversationId,
        /// Who ended it.
        by: Party,
        /// What came of it, where that is known.
        outcome: Option<Outcome>,
        /// In whose hands it ended, as it knew; the desk may have been about to tell it otherwise.
        held_by: Option<AdvisorId>,
    },
}

/// From a desk, or from Linea INPS, to a conversation. What no longer applies there, because it has ended, changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationNotification {
    /// The conversation.
    pub conversation: ConversationId,
    /// The command.
    pub command: ConversationCommand,
}

/// What a desk, or Linea INPS, says to a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConversationCommand {
    /// An advisor accepted it, from the queue or from a colleague.
    Assigned {
        /// The number of this passing from hand to hand, from 1: what the desk confirms when this is delivered.
        assignment_epoch: u32,
        /// Who answers from here on.
        advisor: Advisor,
    },
    /// It is in nobody's hands any more and waits again.
    Released {
        /// Why.
        why: Release,
    },
    /// A second advisor reads and writes too.
    Joined {
        /// Who.
        advisor: Advisor,
    },
    /// The second advisor is gone.
    Left {
        /// Who.
        advisor: Advisor,
    },
    /// The advisor who holds it ended it.
    Close {
        /// What came of it.
        outcome: Outcome,
    },
    /// Where it stands in the queue.
    Place(QueuePlace),
    /// Where something it handed to an office stands.
    Segnalazione(SegnalazioneStanding),
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
    /// To the desk of a queue.
    Desk(QueueId, DeskNotification),
    /// To the object of a conversation.
    Conversation(ConversationNotification),
    /// To the register.
    Register(RegisterRow),
    /// To Linea INPS.
    LineaInps(Box<Segnalazione>),
}
