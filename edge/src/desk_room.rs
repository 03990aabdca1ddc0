// SPDX-License-Identifier: EUPL-1.2
//! The room of one desk: the rules of a queue over its store.
//!
//! Text frames and notices in; a [`DeskOutcome`] out, after everything it shows has been stored in one transaction.

use std::cell::RefCell;

use infocig_domain::{
    conversation::Speaker,
    desk::{Desk, DeskStep},
    notice::{Advisor, ConversationNotice},
};
use infocig_protocol::{
    close,
    desk::{AssignedConversation, DeskClientFrame, DeskServerFrame},
    id::QueueId,
    limits::MAX_FRAME_BYTES,
    problem::Code,
    time::Timestamp,
    version,
};
use serde::{Deserialize, Serialize};

use crate::{
    problem::{Fault, Refusal},
    room::read_frame,
    sql::Sql,
    store::{DeskStore, Letter, Post},
    ticket::{Door, Ticket},
};

/// What a socket of a desk is known to be. It travels with the socket through hibernation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskSocket {
    /// When it opened, by the wall clock.
    pub opened: Timestamp,
    /// Who sits at it; absent until `hello` is accepted.
    pub advisor: Option<Advisor>,
}

/// What must be sent, now that everything is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeskOutcome {
    /// The picture changed: show it to every advisor.
    pub show_all: bool,
    /// Frames for the socket that asked.
    pub to_sender: Vec<DeskServerFrame>,
    /// The advisor, when the socket has just been accepted.
    pub accepted: Option<Advisor>,
    /// Close the socket that asked, with this code, after sending.
    pub close_sender: Option<u16>,
}

impl DeskOutcome {
    /// A frame that says no; the socket stays.
    pub fn refuse(refusal: Refusal) -> Self {
        let frame = DeskServerFrame::Refused {
            code: refusal.code,
            detail: refusal.detail,
            conversation: None,
        };
        Self {
            to_sender: vec![frame],
            ..Self::default()
        }
    }

    /// A frame that says no, and the end of the socket.
    pub fn refuse_and_close(refusal: Refusal, code: u16) -> Self {
        Self {
            close_sender: Some(code),
            ..Self::refuse(refusal)
        }
    }
}

/// One queue's desk.
pub struct DeskRoom<S> {
    store: DeskStore<S>,
    queue: QueueId,
    ticket_key: String,
    current: RefCell<Option<Desk>>,
}

impl<S: Sql> DeskRoom<S> {
    /// The desk of a queue over its object's store.
    pub fn open(sql: S, queue: QueueId, ticket_key: String) -> Result<Self, Fault> {
        Ok(Self {
            store: DeskStore::open(sql)?,
            queue,
            ticket_key,
            current: RefCell::new(None),
        })
    }

    /// The object's post.
    pub fn post(&self) -> Post<'_, S> {
        Post::new(self.store.sql())
    }

    /// A text frame arrived on a socket.
    pub fn receive(&self, socket: &DeskSocket, text: &str, now: Timestamp) -> Result<DeskOutcome, Fault> {
        if text.len() > MAX_FRAME_BYTES {
            let refusal = Refusal::new(Code::FrameTooLarge, "a frame has at most 65536 bytes");
            return Ok(DeskOutcome::refuse_and_close(refusal, close::TOO_LARGE));
        }
        let frame = read_frame::<DeskClientFrame>(text, DeskClientFrame::TYPES);
        match (&socket.advisor, frame) {
            (None, Ok(DeskClientFrame::Hello { version, ticket })) => self.hello(version, &ticket, now),
            (None, Ok(DeskClientFrame::Take { .. })) => Ok(DeskOutcome::refuse_and_close(
                Refusal::new(Code::HelloExpected, "the first frame must be hello"),
                close::REFUSED,
            )),
            (None, Err(refusal)) => Ok(DeskOutcome::refuse_and_close(refusal, close::REFUSED)),
            (Some(_), Err(refusal)) => Ok(DeskOutcome::refuse(refusal)),
            (Some(_), Ok(DeskClientFrame::Hello { .. })) => Ok(DeskOutcome::refuse(Refusal::new(
                Code::FrameMalformed,
                "hello was already said",
            ))),
            (Some(advisor), Ok(DeskClientFrame::Take { conversation })) => {
                self.act(now, |desk| desk.take(&conversation, advisor.clone(), now))
            }
        }
    }

    /// A notice arrived from the object `source`. Hearing it again changes nothing.
    pub fn hear(&self, source: &str, id: i64, notice: &str, now: Timestamp) -> Result<DeskOutcome, Fault> {
        let notice = Letter::read(notice)?;
        let heard = self.store.sql().transaction(|| {
            if !self.post().hear(source, id)? {
                return Ok(DeskOutcome::default());
            }
            self.act(now, |desk| desk.hear(notice))
        });
        self.remember_only_if(heard)
    }

    /// A conversation has stored a letter of this desk.
    pub fn delivered(&self, letter: &Letter, now: Timestamp) -> Result<DeskOutcome, Fault> {
        let ConversationNotice::Assigned { conversation, .. } = Letter::read(&letter.notice)?;
        let confirmed = self.store.sql().transaction(|| {
            self.post().delivered(letter)?;
            self.act(now, |desk| desk.confirm(&conversation))
        });
        self.remember_only_if(confirmed)
    }

    /// What an advisor sees.
    pub fn picture(&self, advisor: &Advisor, now: Timestamp) -> Result<DeskServerFrame, Fault> {
        let desk = self.desk()?;
        let mine = desk
            .held_by(&advisor.id)
            .map(|(seat, holder)| {
                let door = Door::Conversation(seat.conversation.clone());
                Ok(AssignedConversation {
                    conversation: seat.conversation.clone(),
                    ticket: Ticket::new(door, Speaker::Advisor(advisor.clone()), now)
                        .sign(&self.ticket_key)?,
                    since: holder.since,
                    person: seat.person.clone(),
                })
            })
            .collect::<Result<Vec<_>, Fault>>()?;
        Ok(DeskServerFrame::Desk {
            waiting: desk.waiting(),
            mine,
        })
    }

    fn hello(&self, client_version: u16, ticket: &str, now: Timestamp) -> Result<DeskOutcome, Fault> {
        let refuse = |refusal| Ok(DeskOutcome::refuse_and_close(refusal, close::REFUSED));
        let Some(version) = version::negotiate(client_version) else {
            return refuse(Refusal::new(
                Code::VersionUnsupported,
                "this client is too old: reload the page",
            ));
        };
        let door = Door::Desk(self.queue.clone());
        let advisor = match Ticket::verify(ticket, &self.ticket_key, &door, now).and_then(Ticket::advisor) {
            Ok(advisor) => advisor,
            Err(refusal) => return refuse(refusal),
        };
        let welcome = DeskServerFrame::Welcome {
            version,
            queue: self.queue.clone(),
            advisor: advisor.name.clone(),
        };
        let to_sender = vec![welcome, self.picture(&advisor, now)?];
        Ok(DeskOutcome {
            to_sender,
            accepted: Some(advisor),
            ..DeskOutcome::default()
        })
    }

    fn act(&self, now: Timestamp, rule: impl FnOnce(&mut Desk) -> DeskStep) -> Result<DeskOutcome, Fault> {
        let mut desk = self.desk()?;
        let step = rule(&mut desk);
        self.current.replace(None);
        self.store.sql().transaction(|| {
            step.seated.iter().try_for_each(|seat| self.store.save(seat))?;
            step.left
                .iter()
                .try_for_each(|conversation| self.store.delete(conversation))?;
            self.post().send(&step.notices, now)
        })?;
        self.current.replace(Some(desk));
        let show_all = step.changes_the_picture();
        Ok(DeskOutcome {
            show_all,
            to_sender: step.replies,
            ..DeskOutcome::default()
        })
    }

    /// Drops the cache when what it mirrors was undone.
    fn remember_only_if<T>(&self, stored: Result<T, Fault>) -> Result<T, Fault> {
        stored.inspect_err(|_| {
            self.current.replace(None);
        })
    }

    fn desk(&self) -> Result<Desk, Fault> {
        if let Some(desk) = self.current.borrow().as_ref() {
            return Ok(desk.clone());
        }
        Ok(Desk::restore(self.queue.clone(), self.store.seats()?))
    }
}
