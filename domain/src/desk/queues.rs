// SPDX-License-Identifier: EUPL-1.2
//! The queues of a desk: which conversations and advisors belong to each, and what each has seen.

use std::collections::BTreeMap;

use infocig_protocol::{
    desk::DeskQueue,
    id::{AdvisorId, ConversationId, QueueId},
    problem::Code,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{
    Desk,
    estimate::ServiceTimeStats,
    presence::Present,
    queue::{DeskConversation, Stage},
};
use crate::{
    figures::{EventKind, Today},
    policy::{DeskQueues, Queue},
    refusal::Reason,
};

/// What a desk has seen of one of its queues.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueState {
    /// Its statistics of service times.
    #[serde(default)]
    pub service_times: ServiceTimeStats,
    /// Its figures of the day.
    #[serde(default)]
    pub today: Today,
}

/// The state of each queue.
pub(super) type QueueStates = BTreeMap<QueueId, QueueState>;

impl Present {
    /// Whether they belong to a queue.
    pub fn serves(&self, queue: &QueueId) -> bool {
        self.profile.serves(queue)
    }
}

impl DeskConversation {
    /// The queue it waits, or last waited, in.
    pub fn queue(&self) -> &QueueId {
        &self.record.queue
    }
}

impl Desk {
    /// The queues it serves.
    pub fn queues(&self) -> &DeskQueues {
        &self.queues
    }

    /// The queues of an advisor, in the order of the policy. Of somebody who is not at the desk, none.
    pub fn queues_of(&self, advisor: &AdvisorId) -> impl Iterator<Item = &Queue> {
        let present = self.advisors.get(advisor);
        self.queues.iter().filter(move |queue| present.is_some_and(|present| present.serves(&queue.id)))
    }

    /// The first queue of an advisor, or of the desk.
    pub(super) fn first_queue_of(&self, advisor: &AdvisorId) -> QueueId {
        self.queues_of(advisor).next().map_or_else(|| self.queues.first(), |queue| &queue.id).clone()
    }

    /// The queues of the desk as an advisor is told of them; none where there is one.
    pub(super) fn queues_for(&self, advisor: &AdvisorId) -> Vec<DeskQueue> {
        if !self.queues.are_several() {
            return Vec::new();
        }
        let own = |queue: &Queue| self.advisors.get(advisor).is_some_and(|one| one.serves(&queue.id));
        let told =
            |queue: &Queue| DeskQueue { id: queue.id.clone(), name: queue.name().into(), own: own(queue) };
        self.queues.iter().map(told).collect()
    }

    /// The queue of a conversation on the desk.
    pub(super) fn queue_of(&self, id: &ConversationId) -> Option<QueueId> {
        self.conversations.get(id).map(|conversation| conversation.queue().clone())
    }

    /// Whether a conversation is on the desk, in a queue of an advisor.
    pub(super) fn is_of(&self, id: &ConversationId, advisor: &Present) -> bool {
        self.conversations.get(id).is_some_and(|conversation| advisor.serves(conversation.queue()))
    }

    /// A queue that a conversation can pass to.
    pub(super) fn queue_there(&self, queue: &QueueId) -> Result<(), Reason> {
        if self.queues.contains(queue) { Ok(()) } else { Err(NO_SUCH_QUEUE) }
    }

    /// Of a conversation that waits, the queue changes; the person keeps their instant of entry.
    pub(super) fn pass_to_queue(&mut self, id: &ConversationId, queue: &QueueId, now: Timestamp) {
        if self.conversations.get(id).is_none_or(|conversation| conversation.queue() == queue) {
            return;
        }
        self.happened(id, EventKind::Requeued { queue: queue.clone() }, now);
        // Their place in the other queue is news.
        self.edit(id, |conversation| conversation.last_announced = None);
    }

    /// The advisor has signed in as one of other queues than before: whatever is not theirs any more goes on, or is closed to
    /// them. What they hold stays until it ends or is handed on: nobody is left in the middle of a sentence.
    pub(super) fn leave_foreign_queues(&mut self, advisor: &AdvisorId, now: Timestamp) {
        let Some(present) = self.advisors.get(advisor) else { return };
        let is_foreign = |id: &&ConversationId| {
            self.conversations.get(*id).is_some_and(|conversation| !present.serves(conversation.queue()))
        };
        let foreign: Vec<ConversationId> = self.watched.iter().filter(is_foreign).cloned().collect();
        for id in foreign {
            self.edit(&id, |conversation| {
                conversation.offer = conversation.offer.take().filter(|offer| offer.to.id != *advisor);
                if let Stage::Held(held) = &mut conversation.stage {
                    held.invited.retain(|invited| invited.advisor.id != *advisor);
                }
            });
            self.stop_helping(&id, advisor);
            self.stop_observing(&id, advisor, now);
        }
    }

    /// Places taken and freed in this call enter the statistics of their queues.
    pub(super) fn count_places(&mut self, now: Timestamp) {
        let ended = std::mem::take(&mut self.pending.ended);
        for (queue, state) in &mut self.states {
            let ended = ended.get(queue).copied().unwrap_or_default();
            state.service_times.count(self.loads.places(queue), ended, now);
        }
    }

    /// The state of a queue, to change it.
    pub(super) fn state_mut(&mut self, queue: &QueueId) -> &mut QueueState {
        self.states.entry(queue.clone()).or_default()
    }
}

const NO_SUCH_QUEUE: Reason = (Code::RequestInvalid, "the desk has no such queue");
