// SPDX-License-Identifier: EUPL-1.2
//! The room of one person in one capacity: their conversations, one after the other.

use std::{cell::RefCell, collections::BTreeMap};

use infocig_domain::{
    conversation::{ClosingTime, Conversation, InactivityTimeouts, Phase, Transition},
    desk::register::Rated,
    notification::ConversationNotification,
    people::{Asker, Speaker},
    plain_page::ConversationView,
    policy::{Conversations, Messages, Policy},
    rate_limiter::RateLimiter,
    transcript::{self, FORM, Format, Heading},
};
use infocig_protocol::{
    case::Case,
    close,
    entry::{Entry, Party},
    frame::{ClientFrame, Page, ServerFrame},
    id::{AdvisorId, ConversationId, MessageId, QueueId},
    language::Language,
    limits::{MAX_ATTACHED, MAX_HISTORY},
    problem::Code,
    rating::Rating,
    segnalazione::SegnalazioneDraft,
    time::Timestamp,
    version,
};
use serde::{Deserialize, Serialize};

use super::{
    Accepted, Act, Broadcast, Closes, HistoryQuery, Inquiry, LookedBack, Outcome, Paint, PassedOn, Rearm,
    Refused, Remembered, Room, Socket, Visit, flooded, hello_expected, hello_repeated, pace_of_frames,
    read_frame, too_old, written,
};
use crate::{
    problem::{Fault, Refusal},
    sql::Sql,
    store::{CITIZEN, ConversationStore, Letter, Post},
    ticket::{Door, Ticket},
};

/// One object's conversations.
pub struct ConversationRoom<S> {
    store: ConversationStore<S>,
    ticket_key: String,
    conversations: Conversations,
    limits: Messages,
    patience: InactivityTimeouts,
    current: RefCell<Option<Conversation>>,
    posted: RefCell<Option<Posted>>,
    /// How fast each author writes, and how fast they send frames of any kind. Forgetting it is being generous once.
    paces: RefCell<BTreeMap<Speaker, Paces>>,
}

/// The messages of one conversation by author and id: what is said again is found here.
struct Posted {
    conversation: ConversationId,
    numbers: BTreeMap<String, BTreeMap<MessageId, u64>>,
}

/// Where somebody who asks to enter comes to stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Admitted {
    /// In the conversation they have open.
    Open(ConversationId),
    /// In a new one.
    Begun(ConversationId),
    /// Before the door: there is nothing to go on with, and nothing may begin.
    Nowhere,
    /// Before the door until then, having begun as many as one may.
    TooOften {
        /// When they may begin another.
        again: Timestamp,
    },
}

struct Paces {
    messages: RateLimiter,
    frames: RateLimiter,
}

impl<S: Sql> ConversationRoom<S> {
    /// The room over an object's store. The object's id is 64 hexadecimal digits.
    pub fn open(sql: S, object: String, ticket_key: String, policy: &Policy) -> Result<Self, Fault> {
        let (limits, patience) = (policy.messages, InactivityTimeouts::of(&policy.desk));
        let store = ConversationStore::open(sql, object, patience)?;
        let (current, posted) = (RefCell::new(None), RefCell::new(None));
        let conversations = policy.conversations;
        Ok(Self {
            store,
            ticket_key,
            conversations,
            limits,
            patience,
            current,
            posted,
            paces: RefCell::default(),
        })
    }

    /// Lets a person in: their open conversation, or a new one, if one may begin, which then has a closing time.
    pub fn admit(
        &self,
        asker: Asker,
        queue: QueueId,
        closing: Option<ClosingTime>,
        now: Timestamp,
    ) -> Result<Admitted, Fault> {
        if let Some(open) = self.newest()?.filter(|conversation| !conversation.is_closed()) {
            return Ok(Admitted::Open(open.id().clone()));
        }
        let Some(closing) = closing else { return Ok(Admitted::Nowhere) };
        if let Some(again) = self.may_begin_again()?.filter(|again| *again > now) {
            return Ok(Admitted::TooOften { again });
        }
        let (conversation, step) =
            Conversation::open(self.store.next_id(now)?, queue, asker, closing, self.patience, now);
        let id = conversation.id().clone();
        self.commit(conversation, None, &step, now)?;
        Ok(Admitted::Begun(id))
    }

    /// When the person may begin another conversation, where they have begun as many as one may in a time.
    fn may_begin_again(&self) -> Result<Option<Timestamp>, Fault> {
        let Conversations { most, within_minutes } = self.conversations;
        let most = usize::from(most.get());
        let recent = self.store.recent(u32::from(self.conversations.most.get()))?;
        let Some(first) = recent.last().filter(|_| recent.len() == most) else { return Ok(None) };
        let begun = self.store.entry(first.id(), 1)?.map(|first| first.at);
        Ok(begun.map(|begun| begun.plus_millis(i64::from(within_minutes.get()) * 60_000)))
    }

    /// The way back after a page was loaded anew: the open conversation, or else the one that was shown there, if it is this
    /// person's. Nothing begins.
    pub fn resume(&self, shown: &ConversationId) -> Result<Option<ConversationId>, Fault> {
        let open = self.newest()?.filter(|conversation| !conversation.is_closed());
        let found = if open.is_some() { open } else { self.store.find(shown)? };
        Ok(found.map(|conversation| conversation.id().clone()))
    }

    fn hello(
        &self,
        id: &ConversationId,
        client_version: u16,
        ticket: &str,
        resume_after: u64,
        now: Timestamp,
    ) -> Result<Outcome, Fault> {
        let refuse = |refusal| Outcome::refuse_and_close::<Self>(refusal, close::REFUSED);
        let Some(version) = version::negotiate(client_version) else {
            return refuse(too_old());
        };
        let ticket = match Ticket::verify(ticket, &self.ticket_key, &Door::Conversation(id.clone()), now) {
            Ok(ticket) => ticket,
            Err(refusal) => return refuse(refusal),
        };
        let (until, speaker) = (ticket.ends(), ticket.speaker);
        let Some(mut conversation) = self.conversation(id)? else {
            return refuse(Refusal::new(Code::TicketInvalid, "the conversation no longer exists"));
        };
        if !conversation.may_read(&speaker) {
            return refuse(Refusal::new(Code::NotAssigned, "this advisor does not hold the conversation"));
        }
        let entries = self.first_page(&conversation, resume_after)?;
        let after = entries.first().map_or(conversation.last_seq(), |entry| entry.seq - 1);
        let mut to_sender = vec![written(&conversation.welcome(&speaker, version, after))?];
        let caught_up = entries.last().is_none_or(|last| last.seq == conversation.last_seq());
        if !entries.is_empty() {
            to_sender.push(written(&ServerFrame::Entries { entries })?);
        }
        let is_citizen = speaker == Speaker::Citizen;
        if let Some(place) = conversation.place_in_queue().filter(|_| is_citizen) {
            to_sender.push(written(&place)?);
        }
        if !is_citizen {
            let conversations = self.store.earlier(id)?;
            if !conversations.is_empty() {
                to_sender.push(written(&ServerFrame::Earlier { conversations })?);
            }
        }
        // A client that has not fetched all pages keeps its link.
        let listens = is_citizen && conversation.awaits_office();
        let over = conversation.is_closed() && caught_up && after == 0 && !listens;
        if is_citizen {
            let step = conversation.citizen_connected(true, now);
            self.commit(conversation, None, &step, now)?;
        }
        Ok(Outcome {
            accepted: Some(Accepted { speaker, until }),
            to_sender,
            close_sender: over.then_some(close::NORMAL),
            ..Outcome::default()
        })
    }

    /// The entries that follow a welcome: the page after the client's cursor; the newest page for a client that has none.
    fn first_page(&self, conversation: &Conversation, resume_after: u64) -> Result<Vec<Entry>, Fault> {
        let (id, last_seq) = (conversation.id(), conversation.last_seq());
        // A cursor beyond the log: the log was recreated since, and the client begins again.
        let has_none = resume_after == 0 || resume_after > last_seq;
        let page = if has_none { Page::Before(last_seq + 1) } else { Page::After(resume_after) };
        self.store.page(id, page)
    }

    /// A page of the log, if there is anything on it. At the end of a closed one the socket has no more to do.
    fn page(&self, id: &ConversationId, page: Page) -> Result<Outcome, Fault> {
        let entries = self.store.page(id, page)?;
        let mut to_sender = Vec::new();
        if !entries.is_empty() {
            to_sender.push(written(&ServerFrame::Entries { entries })?);
        }
        Ok(Outcome { to_sender, alarm: Rearm::Leave, ..Outcome::default() })
    }

    /// A page of a conversation of the same person that is over, for an advisor who may read the one they are in.
    fn page_of_earlier(
        &self,
        id: &ConversationId,
        speaker: &Speaker,
        target: ConversationId,
        before: Option<u64>,
    ) -> Result<Outcome, Fault> {
        let is_for = *speaker != Speaker::Citizen && self.conversation_of(id)?.may_read(speaker);
        if !is_for {
            let detail = "earlier conversations are for the advisor who holds this one";
            return Outcome::refuse::<Self>(Refusal::new(Code::NotAssigned, detail));
        }
        if self.earlier(id, &target)?.is_none() {
            let detail = "no earlier conversation of this person has that id";
            return Outcome::refuse::<Self>(Refusal::new(Code::NotFound, detail));
        }
        let entries = self.store.page(&target, Page::Before(before.unwrap_or(u64::MAX)))?;
        let frame = written(&ServerFrame::EarlierEntries { conversation: target, entries })?;
        Ok(Outcome { to_sender: vec![frame], alarm: Rearm::Leave, ..Outcome::default() })
    }

    /// A conversation of the same person, if it came before.
    fn earlier(&self, than: &ConversationId, id: &ConversationId) -> Result<Option<Conversation>, Fault> {
        if id.ordinal() < than.ordinal() { self.store.find(id) } else { Ok(None) }
    }

    /// Somebody says something. What is new and nothing else, which is nearly everything, is one statement.
    fn say(
        &self,
        id: &ConversationId,
        speaker: &Speaker,
        message: &MessageId,
        text: &str,
        now: Timestamp,
    ) -> Result<Outcome, Fault> {
        let author = author_key(speaker);
        // Taken out, so that nothing is left of them in memory if storing fails.
        let current = self.current.take().filter(|current| current.id() == id);
        let posted = self.posted.take().filter(|posted| posted.conversation == *id);
        let mut conversation = current.map_or_else(|| self.conversation_of(id), Ok)?;
        let mut posted = posted.map_or_else(|| self.posted_in(id), Ok)?;
        let known = posted.number(&author, message).map(|number| self.store.entry(id, number)).transpose()?;
        let due = conversation.next_wake();
        let step = self.post_step(&mut conversation, speaker, message, text, known.flatten(), now);
        let append =
            || step.appended.iter().try_for_each(|entry| self.store.append(id, Some(&author), entry));
        if step.phase_changed {
            self.store.sql().transaction(|| {
                self.store.save(&conversation)?;
                append()
            })?;
        } else {
            append()?;
        }
        for entry in &step.appended {
            posted.note(&author, message, entry.seq);
        }
        let sooner = conversation.next_wake().filter(|wake| due.is_none_or(|due| *wake < due));
        let alarm = sooner.map_or(Rearm::Leave, Rearm::By);
        self.current.replace(Some(conversation));
        self.posted.replace(Some(posted));
        Ok(Outcome { alarm, ..outcome(id, step, None, Closes::Nobody)? })
    }

    /// What was said in a conversation, as the store has it.
    fn posted_in(&self, id: &ConversationId) -> Result<Posted, Fault> {
        let mut posted = Posted { conversation: id.clone(), numbers: BTreeMap::new() };
        for (author, message, number) in self.store.posted(id)? {
            posted.note(&author, &message, number);
        }
        Ok(posted)
    }

    fn post_step(
        &self,
        conversation: &mut Conversation,
        speaker: &Speaker,
        message: &MessageId,
        text: &str,
        known: Option<Entry>,
        now: Timestamp,
    ) -> Transition {
        self.with_paces(speaker, |paces| {
            conversation.post(speaker, message.clone(), text, known, &mut paces.messages, now)
        })
    }

    /// Whether a speaker sends frames of any kind faster than even a program that means well.
    fn is_flooding(&self, speaker: &Speaker, now: Timestamp) -> bool {
        self.with_paces(speaker, |paces| paces.frames.check(now).is_err())
    }

    fn with_paces<T>(&self, speaker: &Speaker, work: impl FnOnce(&mut Paces) -> T) -> T {
        let mut known = self.paces.borrow_mut();
        match known.get_mut(speaker) {
            Some(paces) => work(paces),
            None => work(known.entry(speaker.clone()).or_insert_with(|| Paces::of(self.limits))),
        }
    }

    /// What a side lets the other know without it being stored.
    fn pass_on(&self, id: &ConversationId, speaker: &Speaker, passed_on: PassedOn) -> Result<Outcome, Fault> {
        let conversation = self.conversation_of(id)?;
        let passed_on = match passed_on {
            PassedOn::Read(up_to) if conversation.may_read(speaker) => {
                Some(PassedOn::Read(up_to.min(conversation.last_seq())))
            }
            PassedOn::Typing if conversation.may_write(speaker) => Some(PassedOn::Typing),
            PassedOn::Read(_) | PassedOn::Typing => None,
        };
        Ok(Outcome { passed_on, alarm: Rearm::Leave, ..Outcome::default() })
    }

    fn act(
        &self,
        id: &ConversationId,
        now: Timestamp,
        rule: impl FnOnce(&mut Conversation) -> Transition,
    ) -> Result<Outcome, Fault> {
        let mut conversation = self.conversation_of(id)?;
        let step = rule(&mut conversation);
        self.carry_out(conversation, None, step, now)
    }

    /// Stores a step, and says what must be sent for it.
    fn carry_out(
        &self,
        conversation: Conversation,
        author: Option<&str>,
        step: Transition,
        now: Timestamp,
    ) -> Result<Outcome, Fault> {
        let id = conversation.id().clone();
        let then_close = match (step.phase_changed && conversation.is_closed(), conversation.awaits_office())
        {
            (false, _) => Closes::Nobody,
            (true, true) => Closes::Advisors,
            (true, false) => Closes::Everybody,
        };
        let readers = step.phase_changed.then(|| conversation.readers().cloned().collect());
        self.commit(conversation, author, &step, now)?;
        outcome(&id, step, readers, then_close)
    }

    /// What an author said before under an id, for what is said too seldom to be kept in memory.
    fn known(&self, id: &ConversationId, author: &str, message: &MessageId) -> Result<Option<Entry>, Fault> {
        let number = self.posted_in(id)?.number(author, message);
        Ok(number.map(|number| self.store.entry(id, number)).transpose()?.flatten())
    }

    /// An advisor hands something to an office, with the messages they picked from the log.
    fn forward(
        &self,
        id: &ConversationId,
        speaker: &Speaker,
        draft: &SegnalazioneDraft,
        now: Timestamp,
    ) -> Result<Outcome, Fault> {
        let author = author_key(speaker);
        let known = self.known(id, &author, &draft.id)?;
        let mut attached = Vec::new();
        for number in draft.attached.iter().take(MAX_ATTACHED) {
            attached.extend(self.store.entry(id, *number)?.filter(|entry| entry.message().is_some()));
        }
        let mut conversation = self.conversation_of(id)?;
        let step = conversation.forward(speaker, draft, &attached, known, now);
        self.carry_out(conversation, Some(&author), step, now)
    }

    /// An advisor shows the person a case, as the registry has just said it stands.
    pub fn share(
        &self,
        id: &ConversationId,
        ticket: &str,
        message: MessageId,
        case: Case,
        as_of: Timestamp,
        now: Timestamp,
    ) -> Result<Result<Outcome, Refusal>, Fault> {
        let (mut conversation, speaker) = match self.enter(id, ticket, now)? {
            Ok(entered) => entered,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let author = author_key(&speaker);
        let known = self.known(id, &author, &message)?;
        if conversation.last_seq() >= u64::from(self.limits.per_conversation.get()) {
            return Ok(Err(Refusal::new(Code::ConversationFull, "the conversation takes no more")));
        }
        let step = conversation.share(&speaker, message, case, as_of, known, now);
        if let Some(ServerFrame::Refused { code, detail, .. }) = step.replies.first() {
            return Ok(Err(Refusal::new(*code, detail.clone())));
        }
        self.carry_out(conversation, Some(&author), step, now).map(Ok)
    }

    /// The person's conversations, newest first.
    pub fn history(&self) -> Result<Vec<Remembered>, Fault> {
        let remembered = |conversation: Conversation| {
            let opened = self.store.entry(conversation.id(), 1)?.map(|first| first.at);
            let (closed, outcome) = match conversation.phase() {
                Phase::Closed { at, outcome, .. } => (Some(*at), *outcome),
                Phase::Waiting { .. } | Phase::Active { .. } => (None, None),
            };
            Ok(Remembered {
                begins: self.store.begins(conversation.id())?,
                opened: opened.ok_or_else(|| Fault::Corrupt("a conversation without entries".into()))?,
                conversation: conversation.id().clone(),
                closed,
                outcome,
                segnalazioni: conversation.segnalazioni().to_vec(),
            })
        };
        self.store.recent(MAX_HISTORY)?.into_iter().map(remembered).collect()
    }

    /// A conversation on paper, for whoever may read it.
    pub fn transcript(
        &self,
        id: &ConversationId,
        ticket: &str,
        format: Format,
        language: Option<Language>,
        service: String,
        now: Timestamp,
    ) -> Result<Result<String, Refusal>, Fault> {
        let conversation = match self.enter(id, ticket, now)? {
            Ok((conversation, _)) => conversation,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let person = conversation.person().clone();
        let heading = Heading {
            transcript: FORM,
            format,
            conversation: id.clone(),
            service,
            language: language.unwrap_or(person.language),
            person: person.name,
            acting_for: person.acting_for.map(|other| other.name),
        };
        let (mut entries, mut bytes) = (Vec::new(), 0);
        loop {
            let page = self.store.stored(id, to_u64(entries.len()))?;
            if page.is_empty() {
                break;
            }
            bytes += page.iter().map(|entry| entry.body.len()).sum::<usize>();
            if bytes > MAX_TRANSCRIPT_BYTES {
                let detail = "so much was said that it fits in no transcript";
                return Ok(Err(Refusal::new(Code::TranscriptTooLong, detail)));
            }
            entries.extend(page);
        }
        let written = transcript::write(&heading, &entries);
        written.map(Ok).map_err(|error| Fault::Corrupt(format!("transcript not written: {error}")))
    }

    /// A page without a link: does what its person asks, as if a frame of theirs had come, and says what they see. `before`
    /// asks for the entries before one.
    pub fn visit(
        &self,
        id: &ConversationId,
        ticket: &str,
        act: Option<Act>,
        before: Option<u64>,
        now: Timestamp,
    ) -> Result<Result<Visit, Refusal>, Fault> {
        if let Err(refusal) = self.enter_as_citizen(id, ticket, now)? {
            return Ok(Err(refusal));
        }
        let speaker = Speaker::Citizen;
        let outcome = match act {
            Some(Act::Say { id: message, text }) => self.say(id, &speaker, &message, &text, now)?,
            Some(Act::Stay) => self.act(id, now, |conversation| conversation.stay(&speaker, now))?,
            Some(Act::Close) => self.act(id, now, |conversation| conversation.close(&speaker, now))?,
            None => Outcome::default(),
        };
        let refused = outcome.to_sender.iter().find_map(|text| match ServerFrame::read(text) {
            Some(ServerFrame::Refused { code, retry_after_ms, .. }) => Some(Refused { code, retry_after_ms }),
            Some(_) | None => None,
        });
        let shown = self.shown(&self.conversation_of(id)?, before, now)?;
        Ok(Ok(Visit { outcome, refused, shown }))
    }

    /// A page without a link of what its person came with before, and whether they are in a conversation that goes on.
    pub fn look_back(
        &self,
        id: &ConversationId,
        ticket: &str,
        what: HistoryQuery,
        now: Timestamp,
    ) -> Result<Result<(bool, LookedBack), Refusal>, Fault> {
        let here = match self.enter_as_citizen(id, ticket, now)? {
            Ok(conversation) => conversation,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let numbered = |number| ConversationId::of(id.object(), number).ok();
        let seen = match what {
            HistoryQuery::List { before } => {
                let than = numbered(before.unwrap_or(u32::MAX).min(id.ordinal()));
                let conversations = than.map(|than| self.store.earlier(&than)).transpose()?;
                let (conversations, language) = (conversations.unwrap_or_default(), here.person().language);
                LookedBack::List { conversations, language }
            }
            HistoryQuery::Read { number, before } => {
                let earlier = numbered(number).map(|target| self.earlier(id, &target)).transpose()?;
                let Some(earlier) = earlier.flatten() else {
                    let detail = "no earlier conversation of this person has that number";
                    return Ok(Err(Refusal::new(Code::NotFound, detail)));
                };
                LookedBack::Read(Box::new(self.shown(&earlier, before, now)?))
            }
        };
        Ok(Ok((!here.is_closed(), seen)))
    }

    /// What a page without a link shows of a conversation: its newest entries, or those before one.
    fn shown(
        &self,
        conversation: &Conversation,
        before: Option<u64>,
        now: Timestamp,
    ) -> Result<ConversationView, Fault> {
        let id = conversation.id();
        let before = before.unwrap_or(u64::MAX).min(conversation.last_seq() + 1);
        let entries = self.store.page(id, Page::Before(before))?;
        let rating = if conversation.is_closed() { self.store.rating(id)? } else { None };
        Ok(ConversationView::of(conversation, self.store.has_earlier(id)?, rating, entries, now))
    }

    /// The person says whether they had the answer they were looking for. What they said already is not told again.
    pub fn rate(
        &self,
        id: &ConversationId,
        ticket: &str,
        rating: &Rating,
        now: Timestamp,
    ) -> Result<Result<Outcome, Refusal>, Fault> {
        let conversation = match self.enter_as_citizen(id, ticket, now)? {
            Ok(conversation) => conversation,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if let Err((code, detail)) = conversation.may_rate(rating) {
            return Ok(Err(Refusal::new(code, detail)));
        }
        let known = self.store.rating(id)?;
        if known.as_ref() != Some(rating) {
            let is_told = known.is_some_and(|known| known.answer == rating.answer);
            self.store.sql().transaction(|| {
                self.store.rate(id, rating, now)?;
                if is_told {
                    return Ok(());
                }
                self.post().rate(&Rated { conversation: id.clone(), rating: rating.answer }, now)
            })?;
        }
        Ok(Ok(Outcome::default()))
    }

    /// What a registry is asked by whoever holds a ticket of a conversation.
    pub fn inquiry(
        &self,
        id: &ConversationId,
        ticket: &str,
        now: Timestamp,
    ) -> Result<Result<Inquiry, Refusal>, Fault> {
        Ok(self.enter(id, ticket, now)?.map(|(conversation, speaker)| Inquiry {
            subject: conversation.subject().clone(),
            credential: conversation.person().credential,
            advisor: match speaker {
                Speaker::Citizen => None,
                Speaker::Advisor(advisor) => Some(advisor.id),
            },
        }))
    }

    /// The conversation somebody may read with a ticket.
    fn enter(
        &self,
        id: &ConversationId,
        ticket: &str,
        now: Timestamp,
    ) -> Result<Result<(Conversation, Speaker), Refusal>, Fault> {
        let speaker = match Ticket::verify(ticket, &self.ticket_key, &Door::Conversation(id.clone()), now) {
            Ok(ticket) => ticket.speaker,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let Some(conversation) = self.conversation(id)? else {
            return Ok(Err(Refusal::new(Code::TicketInvalid, "the conversation no longer exists")));
        };
        // An advisor reads what is over while they wrap it up, on its link; beside the log they ask for nothing more.
        let is_over = conversation.is_closed() && speaker != Speaker::Citizen;
        if is_over || !conversation.may_read(&speaker) {
            let detail = "this advisor does not hold the conversation";
            return Ok(Err(Refusal::new(Code::NotAssigned, detail)));
        }
        if self.is_flooding(&speaker, now) {
            return Ok(Err(Refusal::new(Code::TooFast, "far too many requests in a short time")));
        }
        Ok(Ok((conversation, speaker)))
    }

    /// The same for what only its person may do.
    fn enter_as_citizen(
        &self,
        id: &ConversationId,
        ticket: &str,
        now: Timestamp,
    ) -> Result<Result<Conversation, Refusal>, Fault> {
        Ok(match self.enter(id, ticket, now)? {
            Ok((conversation, Speaker::Citizen)) => Ok(conversation),
            Ok((_, Speaker::Advisor(_))) => {
                Err(Refusal::new(Code::TicketInvalid, "only the person who asks may do this"))
            }
            Err(refusal) => Err(refusal),
        })
    }

    /// A person who cannot be answered now writes to an office. The same id again finds what it made.
    pub fn request(
        &self,
        asker: Asker,
        queue: QueueId,
        message: &MessageId,
        text: &str,
        now: Timestamp,
    ) -> Result<Result<(ConversationId, Outcome), Refusal>, Fault> {
        if let Err((code, detail)) = Conversation::may_request(text) {
            return Ok(Err(Refusal::new(code, detail)));
        }
        let recent = self.store.recent(MAX_HISTORY)?;
        let is_it = |past: &&Conversation| past.segnalazioni().iter().any(|one| one.id == *message);
        if let Some(made) = recent.iter().find(is_it) {
            let first = self.store.entry(made.id(), 1)?;
            let same = first.as_ref().and_then(Entry::message).is_some_and(|(.., said)| said == text);
            return Ok(if same {
                Ok((made.id().clone(), Outcome::default()))
            } else {
                Err(Refusal::new(Code::RequestInvalid, "another text was sent under that id"))
            });
        }
        if recent.iter().any(|past| !past.is_closed()) {
            return Ok(Err(Refusal::new(Code::ConversationOpen, "a conversation is open: write there")));
        }
        let pends = |past: &&Conversation| match past.phase() {
            Phase::Closed { at, by: Party::Citizen, last_advisor: None, .. } => {
                past.awaits_office() && at.plus_millis(REQUEST_PENDS_MS) > now
            }
            Phase::Waiting { .. } | Phase::Active { .. } | Phase::Closed { .. } => false,
        };
        if recent.iter().filter(pends).count() >= MOST_REQUESTS_PENDING {
            let detail = "an office has yet to answer what was written before";
            return Ok(Err(Refusal::new(Code::RequestsPending, detail)));
        }
        let id = self.store.next_id(now)?;
        let (conversation, step) =
            Conversation::request(id.clone(), queue, asker, message.clone(), text, self.patience, now);
        let outcome = self.carry_out(conversation, Some(CITIZEN), step, now)?;
        Ok(Ok((id, outcome)))
    }

    /// The person's first link is there, or their last one is gone.
    pub fn attend(&self, id: &ConversationId, connected: bool, now: Timestamp) -> Result<Outcome, Fault> {
        self.act(id, now, |conversation| conversation.citizen_connected(connected, now))
    }

    fn conversation_of(&self, id: &ConversationId) -> Result<Conversation, Fault> {
        self.conversation(id)?
            .ok_or_else(|| Fault::Corrupt("a conversation this object does not have".into()))
    }

    /// The newest conversation: the only one that can be open.
    fn newest(&self) -> Result<Option<Conversation>, Fault> {
        if let Some(current) = self.current.borrow().as_ref().filter(|current| !current.is_closed()) {
            return Ok(Some(current.clone()));
        }
        self.store.newest()
    }

    fn conversation(&self, id: &ConversationId) -> Result<Option<Conversation>, Fault> {
        if let Some(current) = self.current.borrow().as_ref().filter(|current| current.id() == id) {
            return Ok(Some(current.clone()));
        }
        self.store.find(id)
    }

    fn commit(
        &self,
        conversation: Conversation,
        author: Option<&str>,
        step: &Transition,
        now: Timestamp,
    ) -> Result<(), Fault> {
        self.current.replace(None);
        if author.is_some() {
            self.posted.replace(None);
        }
        if !step.is_empty() {
            self.store.sql().transaction(|| {
                if step.phase_changed {
                    self.store.save(&conversation)?;
                }
                for entry in &step.appended {
                    self.store.append(conversation.id(), author, entry)?;
                }
                self.post().send(&step.notifications, now)
            })?;
        }
        self.current.replace(Some(conversation));
        Ok(())
    }
}

impl<S: Sql> Room for ConversationRoom<S> {
    type Sql = S;

    fn post(&self) -> Post<'_, S> {
        Post::new(self.store.sql())
    }

    fn receive(&self, socket: &Socket, text: &str, now: Timestamp) -> Result<Outcome, Fault> {
        let Some(id) = &socket.conversation else {
            return Err(Fault::Platform("a socket without a conversation".into()));
        };
        if socket.speaker.as_ref().is_some_and(|speaker| self.is_flooding(speaker, now)) {
            return flooded::<Self>();
        }
        let frame = match read_frame::<Self, ClientFrame>(socket, text, ClientFrame::NAMES)? {
            Ok(frame) => frame,
            Err(outcome) => return Ok(outcome),
        };
        match (&socket.speaker, frame) {
            (None, ClientFrame::Hello { version, ticket, resume_after }) => {
                self.hello(id, version, &ticket, resume_after, now)
            }
            (None, _) => Outcome::refuse_and_close::<Self>(hello_expected(), close::REFUSED),
            (Some(_), ClientFrame::Hello { .. }) => Outcome::refuse::<Self>(hello_repeated()),
            (Some(speaker), ClientFrame::Post { id: message, text }) => {
                self.say(id, speaker, &message, &text, now)
            }
            (Some(_), ClientFrame::Page(page)) => self.page(id, page),
            (Some(speaker), ClientFrame::Read { up_to }) => {
                self.pass_on(id, speaker, PassedOn::Read(up_to.max(socket.read_up_to)))
            }
            (Some(speaker), ClientFrame::Typing {}) => self.pass_on(id, speaker, PassedOn::Typing),
            (Some(speaker), ClientFrame::Stay {}) => {
                self.act(id, now, |conversation| conversation.stay(speaker, now))
            }
            (Some(speaker), ClientFrame::Earlier { conversation, before }) => {
                self.page_of_earlier(id, speaker, conversation, before)
            }
            (Some(speaker), ClientFrame::Question(question)) => {
                self.act(id, now, |conversation| conversation.question(speaker, question, now))
            }
            (Some(speaker), ClientFrame::Forward(draft)) => self.forward(id, speaker, &draft, now),
            (Some(speaker), ClientFrame::SelfServed {}) => {
                self.act(id, now, |conversation| conversation.self_served(speaker, now))
            }
            (Some(speaker), ClientFrame::Close {}) => {
                self.act(id, now, |conversation| conversation.close(speaker, now))
            }
        }
    }

    fn hear(&self, source: &str, id: i64, notification: &str, now: Timestamp) -> Result<Outcome, Fault> {
        let ConversationNotification { conversation, command } = Letter::read(notification)?;
        let heard = self.store.sql().transaction(|| {
            if !self.post().hear(source, id)? {
                return Ok(Outcome::default());
            }
            self.act(&conversation, now, |conversation| conversation.apply(command, now))
        });
        heard.inspect_err(|_| {
            self.current.replace(None);
        })
    }

    fn wake(&self, now: Timestamp) -> Result<Option<Outcome>, Fault> {
        let newest = self.newest()?.filter(|newest| newest.next_wake().is_some_and(|due| due <= now));
        newest.map(|newest| self.act(newest.id(), now, |conversation| conversation.wake(now))).transpose()
    }

    fn next_wake(&self) -> Result<Option<Timestamp>, Fault> {
        Ok(self.newest()?.and_then(|conversation| conversation.next_wake()))
    }

    fn delivered(&self, letter: &Letter, _now: Timestamp) -> Result<Outcome, Fault> {
        self.post().delivered(letter)?;
        Ok(Outcome::default())
    }

    fn census(&self, links: &[Socket], now: Timestamp) -> Result<Outcome, Fault> {
        let Some(newest) = self.newest()?.filter(|newest| !newest.is_closed()) else {
            return Ok(Outcome::default());
        };
        let is_theirs = |link: &Socket| {
            link.conversation.as_ref() == Some(newest.id()) && link.party() == Some(Party::Citizen)
        };
        let connected = links.iter().any(is_theirs);
        self.attend(newest.id(), connected, now)
    }

    fn parted(&self, link: &Socket, now: Timestamp) -> Result<Outcome, Fault> {
        match (&link.conversation, link.party()) {
            (Some(conversation), Some(Party::Citizen)) => self.attend(conversation, false, now),
            (_, Some(Party::Citizen | Party::Advisor | Party::System) | None) => Ok(Outcome::default()),
        }
    }

    fn paint(&self, _speaker: &Speaker, _anew: bool, _now: Timestamp) -> Result<Paint, Fault> {
        Ok(Paint::default())
    }

    fn refusal(refusal: Refusal) -> Result<String, Fault> {
        written(&ServerFrame::Refused {
            code: refusal.code,
            detail: refusal.detail,
            message: None,
            retry_after_ms: None,
        })
    }
}

impl Posted {
    fn number(&self, author: &str, message: &MessageId) -> Option<u64> {
        self.numbers.get(author)?.get(message).copied()
    }

    fn note(&mut self, author: &str, message: &MessageId, number: u64) {
        if let Some(numbers) = self.numbers.get_mut(author) {
            numbers.insert(message.clone(), number);
        } else {
            self.numbers.insert(author.to_string(), [(message.clone(), number)].into());
        }
    }
}

impl Paces {
    fn of(limits: Messages) -> Self {
        Self { messages: RateLimiter::new(limits), frames: pace_of_frames(limits) }
    }
}

/// What an author is called in the store.
fn author_key(speaker: &Speaker) -> String {
    match speaker {
        Speaker::Citizen => CITIZEN.to_string(),
        Speaker::Advisor(advisor) => format!("advisor:{}", advisor.id),
    }
}

/// What becomes of a step that is stored.
fn outcome(
    id: &ConversationId,
    step: Transition,
    readers: Option<Vec<AdvisorId>>,
    then_close: Closes,
) -> Result<Outcome, Fault> {
    let to_sender = step.replies.iter().map(written).collect::<Result<_, _>>()?;
    let to_citizen = step.to_citizen.iter().map(|frame| Ok((id.clone(), written(frame)?)));
    let to_citizen = to_citizen.collect::<Result<_, Fault>>()?;
    let to_conversation = if step.appended.is_empty() {
        None
    } else {
        let frames = vec![written(&ServerFrame::Entries { entries: step.appended })?];
        Some(Broadcast { conversation: id.clone(), frames, then_close, readers })
    };
    Ok(Outcome { to_sender, to_conversation, to_citizen, ..Outcome::default() })
}

fn to_u64(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// So many written requests of a person may wait for an office, of those of the last days.
const MOST_REQUESTS_PENDING: usize = 3;
/// For so long a written request counts among them.
const REQUEST_PENDS_MS: i64 = 7 * 24 * 60 * 60_000;

/// Most bytes of a log that are put on paper: some copies of it must fit in an isolate's memory.
const MAX_TRANSCRIPT_BYTES: usize = 4 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use std::num::{NonZeroU16, NonZeroU32};

    use infocig_domain::{
        notification::{ConversationCommand, Release},
        people::{Advisor, Subject},
        plain_page,
    };
    use infocig_protocol::{
        case::{BenefitKind, CaseStatus, Payment},
        entry::{EntryBody, Outcome as Ending},
        frame::{EarlierConversation, Estimate, QueuePlace},
        id::CaseId,
        language::Language,
        person::{Category, Credential, PersonCard},
        rating::Answer,
        segnalazione::{SegnalazioneStanding, SegnalazioneState},
    };

    use super::*;
    use crate::{sql::testing::MemorySql, store::Destination};

    const KEY: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn whoever_comes_again_finds_their_open_conversation() {
        let sql = MemorySql::new();
        let room = room(&sql);

        let first = admit(&room, 1);
        assert_eq!(
            room.admit(asker(), queue(), Some(closing()), at(2)).unwrap(),
            Admitted::Open(first.clone())
        );
        assert_eq!(room.admit(asker(), queue(), None, at(3)).unwrap(), Admitted::Open(first));
    }

    #[test]
    fn a_page_loaded_anew_finds_what_it_showed_and_begins_nothing() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let stranger = ConversationId::of(&"0e".repeat(32), 1).unwrap();
        assert_eq!(room.resume(&stranger).unwrap(), None);

        let first = admit(&room, 1);
        assert_eq!(room.resume(&first).unwrap(), Some(first.clone()));
        send(&room, &first, &ClientFrame::Close {}, 2);
        assert_eq!(room.resume(&first).unwrap(), Some(first.clone()));
        let second = admit(&room, 3);
        assert_eq!(room.resume(&first).unwrap(), Some(second));
        assert_eq!(
            room.resume(&ConversationId::of(&"0f".repeat(32), 9).unwrap()).unwrap().map(|id| id.ordinal()),
            Some(2)
        );
    }

    #[test]
    fn nobody_begins_when_none_may() {
        let sql = MemorySql::new();
        assert_eq!(room(&sql).admit(asker(), queue(), None, at(1)).unwrap(), Admitted::Nowhere);
    }

    /// Kind: one person who takes everybody's time.
    #[test]
    fn one_person_begins_so_many_conversations_in_a_time_and_no_more() {
        let sql = MemorySql::new();
        let room = |sql| {
            let policy = Policy::parse(include_str!("../../policy.json")).unwrap();
            ConversationRoom::open(sql, "0f".repeat(32), KEY.into(), &policy).unwrap()
        };
        let begin_and_leave = |now| {
            let room = room(&sql);
            let id = admit(&room, now);
            send(&room, &id, &ClientFrame::Close {}, now + 1);
        };
        (0..6).for_each(|number| begin_and_leave(number * 10));

        let again = at(30 * 60_000);
        let asks = |now| room(&sql).admit(asker(), queue(), Some(closing()), at(now)).unwrap();
        assert_eq!(asks(100), Admitted::TooOften { again });
        assert_eq!(asks(30 * 60_000 - 1), Admitted::TooOften { again });
        begin_and_leave(30 * 60_000);
        assert_eq!(asks(30 * 60_000 + 5), Admitted::TooOften { again: at(30 * 60_000 + 10) });
        let open = admit(&room(&sql), 30 * 60_000 + 10);
        assert_eq!(asks(30 * 60_000 + 11), Admitted::Open(open), "an open one is always found again");
    }

    #[test]
    fn an_object_that_lost_its_storage_or_is_an_older_copy_gives_no_number_twice() {
        const THIS_AFTERNOON: i64 = 1_795_442_400_000;
        let half_an_hour = 30 * 60_000;
        let begun = |sql: &MemorySql, now| {
            let room = room(sql);
            let id = admit(&room, now);
            room.receive(&citizen(&id), r#"{"close":{}}"#, at(now + 1)).unwrap();
            id.ordinal()
        };
        let (lost, fresh) = (MemorySql::new(), MemorySql::new());

        let given = [begun(&lost, THIS_AFTERNOON), begun(&lost, THIS_AFTERNOON + 2)];
        let again = begun(&fresh, THIS_AFTERNOON + half_an_hour);

        assert_eq!(given[1], given[0] + 1);
        assert!(again > given[1], "{again} after {given:?}");
        // The copy ends before what was given since.
        let copy = begun(&fresh, THIS_AFTERNOON + 2 * half_an_hour);
        assert!(copy > again + 1, "{copy} after {again}");
    }

    #[test]
    fn after_the_end_a_new_conversation_begins_beside_the_old_one() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let first = admit(&room, 1);
        room.receive(&citizen(&first), r#"{"close":{}}"#, at(2)).unwrap();

        let second = admit(&room, 3);

        assert_eq!((first.ordinal(), second.ordinal()), (1, 2));
        assert_eq!(resumed(&room, &first, 0).len(), 2);
        assert_eq!(resumed(&room, &second, 0), [1]);
    }

    #[test]
    fn a_cursor_brings_exactly_what_is_missing() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let id = admit(&room, 0);
        for n in 1..=450 {
            post(&room, &id, &format!("m{n}"), n);
        }

        assert_eq!(resumed(&room, &id, 0), (1..=451).collect::<Vec<_>>());
        assert_eq!(welcomed(&room, &id, 449), [450, 451]);
        assert_eq!(welcomed(&room, &id, 451), [0_u64; 0]);
        assert_eq!(welcomed(&room, &id, 999), (252..=451).collect::<Vec<_>>());
    }

    #[test]
    fn whoever_knows_pages_is_sent_one_and_asks_for_more() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let id = admit(&room, 0);
        for n in 1..=450 {
            post(&room, &id, &format!("m{n}"), n);
        }
        let page = |page| told(&send(&room, &id, &ClientFrame::Page(page), 500));

        assert_eq!(welcomed(&room, &id, 0), (252..=451).collect::<Vec<_>>());
        assert_eq!(page(Page::Before(252)), (52..=251).collect::<Vec<_>>());
        assert_eq!(page(Page::Before(52)), (1..=51).collect::<Vec<_>>());
        assert_eq!(welcomed(&room, &id, 100), (101..=300).collect::<Vec<_>>());
        assert_eq!(page(Page::After(300)), (301..=451).collect::<Vec<_>>());
        assert_eq!(page(Page::After(u64::MAX)), [0_u64; 0]);
        assert_eq!(page(Page::Before(1)), [0_u64; 0]);
    }

    #[test]
    fn a_page_of_long_messages_has_fewer_of_them() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let id = admit(&room, 0);
        for n in 1..=100 {
            let text = "x".repeat(4_000);
            let id_of_message = MessageId::parse(format!("m{n}")).unwrap();
            send(&room, &id, &ClientFrame::Post { id: id_of_message, text }, n);
        }
        let newest = welcomed(&room, &id, 0);
        assert_eq!(newest.last(), Some(&101));
        assert!((30..40).contains(&newest.len()), "{}", newest.len());
    }

    #[test]
    fn a_frame_has_a_largest_size() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let id = admit(&room, 0);
        let outcome = |size: usize| {
            let post = r#"{"post":{"id":"m1","text":"ciao"}}"#;
            let frame = [post, &" ".repeat(size - post.len())].concat();
            room.receive(&citizen(&id), &frame, at(1)).unwrap()
        };

        assert_eq!(outcome(65_536).close_sender, None);
        assert_eq!(outcome(65_537).close_sender, Some(close::TOO_LARGE));
        assert_eq!(resumed(&room, &id, 0), [1, 2]);
    }

    #[test]
    fn a_history_has_the_newest_twenty() {
        let sql = MemorySql::new();
        let room = room(&sql);
        for n in 0..21 {
            let id = admit(&room, 2 * n);
            send(&room, &id, &ClientFrame::Close {}, 2 * n + 1);
        }

        let ordinals: Vec<u32> =
            room.history().unwrap().iter().map(|past| past.conversation.ordinal()).collect();
        assert_eq!(ordinals, (2..=21).rev().collect::<Vec<_>>());
    }

    #[test]
    fn a_flood_of_frames_ends_the_link_and_messages_that_come_too_fast_do_not() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let id = admit(&room, 0);
        for n in 0..500 {
            post(&room, &id, &format!("m{n}"), 1);
        }
        let slowed = post(&room, &id, "one-more", 1);
        assert!(matches!(
            frame(&slowed.to_sender[0]),
            ServerFrame::Refused { code: Code::TooFast, retry_after_ms: Some(_), .. }
        ));
        assert_eq!(slowed.close_sender, None);

        let flood = (0..6_000).map(|_| send(&room, &id, &ClientFrame::Typing {}, 1));
        assert!(flood.into_iter().any(|outcome| outcome.close_sender == Some(close::TOO_FAST)));
    }

    #[test]
    fn what_is_passed_on_is_not_stored() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let id = admit(&room, 0);

        let read = send(&room, &id, &ClientFrame::Read { up_to: 99 }, 1);
        assert_eq!(read.passed_on, Some(PassedOn::Read(1)));
        assert_eq!(send(&room, &id, &ClientFrame::Typing {}, 1).passed_on, Some(PassedOn::Typing));

        send(&room, &id, &ClientFrame::Close {}, 2);
        assert_eq!(send(&room, &id, &ClientFrame::Typing {}, 3).passed_on, None);
        assert_eq!(resumed(&room, &id, 0), [1, 2]);
    }

    #[test]
    fn a_message_repeated_is_answered_and_not_stored_again() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let id = admit(&room, 0);

        let first = post(&room, &id, "m1", 1);
        let again = post(&room, &id, "m1", 2);

        assert_eq!(again.to_conversation, None);
        assert_eq!(again.to_sender, first.to_conversation.unwrap().frames);
        assert_eq!(resumed(&room, &id, 0), [1, 2]);
    }

    #[test]
    fn memory_can_be_wiped_between_any_two_events() {
        let sql = MemorySql::new();
        let id = admit(&room(&sql), 0);
        for n in 1..=5 {
            post(&room(&sql), &id, &format!("m{n}"), n);
        }
        assert_eq!(resumed(&room(&sql), &id, 0), [1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn a_store_that_fails_at_any_statement_leaves_nothing_half_done() {
        for statements in 0..12 {
            let sql = MemorySql::new();
            let room = room(&sql);
            let id = admit(&room, 0);

            sql.fail_after.set(statements);
            let text = r#"{"post":{"id":"m1","text":"ciao"}}"#;
            let failed = room.receive(&citizen(&id), text, at(1)).is_err();
            sql.fail_after.set(-1);

            let stored = resumed(&room, &id, 0);
            assert_eq!(stored, if failed { vec![1] } else { vec![1, 2] });
            post(&room, &id, "m1", 2);
            assert_eq!(resumed(&room, &id, 0), [1, 2]);
        }
    }

    #[test]
    fn the_desk_is_told_in_the_order_things_happened() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let id = admit(&room, 5);
        room.receive(&citizen(&id), r#"{"close":{}}"#, at(6)).unwrap();

        let first = room.post().due(at(9)).unwrap().remove(0);
        assert_eq!(first.destination, Destination::Desk(queue()));
        assert!(first.notification.contains("waiting"));
        room.post().postpone(&first, at(9)).unwrap();
        assert_eq!(room.post().due(at(9)).unwrap(), []);
        assert_eq!(room.post().next_due().unwrap(), Some(at(9 + 250)));

        room.delivered(&first, at(300)).unwrap();
        assert!(room.post().due(at(300)).unwrap()[0].notification.contains("closed"));
    }

    #[test]
    fn an_assignment_heard_twice_is_one_assignment() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let id = admit(&room, 0);
        let notification =
            word(&id, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() });

        assert!(room.hear("desk", 7, &notification, at(1)).unwrap().to_conversation.is_some());
        assert_eq!(room.hear("desk", 7, &notification, at(2)).unwrap(), Outcome::default());
        assert_eq!(resumed(&room, &id, 0), [1, 2]);
    }

    #[test]
    fn what_the_desk_says_shows_the_door_to_whoever_may_no_longer_read() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let id = admit(&room, 0);
        let hear = |number, said| room.hear("desk", number, &word(&id, said), at(number)).unwrap();

        let assigned = hear(1, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() });
        assert_eq!(assigned.to_conversation.unwrap().readers, Some(vec![giulia().id]));
        let released = hear(2, ConversationCommand::Released { why: Release::Lost });
        assert_eq!(released.to_conversation.unwrap().readers, Some(Vec::new()));
        let said = send(&room, &id, &ClientFrame::Typing {}, 3);
        assert_eq!(said.passed_on, Some(PassedOn::Typing));
    }

    #[test]
    fn a_place_in_the_queue_is_told_to_the_person_at_once_and_after_every_welcome() {
        let sql = MemorySql::new();
        let id = admit(&room(&sql), 0);
        let place = QueuePlace { position: 2, estimate: Estimate::Unknown {} };

        let told = room(&sql).hear("desk", 1, &word(&id, ConversationCommand::Place(place)), at(1)).unwrap();

        let expected = serde_json::to_string(&ServerFrame::Queue(place)).unwrap();
        assert_eq!(told.to_citizen, [(id.clone(), expected.clone())]);
        assert_eq!(told.to_conversation, None);
        assert_eq!(hello(&room(&sql), &id, 0).to_sender.last(), Some(&expected));
    }

    #[test]
    fn whoever_waits_and_is_connected_nowhere_is_let_go_whatever_memory_is_lost() {
        let sql = MemorySql::new();
        let id = admit(&room(&sql), 0);
        hello(&room(&sql), &id, 0);
        assert_eq!(room(&sql).next_wake().unwrap(), Some(at(900_000)));

        let one_left = [citizen(&id)];
        room(&sql).census(&one_left, at(1_000)).unwrap();
        assert_eq!(room(&sql).next_wake().unwrap(), Some(at(900_000)));
        room(&sql).census(&[advisor(&id)], at(2_000)).unwrap();
        assert_eq!(room(&sql).next_wake().unwrap(), Some(at(602_000)));
        hello(&room(&sql), &id, 0);
        room(&sql).parted(&citizen(&id), at(3_000)).unwrap();

        let outcome = room(&sql).wake(at(603_000)).unwrap().unwrap();
        let ServerFrame::Entries { entries } = frame(&outcome.to_conversation.unwrap().frames[0]) else {
            panic!("no entries")
        };
        let closed = EntryBody::Closed { by: Party::System, outcome: Some(Ending::Abandoned) };
        assert_eq!(entries[0].body, closed);
    }

    #[test]
    fn an_advisor_is_told_what_a_person_came_with_before_and_reads_it_page_by_page() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let first = admit(&room, 10);
        room.hear(
            "desk",
            1,
            &word(&first, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() }),
            at(11),
        )
        .unwrap();
        for n in 0..400 {
            post(&room, &first, &format!("m{n}"), 12);
        }
        room.hear(
            "desk",
            2,
            &word(&first, ConversationCommand::Close { outcome: Ending::LineaInps }),
            at(20),
        )
        .unwrap();
        let second = admit(&room, 30);
        room.hear(
            "desk",
            3,
            &word(&second, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() }),
            at(31),
        )
        .unwrap();
        room.hear("desk", 4, &word(&second, ConversationCommand::Released { why: Release::Lost }), at(32))
            .unwrap();
        send(&room, &second, &ClientFrame::Close {}, 40);
        let third = admit(&room, 50);
        room.hear(
            "desk",
            5,
            &word(&third, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() }),
            at(51),
        )
        .unwrap();

        assert_eq!(earlier(&hello(&room, &third, 0)), None, "the person is not told");
        let told = earlier(&hello_of(&room, &third, giulia_speaks())).unwrap();
        let of_first = EarlierConversation {
            conversation: first.clone(),
            opened: at(10),
            closed: at(20),
            by: Party::Advisor,
            outcome: Some(Ending::LineaInps),
            advisor: Some("Giulia".into()),
            preview: Some("ciao".into()),
            entries: 403,
            segnalazioni: Vec::new(),
        };
        let of_second = EarlierConversation {
            conversation: second,
            opened: at(30),
            closed: at(40),
            by: Party::Citizen,
            outcome: None,
            advisor: Some("Giulia".into()),
            preview: None,
            entries: 4,
            segnalazioni: Vec::new(),
        };
        assert_eq!(told, [of_second, of_first]);

        let page = |before| page_of(&room, &advisor(&third), &first, before).unwrap();
        assert_eq!(page(None), (204..=403).collect::<Vec<_>>());
        assert_eq!(page(Some(204)), (4..=203).collect::<Vec<_>>());
        assert_eq!(page(Some(4)), [1, 2, 3]);
        assert_eq!(page(Some(1)), [0_u64; 0]);
    }

    #[test]
    fn only_an_advisor_in_whose_hands_it_is_reads_what_was_before_and_nothing_else() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let first = admit(&room, 0);
        send(&room, &first, &ClientFrame::Close {}, 1);
        let second = admit(&room, 2);
        let asks = |link: &Socket, target: &ConversationId| page_of(&room, link, target, None);
        assert_eq!(asks(&citizen(&second), &first), Err(Code::NotAssigned));
        assert_eq!(asks(&advisor(&second), &first), Err(Code::NotAssigned), "not in their hands");

        room.hear(
            "desk",
            1,
            &word(&second, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() }),
            at(3),
        )
        .unwrap();
        assert_eq!(asks(&advisor(&second), &first), Ok(vec![1, 2]));
        assert_eq!(asks(&citizen(&second), &first), Err(Code::NotAssigned));
        for target in [
            second.clone(),
            ConversationId::of(&"0f".repeat(32), 3).unwrap(),
            ConversationId::of(&"0e".repeat(32), 1).unwrap(),
        ] {
            assert_eq!(asks(&advisor(&second), &target), Err(Code::NotFound), "{target}");
        }
        room.hear("desk", 2, &word(&second, ConversationCommand::Released { why: Release::Lost }), at(4))
            .unwrap();
        assert_eq!(asks(&advisor(&second), &first), Err(Code::NotAssigned), "not any more");
    }

    #[test]
    fn of_many_earlier_conversations_the_newest_are_told_and_a_wake_costs_the_same() {
        let cost = |many: u32| {
            let sql = MemorySql::new();
            for n in 0..many {
                let id = admit(&room(&sql), i64::from(2 * n));
                send(&room(&sql), &id, &ClientFrame::Close {}, i64::from(2 * n + 1));
            }
            let id = admit(&room(&sql), 1_000);
            let assigned =
                word(&id, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() });
            room(&sql).hear("desk", 1, &assigned, at(1_001)).unwrap();
            sql.fail_after.set(1_000);
            let told = earlier(&hello_of(&room(&sql), &id, giulia_speaks())).unwrap_or_default();
            (
                1_000 - sql.fail_after.get(),
                told.iter().map(|one| one.conversation.ordinal()).collect::<Vec<_>>(),
            )
        };

        let (statements, none) = cost(0);
        assert_eq!(none, [0_u32; 0]);
        assert_eq!(cost(50), (statements, (31..=50).rev().collect()));
    }

    #[test]
    fn the_alarm_comes_earlier_only_for_who_owes_an_answer_and_silence_is_remembered() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let id = admit(&room, 0);
        room.hear(
            "desk",
            1,
            &word(&id, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() }),
            at(1),
        )
        .unwrap();
        let say = |link: &Socket, message: &str, now| {
            let text = format!(r#"{{"post":{{"id":"{message}","text":"ciao"}}}}"#);
            room.receive(link, &text, at(now)).unwrap().alarm
        };

        assert_eq!(say(&citizen(&id), "c1", 2), Rearm::Leave);
        assert_eq!(say(&advisor(&id), "a1", 10), Rearm::By(at(480_010)));
        assert_eq!(say(&advisor(&id), "a2", 20), Rearm::Leave);
        let fresh = self::room(&sql);
        assert_eq!(fresh.next_wake().unwrap(), Some(at(480_020)), "read from the log");
        assert!(fresh.wake(at(480_020)).unwrap().is_some());
        let stays = fresh.receive(&citizen(&id), r#"{"stay":{}}"#, at(480_030)).unwrap();
        assert!(stays.to_conversation.is_some());
    }

    #[test]
    fn the_end_is_told_to_both_and_closes_their_sockets() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let id = admit(&room, 0);

        let outcome = room.receive(&citizen(&id), r#"{"close":{}}"#, at(1)).unwrap();

        let broadcast = outcome.to_conversation.unwrap();
        assert_eq!(broadcast.then_close, Closes::Everybody);
        assert!(matches!(frame(&broadcast.frames[0]), ServerFrame::Entries { entries }
            if entries[0].body == EntryBody::Closed { by: Party::Citizen, outcome: None }));
    }

    #[test]
    fn closing_time_comes_once_whoever_sleeps_through_it() {
        let sql = MemorySql::new();
        let id = admit(&room(&sql), 0);
        hello(&room(&sql), &id, 0);
        assert_eq!(room(&sql).wake(at(899_999)).unwrap(), None);

        assert!(room(&sql).wake(at(900_000)).unwrap().unwrap().to_conversation.is_some());
        assert_eq!(room(&sql).next_wake().unwrap(), Some(at(1_000_000)));
        let ended = room(&sql).wake(at(1_000_000)).unwrap().unwrap();
        assert_eq!(ended.to_conversation.unwrap().then_close, Closes::Everybody);

        assert_eq!((room(&sql).wake(at(2_000_000)).unwrap(), room(&sql).next_wake().unwrap()), (None, None));
        assert_eq!(resumed(&room(&sql), &id, 0), [1, 2, 3]);
    }

    #[test]
    fn a_stranger_is_refused_and_shown_the_door() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let id = admit(&room, 0);
        let stranger = Socket { speaker: None, ..citizen(&id) };

        for (text, code) in [
            (r#"{"post":{"id":"m1","text":"ciao"}}"#, Code::HelloExpected),
            (r#"{"hello":{"version":2,"ticket":"forged"}}"#, Code::TicketInvalid),
            (r#"{"hello":{"version":1,"ticket":"x"}}"#, Code::VersionUnsupported),
            (r#"{"dance":{}}"#, Code::FrameUnknown),
            ("{", Code::FrameMalformed),
        ] {
            let outcome = room.receive(&stranger, text, at(1)).unwrap();
            assert!(
                matches!(frame(&outcome.to_sender[0]), ServerFrame::Refused { code: found, .. } if found == code)
            );
            assert_eq!(outcome.close_sender, Some(close::REFUSED), "{text}");
        }
    }

    fn room(sql: &MemorySql) -> ConversationRoom<&MemorySql> {
        let number = |n| NonZeroU32::new(n).unwrap();
        let mut policy = Policy::parse(include_str!("../../policy.json")).unwrap();
        policy.messages =
            Messages { burst: number(500), per_minute: number(60), per_conversation: number(5_000) };
        policy.conversations.most = NonZeroU16::MAX;
        ConversationRoom::open(sql, "0f".repeat(32), KEY.into(), &policy).unwrap()
    }

    fn admit(room: &ConversationRoom<&MemorySql>, now: i64) -> ConversationId {
        match room.admit(asker(), queue(), Some(closing()), at(now)).unwrap() {
            Admitted::Open(id) | Admitted::Begun(id) => id,
            other @ (Admitted::Nowhere | Admitted::TooOften { .. }) => panic!("{other:?}"),
        }
    }

    fn send(
        room: &ConversationRoom<&MemorySql>,
        id: &ConversationId,
        frame: &ClientFrame,
        now: i64,
    ) -> Outcome {
        send_on(room, &citizen(id), frame, now)
    }

    fn send_on(room: &ConversationRoom<&MemorySql>, link: &Socket, frame: &ClientFrame, now: i64) -> Outcome {
        room.receive(link, &serde_json::to_string(frame).unwrap(), at(now)).unwrap()
    }

    fn post(room: &ConversationRoom<&MemorySql>, id: &ConversationId, message: &str, now: i64) -> Outcome {
        let text = format!(r#"{{"post":{{"id":"{message}","text":"ciao"}}}}"#);
        room.receive(&citizen(id), &text, at(now)).unwrap()
    }

    fn resumed(room: &ConversationRoom<&MemorySql>, id: &ConversationId, after: u64) -> Vec<u64> {
        let mut read = Vec::new();
        loop {
            let cursor = read.last().copied().unwrap_or(after);
            let page = room.store.page(id, Page::After(cursor)).unwrap();
            if page.is_empty() {
                return read;
            }
            read.extend(page.iter().map(|entry| entry.seq));
        }
    }

    fn welcomed(room: &ConversationRoom<&MemorySql>, id: &ConversationId, after: u64) -> Vec<u64> {
        let outcome = hello(room, id, after);
        let accepted = outcome.accepted.as_ref().map(|accepted| &accepted.speaker);
        assert_eq!(accepted, Some(&Speaker::Citizen));
        told(&outcome)
    }

    fn hello(room: &ConversationRoom<&MemorySql>, id: &ConversationId, after: u64) -> Outcome {
        hello_after(room, id, Speaker::Citizen, after)
    }

    fn hello_of(room: &ConversationRoom<&MemorySql>, id: &ConversationId, speaker: Speaker) -> Outcome {
        hello_after(room, id, speaker, 0)
    }

    fn hello_after(
        room: &ConversationRoom<&MemorySql>,
        id: &ConversationId,
        speaker: Speaker,
        after: u64,
    ) -> Outcome {
        let ticket = Ticket::new(Door::Conversation(id.clone()), speaker, at(0)).sign(KEY).unwrap();
        let hello = ClientFrame::Hello { version: version::CURRENT, ticket, resume_after: after };
        let socket = Socket { speaker: None, ..citizen(id) };
        room.receive(&socket, &serde_json::to_string(&hello).unwrap(), at(1)).unwrap()
    }

    /// The numbers of the entries the sender is told.
    fn told(outcome: &Outcome) -> Vec<u64> {
        let entries = outcome.to_sender.iter().filter_map(|text| match frame(text) {
            ServerFrame::Entries { entries } => Some(entries),
            ServerFrame::Welcome { .. }
            | ServerFrame::Presence { .. }
            | ServerFrame::Typing { .. }
            | ServerFrame::Queue(_)
            | ServerFrame::Earlier { .. }
            | ServerFrame::EarlierEntries { .. }
            | ServerFrame::Refused { .. } => None,
        });
        entries.flatten().map(|entry| entry.seq).collect()
    }

    /// The earlier conversations the sender is told of.
    fn earlier(outcome: &Outcome) -> Option<Vec<EarlierConversation>> {
        outcome.to_sender.iter().find_map(|text| {
            if let ServerFrame::Earlier { conversations } = frame(text) { Some(conversations) } else { None }
        })
    }

    /// The numbers on a page of an earlier conversation, or why there is none.
    fn page_of(
        room: &ConversationRoom<&MemorySql>,
        link: &Socket,
        target: &ConversationId,
        before: Option<u64>,
    ) -> Result<Vec<u64>, Code> {
        let asked = ClientFrame::Earlier { conversation: target.clone(), before };
        let outcome = send_on(room, link, &asked, 60);
        assert_eq!(outcome.close_sender, None);
        let told = frame(&outcome.to_sender[0]);
        if let ServerFrame::Refused { code, .. } = told {
            return Err(code);
        }
        let ServerFrame::EarlierEntries { conversation, entries } = told else { panic!("{told:?}") };
        assert_eq!(conversation, *target);
        Ok(entries.iter().map(|entry| entry.seq).collect())
    }

    fn giulia_speaks() -> Speaker {
        Speaker::Advisor(giulia())
    }

    fn frame(text: &str) -> ServerFrame {
        serde_json::from_str(text).unwrap()
    }

    fn citizen(id: &ConversationId) -> Socket {
        let link = Socket::new(at(0), Some(id.clone()));
        Socket { speaker: Some(Speaker::Citizen), ..link }
    }

    #[test]
    fn what_is_forwarded_leaves_once_with_the_messages_that_were_picked() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let id = admit(&room, 1);
        post(&room, &id, "m1", 2);
        room.hear(
            "desk",
            1,
            &word(&id, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() }),
            at(3),
        )
        .unwrap();
        let forward = |now| {
            let frame = ClientFrame::Forward(Box::new(draft(&[2])));
            room.receive(&advisor(&id), &serde_json::to_string(&frame).unwrap(), at(now)).unwrap()
        };

        assert!(forward(4).to_conversation.is_some());
        let again = forward(5);
        assert!(again.to_conversation.is_none() && again.to_sender[0].contains("sending"), "{again:?}");

        let letters = room.post().due(at(9)).unwrap();
        let sent: Vec<_> =
            letters.iter().filter(|letter| letter.destination == Destination::LineaInps).collect();
        assert_eq!(sent.len(), 1);
        assert!(
            sent[0].notification.contains("\"seq\":2") && sent[0].notification.contains(&format!("{id}.s1"))
        );
    }

    #[test]
    fn after_the_end_the_person_listens_until_the_office_has_answered_and_advisors_do_not() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let id = admit(&room, 1);
        room.hear(
            "desk",
            1,
            &word(&id, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() }),
            at(2),
        )
        .unwrap();
        let frame = serde_json::to_string(&ClientFrame::Forward(Box::new(draft(&[])))).unwrap();
        room.receive(&advisor(&id), &frame, at(3)).unwrap();

        let closed = send(&room, &id, &ClientFrame::Close {}, 4).to_conversation.unwrap();
        assert_eq!(closed.then_close, Closes::Advisors);
        assert_eq!(hello(&room, &id, 0).close_sender, None, "the person goes on listening");
        let told = |n, state| {
            let number = Some("LI-1".into());
            let standing = SegnalazioneStanding { id: MessageId::parse("s1").unwrap(), number, state };
            let heard = room
                .hear("linea", n, &word(&id, ConversationCommand::Segnalazione(standing)), at(9))
                .unwrap();
            heard.to_conversation.unwrap().then_close
        };
        assert_eq!(told(1, SegnalazioneState::Accepted {}), Closes::Advisors);
        assert_eq!(told(2, SegnalazioneState::Answered { text: "Pagato.".into() }), Closes::Everybody);
        assert_eq!(hello(&room, &id, 0).close_sender, Some(close::NORMAL));
    }

    #[test]
    fn a_written_request_is_made_once_and_found_again_in_the_history() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let request = |name: &str, text: &str, now| {
            let id = MessageId::parse(name).unwrap();
            room.request(asker(), queue(), &id, text, at(now)).unwrap().map(|(id, _)| id)
        };
        let code = |refused: Result<ConversationId, Refusal>| refused.unwrap_err().code;
        assert_eq!(code(request("r0", " ", 1)), Code::MessageEmpty);

        let first = request("r1", "Quando sarò pagato?", 2).unwrap();
        assert_eq!(request("r1", "Quando sarò pagato?", 3), Ok(first.clone()));
        assert_eq!(code(request("r1", "Un'altra cosa", 3)), Code::RequestInvalid);
        for n in 2..=3 {
            request(&format!("r{n}"), "E poi?", 4).unwrap();
        }
        assert_eq!(code(request("r4", "E ancora?", 5)), Code::RequestsPending);
        let a_week_later = 5 + 7 * 24 * 60 * 60_000;
        assert!(request("r4", "E ancora?", a_week_later).is_ok(), "nobody is kept from writing for good");

        let history = room.history().unwrap();
        assert_eq!(history.iter().map(|past| past.conversation.ordinal()).collect::<Vec<_>>(), [4, 3, 2, 1]);
        let history = &history[1..];
        assert_eq!(history[2].conversation, first);
        assert_eq!(history[2].begins.as_deref(), Some("Quando sarò pagato?"));
        assert_eq!(
            (history[2].opened, history[2].closed, history[2].outcome),
            (at(2), Some(at(2)), Some(Ending::LineaInps))
        );
        assert_eq!(history[2].segnalazioni[0].state, SegnalazioneState::Sending {});
    }

    #[test]
    fn nobody_writes_to_an_office_beside_an_open_conversation() {
        let sql = MemorySql::new();
        let room = room(&sql);
        admit(&room, 1);
        let id = MessageId::parse("r1").unwrap();
        let refused = room.request(asker(), queue(), &id, "Quando?", at(2)).unwrap().unwrap_err();
        assert_eq!(refused.code, Code::ConversationOpen);
    }

    #[test]
    fn a_case_is_shown_by_the_advisor_alone_and_once() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let id = admit(&room, 1);
        room.hear(
            "desk",
            1,
            &word(&id, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() }),
            at(2),
        )
        .unwrap();
        let share = |speaker, now| {
            let ticket = Ticket::new(Door::Conversation(id.clone()), speaker, at(0)).sign(KEY).unwrap();
            room.share(&id, &ticket, MessageId::parse("c1").unwrap(), case(), at(1), at(now)).unwrap()
        };

        assert_eq!(share(Speaker::Citizen, 3).unwrap_err().code, Code::NotAssigned);
        assert!(share(Speaker::Advisor(giulia()), 3).unwrap().to_conversation.is_some());
        assert!(share(Speaker::Advisor(giulia()), 4).unwrap().to_conversation.is_none());
        assert_eq!(room.inquiry(&id, "x", at(3)).unwrap().unwrap_err().code, Code::TicketInvalid);
        assert_eq!(resumed(&room, &id, 0), [1, 2, 3]);
        let ticket = |speaker| Ticket::new(Door::Conversation(id.clone()), speaker, at(0)).sign(KEY).unwrap();
        let (his, hers) = (ticket(Speaker::Citizen), ticket(Speaker::Advisor(giulia())));
        assert!(room.inquiry(&id, &hers, at(5)).unwrap().is_ok());
        send(&room, &id, &ClientFrame::Close {}, 6);
        assert_eq!(room.inquiry(&id, &hers, at(7)).unwrap().unwrap_err().code, Code::NotAssigned);
        assert!(room.inquiry(&id, &his, at(7)).unwrap().is_ok(), "the person's own stay theirs");
    }

    #[test]
    fn a_page_without_a_link_does_what_a_frame_does_and_shows_what_came_of_it() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let id = admit(&room, 1);
        let ticket = Ticket::new(Door::Conversation(id.clone()), Speaker::Citizen, at(0)).sign(KEY).unwrap();
        let visit = |act, now| room.visit(&id, &ticket, act, None, at(now)).unwrap().unwrap();
        let say = |name: &str, text: &str| {
            Some(Act::Say { id: MessageId::parse(name).unwrap(), text: text.into() })
        };

        let looked = visit(None, 2);
        assert_eq!((looked.outcome, looked.refused), (Outcome::default(), None));
        let said = visit(say("m1", "ciao"), 3);
        assert!(said.outcome.to_conversation.is_some() && said.refused.is_none());
        let again = visit(say("m1", "ciao"), 4);
        assert!(again.outcome.to_conversation.is_none() && again.refused.is_none());
        assert_eq!(again.shown.entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [1, 2]);
        let empty = visit(say("m2", " "), 5).refused.unwrap();
        assert_eq!(empty, Refused { code: Code::MessageEmpty, retry_after_ms: None });
        let over = visit(Some(Act::Close), 6);
        assert!(matches!(over.shown.state, plain_page::PlainPageState::Closed { by: Party::Citizen, .. }));
        assert_eq!(visit(say("m3", "tardi"), 7).refused.unwrap().code, Code::ConversationClosed);
        let page = room.visit(&id, &ticket, None, Some(3), at(8)).unwrap().unwrap().shown;
        assert_eq!((page.entries.len(), page.last_seq), (2, 3));
    }

    #[test]
    fn who_is_in_a_conversation_looks_back_at_those_before_it_and_at_nobody_elses() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let mut ids = Vec::new();
        for n in 1..=23 {
            let id = admit(&room, n);
            post(&room, &id, "m1", n);
            if n < 23 {
                send(&room, &id, &ClientFrame::Close {}, n);
            }
            ids.push(id);
        }
        let here = &ids[22];
        let ticket_of = |id: &ConversationId, speaker| {
            Ticket::new(Door::Conversation(id.clone()), speaker, at(0)).sign(KEY).unwrap()
        };
        let his = ticket_of(here, Speaker::Citizen);
        let look = |what| room.look_back(here, &his, what, at(30)).unwrap();
        let listed = |before| match look(HistoryQuery::List { before }).unwrap() {
            (goes_on, LookedBack::List { conversations, .. }) => {
                assert!(goes_on);
                conversations.iter().map(|one| one.conversation.ordinal()).collect::<Vec<_>>()
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(listed(None), (3..=22).rev().collect::<Vec<_>>());
        assert_eq!(listed(Some(3)), [2, 1]);
        assert_eq!(listed(Some(u32::MAX)), listed(None));
        for none in [0, 1] {
            assert_eq!(listed(Some(none)), [0_u32; 0]);
        }

        let read = |number, before| match look(HistoryQuery::Read { number, before }) {
            Ok((_, LookedBack::Read(shown))) => {
                Ok((shown.conversation.ordinal(), shown.entries.iter().map(|one| one.seq).collect()))
            }
            Ok(other) => panic!("{other:?}"),
            Err(refusal) => Err(refusal.code),
        };
        assert_eq!(read(1, None), Ok((1, vec![1, 2, 3])));
        assert_eq!(read(22, Some(3)), Ok((22, vec![1, 2])));
        for number in [0, 23, 24, u32::MAX] {
            assert_eq!(read(number, None), Err(Code::NotFound), "{number}");
        }

        let what = || HistoryQuery::Read { number: 1, before: None };
        let hers = ticket_of(here, giulia_speaks());
        for (id, ticket) in [(here, "x"), (here, &hers), (here, &ticket_of(&ids[0], Speaker::Citizen))] {
            let refused = room.look_back(id, ticket, what(), at(30)).unwrap().unwrap_err();
            assert!(matches!(refused.code, Code::TicketInvalid | Code::NotAssigned), "{refused:?}");
        }
        let first = ticket_of(&ids[0], Speaker::Citizen);
        let (goes_on, _) =
            room.look_back(&ids[0], &first, HistoryQuery::List { before: None }, at(30)).unwrap().unwrap();
        assert!(!goes_on, "the conversation they are in is over");
    }

    #[test]
    fn plain_pages_are_for_the_person_alone_and_held_to_the_same_pace() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let id = admit(&room, 1);
        room.hear(
            "desk",
            1,
            &word(&id, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() }),
            at(2),
        )
        .unwrap();
        let hers = Ticket::new(Door::Conversation(id.clone()), giulia_speaks(), at(0)).sign(KEY).unwrap();
        assert_eq!(room.visit(&id, &hers, None, None, at(3)).unwrap().unwrap_err().code, Code::TicketInvalid);
        let his = Ticket::new(Door::Conversation(id.clone()), Speaker::Citizen, at(0)).sign(KEY).unwrap();
        let say = |n: i64| Act::Say { id: MessageId::parse(format!("m{n}")).unwrap(), text: "ciao".into() };
        let refused = (0..=500)
            .find_map(|n| room.visit(&id, &his, Some(say(n)), None, at(4)).unwrap().unwrap().refused);
        let Some(Refused { code: Code::TooFast, retry_after_ms: Some(_) }) = refused else {
            panic!("{refused:?}")
        };
    }

    #[test]
    fn what_is_over_is_rated_by_its_person_and_the_register_is_told_each_new_answer_without_the_comment() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let id = admit(&room, 1);
        room.hear(
            "desk",
            1,
            &word(&id, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() }),
            at(2),
        )
        .unwrap();
        let ticket = |speaker| Ticket::new(Door::Conversation(id.clone()), speaker, at(0)).sign(KEY).unwrap();
        let (his, hers) = (ticket(Speaker::Citizen), ticket(giulia_speaks()));
        let rate = |ticket: &str, answer, comment: Option<&str>, now| {
            let rating = Rating { answer, comment: comment.map(String::from) };
            room.rate(&id, ticket, &rating, at(now)).unwrap().map_err(|refusal| refusal.code)
        };
        let letters = || {
            let due = room.post().due(at(99)).unwrap();
            due.into_iter().filter(|letter| letter.destination == Destination::Register).collect::<Vec<_>>()
        };
        assert_eq!(rate(&his, Answer::Yes, None, 3), Err(Code::ConversationOpen));
        assert_eq!(rate(&hers, Answer::Yes, None, 3), Err(Code::TicketInvalid));
        send(&room, &id, &ClientFrame::Close {}, 4);
        assert_eq!(rate(&hers, Answer::Yes, None, 5), Err(Code::NotAssigned));
        assert_eq!(rate(&his, Answer::Yes, Some(" "), 5), Err(Code::MessageEmpty));
        assert_eq!(rate("x", Answer::Yes, None, 5), Err(Code::TicketInvalid));
        assert_eq!(letters(), []);

        for now in [6, 7] {
            assert_eq!(rate(&his, Answer::Partly, Some("Manca la data."), now), Ok(Outcome::default()));
        }
        rate(&his, Answer::Partly, Some("Manca ancora la data."), 8).unwrap();
        let first = letters().remove(0);
        assert!(
            first.notification.contains("partly") && !first.notification.contains("data"),
            "{}",
            first.notification
        );
        room.delivered(&first, at(9)).unwrap();
        assert_eq!(letters(), [], "one letter for one answer");
        rate(&his, Answer::No, None, 10).unwrap();
        assert!(letters()[0].notification.contains("\"no\""));

        let shown = room.visit(&id, &his, None, None, at(11)).unwrap().unwrap().shown;
        assert_eq!(shown.rating, Some(Rating { answer: Answer::No, comment: None }));
        assert_eq!(resumed(&room, &id, 0), [1, 2, 3], "the log says nothing of it");
    }

    #[test]
    fn a_store_that_fails_at_any_statement_rates_wholly_or_not_at_all() {
        for statements in 0..8 {
            let sql = MemorySql::new();
            let room = room(&sql);
            let id = admit(&room, 1);
            send(&room, &id, &ClientFrame::Close {}, 2);
            let ticket =
                Ticket::new(Door::Conversation(id.clone()), Speaker::Citizen, at(0)).sign(KEY).unwrap();
            let rating = Rating { answer: Answer::No, comment: Some("Non ancora.".into()) };
            sql.fail_after.set(statements);
            let failed = room.rate(&id, &ticket, &rating, at(3)).is_err();
            sql.fail_after.set(-1);

            let told = room.post().due(at(9)).unwrap();
            let told = told.iter().any(|letter| letter.destination == Destination::Register);
            let stored = room.visit(&id, &ticket, None, None, at(9)).unwrap().unwrap().shown.rating.is_some();
            assert_eq!((told, stored), (!failed, !failed), "after {statements}");
        }
    }

    #[test]
    fn a_transcript_is_whole_however_long_the_log_is() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let id = admit(&room, 0);
        for n in 1..=450 {
            post(&room, &id, &format!("m{n}"), n);
        }
        let ticket = Ticket::new(Door::Conversation(id.clone()), Speaker::Citizen, at(0)).sign(KEY).unwrap();

        for format in [Format::Html, Format::Text] {
            let service = "https://chat.example".to_string();
            let file = room.transcript(&id, &ticket, format, None, service, at(500)).unwrap().unwrap();
            assert_eq!(transcript::verify(&file).unwrap().entries, 451);
        }
    }

    #[test]
    fn a_store_that_fails_at_any_statement_forwards_wholly_or_not_at_all() {
        for statements in 0..10 {
            let sql = MemorySql::new();
            let room = room(&sql);
            let id = admit(&room, 1);
            room.hear(
                "desk",
                1,
                &word(&id, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() }),
                at(2),
            )
            .unwrap();
            let frame = serde_json::to_string(&ClientFrame::Forward(Box::new(draft(&[])))).unwrap();
            sql.fail_after.set(statements);
            let failed = room.receive(&advisor(&id), &frame, at(3)).is_err();
            sql.fail_after.set(-1);

            let sent = room.post().due(at(9)).unwrap();
            let sent = sent.iter().filter(|letter| letter.destination == Destination::LineaInps).count();
            let logged = resumed(&room, &id, 2).len();
            assert_eq!((sent, logged), if failed { (0, 0) } else { (1, 1) }, "after {statements}");
        }
    }

    fn draft(attached: &[u64]) -> SegnalazioneDraft {
        SegnalazioneDraft {
            id: MessageId::parse("s1").unwrap(),
            office: "063".into(),
            topic: ["pagamento", "diretto", "data"].map(String::from),
            description: "Mancano i dati di pagamento.".into(),
            kind: None,
            case: None,
            protocol: None,
            ticket: None,
            attached: attached.to_vec(),
        }
    }

    fn case() -> Case {
        Case {
            id: CaseId::parse("cigo-1").unwrap(),
            kind: BenefitKind::Cigo,
            company: "Officine Fantasia S.r.l.".into(),
            matricola: None,
            from: "2026-09-01".into(),
            to: "2026-09-30".into(),
            payment: Payment::Direct,
            protocol: None,
            ticket: None,
            status: CaseStatus::OnTrack,
            steps: Vec::new(),
        }
    }

    fn asker() -> Asker {
        let subject = Subject::themself("https://portale.example", "p-1", Category::Lavoratore);
        Asker { card: person(), subject }
    }

    fn person() -> PersonCard {
        PersonCard {
            name: "Persona Di Prova".into(),
            category: Category::Lavoratore,
            province: "058".into(),
            province_name: "Roma".into(),
            credential: Credential::SpidL2,
            acting_for: None,
            language: Language::It,
            about: None,
            question: None,
        }
    }

    fn giulia() -> Advisor {
        Advisor { id: AdvisorId::parse("giulia").unwrap(), name: "Giulia".into() }
    }

    fn word(id: &ConversationId, word: ConversationCommand) -> String {
        serde_json::to_string(&ConversationNotification { conversation: id.clone(), command: word }).unwrap()
    }

    fn advisor(id: &ConversationId) -> Socket {
        Socket { speaker: Some(Speaker::Advisor(giulia())), ..citizen(id) }
    }

    fn closing() -> ClosingTime {
        ClosingTime { warn: Some(at(900_000)), closes: at(1_000_000), ends: at(1_500_000) }
    }

    fn queue() -> QueueId {
        QueueId::parse("info-cig").unwrap()
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }
}
