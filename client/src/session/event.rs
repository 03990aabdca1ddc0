// SPDX-License-Identifier: EUPL-1.2
//! Events a session reports to the interface.

use infocig_protocol::{
    call::CallNews,
    entry::{Entry, Party, Phase},
    frame::{EarlierConversation, QueuePlace},
    id::{ConversationId, MessageId},
    person::PersonCard,
    problem::Code,
};

use super::Pending;
use crate::link::LinkState;

/// An event the interface shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The link's state changed.
    Link(LinkState),
    /// The server accepted the ticket.
    Welcomed {
        /// The side this client is on.
        party: Party,
        /// The phase of the conversation.
        phase: Phase,
        /// The number of the newest entry.
        last_seq: u64,
        /// The person's card, for advisors.
        person: Option<PersonCard>,
        /// Whether this side may ask the other to talk.
        calls: bool,
    },
    /// The log begins again: entries shown so far are void.
    Began {
        /// Whether there are entries before those that follow; [`Session::older`](super::Session::older) fetches them.
        older: bool,
    },
    /// New entries, in order.
    Entries(Vec<Entry>),
    /// Entries before those reported so far, in order.
    Older {
        /// The entries.
        entries: Vec<Entry>,
        /// Whether there are still more before them.
        more: bool,
    },
    /// The presence of another side.
    Presence {
        /// The side.
        party: Party,
        /// Whether a device of theirs is connected.
        connected: bool,
        /// The last entry they have had on screen.
        read_up_to: u64,
    },
    /// Another side is writing.
    Typing(Party),
    /// News of a call that are in no entry.
    Call(CallNews),
    /// The person's place in the queue.
    Queue(QueuePlace),
    /// Earlier conversations of the person, newest first; for advisors.
    History(Vec<EarlierConversation>),
    /// A page of one of them, in order; empty where there is nothing more.
    HistoryEntries {
        /// The earlier conversation.
        conversation: ConversationId,
        /// The entries.
        entries: Vec<Entry>,
    },
    /// A message of this client is stored.
    Stored(MessageId),
    /// A message of this client was not accepted and will not be sent again: its text belongs back to its author.
    NotSent {
        /// The message.
        message: Pending,
        /// The reason; [`Code::TooFast`] also where the outbox is full.
        code: Code,
    },
    /// A segnalazione of this client was not accepted and will not be sent again.
    NotForwarded {
        /// Its id.
        id: MessageId,
        /// The reason.
        code: Code,
    },
    /// The conversation cannot go on over this ticket.
    Refused(Code),
}
