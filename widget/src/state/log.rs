// SPDX-License-Identifier: EUPL-1.2
//! What can be read off the log: where the conversation stands, and how far own messages have come.

use infocig_protocol::entry::{Author, Entry, Party, Phase};

use super::ChatState;

/// How far one of the person's own messages has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The server has stored it.
    Delivered,
    /// The advisor has had it on screen.
    Read,
}

impl ChatState {
    /// What is said under the person's own messages: only under the newest that was read and the newest of all, so that each
    /// word says something new.
    pub fn deliveries(&self) -> Vec<(u64, Delivery)> {
        let own = || self.entries.iter().rev().filter(|entry| author(entry) == Some(Party::Citizen));
        let newest = own().next().map(|entry| entry.seq);
        let read = own().map(|entry| entry.seq).find(|seq| *seq <= self.read_up_to);
        let delivered = newest.filter(|_| newest != read).map(|seq| (seq, Delivery::Delivered));
        read.map(|seq| (seq, Delivery::Read)).into_iter().chain(delivered).collect()
    }

    /// Number of the newest entry shown.
    pub fn last_seq(&self) -> u64 {
        self.entries.last().map_or(0, |entry| entry.seq)
    }

    /// Whether the person has written anything yet.
    pub fn has_written(&self) -> bool {
        !self.pending.is_empty() || self.entries.iter().any(|entry| author(entry) == Some(Party::Citizen))
    }

    /// Whether the person waits.
    pub fn is_waiting(&self) -> bool {
        matches!(self.phase, Some(Phase::Waiting { .. }))
    }

    /// Whether somebody waits or answers.
    pub(super) fn is_ongoing(&self) -> bool {
        self.phase.as_ref().is_some_and(|phase| !phase.is_closed())
    }

    /// Whether no message can be written any more.
    pub fn is_closed(&self) -> bool {
        self.phase.as_ref().is_some_and(Phase::is_closed)
    }
}

/// The side that wrote an entry.
pub(super) fn author(entry: &Entry) -> Option<Party> {
    entry.body.author().map(Author::party)
}
