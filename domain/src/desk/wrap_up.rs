// SPDX-License-Identifier: EUPL-1.2
//! How a conversation leaves a desk: it is over, it is wrapped up by the advisor who held it, and it becomes a row of the register.

use infocig_protocol::{
    entry::{Outcome, Party},
    id::{AdvisorId, ConversationId, QueueId},
    time::Timestamp,
};

use super::{
    Desk,
    queue::{DeskConversation, Ending, Held, Stage, WrapUp},
    register::RegisterRow,
};
use crate::notification::Notification;

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
        match self.conversations.get(id).map(|conversation| &conversation.stage) {
            Some(Stage::Held(held)) if held_by == Some(&held.advisor.id) => {
                self.edit(id, |conversation| {
                    conversation.offer = None;
                    if let Stage::Held(Held { advisor, ending, .. }) = conversation.stage.clone() {
                        conversation.stage =
                            Stage::WrapUp(WrapUp { advisor, ended: now, by, until, outcome, ending });
                    }
                });
                if until <= now {
                    self.wrapped_up(id, now);
                }
            }
            // It ended before it heard into whose hands it was to pass: there is nothing for them to wrap up.
            Some(Stage::Waiting { .. } | Stage::Held(_)) => {
                self.edit(id, |conversation| {
                    conversation.waits_no_more(now);
                    if held_by.is_none() && conversation.assignment_epoch == 1 {
                        conversation.stats.answered = None;
                    }
                });
                let unanswered = if held_by.is_none() { Some(Outcome::Abandoned) } else { None };
                self.depart(id, now, by, outcome.or(unanswered));
            }
            Some(Stage::WrapUp(_)) | None => {}
        }
    }

    /// A conversation that is over frees its place.
    pub(super) fn wrapped_up(&mut self, id: &ConversationId, now: Timestamp) {
        let Some(Stage::WrapUp(over)) =
            self.conversations.get(id).map(|conversation| conversation.stage.clone())
        else {
            return;
        };
        self.pending.ended += 1;
        self.touch(&over.advisor.id, now);
        self.depart(id, over.ended, over.by, over.outcome);
    }

    pub(super) fn depart(
        &mut self,
        id: &ConversationId,
        ended: Timestamp,
        by: Party,
        outcome: Option<Outcome>,
    ) {
        let Some(conversation) = self.conversations.remove(id) else { return };
        self.waiting_queue.remove(&conversation);
        self.watched.remove(id);
        self.loads.remove(&conversation);
        self.pending.conversations.insert(id.clone());
        self.pending.transition.pictures_changed = true;
        let row = row(&conversation, &self.queue, ended, by, outcome);
        self.pending.transition.notifications.push(Notification::Register(row));
    }
}

/// The register's row of a conversation that leaves its desk.
fn row(
    conversation: &DeskConversation,
    queue: &QueueId,
    ended: Timestamp,
    ended_by: Party,
    outcome: Option<Outcome>,
) -> RegisterRow {
    let ending: Option<&Ending> = match &conversation.stage {
        Stage::Waiting { .. } => None,
        Stage::Held(held) => held.ending.as_ref(),
        Stage::WrapUp(wrap_up) => wrap_up.ending.as_ref(),
    };
    RegisterRow {
        conversation: conversation.id.clone(),
        queue: queue.clone(),
        category: conversation.person.category,
        province: conversation.person.province.clone(),
        language: conversation.person.language,
        about: conversation.person.about,
        opened: conversation.since,
        answered: conversation.stats.answered,
        ended,
        ended_by,
        topic: ending.map(|ending| ending.topic.clone()),
        outcome: ending.map(|ending| ending.outcome).or(outcome),
        waits: conversation.stats.waits,
        waited_ms: conversation.stats.waited_ms,
        offers: conversation.stats.offers,
        returns: conversation.stats.returns,
        transfers: conversation.stats.transfers,
    }
}
