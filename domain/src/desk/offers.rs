// SPDX-License-Identifier: EUPL-1.2
//! How a conversation passes to an advisor and back: offers accepted, declined and withdrawn, conversations released.

use std::sync::Arc;

use infocig_protocol::{
    id::{AdvisorId, ConversationId, QueueId},
    report::AuditedKind,
    time::Timestamp,
};

use super::{
    Desk, NOT_WAITING, TAKEN,
    presence::Present,
    queue::{Declined, DeskConversation, Held, Offer, Stage},
    supervision::Done,
};
use crate::{
    figures::EventKind,
    notification::{ConversationCommand, Release},
    refusal::Reason,
};

impl Desk {
    /// An advisor takes a conversation, or comes to help with it: from here on they read it, which the audit trail is told.
    pub(super) fn accepts(
        &mut self,
        id: &ConversationId,
        advisor: &AdvisorId,
        now: Timestamp,
    ) -> Result<(), Reason> {
        if self.accepted(id, advisor, now)? == Done::Now {
            let by = self.present(advisor)?.advisor.clone();
            self.audit(id, self.queue_of(id), &by, (AuditedKind::Accepted, None), now);
        }
        Ok(())
    }

    pub(super) fn accepted(
        &mut self,
        id: &ConversationId,
        advisor: &AdvisorId,
        now: Timestamp,
    ) -> Result<Done, Reason> {
        let conversation = self.conversations.get(id).ok_or(NOT_WAITING)?;
        if let Some(offer) = conversation.offer.clone().filter(|offer| offer.to.id == *advisor) {
            let assigned = EventKind::Assigned { advisor: advisor.clone() };
            self.happened(id, assigned, now);
            self.edit(id, |conversation| conversation.pass_to(offer, now));
            let assignment_epoch =
                self.conversations.get(id).map_or(0, |conversation| conversation.assignment_epoch);
            let advisor = self.present(advisor)?.advisor.clone();
            self.command(id, ConversationCommand::Assigned { assignment_epoch, advisor });
            return Ok(Done::Now);
        }
        let Stage::Held(held) = &conversation.stage else { return Err(NOT_WAITING) };
        if held.advisor.id == *advisor || held.helpers.iter().any(|helper| helper.id == *advisor) {
            return Ok(Done::Before);
        }
        let invited = held.invited.iter().find(|invited| invited.advisor.id == *advisor);
        let advisor = invited.ok_or(TAKEN)?.advisor.clone();
        self.edit(id, |conversation| {
            if let Stage::Held(held) = &mut conversation.stage {
                held.invited.retain(|invited| invited.advisor.id != advisor.id);
                held.helpers.push(advisor.clone());
            }
        });
        self.command(id, ConversationCommand::Joined { advisor });
        Ok(Done::Now)
    }

    pub(super) fn lost(&mut self, advisor: &AdvisorId, now: Timestamp) {
        let Some(present) =
            self.advisors.get(advisor).filter(|present| present.disconnected_since.is_none()).cloned()
        else {
            return;
        };
        self.put_advisor(Present { disconnected_since: Some(now), ..present });
        self.withdraw_offers(advisor);
    }

    pub(super) fn withdraw_offers(&mut self, advisor: &AdvisorId) {
        let offered = |id: &&ConversationId| {
            self.conversations.get(*id).is_some_and(|conversation| {
                conversation.offer.as_ref().is_some_and(|offer| offer.to.id == *advisor)
            })
        };
        let withdrawn: Vec<ConversationId> = self.watched.iter().filter(offered).cloned().collect();
        for id in &withdrawn {
            self.edit(id, |conversation| conversation.offer = None);
        }
    }

    /// A session of an advisor has ended: what they have goes back at once, also where they are connected by another session. It
    /// may be offered to them again there; nothing of it stays open where they signed out.
    pub(super) fn signed_off(&mut self, advisor: &AdvisorId, now: Timestamp) {
        self.withdraw_offers(advisor);
        self.give_back(advisor, now);
        let wraps_up = |id: &&ConversationId| {
            self.conversations.get(*id).is_some_and(|conversation| {
                matches!(&conversation.stage, Stage::WrapUp(wrap_up) if wrap_up.advisor.id == *advisor)
            })
        };
        let over: Vec<ConversationId> = self.watched.iter().filter(wraps_up).cloned().collect();
        for id in &over {
            self.wrapped_up(id, now);
        }
    }

    /// The conversations of an advisor who does not come back go to the front of the queue, and their helping ends.
    pub(super) fn give_back(&mut self, advisor: &AdvisorId, now: Timestamp) {
        for id in self.watched.clone() {
            let Some(held) = self.conversations.get(&id).and_then(DeskConversation::held) else { continue };
            if held.advisor.id != *advisor {
                self.stop_helping(&id, advisor);
                self.stop_observing(&id, advisor, now);
            } else if held.ending.is_none() {
                self.released(&id, Release::Lost, None, None, now);
            }
        }
    }

    /// A conversation waits again: in its queue, or in another one.
    pub(super) fn released(
        &mut self,
        id: &ConversationId,
        why: Release,
        to: Option<QueueId>,
        giver_rests: Option<Timestamp>,
        now: Timestamp,
    ) {
        let Some(conversation) = self.conversations.get(id) else { return };
        let requeued = match why {
            Release::Lost => EventKind::Returned {},
            Release::Transferred => {
                EventKind::Requeued { queue: to.unwrap_or_else(|| conversation.queue().clone()) }
            }
        };
        self.happened(id, requeued, now);
        let priorities = Arc::clone(&self.rules);
        self.edit(id, |conversation| {
            conversation.release(why, giver_rests, now);
            if why == Release::Transferred {
                conversation.priority = priorities.priorities.on_transfer(conversation.priority);
            }
        });
        self.command(id, ConversationCommand::Released { why });
    }

    pub(super) fn stop_helping(&mut self, id: &ConversationId, advisor: &AdvisorId) {
        let held = self.conversations.get(id).and_then(DeskConversation::held);
        let helper = held.and_then(|held| held.helpers.iter().find(|helper| helper.id == *advisor)).cloned();
        let Some(helper) = helper else { return };
        self.edit(id, |conversation| {
            if let Stage::Held(held) = &mut conversation.stage {
                held.helpers.retain(|other| other.id != helper.id);
            }
        });
        self.command(id, ConversationCommand::Left { advisor: helper });
    }
}

impl DeskConversation {
    /// The advisor who was asked did not want it, or did not answer.
    pub(super) fn decline(&mut self, rests: Timestamp) {
        let Some(offer) = self.offer.take() else { return };
        if self.is_waiting() {
            self.declined.retain(|declined| declined.advisor != offer.to.id);
            self.declined.push(Declined { advisor: offer.to.id, until: rests });
        }
    }

    pub(super) fn pass_to(&mut self, offer: Offer, now: Timestamp) {
        let mut helpers = Vec::new();
        let mut invited = Vec::new();
        let mut observers = Vec::new();
        if let Stage::Held(held) = &self.stage {
            observers.clone_from(&held.observers);
            helpers.clone_from(&held.helpers);
            invited.clone_from(&held.invited);
        }
        helpers.retain(|helper| helper.id != offer.to.id);
        invited.retain(|invited| invited.advisor.id != offer.to.id);
        observers.retain(|observer| observer.advisor.id != offer.to.id);
        (self.offer, self.returned, self.last_announced, self.assignment_epoch) =
            (None, false, None, self.assignment_epoch + 1);
        self.declined.clear();
        self.stage = Stage::Held(Held {
            advisor: offer.to,
            since: now,
            why: offer.why,
            confirmed: false,
            helpers,
            invited,
            ending: None,
            observers,
            on_hold: None,
            call: None,
        });
    }

    pub(super) fn release(&mut self, why: Release, giver_rests: Option<Timestamp>, now: Timestamp) {
        let Stage::Held(held) = &self.stage else { return };
        self.returned |= why == Release::Lost;
        if let Some(until) = giver_rests {
            self.declined.push(Declined { advisor: held.advisor.id.clone(), until });
        }
        (self.offer, self.spoke) = (None, None);
        self.stage = Stage::Waiting { since: now };
    }

    pub(super) fn is_open_to(&self, advisor: &AdvisorId) -> bool {
        let helps = self.held().is_some_and(|held| {
            held.helpers.iter().any(|helper| helper.id == *advisor)
                || held.invited.iter().any(|invited| invited.advisor.id == *advisor)
                || held.is_observed_by(advisor)
        });
        helps || self.takes_places_of().any(|id| id == advisor)
    }
}
