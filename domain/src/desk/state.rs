// SPDX-License-Identifier: EUPL-1.2
//! The state of a desk: how it is restored and stored, read, and changed row by row.

use std::{collections::BTreeMap, sync::Arc};

use infocig_protocol::{
    id::{AdvisorId, ConversationId, QueueId},
    problem::Code,
    supervision::{OfficeQueue, PanelBlock},
    time::Timestamp,
};

use super::{
    Desk, FULL, NOT_YOURS, PendingStep, UNAVAILABLE,
    presence::Present,
    queue::{DeskConversation, Loads, WaitingQueue},
    queues::QueueState,
};
use crate::{
    figures::{
        Event, EventKind, Tally,
        event::Entered,
        period::{day_of, instants_of},
    },
    people::Advisor,
    policy::{DeskQueues, DeskRules},
    refusal::Reason,
};

/// The stored form of a desk. [`Desk::restore`] reads it and [`Desk::stored`] writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredDesk {
    /// The conversations on it.
    pub conversations: Vec<DeskConversation>,
    /// The advisors at it.
    pub advisors: Vec<Present>,
    /// What it has seen of each queue.
    pub queues: BTreeMap<QueueId, QueueState>,
    /// The queue of the connector to Linea INPS.
    pub office: OfficeQueue,
    /// The blocks that last.
    pub blocks: Vec<PanelBlock>,
}

impl Desk {
    /// A desk as it was stored. A conversation of a queue that it does not serve any more waits in the one for its person.
    pub fn restore(queues: Arc<DeskQueues>, rules: Arc<DeskRules>, mut stored: StoredDesk) -> Self {
        for DeskConversation { record, .. } in &mut stored.conversations {
            if !queues.contains(&record.queue) {
                record.queue = queues.queue_for(record.category).clone();
            }
        }
        let states = queues.ids().map(|id| (id.clone(), stored.queues.remove(id).unwrap_or_default()));
        let states = states.collect();
        let mut waiting_queue = WaitingQueue::default();
        stored
            .conversations
            .iter()
            .filter(|conversation| conversation.is_waiting())
            .for_each(|conversation| waiting_queue.insert(conversation));
        let watched = stored.conversations.iter().filter(|conversation| conversation.is_watched());
        let mut loads = Loads::default();
        stored.conversations.iter().for_each(|conversation| loads.add(conversation));
        Self {
            queues,
            rules,
            states,
            waiting_queue,
            loads,
            watched: watched.map(|conversation| conversation.id.clone()).collect(),
            conversations: stored
                .conversations
                .into_iter()
                .map(|conversation| (conversation.id.clone(), conversation))
                .collect(),
            advisors: stored.advisors.into_iter().map(|one| (one.advisor.id.clone(), one)).collect(),
            office: stored.office,
            blocks: stored.blocks.into_iter().map(|one| (one.conversation.clone(), one)).collect(),
            pending: PendingStep::default(),
        }
    }

    /// The stored form from which [`restore`](Self::restore) returns this desk.
    pub fn stored(&self) -> StoredDesk {
        StoredDesk {
            conversations: self.conversations.values().cloned().collect(),
            advisors: self.advisors.values().cloned().collect(),
            queues: self.states.clone(),
            office: self.office,
            blocks: self.blocks.values().cloned().collect(),
        }
    }

    /// The conversations on it.
    pub fn conversations(&self) -> impl Iterator<Item = &DeskConversation> {
        self.conversations.values()
    }

    /// The figures of the day so far of a queue: of the conversations that entered today, those on the desk included, and of the
    /// time of the advisors.
    pub fn today(&self, queue: &QueueId, now: Timestamp) -> Tally {
        let mut tally = self.states.get(queue).map(|state| state.today.at(now)).unwrap_or_default();
        // Instants, because the day of an instant takes a look at the time zone.
        let day = instants_of(day_of(now));
        let records = self.conversations.values().map(|conversation| &conversation.record);
        for record in records.filter(|record| day.contains(&record.entered)) {
            if let Some(part) = Tally::of_queue(record, &self.rules.figures, queue) {
                tally.add(&part);
            }
        }
        self.add_spans(&mut tally, queue, now);
        tally
    }

    /// Conversations that wait, in the order in which they are answered.
    pub fn waiting(&self) -> impl Iterator<Item = &DeskConversation> {
        self.waiting_queue.iter().filter_map(|id| self.conversations.get(id))
    }

    /// The advisors at it.
    pub fn advisors(&self) -> impl Iterator<Item = &Present> {
        self.advisors.values()
    }

    /// How many places of an advisor are taken.
    pub fn load_of(&self, advisor: &AdvisorId) -> u32 {
        self.loads.of(advisor)
    }

    pub(super) fn present(&self, advisor: &AdvisorId) -> Result<&Present, Reason> {
        self.advisors.get(advisor).ok_or((Code::AdvisorUnavailable, "this advisor is not at the desk"))
    }

    pub(super) fn holds(&self, id: &ConversationId, advisor: &AdvisorId) -> Result<(), Reason> {
        match self.conversations.get(id).and_then(DeskConversation::held) {
            Some(held) if held.advisor.id == *advisor && held.ending.is_none() => Ok(()),
            Some(held) if held.advisor.id == *advisor => Err((Code::ConversationClosed, "it is being ended")),
            Some(_) | None => Err(NOT_YOURS),
        }
    }

    /// A colleague of the queue of a conversation, who has a free place for it.
    pub(super) fn takes_more(
        &self,
        id: &ConversationId,
        colleague: &AdvisorId,
        asking: &AdvisorId,
    ) -> Result<Advisor, Reason> {
        let present = self.advisors.get(colleague).filter(|one| one.takes_more() && colleague != asking);
        let present = present.filter(|one| self.is_of(id, one));
        let present = present.ok_or(UNAVAILABLE)?;
        if self.load_of(colleague) >= self.rules.capacity.get() {
            Err(FULL)
        } else {
            Ok(present.advisor.clone())
        }
    }

    pub(super) fn put(&mut self, conversation: DeskConversation) {
        if let Some(before) = self.conversations.get(&conversation.id) {
            self.loads.remove(before);
            if before.is_waiting() {
                self.waiting_queue.remove(before);
            }
        }
        self.loads.add(&conversation);
        if conversation.is_waiting() {
            self.waiting_queue.insert(&conversation);
        }
        if conversation.is_watched() {
            self.watched.insert(conversation.id.clone());
        } else {
            self.watched.remove(&conversation.id);
        }
        self.pending.conversations.insert(conversation.id.clone());
        self.pending.transition.pictures_changed = true;
        self.conversations.insert(conversation.id.clone(), conversation);
    }

    /// A conversation comes to the desk.
    pub(super) fn enter(&mut self, conversation: DeskConversation) {
        let entered = Entered::of(&conversation.person, conversation.queue());
        let event = Event {
            conversation: conversation.id.clone(),
            at: conversation.since,
            kind: EventKind::Entered(Box::new(entered)),
        };
        self.pending.transition.events.push(event);
        self.put(conversation);
    }

    pub(super) fn edit(&mut self, id: &ConversationId, change: impl FnOnce(&mut DeskConversation)) {
        let Some(before) = self.conversations.get(id) else { return };
        let mut conversation = before.clone();
        change(&mut conversation);
        if conversation != *before {
            self.put(conversation);
        }
    }

    pub(super) fn put_advisor(&mut self, present: Present) {
        if self.advisors.get(&present.advisor.id) != Some(&present) {
            self.pending.advisors.insert(present.advisor.id.clone());
            self.pending.transition.pictures_changed = true;
            self.advisors.insert(present.advisor.id.clone(), present);
        }
    }

    /// Something came to an advisor, or left them.
    pub(super) fn touch(&mut self, advisor: &AdvisorId, now: Timestamp) {
        if let Some(present) = self.advisors.get(advisor).cloned() {
            self.put_advisor(Present { idle_since: now, ..present });
        }
    }
}
