// SPDX-License-Identifier: EUPL-1.2
//! The acts of supervisors, one function for each. The advisors of the conversation are told at once of each, and the audit
//! trail keeps it.
//!
//! - Taking over makes the supervisor the holder at once. The former holder is out of the conversation, as after a transfer: a
//!   second name beside the supervisor's would leave the person in doubt who answers. To stay beside the advisor, a supervisor
//!   joins.
//! - Reassigning to a colleague asks that colleague, as a transfer does; the holder keeps it until they accept.
//! - Reading leaves no trace that the person sees, unless the policy says that they are told.
//! - A conversation that a supervisor takes over takes up a place of theirs, like any other.

use infocig_protocol::{
    desk::{DeskServerFrame, NoteDraft, TransferTo, Why},
    id::{AdvisorId, ConversationId, QueueId},
    problem::Code,
    report::{AuditDetails, AuditedKind},
    supervision::{Observation, SupervisorAct},
    time::Timestamp,
};

use super::{
    Desk, DeskTransition, FULL, NOT_WAITING,
    presence::Present,
    queue::{DeskConversation, Ending, Held, Observer, Stage},
};
use crate::{
    audit::AuditEvent,
    notification::{ConversationCommand, Release},
    people::Advisor,
    refusal::Reason,
    staff::StaffRole,
};

impl Desk {
    /// A supervisor hands a conversation to a colleague, who is asked to take it, or at once to its queue or to another one of
    /// theirs. Of a conversation that waits, this withdraws the offer: the advisor who was asked is not asked again for a while.
    pub fn reassign(
        &mut self,
        id: &ConversationId,
        supervisor: &AdvisorId,
        to: TransferTo,
        now: Timestamp,
    ) -> DeskTransition {
        self.supervise(id, supervisor, SupervisorAct::Reassigned, now, |desk, by| {
            let holder = desk.open(id)?.held().map(|held| held.advisor.id.clone());
            let rests = now.plus_millis(desk.rules.accept_within_ms());
            match (to, holder) {
                (TransferTo::Advisor(colleague), holder) => {
                    let colleague = desk.takes_more(id, &colleague, holder.as_ref().unwrap_or(&by.id))?;
                    desk.offer(id, &colleague, Why::default(), now);
                }
                (TransferTo::OtherQueue(queue), holder) => {
                    desk.queue_there(&queue)?;
                    if !desk.present(&by.id)?.serves(&queue) {
                        return Err(NOT_SUPERVISOR_THERE);
                    }
                    if holder.is_some() {
                        desk.released(id, Release::Transferred, Some(queue), Some(rests), now);
                    } else {
                        desk.edit(id, |conversation| conversation.decline(rests));
                        desk.pass_to_queue(id, &queue, now);
                    }
                }
                (TransferTo::Queue, Some(_)) => {
                    desk.released(id, Release::Transferred, None, Some(rests), now);
                }
                (TransferTo::Queue, None) => desk.edit(id, |conversation| conversation.decline(rests)),
            }
            Ok(Done::Now)
        })
    }

    /// A supervisor ends a conversation that an advisor holds, or classifies it for that advisor once it is over.
    pub fn end(
        &mut self,
        id: &ConversationId,
        supervisor: &AdvisorId,
        ending: Ending,
        now: Timestamp,
    ) -> DeskTransition {
        self.supervise(id, supervisor, SupervisorAct::Ended, now, |desk, _| {
            let conversation = desk.conversations.get(id).ok_or(NOT_WAITING)?;
            let advisor = conversation.in_hand_of().ok_or(NOBODY_HOLDS)?.clone();
            desk.ended(id, &advisor, ending, now)?;
            Ok(Done::Now)
        })
    }

    /// A supervisor answers a conversation from here on, whether it waits, is offered or is held. One's own again changes
    /// nothing.
    pub fn take_over(
        &mut self,
        id: &ConversationId,
        supervisor: &AdvisorId,
        now: Timestamp,
    ) -> DeskTransition {
        self.supervise(id, supervisor, SupervisorAct::TookOver, now, |desk, by| {
            let conversation = desk.open(id)?;
            if conversation.held().is_some_and(|held| held.advisor.id == by.id) {
                return Ok(Done::Before);
            }
            if conversation.offer.as_ref().is_none_or(|offer| offer.to.id != by.id) {
                if desk.load_of(&by.id) >= desk.rules.capacity.get() {
                    return Err(FULL);
                }
                desk.offer(id, by, Why::default(), now);
            }
            desk.accepted(id, &by.id, now)?;
            Ok(Done::Now)
        })
    }

    /// A supervisor joins the advisor of a conversation, without an invitation.
    pub fn join(&mut self, id: &ConversationId, supervisor: &AdvisorId, now: Timestamp) -> DeskTransition {
        self.supervise(id, supervisor, SupervisorAct::Joined, now, |desk, by| {
            if desk.open_and_held(id)?.takes_part(&by.id) {
                return Ok(Done::Before);
            }
            desk.edit_held(id, |held| {
                held.observers.retain(|observer| observer.advisor.id != by.id);
                held.invited.retain(|invited| invited.advisor.id != by.id);
                held.helpers.push(by.clone());
            });
            desk.command(id, ConversationCommand::Joined { advisor: by.clone() });
            Ok(Done::Now)
        })
    }

    /// A supervisor reads a conversation that an advisor holds. Who takes part in it reads it anyway.
    pub fn observe(&mut self, id: &ConversationId, supervisor: &AdvisorId, now: Timestamp) -> DeskTransition {
        self.supervise(id, supervisor, SupervisorAct::Observes, now, |desk, by| {
            let held = desk.open_and_held(id)?;
            if held.takes_part(&by.id) || held.is_observed_by(&by.id) {
                return Ok(Done::Before);
            }
            let observer = Observer { advisor: by.clone(), since: now, confirmed: false };
            desk.edit_held(id, |held| held.observers.push(observer));
            let told = desk.rules.supervision.observation == Observation::Told;
            desk.command(id, ConversationCommand::Observed { advisor: by.clone(), told });
            Ok(Done::Now)
        })
    }

    /// The conversation knows that a supervisor reads.
    pub fn confirm_observer(
        &mut self,
        id: &ConversationId,
        supervisor: &AdvisorId,
        now: Timestamp,
    ) -> DeskTransition {
        self.act(None, now, |desk| {
            desk.edit_held(id, |held| {
                let theirs = held.observers.iter_mut().filter(|one| one.advisor.id == *supervisor);
                theirs.for_each(|observer| observer.confirmed = true);
            });
            Ok(())
        })
    }

    /// A supervisor writes to the advisors of a conversation alone.
    pub fn whisper(
        &mut self,
        id: &ConversationId,
        supervisor: &AdvisorId,
        note: NoteDraft,
        now: Timestamp,
    ) -> DeskTransition {
        self.act(Some(id), now, |desk| {
            let by = desk.supervisor(id, supervisor)?;
            desk.open_and_held(id)?;
            desk.write_note(id, &by, note, true, now)?;
            desk.audit(id, desk.queue_of(id), &by, (SupervisorAct::Whispered, None), now);
            Ok(())
        })
    }

    /// A supervisor who observes reads no more.
    pub(super) fn stop_observing(&mut self, id: &ConversationId, advisor: &AdvisorId, now: Timestamp) {
        let held = self.conversations.get(id).and_then(DeskConversation::held);
        let observers = held.map(|held| held.observers.as_slice()).unwrap_or_default();
        let observer = observers.iter().find(|observer| observer.advisor.id == *advisor);
        let Some(Observer { advisor: observer, .. }) = observer.cloned() else { return };
        self.edit_held(id, |held| held.observers.retain(|other| other.advisor.id != observer.id));
        self.command(id, ConversationCommand::Unobserved { advisor: observer.clone() });
        self.tell_of(id, &observer, SupervisorAct::LeftOff, &self.advisors_of(id), now);
        self.audit(id, self.queue_of(id), &observer, (SupervisorAct::LeftOff, None), now);
    }

    /// The advisor of that id, if they are a supervisor of the queue of the conversation. One of another queue learns no more
    /// than that no conversation of theirs has the id.
    pub(super) fn supervisor(&self, id: &ConversationId, advisor: &AdvisorId) -> Result<Advisor, Reason> {
        let present = self.present(advisor)?;
        if !present.is_supervisor() {
            return Err(NOT_SUPERVISOR);
        }
        if self.is_of(id, present) { Ok(present.advisor.clone()) } else { Err(NOT_WAITING) }
    }

    /// A conversation on the desk that is not over, nor being ended.
    fn open(&self, id: &ConversationId) -> Result<&DeskConversation, Reason> {
        let conversation = self.conversations.get(id).ok_or(NOT_WAITING)?;
        match &conversation.stage {
            Stage::Held(held) if held.ending.is_some() => Err(OVER),
            Stage::Waiting { .. } | Stage::Held(_) => Ok(conversation),
            Stage::WrapUp(_) => Err(OVER),
        }
    }

    pub(super) fn open_and_held(&self, id: &ConversationId) -> Result<&Held, Reason> {
        self.open(id)?.held().ok_or(NOBODY_HOLDS)
    }

    fn edit_held(&mut self, id: &ConversationId, change: impl FnOnce(&mut Held)) {
        self.edit(id, |conversation| {
            if let Stage::Held(held) = &mut conversation.stage {
                change(held);
            }
        });
    }

    /// Carries out an act of a supervisor: its advisors learn of it, those it leaves included, and it is in the audit trail.
    fn supervise(
        &mut self,
        id: &ConversationId,
        supervisor: &AdvisorId,
        act: SupervisorAct,
        now: Timestamp,
        rule: impl FnOnce(&mut Self, &Advisor) -> Result<Done, Reason>,
    ) -> DeskTransition {
        self.supervise_saying(id, supervisor, act, None, now, rule)
    }

    /// The same for an act that needs a reason, which the audit trail keeps.
    pub(super) fn supervise_saying(
        &mut self,
        id: &ConversationId,
        supervisor: &AdvisorId,
        act: SupervisorAct,
        details: Option<AuditDetails>,
        now: Timestamp,
        rule: impl FnOnce(&mut Self, &Advisor) -> Result<Done, Reason>,
    ) -> DeskTransition {
        self.act(Some(id), now, |desk| {
            let by = desk.supervisor(id, supervisor)?;
            let advisors = desk.advisors_of(id);
            let queue = desk.queue_of(id);
            if rule(desk, &by)? == Done::Now {
                desk.tell_of(id, &by, act, &advisors, now);
                desk.audit(id, queue, &by, (act, details), now);
            }
            Ok(())
        })
    }

    /// The advisors at the desk that a conversation is open to.
    fn advisors_of(&self, id: &ConversationId) -> Vec<AdvisorId> {
        let conversation = self.conversations.get(id);
        let is_open_to = |advisor: &&AdvisorId| conversation.is_some_and(|one| one.is_open_to(advisor));
        self.advisors.keys().filter(is_open_to).cloned().collect()
    }

    fn tell_of(
        &mut self,
        id: &ConversationId,
        by: &Advisor,
        act: SupervisorAct,
        advisors: &[AdvisorId],
        now: Timestamp,
    ) {
        let frame =
            DeskServerFrame::Supervised { conversation: id.clone(), act, by: by.name.clone(), at: now };
        let others = advisors.iter().filter(|advisor| **advisor != by.id);
        self.pending.transition.to_advisors.extend(others.map(|other| (other.clone(), frame.clone())));
    }

    /// Tells the audit trail of an act, with the reason of one that needs it.
    pub(super) fn audit(
        &mut self,
        id: &ConversationId,
        queue: Option<QueueId>,
        by: &Advisor,
        (act, details): (impl Into<AuditedKind>, Option<AuditDetails>),
        now: Timestamp,
    ) {
        let supervises = self.advisors.get(&by.id).is_some_and(Present::is_supervisor);
        let role = if supervises { StaffRole::Supervisor } else { StaffRole::Advisor };
        self.pending.transition.audit.push(AuditEvent {
            actor: Some(by.id.clone()),
            roles: role.into(),
            conversation: Some(id.clone()),
            queue,
            details,
            ..AuditEvent::new(act.into(), now)
        });
    }
}

/// Whether an act changed anything.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Done {
    /// It did.
    Now,
    /// Everything was so before.
    Before,
}

pub(super) const NOT_SUPERVISOR: Reason = (Code::NotSupervisor, "this advisor is no supervisor");
const NOT_SUPERVISOR_THERE: Reason = (Code::NotSupervisor, "this supervisor has not that queue");
const NOBODY_HOLDS: Reason = (Code::NotWaiting, "no advisor holds it: it can be taken over or reassigned");
const OVER: Reason = (Code::ConversationClosed, "it is over, or being ended");
