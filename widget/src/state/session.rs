// SPDX-License-Identifier: EUPL-1.2
//! Events of the session applied to the state, and the count of unread messages.

use infocig_client::{link::LinkState, session::Event};
use infocig_protocol::{
    entry::{Author, Entry, EntryBody, Party},
    problem::Code,
    time::Timestamp,
};

use super::{ChatState, OlderEntriesState, ServiceError, Stage, TicketState, log::author};
use crate::drafts::joined;

impl ChatState {
    /// Resets the count of unread messages when the log becomes visible, and their mark when it is hidden after that.
    pub fn set_log_visible(&mut self, visible: bool) {
        if visible {
            self.unread = 0;
        } else if self.unread == 0 {
            self.unread_from = None;
        }
    }

    /// Counts what arrived while the log was not visible, and marks the first: advisors' messages, and entries of calls, which only
    /// their module reads. An offer lapses within a minute.
    pub fn count_unread(&mut self, entries: &[Entry]) {
        let is_call = |entry: &Entry| matches!(entry.body, EntryBody::Call { .. } | EntryBody::Unknown {});
        let counts = |entry: &&Entry| author(entry) == Some(Party::Advisor) || is_call(entry);
        let mut said = entries.iter().filter(counts).peekable();
        if let Some(first) = said.peek().filter(|_| self.unread == 0) {
            self.unread_from = Some(first.seq);
        }
        self.unread += said.count() as u64;
    }

    /// Applies an event of the session.
    pub fn apply(&mut self, event: Event) {
        match event {
            Event::Link(link) => {
                self.link = link;
                // The answer to a request over a lost link never comes: the button is enabled again.
                if link != LinkState::Live && self.older_entries == OlderEntriesState::Loading {
                    self.older_entries = OlderEntriesState::Available;
                }
            }
            Event::Welcomed { phase, calls, .. } => {
                self.may_call = calls;
                if !phase.is_closed() {
                    self.move_request_to_draft();
                }
                self.set_ticket_state(TicketState::Valid);
                self.phase = Some(phase);
            }
            Event::Entries(entries) => {
                if let Some(phase) = entries.iter().rev().find_map(Entry::phase_after) {
                    self.phase = Some(phase);
                }
                if !self.is_waiting() {
                    self.queue_place = None;
                }
                self.auto_close_at =
                    entries.iter().fold(self.auto_close_at, |warned, entry| auto_close_at(entry, warned));
                if entries.iter().any(|entry| author(entry) == Some(Party::Advisor)) {
                    self.advisor_typing = false;
                }
                self.entries.extend(entries);
            }
            Event::Began { older } => {
                self.entries.clear();
                self.older_entries =
                    if older { OlderEntriesState::Available } else { OlderEntriesState::None };
            }
            Event::Older { entries, more } => {
                self.entries.splice(0..0, entries);
                self.older_entries =
                    if more { OlderEntriesState::Available } else { OlderEntriesState::None };
            }
            // The maximum: when the device that read furthest disconnects, another reports less.
            Event::Presence { party: Party::Advisor, read_up_to, .. } => {
                self.read_up_to = read_up_to.max(self.read_up_to);
            }
            Event::Typing(Party::Advisor) => self.advisor_typing = true,
            Event::Queue(place) => self.queue_place = Some(place),
            // The rest concerns this side, or is for advisors only.
            Event::Presence { .. }
            | Event::Typing(_)
            | Event::Call(_)
            | Event::Stored(_)
            | Event::History(_)
            | Event::HistoryEntries { .. }
            | Event::NotForwarded { .. } => {}
            Event::NotSent { message, code } => {
                self.not_sent = Some(code);
                self.draft = joined(&message.text, &self.draft);
            }
            // The end of the link comes first: a refusal over a link that goes on is not fatal.
            Event::Refused(_) if self.link != LinkState::Over => {}
            Event::Refused(code) => {
                // A ticket expires after some hours and is renewed without a word. One that was just renewed is an error.
                let renewable =
                    code == Code::TicketExpired && self.ticket_state() == Some(TicketState::Valid);
                let is_ticket = matches!(code, Code::TicketExpired | Code::TicketInvalid);
                self.set_ticket_state(TicketState::Expired);
                if !renewable {
                    let error = if is_ticket { ServiceError::NotAccepted } else { ServiceError::Fault };
                    self.stage = Stage::Failed(error);
                }
            }
        }
    }
}

/// When the conversation closes for inactivity, after an entry.
fn auto_close_at(entry: &Entry, before: Option<Timestamp>) -> Option<Timestamp> {
    match &entry.body {
        EntryBody::Inactive { closes } => Some(*closes),
        EntryBody::Message { author: Author::Citizen, .. }
        | EntryBody::OnHold { .. }
        | EntryBody::Stayed {}
        | EntryBody::Closed { .. } => None,
        EntryBody::Opened {}
        | EntryBody::Assigned { .. }
        | EntryBody::Returned { .. }
        | EntryBody::Transferred { .. }
        | EntryBody::Joined { .. }
        | EntryBody::Left { .. }
        | EntryBody::Observed { .. }
        | EntryBody::Resumed {}
        | EntryBody::Warned {}
        | EntryBody::Blocked { .. }
        | EntryBody::Message { .. }
        | EntryBody::ClosingSoon { .. }
        | EntryBody::Question(_)
        | EntryBody::Case { .. }
        | EntryBody::Assistant { .. }
        | EntryBody::Segnalazione { .. }
        | EntryBody::Call { .. }
        | EntryBody::Unknown {} => before,
    }
}
