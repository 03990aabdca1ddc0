// SPDX-License-Identifier: EUPL-1.2
//! The commands of conversations and advisors to a desk, one function each.

use std::collections::BTreeSet;

use infocig_protocol::{
    desk::{AssignmentMode, NoteDraft, Presence, TransferTo, Why},
    entry::Party,
    id::{AdvisorId, ConversationId},
    problem::Code,
    supervision::Spoke,
    time::Timestamp,
};

use super::{
    Desk, DeskTransition, FULL, NOT_WAITING, TAKEN, UNAVAILABLE,
    fit::Profile,
    presence::Present,
    queue::{CallUnderWay, DeskConversation, Ending, Invited, Stage},
    supervision::NOT_SUPERVISOR,
};
use crate::{
    figures::EventKind,
    notification::{ConversationCommand, DeskNotification, Release},
    people::{Advisor, Role},
    policy::Policy,
    refusal::Reason,
};

impl Desk {
    /// Applies the notification of a conversation.
    pub fn apply(&mut self, notification: DeskNotification, now: Timestamp) -> DeskTransition {
        self.act(None, now, |desk| {
            match notification {
                DeskNotification::Waiting { conversation, since, person, closing, facts, queue } => {
                    if !desk.conversations.contains_key(&conversation) {
                        let queue = queue.filter(|queue| desk.queues.contains(queue));
                        let queue = queue.unwrap_or_else(|| desk.queues.queue_for(person.category).clone());
                        let entered = DeskConversation::new(conversation, since, *person, &queue);
                        let priority = desk.rules.priorities.on_entry(&facts, since);
                        desk.enter(DeskConversation { closing, priority, ..entered });
                    }
                }
                DeskNotification::Question { conversation, question } => {
                    if let Some(skill) = question.skill() {
                        desk.happened(&conversation, EventKind::About { skill }, now);
                    }
                    desk.edit(&conversation, |conversation| {
                        conversation.person.about = question.skill().or(conversation.person.about);
                        conversation.person.question = Some(question);
                    });
                }
                DeskNotification::Spoke { conversation, by, advisor, at } => {
                    desk.spoke(&conversation, by, advisor.as_ref(), at);
                }
                DeskNotification::Resumed { conversation, hold, at } => {
                    if desk.hold_number(&conversation) == Some(hold) {
                        desk.resumed(&conversation, at);
                    }
                }
                DeskNotification::Call { conversation, call, step, places, at } => {
                    desk.called(&conversation, CallUnderWay { number: call, places }, &step, at);
                }
                DeskNotification::Connector(office) => {
                    desk.pending.transition.panel_changed |= desk.office != office;
                    desk.office = office;
                }
                // The actor has the rules, and calls `on_new_rules`.
                DeskNotification::RulesChanged { .. } => {}
                DeskNotification::SignedOff { advisor, .. } => desk.signed_off(&advisor, now),
                DeskNotification::Closed { conversation, by, outcome, held_by } => {
                    desk.closed(&conversation, by, outcome, held_by.as_ref(), now);
                }
            }
            Ok(())
        })
    }

    /// Other rules are in force: each conversation for which the service closes at another time than it knows is told.
    pub fn on_new_rules(&mut self, policy: &Policy, now: Timestamp) -> DeskTransition {
        self.act(None, now, |desk| {
            let moved = |conversation: &DeskConversation| {
                let person = &conversation.person;
                let known = conversation
                    .closing
                    .as_ref()
                    .filter(|_| !matches!(conversation.stage, Stage::WrapUp(_)))?;
                let closing = known.moved(policy, person.category, &person.province, now)?;
                Some((conversation.id.clone(), closing))
            };
            let moved: Vec<_> = desk.conversations.values().filter_map(moved).collect();
            for (id, closing) in moved {
                desk.command(&id, ConversationCommand::Closing(closing.clone()));
                desk.edit(&id, |conversation| conversation.closing = Some(closing));
            }
            Ok(())
        })
    }

    /// The conversation knows of the assignment with that number.
    pub fn confirm(&mut self, id: &ConversationId, assignment_epoch: u32, now: Timestamp) -> DeskTransition {
        self.act(None, now, |desk| {
            desk.edit(id, |conversation| match &mut conversation.stage {
                Stage::Held(held) if conversation.assignment_epoch == assignment_epoch => {
                    held.confirmed = true;
                }
                Stage::Held(_) | Stage::Waiting { .. } | Stage::WrapUp(_) => {}
            });
            Ok(())
        })
    }

    /// An advisor is connected: new at the desk, back, or on one more device.
    ///
    /// A supervisor who is new at the desk supervises; anybody else is available.
    pub fn on_connect(
        &mut self,
        advisor: Advisor,
        profile: Profile,
        role: Role,
        now: Timestamp,
    ) -> DeskTransition {
        self.act(None, now, |desk| {
            let known = desk.advisors.get(&advisor.id);
            let presence = match (known.map(|known| known.presence), role) {
                (None, Role::Supervisor) => Presence::Supervising,
                (None | Some(Presence::Supervising), Role::Advisor) => Presence::Available,
                (Some(presence), Role::Advisor | Role::Supervisor) => presence,
            };
            let idle_since = known.map_or(now, |known| known.idle_since);
            let span = known.and_then(|known| known.span.clone());
            let id = advisor.id.clone();
            let disconnected_since = None;
            desk.put_advisor(Present {
                advisor,
                profile,
                presence,
                disconnected_since,
                idle_since,
                role,
                span,
            });
            desk.leave_foreign_queues(&id, now);
            Ok(())
        })
    }

    /// An advisor's last connection is gone. Their offers go on at once; their conversations stay for the grace.
    pub fn on_last_disconnect(&mut self, advisor: &AdvisorId, now: Timestamp) -> DeskTransition {
        self.act(None, now, |desk| {
            desk.lost(advisor, now);
            Ok(())
        })
    }

    /// Compares the advisors at the desk with those who are connected, after memory or sockets may have been lost: an advisor
    /// who is not connected counts as disconnected from now on.
    pub fn reconcile_connections(
        &mut self,
        connected: &BTreeSet<AdvisorId>,
        now: Timestamp,
    ) -> DeskTransition {
        self.act(None, now, |desk| {
            let missing: Vec<AdvisorId> =
                desk.advisors.keys().filter(|id| !connected.contains(id)).cloned().collect();
            for id in &missing {
                desk.lost(id, now);
            }
            Ok(())
        })
    }

    /// An advisor sets their presence. An advisor who is not available is offered nothing more, and their offers
    /// go on.
    pub fn set_presence(
        &mut self,
        advisor: &AdvisorId,
        presence: Presence,
        now: Timestamp,
    ) -> DeskTransition {
        self.act(None, now, |desk| {
            let mut present = desk.present(advisor)?.clone();
            if presence == Presence::Supervising && !present.is_supervisor() {
                return Err(NOT_SUPERVISOR);
            }
            if present.presence != presence {
                present.presence = presence;
                present.idle_since = now;
                desk.put_advisor(present);
                if presence != Presence::Available {
                    desk.withdraw_offers(advisor);
                }
            }
            Ok(())
        })
    }

    /// An advisor takes a waiting conversation of their queues: one offered to them; where the assignment is by pull, one that fits them; in
    /// any case one that fits nobody at the desk, and one they declined before. Taking one's own again changes nothing.
    pub fn take(&mut self, id: &ConversationId, advisor: &AdvisorId, now: Timestamp) -> DeskTransition {
        self.act(Some(id), now, |desk| {
            let present = desk.present(advisor)?.clone();
            if present.presence == Presence::Supervising {
                return Err((Code::AdvisorUnavailable, "who supervises takes nothing"));
            }
            let conversation =
                desk.conversations.get(id).filter(|_| desk.is_of(id, &present)).ok_or(NOT_WAITING)?;
            if let Some(offer) = &conversation.offer {
                return if offer.to.id == *advisor { desk.accepts(id, advisor, now) } else { Err(TAKEN) };
            }
            match &conversation.stage {
                Stage::Held(held) if held.advisor.id == *advisor => return Ok(()),
                Stage::Held(_) | Stage::WrapUp(_) => return Err(TAKEN),
                Stage::Waiting { .. } => {}
            }
            let own = desk.why(conversation, &present, now);
            let pulls = desk.rules.assignment == AssignmentMode::Pull || conversation.has_declined(advisor);
            if !(own.is_some() && pulls || desk.fits_nobody(conversation, now)) {
                return Err((Code::NotWaiting, "it is for another advisor"));
            }
            if desk.load_of(advisor) >= desk.rules.capacity.get() {
                return Err(FULL);
            }
            let why = own.unwrap_or_default();
            desk.offer(id, &present.advisor, why, now);
            desk.accepts(id, advisor, now)
        })
    }

    /// An advisor accepts what they were offered, or joins where they were asked to.
    pub fn accept(&mut self, id: &ConversationId, advisor: &AdvisorId, now: Timestamp) -> DeskTransition {
        self.act(Some(id), now, |desk| {
            desk.present(advisor)?;
            desk.accepts(id, advisor, now)
        })
    }

    /// An advisor lets an offer or a question to join go by.
    pub fn decline(&mut self, id: &ConversationId, advisor: &AdvisorId, now: Timestamp) -> DeskTransition {
        self.act(Some(id), now, |desk| {
            let rests = now.plus_millis(desk.rules.accept_within_ms());
            let offered = |conversation: &DeskConversation| {
                conversation.offer.as_ref().is_some_and(|offer| offer.to.id == *advisor)
            };
            if desk.conversations.get(id).is_some_and(offered) {
                desk.happened(id, EventKind::Declined {}, now);
            }
            desk.edit(id, |conversation| {
                if offered(conversation) {
                    conversation.decline(rests);
                } else if let Stage::Held(held) = &mut conversation.stage {
                    held.invited.retain(|invited| invited.advisor.id != *advisor);
                }
            });
            Ok(())
        })
    }

    /// An advisor transfers a conversation: to its queue or another one at once, to a colleague of its queue when they accept.
    pub fn transfer(
        &mut self,
        id: &ConversationId,
        advisor: &AdvisorId,
        to: TransferTo,
        note: Option<NoteDraft>,
        now: Timestamp,
    ) -> DeskTransition {
        self.act(Some(id), now, |desk| {
            desk.holds(id, advisor)?;
            let (colleague, queue) = match to {
                TransferTo::Queue => (None, None),
                TransferTo::OtherQueue(queue) => (None, Some(queue)),
                TransferTo::Advisor(colleague) => (Some(desk.takes_more(id, &colleague, advisor)?), None),
            };
            queue.as_ref().map_or(Ok(()), |queue| desk.queue_there(queue))?;
            if let Some(note) = note {
                desk.noted(id, advisor, note, now)?;
            }
            if let Some(colleague) = colleague {
                desk.offer(id, &colleague, Why::default(), now);
            } else {
                let rests = now.plus_millis(TRANSFER_COOLDOWN * desk.rules.accept_within_ms());
                desk.released(id, Release::Transferred, queue, Some(rests), now);
            }
            Ok(())
        })
    }

    /// An advisor takes back what they are handing to a colleague who has not accepted. Where nothing is, nothing changes.
    pub fn retract(&mut self, id: &ConversationId, advisor: &AdvisorId, now: Timestamp) -> DeskTransition {
        self.act(Some(id), now, |desk| {
            desk.holds(id, advisor)?;
            desk.edit(id, |conversation| conversation.offer = None);
            Ok(())
        })
    }

    /// An advisor asks a colleague of its queue to join. A colleague who helps takes up no place of theirs.
    pub fn invite(
        &mut self,
        id: &ConversationId,
        advisor: &AdvisorId,
        colleague: &AdvisorId,
        now: Timestamp,
    ) -> DeskTransition {
        self.act(Some(id), now, |desk| {
            desk.holds(id, advisor)?;
            let asked = desk.advisors.get(colleague).filter(|asked| asked.is_at_the_desk());
            let asked = asked.filter(|asked| colleague != advisor && desk.is_of(id, asked));
            let asked = asked.ok_or(UNAVAILABLE)?.advisor.clone();
            let until = now.plus_millis(desk.rules.accept_within_ms());
            desk.edit(id, |conversation| {
                if let Stage::Held(held) = &mut conversation.stage
                    && !held.helpers.contains(&asked)
                {
                    held.invited.retain(|invited| invited.advisor.id != asked.id);
                    held.invited.push(Invited { advisor: asked, since: now, until });
                }
            });
            Ok(())
        })
    }

    /// An advisor stops helping, or a supervisor reading.
    pub fn leave(&mut self, id: &ConversationId, advisor: &AdvisorId, now: Timestamp) -> DeskTransition {
        self.act(Some(id), now, |desk| {
            desk.stop_helping(id, advisor);
            desk.stop_observing(id, advisor, now);
            Ok(())
        })
    }

    /// An advisor ends a conversation; or gives topic and outcome of one that is over, which frees its place.
    pub fn close(
        &mut self,
        id: &ConversationId,
        advisor: &AdvisorId,
        ending: Ending,
        now: Timestamp,
    ) -> DeskTransition {
        self.act(Some(id), now, |desk| desk.ended(id, advisor, ending, now))
    }

    /// Ends a conversation of an advisor, or sets topic and outcome of one that they wrap up.
    pub(super) fn ended(
        &mut self,
        id: &ConversationId,
        advisor: &AdvisorId,
        ending: Ending,
        now: Timestamp,
    ) -> Result<(), Reason> {
        if !self.rules.has_topic(&ending.topic) {
            return Err((Code::TopicNeeded, "the policy has no such topic of three levels"));
        }
        let outcome = ending.outcome;
        match self.conversations.get(id).map(|conversation| &conversation.stage) {
            Some(Stage::WrapUp(wrap_up)) if wrap_up.advisor.id == *advisor => {
                self.edit(id, |conversation| {
                    if let Stage::WrapUp(wrap_up) = &mut conversation.stage {
                        wrap_up.ending = Some(ending);
                    }
                });
                self.wrapped_up(id, now);
            }
            Some(Stage::WrapUp(_) | Stage::Waiting { .. } | Stage::Held(_)) | None => {
                self.holds(id, advisor)?;
                self.edit(id, |conversation| {
                    conversation.offer = None;
                    if let Stage::Held(held) = &mut conversation.stage {
                        held.ending = Some(ending);
                    }
                });
                self.command(id, ConversationCommand::Close { outcome });
            }
        }
        Ok(())
    }

    /// A side of a conversation took its turn to speak.
    fn spoke(&mut self, id: &ConversationId, by: Party, advisor: Option<&AdvisorId>, at: Timestamp) {
        let Some(held) = self.conversations.get(id).and_then(DeskConversation::held) else { return };
        // Words that crossed an assignment on their way are not those of the advisor it came to.
        if Some(&held.advisor.id) == advisor && at >= held.since {
            self.happened(id, EventKind::FirstWord {}, at);
        }
        if let Some(conversation) = self.conversations.get_mut(id) {
            conversation.spoke = Some(Spoke { by, at });
        }
        // No picture shows it.
        self.pending.conversations.insert(id.clone());
        self.pending.transition.panel_changed = true;
    }
}

/// An advisor who transferred a conversation to the queue is not offered it again for so many times as long as an offer waits.
const TRANSFER_COOLDOWN: i64 = 10;
