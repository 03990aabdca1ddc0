// SPDX-License-Identifier: EUPL-1.2
//! The timers of a desk and of each conversation on it, in one table each, derived from the state.

use infocig_protocol::{
    id::{AdvisorId, ConversationId},
    time::Timestamp,
};

use super::{
    Desk, DeskTransition,
    presence::Present,
    queue::{DeskConversation, Stage},
    queues::QueueState,
};
use crate::{figures::EventKind, timers::TimerTable};

/// Everything that happens to a conversation on a desk because time passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ConversationTimer {
    /// An offer lapses.
    Offer,
    /// The first of the invitations to join lapses.
    Invitation,
    /// The first of the advisors who declined it may be asked again.
    Declined,
    /// Its advisor is reminded that it is on hold.
    HoldReminder,
    /// The place of the advisor who wraps it up becomes free.
    WrapUp,
}

/// Everything that happens on a desk because time passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DeskTimer {
    /// The first timer of the conversations on the desk.
    Conversation,
    /// The grace of the first advisor who is connected nowhere is over.
    Grace,
    /// Places are announced to people who wait.
    Update,
    /// The first block is over.
    Block,
}

impl DeskConversation {
    /// Returns the earliest deadline of its timers, if any is armed.
    pub(super) fn next_timeout(&self) -> Option<Timestamp> {
        self.timers().next_timeout()
    }

    /// The deadline of every timer, where it is armed.
    pub(super) fn timers(&self) -> TimerTable<ConversationTimer, 5> {
        TimerTable::new([
            (ConversationTimer::Offer, self.offer.as_ref().map(|offer| offer.until)),
            (ConversationTimer::Invitation, self.invitation_timeout()),
            (ConversationTimer::Declined, self.declined.iter().map(|declined| declined.until).min()),
            (ConversationTimer::HoldReminder, self.hold_timeout()),
            (ConversationTimer::WrapUp, self.wrap_up_timeout()),
        ])
    }

    /// Returns the deadline for the first invitation to lapse, if armed: while an advisor holds the conversation.
    fn invitation_timeout(&self) -> Option<Timestamp> {
        self.held()?.invited.iter().map(|invited| invited.until).min()
    }

    /// Returns the deadline for reminding the advisor of a hold, if armed: until they have been reminded.
    fn hold_timeout(&self) -> Option<Timestamp> {
        self.held()?.on_hold.as_ref().filter(|hold| !hold.due).map(|hold| hold.until)
    }

    /// Returns the deadline for wrapping up, if armed: once the conversation is over.
    fn wrap_up_timeout(&self) -> Option<Timestamp> {
        match &self.stage {
            Stage::WrapUp(wrap_up) => Some(wrap_up.until),
            Stage::Waiting { .. } | Stage::Held(_) => None,
        }
    }
}

impl Desk {
    /// Time has passed.
    pub fn wake(&mut self, now: Timestamp) -> DeskTransition {
        self.act(None, now, |desk| {
            // Which conversations fit an advisor changes with time.
            desk.pending.transition.pictures_changed = true;
            Ok(())
        })
    }

    /// When to [`wake`](Self::wake) it next; `None` while nothing can happen by time alone.
    pub fn next_wake(&self) -> Option<Timestamp> {
        let conversations = self.watched.iter().filter_map(|id| self.conversations.get(id)?.next_timeout());
        let graces = self.advisors.values().filter_map(|one| self.grace_timeout(one));
        let timers = TimerTable::new([
            (DeskTimer::Conversation, conversations.min()),
            (DeskTimer::Grace, graces.min()),
            (DeskTimer::Update, self.update_timeout()),
            (DeskTimer::Block, self.block_timeout()),
        ]);
        timers.next_timeout()
    }

    /// Returns the deadline for the advisor to come back, if armed: while they are connected nowhere.
    fn grace_timeout(&self, advisor: &Present) -> Option<Timestamp> {
        Some(advisor.disconnected_since?.plus_millis(i64::from(self.rules.lost_grace_seconds) * 1_000))
    }

    /// Returns the deadline for telling people their places, if armed: while anybody waits.
    fn update_timeout(&self) -> Option<Timestamp> {
        let waiting = self.states.iter().filter(|(queue, _)| self.waiting_queue.number(queue) > 0);
        waiting.map(|(_, state)| self.next_update(state)).min()
    }

    /// When the places in a queue are announced again.
    pub(super) fn next_update(&self, state: &QueueState) -> Timestamp {
        let announced = state.service_times.announced_at;
        announced.plus_millis(i64::from(self.rules.update_seconds.get()) * 1_000)
    }

    /// Carries out what the timers that have expired bring about.
    pub(super) fn pass_time(&mut self, now: Timestamp) {
        let is_due = |id: &&ConversationId| {
            self.conversations.get(*id).and_then(DeskConversation::next_timeout).is_some_and(|at| at <= now)
        };
        let due: Vec<ConversationId> = self.watched.iter().filter(is_due).cloned().collect();
        let rests = now.plus_millis(self.rules.accept_within_ms());
        let lapsed = |conversation: &DeskConversation| {
            conversation.offer.as_ref().is_some_and(|offer| offer.until <= now)
        };
        for id in due {
            if self.conversations.get(&id).is_some_and(lapsed) {
                self.happened(&id, EventKind::Missed {}, now);
            }
            self.edit(&id, |conversation| {
                conversation.declined.retain(|declined| declined.until > now);
                if lapsed(conversation) {
                    conversation.decline(rests);
                }
                if let Stage::Held(held) = &mut conversation.stage {
                    held.invited.retain(|invited| invited.until > now);
                    if let Some(hold) = &mut held.on_hold {
                        hold.due |= hold.until <= now;
                    }
                }
            });
            let timers = self.conversations.get(&id).map(DeskConversation::timers);
            if timers.is_some_and(|timers| timers.is_expired(ConversationTimer::WrapUp, now)) {
                self.wrapped_up(&id, now);
            }
        }
        self.end_blocks(now);
        let is_gone = |one: &&Present| self.grace_timeout(one).is_some_and(|at| at <= now);
        let gone: Vec<AdvisorId> =
            self.advisors.values().filter(is_gone).map(|one| one.advisor.id.clone()).collect();
        for advisor in gone {
            self.give_back(&advisor, now);
            self.end_span(&advisor, now);
            self.advisors.remove(&advisor);
            self.pending.advisors.insert(advisor);
            self.pending.transition.pictures_changed = true;
        }
    }
}
