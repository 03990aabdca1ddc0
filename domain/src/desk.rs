// SPDX-License-Identifier: EUPL-1.2
//! A desk: the conversations of its queues that wait or are answered, the advisors, and what passes between them.
//!
//! - A desk serves one or more queues, which share advisors and their places. An advisor belongs to some of them, by their
//!   profile: they neither see nor take nor are given conversations of the others. A conversation can pass from one to another.
//! - A conversation is on the desk once: waiting, held by one advisor, or over and being wrapped up. It may besides be offered
//!   to one advisor, from the queue or by the colleague who holds it; an offer not accepted in time goes on.
//! - An advisor's places are those of conversations offered to them, held and wrapped up: never more than the policy's
//!   capacity.
//! - An advisor who is disconnected for longer than the grace gives back what they held, to the front of the queue.
//! - A waiting conversation fits somebody at the desk, or every advisor of its queue sees that it fits nobody and may take it.
//! - Each call first lets time pass, then executes the command, then makes the possible offers, then announces places: the
//!   order of events is the order of calls, and memory can be wiped between any two.
//! - A conversation on hold stays in its advisor's hands and keeps its place in their capacity (`hold`).
//! - An assignment is confirmed once the conversation itself knows of it; until then it is not shown as the advisor's, because
//!   the conversation would refuse an advisor it does not know.
//! - A supervisor who supervises sees the desk, is offered nothing and is nobody's fit; their acts are in `supervision`.
//! - Notifications arrive in order and at most once; the caller sees to that.

mod assignment;
mod blocks;
mod calls;
mod commands;
pub mod estimate;
pub mod fit;
mod hold;
mod legacy;
pub mod measures;
mod notes;
mod occupancy;
mod offers;
pub mod own_replies;
mod panel;
mod picture;
mod places;
pub mod presence;
pub mod queue;
mod queues;
mod state;
mod supervision;
mod timers;
mod transition;
mod wrap_up;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use infocig_protocol::{
    id::{AdvisorId, ConversationId, QueueId},
    problem::Code,
    supervision::{OfficeQueue, PanelBlock},
    time::Timestamp,
};

use self::{
    presence::Present,
    queue::{DeskConversation, Loads, WaitingQueue},
    queues::QueueStates,
};
pub use self::{queues::QueueState, state::StoredDesk, transition::DeskTransition};
use crate::{
    figures::{Event, EventKind},
    notification::{ConversationCommand, ConversationNotification, Notification},
    policy::{DeskQueues, DeskRules},
    refusal::{About, Reason, Refusal},
};

/// A desk: its queues, the conversations on it, and the advisors at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desk {
    queues: Arc<DeskQueues>,
    rules: Arc<DeskRules>,
    conversations: BTreeMap<ConversationId, DeskConversation>,
    advisors: BTreeMap<AdvisorId, Present>,
    /// The state of each queue.
    states: QueueStates,
    office: OfficeQueue,
    /// The people who cannot enter for a while, by the conversation that it ended.
    blocks: BTreeMap<ConversationId, PanelBlock>,
    /// Of the conversations, those that wait, in order.
    waiting_queue: WaitingQueue,
    /// Of the conversations, those that time alone may change or that take up a place: few, however many wait.
    watched: BTreeSet<ConversationId>,
    loads: Loads,
    pending: PendingStep,
}

/// The changes of a call under way. Empty between calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct PendingStep {
    conversations: BTreeSet<ConversationId>,
    advisors: BTreeSet<AdvisorId>,
    blocks: BTreeSet<ConversationId>,
    ended: BTreeMap<QueueId, u32>,
    transition: DeskTransition,
}

impl Desk {
    fn act(
        &mut self,
        about: Option<&ConversationId>,
        now: Timestamp,
        rule: impl FnOnce(&mut Self) -> Result<(), Reason>,
    ) -> DeskTransition {
        let before = (self.states.clone(), self.office);
        self.pass_time(now);
        // The transition of a refused command is stored all the same: time has passed.
        if let Err(reason) = rule(self) {
            let about = about.cloned().map(About::Conversation);
            self.pending.transition.refused = Some(Refusal { about, ..reason.into() });
        }
        self.assign(now);
        self.count_places(now);
        self.announce_places(now);
        self.follow_activities(now);
        self.note_who_left(now);
        self.collect(&before)
    }

    /// The changes of the call, with the rows it touched.
    fn collect(&mut self, (states, office): &(QueueStates, OfficeQueue)) -> DeskTransition {
        let PendingStep { conversations, advisors, blocks, mut transition, .. } =
            std::mem::take(&mut self.pending);
        for id in conversations {
            match self.conversations.get(&id) {
                Some(conversation) => transition.changed_conversations.push(conversation.clone()),
                None => transition.removed_conversations.push(id),
            }
        }
        for id in advisors {
            match self.advisors.get(&id) {
                Some(present) => transition.changed_advisors.push(present.clone()),
                None => transition.removed_advisors.push(id),
            }
        }
        for id in blocks {
            match self.blocks.get(&id) {
                Some(block) => transition.changed_blocks.push(block.clone()),
                None => transition.removed_blocks.push(id),
            }
        }
        let changed = self.states.iter().filter(|(queue, state)| states.get(*queue) != Some(state));
        transition.changed_queues = changed.map(|(queue, state)| (queue.clone(), state.clone())).collect();
        transition.office = (self.office != *office).then_some(self.office);
        transition
    }

    /// Something happened to a conversation on the desk: its record and the transition's events learn of it alike.
    fn happened(&mut self, id: &ConversationId, kind: EventKind, at: Timestamp) {
        self.edit(id, |conversation| conversation.record.apply(&kind, at));
        self.pending.transition.events.push(Event { conversation: id.clone(), at, kind });
    }

    fn command(&mut self, id: &ConversationId, command: ConversationCommand) {
        let notification = ConversationNotification { conversation: id.clone(), command };
        self.pending.transition.notifications.push(Notification::Conversation(notification));
    }
}

fn waited(since: Timestamp, now: Timestamp) -> i64 {
    now.as_millis().saturating_sub(since.as_millis()).max(0)
}

const NOT_WAITING: Reason = (Code::NotWaiting, "nobody waits under that id");
const TAKEN: Reason = (Code::NotWaiting, "it is in the hands of another advisor, or offered to one");
const NOT_YOURS: Reason = (Code::NotAssigned, "this advisor does not hold the conversation");
const FULL: Reason = (Code::AtCapacity, "no place of that advisor is free");
const UNAVAILABLE: Reason = (Code::AdvisorUnavailable, "that advisor is not there, or takes nothing now");
