// SPDX-License-Identifier: EUPL-1.2
//! One conversation: who may speak, what happened, what happens next.
//!
//! - It is a log of entries numbered from 1 without gaps, and a phase: waiting, active, closed. Closed is final.
//! - Every call returns a [`Transition`]: what to store, whom to tell. The caller stores all of it, then tells, or neither.
//! - A waiting person who is connected nowhere loses their place after a while; a person who owes an advisor an answer is
//!   warned, can ask for more time as often as they like, and is let go.
//! - What is handed to an office is told to Linea INPS in the same step, and moves on even after the end.
//! - Internal notes of advisors do not pass here.
//! - Posting a message id again answers with the first entry and changes nothing.
//! - Time comes in as `now`; nothing here reads a clock or a store.

use std::collections::BTreeSet;

use infocig_protocol::{
    blank::is_blank,
    case::{Case, Question},
    entry::{Author, Entry, EntryBody, Outcome, Party, Phase as PublicPhase},
    frame::{QueuePlace, ServerFrame},
    id::{AdvisorId, ConversationId, MessageId, QueueId},
    limits::{
        MAX_ATTACHED_CHARS, MAX_BEGINNING_CHARS, MAX_COMMENT_CHARS, MAX_DESCRIPTION_CHARS, MAX_MESSAGE_CHARS,
    },
    person::PersonCard,
    problem::Code,
    rating::Rating,
    segnalazione::{SegnalazioneDraft, SegnalazioneStanding, SegnalazioneState},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::{
    desk::register::RegisterRow,
    linea_inps::Segnalazione,
    notification::{ConversationCommand, DeskNotification, Notification, Release},
    people::{Advisor, Asker, Speaker, Subject},
    policy::{DeskRules, Policy},
    province::Province,
    rate_limiter::RateLimiter,
};

/// A conversation as the rules see it: everything but the entries themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    id: ConversationId,
    queue: QueueId,
    person: PersonCard,
    subject: Subject,
    segnalazioni: Vec<SegnalazioneStanding>,
    phase: Phase,
    closing: ClosingTime,
    timeouts: InactivityTimeouts,
    last_seq: u64,
    last_message: Option<(Party, Timestamp)>,
}

/// What a conversation is stored as. [`Conversation::restore`] reads it and [`Conversation::stored`] writes it; nothing else
/// builds or changes a conversation from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredConversation {
    /// The conversation's id.
    pub id: ConversationId,
    /// The queue whose desk serves it.
    pub queue: QueueId,
    /// The person, as advisors see them.
    pub person: PersonCard,
    /// The person, as registries know them.
    pub subject: Subject,
    /// Everything handed to an office, oldest first; ids are unique.
    pub segnalazioni: Vec<SegnalazioneStanding>,
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

/// How long the service waits for a person, by the policy. It is not stored with a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InactivityTimeouts {
    /// Whoever waits may be connected nowhere for so long.
    pub absent_ms: i64,
    /// Whoever owes an answer is warned after so long.
    pub warn_ms: i64,
    /// Whoever was warned is let go after so long.
    pub close_ms: i64,
}

impl InactivityTimeouts {
    /// The policy's.
    pub fn of(rules: &DeskRules) -> Self {
        let minutes = |minutes: std::num::NonZeroU16| i64::from(minutes.get()) * 60_000;
        Self {
            absent_ms: minutes(rules.absent_minutes),
            warn_ms: minutes(rules.inactivity.warn_minutes),
            close_ms: minutes(rules.inactivity.close_minutes),
        }
    }
}

/// What closing time means for one conversation. It is fixed when the person enters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosingTime {
    /// Both sides are told from here on; absent once they have been.
    pub warn: Option<Timestamp>,
    /// Who still waits leaves here.
    pub closes: Timestamp,
    /// Who still talks is let go here.
    pub ends: Timestamp,
}

impl ClosingTime {
    /// Closing time at the end of the hours in which somebody enters, by the policy's margins.
    pub fn at(closes: Timestamp, policy: &Policy) -> Self {
        let minutes = |minutes: u16| i64::from(minutes) * 60_000;
        Self {
            warn: Some(closes.plus_millis(-minutes(policy.closing.warn_minutes))),
            closes,
            ends: closes.plus_millis(minutes(policy.closing.grace_minutes)),
        }
    }
}

/// Where a conversation stands, with what only the server knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Nobody has taken it yet.
    Waiting {
        /// Since when, this time.
        since: Timestamp,
        /// Since when the person is connected nowhere; absent while they are.
        #[serde(default)]
        disconnected_since: Option<Timestamp>,
        /// Their place in the queue, as the desk last said.
        #[serde(default)]
        place: Option<QueuePlace>,
        /// The name of the advisor who held it last; absent if nobody did.
        #[serde(default)]
        last_advisor: Option<String>,
    },
    /// An advisor answers.
    Active {
        /// Who.
        advisor: Advisor,
        /// Since when.
        since: Timestamp,
        /// Who else reads and writes.
        #[serde(default)]
        helpers: Vec<Advisor>,
        /// When the person last asked for more time.
        #[serde(default)]
        stayed: Option<Timestamp>,
        /// The person was warned, and the conversation ends here unless they answer.
        #[serde(default)]
        auto_close_at: Option<Timestamp>,
        /// Since when the person is connected nowhere; absent while they are. It ends nothing while an advisor answers, and
        /// counts once the conversation waits again.
        #[serde(default)]
        disconnected_since: Option<Timestamp>,
    },
    /// It is over.
    Closed {
        /// When.
        at: Timestamp,
        /// Who ended it.
        by: Party,
        /// Who held it to the end.
        held_by: Option<AdvisorId>,
        /// The name of the advisor who held it last; absent if nobody did.
        #[serde(default)]
        last_advisor: Option<String>,
        /// What came of it, where somebody said.
        #[serde(default)]
        outcome: Option<Outcome>,
    },
}

/// What one call changed, in the order in which it must be carried out: store, then broadcast, then reply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transition {
    /// Entries to append to the log and then send to everybody in the conversation.
    pub appended: Vec<Entry>,
    /// Whether more than the log changed: the whole conversation must be stored.
    pub phase_changed: bool,
    /// Notifications to put in the outbox with the rest.
    pub notifications: Vec<Notification>,
    /// Frames for the speaker alone.
    pub replies: Vec<ServerFrame>,
    /// Frames for the person alone, on all their devices.
    pub to_citizen: Vec<ServerFrame>,
}

impl Transition {
    /// Whether there is nothing to store.
    pub fn is_empty(&self) -> bool {
        self.appended.is_empty() && self.notifications.is_empty() && !self.phase_changed
    }

    fn reply(frame: ServerFrame) -> Self {
        Self { replies: vec![frame], ..Self::default() }
    }

    fn refuse(code: Code, detail: &str, message: Option<MessageId>) -> Self {
        Self::reply(ServerFrame::Refused { code, detail: detail.to_string(), message, retry_after_ms: None })
    }

    fn refuse_for_now(message: MessageId, retry_after_ms: i64) -> Self {
        Self::reply(ServerFrame::Refused {
            code: Code::TooFast,
            detail: "many messages in a short time: this one is accepted later".to_string(),
            message: Some(message),
            retry_after_ms: Some(retry_after_ms),
        })
    }
}

impl Conversation {
    /// A person was admitted: the conversation begins, waiting, with its first entry.
    pub fn open(
        id: ConversationId,
        queue: QueueId,
        asker: Asker,
        closing: ClosingTime,
        timeouts: InactivityTimeouts,
        now: Timestamp,
    ) -> (Self, Transition) {
        // Whoever was admitted and never connects is gone too.
        let phase =
            Phase::Waiting { since: now, disconnected_since: Some(now), place: None, last_advisor: None };
        let mut conversation = Self::begin(id, queue, asker, phase, closing, timeouts);
        let mut step = Transition { phase_changed: true, ..Transition::default() };
        conversation.append(EntryBody::Opened {}, now, &mut step);
        conversation.tell_desk(
            DeskNotification::Waiting {
                conversation: conversation.id.clone(),
                since: now,
                person: conversation.person.clone(),
            },
            &mut step,
        );
        (conversation, step)
    }

    /// The conversation a store holds. `timeouts` are the policy's, which is not stored with a conversation.
    pub fn restore(stored: StoredConversation, timeouts: InactivityTimeouts) -> Result<Self, Corrupt> {
        let StoredConversation {
            id,
            queue,
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
            queue,
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

    /// What a store must hold for [`restore`](Self::restore) to give back this conversation.
    pub fn stored(&self) -> StoredConversation {
        StoredConversation {
            id: self.id.clone(),
            queue: self.queue.clone(),
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

    /// The queue whose desk serves it.
    pub fn queue(&self) -> &QueueId {
        &self.queue
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
    pub fn segnalazioni(&self) -> &[SegnalazioneStanding] {
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

    /// A person who cannot be answered now writes, and an office reads: the conversation holds what they wrote and is over.
    /// The text was checked by [`may_request`](Self::may_request).
    pub fn request(
        id: ConversationId,
        queue: QueueId,
        asker: Asker,
        message: MessageId,
        text: &str,
        timeouts: InactivityTimeouts,
        now: Timestamp,
    ) -> (Self, Transition) {
        let outcome = Some(Outcome::LineaInps);
        let phase = Phase::Closed { at: now, by: Party::Citizen, held_by: None, last_advisor: None, outcome };
        let closing = ClosingTime { warn: None, closes: now, ends: now };
        let mut conversation = Self::begin(id, queue, asker, phase, closing, timeouts);
        let mut step = Transition { phase_changed: true, ..Transition::default() };
        let body =
            EntryBody::Message { id: message.clone(), author: Author::Citizen, text: text.to_string() };
        conversation.append_posted(body, Party::Citizen, now, &mut step);
        let Self { id, person, subject, .. } = &conversation;
        let segnalazione = Segnalazione::of_request(id, &message, person, subject, text, now);
        conversation.send(message, Party::Citizen, segnalazione, now, &mut step);
        let closed = EntryBody::Closed { by: Party::Citizen, outcome: Some(Outcome::LineaInps) };
        conversation.append(closed, now, &mut step);
        step.notifications.push(Notification::Register(RegisterRow::of_request(&conversation, now)));
        (conversation, step)
    }

    /// Whether a text can be a written request.
    pub fn may_request(text: &str) -> Result<(), (Code, &'static str)> {
        if is_blank(text) {
            return Err((Code::MessageEmpty, "a request needs at least one visible character"));
        }
        if text.chars().count() > MAX_DESCRIPTION_CHARS {
            return Err((Code::MessageTooLong, "a request has at most 4000 characters"));
        }
        Ok(())
    }

    /// Whether its person may say this of it now. However often they do, the newest counts.
    pub fn may_rate(&self, rating: &Rating) -> Result<(), (Code, &'static str)> {
        if !self.is_closed() {
            return Err((Code::ConversationOpen, "a conversation is rated once it is over"));
        }
        let Some(comment) = &rating.comment else { return Ok(()) };
        if is_blank(comment) {
            return Err((Code::MessageEmpty, "a comment needs at least one visible character"));
        }
        if comment.chars().count() > MAX_COMMENT_CHARS {
            return Err((Code::MessageTooLong, "a comment has at most 1000 characters"));
        }
        Ok(())
    }

    fn begin(
        id: ConversationId,
        queue: QueueId,
        asker: Asker,
        phase: Phase,
        closing: ClosingTime,
        timeouts: InactivityTimeouts,
    ) -> Self {
        let Asker { card: person, subject } = asker;
        let segnalazioni = Vec::new();
        Self {
            id,
            queue,
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

    /// A desk, or Linea INPS, says something.
    pub fn apply(&mut self, command: ConversationCommand, now: Timestamp) -> Transition {
        match command {
            ConversationCommand::Assigned { advisor, .. } => self.assign(advisor, now),
            ConversationCommand::Released { why } => self.release(why, now),
            ConversationCommand::Joined { advisor } => self.join(advisor, now),
            ConversationCommand::Left { advisor } => self.leave(&advisor, now),
            ConversationCommand::Close { outcome } => match self.phase {
                Phase::Active { .. } => self.end(Party::Advisor, Some(outcome), now),
                Phase::Waiting { .. } | Phase::Closed { .. } => Transition::default(),
            },
            ConversationCommand::Place(told) => self.place(told),
            ConversationCommand::Segnalazione(standing) => self.move_on(standing, now),
        }
    }

    /// An advisor accepted the conversation: from the queue, or from the colleague who held it.
    fn assign(&mut self, advisor: Advisor, now: Timestamp) -> Transition {
        let body = match &self.phase {
            Phase::Waiting { .. } => EntryBody::Assigned { advisor: advisor.name.clone() },
            Phase::Active { advisor: holder, .. } if holder.id != advisor.id => {
                EntryBody::Transferred { advisor: Some(advisor.name.clone()) }
            }
            Phase::Active { .. } | Phase::Closed { .. } => return Transition::default(),
        };
        let mut helpers = match &self.phase {
            Phase::Active { helpers, .. } => helpers.clone(),
            Phase::Waiting { .. } | Phase::Closed { .. } => Vec::new(),
        };
        helpers.retain(|helper| helper.id != advisor.id);
        self.phase = Phase::Active {
            advisor,
            since: now,
            helpers,
            stayed: None,
            auto_close_at: None,
            disconnected_since: self.phase.disconnected_since(),
        };
        self.changed(body, now)
    }

    fn release(&mut self, why: Release, now: Timestamp) -> Transition {
        let Phase::Active { advisor, disconnected_since, .. } = &self.phase else {
            return Transition::default();
        };
        let (last_advisor, disconnected_since) = (Some(advisor.name.clone()), *disconnected_since);
        self.phase = Phase::Waiting { since: now, disconnected_since, place: None, last_advisor };
        let body = match why {
            Release::Lost => EntryBody::Returned {},
            Release::Transferred => EntryBody::Transferred { advisor: None },
        };
        self.changed(body, now)
    }

    fn join(&mut self, advisor: Advisor, now: Timestamp) -> Transition {
        let Phase::Active { advisor: holder, helpers, .. } = &mut self.phase else {
            return Transition::default();
        };
        if holder.id == advisor.id || helpers.iter().any(|helper| helper.id == advisor.id) {
            return Transition::default();
        }
        let body = EntryBody::Joined { advisor: advisor.name.clone() };
        helpers.push(advisor);
        self.changed(body, now)
    }

    fn leave(&mut self, advisor: &Advisor, now: Timestamp) -> Transition {
        let Phase::Active { helpers, .. } = &mut self.phase else { return Transition::default() };
        let Some(index) = helpers.iter().position(|helper| helper.id == advisor.id) else {
            return Transition::default();
        };
        let left = helpers.remove(index);
        self.changed(EntryBody::Left { advisor: left.name }, now)
    }

    fn place(&mut self, told: QueuePlace) -> Transition {
        let Phase::Waiting { place, .. } = &mut self.phase else { return Transition::default() };
        *place = Some(told);
        Transition {
            phase_changed: true,
            to_citizen: vec![ServerFrame::Queue(told)],
            ..Transition::default()
        }
    }

    /// Records whether a device of the person is connected, until the conversation is closed. Only a waiting conversation ends
    /// because its person is absent; while an advisor answers the absence is recorded for the case that it waits again.
    pub fn citizen_connected(&mut self, connected: bool, now: Timestamp) -> Transition {
        let (Phase::Waiting { disconnected_since, .. } | Phase::Active { disconnected_since, .. }) =
            &mut self.phase
        else {
            return Transition::default();
        };
        if connected == disconnected_since.is_none() {
            return Transition::default();
        }
        *disconnected_since = if connected { None } else { Some(now) };
        Transition { phase_changed: true, ..Transition::default() }
    }

    /// The person asks for more time. Without a warning there is nothing to extend.
    pub fn stay(&mut self, speaker: &Speaker, now: Timestamp) -> Transition {
        match (&mut self.phase, speaker) {
            (Phase::Active { stayed, auto_close_at, .. }, Speaker::Citizen) if auto_close_at.is_some() => {
                *stayed = Some(now);
                *auto_close_at = None;
                self.changed(EntryBody::Stayed {}, now)
            }
            (Phase::Waiting { .. } | Phase::Active { .. } | Phase::Closed { .. }, _) => Transition::default(),
        }
    }

    /// Somebody says something, at their own `rate_limiter`. `known` is the entry this author already posted under this id, if any.
    pub fn post(
        &mut self,
        speaker: &Speaker,
        id: MessageId,
        text: &str,
        known: Option<Entry>,
        rate_limiter: &mut RateLimiter,
        now: Timestamp,
    ) -> Transition {
        if let Some(entry) = known {
            return Transition::reply(ServerFrame::Entries { entries: vec![entry] });
        }
        if let Err(refusal) = self.may_speak(speaker) {
            return Transition::refuse(refusal.0, refusal.1, Some(id));
        }
        if is_blank(text) {
            return Transition::refuse(
                Code::MessageEmpty,
                "a message needs at least one visible character",
                Some(id),
            );
        }
        if text.chars().count() > MAX_MESSAGE_CHARS {
            return Transition::refuse(
                Code::MessageTooLong,
                "a message has at most 4000 characters",
                Some(id),
            );
        }
        if self.last_seq >= u64::from(rate_limiter.limits.per_conversation.get()) {
            return Transition::refuse(
                Code::ConversationFull,
                "the conversation takes no more messages",
                Some(id),
            );
        }
        if let Err(retry_after_ms) = rate_limiter.check(now) {
            return Transition::refuse_for_now(id, retry_after_ms);
        }
        let mut step = Transition::default();
        let body = EntryBody::Message { id, author: speaker.author(), text: text.to_string() };
        self.append_posted(body, speaker.party(), now, &mut step);
        if let (Phase::Active { auto_close_at, .. }, Speaker::Citizen) = (&mut self.phase, speaker)
            && auto_close_at.take().is_some()
        {
            step.phase_changed = true;
        }
        step
    }

    /// The person says what their question is about, for the desk to find the right advisor. Saying it again is refused.
    pub fn question(&mut self, speaker: &Speaker, question: Question, now: Timestamp) -> Transition {
        let refusal = match (&self.phase, speaker) {
            (Phase::Closed { .. }, _) => (Code::ConversationClosed, "the conversation is closed"),
            (_, Speaker::Advisor(_)) => (Code::QuestionInvalid, "only the person says what they ask about"),
            (_, Speaker::Citizen) if self.person.question.is_some() => {
                (Code::QuestionInvalid, "the question was said before")
            }
            (_, Speaker::Citizen) if question.is_empty() || !question.is_well_formed() => (
                Code::QuestionInvalid,
                "a month is like 2026-09; a protocol number has letters, digits, . / -",
            ),
            (Phase::Waiting { .. } | Phase::Active { .. }, Speaker::Citizen) => {
                self.person.about = question.skill().or(self.person.about);
                self.person.question = Some(question.clone());
                let mut step = self.changed(EntryBody::Question(question.clone()), now);
                let conversation = self.id.clone();
                self.tell_desk(DeskNotification::Question { conversation, question }, &mut step);
                return step;
            }
        };
        Transition::refuse(refusal.0, refusal.1, None)
    }

    /// An advisor hands something to an office: who holds the conversation or helps in it. `attached` are
    /// the entries the draft names, as the log has them; `known` is the entry they already wrote under this id, if any.
    pub fn forward(
        &mut self,
        speaker: &Speaker,
        draft: &SegnalazioneDraft,
        attached: &[Entry],
        known: Option<Entry>,
        now: Timestamp,
    ) -> Transition {
        if let Some(entry) = known {
            return Transition::reply(ServerFrame::Entries { entries: vec![entry] });
        }
        let advisor = match speaker {
            Speaker::Advisor(advisor) => match self.may_speak(speaker) {
                Ok(()) => advisor.clone(),
                Err((code, detail)) => return Transition::refuse(code, detail, Some(draft.id.clone())),
            },
            Speaker::Citizen => {
                let detail = "only an advisor of this conversation hands it to an office";
                return Transition::refuse(Code::NotAssigned, detail, Some(draft.id.clone()));
            }
        };
        let unknown_office = Province::by_code(&draft.office).is_none();
        let wrong = draft.wrong().or(unknown_office.then_some("no province has that code"));
        let wrong = wrong.or((attached.len() != draft.attached.len()).then_some("no such message"));
        let said: usize =
            attached.iter().filter_map(Entry::message).map(|(.., text)| text.chars().count()).sum();
        let wrong =
            wrong.or((said > MAX_ATTACHED_CHARS).then_some("the messages are too long to be attached"));
        let taken = self.segnalazioni.iter().any(|one| one.id == draft.id);
        let wrong = wrong.or(taken.then_some("another segnalazione has that id"));
        let wrong = wrong.or((self.segnalazioni.len() >= MOST_SEGNALAZIONI).then_some("too many of them"));
        if let Some(wrong) = wrong {
            return Transition::refuse(Code::SegnalazioneInvalid, wrong, Some(draft.id.clone()));
        }
        let Self { id, person, subject, .. } = &*self;
        let segnalazione = Segnalazione::of_draft(id, person, subject, &advisor, draft, attached, now);
        let mut step = Transition { phase_changed: true, ..Transition::default() };
        self.send(draft.id.clone(), Party::Advisor, segnalazione, now, &mut step);
        step
    }

    /// An advisor shows the person a case, as the registry has just said it stands.
    pub fn share(
        &mut self,
        speaker: &Speaker,
        id: MessageId,
        case: Case,
        as_of: Timestamp,
        known: Option<Entry>,
        now: Timestamp,
    ) -> Transition {
        if let Some(entry) = known {
            return Transition::reply(ServerFrame::Entries { entries: vec![entry] });
        }
        match (self.may_speak(speaker), speaker) {
            (Ok(()), Speaker::Advisor(advisor)) => {
                let advisor = advisor.name.clone();
                let mut step = Transition::default();
                let body = EntryBody::Case { id, advisor, case: Box::new(case), as_of };
                self.append_posted(body, Party::Advisor, now, &mut step);
                step
            }
            (Ok(()), Speaker::Citizen) => {
                Transition::refuse(Code::NotAssigned, "cases are shown by advisors", Some(id))
            }
            (Err((code, detail)), _) => Transition::refuse(code, detail, Some(id)),
        }
    }

    /// A segnalazione is on its way, posted by one side of the conversation.
    fn send(
        &mut self,
        id: MessageId,
        by: Party,
        segnalazione: Segnalazione,
        now: Timestamp,
        step: &mut Transition,
    ) {
        let state = SegnalazioneState::Sending {};
        let body = EntryBody::Segnalazione { id: id.clone(), number: None, state: state.clone() };
        self.append_posted(body, by, now, step);
        self.segnalazioni.push(SegnalazioneStanding { id, number: None, state });
        step.notifications.push(Notification::LineaInps(Box::new(segnalazione)));
    }

    /// A segnalazione stands otherwise. It only ever moves on: what comes late says nothing.
    fn move_on(&mut self, told: SegnalazioneStanding, now: Timestamp) -> Transition {
        let Some(known) = self.segnalazioni.iter_mut().find(|known| known.id == told.id) else {
            return Transition::default();
        };
        if told.state.rank() <= known.state.rank() {
            return Transition::default();
        }
        let number = told.number.or_else(|| known.number.take());
        *known = SegnalazioneStanding { id: told.id, number, state: told.state };
        let SegnalazioneStanding { id, number, state } = known.clone();
        self.changed(EntryBody::Segnalazione { id, number, state }, now)
    }

    /// Whether an office still owes an answer: the person's page goes on listening, even after the end.
    pub fn awaits_office(&self) -> bool {
        self.segnalazioni.iter().any(|one| !one.state.is_final())
    }

    /// The person leaves the queue, having found the answer in their cases.
    pub fn self_served(&mut self, speaker: &Speaker, now: Timestamp) -> Transition {
        match (&self.phase, speaker) {
            (Phase::Waiting { .. }, Speaker::Citizen) => {
                self.end(Party::Citizen, Some(Outcome::SelfServed), now)
            }
            (Phase::Waiting { .. } | Phase::Active { .. } | Phase::Closed { .. }, _) => {
                self.close(speaker, now)
            }
        }
    }

    /// The person ends the conversation, or leaves the queue. Ending it again changes nothing. An advisor ends it at the
    /// desk, which asks for the topic.
    pub fn close(&mut self, speaker: &Speaker, now: Timestamp) -> Transition {
        if self.is_closed() {
            return Transition::default();
        }
        match (self.may_speak(speaker), speaker) {
            (Ok(()), Speaker::Citizen) => self.end(Party::Citizen, None, now),
            (Ok(()), Speaker::Advisor(_)) => {
                Transition::refuse(Code::TopicNeeded, "an advisor ends a conversation at the desk", None)
            }
            (Err((code, detail)), _) => Transition::refuse(code, detail, None),
        }
    }

    /// Time has passed: tell both sides that closing time comes, end what it ends, and let go of who is gone.
    pub fn wake(&mut self, now: Timestamp) -> Transition {
        let over = match self.phase {
            Phase::Waiting { .. } => now >= self.closing.closes,
            Phase::Active { .. } => now >= self.closing.ends,
            Phase::Closed { .. } => return Transition::default(),
        };
        if over {
            return self.end(Party::System, None, now);
        }
        if self.gone().is_some_and(|gone| now >= gone) {
            return self.end(Party::System, Some(Outcome::Abandoned), now);
        }
        let mut step = Transition::default();
        if self.closing.warn.is_some_and(|warn| now >= warn) {
            self.closing.warn = None;
            step.phase_changed = true;
            self.append(EntryBody::ClosingSoon { closes: self.closing.closes }, now, &mut step);
        }
        if self.inactive().is_some_and(|inactive| now >= inactive) {
            let closes = now.plus_millis(self.timeouts.close_ms);
            if let Phase::Active { auto_close_at, .. } = &mut self.phase {
                *auto_close_at = Some(closes);
            }
            step.phase_changed = true;
            self.append(EntryBody::Inactive { closes }, now, &mut step);
        }
        step
    }

    /// When to [`wake`](Self::wake) it next.
    pub fn next_wake(&self) -> Option<Timestamp> {
        let end = match self.phase {
            Phase::Waiting { .. } => self.closing.closes,
            Phase::Active { .. } => self.closing.ends,
            Phase::Closed { .. } => return None,
        };
        [self.closing.warn, self.gone(), self.inactive()].into_iter().flatten().chain([end]).min()
    }

    /// When the person is taken to be gone.
    fn gone(&self) -> Option<Timestamp> {
        match &self.phase {
            Phase::Waiting { disconnected_since, .. } => disconnected_since
                .map(|disconnected_since| disconnected_since.plus_millis(self.timeouts.absent_ms)),
            Phase::Active { auto_close_at, .. } => *auto_close_at,
            Phase::Closed { .. } => None,
        }
    }

    /// When to warn a person who owes an answer.
    fn inactive(&self) -> Option<Timestamp> {
        let Phase::Active { since, stayed, auto_close_at: None, .. } = &self.phase else { return None };
        let (Party::Advisor, said) = self.last_message? else { return None };
        let from = said.max(*since).max(stayed.unwrap_or(said));
        Some(from.plus_millis(self.timeouts.warn_ms))
    }

    /// The answer to a `hello` of somebody whose ticket was accepted; entries after the number `after` follow.
    pub fn welcome(&self, speaker: &Speaker, version: u16, after: u64) -> ServerFrame {
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
        }
    }

    /// What the person is told after `welcome` beside the log: their place in the queue, while they wait.
    pub fn place_in_queue(&self) -> Option<ServerFrame> {
        match &self.phase {
            Phase::Waiting { place, .. } => place.map(ServerFrame::Queue),
            Phase::Active { .. } | Phase::Closed { .. } => None,
        }
    }

    /// Whether a speaker may read the log: the person always, an advisor who holds the conversation or held it to the end,
    /// and who helps them while they do.
    pub fn may_read(&self, speaker: &Speaker) -> bool {
        match speaker {
            Speaker::Citizen => true,
            Speaker::Advisor(advisor) => self.holder() == Some(&advisor.id) || self.is_helped_by(&advisor.id),
        }
    }

    /// The advisors who may read the log.
    pub fn readers(&self) -> impl Iterator<Item = &AdvisorId> {
        let helpers = match &self.phase {
            Phase::Active { helpers, .. } => helpers.as_slice(),
            Phase::Waiting { .. } | Phase::Closed { .. } => &[],
        };
        self.holder().into_iter().chain(helpers.iter().map(|helper| &helper.id))
    }

    /// Whether a speaker may add a message now.
    pub fn may_write(&self, speaker: &Speaker) -> bool {
        self.may_speak(speaker).is_ok()
    }

    /// The advisor who holds the conversation, or held it to the end.
    fn holder(&self) -> Option<&AdvisorId> {
        match &self.phase {
            Phase::Waiting { .. } => None,
            Phase::Active { advisor, .. } => Some(&advisor.id),
            Phase::Closed { held_by, .. } => held_by.as_ref(),
        }
    }

    fn is_helped_by(&self, advisor: &AdvisorId) -> bool {
        match &self.phase {
            Phase::Active { helpers, .. } => helpers.iter().any(|helper| helper.id == *advisor),
            Phase::Waiting { .. } | Phase::Closed { .. } => false,
        }
    }

    /// Whether no message can be added any more.
    pub fn is_closed(&self) -> bool {
        matches!(self.phase, Phase::Closed { .. })
    }

    fn may_speak(&self, speaker: &Speaker) -> Result<(), (Code, &'static str)> {
        match (&self.phase, speaker) {
            (Phase::Closed { .. }, _) => Err((Code::ConversationClosed, "the conversation is closed")),
            (Phase::Waiting { .. } | Phase::Active { .. }, Speaker::Citizen) => Ok(()),
            (Phase::Active { advisor: holder, .. }, Speaker::Advisor(advisor))
                if holder.id == advisor.id || self.is_helped_by(&advisor.id) =>
            {
                Ok(())
            }
            (Phase::Waiting { .. } | Phase::Active { .. }, Speaker::Advisor(_)) => {
                Err((Code::NotAssigned, "this advisor does not hold the conversation"))
            }
        }
    }

    fn end(&mut self, by: Party, outcome: Option<Outcome>, now: Timestamp) -> Transition {
        let mut step = self.changed(EntryBody::Closed { by, outcome }, now);
        let held_by = self.holder().cloned();
        let last_advisor = self.phase.last_advisor().map(str::to_string);
        self.phase = Phase::Closed { at: now, by, held_by: held_by.clone(), last_advisor, outcome };
        let conversation = self.id.clone();
        self.tell_desk(DeskNotification::Closed { conversation, by, outcome, held_by }, &mut step);
        step
    }

    fn changed(&mut self, body: EntryBody, now: Timestamp) -> Transition {
        let mut step = Transition { phase_changed: true, ..Transition::default() };
        self.append(body, now, &mut step);
        step
    }

    fn append(&mut self, body: EntryBody, at: Timestamp, step: &mut Transition) {
        self.last_seq += 1;
        step.appended.push(Entry { seq: self.last_seq, at, body });
    }

    /// Appends an entry that somebody posted under a message id. Every such entry counts as the newest message of its author's
    /// side, as it does for a store that derives the newest message from the log: a message, a case, a forwarded segnalazione.
    fn append_posted(&mut self, body: EntryBody, by: Party, at: Timestamp, step: &mut Transition) {
        self.append(body, at, step);
        self.last_message = Some((by, at));
    }

    fn tell_desk(&self, notification: DeskNotification, step: &mut Transition) {
        step.notifications.push(Notification::Desk(self.queue.clone(), notification));
    }
}

/// Nobody needs more from one conversation.
const MOST_SEGNALAZIONI: usize = 10;

impl Phase {
    /// What the two sides are told.
    pub fn to_public(&self) -> PublicPhase {
        match self {
            Self::Waiting { since, .. } => PublicPhase::Waiting { since: *since },
            Self::Active { advisor, since, .. } => {
                PublicPhase::Active { advisor: advisor.name.clone(), since: *since }
            }
            Self::Closed { at, by, .. } => PublicPhase::Closed { at: *at, by: *by },
        }
    }

    /// Since when the person is connected nowhere; `None` while they are, and after the end.
    fn disconnected_since(&self) -> Option<Timestamp> {
        match self {
            Self::Waiting { disconnected_since, .. } | Self::Active { disconnected_since, .. } => {
                *disconnected_since
            }
            Self::Closed { .. } => None,
        }
    }

    /// The name of the advisor who holds it, or held it last.
    pub fn last_advisor(&self) -> Option<&str> {
        match self {
            Self::Active { advisor, .. } => Some(&advisor.name),
            Self::Waiting { last_advisor, .. } | Self::Closed { last_advisor, .. } => last_advisor.as_deref(),
        }
    }
}

/// A text as it stands for its conversation in a list: on one line, cut where it is longer than
/// [`MAX_BEGINNING_CHARS`]. `None` if nothing of it can be seen.
pub fn beginning(text: &str) -> Option<String> {
    if is_blank(text) {
        return None;
    }
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MAX_BEGINNING_CHARS {
        return Some(line);
    }
    let kept: String = line.chars().take(MAX_BEGINNING_CHARS - 1).collect();
    Some(format!("{}…", kept.trim_end()))
}

#[cfg(test)]
mod tests {
    use infocig_protocol::{
        case::BenefitKind,
        frame::Estimate,
        language::Language,
        person::{Category, Credential},
        rating::Answer,
    };

    use super::*;
    use crate::policy::Messages;

    #[test]
    fn an_opened_conversation_waits_and_its_desk_is_told() {
        let (conversation, step) = opened();

        assert_eq!(conversation.phase.to_public(), PublicPhase::Waiting { since: at(0) });
        assert_eq!(step.appended, [Entry { seq: 1, at: at(0), body: EntryBody::Opened {} }]);
        assert!(
            matches!(&step.notifications[..], [Notification::Desk(queue, DeskNotification::Waiting { .. })] if *queue == conversation.queue)
        );
    }

    #[test]
    fn a_person_may_write_while_they_wait() {
        let (mut conversation, _) = opened();

        let step = conversation.post(
            &Speaker::Citizen,
            id("m1"),
            "Quando sarò pagato?",
            None,
            &mut rate_limiter(),
            at(1),
        );

        assert_eq!(seqs(&step), [2]);
        assert_eq!(step.replies, []);
    }

    #[test]
    fn a_message_sent_twice_is_answered_with_its_first_entry() {
        let (mut conversation, _) = opened();
        let first = conversation
            .post(&Speaker::Citizen, id("m1"), "ciao", None, &mut rate_limiter(), at(1))
            .appended
            .remove(0);

        let step = conversation.post(
            &Speaker::Citizen,
            id("m1"),
            "ciao",
            Some(first.clone()),
            &mut rate_limiter(),
            at(2),
        );

        assert_eq!(step, Transition::reply(ServerFrame::Entries { entries: vec![first] }));
        assert_eq!(conversation.last_seq, 2);
    }

    #[test]
    fn a_message_that_comes_too_fast_is_accepted_later_and_repeats_cost_nothing() {
        let (mut conversation, _) = opened();
        let mut rate_limiter = rate_limiter();
        let mut post = |name: &str, known, now| {
            conversation.post(&Speaker::Citizen, id(name), "ciao", known, &mut rate_limiter, at(now))
        };
        let first = post("m1", None, 0).appended.remove(0);
        post("m2", None, 0);
        assert!(matches!(&post("m1", Some(first), 0).replies[..], [ServerFrame::Entries { .. }]));

        let step = post("m3", None, 0);
        let [ServerFrame::Refused { code: Code::TooFast, retry_after_ms: Some(wait), .. }] = step.replies[..]
        else {
            panic!("{step:?}")
        };
        assert_eq!(seqs(&post("m3", None, wait)), [4]);
    }

    #[test]
    fn a_full_conversation_takes_no_more_messages_and_can_be_ended() {
        let (mut conversation, _) = opened();
        for n in 2..=8 {
            conversation.post(
                &Speaker::Citizen,
                id(&format!("m{n}")),
                "ciao",
                None,
                &mut rate_limiter(),
                at(n),
            );
        }

        let step = conversation.post(&Speaker::Citizen, id("m9"), "ciao", None, &mut rate_limiter(), at(9));

        assert_eq!(refusal(&step), Some(Code::ConversationFull));
        assert_eq!(seqs(&conversation.close(&Speaker::Citizen, at(10))), [9]);
    }

    #[test]
    fn a_message_repeated_after_the_end_is_still_acknowledged() {
        let (mut conversation, _) = opened();
        let first = conversation
            .post(&Speaker::Citizen, id("m1"), "ciao", None, &mut rate_limiter(), at(1))
            .appended
            .remove(0);
        conversation.close(&Speaker::Citizen, at(2));

        let step =
            conversation.post(&Speaker::Citizen, id("m1"), "ciao", Some(first), &mut rate_limiter(), at(3));

        assert!(matches!(&step.replies[..], [ServerFrame::Entries { .. }]));
    }

    #[test]
    fn only_the_advisor_who_holds_it_may_speak() {
        let (mut conversation, _) = opened();
        assert_eq!(
            refusal(&conversation.post(&giulia(), id("a1"), "salve", None, &mut rate_limiter(), at(1))),
            Some(Code::NotAssigned)
        );

        conversation.assign(advisor("giulia"), at(2));

        assert_eq!(
            seqs(&conversation.post(&giulia(), id("a1"), "salve", None, &mut rate_limiter(), at(3))),
            [3]
        );
        assert_eq!(
            refusal(&conversation.post(&marco(), id("a2"), "salve", None, &mut rate_limiter(), at(4))),
            Some(Code::NotAssigned)
        );
        assert!(!conversation.may_read(&marco()));
    }

    #[test]
    fn after_the_end_only_who_held_it_may_read() {
        let (mut conversation, _) = opened();
        conversation.assign(advisor("giulia"), at(1));
        conversation.close(&Speaker::Citizen, at(2));
        assert!(conversation.may_read(&giulia()) && !conversation.may_read(&marco()));

        let (mut left, _) = opened();
        left.close(&Speaker::Citizen, at(1));
        left.assign(advisor("giulia"), at(2));
        assert!(!left.may_read(&giulia()));
    }

    #[test]
    fn a_conversation_handed_on_changes_hands_once_and_says_so() {
        let (mut conversation, _) = opened();
        conversation.assign(advisor("giulia"), at(1));
        assert_eq!(conversation.assign(advisor("giulia"), at(2)), Transition::default());

        let step = conversation.assign(advisor("marco"), at(2));

        assert_eq!(step.appended[0].body, EntryBody::Transferred { advisor: Some("marco".into()) });
        assert!(!conversation.may_read(&giulia()) && conversation.may_write(&marco()));
    }

    #[test]
    fn a_conversation_whose_advisor_is_lost_waits_again_with_its_whole_log() {
        let (mut conversation, _) = opened();
        conversation.assign(advisor("giulia"), at(1));

        let step = conversation.apply(ConversationCommand::Released { why: Release::Lost }, at(2));

        assert_eq!(step.appended[0].body, EntryBody::Returned {});
        assert_eq!(step.appended[0].phase_after(), Some(conversation.phase.to_public()));
        assert!(!conversation.may_read(&giulia()));
        assert_eq!(
            conversation.apply(ConversationCommand::Released { why: Release::Lost }, at(3)),
            Transition::default()
        );
        assert_eq!(conversation.phase.last_advisor(), Some("giulia"));
        conversation.close(&Speaker::Citizen, at(4));
        assert_eq!(
            conversation.phase.last_advisor(),
            Some("giulia"),
            "whoever held it last, though nobody does"
        );
    }

    #[test]
    fn whoever_comes_after_a_lost_advisor_goes_on() {
        let (mut conversation, _) = opened();
        assert_eq!(conversation.phase.last_advisor(), None);
        conversation.assign(advisor("giulia"), at(1));
        conversation.apply(ConversationCommand::Released { why: Release::Lost }, at(2));
        conversation.assign(advisor("marco"), at(4));
        assert!(conversation.may_write(&marco()));
        assert_eq!(conversation.phase.last_advisor(), Some("marco"));
    }

    #[test]
    fn a_second_advisor_reads_and_writes_until_they_leave() {
        let (mut conversation, _) = opened();
        conversation.assign(advisor("giulia"), at(1));

        let joined = conversation.apply(ConversationCommand::Joined { advisor: advisor("marco") }, at(2));
        assert_eq!(joined.appended[0].body, EntryBody::Joined { advisor: "marco".into() });
        assert!(conversation.may_write(&marco()) && conversation.may_write(&giulia()));

        let left = conversation.apply(ConversationCommand::Left { advisor: advisor("marco") }, at(3));
        assert_eq!(left.appended[0].body, EntryBody::Left { advisor: "marco".into() });
        assert!(!conversation.may_read(&marco()));
    }

    #[test]
    fn the_place_in_the_queue_is_for_the_person_alone_and_not_in_the_log() {
        let (mut conversation, _) = opened();
        let place = QueuePlace { position: 3, estimate: Estimate::Unknown {} };

        let step = conversation.apply(ConversationCommand::Place(place), at(1));

        assert_eq!((step.appended.len(), &step.to_citizen[..]), (0, &[ServerFrame::Queue(place)][..]));
        assert_eq!(conversation.place_in_queue(), Some(ServerFrame::Queue(place)));
        conversation.assign(advisor("giulia"), at(2));
        assert_eq!(conversation.place_in_queue(), None);
        assert_eq!(conversation.apply(ConversationCommand::Place(place), at(3)), Transition::default());
    }

    #[test]
    fn whoever_waits_and_is_connected_nowhere_loses_their_place() {
        let (mut conversation, _) = opened();
        conversation.closing = never();
        conversation.citizen_connected(true, at(1));
        assert_eq!(conversation.next_wake(), Some(never().closes));
        conversation.citizen_connected(false, at(50));
        assert_eq!(conversation.next_wake(), Some(at(250)));
        conversation.citizen_connected(true, at(249));
        assert_eq!(conversation.wake(at(260)), Transition::default());
        conversation.citizen_connected(false, at(300));

        let closed = EntryBody::Closed { by: Party::System, outcome: Some(Outcome::Abandoned) };
        assert_eq!(conversation.wake(at(500)).appended[0].body, closed);
    }

    #[test]
    fn a_person_who_left_while_an_advisor_answered_does_not_keep_a_place_in_the_queue() {
        let (mut conversation, _) = opened();
        conversation.closing = never();
        conversation.citizen_connected(true, at(1));
        conversation.assign(advisor("giulia"), at(2));
        conversation.citizen_connected(false, at(100));
        conversation.apply(ConversationCommand::Released { why: Release::Lost }, at(150));

        assert_eq!(conversation.next_wake(), Some(at(300)));
        let closed = EntryBody::Closed { by: Party::System, outcome: Some(Outcome::Abandoned) };
        assert_eq!(conversation.wake(at(300)).appended[0].body, closed);
    }

    #[test]
    fn a_person_who_came_back_while_an_advisor_answered_keeps_their_place_after_a_release() {
        let (mut conversation, _) = opened();
        conversation.closing = never();
        conversation.assign(advisor("giulia"), at(2));
        conversation.citizen_connected(true, at(100));
        conversation.apply(ConversationCommand::Released { why: Release::Transferred }, at(150));

        assert_eq!(conversation.next_wake(), Some(never().closes));
    }

    #[test]
    fn an_advisor_who_forwards_to_an_office_has_spoken_and_the_person_owes_an_answer() {
        let (mut conversation, _) = opened();
        conversation.closing = never();
        conversation.assign(advisor("giulia"), at(1));
        conversation.post(&Speaker::Citizen, id("m1"), "ciao", None, &mut rate_limiter(), at(10));
        conversation.forward(&giulia(), &draft(), &[], None, at(20));

        assert_eq!(conversation.next_wake(), Some(at(120)));
    }

    #[test]
    fn a_person_who_owes_an_answer_is_warned_and_may_ask_for_more_time() {
        let mut conversation = quiet();
        assert_eq!(conversation.next_wake(), Some(at(110)));
        assert_eq!(conversation.wake(at(110)).appended[0].body, EntryBody::Inactive { closes: at(150) });
        assert_eq!(conversation.stay(&giulia(), at(120)), Transition::default());

        assert_eq!(conversation.stay(&Speaker::Citizen, at(120)).appended[0].body, EntryBody::Stayed {});
        assert_eq!(conversation.stay(&Speaker::Citizen, at(121)), Transition::default());
        assert_eq!(conversation.next_wake(), Some(at(220)));

        conversation.wake(at(220));
        conversation.post(&Speaker::Citizen, id("m1"), "eccomi", None, &mut rate_limiter(), at(259));
        assert_eq!(conversation.wake(at(260)), Transition::default());
        assert_eq!(conversation.next_wake(), Some(never().closes), "the advisor owes an answer");
    }

    #[test]
    fn a_person_who_never_answers_is_let_go() {
        let mut conversation = quiet();
        conversation.wake(at(110));

        let closed = EntryBody::Closed { by: Party::System, outcome: Some(Outcome::Abandoned) };
        assert_eq!(conversation.wake(at(150)).appended[0].body, closed);
    }

    /// Giulia said something at 10 that was never answered.
    fn quiet() -> Conversation {
        let (mut conversation, _) = opened();
        conversation.closing = never();
        conversation.assign(advisor("giulia"), at(1));
        conversation.post(&giulia(), id("a1"), "mi dica", None, &mut rate_limiter(), at(10));
        conversation
    }

    #[test]
    fn nothing_follows_the_end_and_ending_again_changes_nothing() {
        let (mut conversation, _) = opened();
        conversation.assign(advisor("giulia"), at(1));

        assert_eq!(refusal(&conversation.close(&giulia(), at(2))), Some(Code::TopicNeeded));
        let step = conversation.apply(ConversationCommand::Close { outcome: Outcome::LineaInps }, at(2));

        let closed = EntryBody::Closed { by: Party::Advisor, outcome: Some(Outcome::LineaInps) };
        assert_eq!(step.appended.last().map(|e| &e.body), Some(&closed));
        assert!(matches!(&step.notifications[..], [Notification::Desk(_, DeskNotification::Closed { .. })]));
        let late = conversation.post(&Speaker::Citizen, id("m9"), "ancora", None, &mut rate_limiter(), at(3));
        assert_eq!(refusal(&late), Some(Code::ConversationClosed));
        assert_eq!(conversation.close(&Speaker::Citizen, at(4)), Transition::default());
    }

    #[test]
    fn who_waits_at_closing_time_is_told_before_and_let_go() {
        let (mut conversation, _) = opened();
        conversation.citizen_connected(true, at(0));
        assert_eq!(
            (conversation.wake(at(899)), conversation.next_wake()),
            (Transition::default(), Some(at(900)))
        );

        let told = conversation.wake(at(900));
        assert_eq!(told.appended[0].body, EntryBody::ClosingSoon { closes: at(1_000) });
        assert_eq!(
            (conversation.wake(at(901)), conversation.next_wake()),
            (Transition::default(), Some(at(1_000)))
        );

        let gone = conversation.wake(at(1_000));
        assert_eq!(gone.appended[0].body, EntryBody::Closed { by: Party::System, outcome: None });
        assert!(matches!(&gone.notifications[..], [Notification::Desk(_, DeskNotification::Closed { .. })]));
        assert_eq!((conversation.wake(at(2_000)), conversation.next_wake()), (Transition::default(), None));
    }

    #[test]
    fn who_talks_at_closing_time_goes_on_until_the_grace_is_over() {
        let (mut conversation, _) = opened();
        conversation.assign(advisor("giulia"), at(10));
        conversation.wake(at(900));

        assert_eq!(
            (conversation.wake(at(1_499)), conversation.next_wake()),
            (Transition::default(), Some(at(1_500)))
        );
        assert_eq!(
            seqs(&conversation.post(
                &giulia(),
                id("a1"),
                "ancora un momento",
                None,
                &mut rate_limiter(),
                at(1_499)
            )),
            [4]
        );
        assert_eq!(
            conversation.wake(at(1_500)).appended[0].body,
            EntryBody::Closed { by: Party::System, outcome: None }
        );
    }

    #[test]
    fn a_clock_that_jumps_over_closing_time_ends_without_a_warning() {
        let (mut conversation, _) = opened();
        conversation.citizen_connected(true, at(0));
        assert_eq!(
            conversation.wake(at(9_999)).appended[0].body,
            EntryBody::Closed { by: Party::System, outcome: None }
        );
    }

    #[test]
    fn a_message_is_counted_in_characters_and_kept_as_written() {
        let (mut conversation, _) = opened();
        let longest = "è".repeat(MAX_MESSAGE_CHARS);

        let step = conversation.post(&Speaker::Citizen, id("m1"), &longest, None, &mut rate_limiter(), at(1));
        assert!(matches!(&step.appended[0].body, EntryBody::Message { text, .. } if *text == longest));

        let too_long = format!("{longest}è");
        let step =
            conversation.post(&Speaker::Citizen, id("m2"), &too_long, None, &mut rate_limiter(), at(2));
        assert_eq!(refusal(&step), Some(Code::MessageTooLong));
    }

    #[test]
    fn a_message_of_blanks_says_nothing() {
        let (mut conversation, _) = opened();
        let step =
            conversation.post(&Speaker::Citizen, id("m1"), " \n\t\u{a0}", None, &mut rate_limiter(), at(1));
        assert_eq!(refusal(&step), Some(Code::MessageEmpty));
    }

    #[test]
    fn what_an_advisor_forwards_is_in_the_log_and_on_its_way_once() {
        let (mut conversation, _) = opened();
        let said = conversation
            .post(&Speaker::Citizen, id("m1"), "SR41?", None, &mut rate_limiter(), at(1))
            .appended;
        conversation.assign(advisor("giulia"), at(2));
        let draft = SegnalazioneDraft { attached: vec![2], ..draft() };

        let step = conversation.forward(&giulia(), &draft, &said, None, at(3));

        let sending =
            EntryBody::Segnalazione { id: id("s1"), number: None, state: SegnalazioneState::Sending {} };
        assert_eq!(step.appended[0].body, sending);
        let [Notification::LineaInps(sent)] = &step.notifications[..] else { panic!("{step:?}") };
        assert_eq!(sent.key, format!("{}.s1", conversation.id));
        assert_eq!((sent.messages.len(), sent.messages[0].text.as_str()), (1, "SR41?"));
        let again = conversation.forward(&giulia(), &draft, &said, Some(step.appended[0].clone()), at(4));
        assert!(again.notifications.is_empty() && again.appended.is_empty() && conversation.awaits_office());
        let of_another = conversation.forward(&giulia(), &draft, &said, None, at(5));
        assert_eq!(refusal(&of_another), Some(Code::SegnalazioneInvalid), "its key has no author");
        conversation.close(&Speaker::Citizen, at(6));
        let late = SegnalazioneDraft { id: id("s2"), ..draft };
        assert_eq!(
            refusal(&conversation.forward(&giulia(), &late, &said, None, at(7))),
            Some(Code::ConversationClosed)
        );
    }

    #[test]
    fn what_is_not_a_segnalazione_is_refused_by_its_reason() {
        let (mut conversation, _) = opened();
        assert_eq!(
            refusal(&conversation.forward(&giulia(), &draft(), &[], None, at(1))),
            Some(Code::NotAssigned)
        );
        conversation.assign(advisor("giulia"), at(2));
        for wrong in [
            SegnalazioneDraft { description: " ".into(), ..draft() },
            SegnalazioneDraft { office: "999".into(), ..draft() },
            SegnalazioneDraft { attached: vec![77], ..draft() },
            SegnalazioneDraft { attached: vec![1, 1], ..draft() },
            SegnalazioneDraft { protocol: Some("<b>".into()), ..draft() },
            SegnalazioneDraft { description: "x".repeat(4_001), ..draft() },
        ] {
            let step = conversation.forward(&giulia(), &wrong, &[], None, at(3));
            assert_eq!(refusal(&step), Some(Code::SegnalazioneInvalid), "{wrong:?}");
        }
        assert_eq!(
            refusal(&conversation.forward(&Speaker::Citizen, &draft(), &[], None, at(3))),
            Some(Code::NotAssigned)
        );
        assert!(conversation.segnalazioni.is_empty());
    }

    #[test]
    fn messages_that_are_attached_have_so_many_characters_together() {
        let (mut conversation, _) = opened();
        conversation.assign(advisor("giulia"), at(1));
        let mut forwarded = |name: &str, lengths: Vec<usize>| {
            let said: Vec<Entry> =
                (2..).zip(lengths).map(|(seq, length)| said_by_citizen(seq, length)).collect();
            let attached = said.iter().map(|entry| entry.seq).collect();
            let draft = SegnalazioneDraft { id: id(name), attached, ..draft() };
            refusal(&conversation.forward(&giulia(), &draft, &said, None, at(2)))
        };

        assert_eq!(forwarded("s1", vec![4_000; 25]), None);
        let one_more = [vec![4_000; 25], vec![1]].concat();
        assert_eq!(forwarded("s2", one_more), Some(Code::SegnalazioneInvalid));
    }

    #[test]
    fn a_list_shows_the_beginning_of_a_message_on_one_line() {
        assert_eq!(beginning(" Quando\narriva  il pagamento? ").unwrap(), "Quando arriva il pagamento?");
        assert_eq!(beginning(&"è".repeat(80)).unwrap(), "è".repeat(80));
        assert_eq!(beginning(&"è".repeat(81)).unwrap(), format!("{}…", "è".repeat(79)));
        assert_eq!(beginning(&"parola ".repeat(30)).unwrap().chars().last(), Some('…'));
        assert_eq!(beginning(" \n\u{200b}"), None);
    }

    #[test]
    fn a_written_request_has_a_longest_text() {
        assert_eq!(Conversation::may_request(&"è".repeat(4_000)), Ok(()));
        let refused = Conversation::may_request(&"x".repeat(4_001));
        assert_eq!(refused.unwrap_err().0, Code::MessageTooLong);
    }

    #[test]
    fn a_segnalazione_only_moves_on_even_after_the_end() {
        let (mut conversation, _) = opened();
        conversation.assign(advisor("giulia"), at(1));
        conversation.forward(&giulia(), &draft(), &[], None, at(2));
        conversation.close(&Speaker::Citizen, at(3));
        let mut hear = |number: Option<&str>, state| {
            let number = number.map(String::from);
            let step = conversation.apply(
                ConversationCommand::Segnalazione(SegnalazioneStanding { id: id("s1"), number, state }),
                at(9),
            );
            step.appended.len()
        };

        assert_eq!(hear(Some("LI-1"), SegnalazioneState::Accepted {}), 1);
        assert_eq!(hear(None, SegnalazioneState::Queued {}), 0, "what comes late says nothing");
        assert_eq!(hear(None, SegnalazioneState::Accepted {}), 0);
        assert_eq!(hear(None, SegnalazioneState::Answered { text: "Pagato.".into() }), 1);
        assert_eq!(hear(None, SegnalazioneState::InProgress {}), 0);

        assert_eq!(conversation.segnalazioni[0].number.as_deref(), Some("LI-1"));
        assert!(!conversation.awaits_office() && conversation.is_closed());
    }

    #[test]
    fn a_written_request_is_a_conversation_that_is_over_and_on_its_way() {
        let asker = Asker { card: opened().0.person, subject: subject() };
        let conversation = ConversationId::of(&"0f".repeat(32), 2).unwrap();
        let queue = QueueId::parse("info-cig").unwrap();

        let (written, step) = Conversation::request(
            conversation,
            queue,
            asker,
            id("r1"),
            "Quando sarò pagato?",
            timeouts(),
            at(5),
        );

        assert_eq!(seqs(&step), [1, 2, 3]);
        assert!(written.is_closed() && written.awaits_office());
        let [Notification::LineaInps(sent), Notification::Register(row)] = &step.notifications[..] else {
            panic!("{step:?}")
        };
        assert_eq!(
            (sent.office.as_str(), &sent.advisor, row.outcome),
            ("058", &None, Some(Outcome::LineaInps))
        );
        assert!(Conversation::may_request(" \n").is_err() && Conversation::may_request("a").is_ok());
    }

    #[test]
    fn a_conversation_is_rated_once_it_is_over_with_a_comment_that_says_something() {
        let rating = |comment: Option<String>| Rating { answer: Answer::Yes, comment };
        let (mut conversation, _) = opened();
        let code = |conversation: &Conversation, comment| {
            conversation.may_rate(&rating(comment)).err().map(|(code, _)| code)
        };
        assert_eq!(code(&conversation, None), Some(Code::ConversationOpen));

        conversation.close(&Speaker::Citizen, at(2));
        assert_eq!(code(&conversation, None), None);
        assert_eq!(code(&conversation, Some("è".repeat(1_000))), None);
        assert_eq!(code(&conversation, Some("è".repeat(1_001))), Some(Code::MessageTooLong));
        assert_eq!(code(&conversation, Some(" \n".into())), Some(Code::MessageEmpty));
    }

    #[test]
    fn a_question_is_said_once_and_tells_the_desk_what_it_is_about() {
        let (mut conversation, _) = opened();
        let question = Question { about: Some(BenefitKind::Cigs), ..Question::default() };
        let mut say =
            |question: &Question, speaker: &Speaker| conversation.question(speaker, question.clone(), at(1));

        assert_eq!(refusal(&say(&Question::default(), &Speaker::Citizen)), Some(Code::QuestionInvalid));
        assert_eq!(refusal(&say(&question, &giulia())), Some(Code::QuestionInvalid));
        let step = say(&question, &Speaker::Citizen);
        assert!(
            matches!(&step.notifications[..], [Notification::Desk(_, DeskNotification::Question { .. })]),
            "{step:?}"
        );
        assert_eq!(refusal(&say(&question, &Speaker::Citizen)), Some(Code::QuestionInvalid));
        assert_eq!(conversation.person.about, Some(infocig_protocol::person::Skill::Cigs));
    }

    #[test]
    fn whoever_finds_the_answer_while_they_wait_leaves_with_an_outcome_of_its_own() {
        let (mut conversation, _) = opened();

        let step = conversation.self_served(&Speaker::Citizen, at(2));

        let closed = EntryBody::Closed { by: Party::Citizen, outcome: Some(Outcome::SelfServed) };
        assert_eq!(step.appended[0].body, closed);
        let (mut talked, _) = opened();
        talked.assign(advisor("giulia"), at(1));
        let ended = talked.self_served(&Speaker::Citizen, at(2));
        assert_eq!(ended.appended[0].body, EntryBody::Closed { by: Party::Citizen, outcome: None });
    }

    #[test]
    fn a_conversation_is_restored_as_it_was_stored_unless_no_rule_could_have_led_there() {
        let (mut conversation, _) = opened();
        conversation.assign(advisor("giulia"), at(1));
        conversation.join(advisor("marco"), at(2));
        conversation.forward(&giulia(), &draft(), &[], None, at(3));
        let restored = |change: fn(&mut StoredConversation)| {
            let mut stored = conversation.stored();
            change(&mut stored);
            Conversation::restore(stored, timeouts())
        };

        assert_eq!(restored(|_| {}).as_ref(), Ok(&conversation));
        assert_eq!(restored(|stored| stored.last_seq = 0), Err(Corrupt::WithoutEntries));
        assert_eq!(restored(|stored| stored.closing.ends = at(1)), Err(Corrupt::EndsBeforeClosing));
        let sent_twice = restored(|stored| stored.segnalazioni.extend(stored.segnalazioni.clone()));
        assert_eq!(sent_twice, Err(Corrupt::SegnalazioneTwice));
        let joined_twice = restored(|stored| {
            if let Phase::Active { helpers, advisor, .. } = &mut stored.phase {
                helpers.push(advisor.clone());
            }
        });
        assert_eq!(joined_twice, Err(Corrupt::AdvisorTwice));
    }

    fn draft() -> SegnalazioneDraft {
        SegnalazioneDraft {
            id: id("s1"),
            office: "063".into(),
            topic: ["pagamento", "diretto", "data"].map(String::from),
            description: "Mancano i dati di pagamento.".into(),
            kind: None,
            case: None,
            protocol: None,
            ticket: None,
            attached: Vec::new(),
        }
    }

    fn opened() -> (Conversation, Transition) {
        let id = ConversationId::of(&"0a".repeat(32), 1).unwrap();
        let person = PersonCard {
            name: "Persona Di Prova".to_string(),
            category: Category::Lavoratore,
            province: "058".to_string(),
            province_name: "Roma".to_string(),
            credential: Credential::SpidL2,
            acting_for: None,
            language: Language::It,
            about: None,
            question: None,
        };
        let asker = Asker { card: person, subject: subject() };
        Conversation::open(id, QueueId::parse("info-cig").unwrap(), asker, closing(), timeouts(), at(0))
    }

    fn rate_limiter() -> RateLimiter {
        let number = |n| std::num::NonZeroU32::new(n).unwrap();
        RateLimiter::new(Messages { burst: number(2), per_minute: number(60), per_conversation: number(8) })
    }

    /// The clock of these tests is too coarse for closing time and timeouts at once.
    fn never() -> ClosingTime {
        ClosingTime { warn: None, closes: at(1_000_000), ends: at(1_000_000) }
    }

    fn timeouts() -> InactivityTimeouts {
        InactivityTimeouts { absent_ms: 200, warn_ms: 100, close_ms: 40 }
    }

    fn subject() -> Subject {
        Subject::themself("https://portale.example", "p-1", Category::Lavoratore)
    }

    fn closing() -> ClosingTime {
        ClosingTime { warn: Some(at(900)), closes: at(1_000), ends: at(1_500) }
    }

    fn advisor(name: &str) -> Advisor {
        Advisor { id: AdvisorId::parse(name).unwrap(), name: name.to_string() }
    }

    fn giulia() -> Speaker {
        Speaker::Advisor(advisor("giulia"))
    }

    fn marco() -> Speaker {
        Speaker::Advisor(advisor("marco"))
    }

    fn id(text: &str) -> MessageId {
        MessageId::parse(text).unwrap()
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn seqs(step: &Transition) -> Vec<u64> {
        step.appended.iter().map(|entry| entry.seq).collect()
    }

    fn said_by_citizen(seq: u64, length: usize) -> Entry {
        let (id, author) = (id(&format!("m{seq}")), Author::Citizen);
        Entry { seq, at: at(1), body: EntryBody::Message { id, author, text: "è".repeat(length) } }
    }

    fn refusal(step: &Transition) -> Option<Code> {
        match &step.replies[..] {
            [ServerFrame::Refused { code, .. }] => Some(*code),
            _ => None,
        }
    }
}
