// SPDX-License-Identifier: EUPL-1.2
//! The room of one person: the rules of a conversation over its store.
//!
//! Text frames and notices in; an [`Outcome`] out, after everything it tells has been stored in one transaction. Memory is
//! a cache: whenever the store fails, it is dropped and the next event reads the store again.

use std::cell::RefCell;

use infocig_domain::{
    conversation::{Conversation, Speaker, Step},
    notice::ConversationNotice,
};
use infocig_protocol::{
    close,
    entry::Entry,
    frame::{ClientFrame, ServerFrame},
    id::{ConversationId, QueueId},
    limits::{MAX_ENTRIES_PER_FRAME, MAX_FRAME_BYTES},
    person::PersonCard,
    problem::Code,
    time::Timestamp,
    version,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    problem::{Fault, Refusal},
    sql::Sql,
    store::{ConversationStore, Letter, Post},
    ticket::{Door, Ticket},
};

/// What a socket of a conversation is known to be. It travels with the socket through hibernation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Socket {
    /// The conversation in the socket's address.
    pub conversation: ConversationId,
    /// When it opened, by the wall clock.
    pub opened: Timestamp,
    /// Who speaks on it; absent until `hello` is accepted.
    pub speaker: Option<Speaker>,
}

/// What must be sent, now that everything is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The conversation this is about, where it is about one.
    pub conversation: Option<ConversationId>,
    /// Frames for every accepted socket of the conversation.
    pub to_all: Vec<ServerFrame>,
    /// Frames for the socket that asked.
    pub to_sender: Vec<ServerFrame>,
    /// The speaker, when the socket has just been accepted.
    pub accepted: Option<Speaker>,
    /// Close the socket that asked, with this code, after sending.
    pub close_sender: Option<u16>,
    /// Close every socket of the conversation normally, after sending: it is over.
    pub close_all: bool,
}

impl Outcome {
    fn reply(frame: ServerFrame) -> Self {
        Self {
            to_sender: vec![frame],
            ..Self::default()
        }
    }

    /// A frame that says no; the socket stays.
    pub fn refuse(refusal: Refusal) -> Self {
        Self::reply(refused(refusal))
    }

    /// A frame that says no, and the end of the socket.
    pub fn refuse_and_close(refusal: Refusal, code: u16) -> Self {
        Self {
            close_sender: Some(code),
            ..Self::refuse(refusal)
        }
    }
}

/// One object's conversations.
pub struct Room<S> {
    store: ConversationStore<S>,
    ticket_key: String,
    current: RefCell<Option<Conversation>>,
}

impl<S: Sql> Room<S> {
    /// The room over an object's store. The object's id is 64 hexadecimal digits.
    pub fn open(sql: S, object: String, ticket_key: String) -> Result<Self, Fault> {
        Ok(Self {
            store: ConversationStore::open(sql, object)?,
            ticket_key,
            current: RefCell::new(None),
        })
    }

    /// The object's post.
    pub fn post(&self) -> Post<'_, S> {
        Post::new(self.store.sql())
    }

    /// Lets a person in: their open conversation, or a new one. `true` if it is new.
    pub fn admit(
        &self,
        person: PersonCard,
        queue: QueueId,
        now: Timestamp,
    ) -> Result<(ConversationId, bool), Fault> {
        if let Some(open) = self
            .store
            .newest()?
            .filter(|conversation| !conversation.is_closed())
        {
            return Ok((open.id, false));
        }
        let (conversation, step) = Conversation::open(self.store.next_id()?, queue, person, now);
        let id = conversation.id.clone();
        self.commit(conversation, None, &step, now)?;
        Ok((id, true))
    }

    /// Whether the newest conversation is still open: whoever is inside stays inside, whatever the hour.
    pub fn has_open_conversation(&self) -> Result<bool, Fault> {
        Ok(self
            .store
            .newest()?
            .is_some_and(|conversation| !conversation.is_closed()))
    }

    /// A text frame arrived on a socket.
    pub fn receive(&self, socket: &Socket, text: &str, now: Timestamp) -> Result<Outcome, Fault> {
        if text.len() > MAX_FRAME_BYTES {
            let refusal = Refusal::new(Code::FrameTooLarge, "a frame has at most 65536 bytes");
            return Ok(Outcome::refuse_and_close(refusal, close::TOO_LARGE));
        }
        let frame = read_frame::<ClientFrame>(text, ClientFrame::TYPES);
        match (&socket.speaker, frame) {
            (
                None,
                Ok(ClientFrame::Hello {
                    version,
                    ticket,
                    resume_after,
                }),
            ) => self.hello(&socket.conversation, version, &ticket, resume_after, now),
            (None, Ok(ClientFrame::Post { .. } | ClientFrame::Close)) => Ok(Outcome::refuse_and_close(
                Refusal::new(Code::HelloExpected, "the first frame must be hello"),
                close::REFUSED,
            )),
            (None, Err(refusal)) => Ok(Outcome::refuse_and_close(refusal, close::REFUSED)),
            (Some(_), Err(refusal)) => Ok(Outcome::refuse(refusal)),
            (Some(_), Ok(ClientFrame::Hello { .. })) => Ok(Outcome::refuse(Refusal::new(
                Code::FrameMalformed,
                "hello was already said",
            ))),
            (Some(speaker), Ok(ClientFrame::Post { id, text })) => {
                let known = self.store.posted(&socket.conversation, speaker, &id)?;
                self.act(&socket.conversation, Some(speaker), now, |conversation| {
                    conversation.post(speaker, id, &text, known, now)
                })
            }
            (Some(speaker), Ok(ClientFrame::Close)) => {
                self.act(&socket.conversation, Some(speaker), now, |conversation| {
                    conversation.close(speaker, now)
                })
            }
        }
    }

    /// A notice arrived from the object `source`. Hearing it again changes nothing.
    pub fn hear(&self, source: &str, id: i64, notice: &str, now: Timestamp) -> Result<Outcome, Fault> {
        let ConversationNotice::Assigned {
            conversation,
            advisor,
        } = Letter::read(notice)?;
        let heard = self.store.sql().transaction(|| {
            if !self.post().hear(source, id)? {
                return Ok(Outcome::default());
            }
            self.act(&conversation, None, now, |conversation| {
                conversation.assign(advisor, now)
            })
        });
        self.remember_only_if(heard)
    }

    fn hello(
        &self,
        id: &ConversationId,
        client_version: u16,
        ticket: &str,
        resume_after: u64,
        now: Timestamp,
    ) -> Result<Outcome, Fault> {
        let refuse = |refusal| Ok(Outcome::refuse_and_close(refusal, close::REFUSED));
        let Some(version) = version::negotiate(client_version) else {
            return refuse(Refusal::new(
                Code::VersionUnsupported,
                "this client is too old: reload the page",
            ));
        };
        let speaker = match Ticket::verify(ticket, &self.ticket_key, &Door::Conversation(id.clone()), now) {
            Ok(speaker) => speaker,
            Err(refusal) => return refuse(refusal),
        };
        let Some(conversation) = self.conversation(id)? else {
            return refuse(Refusal::new(
                Code::TicketInvalid,
                "the conversation no longer exists",
            ));
        };
        if !conversation.may_read(&speaker) {
            return refuse(Refusal::new(
                Code::NotAssigned,
                "this advisor does not hold the conversation",
            ));
        }
        let mut to_sender = vec![conversation.welcome(&speaker, version)];
        // A cursor beyond the log is from another life of it: begin again.
        let mut after = if resume_after > conversation.last_seq {
            0
        } else {
            resume_after
        };
        while after < conversation.last_seq {
            let entries = self.store.entries_after(id, after, MAX_ENTRIES_PER_FRAME)?;
            let Some(last) = entries.last() else { break };
            after = last.seq;
            to_sender.push(ServerFrame::Entries { entries });
        }
        let close_sender = conversation.is_closed().then_some(close::NORMAL);
        Ok(Outcome {
            to_sender,
            accepted: Some(speaker),
            close_sender,
            ..Outcome::default()
        })
    }

    fn act(
        &self,
        id: &ConversationId,
        speaker: Option<&Speaker>,
        now: Timestamp,
        rule: impl FnOnce(&mut Conversation) -> Step,
    ) -> Result<Outcome, Fault> {
        let Some(mut conversation) = self.conversation(id)? else {
            return Err(Fault::Corrupt("a conversation this object does not have".into()));
        };
        let step = rule(&mut conversation);
        let close_all = step.phase_changed && conversation.is_closed();
        self.commit(conversation, speaker, &step, now)?;
        let conversation = Some(id.clone());
        let to_all = if step.appended.is_empty() {
            Vec::new()
        } else {
            vec![entries_frame(step.appended)]
        };
        Ok(Outcome {
            conversation,
            to_all,
            to_sender: step.replies,
            close_all,
            ..Outcome::default()
        })
    }

    /// Drops the cache when what it mirrors was undone.
    fn remember_only_if<T>(&self, stored: Result<T, Fault>) -> Result<T, Fault> {
        stored.inspect_err(|_| {
            self.current.replace(None);
        })
    }

    fn conversation(&self, id: &ConversationId) -> Result<Option<Conversation>, Fault> {
        if let Some(current) = self.current.borrow().as_ref().filter(|current| current.id == *id) {
            return Ok(Some(current.clone()));
        }
        self.store.find(id)
    }

    fn commit(
        &self,
        conversation: Conversation,
        author: Option<&Speaker>,
        step: &Step,
        now: Timestamp,
    ) -> Result<(), Fault> {
        self.current.replace(None);
        if step.appended.is_empty() && step.notices.is_empty() && !step.phase_changed {
            self.current.replace(Some(conversation));
            return Ok(());
        }
        self.store.sql().transaction(|| {
            if step.phase_changed {
                self.store.save(&conversation)?;
            } else {
                self.store.save_last_seq(&conversation)?;
            }
            for entry in &step.appended {
                self.store.append(&conversation.id, author, entry)?;
            }
            self.post().send(&step.notices, now)
        })?;
        self.current.replace(Some(conversation));
        Ok(())
    }
}

/// Reads a frame whose possible types are `types`.
pub(crate) fn read_frame<F: DeserializeOwned>(text: &str, types: &[&str]) -> Result<F, Refusal> {
    #[derive(Deserialize)]
    struct Tag {
        #[serde(rename = "type")]
        kind: String,
    }
    serde_json::from_str::<F>(text).map_err(|error| match serde_json::from_str::<Tag>(text) {
        Ok(tag) if !types.contains(&tag.kind.as_str()) => {
            Refusal::new(Code::FrameUnknown, "no frame has that type")
        }
        Ok(_) | Err(_) => Refusal::new(Code::FrameMalformed, error.to_string()),
    })
}

fn refused(refusal: Refusal) -> ServerFrame {
    ServerFrame::Refused {
        code: refusal.code,
        detail: refusal.detail,
        message: None,
    }
}

fn entries_frame(entries: Vec<Entry>) -> ServerFrame {
    ServerFrame::Entries { entries }
}
