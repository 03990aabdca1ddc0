// SPDX-License-Identifier: EUPL-1.2
//! One conversation: a log of entries numbered from 1 without gaps, and a phase: waiting, active, closed. Closed is final.
//!
//! - Every call returns a [`Transition`]: what to store and what to send. The caller stores all of it and then sends, or does
//!   neither.
//! - A waiting person who is connected nowhere loses their place after a while; a person who owes an advisor an answer is
//!   warned, can ask for more time as often as they like, and is let go if they stay silent.
//! - While its advisor has put it on hold nobody waits for the person: neither warning nor end comes of their silence.
//! - A call belongs to the advisor who holds it: it ends when they do not any more (`call`).
//! - A segnalazione is sent to Linea INPS in the transition that appends it to the log, and moves on even after the end.
//! - Internal notes of advisors are the desk's: none passes through here.
//! - Posting a message id again answers with the first entry and changes nothing.
//! - Time comes in as `now`; nothing here reads a clock or a store.

mod access;
mod assistant;
mod blocks;
mod call;
mod closing;
mod forwarding;
mod hold;
mod messages;
mod phase;
mod recovery;
mod requests;
#[cfg(test)]
mod tests;
mod timers;
mod transition;

use std::collections::BTreeSet;

use infocig_protocol::{
    entry::{Entry, EntryBody, Party},
    frame::ServerFrame,
    id::{AdvisorId, ConversationId},
    person::PersonCard,
    segnalazione::SegnalazioneStatus,
    time::Timestamp,
};

pub use self::{
    assistant::is_question,
    call::{Call, CallStage},
    closing::ClosingTime,
    messages::beginning,
    phase::Phase,
    timers::InactivityTimeouts,
    transition::Transition,
};
use crate::{
    notification::{ConversationCommand, DeskNotification, Notification},
    people::{Asker, Speaker, Subject},
    policy::{CallRules, QueueAddress},
};

/// A conversation as the rules see it: everything but the entries themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    id: ConversationId,
    address: QueueAddress,
    person: PersonCard,
    subject: Subject,
    segnalazioni: Vec<SegnalazioneStatus>,
    phase: Phase,
    closing: ClosingTime,
    timeouts: InactivityTimeouts,
    last_seq: u64,
    last_message: Option<(Party, Timestamp)>,
}

/// The stored form of a conversation. [`Conversation::restore`] reads it and [`Conversation::stored`] writes it; nothing else
/// builds or changes a conversation from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredConversation {
    /// The conversation's id.
    pub id: ConversationId,
    /// The queue it entered, and the desk that serves it: those of that time, so that it stays where its desk knows it whatever
    /// a later policy says.
    pub address: QueueAddress,
    /// The person, as advisors see them.
    pub person: PersonCard,
    /// The person, as registries know them.
    pub subject: Subject,
    /// Everything handed to an office, oldest first; ids are unique.
    pub segnalazioni: Vec<SegnalazioneStatus>,
    /// The phase, with what only the server knows of it.
    pub phase: Phase,
    /// When the service closes around it.
    pub closing: ClosingTime,
    /// Number of the newest entry: at least 1. A store derives it from the log.
    pub last_seq: u64,
    /// The author's side and the instant of the newest entry that has a message id: a message, a shared case, a
    /// segnalazione that was forwarded. A store derives it from the log.
    pub last_message: Option<(Party, Timestamp)>,
}

/// A stored conversation that the rules could not have produced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Corrupt {
    /// Every conversation begins with an entry.
    #[error("a conversation without entries")]
    WithoutEntries,
    /// Waiting ends before talking does.
    #[error("a conversation that ends before the service closes")]
    EndsBeforeClosing,
    /// An advisor holds a conversation or helps in it, once.
    #[error("an advisor is in a conversation twice")]
    AdvisorTwice,
    /// A segnalazione is found by its id.
    #[error("two segnalazioni with one id")]
    SegnalazioneTwice,
}

impl Conversation {
    /// A person was admitted: the conversation begins, waiting, with its first entry.
    pub fn open(
        id: ConversationId,
        address: impl Into<QueueAddress>,
        asker: Asker,
        closing: ClosingTime,
        timeouts: InactivityTimeouts,
        now: Timestamp,
    ) -> (Self, Transition) {
        let facts = asker.facts.clone();
        // A person who was admitted and never connects is absent from the beginning.
        let phase =
            Phase::Waiting { since: now, disconnected_since: Some(now), place: None, last_advisor: None };
        let mut conversation = Self::begin(id, address.into(), asker, phase, closing, timeouts);
        let mut transition = Transition { phase_changed: true, ..Transition::default() };
        conversation.append(EntryBody::Opened {}, now, &mut transition);
        conversation.notify_desk(
            DeskNotification::Waiting {
                conversation: conversation.id.clone(),
                since: now,
                person: Box::new(conversation.person.clone()),
                closing: Some(conversation.closing.clone()),
                facts,
                queue: Some(conversation.address.queue.clone()),
            },
            &mut transition,
        );
        (conversation, transition)
    }

    /// The conversation a store holds. `timeouts` are the policy's, which is not stored with a conversation.
    pub fn restore(stored: StoredConversation, timeouts: InactivityTimeouts) -> Result<Self, Corrupt> {
        let StoredConversation {
            id,
            address,
            person,
            subject,
            segnalazioni,
            phase,
            closing,
            last_seq,
            last_message,
        } = stored;
        if last_seq == 0 {
            return Err(Corrupt::WithoutEntries);
        }
        if closing.ends < closing.closes {
            return Err(Corrupt::EndsBeforeClosing);
        }
        if let Phase::Active { advisor, helpers, .. } = &phase {
            let mut present = BTreeSet::from([&advisor.id]);
            if !helpers.iter().all(|helper| present.insert(&helper.id)) {
                return Err(Corrupt::AdvisorTwice);
            }
        }
        let mut ids = BTreeSet::new();
        if !segnalazioni.iter().all(|one| ids.insert(&one.id)) {
            return Err(Corrupt::SegnalazioneTwice);
        }
        Ok(Self {
            id,
            address,
            person,
            subject,
            segnalazioni,
            phase,
            closing,
            timeouts,
            last_seq,
            last_message,
        })
    }

    /// The stored form from which [`restore`](Self::restore) returns this conversation.
    pub fn stored(&self) -> StoredConversation {
        StoredConversation {
            id: self.id.clone(),
            address: self.address.clone(),
            person: self.person.clone(),
            subject: self.subject.clone(),
            segnalazioni: self.segnalazioni.clone(),
            phase: self.phase.clone(),
            closing: self.closing.clone(),
            last_seq: self.last_seq,
            last_message: self.last_message,
        }
    }

    /// The conversation's id.
    pub fn id(&self) -> &ConversationId {
        &self.id
    }

    /// The queue it entered, and the desk that serves it.
    pub fn address(&self) -> &QueueAddress {
        &self.address
    }

    /// The person, as advisors see them.
    pub fn person(&self) -> &PersonCard {
        &self.person
    }

    /// The person, as registries know them.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// Everything handed to an office, oldest first.
    pub fn segnalazioni(&self) -> &[SegnalazioneStatus] {
        &self.segnalazioni
    }

    /// The phase, with what only the server knows of it.
    pub fn phase(&self) -> &Phase {
        &self.phase
    }

    /// Number of the newest entry: at least 1.
    pub fn last_seq(&self) -> u64 {
        self.last_seq
    }

    /// How long the service waits for the person.
    pub(crate) fn timeouts(&self) -> InactivityTimeouts {
        self.timeouts
    }

    fn begin(
        id: ConversationId,
        address: QueueAddress,
        asker: Asker,
        phase: Phase,
        closing: ClosingTime,
        timeouts: InactivityTimeouts,
    ) -> Self {
        let Asker { card: person, subject, facts: _ } = asker;
        let segnalazioni = Vec::new();
        Self {
            id,
            address,
            person,
            subject,
            segnalazioni,
            phase,
            closing,
            timeouts,
            last_seq: 0,
            last_message: None,
        }
    }

    /// Applies a command of a desk or of Linea INPS. A command that no longer applies changes nothing.
    pub fn apply(&mut self, command: ConversationCommand, now: Timestamp) -> Transition {
        match command {
            ConversationCommand::Assigned { advisor, .. } => self.assign(advisor, now),
            ConversationCommand::Released { why } => self.release(why, now),
            ConversationCommand::Joined { advisor } => self.join(advisor, now),
            ConversationCommand::Left { advisor } => self.leave(&advisor, now),
            ConversationCommand::Observed { advisor, told } => self.observe(advisor, told, now),
            ConversationCommand::Unobserved { advisor } => self.stop_observing(&advisor.id),
            ConversationCommand::Hold { hold, minutes } => self.hold(hold, minutes, now),
            ConversationCommand::Resume { hold } => self.resume(hold, now),
            ConversationCommand::Warn {} => self.warn(now),
            ConversationCommand::Block { until } => self.block(until, now),
            // The object of the person lets them in again.
            ConversationCommand::Lift {} | ConversationCommand::Forget {} => Transition::default(),
            ConversationCommand::Close { outcome } => match self.phase {
                Phase::Active { .. } => self.end(Party::Advisor, Some(outcome), now),
                Phase::Waiting { .. } | Phase::Closed { .. } => Transition::default(),
            },
            ConversationCommand::Closing(closing) => self.close_at(closing),
            ConversationCommand::Place(place) => self.place(place),
            ConversationCommand::Segnalazione(status) => self.move_on(status, now),
        }
    }

    /// The answer to a `hello` of somebody whose ticket was accepted; entries after the number `after` follow.
    pub fn welcome(&self, speaker: &Speaker, version: u16, after: u64, calls: CallRules) -> ServerFrame {
        ServerFrame::Welcome {
            version,
            conversation: self.id.clone(),
            party: speaker.party(),
            phase: self.phase.to_public(),
            last_seq: self.last_seq,
            after,
            person: match speaker {
                Speaker::Citizen => None,
                Speaker::Advisor(_) => Some(self.person.clone()),
            },
            calls: calls.may_offer(speaker.party()),
        }
    }

    /// The frame that follows `welcome` for the person while they wait: their place in the queue, once the desk has announced
    /// one.
    pub fn place_in_queue(&self) -> Option<ServerFrame> {
        match &self.phase {
            Phase::Waiting { place, .. } => place.clone().map(ServerFrame::Queue),
            Phase::Active { .. } | Phase::Closed { .. } => None,
        }
    }

    fn changed(&mut self, body: EntryBody, now: Timestamp) -> Transition {
        let mut transition = Transition { phase_changed: true, ..Transition::default() };
        self.append(body, now, &mut transition);
        transition
    }

    fn append(&mut self, body: EntryBody, at: Timestamp, transition: &mut Transition) {
        self.last_seq += 1;
        transition.appended.push(Entry { seq: self.last_seq, at, body });
    }

    /// Appends an entry that somebody posted under a message id. Every such entry counts as the newest message of its author's
    /// side, as it does for a store that derives the newest message from the log: a message, a case, a forwarded segnalazione.
    ///
    /// While an advisor holds the conversation, the desk is notified when the side that speaks changes, and of the holder's
    /// first words: a monologue costs one notification. Words of the holder end a hold. `author` is the advisor who wrote; absent for the person.
    fn append_posted(
        &mut self,
        body: EntryBody,
        author: Option<&AdvisorId>,
        at: Timestamp,
        transition: &mut Transition,
    ) {
        self.append(body, at, transition);
        let by = if author.is_some() { Party::Advisor } else { Party::Citizen };
        let is_turn = self.last_message.is_none_or(|(last, _)| last != by);
        self.last_message = Some((by, at));
        let Phase::Active { advisor: holder, spoken, on_hold, .. } = &mut self.phase else { return };
        let is_holder = author == Some(&holder.id);
        let is_first_word = !*spoken && is_holder;
        if is_first_word {
            *spoken = true;
            transition.phase_changed = true;
        }
        let ended_hold = if is_holder { on_hold.take() } else { None };
        if is_turn || is_first_word {
            let (conversation, advisor) = (self.id.clone(), author.cloned());
            self.notify_desk(DeskNotification::Spoke { conversation, by, advisor, at }, transition);
        }
        if let Some(hold) = ended_hold {
            transition.phase_changed = true;
            let conversation = self.id.clone();
            self.notify_desk(DeskNotification::Resumed { conversation, hold, at }, transition);
        }
    }

    fn notify_desk(&self, notification: DeskNotification, transition: &mut Transition) {
        transition.notifications.push(Notification::Desk(self.address.desk.clone(), notification));
    }
}
