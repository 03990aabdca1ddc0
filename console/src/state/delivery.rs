// SPDX-License-Identifier: EUPL-1.2
//! Delivery of the advisor's messages: the state of each, and those that a reload of the page left unsent.
//!
//! A message is delivered once its entry came from the server. In the log only two messages carry a label: the last one that
//! was read, and the last one that was delivered and not read. Outgoing messages always carry one.

use infocig_client::session::Pending;
use infocig_protocol::{
    entry::{Author, Entry},
    id::ConversationId,
};
use leptos::prelude::*;

use super::{Connection, DeskState, Outgoing};

/// The state of delivery of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It is being sent.
    Sending,
    /// It is sent when the connection is back.
    Held,
    /// It is sent when the page has been loaded again.
    NeedsReload,
    /// It is in the server's log.
    Delivered,
    /// It has been on the other side's screen.
    Read,
}

impl Delivery {
    /// The state of a message that is not in the log, given its conversation's connection.
    pub const fn pending(connection: Connection) -> Self {
        match connection {
            Connection::Live | Connection::Connecting => Self::Sending,
            Connection::Lost
            | Connection::Unanswered
            | Connection::NotAccepted
            | Connection::SignInNeeded => Self::Held,
            Connection::Outdated => Self::NeedsReload,
        }
    }
}

/// The entry numbers of the two messages that carry a label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeliveryMarks {
    read: Option<u64>,
    delivered: Option<u64>,
}

impl DeliveryMarks {
    /// The labelled messages of a log that the other side has read up to an entry.
    pub fn of(entries: &[Entry], read_up_to: u64) -> Self {
        let mut newest_first =
            entries.iter().rev().filter(|entry| is_an_advisors(entry)).map(|entry| entry.seq);
        let last = newest_first.next();
        let delivered = last.filter(|seq| *seq > read_up_to);
        let read = last.into_iter().chain(newest_first).find(|seq| *seq <= read_up_to);
        Self { read, delivered }
    }

    /// The label of an entry.
    pub fn under(self, seq: u64) -> Option<Delivery> {
        if self.delivered == Some(seq) {
            Some(Delivery::Delivered)
        } else {
            (self.read == Some(seq)).then_some(Delivery::Read)
        }
    }
}

fn is_an_advisors(entry: &Entry) -> bool {
    matches!(entry.message(), Some((_, Author::Advisor { .. }, _)))
}

impl DeskState {
    /// Puts messages of the advisor into a conversation's outgoing list.
    pub fn queue_messages(&self, id: &ConversationId, messages: Vec<Pending>) {
        let Some(conversation) = self.conversation(id).filter(|_| !messages.is_empty()) else {
            return;
        };
        let messages = messages.into_iter().map(|Pending { id, text }| Outgoing { id, text, refused: None });
        conversation.outgoing.update(|outgoing| outgoing.extend(messages));
    }

    /// Restores the draft and the unsent messages that the page had before it was reloaded.
    pub fn restore(&self, id: &ConversationId, draft: String, unsent: Vec<Pending>) {
        if let Some(conversation) = self.conversation(id)
            && conversation.draft.with_untracked(String::is_empty)
            && !draft.is_empty()
        {
            conversation.draft.set(draft);
        }
        self.queue_messages(id, unsent);
    }
}

#[cfg(test)]
mod tests {
    use infocig_protocol::{entry::EntryBody, id::MessageId, time::Timestamp};

    use super::*;

    #[test]
    fn only_the_last_delivered_and_the_last_read_message_show_their_state() {
        let log = [ours(1), ours(2), theirs(3), ours(4), ours(5)];
        assert_eq!(said(&log, 3), [None, Some(Delivery::Read), None, None, Some(Delivery::Delivered)]);
    }

    #[test]
    fn an_unread_log_shows_delivered_once_and_a_read_one_shows_read_once() {
        let log = [ours(1), ours(2), theirs(3)];
        assert_eq!(said(&log, 0), [None, Some(Delivery::Delivered), None]);
        assert_eq!(said(&log, 2), [None, Some(Delivery::Read), None]);
        assert_eq!(said(&log, 9), [None, Some(Delivery::Read), None]);
    }

    #[test]
    fn a_message_is_read_from_the_very_entry_that_holds_it() {
        assert_eq!(said(&[ours(4)], 3), [Some(Delivery::Delivered)]);
        assert_eq!(said(&[ours(4)], 4), [Some(Delivery::Read)]);
    }

    #[test]
    fn no_delivery_shows_without_a_message_of_the_advisor() {
        assert_eq!(said(&[theirs(1)], 1), [None]);
        assert_eq!(DeliveryMarks::of(&[], 0), DeliveryMarks::default());
    }

    #[test]
    fn a_message_in_flight_shows_why_it_waits() {
        assert_eq!(Delivery::pending(Connection::Live), Delivery::Sending);
        assert_eq!(Delivery::pending(Connection::Lost), Delivery::Held);
        assert_eq!(Delivery::pending(Connection::Outdated), Delivery::NeedsReload);
    }

    fn said(log: &[Entry], read_up_to: u64) -> Vec<Option<Delivery>> {
        let marks = DeliveryMarks::of(log, read_up_to);
        log.iter().map(|entry| marks.under(entry.seq)).collect()
    }

    fn ours(seq: u64) -> Entry {
        written(seq, Author::Advisor { name: "Giulia".into() })
    }

    fn theirs(seq: u64) -> Entry {
        written(seq, Author::Citizen)
    }

    fn written(seq: u64, author: Author) -> Entry {
        let body = EntryBody::Message { id: MessageId::parse("m").unwrap(), author, text: "testo".into() };
        Entry { seq, at: Timestamp::from_millis(0), body }
    }
}
