// SPDX-License-Identifier: EUPL-1.2
//! Facts derived from the log and the phase.

use infocig_protocol::entry::{Author, Entry, Party, Phase};

use super::ChatState;

/// Delivery of one of the person's own messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The server has stored it.
    Delivered,
    /// The advisor has had it on screen.
    Read,
}

impl ChatState {
    /// The labels under the person's own messages, by entry number: the newest one read, and the newest of all if that is another.
    /// Every other label would follow from these.
    pub fn deliveries(&self) -> Vec<(u64, Delivery)> {
        let own = || self.entries.iter().rev().filter(|entry| author(entry) == Some(Party::Citizen));
        let newest = own().next().map(|entry| entry.seq);
        let read = own().map(|entry| entry.seq).find(|seq| *seq <= self.read_up_to);
        let delivered = newest.filter(|_| newest != read).map(|seq| (seq, Delivery::Delivered));
        read.map(|seq| (seq, Delivery::Read)).into_iter().chain(delivered).collect()
    }

    /// Number of the newest entry; 0 without one.
    pub fn last_seq(&self) -> u64 {
        self.entries.last().map_or(0, |entry| entry.seq)
    }

    /// Whether the person has written a message, acknowledged or not.
    pub fn has_written(&self) -> bool {
        !self.pending.is_empty() || self.entries.iter().any(|entry| author(entry) == Some(Party::Citizen))
    }

    /// Whether the person waits for an advisor.
    pub fn is_waiting(&self) -> bool {
        matches!(self.phase, Some(Phase::Waiting { .. }))
    }

    /// Whether there is an advisor whom the person may ask to talk.
    pub fn offers_call(&self) -> bool {
        self.may_call && matches!(self.phase, Some(Phase::Active { .. }))
    }

    /// Whether the conversation is known to be open.
    pub(super) fn is_ongoing(&self) -> bool {
        self.phase.as_ref().is_some_and(|phase| !phase.is_closed())
    }

    /// Whether the conversation has ended.
    pub fn is_closed(&self) -> bool {
        self.phase.as_ref().is_some_and(Phase::is_closed)
    }
}

/// The side that wrote an entry.
pub(super) fn author(entry: &Entry) -> Option<Party> {
    entry.body.author().map(Author::party)
}
