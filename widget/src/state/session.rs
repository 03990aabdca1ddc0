// SPDX-License-Identifier: EUPL-1.2
//! The events of the session, applied: the only way in for what the server says of a conversation.

use infocig_client::{link::LinkState, session::Event};
use infocig_protocol::{
    entry::{Author, Entry, EntryBody, Party},
    problem::Code,
    time::Timestamp,
};

use super::{ChatState, EarlierEntries, ServiceError, Stage, TicketState, log::author};
use crate::drafts::joined;

impl ChatState {
    /// Whether somebody looks at the log, or has gone away from it.
    pub fn set_log_visible(&mut self, visible: bool) {
        if visible {
            self.unread = 0;
        } else if self.unread == 0 {
            self.unread_from = None;
        }
    }

    /// What came while nobody looked is counted, so that they find where to go on reading.
    pub fn count_unread(&mut self, entries: &[Entry]) {
        let mut said = entries.iter().filter(|entry| author(entry) == Some(Party::Advisor)).peekable();
        if let Some(first) = said.peek().filter(|_| self.unread == 0) {
            self.unread_from = Some(first.seq);
        }
        self.unread += said.count() as u64;
    }

    /// The session says something.
    pub fn apply(&mut self, event: Event) {
        match event {
            Event::Link(link) => {
                self.link = link;
                // What was under way over a lost link can be asked for again.
                if link != LinkState::Live && self.earlier_entries == EarlierEntries::Loading {
                    self.earlier_entries = EarlierEntries::Available;
                }
            }
            Event::Welcomed { phase, .. } => {
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
                self.earlier_entries = if older { EarlierEntries::Available } else { EarlierEntries::None };
            }
            Event::Older { entries, more } => {
                self.entries.splice(0..0, entries);
                self.earlier_entries = if more { EarlierEntries::Available } else { EarlierEntries::None };
            }
            // What was read stays read when the device that read it goes away.
            Event::Presence { party: Party::Advisor, read_up_to, .. } => {
                self.read_up_to = read_up_to.max(self.read_up_to);
            }
            Event::Typing(Party::Advisor) => self.advisor_typing = true,
            Event::Queue(place) => self.queue_place = Some(place),
            // What a person came with before, and what is forwarded, is for advisors.
            Event::Presence { .. }
            | Event::Typing(_)
            | Event::Stored(_)
            | Event::Past(_)
            | Event::PastEntries { .. }
            | Event::NotForwarded { .. } => {}
            Event::NotSent { message, code } => {
                self.not_sent = Some(code);
                self.draft = joined(&message.text, &self.draft);
            }
            // The link's end is told first: one that goes on is no reason to leave.
            Event::Refused(_) if self.link != LinkState::Over => {}
            Event::Refused(code) => {
                // A ticket ends after some hours: that is no news, unless it was a new one.
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

/// When the conversation ends for want of an answer, after an entry.
fn auto_close_at(entry: &Entry, before: Option<Timestamp>) -> Option<Timestamp> {
    match &entry.body {
        EntryBody::Inactive { closes } => Some(*closes),
        EntryBody::Message { author: Author::Citizen, .. }
        | EntryBody::Stayed {}
        | EntryBody::Closed { .. } => None,
        EntryBody::Opened {}
        | EntryBody::Assigned { .. }
        | EntryBody::Returned {}
        | EntryBody::Transferred { .. }
        | EntryBody::Joined { .. }
        | EntryBody::Left { .. }
        | EntryBody::Message { .. }
        | EntryBody::ClosingSoon { .. }
        | EntryBody::Question(_)
        | EntryBody::Case { .. }
        | EntryBody::Segnalazione { .. }
        | EntryBody::Unknown {} => before,
    }
}
