// SPDX-License-Identifier: EUPL-1.2
//! What conversations and desks tell each other.
//!
//! A notice is stored in its sender's outbox in the same transaction as the fact it tells, and delivered in order, at least
//! once. The receiver drops what it has seen. So no conversation is ever stranded between two objects.

use infocig_protocol::{
    id::{AdvisorId, ConversationId, QueueId},
    person::PersonCard,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// An advisor, as the rules know them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Advisor {
    /// Who they are for the administration's sign-in.
    pub id: AdvisorId,
    /// The name people read.
    pub name: String,
}

/// From a conversation to its desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskNotice {
    /// Somebody was admitted and waits.
    Waiting {
        /// The conversation.
        conversation: ConversationId,
        /// Since when.
        since: Timestamp,
        /// Who waits.
        person: PersonCard,
    },
    /// It is over: drop it from the queue and from the advisor's hands.
    Closed {
        /// The conversation.
        conversation: ConversationId,
    },
}

/// From a desk to a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConversationNotice {
    /// An advisor took it.
    Assigned {
        /// The conversation.
        conversation: ConversationId,
        /// Who answers.
        advisor: Advisor,
    },
}

/// A notice with its destination, as it lies in an outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// To the desk of a queue.
    Desk(QueueId, DeskNotice),
    /// To the object of a conversation.
    Conversation(ConversationNotice),
}
