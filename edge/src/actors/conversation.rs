// SPDX-License-Identifier: EUPL-1.2
//! The actor of one person in one capacity: their conversations, one after the other.
//!
//! | module | verbs |
//! |---|---|
//! | `assistant` | keep a question to the automatic assistant, with its answer |
//! | `calls` | offer, accept and end a call; pass on what its two devices tell each other |
//! | `admission` | let the person in, or find the way back after a reload |
//! | `handshake` | `hello`, pages of the log, earlier conversations for an advisor |
//! | `messages` | post a message; send on typing and read receipts |
//! | `forward` | forward a segnalazione to an office; share a case |
//! | `requests` | a written request of a person who cannot be answered now |
//! | `plain_page` | the same verbs for pages without scripts, and the view they show |
//! | `history` | conversations of the same person, and the rating of one that is over |
//! | `transcript` | a conversation on paper |
//! | `forgetting` | forget a conversation that is due, or the person; erase the bytes |

mod admission;
mod assistant;
mod calls;
mod forgetting;
mod forward;
mod handshake;
mod history;
mod messages;
mod own_data;
mod plain_page;
mod requests;
mod transcript;

use std::cell::{Cell, RefCell};

use infocig_domain::{
    access,
    conversation::{Conversation, InactivityTimeouts, Transition},
    notification::{ConversationCommand, ConversationNotification},
    people::Speaker,
    policy::{CallRules, Conversations, Messages, Policy},
    refusal::{self, About},
    retention::Retention,
};
use infocig_protocol::{
    entry::{EntryBody, Party},
    frame::{ClientFrame, ServerFrame},
    id::{AdvisorId, ConversationId},
    problem::Code,
    time::Timestamp,
};

use self::messages::MessageIndex;
pub use self::{
    admission::Admitted,
    history::{Inquiry, PastConversationRow},
    own_data::OwnPage,
    plain_page::{HistoryQuery, HistoryView, PlainPage, PlainPageAction, PlainPageRefusal},
};
use super::{
    Actor, Broadcast, Closes, Effects, Ephemeral, LinkState, LinkedActor, Recipient,
    actor::{flooded, hello_expected, hello_repeated, read_frame, to_text},
    rate_limits::RateLimits,
};
use crate::{
    auth::ticket::{Ticket, TicketScope},
    problem::{Error, Fault, Refusal},
    sql::Sql,
    store::{
        CITIZEN, ConversationStore, Inbox, Outbox, OutboxMessage,
        rebuild::{self, Eraser},
        restorations::Restorations,
    },
};

/// One object's conversations.
pub struct ConversationActor<S> {
    store: ConversationStore<S>,
    ticket_key: String,
    conversations: Conversations,
    limits: Messages,
    calls: CallRules,
    timeouts: InactivityTimeouts,
    /// The conversation of the newest event, as the store has it.
    current: RefCell<Option<Conversation>>,
    /// The message ids of one conversation, as the store has them.
    messages: RefCell<Option<MessageIndex>>,
    message_rates: RateLimits<Speaker>,
    frame_rates: RateLimits<Speaker>,
    retention: Retention,
    eraser: Eraser,
    /// Whether the eraser has work.
    marked: Cell<bool>,
    signal_rates: RateLimits<Speaker>,
    own_data_rates: RateLimits<()>,
    /// The conversation of which it was last reported that a source was opened.
    source_counted: RefCell<Option<ConversationId>>,
}

impl<S: Sql> ConversationActor<S> {
    /// The actor over an object's store. The object's id is 64 hexadecimal digits.
    pub fn open(sql: S, object: String, ticket_key: String, policy: &Policy) -> Result<Self, Fault> {
        let (limits, timeouts) = (policy.messages, InactivityTimeouts::of(&policy.desk));
        let store = ConversationStore::open(sql, object, timeouts)?;
        let eraser = Eraser::of_a_person();
        let marked = Cell::new(eraser.due(store.sql(), |since| since)?.is_some());
        Ok(Self {
            store,
            eraser,
            marked,
            retention: policy.retention.clone(),
            ticket_key,
            conversations: policy.conversations,
            limits,
            calls: policy.calls,
            timeouts,
            current: RefCell::new(None),
            messages: RefCell::new(None),
            message_rates: RateLimits::of_messages(limits),
            frame_rates: RateLimits::of_frames(limits),
            signal_rates: RateLimits::of_signals(limits),
            own_data_rates: RateLimits::of_messages(limits),
            source_counted: RefCell::new(None),
        })
    }

    /// Does what a restored object must do once: each conversation that is under way waits again, and the desk is told of the
    /// newest. Nobody is connected yet.
    pub fn recover(&self, now: Timestamp) -> Result<(), Fault> {
        let restorations = Restorations::new(self.store.sql());
        let Some(restoration) = restorations.pending()? else { return Ok(()) };
        self.store.sql().transaction(|| {
            restorations.apply()?;
            if let Some(mut newest) = self.store.newest()? {
                let transition = newest.recover(restoration.taken, now);
                // Nobody is connected to whom its frames could be sent.
                let _frames = self.commit(newest, None, transition, now)?;
            }
            Ok(())
        })
    }

    /// The person's first link is connected, or their last one has ended.
    pub fn citizen_connected(
        &self,
        id: &ConversationId,
        connected: bool,
        now: Timestamp,
    ) -> Result<Effects, Fault> {
        // One that was forgotten while a link was open has no connections.
        let Some(mut conversation) = self.conversation(id)? else { return Ok(Effects::default()) };
        let transition = conversation.citizen_connected(connected, now);
        self.commit(conversation, None, transition, now)
    }

    /// Applies a rule to a conversation and stores the result.
    fn act(
        &self,
        id: &ConversationId,
        now: Timestamp,
        rule: impl FnOnce(&mut Conversation) -> Result<Transition, refusal::Refusal>,
    ) -> Result<Effects, Error> {
        let mut conversation = self.conversation_of(id)?;
        let transition = rule(&mut conversation)?;
        Ok(self.commit(conversation, None, transition, now)?)
    }

    /// Stores a transition of a conversation, and makes the frames to send for it.
    fn commit(
        &self,
        conversation: Conversation,
        author: Option<&str>,
        transition: Transition,
        now: Timestamp,
    ) -> Result<Effects, Fault> {
        let id = conversation.id().clone();
        let is_over = transition.phase_changed && conversation.is_closed();
        let then_close = match (is_over, conversation.awaits_office()) {
            (false, _) => Closes::Nobody,
            (true, true) => Closes::Advisors,
            (true, false) => Closes::Everybody,
        };
        let holder = conversation.active_holder().cloned();
        let readers = transition.phase_changed.then(|| conversation.readers().cloned().collect());
        // Taken out, so that nothing is left of them in memory if storing fails.
        self.current.replace(None);
        let messages = self.messages.take();
        let mut bodies = Vec::new();
        if !transition.is_empty() {
            self.store.sql().transaction(|| {
                if transition.phase_changed {
                    self.store.save(&conversation)?;
                }
                bodies = self.append(&id, author, &transition)?;
                self.outbox().send(&transition.notifications, now)
            })?;
        }
        self.messages.replace(messages.filter(|_| author.is_none()));
        self.current.replace(Some(conversation));
        effects(&id, holder.as_ref(), &transition, &bodies, readers, then_close)
    }

    /// Appends the entries of a transition. Returns their bodies as they are stored.
    fn append(
        &self,
        id: &ConversationId,
        author: Option<&str>,
        transition: &Transition,
    ) -> Result<Vec<String>, Fault> {
        transition.appended.iter().map(|entry| self.store.append(id, author, entry)).collect()
    }

    fn outbox(&self) -> Outbox<'_, S> {
        Outbox::new(self.store.sql())
    }

    /// The conversation and the holder of a ticket, where they may read it. An advisor reads a conversation that is over on
    /// their link while they wrap it up, and may ask for nothing beside it.
    fn enter(
        &self,
        id: &ConversationId,
        ticket: &str,
        now: Timestamp,
    ) -> Result<(Conversation, Speaker), Error> {
        let scope = TicketScope::Conversation(id.clone());
        let speaker = Ticket::verify(ticket, &self.ticket_key, &scope, now)?.speaker;
        let conversation = self.conversation(id)?.ok_or_else(no_longer_exists)?;
        access::may_ask_beside(&conversation, &speaker)?;
        if !self.frame_rates.admits(&speaker, now) {
            return Err(Refusal::new(Code::TooFast, "far too many requests in a short time").into());
        }
        Ok((conversation, speaker))
    }

    /// The same for verbs of the person alone.
    fn enter_as_citizen(
        &self,
        id: &ConversationId,
        ticket: &str,
        now: Timestamp,
    ) -> Result<Conversation, Error> {
        match self.enter(id, ticket, now)? {
            (conversation, Speaker::Citizen) => Ok(conversation),
            (_, Speaker::Advisor(_)) => {
                Err(Refusal::new(Code::TicketInvalid, "only the person who asks may do this").into())
            }
        }
    }

    fn conversation_of(&self, id: &ConversationId) -> Result<Conversation, Fault> {
        self.conversation(id)?
            .ok_or_else(|| Fault::Corrupt("a conversation this object does not have".into()))
    }

    fn conversation(&self, id: &ConversationId) -> Result<Option<Conversation>, Fault> {
        if let Some(current) = self.current.borrow().as_ref().filter(|current| current.id() == id) {
            return Ok(Some(current.clone()));
        }
        self.store.find(id)
    }

    /// The newest conversation: the only one that can be open.
    fn newest(&self) -> Result<Option<Conversation>, Fault> {
        if let Some(current) = self.current.borrow().as_ref().filter(|current| !current.is_closed()) {
            return Ok(Some(current.clone()));
        }
        self.store.newest()
    }
}

impl<S: Sql> Actor for ConversationActor<S> {
    type Sql = S;
    type Effects = Effects;

    const CLASS: &'static str = "conversation";

    fn outbox(&self) -> Outbox<'_, S> {
        self.outbox()
    }

    fn on_notification(
        &self,
        source: &str,
        id: i64,
        notification: &str,
        now: Timestamp,
    ) -> Result<Effects, Error> {
        let ConversationNotification { conversation, command } = OutboxMessage::read(notification)?;
        if command == (ConversationCommand::Forget {}) {
            return Ok(self.forget_if_due(source, id, &conversation, now)?);
        }
        let Some(mut conversation) = self.conversation(&conversation)? else {
            // What an office says of a conversation that is forgotten is for nobody.
            if matches!(command, ConversationCommand::Segnalazione(_)) {
                return Ok(Effects::default());
            }
            return Err(Refusal::new(Code::NotFound, "this object has no such conversation").into());
        };
        let applied = self.store.sql().transaction(|| {
            if !Inbox::new(self.store.sql()).is_new(source, id, now)? {
                return Ok(Effects::default());
            }
            match &command {
                ConversationCommand::Block { until } => self.store.block(*until)?,
                ConversationCommand::Lift {} => self.store.lift_block()?,
                ConversationCommand::Forget {}
                | ConversationCommand::Assigned { .. }
                | ConversationCommand::Released { .. }
                | ConversationCommand::Joined { .. }
                | ConversationCommand::Left { .. }
                | ConversationCommand::Observed { .. }
                | ConversationCommand::Unobserved { .. }
                | ConversationCommand::Hold { .. }
                | ConversationCommand::Resume { .. }
                | ConversationCommand::Warn {}
                | ConversationCommand::Close { .. }
                | ConversationCommand::Closing(_)
                | ConversationCommand::Place(_)
                | ConversationCommand::Segnalazione(_) => {}
            }
            let transition = conversation.apply(command, now);
            self.commit(conversation, None, transition, now)
        });
        Ok(applied.inspect_err(|_| {
            self.current.replace(None);
        })?)
    }

    fn wake(&self, now: Timestamp) -> Result<Option<Effects>, Fault> {
        if self.erase_bytes(now)? {
            return Ok(Some(Effects::default()));
        }
        let newest = self.newest()?.filter(|newest| newest.next_wake().is_some_and(|due| due <= now));
        let wake = |mut newest: Conversation| {
            let transition = newest.wake(now);
            self.commit(newest, None, transition, now)
        };
        newest.map(wake).transpose()
    }

    fn next_wake(&self) -> Result<Option<Timestamp>, Fault> {
        let erases = if self.marked.get() { self.eraser.due(self.store.sql(), |since| since)? } else { None };
        let newest = self.newest()?.and_then(|conversation| conversation.next_wake());
        Ok(newest.into_iter().chain(erases).min())
    }

    fn is_to_be_deleted(&self) -> Result<bool, Fault> {
        Ok(self.marked.get() && rebuild::is_marked(self.store.sql())? && self.store.is_blank()?)
    }

    fn delivered(&self, message: &OutboxMessage, _now: Timestamp) -> Result<Effects, Fault> {
        self.outbox().delete(message)?;
        Ok(Effects::default())
    }
}

impl<S: Sql> LinkedActor for ConversationActor<S> {
    fn receive(&self, link: &LinkState, text: &str, now: Timestamp) -> Result<Effects, Error> {
        let Some(id) = &link.conversation else {
            return Err(Fault::Platform("a link without a conversation".into()).into());
        };
        if link.speaker.as_ref().is_some_and(|speaker| !self.frame_rates.admits(speaker, now)) {
            return Err(flooded().into());
        }
        let frame: ClientFrame = read_frame(link, text, ClientFrame::NAMES)?;
        match (&link.speaker, frame) {
            (None, ClientFrame::Hello { version, ticket, resume_after }) => {
                self.hello(id, version, &ticket, resume_after, now)
            }
            (None, _) => Err(hello_expected().into()),
            (Some(_), ClientFrame::Hello { .. }) => Err(hello_repeated().into()),
            (Some(speaker), ClientFrame::Post { id: message, text }) => {
                self.post_message(id, speaker, &message, &text, now)
            }
            (Some(speaker), ClientFrame::Page(page)) => self.page(id, speaker, page),
            (Some(speaker), ClientFrame::Read { up_to }) => {
                self.send_ephemeral(id, speaker, Ephemeral::Read(up_to.max(link.read_up_to)))
            }
            (Some(speaker), ClientFrame::Typing {}) => self.typing(id, speaker, now),
            (Some(speaker), ClientFrame::Stay {}) => {
                self.act(id, now, |conversation| Ok(conversation.stay(speaker, now)))
            }
            (Some(speaker), ClientFrame::History { conversation, before }) => {
                self.history_entries(id, speaker, conversation, before)
            }
            (Some(speaker), ClientFrame::Question(question)) => {
                self.act(id, now, |conversation| conversation.question(speaker, question, now))
            }
            (Some(speaker), ClientFrame::Call(act)) => self.call(id, speaker, act, now),
            (Some(speaker), ClientFrame::Forward(draft)) => self.forward(id, speaker, &draft, now),
            (Some(speaker), ClientFrame::SelfServed {}) => {
                self.act(id, now, |conversation| conversation.self_served(speaker, now))
            }
            (Some(speaker), ClientFrame::SourceOpened {}) => self.source_opened(id, speaker, now),
            (Some(speaker), ClientFrame::Close {}) => {
                self.act(id, now, |conversation| conversation.close(speaker, now))
            }
        }
    }

    fn reconcile_connections(&self, links: &[LinkState], now: Timestamp) -> Result<Effects, Fault> {
        let Some(newest) = self.newest()?.filter(|newest| !newest.is_closed()) else {
            return Ok(Effects::default());
        };
        let connected = links.iter().any(|link| link.is_citizen_of(newest.id()));
        self.citizen_connected(newest.id(), connected, now)
    }

    fn on_last_disconnect(&self, link: &LinkState, now: Timestamp) -> Result<Effects, Fault> {
        match (&link.conversation, link.party()) {
            (Some(conversation), Some(Party::Citizen)) => self.citizen_connected(conversation, false, now),
            (_, Some(Party::Citizen | Party::Advisor | Party::System) | None) => Ok(Effects::default()),
        }
    }

    fn refusal_frame(refusal: Refusal) -> Result<String, Fault> {
        let Refusal { code, detail, about, retry_after_ms, .. } = refusal;
        let message = match about {
            Some(About::Message(message)) => Some(message),
            Some(About::Conversation(_)) | None => None,
        };
        to_text(&ServerFrame::Refused { code, detail, message, retry_after_ms })
    }
}

/// The author of a speaker's entries, in the store.
fn author_key(speaker: &Speaker) -> String {
    match speaker {
        Speaker::Citizen => CITIZEN.to_string(),
        Speaker::Advisor(advisor) => format!("advisor:{}", advisor.id),
    }
}

/// The frames of a transition that is stored, its entries with these bodies.
fn effects(
    id: &ConversationId,
    holder: Option<&AdvisorId>,
    transition: &Transition,
    bodies: &[String],
    readers: Option<Vec<AdvisorId>>,
    then_close: Closes,
) -> Result<Effects, Fault> {
    let replies = transition.replies.iter().map(to_text).collect::<Result<_, _>>()?;
    let to_citizen =
        transition.to_citizen.iter().map(|frame| Ok((Recipient::Citizen(id.clone()), to_text(frame)?)));
    let recipient = holder.map(|holder| Recipient::Holder(id.clone(), holder.clone()));
    let to_holder = transition.to_holder.iter().zip(recipient.iter().cycle());
    let to_holder = to_holder.map(|(frame, recipient)| Ok((recipient.clone(), to_text(frame)?)));
    let direct = to_citizen.chain(to_holder).collect::<Result<_, Fault>>()?;
    // A supervisor who reads no more leaves without an entry.
    let broadcast = if transition.appended.is_empty() && !transition.readers_changed {
        None
    } else {
        let entries = transition.appended.iter().zip(bodies.iter().map(String::as_str));
        let frames = if bodies.is_empty() { Vec::new() } else { vec![ServerFrame::entries_text(entries)] };
        Some(Broadcast { conversation: id.clone(), frames, then_close, readers })
    };
    let messages = transition.appended.iter().filter(|entry| matches!(entry.body, EntryBody::Message { .. }));
    let messages = u32::try_from(messages.count()).unwrap_or(u32::MAX);
    Ok(Effects { replies, broadcast, direct, messages, ..Effects::default() })
}

fn no_longer_exists() -> Refusal {
    Refusal::new(Code::TicketInvalid, "the conversation no longer exists")
}

#[cfg(test)]
mod tests;
