// SPDX-License-Identifier: EUPL-1.2
//! A conversation whose service was restored from a copy of an earlier instant.
//!
//! Conversation and desk were copied one after the other, so that they may disagree about who holds it. Both begin again from
//! what they agree on: it waits. The log says until when it is whole.

use infocig_protocol::{
    call::CallEnd,
    entry::{EntryBody, Party},
    time::Timestamp,
};

use super::{Conversation, Phase, Transition};
use crate::{notification::DeskNotification, people::PriorityFacts};

impl Conversation {
    /// The service was restored from a copy that was taken at `taken`. The desk is told again what it may not know.
    pub fn recover(&mut self, taken: Timestamp, now: Timestamp) -> Transition {
        let (since, last_advisor) = match &self.phase {
            Phase::Waiting { since, last_advisor, .. } => (*since, last_advisor.clone()),
            Phase::Active { advisor, since, .. } => (*since, Some(advisor.name.clone())),
            Phase::Closed { by, outcome, held_by, .. } => {
                let (by, outcome, held_by) = (*by, *outcome, held_by.clone());
                let closed = DeskNotification::Closed { conversation: self.id.clone(), by, outcome, held_by };
                let mut transition = Transition::default();
                self.notify_desk(closed, &mut transition);
                return transition;
            }
        };
        let mut transition = Transition { phase_changed: true, ..Transition::default() };
        self.hang_up(Party::System, CallEnd::HandedOn, now, &mut transition);
        self.phase = Phase::Waiting { since: now, disconnected_since: Some(now), place: None, last_advisor };
        self.append(EntryBody::Returned { restored_to: Some(taken) }, now, &mut transition);
        let waiting = DeskNotification::Waiting {
            conversation: self.id.clone(),
            since,
            person: Box::new(self.person.clone()),
            closing: Some(self.closing.clone()),
            // The conversation does not keep them.
            facts: PriorityFacts::default(),
            queue: Some(self.address.queue.clone()),
        };
        self.notify_desk(waiting, &mut transition);
        transition
    }
}
