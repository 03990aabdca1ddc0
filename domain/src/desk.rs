// SPDX-License-Identifier: EUPL-1.2
//! The desk of one queue: who waits, who answers, and what passes between them.
//!
//! - A conversation is on the desk once: waiting, in one advisor's hands, or over and being wrapped up. It may besides be
//!   offered to one advisor, from the queue or from a colleague's hands; an offer not accepted in time goes on.
//! - An advisor's places are those of what is offered to them, held and wrapped up: never more than the policy's capacity.
//! - Who is lost for longer than the grace gives back what they held, to the front of the queue.
//! - A waiting conversation fits somebody at the desk, or every advisor sees that it fits nobody and may take it.
//! - Each call first lets time pass, then does what it says, then offers what can be offered, then tells who waits where they
//!   stand: the order of events is the order of calls, and memory can be wiped between any two.
//! - Passing into hands is confirmed only when the conversation itself has been told; until then it is not shown as the
//!   advisor's, so that nobody opens a conversation that does not know them yet.
//! - Notifications arrive in order and at most once; the caller sees to that.

mod assignment;
pub mod estimate;
pub mod fit;
mod picture;
pub mod presence;
pub mod queue;
pub mod register;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use infocig_protocol::{
    blank::is_blank,
    desk::{AssignmentMode, DeskServerFrame, Note, NoteDraft, Presence, TransferTo, Why},
    entry::{Outcome, Party},
    id::{AdvisorId, ConversationId, QueueId},
    limits::MAX_NOTE_CHARS,
    problem::Code,
    time::Timestamp,
};

use self::{
    estimate::{Prospect, ServiceTimeStats, is_news},
    fit::Profile,
    presence::Present,
    queue::{Declined, DeskConversation, Ending, Held, Invited, Loads, Offer, Stage, WaitingQueue, WrapUp},
    register::RegisterRow,
};
use crate::{
    admission::Load,
    notification::{ConversationCommand, ConversationNotification, DeskNotification, Notification, Release},
    people::Advisor,
    policy::DeskRules,
};

/// A desk: a queue, the conversations on it, and the advisors at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desk {
    /// The queue it serves.
    pub queue: QueueId,
    rules: Arc<DeskRules>,
    conversations: BTreeMap<ConversationId, DeskConversation>,
    advisors: BTreeMap<AdvisorId, Present>,
    service_times: ServiceTimeStats,
    /// Of the conversations, those that wait.
    waiting_queue: WaitingQueue,
    /// Of the conversations, those that time alone may change or that take up a place: few, however many wait.
    watched: BTreeSet<ConversationId>,
    loads: Loads,
    pending: PendingStep,
}

/// What a desk is stored as.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredDesk {
    /// The conversations on it.
    pub conversations: Vec<DeskConversation>,
    /// The advisors at it.
    pub advisors: Vec<Present>,
    /// What it has seen.
    pub service_times: ServiceTimeStats,
}

/// What one call changed: store it with the notifications, then send the frames.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeskTransition {
    /// Conversations to write.
    pub changed_conversations: Vec<DeskConversation>,
    /// Conversations to delete, with their notes.
    pub removed_conversations: Vec<ConversationId>,
    /// Advisors to write.
    pub changed_advisors: Vec<Present>,
    /// Advisors to delete.
    pub removed_advisors: Vec<AdvisorId>,
    /// The service times to write, if they changed.
    pub service_times: Option<ServiceTimeStats>,
    /// Notifications to put in the outbox with the rest.
    pub notifications: Vec<Notification>,
    /// A note to add, unless its conversation has one of that id.
    pub new_note: Option<(ConversationId, Note)>,
    /// Frames for the advisor who asked, on the link they asked on.
    pub replies: Vec<DeskServerFrame>,
    /// Frames for advisors by id, on all their devices.
    pub to_advisors: Vec<(AdvisorId, DeskServerFrame)>,
    /// Whether the pictures advisors have may differ from what they would see now.
    pub pictures_changed: bool,
}

impl DeskTransition {
    /// Whether there is nothing to store.
    pub fn stores_nothing(&self) -> bool {
        self.changed_conversations.is_empty()
            && self.removed_conversations.is_empty()
            && self.changed_advisors.is_empty()
            && self.removed_advisors.is_empty()
            && self.service_times.is_none()
            && self.notifications.is_empty()
            && self.new_note.is_none()
    }
}

/// What a call under way has changed so far. Empty between calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct PendingStep {
    conversations: BTreeSet<ConversationId>,
    advisors: BTreeSet<AdvisorId>,
    ended: u32,
    transition: DeskTransition,
}

type Refusal = (Code, &'static str);

impl Desk {
    /// A desk as it was stored.
    pub fn restore(queue: QueueId, rules: Arc<DeskRules>, stored: StoredDesk) -> Self {
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
            queue,
            rules,
            waiting_queue,
            loads,
            watched: watched.map(|conversation| conversation.id.clone()).collect(),
            conversations: stored
                .conversations
                .into_iter()
                .map(|conversation| (conversation.id.clone(), conversation))
                .collect(),
            advisors: stored.advisors.into_iter().map(|one| (one.advisor.id.clone(), one)).collect(),
            service_times: stored.service_times,
            pending: PendingStep::default(),
        }
    }

    /// A conversation says something.
    pub fn apply(&mut self, notification: DeskNotification, now: Timestamp) -> DeskTransition {
        self.act(None, now, |desk| {
            match notification {
                DeskNotification::Waiting { conversation, since, person } => {
                    if !desk.conversations.contains_key(&conversation) {
                        desk.put(DeskConversation::new(conversation, since, person));
                    }
                }
                DeskNotification::Question { conversation, question } => {
                    desk.edit(&conversation, |conversation| {
                        conversation.person.about = question.skill().or(conversation.person.about);
                        conversation.person.question = Some(question);
                    });
                }
                DeskNotification::Closed { conversation, by, outcome, held_by } => {
                    desk.closed(&conversation, by, outcome, held_by.as_ref(), now);
                }
            }
            Ok(())
        })
    }

    /// The conversation has been told into whose hands it passed, at that turn.
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
    pub fn on_connect(&mut self, advisor: Advisor, profile: Profile, now: Timestamp) -> DeskTransition {
        self.act(None, now, |desk| {
            let known = desk.advisors.get(&advisor.id);
            let presence = known.map_or(Presence::Available, |known| known.presence);
            let idle_since = known.map_or(now, |known| known.idle_since);
            desk.put_advisor(Present { advisor, profile, presence, lost: None, idle_since });
            Ok(())
        })
    }

    /// An advisor's last connection is gone. What was offered to them goes on at once; what they hold stays for the grace.
    pub fn on_last_disconnect(&mut self, advisor: &AdvisorId, now: Timestamp) -> DeskTransition {
        self.act(None, now, |desk| {
            desk.lost(advisor, now);
            Ok(())
        })
    }

    /// Who is connected, as found when memory or sockets may have been lost: everybody else at the desk is lost from now on.
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

    /// An advisor says whether they can answer. Whoever takes nothing more is offered nothing more, and what is offered to
    /// them goes on.
    pub fn set_presence(
        &mut self,
        advisor: &AdvisorId,
        presence: Presence,
        now: Timestamp,
    ) -> DeskTransition {
        self.act(None, now, |desk| {
            let mut present = desk.present(advisor)?.clone();
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

    /// An advisor takes a waiting conversation: what is offered to them; where advisors take what fits, what fits them; in any
    /// case what fits nobody at the desk, and what they let go by before. Taking one's own again changes nothing.
    pub fn take(&mut self, id: &ConversationId, advisor: &AdvisorId, now: Timestamp) -> DeskTransition {
        self.act(Some(id), now, |desk| {
            let present = desk.present(advisor)?.clone();
            let conversation = desk.conversations.get(id).ok_or(NOT_WAITING)?;
            if let Some(offer) = &conversation.offer {
                return if offer.to.id == *advisor { desk.accepted(id, advisor, now) } else { Err(TAKEN) };
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
            desk.offer(id, &present.advisor, why, false, now);
            desk.accepted(id, advisor, now)
        })
    }

    /// An advisor accepts what they were offered, or joins where they were asked to.
    pub fn accept(&mut self, id: &ConversationId, advisor: &AdvisorId, now: Timestamp) -> DeskTransition {
        self.act(Some(id), now, |desk| {
            desk.present(advisor)?;
            desk.accepted(id, advisor, now)
        })
    }

    /// An advisor lets an offer or a question to join go by.
    pub fn decline(&mut self, id: &ConversationId, advisor: &AdvisorId, now: Timestamp) -> DeskTransition {
        self.act(Some(id), now, |desk| {
            let rests = now.plus_millis(desk.rules.accept_within_ms());
            desk.edit(id, |conversation| {
                if conversation.offer.as_ref().is_some_and(|offer| offer.to.id == *advisor) {
                    conversation.decline(rests);
                } else if let Stage::Held(held) = &mut conversation.stage {
                    held.invited.retain(|invited| invited.advisor.id != *advisor);
                }
            });
            Ok(())
        })
    }

    /// An advisor hands a conversation on: to the queue at once, to a colleague when they accept.
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
            let colleague = match to {
                TransferTo::Queue => None,
                TransferTo::Advisor(colleague) => Some(desk.takes_more(&colleague, advisor)?),
            };
            if let Some(note) = note {
                desk.noted(id, advisor, note, now)?;
            }
            if let Some(colleague) = colleague {
                desk.offer(id, &colleague, Why::default(), false, now);
            } else {
                let rests = now.plus_millis(TRANSFER_COOLDOWN * desk.rules.accept_within_ms());
                desk.released(id, Release::Transferred, Some(rests), now);
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

    /// An advisor asks a colleague to join. A colleague who helps takes up no place of theirs.
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
            let asked = asked.filter(|_| colleague != advisor).ok_or(UNAVAILABLE)?.advisor.clone();
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

    /// An advisor stops helping.
    pub fn leave(&mut self, id: &ConversationId, advisor: &AdvisorId, now: Timestamp) -> DeskTransition {
        self.act(Some(id), now, |desk| {
            desk.stop_helping(id, advisor);
            Ok(())
        })
    }

    /// An advisor who holds, helps, wraps up or is offered a conversation writes an internal note.
    pub fn note(
        &mut self,
        id: &ConversationId,
        advisor: &AdvisorId,
        note: NoteDraft,
        now: Timestamp,
    ) -> DeskTransition {
        self.act(Some(id), now, |desk| desk.noted(id, advisor, note, now))
    }

    /// An advisor ends a conversation; or says of one that is over what it was, and is free of it.
    pub fn close(
        &mut self,
        id: &ConversationId,
        advisor: &AdvisorId,
        ending: Ending,
        now: Timestamp,
    ) -> DeskTransition {
        self.act(Some(id), now, |desk| {
            if !desk.rules.has_topic(&ending.topic) {
                return Err((Code::TopicNeeded, "the policy has no such topic of three levels"));
            }
            let outcome = ending.outcome;
            let stage = desk.conversations.get(id).map(|conversation| &conversation.stage);
            match stage {
                Some(Stage::WrapUp(wrap_up)) if wrap_up.advisor.id == *advisor => {
                    desk.edit(id, |conversation| {
                        if let Stage::WrapUp(wrap_up) = &mut conversation.stage {
                            wrap_up.ending = Some(ending);
                        }
                    });
                    desk.wrapped_up(id, now);
                    Ok(())
                }
                Some(Stage::WrapUp(_) | Stage::Waiting { .. } | Stage::Held(_)) | None => {
                    desk.holds(id, advisor)?;
                    desk.edit(id, |conversation| {
                        conversation.offer = None;
                        if let Stage::Held(held) = &mut conversation.stage {
                            held.ending = Some(ending);
                        }
                    });
                    desk.command(id, ConversationCommand::Close { outcome });
                    Ok(())
                }
            }
        })
    }

    /// Time has passed.
    pub fn wake(&mut self, now: Timestamp) -> DeskTransition {
        self.act(None, now, |desk| {
            // What fits whom changes with time.
            desk.pending.transition.pictures_changed = true;
            Ok(())
        })
    }

    /// When to [`wake`](Self::wake) it next. While somebody waits, that is at every update.
    pub fn next_wake(&self) -> Option<Timestamp> {
        let of_conversations = self.watched.iter().filter_map(|id| self.conversations.get(id)?.due());
        let of_advisors =
            self.advisors.values().filter_map(|one| Some(one.lost?.plus_millis(self.grace_ms())));
        let update = (!self.waiting_queue.is_empty()).then(|| self.next_update());
        of_conversations.chain(of_advisors).chain(update).min()
    }

    /// How busy the desk is, for whoever would come now.
    pub fn load(&self, now: Timestamp) -> Load {
        let bound = i64::from(self.rules.longest_wait_minutes.get()) * 60_000;
        let waits_too_long = |conversation: &DeskConversation| matches!(conversation.stage, Stage::Waiting { since } if waited(since, now) > bound);
        let waiting = || self.waiting_queue.iter().filter_map(|id| self.conversations.get(id));
        let position = u32::try_from(waiting().filter(|conversation| conversation.offer.is_none()).count())
            .unwrap_or(u32::MAX);
        let would_wait = self.prospect(now).mean_ms(position.saturating_add(1)).unwrap_or_default();
        if would_wait > bound || waiting().any(waits_too_long) { Load::QueueFull } else { Load::Bearable }
    }

    /// What a store must hold for [`restore`](Self::restore) to give back this desk.
    pub fn stored(&self) -> StoredDesk {
        StoredDesk {
            conversations: self.conversations.values().cloned().collect(),
            advisors: self.advisors.values().cloned().collect(),
            service_times: self.service_times,
        }
    }

    /// The conversations on it.
    pub fn conversations(&self) -> impl Iterator<Item = &DeskConversation> {
        self.conversations.values()
    }

    /// Who waits, in the order in which they are answered.
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

    /// Whether an advisor may see what is noted of a conversation: who holds, helps, wraps up, or is offered it.
    pub fn may_read_notes(&self, id: &ConversationId, advisor: &AdvisorId) -> bool {
        self.conversations.get(id).is_some_and(|conversation| conversation.is_open_to(advisor))
    }

    fn act(
        &mut self,
        about: Option<&ConversationId>,
        now: Timestamp,
        rule: impl FnOnce(&mut Self) -> Result<(), Refusal>,
    ) -> DeskTransition {
        self.pass_time(now);
        if let Err((code, detail)) = rule(self) {
            let (detail, conversation) = (detail.to_string(), about.cloned());
            self.pending.transition.replies.push(DeskServerFrame::Refused { code, detail, conversation });
        }
        self.assign(now);
        let before = self.service_times;
        self.service_times.count(self.loads.places(), self.pending.ended, now);
        self.tell(now);
        self.collect(before)
    }

    /// What the call came to.
    fn collect(&mut self, before: ServiceTimeStats) -> DeskTransition {
        let PendingStep { conversations, advisors, mut transition, .. } = std::mem::take(&mut self.pending);
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
        transition.service_times = (self.service_times != before).then_some(self.service_times);
        transition
    }

    fn pass_time(&mut self, now: Timestamp) {
        let due: Vec<ConversationId> = self
            .watched
            .iter()
            .filter(|id| {
                self.conversations.get(*id).and_then(DeskConversation::due).is_some_and(|due| due <= now)
            })
            .cloned()
            .collect();
        let rests = now.plus_millis(self.rules.accept_within_ms());
        for id in due {
            self.edit(&id, |conversation| {
                conversation.declined.retain(|declined| declined.until > now);
                if conversation.offer.as_ref().is_some_and(|offer| offer.until <= now) {
                    conversation.decline(rests);
                }
                if let Stage::Held(held) = &mut conversation.stage {
                    held.invited.retain(|invited| invited.until > now);
                }
            });
            if matches!(self.conversations.get(&id).map(|conversation| &conversation.stage), Some(Stage::WrapUp(over)) if over.until <= now)
            {
                self.wrapped_up(&id, now);
            }
        }
        let grace = self.grace_ms();
        let is_gone = |one: &&Present| one.lost.is_some_and(|lost| lost.plus_millis(grace) <= now);
        let gone: Vec<AdvisorId> =
            self.advisors.values().filter(is_gone).map(|one| one.advisor.id.clone()).collect();
        for advisor in gone {
            self.give_back(&advisor, now);
            self.advisors.remove(&advisor);
            self.pending.advisors.insert(advisor);
            self.pending.transition.pictures_changed = true;
        }
    }

    /// Whoever waits is told where they stand: a newcomer at once, everybody else at every update, and only news.
    fn tell(&mut self, now: Timestamp) {
        // A clock set back must not silence the desk.
        let is_update = now >= self.next_update() || now < self.service_times.told_at;
        let has_newcomer = self.pending.conversations.iter().any(|id| {
            self.conversations.get(id).is_some_and(|conversation| {
                conversation.is_waiting() && conversation.last_announced.is_none()
            })
        });
        if self.waiting_queue.is_empty() || !(is_update || has_newcomer) {
            return;
        }
        if is_update {
            self.service_times.told_at = now;
        }
        let prospect = self.prospect(now);
        let mut next = 1;
        let mut news = Vec::new();
        for id in self.waiting_queue.iter() {
            let Some(conversation) = self.conversations.get(id) else { continue };
            let place = if conversation.offer.is_some() {
                // About to be answered.
                Prospect { free: 1, capacity: prospect.capacity.max(1), ..prospect }.place(1)
            } else {
                next += 1;
                prospect.place(next - 1)
            };
            if conversation.last_announced.is_none_or(|told| is_update && is_news(told, place)) {
                news.push((id.clone(), place));
            }
        }
        for (id, place) in news {
            if let Some(conversation) = self.conversations.get_mut(&id) {
                conversation.last_announced = Some(place);
            }
            self.command(&id, ConversationCommand::Place(place));
            self.pending.conversations.insert(id);
        }
    }

    fn prospect(&self, now: Timestamp) -> Prospect {
        let places = self.rules.capacity.get();
        let mut prospect = Prospect {
            capacity: 0,
            free: 0,
            place_ms: self.service_times.place_ms(now),
            seen: self.service_times.ended,
        };
        for advisor in self.advisors.values().filter(|one| one.takes_more()) {
            let load = self.load_of(&advisor.advisor.id);
            prospect.capacity = prospect.capacity.saturating_add(places);
            prospect.free = prospect.free.saturating_add(places.saturating_sub(load));
        }
        prospect
    }

    fn accepted(&mut self, id: &ConversationId, advisor: &AdvisorId, now: Timestamp) -> Result<(), Refusal> {
        let conversation = self.conversations.get(id).ok_or(NOT_WAITING)?;
        if let Some(offer) = conversation.offer.clone().filter(|offer| offer.to.id == *advisor) {
            self.edit(id, |conversation| conversation.pass_to(offer, now));
            let assignment_epoch =
                self.conversations.get(id).map_or(0, |conversation| conversation.assignment_epoch);
            let advisor = self.present(advisor)?.advisor.clone();
            self.command(id, ConversationCommand::Assigned { assignment_epoch, advisor });
            return Ok(());
        }
        let Stage::Held(held) = &conversation.stage else { return Err(NOT_WAITING) };
        if held.advisor.id == *advisor || held.helpers.iter().any(|helper| helper.id == *advisor) {
            return Ok(());
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
        Ok(())
    }

    fn closed(
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
    fn wrapped_up(&mut self, id: &ConversationId, now: Timestamp) {
        let Some(Stage::WrapUp(over)) =
            self.conversations.get(id).map(|conversation| conversation.stage.clone())
        else {
            return;
        };
        self.pending.ended += 1;
        self.touch(&over.advisor.id, now);
        self.depart(id, over.ended, over.by, over.outcome);
    }

    fn depart(&mut self, id: &ConversationId, ended: Timestamp, by: Party, outcome: Option<Outcome>) {
        let Some(conversation) = self.conversations.remove(id) else { return };
        self.waiting_queue.remove(&conversation);
        self.watched.remove(id);
        self.loads.remove(&conversation);
        self.pending.conversations.insert(id.clone());
        self.pending.transition.pictures_changed = true;
        let row = RegisterRow::of(&conversation, &self.queue, ended, by, outcome);
        self.pending.transition.notifications.push(Notification::Register(row));
    }

    fn lost(&mut self, advisor: &AdvisorId, now: Timestamp) {
        let Some(present) = self.advisors.get(advisor).filter(|present| present.lost.is_none()).cloned()
        else {
            return;
        };
        self.put_advisor(Present { lost: Some(now), ..present });
        self.withdraw_offers(advisor);
    }

    fn withdraw_offers(&mut self, advisor: &AdvisorId) {
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

    /// What an advisor who does not come back held goes to the front of the queue, and where they helped they help no more.
    fn give_back(&mut self, advisor: &AdvisorId, now: Timestamp) {
        for id in self.watched.clone() {
            let Some(held) = self.conversations.get(&id).and_then(DeskConversation::held) else { continue };
            if held.advisor.id != *advisor {
                self.stop_helping(&id, advisor);
            } else if held.ending.is_none() {
                self.released(&id, Release::Lost, None, now);
            }
        }
    }

    fn released(
        &mut self,
        id: &ConversationId,
        why: Release,
        giver_rests: Option<Timestamp>,
        now: Timestamp,
    ) {
        self.edit(id, |conversation| conversation.release(why, giver_rests, now));
        self.command(id, ConversationCommand::Released { why });
    }

    fn stop_helping(&mut self, id: &ConversationId, advisor: &AdvisorId) {
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

    fn noted(
        &mut self,
        id: &ConversationId,
        advisor: &AdvisorId,
        note: NoteDraft,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let author = self.present(advisor)?.advisor.name.clone();
        let conversation = self
            .conversations
            .get(id)
            .filter(|conversation| conversation.is_open_to(advisor))
            .ok_or(NOT_YOURS)?;
        if is_blank(&note.text) {
            return Err((Code::MessageEmpty, "a note needs at least one visible character"));
        }
        if note.text.chars().count() > MAX_NOTE_CHARS {
            return Err((Code::MessageTooLong, "a note has at most 2000 characters"));
        }
        let note = Note { id: note.id, advisor: author, at: now, text: note.text };
        let frame = DeskServerFrame::Notes { conversation: id.clone(), notes: vec![note.clone()] };
        let readers = self.advisors.keys().filter(|id| conversation.is_open_to(id));
        self.pending.transition.to_advisors.extend(readers.map(|id| (id.clone(), frame.clone())));
        self.pending.transition.new_note = Some((id.clone(), note));
        Ok(())
    }

    fn present(&self, advisor: &AdvisorId) -> Result<&Present, Refusal> {
        self.advisors.get(advisor).ok_or((Code::AdvisorUnavailable, "this advisor is not at the desk"))
    }

    fn holds(&self, id: &ConversationId, advisor: &AdvisorId) -> Result<(), Refusal> {
        match self.conversations.get(id).and_then(DeskConversation::held) {
            Some(held) if held.advisor.id == *advisor && held.ending.is_none() => Ok(()),
            Some(held) if held.advisor.id == *advisor => Err((Code::ConversationClosed, "it is being ended")),
            Some(_) | None => Err(NOT_YOURS),
        }
    }

    fn takes_more(&self, colleague: &AdvisorId, asking: &AdvisorId) -> Result<Advisor, Refusal> {
        let present = self.advisors.get(colleague).filter(|one| one.takes_more() && colleague != asking);
        let present = present.ok_or(UNAVAILABLE)?;
        if self.load_of(colleague) >= self.rules.capacity.get() {
            Err(FULL)
        } else {
            Ok(present.advisor.clone())
        }
    }

    fn put(&mut self, conversation: DeskConversation) {
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

    fn edit(&mut self, id: &ConversationId, change: impl FnOnce(&mut DeskConversation)) {
        let Some(before) = self.conversations.get(id) else { return };
        let mut conversation = before.clone();
        change(&mut conversation);
        if conversation != *before {
            self.put(conversation);
        }
    }

    fn put_advisor(&mut self, present: Present) {
        if self.advisors.get(&present.advisor.id) != Some(&present) {
            self.pending.advisors.insert(present.advisor.id.clone());
            self.pending.transition.pictures_changed = true;
            self.advisors.insert(present.advisor.id.clone(), present);
        }
    }

    /// Something came to an advisor, or left them.
    fn touch(&mut self, advisor: &AdvisorId, now: Timestamp) {
        if let Some(present) = self.advisors.get(advisor).cloned() {
            self.put_advisor(Present { idle_since: now, ..present });
        }
    }

    fn command(&mut self, id: &ConversationId, command: ConversationCommand) {
        let notification = ConversationNotification { conversation: id.clone(), command };
        self.pending.transition.notifications.push(Notification::Conversation(notification));
    }

    fn next_update(&self) -> Timestamp {
        self.service_times.told_at.plus_millis(i64::from(self.rules.update_seconds.get()) * 1_000)
    }

    fn grace_ms(&self) -> i64 {
        i64::from(self.rules.lost_grace_seconds) * 1_000
    }
}

impl DeskConversation {
    /// The advisor who was asked did not want it, or did not answer.
    fn decline(&mut self, rests: Timestamp) {
        let Some(offer) = self.offer.take() else { return };
        if self.is_waiting() {
            self.declined.retain(|declined| declined.advisor != offer.to.id);
            self.declined.push(Declined { advisor: offer.to.id, until: rests });
        }
    }

    fn pass_to(&mut self, offer: Offer, now: Timestamp) {
        self.waits_no_more(now);
        let mut helpers = Vec::new();
        let mut invited = Vec::new();
        if let Stage::Held(held) = &self.stage {
            self.stats.transfers += 1;
            helpers.clone_from(&held.helpers);
            invited.clone_from(&held.invited);
        }
        helpers.retain(|helper| helper.id != offer.to.id);
        invited.retain(|invited| invited.advisor.id != offer.to.id);
        self.stats.answered.get_or_insert(now);
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
        });
    }

    fn release(&mut self, why: Release, giver_rests: Option<Timestamp>, now: Timestamp) {
        let Stage::Held(held) = &self.stage else { return };
        match why {
            Release::Lost => {
                self.stats.returns += 1;
                self.returned = true;
            }
            Release::Transferred => self.stats.transfers += 1,
        }
        if let Some(until) = giver_rests {
            self.declined.push(Declined { advisor: held.advisor.id.clone(), until });
        }
        self.stats.waits += 1;
        self.offer = None;
        self.stage = Stage::Waiting { since: now };
    }

    fn waits_no_more(&mut self, now: Timestamp) {
        if let Stage::Waiting { since } = self.stage {
            self.stats.waited_ms += waited(since, now);
        }
    }

    fn is_open_to(&self, advisor: &AdvisorId) -> bool {
        let helps = self.held().is_some_and(|held| {
            held.helpers.iter().any(|helper| helper.id == *advisor)
                || held.invited.iter().any(|invited| invited.advisor.id == *advisor)
        });
        helps || self.takes_places_of().any(|id| id == advisor)
    }
}

fn waited(since: Timestamp, now: Timestamp) -> i64 {
    now.as_millis().saturating_sub(since.as_millis()).max(0)
}

/// Who gives a conversation back to the queue is not offered it again for so many times as long as an offer waits.
const TRANSFER_COOLDOWN: i64 = 10;

const NOT_WAITING: Refusal = (Code::NotWaiting, "nobody waits under that id");
const TAKEN: Refusal = (Code::NotWaiting, "it is in the hands of another advisor, or offered to one");
const NOT_YOURS: Refusal = (Code::NotAssigned, "this advisor does not hold the conversation");
const FULL: Refusal = (Code::AtCapacity, "no place of that advisor is free");
const UNAVAILABLE: Refusal = (Code::AdvisorUnavailable, "that advisor is not there, or takes nothing now");
