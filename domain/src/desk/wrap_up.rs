// SPDX-License-Identifier: EUPL-1.2
//! How a conversation leaves a desk: it is over, it is wrapped up by the advisor who held it, and it becomes a row of the register.

use infocig_protocol::{
    entry::{Outcome, Party},
    id::{AdvisorId, ConversationId},
    time::Timestamp,
};

use super::{
    Desk,
    queue::{Held, Stage, WrapUp},
};
use crate::{
    figures::{EventKind, Tally},
    notification::Notification,
};

impl Desk {
    pub(super) fn closed(
        &mut self,
        id: &ConversationId,
        by: Party,
        outcome: Option<Outcome>,
        held_by: Option<&AdvisorId>,
        now: Timestamp,
    ) {
        let until = now.plus_millis(i64::from(self.rules.wrap_up_seconds) * 1_000);
        let stage = match self.conversations.get(id).map(|conversation| &conversation.stage) {
            Some(stage @ (Stage::Waiting { .. } | Stage::Held(_))) => stage.clone(),
            Some(Stage::WrapUp(_)) | None => return,
        };
        let held_by = held_by.cloned();
        self.happened(id, EventKind::Ended { by, outcome, held_by: held_by.clone() }, now);
        match stage {
            Stage::Held(Held { advisor, ending, .. }) if held_by.as_ref() == Some(&advisor.id) => {
                self.edit(id, |conversation| {
                    (conversation.offer, conversation.spoke) = (None, None);
                    conversation.stage =
                        Stage::WrapUp(WrapUp { advisor, ended: now, by, until, outcome, ending });
                });
                if until <= now {
                    self.wrapped_up(id, now);
                }
            }
            // It ended before it knew of the assignment: the advisor has nothing to wrap up.
            Stage::Held(_) | Stage::Waiting { .. } | Stage::WrapUp(_) => self.depart(id, now),
        }
    }

    /// A conversation that is over frees its place.
    pub(super) fn wrapped_up(&mut self, id: &ConversationId, now: Timestamp) {
        let Some(Stage::WrapUp(over)) =
            self.conversations.get(id).map(|conversation| conversation.stage.clone())
        else {
            return;
        };
        if let Some(queue) = self.queue_of(id) {
            *self.pending.ended.entry(queue).or_default() += 1;
        }
        self.touch(&over.advisor.id, now);
        let (topic, outcome) = over.ending.map(|ending| (ending.topic, ending.outcome)).unzip();
        self.happened(id, EventKind::WrappedUp { topic, outcome }, now);
        self.depart(id, now);
    }

    fn depart(&mut self, id: &ConversationId, now: Timestamp) {
        let Some(conversation) = self.conversations.remove(id) else { return };
        self.waiting_queue.remove(&conversation);
        self.watched.remove(id);
        self.loads.remove(&conversation);
        self.pending.conversations.insert(id.clone());
        self.pending.transition.pictures_changed = true;
        for (queue, tally) in Tally::by_queue(&conversation.record, &self.rules.figures) {
            if let Some(state) = self.states.get_mut(&queue) {
                state.today.add(conversation.record.entered, &tally, now);
            }
        }
        let record = Box::new(conversation.record);
        self.pending.transition.notifications.push(Notification::Register(record));
    }
}
